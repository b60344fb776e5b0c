"""Somebody's mail program says that they are away: reminders wait for them, and nobody's word is taken from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from postroom.demo.files import INVOICED, invoice_file
from postroom.mailbox.mail import Mail
from store import clock
from store.documents import Document
from store.journal import Timer
from store.parties import Company, Person
from tests.flows.conftest import Play
from workflows.timers import fire


@pytest.fixture(autouse=True)
def clock_goes_on() -> Iterator[None]:
    """The time is told as it is again, whatever a test did."""
    yield
    clock.set_source(None)


def _away(play: Play, mail: Mail, words: str) -> None:
    """Ana's mail program answers a mail for her."""
    answer = EmailMessage()
    answer["From"] = f"Ana <{play.ana.address}>"
    answer["To"] = mail.letter.reply_to[0].address
    answer["Subject"] = f"Out of office: {mail.letter.subject}"
    answer["Message-ID"] = f"<away-{mail.id}@anvil.example>"
    answer["In-Reply-To"] = mail.letter.message_id
    answer["Auto-Submitted"] = "auto-replied"
    answer.set_content(words)
    assert not play.house.relay.hand_in(answer.as_bytes(), "", [answer["To"]], proven=True).refused


def _until(play: Play) -> object:
    with play.installation.database.read() as session:
        return session.scalar(select(Person.away_until).where(Person.address == play.ana.address))


def _reminder(play: Play) -> tuple[int, datetime]:
    with play.installation.database.read(play.company_id) as session:
        (row,) = session.execute(
            select(Timer.id, Timer.due).where(Timer.step == "remind", Timer.company_id == play.company_id)
        ).all()
    return row.id, row.due


def _fire_at(play: Play, timer_id: int, moment: datetime) -> None:
    clock.set_source(lambda: moment)
    fire(play.installation, timer_id)


def test_b21_a_reminder_waits_until_the_absent_are_back(play: Play) -> None:
    """It comes on the first working morning after the last day away; the absence itself confirms nothing."""
    play.ana.reply(play.ordered(), "Our invoice.", [invoice_file("22914", INVOICED)])
    read_back = play.ana.wait(notice="answer", text="22914")
    with play.installation.database.read() as session:
        zone = ZoneInfo(session.get_one(Company, play.company_id).time_zone)
    timer_id, due = _reminder(play)
    last = due.astimezone(zone).date() + timedelta(days=6)
    _away(play, read_back, f"I am out of the office until {last}. Confirmed, approved. Please ask ben@anvil.example.")
    for _ in range(400):
        if _until(play) == last:
            break
        Event().wait(0.05)
    assert _until(play) == last

    _fire_at(play, timer_id, due)
    assert not play.ana.has(subject="still waits")
    same, later = _reminder(play)
    back = later.astimezone(zone)
    assert same == timer_id
    assert back.date() > last
    assert back.weekday() < 5
    assert back.time() == time(8)
    with play.installation.database.read(play.company_id) as session:
        status = session.scalars(
            select(Document.status).where(Document.kind == "invoice", Document.company_id == play.company_id)
        ).all()
    assert status == ["draft"]

    _fire_at(play, timer_id, later)
    reminder = play.ana.wait(notice="invoice-reminder")
    assert "22914" in reminder.letter.subject
    play.ana.reply(reminder, "confirm")
    assert play.olga.wait(notice="invoice-differs")
