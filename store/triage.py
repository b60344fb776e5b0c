"""What a person of the company has to look at: mails that found no home, and the senders whom they gave one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, OfCompany, id_column, same_company
from store.types import Json


class TriageState(StrEnum):
    """The life of an entry: open, then assigned to a supplier, or closed because nothing is to be made of it."""

    OPEN = "open"
    ASSIGNED = "assigned"
    CLOSED = "closed"


class Triage(OfCompany, Base):
    """A mail that somebody of the company has to look at, why, what we suggest, and what they decided."""

    __tablename__ = "triage"
    __table_args__ = (
        UniqueConstraint("company_id", "mail_id"),
        Index(None, "company_id", "state", "id"),
        *same_company(("supplier_id", "supplier"), ("document_id", "document")),
    )

    id: Mapped[int] = id_column()
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"))
    state: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(16))
    suggested: Mapped[Any | None] = mapped_column(Json)
    """The supplier and the order that it may be about, with the reasons, and what its attachments are."""
    supplier_id: Mapped[int | None]
    document_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who decided."""
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class KnownSender(OfCompany, Base):
    """An address that somebody of the company gave to a supplier: its proved mails count as the supplier's.

    That is less than being one of its people: nothing is mailed to it unasked, and it opens no page.
    """

    __tablename__ = "known_sender"
    __table_args__ = (UniqueConstraint("company_id", "address"), *same_company(("supplier_id", "supplier")))

    id: Mapped[int] = id_column()
    address: Mapped[str]
    supplier_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who said so."""
    created_at: Mapped[datetime]
