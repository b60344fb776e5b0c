"""One sheet as rows of values, with what its file says of them: what is hidden, merged, or was never calculated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
