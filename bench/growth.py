"""What twenty times as many stored documents do to the cost of a mail: route, perform and deliver, CPU of one process.

Both stores are worked on in turns; the relay takes every mail at once, without a socket.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import deque
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.stage import Mail, Stage, a_stage
from inbound.receiving import Receiving
from inbound.route import route
from outbound.delivery import deliver
from outbound.relay import Relay
from store.queue import ROUTE

SMALL, LARGE = 1_000, 20_000


def growth(mails: int = 100, rounds: int = 5) -> dict[str, float]:
    """`ratio` is the cost of a mail beside 20,000 documents over that beside 1,000; the others are its milliseconds."""
    costs: dict[int, list[float]] = {SMALL: [], LARGE: []}
    with ExitStack() as stack:
        works = {}
        for size in costs:
            stage = a_stage(Path(stack.enter_context(tempfile.TemporaryDirectory())), size)
            works[size] = _Work(stage, stack.enter_context(closing(Receiving(stage.installation))))
        for turn in range(rounds + 1):
            for size, work in works.items():
                cost = work.cost_of([next(work.stage.replies) for _ in range(mails)]) * 1000 / mails
                if turn:  # the first one warms up
                    costs[size].append(cost)
        for work in works.values():
            work.stage.installation.database.close()
    small, large = (statistics.median(costs[size]) for size in (SMALL, LARGE))
    return {"ratio": round(large / small, 3), "small_ms": round(small, 3), "large_ms": round(large, 3)}


class _Instant(Relay):
    """A relay that has every mail at once."""

    def __init__(self) -> None:
        super().__init__("smtp://127.0.0.1:25")

    def send(self, sender: str, recipient: str, mail: bytes) -> None:
        pass


@dataclass(slots=True)
class _Work:
    stage: Stage
    receiving: Receiving
    relay: Relay = field(default_factory=_Instant)

    def cost_of(self, mails: list[Mail]) -> float:
        """Seconds of CPU that acting on *mails* and telling of them takes."""
        installation = self.stage.installation
        told: deque[tuple[str, int]] = deque()
        installation.database.nudge = None
        told.extend((ROUTE, self.receiving.keep(m.source, m.sender, [m.recipient], "smtp").mail_id) for m in mails)
        installation.database.nudge = lambda actor, row_id: told.append((actor, row_id))
        before = time.process_time()
        while told:
            actor, row_id = told.popleft()
            if actor == ROUTE:
                route(installation, row_id)
            else:
                deliver(installation, self.relay, row_id)
        return time.process_time() - before
