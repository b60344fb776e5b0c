"""The page of what a company has learnt of its suppliers' layouts, where an owner has it forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response

from inbound.web.given import Form
from inbound.web.link_pages import SHOW, Held
from inbound.web.rules_page import company_of_owner
from inbound.web.sessions import Whose, own_form
from inbound.web.view import go, page, status_of
from inbound.web.visit import reader_of
from store.installation import Installation
from templates.words import N_
from workflows.errors import NotFound, Refusal
from workflows.remembered import forget, learnt_layouts
from workflows.sign_in import SignedIn

router = APIRouter()

PLACES: Final = {
    "after": N_("after %(words)s"),
    "right of": N_("to the right of %(words)s"),
    "below": N_("below %(words)s"),
    "first page": N_("at one place of the first page"),
    "last page": N_("at one place of the last page"),
}
"""What the keys of places begin with, in words."""


@router.api_route("/layouts/{public_id}", methods=SHOW)
def show(public_id: str, installation: Held, signed_in: Whose, did: str = "") -> Response:
    """What was learnt, newest first, to an owner of the company."""
    if signed_in is None:
        return go("/sign-in")
    return _page(installation, signed_in, public_id, done=bool(did))


@router.post("/layouts/{public_id}/forget")
def forget_one(public_id: str, installation: Held, signed_in: Whose, given: Form) -> Response:
    """Forget what was learnt from one document."""
    if signed_in is None:
        return go("/sign-in")
    own_form(signed_in, given)
    company, _ = company_of_owner(installation, signed_in, public_id)
    said = given.text("layout")
    try:
        if not (said.isascii() and said.isdigit() and len(said) < 16):
            raise NotFound("Nothing is learnt under %(number)s.", number=said[:20])
        forget(installation, company.id, int(said), by=signed_in.address)
    except Refusal as refusal:
        return _page(installation, signed_in, public_id, refusal=refusal)
    return go(f"/layouts/{public_id}?did=1")


def _page(
    installation: Installation,
    signed_in: SignedIn,
    public_id: str,
    *,
    done: bool = False,
    refusal: Refusal | None = None,
) -> Response:
    company, one = company_of_owner(installation, signed_in, public_id)
    with installation.database.read(company.id) as session:
        reader = reader_of(session, one, company)
        learnt = learnt_layouts(session, company.id)
    facts = {
        "company": {"name": company.name},
        "path": f"/layouts/{public_id}",
        "learnt": [one | {"fields": [_in_words(field) for field in one["fields"]]} for one in learnt],
        "done": done,
        "refusal": refusal.facts() if refusal else None,
        "form_token": signed_in.form_token,
        "signed_in": True,
        "visitor": signed_in.address,
    }
    return page("layouts", reader, facts, status_of(refusal) if refusal else 200)


def _in_words(field: Mapping[str, Any]) -> dict[str, Any]:
    places = [key.partition(": ") for key in field["at"]]
    said = [{"text": PLACES.get(how, how), "params": {"words": words}} for how, _, words in places]
    return {"field": field["field"], "at": said}
