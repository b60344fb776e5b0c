"""Order numbers by their labels: what a page calls the buyer's order, where no open order was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from inbound.documents.dates import parse_date
from inbound.documents.visible.header import Read, values_at
from inbound.documents.visible.lexicon import begins_with
from inbound.documents.visible.page import Row

MOST: Final = 20
_NUMBER = re.compile(
    r"(?:(?:n\.?[°ºo]|nr|no|#)[\s.:]*)?([A-Za-z0-9][\w\-/.]{2,29})[.,;]?"
    r"(?:\s+(?:vom|v\.|of|du|del|van|z|z dnia|de|від|from|dated)\s.*)?",
    re.IGNORECASE,
)
_GLUED = re.compile(r"[-–/]?\d")
"""`PO-4711` is a number, not a label with one."""


def labelled_orders(rows: Sequence[Row]) -> tuple[Read[str], ...]:
    """The numbers that labels call the buyer's order; else its reference, where that is one number alone.

    Less sure than an open order found in the text: the label may speak of something else.
    """
    orders = tuple(_labelled(rows, "header.buyers_order", 0.75))
    if orders:
        return orders if len(orders) <= MOST else ()
    references = tuple(_labelled(rows, "header.buyers_reference", 0.7))
    return references if len(references) == 1 else ()


def _labelled(rows: Sequence[Row], table: str, sure: float) -> Iterator[Read[str]]:
    seen: set[str] = set()
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            hit = begins_with(table, cell.text.strip())
            if hit is None or _GLUED.match(cell.text.strip(), hit.end):
                continue
            for text, _ in values_at(rows, index, place, cell.text.strip()[hit.end :]):
                number = _number(text)
                if number is not None and number not in seen:
                    seen.add(number)
                    yield Read(number, sure, row.where)
                if any(c.isdigit() for c in text):  # else another label is beside it, and the number stands under it
                    break


def _number(text: str) -> str | None:
    """The number that a text is, with nothing after it but its date."""
    hit = _NUMBER.fullmatch(text.strip())
    if hit is None:
        return None
    number = hit[1].rstrip(".-/")
    if sum(c.isdigit() for c in number) < 3 or parse_date(number) is not None:
        return None
    return None if re.fullmatch(r"[\d.]*\d[.,]\d{1,2}", number) else number
