"""An instant relay: takes every mail at once, keeps none, and counts them."""

from __future__ import annotations

import socketserver
import threading
from types import TracebackType
from typing import Self


class Sink:
    """A mail server on a free port of loopback, as fast as sockets allow."""

    def __init__(self) -> None:
        self.taken = 0
        self._changed = threading.Condition()
        sink = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                sink.serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def serve(self, session: socketserver.StreamRequestHandler) -> None:
        """One session, from greeting to the end of the connection."""
        session.wfile.write(b"220 sink\r\n")
        while line := session.rfile.readline():
            if line[:4].upper() == b"DATA":
                session.wfile.write(b"354 go on\r\n")
                while session.rfile.readline() != b".\r\n":
                    pass
                with self._changed:
                    self.taken += 1
                    self._changed.notify_all()
            session.wfile.write(b"250 ok\r\n")

    def wait_for(self, number: int, seconds: float = 120) -> None:
        """Return once *number* mails were taken in all; raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.taken >= number, seconds):
                raise TimeoutError(f"{self.taken} of {number} notices came")

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
