"""A visit: who is at a page, on which side, how they came, and how they read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.parties import Company, Person
from store.tokens import key_text, new_key
from templates.environment import Reader
from workflows.links import VIA, Opened
from workflows.parties import Member
from workflows.people import Actor, Side, Trust
from workflows.sign_in import SignedIn

PAGE = "page"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at the pages of one document. `path` is where it is; `form_token` returns with each form, if any."""

    company: Company
    member: Member
    actor: Actor
    reader: Reader
    path: str
    cause: str
    form_token: str = ""
    signed_in: bool = False

    @property
    def side(self) -> Side:
        """The visitor's side."""
        return self.actor.side

    def cause_for(self, nonce: str, what: str) -> str:
        """The cause of one press of a button: the same form sent twice has the same, another answer another.

        The digest is of what was asked: a page that is gone back to and filled in otherwise is not taken for a repeat.
        """
        digest = hashlib.sha256(what.encode()).hexdigest()[:16]
        return f"{self.press(nonce)}{digest}"

    def press(self, nonce: str) -> str:
        """How the causes of everything begin that was asked with one rendering of a form."""
        return f"{self.cause}:{_plain(nonce)}:"


def by_link(session: Session, opened: Opened, token: str) -> Visit:
    """The visit of who holds a mailed link: their person, proved by the mailbox it was sent to."""
    assert opened.person is not None
    assert opened.company is not None
    actor = opened.person.actor(Trust.PERSONAL, VIA)
    reader = reader_of(session, opened.person, opened.company)
    return Visit(opened.company, opened.person, actor, reader, f"/l/{token}", opened.cause)


def by_page(session: Session, signed_in: SignedIn, member: Member, company: Company, public_id: str) -> Visit:
    """The visit of a signed-in person."""
    actor = member.actor(Trust.SIGNED_IN, PAGE)
    reader = reader_of(session, member, company)
    return Visit(company, member, actor, reader, f"/d/{public_id}", PAGE, signed_in.form_token, True)


def reader_of(session: Session, member: Member, company: Company) -> Reader:
    """In which language, locale and time zone the member reads."""
    zone = session.execute(select(Person.time_zone).where(Person.id == member.person_id)).scalar_one_or_none()
    return Reader(member.language or company.language, member.locale or "", zone or company.time_zone)


def new_nonce() -> str:
    """A name for one rendering of a form."""
    return key_text(new_key())


def _plain(nonce: str) -> str:
    return "".join(c for c in nonce[:26] if c.isascii() and c.isalnum())
