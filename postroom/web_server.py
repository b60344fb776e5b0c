"""The web server: uvicorn in a thread of its own, without its signal capture and its access log."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import structlog
import uvicorn

log = structlog.get_logger()


class WebServer:
    """Serves *app* at host and port from `start` to `stop`; *on_end* is called if it ends by itself."""

    def __init__(self, app: Any, host: str, port: int, on_end: Callable[[], None]) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=256)
        self.port: int = self._socket.getsockname()[1]
        self._on_end = on_end
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=10
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
