"""The page of a company's rules for its invoices: what it tolerates, in general and of one supplier."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlalchemy import select

from inbound.web.given import Form
from inbound.web.link_pages import SHOW, Held
from inbound.web.sessions import Whose, own_form
from inbound.web.view import go, page, status_of
from inbound.web.visit import reader_of
from store.installation import Installation
from store.parties import Company, Supplier
from workflows.engine.undoing import UNDO_MINUTES
from workflows.errors import Refusal
from workflows.house_rules import CHOICES, OWNER, RATE, TOLERANCE, as_words, set_rules
from workflows.parties import Member, member
from workflows.people import Side
from workflows.sign_in import SignedIn
from workflows.tolerances import NAMES

router = APIRouter()
MOST: Final = 500
"""Suppliers to choose from."""
_PLAIN: Final = ("confirm_after_days", UNDO_MINUTES, "names")


@router.api_route("/rules/{public_id}", methods=SHOW)
def show(public_id: str, installation: Held, signed_in: Whose, supplier: str = "", did: str = "") -> Response:
    """The rules that are set, to be changed by an owner of the company."""
    if signed_in is None:
        return go("/sign-in")
    return _page(installation, signed_in, public_id, supplier, done=bool(did))


@router.post("/rules/{public_id}")
def change(public_id: str, installation: Held, signed_in: Whose, given: Form, supplier: str = "") -> Response:
    """Set what the form says; an empty field takes a rule back."""
    if signed_in is None:
        return go("/sign-in")
    own_form(signed_in, given)
    company, _ = company_of_owner(installation, signed_in, public_id)
    of = _supplier(installation, company.id, supplier)
    said = {key: given.text(key) for key in _keys(of is not None) if key in given.values}
    if of is None and "rates" in given.values:
        kept = {key: "" for key in as_words(company.settings) if key.startswith(RATE)}
        rates = [part.partition("=") for part in given.text("rates").replace(";", " ").split()]
        said |= kept | {f"{RATE}{currency}": rate for currency, _, rate in rates}
    try:
        set_rules(installation, company.id, by=signed_in.address, said=said, supplier=of.public_id if of else None)
    except Refusal as refusal:
        return _page(installation, signed_in, public_id, supplier, refusal=refusal, given=dict(given.values))
    return go(f"/rules/{public_id}?did=1{f'&supplier={of.public_id}' if of else ''}")


def _page(
    installation: Installation,
    signed_in: SignedIn,
    public_id: str,
    supplier: str,
    *,
    done: bool = False,
    refusal: Refusal | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    company, one = company_of_owner(installation, signed_in, public_id)
    of = _supplier(installation, company.id, supplier)
    kept = as_words(of.settings if of else company.settings)
    rates = "; ".join(f"{key.removeprefix(RATE)}={rate}" for key, rate in kept.items() if key.startswith(RATE))
    with installation.database.read(company.id) as session:
        reader = reader_of(session, one, company)
        statement = select(Supplier.public_id, Supplier.name, Supplier.settings).where(
            Supplier.company_id == company.id
        )
        rows = session.execute(statement.order_by(Supplier.name).limit(MOST)).all()
    facts: dict[str, Any] = {
        "company": {"name": company.name},
        "path": f"/rules/{public_id}",
        "supplier": {"name": of.name, "public_id": of.public_id} if of else None,
        "suppliers": [{"name": r.name, "public_id": r.public_id, "own": bool(as_words(r.settings))} for r in rows],
        "tolerances": [TOLERANCE + name for name in NAMES],
        "choices": {} if of else CHOICES,
        "others": () if of else _PLAIN,
        "kept": {**kept, "rates": rates, **(given or {})},
        "general": as_words(company.settings),
        "done": done,
        "refusal": refusal.facts() if refusal else None,
        "form_token": signed_in.form_token,
        "signed_in": True,
        "visitor": signed_in.address,
    }
    return page("rules", reader, facts, status_of(refusal) if refusal else 200)


def _keys(of_supplier: bool) -> list[str]:
    tolerances = [TOLERANCE + name for name in NAMES]
    return tolerances if of_supplier else [*CHOICES, *_PLAIN, *tolerances]


def company_of_owner(installation: Installation, signed_in: SignedIn, public_id: str) -> tuple[Company, Member]:
    """The company and the person as an owner of it; 404 for anybody else."""
    with installation.database.read() as session:
        company = session.scalars(select(Company).where(Company.public_id == public_id)).one_or_none()
        one = None if company is None else member(session, company.id, signed_in.person_id)
        if company is None or one is None or one.side is not Side.BUYER or OWNER not in one.roles:
            raise HTTPException(404)
        session.expunge(company)
        return company, one


def _supplier(installation: Installation, company_id: int, public_id: str) -> Supplier | None:
    if not public_id:
        return None
    with installation.database.read(company_id) as session:
        wanted = select(Supplier).where(Supplier.company_id == company_id, Supplier.public_id == public_id)
        found = session.scalars(wanted).one_or_none()
        if found is None:
            raise HTTPException(404)
        session.expunge(found)
        return found
