"""What was invoiced before anything is delivered, of some orders, and what invoices have taken off of it since."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Text, cast, select, type_coerce

from store.documents import Document as Row
from store.documents import Version
from workflows.crediting import credited_in_all
from workflows.differences import Prepaid
from workflows.engine.act import Act
from workflows.engine.document import Document, load_many
from workflows.lines import cents, total
from workflows.remaining import GIVING_BACK, standing_for
from workflows.terms import terms_of

_FLAG = '%"prepayment":true%'
"""What stands in the content of a prepayment invoice, and never in a text of it: there a quotation mark is escaped."""


def prepaid_of(act: Act, orders: Sequence[Document[Any]], without: int | None) -> Prepaid:
    """The standing prepayments of *orders*, not counting the invoice *without*; the orders are locked."""
    agreed = sum((_agreed(order) for order in orders), Decimal(0))
    if not orders:
        return Prepaid()
    ids = act.session.scalars(
        select(Row.id)
        .join(Version, (Version.document_id == Row.id) & (Version.version == Row.version))
        .where(
            Row.company_id == act.company.id,
            Row.kind == "invoice",
            Row.parent_id.in_([order.id for order in orders]),
            Row.status.not_in(GIVING_BACK),
            type_coerce(cast(Version.content, Text), Text).like(_FLAG),
        )
    )
    found = [d for d in load_many(act.session, ids) if d.id != without and d.content.prepayment]
    if not found:
        return Prepaid(agreed=agreed)
    invoices = tuple((d.label, _net(d), d.content.gross or Decimal(0)) for d in found)
    gross = sum((one[2] for one in invoices), Decimal(0)) - sum((credited_in_all(act, d.id) for d in found), Decimal(0))
    net = sum((one[1] for one in invoices), Decimal(0))
    others = load_many(act.session, standing_for(act.session, [order.id for order in orders], without))
    taken_off = sum((d.content.deducted or Decimal(0) for d in others), Decimal(0))
    return Prepaid(invoices, net, max(gross - taken_off, Decimal(0)), agreed)


def _net(document: Document[Any]) -> Decimal:
    content = document.content
    return (content.net if content.net is not None else content.gross) or Decimal(0)


def _agreed(order: Document[Any]) -> Decimal:
    """What the terms of an order let be invoiced before delivery, net."""
    percent = terms_of(order.content.terms).prepaid
    worth = total([*(line.sum() for line in order.content.lines), *(c.amount for c in order.content.charges)])
    if percent is None or worth is None:
        return Decimal(0)
    return cents(worth * percent / 100)
