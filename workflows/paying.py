"""Records payments that the company's own system made: one by one, or many from a list, each only once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from store.conflicts import retried
from store.documents import Document as Row
from store.documents import number_alike
from store.installation import Installation
from workflows.duplicates import GONE, plain_number
from workflows.engine.perform import Performed, perform
from workflows.errors import NotFound
from workflows.intake import act_of, find_supplier
from workflows.invoices import pay
from workflows.payments import Payment

MOST_ALIKE = 10


@dataclass(frozen=True, slots=True)
class PaymentOf:
    """A payment with the invoice that it is for, by the supplier's number, and the supplier where that is needed."""

    number: str
    payment: Payment
    supplier: str | None = None


@retried
def record_payment(installation: Installation, company_id: int, one: PaymentOf, *, by: str) -> Performed:
    """Record a payment; the same again (day, amount and reference) shows the first. Raises a `Refusal`."""
    with installation.database.write(company_id) as session:
        supplier_id = find_supplier(session, company_id, one.supplier) if one.supplier else None
        statement = select(Row.id).where(
            Row.company_id == company_id,
            Row.kind == "invoice",
            Row.status.not_in((*GONE, "draft")),
            number_alike(Row.number) == plain_number(one.number),
        )
        if supplier_id is not None:
            statement = statement.where(Row.supplier_id == supplier_id)
        found = session.scalars(statement.limit(MOST_ALIKE)).all()
        if not found:
            raise NotFound("There is no invoice %(number)s.", number=one.number)
        if len(found) > 1:
            raise NotFound("Several invoices have the number %(number)s; name the supplier.", number=one.number)
        act = act_of(installation, session, company_id, by, _cause(found[0], one.payment))
        return perform(pay, found[0], one.payment, act)


def _cause(invoice_id: int, payment: Payment) -> str:
    """The same payment of an invoice is the same cause: a list may be brought in again."""
    day = payment.paid_on.isoformat() if payment.paid_on else ""
    amount = "" if payment.amount is None else f"{payment.amount.normalize():f}"
    return f"payment:{invoice_id}:{day}:{amount}:{(payment.reference or '')[:60]}"


def payments_in(rows: Sequence[Mapping[str, str]]) -> list[PaymentOf]:
    """The payments of a list with the headings number, amount, date, reference and supplier; raises `ValueError`."""
    found = []
    for row in rows:
        said = {key.strip().lower(): (value or "").strip() for key, value in row.items() if key}
        day, amount = said.get("date"), said.get("amount")
        payment = Payment(
            Decimal(amount) if amount else None,
            dt.date.fromisoformat(day) if day else None,
            said.get("reference") or None,
        )
        found.append(PaymentOf(said.get("number", ""), payment, said.get("supplier") or None))
    return found
