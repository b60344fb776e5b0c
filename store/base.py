"""What every table shares: names of constraints, the key, the company that a row belongs to."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from store.types import Amount, Moment, Words

BigId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The base of all tables; its naming convention lets migrations name every constraint."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, Decimal: Amount, str: Words}  # noqa: RUF012


class OfCompany:
    """A row of one company; sessions that carry a company see no other's (`store.database`)."""

    @declared_attr
    def company_id(cls) -> Mapped[int]:  # noqa: N805
        return mapped_column(ForeignKey("company.id"), index=False)


def same_company(*columns: tuple[str, str]) -> tuple[ForeignKeyConstraint, ...]:
    """Composite foreign keys (company_id, column) → (company_id, id): a cross-company reference cannot be stored."""
    return tuple(
        ForeignKeyConstraint(["company_id", column], [f"{table}.company_id", f"{table}.id"])
        for column, table in columns
    )


def public_id() -> str:
    """A random name for a row that people may see: 10 characters of base32, never a counter."""
    return base64.b32encode(secrets.token_bytes(7)).decode("ascii")[:10].lower()


def id_column() -> Mapped[int]:
    """The row's own key."""
    return mapped_column(BigId, primary_key=True, autoincrement=True)


def public_id_column() -> Mapped[str]:
    """The row's name for people."""
    return mapped_column(String(16), unique=True, default=public_id)


Columns = dict[str, Any]
