"""The pages on which the company's people look at mails that found no home, and give them one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from inbound.assigning import assign, close
from inbound.letter import read_letter
from inbound.parting import Part
from inbound.route import default_reader
from inbound.stuck import try_again
from inbound.web.given import Form, Given
from inbound.web.link_pages import SHOW, Held
from inbound.web.mails import Seen, chosen_part, look, mail_facts, together_in
from inbound.web.sessions import Whose, own_form
from inbound.web.triage_list import open_entries, stuck_entries, stuck_mail_of
from inbound.web.view import go, page, status_of
from store.documents import Document
from store.installation import Installation
from store.parties import Company, Membership, Supplier
from store.triage import Triage
from store.types import dump_json
from templates.environment import Reader
from workflows.errors import Refusal
from workflows.sign_in import SignedIn

router = APIRouter()
MOST = 100
"""Entries on one page of the list."""


@router.api_route("/triage", methods=SHOW)
def show_list(
    installation: Held,
    signed_in: Whose,
    company: Annotated[str, Query(max_length=16)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    did: str = "",
) -> Response:
    """The mails that wait, of each company that the person is of."""
    return _list(installation, signed_in, company, before, did=did)


def _list(
    installation: Installation,
    signed_in: SignedIn | None,
    company: str = "",
    before: int | None = None,
    *,
    did: str = "",
    refusal: Refusal | None = None,
) -> Response:
    if signed_in is None:
        return go("/sign-in")
    sides: list[dict[str, Any]] = []
    with installation.database.read() as session:
        mine = session.scalars(
            select(Company)
            .join(Membership, Membership.company_id == Company.id)
            .where(Membership.person_id == signed_in.person_id, Membership.supplier_id.is_(None))
            .order_by(Membership.id)
            .limit(50)
        ).all()
        if not mine:
            raise HTTPException(404)
        for one in mine:
            if company and one.public_id != company:
                continue
            mails, goes_on = open_entries(session, one.id, MOST, before if company else None)
            stuck = stuck_entries(session, one.id, MOST)
            if mails or stuck:
                side = {"company": one.name, "public_id": one.public_id, "mails": mails, "before": goes_on}
                sides.append({**side, "stuck": stuck})
    facts = {"sides": json.loads(dump_json(sides)), **_visitor(signed_in)}
    facts |= {"did": did, "refusal": refusal.facts() if refusal else None}
    first = mine[0]
    zone = signed_in.time_zone or first.time_zone
    reader = Reader(signed_in.language or first.language, signed_in.locale or "", zone)
    return page("triage", reader, facts, status_of(refusal) if refusal else 200)


@router.api_route("/mails/{digest}", methods=SHOW)
def show(digest: str, installation: Held, signed_in: Whose, did: str = "") -> Response:
    """How the mail was understood, and what may be done with one that waits; 404 for who may not see it."""
    if signed_in is None:
        return go("/sign-in")
    return _page(installation, signed_in, look(installation, signed_in, digest), did=did)


@router.api_route("/mails/{digest}/source", methods=SHOW)
def source(digest: str, installation: Held, signed_in: Whose) -> Response:
    """The mail as it came, byte for byte: a download, never a page."""
    if signed_in is None:
        return go("/sign-in")
    seen = look(installation, signed_in, digest)
    headers = {"Content-Disposition": f'attachment; filename="mail-{digest[:12]}.eml"'}
    return Response(seen.source(installation), media_type="application/octet-stream", headers=headers)


@router.post("/mails/{digest}/assign")
def give(digest: str, installation: Held, signed_in: Whose, given: Form) -> Response:
    """Give the mail to a supplier, and to an order of theirs if one is named."""
    if signed_in is None:
        return go("/sign-in")
    own_form(signed_in, given)
    seen = look(installation, signed_in, digest)
    if seen.triage_id is None:
        raise HTTPException(404)
    with installation.database.read() as session:
        chosen = _chosen(session, seen.company_id, given)
    if chosen.wrong:
        return _page(installation, signed_in, seen, given=given, wrong=chosen.wrong, status=422)
    assert chosen.supplier_id is not None
    with installation.database.read() as session:
        kept = session.get_one(Triage, seen.triage_id).suggested
        others = together_in(session, seen, given.values)
    part = chosen_part(read_letter(seen.source(installation)), kept, given.values) if "parts" in given.values else None
    if part is not None and not part.names:
        wrong = {"parts": {"code": "choose_part"}}
        return _page(installation, signed_in, seen, given=given, wrong=wrong, status=422)

    def give_to(triage_id: int, *, part: Part | None, remember: bool) -> bool:
        assert chosen.supplier_id is not None
        outcome = assign(
            installation, triage_id, seen.member, chosen.supplier_id, chosen.order_id,
            remember=remember, part=part, read=default_reader(),
        )  # fmt: skip
        return outcome.done

    try:
        done = give_to(seen.triage_id, part=part, remember=given.text("remember") == "yes")
        for triage_id in others if done else ():
            give_to(triage_id, part=None, remember=False)
    except Refusal as refusal:
        return _page(installation, signed_in, seen, refusal=refusal, status=status_of(refusal))
    return go(f"/mails/{digest}?did={'assigned' if done else 'nothing'}")


@router.post("/mails/{digest}/again")
def again(digest: str, installation: Held, signed_in: Whose, given: Form) -> Response:
    """Let a mail that was given up be tried again; 404 for who is not of the company that it came to."""
    if signed_in is None:
        return go("/sign-in")
    own_form(signed_in, given)
    mail_id = stuck_mail_of(installation, signed_in, digest)
    if mail_id is None:
        raise HTTPException(404)
    try:
        try_again(installation, mail_id)
    except Refusal as refusal:
        return _list(installation, signed_in, refusal=refusal)
    return go("/triage?did=again")


@router.post("/mails/{digest}/close")
def put_away(digest: str, installation: Held, signed_in: Whose, given: Form) -> Response:
    """Say that nothing is to be made of the mail."""
    if signed_in is None:
        return go("/sign-in")
    own_form(signed_in, given)
    seen = look(installation, signed_in, digest)
    if seen.triage_id is None:
        raise HTTPException(404)
    try:
        close(installation, seen.triage_id, seen.member)
    except Refusal as refusal:
        return _page(installation, signed_in, seen, refusal=refusal, status=status_of(refusal))
    return go(f"/mails/{digest}?did=closed")


@dataclass(frozen=True, slots=True)
class _Chosen:
    supplier_id: int | None = None
    order_id: int | None = None
    wrong: dict[str, dict[str, Any]] | None = None


def _chosen(session: Session, company_id: int, given: Given) -> _Chosen:
    """The supplier and the order that the form names, or what is wrong with them."""
    number, named = given.text("order")[:100], given.text("supplier")[:16]
    supplier = session.execute(
        select(Supplier.id, Supplier.name).where(Supplier.company_id == company_id, Supplier.public_id == named)
    ).one_or_none()
    if not number:
        return _Chosen(supplier.id) if supplier else _Chosen(wrong={"supplier": {"code": "choose_supplier"}})
    rows = session.execute(
        select(Document.id, Document.supplier_id, Supplier.name)
        .join(Supplier, Supplier.id == Document.supplier_id)
        .where(Document.company_id == company_id, Document.kind == "order", Document.number == number)
        .limit(50)
    ).all()
    own = [row for row in rows if supplier is None or row.supplier_id == supplier.id]
    if len(own) == 1:
        return _Chosen(own[0].supplier_id, own[0].id)
    if rows and not own:
        return _Chosen(wrong={"order": {"code": "others_order", "params": {"supplier": rows[0].name}}})
    return _Chosen(wrong={"order": {"code": "no_order" if not rows else "choose_supplier"}})


def _page(
    installation: Installation,
    signed_in: SignedIn,
    seen: Seen,
    *,
    did: str = "",
    given: Given | None = None,
    wrong: dict[str, dict[str, Any]] | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    facts, reader = mail_facts(installation, signed_in, seen)
    form = facts["form"]
    if given is not None and form is not None:
        form |= {"supplier": given.text("supplier"), "order": given.text("order")[:100]}
        form["remember"] = given.text("remember") == "yes"
        for part in form["parts"]:
            part["ticked"] = part["left"] and part["name"] in given.values
    facts |= {"did": did, "wrong": wrong or {}, "refusal": refusal.facts() if refusal else None}
    return page("mail-explained", reader, facts, status)


def _visitor(signed_in: SignedIn) -> dict[str, Any]:
    return {"signed_in": True, "visitor": signed_in.address, "form_token": signed_in.form_token}
