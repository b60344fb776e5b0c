"""Workers do the rows they are told of, go on with the oldest, and lose none when nudges are lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from outbound.relay import Relay
from postroom.workers import BUSY_LIMIT, GO_ON, SWEEP_LIMIT, Sweeper, Work, Workers
from store import clock
from store.database import Database
from store.installation import Installation
from store.mails import Mail
from store.queue import DELIVER, FIRE, ROUTE, backlog, nudges, open_broker
from tests.outbound.sink import free_port


def some_mails(database: Database, number: int) -> list[int]:
    """Kept mails that are due."""
    now = clock.now()
    rows = [
        {"digest": os.urandom(32), "way": "smtp", "sender": "", "size": 1, "received_at": now, "status": "kept",
         "tries": 0, "due": now}
        for _ in range(number)
    ]  # fmt: skip
    with database.write() as session:
        return list(session.scalars(insert(Mail).returning(Mail.id, sort_by_parameter_order=True), rows))


def acted(database: Database) -> Callable[[int], None]:
    """A task that does a mail's row, as route would."""

    def act(mail_id: int) -> None:
        with database.write() as session:
            session.execute(update(Mail).where(Mail.id == mail_id).values(status="acted"))

    return act


def open_mails(database: Database) -> list[int]:
    """The mails that are not done."""
    with database.read() as session:
        return list(session.scalars(select(Mail.id).where(Mail.status != "acted").order_by(Mail.id)))


def work_on(database: Database, route: Callable[[int], Any]) -> Work:
    """Work whose only task is *route*."""
    return Work(database, {ROUTE: route, DELIVER: lambda _id: None, FIRE: lambda _id: None})


@pytest.fixture
def relay() -> Iterator[Relay]:
    """A relay that nobody has asked for yet."""
    relay = Relay(f"smtp://127.0.0.1:{free_port()}", timeout=1)
    yield relay
    relay.close()


def test_one_nudge_is_enough_for_all_that_is_due(database: Database) -> None:
    """A worker that did its row goes on with the oldest due one until nothing is due."""
    ids = some_mails(database, 5)
    work_on(database, acted(database)).told(ROUTE, ids[3])
    assert not open_mails(database)


def test_row_that_cannot_be_done_does_not_stop_the_worker(database: Database) -> None:
    """A row that stays due is tried once in a go, and those behind it are done."""
    ids = some_mails(database, 3)
    tried: list[int] = []

    def route(mail_id: int) -> None:
        tried.append(mail_id)
        if mail_id == ids[0]:
            raise RuntimeError("poison")
        acted(database)(mail_id)

    work_on(database, route).told(ROUTE, ids[1])
    assert tried == [ids[1], ids[0], ids[2]]
    assert open_mails(database) == [ids[0]]


def test_a_go_is_bounded(database: Database) -> None:
    """After so many rows the worker looks at its nudges again, so that no kind of row starves the others."""
    ids = some_mails(database, GO_ON + 5)
    work_on(database, acted(database)).told(ROUTE, ids[0])
    assert len(open_mails(database)) == 5


def test_nudges_that_wait_go_first(database: Database) -> None:
    """While a worker is told of other rows, it does not go on by itself: mails must not hold up notices."""
    ids = some_mails(database, 3)
    work = work_on(database, acted(database))
    work.told_more = lambda: True
    work.told(ROUTE, ids[1])
    assert open_mails(database) == [ids[0], ids[2]]


def test_stopping_work_takes_up_nothing_more(database: Database) -> None:
    """When the process stops, a worker finishes its row and leaves the next ones due."""
    ids = some_mails(database, 3)
    work = work_on(database, acted(database))
    work.stopping.set()
    work.told(ROUTE, ids[0])
    assert open_mails(database) == ids[1:]


def test_no_row_is_in_two_hands(database: Database) -> None:
    """While one thread has a row, another that is told of it passes it over."""
    (mail_id,) = some_mails(database, 1)
    began, go_on, runs = Event(), Event(), []

    def route(row_id: int) -> None:
        runs.append(row_id)
        began.set()
        assert go_on.wait(30)

    work = work_on(database, route)
    thread = Thread(target=work.once, args=(ROUTE, mail_id))
    thread.start()
    assert began.wait(30)
    work.once(ROUTE, mail_id)
    go_on.set()
    thread.join()
    assert runs == [mail_id]


def test_sweeper_nudges_what_was_left(database: Database, relay: Relay) -> None:
    """Rows whose nudge was lost are nudged by the sweeper, a bounded number at a time."""
    ids = some_mails(database, SWEEP_LIMIT + 10)
    broker = open_broker(None)
    told: list[tuple[str, int]] = []
    database.nudge = lambda actor, row_id: told.append((actor, row_id))
    sweeper = Sweeper(work_on(database, acted(database)), database, broker, 60, relay)
    assert sweeper.sweep() == SWEEP_LIMIT
    assert told == [(ROUTE, mail_id) for mail_id in ids[:SWEEP_LIMIT]]


def test_sweeper_adds_little_to_a_full_queue(database: Database, relay: Relay) -> None:
    """While the workers have enough nudges, the sweeper adds a few of the oldest rows, so that none waits for ever."""
    some_mails(database, BUSY_LIMIT + 5)
    broker = open_broker(None)
    database.nudge = nudges(broker)
    for row_id in range(SWEEP_LIMIT):
        database.nudge(ROUTE, row_id)
    assert Sweeper(work_on(database, acted(database)), database, broker, 60, relay).sweep() == BUSY_LIMIT
    assert backlog(broker) == SWEEP_LIMIT + BUSY_LIMIT


def test_sweeper_does_the_rows_itself_when_no_broker_answers(database: Database, relay: Relay) -> None:
    """With the broker away mail is still acted on, by the sweeper."""
    some_mails(database, 3)
    broker = open_broker(f"redis://127.0.0.1:{free_port()}/0")
    database.nudge = nudges(broker)
    Sweeper(work_on(database, acted(database)), database, broker, 60, relay).sweep()
    assert not open_mails(database)


def test_started_workers_do_what_they_are_nudged_to(
    installation: Installation, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worker threads take nudges from the broker, and end when they are stopped."""
    database = installation.database
    done = Event()

    def route(mail_id: int) -> None:
        acted(database)(mail_id)
        done.set()

    monkeypatch.setattr("postroom.workers.tasks_of", lambda *_: {ROUTE: route, DELIVER: id, FIRE: id})
    broker = open_broker(None)
    database.nudge = nudges(broker)
    workers = Workers(installation, relay, broker, threads=2, sweep_every=600)
    workers.start()
    (mail_id,) = some_mails(database, 1)
    database.send_nudge(ROUTE, mail_id)
    assert done.wait(30)
    workers.stop(10)
    assert not open_mails(database)
