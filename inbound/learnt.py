"""Reads what was learnt of a supplier's layouts: a learnt place gives a value where nothing denies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from workflows.layouts import AMOUNTS, FIELDS, Taught, keys_of, same, taught_of, value_at
from workflows.reading import Layout, Reading

LEARNT: Final = "learnt"
"""How the place of a field begins that was read where a person showed us that it stands."""
SURE: Final = 0.9


def with_learnt(session: Session, company_id: int, supplier_id: int, reading: Reading | None) -> Reading | None:
    """The reading of a supplier's file, each of its documents read with what was learnt of their layouts."""
    if reading is None or all(one.layout is None for one in reading.documents):
        return reading
    further = tuple(_one(session, company_id, supplier_id, one) for one in reading.further)
    return replace(_one(session, company_id, supplier_id, reading), further=further)


def learnt_in(reading: Reading) -> list[str]:
    """The fields of a reading that were read at learnt places, each with the place, for `explain`."""
    start = f"{LEARNT}: "
    return [f"{field} {where.removeprefix(start)}" for field, where in reading.where.items() if where.startswith(start)]


def _one(session: Session, company_id: int, supplier_id: int, reading: Reading) -> Reading:
    if reading.layout is None:
        return reading
    return applied(reading, reading.layout, taught_of(session, company_id, supplier_id, reading.layout))


def applied(reading: Reading, layout: Layout, taught: Taught) -> Reading:
    """The reading with the fields that were learnt; where places, or the reader, contradict each other, with none."""
    values: dict[str, Any] = {}
    where: dict[str, str] = {}
    for field in FIELDS:
        if (places := taught.get(field)) is None:
            continue
        read = getattr(reading, field)
        found = _found(layout, field, places["at"])
        if len(found) == 1 and (read is None or same(read, found[0]) or _was_wrong(layout, field, read, places)):
            values[field] = found[0]
            where[field] = f"{LEARNT}: {places['at'][0]}"
        elif found or _was_wrong(layout, field, read, places):
            values[field] = None
    values = _holding(reading, values)
    sure = {field: SURE if value is not None else 0.0 for field, value in values.items()}
    where = {field: place for field, place in where.items() if values.get(field) is not None}
    return replace(reading, **values, sure={**reading.sure, **sure}, where={**reading.where, **where})


def _found(layout: Layout, field: str, keys: Sequence[str]) -> list[object]:
    """The different values that stand at the learnt places."""
    found: list[object] = []
    for place in layout.places:
        value = value_at(place, field) if place.key in keys else None
        if value is not None and not any(same(value, one) for one in found):
            found.append(value)
    return found


def _was_wrong(layout: Layout, field: str, read: object, places: Mapping[str, Sequence[str]]) -> bool:
    """Whether what was read stands where a person said that it is not."""
    return read is not None and bool(set(places["wrong"]) & set(keys_of(layout, field, read)))


def _holding(reading: Reading, values: dict[str, Any]) -> dict[str, Any]:
    """*values* as far as net and tax make the total, and nothing is due before it was issued."""
    said = {name: values.get(name, getattr(reading, name)) for name in AMOUNTS}
    if not (all(isinstance(v, Decimal) for v in said.values()) and said["net"] + said["tax"] == said["gross"]):
        values = {name: None if name in AMOUNTS else value for name, value in values.items()}
    issued, due = (values.get(name, getattr(reading, name)) for name in ("issue_date", "due_date"))
    if issued is not None and due is not None and due < issued:
        values = {name: None if name.endswith("_date") else value for name, value in values.items()}
    return values
