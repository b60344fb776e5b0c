"""Payments: what was paid of an invoice, when and by which reference, and what is still open of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from workflows.crediting import credited_in_all
from workflows.engine.act import Act
from workflows.engine.telling import local_day
from workflows.errors import DataMissing

if TYPE_CHECKING:
    from workflows.invoices import Invoice


@dataclass(slots=True)
class Payment:
    """A payment as it is recorded: all that is open, today, unless it says otherwise."""

    amount: Decimal | None = None
    paid_on: dt.date | None = None
    reference: str | None = None


@dataclass(slots=True)
class Paid:
    """A payment that was made."""

    amount: Decimal
    paid_on: dt.date
    reference: str | None = None


def record(invoice: Invoice, data: Payment, act: Act) -> bool:
    """Put the payment on *invoice*; whether nothing is open any more. More than is open is refused."""
    assert act.document is not None
    still = open_amount(invoice, credited_in_all(act, act.document.id))
    amount = max(still, Decimal(0)) if data.amount is None else data.amount
    shown = f"{still:.2f} {invoice.currency or ''}".strip()
    if amount < 0 or (amount == 0 and still > 0):
        raise DataMissing("Say how much was paid; %(open)s is open.", open=shown)
    if amount > still and amount > 0:
        raise DataMissing("Only %(open)s is open of this invoice.", open=shown)
    if amount:
        invoice.payments = [*invoice.payments, Paid(amount, data.paid_on or local_day(act), data.reference or None)]
    left = still - amount
    invoice.still_open = left if left > 0 else None
    return left <= 0


def open_amount(invoice: Invoice, credited: Decimal) -> Decimal:
    """What is to be paid of it, less what was credited and paid."""
    due = invoice.due if invoice.due is not None else invoice.gross
    return (due or Decimal(0)) - credited - sum((one.amount for one in invoice.payments), Decimal(0))


def facts_of(invoice: Invoice) -> dict[str, object]:
    """What notices and pages show of the payments."""
    paid = sum((one.amount for one in invoice.payments), Decimal(0))
    return {
        "paid": paid if invoice.payments else None,
        "still_open": invoice.still_open,
        "payments": [asdict(one) for one in invoice.payments],
    }
