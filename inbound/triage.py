"""Keeps what a person of the company has to look at: mails that found no home, or of which nothing could be made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from inbound.kind import Kind
from inbound.operations import INVOICES
from store import clock
from store.triage import Triage, TriageState
from templates.words import N_

if TYPE_CHECKING:
    from inbound.answer import Answer
    from inbound.understood import Understanding

WHY = {
    "stranger": N_("We do not know the sender, and the mail names nothing of ours."),
    "invoice": N_("An invoice of a sender whom we do not know."),
    "document": N_("A document of a sender whom we do not know."),
    "unproved": N_("Nothing proves who sent it, so nothing was done."),
    "unread": N_("A file in it could not be read."),
    "unsure": N_("Not everything on the invoice could be read surely; the supplier is asked."),
    "nothing": N_("The sender is known, but the mail is about no document."),
}


def why_held(found: Understanding, company_id: int, answers: Sequence[Answer]) -> str | None:
    """Why somebody of the company must look at the mail (a name in `WHY`); None if it found its home or needs none.

    A machine's mail needs eyes only for a document that it carries.
    """
    here = [about for about in found.about if about.thread.company_id == company_id]
    if any(about.document is not None for about in here):
        return None
    suggestion = found.suggestions.get(company_id)
    documents = suggestion.documents if suggestion is not None else ()
    carries = bool(documents) or any(about.documents for about in here)
    if found.kind is not Kind.PERSON and not carries:
        return None
    if not here:
        if any(one["kind"] in INVOICES for one in documents):
            return "invoice"
        return "document" if documents else "stranger"
    if any(answer.unproved for answer in answers):
        return "unproved"
    if any(about.unread for about in here):
        return "unread"
    made = [document for answer in answers for document in answer.documents]
    if made:
        return "unsure" if any(one.content.missing() for one in made if hasattr(one.content, "missing")) else None
    said = any(about.note for about in here) or bool(found.letter.files())
    return "nothing" if said and not any(answer.heard for answer in answers) else None


def hold(session: Session, company_id: int, mail_id: int, why: str, found: Understanding) -> None:
    """Put the mail before the people of the company, or say anew why it stands there."""
    row = session.execute(
        select(Triage.id, Triage.state).where(Triage.company_id == company_id, Triage.mail_id == mail_id)
    ).one_or_none()
    if row is not None:
        session.execute(update(Triage).where(Triage.id == row.id).values(why=why))
        return
    suggestion = found.suggestions.get(company_id)
    session.execute(
        insert(Triage).values(
            company_id=company_id,
            mail_id=mail_id,
            state=TriageState.OPEN.value,
            why=why,
            suggested=None if suggestion is None else suggestion.as_json(),
            supplier_id=None,
            document_id=None,
            person_id=None,
            created_at=clock.now(),
            decided_at=None,
        )
    )
