"""What webhooks have brought: tokens that are good once, and what waits for the operator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base


class HookSeen(Base):
    """A name that a webhook used (a token, a topic), with the digest of what came with it, or a note."""

    __tablename__ = "hook_seen"

    way: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(256), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    seen_at: Mapped[datetime]
    note: Mapped[str | None]
