"""The one place where a document moves: checks, rule, then version, event, notices, links and timers at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import structlog
from sqlalchemy import bindparam, delete, insert, select, update

from store.base import public_id
from store.documents import Document as Row
from store.documents import Version
from store.journal import Attachment, Event, Timer
from store.prepared import Prepared, prepared_insert
from store.types import dump_json
from workflows.engine.act import Act
from workflows.engine.content import Content
from workflows.engine.document import Document, load, lock_family
from workflows.engine.journal import record_event
from workflows.engine.telling import tell
from workflows.engine.workflow import Step
from workflows.errors import DocumentChanged, NotTheirs, ProofMissing, TransitionNotAllowed
from workflows.people import Side

log = structlog.get_logger()

_MOVING = ("version", "links_from", "number", "title", "currency", "total", "parent_id", "updated_at")
"""What changes of a header beside its status; the rest is as it was when the document was made."""

_STANDING = ("company_id", "public_id", "kind", "supplier_id", "owner_id", "created_at")
_BEFORE = Prepared(
    select(Event.id, Event.document_id, Event.from_status, Event.to_status).where(
        Event.company_id == bindparam("company_id"), Event.cause == bindparam("cause")
    )
)
_MOVE = Prepared(
    update(Row)
    .where(Row.id == bindparam("document_id"), Row.version == bindparam("before"))
    .values({name: bindparam(name) for name in ("status", *_MOVING)})
    .returning(Row.id)
)
_NEW = prepared_insert(Row, returning=Row.id)
_NEW_VERSION = prepared_insert(Version)


@dataclass(frozen=True, slots=True)
class Performed:
    """What came of it. `repeated`: the cause had acted before, and this is the result of that time."""

    document: Document[Any]
    event_id: int
    from_status: str | None
    to_status: str
    repeated: bool = False
    undone: str = ""
    """The last of the steps that were taken back, if it was that."""


def perform(step: Step, document: Document[Any] | int, data: Any, act: Act, *, version: int | None = None) -> Performed:
    """Take *step* on *document* for the act's cause; once, however often it is called.

    Raises a `Refusal` with a sentence for the person: `TransitionNotAllowed`, `NotTheirs`, `ProofMissing`,
    `DocumentChanged` (when *version*, what the person saw, is not the present one), or the rule's own.
    """
    document_id = document if isinstance(document, int) else document.id
    lock_family(act.session, (document_id,))
    if before := _performed_before(act, document_id):  # after the lock: the same click may be at it just now
        return before
    current = load(act.session, document_id)
    _check(step, current, act, version)
    act.document = current
    before_status = current.status
    reached = step.rule(current.content, data, act)
    _require_target(step, reached)
    write(current, reached, act, stale=step.stale)
    return _conclude(step, current, before_status, data, act)


def create(
    step: Step,
    content: Content,
    data: Any,
    act: Act,
    *,
    supplier_id: int | None,
    owner_id: int | None,
    parent_id: int | None = None,
) -> Performed:
    """Make a new document with a creating *step*; once for the act's cause."""
    if before := _performed_before(act, None):
        return before
    # The rule sees the document before it has a row; the placeholder's id is set when the row is written.
    document: Document[Any] = Document(
        id=0,
        company_id=act.company.id,
        public_id=public_id(),
        kind=step.workflow.kind,
        status=step.targets[0],
        version=1,
        links_from=1,
        number=None,
        title="",
        currency=None,
        total=None,
        supplier_id=supplier_id,
        owner_id=owner_id,
        parent_id=parent_id,
        created_at=act.now,
        updated_at=act.now,
        content=content,
        frozen="",
    )
    if not step.who(document, act.actor):
        raise NotTheirs("Only %(who)s can do this.", who=step.who.words)
    if act.actor.trust < step.trust:
        raise ProofMissing("We cannot be sure who wrote this.")
    act.document = document
    document.status = step.rule(content, data, act)
    _require_target(step, document.status)
    _show_heading(document)
    document.id = _NEW.value(act.session, **_header(document, *_MOVING, *_STANDING))
    _write_version(document, act)
    return _conclude(step, document, None, data, act)


def _performed_before(act: Act, document_id: int | None) -> Performed | None:
    row = _BEFORE.first(act.session, company_id=act.company.id, cause=act.cause)
    if row is None or (document_id is not None and row.document_id != document_id):
        return None
    document = load(act.session, row.document_id)
    return Performed(document, row.id, row.from_status, row.to_status or str(document.status), repeated=True)


def _check(step: Step, document: Document[Any], act: Act, version: int | None) -> None:
    if document.company_id != act.company.id or document.kind != step.workflow.kind:
        raise NotTheirs("This document is not yours to act on.")
    if not step.who(document, act.actor):
        raise NotTheirs("Only %(who)s can do this with %(document)s.", who=step.who.words, document=document.label)
    if document.status not in step.sources:
        raise TransitionNotAllowed(
            "%(document)s is %(status)s since %(since)s; this can no longer be done.",
            document=document.label,
            status=f"status:{document.kind}.{document.status}",
            since=f"date:{document.updated_at.date().isoformat()}",
        )
    if act.actor.trust < step.trust:
        raise ProofMissing("We cannot be sure who wrote this.")
    if version is not None and version < document.links_from:
        raise DocumentChanged("%(document)s has changed since you saw it.", document=document.label)


def _require_target(step: Step, reached: Any) -> None:
    if reached not in step.targets:
        raise AssertionError(f"{step.full_name} reached {reached!r}, which it does not declare")


def write(document: Document[Any], reached: Any, act: Act, *, stale: bool) -> None:
    """Write status, content and a new version where either changed; *stale* makes links mailed before it stale."""
    content = dump_json(document.workflow.adapter.dump_python(document.content))
    changed = reached is not document.status or content != document.frozen
    document.status = reached
    if not changed:
        return
    document.version += 1
    if stale:
        document.links_from = document.version
    document.updated_at = act.now
    _show_heading(document)
    moved = _MOVE.value(
        act.session, document_id=document.id, before=document.version - 1, **_header(document, *_MOVING)
    )
    if moved is None:
        raise DocumentChanged("%(document)s has changed since you saw it.", document=document.label)
    _write_version(document, act)


def _show_heading(document: Document[Any]) -> None:
    heading = document.content.heading()
    document.number, document.title = heading.number, heading.title
    document.currency, document.total = heading.currency, heading.total


def _header(document: Document[Any], *names: str) -> dict[str, Any]:
    return {"status": document.status.value, **{name: getattr(document, name) for name in names}}


def _write_version(document: Document[Any], act: Act) -> None:
    content = document.workflow.adapter.dump_python(document.content)
    document.frozen = dump_json(content)
    _NEW_VERSION.all(
        act.session,
        company_id=document.company_id,
        document_id=document.id,
        version=document.version,
        status=document.status.value,
        content=content,
        created_at=act.now,
    )
    table = getattr(document.content, "line_table", None)
    if table is None:
        return
    clear, add = _lines_of(table)
    if document.version > 1:
        clear.all(act.session, document_id=document.id)
    for row in document.content.line_rows():
        add.all(act.session, company_id=document.company_id, document_id=document.id, **row)


@cache
def _lines_of(table: Any) -> tuple[Prepared, Prepared]:
    """What clears the lines of a document, and what adds one."""
    return Prepared(delete(table).where(table.document_id == bindparam("document_id"))), prepared_insert(table)


def _conclude(step: Step, document: Document[Any], before: Any, data: Any, act: Act) -> Performed:
    from_status = None if before is None else before.value
    event_id = record_event(act, document, step.name, step.event, from_status, step.data.dump_python(data))
    keep_files(document, event_id, act)
    set_timers(document, act)
    tell(act, document, event_id, step, getattr(data, "reason", "") or "")
    log.info(step.event, document=document.public_id, status=document.status.value, via=act.actor.via.split(",")[0])
    return Performed(document, event_id, from_status, document.status.value)


def keep_files(document: Document[Any], event_id: int, act: Act, side: Side | None = None) -> None:
    """Put the act's files to the document, for *side* alone or for both; the same file again is kept once."""
    if not act.files:
        return
    whose = None if side is None else side.value
    known = set(
        act.session.scalars(
            select(Attachment.sha256).where(
                Attachment.document_id == document.id, Attachment.side.is_not_distinct_from(whose)
            )
        )
    )
    for file in {f.sha256: f for f in act.files if f.sha256 not in known}.values():
        act.session.execute(
            insert(Attachment).values(
                company_id=document.company_id,
                document_id=document.id,
                event_id=event_id,
                mail_id=act.mail_id,
                name=file.name,
                type=file.type,
                size=file.size,
                sha256=file.sha256,
                side=whose,
                kind=file.kind,
                at=act.now,
            )
        )


def set_timers(document: Document[Any], act: Act) -> None:
    """Write what the act wants the document to be reminded of."""
    for step, due in act.timers.items():
        act.session.execute(
            insert(Timer).values(
                company_id=document.company_id, document_id=document.id, step=step, due=due, tries=0, reason=None
            )
        )
    act.timers.clear()
