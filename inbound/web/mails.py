"""The page of a kept mail: how it was understood, step by step, for the people of the company that it came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlalchemy import select

from inbound.web.link_pages import SHOW, Held
from inbound.web.sessions import Whose
from inbound.web.view import go, page
from store.installation import Installation
from store.mails import Mail
from store.parties import Company
from templates.environment import Reader
from workflows.parties import member
from workflows.people import Side
from workflows.sign_in import SignedIn

router = APIRouter()


@router.api_route("/mails/{digest}", methods=SHOW)
def show(digest: str, installation: Held, signed_in: Whose) -> Response:
    """How the mail was understood; 404 for a mail that is not the person's company's to see."""
    if signed_in is None:
        return go("/sign-in")
    facts, reader = _facts(installation, signed_in, digest)
    return page("mail-explained", reader, facts)


def _facts(installation: Installation, signed_in: SignedIn, digest: str) -> tuple[dict[str, Any], Reader]:
    try:
        key = bytes.fromhex(digest[:64])
    except ValueError:
        raise HTTPException(404) from None
    with installation.database.read() as session:
        row = session.execute(
            select(Mail.company_id, Mail.author, Mail.received_at, Mail.status, Mail.reason, Mail.understanding).where(
                Mail.digest == key
            )
        ).one_or_none()
        if row is None or row.company_id is None or not isinstance(row.understanding, dict):
            raise HTTPException(404)
        one = member(session, row.company_id, signed_in.person_id)
        if one is None or one.side is not Side.BUYER or not may_see(row.understanding, row.company_id):
            raise HTTPException(404)
        company = session.get_one(Company, row.company_id)
        reader = Reader(
            signed_in.language or company.language, signed_in.locale or "", signed_in.time_zone or company.time_zone
        )
    facts = {
        "mail": {
            "author": row.author,
            "subject": row.understanding.get("subject") or "",
            "received_at": row.received_at.isoformat(),
            "reason": row.reason or "",
        },
        "steps": [{"step": step, "reason": reason} for step, reason in row.understanding.get("steps") or ()],
        "company": {"name": company.name},
        "signed_in": True,
        "visitor": signed_in.address,
        "form_token": signed_in.form_token,
    }
    return facts, reader


def may_see(understanding: Mapping[str, Any], company_id: int) -> bool:
    """Whether the company's people may read the steps of a mail: what a supplier wrote crosses by their word alone.

    A supplier's mail may hold what stays on their side, a comment or a bid that is still a draft; so only a mail that
    found no document, or one of the company's own people, is explained here.
    """
    documents = understanding.get("documents") or ()
    if any(one.get("company") != company_id for one in documents):
        return False
    if understanding.get("home") is None:
        return True
    return bool(documents) and all(one["writer"]["side"] == Side.BUYER.value for one in documents)
