"""What the page of a kept mail shows: how it was understood, and what may be done with one that waits for somebody.

Only the people of the company that it came to see it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from inbound.kept import kept_mail
from inbound.letter import Letter, read_letter
from inbound.parting import WORDS, Part, left_of, matters
from inbound.triage import WHY
from store.documents import Document
from store.installation import Installation
from store.mails import Mail
from store.parties import Company, Supplier
from store.triage import Triage, TriageState
from store.types import dump_json
from templates.environment import Reader
from workflows.parties import Member, member
from workflows.people import Side
from workflows.remaining import OPEN_ORDERS
from workflows.sign_in import SignedIn

MOST = 2_000
"""Suppliers, and open orders, to choose from."""
PART = "part-"
"""Begins the name of the box that ticks a file."""
TOGETHER = "with-"
"""Begins the name of the box that ticks another mail of the same sender."""
MOST_TOGETHER = 20
MOST_WORDS = 5_000
"""Characters of a mail that its page shows; all of them are in the mail as it came."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail that somebody of its company looks at; `triage_id` is that of its entry, if it has one."""

    mail_id: int
    path: str
    company_id: int
    member: Member
    understanding: Mapping[str, Any]
    """Without its steps where they tell of another company, too."""
    triage_id: int | None

    def source(self, installation: Installation) -> bytes:
        """The mail as it came."""
        with installation.database.read() as session:
            mail = kept_mail(session, installation, self.mail_id)
        assert mail is not None
        return mail.source


def look(installation: Installation, signed_in: SignedIn, digest: str) -> Seen:
    """The mail with this digest, for a person of the company that may read it; 404 for anybody else."""
    try:
        key = bytes.fromhex(digest[:64])
    except ValueError:
        raise HTTPException(404) from None
    with installation.database.read() as session:
        row = session.execute(
            select(Mail.id, Mail.company_id, Mail.understanding).where(Mail.digest == key)
        ).one_or_none()
        if row is None or row.company_id is None or not isinstance(row.understanding, dict):
            raise HTTPException(404)
        # A mail to several companies waits in each: who is of more than one is shown where it waits still.
        entries = session.execute(
            select(Triage.company_id, Triage.id)
            .where(Triage.mail_id == row.id)
            .order_by(Triage.state != TriageState.OPEN.value, Triage.id)
        ).all()
        found: list[tuple[int, int | None]] = [(one.company_id, one.id) for one in entries]
        for company_id, entry in (*found, (row.company_id, None)):
            one = member(session, company_id, signed_in.person_id)
            if (
                one is not None
                and one.side is Side.BUYER
                and may_see(row.understanding, company_id, held=entry is not None)
            ):
                said = _own(row.understanding, alone=company_id == row.company_id, company_id=company_id)
                return Seen(row.id, f"/mails/{digest}", company_id, one, said, entry)
    raise HTTPException(404)


def _own(understanding: Mapping[str, Any], company_id: int, *, alone: bool) -> Mapping[str, Any]:
    """What of an understanding is the company's: no step that names another's suppliers and orders."""
    others = any(one.get("company") != company_id for one in understanding.get("documents") or ())
    return understanding if alone and not others else {**understanding, "steps": ()}


def mail_facts(installation: Installation, signed_in: SignedIn, seen: Seen) -> tuple[dict[str, Any], Reader]:
    """What the page shows, and how the person reads."""
    with installation.database.read() as session:
        mail = session.get_one(Mail, seen.mail_id)
        company = session.get_one(Company, seen.company_id)
        entry = None if seen.triage_id is None else session.get_one(Triage, seen.triage_id)
        form = _form(session, seen, mail, entry) if entry is not None and entry.state == TriageState.OPEN else None
        decided = None if entry is None or entry.state == TriageState.OPEN else _decided(session, entry)
        suggested = entry.suggested if entry is not None and isinstance(entry.suggested, dict) else {}
    steps = seen.understanding.get("steps") or ()
    letter = read_letter(seen.source(installation))
    text = letter.text
    if form is not None and entry is not None:
        form |= _parts(letter, entry.suggested)
    facts = {
        "mail": {
            "author": mail.author,
            "subject": seen.understanding.get("subject") or "",
            "received_at": mail.received_at,
            "reason": mail.reason or "",
            "path": seen.path,
            "text": text[:MOST_WORDS].strip() + (" …" if len(text) > MOST_WORDS else ""),
            "proved": seen.understanding.get("trust") == "authenticated",
            "failed": seen.understanding.get("trust") == "failed",
        },
        "why": WHY.get(entry.why, entry.why) if entry is not None else "",
        "form": form,
        "decided": decided,
        "suggested": {"because": suggested.get("because") or [], "documents": suggested.get("documents") or []},
        "steps": [{"step": step, "reason": reason} for step, reason in steps],
        "company": {"name": company.name},
        "signed_in": True,
        "visitor": signed_in.address,
        "form_token": signed_in.form_token,
    }
    zone = signed_in.time_zone or company.time_zone
    reader = Reader(signed_in.language or company.language, signed_in.locale or "", zone)
    plain: dict[str, Any] = json.loads(dump_json(facts))
    return plain, reader


def _parts(letter: Letter, kept: Any) -> dict[str, Any]:
    """The files of a mail that may be given apart from each other, those that are left ticked."""
    left, files = left_of(letter, kept), matters(letter)
    if len(files) < 2:
        return {"parts": [], "words": True, "words_left": True}
    parts = [
        {"name": PART + f.sha256[:32], "file": f.name, "left": f.sha256 in left.files, "ticked": f.sha256 in left.files}
        for f in files
    ]
    return {"parts": parts, "words": left.words, "words_left": left.words and bool(letter.text.strip())}


def chosen_part(letter: Letter, kept: Any, values: Mapping[str, str]) -> Part:
    """What of a mail a form gives: what is ticked of that which is left."""
    left = left_of(letter, kept)
    files = frozenset(sha256 for sha256 in left.files if PART + sha256[:32] in values)
    return Part(files, left.words and WORDS in values)


def may_see(understanding: Mapping[str, Any], company_id: int, *, held: bool) -> bool:
    """Whether the company's people may read a mail and its steps: what a supplier wrote crosses by their word alone.

    A supplier's mail may hold what stays on their side, a comment or a bid that is still a draft; so only a mail that
    found no document, or one of the company's own people, is shown here. One that is *held* found none in this company.
    """
    documents = understanding.get("documents") or ()
    if understanding.get("home") is None:
        return True
    if held and all(one.get("document") is None for one in documents if one.get("company") == company_id):
        return True
    if any(one.get("company") != company_id for one in documents):
        return False
    return bool(documents) and all(one["writer"]["side"] == Side.BUYER.value for one in documents)


def _form(session: Session, seen: Seen, mail: Mail, entry: Triage) -> dict[str, Any]:
    """Whom the mail can be given to, and what is suggested."""
    suppliers = session.execute(
        select(Supplier.id, Supplier.public_id, Supplier.name)
        .where(Supplier.company_id == seen.company_id)
        .order_by(Supplier.name, Supplier.id)
        .limit(MOST)
    ).all()
    orders = session.execute(
        select(Document.id, Document.number, Supplier.name)
        .join(Supplier, Supplier.id == Document.supplier_id)
        .where(Document.company_id == seen.company_id, Document.kind == "order", Document.status.in_(OPEN_ORDERS))
        .order_by(Document.id.desc())
        .limit(MOST)
    ).all()
    suggested = entry.suggested if isinstance(entry.suggested, dict) else {}
    return {
        "suppliers": [{"id": row.public_id, "name": row.name} for row in suppliers],
        "orders": [{"number": row.number, "supplier": row.name} for row in orders if row.number],
        "supplier": next((row.public_id for row in suppliers if row.id == suggested.get("supplier")), ""),
        "order": next((row.number for row in orders if row.id == suggested.get("order")), ""),
        "remember": bool(mail.author) and seen.understanding.get("trust") == "authenticated",
        "can_remember": bool(mail.author),
        "together": _of_same_sender(session, seen, mail),
    }


def _of_same_sender(session: Session, seen: Seen, mail: Mail) -> list[dict[str, Any]]:
    """Other mails of the same author that wait in the company: they may belong together."""
    if not mail.author:
        return []
    rows = session.execute(
        select(Triage.id, Mail.received_at, Mail.understanding)
        .join(Mail, Mail.id == Triage.mail_id)
        .where(Triage.company_id == seen.company_id, Triage.state == TriageState.OPEN.value)
        .where(Mail.author == mail.author, Mail.id != mail.id)
        .order_by(Triage.id)
        .limit(MOST_TOGETHER)
    )
    return [
        {
            "name": f"{TOGETHER}{row.id}",
            "subject": (row.understanding or {}).get("subject") or "",
            "received_at": row.received_at,
        }
        for row in rows
    ]


def together_in(session: Session, seen: Seen, values: Mapping[str, str]) -> list[int]:
    """The entries of the same sender's mails that a form ticks."""
    mail = session.get_one(Mail, seen.mail_id)
    found = _of_same_sender(session, seen, mail)
    return [int(one["name"].removeprefix(TOGETHER)) for one in found if one["name"] in values]


def _decided(session: Session, entry: Triage) -> dict[str, Any]:
    """What was decided about the mail."""
    supplier = entry.supplier_id and session.scalar(select(Supplier.name).where(Supplier.id == entry.supplier_id))
    document = (
        entry.document_id
        and session.execute(
            select(Document.public_id, Document.kind, Document.number, Document.title).where(
                Document.id == entry.document_id
            )
        ).one_or_none()
    )
    return {
        "state": entry.state,
        "at": entry.decided_at,
        "supplier": supplier or "",
        "document": dict(document._mapping) if document else None,
    }
