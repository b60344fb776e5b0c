"""Whose a mail is because somebody of the company said so: this very mail, or every proved mail of its sender."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inbound.letter import Letter
from inbound.verdict import Verdict
from store.parties import Person
from store.prepared import Prepared
from store.triage import KnownSender
from workflows.people import Actor, Side, Trust

_KNOWN = Prepared(
    select(KnownSender.supplier_id, Person.name.label("by"))
    .join(Person, Person.id == KnownSender.person_id)
    .where(KnownSender.company_id == bindparam("company_id"), KnownSender.address == bindparam("address"))
)


@dataclass(frozen=True, slots=True)
class Assigned:
    """A mail given to a supplier, and to one of its documents, by a person of the company (*by* is their name)."""

    company_id: int
    supplier_id: int
    document_id: int | None
    by: str


@dataclass(frozen=True, slots=True)
class LetIn:
    """Somebody who is not on file, and counts as a supplier's because *by* said so."""

    actor: Actor
    by: str


def let_in(letter: Letter, verdict: Verdict, assigned: Assigned) -> LetIn:
    """The author as they may act in the mail that was assigned: it is vouched for, and a known supplier's."""
    return LetIn(_actor(letter, verdict, assigned.supplier_id, Trust.KNOWN, "assigned by the customer"), assigned.by)


def sender_known(session: Session, company_id: int, letter: Letter, verdict: Verdict, author: str) -> LetIn | None:
    """The author as somebody gave them to a supplier before; without proof of who wrote they may do little."""
    row = _KNOWN.first(session, company_id=company_id, address=author) if author else None
    if row is None:
        return None
    proved = verdict.level == "authenticated"
    trust, why = (Trust.KNOWN, "known sender, proved") if proved else (Trust.THREAD, "known sender, not proved")
    return LetIn(_actor(letter, verdict, row.supplier_id, trust, why), row.by)


def supplier_of_sender(session: Session, company_id: int, address: str) -> int | None:
    """The supplier to whom somebody gave this address."""
    row = _KNOWN.first(session, company_id=company_id, address=address.lower()) if address else None
    return None if row is None else row.supplier_id


def _actor(letter: Letter, verdict: Verdict, supplier_id: int, trust: Trust, why: str) -> Actor:
    address = verdict.behind or letter.author or ""
    name = " ".join(filter(None, (letter.from_name, f"<{address}>")))[:200]
    return Actor(None, name, address, Side.SUPPLIER, supplier_id, frozenset(), trust, f"mail, {why}")
