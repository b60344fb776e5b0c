"""Copies of an invoice: the same one in another format, or by another way, joins the one that is here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from store.documents import Document as Row
from store.journal import Attachment
from store.parties import Supplier
from workflows.duplicates import same_number
from workflows.engine.act import Act
from workflows.engine.document import Document, load_many, lock_in_order
from workflows.engine.journal import record_event
from workflows.engine.perform import Performed, keep_files
from workflows.errors import ProofMissing
from workflows.notes import begin
from workflows.people import Trust

if TYPE_CHECKING:
    from workflows.invoices import Invoice


def earlier(act: Act, invoice: Invoice, supplier_id: int, kind: str = "invoice") -> tuple[Document[Any] | None, bool]:
    """The standing invoice that *invoice* is a copy of (True), or the one in revision that it corrects (False).

    Locks its orders and the supplier, so that two copies that come at once do not both become drafts.
    """
    lock_in_order(act.session, invoice.order_ids)
    act.session.execute(select(Supplier.id).where(Supplier.id == supplier_id).with_for_update(key_share=True))
    known = same_number(act, supplier_id, invoice.number, kind)
    for document in known:
        if document.status.value == "in_revision":
            return document, False
    if not invoice.number and invoice.document_sha256:
        return _with_file(act, invoice.document_sha256, supplier_id, kind), True
    return next((d for d in known if is_copy(d.content, invoice)), None), True


def is_copy(known: Invoice, new: Invoice) -> bool:
    """Whether two invoices under one number are the same: equal totals, and a date and currency that do not differ."""
    if known.gross is None or known.gross != new.gross:
        return False
    return all(
        getattr(known, name) in (None, getattr(new, name)) or getattr(new, name) is None
        for name in ("net", "currency", "issue_date")
    )


def join_copy(document: Document[Any], act: Act) -> Performed:
    """Keep the files of the copy with the invoice that is here; nothing else changes, and nobody is told."""
    if act.actor.trust < Trust.KNOWN:
        raise ProofMissing("We cannot be sure who wrote this.")
    current, done = begin(document, act)
    if done:
        return done
    status = current.status.value
    event_id = record_event(act, current, "copy", f"{current.kind}.copied", status)
    keep_files(current, event_id, act)
    return Performed(current, event_id, status, status)


def _with_file(act: Act, sha256: str, supplier_id: int, kind: str) -> Document[Any] | None:
    ids = act.session.scalars(
        select(Row.id)
        .join(Attachment, Attachment.document_id == Row.id)
        .where(
            Row.company_id == act.company.id,
            Row.kind == kind,
            Row.supplier_id == supplier_id,
            Row.status.not_in(("rejected", "canceled")),
            Attachment.sha256 == sha256,
        )
    )
    return next((d for d in load_many(act.session, ids) if d.content.document_sha256 == sha256), None)
