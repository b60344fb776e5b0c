"""Matches an invoice against its orders as they are under lock, and knows when a draft must not wait any longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from store.parties import Supplier
from workflows.differences import Invoiced, Ordered, Terms
from workflows.duplicates import duplicate_of
from workflows.engine.act import Act
from workflows.engine.document import Document, load_many, lock_in_order
from workflows.lines import total
from workflows.matching import compare
from workflows.orders import received
from workflows.prepaying import prepaid_of
from workflows.reading import Charge
from workflows.remaining import OPEN_ORDERS, standing_for, taken
from workflows.tolerances import tolerances_of

if TYPE_CHECKING:
    from workflows.invoices import Invoice

SATURDAY = 5
"""The first weekday, counted from Monday as 0, on which nobody works."""


def match_again(act: Act, invoice: Invoice, *, take_off: bool = False) -> None:
    """Pair *invoice* with what is left of its orders, which are locked, and put differences and report on it.

    With *take_off* it is made to take off what was prepaid: one that is made here from the order's lines.
    """
    assert act.document is not None
    own_id = act.document.id or None
    act.document.parent_id = invoice.order_ids[0] if invoice.order_ids else None
    lock_in_order(act.session, invoice.order_ids)
    orders = load_many(act.session, invoice.order_ids)
    ordered, terms = ordered_lines(act, orders, own_id), _terms(act, invoice, orders, own_id)
    found = compare(_seen(invoice), ordered, terms)
    if take_off and invoice.gross is not None and found.deductible != (invoice.prepaid or 0):
        invoice.prepaid = found.deductible or None
        invoice.due = invoice.gross - found.deductible
        found = compare(_seen(invoice), ordered, terms)
    invoice.differences, invoice.report = found.differences, found.report
    invoice.deducted = found.deducted or None
    if twin := duplicate_of(act, invoice, own_id):
        invoice.differences.append(twin)


def _seen(invoice: Invoice) -> Invoiced:
    return Invoiced(
        invoice.lines,
        invoice.currency,
        invoice.net,
        invoice.tax,
        invoice.gross,
        invoice.iban,
        invoice.charges,
        invoice.terms,
        invoice.issue_date,
        invoice.due_date,
        invoice.prepaid,
        invoice.due,
        invoice.prepayment,
    )


def _terms(act: Act, invoice: Invoice, orders: Sequence[Document[Any]], own_id: int | None) -> Terms:
    profile, own_rules = _supplier(act)
    foreign = next((o for o in orders if o.currency != invoice.currency), None)
    agreed = [charge for o in orders for charge in o.content.charges]
    return Terms(
        currency=foreign.currency if foreign else invoice.currency,
        iban=profile.get("iban"),
        closed_orders=tuple(o.label for o in orders if o.status.value not in OPEN_ORDERS),
        partial=act.company.settings.get("partial_invoices", "difference"),
        tolerances=tolerances_of(act.company.settings, own_rules),
        rate=foreign.content.rates.get(invoice.currency) if foreign else None,
        payment=tuple(o.content.terms for o in orders if o.content.terms),
        charges=_charges_left(act, [c for c in agreed if c.amount > 0], orders, own_id),
        allowances=sum((c.amount for c in agreed if c.amount < 0), Decimal(0)),
        net=total(line.sum() for o in orders for line in o.content.lines),
        prepaid=prepaid_of(act, orders, own_id),
    )


def _charges_left(
    act: Act, agreed: Sequence[Charge], orders: Sequence[Document[Any]], own_id: int | None
) -> tuple[Charge, ...]:
    """The charges agreed with the orders, less what other standing invoices for them have taken."""
    if not agreed:
        return ()
    taken_by = load_many(act.session, standing_for(act.session, [o.id for o in orders], own_id))
    used = sum((c.amount for d in taken_by for c in d.content.charges if c.amount > 0), Decimal(0))
    left = []
    for charge in agreed:
        part = min(used, charge.amount)
        used -= part
        if charge.amount > part:
            left.append(Charge(charge.text, charge.amount - part))
    return tuple(left)


def ordered_lines(act: Act, orders: Sequence[Document[Any]], without: int | None) -> list[Ordered]:
    """Every line of *orders* with what is left of it, and what of that came in, not counting the invoice *without*."""
    used = taken(act.session, [o.id for o in orders], without)
    receipts = act.company.settings.get("receipts") == "on"
    found = []
    for order in orders:
        came = received(order.content) if receipts else {}
        for line in order.content.lines:
            gone = used.get((order.id, line.n), Decimal(0))
            billable = came.get(line.n, Decimal(0)) - gone if receipts else None
            found.append(Ordered(order.id, order.label, line, (line.quantity or Decimal(0)) - gone, billable))
    return found


def confirm_deadline(act: Act) -> datetime:
    """One working day of the company from now, unless it says otherwise: then accounts payable gets the draft."""
    days = int(act.company.settings.get("confirm_after_days", 1))
    due = act.now.astimezone(ZoneInfo(act.company.time_zone))
    if due.weekday() >= SATURDAY:
        # What comes at the weekend has come when the next working day begins.
        due = due.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=7 - due.weekday())
    while days > 0:
        due += timedelta(days=1)
        days -= due.weekday() < SATURDAY
    return due.astimezone(UTC)


def _supplier(act: Act) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The profile of the document's supplier, and the company's own rules for it."""
    assert act.document is not None
    statement = select(Supplier.profile, Supplier.settings).where(Supplier.id == act.document.supplier_id)
    row = act.session.execute(statement).one_or_none()
    return (row.profile or {}, row.settings or {}) if row is not None else ({}, {})
