"""What stands in a cell beside its label: in a sheet the whole cell is the value, blanks and all (`INV 7`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from inbound.documents.dates import parse_date
from inbound.documents.numbers import parse_amount
from inbound.documents.sheets.formats import currency_named
from inbound.documents.visible.lexicon import labels_in
from inbound.documents.visible.page import Row
from workflows.reading import DocumentKind, Reading

SURE: Final = 0.9
_LONGEST: Final = 30
_ORDERS: Final = ("header.buyers_order", "header.order")
_INVOICES: Final = (
    DocumentKind.INVOICE,
    DocumentKind.PREPAYMENT_INVOICE,
    DocumentKind.PROFORMA,
    DocumentKind.OTHER,
)
_AROUND: Final = " \t:.#°º№"
_PARTS = re.compile(r"[^\s\-–/.]+")
_NUMBER = re.compile(r"[\w\-–/.]+(?: (?:[\-–/] )?[\w\-–/.]+){0,3}")


def with_labelled(reading: Reading, rows: Sequence[Row]) -> Reading:
    """The reading with the number and the order that stand beside their labels, where a part or nothing was read.

    An invoice's number makes an invoice of what does not say what it is.
    """
    kind = reading.kind
    named = [f"own.{kind.value}.number", "header.number", f"titles.{kind.value}"]
    tables = [*named, "own.invoice.number"] if kind in _INVOICES else named
    if any(_is_amount(text) and reading.number in text.split() for _, text in _beside(rows, tables)):
        reading = replace(reading, number=None)  # `12 500` is no number, and half of it is none either
    numbers = list(_values(rows, tables))
    if numbers and reading.number in (None, *numbers[0][1].split()):
        reading = _taken(reading, numbers[0][0], number=numbers[0][1])
    invoices = {number for _, number in _values(rows, ["own.invoice.number"])}
    if kind is DocumentKind.OTHER and reading.number in invoices:
        reading = replace(reading, kind=DocumentKind.INVOICE, sure=dict(reading.sure) | {"kind": 0.75})
    orders = [(row, number) for row, number in _values(rows, _ORDERS) if number != reading.number]
    if not reading.orders and kind is not DocumentKind.ORDER and len({number for _, number in orders}) == 1:
        reading = _taken(reading, orders[0][0], orders=(orders[0][1],))
    return reading


def _taken(reading: Reading, row: Row, **values: object) -> Reading:
    sure = dict(reading.sure) | dict.fromkeys(values, SURE)
    where = dict(reading.where) | dict.fromkeys(values, row.where)
    return replace(reading, sure=sure, where=where, **values)  # type: ignore[arg-type]


def _values(rows: Sequence[Row], tables: Sequence[str]) -> Iterator[tuple[Row, str]]:
    """The numbers behind, beside or under a cell that is one of these labels."""
    return ((row, number) for row, text in _beside(rows, tables) if (number := _number(text)) is not None)


def _beside(rows: Sequence[Row], tables: Sequence[str]) -> Iterator[tuple[Row, str]]:
    """What stands behind a label in its cell; else in the next cell, or in the one under it where that is a label."""
    for index, row in enumerate(rows):
        value = -1
        for place, cell in enumerate(row.cells):
            words = labels_in(cell.text)
            ends = [hit.end for table in tables for hit in words.get(table, ()) if hit.start == 0]
            if not ends or place == value:  # `PO 42` beside "Purchase order" begins with no label
                continue
            beside = row.cells[place + 1].text if place + 1 < len(row.cells) else ""
            under = rows[index + 1].cells if index + 1 < len(rows) else ()
            if rest := cell.text[max(ends) :].strip(_AROUND):
                yield row, rest
            elif beside and (_number(beside) is not None or not labels_in(beside)):
                value = place + 1
                yield row, beside
            else:
                yield row, next((c.text for c in under if c.left == cell.left), "")


def _number(text: str) -> str | None:
    """A text that is a number as documents have them: letters are a short sign before its figures."""
    text = " ".join(text.split())
    if len(text) > _LONGEST or _NUMBER.fullmatch(text) is None or not any(c.isdigit() for c in text):
        return None
    words = [part for part in _PARTS.findall(text) if part.isalpha()]
    if any(len(word) > 6 or not word.isupper() for word in words):
        return None
    return None if _is_amount(text) or parse_date(text) is not None else text


def _is_amount(text: str) -> bool:
    """Whether a text with blanks is an amount: figures in groups, or a currency beside them."""
    letters = "".join(c for c in text if c.isalpha())
    return " " in text and parse_amount(text) is not None and (not letters or currency_named(letters) is not None)
