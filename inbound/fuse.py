"""A fuse against loops: two machines that answer each other through us are stopped, and a person looks at it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inbound.errors import LoopSuspected
from inbound.understood import Understanding
from store.journal import Event, Notice
from store.prepared import Prepared

MOST = 20
WITHIN = timedelta(hours=2)

_ANSWERS = Prepared(
    select(Notice.created_at)
    .where(
        Notice.person_id.is_not_distinct_from(bindparam("person_id")),
        Notice.document_id == bindparam("document_id"),
        Notice.name == "answer",
    )
    .order_by(Notice.id.desc())
    .limit(1)
    .offset(MOST - 1)
)
_BY_THEM = select(Event.at, Event.cause).where(
    Event.document_id == bindparam("document_id"),
    Event.person_id.is_not_distinct_from(bindparam("person_id")),
    Event.side == bindparam("side"),
    Event.cause.startswith("mail:"),
)
_MANY = Prepared(_BY_THEM.order_by(Event.id.desc()).limit(1).offset(MOST - 1))
_RECENT = Prepared(_BY_THEM.where(Event.at > bindparam("since")).order_by(Event.id.desc()).limit(MOST * 20))


def watch(session: Session, found: Understanding, now: datetime) -> None:
    """Raise `LoopSuspected` when the author of this mail had 20 answers, or 20 mails acted on, here in two hours."""
    since = now - WITHIN
    for about in found.about:
        document = about.document
        if document is None:
            continue
        who = {"document_id": document.id, "person_id": about.writer.actor.person_id}
        side = about.writer.actor.side.value
        answered = _ANSWERS.value(session, **who)
        if answered is not None and answered > since:
            raise LoopSuspected(document.label)
        many = _MANY.first(session, **who, side=side)
        if many is not None and many.at > since:
            recent = _RECENT.all(session, **who, side=side, since=since)
            if len({":".join(row.cause.split(":")[:2]) for row in recent}) >= MOST:
                raise LoopSuspected(document.label)
