"""Mails that came in: the source, kept once, and a row for each recipient of ours."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, id_column
from store.types import Json, Key


class MailStatus(StrEnum):
    """The life of a mail: kept, then acted (once, whole), or failed and tried again, or quarantined with its reason."""

    KEPT = "kept"
    ACTED = "acted"
    FAILED = "failed"
    QUARANTINED = "quarantined"


class Mail(Base):
    """A mail that we took; unique on the letter's digest, so the same letter by another hop is the same row."""

    __tablename__ = "mail"
    __table_args__ = (Index(None, "status", "due"),)

    id: Mapped[int] = id_column()
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    way: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str]
    """The envelope sender; empty for a bounce."""
    peer: Mapped[str | None] = mapped_column(String(64))
    """The address of the machine that handed it to us, for SPF; None where nobody can say."""
    helo: Mapped[str | None]
    """The name that it gave in EHLO or LHLO."""
    size: Mapped[int]
    received_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None]
    tries: Mapped[int]
    due: Mapped[datetime]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))
    author: Mapped[str | None]
    kind: Mapped[str | None] = mapped_column(String(16))
    message_id: Mapped[str | None]
    understanding: Mapped[Any | None] = mapped_column(Json)
    verdict: Mapped[Any | None] = mapped_column(Json)
    """How far its author was proved when it was first looked at: level, why, and whom a group stands for."""
    waits: Mapped[bool] = mapped_column(default=False)
    """Whether it waits for its author to say, by the confirm link, that it is theirs."""
    acted_at: Mapped[datetime | None]


class MailSource(Base):
    """The bytes as they came: here when small, in the blob store when large."""

    __tablename__ = "mail_source"

    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"), primary_key=True)
    source: Mapped[bytes | None]
    blob: Mapped[str | None]


class MailCopy(Base):
    """The same letter by a further hop, while the first proved too little: its head, for it may prove more.

    The body is the first one's, which the digest says is the same. Only a copy's own recipients count with it.
    """

    __tablename__ = "mail_copy"
    __table_args__ = (Index(None, "mail_id"),)

    id: Mapped[int] = id_column()
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"))
    way: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str]
    peer: Mapped[str | None] = mapped_column(String(64))
    helo: Mapped[str | None]
    head: Mapped[bytes]
    recipients: Mapped[Any] = mapped_column(Json)
    received_at: Mapped[datetime]
    verdict: Mapped[Any | None] = mapped_column(Json)
    """As for a mail; None until it was looked at."""


class MailRecipient(Base):
    """An address of ours that the mail came to; `key` is that of its reply token."""

    __tablename__ = "mail_recipient"
    __table_args__ = (UniqueConstraint("mail_id", "recipient"), Index(None, "key"))

    id: Mapped[int] = id_column()
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"))
    recipient: Mapped[str]
    key: Mapped[bytes | None] = mapped_column(Key)
    acted: Mapped[bool]
