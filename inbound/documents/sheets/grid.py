"""One sheet as rows of values, with what its file says of them: what is hidden, merged, or was never calculated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from inbound.documents.numbers import DecimalMark, parse_sure_amount
from inbound.documents.sheets.limits import LONGEST_TEXT

Value = str | float | int | bool | date | datetime | time | timedelta
"""A cell as it is kept; an empty one is ''. In a CSV every value is text."""

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet from its cell A1 on; rows and columns count from 0. `mark` is the decimal mark of figures in texts."""

    name: str
    rows: Sequence[Sequence[Value]]
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row, last column."""
    mark: DecimalMark | None = None
    shown: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """What cells show beside their figure, by row and column: `INV 7` where the cell holds 7."""
    currency: str | None = None
    """What the formats of the cells name."""

    def text(self, row: int, column: int) -> str:
        """A cell's text as the sheet shows it."""
        return self.shown.get((row, column)) or text_of(self.rows[row][column])


FIRST_DAY: Final = date(1899, 12, 30)
"""What sheets count days from (ECMA-376 part 1, 18.17.4.1)."""
_DAYS: Final = range(36_526, 73_051)
"""The days of this century, so counted."""


def day_counted(value: Value) -> date | None:
    """The day that a number is which is formatted as none: 46086 is 5 March 2026; for cells that must hold a day."""
    if isinstance(value, str):
        value = int(value) if len(value) == 5 and value.isascii() and value.isdigit() else ""
    if isinstance(value, bool) or not isinstance(value, float | int) or int(value) not in _DAYS:
        return None
    return FIRST_DAY + timedelta(days=int(value))


def cell_name(row: int, column: int) -> str:
    """A cell's name as sheets show it: `F12`."""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = _LETTERS[place] + letters
    return f"{letters}{row + 1}"


def text_of(value: Value) -> str:
    """A value as text on one line: whole numbers without a fraction (471102, not 471102.0), dates as ISO."""
    if isinstance(value, str):
        tidy = value.strip() if value.isprintable() and "  " not in value else " ".join(value.split())
        return tidy if len(tidy) <= LONGEST_TEXT else tidy[:LONGEST_TEXT]
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float | int):
        return _plain(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return str(value)


def _plain(value: float) -> str:
    whole = int(value) if -1e15 < value < 1e15 else None
    return str(whole) if whole == value else format(number_of(value), "f")


@lru_cache(maxsize=4096)
def number_of(value: float) -> Decimal:
    """A number as its sheet shows it: a double is exact to 15 digits, beyond is noise (0.30000000000000004)."""
    found = Decimal(f"{value:.15g}")
    return found if found.is_finite() else Decimal(0)


def amount_of(value: Value, mark: DecimalMark | None) -> Decimal | None:
    """A figure in a cell; None when it is none, or can be read in two ways."""
    if isinstance(value, str):
        return _amount_in(value, mark) if value else None
    if isinstance(value, float | int) and not isinstance(value, bool):
        return number_of(value)
    return None


@lru_cache(maxsize=4096)
def _amount_in(text: str, mark: DecimalMark | None) -> Decimal | None:
    return parse_sure_amount(text.strip(), mark)
