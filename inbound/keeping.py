"""Writes a batch of mails into the store in one transaction: each letter once, for the recipients of all its copies."""

from __future__ import annotations

from collections.abc import Container, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from inbound.digest import split_source
from inbound.recipients import reply_key
from store import clock
from store.installation import Installation
from store.mails import Mail, MailCopy, MailStatus

_MAILS, _RECIPIENTS = Mail.metadata.tables["mail"], Mail.metadata.tables["mail_recipient"]
_SOURCE = insert(Mail.metadata.tables["mail_source"])
_COPIES = MailCopy.metadata.tables["mail_copy"]

COPIES = 3
"""So many further copies of a letter are kept for what they may prove."""
LONGEST_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail that lies in the store; `new` is false when it lay there before."""

    mail_id: int
    new: bool


@dataclass(eq=False, slots=True)
class Handed:
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


class Keeping:
    """The statements that keep mails for one installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        upsert = sqlite.insert if installation.database.sqlite else postgresql.insert
        self._mail = (
            upsert(_MAILS).on_conflict_do_nothing(index_elements=["digest"]).returning(_MAILS.c.id, _MAILS.c.digest)
        )
        self._recipient = upsert(_RECIPIENTS).on_conflict_do_nothing(index_elements=["mail_id", "recipient"])

    def store(self, batch: Sequence[Handed]) -> tuple[list[Kept], list[int]]:
        """Write *batch*; what is kept of each, and the mails that route must look at."""
        letters: dict[bytes, list[Handed]] = {}
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

    def _insert_mails(self, connection: Connection, mails: Sequence[Handed]) -> dict[bytes, int]:
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
        letters: dict[bytes, list[Handed]],
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

    def _insert_copies(self, connection: Connection, copies: dict[int, list[Handed]]) -> set[int]:
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
