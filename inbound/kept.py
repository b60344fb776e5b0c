"""A mail as it lies in the store, and how far its author is proved: judged once, then as it was judged then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from inbound.digest import split_source
from inbound.letter import Letter
from inbound.trust import judge
from inbound.verdict import Hop, Verdict, verdict_from_json
from store.installation import Installation
from store.mails import Mail, MailCopy, MailRecipient, MailSource
from store.prepared import Prepared

_MAIL = Prepared(
    select(
        Mail.id, Mail.status, Mail.sender, Mail.received_at, Mail.company_id, Mail.way, Mail.peer, Mail.helo,
        Mail.verdict, Mail.waits, MailSource.source, MailSource.blob,
    )
    .join(MailSource, MailSource.mail_id == Mail.id)
    .where(Mail.id == bindparam("mail_id"))
)  # fmt: skip
_RECIPIENTS = Prepared(
    select(MailRecipient.recipient, MailRecipient.key, MailRecipient.acted)
    .where(MailRecipient.mail_id == bindparam("mail_id"))
    .order_by(MailRecipient.id)
)
_COPIES = Prepared(
    select(MailCopy.id, MailCopy.head, MailCopy.recipients, MailCopy.way, MailCopy.sender, MailCopy.peer, MailCopy.helo)
    .where(MailCopy.mail_id == bindparam("mail_id"), MailCopy.verdict.is_(None))
    .order_by(MailCopy.id)
)


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail as it lies in the store."""

    id: int
    status: str
    sender: str
    source: bytes
    recipients: tuple[tuple[str, bytes | None], ...]
    again: bool
    """Whether it was acted on before, and came again for a further recipient."""
    received_at: datetime
    company_id: int | None
    way: str
    hop: Hop
    verdict: Verdict | None
    """How far its author was proved when it was first looked at."""
    waits: bool
    """Whether it waits for its author's confirm link."""


@dataclass(frozen=True, slots=True)
class Copy:
    """The same letter by a further hop, with its own head, and those of the mail's recipients that it came for."""

    id: int
    source: bytes
    recipients: tuple[tuple[str, bytes | None], ...]
    way: str
    hop: Hop


def kept_mail(session: Session, installation: Installation, mail_id: int) -> KeptMail | None:
    """The mail with its bytes and its recipients; None when there is none."""
    row = _MAIL.first(session, mail_id=mail_id)
    if row is None:
        return None
    recipients = _RECIPIENTS.all(session, mail_id=mail_id)
    source = row.source if row.source is not None else installation.blobs.get(row.blob)
    return KeptMail(
        row.id,
        row.status,
        row.sender,
        bytes(source),
        tuple((r.recipient, r.key) for r in recipients),
        any(r.acted for r in recipients),
        row.received_at,
        row.company_id,
        row.way,
        Hop(row.sender, row.peer, row.helo),
        verdict_from_json(row.verdict),
        row.waits,
    )


def copies_of(session: Session, mail: KeptMail) -> list[Copy]:
    """The copies of *mail* that nobody has judged yet."""
    rows = _COPIES.all(session, mail_id=mail.id)
    body = split_source(mail.source)[1] if rows else b""
    return [
        Copy(
            row.id,
            bytes(row.head) + b"\n\n" + body,
            tuple(pair for pair in mail.recipients if pair[0] in row.recipients),
            row.way,
            Hop(row.sender, row.peer, row.helo),
        )
        for row in rows
    ]


def judged(installation: Installation, mail: KeptMail | Copy, letter: Letter) -> Verdict:
    """How far the author is proved, as it was found when the mail was first looked at.

    May ask name servers, so no transaction may be open.
    """
    if isinstance(mail, KeptMail) and mail.verdict is not None:
        return mail.verdict
    return judge(letter, mail.source, mail.way, mail.hop, installation.trust, installation.trusted_relays)
