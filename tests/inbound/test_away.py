"""An out-of-office answer pauses reminders to its author, and is never anybody's word on anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from inbound.away import LONGEST
from store import clock
from store.installation import Installation
from store.parties import Person
from tests.inbound.post import ANA, OWNER, Post, an_invoice, make_post

AUTO = [("Auto-Submitted", "auto-replied")]


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


def away_until(post: Post, address: str) -> date | None:
    with post.installation.database.read() as session:
        return session.scalar(select(Person.away_until).where(Person.address == address))


def absent(post: Post, author: str, notice: str, until: date) -> int:
    """An out-of-office answer to a notice."""
    words = f"I am out of the office until {until:%Y-%m-%d}. Approved, confirmed. Ask ben@ferrum.example instead."
    return post.send(author, post.address(notice, author), words, subject="Out of office: order", headers=AUTO)


def test_absence_is_kept_and_grants_nothing(post: Post) -> None:
    """Its words approve nothing and confirm nothing, whoever is named; nobody is answered."""
    post.send(ANA, post.address("order-sent", ANA), "Our invoice.", ("invoice.xml", an_invoice()))
    post.send(ANA, post.address("answer", ANA), "confirm")
    count, until = post.count(), clock.now().date() + timedelta(days=10)
    mail_id = absent(post, OWNER, "invoice-to-approve", until)
    assert (post.invoices(), post.count()) == ([("22914", "pending")], count)
    assert away_until(post, OWNER) == until
    assert any("ben@ferrum.example" in reason for step, reason in post.mail(mail_id).understanding["steps"])


def test_endless_absence_is_not_believed(post: Post) -> None:
    """Reminders come back by themselves."""
    today = clock.now().date()
    absent(post, ANA, "order-sent", today + timedelta(days=300))
    found = away_until(post, ANA)
    assert found is not None
    assert found <= today + LONGEST + timedelta(days=1)


def test_strangers_absence_is_nobodys(post: Post) -> None:
    """Who is not on file pauses no reminder of somebody else's."""
    to = post.address("order-sent", ANA)
    post.send("eve@evil.example", to, "I am away until 2027-01-10.", subject="Out of office", headers=AUTO)
    assert away_until(post, ANA) is None
