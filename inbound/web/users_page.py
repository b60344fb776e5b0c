"""The page of a supplier's users: who they are, and the form by which one of them brings in a colleague."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlalchemy import case, select
from sqlalchemy.orm import Session

from inbound.web.given import Form, Given
from inbound.web.link_pages import SHOW, Held
from inbound.web.sessions import Whose, own_form
from inbound.web.view import go, page, status_of
from inbound.web.visit import PAGE, new_nonce, reader_of
from store.conflicts import again
from store.documents import Document as Row
from store.installation import Installation
from store.parties import Company, Supplier
from workflows.engine.act import Act
from workflows.errors import DataMissing, Refusal
from workflows.parties import Member, member, members
from workflows.people import Side, Trust
from workflows.sign_in import SignedIn
from workflows.users import invite_user

router = APIRouter()
LONGEST_NAME: Final = 100


@router.api_route("/users/{public_id}", methods=SHOW)
def show(public_id: str, installation: Held, signed_in: Whose, did: str = "") -> Response:
    """The users, to each of them; 404 for anybody else."""
    if signed_in is None:
        return go("/sign-in")
    return _page(installation, signed_in, public_id, done=bool(did))


@router.post("/users/{public_id}")
def create(public_id: str, installation: Held, signed_in: Whose, given: Form) -> Response:
    """Make a colleague a user, once for one form, and tell them."""
    if signed_in is None:
        return go("/sign-in")
    own_form(signed_in, given)
    supplier, company, one = _seen(installation, signed_in, public_id)
    name, address = " ".join(given.text("name").split())[:LONGEST_NAME], given.text("address")
    pressed = hashlib.sha256(f"{supplier.id} {address} {given.text('nonce')}".encode()).hexdigest()[:32]

    def invite() -> None:
        with installation.database.write(company.id) as session:
            actor = one.actor(Trust.SIGNED_IN, PAGE)
            act = Act(installation, session, session.get_one(Company, company.id), actor, f"users:{pressed}")
            invite_user(_document_of(session, supplier), address, act, name=name)

    try:
        if not name:
            raise DataMissing("Please say the name of the user.")
        again(invite)
    except Refusal as refusal:
        return _page(installation, signed_in, public_id, given=given, refusal=refusal)
    return go(f"/users/{public_id}?did=1")


def _document_of(session: Session, supplier: Supplier) -> int:
    """What the record of it stands with: the supplier's invitation, else its newest document."""
    statement = (
        select(Row.id)
        .where(Row.company_id == supplier.company_id, Row.supplier_id == supplier.id)
        .order_by(case((Row.kind == "invitation", 0), else_=1), Row.id.desc())
        .limit(1)
    )
    found = session.scalar(statement)
    if found is None:
        raise DataMissing("There is no document of %(supplier)s here yet.", supplier=supplier.name)
    return found


def _seen(installation: Installation, signed_in: SignedIn, public_id: str) -> tuple[Supplier, Company, Member]:
    with installation.database.read() as session:
        supplier = session.scalars(select(Supplier).where(Supplier.public_id == public_id)).one_or_none()
        one = None if supplier is None else member(session, supplier.company_id, signed_in.person_id, supplier.id)
        if supplier is None or one is None or one.side is not Side.SUPPLIER or one.supplier_id != supplier.id:
            raise HTTPException(404)
        company = session.get_one(Company, supplier.company_id)
        session.expunge_all()
        return supplier, company, one


def _page(
    installation: Installation,
    signed_in: SignedIn,
    public_id: str,
    *,
    done: bool = False,
    given: Given | None = None,
    refusal: Refusal | None = None,
) -> Response:
    supplier, company, one = _seen(installation, signed_in, public_id)
    with installation.database.read(company.id) as session:
        reader = reader_of(session, one, company)
        known = members(session, company.id, supplier.id)
    facts: dict[str, Any] = {
        "company": {"name": company.name},
        "supplier": {"name": supplier.name},
        "path": f"/users/{public_id}",
        "users": [{"name": m.name, "address": m.address, "own": m.person_id == one.person_id} for m in known],
        "given": given.values if given else {},
        "done": done,
        "refusal": refusal.facts() if refusal else None,
        "nonce": new_nonce(),
        "form_token": signed_in.form_token,
        "signed_in": True,
        "visitor": signed_in.address,
    }
    return page("users", reader, facts, status_of(refusal) if refusal else 200)
