"""How many mails, notices and documents there are by state, and how long the oldest due row waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.database import Database
from store.documents import Document
from store.journal import Notice, NoticeStatus, Timer
from store.mails import Mail, MailStatus
from store.queue import TIMER_TRIES


def counts(database: Database) -> dict[str, Any]:
    """What `postroom status --json` prints; `mails.kept` counts all mails ever kept, the others present states."""
    with database.read() as session:
        mails = _by(session, Mail.status)
        notices = _by(session, Notice.status)
        documents: dict[str, dict[str, int]] = {}
        rows = session.execute(
            select(Document.kind, Document.status, func.count())
            .group_by(Document.kind, Document.status)
            .order_by(Document.kind, Document.status)
        )
        for kind, status, number in rows:
            documents.setdefault(kind, {})[status] = number
    return {
        "mails": {
            "kept": sum(mails.values()),
            **{s.value: mails.get(s.value, 0) for s in MailStatus if s is not MailStatus.KEPT},
        },
        "notices": {
            "queued": notices.get(NoticeStatus.QUEUED.value, 0) + notices.get(NoticeStatus.SENDING.value, 0),
            "sent": notices.get(NoticeStatus.SENT.value, 0),
            "failed": notices.get(NoticeStatus.FAILED.value, 0),
        },
        "documents": documents,
    }


def waiting_since(database: Database) -> dict[str, datetime | None]:
    """Since when the oldest row of each queue has been due; None where nothing waits. A moment ahead is not due yet."""
    with database.read() as session:
        return {
            "route": session.scalar(
                select(func.min(Mail.due)).where(Mail.status.in_((MailStatus.KEPT, MailStatus.FAILED)))
            ),
            "deliver": session.scalar(
                select(func.min(Notice.due)).where(Notice.status.in_((NoticeStatus.QUEUED, NoticeStatus.SENDING)))
            ),
            "fire": session.scalar(select(func.min(Timer.due)).where(Timer.tries < TIMER_TRIES)),
        }


def _by(session: Session, column: Any) -> dict[str, int]:
    return {str(status): number for status, number in session.execute(select(column, func.count()).group_by(column))}
