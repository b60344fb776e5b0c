"""Finds the documents whose status a mail asks for: the one it names, else the thread's with the invoices for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from store.documents import Document as Row
from workflows.engine.document import Document, load_many
from workflows.engine.registry import all_workflows
from workflows.people import Actor, Side

_MOST = 20


def documents_asked(session: Session, document: Document[Any], actor: Actor, named: str | None) -> list[Document[Any]]:
    """The documents, *document* first; empty when *named* is no number of a document that *actor* may see."""
    if named is None or named.casefold() in (document.label.casefold(), document.public_id):
        wanted = or_(Row.id == document.id, Row.parent_id == document.id)
    else:
        numbers = {named, named.upper(), named.lower()}
        wanted = and_(Row.kind.in_(list(all_workflows())), Row.number.in_(numbers))
    statement = select(Row.id).where(Row.company_id == document.company_id, wanted)
    if actor.side is Side.SUPPLIER:
        statement = statement.where(Row.supplier_id == actor.supplier_id)
    else:  # what the supplier has not sent yet is its own
        sealed = or_(Row.kind == "proposal", and_(Row.kind.in_(("invoice", "credit_note")), Row.status == "draft"))
        statement = statement.where(or_(Row.id == document.id, ~sealed))
    found = load_many(session, session.scalars(statement.order_by(Row.id).limit(_MOST)))
    return sorted(found, key=lambda one: (one.id != document.id, one.id))
