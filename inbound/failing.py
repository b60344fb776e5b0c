"""Tells the author of a mail that was given up that nothing was done with it: nothing is dropped silently."""

from __future__ import annotations

from inbound.answer import is_ours
from inbound.kept import KeptMail, judged
from inbound.kind import Kind, kind_of
from inbound.letter import read_letter
from inbound.threads import find_threads
from outbound.notices import Recipient, queue
from store.installation import Installation
from store.parties import Company
from workflows.engine.act import Act
from workflows.parties import memberships
from workflows.people import SYSTEM

_ONCE_A_DAY = "mail-failed"


def tell_author(installation: Installation, mail: KeptMail) -> None:
    """Queue `mail-failed` to a person who is known here or wrote into a thread of ours; once a day."""
    letter = read_letter(mail.source)
    author = letter.author
    if not author or kind_of(letter)[0] is not Kind.PERSON:
        return
    proved_wrong = judged(installation, mail, letter).level == "failed"
    with installation.database.read() as session:
        threads = find_threads(session, installation, letter, mail.recipients)
    if not threads:
        return
    with installation.database.write(threads[0].company_id) as session:
        company = session.get_one(Company, threads[0].company_id)
        act = Act(installation, session, company, SYSTEM, _ONCE_A_DAY, mail_id=mail.id)
        known = memberships(session, company.id, author)
        by_thread = threads[0].document_id is not None and not threads[0].named
        if is_ours(act, author) or (not known and (proved_wrong or not by_thread)):
            return
        stranger = Recipient(None, letter.from_name or author, author, company.language, None)
        queue(
            session,
            installation,
            company,
            "mail-failed",
            known[0].recipient(company) if known else stranger,
            {"answer": None},
            cause=f"{act.cause}:{act.now.date().isoformat()}",
            now=act.now,
            in_reply_to=letter.message_id or None,
        )
