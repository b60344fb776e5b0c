"""Who sells and who buys: names under or beside their headings, else the sender's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inbound.documents.visible.blocks import headed
from inbound.documents.visible.header import Read
from inbound.documents.visible.names import same
from inbound.documents.visible.page import Row
from inbound.documents.visible.senders import sender_of


@dataclass(frozen=True, slots=True)
class Parties:
    """The names of seller and buyer, each None where the page does not tell."""

    seller: Read[str] | None
    buyer: Read[str] | None


def parties_of(rows: Sequence[Row], *, sold: bool = True) -> Parties:
    """Find the names of seller and buyer: under a heading, else the sender's where two places agree on it.

    `sold` is False for what buyers send (orders, remittances): there the sender is the buyer.
    """
    seller, buyer = headed(rows, "seller"), headed(rows, "buyer")
    if sold and seller is None:
        seller = sender_of(rows, buyer.value if buyer else None)
    if not sold and buyer is None:
        buyer = sender_of(rows, seller.value if seller else None)
    if seller is not None and buyer is not None and same(seller.value, buyer.value):
        return Parties(None, None)
    return Parties(seller, buyer)
