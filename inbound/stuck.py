"""Mails that were given up: those that came to a company wait for its people, who see why and may try them again.

What such a mail says is not shown: nobody has told yet whose it is, and a supplier's words cross by their word alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from inbound.errors import LoopSuspected
from store import clock
from store.conflicts import retried
from store.database import nudge
from store.installation import Installation
from store.journal import Notice
from store.mails import Mail, MailRecipient, MailStatus
from store.parties import Company
from templates.words import N_
from workflows.errors import TransitionNotAllowed

log = structlog.get_logger()

LOOP = N_("Two machines seem to answer each other, so it was stopped.")
OURS = N_("We could not finish with it, %(tries)s times: %(fault)s. The people who run Postroom see more in its log.")
GONE = N_("It is being tried again already, or was done meanwhile.")


@dataclass(frozen=True, slots=True)
class Stuck:
    """A mail that was given up. `why` is a sentence of the catalogues with what fills it."""

    mail_id: int
    digest: bytes
    sender: str
    received_at: datetime
    why: dict[str, Any]


def stuck_mails(session: Session, company_id: int, most: int, digest: bytes | None = None) -> list[Stuck]:
    """Up to *most* given-up mails that came to the company, the newest first; with *digest* only that one."""
    statement = (
        select(Mail.id, Mail.digest, Mail.sender, Mail.received_at, Mail.reason, Mail.tries)
        .where(Mail.status == MailStatus.QUARANTINED.value, _came_to(company_id))
        .order_by(Mail.id.desc())
        .limit(most)
    )
    if digest is not None:
        statement = statement.where(Mail.digest == digest)
    return [
        Stuck(row.id, bytes(row.digest), row.sender, row.received_at, _why(row.reason or "", row.tries))
        for row in session.execute(statement)
    ]


@retried
def try_again(installation: Installation, mail_id: int) -> None:
    """Let the mail be routed anew, with all its tries. Raises `TransitionNotAllowed` if it is under way or done."""
    with installation.database.write() as session:
        taken = session.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.status == MailStatus.QUARANTINED.value)
            .values(status=MailStatus.KEPT.value, tries=0, due=clock.now())
            .returning(Mail.id),
            execution_options={"synchronize_session": False},
        ).one_or_none()
        if taken is None:
            raise TransitionNotAllowed(GONE)
        nudge(session, "route", mail_id)
    log.info("mail_tried_again", mail=mail_id)


def _came_to(company_id: int) -> ColumnElement[bool]:
    """Whether a mail came to the company's mailbox, or answers a notice of the company."""
    mailbox = select(Company.mailbox).where(Company.id == company_id).scalar_subquery()
    of_notice = exists().where(Notice.key == MailRecipient.key, Notice.company_id == company_id)
    return exists().where(MailRecipient.mail_id == Mail.id, or_(MailRecipient.recipient == mailbox, of_notice))


def _why(reason: str, tries: int) -> dict[str, Any]:
    """The reason in words; an error's own text may quote the mail, so that its kind alone is told."""
    fault = reason.partition(":")[0]
    if fault == LoopSuspected.__name__:
        return {"text": LOOP, "params": {}}
    return {"text": OURS, "params": {"tries": str(tries), "fault": fault or "?"}}
