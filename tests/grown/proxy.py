"""A stretch of network that tests can cut: what goes through it breaks off, and nothing connects until it is mended."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """Passes bytes on loopback to the server of *url*, until it is cut."""

    def __init__(self, url: str, port: int) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "127.0.0.1", parts.port or port)
        self._listening: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self.port = 0
        self.url = url
        """The address of the same server by way of this proxy, once it was entered."""

    def __enter__(self) -> Self:
        self.mend()
        parts = urlsplit(self.url)
        user, at, _ = parts.netloc.rpartition("@")
        self.url = parts._replace(netloc=f"{user}{at}127.0.0.1:{self.port}").geturl()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()

    def mend(self) -> None:
        """Take connections, again at the same port."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """Break every connection off; new ones are refused."""
        if self._listening is not None:
            _end(self._listening)
        with self._guard:
            broken, self._open = self._open, set()
        for side in broken:
            _end(side)

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._server)
            except OSError:
                _end(near)
                continue
            with self._guard:
                self._open |= {near, far}
            if self._listening is not listening or listening.fileno() < 0:
                _end(near), _end(far)
                return
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass  # cut, or one side has gone
    _end(sink)


def _end(side: socket.socket) -> None:
    with suppress(OSError):  # it may have ended already
        side.shutdown(socket.SHUT_RDWR)
    side.close()
