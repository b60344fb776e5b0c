"""The SMTP and LMTP servers: an asyncio loop in a thread of its own, whose sessions end in `Receiving`."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import ssl
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from inbound.errors import ListenAddressInvalid
from inbound.keeping import Kept
from inbound.receiving import Receiving
from inbound.recipients import Recipients
from inbound.smtp_session import LmtpSession, Session
from store.installation import Installation

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SmtpLimits:
    """What a peer may do; sizes in bytes, times in seconds."""

    size: int = 25 * 1024 * 1024
    recipients: int = 100
    connections: int = 200
    refused_recipients: int = 20
    """A session is ended after so many recipients that are not ours."""
    timeout: float = 300.0
    """Without a command, or a block of data."""
    data_time: float = 1800.0
    """For one mail, however slowly it trickles."""
    keep_time: float = 60.0
    """Until a mail must be committed, or the peer is asked to try again."""
    memory: int = 512 * 1024 * 1024
    """For the mails that all sessions hold."""


class SmtpServer:
    """A listening server; `start_smtp` makes it."""

    def __init__(
        self,
        installation: Installation,
        receiving: Receiving,
        limits: SmtpLimits,
        tls: ssl.SSLContext | None,
        session: type[Session],
    ) -> None:
        self.receiving = receiving
        self.recipients = Recipients(installation)
        self.limits = limits
        self.tls = tls
        self.hostname = installation.mail_domain
        self.loop = asyncio.new_event_loop()
        self.sessions: set[Session] = set()
        self.closing = False
        self.held = 0
        self.port = 0
        """The TCP port listened on; 0 on a unix socket."""
        self._session = session
        self._all_left = asyncio.Event()
        self._settled: deque[tuple[asyncio.Future[None], Future[Kept]]] = deque()
        self._woken = False
        self._unix: Path | None = None
        self._server: asyncio.Server
        self._thread = threading.Thread(target=self._run, name=session.way, daemon=True)

    def open(self, listen: str) -> None:
        """Listen at *listen* and serve from now on; raises `ListenAddressInvalid` or `OSError`."""
        host, port, self._unix = parse_listen(listen)
        try:
            if self._unix is None:
                opening = self.loop.create_server(self._connected, host or None, port, backlog=128)
            elif somebody_answers(self._unix):
                raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), str(self._unix))
            else:
                opening = self.loop.create_unix_server(self._connected, str(self._unix), backlog=128)
            self._server = self.loop.run_until_complete(opening)
        except BaseException:
            self.loop.close()
            raise
        if self._unix:
            self._unix.chmod(0o666)  # the mail server that hands over is another user; the folder says who may
        else:
            self.port = self._server.sockets[0].getsockname()[1]
        self._thread.start()
        log.info("smtp_listening", way=self._session.way, listen=listen, port=self.port)

    def close(self, grace: float = 30.0) -> None:
        """Stop accepting, let mails that are under way finish for *grace* seconds, then end every session."""
        if self.loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._end(grace), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        if self._unix:
            self._unix.unlink(missing_ok=True)

    def settled(self, waiting: asyncio.Future[None], kept: Future[Kept]) -> None:
        """Called by the writer when it is done with a mail; the loop is woken once for all that were done together."""
        self._settled.append((waiting, kept))
        if not self._woken:
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self.loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        self._woken = False  # before the list is read, so that what comes meanwhile wakes us again
        while self._settled:
            waiting, kept = self._settled.popleft()
            if waiting.done():
                continue
            if error := kept.exception():
                waiting.set_exception(error)
            else:
                waiting.set_result(None)

    def left(self, session: Session) -> None:
        """Called by a session that has ended."""
        self.sessions.discard(session)
        if not self.sessions:
            self._all_left.set()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def _connected(self) -> asyncio.BaseProtocol:
        if self.closing or len(self.sessions) >= self.limits.connections:
            log.warning("smtp_connection_refused", connections=len(self.sessions))
            return _Refusing()
        session = self._session(self)
        self.sessions.add(session)  # here, since many are let in before the first of them is told that it is connected
        return session

    async def _end(self, grace: float) -> None:
        self.closing = True
        self._server.close()
        self._all_left.clear()
        for session in tuple(self.sessions):
            session.end()
        if self.sessions:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._all_left.wait(), grace)
        for session in tuple(self.sessions):
            log.warning("smtp_session_cut_off", way=session.way)
            session.cut_off()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def start_smtp(
    installation: Installation,
    receiving: Receiving,
    listen: str,
    limits: SmtpLimits | None = None,
    tls: ssl.SSLContext | None = None,
    *,
    lmtp: bool = False,
) -> SmtpServer:
    """Serve SMTP, or LMTP, at *listen* (`host:port`, `[v6]:port`, `:port`, `unix:/path`; port 0 picks one).

    With *tls* STARTTLS is offered. The server closes with `close(grace)`; its `port` is the one it got.
    """
    server = SmtpServer(installation, receiving, limits or SmtpLimits(), tls, LmtpSession if lmtp else Session)
    server.open(listen)
    return server


def parse_listen(listen: str) -> tuple[str, int, Path | None]:
    """Host, port and unix path in *listen*; an empty host means all addresses. Raises `ListenAddressInvalid`."""
    if listen.startswith("unix:"):
        return "", 0, Path(listen.removeprefix("unix:"))
    host, colon, port = listen.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ListenAddressInvalid(listen)
    if not colon or not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise ListenAddressInvalid(listen)
    return host, int(port), None


def somebody_answers(path: Path) -> bool:
    """Whether a process listens on the unix socket at *path*."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


class _Refusing(asyncio.Protocol):
    """A connection beyond the cap: told so, and closed."""

    def connection_made(self, transport: Any) -> None:
        transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
        transport.close()
