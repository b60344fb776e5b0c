"""The mails that wait for somebody of the company, newest first, as the home page and their own page list them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inbound.stuck import stuck_mails
from inbound.triage import WHY
from store.documents import Document
from store.installation import Installation
from store.mails import Mail
from store.parties import Membership, Supplier
from store.triage import Triage, TriageState
from workflows.sign_in import SignedIn

Facts = dict[str, Any]


def open_entries(session: Session, company_id: int, most: int, before: int | None = None) -> tuple[list[Facts], int]:
    """Up to *most* open entries older than the entry *before*; and the id to go on from, 0 at the end."""
    statement = (
        select(
            Triage.id, Triage.why, Triage.suggested, Mail.digest, Mail.author, Mail.received_at, Mail.understanding
        )
        .join(Mail, Mail.id == Triage.mail_id)
        .where(Triage.company_id == company_id, Triage.state == TriageState.OPEN.value)
        .order_by(Triage.id.desc())
        .limit(most + 1)
    )  # fmt: skip
    rows = session.execute(statement if before is None else statement.where(Triage.id < before)).all()
    found = [_entry(row) for row in rows[:most]]
    _name(session, company_id, found)
    return found, rows[most - 1].id if len(rows) > most else 0


def stuck_entries(session: Session, company_id: int, most: int) -> list[Facts]:
    """The mails that were given up, each with why."""
    return [
        {
            "path": f"/mails/{one.digest.hex()}",
            "author": one.sender,
            "received_at": one.received_at,
            "why": one.why,
        }
        for one in stuck_mails(session, company_id, most)
    ]


def stuck_mail_of(installation: Installation, signed_in: SignedIn, digest: str) -> int | None:
    """The given-up mail of *digest* that came to a company of which the person is; None for any other."""
    try:
        key = bytes.fromhex(digest[:64])
    except ValueError:
        return None
    with installation.database.read() as session:
        mine = session.scalars(
            select(Membership.company_id)
            .where(Membership.person_id == signed_in.person_id, Membership.supplier_id.is_(None))
            .limit(50)
        ).all()
        found = [one for company_id in mine for one in stuck_mails(session, company_id, 1, key)]
    return found[0].mail_id if found else None


def _entry(row: Any) -> Facts:
    said = row.understanding if isinstance(row.understanding, dict) else {}
    subject = said.get("subject")
    suggested = row.suggested if isinstance(row.suggested, dict) else {}
    return {
        "path": f"/mails/{bytes(row.digest).hex()}",
        "author": row.author,
        "received_at": row.received_at,
        "subject": subject if isinstance(subject, str) else "",
        "why": WHY.get(row.why, row.why),
        "suggested": suggested.get("supplier"),
        "order": suggested.get("order"),
    }


def _name(session: Session, company_id: int, entries: list[Facts]) -> None:
    """Put names where the suggestions have ids."""
    suppliers = {one["suggested"] for one in entries if one["suggested"]}
    orders = {one["order"] for one in entries if one["order"]}
    named = select(Supplier.id, Supplier.name).where(Supplier.company_id == company_id, Supplier.id.in_(suppliers))
    numbered = select(Document.id, Document.number).where(Document.company_id == company_id, Document.id.in_(orders))
    names = {row.id: row.name for row in session.execute(named)}
    numbers = {row.id: row.number for row in session.execute(numbered)}
    for one in entries:
        one["suggested"], one["order"] = names.get(one["suggested"]), numbers.get(one["order"])
