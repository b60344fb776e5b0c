"""The two sides of the database: one that cannot write, one that loses no update and sees one company."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert, select, text, update

from store import clock
from store.database import Database, FairLock, nudge
from store.errors import WriteInsideWrite
from store.journal import Timer
from store.parties import Company, Membership, Person, Supplier


def _company(session, name: str) -> int:
    return session.execute(
        insert(Company)
        .values(
            name=name,
            mail_domain="d.example",
            mailbox=f"{name}@d.example",
            reply_style="domain",
            language="en",
            currency="EUR",
            time_zone="UTC",
            settings={},
            created_at=clock.now(),
        )
        .returning(Company.id)
    ).scalar_one()


def _supplier(session, company_id: int, name: str) -> int:
    return session.execute(
        insert(Supplier)
        .values(company_id=company_id, name=name, profile={}, created_at=clock.now())
        .returning(Supplier.id)
    ).scalar_one()


def test_the_read_side_cannot_write(database: Database):
    """A reader that tries is refused by the database itself."""
    with pytest.raises(Exception, match=r"readonly|read-only|read only"), database.read() as session:  # noqa: PT012
        session.execute(text("delete from company"))
        session.commit()


def test_concurrent_additions_are_all_kept(database: Database):
    """Four writers add forty times each; not one addition is lost."""
    with database.write() as session:
        company_id = _company(session, "a")

    def add() -> None:
        for _ in range(40):
            with database.write() as session:
                statement = select(Company.settings).where(Company.id == company_id).with_for_update()
                settings = session.execute(statement).scalar_one()
                settings = {"n": settings.get("n", 0) + 1}
                session.execute(update(Company).where(Company.id == company_id).values(settings=settings))

    writers = [threading.Thread(target=add) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with database.read() as session:
        assert session.get_one(Company, company_id).settings == {"n": 160}


def test_a_write_inside_a_write_is_refused(database: Database):
    """It would wait for itself for ever."""
    with database.write(), pytest.raises(WriteInsideWrite), database.write():
        pass
    with database.write():
        assert database.writing
    assert not database.writing


def test_a_session_with_a_company_sees_no_other_companys_rows(database: Database):
    """Selecting, updating and deleting by ORM statements stop at the company."""
    with database.write() as session:
        ours, theirs = _company(session, "ours"), _company(session, "theirs")
        _supplier(session, ours, "our supplier")
        _supplier(session, theirs, "their supplier")
    with database.write(ours) as session:
        assert session.scalars(select(Supplier.name)).all() == ["our supplier"]
        session.execute(update(Supplier).values(name="renamed"))
    with database.read() as session:
        assert sorted(session.scalars(select(Supplier.name))) == ["renamed", "their supplier"]


def test_a_reference_across_companies_cannot_be_stored(database: Database):
    """The composite foreign key refuses it."""
    with database.write() as session:
        ours, theirs = _company(session, "ours"), _company(session, "theirs")
        supplier = _supplier(session, theirs, "their supplier")
        person = session.execute(
            insert(Person).values(name="P", address="p@x.example", created_at=clock.now()).returning(Person.id)
        ).scalar_one()
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.write() as session:
        session.execute(insert(Membership).values(company_id=ours, person_id=person, supplier_id=supplier, roles=[]))


def test_nudges_leave_after_the_commit_and_not_after_a_rollback(database: Database):
    """A worker is never told of a row that is not there."""
    told: list[tuple[str, int]] = []
    database.nudge = lambda actor, row_id: told.append((actor, row_id))
    with database.write() as session:
        nudge(session, "route", 7)
        assert told == []
    assert told == [("route", 7)]
    with pytest.raises(ZeroDivisionError), database.write() as session:  # noqa: PT012
        nudge(session, "route", 8)
        raise ZeroDivisionError
    assert told == [("route", 7)]


def test_a_failing_nudge_costs_nothing(database: Database):
    """The row is kept; the sweeper will come by."""

    def broken(_actor: str, _row_id: int) -> None:
        raise ConnectionError

    database.nudge = broken
    with database.write() as session:
        company_id = _company(session, "a")
        nudge(session, "route", 1)
    with database.read() as session:
        assert session.get(Company, company_id) is not None


def test_the_lock_is_given_in_the_order_in_which_it_was_asked_for():
    """First come, first served."""
    lock, served, waiting = FairLock(), [], []
    lock.acquire()
    for n in range(5):
        thread = threading.Thread(target=lambda n=n: (lock.acquire(), served.append(n), lock.release()))
        thread.start()
        waiting.append(thread)
        while len(lock._waiting) <= n:
            threading.Event().wait(0.001)
    lock.release()
    for thread in waiting:
        thread.join()
    assert served == [0, 1, 2, 3, 4]


def test_every_row_of_a_company_says_whose_it_is(database: Database):
    """Timers too: outside lie companies, people, kept mail, and what is seen once by every company."""
    assert "company_id" in Timer.__table__.c
    without = {t.name for t in Company.metadata.tables.values() if "company_id" not in t.c}
    assert without == {"company", "person", "mail_source", "mail_copy", "mail_recipient", "sign_in", "hook_seen"}
