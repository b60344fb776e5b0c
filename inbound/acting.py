"""Does what a mail says, inside the one transaction of its row: operations, notes, and the one answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import InvalidOperation
from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.orm import Session

from inbound.answer import (
    HELD,
    STAYS,
    UNREADABLE,
    Answer,
    ask_for_missing,
    author_of,
    is_ours,
    merged,
    send_answer,
    status_lines,
)
from inbound.away import note_absence
from inbound.bouncing import note_bounce
from inbound.keeping_papers import keep_papers, target_of
from inbound.kind import SILENT, Kind
from inbound.letter import Attachment
from inbound.operations import Operation
from inbound.triage import hold, why_held
from inbound.understood import WHY, About, Understanding
from outbound.notices import Button, Recipient, queue
from store.errors import AmountTooLarge
from store.installation import Installation
from store.mails import Mail
from store.parties import company_of
from workflows.engine.act import Act, GivenFile
from workflows.engine.document import lock_family
from workflows.engine.perform import Performed
from workflows.engine.telling import document_facts
from workflows.engine.undoing import UNDO
from workflows.errors import DocumentChanged, FigureTooLarge, NotFound, ProofMissing, Refusal
from workflows.notes import add_comment, add_note
from workflows.people import SYSTEM, Trust

if TYPE_CHECKING:
    from inbound.kept import KeptMail


def carry_out(
    installation: Installation, session: Session, mail: KeptMail, found: Understanding, *, cause: str = ""
) -> None:
    """Do what was understood, each thing once, and queue the answer. Raises only what makes the whole mail fail.

    What comes to nothing is put before the people of the company. *cause* is the mail itself, if nothing else is said.
    """
    if found.company_id is None:
        return
    company = company_of(session, found.company_id)
    base = Act(
        installation,
        session,
        company,
        SYSTEM,
        cause or f"mail:{mail.id}",
        mail_id=mail.id,
        in_reply_to=found.letter.message_id or None,
    )
    if found.kind is Kind.BOUNCE:
        note_bounce(base, found, [key for _, key in mail.recipients if key])
        return
    if found.kind in SILENT:
        return
    if not found.about:
        _hold(base, mail, found, {})
        _answer_stranger(base, found)
        return
    note_absence(base, found)
    gone_along = {operation.file for about in found.about for operation in about.operations}
    lock_family(session, (about.document.id for about in found.about if about.document is not None))
    answers: dict[int, list[Answer]] = {}
    for about in found.about:
        answers.setdefault(about.thread.company_id, []).append(
            _act_on(_in_company(base, about), found, about, gone_along)
        )
    _hold(base, mail, found, answers)
    if found.kind is Kind.PERSON:
        for several in answers.values():
            _reply(_in_company(base, several[0].about), mail, found, merged(several))


def _hold(act: Act, mail: KeptMail, found: Understanding, answers: Mapping[int, Sequence[Answer]]) -> None:
    """Put the mail before the people of each company that it came to and where nothing could be made of it."""
    for company_id in found.companies:
        why = why_held(found, company_id, answers.get(company_id, ()))
        if why is not None:
            hold(act.session, company_id, mail.id, why, found)


def _in_company(base: Act, about: About) -> Act:
    company_id = about.thread.company_id
    return base if company_id == base.company.id else replace(base, company=company_of(base.session, company_id))


def _act_on(base: Act, found: Understanding, about: About, gone_along: Collection[str | None]) -> Answer:
    answer = Answer(about)
    answer.questions += [{"about": q.about, "text": q.text, "params": dict(q.params)} for q in about.questions]
    files = [
        GivenFile(a.name, a.type, len(a.content), a.sha256, about.kinds.get(a.sha256))
        for a in found.letter.files()
        if not _is_decor(a)
    ]
    act = replace(base, actor=about.writer.actor, cautions=about.cautions)
    for name, sentence in about.unread:
        if sentence.startswith(WHY):
            why = sentence.removeprefix(WHY)
            answer.refused.append({"text": UNREADABLE, "params": {"name": name, "why": why}})
        else:
            answer.refused.append({"text": sentence, "params": {"name": name}})
    _operate(act, about, answer, files)
    rest = [file for file in files if file.sha256 not in gone_along]
    if found.kind is not Kind.PERSON:
        rest = [file for file in rest if file.sha256 in about.documents]
    _say(act, about, answer, keep_papers(act, about, answer, rest))
    if about.listed and not about.writer.may_read:
        answer.unproved.append(str(about.listed[0]["words"]))
    elif about.listed:
        answer.heard += [dict(entry) for entry in about.listed]
    if about.asks_status and about.document is not None:
        if not about.writer.may_read:
            answer.unproved.append(about.asks_status)
        elif about.asked:
            answer.heard += status_lines(about.asked, about.asks_status)
        else:
            answer.refuse(NotFound("There is no document %(number)s here.", number=about.asks_status[:40]))
    answer.heard += [dict(entry) for entry in about.told]
    ask_for_missing(answer)
    return answer


def _is_decor(file: Attachment) -> bool:
    """Whether it is a picture that the text shows, such as a logo in a signature."""
    return file.inline and bool(file.content_id) and file.type.startswith("image/")


def _reply(base: Act, mail: KeptMail, found: Understanding, answer: Answer) -> None:
    """The one answer to the mail: a request for proof, the read-back, or none to a plain note."""
    about = answer.about
    if answer.unproved and about.writer.on_file is not None:
        _ask_for_proof(base, about, answer, mail.id)
        base.session.execute(
            update(Mail).where(Mail.id == mail.id).values(waits=True), execution_options={"synchronize_session": False}
        )
        return
    if answer.unproved:
        answer.refuse(ProofMissing("We cannot be sure who wrote this."))
    if answer.worth_sending:
        author = author_of(about, found.letter.from_name, found.letter.author or "", base)
        if author is not None:
            send_answer(base, answer, author, found.letter.message_id, found.received_at)
    elif about.document is None:
        _answer_stranger(base, found)


def _operate(act: Act, about: About, answer: Answer, files: list[GivenFile]) -> None:
    """Take the operations; a deciding one is held back when anything else was not understood or was refused.

    An attachment goes along with the operation that was made of it; the others go with what the mail says.
    """
    version = about.document.version if about.document is not None else None
    for operation in about.operations:
        if operation.deciding and about.stale and operation.name != UNDO:  # what is taken back made it so
            assert about.document is not None
            answer.refuse(DocumentChanged("%(document)s has changed since you saw it.", document=about.document.label))
            continue
        if operation.deciding and answer.unclear:
            held: dict[str, object] = {"about": "held", "text": HELD, "params": {"step": f"step:{operation.name}"}}
            answer.questions.append(held)
            continue
        own = [file for file in files if file.sha256 == operation.file]
        mine = replace(act, cause=f"{act.cause}:{operation.key}", files=own, nested=0)
        try:
            with act.session.begin_nested():
                performed = operation.take(mine, version)
        except ProofMissing:
            answer.unproved.append(operation.words or operation.name)
        except (AmountTooLarge, InvalidOperation):
            answer.refuse(FigureTooLarge("A figure is too large."))
        except Refusal as refusal:
            answer.refuse(refusal)
        else:
            answer.done(_what_came(operation, performed), operation.words, performed, operation.reason, operation.cells)
            if about.document is not None and performed.document.id == about.document.id:
                version = performed.document.version  # what this very mail changed is no surprise to its author


def _what_came(operation: Operation, performed: Performed) -> str:
    """What an operation turned out to be: a document that was here already is joined or corrected, not drafted."""
    if operation.name != "draft" or performed.from_status is None:
        return operation.name
    return "replace" if performed.from_status == "in_revision" else "copy"


def _say(act: Act, about: About, answer: Answer, rest: list[GivenFile]) -> None:
    """Pass the rest of the mail on: a note to the other side, or a comment to the own."""
    document = target_of(act, about, answer)
    if document is None:
        return
    words = about.note
    if not words and not rest:
        return
    if (about.thread.named or about.document is None) and act.actor.trust < Trust.KNOWN:
        answer.unproved.append(words[:80] or rest[0].name)
        return
    mine = replace(act, cause=f"{act.cause}:{about.document.id if about.document else 0}:said", files=rest, nested=0)
    if about.internal:
        add_comment(document, words, mine)
        if about.by_copies:
            answer.heard.append({"words": words[:80], "action": "comment", "outcome": STAYS})
        elif about.thread.notice == "answer" and not answer.heard and words:
            answer.not_understood.append(words[:200])
    else:
        add_note(document, words, mine)


def _ask_for_proof(act: Act, about: About, answer: Answer, mail_id: int) -> None:
    """Mail one confirm link to the address on file; nothing is done until it is pressed."""
    person = about.writer.on_file
    assert person is not None
    facts = document_facts(act, about.document, person.side) if about.document is not None else {}
    heard = [{"words": words, "action": "", "outcome": ""} for words in answer.unproved]
    facts["answer"] = {"heard": heard, "questions": [], "refused": [], "not_understood": [], "say": [], "drafts": []}
    queue(
        act.session,
        act.installation,
        act.company,
        "confirm-sender",
        person.recipient(act.company),
        facts,
        cause=act.cause,
        now=act.now,
        document_id=about.document.id if about.document is not None else None,
        buttons=[Button("mail", True, about.document.id if about.document else None, None, mail_id)],
        in_reply_to=act.in_reply_to,
    )


def _answer_stranger(act: Act, found: Understanding) -> None:
    """One polite answer a day to whoever wrote to us and holds nothing of ours; the buyer sees the mail in triage."""
    author = found.letter.author
    if not author or found.kind is not Kind.PERSON or found.verdict.level == "failed" or is_ours(act, author):
        return
    recipient = Recipient(None, found.letter.from_name or author, author, act.company.language, None)
    cause = f"stranger:{act.now.date().isoformat()}"
    queue(
        act.session,
        act.installation,
        act.company,
        "stranger",
        recipient,
        {"answer": None},
        cause=cause,
        now=act.now,
        in_reply_to=act.in_reply_to,
    )
