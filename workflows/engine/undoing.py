"""Takes back the last step that a person took on a document, while it can be: within a set time, and nothing followed.

All that one mail, or one press of a button, did on the document is taken back together. Content and status are again
what they were, as a new version; nothing that happened is erased.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from store.documents import Document as Row
from store.journal import Event
from store.parties import Company
from workflows.engine.act import Act
from workflows.engine.document import Document, load, load_version, lock_family
from workflows.engine.journal import record_event
from workflows.engine.perform import Performed, set_timers, write
from workflows.engine.telling import notify, readers
from workflows.engine.workflow import Step
from workflows.errors import NotFound, NotTheirs, ProofMissing, Refusal, TransitionNotAllowed
from workflows.parties import Member
from workflows.people import Actor, Trust

log = structlog.get_logger()

UNDO, NOTICE = "undo", "step-undone"
MINUTES = 60
"""How long a step can be taken back, where the company says nothing else."""
UNDO_MINUTES = "undo_minutes"
"""The house rule that sets another time; 0 is never."""
MOST = 200
"""Events of one person that are looked at, the newest."""
_WORDS = ("note", "comment", "attach", "copy")
"""Events that only add something; they are not taken back, and what came before them still can be."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as it was taken, to be taken back."""

    event: Event
    step: Step
    document: Document[Any]


def minutes_to_undo(settings: Mapping[str, Any] | None) -> int:
    """How many minutes a step can be taken back, by the rules of a company; 0 is never."""
    return int((settings or {}).get(UNDO_MINUTES, MINUTES))


def last_steps(
    session: Session, company: Company, document_id: int, actor: Actor, at: datetime, *, sees_which: bool = False
) -> list[Taken]:
    """What *actor* did last on the document, or made of it, in its order: what an undo at *at* would take back.

    Who wrote something after it may mean that, unless they see which step it is (*sees_which*). Raises a `Refusal`
    that says why there is nothing, or why it lasts.
    """
    events = _events(session, company.id, document_id, actor)
    own = next((one for one in events if one.step not in _WORDS), None)
    if own is None or actor.person_id is None:
        raise NotFound("There is nothing of yours here that could be taken back.")
    if own.step == UNDO:
        raise TransitionNotAllowed("It has been taken back already.")
    cause = _root(own.cause)
    if _root(events[0].cause) != cause and not sees_which:
        raise TransitionNotAllowed(
            "What you wrote last was passed on and cannot be taken back. Before it you chose “%(step)s”: to take that"
            " back open the document.",
            step=f"step:{own.step}",
        )
    found = [_taken(session, one) for one in reversed(events) if _root(one.cause) == cause and one.step not in _WORDS]
    minutes = minutes_to_undo(company.settings)
    for taken in found:
        name = f"step:{taken.event.step}"
        if taken.step.undo is None or not minutes:
            raise TransitionNotAllowed("“%(step)s” cannot be taken back.", step=name)
        if taken.event.at < at - timedelta(minutes=minutes):
            raise TransitionNotAllowed(
                "“%(step)s” can be taken back for %(minutes)s minutes; that was at %(at)s.",
                step=name,
                minutes=minutes,
                at=f"moment:{taken.event.at.isoformat()}",
            )
        _refuse_what_moved_on(session, taken, found)
    return found


def take_back(document_id: int, act: Act, at: datetime | None = None, *, sees_which: bool = False) -> Performed:
    """Take back what the act's person did last on the document, once for the act's cause; told to whom it was told.

    *at* is when they asked for it. Raises a `Refusal`: `ProofMissing` where less is proved than the step asked for.
    """
    lock_family(act.session, (document_id,))
    before = act.session.scalar(select(Event.id).where(Event.company_id == act.company.id, Event.cause == act.cause))
    current = load(act.session, document_id, lock=True)
    if before is not None:
        return Performed(current, before, current.status.value, current.status.value, repeated=True)
    if current.company_id != act.company.id:
        raise NotTheirs("This document is not yours to act on.")
    if act.actor.person_id is None or act.actor.trust < Trust.KNOWN:
        raise ProofMissing("We cannot be sure who wrote this.")
    found = last_steps(act.session, act.company, document_id, act.actor, at or act.now, sees_which=sees_which)
    for taken in found:
        if act.actor.trust < taken.step.trust:
            raise ProofMissing("We cannot be sure who wrote this.")
        if not taken.step.who(taken.document, act.actor):
            raise NotTheirs(
                "Only %(who)s can do this with %(document)s.",
                who=taken.step.who.words,
                document=taken.document.label,
            )
    done: list[Performed] = []
    for number, one in enumerate(dict.fromkeys(taken.event.document_id for taken in found)):
        mine = replace(act, cause=act.cause if number == 0 else f"{act.cause}:{one}", files=(), nested=0)
        done.append(_put_back(mine, [taken for taken in found if taken.event.document_id == one]))
    return next((one for one in done if one.document.id == document_id), done[-1])


def _put_back(act: Act, steps: Sequence[Taken]) -> Performed:
    """Put one document back to where it was before *steps*."""
    first, document = steps[0], load(act.session, steps[0].document.id)
    act.document = document
    from_status = document.status.value
    earlier = act.session.scalar(
        select(Event.version)
        .where(Event.document_id == document.id, Event.id < first.event.id)
        .order_by(Event.id.desc())
        .limit(1)
    )
    status, content = None, document.content
    if earlier is not None:
        then = load_version(act.session, document.id, earlier)
        status, content = then.status, then.content
    reached = document.status
    for taken in reversed(steps):
        assert taken.step.undo is not None
        reached = taken.step.undo(content, status, act)
    document.content = content
    write(document, reached, act, stale=True)
    names = list(dict.fromkeys(taken.step.name for taken in steps))
    facts = {"steps": names, "events": [taken.event.id for taken in steps]}
    event_id = record_event(act, document, UNDO, f"{document.kind}.undone", from_status, facts)
    set_timers(document, act)
    _tell(act, document, event_id, steps, names)
    log.info(f"{document.kind}.undone", document=document.public_id, status=reached.value, steps=names)
    return Performed(document, event_id, from_status, reached.value, undone=names[-1])


def _tell(act: Act, document: Document[Any], event_id: int, steps: Sequence[Taken], names: Sequence[str]) -> None:
    """Tell those who were told of the steps, each once; whoever takes them back sees it in the answer."""
    told: dict[int, Member] = {}
    for taken in steps:
        reached = document.workflow.status(taken.event.to_status or "")
        for reader, _name in taken.step.tells.get(reached, ()):
            told |= {person.person_id: person for person in readers(act, document, reader)}
    event = {
        "name": f"{document.kind}.undone",
        "by": act.actor.name,
        "side": act.actor.side.value,
        "reason": "",
        "at": act.now,
        "steps": list(names),
    }
    for person in told.values():
        if person.person_id != act.actor.person_id:
            notify(act, document, NOTICE, person, event_id=event_id, event=event)


def _events(session: Session, company_id: int, document_id: int, actor: Actor) -> Sequence[Event]:
    """What the person did on the document, and the documents that they made of it; the newest first."""
    made_of_it = select(Row.id).where(Row.company_id == company_id, Row.parent_id == document_id)
    return session.scalars(
        select(Event)
        .where(
            Event.company_id == company_id,
            Event.person_id == actor.person_id,
            Event.side == actor.side.value,
            or_(
                Event.document_id == document_id,
                and_(Event.document_id.in_(made_of_it), Event.from_status.is_(None)),
                and_(Event.document_id.in_(made_of_it), Event.step == UNDO, Event.to_status == "canceled"),
            ),
        )
        .order_by(Event.id.desc())
        .limit(MOST)
    ).all()


def _taken(session: Session, event: Event) -> Taken:
    document = load(session, event.document_id)
    step = document.workflow.steps.get(document.workflow.aliases.get(event.step, event.step))
    if step is None:  # an invitation, a file, an operator's word: no step of the document
        raise TransitionNotAllowed("“%(step)s” cannot be taken back.", step=f"step:{event.step}")
    return Taken(event, step, document)


def _refuse_what_moved_on(session: Session, taken: Taken, steps: Sequence[Taken]) -> None:
    event, document = taken.event, taken.document
    last = max(one.event.version or 0 for one in steps if one.event.document_id == event.document_id)
    if document.version != last:
        raise TransitionNotAllowed(
            "%(document)s is %(status)s since %(since)s; this can no longer be done.",
            document=document.label,
            status=f"status:{document.kind}.{document.status}",
            since=f"date:{document.updated_at.date().isoformat()}",
        )
    followed = select(Event.id).where(
        Event.company_id == event.company_id, Event.cause >= f"{event.cause}/", Event.cause < f"{event.cause}0"
    )
    if session.execute(followed.limit(1)).first() is not None:
        raise TransitionNotAllowed(
            "“%(step)s” cannot be taken back: others have been told what follows from it.", step=f"step:{event.step}"
        )


def _root(cause: str) -> str:
    """The mail that caused an event, or whatever else did: what is taken back together."""
    kind, _, rest = cause.partition(":")
    return f"{kind}:{rest.partition(':')[0]}" if kind == "mail" else cause


def can_undo(session: Session, company: Company, document: Document[Any], actor: Actor, at: datetime) -> str | None:
    """The name of the step that *actor* can take back now, as a page offers it."""
    try:
        steps = last_steps(session, company, document.id, actor, at, sees_which=True)
    except Refusal:
        return None
    return steps[-1].step.name if all(actor.trust >= one.step.trust for one in steps) else None
