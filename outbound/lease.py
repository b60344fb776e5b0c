"""The lease of a notice: one worker has it until the database's clock says otherwise, by an attempt number.

The statements are built once: building them costs more than running them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from store.journal import Notice, NoticeStatus
from store.prepared import Prepared
from store.queue import database_now

QUEUED, SENDING = NoticeStatus.QUEUED.value, NoticeStatus.SENDING.value

_NOTICES = Notice.metadata.tables["notice"]
_OWN = _NOTICES.c


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send a notice: whoever closes it must name the attempt that took it."""

    notice_id: int
    attempt: int


def take(connection: Connection, notice_id: int, now: datetime, seconds: float) -> Lease | None:
    """Take the notice if it is due and nobody has it, and nothing goes before it; else None.

    Notices to one person about one document leave in the order they were queued; one that failed lets the next pass.
    """
    statement = _take(connection.dialect.name == "sqlite", seconds)
    attempt = statement.value(connection, notice=notice_id, moment=now)
    return None if attempt is None else Lease(notice_id, attempt)


def close(session: Session | Connection, lease: Lease, **changes: object) -> bool:
    """Write *changes* if the lease still holds; False when another attempt has taken the notice since."""
    statement = _close(tuple(changes))
    return statement.first(session, notice=lease.notice_id, taken=lease.attempt, **changes) is not None


def release_all(session: Session) -> None:
    """Put every leased notice back, where it is known that nobody is sending any more."""
    session.connection().execute(
        update(_NOTICES).where(_OWN.status == SENDING).values(status=QUEUED, leased_until=None)
    )


def next_in_line(
    session: Session | Connection, notice_id: int, person_id: int | None, document_id: int | None
) -> int | None:
    """The notice that waited for this one, if any."""
    if person_id is None or document_id is None:
        return None
    found: int | None = _NEXT.value(session, notice=notice_id, person=person_id, document=document_id)
    return found


@cache
def _take(sqlite: bool, seconds: float) -> Prepared:
    earlier = _NOTICES.alias()
    in_front = exists().where(
        earlier.c.person_id == _OWN.person_id,
        earlier.c.document_id == _OWN.document_id,
        earlier.c.id < _OWN.id,
        or_(earlier.c.status == QUEUED, earlier.c.status == SENDING),
    )
    free = or_(
        (_OWN.status == QUEUED) & (_OWN.due <= bindparam("moment")),
        (_OWN.status == SENDING) & (_OWN.leased_until < database_now(sqlite)),
    )
    return Prepared(
        update(_NOTICES)
        .where(_OWN.id == bindparam("notice"), free, ~in_front)
        .values(status=SENDING, attempt=_OWN.attempt + 1, leased_until=database_now(sqlite, seconds))
        .returning(_OWN.attempt)
    )


@cache
def _close(names: tuple[str, ...]) -> Prepared:
    return Prepared(
        update(_NOTICES)
        .where(_OWN.id == bindparam("notice"), _OWN.attempt == bindparam("taken"), _OWN.status == SENDING)
        .values(leased_until=None, **{name: bindparam(name) for name in names})
        .returning(_OWN.id)
    )


_NEXT = Prepared(
    select(_OWN.id)
    .where(
        _OWN.person_id == bindparam("person"),
        _OWN.document_id == bindparam("document"),
        _OWN.id > bindparam("notice"),
        _OWN.status == QUEUED,
    )
    .order_by(_OWN.id)
    .limit(1)
)
