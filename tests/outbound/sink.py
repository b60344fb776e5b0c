"""A relay for tests: a real SMTP server that takes, refuses, or drops what it is told to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Sink:
    """Takes mail into `box`; `at_mail`, `at_rcpt` and `at_data` may answer instead, or raise to hang up."""

    box: list[Envelope] = field(default_factory=list)
    at_mail: Callable[[str], str | None] = lambda address: None
    at_rcpt: Callable[[str], str | None] = lambda address: None
    at_data: Callable[[Envelope], str | None] = lambda envelope: None
    sessions: int = 0
    came: Event = field(default_factory=Event)
    """Set when a mail was taken."""

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        answer = self._or_hang_up(server, self.at_mail, address)
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 2.1.0 ok"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        answer = self._or_hang_up(server, self.at_rcpt, address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._or_hang_up(server, self.at_data, envelope)
        if answer is None:
            self.box.append(envelope)
            self.came.set()
        return answer or "250 2.0.0 taken"

    @staticmethod
    def _or_hang_up(server: SMTP, rule: Callable[[Any], str | None], asked: Any) -> str | None:
        try:
            return rule(asked)
        except ConnectionError:
            assert server.transport is not None
            server.transport.abort()
            raise asyncio.CancelledError from None


class SinkServer(Controller):
    """A `Sink` on a free port of the loopback."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=free_port(), server_hostname="sink.example")

    @property
    def url(self) -> str:
        """The relay's address as the settings write it."""
        return f"smtp://127.0.0.1:{self.port}"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
