"""Mail from IMAP mailboxes: a thread for each, so that one that is away holds up none of the others."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence

import structlog

from inbound.imap_address import ImapMailbox
from inbound.imap_session import ImapSession
from inbound.receiving import Receiving
from inbound.recipients import Recipients
from outbound.oauth import AccessTokens
from store.installation import Installation

log = structlog.get_logger()

LARGEST = 35 * 1024 * 1024
FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0


class ImapReaders:
    """Reads mailboxes until it is closed; `start_imap` makes it."""

    def __init__(
        self,
        installation: Installation,
        receiving: Receiving,
        mailboxes: Sequence[ImapMailbox],
        largest: int,
        tokens: AccessTokens | None,
    ) -> None:
        self._receiving = receiving
        self._book = Recipients(installation)
        self._largest = largest
        self._tokens = tokens
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(mailbox,), name=f"imap-{mailbox.name}", daemon=True)
            for mailbox in mailboxes
        ]
        for thread in self._threads:
            thread.start()

    def close(self, grace: float = 30.0) -> None:
        """Finish the batches in hand, and end; what a server still holds is read next time."""
        self._stopping.set()
        until = time.monotonic() + grace
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))

    def _read(self, mailbox: ImapMailbox) -> None:
        """Read *mailbox* over and over; after a failure wait, longer each time."""
        wait = FIRST_WAIT
        validity: object = None
        while not self._stopping.is_set():
            try:
                with ImapSession(mailbox, self._receiving, self._book, self._largest, self._tokens) as session:
                    if validity not in (None, session.validity):
                        # Nothing is remembered by UID beyond a session, so all that changes is this line.
                        log.warning("imap_uidvalidity_changed", mailbox=mailbox.name)
                    validity = session.validity
                    log.info("imap_open", mailbox=mailbox.name)
                    while not self._stopping.is_set():
                        if number := session.take_all(self._stopping):
                            log.info("imap_taken", mailbox=mailbox.name, number=number)
                        wait = FIRST_WAIT
                        if not self._stopping.is_set():
                            session.wait(self._stopping)
            except Exception as error:  # noqa: BLE001 - away, full, locked out: it is tried again, whatever it was
                if self._stopping.is_set():
                    return
                log.warning("imap_away", mailbox=mailbox.name, reason=_reason(error), again_in=round(wait))
                self._stopping.wait(wait * random.uniform(0.8, 1.2))  # noqa: S311 - to spread the load, not to guard
                wait = min(wait * 2, LONGEST_WAIT)


def start_imap(
    installation: Installation,
    receiving: Receiving,
    mailboxes: Sequence[ImapMailbox],
    largest: int = LARGEST,
    tokens: AccessTokens | None = None,
) -> ImapReaders:
    """Read *mailboxes* from now on; mails larger than *largest* bytes go to the folder `failed`.

    *tokens* let us into those that want XOAUTH2. Ends with `close(grace)`.
    """
    return ImapReaders(installation, receiving, mailboxes, largest, tokens)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:200]
