"""Who wrote a mail, on which side, and how well that is proved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inbound.assigned import Assigned, let_in, sender_known
from inbound.letter import Letter
from inbound.threads import Thread
from inbound.verdict import Verdict
from store.parties import Company, Supplier
from store.prepared import Prepared
from workflows.engine.document import Document
from workflows.parties import Member, member, memberships
from workflows.people import Actor, Side, Trust

_MAILBOX = Prepared(select(Company.mailbox).where(Company.id == bindparam("company_id")))

ROLES = frozenset(
    (
        *("accounting", "accounts", "accountspayable", "admin", "ap", "billing", "buchhaltung", "contact", "einkauf"),
        *("faktury", "finance", "hello", "info", "invoice", "invoices", "kontakt", "mail", "no-reply", "noreply"),
        *("office", "orders", "payables", "postmaster", "procurement", "purchasing", "rechnung", "sales", "support"),
        *("team", "vertrieb", "zakupy"),
    )
)
"""Names of mailboxes that several people read: none of them is proved to be the one whose decision it is."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The author as they may act in a thread; `member` is None for somebody whom we do not know."""

    actor: Actor
    member: Member | None
    on_file: Member | None
    """Whom a confirm link goes to when the mail itself proves too little."""
    let_in_by: str = ""
    """Who of the company gave this sender, or this mail, to the supplier."""

    @property
    def may_read(self) -> bool:
        """Whether the answer to this mail may show the document: it goes to a person on file, or is proved."""
        return self.member is not None or self.actor.trust >= Trust.KNOWN


def writer_of(
    session: Session,
    thread: Thread,
    document: Document[object] | None,  # type: ignore[type-var]
    letter: Letter,
    verdict: Verdict,
    proved: Member | None = None,
    assigned: Assigned | None = None,
) -> Writer | None:
    """The writer in *thread*; None for a stranger who holds nothing of ours.

    *proved* confirmed the mail by a link; *assigned* says whose it is because somebody of the company said so.
    """
    if assigned is not None:
        vouched = let_in(letter, verdict, assigned)
        return Writer(vouched.actor, None, None, vouched.by)
    supplier_id = document.supplier_id if document else None
    if proved is not None and document is not None and proved.supplier_id not in (supplier_id, None):
        proved = None  # they confirmed a mail that also went to a document in which they have no part
    author = _person_of(session, thread.company_id, letter, verdict)
    known = proved or _member_here(memberships(session, thread.company_id, author), supplier_id, document)
    on_file = known or (
        member(session, thread.company_id, thread.person_id, supplier_id) if thread.person_id is not None else None
    )
    if known is not None:
        trust, why = _trust_of_known(thread, known, verdict, proved)
        return Writer(known.actor(trust, f"mail, {why}"), known, on_file)
    sender = sender_known(session, thread.company_id, letter, verdict, author)
    if sender is not None and not thread.weak and supplier_id in (None, sender.actor.supplier_id):
        return Writer(sender.actor, None, None, sender.by)
    if thread.document_id is None or (thread.side is None and supplier_id is None):
        return None
    side = thread.side or Side.SUPPLIER
    trust, why = Trust.THREAD, "via forwarded thread"
    if side is Side.SUPPLIER and supplier_id and _is_of_domain(session, supplier_id, author):
        why = "known domain"
        trust = Trust.KNOWN if verdict.level == "authenticated" and not thread.weak else Trust.THREAD
    # Whom we do not know is shown with the address, lest a name alone be taken for somebody else's.
    address = verdict.behind or letter.author or ""
    name = " ".join(filter(None, (letter.from_name, f"<{address}>")))[:200]
    party = supplier_id if side is Side.SUPPLIER else None
    actor = Actor(None, name, address, side, party, frozenset(), trust, f"mail, {why}")
    return Writer(actor, None, on_file)


def is_own_side(
    session: Session, company_id: int, actor: Actor, addresses: Collection[str], free_domains: Collection[str] = ()
) -> bool:
    """Whether every one of *addresses* is of the actor's own side, and there is one at all.

    Who has no account here is of it when the mail domain is the actor's own, and none of *free_domains*.
    """
    domain = actor.address.lower().rpartition("@")[2]

    def own(address: str) -> bool:
        found = memberships(session, company_id, address)
        if found:
            return any(m.side is actor.side and m.supplier_id == actor.supplier_id for m in found)
        return bool(domain) and domain not in free_domains and address.rpartition("@")[2] == domain

    return bool(addresses) and all(own(address) for address in addresses)


def _person_of(session: Session, company_id: int, letter: Letter, verdict: Verdict) -> str:
    """The address of whoever wrote: of the person behind a group, and nobody's if it is the company's own mailbox."""
    author = verdict.behind or (letter.author or "").lower()
    return "" if author == _MAILBOX.value(session, company_id=company_id) else author


def _member_here(found: list[Member], supplier_id: int | None, document: Document[object] | None) -> Member | None:  # type: ignore[type-var]
    """The membership that has a part in the document: of its supplier, or of the company itself."""
    if document is None:
        return found[0] if found else None
    return next((m for m in found if m.supplier_id in (supplier_id, None)), None)


def _trust_of_known(thread: Thread, known: Member, verdict: Verdict, proved: Member | None) -> tuple[Trust, str]:
    if proved is not None:
        return Trust.PERSONAL, "confirmed by link"
    if verdict.level != "authenticated":
        return Trust.THREAD, "sender not proved"
    if thread.weak:
        return Trust.THREAD, "sender proved, found by quoted text"
    if known.address.partition("@")[0] in ROLES:
        return Trust.KNOWN, "sender proved, a mailbox of several people"
    if thread.person_id == known.person_id:
        return Trust.PERSONAL, "sender proved"
    return Trust.KNOWN, "sender proved, in another's thread" if thread.person_id else "sender proved"


def _is_of_domain(session: Session, supplier_id: int, address: str) -> bool:
    domain = session.execute(select(Supplier.mail_domain).where(Supplier.id == supplier_id)).scalar_one_or_none()
    return bool(domain) and address.lower().rpartition("@")[2] == domain
