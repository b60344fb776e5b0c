"""Writes a document's facts as an XLSX sheet that comes back filled in.

Column A is hidden and holds a key in every row that means something: `postroom:<sheet>:<document's public id>:` and
then the number of a line, `@` and the name of an answer for the whole document, or `#` in the hidden row that names
the columns (`#text`, `#answer_price`). So a returned sheet is understood in any language and format, however its rows
were sorted and its columns moved (`inbound/documents/sheets/returned.py`). Only the answer cells are unlocked. Every
text is written as text: nothing that others wrote becomes a formula, not even when its cell is edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final, Literal

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from outbound.documents.sheet_cells import FIRST_DAY, LONGEST, MONEY, PLAIN, RATE, day_format, day_order, write_cell
from outbound.documents.sheet_totals import Totals, write_totals
from outbound.facts import tidy
from templates import figures, words
from templates.catalogues import catalogue
from templates.environment import Reader, reader_of
from templates.words import N_

KEY: Final = "postroom"
_QUIET = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}

Kind = Literal["text", "number", "money", "rate", "date", "choice"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key for our reader, its head (a msgid), its width, what stands in it.

    The other side fills in an *answer* column; *prefilled* names the fact that stands there already.
    """

    key: str
    head: str
    width: int
    answer: bool = False
    kind: Kind = "text"
    prefilled: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A cell for the whole document that the other side fills in: its key, its label, and what may be chosen."""

    key: str
    label: str
    kind: Kind = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    """What may be chosen: the name for our reader and the msgid that is shown."""


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet: its name for our reader, what it asks (a msgid), its inputs and its columns."""

    name: str
    ask: str
    columns: Sequence[Column]
    inputs: Sequence[Input] = ()
    totals: bool = False
    """Whether the amounts of the lines are summed up, by formulas that hold their results."""


def sheet(facts: Mapping[str, Any], language: str, form: Form) -> bytes:
    """The sheet of the document in a notice's facts."""
    known = tidy(facts)
    target = BytesIO()
    book = xlsxwriter.Workbook(target, _QUIET)
    _Writing(book, known, reader_of(language), form).write()
    book.close()
    return target.getvalue()


class _Writing:
    """One sheet while it is written."""

    def __init__(self, book: Any, facts: Mapping[str, Any], reader: Reader, form: Form) -> None:
        self.reader, self.form, self.facts = reader, form, facts
        self.say = catalogue(reader.language).gettext
        self.document: Mapping[str, Any] = facts.get("document") or {}
        self.lines: Sequence[Mapping[str, Any]] = self.document.get("lines") or ()
        book.set_properties({"title": self._number(), "created": datetime(2000, 1, 1, tzinfo=UTC)})
        self.page: Worksheet = book.add_worksheet(_tab(words.label("kind", self.document.get("kind"), self.say)))
        self.row = 0
        day = day_format(reader.locale)
        shown = {"text": "General", "choice": "General", "number": PLAIN, "money": MONEY, "rate": RATE, "date": day}
        open_cell = {"locked": False, "bg_color": "#FFF8E1", "border": 1, "border_color": "#D9C88F", "valign": "top"}
        text = {"text_wrap": True, "valign": "top"}
        self.bold = book.add_format({"bold": True, "quote_prefix": True})
        self.head = book.add_format({**text, "bold": True, "bottom": 1})
        self.plain = book.add_format({"quote_prefix": True})
        quoted = {"quote_prefix": True}  # stays text even when somebody edits the cell
        self.locked = {
            kind: book.add_format({**text, "num_format": code} | (quoted if kind == "text" else {}))
            for kind, code in shown.items()
        }
        self.opened = {kind: book.add_format({**open_cell, "num_format": code}) for kind, code in shown.items()}
        self.sum = book.add_format({"bold": True, "num_format": MONEY})

    def write(self) -> None:
        """Head, inputs, totals, lines."""
        form, page, say = self.form, self.page, self.say
        if self.reader.direction == "rtl":
            page.right_to_left()
        order = day_order(self.reader.locale)
        self._key(f"@{order}")
        page.write_string(0, 1, say(form.ask), self.bold)
        self.row += 1
        for label, value in self._facts():
            page.write_string(self.row, 1, label, self.bold)
            page.write_string(self.row, 2, value[:LONGEST], self.plain)
            self.row += 1
        for entry in form.inputs:
            self._input(entry)
        totals_at = self.row
        if form.totals:
            self.row += 3
        self.row += 1
        self._key("#")
        for at, column in enumerate(form.columns, 1):
            page.write_string(self.row, at, f"#{column.key}")
            page.write_string(self.row + 1, at, say(column.head), self.head)
            page.set_column(at, at, column.width)
        page.set_row(self.row, None, None, {"hidden": True})
        page.set_column(0, 0, None, None, {"hidden": True})
        page.freeze_panes(self.row + 2, 0)
        self.row += 2
        first = self.row
        for line in self.lines:
            self._line(line)
        if form.totals:
            keys = {column.key: at for at, column in enumerate(form.columns, 1)}
            write_totals(page, Totals(totals_at, first, self.row - 1, keys), self.lines, self.bold, self.sum, say)
        self._check(first, self.row - 1)
        if self.lines:
            page.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(self.row, len(form.columns))}"})
        page.protect("", {"format_columns": True, "format_rows": True, "sort": True})
        page.set_landscape()
        page.fit_to_pages(1, 0)

    def _facts(self) -> list[tuple[str, str]]:
        say, reader, document = self.say, self.reader, self.document
        deadline = document.get("deadline")
        rows = [
            (words.label("kind", document.get("kind"), say), document.get("number")),
            (say(N_("Customer")), (self.facts.get("company") or {}).get("name")),
            (say(N_("Subject")), document.get("title")),
            (say(N_("Currency")), document.get("currency")),
            (say(N_("Answer until")), figures.moment(deadline, reader.locale, reader.zone) if deadline else ""),
            (say(N_("Delivery")), figures.day(document.get("delivery_date") or "", reader.locale)),
        ]
        return [(label, str(value)) for label, value in rows if value]

    def _input(self, entry: Input) -> None:
        shown = {name: self.say(msgid) for name, msgid in entry.choices.items()}
        choices = "|".join(f"{name}={label}" for name, label in shown.items())
        self._key(f"@{entry.key}" + (f":{choices}" if choices else ""))
        self.page.write_string(self.row, 1, self.say(entry.label), self.bold)
        self.page.write_blank(self.row, 2, None, self.opened[entry.kind])
        if shown:
            self._validate(self.row, 2, self.row, {"validate": "list", "source": list(shown.values())})
        elif entry.kind == "date":
            self._validate(self.row, 2, self.row, _a_date())
        self.row += 1

    def _line(self, line: Mapping[str, Any]) -> None:
        self._key(str(line.get("n") or ""))
        for at, column in enumerate(self.form.columns, 1):
            if column.key == "amount":
                continue
            value = line.get(column.prefilled) if column.answer else line.get(column.key)
            if column.key == "unit":
                value = words.label("unit", str(value or ""), self.say)
            write_cell(self.page, self.row, at, value, (self.opened if column.answer else self.locked)[column.kind])
        self.row += 1

    def _check(self, first: int, last: int) -> None:
        """What may be filled in, checked by the program that it is filled in with."""
        if last < first:
            return
        for at, column in enumerate(self.form.columns, 1):
            if not column.answer:
                continue
            if column.kind == "date":
                self._validate(first, at, last, _a_date())
            elif column.kind == "choice":
                self._validate(first, at, last, {"validate": "list", "source": ["x"]})
            elif column.kind in ("number", "money"):
                self._validate(first, at, last, {"validate": "decimal", "criteria": ">=", "value": 0})
            elif column.kind == "rate":
                self._validate(
                    first, at, last, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
                )

    def _validate(self, first: int, at: int, last: int, rule: Mapping[str, Any]) -> None:
        message = {
            "list": N_("Please choose one of the list."),
            "date": N_("Please give a day."),
            "decimal": N_("Please give a figure."),
        }[str(rule["validate"])]
        self.page.data_validation(first, at, last, at, {**rule, "error_message": self.say(message)[:250]})

    def _key(self, rest: str) -> None:
        key = f"{KEY}:{self.form.name}:{self.document.get('public_id') or ''}:{rest}"
        self.page.write_string(self.row, 0, key[:LONGEST], self.plain)

    def _number(self) -> str:
        return str(self.document.get("number") or "")


def _a_date() -> dict[str, Any]:
    return {"validate": "date", "criteria": ">=", "value": FIRST_DAY}


def _tab(name: str) -> str:
    """A tab's name: Excel takes 31 characters, and not these."""
    return "".join(c for c in name if c not in "[]:*?/\\'")[:31] or KEY
