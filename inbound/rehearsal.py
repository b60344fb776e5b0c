"""Rehearses a mail: acts on it in a transaction that is undone, and composes the mails that would have gone out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from inbound.acting import carry_out
from inbound.kept import KeptMail
from inbound.understood import Understanding
from inbound.verdict import Hop
from outbound.facts import tidy
from store import clock
from store.installation import Installation
from store.journal import Notice
from store.mails import Mail, MailStatus
from store.parties import Company
from templates.environment import mail as rendered
from templates.environment import reader_of

log = structlog.get_logger()


class _Undo(Exception):
    """Raised to undo what was rehearsed."""


def rehearse(
    installation: Installation, source: bytes, recipients: Sequence[tuple[str, bytes | None]], found: Understanding
) -> list[dict[str, str]]:
    """The mails that would go out, oldest first: {"notice", "to", "subject", "text"}; nothing is kept.

    Raises what acting on the mail would raise.
    """
    rows: list[Any] = []
    try:
        with installation.database.write() as session:
            rows = _acted(installation, session, source, recipients, found)
            raise _Undo
    except _Undo:
        return [_composed(installation, row) for row in rows]


def _acted(
    installation: Installation,
    session: Session,
    source: bytes,
    recipients: Sequence[tuple[str, bytes | None]],
    found: Understanding,
) -> list[Any]:
    now = clock.now()
    newest = session.scalar(select(func.max(Notice.id))) or 0
    mail_id = session.execute(
        insert(Mail)
        .values(
            digest=secrets.token_bytes(32), way="rehearsal", sender="", size=len(source), received_at=now,
            status=MailStatus.KEPT.value, tries=0, due=now,
        )
        .returning(Mail.id)
    ).scalar_one()  # fmt: skip
    kept = KeptMail(
        mail_id, MailStatus.KEPT.value, "", source, tuple(recipients), again=False, received_at=now,
        company_id=found.company_id, way="rehearsal", hop=Hop(), verdict=found.verdict, waits=False,
    )  # fmt: skip
    carry_out(installation, session, kept, found)
    session.flush()
    columns = (Notice.name, Notice.to_address, Notice.language, Notice.facts, Company.time_zone)
    statement = select(*columns).join(Company, Company.id == Notice.company_id).where(Notice.id > newest)
    return list(session.execute(statement.order_by(Notice.id)))


def _composed(installation: Installation, row: Any) -> dict[str, str]:
    facts = tidy(row.facts)
    links = facts.get("links") or ()
    facts["links"] = [{**link, "url": f"{installation.base_url}/l/..."} for link in links]
    said = rendered(row.name, reader_of(row.language, "", row.time_zone), facts)
    return {"notice": row.name, "to": row.to_address, "subject": said.subject, "text": said.text}
