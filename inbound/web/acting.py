"""Takes steps for a visitor: files kept first, then one short write transaction that calls the one `perform`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from inbound.web.given import Given, keep
from inbound.web.visit import Visit
from store.conflicts import again
from store.errors import AmountTooLarge
from store.installation import Installation
from store.parties import Company
from store.tokens import Purpose
from store.types import dump_json
from workflows.attaching import attach_files
from workflows.drafting import draft_from_order
from workflows.engine import undoing
from workflows.engine.act import Act, GivenFile
from workflows.engine.document import Document, load
from workflows.engine.perform import Performed, perform
from workflows.engine.workflow import Step
from workflows.errors import DataMissing, DocumentChanged
from workflows.links import make_open_link
from workflows.notes import add_comment, add_note

IN_THE_MAKING = ("draft", "in_revision", "invited")
"""Statuses in which a document waits for its supplier to send it: files that come then go along with it."""

T = TypeVar("T")


def take(
    installation: Installation,
    visit: Visit,
    step: Step,
    document: Document[Any],
    data: Any,
    given: Given,
    version: int,
    cause: str | None = None,
) -> Performed:
    """Take *step*; raises a `Refusal`. The cause is that of a link that is good for this step alone, or of the form."""
    what = f"{step.full_name} {document.id} {dump_json(step.data.dump_python(data))}"
    return _act(
        installation,
        visit,
        cause or visit.cause_for(given.text("nonce"), what),
        keep(installation, given.files),
        lambda act: perform(step, document.id, data, act, version=version),
    )


def take_back(installation: Installation, visit: Visit, document: Document[Any], given: Given) -> Performed:
    """Take back the visitor's last step, which the page names beside its button; raises a `Refusal`."""
    cause = visit.cause_for(given.text("nonce"), f"undo {document.id}")
    seen = given.version

    def undo(act: Act) -> Performed:
        if seen < load(act.session, document.id, lock=True).links_from:
            raise DocumentChanged("%(document)s has changed since you saw it.", document=document.label)
        return undoing.take_back(document.id, act, sees_which=True)

    return _act(installation, visit, cause, (), undo)


def say(installation: Installation, visit: Visit, document: Document[Any], given: Given, *, inside: bool) -> Performed:
    """Write a note to the other side, or a comment to the own one (*inside*), with the files that came along."""
    text = given.text("text")
    files = keep(installation, given.files)
    what = f"{'comment' if inside else 'note'} {document.id} {text} {' '.join(f.sha256 for f in files)}"
    words = add_comment if inside else add_note
    return _act(
        installation,
        visit,
        visit.cause_for(given.text("nonce"), what),
        files,
        lambda act: words(document.id, text, act),
    )


def attach(installation: Installation, visit: Visit, document: Document[Any], given: Given) -> Performed:
    """Put files to the document; the other side is told, unless the document is still the visitor's own to send."""
    if document.status.value not in IN_THE_MAKING:
        names = ", ".join(file.name for file in given.files)
        return say(installation, visit, document, replace(given, values={**given.values, "text": names}), inside=False)
    files = keep(installation, given.files)
    what = f"files {document.id} {' '.join(f.sha256 for f in files)}"
    cause = visit.cause_for(given.text("nonce"), what)
    return _act(installation, visit, cause, files, lambda act: attach_files(document.id, act))


def invoice_order(
    installation: Installation,
    visit: Visit,
    order: Document[Any],
    given: Given,
    number: str,
    tax_rate: Decimal | None,
) -> str:
    """Make a draft invoice of what is left of *order* and return the path of its page."""

    def make(act: Act) -> str:
        if given.version < load(act.session, order.id, lock=True).links_from:
            raise DocumentChanged("%(document)s has changed since you saw it.", document=order.label)
        made = draft_from_order(act, order.id, number, tax_rate).document
        if visit.signed_in:
            return f"/d/{made.public_id}"
        key = make_open_link(act.session, installation, visit.member, made)
        return f"/l/{installation.tokens.token(Purpose.LINK, key)}"

    cause = visit.cause_for(given.text("nonce"), f"invoice {order.id} {number} {tax_rate}")
    return _act(installation, visit, cause, keep(installation, given.files), make)


def _act(
    installation: Installation, visit: Visit, cause: str, files: tuple[GivenFile, ...], what: Callable[[Act], T]
) -> T:
    def act() -> T:
        with installation.database.write(visit.company.id) as session:
            company = session.get_one(Company, visit.company.id)
            return what(Act(installation, session, company, visit.actor, cause, files=files))

    try:
        # The same button pressed twice at the same moment: the other press has acted, and its result is shown.
        return again(act)
    except (AmountTooLarge, InvalidOperation) as error:
        raise DataMissing("A figure is too large.") from error
