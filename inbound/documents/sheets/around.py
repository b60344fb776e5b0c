"""What stands above and below the lines, as rows that the reader of visible text takes: its labels are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from inbound.documents.numbers import DecimalMark
from inbound.documents.sheets.grid import Grid, Value, amount_of, day_counted, number_of, text_of
from inbound.documents.sheets.table import Table
from inbound.documents.visible.lexicon import begins_with, labels_in
from inbound.documents.visible.page import Cell, Row

MOST: Final = 120
"""Rows that are looked at above the lines, and below them."""

_DATES: Final = ("header.issue_date", "header.due_date", "header.delivery_date", "header.any_date")
_NUMBER = re.compile(r"[\w\-/.]{0,20}\d[\w\-/.]{0,20}")
_WIDTH: Final = 100.0
_HEIGHT: Final = 10.0
_LEADING: Final = 14.0


def rows_around(grid: Grid, table: Table | None) -> list[Row]:
    """The rows of a sheet that are no lines, the nearest to them; all, to a limit, where there is no table."""
    if table is None:
        return list(_rows(grid, range(min(len(grid.rows), 4 * MOST)), money=False))
    above = [*_rows(grid, range(max(0, table.headings - MOST), table.headings), money=False)]
    below = [*_rows(grid, table.others[-MOST:], money=True)]
    return above + below


def stream_of(rows: Iterable[Row]) -> str:
    """The same rows as plain text."""
    return "\n".join(row.text for row in rows)


def _rows(grid: Grid, numbers: Iterable[int], *, money: bool) -> Iterator[Row]:
    for number in numbers:
        if number in grid.hidden_rows:
            continue
        cells = tuple(
            Cell(_WIDTH * at, _WIDTH * at + 0.9 * _WIDTH, text)
            for at, value in enumerate(grid.rows[number][:60])
            if value != ""
            and at not in grid.hidden_columns
            and (text := grid.shown.get((number, at)) or _written(value, grid.mark, money=money))
        )
        cells = tuple(_with_its_day(grid, number, place, cells) for place in range(len(cells)))
        if len(cells) == 2 and _titles(cells[0].text) and _NUMBER.fullmatch(cells[1].text):
            cells = (Cell(cells[0].left, cells[1].right, f"{cells[0].text} {cells[1].text}"),)
        if cells:
            yield Row(1, -_LEADING * number, _height(cells), cells)


def _with_its_day(grid: Grid, row: int, place: int, cells: tuple[Cell, ...]) -> Cell:
    """A cell that holds a day as a mere number, where the label beside it or over it asks for a day."""
    cell = cells[place]
    if len(cell.text) != 5 or (day := day_counted(cell.text)) is None:
        return cell
    column = round(cell.left / _WIDTH)
    over = next(
        (text_of(above[column]) for above in reversed(grid.rows[max(0, row - 2) : row]) if column < len(above)), ""
    )
    beside = cells[place - 1].text if place else ""
    return cell._replace(text=day.isoformat()) if _asks_for_a_day(beside) or _asks_for_a_day(over) else cell


def _asks_for_a_day(text: str) -> bool:
    """Whether a text is the label of a date."""
    return any(
        (table in _DATES or (table.startswith("own.") and table.endswith(".date"))) and hits[0].start == 0
        for table, hits in labels_in(text).items()
    )


def _titles(text: str) -> bool:
    """Whether a text is nothing but what a document is called, so that what stands beside it is its number."""
    if begins_with("header.order", text):
        return False
    hits = (hit for table, found in labels_in(text).items() if table.startswith("titles.") for hit in found)
    return any(hit.start == 0 and hit.end >= len(text.rstrip(" :.#")) for hit in hits)


def _height(cells: tuple[Cell, ...]) -> float:
    """A text alone in its row may be a title; the label of the buyer's order with its number behind it is none."""
    if len(cells) == 1:
        return 2 * _HEIGHT
    return 0.4 * _HEIGHT if begins_with("header.order", cells[0].text) else _HEIGHT


def _written(value: Value, mark: DecimalMark | None, *, money: bool) -> str:
    """A value so that it can be read one way: amounts with a dot and two decimals, days in ISO."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        number = number_of(value)
        return _as_money(number) if money or number != number.to_integral_value() else format(number, "f")
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = text_of(value)
    if mark == "," and text[-1:].isdigit() and (amount := amount_of(text, mark)) is not None and "," in text:
        return _as_money(amount)
    return text[:300]


def _as_money(number: Decimal) -> str:
    exponent = number.as_tuple().exponent
    return format(number, "f") if isinstance(exponent, int) and exponent < -2 else f"{number:.2f}"
