"""What is left to invoice of an order: ordered minus what invoices that stand have taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from store.documents import Document, InvoiceLine, OrderLine
from store.prepared import Prepared
from workflows.people import Side

GIVING_BACK = ("draft", "rejected", "canceled")
"""Statuses of invoices that hold no quantities; any other status holds them, so that nothing is invoiced twice."""

OPEN_ORDERS = ("sent", "acknowledged", "countered")

_COUNTED = func.coalesce(InvoiceLine.counted, InvoiceLine.quantity)
"""What a line takes of its order line, in the order's unit."""


APPROVED = ("approved", "partly_paid", "paid")
"""Statuses in which a credit note gives back what it returns: before, it may still come to nothing."""


def taken(session: Session, order_ids: Iterable[int], without: int | None = None) -> dict[tuple[int, int], Decimal]:
    """The quantity that standing invoices, *without* one of them, hold of each order line (order id, line number)."""
    statement = (
        select(InvoiceLine.order_id, InvoiceLine.order_n, func.sum(_COUNTED))
        .join(Document, Document.id == InvoiceLine.document_id)
        .where(InvoiceLine.order_id.in_(sorted(set(order_ids))), _holds(Document))
        .group_by(InvoiceLine.order_id, InvoiceLine.order_n)
    )
    if without:
        statement = statement.where(InvoiceLine.document_id != without)
    return {(order or 0, n or 0): quantity or Decimal(0) for order, n, quantity in session.execute(statement)}


def _holds(document: Any) -> ColumnElement[bool]:
    """Whether what a document's lines count is taken of the order, or given back to it, as the document stands."""
    credit = document.kind == "credit_note"
    return or_(
        and_(credit, or_(*(document.status == status for status in APPROVED))),
        and_(~credit, *(document.status != status for status in GIVING_BACK)),
    )


def standing_for(session: Session, order_ids: Iterable[int], without: int | None = None) -> list[int]:
    """The standing invoices, *without* one of them, with a line of these orders."""
    statement = (
        select(Document.id)
        .join(InvoiceLine, Document.id == InvoiceLine.document_id)
        .where(
            InvoiceLine.order_id.in_(sorted(set(order_ids))),
            Document.kind == "invoice",
            Document.status.not_in(GIVING_BACK),
        )
        .distinct()
    )
    return [found for found in session.scalars(statement) if found != without]


def orders_to_invoice(session: Session, company_id: int, supplier_id: int) -> int:
    """How many orders of this supplier still have something to invoice (F22)."""
    return _to_invoice().value(session, company_id=company_id, supplier_id=supplier_id) or 0


@cache
def _to_invoice() -> Prepared:
    invoice = aliased(Document)
    used = (
        select(func.coalesce(func.sum(_COUNTED), 0))
        .join(invoice, invoice.id == InvoiceLine.document_id)
        .where(
            InvoiceLine.order_id == OrderLine.document_id,
            InvoiceLine.order_n == OrderLine.n,
            _holds(invoice),
        )
        .correlate(OrderLine)
        .scalar_subquery()
    )
    something_left: ColumnElement[bool] = exists().where(
        and_(OrderLine.document_id == Document.id, or_(OrderLine.quantity.is_(None), OrderLine.quantity > used))
    )
    return Prepared(
        select(func.count())
        .select_from(Document)
        .where(
            Document.company_id == bindparam("company_id"),
            Document.supplier_id == bindparam("supplier_id"),
            Document.kind == "order",
            or_(*(Document.status == status for status in OPEN_ORDERS)),
            something_left,
        )
    )


def counted(session: Session, document: Any, side: Side) -> Mapping[str, object]:
    """The counter of F22 for notices and pages of the supplier's."""
    if side is not Side.SUPPLIER or document.supplier_id is None:
        return {}
    return {"remaining": {"orders": orders_to_invoice(session, document.company_id, document.supplier_id)}}
