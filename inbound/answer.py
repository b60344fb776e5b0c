"""The read-back: one answer per mail that says line by line what was understood, what was not, and what happens next.

A plain note is passed on without a robot between two people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inbound.joining import join
from inbound.recipients import reply_key
from inbound.understood import About
from outbound.notices import Button, Recipient, is_queued, queue
from templates.words import N_, label
from workflows.engine.act import Act
from workflows.engine.document import Document
from workflows.engine.perform import Performed
from workflows.engine.telling import buttons, document_facts
from workflows.engine.undoing import minutes_to_undo
from workflows.errors import DataMissing, Refusal

STAYS = N_("Stays on your side: all other recipients of your mail are your own people.")
FILED = N_("Kept with the document.")
HELD = N_("We have not done this yet: %(step)s. Reply once more when the rest is clear.")
FIELD_MISSING = N_("Please tell us the %(field)s.")
UNREADABLE = N_("We kept %(name)s but could not read it; nothing was made of it. %(why)s")
TAKEN_BACK = N_("“%(step)s” is taken back. %(document)s is as before: %(status)s.")
MOST_CELLS = 60
"""Cells of a sheet that a read-back lists."""
CREATES_NOTHING = N_("%(name)s is no invoice; we kept it and made nothing of it.")


@dataclass(slots=True)
class Answer:
    """What came of a mail in one company, as it will be told to its author."""

    about: About
    heard: list[dict[str, object]] = field(default_factory=list)
    questions: list[dict[str, object]] = field(default_factory=list)
    refused: list[dict[str, object]] = field(default_factory=list)
    not_understood: list[str] = field(default_factory=list)
    documents: list[Document[Any]] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    event_id: int | None = None
    decided: bool = False
    """Whether anything was decided that can be taken back for a while."""
    reason: str = ""
    """What crosses to the other side, word for word; the read-back shows it first."""

    def done(
        self,
        name: str,
        words: str,
        performed: Performed,
        reason: str = "",
        cells: Sequence[Mapping[str, object]] = (),
    ) -> None:
        """Something was done; *cells* are those of a sheet that asked for it."""
        self.reason = reason or self.reason
        step = performed.document.workflow.steps.get(name)
        self.decided |= step is not None and step.deciding and step.undo is not None and not performed.repeated
        heard: dict[str, object] = {"words": words, "action": name}
        heard["outcome"] = label("status", performed.to_status, str)
        if performed.undone:
            status = f"status:{performed.document.kind}.{performed.to_status}"
            params = {"document": performed.document.label, "step": f"step:{performed.undone}", "status": status}
            heard["outcome"] = {"text": TAKEN_BACK, "params": params}
        if cells:
            heard["cells"] = [dict(cell) for cell in cells[:MOST_CELLS]]
            heard["more_cells"] = max(0, len(cells) - MOST_CELLS) or None
        self.heard.append(heard)
        self.event_id = performed.event_id
        self.documents = [d for d in self.documents if d.id != performed.document.id]
        self.documents.append(performed.document)

    def refuse(self, refusal: Refusal) -> None:
        """Something was refused, or needs something to be said first."""
        if isinstance(refusal, DataMissing):
            self.questions.append({"about": "missing", **refusal.facts()})
        else:
            self.refused.append(refusal.facts())

    @property
    def unclear(self) -> bool:
        """Whether anything was not understood or was refused, so that no deciding step may be taken."""
        return bool(self.questions or self.refused or self.not_understood)

    @property
    def worth_sending(self) -> bool:
        """Whether there is anything to say; a plain note passes without an answer."""
        return bool(self.heard or self.unclear)


def merged(answers: Sequence[Answer]) -> Answer:
    """One answer of several, for a mail that was about several documents."""
    first, *others = answers
    for other in others:
        first.heard += other.heard
        first.questions += other.questions
        first.refused += other.refused
        first.not_understood += other.not_understood
        first.documents += other.documents
        first.unproved += other.unproved
        first.decided = first.decided or other.decided
        first.event_id = other.event_id or first.event_id
        first.reason = first.reason or other.reason
    return first


def ask_for_missing(answer: Answer) -> None:
    """Ask for what a draft needs and its document did not say."""
    for document in answer.documents:
        missing = getattr(document.content, "missing", None)
        if document.status.value == "draft" and missing is not None:
            for name in missing():
                question: dict[str, object] = {
                    "about": name,
                    "text": FIELD_MISSING,
                    "params": {"field": f"field:{name}"},
                }
                answer.questions.append(question)


def send_answer(act: Act, answer: Answer, recipient: Recipient, message_id: str, came_at: datetime) -> int | None:
    """Queue the read-back to the mail's author; *came_at* is when the mail came in."""
    about = answer.about
    document = answer.documents[-1] if answer.documents else about.document
    facts: dict[str, object] = {}
    made: list[Button] = []
    if document is not None:
        facts = document_facts(act, document, about.writer.actor.side)
        if not about.writer.may_read:
            # Who holds a reply address may write to it; that is no proof that they may read the document.
            facts = {"document": {"kind": document.kind, "number": document.number, "title": document.title}}
        if about.writer.member is not None:
            made = buttons(document, about.writer.member)
    facts["answer"] = answer_facts(act, answer)
    if answer.reason:
        actor = about.writer.actor
        facts["event"] = {"name": "answer", "by": actor.name, "side": actor.side.value, "reason": answer.reason}
    # A question of ours is ours: what is answered to it stays on the writer's side.
    shared = about.thread.shared and not answer.questions
    document_id = document.id if document is not None else None
    cause = _once_a_day(act, answer) or act.cause
    if is_queued(act.session, act.company, "answer", recipient, cause):
        return None  # what waits is said by nobody else, so nothing takes it over
    joined = join(act, recipient, document_id, facts, shared, came_at)
    return queue(
        act.session,
        act.installation,
        act.company,
        "answer",
        recipient,
        joined.facts,
        cause=cause,
        now=act.now,
        due=joined.due,
        document_id=document_id,
        event_id=answer.event_id,
        buttons=made,
        shared=joined.shared,
        in_reply_to=message_id or None,
    )


def _once_a_day(act: Act, answer: Answer) -> str | None:
    """The cause of a mere refusal to somebody who is not on file: of its kind they get one a day, machines or not."""
    if answer.about.writer.member is not None or answer.heard or answer.questions or answer.not_understood:
        return None
    kinds = hashlib.sha256(repr(sorted(str(refused["text"]) for refused in answer.refused)).encode()).hexdigest()[:16]
    return f"refused:{kinds}:{act.now.date().isoformat()}"


def answer_facts(act: Act, answer: Answer) -> dict[str, object]:
    """The answer as it is frozen in its notice."""
    side = answer.about.writer.actor.side
    drafts = [d for d in answer.documents if d.status.value == "draft" and answer.about.writer.may_read]
    return {
        "heard": answer.heard,
        "questions": answer.questions,
        "refused": answer.refused,
        "not_understood": answer.not_understood,
        "say": [],
        "undo": (minutes_to_undo(act.company.settings) or None) if answer.decided else None,
        "drafts": [document_facts(act, d, side)["document"] for d in drafts],
    }


def author_of(about: About, name: str, address: str, act: Act) -> Recipient | None:
    """The author as the reader of our answer; a stranger gets it without links, an address of ours not at all."""
    if about.writer.member is not None:
        return about.writer.member.recipient(act.company)
    if is_ours(act, address):
        # A group that writes its own address over the author's: the person on file is who can read it.
        return about.writer.on_file.recipient(act.company) if about.writer.on_file else None
    return Recipient(None, name, address, act.company.language, about.writer.actor.side.value)


def is_ours(act: Act, address: str) -> bool:
    """Whether mail to *address* would come back to us."""
    return address.lower() == act.company.mailbox or reply_key(act.installation.tokens, address) is not None


def status_lines(documents: Sequence[Document[Any]], words: str) -> list[dict[str, object]]:
    """The status of documents, as entries of what was understood."""
    return [
        {
            "words": d.label if len(documents) > 1 else words,
            "action": d.kind,
            "outcome": label("status", d.status.value, str),
        }
        for d in documents
    ]
