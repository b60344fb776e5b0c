"""What one mail costs from SMTP DATA to the last of its notices in the hands of an instant relay, against a floor.

The floor is the least that any program would do with the mail: parse it with the standard library (compat32), decode
its body, and commit three rows to SQLite durably. Both are CPU of a process of their own, in rounds that alternate.
"""

from __future__ import annotations

import email
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.sink import Sink
from bench.stage import DOMAIN, RELAY, SECRET, Mail, a_stage

SESSIONS = 4
NOTICES = 3
"""What one mail causes: the customer is told of the confirmed order and of the note, its author what was done."""


def way_of_one_mail(mails: int = 300, rounds: int = 3) -> dict[str, float]:
    """`ratio` is our CPU over the floor's; the others are milliseconds of CPU a mail."""
    costs: dict[str, list[float]] = {"floor": [], "way": []}
    with tempfile.TemporaryDirectory() as folder, Sink() as sink:
        letters = a_stage(Path(folder), mails * (rounds + 1)).replies
        with running(Path(folder), sink) as postroom:
            _act(postroom, sink, list(islice(letters, mails)))
            for _ in range(rounds):
                batch = list(islice(letters, mails))
                costs["floor"].append(_floor(Path(folder), batch))
                before = postroom.cpu()
                _act(postroom, sink, batch)
                costs["way"].append((postroom.cpu() - before) * 1000 / mails)
    floor, way = (statistics.median(costs[kind]) for kind in ("floor", "way"))
    return {"ratio": round(way / floor, 2), "floor_ms": round(floor, 3), "way_ms": round(way, 3)}


@dataclass(frozen=True, slots=True)
class Postroom:
    """All of Postroom in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    def cpu(self) -> float:
        """Seconds of CPU that the process has used."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("cpu\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


@contextmanager
def running(folder: Path, sink: Sink) -> Iterator[Postroom]:
    command = [sys.executable, "-m", "bench.way", str(folder), str(sink.port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        yield Postroom(process, int(process.stdout.readline()))
        process.stdin.close()
        process.wait(60)


class Session:
    """An SMTP session of a peer."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._answers = peer.makefile("rb")
        self._expect(self._answers.readline())
        self.say(b"HELO relay.example\r\n")

    def envelope(self, mail: Mail) -> None:
        """Everything that comes before the mail itself."""
        self.say(f"MAIL FROM:<{mail.sender}>\r\n".encode())
        self.say(f"RCPT TO:<{mail.recipient}>\r\n".encode())
        self.say(b"DATA\r\n")

    def data(self, mail: Mail) -> None:
        """The mail itself; returns when it is kept."""
        self.say(mail.source + b".\r\n")

    def say(self, data: bytes) -> None:
        """Send and wait for the answer; raises RuntimeError for a refusal."""
        self._peer.sendall(data)
        self._expect(self._answers.readline())

    def _expect(self, line: bytes) -> None:
        if line[:1] not in (b"2", b"3"):
            raise RuntimeError(line)


def send_all(port: int, mails: list[Mail]) -> None:
    """Send *mails* through a few sessions at once."""
    failed: list[BaseException] = []

    def send(own: list[Mail]) -> None:
        try:
            with closing(socket.create_connection(("127.0.0.1", port), 30)) as peer:
                session = Session(peer)
                for mail in own:
                    session.envelope(mail)
                    session.data(mail)
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that measures
            failed.append(error)

    threads = [threading.Thread(target=send, args=(mails[at::SESSIONS],)) for at in range(SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _act(postroom: Postroom, sink: Sink, mails: list[Mail]) -> None:
    expected = sink.taken + NOTICES * len(mails)
    send_all(postroom.port, mails)
    sink.wait_for(expected)


def _floor(folder: Path, mails: list[Mail]) -> float:
    """Milliseconds of CPU a mail: one compat32 parse, its body decoded, one durable transaction of three rows."""
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as database:
        database.execute("pragma journal_mode=wal")
        database.execute("pragma synchronous=full")
        for table in ("mail", "event", "notice"):
            database.execute(f"create table if not exists {table} (id integer primary key, words text, source blob)")
        before = time.process_time()
        for mail in mails:
            message = email.message_from_bytes(mail.source)
            body = next(part for part in message.walk() if part.get_content_type() == "text/plain")
            text = body.get_payload(decode=True).decode()  # type: ignore[union-attr]
            database.execute("begin immediate")
            database.execute("insert into mail (words, source) values (?, ?)", (message["subject"], mail.source))
            database.execute("insert into event (words) values (?)", (message["message-id"],))
            database.execute("insert into notice (words) values (?)", (text,))
            database.execute("commit")
        return (time.process_time() - before) * 1000 / len(mails)


def _serve(folder: Path, relay: str) -> None:
    """Run all of Postroom on *folder* until standard input ends; a line read there is answered with the CPU used."""
    from postroom.logs import configure_logs
    from postroom.processes import ROLES, Process
    from postroom.settings import Settings, installation_of

    with (folder / "log").open("w") as log:
        if "-v" not in sys.argv:
            sys.stderr = log
        configure_logs("json")
        settings = Settings(
            data=folder,
            secret=SECRET,
            smtp_listen="127.0.0.1:0",
            http_listen="127.0.0.1:0",
            mail_domain=DOMAIN,
            relay_url=f"smtp://127.0.0.1:{relay}",
            trusted_relays=(RELAY,),
            answer_wait=0,
        )
        process = Process(settings, installation_of(settings), threading.Event())
        process.start(ROLES)
        print(process.places[0].rpartition(":")[2], flush=True)
        for _ in sys.stdin:
            print(time.process_time(), flush=True)
        process.stop()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2])
