"""The invoices that a reminder, a statement or a remittance lists: they are told, and nothing is made of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from inbound.documents.dates import DayOrder, find_dates, parse_sure_date
from inbound.documents.numbers import DecimalMark, parse_sure_amount
from inbound.documents.visible.figures import Figure
from inbound.documents.visible.header import number_at
from inbound.documents.visible.lexicon import labels_in
from inbound.documents.visible.page import Cell, Row
from inbound.documents.visible.tables import Table, tables_of
from workflows.reading import ReadLine

MOST: Final = 500
_COLUMNS: Final = ("document", "open", "due_date", "amount", "date", "text", "position")
_NUMBER = re.compile(r"(?:[^\W\d_]{1,12}[\s.:#]{1,3})?([^\W_][\w\-/.]*\d[\w\-/.]*|\d+)")
_PLAIN_AMOUNT = re.compile(r".*[.,]\d{2}\D*|.*[€$£₴].*")


def listed_invoices(
    rows: Sequence[Row], figures: Sequence[Figure], mark: DecimalMark | None, order: DayOrder | None
) -> tuple[tuple[ReadLine, ...], float]:
    """The invoices of a table, else those that the text names, with how sure that is."""
    lines: list[ReadLine] = []
    tables = list(tables_of(rows, _COLUMNS, (("document",), ("amount", "open"))))
    for table, end in zip(tables, [*(one.row for one in tables[1:]), len(rows)], strict=False):
        for row in rows[table.row + 1 : end]:
            line = _in_table(row, table, mark, order)
            if line is not None and len(lines) < MOST:
                lines.append(line)
    if lines:
        return tuple(lines), 0.85
    named = [line for index in range(len(rows)) if (line := _in_words(rows, index, figures, order)) is not None]
    distinct = {line.invoice: line for line in reversed(named)}
    return tuple(reversed(distinct.values())), 0.75 if distinct else 0.3


def _in_table(row: Row, table: Table, mark: DecimalMark | None, order: DayOrder | None) -> ReadLine | None:
    named = table.cell(row, "document")
    number = _NUMBER.fullmatch(named.text.strip()) if named else None
    if number is None or parse_sure_date(number[1], order) is not None or _PLAIN_AMOUNT.fullmatch(number[1]):
        return None
    amount, left = (_amount(table.cell(row, name), mark) for name in ("amount", "open"))
    if amount is None and left is None:
        return None
    return ReadLine(
        invoice=number[1],
        issue_date=_day(table.cell(row, "date"), order),
        due_date=_day(table.cell(row, "due_date"), order),
        gross=amount,
        due=left,
    )


def _in_words(rows: Sequence[Row], index: int, figures: Sequence[Figure], order: DayOrder | None) -> ReadLine | None:
    """An invoice that a row names by its label: with the date and the amount that stand behind the number."""
    for place, cell in enumerate(rows[index].cells):
        hits = labels_in(cell.text).get("own.invoice.number", ())
        read = number_at(rows, index, place, hits[0].end) if hits else None
        if read is None:
            continue
        days = [day for one in rows[index].cells[place:] for _, _, day in find_dates(one.text, order)]
        money = [f.value for f in figures if f.row == index and f.cell >= place and f.money and f.value]
        return ReadLine(
            invoice=read[0],
            issue_date=days[0] if days and isinstance(days[0], date) else None,
            gross=money[0] if len(money) == 1 else None,
        )
    return None


def _amount(cell: Cell | None, mark: DecimalMark | None) -> Decimal | None:
    return parse_sure_amount(cell.text, mark) if cell is not None else None


def _day(cell: Cell | None, order: DayOrder | None) -> date | None:
    return parse_sure_date(cell.text, order) if cell is not None else None
