"""Lets a supplier's people bring in their own: a proved user's word, or their click, makes a colleague a user."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from workflows.engine.act import Act
from workflows.engine.document import Document
from workflows.engine.journal import record_event
from workflows.engine.perform import Performed
from workflows.engine.telling import notify
from workflows.errors import DataMissing, NotTheirs, ProofMissing, TransitionNotAllowed
from workflows.intake import join
from workflows.notes import begin
from workflows.parties import members, memberships
from workflows.people import Side, Trust

STEP, DONE = "invite", "invited"
MOST = 200
"""People whom one supplier has here."""
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


def invite_user(document: Document[Any] | int, address: str, act: Act, name: str = "") -> Performed:
    """Make *address* one of the document's supplier's people, and tell them; once for the act's cause.

    *name* is what a person who is new here is called, if it is known.

    Raises `ProofMissing` where the writer is not surely one of these people, and refusals for an address that is none,
    or that takes part already on either side.
    """
    current, done = begin(document, act)
    if done:
        return replace(done, to_status=DONE)
    address = address.strip().lower()
    supplier_id = current.supplier_id
    if act.actor.side is not Side.SUPPLIER or supplier_id is None:
        raise NotTheirs("Only the supplier's own people can invite somebody here.")
    if act.actor.person_id is None or act.actor.trust < Trust.PERSONAL:
        raise ProofMissing("We cannot be sure who wrote this.")
    if len(address) > 254 or _ADDRESS.fullmatch(address) is None or address == act.company.mailbox:
        raise DataMissing("%(address)s is no mail address of a person.", address=address[:80])
    known = memberships(act.session, act.company.id, address)
    if any(one.supplier_id == supplier_id for one in known):
        raise TransitionNotAllowed("%(address)s takes part already.", address=address)
    if any(one.side is Side.BUYER for one in known):
        raise NotTheirs("%(address)s is one of %(company)s's own people.", address=address, company=act.company.name)
    if len(members(act.session, act.company.id, supplier_id)) >= MOST:
        raise TransitionNotAllowed("There are %(most)s people already.", most=MOST)
    event_id = record_event(
        act, current, STEP, f"{current.kind}.user_invited", current.status.value, {"address": address}
    )
    person_id = join(act.session, act.company.id, name or address.partition("@")[0], address, supplier_id)
    event = {"name": "user_invited", "by": act.actor.name, "side": act.actor.side.value, "reason": ""}
    act.session.flush()
    for person in members(act.session, act.company.id, supplier_id):
        if person.person_id == person_id:
            notify(act, current, "user-invited", person, event_id=event_id, event=event)
    return Performed(current, event_id, current.status.value, DONE)
