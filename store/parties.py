"""Who takes part: companies, their suppliers, and people, who are global and join sides by membership."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base, OfCompany, id_column, public_id_column, same_company
from store.prepared import Prepared
from store.types import Json, Key


class Company(Base):
    """A buying company on this installation."""

    __tablename__ = "company"

    id: Mapped[int] = id_column()
    public_id: Mapped[str] = public_id_column()
    name: Mapped[str]
    mail_domain: Mapped[str]
    mailbox: Mapped[str] = mapped_column(unique=True)
    """The address that people write to unasked, and that `plus` and `plain` reply addresses are made of."""
    reply_style: Mapped[str]
    language: Mapped[str]
    currency: Mapped[str]
    time_zone: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime]


class Person(Base):
    """Somebody with a mail address; one row however many companies they deal with."""

    __tablename__ = "person"

    id: Mapped[int] = id_column()
    public_id: Mapped[str] = public_id_column()
    name: Mapped[str]
    address: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str | None]
    locale: Mapped[str | None]
    time_zone: Mapped[str | None]
    password: Mapped[str | None]
    address_failed_at: Mapped[datetime | None]
    away_until: Mapped[date | None]
    """The last day of their absence, as their mail program said: until then nobody reminds them of anything."""
    created_at: Mapped[datetime]


class Supplier(OfCompany, Base):
    """A supplier as one company knows it."""

    __tablename__ = "supplier"
    __table_args__ = (UniqueConstraint("company_id", "id"), UniqueConstraint("company_id", "external_id"))

    id: Mapped[int] = id_column()
    public_id: Mapped[str] = public_id_column()
    name: Mapped[str]
    external_id: Mapped[str | None]
    mail_domain: Mapped[str | None]
    """The domain whose people are this supplier's; never a free-mail domain."""
    profile: Mapped[dict[str, Any]] = mapped_column(Json)
    settings: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What the company holds of this supplier alone, beside its own settings."""
    created_at: Mapped[datetime]


class Membership(OfCompany, Base):
    """A person on a side: of the company itself, or of one of its suppliers."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("company_id", "person_id", "supplier_id"),
        Index(
            "uq_membership_own_side",
            "company_id",
            "person_id",
            unique=True,
            sqlite_where=text("supplier_id is null"),
            postgresql_where=text("supplier_id is null"),
        ),
        Index(None, "person_id"),
        *same_company(("supplier_id", "supplier")),
    )

    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    supplier_id: Mapped[int | None]
    roles: Mapped[list[str]] = mapped_column(Json)


class SignIn(Base):
    """A signed-in browser: the cookie's token names this row."""

    __tablename__ = "sign_in"

    key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


_COMPANY = Prepared(select(*Company.__table__.columns).where(Company.id == bindparam("company_id")))


def company_of(session: Session, company_id: int) -> Company:
    """The company to be looked at, as `get_one` gives it but not to be changed."""
    return Company(**_COMPANY.first(session, company_id=company_id)._asdict())
