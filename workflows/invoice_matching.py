"""Matches an invoice against its orders as they are under lock, and knows when a draft must not wait any longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from store.documents import Document as Row
from store.parties import Supplier
from workflows.engine.act import Act
from workflows.engine.document import Document, load_many, lock_in_order
from workflows.matching import Difference, DifferenceCode, Invoiced, Ordered, Terms, match
from workflows.remaining import OPEN_ORDERS, taken

if TYPE_CHECKING:
    from workflows.invoices import Invoice

SATURDAY = 5
"""The first weekday, counted from Monday as 0, on which nobody works."""


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
            currency=next((o.currency for o in orders if o.currency != invoice.currency), invoice.currency),
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
    assert act.document.supplier_id is not None
    year = (invoice.issue_date or act.now).year
    for other in same_number(act, act.document.supplier_id, invoice.number):
        if other.id != own_id and (other.content.issue_date or other.created_at).year == year:
            return invoice.number
    return None


def same_number(act: Act, supplier_id: int, number: str | None) -> list[Document[Any]]:
    """The standing invoices of the supplier with this number, oldest first."""
    if not number:
        return []
    # Two of one number that come at the same moment must see each other, even when they share no order.
    act.session.execute(select(Supplier.id).where(Supplier.id == supplier_id).with_for_update(key_share=True))
    ids = act.session.scalars(
        select(Row.id).where(
            Row.company_id == act.company.id,
            Row.kind == "invoice",
            Row.number == number,
            Row.supplier_id == supplier_id,
            Row.status.not_in(("rejected", "canceled")),
        )
    )
    return load_many(act.session, ids)
