"""Notes and comments: words on a document, in any status, that move nothing.

A note crosses to the other side; a comment stays on the writer's own. They are two functions over two tables, so that
no slip of a flag can turn one into the other.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from store.journal import Comment, Event, Note
from store.prepared import Prepared, prepared_insert
from workflows.engine.act import Act
from workflows.engine.document import Document, load
from workflows.engine.journal import record_event
from workflows.engine.perform import Performed, keep_files
from workflows.engine.telling import notify
from workflows.errors import NotTheirs
from workflows.parties import Member, members, participants
from workflows.people import Actor, Side

LONGEST = 20_000
"""Characters of a note; more stays in the writer's mail."""

_BEFORE = Prepared(
    select(Event.id).where(Event.company_id == bindparam("company_id"), Event.cause == bindparam("cause"))
)
_NOTE, _COMMENT = prepared_insert(Note), prepared_insert(Comment)


def add_note(document: Document[Any] | int, text: str, act: Act) -> Performed:
    """Say *text* to the other side; its people are told, and files given with it are theirs to see."""
    current, done = begin(document, act)
    if done:
        return done
    event_id = record_event(act, current, "note", f"{current.kind}.noted", current.status.value)
    _keep(_NOTE, current, event_id, text, act)
    keep_files(current, event_id, act)
    said = {"by": act.actor.name, "side": act.actor.side.value, "text": text[:LONGEST]}
    for person in _other_side(current, act):
        notify(act, current, "note", person, event_id=event_id, more={"notes": [said]})
    return Performed(current, event_id, current.status.value, current.status.value)


def add_comment(document: Document[Any] | int, text: str, act: Act) -> Performed:
    """Say *text* to the writer's own side; nothing of it, nor its files, crosses."""
    current, done = begin(document, act)
    if done:
        return done
    event_id = record_event(act, current, "comment", f"{current.kind}.commented", current.status.value)
    _keep(_COMMENT, current, event_id, text, act)
    keep_files(current, event_id, act, side=act.actor.side)
    said = {"by": act.actor.name, "side": act.actor.side.value, "text": text[:LONGEST]}
    for person in _own_side(current, act):
        if person.person_id != act.actor.person_id:
            notify(act, current, "comment", person, event_id=event_id, more={"notes": [said]}, shared=False)
    return Performed(current, event_id, current.status.value, current.status.value)


def begin(document: Document[Any] | int, act: Act) -> tuple[Document[Any], Performed | None]:
    """The document, locked for somebody who has a part in it, and what its cause did before, if it did anything."""
    current = load(act.session, document if isinstance(document, int) else document.id, lock=True)
    if not _has_part(current, act.actor) or current.company_id != act.company.id:
        raise NotTheirs("This document is not yours to act on.")
    before = _BEFORE.value(act.session, company_id=act.company.id, cause=act.cause)
    act.document = current
    status = current.status.value
    return current, None if before is None else Performed(current, before, status, status, repeated=True)


def _has_part(document: Document[Any], actor: Actor) -> bool:
    return actor.side is Side.BUYER or (actor.side is Side.SUPPLIER and actor.supplier_id == document.supplier_id)


def _keep(into: Prepared, document: Document[Any], event_id: int, text: str, act: Act) -> None:
    into.all(
        act.session,
        company_id=document.company_id,
        event_id=event_id,
        document_id=document.id,
        person_id=act.actor.person_id,
        author=act.actor.name,
        side=act.actor.side.value,
        text=text[:LONGEST],
        at=act.now,
    )


def _other_side(document: Document[Any], act: Act) -> list[Member]:
    if act.actor.side is Side.BUYER:
        return members(act.session, act.company.id, document.supplier_id) if document.supplier_id else []
    own = members(act.session, act.company.id, None)
    return [m for m in own if m.person_id == document.owner_id] or own


def _own_side(document: Document[Any], act: Act) -> list[Member]:
    if act.actor.side is Side.SUPPLIER:
        return members(act.session, act.company.id, document.supplier_id)
    return participants(act.session, act.company.id, document.id, document.owner_id)
