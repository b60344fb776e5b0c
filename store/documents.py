"""Documents: one header for every kind, append-only versions of the whole content, typed lines for the shipped kinds.

The version grows with content and status, not with notes, else each note would kill every approve link.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, UniqueConstraint, func, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, OfCompany, id_column, public_id_column, same_company
from store.types import Exact, Json

SEPARATORS = (" ", "-", "/", ".", "_")
"""What stands between the parts of a document's number, or does not: INV-7, inv 7 and INV/7 are one."""


def number_alike(column: Any) -> ColumnElement[str]:
    """A column of numbers for comparison, written in the one way that its index is made for."""
    for sign in SEPARATORS:
        column = func.replace(column, literal_column(f"'{sign}'"), literal_column("''"))
    return func.lower(column)


class Document(OfCompany, Base):
    """The header of a document: what is looked for, listed and locked."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("company_id", "id"),
        Index(None, "company_id", "kind", "status"),
        Index(None, "company_id", "kind", "number"),
        Index(None, "company_id", "supplier_id"),
        Index(None, "parent_id"),
        *same_company(("supplier_id", "supplier"), ("parent_id", "document")),
    )

    id: Mapped[int] = id_column()
    public_id: Mapped[str] = public_id_column()
    kind: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
    links_from: Mapped[int]
    """Links mailed for an older version than this are stale."""
    number: Mapped[str | None]
    title: Mapped[str]
    currency: Mapped[str | None]
    total: Mapped[Decimal | None]
    supplier_id: Mapped[int | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    parent_id: Mapped[int | None]
    """The order of an invoice, the invoice of a credit note, the request of a proposal."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


Index("ix_document_number_alike", Document.company_id, Document.supplier_id, number_alike(Document.number))


class Version(OfCompany, Base):
    """The whole content of a document as it stood; never changed, never deleted."""

    __tablename__ = "version"
    __table_args__ = same_company(("document_id", "document"))

    document_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(32))
    content: Mapped[Any] = mapped_column(Json)
    created_at: Mapped[datetime]


class _Line:
    """What the lines of all kinds share."""

    document_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    quantity: Mapped[Decimal | None]
    unit: Mapped[str | None]
    unit_price: Mapped[Decimal | None] = mapped_column(Exact)
    net: Mapped[Decimal | None]


class OrderLine(_Line, OfCompany, Base):
    """A line of a purchase order as it stands now."""

    __tablename__ = "order_line"
    __table_args__ = same_company(("document_id", "document"))

    delivery_date: Mapped[date | None] = mapped_column(Date)


class InvoiceLine(_Line, OfCompany, Base):
    """A line of an invoice, with the order line it was paired with: what the remaining quantities are summed from."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        Index(None, "order_id", "order_n"),
        *same_company(("document_id", "document"), ("order_id", "document")),
    )

    order_id: Mapped[int | None]
    order_n: Mapped[int | None]
    counted: Mapped[Decimal | None]
    """What it takes of the order line, in the order's unit; null in rows from before: its quantity."""


class ProposalLine(_Line, OfCompany, Base):
    """A line of a proposal: priced, or rejected, or not yet answered."""

    __tablename__ = "proposal_line"
    __table_args__ = same_company(("document_id", "document"))

    no_bid: Mapped[bool]
