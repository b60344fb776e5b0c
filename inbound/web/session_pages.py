"""The pages of who signed in: sign in, the home page, and the same document pages without a link."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlalchemy import select
from starlette.background import BackgroundTask

from inbound.web import documents
from inbound.web.given import Form
from inbound.web.home import home_facts
from inbound.web.link_pages import SHOW, Held
from inbound.web.sessions import COOKIE, Whose, own_form
from inbound.web.view import ENGLISH, go, page
from inbound.web.visit import Visit, by_page
from store.documents import Document as Row
from store.installation import Installation
from store.parties import Company
from workflows.engine.document import Document, load
from workflows.engine.undoing import UNDO
from workflows.parties import member
from workflows.people import Side
from workflows.sign_in import SignedIn, ask_sign_in, end_session

router = APIRouter()


@router.api_route("/", methods=SHOW)
def home(installation: Held, signed_in: Whose) -> Response:
    """What waits for the signed-in person, and everything that is theirs."""
    if signed_in is None:
        return go("/sign-in")
    facts, reader = home_facts(installation, signed_in)
    return page("home", reader, facts)


@router.api_route("/sign-in", methods=SHOW)
def show_sign_in(signed_in: Whose) -> Response:
    """The form that mails a sign-in link."""
    return go("/") if signed_in is not None else page("sign-in", ENGLISH, {})


@router.post("/sign-in")
def sign_in(installation: Held, given: Form) -> Response:
    """Mail a sign-in link to a known address; the answer is the same for an unknown one, and as fast."""
    address = given.text("address")
    if "@" not in address or len(address) > 254 or any(c.isspace() for c in address):
        return page("sign-in", ENGLISH, {"address": address[:254], "wrong": True}, 422)
    answer = page("said", ENGLISH, {"about": "sign-in"})
    answer.background = BackgroundTask(ask_sign_in, installation, address)
    return answer


@router.post("/sign-out")
def sign_out(installation: Held, signed_in: Whose, given: Form) -> Response:
    """End the session."""
    if signed_in is not None:
        own_form(signed_in, given)
        end_session(installation, signed_in)
    answer = go("/sign-in")
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.api_route("/d/{public_id}", methods=SHOW)
def show(public_id: str, installation: Held, signed_in: Whose, did: str = "") -> Response:
    """The document's page."""
    if signed_in is None:
        return go("/sign-in")
    visit, document = _visit(installation, signed_in, public_id)
    return documents.show(installation, visit, document, did=did[:26])


@router.api_route("/d/{public_id}/files/{sha256}", methods=SHOW)
def download(public_id: str, sha256: str, installation: Held, signed_in: Whose) -> Response:
    """A file of the document."""
    if signed_in is None:
        return go("/sign-in")
    visit, document = _visit(installation, signed_in, public_id)
    return documents.download(installation, visit, document, sha256)


@router.api_route("/d/{public_id}/report.json", methods=SHOW)
def report(public_id: str, installation: Held, signed_in: Whose) -> Response:
    """How an invoice was compared, as data."""
    if signed_in is None:
        raise HTTPException(401)
    visit, document = _visit(installation, signed_in, public_id)
    return documents.report(installation, visit, document)


@router.api_route("/d/{public_id}/report.pdf", methods=SHOW)
def report_in_print(public_id: str, installation: Held, signed_in: Whose) -> Response:
    """How an invoice was compared, to be printed or kept."""
    if signed_in is None:
        return go("/sign-in")
    visit, document = _visit(installation, signed_in, public_id)
    return documents.report_in_print(installation, visit, document)


@router.api_route("/d/{public_id}/{step}", methods=SHOW)
def show_step(public_id: str, step: str, installation: Held, signed_in: Whose, n: int | None = None) -> Response:
    """The form of a step."""
    if signed_in is None:
        return go("/sign-in")
    visit, document = _visit(installation, signed_in, public_id)
    if step in (documents.NOTE, documents.COMMENT, documents.FILES):
        return go(f"{visit.path}#{step}")
    if step != documents.CREATE_INVOICE and step not in document.workflow.steps:
        raise HTTPException(404)
    return documents.show_step(installation, visit, document, step, only=n)


@router.post("/d/{public_id}/{step}")
def act_step(
    public_id: str, step: str, installation: Held, signed_in: Whose, given: Form, n: int | None = None
) -> Response:
    """Take a step; one press of a button acts once."""
    if signed_in is None:
        return go("/sign-in")
    own_form(signed_in, given)
    visit, document = _visit(installation, signed_in, public_id)
    if step in (documents.NOTE, documents.COMMENT, documents.FILES):
        return documents.post_words(installation, visit, document, step, given)
    if step == UNDO:
        return documents.post_undo(installation, visit, document, given)
    return documents.post_step(installation, visit, document, step, given, only=n)


def _visit(installation: Installation, signed_in: SignedIn, public_id: str) -> tuple[Visit, Document[Any]]:
    """The visit of a document that is the person's own or their company's; 404 for anything else."""
    with installation.database.read() as session:
        row = session.execute(
            select(Row.id, Row.company_id, Row.supplier_id).where(Row.public_id == public_id)
        ).one_or_none()
        one = None if row is None else member(session, row.company_id, signed_in.person_id, row.supplier_id)
        if row is None or one is None or (one.side is Side.SUPPLIER and one.supplier_id != row.supplier_id):
            raise HTTPException(404)
        company = session.get_one(Company, row.company_id)
        return by_page(session, signed_in, one, company, public_id), load(session, row.id)
