"""The web server: uvicorn in a thread of its own, without its signal capture, and an access log that names no token."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import structlog
import uvicorn

log = structlog.get_logger()

_SEGMENT = re.compile(r"/[A-Za-z0-9_=-]{20,}(?=/|$)")


class WebServer:
    """Serves *app* at host and port from `start` to `stop`; *on_end* is called if it ends by itself."""

    def __init__(self, app: Any, host: str, port: int, on_end: Callable[[], None]) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=256)
        self.port: int = self._socket.getsockname()[1]
        self._on_end = on_end
        config = uvicorn.Config(
            access_logged(app), log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=10
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._ready = threading.Event()

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self, within: float) -> None:
        """Take no more requests, and finish those in hand."""
        self._server.config.timeout_graceful_shutdown = max(int(within), 1)
        self._server.should_exit = True
        self._thread.join(within)
        self._socket.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._socket]))
        except Exception:  # a fault of the server, not of a request: the process ends and is started again
            log.exception("web_server_failed")
        finally:
            if not self._server.should_exit:
                self._on_end()


class _Server(uvicorn.Server):
    """uvicorn, which would else take SIGTERM, and raise it again over the heads of the workers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def access_logged(app: Any) -> Any:
    """*app* (ASGI) with one log line a request: method, path without tokens and without query, status, milliseconds."""

    async def logged(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sending(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, sending)
        finally:
            took = round((time.perf_counter() - began) * 1000, 1)
            log.info("request", method=scope["method"], path=without_tokens(scope["path"]), status=status, ms=took)

    return logged


def without_tokens(path: str) -> str:
    """*path* with every part that is as long as a token left out."""
    return _SEGMENT.sub("/…", path)[:200]
