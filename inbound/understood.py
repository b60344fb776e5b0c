"""What one mail was understood to mean: for each document that it is about, and on the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inbound.cautions import Caution
from inbound.kind import Kind
from inbound.letter import Letter
from inbound.operations import Operation
from inbound.papers import Entry, Paper
from inbound.suggesting import Suggestion
from inbound.threads import Thread
from inbound.verdict import Verdict
from inbound.writer import Writer
from store import clock
from workflows.actions import Action, Question
from workflows.engine.document import Document
from workflows.reading import DocumentKind

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
