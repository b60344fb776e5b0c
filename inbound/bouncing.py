"""Acts on bounces: the address is flagged and the buyer is told what was not delivered; nothing is answered."""

from __future__ import annotations

from sqlalchemy import select, update

from inbound.bounces import bounces_of
from inbound.understood import Understanding
from store.installation import Installation
from store.journal import Notice
from store.parties import Person
from store.tokens import Purpose
from workflows.engine.act import Act
from workflows.engine.document import load
from workflows.engine.perform import perform
from workflows.engine.telling import notify, readers
from workflows.errors import Refusal
from workflows.people import SYSTEM, Reader, Side


def note_bounce(act: Act, found: Understanding, keys: list[bytes]) -> None:
    """Flag the addresses that failed for good, and tell the owners of the documents they were told about."""
    installation = act.installation
    for bounce in bounces_of(found.letter):
        notice = _notice_of(act, [*_original(installation, bounce.original_message_id), *keys])
        if notice is None or notice.person_id is None:
            found.because("bounce", f"{bounce.status}: no notice of ours")
            continue
        found.because(
            "bounce", f"{bounce.status}: notice {notice.name}, {'for good' if bounce.permanent else 'for now'}"
        )
        if not bounce.permanent:
            continue
        act.session.execute(
            update(Person).where(Person.id == notice.person_id).values(address_failed_at=act.now),
            execution_options={"synchronize_session": False},
        )
        if notice.document_id is not None and notice.side == Side.SUPPLIER:
            _tell_buyer(act, notice, bounce.recipient)


def _tell_buyer(act: Act, notice: Notice, address: str) -> None:
    assert notice.document_id is not None
    document = load(act.session, notice.document_id)
    follow = act.follow()
    if "fail" in document.workflow.steps:
        step = document.workflow.steps["fail"]
        try:
            with act.session.begin_nested():
                perform(step, document.id, step.data.validate_python({}), follow)
        except Refusal:
            pass  # it was answered meanwhile, by whatever way: the invitation did not fail
    for person in readers(follow, document, Reader.BUYER):
        event = {"name": "address.failed", "by": SYSTEM.name, "side": SYSTEM.side.value, "reason": ""}
        failed = {"failed": {"address": address or notice.to_address, "notice": notice.name}}
        notify(follow, document, "address-failed", person, event=event, more=failed)


def _notice_of(act: Act, keys: list[bytes]) -> Notice | None:
    if not keys:
        return None
    return act.session.scalars(
        select(Notice).where(Notice.company_id == act.company.id, Notice.key.in_(keys)).limit(1)
    ).one_or_none()


def _original(installation: Installation, message_id: str | None) -> list[bytes]:
    key = installation.tokens.key(Purpose.REPLY, (message_id or "").strip("<>").partition("@")[0])
    return [key] if key else []
