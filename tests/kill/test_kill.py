"""`kill -9` of a serving process, at random moments under load, loses nothing and doubles no action."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.harness import check, run
from tests.outbound.sink import Sink, SinkServer
from tests.postroom.served import Served
from tests.services import REDIS, TEST_ALL, own_queue

KILLS = int(os.environ.get("POSTROOM_TEST_KILLS", "100" if TEST_ALL else "5"))
SEED = int(os.environ.get("POSTROOM_TEST_SEED", "20261124"))


@pytest.fixture
def sink() -> Iterator[tuple[Sink, str]]:
    """A relay that outlives the process that is killed, and its address."""
    sink = Sink()
    server = SinkServer(sink)
    server.start()
    yield sink, server.url
    server.stop()


@pytest.mark.timeout(3600)
def test_killed_process_loses_nothing_and_doubles_nothing(
    tmp_path: Path, sqlite_template: Path, sink: tuple[Sink, str]
) -> None:
    """On SQLite, after any number of kills, every mail that was taken has acted once and was told."""
    box, url = sink
    served = Served(tmp_path, {"POSTROOM_RELAY_URL": url, "POSTROOM_TRUSTED_RELAYS": "mx.example.com"})
    served.prepare(sqlite_template)
    try:
        check(served, box, run(served, box, kills=KILLS, seed=SEED))
    finally:
        served.kill()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_process_on_postgresql_and_redis_loses_nothing(
    tmp_path: Path, postgresql_url: str, sink: tuple[Sink, str]
) -> None:
    """The same on PostgreSQL, with the nudges in Redis."""
    box, url = sink
    assert REDIS is not None
    with own_queue(REDIS) as queue:
        settings = {
            "POSTROOM_RELAY_URL": url, "POSTROOM_RELAY_TIMEOUT": "1", "POSTROOM_TRUSTED_RELAYS": "mx.example.com",
            "POSTROOM_DATABASE_URL": postgresql_url, "POSTROOM_BROKER_URL": REDIS, "POSTROOM_BROKER_QUEUE": queue,
        }  # fmt: skip
        served = Served(tmp_path, settings)
        served.prepare()
        try:
            check(served, box, run(served, box, kills=KILLS, seed=SEED))
        finally:
            served.kill()
