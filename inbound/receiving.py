"""Where every way in ends: `keep` stores a mail once, durably, before anybody reads it.

A writer thread commits together what several sessions hand in at once, and never waits for company.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Container, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from inbound.digest import letter_digest, split_source
from inbound.errors import ReceivingClosed
from inbound.recipients import plain_address, reply_key
from store import clock
from store.conflicts import away
from store.installation import Installation
from store.mails import Mail, MailCopy, MailStatus

log = structlog.get_logger()

_MAILS, _RECIPIENTS = Mail.metadata.tables["mail"], Mail.metadata.tables["mail_recipient"]
_SOURCE = insert(Mail.metadata.tables["mail_source"])
_COPIES = MailCopy.metadata.tables["mail_copy"]

BATCH = 100
"""At most so many mails are committed together."""
COPIES = 3
"""So many further copies of a letter are kept for what they may prove."""
LONGEST_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail that lies in the store; `new` is false when it lay there before."""

    mail_id: int
    new: bool


@dataclass(eq=False, slots=True)
class _Handed:
    """A mail on its way to the writer."""

    digest: bytes
    source: bytes | None
    blob: str | None
    size: int
    sender: str
    recipients: tuple[str, ...]
    way: str
    received_at: datetime
    peer: str | None
    helo: str | None
    head: bytes | None = None
    kept: Future[Kept] = field(default_factory=Future)


class Receiving:
    """Keeps mails for one installation; close it, and what was handed in is still kept."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        upsert = sqlite.insert if installation.database.sqlite else postgresql.insert
        self._mail = (
            upsert(_MAILS).on_conflict_do_nothing(index_elements=["digest"]).returning(_MAILS.c.id, _MAILS.c.digest)
        )
        self._recipient = upsert(_RECIPIENTS).on_conflict_do_nothing(index_elements=["mail_id", "recipient"])
        self._waiting: deque[_Handed] = deque()
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
            handed = _Handed(b"", None, None, len(source), sender, addresses, way, moment, peer, helo)
            try:
                self._large.submit(self._hand_in_large, source, handed)
            except RuntimeError as error:
                raise ReceivingClosed from error
            return handed.kept
        handed = _Handed(letter_digest(source), source, None, len(source), sender, addresses, way, moment, peer, helo)
        self._queue(handed)
        return handed.kept

    def _hand_in_large(self, source: bytes, handed: _Handed) -> None:
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

    def _queue(self, handed: _Handed) -> None:
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

    def _commit(self, batch: list[_Handed]) -> None:
        """Commit *batch* together; if that fails each alone, so that one bad envelope costs only itself."""
        try:
            kept, changed = self._store(batch)
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

    def _commit_each(self, batch: list[_Handed]) -> None:
        for at, handed in enumerate(batch):
            self._commit([handed])
            if (error := handed.kept.exception()) is not None and away(error):
                for other in batch[at + 1 :]:  # not one more time-out for each mail while the database is away
                    other.kept.set_exception(error)
                return

    def _store(self, batch: Sequence[_Handed]) -> tuple[list[Kept], list[int]]:
        """Write *batch* in one transaction; what is kept of each, and the mails that route must look at."""
        letters: dict[bytes, list[_Handed]] = {}
        for handed in batch:
            letters.setdefault(handed.digest, []).append(handed)
        digests = sorted(letters)  # every writer takes its keys in the same order, so none waits in a circle
        with self._installation.database.write_rows() as connection:
            new = self._insert_mails(connection, [letters[digest][0] for digest in digests])
            ids = new | self._kept_before(connection, [digest for digest in digests if digest not in new])
            changed = self._insert_recipients(connection, letters, ids, new)
            copies = {ids[digest]: of if digest not in new else of[1:] for digest, of in letters.items()}
            if any(copies.values()):
                changed = sorted({*changed, *self._insert_copies(connection, copies)})
        return [
            Kept(ids[handed.digest], handed.digest in new and handed is letters[handed.digest][0]) for handed in batch
        ], changed

    def _insert_mails(self, connection: Connection, mails: Sequence[_Handed]) -> dict[bytes, int]:
        """Insert what is new and return its ids by digest."""
        rows = connection.execute(
            self._mail,
            [
                {
                    "digest": mail.digest,
                    "way": mail.way,
                    "sender": mail.sender,
                    "peer": mail.peer,
                    "helo": mail.helo,
                    "waits": False,
                    "size": mail.size,
                    "received_at": mail.received_at,
                    "status": MailStatus.KEPT.value,
                    "tries": 0,
                    "due": mail.received_at,
                }
                for mail in mails
            ],
        )
        new = {bytes(digest): mail_id for mail_id, digest in rows}
        sources = [
            {"mail_id": new[mail.digest], "source": mail.source, "blob": mail.blob}
            for mail in mails
            if mail.digest in new
        ]
        if sources:
            connection.execute(_SOURCE, sources)
        return new

    def _kept_before(self, connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
        if not digests:
            return {}
        rows = connection.execute(select(_MAILS.c.digest, _MAILS.c.id).where(_MAILS.c.digest.in_(digests)))
        return {bytes(digest): mail_id for digest, mail_id in rows}

    def _insert_recipients(
        self,
        connection: Connection,
        letters: dict[bytes, list[_Handed]],
        ids: dict[bytes, int],
        new: Container[bytes],
    ) -> list[int]:
        """Insert the recipients that a mail does not have yet; return the mails that route must look at."""
        tokens = self._installation.tokens
        rows = {
            (mail_id, recipient): {
                "mail_id": mail_id, "recipient": recipient, "key": reply_key(tokens, recipient), "acted": False
            }
            for digest, mail_id in ids.items()
            for recipient in sorted({recipient for handed in letters[digest] for recipient in handed.recipients})
        }  # fmt: skip
        first = {ids[digest] for digest in ids if digest in new}
        if own := [row for (mail_id, _), row in rows.items() if mail_id in first]:
            connection.execute(self._recipient, own)
        return sorted(first | self._add_recipients(connection, rows, set(ids.values()) - first))

    def _add_recipients(
        self, connection: Connection, rows: dict[tuple[int, str], dict[str, Any]], mails: set[int]
    ) -> set[int]:
        """Give *mails*, which were kept before, the recipients that they lack; return those that gained one.

        One that was acted on is due again, in this very commit: a nudge may be lost. Its row is locked before, else
        `route` could close it meanwhile without having seen the further recipient.
        """
        if not mails:
            return set()
        known = connection.execute(
            select(_RECIPIENTS.c.mail_id, _RECIPIENTS.c.recipient).where(_RECIPIENTS.c.mail_id.in_(mails))
        )
        had = {(mail_id, recipient) for mail_id, recipient in known}
        missing = [row for at, row in rows.items() if at[0] in mails and at not in had]
        gained = sorted({row["mail_id"] for row in missing})
        if gained:
            connection.execute(
                select(_MAILS.c.id).where(_MAILS.c.id.in_(gained)).order_by(_MAILS.c.id).with_for_update(key_share=True)
            ).all()
            connection.execute(self._recipient, missing)
            connection.execute(
                update(_MAILS)
                .where(_MAILS.c.id.in_(gained), _MAILS.c.status == MailStatus.ACTED.value)
                .values(status=MailStatus.KEPT.value, tries=0, due=clock.now())
            )
        return set(gained)

    def _insert_copies(self, connection: Connection, copies: dict[int, list[_Handed]]) -> set[int]:
        """Keep copies of mails that prove too little, or were not looked at; return those to look at again."""
        counted = select(func.count()).where(_COPIES.c.mail_id == _MAILS.c.id).scalar_subquery()
        lookable = connection.execute(
            select(_MAILS.c.id, _MAILS.c.waits, counted.label("copies")).where(
                _MAILS.c.id.in_([mail_id for mail_id, of in copies.items() if of]),
                or_(_MAILS.c.waits, _MAILS.c.status.in_((MailStatus.KEPT.value, MailStatus.FAILED.value))),
            )
        ).all()
        rows, again = [], set()
        for row in lookable:
            for handed in copies[row.id][: max(COPIES - row.copies, 0)]:
                head = handed.head if handed.source is None else split_source(handed.source)[0]
                if not head or len(head) > LONGEST_HEAD:
                    continue
                again |= {row.id} if row.waits else set()
                rows.append(
                    {"mail_id": row.id, "head": head, "recipients": list(handed.recipients), "verdict": None}
                    | {name: getattr(handed, name) for name in ("way", "sender", "peer", "helo", "received_at")}
                )
        if rows:
            connection.execute(insert(_COPIES), rows)
        if again:
            connection.execute(
                update(_MAILS)
                .where(_MAILS.c.id.in_(sorted(again)), _MAILS.c.status == MailStatus.ACTED.value)
                .values(status=MailStatus.KEPT.value, tries=0, due=clock.now())
            )
        return again

    def _nudge(self, mail_ids: Iterable[int]) -> None:
        for mail_id in mail_ids:
            self._installation.database.send_nudge("route", mail_id)
