"""Delivers a notice: leased, composed from its row alone, handed to the relay, marked. The row owns what follows.

SMTP is at least once: a worker that dies after sending sends again, with the same Message-ID.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from outbound import lease
from outbound.attached import attachments
from outbound.compose import Notice as Letter
from outbound.compose import Sender, compose
from outbound.errors import About, MailRefused, RelayAway
from outbound.relay import Relay
from outbound.reply_address import from_address, reply_address
from outbound.undelivered import tell_buyer
from store import clock
from store.conflicts import away
from store.database import nudge
from store.documents import Document
from store.installation import Installation
from store.journal import Notice, NoticeStatus
from store.parties import Company, Person
from store.prepared import Prepared
from store.queue import DELIVER
from store.tokens import Purpose, key_from_text

log = structlog.get_logger()

AUTO_REPLIED = frozenset({"answer", "confirm-sender", "stranger", "mail-failed", "address-failed", "fresh-link"})
"""Answers to a mail or a failure: they go out with an empty envelope sender, so that they are never answered."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
PAUSES = (0.1, 0.4, 1.5, 4.0)
"""Seconds between the tries to note what became of a mail, while the database is away."""

_ROW = Prepared(
    select(
        Notice.key, Notice.name, Notice.status, Notice.due, Notice.tries, Notice.person_id, Notice.document_id,
        Notice.company_id, Notice.language, Notice.message_id, Notice.in_reply_to, Notice.references, Notice.to_name,
        Notice.to_address, Notice.facts, Company.name.label("company_name"), Company.mail_domain, Company.mailbox,
        Company.reply_style, Company.time_zone.label("company_zone"), Person.locale, Person.time_zone,
        Document.public_id,
    )
    .join(Company, Company.id == Notice.company_id)
    .outerjoin(Person, Person.id == Notice.person_id)
    .outerjoin(Document, Document.id == Notice.document_id)
    .where(Notice.id == bindparam("notice"))
)  # fmt: skip


def deliver(installation: Installation, relay: Relay, notice_id: int) -> bool:
    """Deliver the notice if it is due, and say whether this call took it up.

    Safe to call twice and at once. A refusal for good marks it failed, flags the address and tells the buyer; anything
    else puts it back, to go later.
    """
    if relay.away:
        return False
    database = installation.database
    now = clock.now()
    with database.read_rows() as connection:
        row = _ROW.first(connection, notice=notice_id)
    if row is None or row.status not in (lease.QUEUED, lease.SENDING) or row.due > now:
        return False
    with database.write_rows(durable=False) as connection:  # after a power failure nobody holds a lease
        taken = lease.take(connection, notice_id, now, relay.longest)
    if taken is None:
        return False
    try:
        sender, mail = _composed(installation, row)
        relay.send(sender, row.to_address, mail)
    except RelayAway as error:
        log.warning("relay_away", notice=notice_id, error=str(error))
        _close(installation, taken, row, status=lease.QUEUED, reason="the relay is away")
    except MailRefused as refused:
        _refused(installation, taken, row, refused)
    except Exception as error:  # whatever a template or a blob raises costs only this notice
        log.exception("notice_not_composed", notice=notice_id, name=row.name)
        _again(installation, taken, row, f"could not be composed: {type(error).__name__}")
    else:
        log.info("notice_sent", notice=notice_id, name=row.name, size=len(mail))
        _close(installation, taken, row, status=NoticeStatus.SENT.value, reason=None, sent_at=clock.now())
    return True


def wait_before(tries: int) -> timedelta:
    """How long a notice rests after its *tries*-th failure: a minute, then twice as long each time, at most 4 hours."""
    longest: timedelta = min(FIRST_WAIT * (1 << min(tries - 1, 16)), LONGEST_WAIT)
    return longest


def _composed(installation: Installation, row: Any) -> tuple[str, bytes]:
    """The envelope sender and the mail, from the row alone; no transaction is open."""
    tokens = installation.tokens
    reply_to = reply_address(tokens, row, row.key)
    answer = row.name in AUTO_REPLIED

    def print_link(key: str) -> str:
        return f"{installation.base_url}/l/{tokens.token(Purpose.LINK, key_from_text(key))}"

    letter = Letter(
        name=row.name,
        language=row.language,
        message_id=row.message_id,
        in_reply_to=row.in_reply_to,
        references=tuple(row.references.split()),
        to_name=row.to_name,
        to_address=row.to_address,
        reply_to=reply_to,
        auto_submitted="auto-replied" if answer else "auto-generated",
        facts=row.facts,
        attachments=attachments(row.name, row.language, row.facts, installation.blobs),
        figures=row.locale or "",
        zone=row.time_zone or row.company_zone,
        headers=(("X-Postroom-Notice", row.name),),
        mark=f"[#{row.public_id}]" if row.reply_style == "plain" and row.public_id else "",
    )
    sender = Sender(row.company_name, from_address(row, reply_to))
    return "" if answer else reply_to, compose(letter, sender, print_link)


def _refused(installation: Installation, taken: lease.Lease, row: Any, refused: MailRefused) -> None:
    log.warning("notice_refused", notice=taken.notice_id, name=row.name, code=refused.code, about=refused.about.value)
    if not refused.permanent:
        _again(installation, taken, row, str(refused))
        return
    with installation.database.write() as session:
        if _mark(session, taken, row, status=NoticeStatus.FAILED.value, reason=str(refused)):
            if refused.about is About.ADDRESS and row.person_id is not None:
                session.execute(update(Person).where(Person.id == row.person_id).values(address_failed_at=clock.now()))
            tell_buyer(session, installation, taken.notice_id, refused)
            _nudge_following(session, taken, row)


def _again(installation: Installation, taken: lease.Lease, row: Any, reason: str) -> None:
    """Put the notice back with a longer wait, or mark it failed after its last try."""
    tries = row.tries + 1
    if tries < installation.notice_tries:
        due = clock.now() + wait_before(tries)
        _close(installation, taken, row, status=lease.QUEUED, reason=reason, tries=tries, due=due)
        return
    with installation.database.write() as session:
        if _mark(session, taken, row, status=NoticeStatus.FAILED.value, reason=reason, tries=tries):
            tell_buyer(session, installation, taken.notice_id, None)
            _nudge_following(session, taken, row)


def _close(installation: Installation, taken: lease.Lease, row: Any, **changes: object) -> None:
    """Close the lease; a database that is away for a moment is waited for, else a mail that has left goes out again."""
    for pause in (*PAUSES, None):
        try:
            with installation.database.write_rows() as connection:
                following = _mark(connection, taken, row, **changes) and _following(connection, taken, row)
            break
        except DBAPIError as error:
            if pause is None or not away(error):
                raise
            log.warning("lease_not_closed", notice=taken.notice_id, error=type(error).__name__)
            time.sleep(pause)
    if following and changes["status"] != lease.QUEUED:
        installation.database.send_nudge(DELIVER, following)


def _mark(connection: Session | Connection, taken: lease.Lease, row: Any, **changes: object) -> bool:
    """Close the lease; False when another attempt has the notice."""
    closed = lease.close(connection, taken, **changes)
    if not closed:
        log.warning("lease_lost", notice=taken.notice_id, name=row.name, attempt=taken.attempt)
    return closed


def _following(connection: Session | Connection, taken: lease.Lease, row: Any) -> int | None:
    """The notice that waited for this one."""
    return lease.next_in_line(connection, taken.notice_id, row.person_id, row.document_id)


def _nudge_following(session: Session, taken: lease.Lease, row: Any) -> None:
    following = _following(session, taken, row)
    if following is not None:
        nudge(session, DELIVER, following)
