"""Rows are the queue: which are due, fairly across companies; and nudges, which tell a worker of a row by name and id.

A nudge is a bare dramatiq `Message` on the broker that the settings choose, so that no import picks one. It may get
lost, come late or come twice: the row alone says what is to be done, and the sweeper nudges what was left.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Interval,
    Table,
    bindparam,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from store.journal import NoticeStatus
from store.mails import Mail, MailStatus
from store.prepared import Prepared
from store.types import Moment

if TYPE_CHECKING:
    from dramatiq import Broker, Consumer, MessageProxy

    from store.database import Nudge

QUEUE = "postroom"
ROUTE, DELIVER, FIRE = "route", "deliver", "fire"
TIMER_TRIES = 5
"""A timer whose step failed so often is left alone."""


def open_broker(url: str | None, name: str | None = None) -> Broker:
    """The broker at *url* (`amqp://`, `redis://`), or one within the process. It connects when it is first used.

    *name* is that of its one queue: two installations on one broker must not take each other's nudges.

    It has no middleware: retries, back-off and time limits belong to the rows.
    """
    name = name or QUEUE
    if not url:
        from dramatiq.brokers.stub import StubBroker

        broker: Broker = StubBroker(middleware=[])
    elif urlsplit(url).scheme in ("redis", "rediss"):
        from dramatiq.brokers.redis import RedisBroker
        from dramatiq.errors import BrokerConnectionError

        class Forgetful(RedisBroker):
            """Does not keep a worker waiting to tell a server that is away that a nudge was done: it may come twice."""

            def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
                consumer = super().consume(queue_name, prefetch, timeout)
                acknowledge = consumer.ack

                def ack(message: MessageProxy) -> None:
                    with suppress(BrokerConnectionError):
                        acknowledge(message)

                consumer.ack = ack  # type: ignore[method-assign]
                return consumer

        broker = Forgetful(  # type: ignore[no-untyped-call]
            url=_with(url, socket_timeout=10, socket_connect_timeout=3), middleware=[], namespace=name
        )
    else:
        from dramatiq.brokers.rabbitmq import RabbitmqBroker

        broker = RabbitmqBroker(
            url=_with(url, socket_timeout=3, blocked_connection_timeout=5, connection_attempts=1), middleware=[]
        )
    broker.declare_queue(name)
    return broker


def broker_answers(url: str) -> bool:
    """Whether the broker at *url* takes a connection."""
    broker: Any = open_broker(url)
    try:
        return bool(broker.client.ping() if hasattr(broker, "client") else broker.connection.is_open)
    except Exception:  # noqa: BLE001 - whatever it raises, the answer is no
        return False
    finally:
        broker.close()


def queue_of(broker: Broker) -> str:
    """The name of the one queue of *broker*."""
    (name,) = broker.get_declared_queues() - broker.get_declared_delay_queues()
    return name


def nudges(broker: Broker) -> Nudge:
    """A function that tells a worker of (actor, id) through *broker*; it raises whatever the broker raises."""
    from dramatiq import Message

    name = queue_of(broker)

    def send(actor: str, row_id: int) -> None:
        broker.enqueue(Message(queue_name=name, actor_name=actor, args=(row_id,), kwargs={}, options={}))

    return send


def backlog(broker: Broker) -> int:
    """How many nudges lie in the broker within the process; 0 for one outside, which is not asked."""
    queue = getattr(broker, "queues", None)
    return queue[queue_of(broker)].qsize() if isinstance(queue, dict) else 0


def due_rows(session: Session, actor: str, now: datetime, limit: int) -> list[int]:
    """The ids of up to *limit* rows that *actor* should do now: each company's oldest first, companies in turn."""
    return _ids(session, actor, now, limit, fair=True)


def oldest_due(session: Session, actor: str, now: datetime, limit: int) -> list[int]:
    """The ids of the *limit* oldest rows that *actor* should do now, for a worker that has just done one."""
    return _ids(session, actor, now, limit, fair=False)


def database_now(sqlite: bool, seconds: float = 0) -> ColumnElement[datetime]:
    """The database's own clock, *seconds* from now, for leases: one for all machines, and no test or demo turns it."""
    if sqlite:
        return func.strftime("%Y-%m-%dT%H:%M:%f000Z", "now", f"{seconds:+.3f} seconds", type_=Moment())
    moment = func.clock_timestamp(type_=DateTime(timezone=True)) + literal(timedelta(seconds=seconds), Interval())
    return type_coerce(moment, Moment())


def _ids(session: Session, actor: str, now: datetime, limit: int, *, fair: bool) -> list[int]:
    statement = _statement(actor, session.get_bind().dialect.name == "sqlite", fair)
    return statement.values(session, moment=now, most=limit)


@cache
def _statement(actor: str, sqlite: bool, fair: bool) -> Prepared:
    """The due rows of *actor*'s table; built once, because building it costs more than running it."""
    table, due = _due(actor, sqlite)
    row, at = table.c.id, table.c.due
    if not fair:
        return Prepared(select(row).where(due).order_by(at, row).limit(bindparam("most")))
    turn = func.row_number().over(partition_by=func.coalesce(table.c.company_id, 0), order_by=(at, row)).label("turn")
    waiting = select(row, at, turn).where(due).subquery()
    return Prepared(select(waiting.c.id).order_by(waiting.c.turn, waiting.c.due, waiting.c.id).limit(bindparam("most")))


def _due(actor: str, sqlite: bool) -> tuple[Table, ColumnElement[bool]]:
    """The table of *actor*, and the condition under which a row of it is due at `moment`."""
    tables = Mail.metadata.tables
    if actor == ROUTE:
        mail = tables["mail"]
        open_ = or_(mail.c.status == MailStatus.KEPT.value, mail.c.status == MailStatus.FAILED.value)
        return mail, open_ & (mail.c.due <= bindparam("moment"))
    if actor == DELIVER:
        notice = tables["notice"]
        queued = (notice.c.status == NoticeStatus.QUEUED.value) & (notice.c.due <= bindparam("moment"))
        left = (notice.c.status == NoticeStatus.SENDING.value) & (notice.c.leased_until < database_now(sqlite))
        return notice, or_(queued, left)
    if actor == FIRE:
        timer = tables["timer"]
        return timer, (timer.c.due <= bindparam("moment")) & (timer.c.tries < TIMER_TRIES)
    raise ValueError(f"no rows belong to {actor}")


def _with(url: str, **options: int) -> str:
    """*url* with the options that its query does not name: a broker that is away must not hold up a mail."""
    mark = "&" if urlsplit(url).query else "?"
    named = urlsplit(url).query
    more = "&".join(f"{name}={value}" for name, value in options.items() if f"{name}=" not in named)
    return f"{url}{mark}{more}" if more else url
