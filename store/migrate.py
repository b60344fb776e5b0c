"""Brings a database to the present schema, and tells whether it is there."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from store.database import Database
from store.errors import SchemaNotCurrent


def migrate(database: Database, to: str = "head") -> str:
    """Run what is missing, up to the revision *to*, and return the one reached; two processes at once take turns."""
    with database.engine.connect() as connection:
        if database.sqlite:  # a rebuilt table must not trip over the keys that point at it
            raw: Any = connection.connection.dbapi_connection
            raw.execute("pragma foreign_keys=off")
        try:
            with connection.begin():
                if not database.sqlite:
                    connection.execute(text("select pg_advisory_xact_lock(7236001)"))
                command.upgrade(_config(connection), to)
        finally:
            if database.sqlite:
                raw.execute("pragma foreign_keys=on")
        return _present(connection) or ""


def require_current(database: Database) -> None:
    """Raise `SchemaNotCurrent` unless the database is at the revision of this code."""
    with database.reader.connect() as connection:
        present = _present(connection)
    wanted = ScriptDirectory.from_config(_config(None)).get_current_head()
    if present != wanted:
        raise SchemaNotCurrent(present, wanted)


def _present(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.attributes["connection"] = connection
    return config
