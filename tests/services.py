"""PostgreSQL, RabbitMQ and Redis for the tests, where they are there; a run leaves nothing behind in them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, make_url, text

from store.database import Database
from store.migrate import migrate
from store.queue import open_broker

TEST_ALL = os.environ.get("POSTROOM_TEST_ALL") == "1"
POSTGRESQL = os.environ.get("POSTROOM_TEST_DATABASE_URL")
RABBITMQ = os.environ.get("POSTROOM_TEST_RABBITMQ_URL")
REDIS = os.environ.get("POSTROOM_TEST_REDIS_URL")
if TEST_ALL:  # where these are not, what needs them fails: nothing is left out without a word
    POSTGRESQL = POSTGRESQL or "postgresql+psycopg://postgres@127.0.0.1/postgres"
    RABBITMQ = RABBITMQ or "amqp://guest:guest@127.0.0.1:5672/"
    REDIS = REDIS or "redis://127.0.0.1:6379/9"

DATABASES = ("sqlite", *(("postgresql",) if POSTGRESQL else ()))
"""The kinds of database that this run tests on."""


@contextmanager
def own_database(*, migrated: bool = True) -> Iterator[str]:
    """A migrated PostgreSQL database of one's own, entered as a role that owns it and is no superuser: row-level
    security binds it, as it binds a well-kept installation."""
    assert POSTGRESQL, "POSTROOM_TEST_DATABASE_URL is not set"
    name = f"postroom_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"create role {name} nologin"))
        connection.execute(text(f"grant {name} to current_user"))
        connection.execute(text(f"create database {name} owner {name}"))
    url = make_url(POSTGRESQL).set(database=name).update_query_dict({"options": f"-c role={name}"})
    try:
        if migrated:
            database = Database(url.render_as_string(hide_password=False))
            migrate(database)
            database.close()
        yield url.render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"drop database {name} with (force)"))
            connection.execute(text(f"drop role {name}"))
        server.dispose()


@contextmanager
def own_queue(url: str) -> Iterator[str]:
    """The name of a queue of one's own in the broker at *url*, gone afterwards."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    try:
        yield name
    finally:
        broker: Any = open_broker(url, name)
        if hasattr(broker, "client"):
            broker.client.delete(*broker.client.scan_iter(f"{name}*"), f"{name}-gone")
        else:
            for queue in (name, f"{name}.DQ", f"{name}.XQ"):
                broker.channel.queue_delete(queue)
        broker.close()
