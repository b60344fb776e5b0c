"""Signing in: a link mailed to the address on file opens a session; the cookie's token names its row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from outbound.notices import Button, Recipient, queue
from store import clock
from store.conflicts import retried
from store.installation import Installation
from store.journal import Link
from store.parties import Company, Membership, Person, SignIn
from store.tokens import Purpose, key_text, new_key

log = structlog.get_logger()

SIGN_IN = "sign_in"
"""The step of a link that signs its person in, once."""
LINK_MINUTES = 30
SESSION_DAYS = 7


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person in a signed-in browser. `form_token` must come back with each form of that browser."""

    key: bytes
    person_id: int
    name: str
    address: str
    language: str | None
    locale: str | None
    time_zone: str | None
    form_token: str


def ask_sign_in(installation: Installation, address: str) -> None:
    """Mail a sign-in link to *address* if it is a member's, at most one in five minutes; nothing tells which."""
    now = clock.now()
    with installation.database.read() as session:
        found = session.execute(
            select(Person.id, Person.name, Person.address, Person.language, Membership)
            .join(Membership, Membership.person_id == Person.id)
            .where(Person.address == address.strip().lower())
            .order_by(Membership.id)
            .limit(1)
        ).one_or_none()
    if found is None:
        log.info("sign_in_unknown")
        return
    joined: Membership = found.Membership
    cause = f"sign_in:{found.id}:{int(now.timestamp()) // 300}"
    try:
        with installation.database.write(joined.company_id) as session:
            company = session.get_one(Company, joined.company_id)
            side = "buyer" if joined.supplier_id is None else "supplier"
            to = Recipient(found.id, found.name, found.address, found.language or company.language, side)
            notice = queue(
                session, installation, company, "sign-in", to, {}, cause=cause, now=now, buttons=[Button(SIGN_IN, True)]
            )
            if notice is not None:
                session.execute(
                    update(Link)
                    .where(Link.notice_id == notice)
                    .values(expires_at=now + timedelta(minutes=LINK_MINUTES)),
                    execution_options={"synchronize_session": False},
                )
    except IntegrityError:
        # Asked twice at the same moment: the other one has queued it.
        log.info("sign_in_asked_twice", person=found.id)


@retried
def begin_session(installation: Installation, link: Link) -> str | None:
    """Use the sign-in *link* up and open a session; returns the cookie's token, None if the link was used before."""
    now = clock.now()
    key = new_key()
    with installation.database.write() as session:
        used = session.execute(
            update(Link).where(Link.key == link.key, Link.revoked_at.is_(None)).values(revoked_at=now),
            execution_options={"synchronize_session": False},
        )
        if getattr(used, "rowcount", 1) != 1:
            return None
        session.execute(
            insert(SignIn).values(
                key=key, person_id=link.person_id, expires_at=now + timedelta(days=SESSION_DAYS), revoked_at=None
            )
        )
    log.info("signed_in", session=key_text(key)[:6])
    return installation.tokens.token(Purpose.SESSION, key)


def session_of(installation: Installation, token: str) -> SignedIn | None:
    """Whose session the cookie's *token* is; None when there is none, or it has ended."""
    key = installation.tokens.key(Purpose.SESSION, token)
    if key is None:
        return None
    now: datetime = clock.now()
    with installation.database.read() as session:
        found = session.execute(
            select(Person.id, Person.name, Person.address, Person.language, Person.locale, Person.time_zone)
            .join(SignIn, SignIn.person_id == Person.id)
            .where(SignIn.key == key, SignIn.expires_at > now, SignIn.revoked_at.is_(None))
        ).one_or_none()
    return None if found is None else SignedIn(key, *found, installation.tokens.token(Purpose.FORM, key))


def end_session(installation: Installation, signed_in: SignedIn) -> None:
    """End the session: its cookie opens nothing any more."""
    with installation.database.write() as session:
        session.execute(
            update(SignIn).where(SignIn.key == signed_in.key).values(revoked_at=clock.now()),
            execution_options={"synchronize_session": False},
        )
