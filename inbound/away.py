"""Keeps until when somebody is away, as their mail program says: it pauses reminders and gives nobody any right."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from inbound.absence import absence_of
from inbound.kind import Kind
from inbound.understood import Understanding
from store.parties import Person
from workflows.engine.act import Act

LONGEST = timedelta(days=60)
"""A longer absence is not believed: reminders must come back by themselves."""


def note_absence(act: Act, found: Understanding) -> None:
    """Keep the last day of the absence that *found* tells of, for a person on file; who stands in is only shown."""
    if found.kind is not Kind.OUT_OF_OFFICE:
        return
    today = found.received_at.astimezone(ZoneInfo(act.company.time_zone)).date()
    absence = absence_of(found.letter, today)
    instead = f", asks to write to {', '.join(absence.instead)}" if absence.instead else ""
    found.because("absence", f"until {absence.until or 'no day that it names'}{instead}")
    people = {
        about.writer.member.person_id
        for about in found.about
        if about.writer.member is not None
        # It answers what was mailed to that very person, or is proved: nobody silences another's reminders.
        and (found.verdict.level == "authenticated" or about.thread.person_id == about.writer.member.person_id)
    }
    if absence.until is None or not people:
        return
    act.session.execute(
        update(Person).where(Person.id.in_(people)).values(away_until=min(absence.until, today + LONGEST)),
        execution_options={"synchronize_session": False},
    )
