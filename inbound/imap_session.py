"""One open session with an IMAP mailbox: takes what lies in its folder, and waits for more.

A mail is fetched without being marked, kept, and only then marked as read and moved to the folder `done`; whatever
happens between is done again, and the keep knows the letter. A mail that is not ours goes to `failed`; none is deleted.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog
from imapclient import SEEN, IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError
from sqlalchemy.exc import InterfaceError, OperationalError

from inbound.digest import headers_named
from inbound.envelope import recipients_of
from inbound.errors import FolderMissing, ReceivingClosed
from inbound.imap_address import ImapMailbox
from inbound.pipe import envelope_sender
from inbound.receiving import Receiving
from inbound.recipients import Recipients
from outbound.oauth import AccessTokens
from store import clock

log = structlog.get_logger()

BATCH = 50
BATCH_BYTES = 16 * 1024 * 1024
IDLE_SECONDS = 540.0
"""An IDLE is renewed so often: routers forget silent connections, and servers end one after 29 minutes (RFC 2177)."""
TIMEOUT: Any = SocketTimeout(connect=20, read=60)
_OURS_TO_MEND = (OperationalError, InterfaceError, OSError, ReceivingClosed)
"""Not the mail's fault: it stays where it is, and is taken later."""


class ImapSession:
    """A logged-in connection with the folder selected; ends with the `with` block."""

    def __init__(
        self, mailbox: ImapMailbox, receiving: Receiving, book: Recipients, largest: int, tokens: AccessTokens | None
    ) -> None:
        self._mailbox = mailbox
        self._receiving = receiving
        self._book = book
        self._largest = largest
        self._client: Any = connect(mailbox, tokens)
        self._idles = self._client.has_capability("IDLE")
        self._next = 1
        try:
            self._done = folder_for(self._client, mailbox.done)
            self._failed = folder_for(self._client, mailbox.failed)
            found = self._client.select_folder(folder_name(self._client, mailbox.folder))
        except BaseException:
            hang_up(self._client)
            raise
        self.validity = found.get(b"UIDVALIDITY")

    def __enter__(self) -> ImapSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            with contextlib.suppress(IMAPClientError, OSError):
                self._client.logout()
        hang_up(self._client)

    def take_all(self, stopping: threading.Event) -> int:
        """Take every mail in the folder that was not looked at in this session; return how many were kept."""
        number = 0
        self._told_of_more()
        while not stopping.is_set():
            for uids in self._batches(self._waiting()):
                number += self._take(uids)
                self._next = uids[-1] + 1
                if stopping.is_set():
                    break
            if not self._told_of_more():
                break
        return number

    def _told_of_more(self) -> bool:
        """Whether the server said since this was asked last that there are more mails.

        It says so once, perhaps beside the answer to a search that does not name them yet: IDLE says nothing of those.
        """
        return bool(self._client._imap.response("EXISTS")[1] != [None])

    def wait(self, stopping: threading.Event) -> None:
        """Return when something may have come, or when the connection should be looked at."""
        if not self._idles:
            stopping.wait(self._mailbox.poll)
            self._client.noop()
            return
        self._client.idle()
        until = time.monotonic() + IDLE_SECONDS
        while not stopping.is_set() and time.monotonic() < until:
            asked = time.monotonic()
            said = self._client.idle_check(timeout=1)
            # Nothing said before the time was up means that the server hung up: `idle_done` raises then.
            if any(b"EXISTS" in words for words in said) or (not said and time.monotonic() - asked < 0.5):
                break
        self._client.idle_done()

    def _waiting(self) -> list[int]:
        """The UIDs to look at, oldest first. `n:*` names the last mail even when it is older than n."""
        criteria: list[Any] = ["UNDELETED", "UID", f"{self._next}:*"]
        if self._mailbox.since is not None:
            criteria += ["SINCE", self._mailbox.since]
        return sorted(uid for uid in self._client.search(criteria) if uid >= self._next)

    def _batches(self, uids: Sequence[int]) -> Iterator[list[int]]:
        """So many mails at a time as fit in memory; one that is too large on its own is left in `failed`, unread."""
        for at in range(0, len(uids), BATCH):
            sizes = self._client.fetch(uids[at : at + BATCH], ["RFC822.SIZE"])
            batch: list[int] = []
            total = 0
            for uid in sorted(sizes):
                size = sizes[uid].get(b"RFC822.SIZE", 0)
                if size > self._largest:
                    log.warning("mail_too_large", mailbox=self._mailbox.name, uid=uid, size=size)
                    self._move([uid], self._failed)
                    continue
                if batch and total + size > BATCH_BYTES:
                    yield batch
                    batch, total = [], 0
                batch.append(uid)
                total += size
            if batch:
                yield batch

    def _take(self, uids: list[int]) -> int:
        mails = self._client.fetch(uids, ["BODY.PEEK[]", "INTERNALDATE"])
        kept: list[int] = []
        failed: list[int] = []
        try:
            for uid in sorted(mails):  # one after the other: mails of one thread act in the order they came
                (kept if self._keep(uid, mails[uid]) else failed).append(uid)
        finally:
            if kept:
                self._client.add_flags(kept, [SEEN], silent=True)
                self._move(kept, self._done)
        if failed:
            self._move(failed, self._failed)
        return len(kept)

    def _keep(self, uid: int, mail: dict[bytes, Any]) -> bool:
        """Keep the mail and return whether it is committed; False when it is not ours or cannot be kept."""
        source = mail.get(b"BODY[]") or b""
        try:
            recipients = recipients_of(source, self._book, self._mailbox.own_address)
            if not source.strip() or not recipients:
                log.warning("mail_not_ours", mailbox=self._mailbox.name, uid=uid, size=len(source))
                return False
            sender = (headers_named(source, b"return-path") or [""])[0]
            came = min(_aware(mail.get(b"INTERNALDATE")), clock.now())
            self._receiving.keep(source, envelope_sender(sender), recipients, "imap", came)
        except _OURS_TO_MEND:
            raise
        except Exception as error:  # noqa: BLE001 - one bad mail must not hold up the others; it lies in `failed` then
            log.error("mail_not_taken", mailbox=self._mailbox.name, uid=uid, error=type(error).__name__)
            return False
        return True

    def _move(self, uids: list[int], folder: str) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move(uids, folder)
            return
        self._client.copy(uids, folder)
        self._client.delete_messages(uids, silent=True)
        if self._client.has_capability("UIDPLUS"):  # else they stay, marked: an EXPUNGE would take others along
            self._client.uid_expunge(uids)


def connect(mailbox: ImapMailbox, tokens: AccessTokens | None) -> Any:
    """A client that is logged in; raises what imapclient raises, or `TokenRefused`."""
    context = None if mailbox.scheme == "imap" else ssl.create_default_context()
    client = IMAPClient(mailbox.host, mailbox.port, ssl=mailbox.scheme == "imaps", ssl_context=context, timeout=TIMEOUT)
    try:
        client.normalise_times = False  # moments come with their zone
        if mailbox.scheme == "imap+starttls":
            client.starttls(context)
        if mailbox.xoauth2 and tokens is not None:
            token = tokens.token()
            try:
                client.oauth2_login(mailbox.user, token)
            except LoginError:
                tokens.forget(token)
                raise
        else:
            client.login(mailbox.user, mailbox.password)
    except BaseException:
        hang_up(client)
        raise
    return client


def hang_up(client: Any) -> None:
    """Close the connection without a word; one that is broken already is no fault of its own."""
    with contextlib.suppress(OSError):
        client.shutdown()


def folder_name(client: Any, name: str) -> str:
    """*name*, written with `/`, as this server writes it: with its own separator and below its personal namespace."""
    if name.upper() == "INBOX" or not client.has_capability("NAMESPACE"):
        return name
    personal = client.namespace().personal
    prefix, separator = personal[0] if personal else ("", "/")
    own = name.replace("/", separator or "/")
    return own if own.startswith(prefix) else f"{prefix}{own}"


def folder_for(client: Any, name: str) -> str:
    """The folder *name*, made if it is not there; raises `FolderMissing`."""
    own = folder_name(client, name)
    if not client.folder_exists(own):
        try:
            client.create_folder(own)
        except IMAPClientError as error:
            if not client.folder_exists(own):  # another process may have made it just now
                raise FolderMissing(f"{name} is not there and cannot be made") from error
    return own


def _aware(moment: datetime | None) -> datetime:
    if moment is None:
        return clock.now()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
