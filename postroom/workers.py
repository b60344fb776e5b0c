"""The workers: threads that do the rows they are told of, go on with the oldest due ones, and a sweeper.

The rooms hold plain functions; here they become actors. A nudge that comes twice, late or never changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import structlog

from store import clock
from store.database import Database
from store.installation import Installation
from store.queue import DELIVER, FIRE, ROUTE, backlog, due_rows, oldest_due, queue_of

if TYPE_CHECKING:
    from dramatiq import Broker, Worker

    from outbound.relay import Relay

log = structlog.get_logger()

Task = Callable[[int], object]

SWEEP_LIMIT = 200
"""So many rows of each kind are nudged in one sweep; the next one sees the rest."""
BUSY_LIMIT = 10
"""So many while the workers have a full queue, so that a row that waits for its second try does not wait for ever."""
GO_ON = 50
"""So many rows a worker does in one go before it looks at its nudges again."""


def tasks_of(installation: Installation, relay: Relay) -> Mapping[str, Task]:
    """What is done with a row of each kind."""
    from inbound.route import route
    from outbound.delivery import deliver
    from workflows.timers import fire

    return {
        ROUTE: partial(route, installation),
        DELIVER: partial(deliver, installation, relay),
        FIRE: partial(fire, installation),
    }


class Work:
    """Does rows, no row twice at a time within this process."""

    def __init__(self, database: Database, tasks: Mapping[str, Task]) -> None:
        self.database = database
        self._tasks = tasks
        self._in_hand: set[tuple[str, int]] = set()
        self._guard = threading.Lock()
        self.stopping = threading.Event()
        self.told_more: Callable[[], bool] = lambda: False
        """Whether further nudges wait; they go first, else one kind of row would hold up the others."""

    def told(self, actor: str, row_id: int) -> None:
        """Do the row, then go on with the oldest due ones of its kind, for as long as nobody is told of others."""
        tried = {row_id}
        self.once(actor, row_id)
        while len(tried) < GO_ON and not self.stopping.is_set() and not self.told_more():
            following = self._oldest(actor, tried)
            if following is None:
                return
            tried.add(following)
            self.once(actor, following)

    def once(self, actor: str, row_id: int) -> None:
        """Do the row, unless a thread of this process has it in hand. A fault is logged; the row stays due."""
        row = (actor, row_id)
        with self._guard:
            if row in self._in_hand:
                return
            self._in_hand.add(row)
        try:
            self._tasks[actor](row_id)
        except Exception:  # whatever one row raises must not cost the worker its thread
            log.exception("work_failed", actor=actor, row=row_id)
        finally:
            with self._guard:
                self._in_hand.discard(row)

    def _oldest(self, actor: str, tried: set[int]) -> int | None:
        with self._guard:
            passed_over = tried | {row_id for name, row_id in self._in_hand if name == actor}
        try:
            with self.database.read() as session:
                due = oldest_due(session, actor, clock.now(), len(passed_over) + 1)
        except Exception as error:  # noqa: BLE001 - the database is away: the sweeper comes back to these rows
            log.warning("due_rows_unknown", actor=actor, error=type(error).__name__)
            return None
        return next((row_id for row_id in due if row_id not in passed_over), None)


class Sweeper(threading.Thread):
    """Nudges due rows when started and every so many seconds; where no broker answers, it does them itself."""

    def __init__(self, work: Work, database: Database, broker: Broker, every: float, relay: Relay) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._work = work
        self._database = database
        self._broker = broker
        self._every = every
        self._relay = relay

    def run(self) -> None:
        """Sweep until the work stops."""
        while True:
            try:
                self.sweep()
            except Exception:  # the database is away, say: the next sweep tries again
                log.exception("sweep_failed")
            if self._work.stopping.wait(self._every):
                return

    def sweep(self) -> int:
        """Nudge what is due, and return how many rows that were."""
        limit = SWEEP_LIMIT if backlog(self._broker) < SWEEP_LIMIT else BUSY_LIMIT
        number = 0
        for actor in (ROUTE, DELIVER, FIRE):
            if actor == DELIVER and self._relay.away:
                continue
            with self._database.read() as session:
                due = due_rows(session, actor, clock.now(), limit)
            for row_id in due:
                if self._work.stopping.is_set():
                    return number
                self._nudge(actor, row_id)
            number += len(due)
        return number

    def _nudge(self, actor: str, row_id: int) -> None:
        assert self._database.nudge is not None
        try:
            self._database.nudge(actor, row_id)
        except Exception as error:  # noqa: BLE001 - the broker is away; the rows must be done all the same
            log.warning("nudge_failed", actor=actor, row=row_id, error=type(error).__name__)
            self._work.once(actor, row_id)


class Workers:
    """Worker threads on a broker, with their sweeper; runs from `start` to `stop`."""

    def __init__(
        self, installation: Installation, relay: Relay, broker: Broker, *, threads: int, sweep_every: float
    ) -> None:
        self._broker = broker
        self._threads = threads
        self._work = Work(installation.database, tasks_of(installation, relay))
        self._sweeper = Sweeper(self._work, installation.database, broker, sweep_every, relay)
        self._worker: Worker | None = None

    def start(self) -> None:
        """Make actors of the tasks and begin."""
        from dramatiq import Worker, actor

        from outbound.lease import release_all

        if self._work.database.sqlite:  # one process: whoever held a lease is dead, and need not be waited for
            with self._work.database.write() as session:
                release_all(session)
        for name in (ROUTE, DELIVER, FIRE):
            actor(actor_name=name, queue_name=queue_of(self._broker), broker=self._broker)(
                partial(self._work.told, name)
            )
        self._worker = Worker(self._broker, worker_timeout=100, worker_threads=self._threads)
        work_queue = self._worker.work_queue
        self._work.told_more = lambda: not work_queue.empty()
        self._worker.start()
        self._sweeper.start()

    def stop(self, within: float) -> None:
        """Take up nothing more, and finish what is in hand."""
        self._work.stopping.set()
        if self._worker is not None:
            self._worker.stop(timeout=int(within * 1000))
        self._sweeper.join(within)
