"""The development relay: takes what Postroom sends, hands in what a person of the demo writes."""

import asyncio
import re
import smtplib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from email.utils import format_datetime
from threading import Event, Lock
from types import TracebackType
from typing import Self

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from postroom.mailbox.mail import Mail, read_letter
from postroom.mailbox.mailboxes import Mailboxes
from postroom.mailbox.writing import undelivered
from store import clock

log = structlog.get_logger()

_REPLY_ADDRESS = re.compile(r"(?:^|\+)[a-z2-7]{26}@")
"""An address that Postroom made: no person's."""
MAX_BYTES = 50 * 1024 * 1024
MAX_HANG = 120.0


@dataclass(frozen=True, slots=True)
class Failures:
    """What shall go wrong: counted failures wear off, the others last until `Relay.fail` is called again.

    `refuse`: recipients answered 550 5.1.1; `defer`, `drop`, `drop_kept`: how many of the next mails are answered 451,
    lose their connection, or lose it after they were kept; `hang`: no answer comes to DATA until the failures change.
    """

    refuse: frozenset[str] = frozenset()
    defer: int = 0
    drop: int = 0
    drop_kept: int = 0
    hang: bool = False


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of a mail: the sender's copy, who took it, and the answer for each recipient that was refused."""

    copy: Mail
    taken: tuple[str, ...]
    refused: dict[str, str]


class Relay:
    """An SMTP server on loopback with the mailboxes of the demo behind it, and the way back to Postroom.

    `name` is the authserv-id with which it vouches for a sender: list it in POSTROOM_TRUSTED_RELAYS. `hand_on` is where
    Postroom listens for mail; it may be set later, as Postroom needs the relay's `url` to start. A port of 0 picks a
    free one.
    """

    def __init__(
        self,
        mailboxes: Mailboxes,
        hand_on: tuple[str, int] | None = None,
        *,
        name: str = "relay.demo.example",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.mailboxes = mailboxes
        self.hand_on = hand_on
        self.name = name
        self.host = host
        self.port = port
        self._handler = _Handler(mailboxes, self._give_back)
        self._listener: _Listener | None = None

    @property
    def url(self) -> str:
        """Where Postroom hands its mail over, as POSTROOM_RELAY_URL takes it."""
        return f"smtp://{self.host}:{self.port}"

    def start(self) -> None:
        """Listen, after a stop on the same port; returns when mail can come in."""
        self._listener = _Listener(self._handler, self.host, self.port, self.name)
        self._listener.start()
        self.port = self._listener.port

    def stop(self) -> None:
        """Hang up and let go of the port; what lies in the mailboxes stays."""
        self.fail(Failures())
        if self._listener:
            self._listener.stop()
            self._listener = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fail(self, failures: Failures) -> None:
        """Let these things go wrong from now on; `Failures()` heals all."""
        self._handler.fail(failures)

    def hand_in(
        self, source: bytes, sender: str, recipients: Iterable[str], *, proven: bool = True, forged: bool = False
    ) -> HandedIn:
        """Take a mail that a person wrote, vouch for its sender, and give it to whom it is for.

        A copy stays with the sender. People of the demo get theirs at once, all other recipients are Postroom's. The
        topmost Authentication-Results (RFC 8601) says dmarc=pass; `proven=False` makes it none, `forged=True` fail. A
        refused recipient is told in the answer and, as relays do, in a report that comes back to the sender.
        """
        wanted = list(dict.fromkeys(recipients))
        signed = self._vouched(source, sender, "fail" if forged else "pass" if proven else "none")
        copy = self.mailboxes.keep(sender, signed, sent=True)
        here = [one for one in wanted if self.mailboxes.owner(one)]
        for one in here:
            self.mailboxes.keep(one, signed)
        refused = self._hand_on(signed, sender, [one for one in wanted if one not in here])
        log.info("relay.handed_in", recipients=len(wanted), refused=len(refused))
        if refused:
            self.mailboxes.keep(sender, undelivered(source, sender, refused, self.name))
        return HandedIn(copy, tuple(one for one in wanted if one not in refused), refused)

    def _give_back(self, source: bytes, sender: str, recipients: list[str]) -> None:
        """What Postroom mails to itself, a probe say, comes in as any mail does."""
        refused = self._hand_on(self._vouched(source, sender, "pass"), sender, recipients)
        if refused:
            log.warning("relay.not_given_back", refused=len(refused))

    def _vouched(self, source: bytes, sender: str, result: str) -> bytes:
        head, gap, body = re.sub(rb"\r\n|\r|\n", b"\r\n", source).partition(b"\r\n\r\n")
        # A header that claims to be ours and came from outside goes (RFC 8601 section 5).
        claimed = rb"(?im)^authentication-results:\s*" + re.escape(self.name.encode()) + rb"\b.*\r\n(?:[ \t].*\r\n)*"
        head = re.sub(claimed, b"", head + b"\r\n").removesuffix(b"\r\n")
        author = read_letter(source).author.address.rpartition("@")[2] or "unknown"
        mail_from = sender.rpartition("@")[2]
        ours = (
            f"Authentication-Results: {self.name}; dmarc={result} header.from={_ascii(author)};\r\n"
            f" spf={result} smtp.mailfrom={_ascii(mail_from)}\r\n"
            f"Received: from mail.{_ascii(mail_from)} by {self.name} with ESMTP;\r\n"
            f" {format_datetime(clock.now())}\r\n"
        )
        return ours.encode() + head + (gap or b"\r\n\r\n") + body

    def _hand_on(self, source: bytes, sender: str, recipients: list[str]) -> dict[str, str]:
        if not recipients:
            return {}
        if self.hand_on is None:
            return dict.fromkeys(recipients, "550 5.1.2 Nobody is known at this address")
        refused: dict[str, tuple[int, bytes]]
        try:
            with smtplib.SMTP(*self.hand_on, local_hostname=self.name, timeout=60) as server:
                options = ["SMTPUTF8"] if not "".join([sender, *recipients]).isascii() else []
                refused = server.sendmail(sender, recipients, source, mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPResponseException as error:
            refused = dict.fromkeys(recipients, (error.smtp_code, _bytes(error.smtp_error)))
        except ValueError:  # smtplib: line ends in an address, or letters that need SMTPUTF8
            refused = dict.fromkeys(recipients, (553, b"5.1.3 This is not an address"))
        except (OSError, smtplib.SMTPException) as error:
            refused = dict.fromkeys(recipients, (451, f"4.4.1 No answer from Postroom: {error}".encode()))
        return {
            address: f"{code} {' '.join(answer.decode('utf-8', 'replace').split())}"
            for address, (code, answer) in refused.items()
        }


class _Server(SMTP):
    line_length_limit = 1 << 20


class _Listener(Controller):
    def __init__(self, handler: "_Handler", host: str, port: int, name: str) -> None:
        super().__init__(handler, hostname=host, port=port, server_hostname=name, ready_timeout=10.0)

    def factory(self) -> SMTP:
        return _Server(
            self.handler, hostname=self.SMTP_kwargs["hostname"], data_size_limit=MAX_BYTES, enable_SMTPUTF8=True
        )

    def _trigger_server(self) -> None:
        # Where a free port was asked for it is known only now; aiosmtpd then calls itself up to see that it is there.
        if isinstance(self.server, asyncio.Server):
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Handler:
    def __init__(self, mailboxes: Mailboxes, give_back: Callable[[bytes, str, list[str]], None]) -> None:
        self._mailboxes = mailboxes
        self._give_back = give_back
        self._lock = Lock()
        self._failures = Failures()
        self._released = Event()

    def fail(self, failures: Failures) -> None:
        with self._lock:
            self._failures = replace(failures, refuse=frozenset(one.lower() for one in failures.refuse))
            self._released.set()
            self._released = Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.lower() in self._failures.refuse:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        failure = self._next_failure()
        if failure == "hang":
            await asyncio.to_thread(self._released.wait, MAX_HANG)
            return "451 4.3.2 Try again later"
        if failure == "defer":
            return "451 4.3.0 Try again later"
        if failure != "drop":
            source = envelope.original_content or b""
            for address in dict.fromkeys(envelope.rcpt_tos):
                self._mailboxes.keep(address, source)
            if ours := [one for one in envelope.rcpt_tos if _REPLY_ADDRESS.search(one)]:
                await asyncio.to_thread(self._give_back, source, envelope.mail_from or "", ours)
        if failure in ("drop", "drop_kept") and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        log.error("relay.failed", error=type(error).__name__)
        return "451 4.3.0 Try again later"

    def _next_failure(self) -> str:
        with self._lock:
            if self._failures.hang:
                return "hang"
            left = self._failures
            if left.defer:
                self._failures = replace(left, defer=left.defer - 1)
                return "defer"
            if left.drop:
                self._failures = replace(left, drop=left.drop - 1)
                return "drop"
            if left.drop_kept:
                self._failures = replace(left, drop_kept=left.drop_kept - 1)
                return "drop_kept"
        return ""


def _ascii(domain: str) -> str:
    return re.sub(r"[^\x21-\x7e]|[;()<>]", "", domain) or "unknown"


def _bytes(answer: bytes | str) -> bytes:
    return answer.encode() if isinstance(answer, str) else answer
