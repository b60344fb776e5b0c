"""The lease of a notice: one worker has it until the database's clock says otherwise, by an attempt number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from store.journal import Notice, NoticeStatus
from store.queue import database_now

QUEUED, SENDING = NoticeStatus.QUEUED.value, NoticeStatus.SENDING.value


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send a notice: whoever closes it must name the attempt that took it."""

    notice_id: int
    attempt: int


def take(session: Session, notice_id: int, now: datetime, seconds: float) -> Lease | None:
    """Take the notice if it is due and nobody has it, and nothing goes before it; else None.

    Notices to one person about one document leave in the order they were queued; one that failed lets the next pass.
    """
    earlier = aliased(Notice)
    in_front = exists().where(
        earlier.person_id == Notice.person_id,
        earlier.document_id == Notice.document_id,
        earlier.id < Notice.id,
        earlier.status.in_((QUEUED, SENDING)),
    )
    free = or_(
        and_(Notice.status == QUEUED, Notice.due <= now),
        and_(Notice.status == SENDING, Notice.leased_until < database_now(session)),
    )
    attempt = session.scalar(
        update(Notice)
        .where(Notice.id == notice_id, free, ~in_front)
        .values(status=SENDING, attempt=Notice.attempt + 1, leased_until=database_now(session, seconds))
        .returning(Notice.attempt)
        .execution_options(synchronize_session=False)
    )
    return None if attempt is None else Lease(notice_id, attempt)


def close(session: Session, lease: Lease, **changes: object) -> bool:
    """Write *changes* if the lease still holds; False when another attempt has taken the notice since."""
    closed = session.execute(
        update(Notice)
        .where(Notice.id == lease.notice_id, Notice.attempt == lease.attempt, Notice.status == SENDING)
        .values(leased_until=None, **changes)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return closed.one_or_none() is not None


def release_all(session: Session) -> None:
    """Put every leased notice back, where it is known that nobody is sending any more."""
    session.execute(
        update(Notice)
        .where(Notice.status == SENDING)
        .values(status=QUEUED, leased_until=None)
        .execution_options(synchronize_session=False)
    )


def next_in_line(session: Session, notice_id: int, person_id: int | None, document_id: int | None) -> int | None:
    """The notice that waited for this one, if any."""
    if person_id is None or document_id is None:
        return None
    return session.scalar(
        select(Notice.id)
        .where(
            Notice.person_id == person_id,
            Notice.document_id == document_id,
            Notice.id > notice_id,
            Notice.status == QUEUED,
        )
        .order_by(Notice.id)
        .limit(1)
    )
