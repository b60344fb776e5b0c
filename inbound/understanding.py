"""Understands one mail: from its bytes to what is to be done, said and asked; reads the store, changes nothing.

Every step leaves a line in `steps`, so that `postroom explain` can say why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inbound.asked import documents_asked
from inbound.assigned import Assigned
from inbound.cautions import Caution, cautions_about
from inbound.confirming import confirmation, refusal, returned
from inbound.documents.visible.reading import OPEN_ORDERS
from inbound.kind import Kind, kind_of
from inbound.learnt import learnt_in, with_learnt
from inbound.letter import Attachment, Letter
from inbound.meaning.meaning import meaning_of
from inbound.meaning.rest import rest_of
from inbound.operations import (
    FROM_ORDER,
    INVITE,
    INVOICES,
    Operation,
    called,
    is_credit,
    of_document,
    operations_of,
    step_names,
)
from inbound.papers import LISTING, Entry, Paper, paper, statuses_listed
from inbound.said import Parts, split
from inbound.sheets_back import came_back
from inbound.suggesting import Suggestion, suggest
from inbound.threads import Thread, find_threads, strike_ours
from inbound.trust import verdict
from inbound.verdict import Verdict
from inbound.verdicts import Pieces, verdicts_said
from inbound.writer import Writer, is_own_side, writer_of
from store import clock
from store.database import rest
from store.documents import Document as Row
from store.installation import Installation
from store.parties import Company
from store.prepared import Prepared
from workflows.actions import Action, KnownLine, Meaning, Question, Situation
from workflows.drafting import invoice_numbers, open_orders, orders_named
from workflows.engine.document import Document, load, load_version
from workflows.engine.undoing import UNDO
from workflows.parties import Member
from workflows.people import Side
from workflows.reading import Defect, DocumentFormat, DocumentKind, Form, Reading

Read = Callable[[Attachment, Sequence[str]], Reading | None]

_SITUATIONS: Mapping[str, Mapping[str, str]] = {
    "order": {"": "order"},
    "credit_note": {"draft": "credit_draft", "in_revision": "credit_draft", "": "credit_matching"},
    "invoice": {"draft": "invoice_draft", "in_revision": "invoice_draft", "": "invoice_matching"},
    "proposal": {"invited": "rfp", "": "proposal_draft"},
    "invitation": {"": "invitation"},
}
_STATUS = "status"

MOST_LATE = 3
"""After so many files that took too long no further one of a mail is read: other mails wait for theirs."""
TOO_MUCH = "The files before it took too long to read. Please send it in a mail of its own."

_ZONE = Prepared(select(Company.time_zone).where(Company.id == bindparam("company_id")))
_NEEDING_NO_EYES = (DocumentFormat.UBL, DocumentFormat.CII, DocumentFormat.HYBRID_PDF, DocumentFormat.OTHER)
"""Formats in which every field says what it is; of two that are one invoice, these are read first."""
_PRINTED = (DocumentFormat.PDF, DocumentFormat.IMAGE)
"""Formats in which an order comes back signed."""
WHY = "why:"
"""What an entry of `unread` begins with that gives a reason, which a person may do something about."""


@dataclass(frozen=True, slots=True)
class About:
    """What a mail means for one document (or, without one, for a company's mailbox)."""

    thread: Thread
    document: Document[Any] | None
    writer: Writer
    operations: tuple[Operation, ...] = ()
    questions: tuple[Question, ...] = ()
    asks_status: str | None = None
    asked: tuple[Document[Any], ...] = ()
    """The documents whose status is asked for."""
    note: str = ""
    internal: bool = False
    """Whether the note is a comment: it stays on the writer's side."""
    by_copies: bool = False
    """Whether it is internal because all other recipients are the writer's own people."""
    stale: bool = False
    """Whether the document has moved on since the notice that is answered showed it."""
    unread: tuple[tuple[str, str], ...] = ()
    """Documents that could not be read or create nothing: name and sentence, or `why:` and why."""
    told: tuple[Entry, ...] = ()
    """Entries of what was understood that no operation makes: what became of a document that asks for nothing."""
    listed: tuple[Entry, ...] = ()
    """The same with the status of invoices, for those alone who may read it."""
    papers: tuple[Paper, ...] = ()
    """Files that are kept, and no more."""
    cautions: tuple[Caution, ...] = ()
    """What the buyer should know of the sender."""
    actions: tuple[Action, ...] = ()
    """What the mail's own words ask for."""
    documents: frozenset[str] = frozenset()
    """The SHA-256 of every attachment that is a document of whatever kind."""
    kinds: Mapping[str, DocumentKind] = field(default_factory=dict)
    """The kind of each of them that is of one."""
    learnt: tuple[str, ...] = ()
    """Fields of attached documents that were read where a person had shown us that they stand, with the place."""


@dataclass(slots=True)
class Understanding:
    """One mail as understood."""

    letter: Letter
    kind: Kind
    verdict: Verdict
    company_id: int | None = None
    received_at: datetime = field(default_factory=clock.now)
    about: list[About] = field(default_factory=list)
    companies: list[int] = field(default_factory=list)
    """Every company that it came to."""
    suggestions: dict[int, Suggestion] = field(default_factory=dict)
    """What a mail without a document may be about, in each company by that company's own suppliers and orders."""
    steps: list[tuple[str, str]] = field(default_factory=list)

    def because(self, step: str, words: str) -> None:
        """Leave a line for `explain`."""
        self.steps.append((step, words))

    def confine(self, wanted: Callable[[int], bool]) -> None:
        """Let it be about the *wanted* companies alone."""
        self.about = [about for about in self.about if wanted(about.thread.company_id)]
        self.companies = [company_id for company_id in self.companies if wanted(company_id)]


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
    threads = find_threads(session, installation, letter, recipients) if assigned is None else [_thread_of(assigned)]
    if not threads:
        found.because("thread", "nothing of ours is named")
        return found
    found.company_id = threads[0].company_id
    found.companies = list(dict.fromkeys(thread.company_id for thread in threads))
    parts = split(letter.text, letter.html, letter.subject)
    found.because("said", f"{len(parts.said)} characters, {len(parts.quoted)} quoted, {len(parts.signature)} signed")
    read = _once(session, read)
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
            about = _with_documents(session, about, letter, read, today, by_person=found.kind is Kind.PERSON)
        for place in about.learnt:
            found.because("learnt", place)
        for operation in about.operations:
            found.because("action", f"{operation.name}: {operation.words}")
        for question in about.questions:
            found.because("question", f"{question.about}: {question.text}")
        cautions = cautions_about(session, thread.company_id, writer, letter, found.verdict)
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


def _once(session: Session, read: Read) -> Read:
    """*read*, which reads the same file once for one mail, and while no transaction is open: a scan takes a minute.

    Once too many took too long the rest is told as unread, lest one mail keep all others waiting.
    """
    known: dict[tuple[str, tuple[str, ...]], Reading | None] = {}
    late = 0

    def reading(attachment: Attachment, orders: Sequence[str]) -> Reading | None:
        nonlocal late
        key = (attachment.sha256, tuple(orders))
        if key not in known and late >= MOST_LATE:
            return Reading(format=DocumentFormat.OTHER, defects=(Defect("timeout", TOO_MUCH),))
        if key not in known:
            rest(session)
            found = known[key] = read(attachment, orders)
            late += found is not None and any(defect.code == "timeout" for defect in found.defects)
        return known[key]

    return reading


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


def _with_documents(
    session: Session, about: About, letter: Letter, read: Read, today: date, *, by_person: bool
) -> About:
    """*about* with what the attachments ask: an order of the supplier that a document names wins over the thread's."""
    supplier_id = about.writer.actor.supplier_id
    if supplier_id is None or not letter.files():
        return about
    operations: list[Operation] = []
    unread: list[tuple[str, str]] = []
    documents: set[str] = set()
    kinds: dict[str, set[DocumentKind]] = {}
    sheets: list[tuple[Attachment, Form]] = []
    confirmations: list[tuple[Attachment, Reading]] = []
    sent_back: list[Attachment] = []
    papers: list[Paper] = []
    listed: list[Entry] = []
    company_id = about.thread.company_id
    orders = open_orders(session, company_id, supplier_id)
    readings = [
        (file, with_learnt(session, company_id, supplier_id, read(file, tuple(orders)))) for file in letter.files()
    ]
    every_one = [(file, part, one) for file, r in readings if r is not None for part, one in enumerate(r.documents)]
    # The same invoice as XML and as PDF: the one that needs no eyes is read first, the other is its copy.
    for attachment, part, reading in sorted(every_one, key=lambda one: one[2].format not in _NEEDING_NO_EYES):
        if reading.kind is DocumentKind.OTHER and not reading.defects:
            continue
        documents.add(attachment.sha256)
        kinds.setdefault(attachment.sha256, set()).add(reading.kind)
        if reading.form is not None and by_person:
            sheets.append((attachment, reading.form))
        elif reading.kind in INVOICES:
            named = orders_named(session, company_id, supplier_id, reading.orders)
            named = named or _order_of(about.document, orders)
            credited = _credited(session, about, reading, attachment, part, read) if is_credit(reading) else ()
            operations.append(of_document(attachment, reading, about.document, supplier_id, named, credited, part))
        elif reading.kind is DocumentKind.ORDER_CONFIRMATION and by_person:
            confirmations.append((attachment, reading))
        elif reading.kind is DocumentKind.OTHER and by_person and reading.defects[0].code == "order_refused":
            about = replace(about, questions=(*about.questions, refusal(attachment)))
        elif reading.kind is DocumentKind.OTHER:
            unread.append((attachment.name, WHY + reading.defects[0].text))
        elif reading.kind is DocumentKind.ORDER and _is_ours(reading, about.document):
            if reading.format in _PRINTED:
                sent_back.append(attachment)
        else:
            name = called(attachment, reading, part)
            papers.append(paper(session, company_id, supplier_id, attachment, reading, name))
            if reading.kind in LISTING:
                listed += statuses_listed(session, company_id, supplier_id, reading, name)
    untouched: list[Question] = []
    for attachment, form in sheets:
        back = came_back(
            session, company_id, about.writer.actor, attachment, form, about.document, about.actions, today
        )
        operations += back.operations
        untouched += filter(None, [back.untouched])
        if back.unread:
            unread.append((attachment.name, back.unread))
        kept = tuple(o for o in about.operations if not back.dropped & {o.name, o.asked_as})
        note = "\n\n".join(filter(None, (about.note, back.note)))
        about = replace(about, operations=kept, questions=(*about.questions, *back.questions), note=note)
    for attachment, reading in confirmations:
        made = confirmation(session, company_id, about.writer.actor, attachment, reading, about.document, about.actions)
        operations += made.operations
        kept = tuple(o for o in about.operations if not made.dropped & {o.name, o.asked_as})
        told, questions = (*about.told, *made.told), (*about.questions, *made.questions)
        about = replace(about, operations=kept, questions=questions, told=told)
    every = (*operations, *about.operations)
    if sent_back and by_person and about.document and not (every or about.questions or about.asks_status):
        about = replace(about, questions=(returned(sent_back[0], about.document),))
    if untouched and not (every or unread or about.questions or about.note or about.asks_status):
        about = replace(about, questions=(untouched[0],))
    return replace(
        about,
        operations=tuple(sorted(every, key=lambda o: o.turn)),
        unread=tuple(unread),
        listed=tuple(listed),
        papers=tuple(papers),
        documents=frozenset(documents),
        kinds={sha256: min(of) for sha256, of in kinds.items() if len(of) == 1 and DocumentKind.OTHER not in of},
        learnt=tuple(place for _, _, reading in every_one for place in learnt_in(reading)),
    )


def _credited(
    session: Session, about: About, reading: Reading, attachment: Attachment, part: int, read: Read
) -> tuple[str, ...]:
    """The invoices that a credit note is for: those it names, those known whose numbers it shows, else the thread's."""
    if reading.credits and reading.where.get("credits") != OPEN_ORDERS:
        return reading.credits
    supplier_id = about.writer.actor.supplier_id
    assert supplier_id is not None
    known = invoice_numbers(session, about.thread.company_id, supplier_id)
    again = read(attachment, known)
    documents = again.documents if again is not None else ()
    found = (*documents[part].credits, *documents[part].orders) if part < len(documents) else ()
    shown = tuple(dict.fromkeys(number for number in found if number in known and number != reading.number))
    if shown or about.document is None or about.document.kind != "invoice":
        return shown
    return (about.document.label,)


def _is_ours(reading: Reading, document: Document[Any] | None) -> bool:
    """Whether it is the thread's own order that came back, and no order of somebody else's."""
    return document is not None and document.kind == "order" and document.label in (reading.number, *reading.orders)


def _order_of(document: Document[Any] | None, orders: Mapping[str, int]) -> dict[str, int]:
    """The thread's own order, proposed when the document names none."""
    if document is None:
        return {}
    ids = {document.id} if document.kind == "order" else set(getattr(document.content, "order_ids", ()))
    return {number: order_id for number, order_id in orders.items() if order_id in ids}


def actions_as_json(actions: Sequence[Action]) -> list[dict[str, object]]:
    """Actions in the words of `postroom understand`."""
    return [{"action": action.name, **action.data()} for action in actions]
