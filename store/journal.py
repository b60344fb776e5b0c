"""What happened and what follows: events, notes, comments, files, notices, links and timers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, OfCompany, id_column, same_company
from store.types import Json, Key


class Event(OfCompany, Base):
    """Something that happened to a document. Its cause is unique, so acting twice is impossible.

    `digest` chains over the document's events: it covers the previous digest and a salted digest of the facts, so that
    erasing the facts leaves the chain verifiable.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("company_id", "id"),
        UniqueConstraint("company_id", "cause"),
        Index(None, "document_id", "id"),
        *same_company(("document_id", "document")),
    )

    id: Mapped[int] = id_column()
    document_id: Mapped[int]
    cause: Mapped[str] = mapped_column(String(160))
    name: Mapped[str] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    side: Mapped[str] = mapped_column(String(16))
    via: Mapped[str] = mapped_column(String(64))
    trust: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    from_status: Mapped[str | None] = mapped_column(String(32))
    to_status: Mapped[str | None] = mapped_column(String(32))
    version: Mapped[int]
    facts: Mapped[Any | None] = mapped_column(Json)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    facts_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


class _Said:
    """What notes and comments share."""

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author: Mapped[str]
    side: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    at: Mapped[datetime]


class Note(_Said, OfCompany, Base):
    """Words that crossed to the other side."""

    __tablename__ = "note"
    __table_args__ = (Index(None, "document_id"), *same_company(("document_id", "document"), ("event_id", "event")))


class Comment(_Said, OfCompany, Base):
    """Words that stay on the writer's own side; a table of its own, so that no query for notes can show one."""

    __tablename__ = "comment"
    __table_args__ = (Index(None, "document_id"), *same_company(("document_id", "document"), ("event_id", "event")))


class Attachment(OfCompany, Base):
    """A file that belongs to a document; `side` is whose own it is, None when both sides may see it."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("document_id", "sha256", "side"),
        *same_company(("document_id", "document"), ("event_id", "event")),
    )

    id: Mapped[int] = id_column()
    document_id: Mapped[int]
    event_id: Mapped[int | None]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"))
    name: Mapped[str]
    type: Mapped[str] = mapped_column(String(128))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    side: Mapped[str | None] = mapped_column(String(16))
    kind: Mapped[str | None] = mapped_column(String(32))
    """What kind of document it was read as."""
    at: Mapped[datetime]


class NoticeStatus(StrEnum):
    """The life of a notice: queued, leased by a worker while sending, then sent, failed, or skipped with a reason."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


class Notice(OfCompany, Base):
    """One mail to one person, with its facts frozen when it was queued. Its key is that of its reply token."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("company_id", "id"),
        UniqueConstraint("company_id", "cause"),
        Index(None, "status", "due"),
        Index(None, "person_id", "document_id"),
        *same_company(("document_id", "document"), ("event_id", "event")),
    )

    id: Mapped[int] = id_column()
    key: Mapped[bytes] = mapped_column(Key, unique=True)
    cause: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to_name: Mapped[str]
    to_address: Mapped[str]
    side: Mapped[str | None] = mapped_column(String(16))
    document_id: Mapped[int | None]
    event_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(16))
    shared: Mapped[bool]
    """Whether a reply to it is a note (read by both sides) or a comment (own side only)."""
    message_id: Mapped[str]
    in_reply_to: Mapped[str | None]
    references: Mapped[str]
    facts: Mapped[Any] = mapped_column(Json)
    status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None]
    tries: Mapped[int]
    due: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempt: Mapped[int]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Link(OfCompany, Base):
    """A button in a mail: it opens exactly its document and action, for its person, at its version."""

    __tablename__ = "link"
    __table_args__ = (Index(None, "document_id"), *same_company(("document_id", "document"), ("notice_id", "notice")))

    key: Mapped[bytes] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    document_id: Mapped[int | None]
    notice_id: Mapped[int | None]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"))
    step: Mapped[str] = mapped_column(String(32))
    version: Mapped[int | None]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]


class Timer(OfCompany, Base):
    """A step that the system takes at a moment: reminders, deadlines, escalations."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("document_id", "step"),
        Index(None, "due"),
        *same_company(("document_id", "document")),
    )

    id: Mapped[int] = id_column()
    document_id: Mapped[int]
    step: Mapped[str] = mapped_column(String(32))
    due: Mapped[datetime]
    tries: Mapped[int]
    reason: Mapped[str | None]
