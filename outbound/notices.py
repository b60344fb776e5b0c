"""Queues notices: one mail to one person, its facts and its Message-ID frozen in the commit that made it due."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from store.database import nudge
from store.installation import Installation
from store.journal import Link, Notice, NoticeStatus
from store.parties import Company
from store.prepared import Prepared, prepared_insert
from store.tokens import Purpose, key_text, new_key

ONE_SIDED = frozenset(
    (
        *("invoice-differs", "invoice-to-approve", "invoice-unconfirmed", "comment", "proposal-submitted"),
        *("credit-note-differs", "credit-note-to-approve", "credit-note-unconfirmed"),
        *("address-failed", "mail-failed", "confirm-sender", "sign-in", "fresh-link", "stranger", "user-invited"),
    )
)
"""Notices that go to one side only; a reply to one is a comment. A reply to any other is a note, read by both."""

_BEFORE = Prepared(
    select(Notice.id).where(Notice.company_id == bindparam("company_id"), Notice.cause == bindparam("cause"))
)
_OF_PERSON = select(Notice.id, Notice.message_id, Notice.status, Notice.tries, Notice.due).where(
    Notice.person_id == bindparam("person_id"), Notice.document_id == bindparam("document_id")
)
_FIRST = Prepared(_OF_PERSON.order_by(Notice.id).limit(1))
_LAST = Prepared(_OF_PERSON.order_by(Notice.id.desc()).limit(1))
_WAITS_NO_MORE = Prepared(
    update(Notice)
    .where(Notice.id == bindparam("notice"), Notice.status == NoticeStatus.QUEUED.value)
    .values(due=bindparam("now"))
)
_QUEUE = prepared_insert(Notice, returning=Notice.id)
_LINK = prepared_insert(Link)


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a notice goes; `person_id` is None for a stranger, who gets no links."""

    person_id: int | None
    name: str
    address: str
    language: str
    side: str | None


@dataclass(frozen=True, slots=True)
class Button:
    """A link to make for the recipient: it opens exactly this step of this document, at this version."""

    step: str
    primary: bool = False
    document_id: int | None = None
    version: int | None = None
    mail_id: int | None = None


def is_queued(session: Session, company: Company, name: str, to: Recipient, cause: str) -> bool:
    """Whether *cause* queued the notice *name* to this person before, so that `queue` would do nothing."""
    return bool(_BEFORE.first(session, company_id=company.id, cause=_full_cause(cause, name, to)))


def _full_cause(cause: str, name: str, to: Recipient) -> str:
    return f"{cause}>{name}>{to.person_id or hashlib.sha256(to.address.encode()).hexdigest()[:16]}"


def queue(
    session: Session,
    installation: Installation,
    company: Company,
    name: str,
    to: Recipient,
    facts: Mapping[str, object],
    *,
    cause: str,
    now: datetime,
    due: datetime | None = None,
    document_id: int | None = None,
    event_id: int | None = None,
    buttons: Sequence[Button] = (),
    shared: bool | None = None,
    in_reply_to: str | None = None,
) -> int | None:
    """Queue the notice *name* and return its id; None when the same cause queued it to this person before.

    It leaves at *due*, if not at once. Notices to one person about one document leave in their order: one before it
    that still waited for company waits no more.
    """
    full_cause = _full_cause(cause, name, to)
    if _BEFORE.first(session, company_id=company.id, cause=full_cause):
        return None
    key = new_key()
    shared = name not in ONE_SIDED if shared is None else shared
    made = [(new_key(), button) for button in buttons] if to.person_id is not None else []
    links = [{"key": key_text(link_key), "step": button.step, "primary": button.primary} for link_key, button in made]
    message_id = f"{installation.tokens.token(Purpose.REPLY, key)}@{company.mail_domain}"
    first, last = _thread(session, to.person_id, document_id)
    ends = [end.message_id for end in (first, last) if end is not None]
    parent = in_reply_to or (ends[-1] if ends else None)
    references = " ".join(dict.fromkeys(ref for ref in (*ends, parent) if ref))
    notice_id: int = _QUEUE.value(
        session,
        company_id=company.id,
        key=key,
        cause=full_cause,
        name=name,
        person_id=to.person_id,
        to_name=to.name,
        to_address=to.address,
        side=to.side,
        document_id=document_id,
        event_id=event_id,
        language=to.language,
        shared=shared,
        message_id=message_id,
        in_reply_to=parent,
        references=references,
        facts={
            "company": {"name": company.name},
            "person": {"name": to.name, "address": to.address},
            "side": to.side,
            "readers": "both" if shared else "own",
            "links": links,
            **facts,
        },
        status=NoticeStatus.QUEUED.value,
        reason=None,
        tries=0,
        due=due or now,
        leased_until=None,
        attempt=0,
        created_at=now,
        sent_at=None,
    )
    for link_key, button in made:
        _LINK.all(
            session,
            company_id=company.id,
            key=link_key,
            person_id=to.person_id,
            document_id=button.document_id,
            notice_id=notice_id,
            mail_id=button.mail_id,
            step=button.step,
            version=button.version,
            expires_at=now + timedelta(days=installation.link_days),
            revoked_at=None,
            seen_at=None,
        )
    queued: set[int] = session.info.setdefault("queued", set())
    if due is not None and due > now:
        queued.add(notice_id)
        return notice_id  # the sweeper finds it
    if last is not None and last.status == NoticeStatus.QUEUED and not last.tries and last.due > now:
        _WAITS_NO_MORE.all(session, notice=last.id, now=now)
        queued.discard(last.id)
        nudge(session, "deliver", last.id)
    elif last is None or last.id not in queued:  # else it is nudged when the one before it has left
        nudge(session, "deliver", notice_id)
    queued.add(notice_id)
    return notice_id


def _thread(session: Session, person_id: int | None, document_id: int | None) -> tuple[Any, Any]:
    """The first and the last notice to this person about this document, as rows of id and Message-ID."""
    if person_id is None or document_id is None:
        return None, None
    ids = {"person_id": person_id, "document_id": document_id}
    return _FIRST.first(session, **ids), _LAST.first(session, **ids)
