"""Remembers what a webhook has brought: a signature that covers no body is good for one body, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from store import clock
from store.conflicts import again
from store.database import Database
from store.hooks import HookSeen


def first_time(database: Database, way: str, name: str, digest: bytes, *, for_hours: int) -> bool:
    """Remember that *name* came with *digest*; False when it came with another before. The same again is no fault."""

    def remember() -> bool:
        now = clock.now()
        with database.write() as session:
            known = session.scalar(select(HookSeen.digest).where(HookSeen.way == way, HookSeen.name == name))
            if known is not None:
                return bytes(known) == digest
            session.execute(
                delete(HookSeen).where(HookSeen.way == way, HookSeen.seen_at < now - timedelta(hours=for_hours)),
                execution_options={"synchronize_session": False},
            )
            session.execute(insert(HookSeen).values(way=way, name=name, digest=digest, seen_at=now, note=None))
        return True

    return again(remember)


def remember_note(database: Database, way: str, name: str, note: str) -> None:
    """Keep a note for the operator, instead of the one before under this name."""

    def put() -> None:
        with database.write() as session:
            _drop(session, way, name)
            session.execute(insert(HookSeen).values(way=way, name=name, digest=b"", seen_at=clock.now(), note=note))

    again(put)


def forget(database: Database, way: str, name: str) -> None:
    """What was noted is done; mostly there is nothing, and then nothing is written."""
    with database.read() as session:
        known = session.scalar(select(HookSeen.seen_at).where(HookSeen.way == way, HookSeen.name == name))
    if known is not None:
        with database.write() as session:
            _drop(session, way, name)


def notes(database: Database, way: str) -> list[tuple[str, str, datetime]]:
    """(name, note, when) of what waits for the operator."""
    with database.read() as session:
        rows = session.execute(select(HookSeen.name, HookSeen.note, HookSeen.seen_at).where(HookSeen.way == way))
        return [(row.name, row.note or "", row.seen_at) for row in rows]


def _drop(session: Session, way: str, name: str) -> None:
    statement = delete(HookSeen).where(HookSeen.way == way, HookSeen.name == name)
    session.execute(statement, execution_options={"synchronize_session": False})
