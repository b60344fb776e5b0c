"""Remembered layouts: learns from a correction where on a supplier's documents a value stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from store.documents import Document as Row
from store.layouts import Layout as Kept
from workflows.engine.act import Act
from workflows.reading import Layout, Place, Reading, layout_as_json, layout_from_json

log = structlog.get_logger()

AMOUNTS: Final = ("net", "tax", "gross")
FIELDS: Final = ("number", "issue_date", "due_date", *AMOUNTS)
"""What is learnt when a person corrects it."""
MOST_KEYS: Final = 6
MOST_TAUGHT: Final = 100
"""Corrections of one supplier that are looked at, newest first."""
ALIKE: Final = 0.6
"""The part of the words of the shorter that two documents of one layout share at least: lines come and go."""
FEWEST_SHARED: Final = 4

Taught = Mapping[str, Mapping[str, Sequence[str]]]


def alike(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two documents, by their marks, are of one layout."""
    one, other = set(one), set(other)
    return len(one & other) >= max(FEWEST_SHARED, ALIKE * min(len(one), len(other)))


def value_at(place: Place, field: str) -> object | None:
    """What stands at a place, if it can be the value of a field."""
    if field == "number":
        of_something_else = place.day is not None or place.amount is not None
        return None if of_something_else or not any(c.isdigit() for c in place.text) else place.text
    return place.day if field.endswith("_date") else place.amount


def keys_of(layout: Layout, field: str, value: object) -> list[str]:
    """The keys of the places where a value stands, without those that lead to another value as well."""
    found = dict.fromkeys(p.key for p in layout.places if (v := value_at(p, field)) and same(v, value))
    unclear = {p.key for p in layout.places if p.key in found and (v := value_at(p, field)) and not same(v, value)}
    return [key for key in found if key not in unclear][:MOST_KEYS]


def same(one: object, other: object) -> bool:
    """Whether two values are one, however it is written."""
    return _plain(one) == _plain(other)


def _plain(value: object) -> object:
    return "".join(c for c in value.casefold() if c.isalnum()) if isinstance(value, str) else value


def remember(act: Act, document_id: int, reading: Reading) -> None:
    """Keep how the page is laid out from which a draft was made; of drafts that are sent nothing is kept untaught."""
    if reading.layout is None or not reading.layout.places:
        return
    supplier_id = act.load(document_id).supplier_id
    known = select(Kept.learnt).where(Kept.company_id == act.company.id, Kept.document_id == document_id)
    if any(learnt is not None for learnt in act.session.scalars(known)):
        return
    under_way = select(Row.id).where(
        Row.company_id == act.company.id, Row.supplier_id == supplier_id, Row.status.in_(("draft", "in_revision"))
    )
    act.session.execute(
        delete(Kept).where(
            Kept.company_id == act.company.id,
            Kept.supplier_id == supplier_id,
            Kept.learnt_at.is_(None),
            (Kept.document_id == document_id) | Kept.document_id.not_in(under_way),
        ),
        execution_options={"synchronize_session": False},
    )
    act.session.execute(
        insert(Kept).values(
            company_id=act.company.id,
            supplier_id=supplier_id,
            document_id=document_id,
            seen=layout_as_json(reading.layout),
            learnt=None,
            created_at=act.now,
            learnt_at=None,
        )
    )


def learn(act: Act, before: Mapping[str, object], after: Mapping[str, object]) -> None:
    """Learn from the fields of the act's document that a person has just corrected, where the values stand on it."""
    assert act.document is not None
    changed = [
        # An amount that was read and is another now is a change of the invoice, which its page says nothing of.
        f
        for f in FIELDS
        if after[f] not in (None, "", before[f]) and (f not in AMOUNTS or before[f] is None)
    ]
    if not changed:
        return
    of_document = Kept.company_id == act.company.id, Kept.document_id == act.document.id
    row = act.session.execute(select(Kept.id, Kept.seen, Kept.learnt).where(*of_document)).one_or_none()
    if row is None:
        return
    layout = layout_from_json(row.seen)
    learnt: dict[str, dict[str, list[str]]] = dict(row.learnt or {})
    earlier = taught_of(act.session, act.company.id, act.document.supplier_id, layout)
    for field in changed:
        at = keys_of(layout, field, after[field])
        if not at:
            learnt.pop(field, None)  # what was learnt of it before was taken back, and this stands nowhere
            continue
        first = learnt.get(field)
        wrong = list(first["wrong"]) if first else keys_of(layout, field, before[field])
        known = earlier.get(field) if first is None else None
        narrowed = [key for key in at if key in known["at"]] if known else []
        learnt[field] = {"at": narrowed or at, "wrong": [key for key in wrong if key not in at]}
    act.session.execute(
        update(Kept).where(*of_document).values(learnt=learnt or None, learnt_at=act.now if learnt else None),
        execution_options={"synchronize_session": False},
    )
    log.info("layout.learnt", document=act.document.public_id, fields=sorted(learnt))


def unlearn(act: Act, fields: Iterable[str]) -> None:
    """Forget what was learnt of *fields* from corrections of the act's document that are taken back."""
    assert act.document is not None
    of_document = Kept.company_id == act.company.id, Kept.document_id == act.document.id
    row = act.session.execute(select(Kept.learnt).where(*of_document)).one_or_none()
    if row is None or not row.learnt:
        return
    gone = set(fields)
    learnt = {field: places for field, places in row.learnt.items() if field not in gone}
    act.session.execute(
        update(Kept).where(*of_document).values(learnt=learnt or None, learnt_at=act.now if learnt else None),
        execution_options={"synchronize_session": False},
    )


def taught_of(session: Session, company_id: int, supplier_id: int | None, layout: Layout) -> Taught:
    """What was learnt of documents of this supplier that are laid out so; of each field the newest."""
    rows = session.execute(
        select(Kept.seen, Kept.learnt)
        .where(Kept.company_id == company_id, Kept.supplier_id == supplier_id, Kept.learnt_at.is_not(None))
        .order_by(Kept.learnt_at.desc(), Kept.id.desc())
        .limit(MOST_TAUGHT)
    )
    found: dict[str, Mapping[str, Sequence[str]]] = {}
    for seen, learnt in rows:
        if learnt and alike(seen["marks"], layout.marks):
            for field, places in learnt.items():
                found.setdefault(field, places)
    return found
