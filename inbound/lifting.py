"""Looks again at a mail that proved too little, when the same letter came by a hop that proves more.

People's mail comes twice: forwarded by a rule, which breaks its proofs, and by itself. What waits for a confirm link
is then done as if the better copy had come first: with that copy's own head and for that copy's own recipients alone,
so that nobody's proof serves for an address that somebody else put the letter to.
"""

from __future__ import annotations

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from inbound.acting import carry_out
from inbound.attached import Read
from inbound.kept import Copy, KeptMail, copies_of, judged
from inbound.letter import read_letter
from inbound.told import understanding_as_json
from inbound.understanding import understand
from inbound.understood import Understanding
from inbound.verdict import Verdict
from store import clock
from store.conflicts import retried
from store.installation import Installation
from store.journal import Link
from store.mails import Mail, MailCopy

log = structlog.get_logger()

_QUIETLY = {"synchronize_session": False}


def look_again(installation: Installation, mail: KeptMail, read: Read) -> None:
    """Judge the copies of *mail*, and do what the mail says as the first of them that proves its author says it."""
    with installation.database.read() as session:
        copies = copies_of(session, mail)
    lifted = False
    for copy in copies:
        letter = read_letter(copy.source)
        verdict = judged(installation, copy, letter)
        found = None
        if verdict.level == "authenticated" and copy.recipients and not lifted:
            with installation.database.read() as session:
                found = understand(
                    session, installation, letter, copy.recipients, read, None, mail.received_at, verdict
                )
            for attachment in letter.files():
                installation.blobs.put(attachment.content)
        lifted |= _close(installation, mail, copy, verdict, found)


@retried
def _close(
    installation: Installation, mail: KeptMail, copy: Copy, verdict: Verdict, found: Understanding | None
) -> bool:
    """Keep the verdict of *copy*; act on what was *found* in it, and say whether that was done."""
    with installation.database.write() as session:
        waits = session.scalar(select(Mail.waits).where(Mail.id == mail.id).with_for_update())
        session.execute(
            update(MailCopy).where(MailCopy.id == copy.id).values(verdict=verdict.as_json()), execution_options=_QUIETLY
        )
        if found is None or not waits:
            return False
        found.because("copy", "the same letter came by a hop that proves more, while it waited for its author")
        waits_no_more(session, mail.id)
        carry_out(installation, session, mail, found)
        session.execute(
            update(Mail)
            .where(Mail.id == mail.id)
            .values(verdict=verdict.as_json(), understanding=understanding_as_json(found)),
            execution_options=_QUIETLY,
        )
        if not session.scalar(select(Mail.waits).where(Mail.id == mail.id)):
            session.execute(
                update(Link).where(Link.mail_id == mail.id, Link.revoked_at.is_(None)).values(revoked_at=clock.now()),
                execution_options=_QUIETLY,
            )
    log.info("mail_lifted", mail=mail.id)
    return True


def waits_no_more(session: Session, mail_id: int) -> None:
    """The mail waits for nobody, unless what follows asks for proof again."""
    session.execute(update(Mail).where(Mail.id == mail_id).values(waits=False), execution_options=_QUIETLY)
