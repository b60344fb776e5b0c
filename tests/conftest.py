"""Fixtures that every room shares: a migrated database, an installation on it, and a company."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from store import clock
from store.blobs import FolderBlobs
from store.database import Database
from store.installation import Installation
from store.migrate import migrate
from store.parties import Company
from store.schema import metadata
from store.tokens import Tokens
from tests.services import DATABASES, POSTGRESQL, TEST_ALL, own_database

pytest_plugins = ["tests.chromium"]


def pytest_configure() -> None:
    """Show the errors that are logged plainly: drawing every local variable takes seconds."""
    *processors, _console = structlog.get_config()["processors"]
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*processors, console])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what is slow, unless everything is asked for."""
    for item in items:
        if not TEST_ALL and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: runs with POSTROOM_TEST_ALL=1"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated SQLite file, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "postroom.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def server_database() -> Iterator[str]:
    """The address of this session's migrated PostgreSQL database; left out where no server is named."""
    if not POSTGRESQL:
        pytest.skip("runs where POSTROOM_TEST_DATABASE_URL names a PostgreSQL server")
    with own_database() as url:
        yield url


@pytest.fixture
def postgresql_url(server_database: str) -> Iterator[str]:
    """The address of an empty migrated PostgreSQL database, for processes to be started on."""
    yield server_database
    database = Database(server_database)
    tables = ", ".join(f'"{name}"' for name in metadata().tables)
    with database.engine.begin() as connection:
        connection.execute(text(f"truncate {tables} restart identity cascade"))
    database.close()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty migrated SQLite file."""
    path = tmp_path / "postroom.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    """An empty migrated PostgreSQL database."""
    database = Database(postgresql_url)
    yield database
    database.close()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> Database:
    """An empty migrated database: SQLite, and PostgreSQL where `POSTROOM_TEST_DATABASE_URL` names a server."""
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def installation(database: Database, tmp_path: Path) -> Installation:
    """A Postroom at po.example.com that holds *database*."""
    return Installation(
        database=database,
        blobs=FolderBlobs(tmp_path / "blobs"),
        tokens=Tokens([b"a secret for the tests only"]),
        base_url="https://po.example.com",
        mail_domain="po.example.com",
        trusted_relays=frozenset({"mx.example.com"}),
    )


@pytest.fixture
def company(database: Database) -> Company:
    """The buyer: Acme, whose mailbox is orders@example.com, with reply addresses in its own domain."""
    company = Company(
        name="Acme",
        mail_domain="po.example.com",
        mailbox="orders@example.com",
        reply_style="domain",
        language="en",
        currency="EUR",
        time_zone="Europe/Berlin",
        settings={},
        created_at=clock.now(),
    )
    with database.write() as session:
        session.add(company)
    return company
