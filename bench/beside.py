"""How long a mail waits for its 250 while four workers are busy: from the end of DATA to the answer, on SQLite."""

from __future__ import annotations

import socket
import statistics
import tempfile
import time
from contextlib import closing
from itertools import islice
from pathlib import Path

from bench.sink import Sink
from bench.stage import Mail, a_stage
from bench.way import NOTICES, Session, running, send_all

LIMIT_MS = 100


def keep_beside_workers(backlog: int = 800, mails: int = 120, every: float = 0.03) -> dict[str, float]:
    """`ratio` is the 95th percentile beside busy workers over 100 ms; the others are milliseconds."""
    with tempfile.TemporaryDirectory() as folder, Sink() as sink:
        letters = a_stage(Path(folder), backlog + 3 * mails).replies
        with running(Path(folder), sink) as postroom:
            send_all(postroom.port, list(islice(letters, mails)))
            sink.wait_for(NOTICES * mails)
            quiet = _waits(postroom.port, list(islice(letters, mails)), every)
            sink.wait_for(NOTICES * 2 * mails)
            send_all(postroom.port, list(islice(letters, backlog)))
            busy = _waits(postroom.port, list(islice(letters, mails)), every)
            left = NOTICES * (backlog + 3 * mails) - sink.taken
            sink.wait_for(NOTICES * (backlog + 3 * mails))
    if left < NOTICES * mails:
        raise RuntimeError("the workers were done before the last mail came: take a larger backlog")
    return {
        "ratio": round(_percentile(busy) / LIMIT_MS, 3),
        "busy_ms": round(_percentile(busy), 1),
        "median_ms": round(statistics.median(busy), 1),
        "quiet_ms": round(_percentile(quiet), 1),
    }


def _waits(port: int, mails: list[Mail], every: float) -> list[float]:
    """Milliseconds from the end of DATA to its answer, one mail every so many seconds."""
    waits = []
    with closing(socket.create_connection(("127.0.0.1", port), 60)) as peer:
        session = Session(peer)
        for mail in mails:
            session.envelope(mail)
            before = time.perf_counter()
            session.data(mail)
            waits.append((time.perf_counter() - before) * 1000)
            time.sleep(every)
    return waits


def _percentile(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1]
