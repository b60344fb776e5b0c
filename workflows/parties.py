"""Finds people and sides: who belongs to a document, who an address is, as whom somebody acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from outbound.notices import Recipient
from store.journal import Event
from store.parties import Company, Membership, Person
from store.prepared import Prepared
from workflows.people import Actor, Side, Trust


@dataclass(frozen=True, slots=True)
class Member:
    """A person on a side of a company."""

    person_id: int
    name: str
    address: str
    language: str | None
    locale: str | None
    supplier_id: int | None
    roles: frozenset[str]

    @property
    def side(self) -> Side:
        """A member without a supplier is of the company itself."""
        return Side.BUYER if self.supplier_id is None else Side.SUPPLIER

    def actor(self, trust: Trust, via: str) -> Actor:
        """This member, acting."""
        return Actor(self.person_id, self.name, self.address, self.side, self.supplier_id, self.roles, trust, via)

    def recipient(self, company: Company) -> Recipient:
        """This member, as the reader of a notice."""
        return Recipient(self.person_id, self.name, self.address, self.language or company.language, self.side.value)


_IN_COMPANY = (
    select(
        Person.id,
        Person.name,
        Person.address,
        Person.language,
        Person.locale,
        Membership.supplier_id,
        Membership.roles,
    )
    .join(Membership, Membership.person_id == Person.id)
    .where(Membership.company_id == bindparam("company_id"))
    .order_by(Membership.id)
)
_OF_SIDE = Prepared(_IN_COMPANY.where(Membership.supplier_id.is_not_distinct_from(bindparam("supplier_id"))))
_OF_ADDRESS = Prepared(_IN_COMPANY.where(Person.address == bindparam("address")))
_OF_PERSON = Prepared(_IN_COMPANY.where(Membership.person_id == bindparam("person_id")))
_ACTED = Prepared(
    select(Event.person_id)
    .where(Event.document_id == bindparam("document_id"), Event.side == Side.BUYER.value)
    .distinct()
)


def members(session: Session, company_id: int, supplier_id: int | None) -> list[Member]:
    """The people of the company itself (None) or of one of its suppliers, in the order in which they joined."""
    return _members(_OF_SIDE.all(session, company_id=company_id, supplier_id=supplier_id))


def memberships(session: Session, company_id: int, address: str) -> list[Member]:
    """What the owner of *address* is to this company; mostly one, none for a stranger."""
    return _members(_OF_ADDRESS.all(session, company_id=company_id, address=address.lower()))


def member(session: Session, company_id: int, person_id: int, supplier_id: int | None = None) -> Member | None:
    """The person as a member of the company; of *supplier_id* first where they are on several sides."""
    found = _members(_OF_PERSON.all(session, company_id=company_id, person_id=person_id))
    return next((m for m in found if m.supplier_id == supplier_id), found[0] if found else None)


def participants(session: Session, company_id: int, document_id: int, owner_id: int | None) -> list[Member]:
    """The company's people who have a part in a document: its owner and whoever acted on it."""
    acted = set(_ACTED.values(session, document_id=document_id))
    return [m for m in members(session, company_id, None) if m.person_id in acted or m.person_id == owner_id]


def _members(rows: Iterable[Any]) -> list[Member]:
    made = [(*columns, frozenset(roles)) for *columns, roles in rows]
    return [Member(*fields) for fields in made]
