"""What a buyer should know of a sender before believing what the mail says; shown in every notice that it causes."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inbound.domains import aligned, domain_of
from inbound.letter import Letter
from inbound.lookalikes import lookalike
from inbound.verdict import Verdict
from inbound.writer import Writer
from store.parties import Company, Membership, Person, Supplier
from store.prepared import Prepared
from templates.words import N_
from workflows.people import Side

LOOKS_LIKE = N_("Careful: %(address)s looks like %(domain)s, but it is another domain.")
ELSEWHERE = N_("Careful: answers to this mail would go to %(address)s, not to its sender.")
NOT_ON_FILE = N_("%(address)s is not on file with %(supplier)s and was let in because the reply address was known.")
LET_IN = N_("%(address)s is not on file with %(supplier)s; %(by)s said that it is theirs.")
UNPROVED = N_("Nothing proves that %(address)s wrote this mail.")
BY_GROUP = N_("The mail came through a group; that %(address)s wrote it is not proved.")

Caution = dict[str, object]
MOST_DOMAINS = 200

_SUPPLIER = Prepared(select(Supplier.name, Supplier.mail_domain).where(Supplier.id == bindparam("supplier_id")))
_ADDRESSES = (
    select(Person.address)
    .join(Membership, Membership.person_id == Person.id)
    .where(Membership.company_id == bindparam("company_id"))
    .order_by(Membership.id)
    .limit(MOST_DOMAINS)
)
_OF_SUPPLIER = Prepared(_ADDRESSES.where(Membership.supplier_id == bindparam("supplier_id")))
_OF_COMPANY = Prepared(_ADDRESSES.where(Membership.supplier_id.is_(None)))
_COMPANY = Prepared(select(Company.mailbox, Company.mail_domain).where(Company.id == bindparam("company_id")))


def cautions_about(
    session: Session, company_id: int, writer: Writer, letter: Letter, verdict: Verdict
) -> tuple[Caution, ...]:
    """The cautions, as sentences with their parameters; none for a proved person on file who asks for no detour."""
    actor = writer.actor
    address = actor.address.lower()
    found: list[Caution] = []
    if (elsewhere := _reply_elsewhere(letter)) is not None:
        found.append({"text": ELSEWHERE, "params": {"address": elsewhere}})
    if actor.side is not Side.SUPPLIER:
        return tuple(found)
    if writer.member is None:
        supplier = _SUPPLIER.first(session, supplier_id=actor.supplier_id)
        known = [*_domains(session, company_id, actor.supplier_id), *filter(None, [supplier and supplier.mail_domain])]
        if alike := lookalike(domain_of(address), known):
            found.insert(0, {"text": LOOKS_LIKE, "params": {"address": address, "domain": alike}})
        name = supplier.name if supplier else ""
        if writer.let_in_by:
            given = {"address": address or "?", "supplier": name, "by": writer.let_in_by}
            found.append({"text": LET_IN, "params": given})
        else:
            found.append({"text": NOT_ON_FILE, "params": {"address": address or "?", "supplier": name}})
    if verdict.behind:
        found.append({"text": BY_GROUP, "params": {"address": verdict.behind}})
    elif verdict.level != "authenticated" and "confirmed by link" not in actor.via:
        found.append({"text": UNPROVED, "params": {"address": address or "?"}})
    return tuple(found)


def _domains(session: Session, company_id: int, supplier_id: int | None) -> list[str]:
    """The domains of the supplier's people, and of the company's own: both are worth imitating."""
    addresses = _OF_COMPANY.values(session, company_id=company_id)
    if supplier_id is not None:
        addresses += _OF_SUPPLIER.values(session, company_id=company_id, supplier_id=supplier_id)
    company = _COMPANY.first(session, company_id=company_id)
    return [*map(domain_of, addresses), domain_of(company.mailbox), company.mail_domain]


def _reply_elsewhere(letter: Letter) -> str | None:
    """The first Reply-To address of another organisation than the author's."""
    author = (letter.author or "").lower()
    for box in letter.reply_to:
        address = box.address.lower()
        if address and address != author and not aligned(domain_of(address), domain_of(author)):
            return address
    return None
