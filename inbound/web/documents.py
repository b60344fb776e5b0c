"""The pages of one document, whoever came and however: the document itself, the form of a step, what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote

from fastapi import HTTPException
from fastapi.responses import JSONResponse, Response
from sqlalchemy import or_, select

from inbound.web import acting, forms, showing
from inbound.web.fields import Wrong
from inbound.web.given import Given
from inbound.web.view import go, page, status_of
from inbound.web.visit import Visit, new_nonce
from outbound.documents.report import report_pdf
from store import clock
from store.errors import BlobMissing
from store.installation import Installation
from store.journal import Attachment, Event
from templates.environment import environment
from workflows.engine.document import Document, load
from workflows.engine.undoing import can_undo
from workflows.errors import Refusal
from workflows.links import Decided
from workflows.notes import LONGEST

CREATE_INVOICE = "create_invoice"
NOTE, COMMENT, FILES = "note", "comment", "files"
SHOWN_TYPES = frozenset(("application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"))
"""Types that a file is sent with; any other is bytes, so that no browser takes a stranger's file for a page."""


@dataclass(slots=True)
class FromOrder:
    """What only the supplier can say when its order becomes an invoice."""

    number: str
    tax_rate: Decimal


def show(
    installation: Installation,
    visit: Visit,
    document: Document[Any],
    *,
    did: str = "",
    decided: Decided | None = None,
    acts: bool = True,
    refusal: Refusal | None = None,
    wrong: Mapping[str, Wrong] | None = None,
    given: Given | None = None,
    status: int = 200,
) -> Response:
    """The document's page; *did* names the press of a button that led here, *decided* what a spent link did."""
    with installation.database.read(visit.company.id) as session:
        document = load(session, document.id)
        facts = showing.facts_of(installation, session, visit, document)
        steps = showing.steps_of(document, visit) if acts else []
        invoice = acts and showing.may_invoice(session, document, visit)
        undo = can_undo(session, visit.company, document, visit.actor, clock.now())
        done = _done(session, visit, document, did)
    facts |= {
        "steps": steps,
        "may_invoice": invoice,
        "undo": undo,
        "acts": acts,
        "done": done,
        "decided": decided,
        "refusal": refusal.facts() if refusal else None,
        "wrong": wrong or {},
        "given": given.values if given else {},
        "longest": LONGEST,
        **_place(visit),
    }
    return page("document", visit.reader, facts, status)


def show_step(
    installation: Installation,
    visit: Visit,
    document: Document[Any],
    name: str,
    *,
    only: int | None = None,
    given: Given | None = None,
    wrong: Mapping[str, Wrong] | None = None,
    refusal: Refusal | None = None,
    alone: bool = False,
) -> Response:
    """The form of a step; *alone* where the link is good for this step only."""
    with installation.database.read(visit.company.id) as session:
        document = load(session, document.id)
        facts = showing.facts_of(installation, session, visit, document)
        offered = name == CREATE_INVOICE and showing.may_invoice(session, document, visit)
        offered = offered or name in showing.steps_of(document, visit)
        changed: list[showing.Facts] = []
        if refusal is not None and given is not None and not alone:
            changed = showing.changes_since(session, document, given.version, visit.side)
    if not offered:
        return show(installation, visit, document, refusal=refusal, acts=not alone, status=409)
    step = document.workflow.steps.get(name)
    full_name, data_type = (step.full_name, step.data_type) if step else (CREATE_INVOICE, FromOrder)
    form = forms.form_of(full_name, data_type, _content(document, name), visit.reader, given, only)
    own = f"pages/steps/{document.kind}.{name}.html"
    facts |= {
        "step": name,
        "form": forms.wrong_in(form, wrong or {}),
        "own": own if own in _own_templates() else None,
        "refusal": refusal.facts() if refusal else None,
        "changed": changed,
        "only": only,
        "alone": alone,
        "given": given.values if given else {},
        "doc": step.doc if step else "",
        **_place(visit),
    }
    return page("step", visit.reader, facts, status_of(refusal) if refusal else 422 if wrong else 200)


def post_step(
    installation: Installation,
    visit: Visit,
    document: Document[Any],
    name: str,
    given: Given,
    *,
    cause: str | None = None,
    version: int | None = None,
    only: int | None = None,
) -> Response:
    """Take the step that a form asks for, once, and show what came of it; what is wrong is said at its field."""
    alone = cause is not None
    if name == CREATE_INVOICE and document.kind == "order" and not alone:
        return _post_invoice(installation, visit, document, given)
    step = document.workflow.steps.get(name)
    if step is None or not step.sources or not forms.can_ask(step.data_type):
        raise HTTPException(404)
    data, wrong = forms.read_step(step, document.content, given, visit.reader)
    if wrong:
        return show_step(installation, visit, document, name, only=only, given=given, wrong=wrong, alone=alone)
    seen = given.version if version is None else version
    try:
        acting.take(installation, visit, step, document, data, given, seen, cause)
    except Refusal as refusal:
        return show_step(installation, visit, document, name, only=only, given=given, refusal=refusal, alone=alone)
    return go(visit.path if alone else f"{visit.path}?did={given.text('nonce')[:26]}")


def post_undo(installation: Installation, visit: Visit, document: Document[Any], given: Given) -> Response:
    """Take back what the visitor did last."""
    try:
        acting.take_back(installation, visit, document, given)
    except Refusal as refusal:
        return show(installation, visit, document, refusal=refusal, acts=False, status=status_of(refusal))
    return go(f"{visit.path}?did={given.text('nonce')[:26]}")


def post_words(installation: Installation, visit: Visit, document: Document[Any], name: str, given: Given) -> Response:
    """Add a note, a comment or files."""
    wrong: dict[str, Wrong] = {}
    if name == FILES and not given.files:
        wrong[FILES] = Wrong("file")
    elif name != FILES and not given.text("text") and not given.files:
        wrong[name] = Wrong("words")
    elif len(given.text("text")) > LONGEST:
        wrong[name] = Wrong("too_long", most=str(LONGEST))
    if wrong:
        return show(installation, visit, document, wrong=wrong, given=given, status=422)
    take: Mapping[str, Callable[[], Any]] = {
        NOTE: lambda: acting.say(installation, visit, document, given, inside=False),
        COMMENT: lambda: acting.say(installation, visit, document, given, inside=True),
        FILES: lambda: acting.attach(installation, visit, document, given),
    }
    try:
        take[name]()
    except Refusal as refusal:
        return show(installation, visit, document, refusal=refusal, given=given, status=status_of(refusal))
    return go(f"{visit.path}?did={given.text('nonce')[:26]}")


def download(installation: Installation, visit: Visit, document: Document[Any], sha256: str) -> Response:
    """A file of the document that the visitor's side may see."""
    with installation.database.read(visit.company.id) as session:
        found = session.execute(
            select(Attachment.name, Attachment.type).where(
                Attachment.document_id == document.id,
                Attachment.sha256 == sha256,
                or_(Attachment.side.is_(None), Attachment.side == visit.side.value),
            )
        ).first()
        sealed = showing.in_the_making(session, document, visit.side)
    if found is None or sealed:
        raise HTTPException(404)
    try:
        content = installation.blobs.get(sha256)
    except BlobMissing as error:
        raise HTTPException(404) from error
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in found.name)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    kind = found.type if found.type in SHOWN_TYPES else "application/octet-stream"
    return Response(content, media_type=kind, headers={"Content-Disposition": named})


def report_in_print(installation: Installation, visit: Visit, document: Document[Any]) -> Response:
    """The same as a PDF in the visitor's language."""
    with installation.database.read(visit.company.id) as session:
        facts = showing.facts_of(installation, session, visit, load(session, document.id))
    if not facts["document"].get("report"):
        raise HTTPException(404)
    named = f'attachment; filename="{document.public_id}-report.pdf"'
    content = report_pdf(facts, visit.reader)
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": named})


def report(installation: Installation, visit: Visit, document: Document[Any]) -> Response:
    """How the document was compared, line by line, as JSON in the words of docs/facts.md."""
    with installation.database.read(visit.company.id) as session:
        facts = showing.facts_of(installation, session, visit, load(session, document.id))
    shown = facts["document"]
    names = ("kind", "public_id", "number", "status", "currency", "order_number", "lines", "report")
    return JSONResponse(
        {"document": {name: shown.get(name) for name in names}, "differences": facts.get("differences") or []}
    )


def _post_invoice(installation: Installation, visit: Visit, order: Document[Any], given: Given) -> Response:
    data, wrong = forms.read_form(CREATE_INVOICE, FromOrder, _content(order, CREATE_INVOICE), given, visit.reader)
    if wrong:
        return show_step(installation, visit, order, CREATE_INVOICE, given=given, wrong=wrong)
    try:
        return go(acting.invoice_order(installation, visit, order, given, data.number, data.tax_rate))
    except Refusal as refusal:
        return show_step(installation, visit, order, CREATE_INVOICE, given=given, refusal=refusal)


def _content(document: Document[Any], name: str) -> Any:
    """What a form is filled with: the order's number is not the invoice's, which nobody makes up."""
    if name != CREATE_INVOICE:
        return document.content
    rates = {line.tax_rate for line in document.content.lines}
    return FromOrder("", rates.pop() if len(rates) == 1 else None)  # type: ignore[arg-type]


def _done(session: Any, visit: Visit, document: Document[Any], did: str) -> str | None:
    """The event that the press named *did* made here: what the page tells after a button was pressed."""
    if not did:
        return None
    name: str | None = session.execute(
        select(Event.name)
        .where(
            Event.document_id == document.id,
            Event.person_id == visit.member.person_id,
            Event.cause.startswith(visit.press(did), autoescape=True),
        )
        .limit(1)
    ).scalar_one_or_none()
    return name


def _place(visit: Visit) -> dict[str, Any]:
    return {
        "path": visit.path,
        "nonce": new_nonce(),
        "form_token": visit.form_token,
        "signed_in": visit.signed_in,
        "visitor": visit.member.address,
    }


@cache
def _own_templates() -> frozenset[str]:
    return frozenset(name for name in environment().list_templates(["html"]) if name.startswith("pages/steps/"))
