"""The migrations make the tables that the code says, from nothing, and old or foreign schemas are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text

from store import clock
from store.database import Database
from store.documents import Document, number_alike
from store.errors import SchemaNotCurrent
from store.mails import Mail
from store.migrate import _config, migrate, require_current
from store.parties import Company
from store.schema import metadata
from store.triage import Triage
from tests.services import DATABASES, own_database


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/empty.db")
        yield database
        database.close()
        return
    with own_database(migrated=False) as url:
        database = Database(url)
        yield database
        database.close()


def head() -> str | None:
    """The newest revision."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # not compared on SQLite: the next test looks for it
def test_models_are_what_the_migrations_make(database: Database) -> None:
    """Nothing is left for another migration to do: tables, columns, types, indexes, unique and foreign keys."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata()) == []


def test_numbers_are_looked_for_by_their_index_however_they_are_separated(database: Database) -> None:
    """The expression of the query is that of the index, to the letter, else the database would read every row."""
    wanted = select(Document.id).where(
        Document.company_id == 1, Document.supplier_id == 2, number_alike(Document.number).in_(["inv7", "inv8"])
    )
    query = str(wanted.compile(database.engine, compile_kwargs={"literal_binds": True}))
    with database.engine.connect() as connection:
        if not database.sqlite:
            connection.execute(text("set enable_seqscan = off"))
            connection.execute(text("set enable_bitmapscan = off"))
        plan = connection.execute(text(("explain query plan " if database.sqlite else "explain ") + query)).all()
    assert "ix_document_number_alike" in str(plan)


def test_empty_database_is_brought_to_the_newest_revision(empty: Database) -> None:
    """From no table to all of them; running it again changes nothing."""
    with pytest.raises(SchemaNotCurrent):
        require_current(empty)
    assert migrate(empty) == head()
    assert migrate(empty) == head()
    require_current(empty)
    assert set(inspect(empty.engine).get_table_names()) == {*metadata().tables, "alembic_version"}


def test_two_who_migrate_at_once_take_turns(empty: Database) -> None:
    """Several processes that start together end at the same schema."""
    if empty.sqlite:
        pytest.skip("SQLite means one serving process")
    reached: list[str] = []
    both = [threading.Thread(target=lambda: reached.append(migrate(empty))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert reached == [head(), head()]


def test_every_revision_can_be_reached_alone(empty: Database) -> None:
    """An installation that stopped at an older revision goes on from there."""
    for script in reversed(list(ScriptDirectory.from_config(_config(None)).walk_revisions())):
        assert migrate(empty, script.revision) == script.revision
    require_current(empty)


def test_mails_that_found_nothing_before_wait_after_the_upgrade(empty: Database) -> None:
    """A person's does; one that found its document, and a machine's that nobody acts on, do not."""
    migrate(empty, "0002")
    now = clock.now()
    company: dict[str, object] = {"name": "Acme", "mail_domain": "a.example", "mailbox": "o@a.example", "settings": {}}
    company |= {"public_id": "p", "reply_style": "domain", "language": "en", "currency": "EUR", "time_zone": "UTC"}
    mail: dict[str, object] = {"way": "smtp", "sender": "", "size": 1, "received_at": now, "status": "acted"}
    mail |= {"tries": 0, "due": now, "company_id": 1, "waits": False}
    found = [("person", None), ("person", "abc"), ("bounce", None), ("own", None), ("auto_reply", None)]
    with empty.engine.begin() as connection:
        connection.execute(insert(Company).values(**company, id=1, created_at=now))
        for n, (kind, home) in enumerate(found, 1):
            understood = {"home": home, "documents": []}
            values = {**mail, "id": n, "digest": bytes([n]) * 32, "kind": kind, "understanding": understood}
            connection.execute(insert(Mail).values(**values))
    assert migrate(empty) == head()
    with empty.engine.connect() as connection:
        rows = connection.execute(select(Triage.mail_id, Triage.why, Triage.state).order_by(Triage.mail_id)).all()
    assert [tuple(row) for row in rows] == [(1, "stranger", "open"), (5, "stranger", "open")]


@pytest.mark.parametrize("present", ["0001", "9999"])
def test_schema_of_another_version_is_refused(database: Database, present: str) -> None:
    """An older one, and one of a version to come, until it is migrated."""
    with database.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :present"), {"present": present})
    try:
        with pytest.raises(SchemaNotCurrent) as refused:
            require_current(database)
        assert refused.value.args == (present, head())
    finally:
        with database.engine.begin() as connection:
            connection.execute(text("update alembic_version set version_num = :head"), {"head": head()})
    require_current(database)
