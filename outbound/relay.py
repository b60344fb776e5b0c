"""Hands mails to the relay over kept SMTP connections, one for each thread, reopened when they were lost."""

from __future__ import annotations

import re
import smtplib
import ssl
import threading
import time
from contextlib import suppress
from urllib.parse import parse_qs, unquote, urlsplit

from outbound.errors import About, MailRefused, RelayAway, TokenRefused
from outbound.oauth import AccessTokens, xoauth2

_ADDRESS = re.compile(r"[^\s<>\x00-\x20\x7f-\x9f\ud800-\udfff]{1,320}")
_POLICY = re.compile(r"5\.7\.\d+\b")
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
REST_SECONDS = 15.0


class Relay:
    """The mail server at *url* (`smtp://`, `smtp+starttls://` or `smtps://user@host:port`) that takes our mail.

    With `?auth=xoauth2` it lets us in by a token of *tokens*, else by the password where there is a user.
    After a failed attempt to reach it, it is left alone for `REST_SECONDS`: `away` is true for as long.
    """

    def __init__(
        self,
        url: str,
        password: str | None = None,
        timeout: float = 30,
        hostname: str | None = None,
        tokens: AccessTokens | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("a relay is written as smtp://host:port")
        self.timeout = timeout
        self._scheme = parts.scheme
        self._host = parts.hostname
        self._port = parts.port or _PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = password if password is not None else unquote(parts.password or "")
        self._hostname = hostname
        self._tokens = tokens if "xoauth2" in parse_qs(parts.query).get("auth", ()) else None
        self._local = threading.local()
        self._open: set[smtplib.SMTP] = set()
        self._guard = threading.Lock()
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        """Whether the relay could not be reached just now."""
        return time.monotonic() < self._away_until

    @property
    def longest(self) -> float:
        """Seconds after which a `send` that has not come back never will; commands share three time-outs."""
        return self.timeout * 5 + 30

    def send(self, sender: str, recipient: str, mail: bytes) -> None:
        """Hand over *mail*; an empty *sender* is the null reverse-path (RFC 5321 section 4.5.5).

        Raises `RelayAway` when no session can be had, `MailRefused` when the relay does not take this mail.
        """
        for address in filter(None, (sender, recipient or " ")):
            if not _ADDRESS.fullmatch(address):
                raise MailRefused(About.ADDRESS, 553, "5.1.3 not an address")
        deadline = time.monotonic() + 3 * self.timeout
        kept = self._kept()
        if kept is not None:
            try:
                return self._hand_over(kept, sender, recipient, mail, deadline)
            except _Lost as lost:
                self._drop()
                if lost.sent:  # the relay may have it: not twice in a row
                    raise MailRefused(About.MAIL, 451, "4.4.2 connection lost after the mail") from lost
        try:
            return self._hand_over(self._connect(deadline), sender, recipient, mail, deadline)
        except _Lost as lost:
            self._drop()
            raise MailRefused(About.MAIL, 451, "4.4.2 connection lost") from lost

    def ping(self) -> str:
        """Open a session, close it, and return the relay's greeting name; raises `RelayAway`."""
        connection = self._connect(time.monotonic() + 3 * self.timeout)
        self._drop()
        return (connection.ehlo_resp or b"").split(b"\n")[0].decode("ascii", "replace")

    def close(self) -> None:
        """Close every connection; those in use are cut off."""
        with self._guard:
            connections, self._open = list(self._open), set()
        for connection in connections:
            connection.close()

    def _kept(self) -> smtplib.SMTP | None:
        connection: smtplib.SMTP | None = getattr(self._local, "connection", None)
        return connection if connection is not None and connection.sock is not None else None

    def _connect(self, deadline: float) -> smtplib.SMTP:
        try:
            connection = self._session(deadline)
        except (OSError, smtplib.SMTPException, TokenRefused) as error:
            self._away_until = time.monotonic() + REST_SECONDS
            raise RelayAway(f"{self._host}:{self._port}: {_reason(error)}") from error
        self._away_until = 0.0
        self._local.connection = connection
        with self._guard:
            self._open.add(connection)
        return connection

    def _session(self, deadline: float) -> smtplib.SMTP:
        """A session as far as its first MAIL: greeted, encrypted and logged in as the settings say."""
        name = self._hostname
        if self._scheme == "smtps":
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, name, timeout=self.timeout, context=context
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, name, timeout=self.timeout)
        try:
            self._limit(connection, deadline)
            connection.ehlo_or_helo_if_needed()
            if self._scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
                connection.ehlo()
            self._limit(connection, deadline)
            if self._tokens is not None:
                _log_in_by_token(connection, self._user, self._tokens)
            elif self._user:
                connection.login(self._user, self._password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _hand_over(self, connection: smtplib.SMTP, sender: str, recipient: str, mail: bytes, deadline: float) -> None:
        """One mail transaction (RFC 5321 section 3.3)."""
        ascii_only = (sender + recipient).isascii() and mail.isascii()
        if not (sender + recipient).isascii() and not connection.has_extn("smtputf8"):
            raise MailRefused(About.ADDRESS, 553, "5.6.7 the relay takes no address with letters beyond ASCII")
        sent = False
        try:
            options = _options(connection, len(mail), utf8=not ascii_only)
            connection.command_encoding = "ascii" if (sender + recipient).isascii() else "utf-8"
            self._limit(connection, deadline)
            self._expect(connection, About.SENDER, *connection.docmd("MAIL", f"FROM:<{sender}>{options}"))
            self._limit(connection, deadline)
            self._expect(connection, About.ADDRESS, *connection.docmd("RCPT", f"TO:<{recipient}>"))
            self._limit(connection, deadline)
            code, text = connection.docmd("DATA")
            if code != 354:
                self._expect(connection, About.MAIL, code if code >= 400 else 451, text)
            self._limit(connection, deadline)
            sent = True
            connection.send(_stuffed(mail))
            self._expect(connection, About.MAIL, *connection.getreply())
        except (OSError, smtplib.SMTPException) as error:  # SMTPServerDisconnected, a time-out, a broken answer
            raise _Lost(sent) from error

    def _limit(self, connection: smtplib.SMTP, deadline: float) -> None:
        """Let the next command take no longer than a time-out, nor than what is left of the whole."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(min(self.timeout, left))

    def _expect(self, connection: smtplib.SMTP, about: About, code: int, text: bytes) -> None:
        """Go on after 2xx; else end the transaction so that the connection can carry the next mail."""
        if 200 <= code < 300:
            return
        if code == 421 or code < 200:
            raise smtplib.SMTPServerDisconnected("closing")
        words = text.decode("ascii", "replace")
        if about is About.ADDRESS and (code in (530, 535) or _POLICY.match(words)):
            about = About.SENDER  # "relay access denied" and the like say nothing about the recipient
        if about is About.SENDER and code == 552:
            about = About.MAIL  # the SIZE that MAIL announced is too large (RFC 1870)
        with suppress(OSError, smtplib.SMTPException):
            connection.docmd("RSET")
        raise MailRefused(about, code, words)

    def _drop(self) -> None:
        connection: smtplib.SMTP | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()
            with self._guard:
                self._open.discard(connection)


class _Lost(Exception):
    """Raised when a connection broke during a transaction; `sent` when the mail itself was on its way."""

    def __init__(self, sent: bool) -> None:
        self.sent = sent


def _log_in_by_token(connection: smtplib.SMTP, user: str, tokens: AccessTokens) -> None:
    token = tokens.token()

    def answer(challenge: bytes | None = None) -> str:
        return xoauth2(user, token) if challenge is None else ""  # a challenge says why not, and wants an empty answer

    try:
        connection.auth("XOAUTH2", answer)
    except smtplib.SMTPAuthenticationError:
        tokens.forget(token)
        raise


def _options(connection: smtplib.SMTP, size: int, *, utf8: bool) -> str:
    options = ""
    if connection.has_extn("size"):
        options += f" SIZE={size}"
    if utf8 and connection.has_extn("8bitmime"):
        options += " BODY=8BITMIME"
    if utf8 and connection.has_extn("smtputf8"):
        options += " SMTPUTF8"
    return options


def _stuffed(mail: bytes) -> bytes:
    """*mail*, which has CRLF line ends, as DATA wants it (RFC 5321 section 4.5.2)."""
    stuffed = mail.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _reason(error: Exception) -> str:
    """Why no session could be had, in words; what the relay said is shortened to one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return " ".join(f"{error.smtp_code} {said}".split())[:200]
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split())[:200] or type(error).__name__
