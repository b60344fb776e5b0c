"""Rows as the queue: what is due, whose turn it is, and nudges through each broker."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from dramatiq import Worker, actor
from sqlalchemy import insert, update

from store import clock
from store.database import Database
from store.journal import Notice, Timer
from store.mails import Mail
from store.parties import Company
from store.queue import (
    DELIVER,
    FIRE,
    QUEUE,
    ROUTE,
    TIMER_TRIES,
    backlog,
    database_now,
    due_rows,
    nudges,
    oldest_due,
    open_broker,
)
from store.tokens import new_key
from tests.services import RABBITMQ, REDIS, own_queue


def another_company(database: Database) -> int:
    """A second buyer on the installation."""
    with database.write() as session:
        company = Company(
            name="Other", mail_domain="other.example", mailbox=f"{uuid.uuid4().hex}@other.example", language="en",
            reply_style="domain", currency="EUR", time_zone="UTC", settings={}, created_at=clock.now(),
        )  # fmt: skip
        session.add(company)
    return company.id


def a_notice(database: Database, company_id: int, **values: Any) -> int:
    """A queued notice that has been due for a minute."""
    key, now = new_key(), clock.now()
    row = {
        "company_id": company_id, "key": key, "cause": key.hex(), "name": "note", "to_name": "", "to_address": "a@b.c",
        "language": "en", "shared": True, "message_id": key.hex(), "references": "", "facts": {}, "status": "queued",
        "tries": 0, "due": now - timedelta(minutes=1), "attempt": 0, "created_at": now, **values,
    }  # fmt: skip
    with database.write() as session:
        notice_id: int = session.execute(insert(Notice).values(**row).returning(Notice.id)).scalar_one()
    return notice_id


def a_mail(database: Database, **values: Any) -> int:
    """A kept mail that is due."""
    now = clock.now()
    row = {
        "digest": os.urandom(32), "way": "smtp", "sender": "", "size": 1, "received_at": now, "status": "kept",
        "tries": 0, "due": now, **values,
    }  # fmt: skip
    with database.write() as session:
        mail_id: int = session.execute(insert(Mail).values(**row).returning(Mail.id)).scalar_one()
    return mail_id


def due(database: Database, actor_name: str, limit: int = 100) -> list[int]:
    """What is due now."""
    with database.read() as session:
        return due_rows(session, actor_name, clock.now(), limit)


def test_kept_and_failed_mails_are_due(database: Database) -> None:
    """Mails that were kept or have failed are due at their moment; acted and quarantined ones are not."""
    kept = a_mail(database)
    failed = a_mail(database, status="failed")
    a_mail(database, status="failed", due=clock.now() + timedelta(minutes=1))
    a_mail(database, status="acted")
    a_mail(database, status="quarantined")
    assert due(database, ROUTE) == [kept, failed]


def test_notices_of_dead_workers_are_due(database: Database, company: Company) -> None:
    """A notice is due when it is queued, or leased until a moment that has passed by the database's clock."""
    queued = a_notice(database, company.id)
    left = a_notice(database, company.id, status="sending")
    held = a_notice(database, company.id, status="sending")
    a_notice(database, company.id, status="sent")
    a_notice(database, company.id, due=clock.now() + timedelta(minutes=1))
    with database.write() as session:
        for notice_id, seconds in ((left, -1), (held, 60)):
            session.execute(
                update(Notice).where(Notice.id == notice_id).values(leased_until=database_now(database.sqlite, seconds))
            )
    assert due(database, DELIVER) == [queued, left]


def test_companies_take_turns(database: Database, company: Company) -> None:
    """A company with a long queue does not hold up one with a short one, and the number is bounded."""
    busy = [a_notice(database, company.id, due=clock.now() - timedelta(hours=1)) for _ in range(5)]
    other = another_company(database)
    quiet = [a_notice(database, other) for _ in range(2)]
    assert due(database, DELIVER, 4) == [busy[0], quiet[0], busy[1], quiet[1]]


def test_oldest_due_comes_first(database: Database, company: Company) -> None:
    """A worker goes on with what has waited longest, of whatever company."""
    later = a_notice(database, company.id)
    earlier = a_notice(database, company.id, due=clock.now() - timedelta(hours=1))
    with database.read() as session:
        assert oldest_due(session, DELIVER, clock.now(), 1) == [earlier]
        assert oldest_due(session, DELIVER, clock.now(), 5) == [earlier, later]


def test_hopeless_timer_is_left_alone(database: Database, company: Company) -> None:
    """A timer that failed too often does not come up again and again."""
    from store.documents import Document

    now = clock.now()
    with database.write() as session:
        document = Document(
            company_id=company.id, kind="order", status="sent", version=1, links_from=1, title="", created_at=now,
            updated_at=now,
        )  # fmt: skip
        session.add(document)
        session.flush()
        for step, tries in (("remind", 0), ("expire", TIMER_TRIES)):
            values = {"company_id": company.id, "document_id": document.id, "step": step, "due": now, "tries": tries}
            session.execute(insert(Timer).values(**values))
    assert len(due(database, FIRE)) == 1


def test_unknown_actor_is_refused(database: Database) -> None:
    """Only the tables of known actors are queues."""
    with pytest.raises(ValueError, match="no rows belong to dance"):
        due(database, "dance")


def test_database_clock_agrees_with_ours(database: Database) -> None:
    """The database's clock is read as a moment, and moved by seconds."""
    with database.write() as session:
        from sqlalchemy import select

        present, later = session.execute(
            select(database_now(database.sqlite), database_now(database.sqlite, 90.5))
        ).one()
    assert abs(present - clock.now()) < timedelta(seconds=5)
    assert timedelta(seconds=90) < later - present < timedelta(seconds=91)


@pytest.fixture(params=["in process", *(url.partition(":")[0] for url in (REDIS, RABBITMQ) if url)])
def broker(request: pytest.FixtureRequest) -> Iterator[tuple[str | None, str]]:
    """The address of each kind of broker, and a queue of the test's own in it."""
    url = next((url for url in (REDIS, RABBITMQ) if url and url.startswith(request.param)), None)
    if url is None:
        yield None, QUEUE
        return
    with own_queue(url) as name:
        yield url, name


def test_nudge_reaches_a_worker(broker: tuple[str | None, str]) -> None:
    """A nudge by name and id reaches the actor of that name in a worker, which the sender need not know."""
    receiving = open_broker(*broker)
    sending = open_broker(*broker) if broker[0] else receiving
    told: list[int] = []
    came = Event()

    def note_down(row_id: int) -> None:
        told.append(row_id)
        came.set()

    actor(actor_name="route", queue_name=broker[1], broker=receiving)(note_down)
    worker = Worker(receiving, worker_timeout=50, worker_threads=1)
    worker.start()
    try:
        nudges(sending)("route", 42)
        assert came.wait(30)
    finally:
        worker.stop()
        receiving.close()
    assert told == [42]


def test_broker_that_is_away_raises_soon() -> None:
    """A nudge to a broker that is not there raises, so that it can be logged and left to the sweeper."""
    from tests.outbound.sink import free_port

    broker = open_broker(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(Exception, match="refused"):
        nudges(broker)("route", 1)


def test_backlog_counts_what_waits_in_the_process() -> None:
    """The sweeper can see that the workers have enough to do."""
    broker = open_broker(None)
    for row_id in range(3):
        nudges(broker)("route", row_id)
    assert backlog(broker) == 3
    assert QUEUE in broker.get_declared_queues()
