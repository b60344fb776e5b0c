"""A statement of a hot path, compiled once: running it again costs little more than the database's own work.

Building a statement and having SQLAlchemy run it costs ten to fifty times what SQLite needs for it. What a prepared
statement does is what SQLAlchemy would do: the same SQL, the same types, the same transaction, the same errors.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Table, Update, bindparam, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Change = Callable[[Any], Any]


class Prepared:
    """A statement whose values are `bindparam`s or stand fast; its results are named tuples."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def all(self, session: Session | Connection, **values: Any) -> Sequence[Any]:
        """All rows. A select in a session that is confined to one company takes the way that confines it."""
        if isinstance(session, Connection):
            return self.run(session, values)
        if "company_id" in session.info and isinstance(self._statement, Select):
            return session.execute(self._statement, values).all()
        return self.run(session.connection(), values)

    def first(self, session: Session | Connection, **values: Any) -> Any:
        """The first row, or None."""
        rows = self.all(session, **values)
        return rows[0] if rows else None

    def value(self, session: Session | Connection, **values: Any) -> Any:
        """The first column of the first row, or None."""
        rows = self.all(session, **values)
        return rows[0][0] if rows else None

    def values(self, session: Session | Connection, **values: Any) -> list[Any]:
        """The first column of all rows."""
        return [row[0] for row in self.all(session, **values)]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run it on a connection; without result columns the list is empty."""
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compile(self._statement, dialect)
        return compiled.run(connection, values)


def prepared_insert(model: Any, *, returning: Any = None) -> Prepared:
    """An insert into the table of *model*, of a value for each column that the database does not count itself."""
    table: Table = model.__table__
    counted = table.autoincrement_column
    columns = [c for c in table.columns if c is not counted]
    statement = insert(table).values({c.name: bindparam(c.name, type_=c.type) for c in columns})
    return Prepared(statement if returning is None else statement.returning(returning))


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    names: tuple[str, ...]
    changes: tuple[Change | None, ...]
    fixed: Mapping[str, Any]
    positional: bool
    row: Callable[[Any], Any] | None
    found: tuple[tuple[int, Change], ...]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        if self.fixed:
            values = {**self.fixed, **values}
        given = [
            values[name] if change is None else change(values[name])
            for name, change in zip(self.names, self.changes, strict=True)
        ]
        pool_connection = connection.connection
        cursor = pool_connection.cursor()
        try:
            cursor.execute(self.sql, given if self.positional else dict(zip(self.names, given, strict=True)))
            if self.row is None:
                return []
            return [self._made(self.row, row) for row in cursor.fetchall()]
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._as_sqlalchemy_says(connection, given, error) from error
        finally:
            cursor.close()

    def _made(self, make: Callable[[Any], Any], row: Any) -> Any:
        if self.found:
            row = list(row)
            for at, change in self.found:
                row[at] = change(row[at])
        return make(row)

    def _as_sqlalchemy_says(self, connection: Connection, given: Any, error: Exception) -> BaseException:
        dialect = connection.dialect
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
        if lost:
            connection.invalidate(error)
        return DBAPIError.instance(
            self.sql,
            given,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        )


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    binds = compiled.binds
    names = tuple(compiled.positiontup if compiled.positional else binds)
    row: Callable[[Any], Any] | None = None
    found: list[tuple[int, Change]] = []
    if columns := compiled._result_columns:
        tuples: Any = namedtuple  # its names come from the statement, so no type can be written down
        row = tuples("Row", [column.keyname for column in columns], rename=True)._make
        changes = [(at, c.type.dialect_impl(dialect).result_processor(dialect, None)) for at, c in enumerate(columns)]
        found = [(at, change) for at, change in changes if change is not None]
    return _Compiled(
        compiled.string,
        names,
        tuple(binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names),
        {name: bind.effective_value for name, bind in binds.items() if not bind.required},
        compiled.positional,
        row,
        tuple(found),
    )
