"""A sheet as a reading: the table's lines, and what stands around it read with the labels of visible text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from inbound.documents.arithmetic import PAYABLE, defects_of
from inbound.documents.dates import parse_sure_date
from inbound.documents.format import DocumentUnreadable
from inbound.documents.sheets.around import rows_around, stream_of
from inbound.documents.sheets.formats import SIGNS
from inbound.documents.sheets.grid import Grid, cell_name, text_of
from inbound.documents.sheets.labelled import with_labelled
from inbound.documents.sheets.lines import lines_of
from inbound.documents.sheets.table import Table, table_of
from inbound.documents.sheets.totals import charges_of, positive, sum_of, totals_made_by, untaxed_total
from inbound.documents.visible.figures import CURRENCIES
from inbound.documents.visible.identifiers import orders_in
from inbound.documents.visible.kind import title_of
from inbound.documents.visible.order_references import labelled_orders
from inbound.documents.visible.page import Cell, Row
from inbound.documents.visible.reading import read_rows
from workflows.reading import Defect, DocumentFormat, DocumentKind, Party, Reading, ReadLine

_BOUGHT: Final = (DocumentKind.ORDER, DocumentKind.REMITTANCE, DocumentKind.OTHER)
"""Kinds in which a plain item number is the buyer's; what does not say what it is only a buyer brings in."""
_CURRENCY = re.compile(rf"\b(?:{CURRENCIES})\b|{'|'.join(SIGNS)}")
_NOT_SAID: Final = 0.75
_MOST_TOLD: Final = 5


def read_sheets(grids: Sequence[Grid], open_orders: Sequence[str], format_: DocumentFormat) -> Reading:
    """Read the sheet that holds the document; raises `DocumentUnreadable` where there is none."""
    seen = [grid for grid in grids if grid.visible and any(any(v != "" for v in row) for row in grid.rows)]
    if not seen:
        raise DocumentUnreadable("empty", "The sheet is empty.")
    tables = [(grid, table_of(grid)) for grid in seen]
    grid, table = max(tables, key=lambda pair: (pair[1] is not None, len(pair[1].lines) if pair[1] else 0))
    rows = rows_around(grid, table)
    reading = read_rows(rows, stream_of(rows), open_orders, format_)
    if reading.kind is DocumentKind.OTHER or reading.sure.get("kind", 0) <= 0.5:
        reading = _named_by_its_tab(reading, grid)
    if reading.kind is DocumentKind.ORDER:
        reading = _numbered_as_order(reading, rows)
    reading = with_labelled(reading, rows)
    if table is None:
        return replace(reading, defects=(*_told(reading.defects), *_never_calculated(grid)))
    reading = _in_currency_of_headings(_said_by_columns(reading, table), table)
    reading = _with_lines(reading, table, rows)
    reading = _with_orders(reading, table, open_orders)
    more = [other.name for other, found in tables if found is not None and other is not grid and len(found.lines) > 1]
    defects = [*_told(reading.defects), *_never_calculated(grid), *_of_several(table), *_not_read(table)]
    if more:
        names = ", ".join(more)[:200]
        defects.append(Defect("more_sheets", f"Only the sheet {grid.name} was read, not the lines on: {names}."))
    if reading.kind is DocumentKind.OTHER:
        defects.append(
            Defect(
                "kind_unknown", "The sheet has lines but does not say whether it is an invoice, an order or a quote."
            )
        )
    return replace(reading, defects=(*defects, *_arithmetic(reading, defects)))


def _numbered_as_order(reading: Reading, rows: Sequence[Row]) -> Reading:
    """The number of an order is what its label says; other orders that it names are none of its own."""
    if reading.number is not None or not (found := labelled_orders(rows)):
        return reading
    sure, where = dict(reading.sure) | {"number": found[0].sure}, dict(reading.where) | {"number": found[0].where}
    return replace(reading, number=found[0].value, orders=(), sure=sure, where=where)


def _with_lines(reading: Reading, table: Table, around: Sequence[Row]) -> Reading:
    """The lines and, where nothing states them, the totals that they make; the net total tells if hidden rows count."""
    sold = reading.kind not in _BOUGHT
    hidden = table.grid.hidden_rows
    shown = [row for row in table.lines if row not in hidden]
    rows, defects = shown, list(reading.defects)
    if len(shown) < len(table.lines):
        lines = lines_of(table, table.lines, sold=sold)
        if reading.net is not None and sum_of(lines) == reading.net != sum_of(lines_of(table, shown, sold=sold)):
            rows = list(table.lines)
            text = f"{len(table.lines) - len(shown)} of the lines are in hidden rows; the net total counts them."
        else:
            text = f"{len(table.lines) - len(shown)} hidden rows were left out."
        defects.append(Defect("hidden_rows", text))
    lines = lines_of(table, rows, sold=sold)
    sure = dict(reading.sure) | {"lines": 0.9}
    where = (
        dict(reading.where) | {"lines": f"{table.grid.name} {cell_name(rows[0], 0)}:{cell_name(rows[-1], 0)}".strip()}
        if rows
        else {}
    )
    net = sum_of(lines)
    if reading.kind is DocumentKind.CREDIT_NOTE and net is not None and net < 0 <= (reading.gross or 0):
        lines, net = positive(lines), -net
    values: dict[str, Any] = {"lines": lines, "charges": ()}
    if net is not None and reading.net is None and reading.gross is None:
        made, sums = _not_stated(reading, around, lines, net)
        values |= made
        sure |= dict.fromkeys(made, _NOT_SAID)
        where |= dict.fromkeys(made, "the sum of the lines")
        defects += sums
    elif net is not None and reading.net is not None and net != reading.net:
        values["charges"] = charges_of(table, reading.net - net)
    return replace(reading, sure=sure, where=where, defects=tuple(defects), **values)


def _not_stated(
    reading: Reading, around: Sequence[Row], lines: Sequence[ReadLine], net: Decimal
) -> tuple[dict[str, Decimal], list[Defect]]:
    """Totals where none that agree with each other are stated."""
    if (total := untaxed_total(around, net)) is not None:
        return {"net": net, "tax": Decimal(0), "gross": net, "due": total.due or net}, []
    made = totals_made_by(lines, net)
    if made and reading.kind in (*PAYABLE, DocumentKind.OTHER):
        return made, [Defect("totals_computed", "The sheet states no totals; they are the sums of its lines.")]
    return {"net": net}, []


def _named_by_its_tab(reading: Reading, grid: Grid) -> Reading:
    """What the sheet's tab is called, where no cell says what the document is."""
    title = title_of([Row(1, 0, 10, (Cell(0, 90, grid.name),))]) if grid.name else None
    if title is None:
        return reading
    return replace(reading, kind=title.kind, sure=dict(reading.sure) | {"kind": _NOT_SAID})


def _said_by_columns(reading: Reading, table: Table) -> Reading:
    """Fields of the whole document that stand in a column of the lines, as programs export them."""
    values: dict[str, Any] = {}
    for name, said in table.whole.items():
        if "\n" in said:
            continue
        if name == "issue_date" and reading.issue_date is None:
            values[name] = parse_sure_date(said)
        elif name == "seller" and reading.seller.name is None:
            values[name] = replace(reading.seller, name=said[:200])
        elif name == "currency" and reading.currency is None and len(said) == 3 and said.isalpha():
            values[name] = said.upper()
        elif name == "number" and reading.number is None:
            values[name] = said[:60]
            if reading.kind is DocumentKind.OTHER:
                values["kind"] = DocumentKind.INVOICE
    values = {name: value for name, value in values.items() if value not in (None, Party())}
    heading = f"column {cell_name(table.headings, 0).rstrip('0123456789')}"
    sure = dict.fromkeys(values, 0.9) | dict(reading.sure) | dict.fromkeys(values, 0.9)
    where = dict(reading.where) | {
        name: f"column {cell_name(0, table.columns[name])[:-1]}" if name in table.columns else heading
        for name in values
    }
    return replace(reading, sure=sure, where=where, **values)


def _in_currency_of_headings(reading: Reading, table: Table) -> Reading:
    """The currency that the headings name (`Price (EUR)`), else the formats of the cells, where that is one."""
    if reading.currency is not None:
        return reading
    texts = (text_of(value) for value in table.grid.rows[table.headings])
    found = {SIGNS.get(hit[0], hit[0]) for text in texts for hit in _CURRENCY.finditer(text)}
    place = "the headings"
    if not found and table.grid.currency is not None:
        found, place = {table.grid.currency}, "the formats of the cells"
    if len(found) != 1:
        return reading
    where = dict(reading.where) | {"currency": place}
    return replace(reading, currency=found.pop(), sure=dict(reading.sure) | {"currency": 0.9}, where=where)


def _with_orders(reading: Reading, table: Table, open_orders: Sequence[str]) -> Reading:
    """The orders that lines name, matched with those that are open; else what is around the lines says it."""
    named = list(dict.fromkeys(line.order for line in reading.lines if line.order))
    if not named:
        return reading
    texts = [Row(1, 0, 10, (Cell(0, 90, f"order {order}"),)) for order in named[:200]]
    known = orders_in(stream_of(texts), texts, open_orders)
    orders = tuple(dict.fromkeys((*reading.orders, *(known or named[:100]))))
    where = dict(reading.where) | {"orders": f"column {cell_name(0, table.columns['order'])[:-1]}"}
    return replace(reading, orders=orders, sure=dict(reading.sure) | {"orders": 0.95 if known else 0.75}, where=where)


def _of_several(table: Table) -> Iterator[Defect]:
    numbers = table.whole.get("number", "")
    if "\n" in numbers:
        listed = ", ".join(numbers.split("\n"))[:200]
        yield Defect(
            "several_documents", f"The sheet holds several documents in one table: {listed}. Send each by itself."
        )


def _not_read(table: Table) -> Iterator[Defect]:
    if table.doubtful:
        names = ", ".join(str(row + 1) for row in table.doubtful[:_MOST_TOLD])
        yield Defect("rows_unread", f"Rows that look like lines but hold no figure were left out: {names}.")


def _never_calculated(grid: Grid) -> Iterator[Defect]:
    """Formulas of which the file holds no result: their cells are empty, and nothing is made up for them."""
    cells = sorted(place for place in grid.uncalculated if place[0] not in grid.hidden_rows)
    if cells:
        names = ", ".join(cell_name(*place) for place in cells[:_MOST_TOLD])
        more = f" and {len(cells) - _MOST_TOLD} more" if len(cells) > _MOST_TOLD else ""
        text = f"The file holds formulas without their results ({names}{more}); open it, save it and send it again."
        yield Defect("formula_without_value", text)


def _told(defects: Sequence[Defect]) -> list[Defect]:
    """What was noticed before the lines were known, without what is looked at again."""
    again = ("sum_mismatch", "due_before_issue", "negative_price", "line_incomplete", "no_number", "no_issue_date")
    return [d for d in defects if d.code not in (*again, "no_currency", "no_gross", "lines_mismatch", "due_mismatch")]


def _arithmetic(reading: Reading, known: Sequence[Defect]) -> Iterator[Defect]:
    codes = {defect.code for defect in known}
    charges = sum((charge.amount for charge in reading.charges), Decimal(0))
    yield from (d for d in defects_of(reading, charges=charges) if d.code not in codes)
