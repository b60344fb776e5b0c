"""Makes lines of the rows of a table: quantity, price and amount, with what arithmetic makes of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from inbound.documents.arithmetic import line_agrees
from inbound.documents.dates import DayOrder, day_order_of, parse_sure_date
from inbound.documents.numbers import parse_sure_amount
from inbound.documents.sheets.grid import amount_of, day_counted, number_of, text_of
from inbound.documents.sheets.table import Table
from inbound.documents.sheets.workbook import day_of
from workflows.reading import ReadLine

CENT: Final = Decimal("0.01")
_ONE, _HUNDRED = Decimal(1), Decimal(100)
_TEXTS: Final = ("position", "order", "order_line", "buyer_sku", "seller_sku", "sku", "text", "unit")
_FIGURES: Final = ("quantity", "unit_price", "net", "base_quantity")


def lines_of(table: Table, rows: Sequence[int], *, sold: bool) -> tuple[ReadLine, ...]:
    """The lines of a table; *sold* tells whether plain item numbers are the seller's (else they are the buyer's)."""
    columns = table.columns
    counted = "net" not in columns and "gross" not in columns
    grossed, share, days = _amounts_are_gross(table, rows), _rates_are_shares(table, rows), _day_order(table)
    texts = {name: columns[name] for name in _TEXTS if name in columns}
    figures = {name: columns[name] for name in _FIGURES if name in columns}
    discounted, dated, rated = "discount" in columns, "delivery_date" in columns, "tax_rate" in columns
    mark, kept, shown, made = table.grid.mark, table.grid.rows, table.grid.shown, []
    for row in rows:
        cells = kept[row]
        width = len(cells)
        said = {name: text_of(cells[at]) or None for name, at in texts.items() if at < width}
        if shown:
            said |= {name: text for name, at in texts.items() if (text := shown.get((row, at)))}
        number = {name: amount_of(cells[at], mark) for name, at in figures.items() if at < width}
        quantity, price, net = number.get("quantity"), number.get("unit_price"), number.get("net")
        base = number.get("base_quantity") or _ONE
        if discounted and price is not None and (discount := _percent(table, row, "discount")):
            price *= 1 - discount / _HUNDRED
        if counted or grossed:
            net = None
            if quantity is not None and price is not None:
                net = (quantity * price / base).quantize(CENT, ROUND_HALF_UP)
        sku = said.get("sku")
        made.append(
            ReadLine(
                id=said.get("position"),
                order=said.get("order"),
                order_line=said.get("order_line"),
                buyer_sku=said.get("buyer_sku") or (None if sold else sku),
                seller_sku=said.get("seller_sku") or (sku if sold else None),
                text=said.get("text") or sku,
                quantity=quantity,
                unit=said.get("unit"),
                unit_price=price,
                base_quantity=base,
                net=net,
                tax_rate=_rate(table, row, share=share) if rated else None,
                delivery_date=_day(table, row, days) if dated else None,
            )
        )
    return tuple(_with_merged_orders(table, rows, made))


def _amounts_are_gross(table: Table, rows: Sequence[int]) -> bool:
    """Whether the column of amounts includes the tax: where quantity times price makes it only with the rate on top."""
    if not {"quantity", "unit_price", "net", "tax_rate"} <= table.columns.keys():
        return False
    share = _rates_are_shares(table, rows)
    votes = 0
    for row in rows[:200]:
        quantity, price = table.amount(row, "quantity"), table.amount(row, "unit_price")
        net, rate = table.amount(row, "net"), _rate(table, row, share=share)
        if None in (quantity, price, net) or not rate:
            continue
        line = ReadLine(quantity=quantity, unit_price=price, net=net)
        taxed = quantity * price * (1 + rate / _HUNDRED)  # type: ignore[operator]
        votes += 1 if not line_agrees(line) and abs(taxed - net) <= CENT else -1  # type: ignore[operator]
    return votes > 0


def _rates_are_shares(table: Table, rows: Sequence[int]) -> bool:
    """Whether rates are kept as parts of one, as cells that are shown in percent are (0.19)."""
    at = table.columns.get("tax_rate")
    if at is None:
        return False
    found = [table.grid.rows[row][at] for row in rows[:200] if at < len(table.grid.rows[row])]
    figures = [value for value in found if isinstance(value, float | int)]
    return bool(figures) and all(value < 1 for value in figures) and any(value > 0 for value in figures)


def _rate(table: Table, row: int, *, share: bool) -> Decimal | None:
    rate = _percent(table, row, "tax_rate")
    if rate is None:
        return None
    rate = rate * _HUNDRED if share else rate
    return _tidy(rate) if 0 <= rate <= _HUNDRED else None


@lru_cache(maxsize=256)
def _tidy(rate: Decimal) -> Decimal:
    """A rate without the zeros of its cell."""
    return Decimal(format(rate.normalize(), "f"))


def _percent(table: Table, row: int, name: str) -> Decimal | None:
    """A rate, with or without its sign (`19`, `19 %`, `19,0%`)."""
    value = table.value(row, name)
    if isinstance(value, str):
        return parse_sure_amount(value.replace("%", "").strip(), table.grid.mark)
    if isinstance(value, float | int):
        return number_of(value)
    return None


def _day(table: Table, row: int, order: DayOrder | None) -> date | None:
    value = table.value(row, "delivery_date")
    said = parse_sure_date(value, order) if isinstance(value, str) and value else None
    return day_of(value) or said or day_counted(value)


def _day_order(table: Table) -> DayOrder | None:
    """How dates that are kept as text are written: said by one of them."""
    at = table.columns.get("delivery_date")
    if at is None:
        return None
    texts = (row[at] for row in table.grid.rows[:500] if at < len(row))
    return day_order_of(text for text in texts if isinstance(text, str))


def _with_merged_orders(table: Table, rows: Sequence[int], lines: list[ReadLine]) -> list[ReadLine]:
    """An order number in a cell that is merged over several rows is that of all of them."""
    at = table.columns.get("order")
    spans = [(top, bottom) for top, left, bottom, right in table.grid.merged if at is not None and left <= at <= right]
    if at is None or not spans:
        return lines
    said = {
        row: text_of(table.grid.rows[top][at])
        for top, bottom in spans
        for row in range(top, min(bottom, top + 500) + 1)
    }
    return [
        line if line.order or not said.get(row) else replace(line, order=said[row])
        for row, line in zip(rows, lines, strict=True)
    ]
