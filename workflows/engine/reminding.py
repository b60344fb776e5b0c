"""Reminders wait for people: who is away is reminded when they are back, and nobody at night or on a weekend."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from store.parties import Person
from workflows.engine.act import Act
from workflows.engine.document import Document
from workflows.engine.telling import local_day, readers
from workflows.engine.workflow import Step

SATURDAY = 5
MORNING, EVENING = time(8), time(18)


def put_off(act: Act, document: Document[Any], step: Step) -> datetime | None:
    """When the first of those whom *step* reminds is back, if all of them are away; None to remind now."""
    people = {
        person.person_id
        for reader, _ in step.tells.get(document.status, ())
        for person in readers(act, document, reader)
    }
    away = select(Person.away_until).where(Person.id.in_(people), Person.away_until >= local_day(act))
    absences = [until for until in act.session.scalars(away) if until is not None]
    if not people or len(absences) < len(people):
        return None
    back = min(absences) + timedelta(days=1)
    return working_hour(datetime.combine(back, MORNING, ZoneInfo(act.company.time_zone)), act.company.time_zone)


def working_hour(moment: datetime, zone: str) -> datetime:
    """*moment*, or the next morning of a working day in *zone* if it is at night or on a weekend; in UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    if local.time() >= EVENING:
        local = local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0) + timedelta(days=1)
    elif local.time() < MORNING:
        local = local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
    if local.weekday() >= SATURDAY:
        local = local.replace(hour=MORNING.hour, minute=0, second=0, microsecond=0)
        local += timedelta(days=7 - local.weekday())
    return local.astimezone(UTC)
