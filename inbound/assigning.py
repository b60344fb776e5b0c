"""Assigns a mail that found no home to a supplier: it is understood and acted on again as if it had come that way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from inbound.acting import carry_out
from inbound.assigned import Assigned
from inbound.attached import Read
from inbound.kept import judged, kept_mail
from inbound.letter import Letter, read_letter
from inbound.parting import Part, given_of, left_of, only, with_given
from inbound.reader import read_attachment
from inbound.understanding import understand
from store import clock
from store.conflicts import retried
from store.installation import Installation
from store.journal import Event
from store.triage import KnownSender, Triage, TriageState
from templates.words import N_
from workflows.errors import TransitionNotAllowed
from workflows.parties import Member

log = structlog.get_logger()

DECIDED = N_("Somebody has decided about this mail already.")
_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a mail that was assigned: the document, if any, and whether anything was done at all."""

    document_id: int | None
    done: bool


def assign(
    installation: Installation,
    triage_id: int,
    by: Member,
    supplier_id: int,
    document_id: int | None,
    *,
    remember: bool,
    part: Part | None = None,
    read: Read = read_attachment,
) -> Outcome:
    """Act on the mail as the supplier's, about the document if one is given; *remember* keeps the sender for it.

    *part* gives them a part of it alone, and the rest waits on; without it they are given all that is left. Where
    nothing comes of it the mail stays open, with the reason. Raises `TransitionNotAllowed` when it, or that part, was
    given before. Files are read before the transaction begins.
    """
    with installation.database.read() as session:
        entry = session.get_one(Triage, triage_id)
        mail = kept_mail(session, installation, entry.mail_id)
    assert mail is not None
    if entry.state != TriageState.OPEN:
        raise TransitionNotAllowed(DECIDED)
    assigned = Assigned(entry.company_id, supplier_id, document_id, by.name)
    letter = read_letter(mail.source)
    verdict = judged(installation, mail, letter)
    left = left_of(letter, entry.suggested)
    part = part or left
    cause = f"mail:{mail.id}:assigned" + ("" if part == left_of(letter, None) else f"-{part.key}")
    letter = only(letter, part)
    with installation.database.read() as session:
        found = understand(
            session, installation, letter, mail.recipients, read, None, mail.received_at, verdict, assigned=assigned
        )
    for attachment in letter.files():
        installation.blobs.put(attachment.content)

    @retried
    def act() -> Outcome:
        with installation.database.write() as session:
            kept = _take(session, triage_id)
            if part.names & given_of(kept):
                raise TransitionNotAllowed(DECIDED)
            carry_out(installation, session, mail, found, cause=cause)
            outcome = _outcome(session, entry.company_id, cause)
            if outcome.done and not left.files <= part.files:
                rest = with_given(kept, part.names)
                session.execute(
                    update(Triage).where(Triage.id == triage_id).values(suggested=rest), execution_options=_QUIETLY
                )
            elif outcome.done:
                _close(session, triage_id, by, TriageState.ASSIGNED, supplier_id, outcome.document_id or document_id)
            if remember and letter.author:
                _remember(session, entry.company_id, letter, supplier_id, by)
            return outcome

    outcome = act()
    log.info("mail_assigned", mail=mail.id, supplier=supplier_id, done=outcome.done, remembered=remember)
    return outcome


@retried
def close(installation: Installation, triage_id: int, by: Member) -> None:
    """Nothing is to be made of the mail; it stays in the store. Raises `TransitionNotAllowed` if it was decided."""
    with installation.database.write() as session:
        _take(session, triage_id)
        _close(session, triage_id, by, TriageState.CLOSED, None, None)


def _take(session: Session, triage_id: int) -> Any:
    """Take the entry, if nobody has decided, and return what it keeps."""
    statement = select(Triage.state, Triage.suggested).where(Triage.id == triage_id).with_for_update()
    row = session.execute(statement).one_or_none()
    if row is None or row.state != TriageState.OPEN:
        raise TransitionNotAllowed(DECIDED)
    return row.suggested


def _close(
    session: Session, triage_id: int, by: Member, state: TriageState, supplier_id: int | None, document_id: int | None
) -> None:
    session.execute(
        update(Triage)
        .where(Triage.id == triage_id)
        .values(
            state=state.value,
            supplier_id=supplier_id,
            document_id=document_id,
            person_id=by.person_id,
            decided_at=clock.now(),
        ),
        execution_options=_QUIETLY,
    )


def _outcome(session: Session, company_id: int, cause: str) -> Outcome:
    """What the act left: the document of its first event."""
    row = session.execute(
        select(func.min(Event.id), func.max(Event.document_id)).where(
            Event.company_id == company_id, Event.cause >= f"{cause}:", Event.cause < f"{cause};"
        )
    ).one()
    return Outcome(row[1], row[0] is not None)


def _remember(session: Session, company_id: int, letter: Letter, supplier_id: int, by: Member) -> None:
    address = (letter.author or "").lower()
    known = session.scalar(
        select(KnownSender.id).where(KnownSender.company_id == company_id, KnownSender.address == address)
    )
    said = {"supplier_id": supplier_id, "person_id": by.person_id, "created_at": clock.now()}
    if known is not None:
        session.execute(update(KnownSender).where(KnownSender.id == known).values(**said), execution_options=_QUIETLY)
        return
    session.execute(insert(KnownSender).values(company_id=company_id, address=address, **said))
