"""Matches an invoice against its orders as they are under lock, and knows when a draft must not wait any longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from store.documents import Document as Row
from store.parties import Supplier
from workflows.engine.act import Act
from workflows.engine.document import Document, load_many, lock_in_order
from workflows.matching import Difference, DifferenceCode, Invoiced, Ordered, Terms, match
from workflows.remaining import OPEN_ORDERS, taken

if TYPE_CHECKING:
    from workflows.invoices import Invoice


def differences_of(act: Act, invoice: Invoice) -> list[Difference]:
    """Pair *invoice* with what is left of its orders, which are locked, and list every difference."""
    assert act.document is not None
    own_id = act.document.id or None
    lock_in_order(act.session, invoice.order_ids)
    orders = load_many(act.session, invoice.order_ids)
    found = match(
        Invoiced(
            invoice.lines, invoice.currency, invoice.net, invoice.tax, invoice.gross, invoice.iban, invoice.charges
        ),
        ordered_lines(act, orders, own_id),
        Terms(
            currency=orders[0].currency if orders else None,
            iban=_profile_iban(act),
            closed_orders=tuple(o.label for o in orders if o.status.value not in OPEN_ORDERS),
            partial=act.company.settings.get("partial_invoices", "difference"),
        ),
    )
    if invoice.number and (twin := _twin(act, invoice, own_id)):
        found.append(Difference(DifferenceCode.DUPLICATE, None, twin))
    return found


def ordered_lines(act: Act, orders: Sequence[Document[Any]], without: int | None) -> list[Ordered]:
    """Every line of *orders* with what is left of it, not counting the invoice *without*."""
    used = taken(act.session, [o.id for o in orders], without)
    return [
        Ordered(o.id, o.label, line, (line.quantity or Decimal(0)) - used.get((o.id, line.n), Decimal(0)))
        for o in orders
        for line in o.content.lines
    ]


def confirm_deadline(act: Act) -> datetime:
    """One working day from now, unless the company says otherwise: then accounts payable gets the draft."""
    days = int(act.company.settings.get("confirm_after_days", 1))
    due = act.now
    while days:
        due += timedelta(days=1)
        days -= due.weekday() < 5
    return due


def _profile_iban(act: Act) -> str | None:
    assert act.document is not None
    profile = act.session.execute(
        select(Supplier.profile).where(Supplier.id == act.document.supplier_id)
    ).scalar_one_or_none()
    iban: str | None = (profile or {}).get("iban")
    return iban


def _twin(act: Act, invoice: Invoice, own_id: int | None) -> str | None:
    """The number of another standing invoice of this supplier with the same number in the same year."""
    assert act.document is not None
    statement = select(Row.id, Row.number, Row.created_at).where(
        Row.company_id == act.company.id,
        Row.kind == "invoice",
        Row.number == invoice.number,
        Row.supplier_id == act.document.supplier_id,
        Row.status.not_in(("rejected", "canceled")),
    )
    year = (invoice.issue_date or act.now).year
    for row in act.session.execute(statement):
        if row.id != own_id and row.created_at.year in (year, year + 1):
            return invoice.number
    return None
