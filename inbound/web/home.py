"""The home page: the union of a person's memberships, what waits for them first."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from inbound.web import forms
from inbound.web.triage_list import open_entries, stuck_entries
from inbound.web.visit import new_nonce
from store.documents import Document as Row
from store.documents import OrderLine
from store.installation import Installation
from store.journal import Event
from store.parties import Company, Membership, Supplier
from store.types import dump_json
from templates.environment import Reader
from workflows.engine.registry import all_workflows
from workflows.parties import Member
from workflows.people import Side, Trust
from workflows.remaining import OPEN_ORDERS, taken
from workflows.sign_in import SignedIn

MOST = 300
"""Documents shown for each membership, those that moved last."""
MOST_MAILS = 5
"""The newest of those that found no document; the others stand on a page of their own."""

MOST_STUCK = 100
"""Given-up mails that are counted."""

ALSO_WAITING = frozenset((("proposal", "invited"),))
"""Statuses in which a document waits for an answer though its deciding steps only say no."""


def home_facts(installation: Installation, signed_in: SignedIn) -> tuple[dict[str, Any], Reader]:
    """What the home page of a person shows, and how they read."""
    sides: list[dict[str, Any]] = []
    language, zone = signed_in.language, signed_in.time_zone
    with installation.database.read() as session:
        joined = session.execute(
            select(Membership.company_id, Membership.supplier_id, Membership.roles, Company, Supplier)
            .join(Company, Company.id == Membership.company_id)
            .outerjoin(Supplier, Supplier.id == Membership.supplier_id)
            .where(Membership.person_id == signed_in.person_id)
            .order_by(Membership.id)
            .limit(50)
        ).all()
        for company_id, supplier_id, roles, company, supplier in joined:
            person = Member(
                signed_in.person_id,
                signed_in.name,
                signed_in.address,
                signed_in.language,
                signed_in.locale,
                supplier_id,
                frozenset(roles),
            )
            language, zone = language or company.language, zone or company.time_zone
            shown = _documents(session, company_id, person)
            rules = f"/rules/{company.public_id}" if person.side is Side.BUYER and "owner" in person.roles else None
            layouts = rules and f"/layouts/{company.public_id}"
            one = {
                "rules": rules,
                "layouts": layouts,
                "company": company.name,
                "supplier": supplier and supplier.name,
                "users": f"/users/{supplier.public_id}" if supplier is not None else None,
                "side": person.side.value,
                **shown,
            }
            if person.side is Side.BUYER:
                one["mails"], one["more_mails"] = open_entries(session, company_id, MOST_MAILS)
                one["stuck"] = len(stuck_entries(session, company_id, MOST_STUCK))
            sides.append(one)
    facts = {
        "sides": json.loads(dump_json(sides)),
        "person": {"name": signed_in.name, "address": signed_in.address},
        "signed_in": True,
        "visitor": signed_in.address,
        "form_token": signed_in.form_token,
        "nonce": new_nonce(),
    }
    return facts, Reader(language or "en", signed_in.locale or "", zone or "UTC")


def _documents(session: Session, company_id: int, person: Member) -> dict[str, Any]:
    statement = (
        select(
            Row.id, Row.public_id, Row.kind, Row.number, Row.title, Row.status, Row.currency, Row.total,
            Row.updated_at, Row.supplier_id, Row.owner_id, Supplier.name.label("supplier"),
        )
        .outerjoin(Supplier, Supplier.id == Row.supplier_id)
        .where(Row.company_id == company_id)
        .order_by(Row.updated_at.desc(), Row.id.desc())
        .limit(MOST)
    )  # fmt: skip
    if person.side is Side.SUPPLIER:
        statement = statement.where(Row.supplier_id == person.supplier_id)
    else:
        # What the supplier is still at work on is not the customer's to see, until a draft is handed over.
        handed_over = exists().where(Event.document_id == Row.id, Event.step == "hand_over")
        statement = statement.where(
            ~and_(Row.kind == "proposal", Row.status.in_(("invited", "draft", "withdrawn"))),
            ~and_(Row.kind.in_(("invoice", "credit_note")), Row.status == "draft", ~handed_over),
        )
    rows = session.execute(statement).all()
    left = _invoices_to_create(session, [r.id for r in rows if r.kind == "order" and r.status in OPEN_ORDERS])
    waiting: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for row in rows:
        one = {name: getattr(row, name) for name in ("public_id", "kind", "number", "title", "status", "currency")}
        one |= {"total": row.total, "updated_at": row.updated_at, "supplier": row.supplier}
        one["to_invoice"] = person.side is Side.SUPPLIER and row.id in left
        (waiting if _waits(row, person) else others).append(one)
    to_create = len([one for one in (*waiting, *others) if one["to_invoice"]])
    return {"waiting": waiting, "documents": others, "to_create": to_create, "full": len(rows) == MOST}


def _waits(row: Any, person: Member) -> bool:
    """Whether the next word on a document is this person's: a step that decides and says yes is theirs to take."""
    actor = person.actor(Trust.SIGNED_IN, "page")
    flow = all_workflows().get(row.kind)
    if flow is None:
        return False
    status = flow.status(row.status)
    if person.side is Side.SUPPLIER and (row.kind, status.value) in ALSO_WAITING:
        return True
    return any(
        step.deciding and status in step.sources and step.who(row, actor) and not _says_no(step.data_type)
        for step in flow.steps.values()
    )


def _says_no(data_type: type) -> bool:
    return "reason" in {one.name for one in forms.asked(data_type)[0]}


def _invoices_to_create(session: Session, order_ids: list[int]) -> set[int]:
    """Which of these orders have something left to invoice (F22)."""
    if not order_ids:
        return set()
    used = taken(session, order_ids)
    rows = session.execute(
        select(OrderLine.document_id, OrderLine.n, OrderLine.quantity).where(OrderLine.document_id.in_(order_ids))
    )
    return {r.document_id for r in rows if r.quantity is None or r.quantity > used.get((r.document_id, r.n), 0)}
