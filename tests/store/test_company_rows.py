"""Row-level security: PostgreSQL itself keeps one company's rows from another's sessions."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import ProgrammingError

from store import clock
from store.database import Database
from store.parties import Company, Supplier
from store.schema import metadata

NAMES = text("select name from supplier order by id")
"""Raw SQL: no criterion of the ORM's is added to it."""


@pytest.fixture
def database(postgresql: Database) -> Database:
    """PostgreSQL alone."""
    return postgresql


@pytest.fixture
def theirs(database: Database, company: Company) -> int:
    """A second company; each of the two has a supplier."""
    now = clock.now()
    with database.write() as session:
        other = Company(
            name="Other", mail_domain="other.example", mailbox="orders@other.example", reply_style="domain",
            language="en", currency="EUR", time_zone="UTC", settings={}, created_at=now,
        )  # fmt: skip
        session.add(other)
        session.flush()
        for owner, name in ((company.id, "ours"), (other.id, "theirs")):
            session.execute(insert(Supplier).values(company_id=owner, name=name, profile={}, created_at=now))
    return other.id


def test_database_is_not_entered_as_a_superuser(database: Database) -> None:
    """Else nothing here would be tested."""
    with database.read() as session:
        assert (
            session.scalar(text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")) is False
        )


def test_every_table_with_a_company_is_secured(database: Database) -> None:
    """No table is forgotten: enabled, and binding the owner too."""
    with database.read() as session:
        secured = set(
            session.scalars(text("select relname from pg_class where relrowsecurity and relforcerowsecurity"))
        )
    assert secured == {table.name for table in metadata().tables.values() if "company_id" in table.c}


def test_session_of_a_company_sees_its_rows_alone(database: Database, company: Company, theirs: int) -> None:
    """Even by raw SQL, reading and writing."""
    with database.read(company.id) as session:
        assert session.scalars(NAMES).all() == ["ours"]
    with database.write(theirs) as session:
        assert session.scalars(NAMES).all() == ["theirs"]
        session.execute(text("update supplier set name = 'renamed'"))
        session.execute(text("delete from supplier where company_id = :ours"), {"ours": company.id})
    with database.read() as session:
        assert session.scalars(NAMES).all() == ["ours", "renamed"]


def test_session_of_a_company_cannot_write_into_another(database: Database, company: Company, theirs: int) -> None:
    """Neither a new row nor a row handed over."""
    row = {"company_id": theirs, "name": "smuggled", "profile": {}, "created_at": clock.now()}
    with pytest.raises(ProgrammingError, match="row-level security"), database.write(company.id) as session:
        session.execute(insert(Supplier).values(**row))
    with pytest.raises(ProgrammingError, match="row-level security"), database.write(company.id) as session:
        session.execute(text("update supplier set company_id = :theirs"), {"theirs": theirs})


def test_systems_own_session_sees_all_on_a_connection_that_was_a_companys(
    database: Database, company: Company, theirs: int
) -> None:
    """The company is forgotten with its transaction: connections are used again."""
    for _ in range(3):
        with database.read(company.id) as session:
            assert session.scalars(select(Supplier.name)).all() == ["ours"]
        with database.read() as session:
            assert session.scalars(NAMES).all() == ["ours", "theirs"]
        with database.write(theirs) as session:
            assert session.scalars(NAMES).all() == ["theirs"]
        with database.write() as session:
            assert session.scalars(NAMES).all() == ["ours", "theirs"]
