"""The cells of a sheet: what is written as a figure, what as a day, and what must stay text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from templates import figures

LONGEST: Final = 32_000
"""Characters; Excel refuses longer cells."""

FIRST_DAY: Final = date(2000, 1, 1)
MONEY: Final = "#,##0.00####"
PLAIN: Final = "#,##0.######"
RATE: Final = "0.##"
_DIGITS: Final = 15  # a cell holds a double: a longer figure stays text


def write_cell(page: Worksheet, row: int, at: int, value: object, style: Format) -> None:
    """One cell: a day as a day, a figure as a number where a cell holds it exactly, everything else as text."""
    if value is None or value == "":
        page.write_blank(row, at, None, style)
        return
    text = str(value)
    if style.num_format not in ("General", MONEY, PLAIN, RATE) and (day := _day(text)) is not None:
        page.write_datetime(row, at, datetime(day.year, day.month, day.day), style)  # noqa: DTZ001 - a plain day
        return
    number = exact(text)
    if number is not None:
        page.write_number(row, at, float(number), style)  # the format's own number type; exact up to 15 digits
    else:
        page.write_string(row, at, text[:LONGEST], style)


def exact(text: str) -> Decimal | None:
    """The figure in a text if a cell holds it exactly; None for what must stay text (`007`, 20 digits)."""
    try:
        number = Decimal(text) if not text[:1].isalpha() else None
    except InvalidOperation:
        return None
    if number is None or not number.is_finite() or len(number.as_tuple().digits) > _DIGITS:
        return None
    if abs(number.adjusted()) >= _DIGITS or not text.lstrip("-").replace(".", "", 1).isdigit():
        return None
    return None if text[:1] == "0" and text[1:2].isdigit() else number


def day_format(language: str) -> str:
    """How cells show a day in the reader's order, with four figures for the year."""
    pattern = figures.locale_of(language).date_formats["short"].pattern
    day, month = ("dd" if "dd" in pattern else "d"), ("mm" if "MM" in pattern else "m")
    marks = "".join(c for c in pattern if c in "./-")[:1] or "-"
    parts = {"d": day, "m": month, "y": "yyyy"}
    return marks.join(parts[letter] for letter in day_order(language))


def day_order(language: str) -> str:
    """`dmy`, `mdy` or `ymd`."""
    pattern = figures.locale_of(language).date_formats["short"].pattern.lower()
    return "".join(sorted("dmy", key=lambda letter: pattern.find(letter)))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= FIRST_DAY else None
