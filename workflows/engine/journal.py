"""Records events: what happened, by whom, why, chained so that a change of the past would show."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sqlalchemy import bindparam, select

from store.journal import Event
from store.prepared import Prepared, prepared_insert
from store.types import dump_json
from workflows.engine.act import Act
from workflows.engine.document import Document

START = bytes(32)

_LAST = Prepared(
    select(Event.digest).where(Event.document_id == bindparam("document_id")).order_by(Event.id.desc()).limit(1)
)
_RECORD = prepared_insert(Event, returning=Event.id)


def record_event(
    act: Act, document: Document[Any], step: str, name: str, from_status: str | None, facts: Any = None
) -> int:
    """Write the event of this act and return its id; the unique cause refuses a second one."""
    salt = secrets.token_bytes(16)
    facts_digest = hashlib.sha256(salt + dump_json(facts).encode()).digest()
    previous = _LAST.value(act.session, document_id=document.id)
    values: dict[str, Any] = {
        "company_id": document.company_id,
        "document_id": document.id,
        "cause": act.cause,
        "name": name,
        "step": step,
        "person_id": act.actor.person_id,
        "side": act.actor.side.value,
        "via": act.actor.via,
        "trust": act.actor.trust.name.lower(),
        "at": act.now,
        "from_status": from_status,
        "to_status": document.status.value,
        "version": document.version,
    }
    digest = hashlib.sha256((previous or START) + facts_digest + dump_json(values).encode()).digest()
    event_id: int = _RECORD.value(
        act.session, **values, facts=facts, salt=salt, facts_digest=facts_digest, digest=digest
    )
    return event_id


def chain_holds(session: Any, document_id: int) -> bool:
    """Whether the document's events are the ones that were recorded, in their order, none left out or changed.

    Facts that were erased (None) are not looked at: their salted digest stays, and the chain with it.
    """
    previous = START
    for event in session.scalars(select(Event).where(Event.document_id == document_id).order_by(Event.id)):
        values = {
            name: getattr(event, name)
            for name in (
                *("company_id", "document_id", "cause", "name", "step", "person_id", "side", "via", "trust", "at"),
                *("from_status", "to_status", "version"),
            )
        }
        digest = hashlib.sha256(previous + event.facts_digest + dump_json(values).encode()).digest()
        if digest != event.digest or not _facts_hold(event):
            return False
        previous = digest
    return True


def _facts_hold(event: Event) -> bool:
    if event.facts is None:
        return True
    return hashlib.sha256(event.salt + dump_json(event.facts).encode()).digest() == event.facts_digest
