"""Acts on one kept mail: understands it on the read side, then does all of it, or none, in one short transaction.

No lease is needed: the transaction takes the row, sees that it is undone, and finishes it. Causes name the mail, so a
mail that is routed again, after a crash or by `replay`, does nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import and_, bindparam, case, exists, or_, select, update
from sqlalchemy.orm import Session

from inbound.acting import carry_out
from inbound.attached import Read
from inbound.errors import LoopSuspected
from inbound.failing import tell_author
from inbound.fuse import watch
from inbound.kept import KeptMail, judged, kept_mail
from inbound.letter import Letter, read_letter
from inbound.lifting import look_again, waits_no_more
from inbound.told import understanding_as_json
from inbound.understanding import understand
from inbound.understood import Understanding
from store import clock
from store.conflicts import away, retried
from store.database import nudge
from store.installation import Installation
from store.journal import Link, Notice
from store.mails import Mail, MailCopy, MailRecipient, MailStatus
from store.prepared import Prepared
from workflows.parties import Member, member

log = structlog.get_logger()

OPEN = (MailStatus.KEPT.value, MailStatus.FAILED.value)

_UNDONE = (
    select(Mail.id)
    .join(MailRecipient, MailRecipient.mail_id == Mail.id)
    .where(or_(*(Mail.status == status for status in OPEN)))
    .limit(1)
)
_OF_DOCUMENT = _UNDONE.join(Notice, Notice.key == MailRecipient.key).where(
    Notice.document_id == bindparam("document_id")
)
_OF_SENDER = _UNDONE.where(MailRecipient.key.is_(None), Mail.sender == bindparam("sender"))
_EARLIER, _LATER = (
    tuple(Prepared(mails.where(condition).order_by(order)) for mails in (_OF_DOCUMENT, _OF_SENDER))
    for condition, order in (
        (Mail.id < bindparam("mail_id"), Mail.id),
        (Mail.id > bindparam("mail_id"), Mail.id),
    )
)
_OF_MAIL = MailRecipient.mail_id == bindparam("mail_id")
_COPY_OF_MAIL = MailCopy.mail_id == bindparam("mail_id")
_TAKE = Prepared(
    select(Mail.status, exists().where(_OF_MAIL, MailRecipient.acted).label("again"))
    .where(Mail.id == bindparam("mail_id"))
    .with_for_update(skip_locked=True, key_share=True)  # rows that only point at it are not waited for
)
_CLOSE = (
    update(Mail)
    .where(Mail.id == bindparam("mail_id"))
    .values(
        # With a recipient, or a copy that may prove more, added meanwhile it stays due: its own nudge may be lost.
        status=case(
            (exists().where(_OF_MAIL, MailRecipient.acted.is_(False)), MailStatus.KEPT.value),
            (and_(Mail.waits, exists().where(_COPY_OF_MAIL, MailCopy.verdict.is_(None))), MailStatus.KEPT.value),
            else_=MailStatus.ACTED.value,
        ),
        reason=None,
    )
    .returning(Mail.status)
)
_CLOSE_AGAIN = Prepared(_CLOSE)
_FINISH = Prepared(
    _CLOSE.values(
        **{
            name: bindparam(name)
            for name in ("company_id", "author", "kind", "message_id", "understanding", "verdict", "acted_at")
        },
    )
)
_MARK = Prepared(
    update(MailRecipient)
    .where(MailRecipient.mail_id == bindparam("of_mail"), MailRecipient.recipient == bindparam("address"))
    .values(acted=True)
)


def route(installation: Installation, mail_id: int, read: Read | None = None) -> None:
    """Understand the mail and act on it, once. A failure is kept with its reason and tried again, then quarantined.

    *read* reads attachments (the process's reader by default).
    """
    try:
        _route(installation, mail_id, read or default_reader(), None)
    except LoopSuspected as loop:
        log.warning("loop_suspected", mail=mail_id)
        _fail(installation, mail_id, loop, at_once=True)
    except Exception as error:
        # Poison must not block the next mail, whatever it is: the row takes the failure, and the log its class.
        _fail(installation, mail_id, error)
        log.exception("mail_failed", mail=mail_id)


def confirm_mail(installation: Installation, link: Link) -> None:
    """The person of *link* says that its mail was theirs: do what the mail says, as theirs."""
    assert link.mail_id is not None
    with installation.database.read(link.company_id) as session:
        document_supplier = session.execute(
            select(Notice.document_id).where(Notice.id == link.notice_id)
        ).scalar_one_or_none()
        supplier_id = None
        if document_supplier is not None:
            from workflows.engine.document import load

            supplier_id = load(session, document_supplier).supplier_id
        proved = member(session, link.company_id, link.person_id, supplier_id)
    _route(installation, link.mail_id, default_reader(), proved, link.company_id)


def _route(
    installation: Installation, mail_id: int, read: Read, proved: Member | None, company_id: int | None = None
) -> None:
    with installation.database.read() as session:
        mail = kept_mail(session, installation, mail_id)
    if mail is None or _is_done(mail, proved):
        return
    if mail.waits and proved is None:
        look_again(installation, mail, read)
    letter = read_letter(mail.source)
    verdict = judged(installation, mail, letter)  # here, for it may ask name servers: no transaction is open
    with installation.database.read() as session:
        found = understand(session, installation, letter, mail.recipients, read, proved, mail.received_at, verdict)
        if company_id is not None:
            # Whose mail it is was confirmed to one company, and says nothing to another.
            found.confine(lambda one: one == company_id)
        again = mail.again and proved is None
        if again:
            # The same letter came again for a further recipient: it acts anew only in a company that has not seen it.
            found.confine(lambda one: one != mail.company_id)
            found.company_id = next(iter(found.companies), found.company_id)
        if proved is None and (earlier := _earlier(session, mail, found)):
            log.info("mail_waits", mail=mail_id, for_mail=earlier)
            return
        if proved is None:
            watch(session, found, clock.now())
    _put_files(installation, letter)
    _act(installation, mail, found, proved, again=again)


@retried
def _act(
    installation: Installation, mail: KeptMail, found: Understanding, proved: Member | None, *, again: bool
) -> None:
    with installation.database.write() as session:
        if not _take(session, mail.id, proved, mail):
            return
        if proved is not None:
            waits_no_more(session, mail.id)
        if found.companies or not again:
            carry_out(installation, session, mail, found)
        if _finish(session, mail, None if again else found) == MailStatus.KEPT:
            nudge(session, "route", mail.id)
        for next_id in _waiting(session, mail, found):
            nudge(session, "route", next_id)


def _is_done(mail: KeptMail, proved: Member | None) -> bool:
    return proved is None and mail.status not in OPEN


def _earlier(session: Session, mail: KeptMail, found: Understanding) -> int | None:
    """An undone mail of the same thread that was kept before: it goes first."""
    return min(_undone(session, mail, found, earlier=True), default=None)


def _undone(session: Session, mail: KeptMail, found: Understanding, *, earlier: bool) -> set[int]:
    """Mails to reply addresses of the same documents; and, unread, what the same sender wrote to a mailbox of ours."""
    of_document, of_sender = _EARLIER if earlier else _LATER
    ids = {about.document.id for about in found.about if about.document is not None}
    undone = {other for id_ in ids for other in of_document.values(session, mail_id=mail.id, document_id=id_)}
    if mail.sender and not all(key for _, key in mail.recipients):
        undone |= set(of_sender.values(session, mail_id=mail.id, sender=mail.sender))
    return undone


def _put_files(installation: Installation, letter: Letter) -> None:
    """Attachments lie in the blob store before a row names them."""
    for attachment in letter.files():
        installation.blobs.put(attachment.content)


def _take(session: Session, mail_id: int, proved: Member | None, seen: KeptMail) -> bool:
    """Take the row; False when somebody else did, or is at it, or acted on it since it was read."""
    row = _TAKE.first(session, mail_id=mail_id)
    if row is None:
        return False
    return proved is not None or (row.status in OPEN and bool(row.again) == seen.again)


def _finish(session: Session, mail: KeptMail, found: Understanding | None) -> str:
    """Close the row, as far as its recipients were looked at; the status that it has then."""
    for address, _key in mail.recipients:
        _MARK.all(session, of_mail=mail.id, address=address)
    if found is None:
        return str(_CLOSE_AGAIN.value(session, mail_id=mail.id))
    status = _FINISH.value(
        session,
        mail_id=mail.id,
        company_id=found.company_id,
        author=found.letter.author,
        kind=found.kind.value,
        message_id=found.letter.message_id or None,
        verdict=found.verdict.as_json(),
        understanding=understanding_as_json(found),
        acted_at=clock.now(),
    )
    return str(status)


def _waiting(session: Session, mail: KeptMail, found: Understanding) -> Sequence[int]:
    """The next undone mail of the same thread, which may have waited for this one."""
    return sorted(_undone(session, mail, found, earlier=False))[:1]


@retried
def _fail(installation: Installation, mail_id: int, error: Exception, *, at_once: bool = False) -> None:
    now = clock.now()
    with installation.database.write() as session:
        row = session.execute(select(Mail.tries, Mail.status).where(Mail.id == mail_id)).one_or_none()
        if row is None or row.status not in OPEN:
            return
        tries = row.tries + 1
        ours = away(error)  # the database's fault is not the mail's: it is tried again sooner, and never given up
        given_up = at_once or (tries >= installation.mail_tries and not ours)
        session.execute(
            update(Mail)
            .where(Mail.id == mail_id)
            .values(
                status=(MailStatus.QUARANTINED if given_up else MailStatus.FAILED).value,
                tries=tries,
                reason=f"{type(error).__name__}: {error}"[:500],
                due=now + timedelta(seconds=2 ** min(tries, 10) * (0.5 if ours else 5)),
            ),
            execution_options={"synchronize_session": False},
        )
    if given_up:
        log.error("mail_quarantined", mail=mail_id, tries=tries)
        _tell_author(installation, mail_id)


def _tell_author(installation: Installation, mail_id: int) -> None:
    try:
        with installation.database.read() as session:
            mail = kept_mail(session, installation, mail_id)
        if mail is not None:
            tell_author(installation, mail)
    except Exception:
        # Whatever made the mail fail may stand in the way here too; it stays in quarantine, where it is seen.
        log.exception("author_not_told", mail=mail_id)


def default_reader() -> Read:
    """The reader of attachments that this process uses."""
    from inbound.reader import read_attachment

    return read_attachment
