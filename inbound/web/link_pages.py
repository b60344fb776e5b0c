"""What a link in a mail opens: its page on GET, its step on POST, once; and for one that opens nothing, why."""

from __future__ import annotations

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from inbound.web import documents
from inbound.web.given import Form
from inbound.web.sessions import set_cookie
from inbound.web.view import ENGLISH, go, page
from inbound.web.visit import Visit, by_link, reader_of
from store.installation import Installation
from store.journal import Notice
from templates.environment import Reader
from workflows.engine.telling import OPEN
from workflows.links import HOME, MAIL, LinkState, Opened, ask_fresh, look, mark_seen, use_up
from workflows.sign_in import SIGN_IN, ask_sign_in, begin_session

log = structlog.get_logger()

router = APIRouter()
SHOW = ["GET", "HEAD"]
FRESH = "fresh"

STATUS = {LinkState.MISSING: 404, LinkState.FOREIGN: 403, LinkState.STALE: 409, LinkState.SPENT: 410}


def holding(request: Request) -> Installation:
    """The installation that these pages belong to."""
    installation: Installation = request.app.state.installation
    return installation


Held = Annotated[Installation, Depends(holding)]


@router.api_route("/l/{token}", methods=SHOW)
def show(token: str, installation: Held, did: str = "") -> Response:
    """Show what the link opens; nothing but its `seen` mark changes."""
    opened = look(installation, token)
    if opened.state is not LinkState.MISSING:
        mark_seen(installation, opened)
    if opened.state is LinkState.SPENT and opened.document is not None:
        visit = _visit(installation, opened, token)
        return documents.show(installation, visit, opened.document, decided=opened.decided, acts=False)
    if opened.state is not LinkState.OK:
        return _closed(installation, opened, token)
    if opened.document is None or _step(opened) == MAIL:
        return _plain_link(installation, opened, token)
    visit = _visit(installation, opened, token)
    if _step(opened) == OPEN:
        return documents.show(installation, visit, opened.document, did=did[:26])
    return documents.show_step(installation, visit, opened.document, _step(opened), alone=True)


@router.post("/l/{token}")
def act(token: str, installation: Held, given: Form) -> Response:
    """Do what the link is for, once; the second time shows the result of the first."""
    opened = look(installation, token)
    if opened.state is LinkState.SPENT and opened.document is not None:
        return go(f"/l/{token}")
    if opened.state is not LinkState.OK:
        return _closed(installation, opened, token)
    if opened.document is None or _step(opened) == MAIL:
        return _use_plain_link(installation, opened, token)
    if _step(opened) == OPEN:
        raise HTTPException(405)
    assert opened.row is not None
    visit = _visit(installation, opened, token)
    return documents.post_step(
        installation,
        visit,
        opened.document,
        _step(opened),
        given,
        cause=opened.cause,
        version=opened.row.version,
    )


@router.post("/l/{token}/fresh")
def fresh(token: str, installation: Held) -> Response:
    """Mail a fresh link to the person on file, and say so whatever became of it."""
    opened = look(installation, token)
    if opened.state is LinkState.MISSING:
        return _closed(installation, opened, token)
    ask_fresh(installation, opened)
    return page("said", _reader(installation, opened), {"about": "fresh"})


@router.post("/l/{token}/undo")
def undo(token: str, installation: Held, given: Form) -> Response:
    """Take back what the person of the link did last: on the document's page, or that of a link that is spent."""
    opened = look(installation, token)
    if opened.document is None or not (
        opened.state is LinkState.SPENT or (opened.state is LinkState.OK and _step(opened) == OPEN)
    ):
        return _closed(installation, opened, token)
    return documents.post_undo(installation, _visit(installation, opened, token), opened.document, given)


@router.api_route("/l/{token}/files/{sha256}", methods=SHOW)
def download(token: str, sha256: str, installation: Held) -> Response:
    """A file of the document, for who may open it."""
    opened = look(installation, token)
    if opened.document is None or opened.state not in (LinkState.OK, LinkState.SPENT):
        return _closed(installation, opened, token)
    return documents.download(installation, _visit(installation, opened, token), opened.document, sha256)


@router.api_route("/l/{token}/{step}", methods=SHOW)
def show_step(token: str, step: str, installation: Held, n: int | None = None) -> Response:
    """The form of a step of the document that the link opens."""
    opened = look(installation, token)
    if opened.state is not LinkState.OK:
        return _closed(installation, opened, token)
    if opened.document is None or _step(opened) != OPEN:
        raise HTTPException(404)
    visit = _visit(installation, opened, token)
    if step in (documents.NOTE, documents.COMMENT, documents.FILES):
        return go(f"{visit.path}#{step}")
    if step != documents.CREATE_INVOICE and step not in opened.document.workflow.steps:
        raise HTTPException(404)
    return documents.show_step(installation, visit, opened.document, step, only=n)


@router.post("/l/{token}/{step}")
def act_step(token: str, step: str, installation: Held, given: Form, n: int | None = None) -> Response:
    """Take a step of the document that the link opens; one press of a button acts once."""
    opened = look(installation, token)
    if opened.state is not LinkState.OK:
        return _closed(installation, opened, token)
    if opened.document is None or _step(opened) != OPEN:
        raise HTTPException(404)
    visit = _visit(installation, opened, token)
    if step in (documents.NOTE, documents.COMMENT, documents.FILES):
        return documents.post_words(installation, visit, opened.document, step, given)
    return documents.post_step(installation, visit, opened.document, step, given, only=n)


def _closed(installation: Installation, opened: Opened, token: str) -> Response:
    """The page of a link that opens nothing now: which kind of nothing, what became of it, and a fresh one by mail."""
    facts: dict[str, Any] = {
        "state": opened.state.value,
        "decided": opened.decided,
        "document": None,
        "path": f"/l/{token}",
        "fresh": opened.person is not None,
    }
    known = opened.document
    # A stale link still proves its mailbox, so it may say what became of the document; an expired one says nothing.
    if known is not None and opened.state in (LinkState.STALE, LinkState.SPENT):
        facts["document"] = {
            "kind": known.kind,
            "number": known.number,
            "title": known.title,
            "status": known.status.value,
        }
    return page("closed", _reader(installation, opened), facts, STATUS.get(opened.state, 410))


def _plain_link(installation: Installation, opened: Opened, token: str) -> Response:
    """The page of a link without a step of a document: sign in, go home, or say that a mail was mine."""
    assert opened.person is not None
    facts: dict[str, Any] = {"path": f"/l/{token}", "address": opened.person.address}
    if _step(opened) == MAIL:
        return page("mail", _reader(installation, opened), facts | _of_notice(installation, opened))
    name = {SIGN_IN: "sign-in-link", HOME: "home-link"}.get(_step(opened))
    if name is None:
        raise HTTPException(404)
    return page(name, _reader(installation, opened), facts)


def _use_plain_link(installation: Installation, opened: Opened, token: str) -> Response:
    assert opened.person is not None
    assert opened.row is not None
    reader = _reader(installation, opened)
    if _step(opened) == MAIL:
        from inbound.route import confirm_mail

        confirm_mail(installation, opened.row)
        use_up(installation, opened.row)
        return page("said", reader, {"about": "mail"})
    if _step(opened) == HOME:
        ask_sign_in(installation, opened.person.address)
        return page("said", reader, {"about": "sign-in"})
    if _step(opened) != SIGN_IN:
        raise HTTPException(404)
    session = begin_session(installation, opened.row)
    if session is None:
        return _closed(installation, look(installation, token), token)
    return set_cookie(go("/"), session, installation)


def _of_notice(installation: Installation, opened: Opened) -> dict[str, Any]:
    """What the notice that carried the link said of the mail: its words and what they were taken for."""
    assert opened.row is not None
    if opened.row.notice_id is None:
        return {}
    with installation.database.read(opened.row.company_id) as session:
        notice = session.get(Notice, opened.row.notice_id)
    facts: dict[str, Any] = {} if notice is None else notice.facts
    return {name: facts.get(name) for name in ("company", "document", "answer", "notes", "files")}


def _visit(installation: Installation, opened: Opened, token: str) -> Visit:
    with installation.database.read(opened.row.company_id if opened.row else None) as session:
        return by_link(session, opened, token)


def _reader(installation: Installation, opened: Opened) -> Reader:
    if opened.person is None or opened.company is None:
        return ENGLISH
    with installation.database.read(opened.company.id) as session:
        return reader_of(session, opened.person, opened.company)


def _step(opened: Opened) -> str:
    return opened.row.step if opened.row is not None else ""
