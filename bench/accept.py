"""What accepting a mail costs: CPU of our server, durable before 250, against aiosmtpd with a handler that drops it.

Both servers run as processes of their own; the peer reuses its sessions; rounds of both alternate within one run.
"""

from __future__ import annotations

import base64
import contextlib
import json
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SESSIONS = 10
RECIPIENT = "orders@example.com"


def accept_4k(mails: int = 2000, rounds: int = 5) -> dict[str, float]:
    """Mails of 4 KB; `ratio` is our CPU over theirs, the others are milliseconds of CPU a mail."""
    return _measure("accept_4k", _letters(4 * 1024), mails, rounds)


def accept_300k(mails: int = 300, rounds: int = 5) -> dict[str, float]:
    """Mails of 300 KB; `ratio` is our CPU over theirs, the others are milliseconds of CPU a mail."""
    return _measure("accept_300k", _letters(300 * 1024), mails, rounds)


@dataclass(frozen=True, slots=True)
class _Server:
    process: subprocess.Popen[str]
    port: int

    def cpu(self) -> float:
        """Seconds of CPU that the process has used."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("cpu\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def _letters(size: int) -> tuple[bytes, bytes]:
    """What stands before and behind the number that makes each mail another."""
    noise = base64.encodebytes(random.Random(1).randbytes(size * 3 // 4 - 500)).replace(b"\n", b"\r\n")
    head = (
        b"Received: from mail.supplier.example by mx.example.com with ESMTPS; Tue, 3 Mar 2026 10:00:01 +0100\r\n"
        b"From: Sue <sue@supplier.example>\r\nTo: Acme <orders@example.com>\r\nSubject: Re: Order 4711\r\n"
        b"Date: Tue, 3 Mar 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
        b"Content-Transfer-Encoding: base64\r\nMessage-ID: <"
    )
    return head, b"@supplier.example>\r\n\r\n" + noise + b".\r\n"


def _measure(name: str, letter: tuple[bytes, bytes], mails: int, rounds: int) -> dict[str, float]:
    costs: dict[str, list[float]] = {"drop": [], "keep": []}
    with contextlib.ExitStack() as stack:
        servers = {kind: stack.enter_context(_server(kind)) for kind in costs}
        for kind, server in servers.items():
            _send(server.port, letter, f"{name}.{kind}.warm", 200)
        for turn in range(rounds):
            for kind, server in servers.items():
                before = server.cpu()
                _send(server.port, letter, f"{name}.{kind}.{turn}", mails)
                costs[kind].append((server.cpu() - before) * 1000 / mails)
    drop, keep = (min(costs[kind]) for kind in ("drop", "keep"))  # the round that others disturbed least
    return {"ratio": round(keep / drop, 3), "drop_ms": round(drop, 3), "keep_ms": round(keep, 3)}


def _send(port: int, letter: tuple[bytes, bytes], name: str, mails: int) -> None:
    """Send *mails* mails through ten sessions at once; fails unless each is answered with 250."""
    failures: list[BaseException] = []

    def session(number: int) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as peer, peer.makefile("rb") as answers:
                _answer(answers)
                _say(peer, answers, b"EHLO relay.example\r\n")
                for mail in range(number, mails, SESSIONS):
                    _say(peer, answers, b"MAIL FROM:<sue@supplier.example>\r\n")
                    _say(peer, answers, f"RCPT TO:<{RECIPIENT}>\r\n".encode())
                    _say(peer, answers, b"DATA\r\n")
                    _say(peer, answers, f"{name}.{mail}".encode().join(letter))
                _say(peer, answers, b"QUIT\r\n")
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that measures
            failures.append(error)

    threads = [threading.Thread(target=session, args=(number,)) for number in range(SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _say(peer: socket.socket, answers: object, data: bytes) -> None:
    peer.sendall(data)
    _answer(answers)


def _answer(answers: object) -> None:
    line = answers.readline()  # type: ignore[attr-defined]
    while line[3:4] == b"-":
        line = answers.readline()  # type: ignore[attr-defined]
    if line[:1] not in (b"2", b"3"):
        raise RuntimeError(line)


@contextlib.contextmanager
def _server(kind: str) -> Iterator[_Server]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.accept", kind, folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin
            assert process.stdout
            yield _Server(process, int(process.stdout.readline()))
            process.stdin.close()
            process.wait(60)


def _drop(_folder: Path) -> tuple[int, Callable[[], None]]:
    import asyncio

    from aiosmtpd.smtp import SMTP

    class Drop:
        async def handle_DATA(self, _server: object, _session: object, _envelope: object) -> str:  # noqa: N802
            return "250 OK"

    loop = asyncio.new_event_loop()
    accept = loop.create_server(lambda: SMTP(Drop(), hostname="po.example.com", loop=loop), "127.0.0.1", 0)
    server = loop.run_until_complete(accept)
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return server.sockets[0].getsockname()[1], lambda: None


def _keep(folder: Path) -> tuple[int, Callable[[], None]]:
    import logging

    import structlog

    from inbound.receiving import Receiving
    from inbound.smtp import start_smtp
    from store import clock
    from store.blobs import FolderBlobs
    from store.database import Database
    from store.installation import Installation
    from store.migrate import migrate
    from store.parties import Company
    from store.tokens import Tokens

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr if "-v" in sys.argv else (folder / "log").open("w")),
        cache_logger_on_first_use=True,
    )
    database = Database(f"sqlite:///{folder}/postroom.db", nudge=lambda _actor, _row_id: None)
    migrate(database)
    with database.write() as session:
        session.add(
            Company(
                name="Acme",
                mail_domain="po.example.com",
                mailbox=RECIPIENT,
                reply_style="plain",
                language="en",
                currency="EUR",
                time_zone="UTC",
                settings={},
                created_at=clock.now(),
            )
        )
    tokens = Tokens([b"a secret for the bench only"])
    installation = Installation(
        database, FolderBlobs(folder / "blobs"), tokens, "http://127.0.0.1:8025", "po.example.com"
    )
    receiving = Receiving(installation)
    server = start_smtp(installation, receiving, "127.0.0.1:0")

    def close() -> None:
        server.close()
        receiving.close()

    return server.port, close


def _serve(kind: str, folder: Path) -> None:
    port, close = (_keep if kind == "keep" else _drop)(folder)
    print(port, flush=True)
    for _ in sys.stdin:
        print(time.process_time(), flush=True)
    close()


def main() -> None:
    """Print both measurements as one JSON object."""
    if len(sys.argv) >= 3:
        _serve(sys.argv[1], Path(sys.argv[2]))
    else:
        print(json.dumps({"accept_4k": accept_4k(), "accept_300k": accept_300k()}))


if __name__ == "__main__":
    main()
