"""How the printed documents of a supplier are laid out, and where on them a person showed us what stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, OfCompany, id_column, same_company
from store.types import Json


class Layout(OfCompany, Base):
    """The layout of one printed document, and what was learnt of it when somebody corrected how it was read."""

    __tablename__ = "layout"
    __table_args__ = (
        UniqueConstraint("company_id", "document_id"),
        Index(None, "company_id", "supplier_id", "id"),
        *same_company(("supplier_id", "supplier"), ("document_id", "document")),
    )

    id: Mapped[int] = id_column()
    supplier_id: Mapped[int]
    document_id: Mapped[int]
    seen: Mapped[Any] = mapped_column(Json)
    """Its marks and places, as `workflows.reading.Layout` writes them."""
    learnt: Mapped[Any | None] = mapped_column(Json)
    """By field: `at`, the keys of the places where it stands, and `wrong`, of those where it was read before."""
    created_at: Mapped[datetime]
    learnt_at: Mapped[datetime | None]
