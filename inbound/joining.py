"""Joins read-backs: several mails of one person in one thread, close together, are answered once.

The answer waits a little. What follows meanwhile takes it over: the new notice says what both would have said, and the
old one is skipped, with the reason in its row. Nothing is lost: a notice that a worker has taken is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from store.journal import Notice, NoticeStatus
from store.prepared import Prepared
from workflows.engine.act import Act

LONGEST = timedelta(seconds=90)
"""However many mails follow, the first of them is answered by then."""

_WAITING = Prepared(
    select(Notice.id, Notice.name, Notice.status, Notice.facts, Notice.shared, Notice.created_at, Notice.tries)
    .where(
        Notice.person_id == bindparam("person_id"),
        Notice.document_id == bindparam("document_id"),
        Notice.name == "answer",
    )
    .order_by(Notice.id.desc())
    .limit(1)
)
_LISTS = ("heard", "questions", "refused", "not_understood")


@dataclass(frozen=True, slots=True)
class Joined:
    """What an answer takes over from the one that waited before it, and when it leaves."""

    facts: dict[str, object]
    shared: bool
    due: datetime


def join(act: Act, person_id: int | None, document_id: int | None, facts: dict[str, object], shared: bool) -> Joined:
    """Take over the answer to this person about this document that still waits; without one, the answer as it is."""
    wait = timedelta(seconds=act.installation.answer_wait)
    alone = Joined(facts, shared, act.now + wait)
    if not wait or person_id is None or document_id is None:
        return alone
    row = _WAITING.first(act.session, person_id=person_id, document_id=document_id)
    if row is None or row.status != NoticeStatus.QUEUED or row.tries or not _take_back(act, row.id):
        return alone
    begun = _begun(row)
    kept = _merged(row.facts, facts)
    kept["answer"] = {**dict(_mapping(kept["answer"])), "begun": begun.isoformat()}
    return Joined(kept, shared and bool(row.shared), min(begun + LONGEST, act.now + wait))


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
    """When the first of the answers that were joined was queued."""
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
