"""Lines of what states no sum: delivery notes, and orders and their confirmations without a total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from inbound.documents.dates import DayOrder, find_dates, parse_sure_date
from inbound.documents.numbers import DecimalMark, parse_sure_amount
from inbound.documents.visible.figures import Figure
from inbound.documents.visible.lexicon import labels_in
from inbound.documents.visible.page import Cell, Row
from inbound.documents.visible.tables import Table, tables_of
from workflows.reading import ReadLine

MOST: Final = 2_000
SURE: Final = 0.75
DEEPEST: Final = 6
"""How many rows a line may have."""
_COLUMNS: Final = ("quantity", "text", "price", "sku", "unit", "delivery", "amount", "position")


def lines_by_headings(
    rows: Sequence[Row], figures: Sequence[Figure], mark: DecimalMark | None, order: DayOrder | None
) -> tuple[tuple[ReadLine, ...], float]:
    """The rows under a heading that names quantity and goods, that state a quantity."""
    in_cells = {(figure.row, figure.cell): figure for figure in reversed(figures)}
    lines: list[ReadLine] = []
    tables = list(tables_of(rows, _COLUMNS, (("quantity",), ("text", "sku"))))
    for table, end in zip(tables, [*(one.row for one in tables[1:]), len(rows)], strict=False):
        for index in range(table.row + 1, end):
            line = _line(rows, index, table, in_cells, mark, order)
            if line is not None and len(lines) < MOST:
                lines.append(line)
    return tuple(lines), SURE if lines else 0.3


def with_delivery_dates(
    rows: Sequence[Row], lines: Sequence[ReadLine], places: Sequence[int], order: DayOrder | None
) -> tuple[ReadLine, ...]:
    """Lines with the dates that they promise: in a column of their table, else behind a label under the line.

    `places` are the numbers of the lines' rows.
    """
    tables = list(tables_of(rows, _COLUMNS, (("delivery",), ("quantity", "text", "sku"))))
    ends = [*places[1:], len(rows)]
    return tuple(
        replace(line, delivery_date=line.delivery_date or _promised(rows, place, end, tables, order))
        for line, place, end in zip(lines, places, ends, strict=False)
    )


def _promised(
    rows: Sequence[Row], place: int, end: int, tables: Sequence[Table], order: DayOrder | None
) -> date | None:
    table = next((one for one in reversed(tables) if one.row < place), None)
    cell = table.cell(rows[place], "delivery") if table else None
    day = parse_sure_date(cell.text, order) if cell else None
    if day is not None:
        return day
    for row in rows[place : min(end, place + DEEPEST)]:
        for one in row.cells:
            if "header.delivery_date" in labels_in(one.text) or "columns.delivery" in labels_in(one.text):
                for _, _, found in find_dates(one.text, order):
                    return found if isinstance(found, date) else None
    return None


def _line(
    rows: Sequence[Row],
    index: int,
    table: Table,
    in_cells: dict[tuple[int, int], Figure],
    mark: DecimalMark | None,
    order: DayOrder | None,
) -> ReadLine | None:
    row = rows[index]
    quantity_cell = table.cell(row, "quantity")
    goods = table.cell(row, "text") or table.cell(row, "sku")
    if quantity_cell is None or goods is None or goods is quantity_cell:
        return None
    quantity = in_cells.get((index, row.cells.index(quantity_cell)))
    if quantity is None or quantity.start or quantity.value <= 0 or not any(c.isalnum() for c in goods.text):
        return None
    after = quantity_cell.text[len(quantity.text) :].strip()
    position, sku, unit, delivery = (table.cell(row, name) for name in ("position", "sku", "unit", "delivery"))
    price, net = (_amount(table.cell(row, name), mark) for name in ("price", "amount"))
    return ReadLine(
        id=position.text.strip().rstrip(".") if position and len(position.text) <= 8 else None,
        seller_sku=sku.text.strip() if sku is not None and sku is not goods else None,
        text=goods.text.strip(),
        quantity=quantity.value,
        unit=after if 0 < len(after) <= 10 else unit.text.strip() if unit and len(unit.text) <= 12 else None,
        unit_price=price,
        net=net,
        delivery_date=parse_sure_date(delivery.text, order) if delivery else None,
    )


def _amount(cell: Cell | None, mark: DecimalMark | None) -> Decimal | None:
    return parse_sure_amount(cell.text, mark) if cell is not None else None
