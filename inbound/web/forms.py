"""Makes a step's form from the dataclass of its data, and reads it back: text, dates, figures, and lines as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from inbound.web.fields import Kind, Wrong, read, written
from inbound.web.given import Given
from templates.environment import Reader
from templates.page_words import HINTS, REQUIRED_REASONS
from workflows.engine.workflow import Step

LONG = frozenset(("reason", "text", "comment", "note", "remark"))
"""Fields for more than one line of words."""

CURRENT = {"qty": "quantity", "price": "unit_price", "date": "delivery_date", "text": "remark"}
"""What a field of a step's data is called in the content that it changes."""

NOT_ASKED = frozenset(("currency",))
"""Fields of a line that only a mail may give: a page shows the document's."""

MONEY = frozenset(
    (
        "invoice.confirm",
        "invoice.approve",
        "credit_note.confirm",
        "credit_note.approve",
        "order.approve",
        "order.decide",
        "proposal.award",
    )
)
"""Steps whose button alone does nothing: a choice that nobody ticked for the person must be made."""


@dataclass(frozen=True, slots=True)
class Input:
    """One field as the page shows it: its present value, and what is wrong with what was typed."""

    name: str
    label: str
    kind: Kind
    required: bool = False
    value: str = ""
    hint: str = ""
    wrong: Wrong | None = None
    choices: Sequence[str] = ()
    """Of a choice: what can be chosen, by names in the table of labels that is called as the field is."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the document with the fields that may change it."""

    n: int
    line: Mapping[str, Any]
    inputs: Sequence[Input]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as the page shows it."""

    inputs: Sequence[Input] = ()
    rows: Sequence[Row] = ()
    money: bool = False
    wrong: Mapping[str, Wrong] = field(default_factory=dict)
    """What is wrong, by the name of the field; `form` is the form as a whole."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that a data class asks for."""

    name: str
    kind: Kind
    required: bool
    of: type[StrEnum] | None = None
    """Of a choice: what can be chosen."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of what can be chosen."""
        return () if self.of is None else tuple(self.of)


@cache
def can_ask(data_type: type) -> bool:
    """Whether a form can ask for all of *data_type*; what only a document can say is no step for a page."""
    for hint in get_type_hints(data_type).values():
        bare, _optional = _bare(hint)
        item = get_args(bare)[0] if get_origin(bare) is list else None
        if (
            bare not in (str, int, bool, Decimal, date)
            and not _is_choice(bare)
            and not (is_dataclass(item) and "n" in get_type_hints(item))
        ):
            return False
    return True


@cache
def asked(data_type: type) -> tuple[tuple[Asked, ...], tuple[Asked, ...] | None]:
    """The fields of a data class, and those of its lines where it has lines that are told by their number."""
    hints = get_type_hints(data_type)
    plain: list[Asked] = []
    lines: tuple[Asked, ...] | None = None
    for one in fields(data_type):
        hint, optional = _bare(hints[one.name])
        if get_origin(hint) is list:
            item = get_args(hint)[0]
            if is_dataclass(item) and "n" in {f.name for f in fields(item)}:
                lines = tuple(a for a in asked(item)[0] if a.name != "n" and a.name not in NOT_ASKED)  # type: ignore[arg-type]
            continue
        required = not optional and one.default is MISSING and one.default_factory is MISSING
        plain.append(Asked(one.name, _kind(one.name, hint), required, hint if _is_choice(hint) else None))
    return tuple(plain), lines


def form_of(
    full_name: str, data_type: type, content: Any, reader: Reader, given: Given | None = None, only: int | None = None
) -> FormView:
    """The form of a step on *content*, filled with its present values, or with what was *given*; *only* one line."""
    plain, of_lines = asked(data_type)
    inputs = [
        Input(
            name=one.name,
            label=one.name,
            kind=one.kind,
            required=one.required or (one.name == "reason" and full_name in REQUIRED_REASONS),
            value=_typed(given, one.name, written(_present(content, one.name), reader)),
            hint=HINTS.get(f"{full_name}.{one.name}", HINTS.get(one.name, "")),
            choices=one.choices,
        )
        for one in plain
    ]
    rows = []
    concerned = data_type.concerns(content) if hasattr(data_type, "concerns") else None
    shown = {one["n"]: one for one in content.facts().get("lines") or ()} if concerned is not None else {}
    for line in _lines(content) if of_lines is not None else ():
        if (only is None or line.n == only) and (concerned is None or line.n in concerned):
            facts = shown.get(line.n) or line.facts()
            rows.append(Row(line.n, facts, _row_inputs(of_lines or (), line, reader, given)))
    return FormView(inputs, rows, full_name in MONEY)


def wrong_in(form: FormView, wrong: Mapping[str, Wrong]) -> FormView:
    """The form with what is wrong at each field."""
    return replace(
        form,
        inputs=[replace(one, wrong=wrong.get(one.name)) for one in form.inputs],
        rows=[replace(row, inputs=[replace(i, wrong=wrong.get(i.name)) for i in row.inputs]) for row in form.rows],
        wrong=wrong,
    )


def read_step(step: Step, content: Any, given: Given, reader: Reader) -> tuple[Any, dict[str, Wrong]]:
    """The data of *step* that was given, and what is wrong by field; the data is None if anything is."""
    data, wrong = read_form(step.full_name, step.data_type, content, given, reader)
    if step.full_name in MONEY and given.text("sure") != "yes":
        wrong["sure"] = Wrong("choose")
    return (None if wrong else data), wrong


def read_form(
    full_name: str, data_type: type, content: Any, given: Given, reader: Reader
) -> tuple[Any, dict[str, Wrong]]:
    """The data that was given for *data_type*, and what is wrong by field."""
    plain, of_lines = asked(data_type)
    wrong: dict[str, Wrong] = {}
    values: dict[str, Any] = {}
    for one in plain:
        needed = one.required or (one.name == "reason" and full_name in REQUIRED_REASONS)
        present = _present(content, one.name)
        value = _value(one, one.name, given, present, reader, wrong, needed=needed)
        if value is not None and (one.required or value != present):
            values[one.name] = value
    if of_lines is not None:
        values["lines"] = _changed_lines(of_lines, content, given, reader, wrong)
        if not wrong and not any(values.values()):
            wrong["form"] = Wrong("nothing")
    if wrong:
        return None, wrong
    hints = get_type_hints(data_type)
    if of_lines is not None:
        item = get_args(hints["lines"])[0]
        values["lines"] = [item(**line) for line in values["lines"]]
    return data_type(**values), wrong


def _changed_lines(
    of_lines: Sequence[Asked], content: Any, given: Given, reader: Reader, wrong: dict[str, Wrong]
) -> list[dict[str, Any]]:
    changed = []
    for line in _lines(content):
        if not of_lines:
            if given.text(f"lines.{line.n}") == "yes":
                changed.append({"n": line.n})
            continue
        values = {}
        for one in of_lines:
            name = f"lines.{line.n}.{one.name}"
            present = _present(line, one.name)
            value = _value(one, name, given, present, reader, wrong)
            if value is not None and value != present:
                values[one.name] = value
        if all(one.name in values for one in of_lines if one.required) and values:
            changed.append({"n": line.n, **values})
    return changed


def _value(
    one: Asked,
    name: str,
    given: Given,
    present: Any,
    reader: Reader,
    wrong: dict[str, Wrong],
    *,
    needed: bool = False,
) -> Any:
    text = given.text(name)
    if text and text == written(present, reader):
        return present  # as it was shown: a figure that could be read in two ways is not asked back
    try:
        value = read(one.kind, text, reader)
        if (value is None and needed) or (value is not None and one.choices and value not in one.choices):
            raise Wrong("missing")
        if one.of is not None and value is not None:
            return one.of(str(value))
        if isinstance(value, Decimal) and value < 0 and not (isinstance(present, Decimal) and present < 0):
            raise Wrong("negative")
    except Wrong as error:
        wrong[name] = error
        return None
    return value


def _row_inputs(of_lines: Sequence[Asked], line: Any, reader: Reader, given: Given | None) -> list[Input]:
    if not of_lines:
        name = f"lines.{line.n}"
        return [Input(name, "no_bid", "tick", value=_typed(given, name, ""))]
    return [
        Input(
            name := f"lines.{line.n}.{one.name}",
            one.name,
            one.kind,
            value=_typed(given, name, written(_present(line, one.name), reader)),
            choices=one.choices,
        )
        for one in of_lines
    ]


def _typed(given: Given | None, name: str, otherwise: str) -> str:
    return otherwise if given is None or name not in given.values else given.values[name]


def _present(content: Any, name: str) -> Any:
    """What the content, or a line of it, has for a field now."""
    if name == "tax_rate" and hasattr(content, "lines"):
        rates = {line.tax_rate for line in content.lines}
        return rates.pop() if len(rates) == 1 else None
    for known in (name, CURRENT.get(name, name)):
        if name != "text" or known != "text":
            value = getattr(content, known, None)
            if value is not None and not callable(value):
                return value
    return None


def _lines(content: Any) -> Sequence[Any]:
    return getattr(content, "lines", ())


def _bare(hint: Any) -> tuple[Any, bool]:
    """The type without `| None`, and whether it had it."""
    if get_origin(hint) in (Union, UnionType):
        rest = [one for one in get_args(hint) if one is not type(None)]
        return rest[0], len(rest) < len(get_args(hint))
    return hint, False


def _kind(name: str, hint: Any) -> Kind:
    if hint is Decimal or hint is int:
        return "figure"
    if hint is date:
        return "date"
    if hint is bool:
        return "tick"
    if _is_choice(hint):
        return "choice"
    return "long" if name in LONG else "words"


def _is_choice(hint: Any) -> bool:
    """Whether a field takes one of a few names."""
    return isinstance(hint, type) and issubclass(hint, StrEnum)
