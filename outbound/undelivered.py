"""Tells the buyer's side that a notice could not be delivered."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from outbound.errors import MailRefused
from outbound.notices import Recipient, queue
from store import clock
from store.documents import Document
from store.installation import Installation
from store.journal import Notice
from store.parties import Company, Membership, Person, Supplier

NAME = "address-failed"


def tell_buyer(session: Session, installation: Installation, notice_id: int, refused: MailRefused | None) -> None:
    """Queue `address-failed` to the document's owner, else to the company's first person, but not to whom it failed."""
    failed = session.get_one(Notice, notice_id)
    document = session.get(Document, failed.document_id) if failed.document_id is not None else None
    owner = _owner(session, failed, document)
    if owner is None or owner.id == failed.person_id or failed.name == NAME:
        return
    company = session.get_one(Company, failed.company_id)
    supplier = session.get(Supplier, document.supplier_id) if document and document.supplier_id else None
    queue(
        session,
        installation,
        company,
        NAME,
        Recipient(owner.id, owner.name, owner.address, owner.language or company.language, "buyer"),
        {
            "supplier": {"name": supplier.name if supplier else failed.to_name or failed.to_address},
            "document": failed.facts.get("document"),
            "event": {
                "name": NAME,
                "by": f"{failed.to_name} <{failed.to_address}>".strip(),
                "side": "supplier",
                "reason": str(refused) if refused else "It could not be handed over in many tries.",
            },
        },
        cause=f"notice:{failed.id}",
        now=clock.now(),
        document_id=failed.document_id,
    )


def _owner(session: Session, failed: Notice, document: Document | None) -> Person | None:
    if document is not None and document.owner_id is not None:
        return session.get(Person, document.owner_id)
    return session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.company_id == failed.company_id, Membership.supplier_id.is_(None))
        .order_by(Membership.id)
        .limit(1)
    ).first()
