"""A document in hand: its header and its content at one version, loaded and, where it is to change, locked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from store.documents import Document as Row
from store.documents import Version
from store.prepared import Prepared
from store.types import dump_json
from workflows.engine.content import Content
from workflows.engine.registry import workflow
from workflows.engine.workflow import Workflow
from workflows.errors import NotFound

C = TypeVar("C", bound=Content)

_PRESENT = select(
    Row.id,
    Row.company_id,
    Row.public_id,
    Row.kind,
    Row.status,
    Row.version,
    Row.links_from,
    Row.number,
    Row.title,
    Row.currency,
    Row.total,
    Row.supplier_id,
    Row.owner_id,
    Row.parent_id,
    Row.created_at,
    Row.updated_at,
    Version.content,
).join(Version, (Version.document_id == Row.id) & (Version.version == Row.version))
_ONE = Prepared(_PRESENT.where(Row.id == bindparam("document_id")))


@dataclass(slots=True)
class Document(Generic[C]):
    """The header's fields, and `content`, which rules may change; `frozen` is the content as it was loaded."""

    id: int
    company_id: int
    public_id: str
    kind: str
    status: StrEnum
    version: int
    links_from: int
    number: str | None
    title: str
    currency: str | None
    total: Decimal | None
    supplier_id: int | None
    owner_id: int | None
    parent_id: int | None
    created_at: datetime
    updated_at: datetime
    content: C
    frozen: str

    @property
    def workflow(self) -> Workflow[C, Any]:
        """The workflow that declares this kind."""
        return workflow(self.kind)

    @property
    def label(self) -> str:
        """What people call it: its number, else its title."""
        return self.number or self.title or self.public_id


def load(session: Session, document_id: int, *, lock: bool = False) -> Document[Any]:
    """The document with its present content; raises `NotFound`. *lock* holds it until the end of the transaction."""
    if lock:  # before its version is looked up, else the version may be that of a moment ago
        lock_in_order(session, (document_id,))
    row = _ONE.first(session, document_id=document_id)
    if row is None:
        raise NotFound("There is no such document.")
    return _document(row)


def load_version(session: Session, document_id: int, version: int) -> Document[Any]:
    """The document as it stood at *version*, to be looked at and not to be changed; raises `NotFound`."""
    present = load(session, document_id)
    then = session.execute(
        select(Version.status, Version.content).where(Version.document_id == document_id, Version.version == version)
    ).one_or_none()
    if then is None:
        raise NotFound("There is no such document.")
    present.version, present.status = version, present.workflow.status(then.status)
    present.content = present.workflow.adapter.validate_python(then.content)
    return present


def load_many(session: Session, ids: Iterable[int]) -> list[Document[Any]]:
    """The documents of *ids* in the order of their ids."""
    rows = session.execute(_PRESENT.where(Row.id.in_(sorted(set(ids)))).order_by(Row.id))
    return [_document(row) for row in rows]


def lock_family(session: Session, document_ids: Iterable[int]) -> None:
    """Lock the documents that are to change, and before them the orders and requests that they belong to.

    Whoever acts takes these first, in one order, so that two acts never wait for each other.
    """
    if session.get_bind().dialect.name == "sqlite":
        return  # writers take turns there
    wanted = set(document_ids)
    rows = session.execute(
        select(Row.id, Row.parent_id, Version.content)
        .join(Version, (Version.document_id == Row.id) & (Version.version == Row.version))
        .where(Row.id.in_(wanted), Row.parent_id.is_not(None))
    ).all()
    parents = {row.parent_id for row in rows}.union(*(row.content.get("order_ids") or () for row in rows))
    children = {row.id for row in rows}
    lock_in_order(session, parents | (wanted - children), children)


def lock_in_order(session: Session, order_ids: Iterable[int], others: Iterable[int] = ()) -> None:
    """Lock orders by id, then the rest by id, so that two transactions never wait for each other."""
    if session.get_bind().dialect.name == "sqlite":
        return
    first = set(order_ids)
    for ids in (first, set(others) - first):
        if ids:
            # Not FOR UPDATE: a note or a notice that only points at a document need not wait for who changes it.
            held = select(Row.id).where(Row.id.in_(ids)).order_by(Row.id).with_for_update(key_share=True)
            session.execute(held)


def _document(row: Any) -> Document[Any]:
    flow = workflow(row.kind)
    fields = (*row[:-1], flow.adapter.validate_python(row.content), dump_json(row.content))
    document: Document[Any] = Document(*fields)
    document.status = flow.status(row.status)
    return document
