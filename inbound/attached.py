"""What the attachments of a mail ask: each is read once, and what it is decides where it goes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from inbound.confirming import confirmation, refusal, returned
from inbound.documents.visible.reading import OPEN_ORDERS
from inbound.learnt import learnt_in, with_learnt
from inbound.letter import Attachment, Letter
from inbound.operations import INVOICES, Operation, called, is_credit, of_document
from inbound.papers import LISTING, Entry, Paper, paper, statuses_listed
from inbound.sheets_back import came_back
from inbound.understood import WHY, About
from store.database import rest
from workflows.actions import Question
from workflows.drafting import invoice_numbers, open_orders, orders_named
from workflows.engine.document import Document
from workflows.reading import Defect, DocumentFormat, DocumentKind, Form, Reading

Read = Callable[[Attachment, Sequence[str]], Reading | None]
"""Reads an attachment, given the numbers of the orders that it may name."""

MOST_LATE = 3
"""After so many files that took too long no further one of a mail is read: other mails wait for theirs."""
TOO_MUCH = "The files before it took too long to read. Please send it in a mail of its own."

_NEEDING_NO_EYES = (DocumentFormat.UBL, DocumentFormat.CII, DocumentFormat.HYBRID_PDF, DocumentFormat.OTHER)
"""Formats in which every field says what it is; of two that are one invoice, these are read first."""
_PRINTED = (DocumentFormat.PDF, DocumentFormat.IMAGE)
"""Formats in which an order comes back signed."""


def read_once(session: Session, read: Read) -> Read:
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


def with_attached(session: Session, about: About, letter: Letter, read: Read, today: date, *, by_person: bool) -> About:
    """*about* with what the attachments ask: an order of the supplier that a document names wins over the thread's."""
    supplier_id = about.writer.actor.supplier_id
    if supplier_id is None or not letter.files():
        return about
    sorting = _Sorting(session, about, supplier_id, read, by_person)
    sorting.sort(letter.files())
    sorting.take_sheets(today)
    sorting.take_confirmations()
    return sorting.result()


@dataclass(slots=True)
class _Sorting:
    """The files of one mail on their way: each goes to one of these lists."""

    session: Session
    about: About
    supplier_id: int
    read: Read
    by_person: bool
    operations: list[Operation] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    kinds: dict[str, set[DocumentKind]] = field(default_factory=dict)
    sheets: list[tuple[Attachment, Form]] = field(default_factory=list)
    confirmations: list[tuple[Attachment, Reading]] = field(default_factory=list)
    sent_back: list[Attachment] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    listed: list[Entry] = field(default_factory=list)
    untouched: list[Question] = field(default_factory=list)
    learnt: list[str] = field(default_factory=list)

    def sort(self, files: Sequence[Attachment]) -> None:
        """Read every file and see what each document in it is."""
        company_id = self.about.thread.company_id
        orders = open_orders(self.session, company_id, self.supplier_id)
        found: list[tuple[Attachment, int, Reading]] = []
        for file in files:
            reading = with_learnt(self.session, company_id, self.supplier_id, self.read(file, tuple(orders)))
            if reading is not None:
                found += ((file, part, one) for part, one in enumerate(reading.documents))
        self.learnt += (place for _, _, reading in found for place in learnt_in(reading))
        # The same invoice as XML and as PDF: the one that needs no eyes is read first, the other is its copy.
        for file, part, reading in sorted(found, key=lambda one: one[2].format not in _NEEDING_NO_EYES):
            if reading.kind is not DocumentKind.OTHER or reading.defects:
                self._sort_one(file, part, reading, orders)

    def _sort_one(self, file: Attachment, part: int, reading: Reading, orders: Mapping[str, int]) -> None:
        self.kinds.setdefault(file.sha256, set()).add(reading.kind)
        session, about, company_id = self.session, self.about, self.about.thread.company_id
        if reading.form is not None and self.by_person:
            self.sheets.append((file, reading.form))
        elif reading.kind in INVOICES:
            named = orders_named(session, company_id, self.supplier_id, reading.orders)
            named = named or _order_of(about.document, orders)
            credited = self._credited(file, part, reading) if is_credit(reading) else ()
            self.operations.append(of_document(file, reading, about.document, self.supplier_id, named, credited, part))
        elif reading.kind is DocumentKind.ORDER_CONFIRMATION and self.by_person:
            self.confirmations.append((file, reading))
        elif reading.kind is DocumentKind.OTHER and self.by_person and reading.defects[0].code == "order_refused":
            self.about = replace(about, questions=(*about.questions, refusal(file)))
        elif reading.kind is DocumentKind.OTHER:
            self.unread.append((file.name, WHY + reading.defects[0].text))
        elif reading.kind is DocumentKind.ORDER and _is_ours(reading, about.document):
            if reading.format in _PRINTED:
                self.sent_back.append(file)
        else:
            name = called(file, reading, part)
            self.papers.append(paper(session, company_id, self.supplier_id, file, reading, name))
            if reading.kind in LISTING:
                self.listed += statuses_listed(session, company_id, self.supplier_id, reading, name)

    def take_sheets(self, today: date) -> None:
        """What our own sheets that came back ask."""
        for file, form in self.sheets:
            about = self.about
            back = came_back(
                self.session,
                about.thread.company_id,
                about.writer.actor,
                file,
                form,
                about.document,
                about.actions,
                today,
            )
            self.operations += back.operations
            self.untouched += filter(None, [back.untouched])
            if back.unread:
                self.unread.append((file.name, back.unread))
            self._drop(back.dropped, back.questions)
            self.about = replace(self.about, note="\n\n".join(filter(None, (about.note, back.note))))

    def take_confirmations(self) -> None:
        """What order confirmations ask of the orders that they name."""
        for file, reading in self.confirmations:
            about = self.about
            made = confirmation(
                self.session,
                about.thread.company_id,
                about.writer.actor,
                file,
                reading,
                about.document,
                about.actions,
            )
            self.operations += made.operations
            self._drop(made.dropped, made.questions)
            self.about = replace(self.about, told=(*about.told, *made.told))

    def _drop(self, dropped: Collection[str], questions: Sequence[Question]) -> None:
        """Leave out what the mail's own words ask where a file says it, and ask *questions*."""
        kept = tuple(o for o in self.about.operations if o.name not in dropped and o.asked_as not in dropped)
        self.about = replace(self.about, operations=kept, questions=(*self.about.questions, *questions))

    def result(self) -> About:
        """All of it; a file that asks for nothing is asked about where nothing else in the mail does."""
        about, every = self.about, (*self.operations, *self.about.operations)
        if self.sent_back and self.by_person and about.document and not (every or about.questions or about.asks_status):
            about = replace(about, questions=(returned(self.sent_back[0], about.document),))
        if self.untouched and not (every or self.unread or about.questions or about.note or about.asks_status):
            about = replace(about, questions=(self.untouched[0],))
        only = {digest: min(of) for digest, of in self.kinds.items() if len(of) == 1 and DocumentKind.OTHER not in of}
        return replace(
            about,
            operations=tuple(sorted(every, key=lambda o: o.turn)),
            unread=tuple(self.unread),
            listed=tuple(self.listed),
            papers=tuple(self.papers),
            documents=frozenset(self.kinds),
            kinds=only,
            learnt=tuple(self.learnt),
        )

    def _credited(self, file: Attachment, part: int, reading: Reading) -> tuple[str, ...]:
        """The invoices that a credit note is for: those it names, those known whose numbers it shows, else the
        thread's."""
        if reading.credits and reading.where.get("credits") != OPEN_ORDERS:
            return reading.credits
        known = invoice_numbers(self.session, self.about.thread.company_id, self.supplier_id)
        again = self.read(file, known)
        documents = again.documents if again is not None else ()
        found = (*documents[part].credits, *documents[part].orders) if part < len(documents) else ()
        shown = tuple(dict.fromkeys(number for number in found if number in known and number != reading.number))
        if shown or self.about.document is None or self.about.document.kind != "invoice":
            return shown
        return (self.about.document.label,)


def _is_ours(reading: Reading, document: Document[Any] | None) -> bool:
    """Whether it is the thread's own order that came back, and no order of somebody else's."""
    return document is not None and document.kind == "order" and document.label in (reading.number, *reading.orders)


def _order_of(document: Document[Any] | None, orders: Mapping[str, int]) -> dict[str, int]:
    """The thread's own order, proposed when the document names none."""
    if document is None:
        return {}
    ids = {document.id} if document.kind == "order" else set(getattr(document.content, "order_ids", ()))
    return {number: order_id for number, order_id in orders.items() if order_id in ids}
