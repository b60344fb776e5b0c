"""What a mailed link allows: the one place that decides whether it opens, and why it does not.

A link opens exactly its document and step, for its person, at its version. Looking changes nothing; a step that was
taken leaves an event whose cause is the link, and from then on the link shows that event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outbound.notices import Button, queue
from store import clock
from store.installation import Installation
from store.journal import Event, Link, Notice
from store.parties import Company, Person
from store.tokens import Purpose, key_text, new_key
from workflows.engine.act import Act
from workflows.engine.document import Document, load
from workflows.engine.telling import OPEN, notify
from workflows.engine.undoing import UNDO
from workflows.engine.workflow import Step
from workflows.parties import Member, member, members
from workflows.people import SYSTEM, Side, Trust
from workflows.sign_in import SIGN_IN, ask_sign_in

log = structlog.get_logger()

HOME = "home"
"""The step of a link that leads to the person's home page, by way of a sign-in."""
MAIL = "mail"
"""The step of a link that confirms that a mail without proof was its person's."""
VIA = "link"


class LinkState(StrEnum):
    """What a link is worth now."""

    OK = "ok"
    MISSING = "missing"
    """No link of ours."""
    FOREIGN = "foreign"
    """Its person has no part in the document any more."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    SPENT = "spent"
    """Its step was taken by it; it shows the result."""
    STALE = "stale"
    """The document has moved on since the link was mailed."""


@dataclass(frozen=True, slots=True)
class Decided:
    """An event as pages tell it: what, by whom, when."""

    event: str
    step: str
    by: str
    side: str
    at: datetime
    to_status: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was looked at. Without a row (`MISSING`) it has nothing but its state."""

    state: LinkState
    row: Link | None = None
    company: Company | None = None
    person: Member | None = None
    document: Document[Any] | None = None
    decided: Decided | None = None
    """For a spent link what it did; for a stale one the last thing that moved the document."""

    @property
    def cause(self) -> str:
        """The cause of what this link does."""
        assert self.row is not None
        return cause_of(self.row.key)

    @property
    def step(self) -> Step | None:
        """The declared step of the link; None where it only opens something."""
        if self.document is None or self.row is None or self.row.step not in self.document.workflow.steps:
            return None
        return self.document.workflow.named(self.row.step)


def cause_of(key: bytes) -> str:
    """The cause of what the link with *key* does: unique, so it acts once."""
    return f"link:{key_text(key)}"


def look(installation: Installation, token: str) -> Opened:
    """Find the link of *token* and decide what it allows now."""
    key = installation.tokens.key(Purpose.LINK, token)
    if key is None:
        return Opened(LinkState.MISSING)
    with installation.database.read() as session:
        row = session.get(Link, key)
        if row is None:
            return Opened(LinkState.MISSING)
        company = session.get_one(Company, row.company_id)
        document = None if row.document_id is None else load(session, row.document_id)
        person = _person(session, row, document)
        state = _state(session, row, document, person, clock.now())
        decided = None
        if document is not None and state in (LinkState.SPENT, LinkState.STALE):
            cause = cause_of(row.key) if state is LinkState.SPENT else None
            decided = last_decision(session, document.id, cause)
        return Opened(state, row, company, person, document, decided)


def last_decision(session: Session, document_id: int, cause: str | None = None) -> Decided | None:
    """The last event that moved a document, or the event of *cause*, or what took that back."""
    statement = (
        select(Event.name, Event.step, Person.name.label("by"), Event.side, Event.at, Event.to_status)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.document_id == document_id)
        .order_by(Event.id.desc())
        .limit(1)
    )
    if cause is None:
        statement = statement.where(Event.from_status.is_distinct_from(Event.to_status))
    else:
        statement = statement.where(Event.cause == cause)
    found = session.execute(statement).one_or_none()
    if found is not None and cause is not None:
        own = session.scalar(statement.with_only_columns(Event.id))
        undone = select(Event.cause, Event.facts).where(Event.document_id == document_id, Event.step == UNDO)
        for one in session.execute(undone):
            if own in (one.facts or {}).get("events", ()):
                return last_decision(session, document_id, one.cause)
    return None if found is None else Decided(found[0], found[1], found[2] or "", *found[3:])


def mark_seen(installation: Installation, opened: Opened) -> None:
    """Note that the link was looked at. Nothing depends on it: scanners of mails look at links, too."""
    row = opened.row
    if row is None or row.seen_at is not None:
        return
    with installation.database.write(row.company_id) as session:
        session.execute(
            update(Link).where(Link.key == row.key, Link.seen_at.is_(None)).values(seen_at=clock.now()),
            execution_options={"synchronize_session": False},
        )


def use_up(installation: Installation, row: Link) -> None:
    """Let a link that has no step of a document work no second time."""
    with installation.database.write(row.company_id) as session:
        session.execute(
            update(Link).where(Link.key == row.key, Link.revoked_at.is_(None)).values(revoked_at=clock.now()),
            execution_options={"synchronize_session": False},
        )


def make_open_link(session: Session, installation: Installation, visitor: Member, document: Document[Any]) -> bytes:
    """The key of a link that opens *document* for somebody who holds a link already and has just made it."""
    now = clock.now()
    known = session.execute(
        select(Link.key).where(
            Link.company_id == document.company_id,
            Link.document_id == document.id,
            Link.person_id == visitor.person_id,
            Link.step == OPEN,
            Link.revoked_at.is_(None),
            Link.expires_at > now,
        )
    ).first()
    if known is not None:
        return bytes(known[0])
    key = new_key()
    session.execute(
        insert(Link).values(
            key=key,
            company_id=document.company_id,
            person_id=visitor.person_id,
            document_id=document.id,
            notice_id=None,
            mail_id=None,
            step=OPEN,
            version=None,
            expires_at=now + timedelta(days=installation.link_days),
            revoked_at=None,
            seen_at=None,
        )
    )
    return key


def ask_fresh(installation: Installation, opened: Opened) -> None:
    """Mail a fresh link to the person on file, at most one for each link and hour; who asks is told nothing more."""
    row, person = opened.row, opened.person
    if row is None or person is None or opened.company is None or opened.state is LinkState.FOREIGN:
        return
    if row.step in (SIGN_IN, HOME):
        ask_sign_in(installation, person.address)
        return
    now = clock.now()
    cause = f"fresh:{key_text(row.key)}:{now:%Y%m%d%H}"
    try:
        with installation.database.write(row.company_id) as session:
            company = session.get_one(Company, row.company_id)
            act = Act(installation, session, company, SYSTEM, cause, now=now)
            if row.document_id is not None and row.step != MAIL:
                notify(act, load(session, row.document_id), "fresh-link", person)
            else:
                button = Button(row.step, True, row.document_id, row.version, row.mail_id)
                to = person.recipient(company)
                queue(session, installation, company, "fresh-link", to, {}, cause=cause, now=now, buttons=[button])
    except IntegrityError:
        # Asked twice at the same moment: the other one has queued it.
        log.info("fresh_link_asked_twice", link=key_text(row.key))


def _state(
    session: Session, row: Link, document: Document[Any] | None, person: Member | None, now: datetime
) -> LinkState:
    if person is None:
        return LinkState.FOREIGN
    if row.expires_at <= now:
        return LinkState.EXPIRED
    if row.revoked_at is not None:
        return LinkState.SPENT if row.step in (SIGN_IN, MAIL) else LinkState.REVOKED
    if document is None:
        return LinkState.OK
    spent = select(Event.id).where(Event.company_id == row.company_id, Event.cause == cause_of(row.key))
    if session.execute(spent).one_or_none() is not None:
        return LinkState.SPENT
    step = document.workflow.steps.get(document.workflow.aliases.get(row.step, row.step))
    if step is None:
        return LinkState.OK
    if (row.version is not None and row.version < document.links_from) or document.status not in step.sources:
        return LinkState.STALE
    return LinkState.OK if step.who(document, person.actor(Trust.PERSONAL, VIA)) else LinkState.FOREIGN


def _person(session: Session, row: Link, document: Document[Any] | None) -> Member | None:
    """The link's person on the side to which it was mailed; None when they have no part in the document (any more)."""
    if document is None:
        return member(session, row.company_id, row.person_id)
    side = session.execute(select(Notice.side).where(Notice.id == row.notice_id)).scalar_one_or_none()
    sides = [None] if side == Side.BUYER.value else [document.supplier_id]
    if side is None:
        sides.append(None)
    for supplier_id in sides:
        for one in members(session, row.company_id, supplier_id):
            if one.person_id == row.person_id and (supplier_id is not None or one.side is Side.BUYER):
                return one
    return None
