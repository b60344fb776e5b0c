"""Understands one mail: from its bytes to what is to be done, said and asked; reads the store, changes nothing.

Every step leaves a line in `steps`, so that `postroom explain` can say why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inbound.asked import documents_asked
from inbound.assigned import Assigned
from inbound.attached import Read, read_once, with_attached
from inbound.bounces import bounces_of
from inbound.cautions import cautions_about
from inbound.kind import SILENT, Kind, kind_of
from inbound.letter import Letter
from inbound.meaning.meaning import meaning_of
from inbound.meaning.rest import rest_of
from inbound.operations import (
    FROM_ORDER,
    INVITE,
    Operation,
    operations_of,
    step_names,
)
from inbound.said import Parts, split
from inbound.suggesting import suggest
from inbound.threads import Thread, find_threads, strike_ours
from inbound.trust import verdict
from inbound.understood import About, Understanding
from inbound.verdict import Verdict
from inbound.verdicts import Pieces, verdicts_said
from inbound.writer import Writer, is_own_side, writer_of
from store import clock
from store.documents import Document as Row
from store.installation import Installation
from store.parties import Company
from store.prepared import Prepared
from templates.environment import sentence
from workflows.actions import Action, KnownLine, Meaning, Question, Situation
from workflows.engine.document import Document, load, load_version
from workflows.engine.undoing import UNDO
from workflows.parties import Member
from workflows.people import Side

_SITUATIONS: Mapping[str, Mapping[str, str]] = {
    "order": {"": "order"},
    "credit_note": {"draft": "credit_draft", "in_revision": "credit_draft", "": "credit_matching"},
    "invoice": {"draft": "invoice_draft", "in_revision": "invoice_draft", "": "invoice_matching"},
    "proposal": {"invited": "rfp", "": "proposal_draft"},
    "invitation": {"": "invitation"},
}
_STATUS = "status"

MOST_BOUNCES = 20
"""Addresses of a bounce that an explanation lists."""
_ZONE = Prepared(select(Company.time_zone).where(Company.id == bindparam("company_id")))


def understand(
    session: Session,
    installation: Installation,
    letter: Letter,
    recipients: Sequence[tuple[str, bytes | None]],
    read: Read,
    proved: Member | None = None,
    received_at: datetime | None = None,
    judged: Verdict | None = None,
    *,
    as_then: Mapping[int, int] | None = None,
    assigned: Assigned | None = None,
) -> Understanding:
    """Understand *letter*, which came to *recipients* of ours (address and token key). *read* reads an attachment.

    *proved* is a person who confirmed by a link that the mail is theirs; days without a year count from *received_at*.
    *judged* is how far the author is proved; without it a trusted relay's header says so. *as_then* names the versions
    in which documents are looked at, for a replay; any other is looked at as it is. *assigned* says whose the mail is,
    because a person of the company said so.
    """
    kind, why = kind_of(letter)
    judged = judged or verdict(letter, installation.trusted_relays)
    found = Understanding(letter, kind, judged, received_at=received_at or clock.now())
    found.because("kind", f"{kind}: {why}")
    found.because("sender", f"{letter.author or 'nobody'}: {found.verdict.level}, {found.verdict.why}")
    if kind in (Kind.BOUNCE, Kind.DELAYED):
        for bounce in bounces_of(letter)[:MOST_BOUNCES]:
            status = f" ({bounce.status})" if bounce.status else ""
            found.because("bounce", f"{bounce.recipient}{status}: {'for good' if bounce.permanent else 'not yet'}")
    threads = find_threads(session, installation, letter, recipients) if assigned is None else [_thread_of(assigned)]
    if not threads:
        found.because("thread", "nothing of ours is named")
        return found
    found.company_id = threads[0].company_id
    found.companies = list(dict.fromkeys(thread.company_id for thread in threads))
    parts = split(letter.text, letter.html, letter.subject)
    found.because("said", f"{len(parts.said)} characters, {len(parts.quoted)} quoted, {len(parts.signature)} signed")
    read = read_once(session, read)
    # Our own links and reply addresses are struck out first: neither a note nor a reason may carry them across.
    said = strike_ours(parts.said, installation)
    ours = {address for address, _ in recipients}
    with_files: set[tuple[int, int | None]] = set()
    for thread in _invoices_first(session, threads):
        document = _document_of(session, thread, as_then or {})
        found.because("thread", f"{thread.how}: {document.kind + ' ' + document.label if document else 'no document'}")
        writer = writer_of(session, thread, document, letter, found.verdict, proved, assigned)
        if writer is None:
            found.because("writer", "a stranger")
            continue
        found.because("writer", f"{writer.actor.side}, {writer.actor.via}, trust {writer.actor.trust.name.lower()}")
        asked_at = found.received_at if proved is None else clock.now()  # a link may be pressed days later
        about = _about(session, installation, found, thread, document, writer, said, parts, ours, asked_at)
        party = (thread.company_id, writer.actor.supplier_id)
        if writer.actor.side is Side.SUPPLIER and party not in with_files:
            # A file is one thing however many threads its mail came to: it acts in the first that can take it.
            with_files.add(party)
            today = _day_of(session, thread.company_id, found.received_at)
            about = with_attached(session, about, letter, read, today, by_person=found.kind is Kind.PERSON)
        for place in about.learnt:
            found.because("learnt", place)
        for operation in about.operations:
            found.because("action", f"{operation.name}: {operation.words}")
        for question in about.questions:
            found.because("question", f"{question.about}: {sentence(question.text, dict(question.params))}")
        speaks = found.kind not in SILENT  # of a mail system's notice nobody need be warned
        cautions = cautions_about(session, thread.company_id, writer, letter, found.verdict) if speaks else ()
        for caution in cautions:
            found.because("caution", str(caution["text"]) % caution["params"])
        if assigned is not None:  # it came to the company itself, which reads it already
            about = replace(about, internal=False, by_copies=False)
        found.about.append(replace(about, cautions=cautions))
    if assigned is None and not any(t.document_id for t in threads) and not any(a.operations for a in found.about):
        for company_id in found.companies:
            here = (a.writer.actor.supplier_id for a in found.about if a.thread.company_id == company_id)
            found.suggestions[company_id] = suggest(session, company_id, letter, read, next(here, None))
        found.because("suggestion", found.suggestions[found.company_id].in_words())
    return found


def _thread_of(assigned: Assigned) -> Thread:
    how = f"assigned by {assigned.by}"
    return Thread(assigned.company_id, assigned.document_id, how, None, Side.SUPPLIER)


def _document_of(session: Session, thread: Thread, as_then: Mapping[int, int]) -> Document[Any] | None:
    if thread.document_id is None:
        return None
    version = as_then.get(thread.document_id)
    return load(session, thread.document_id) if version is None else load_version(session, thread.document_id, version)


def _invoices_first(session: Session, threads: Sequence[Thread]) -> list[Thread]:
    """The threads of invoices before others: a corrected document goes to the invoice that it corrects."""
    if len(threads) == 1:
        return list(threads)
    invoices = set(
        session.scalars(
            select(Row.id).where(
                Row.id.in_([t.document_id for t in threads if t.document_id]), Row.kind.in_(("invoice", "credit_note"))
            )
        )
    )
    return sorted(threads, key=lambda thread: thread.document_id not in invoices)


def _about(
    session: Session,
    installation: Installation,
    found: Understanding,
    thread: Thread,
    document: Document[Any] | None,
    writer: Writer,
    said: str,
    parts: Parts,
    ours: set[str],
    asked_at: datetime,
) -> About:
    letter, actor = found.letter, writer.actor
    operations: list[Operation] = []
    questions: tuple[Question, ...] = ()
    status, note, asked = None, said, []
    person = found.kind is Kind.PERSON
    meaning: Meaning | None = None
    if document is not None and person:
        steps = step_names(document, actor)
        situation = situation_of(document, writer, steps, _day_of(session, thread.company_id, found.received_at))
        pieces: Pieces = [(role, strike_ours(text, installation)) for role, text in parts.pieces]
        files = [a.name for a in letter.files()]
        decided, said, pieces = verdicts_said(document, steps, said, pieces)
        meaning = meaning_of(said, situation, letter.subject, files, parts.quoted, pieces)
        operations = decided + operations_of(meaning.actions, document, steps, actor, asked_at)
        questions, note = meaning.questions, rest_of(meaning.note, meaning.actions)
        if asking := next((a for a in meaning.actions if a.name == _STATUS), None):
            status = asking.document or document.label
            asked = documents_asked(session, document, actor, asking.document)
    others = {box.address.lower() for box in (*letter.to, *letter.cc) if box.address} - ours - {letter.author or ""}
    one_sided = thread.stays_with(actor.side)
    free = installation.free_mail_domains
    by_copies = not one_sided and is_own_side(session, thread.company_id, actor, others, free)
    return About(
        thread,
        document,
        writer,
        tuple(sorted(operations, key=lambda o: o.turn)),
        questions,
        status,
        tuple(asked),
        note.strip() if person else "",
        internal=one_sided or by_copies,
        by_copies=by_copies,
        stale=document is not None and thread.version is not None and thread.version < document.links_from,
        actions=meaning.actions if meaning is not None else (),
    )


def _day_of(session: Session, company_id: int, moment: datetime) -> date:
    """The day of *moment* where the company is."""
    zone: str = _ZONE.value(session, company_id=company_id)
    return moment.astimezone(ZoneInfo(zone)).date()


def situation_of(document: Document[Any], writer: Writer, steps: Mapping[str, object], today: date) -> Situation:
    """What is talked about, for the meaning of an answer."""
    names = _SITUATIONS.get(document.kind, {})
    allowed = {*steps, _STATUS, UNDO}
    if document.kind == "order" and writer.actor.side is Side.SUPPLIER:
        allowed |= {*FROM_ORDER, "invoice_number"}
    if document.supplier_id is not None and writer.actor.side is Side.SUPPLIER:
        allowed.add(INVITE)
    if document.kind == "order" and document.status.value != "countered":
        allowed -= {"approve", "reject"}  # nothing is proposed: "fine, thanks" decides nothing
    lines = [
        KnownLine(line.n, line.text, line.quantity, line.unit, line.unit_price)
        for line in getattr(document.content, "lines", ())
    ]
    return Situation(
        name=names.get(document.status.value, names.get("", document.kind)),
        role=writer.actor.side.value,
        steps=frozenset(allowed),
        document=document.number,
        currency=document.currency,
        locale=writer.member.locale if writer.member else None,
        today=today,
        lines=tuple(lines),
    )


def actions_as_json(actions: Sequence[Action]) -> list[dict[str, object]]:
    """Actions in the words of `postroom understand`."""
    return [{"action": action.name, **action.data()} for action in actions]
