"""The database: a read side that cannot write, and short write transactions that cannot lose an update.

On SQLite every writer begins IMMEDIATE behind one first-come-first-served lock in the process, because default
transactions lose updates silently and SQLite's own busy handler starves. On PostgreSQL rows are locked where needed.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from store.base import OfCompany
from store.errors import WriteInsideWrite
from store.types import dump_json

log = structlog.get_logger()

Nudge = Callable[[str, int], None]

PATIENCE = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "tcp_user_timeout": 20_000}
"""How long PostgreSQL may be silent (seconds; the last in ms) before it counts as away; the URL may say otherwise."""


class FairLock:
    """A lock that is given in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def acquire(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class Database:
    """Opens sessions on the database at *url*; `nudge(actor, id)` is called after a commit that asked for it."""

    def __init__(self, url: str, nudge: Nudge | None = None, pool_size: int = 20) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.nudge = nudge
        self._lock = FairLock() if self.sqlite else None
        self._local = threading.local()
        if self.sqlite:
            if not self.url.database or self.url.database == ":memory:":
                raise ValueError("SQLite needs a file: an in-memory database forgets the mail")
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine = self._sqlite_engine(pool_size, write=True)
            self._light = self._sqlite_engine(pool_size, write=True, synchronous="normal")
            self.reader = self._sqlite_engine(pool_size, write=False)
        else:
            patience = {name: value for name, value in PATIENCE.items() if name not in self.url.query}
            options: dict[str, Any] = {"pool_size": pool_size, "pool_pre_ping": True, "connect_args": patience}
            options |= {"pool_timeout": 10, "json_serializer": dump_json}
            options["hide_parameters"] = True  # what a mail says stands in no log
            self.engine = self._light = create_engine(self.url, **options)
            # By PostgreSQL's default each statement sees a moment of its own; a page must not be made of several.
            options |= {"isolation_level": "REPEATABLE READ", "execution_options": {"postgresql_readonly": True}}
            self.reader = create_engine(self.url, **options)

    def _sqlite_engine(self, pool_size: int, *, write: bool, synchronous: str = "full") -> Engine:
        arguments = {"timeout": 10, "check_same_thread": False}
        # what a mail says stands in no log: an error names no parameter
        engine = create_engine(self.url, pool_size=pool_size, connect_args=arguments, hide_parameters=True)

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # we say BEGIN ourselves
            # a new file gets pages of 8 KB: a third less CPU than 4 KB for a mail with an invoice in it
            for pragma in (
                "page_size=8192",
                "journal_mode=wal",
                f"synchronous={synchronous}",
                "foreign_keys=on",
                "busy_timeout=10000",
            ):
                connection.execute(f"pragma {pragma}")
            if not write:
                connection.execute("pragma query_only=on")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

        return engine

    @property
    def writing(self) -> bool:
        """Whether this thread holds a write transaction; then nothing may be parsed, rendered or sent."""
        return getattr(self._local, "writing", False)

    @contextmanager
    def read(self, company_id: int | None = None) -> Iterator[Session]:
        """A session that cannot write and sees one moment; with a company, it sees only that company's rows."""
        with Session(self.reader, expire_on_commit=False) as session:
            _confine(session, company_id, postgresql=not self.sqlite)
            session.info["rests"] = company_id is None
            yield session

    @contextmanager
    def write(self, company_id: int | None = None) -> Iterator[Session]:
        """One short write transaction: commits at the end, rolls back on any error, then sends its nudges."""
        with self._turn(), Session(self.engine, expire_on_commit=False, autoflush=False) as session, session.begin():
            _confine(session, company_id, postgresql=not self.sqlite)
            yield session
        for actor, row_id in session.info.get("nudges", ()):
            self.send_nudge(actor, row_id)

    @contextmanager
    def read_rows(self) -> Iterator[Connection]:
        """A bare connection that cannot write, for the one prepared statement of a hot path."""
        with self.reader.connect() as connection:
            yield connection

    @contextmanager
    def write_rows(self, *, durable: bool = True) -> Iterator[Connection]:
        """What `write` does, with a bare connection for the few statements of a hot path; it sends no nudges.

        What is not *durable* may be undone by a power failure (by nothing else), and costs SQLite no sync.
        """
        with self._turn(), (self.engine if durable else self._light).begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.writing:
            raise WriteInsideWrite
        if self._lock:
            self._lock.acquire()
        self._local.writing = True
        try:
            yield
        finally:
            self._local.writing = False
            if self._lock:
                self._lock.release()

    def send_nudge(self, actor: str, row_id: int) -> None:
        """Tell a worker that a row is due. A failure is logged and left to the sweeper: the row is the truth."""
        if self.nudge is None:
            return
        try:
            self.nudge(actor, row_id)
        except Exception as error:  # noqa: BLE001 - whatever the broker raises, the kept row must not suffer
            log.warning("nudge_failed", actor=actor, row=row_id, error=type(error).__name__)

    def ping(self) -> None:
        """Raise if the database does not answer."""
        with self.reader.connect() as connection:
            connection.execute(text("select 1"))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        self._light.dispose()
        self.reader.dispose()


def nudge(session: Session, actor: str, row_id: int) -> None:
    """Ask that *actor* be told of *row_id* once this session has committed."""
    session.info.setdefault("nudges", []).append((actor, row_id))


def rest(session: Session) -> None:
    """End the transaction of a session that cannot write, before work that takes long; it sees a later moment after.

    Nothing is given back of a session that writes, or that is confined to a company for one transaction.
    """
    if session.info.get("rests"):
        session.commit()


def _confine(session: Session, company_id: int | None, *, postgresql: bool) -> None:
    """Let *session* see one company only: a criterion on each ORM statement, row-level security on PostgreSQL."""
    if company_id is None:
        return
    session.info["company_id"] = company_id
    if postgresql:
        session.execute(text("select set_config('postroom.company', :id, true)"), {"id": str(company_id)})


@event.listens_for(Session, "do_orm_execute")
def _own_company_only(state: ORMExecuteState) -> None:
    company_id = state.session.info.get("company_id")
    if company_id is not None and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(
            with_loader_criteria(OfCompany, lambda cls: cls.company_id == company_id, include_aliases=True)
        )
