"""Finds what a mail is about: the thread says who is talking and where to answer.

In order of evidence: the reply address's token, Message-IDs of ours that it answers, a token quoted in the text (good
for a note only), the mark in the subject, a document number in the subject, the company's own mailbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inbound.assigned import supplier_of_sender
from inbound.letter import Letter
from inbound.recipients import POSTMASTER
from store.documents import Document
from store.installation import Installation
from store.journal import Event, Link, Notice
from store.parties import Company
from store.prepared import Prepared
from store.tokens import TOKEN_CHARACTERS, Purpose
from workflows.parties import memberships
from workflows.people import Side

_TOKEN = re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{TOKEN_CHARACTERS}}}(?![a-z2-7])", re.IGNORECASE)
_MARK = re.compile(r"\[#([a-z2-7]{10})\]")
_NUMBER = re.compile(r"[\w./-]{3,40}")
_LOOKED_AT = 20

_ANSWERED = Prepared(
    select(
        Notice.key,
        Notice.company_id,
        Notice.document_id,
        Notice.person_id,
        Notice.side,
        Notice.shared,
        Notice.name,
        Event.version,
    )
    .outerjoin(Event, Event.id == Notice.event_id)
    .where(Notice.key == bindparam("key"))
)


@dataclass(frozen=True, slots=True)
class Thread:
    """A document talked about in a company. `side` and `person_id` are those of the notice that was answered.

    `shared` tells whether a reply is read by both sides; `weak` that the evidence is good for a note only.
    """

    company_id: int
    document_id: int | None
    how: str
    person_id: int | None = None
    side: Side | None = None
    shared: bool = True
    notice: str | None = None
    version: int | None = None
    """The version of the document that the answered notice showed."""
    weak: bool = False
    inside: frozenset[Side] = frozenset()
    """Whose internal addresses the mail came to; empty where that is not known."""
    named: bool = False
    """Whether only a document number leads here: that is no secret, so it takes a proved sender even for a note."""

    def stays_with(self, side: Side) -> bool:
        """Whether what *side* says here is for its own people alone.

        What the other side says to an internal address that it should not have is meant for this side all the same.
        """
        return not self.shared and (not self.inside or side in self.inside)


def find_threads(
    session: Session, installation: Installation, letter: Letter, recipients: Sequence[tuple[str, bytes | None]]
) -> list[Thread]:
    """The threads of all recipients of ours, else what other evidence says; empty when there is none at all."""
    found = _by_keys(session, [key for _, key in recipients if key], "reply address")
    companies = session.scalars(select(Company).where(Company.mailbox.in_([a for a, _ in recipients]))).all()
    if found:
        answered_in = {thread.company_id for thread in found}
        return [*found, *(_mailbox_of(company) for company in companies if company.id not in answered_in)]
    answered = (*reversed(letter.in_reply_to), *reversed(letter.references))[:_LOOKED_AT]
    for key in _keys_in(installation, answered):
        if found := _by_keys(session, [key], "message that it answers"):
            return found
    for key in _keys_in(installation, _TOKEN.findall(letter.text[:200_000])[:_LOOKED_AT]):
        if found := _by_keys(session, [key], "token in the text"):
            return [replace(thread, weak=True) for thread in found]
    for key in _link_keys_in(installation, _TOKEN.findall(letter.text[:200_000])[:_LOOKED_AT]):
        if found := _by_link(session, key):
            return found
    return [t for company in companies for t in _by_subject(session, company, letter) or [_mailbox_of(company)]] or [
        Thread(company_id, None, "the postmaster") for company_id in _served_at(session, [a for a, _ in recipients])
    ]


def _mailbox_of(company: Company) -> Thread:
    return Thread(company.id, None, "the company's mailbox")


def _served_at(session: Session, addresses: Iterable[str]) -> list[int]:
    """The company whose mail domain a postmaster address names; none when several share it, since it is neither's."""
    domains = {domain for local, _, domain in (a.rpartition("@") for a in addresses) if local == POSTMASTER}
    found = (
        session.scalars(select(Company.id).where(Company.mail_domain.in_(domains)).limit(2)).all() if domains else ()
    )
    return list(found) if len(found) == 1 else []


def _by_keys(session: Session, keys: Sequence[bytes], how: str) -> list[Thread]:
    threads: dict[tuple[int, int | None], Thread] = {}
    one_sided: set[Side] = set()
    for row in (row for key in dict.fromkeys(keys) for row in _ANSWERED.all(session, key=key)):
        side = Side(row.side) if row.side else None
        thread = Thread(row.company_id, row.document_id, how, row.person_id, side, row.shared, row.name, row.version)
        threads.setdefault((row.company_id, row.document_id), thread)
        if not thread.shared:
            # An internal address beside a shared one makes the whole mail internal: a leak cannot be taken back.
            one_sided.update((side,) if side else Side)
    if one_sided:
        return [replace(thread, shared=False, inside=frozenset(one_sided)) for thread in threads.values()]
    return list(threads.values())


def _by_link(session: Session, key: bytes) -> list[Thread]:
    row = session.execute(
        select(Link.company_id, Link.document_id, Link.person_id, Notice.shared, Notice.side)
        .outerjoin(Notice, Notice.id == Link.notice_id)
        .where(Link.key == key)
    ).one_or_none()
    if row is None or row.document_id is None:
        return []
    side = Side(row.side) if row.side else None
    # A link that was made for a page says nothing of who reads: then nothing crosses.
    shared = bool(row.shared)
    return [Thread(row.company_id, row.document_id, "link in the text", row.person_id, side, shared, weak=True)]


def _by_subject(session: Session, company: Company, letter: Letter) -> list[Thread]:
    """A mark or a number in the subject, unique within the company, together with a known sender."""
    own = {m.supplier_id for m in memberships(session, company.id, letter.author or "")}
    if not own and (given := supplier_of_sender(session, company.id, letter.author or "")):
        own = {given}
    if not own:
        return []
    marks = _MARK.findall(letter.subject)
    columns = select(Document.id, Document.supplier_id).where(Document.company_id == company.id)
    for how, named, statement in (
        ("mark in the subject", False, columns.where(Document.public_id.in_(marks))),
        (
            "number in the subject",
            True,
            columns.where(Document.number.in_(_NUMBER.findall(letter.subject)[:_LOOKED_AT])),
        ),
    ):
        rows = [row for row in session.execute(statement) if None in own or row.supplier_id in own]
        if len(rows) == 1:
            side = Side.BUYER if None in own else Side.SUPPLIER
            # No token was issued to anybody by a subject: nobody is the very person who may decide by it.
            return [Thread(company.id, rows[0].id, how, None, side, side is Side.SUPPLIER, named=named)]
    return []


def _keys_in(installation: Installation, texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        if key := installation.tokens.key(Purpose.REPLY, text.partition("@")[0]):
            yield key


def _link_keys_in(installation: Installation, texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        if key := installation.tokens.key(Purpose.LINK, text):
            yield key


def strike_ours(text: str, installation: Installation) -> str:
    """*text* without our links, reply addresses and tokens: one side's keys must not cross to the other."""
    text = re.sub(re.escape(installation.base_url) + r"/\S*", "[…]", text)
    text = re.sub(rf"[\w.+-]*[a-z2-7]{{{TOKEN_CHARACTERS}}}@[\w.-]+", "[…]", text, flags=re.IGNORECASE)
    return _TOKEN.sub(lambda m: "[…]" if _is_ours(installation, m[0]) else m[0], text)


def _is_ours(installation: Installation, token: str) -> bool:
    return any(installation.tokens.key(purpose, token) for purpose in Purpose)
