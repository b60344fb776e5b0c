"""Duplicates: an invoice that is here already under its number, or under another with the same amount, day and order.

Two more layers stand before these: a mail that came twice (its letter's digest), and a file that came twice or in
another format, which joins the invoice that is here (`workflows/copies.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from store.documents import SEPARATORS, number_alike
from store.documents import Document as Row
from store.parties import Supplier
from workflows.differences import Difference, DifferenceCode
from workflows.engine.act import Act
from workflows.engine.document import Document, load_many

if TYPE_CHECKING:
    from workflows.invoices import Invoice

GONE = ("rejected", "canceled")


def duplicate_of(act: Act, invoice: Invoice, own_id: int | None) -> Difference | None:
    """The alarm that *invoice* may be here already, with the number of the other; one in revision is none of itself."""
    assert act.document is not None
    assert act.document.supplier_id is not None
    if not invoice.number:
        return None
    supplier_id, kind = act.document.supplier_id, act.document.kind
    year = (invoice.issue_date or act.now).year
    same = [
        d
        for d in _alike(act, supplier_id, kind, number_alike(Row.number) == plain_number(invoice.number))
        if d.id != own_id
    ]
    for other in same:
        if (other.content.issue_date or other.created_at).year == year:
            return Difference(DifferenceCode.DUPLICATE, None, other.number or "")
    if invoice.gross is None or invoice.issue_date is None or not invoice.order_ids:
        return None
    known = {d.id for d in same}
    for other in _alike(act, supplier_id, kind, Row.total == invoice.gross):
        content = other.content
        if (
            other.id not in known | {own_id}
            and other.status.value != "draft"  # of two drafts for the same, the one confirmed later is the second
            and other.number
            and content.currency == invoice.currency
            and content.issue_date == invoice.issue_date
            and set(content.order_ids) & set(invoice.order_ids)
        ):
            return Difference(DifferenceCode.DUPLICATE, None, other.number, reason="same_amount")
    return None


def same_number(act: Act, supplier_id: int, number: str | None, kind: str = "invoice") -> list[Document[Any]]:
    """The standing invoices of the supplier with exactly this number, oldest first."""
    return _alike(act, supplier_id, kind, Row.number == number) if number else []


def numbered(session: Session, company_id: int, supplier_id: int, numbers: Sequence[str]) -> list[int]:
    """The supplier's invoices and credit notes with these numbers, however separated, whatever became of them."""
    wanted = sorted({plain_number(number) for number in numbers})
    return list(
        session.scalars(
            select(Row.id).where(
                Row.company_id == company_id,
                Row.kind.in_(("invoice", "credit_note")),
                Row.supplier_id == supplier_id,
                number_alike(Row.number).in_(wanted),
            )
        )
    )


def _alike(act: Act, supplier_id: int, kind: str, condition: ColumnElement[bool]) -> list[Document[Any]]:
    # Two of one number that come at the same moment must see each other, even when they share no order.
    act.session.execute(select(Supplier.id).where(Supplier.id == supplier_id).with_for_update(key_share=True))
    ids = act.session.scalars(
        select(Row.id).where(
            Row.company_id == act.company.id,
            Row.kind == kind,
            Row.supplier_id == supplier_id,
            Row.status.not_in(GONE),
            condition,
        )
    )
    return load_many(act.session, ids)


def plain_number(number: str) -> str:
    """A number for comparison: "INV-7", "inv 7" and "INV/7" are one."""
    for sign in SEPARATORS:
        number = number.replace(sign, "")
    return number.lower()
