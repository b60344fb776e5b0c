"""Writes a document's facts as an XLSX sheet that comes back filled in.

Row 1 is hidden and names the document (`postroom`, kind, number); a hidden row above the visible heads holds the keys
of the columns (`n`, `text`, ... `answer_price`), so that a returned sheet is understood in any language or moved
about. Only the answer columns are unlocked. Every text is written as text: nothing becomes a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from outbound.facts import tidy
from templates import figures, words
from templates.catalogues import catalogue
from templates.environment import Reader, reader_of

SHEET = "postroom"
LONGEST = 32_000  # Excel refuses longer cells
_DIGITS = 15  # a cell holds a double: a longer figure stays text
_QUIET = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key for our reader, its head (a msgid), its width, and whether the other side fills it in."""

    key: str
    head: str
    width: int
    answer: bool = False


def sheet(facts: Mapping[str, Any], language: str, columns: Sequence[Column], ask: str) -> bytes:
    """The sheet of the document in a notice's facts, with `ask` (a msgid) saying what to do with it."""
    known = tidy(facts)
    reader = reader_of(language)
    _ = catalogue(reader.language).gettext
    document = known.get("document") or {}
    target = BytesIO()
    book = xlsxwriter.Workbook(target, _QUIET)
    book.set_properties({"title": str(document.get("number") or ""), "created": datetime(2000, 1, 1, tzinfo=UTC)})
    page = book.add_worksheet(SHEET)
    if reader.direction == "rtl":
        page.right_to_left()
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    filled = book.add_format(
        {"locked": False, "bg_color": "#FFF8E1", "border": 1, "border_color": "#D9C88F", "valign": "top"}
    )
    for at, value in enumerate((SHEET, document.get("kind"), document.get("number"))):
        page.write_string(0, at, str(value or "")[:LONGEST])
    page.set_row(0, None, None, {"hidden": True})
    row = 1
    for label, value in _head(known, document, reader):
        page.write_string(row, 0, label, bold)
        page.write_string(row, 1, value[:LONGEST])
        row += 1
    page.write_string(row, 0, _(ask), bold)
    row += 2
    for at, column in enumerate(columns):
        page.write_string(row, at, column.key)
        page.write_string(row + 1, at, _(column.head), head)
        page.set_column(at, at, column.width)
    page.set_row(row, None, None, {"hidden": True})
    page.freeze_panes(row + 2, 0)
    for line in document.get("lines") or ():
        for at, column in enumerate(columns):
            value = line.get(column.key)
            if column.key == "unit":
                value = words.label("unit", value, _)
            _cell(page, row + 2, at, value, filled if column.answer else wrap)
        row += 1
    page.protect("", {"format_columns": True, "format_rows": True, "sort": True})
    page.set_landscape()
    page.fit_to_pages(1, 0)
    book.close()
    return target.getvalue()


def _head(facts: Mapping[str, Any], document: Mapping[str, Any], reader: Reader) -> list[tuple[str, str]]:
    _ = catalogue(reader.language).gettext
    deadline = document.get("deadline")
    rows = [
        (words.label("kind", document.get("kind"), _), document.get("number")),
        (_("Customer"), (facts.get("company") or {}).get("name")),
        (_("Subject"), document.get("title")),
        (_("Currency"), document.get("currency")),
        (_("Answer until"), figures.moment(deadline, reader.locale, reader.zone) if deadline else ""),
        (_("Delivery"), figures.day(document.get("delivery_date") or "", reader.locale)),
    ]
    return [(label, str(value)) for label, value in rows if value]


def _cell(page: Worksheet, row: int, at: int, value: object, style: Format) -> None:
    """One cell: a figure as a number where a cell holds it exactly, everything else as text."""
    if value is None or value == "":
        page.write_blank(row, at, None, style)
        return
    text = str(value)
    try:
        number = Decimal(text) if not text[:1].isalpha() else None
    except InvalidOperation:
        number = None
    exact = number is not None and number.is_finite() and len(number.as_tuple().digits) <= _DIGITS
    if number is not None and exact and abs(number.adjusted()) < _DIGITS and _is_figure(text):
        page.write_number(row, at, float(number), style)  # the format's own number type; exact up to 15 digits
    else:
        page.write_string(row, at, text[:LONGEST], style)


def _is_figure(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit() and not (text[:1] == "0" and text[1:2].isdigit())
