"""Gathers what the page of a document shows to one side, in one look at the store; nothing is rendered meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from inbound.web.forms import can_ask
from inbound.web.visit import Visit
from store.documents import Document as Row
from store.documents import Version
from store.installation import Installation
from store.journal import Attachment, Comment, Event, Note
from store.parties import Person, Supplier
from store.types import dump_json
from workflows.engine.act import Act
from workflows.engine.document import Document
from workflows.engine.telling import allowed, document_facts
from workflows.people import Side
from workflows.remaining import OPEN_ORDERS, taken

MOST = 500
"""Notes, files, events and children that one page shows, the newest."""
MOST_CHANGES = 40

NOT_SEALED = ("kind", "public_id", "number", "title", "status", "currency", "supplier", "order_number", "deadline")
"""What the customer sees of a document that its supplier is still at work on."""

Facts = dict[str, Any]


def facts_of(installation: Installation, session: Session, visit: Visit, document: Document[Any]) -> Facts:
    """Everything that the visitor's side may see of *document*, as plain values; the rest is not even looked up."""
    act = Act(installation, session, visit.company, visit.actor, "")
    own = visit.side
    shown = document_facts(act, document, own)
    facts: Facts = {
        **shown,
        "company": {"name": visit.company.name},
        "person": {"name": visit.member.name, "address": visit.member.address},
        "side": own.value,
        "notes": _words(session, Note, document.id),
        "comments": _words(session, Comment, document.id, own),
        "files": _files(session, document.id, own),
        "history": _history(session, document.id),
        "children": _children(session, document, document.id, own),
        "rivals": _rivals(session, document, own),
        "version": document.version,
    }
    if document.kind == "order":
        _show_remaining(session, document, facts)
    if in_the_making(session, document, own):
        facts["document"] = {name: facts["document"].get(name) for name in NOT_SEALED}
        facts |= {"hidden": True, "differences": [], "files": []}
    plain: Facts = json.loads(dump_json(facts))
    return plain


def in_the_making(session: Session, document: Document[Any], side: Side) -> bool:
    """Whether the supplier is still at work on it: the customer sees that it is, and not yet what it says."""
    if side is not Side.BUYER:
        return False
    if document.kind == "proposal":
        status: str | None = document.status.value
        if status == "lost":
            before = (Version.document_id == document.id, Version.version == document.version - 1)
            status = session.execute(select(Version.status).where(*before)).scalar_one_or_none()
        return status not in ("submitted", "awarded")
    invoiced = document.kind in ("invoice", "credit_note")
    return invoiced and document.status.value == "draft" and not document.content.unconfirmed


def steps_of(document: Document[Any], visit: Visit) -> list[str]:
    """The names of the steps that the visitor may take now, with as much proof as they have."""
    may = [step for step in allowed(document, visit.actor) if visit.actor.trust >= step.trust]
    kept = visit.company.settings.get("receipts") == "on"
    return [step.name for step in may if can_ask(step.data_type) and (kept or step.name != "receive")]


def may_invoice(session: Session, document: Document[Any], visit: Visit) -> bool:
    """Whether the visitor may make an invoice of this order: it is theirs, open, and something is left of it."""
    if document.kind != "order" or visit.side is not Side.SUPPLIER or document.status.value not in OPEN_ORDERS:
        return False
    used = taken(session, [document.id])
    return any(_left(line.quantity, used.get((document.id, line.n))) > 0 for line in document.content.lines)


def changes_since(session: Session, document: Document[Any], version: int, side: Side) -> list[Facts]:
    """What is different now from *version* of the document: field, line, before, after; at most a page full."""
    row = session.execute(
        select(Version.content, Version.status).where(Version.document_id == document.id, Version.version == version)
    ).one_or_none()
    if row is None or in_the_making(session, document, side):
        return []
    before = {**document.workflow.adapter.validate_python(row.content).facts(), "status": row.status}
    after = {**document.content.facts(), "status": document.status.value}
    return list(_changes(json.loads(dump_json(before)), json.loads(dump_json(after))))[:MOST_CHANGES]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Facts]:
    found: list[Facts] = []
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if name == "lines":
            olds, news = ({line["n"]: line for line in lines or ()} for lines in (old, new))
            for n in dict.fromkeys((*olds, *news)):
                for one in ("text", "quantity", "unit_price", "no_bid", "delivery_date", "proposed"):
                    was, now = (lines.get(n, {}).get(one) for lines in (olds, news))
                    if was != now:
                        found.append({"field": one, "n": n, "before": was, "after": now})
        elif old != new and not isinstance(old or new, (list, dict)):
            found.append({"field": name, "n": None, "before": old, "after": new})
    return found


def _words(
    session: Session, table: type[Note] | type[Comment], document_id: int, side: Side | None = None
) -> list[Facts]:
    statement = select(table.author, table.side, table.text, table.at, table.event_id).where(
        table.document_id == document_id
    )
    if side is not None:
        statement = statement.where(table.side == side.value)
    rows = session.execute(statement.order_by(table.event_id.desc()).limit(MOST)).all()
    return [{"by": r.author, "side": r.side, "text": r.text, "at": r.at, "event": r.event_id} for r in reversed(rows)]


def _files(session: Session, document_id: int, own: Side) -> list[Facts]:
    rows = session.execute(
        select(
            *(Attachment.name, Attachment.type, Attachment.size, Attachment.sha256),
            *(Attachment.side, Attachment.event_id, Attachment.kind),
        )
        .where(Attachment.document_id == document_id, or_(Attachment.side.is_(None), Attachment.side == own.value))
        .order_by(Attachment.id)
        .limit(MOST)
    )
    return [
        {
            "name": r.name,
            "type": r.type,
            "size": r.size,
            "sha256": r.sha256,
            "own": r.side is not None,
            "event": r.event_id,
            "kind": r.kind,
        }
        for r in rows
    ]


def _history(session: Session, document_id: int) -> list[Facts]:
    """What moved the document, the newest first: never notes and comments, which stand elsewhere or not at all."""
    rows = session.execute(
        select(Event.name, Event.side, Event.at, Event.to_status, Event.facts, Person.name.label("by"))
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.document_id == document_id, Event.from_status.is_distinct_from(Event.to_status))
        .order_by(Event.id.desc())
        .limit(MOST)
    )
    return [
        {"event": r.name, "side": r.side, "at": r.at, "status": r.to_status, "by": r.by, "reason": _reason(r.facts)}
        for r in rows
    ]


def _reason(facts: Any) -> str:
    reason = facts.get("reason") if isinstance(facts, dict) else None
    return reason if isinstance(reason, str) else ""


def _rivals(session: Session, document: Document[Any], own: Side) -> list[Facts]:
    """For the customer, the proposals that were submitted to the same request, this one among them."""
    if own is not Side.BUYER or document.kind != "proposal" or document.parent_id is None:
        return []
    asked = _children(session, document, document.parent_id, own)
    return [one | {"this": one["public_id"] == document.public_id} for one in asked if one["status"] == "submitted"]


def _children(session: Session, document: Document[Any], parent_id: int, own: Side) -> list[Facts]:
    """The invoices of an order, the proposals to a request; a supplier sees its own only."""
    statement = (
        select(
            Row.kind, Row.public_id, Row.number, Row.title, Row.status, Row.currency, Row.total, Row.updated_at,
            Supplier.name.label("supplier"),
        )
        .outerjoin(Supplier, Supplier.id == Row.supplier_id)
        .where(Row.parent_id == parent_id, Row.company_id == document.company_id)
        .order_by(Row.id)
        .limit(MOST)
    )  # fmt: skip
    if own is Side.SUPPLIER:
        statement = statement.where(Row.supplier_id == document.supplier_id)
    found = []
    for row in session.execute(statement):
        one = dict(row._mapping)
        if own is Side.BUYER and row.status in ("draft", "invited"):
            one["total"] = None
        found.append(one)
    return found


def _show_remaining(session: Session, document: Document[Any], facts: Facts) -> None:
    used = taken(session, [document.id])
    for line in facts["document"]["lines"]:
        line["remaining"] = _left(line["quantity"], used.get((document.id, line["n"])))


def _left(ordered: Decimal | None, used: Decimal | None) -> Decimal:
    return max((ordered or Decimal(0)) - (used or Decimal(0)), Decimal(0))
