"""The local socket by which `postroom deliver` hands its mail to the process that serves: SQLite has one writer.

A request is one line of JSON (`{"sender", "recipients", "size", "way", "received_at"}`) and the source; the reply is
the exit code as a line.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from inbound.errors import AnotherProcessServes

log = structlog.get_logger()

LONGEST_REQUEST = 1024 * 1024
AT_ONCE = 16
WAIT = 60.0

Take = Callable[[bytes, str | None, Sequence[str] | None, str, datetime | None], int]
"""What is done with a mail handed over; returns the exit code."""


class Handover:
    """Listens at *path*, for this user only, and gives each mail to *take*.

    Holds a lock beside the socket while it lives; raises `AnotherProcessServes` if another holds it.
    """

    def __init__(self, path: Path, take: Take, largest: int) -> None:
        self._path = path
        self._lock = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise AnotherProcessServes(path) from error
        path.unlink(missing_ok=True)  # whoever left it there is gone, else the lock were theirs
        with _short(path) as name:
            self._server = _Server(name, take, largest)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="handover", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop accepting, answer the mails that are whole, drop those that are not: their senders try again."""
        self._path.unlink(missing_ok=True)
        self._server.shutdown()
        self._server.stop_reading()
        self._server.server_close()
        self._thread.join()
        os.close(self._lock)


def hand_over(
    path: Path,
    source: bytes,
    sender: str | None,
    recipients: Sequence[str] | None,
    way: str = "pipe",
    received_at: datetime | None = None,
) -> int | None:
    """Hand *source* to the process that listens at *path*; its exit code, or None when nobody answers there.

    Raises `OSError` or `ValueError` when somebody does but the mail's fate is not known.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(WAIT)
        try:
            with _short(path) as name:
                connection.connect(name)
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            return None
        request = {
            "sender": sender,
            "recipients": recipients and list(recipients),
            "size": len(source),
            "way": way,
            "received_at": received_at and received_at.isoformat(),
        }
        connection.sendall(json.dumps(request).encode("ascii") + b"\n")
        connection.sendall(source)
        with connection.makefile("rb") as answer:
            return int(answer.readline(20))


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = False  # closing waits for the answers
    request_queue_size = 128

    def __init__(self, name: str, take: Take, largest: int) -> None:
        super().__init__(name, _Request, bind_and_activate=False)
        self.take = take
        self.largest = largest
        self.free = threading.BoundedSemaphore(AT_ONCE)
        self._reading: set[socket.socket] = set()
        try:
            self.server_bind()
            Path(name).chmod(0o600)  # before anybody can connect, which needs the listen below
            self.server_activate()
        except BaseException:
            self.server_close()
            raise

    def stop_reading(self) -> None:
        for connection in tuple(self._reading):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)

    def verify_request(self, request: Any, client_address: object) -> bool:  # noqa: ARG002
        """Only this user, and root, may hand in mail."""
        if not sys.platform.startswith("linux"):
            return True  # the socket's permissions say it
        _, uid, _ = struct.unpack("3i", request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return uid in (os.geteuid(), 0)

    def process_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(WAIT)
        self._reading.add(request)  # here, in the thread that accepts, so that closing misses none
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        with self.free:
            super().finish_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._reading.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        error = sys.exc_info()[0]
        log.warning("handover_failed", error=error.__name__ if error else "")


class _Request(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        asked = json.loads(self.rfile.readline(LONGEST_REQUEST))
        size = int(asked["size"])
        if not 0 <= size <= self.server.largest:
            return
        source = self.rfile.read(size)
        if len(source) == size:
            moment = asked.get("received_at")
            code = self.server.take(
                source,
                asked["sender"],
                asked["recipients"],
                str(asked.get("way") or "pipe")[:16],
                datetime.fromisoformat(moment) if moment else None,
            )
            self.wfile.write(b"%d\n" % code)


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """*path* as a name that fits a socket address (107 bytes), whatever folder it lies in."""
    if len(os.fsencode(path)) < 100 or not sys.platform.startswith("linux"):
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
