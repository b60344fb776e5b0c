"""Joins read-backs: several mails of one person about one document, close together, are answered once.

The first answer waits for a set time that counts from when its mail came in, not from when somebody got round to it.
What follows meanwhile takes it over, and does not put it off: the new notice says what both would have said, and the
old one is skipped, with the reason in its row. Nothing is lost: a notice that a worker has taken is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from outbound.notices import Recipient
from store.journal import Notice, NoticeStatus
from store.prepared import Prepared
from workflows.engine.act import Act

_ANSWERS = (
    select(Notice.id, Notice.status, Notice.facts, Notice.shared, Notice.created_at, Notice.tries)
    .where(Notice.document_id == bindparam("document_id"), Notice.name == "answer")
    .order_by(Notice.id.desc())
    .limit(1)
)
_TO_PERSON = Prepared(_ANSWERS.where(Notice.person_id == bindparam("person_id")))
_TO_ADDRESS = Prepared(_ANSWERS.where(Notice.person_id.is_(None), Notice.to_address == bindparam("address")))
_LISTS = ("heard", "questions", "refused", "not_understood")


@dataclass(frozen=True, slots=True)
class Joined:
    """What an answer takes over from the one that waited before it, and when it leaves."""

    facts: dict[str, object]
    shared: bool
    due: datetime


def join(
    act: Act, to: Recipient, document_id: int | None, facts: dict[str, object], shared: bool, came_at: datetime
) -> Joined:
    """Take over the answer to *to* about this document that still waits; without one, the answer as it is.

    *came_at* is when the mail came in that is answered.
    """
    wait = timedelta(seconds=act.installation.answer_wait)
    if not wait or document_id is None:
        return Joined(facts, shared, act.now)
    row = _waiting(act, to, document_id)
    if row is None or row.status != NoticeStatus.QUEUED or row.tries or not _take_back(act, row.id):
        return Joined(_beginning(facts, came_at), shared, came_at + wait)
    begun = _begun(row)
    return Joined(_beginning(_merged(row.facts, facts), begun), shared and bool(row.shared), begun + wait)


def _waiting(act: Act, to: Recipient, document_id: int) -> Any:
    if to.person_id is not None:
        return _TO_PERSON.first(act.session, person_id=to.person_id, document_id=document_id)
    return _TO_ADDRESS.first(act.session, address=to.address, document_id=document_id)


def _beginning(facts: dict[str, object], begun: datetime) -> dict[str, object]:
    return {**facts, "answer": {**_mapping(facts["answer"]), "begun": begun.isoformat()}}


def _take_back(act: Act, notice_id: int) -> bool:
    """Skip the notice, unless a worker has it."""
    taken = act.session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.status == NoticeStatus.QUEUED.value)
        .values(status=NoticeStatus.SKIPPED.value, reason="said in the answer that follows")
        .returning(Notice.id),
        execution_options={"synchronize_session": False},
    ).first()
    return taken is not None


def _begun(row: Any) -> datetime:
    """When the first of the mails came in whose answers were joined."""
    said = _mapping(row.facts.get("answer")).get("begun")
    begun: datetime = datetime.fromisoformat(said) if isinstance(said, str) else row.created_at
    return begun


def _merged(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, object]:
    """The document as it is now, and what was said of either mail, in order."""
    earlier, later = _mapping(before.get("answer")), _mapping(now.get("answer"))
    answer: dict[str, object] = {**later}
    for name in _LISTS:
        answer[name] = [*earlier.get(name, ()), *later.get(name, ())]
    newer = {_name_of(draft) for draft in later.get("drafts", ())}
    answer["drafts"] = [
        *(draft for draft in earlier.get("drafts", ()) if _name_of(draft) not in newer),
        *later.get("drafts", ()),
    ]
    merged: dict[str, object] = {**now, "answer": answer}
    if before.get("event") and not now.get("event"):
        merged["event"] = before["event"]
    return merged


def _name_of(draft: Any) -> object:
    return draft.get("public_id") if isinstance(draft, Mapping) else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
