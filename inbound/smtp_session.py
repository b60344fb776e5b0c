"""One SMTP or LMTP session: aiosmtpd's protocol with our DATA, our answers and our limits (RFC 5321, RFC 2033)."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, syntax

from inbound.errors import DataEndless, DataRefused, MemoryShort
from inbound.smtp_answers import failed, worded
from inbound.smtp_data import Data

if TYPE_CHECKING:
    from inbound.smtp import SmtpServer

log = structlog.get_logger()

logging.getLogger("mail.log").disabled = True  # aiosmtpd logs every command there, and RCPT holds reply tokens

LONGEST_LINE = 256 * 1024
LONGEST_COMMAND = 1000
_PATH = re.compile(
    r'\s*<(?:@[^\s<>":]*:)?((?:"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"|[^\s<>"@\x00-\x1f\x7f]+)'
    r'(?:@[^\s<>"@\x00-\x1f\x7f]+)?)?>\s*(.*)\Z',
    re.DOTALL,
)
_BARE = re.compile(r'\s*([^\s<>"\x00-\x1f\x7f]+)\s*(.*)\Z', re.DOTALL)


class Session(SMTP):
    """A peer that speaks SMTP to us."""

    way = "smtp"
    line_length_limit = LONGEST_LINE
    transport: Any
    envelope: Any

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._refused_recipients = 0
        self._data = Data(0)
        self._ended: asyncio.Future[None] | None = None  # the end of the mail that is being read
        self._keeping: asyncio.Future[None] | None = None  # the commit of the mail that was read
        self._latest = self._deadline = 0.0
        # aiosmtpd shares one table among all sessions and lets each EHLO raise it; ours is the session's own and fixed
        self.command_size_limits: dict[str, int] = defaultdict(lambda: LONGEST_COMMAND)
        super().__init__(
            Hooks(server),
            data_size_limit=server.limits.size,
            enable_SMTPUTF8=True,
            hostname=server.hostname,
            ident="ESMTP Postroom",
            tls_context=server.tls,
            timeout=server.limits.timeout,
            loop=server.loop,
        )

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        assert self._handler_coroutine is not None
        self._handler_coroutine.add_done_callback(_end_quietly)
        if self._server.closing:
            self.cut_off()

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._server.left(self)

    def end(self) -> None:
        """Say goodbye unless a mail is under way; then the session ends itself after it."""
        if self.envelope is not None and not self.envelope.mail_from:
            self.cut_off()

    def cut_off(self) -> None:
        """Say goodbye whatever is under way."""
        self._goodbye(b"421 4.3.2 Service is shutting down\r\n")

    def _goodbye(self, answer: bytes) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self._writer.write(answer)
            self.transport.close()

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Move the deadline; the timer is left to find that out, which spares a new one for each command."""
        self._deadline = self.loop.time() + (duration or self._timeout_duration)
        if self._timeout_handle is None or self._deadline < self._timeout_handle.when():
            super()._reset_timeout(duration)

    def _timeout_cb(self) -> None:
        left = self._deadline - self.loop.time()
        if left > 0:
            super()._reset_timeout(left)
        elif self._keeping is None:
            self._goodbye(b"421 4.4.2 Timed out\r\n")
        elif not self._keeping.done():
            self._keeping.set_exception(TimeoutError())

    def data_received(self, data: bytes) -> None:
        if self._ended is None:
            super().data_received(data)
        else:
            self._take(data, self._ended)

    async def push(self, status: str | bytes) -> None:
        if self.transport is None:
            return
        answer = status if isinstance(status, bytes) else worded(status).encode("utf-8", "replace")
        self._writer.write(answer + b"\r\n")
        if self._server.closing and not answer.startswith((b"220", b"221")):
            self.end()
        if not self.transport.is_closing():
            await self._writer.drain()

    async def handle_exception(self, error: Exception) -> str:
        return failed(error)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The address in a MAIL or RCPT argument, and what follows it; (None, None) if it is malformed."""
        if not arg:
            return "", ""
        found = (_PATH if arg.lstrip().startswith("<") else _BARE).match(arg)
        if found is None or not found.group(0).isprintable():
            return None, None
        return found.group(1) or "<>", found.group(2)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        if await self.check_helo_needed():
            return None
        if not self.envelope.rcpt_tos:
            return await self.push("503 5.5.1 Send RCPT first")
        if arg:
            return await self.push("501 5.5.4 DATA takes no argument")
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        try:
            await self._read()
            await self._keep()
            answer = "250 2.0.0 Kept"
        except DataRefused as error:
            answer = error.answer
        except Exception as error:  # noqa: BLE001 - answered; LMTP owes an answer for each recipient
            answer = failed(error)
        finally:
            self._server.held -= self._data.held
            self._data = Data(0)
        answers = self._answers(answer)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        self._reset_timeout()
        await self.push(answers)
        if answer == DataEndless.answer and self.transport is not None:
            self.transport.close()
        return None

    def _answers(self, answer: str) -> str:
        return answer

    async def _read(self) -> None:
        """Read the mail that follows; the blocks go to it from where they come in, past aiosmtpd's stream."""
        self._data = Data(self._server.limits.size)
        self._server.held += self._data.held
        self._latest = self.loop.time() + self._server.limits.data_time
        first = await self._reader.read(1 << 30)  # all there is: a peer may have sent it along with the command
        if not first:
            raise ConnectionResetError
        ended = self._ended = self.loop.create_future()
        try:
            self._take(first, ended)
            await ended
        finally:
            self._ended = None

    def _take(self, block: bytes, ended: asyncio.Future[None]) -> None:
        server, data = self._server, self._data
        before = data.held
        try:
            rest = data.feed(block)
            if server.held + data.held - before > server.limits.memory:
                data.give_up(MemoryShort())
        except DataEndless as error:
            self._ended = None
            ended.set_exception(error)
        else:
            if rest is not None:
                self._ended = None
                if rest:
                    self._reader.feed_data(rest)
                ended.set_result(None)
            else:
                self._reset_timeout(min(server.limits.timeout, max(self._latest - self.loop.time(), 0.001)))
        finally:
            server.held += data.held - before

    async def _keep(self) -> None:
        """Have the mail kept, and return when it is."""
        server = self._server
        sender = "" if self.envelope.mail_from == "<>" else self.envelope.mail_from
        peer, helo = _peer_of(self.session)
        kept = server.receiving.hand_in(
            self._data.source(), sender, self.envelope.rcpt_tos, self.way, peer=peer, helo=helo
        )
        self._keeping = self.loop.create_future()
        self._reset_timeout(server.limits.keep_time)
        kept.add_done_callback(partial(server.settled, self._keeping))
        try:
            await self._keeping
        finally:
            self._keeping = None
            kept.cancel()

    @syntax("VRFY <address>")
    async def smtp_VRFY(self, arg: str | None) -> None:  # noqa: ARG002, N802
        await self.push("252 2.1.5 Send it and see")

    async def smtp_AUTH(self, arg: str | None) -> None:  # noqa: ARG002, N802
        await self.push("502 5.5.1 AUTH is not offered")

    async def smtp_EXPN(self, arg: str | None) -> None:  # noqa: ARG002, N802
        await self.push("502 5.5.1 EXPN is not offered")

    async def refuse_recipient(self) -> str:
        """The answer to one more recipient that is not ours; a peer that goes on guessing is sent away."""
        self._refused_recipients += 1
        if self._refused_recipients > self._server.limits.refused_recipients:
            self.loop.call_soon(self.transport.close)
            return "421 4.7.0 Too many recipients that are not here"
        return "550 5.1.1 No such recipient here"


class LmtpSession(Session, LMTP):
    """A mail server that hands over by LMTP and expects an answer for each recipient (RFC 2033, 4.2)."""

    way = "lmtp"

    def _answers(self, answer: str) -> str:
        return "\r\n".join([answer] * len(self.envelope.rcpt_tos))


class Hooks:
    """What aiosmtpd asks us during a session."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def handle_EHLO(  # noqa: N802
        self, _session: Session, state: Any, _envelope: Any, hostname: str, answers: list[str]
    ) -> list[str]:
        """Offer what we do beyond aiosmtpd, and no AUTH."""
        state.host_name = hostname
        offered = [answer for answer in answers[:-1] if not answer.startswith("250-AUTH")]
        return [*offered, "250-PIPELINING", "250 ENHANCEDSTATUSCODES"]

    async def handle_MAIL(  # noqa: N802
        self, _session: Session, _state: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Any sender may write to us; who it is, is judged when the mail is read."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, session: Session, _state: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Take addresses of ours, refuse the rest before any data flows."""
        if len(envelope.rcpt_tos) >= self._server.limits.recipients:
            return "452 4.5.3 Too many recipients"
        recipients = self._server.recipients
        found = recipients.known(address)
        if found is None and recipients.worth_reading():
            found = await asyncio.to_thread(recipients.find, address)
        if found is None:
            return await session.refuse_recipient()
        envelope.rcpt_tos.append(found.address)
        return "250 2.1.5 OK"


def _peer_of(session: Any) -> tuple[str | None, str | None]:
    """The address and the name of who speaks to us; a unix socket has no address."""
    peer = session.peer
    address = str(peer[0]).partition("%")[0][:64] if isinstance(peer, tuple) and peer else None
    return address, (session.host_name or "")[:255] or None


def _end_quietly(task: asyncio.Task[None]) -> None:
    """Take note of how a session's task ended, else asyncio prints each peer that hung up."""
    if not task.cancelled() and (error := task.exception()) and not isinstance(error, ConnectionError):
        log.error("smtp_session_failed", error=type(error).__name__)
