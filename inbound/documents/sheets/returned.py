"""Our own sheets when they come back, read by the keys of their rows and columns whatever was done to them.

What the keys are is said in `outbound/documents/sheets.py`. Rows may be sorted, deleted or inserted, columns moved or
inserted, the file saved as ODS or CSV: the key of a row goes along with it, and the keys of the columns stand in a row
of their own; where that is gone the visible heads are known in every language that we write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from inbound.documents.dates import DayOrder, day_order_of, parse_sure_date
from inbound.documents.numbers import CURRENCY_SIGNS
from inbound.documents.sheets.delimited import OUR_MARK
from inbound.documents.sheets.grid import Grid, Value, amount_of, cell_name, text_of
from inbound.documents.sheets.workbook import day_of
from templates.catalogues import catalogue, languages
from workflows.reading import DocumentFormat, DocumentKind, Form, FormAnswer, Reading

_KEY = re.compile(r"postroom:(request|order|invoice):([0-9A-Za-z_-]{0,40}):(.*)", re.DOTALL)
_CURRENCY = re.compile(rf"[{CURRENCY_SIGNS}]|\b[A-Za-z]{{3}}\b")
_FIGURES: Final = frozenset(("answer_quantity", "answer_price", "answer_tax_rate", "quantity", "unit_price"))
_DATES: Final = frozenset(("answer_date", "date", "issue_date", "due_date"))
_PRINTED: Final = ("quantity", "unit_price")
_NO: Final = frozenset(("", "-", "–", "0", "no", "nein", "non", "nee", "nie", "ні", "false"))
_YES: Final = frozenset(("x", "х", "✓", "✗", "yes", "ja", "oui", "sí", "si", "tak", "так", "true"))
_MOST_ANSWERS: Final = 50_000
_HEADS: Final = {
    "answer_price": ("Your unit price", "Invoiced unit price"),
    "answer_quantity": ("Your quantity", "Invoiced quantity"),
    "answer_date": ("Your delivery date",),
    "answer_no_bid": ("No bid (x)",),
    "answer_tax_rate": ("Tax in %",),
    "n": ("No.",),
}


@dataclass(slots=True)
class _Sheet:
    """A sheet of ours as it is being read."""

    name: str
    document: str
    order: DayOrder | None = None
    columns: dict[str, int] = field(default_factory=dict)
    lines: list[tuple[int, int]] = field(default_factory=list)
    inputs: list[tuple[int, str, Mapping[str, str]]] = field(default_factory=list)
    key_column: int = 0


def returned(grids: Sequence[Grid], format_: DocumentFormat) -> Reading | None:
    """The reading of a sheet of ours, of the kind `form`; None where none of the sheets is ours."""
    for grid in grids:
        found = _keys_in(grid)
        if found is None:
            continue
        answers = tuple(answer for _, answer in zip(range(_MOST_ANSWERS), _answers(grid, found), strict=False))
        form = Form(found.name, found.document, answers, tuple(_strange(grid, found)))
        return Reading(DocumentKind.FORM, format_, form=form, sure={"kind": 1.0})
    return None


def _keys_in(grid: Grid) -> _Sheet | None:
    """Find the keys, in whatever rows and column they are now."""
    found: _Sheet | None = None
    columns_row: int | None = None
    for row, cells in enumerate(grid.rows):
        for at, value in enumerate(cells):
            if (
                not isinstance(value, str)
                or not value.startswith(OUR_MARK)
                or not (key := _KEY.fullmatch(value.strip()))
            ):
                continue
            if found is None:
                found = _Sheet(key[1], key[2], key_column=at)
            if (found.name, found.document) != (key[1], key[2]):
                continue
            rest = key[3]
            if rest.isdigit() and len(rest) < 7:
                found.lines.append((row, int(rest)))
            elif rest == "#":
                columns_row = row
            elif rest in ("@dmy", "@mdy", "@ymd"):
                found.order = rest[1:]  # type: ignore[assignment]  # one of the three
            elif rest.startswith("@"):
                name, _, choices = rest[1:].partition(":")
                found.inputs.append((row, name, dict(c.split("=", 1) for c in choices.split("|") if "=" in c)))
            break
    if found is None:
        return None
    if columns_row is not None:
        cells = grid.rows[columns_row]
        found.columns = {v[1:]: at for at, v in enumerate(cells) if isinstance(v, str) and v.startswith("#")}
    else:
        found.columns = _columns_by_heads(grid)
    return found


def _columns_by_heads(grid: Grid) -> dict[str, int]:
    """The columns by what they are headed with, where somebody deleted the row of keys."""
    best: dict[str, int] = {}
    for cells in grid.rows[:400]:
        columns = {
            key: at
            for at, value in enumerate(cells)
            if isinstance(value, str) and (key := _heads().get(text_of(value)))
        }
        best = columns if len(columns) > len(best) else best
    return best


@cache
def _heads() -> Mapping[str, str]:
    return {
        catalogue(code).gettext(head): key for key, heads in _HEADS.items() for head in heads for code in languages()
    }


def _answers(grid: Grid, sheet: _Sheet) -> Iterator[FormAnswer]:
    texts = (v for cells in grid.rows[:500] for v in cells if isinstance(v, str) and len(v) < 20)
    order = sheet.order or day_order_of(texts)
    for row, name, choices in sheet.inputs:
        yield from _input(grid, sheet, row, name, choices, order)
    filled_in = [(key, at) for key, at in sheet.columns.items() if key.startswith("answer_") or key in _PRINTED]
    for row, n in sheet.lines:
        cells = grid.rows[row]
        for key, at in filled_in:
            value = cells[at] if at < len(cells) else ""
            text = text_of(value)
            ours = key in _PRINTED
            if not text:
                if sheet.name == "invoice" and key == "answer_quantity":
                    yield FormAnswer("quantity", "", None, cell_name(row, at), n)
                continue
            name = f"={key}" if ours else key.removeprefix("answer_")
            yield FormAnswer(name, text, _value(key, value, grid, order), cell_name(row, at), n)


def _input(
    grid: Grid, sheet: _Sheet, row: int, name: str, choices: Mapping[str, str], order: DayOrder | None
) -> Iterator[FormAnswer]:
    """What was filled in for the whole document: the first cell of its row that is neither its key nor its label."""
    label_at = sheet.columns.get("n", sheet.key_column + 1)
    for at, value in enumerate(grid.rows[row]):
        text = text_of(value)
        if not text or at == label_at or text.startswith(OUR_MARK):
            continue
        canonical = _value(name, value, grid, order)
        if choices:
            chosen = [key for key, label in choices.items() if text.casefold() in (label.casefold(), key)]
            canonical = chosen[0] if chosen else None
        yield FormAnswer(name, text, canonical, cell_name(row, at))
        return


def _value(key: str, value: Value, grid: Grid, order: DayOrder | None) -> str | None:
    """What stands in a cell as its column wants it: a decimal (and a currency), a day, a yes, a text."""
    if key in _FIGURES:
        amount = amount_of(value, grid.mark)
        if amount is None or (isinstance(value, str) and "%" in value and key != "answer_tax_rate"):
            return None
        named = _CURRENCY.search(value) if isinstance(value, str) else None
        return f"{amount:f} {named[0].upper()}" if named else f"{amount:f}"
    if key in _DATES:
        day: date | None = day_of(value)
        if day is None and isinstance(value, str):
            day = parse_sure_date(value, order)
        return day.isoformat() if day else None
    if key == "answer_no_bid":
        text = text_of(value).casefold()
        return (
            ""
            if text in _NO
            else "x"
            if text in ("x", "✓", "✗", "yes", "ja", "oui", "sí", "tak", "так", "true")
            else None
        )
    return text_of(value)


def _strange(grid: Grid, sheet: _Sheet) -> Iterator[str]:
    """Rows among the lines that have no key though something is filled in: inserted ones, which we cannot place."""
    if not sheet.lines:
        return
    known = {row for row, _ in sheet.lines}
    first, last = min(known), max(known)
    filled_in = [at for key, at in sheet.columns.items() if key.startswith("answer_") or key in ("text", *_PRINTED)]
    for row in range(first, min(len(grid.rows), last + 200)):
        cells = grid.rows[row]
        if row in known or any(isinstance(v, str) and (v.startswith((OUR_MARK, "#")) or v in _heads()) for v in cells):
            continue
        if any(at < len(cells) and cells[at] != "" for at in filled_in):
            yield cell_name(row, min(at for at, value in enumerate(cells) if value != ""))
