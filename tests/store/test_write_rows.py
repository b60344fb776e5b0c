"""Tests of the bare write transaction for hot paths."""

from __future__ import annotations

import contextlib

import pytest
from sqlalchemy import func, insert, select

from store import clock
from store.database import Database
from store.errors import WriteInsideWrite
from store.parties import Person

PERSON = {"name": "Sue", "address": "sue@supplier.example", "public_id": "sue", "created_at": clock.now()}


def people(database: Database) -> int | None:
    """How many there are."""
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Person))


def test_rows_are_kept_when_the_block_ends_and_not_when_it_fails(database: Database) -> None:
    """One transaction, like `write`."""
    with contextlib.suppress(ZeroDivisionError), database.write_rows() as connection:
        connection.execute(insert(Person), PERSON)
        _ = 1 / 0
    assert people(database) == 0
    with database.write_rows() as connection:
        connection.execute(insert(Person), PERSON)
    assert people(database) == 1


def test_a_write_inside_a_write_is_refused(database: Database) -> None:
    """Whichever is inside; afterwards the thread may write again."""
    with database.write(), pytest.raises(WriteInsideWrite), database.write_rows():
        pass
    with database.write_rows(), pytest.raises(WriteInsideWrite), database.write():
        pass
    assert not database.writing
