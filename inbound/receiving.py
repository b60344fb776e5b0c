"""Where every way in ends: `keep` stores a mail once, durably, before anybody reads it.

A writer thread commits together what several sessions hand in at once, and never waits for company.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

import structlog

from inbound.digest import letter_digest, split_source
from inbound.errors import ReceivingClosed
from inbound.keeping import Handed, Keeping, Kept
from inbound.recipients import plain_address
from store import clock
from store.conflicts import away
from store.installation import Installation

log = structlog.get_logger()

BATCH = 100
"""At most so many mails are committed together."""


class Receiving:
    """Keeps mails for one installation; close it, and what was handed in is still kept."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._keeping = Keeping(installation)
        self._waiting: deque[Handed] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._large = ThreadPoolExecutor(4, thread_name_prefix="large-mail")
        self._nudger = ThreadPoolExecutor(1, thread_name_prefix="mail-nudger")
        self._writer = threading.Thread(target=self._write, name="mail-writer", daemon=True)
        self._writer.start()

    def keep(
        self,
        source: bytes,
        sender: str,
        recipients: Sequence[str],
        way: str,
        received_at: datetime | None = None,
        *,
        peer: str | None = None,
        helo: str | None = None,
    ) -> Kept:
        """Keep *source* for *recipients* (addresses of ours) and return once it is committed.

        *sender* is the envelope sender, empty for a bounce; *way* names the way in (`smtp`, `lmtp`, `imap`, `pipe`);
        *received_at* is the moment that deadlines count from, if it is not now; *peer* and *helo* are the address and
        the name of the machine that handed it in, where it spoke SMTP. The same letter again is answered as kept and
        gains the recipients that it did not have. Raises `ReceivingClosed`, or what the database raises.
        """
        return self.hand_in(source, sender, recipients, way, received_at, peer=peer, helo=helo).result()

    def hand_in(
        self,
        source: bytes,
        sender: str,
        recipients: Sequence[str],
        way: str,
        received_at: datetime | None = None,
        *,
        peer: str | None = None,
        helo: str | None = None,
    ) -> Future[Kept]:
        """What `keep` does, without waiting; cancelling the future withdraws a mail that was not yet taken up."""
        moment = received_at or clock.now()
        addresses = tuple(sorted({plain_address(recipient) for recipient in recipients}))
        if len(source) > self._installation.source_in_row:
            handed = Handed(b"", None, None, len(source), sender, addresses, way, moment, peer, helo)
            try:
                self._large.submit(self._hand_in_large, source, handed)
            except RuntimeError as error:
                raise ReceivingClosed from error
            return handed.kept
        handed = Handed(letter_digest(source), source, None, len(source), sender, addresses, way, moment, peer, helo)
        self._queue(handed)
        return handed.kept

    def _hand_in_large(self, source: bytes, handed: Handed) -> None:
        try:
            handed.digest = letter_digest(source)
            handed.head = split_source(source)[0]
            handed.blob = self._installation.blobs.put(source)
            self._queue(handed)
        except Exception as error:  # noqa: BLE001 - raised where the mail is waited for
            if handed.kept.set_running_or_notify_cancel():
                handed.kept.set_exception(error)

    def close(self) -> None:
        """Keep what was handed in, then stop."""
        self._large.shutdown()
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._writer.join()
        self._nudger.shutdown()

    def _queue(self, handed: Handed) -> None:
        with self._changed:
            if self._closed:
                raise ReceivingClosed
            self._waiting.append(handed)
            self._changed.notify()

    def _write(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    if self._closed:
                        return
                    self._changed.wait()
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH))]
            batch = [handed for handed in batch if handed.kept.set_running_or_notify_cancel()]
            try:
                if batch:
                    self._commit(batch)
            except Exception as error:  # noqa: BLE001 - a log that cannot be written must not end the writer
                for handed in batch:
                    if not handed.kept.done():
                        handed.kept.set_exception(error)

    def _commit(self, batch: list[Handed]) -> None:
        """Commit *batch* together; if that fails each alone, so that one bad envelope costs only itself."""
        try:
            kept, changed = self._keeping.store(batch)
        except Exception as error:  # noqa: BLE001 - told to whoever waits for the mail
            if len(batch) > 1:
                return self._commit_each(batch)
            batch[0].kept.set_exception(error)
            log.warning("mail_not_kept", way=batch[0].way, size=batch[0].size, error=type(error).__name__)
            return None
        for handed, result in zip(batch, kept, strict=True):
            handed.kept.set_result(result)
        ids = {new: sorted({result.mail_id for result in kept if result.new is new}) for new in (True, False)}
        log.info("mails_kept", new=ids[True], again=ids[False])
        with contextlib.suppress(RuntimeError):  # the process ends, and the next one's sweeper finds the rows
            self._nudger.submit(self._nudge, changed)  # not here: a slow broker must not hold up the next mail
        return None

    def _commit_each(self, batch: list[Handed]) -> None:
        for at, handed in enumerate(batch):
            self._commit([handed])
            if (error := handed.kept.exception()) is not None and away(error):
                for other in batch[at + 1 :]:  # not one more time-out for each mail while the database is away
                    other.kept.set_exception(error)
                return

    def _nudge(self, mail_ids: Iterable[int]) -> None:
        for mail_id in mail_ids:
            self._installation.database.send_nudge("route", mail_id)
