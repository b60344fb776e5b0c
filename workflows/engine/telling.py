"""Tells people what a step did: facts frozen now, and links for what they may do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from outbound.notices import Button, Recipient, queue
from store.parties import Person, Supplier
from store.prepared import Prepared
from workflows.engine.act import Act, GivenFile
from workflows.engine.document import Document
from workflows.engine.workflow import Step
from workflows.parties import Member, members
from workflows.people import Actor, Reader, Side, Trust
from workflows.sides import parties, wants

NAMING_PARTIES = frozenset({"order", "invoice", "credit_note"})
"""The kinds of documents that go to other systems, which must know who the sides are."""

OPEN = "open"
"""The link that opens the document itself."""

_AWAY = Prepared(select(Person.away_until).where(Person.id == bindparam("person_id")))
_SUPPLIER = Prepared(select(Supplier.name, Supplier.profile).where(Supplier.id == bindparam("supplier_id")))


def tell(act: Act, document: Document[Any], event_id: int, step: Step, reason: str) -> None:
    """Queue the notices that *step* declares for the status reached.

    Whoever acted by mail is answered by the read-back instead; who is away is not reminded of anything.
    """
    for reader, name in step.tells.get(document.status, ()):
        by = {"by": act.actor.name, "side": act.actor.side.value}
        event = {"name": step.event, **by, "reason": reason, "at": act.now}
        for person in readers(act, document, reader):
            if act.actor.by_mail and person.person_id == act.actor.person_id:
                continue
            if step.reminder and is_away(act, person.person_id):
                continue
            notify(act, document, name, person, event_id=event_id, event=event)


def is_away(act: Act, person_id: int) -> bool:
    """Whether the person's mail program told of an absence that is not over where the company is."""
    until: date | None = _AWAY.value(act.session, person_id=person_id)
    return until is not None and until >= local_day(act)


def local_day(act: Act) -> date:
    """Today, where the company is."""
    return act.now.astimezone(ZoneInfo(act.company.time_zone)).date()


def notify(
    act: Act,
    document: Document[Any],
    name: str,
    person: Member,
    *,
    event_id: int | None = None,
    event: Mapping[str, object] | None = None,
    more: Mapping[str, object] | None = None,
    shared: bool | None = None,
    in_reply_to: str | None = None,
) -> int | None:
    """Queue the notice *name* about *document* to one person, with the buttons for what they may do now."""
    recipient: Recipient = person.recipient(act.company)
    facts = {
        **document_facts(act, document, person.side),
        "event": event,
        "files": files(act.files),
        "cautions": [dict(caution) for caution in act.cautions] if person.side is Side.BUYER else [],
        **(more or {}),
    }
    return queue(
        act.session,
        act.installation,
        act.company,
        name,
        recipient,
        facts,
        cause=act.cause,
        now=act.now,
        document_id=document.id,
        event_id=event_id,
        buttons=buttons(document, person),
        shared=shared,
        in_reply_to=in_reply_to,
    )


def readers(act: Act, document: Document[Any], reader: Reader) -> list[Member]:
    """The people whom a reader word stands for, in this document."""
    if reader is Reader.SUPPLIER:
        return members(act.session, act.company.id, document.supplier_id)
    own = members(act.session, act.company.id, None)
    if reader is Reader.ACCOUNTS and (accounts := [m for m in own if "accounts" in m.roles]):
        return accounts
    return [m for m in own if m.person_id == document.owner_id] or own


def document_facts(act: Act, document: Document[Any], side: Side) -> dict[str, object]:
    """What a notice or a page shows of a document to *side*; see docs/facts.md."""
    row = _SUPPLIER.first(act.session, supplier_id=document.supplier_id)
    supplier, profile = (row.name, row.profile) if row else (None, None)
    shown = dict(document.content.facts())
    if side is Side.SUPPLIER and shown.get("report"):
        shown["report"] = [_without_limits(entry) for entry in shown["report"]]
    facts: dict[str, object] = {
        "supplier": {"name": supplier} if supplier else None,
        "differences": shown.pop("differences", []),
        "document": {
            "kind": document.kind,
            "public_id": document.public_id,
            "number": document.number,
            "title": document.title,
            "status": document.status.value,
            "currency": document.currency,
            "supplier": supplier,
            **shown,
        },
    }
    if document.kind in NAMING_PARTIES:
        facts["parties"] = parties(act.company, supplier, profile)
        facts["wants"] = wants(act.company, profile, side)
    more = document.workflow.more_facts
    if more is not None:
        facts.update(more(act.session, document, side))
    return facts


def _without_limits(entry: Mapping[str, Any]) -> dict[str, object]:
    """How a line was compared, for the supplier: what the customer tolerates would be an invitation to charge it."""
    checks = [
        {name: value for name, value in check.items() if name not in ("allowed", "left")}
        for check in entry.get("checks") or ()
        if not check.get("tolerated")
    ]
    return {name: value for name, value in entry.items() if name != "checks"} | ({"checks": checks} if checks else {})


def allowed(document: Document[Any], actor: Actor) -> list[Step]:
    """The steps that *actor* may take on *document* as it stands, in the order of their declaration."""
    return [s for s in document.workflow.steps.values() if document.status in s.sources and s.who(document, actor)]


def buttons(document: Document[Any], person: Member) -> list[Button]:
    """The buttons of a mail to *person*: the deciding steps, the first of them primary, and the one that opens it."""
    actor = person.actor(Trust.PERSONAL, "mail")
    deciding = [step for step in allowed(document, actor) if step.deciding]
    made = [Button(s.name, s is deciding[0], document.id, document.version) for s in deciding]
    return [*made, Button(OPEN, not deciding, document.id)]


def files(given: Sequence[GivenFile]) -> list[dict[str, object]]:
    """Files as a notice names them."""
    return [{"name": f.name, "type": f.type, "size": f.size, "blob": f.sha256} for f in given]
