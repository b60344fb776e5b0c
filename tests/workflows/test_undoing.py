"""B14: a step can be taken back for a set time by whoever took it, while nothing followed from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from store import clock
from store.documents import Version
from store.installation import Installation
from store.journal import Timer
from tests.inbound.web.world import ANA, BEN, COLLEAGUE, OWNER, World, make_world
from tests.workflows.test_credit_notes import a_reading, credit
from tests.workflows.test_perform import a_draft, acting, take
from workflows import invitations, invoices, orders, proposals
from workflows.credit_notes import credit_notes
from workflows.engine import registry
from workflows.engine.content import Nothing, Reason
from workflows.engine.journal import chain_holds
from workflows.engine.perform import Performed
from workflows.engine.undoing import take_back
from workflows.errors import NotFound, ProofMissing, Refusal, TransitionNotAllowed
from workflows.house_rules import set_rules
from workflows.notes import add_note
from workflows.people import Side, Trust

D = Decimal
START = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def hand() -> Iterator[list[datetime]]:
    """The clock: its first element is now."""
    hand = [START]
    clock.set_source(lambda: hand[0])
    yield hand
    clock.set_source(None)


@pytest.fixture
def world(installation: Installation, hand: list[datetime]) -> World:
    """Acme with an order PO-1 to Ferrum."""
    made = make_world(installation)
    made.order()
    return made


def undo(world: World, who: str, document_id: int, cause: str = "", **more: Any) -> Performed:
    trust = more.pop("trust", Trust.PERSONAL)
    with acting(world, who, cause or f"undo:{who}:{document_id}", trust) as act:
        return take_back(document_id, act, **more)


def timers(world: World, document_id: int) -> set[str]:
    with world.installation.database.read() as session:
        return set(session.scalars(select(Timer.step).where(Timer.document_id == document_id)))


def contents(world: World, document_id: int) -> list[Any]:
    with world.installation.database.read() as session:
        found = select(Version.content).where(Version.document_id == document_id).order_by(Version.version)
        return list(session.scalars(found))


def test_b14_content_and_status_are_as_before_in_a_new_version(world: World) -> None:
    """Nothing is erased: both steps stand in the record, whose chain holds, and old links are stale."""
    draft = a_draft(world)
    take(world, ANA, invoices.edit, draft, invoices.Edit(lines=[invoices.EditLine(1, D(3))]))
    before = world.document(draft)
    done = undo(world, ANA, draft)
    after = world.document(draft)
    assert (done.from_status, done.to_status, done.undone) == ("draft", "draft", "edit")
    assert after.content.lines[0].quantity == D(10)
    assert after.content.gross == D(contents(world, draft)[0]["gross"])
    assert after.version == before.version + 1 == after.links_from
    assert world.events(draft) == ["invoice.drafted", "invoice.edited", "invoice.undone"]
    with world.installation.database.read() as session:
        assert chain_holds(session, draft)


def test_b14_a_draft_that_is_a_draft_again_is_reminded_of_again(world: World) -> None:
    """Its timers went with its confirmation, and come back with it."""
    draft = a_draft(world)
    take(world, ANA, invoices.confirm, draft)
    assert timers(world, draft) == set()
    assert undo(world, ANA, draft).to_status == "draft"
    assert timers(world, draft) == {"hand_over", "remind"}


@pytest.mark.parametrize(("minutes", "fits"), [(60, True), (61, False)])
def test_b14_the_time_is_an_hour_if_nothing_else_is_said(
    world: World, hand: list[datetime], minutes: int, fits: bool
) -> None:
    """A minute later it is refused, with the moment of the step."""
    draft = a_draft(world)
    take(world, ANA, invoices.confirm, draft)
    hand[0] = START + timedelta(minutes=minutes)
    if fits:
        assert undo(world, ANA, draft).to_status == "draft"
        return
    with pytest.raises(TransitionNotAllowed, match="for 60 minutes; that was at moment:2026-11-24T09:00"):
        undo(world, ANA, draft)


def test_b14_a_company_may_give_more_time_and_a_mail_counts_from_when_it_came(
    world: World, hand: list[datetime]
) -> None:
    """A day, here; what was asked for in time is done though it waited."""
    set_rules(world.installation, world.company_id, by=OWNER, said={"undo_minutes": "1440"})
    draft = a_draft(world)
    take(world, ANA, invoices.confirm, draft)
    hand[0] = START + timedelta(days=3)
    with pytest.raises(TransitionNotAllowed):
        undo(world, ANA, draft)
    assert undo(world, ANA, draft, at=START + timedelta(hours=23)).to_status == "draft"


def test_b14_it_acts_once_for_its_cause(world: World) -> None:
    """The same mail routed again takes back nothing more."""
    draft = a_draft(world)
    take(world, ANA, invoices.edit, draft, invoices.Edit(comment="By ship"), cause="mail:1:edit")
    take(world, ANA, invoices.confirm, draft, cause="mail:2:confirm")
    assert undo(world, ANA, draft, "mail:3:undo").to_status == "draft"
    assert undo(world, ANA, draft, "mail:3:undo").repeated
    assert world.document(draft).content.comment == "By ship"


def test_b14_what_one_mail_did_is_taken_back_together(world: World) -> None:
    """Its change of a line and its word to send it."""
    draft = a_draft(world)
    edit = invoices.Edit(lines=[invoices.EditLine(1, D(3))])
    take(world, ANA, invoices.edit, draft, edit, cause="mail:7:edit")
    take(world, ANA, invoices.confirm, draft, cause="mail:7:confirm")
    assert undo(world, ANA, draft).to_status == "draft"
    assert world.document(draft).content.lines[0].quantity == D(10)


def test_b14_what_moved_on_stays(world: World) -> None:
    """The customer has decided by now: the supplier's sending is not theirs to take back."""
    draft = a_draft(world)
    take(world, ANA, invoices.confirm, draft)
    take(world, OWNER, invoices.approve, draft)
    with pytest.raises(TransitionNotAllowed, match="can no longer be done"):
        undo(world, ANA, draft)
    assert undo(world, OWNER, draft).to_status == "pending"
    with pytest.raises(TransitionNotAllowed, match="can no longer be done"):
        undo(world, ANA, draft, "later")


def test_b14_nobody_takes_back_what_another_did(world: World) -> None:
    """Neither a colleague, nor the other side, nor another supplier's people."""
    draft = a_draft(world)
    take(world, ANA, invoices.confirm, draft)
    for who in (OWNER, COLLEAGUE, BEN):
        with pytest.raises(NotFound):
            undo(world, who, draft)
    assert world.document(draft).status == "pending"


@pytest.mark.parametrize("trust", [Trust.THREAD, Trust.KNOWN])
def test_b14_it_needs_the_proof_that_the_step_needed(world: World, trust: Trust) -> None:
    """An approval is the authenticated person's."""
    draft = a_draft(world)
    take(world, ANA, invoices.confirm, draft)
    take(world, OWNER, invoices.approve, draft)
    with pytest.raises(ProofMissing):
        undo(world, OWNER, draft, trust=trust)


def test_b14_notes_do_not_stand_in_the_way_where_the_step_is_seen(world: World) -> None:
    """By mail a later note makes it unclear what is meant; a page names the step."""
    draft = a_draft(world)
    take(world, ANA, invoices.confirm, draft)
    with acting(world, ANA, "mail:9:said") as act:
        add_note(draft, "By the way", act)
    with pytest.raises(TransitionNotAllowed, match="passed on"):
        undo(world, ANA, draft)
    assert undo(world, ANA, draft, "page:1", sees_which=True).to_status == "draft"


def test_b14_who_was_told_is_told_again_and_nobody_else(world: World) -> None:
    """The owner was asked to approve; an edit was nobody's news."""
    draft = a_draft(world)
    take(world, ANA, invoices.edit, draft, invoices.Edit(comment="By ship"))
    undo(world, ANA, draft, "first")
    assert world.notices("step-undone") == []
    take(world, ANA, invoices.confirm, draft)
    undo(world, ANA, draft, "second")
    assert world.notices("step-undone") == [("step-undone", OWNER)]


def test_b14_a_rejection_taken_back_competes_for_what_it_gave_back(world: World) -> None:
    """Another invoice took the quantities meanwhile: this one is more than what is left, and says so."""
    first, second = a_draft(world, "1"), a_draft(world, "2")
    take(world, ANA, invoices.confirm, first)
    take(world, OWNER, invoices.reject, first, Reason("No"))
    take(world, ANA, invoices.confirm, second)
    assert world.document(second).status == "pending"
    assert undo(world, OWNER, first).to_status == "matching"
    assert {d.code.value for d in world.document(first).content.differences} >= {"qty_over_remaining"}


def test_b14_an_award_stays_for_everybody_was_told(world: World) -> None:
    """The others know that they lost."""
    world.request()
    proposal = world.newest("proposal", "Ferrum Ltd").id
    quote = proposals.Quote([proposals.QuoteLine(n, D(n)) for n in (1, 2, 3)])
    take(world, ANA, proposals.quote, proposal, quote)
    take(world, ANA, proposals.confirm, proposal)
    take(world, OWNER, proposals.award, proposal)
    with pytest.raises(TransitionNotAllowed, match="cannot be taken back"):
        undo(world, OWNER, proposal)


def test_b14_a_proposal_is_taken_back_until_the_deadline(world: World, hand: list[datetime]) -> None:
    """Afterwards it is what was offered."""
    world.request(deadline=START + timedelta(minutes=30))
    proposal = world.newest("proposal", "Ferrum Ltd").id
    quote = proposals.Quote([proposals.QuoteLine(n, D(n)) for n in (1, 2, 3)])
    take(world, ANA, proposals.quote, proposal, quote)
    take(world, ANA, proposals.confirm, proposal)
    hand[0] = START + timedelta(minutes=31)
    with pytest.raises(TransitionNotAllowed, match="The deadline of"):
        undo(world, ANA, proposal)
    hand[0] = START + timedelta(minutes=29)
    assert undo(world, ANA, proposal).to_status == "draft"


def test_b14_what_invoices_were_compared_with_stays(world: World) -> None:
    """The owner accepted other prices, and an invoice stands that was compared with them."""
    order = world.newest("order").id
    take(world, ANA, orders.counter, order, orders.Counter([orders.CounterLine(1, D("4.60"))]))
    take(world, OWNER, orders.approve, order)
    assert undo(world, OWNER, order, "first").to_status == "countered"
    take(world, OWNER, orders.approve, order, cause="again")
    take(world, ANA, invoices.confirm, a_draft(world))
    with pytest.raises(TransitionNotAllowed, match="Invoices have been compared"):
        undo(world, OWNER, order, "second")


def test_b14_an_approval_that_a_credit_note_counts_on_stays(world: World) -> None:
    """And so does the credit note's own, whose quantities may be invoiced again already."""
    invoice = a_draft(world)
    take(world, ANA, invoices.confirm, invoice)
    take(world, OWNER, invoices.approve, invoice)
    note = credit(world, a_reading((1, 2, "4.50")))
    take(world, ANA, credit_notes.named("confirm"), note)
    take(world, OWNER, credit_notes.named("approve"), note)
    with pytest.raises(TransitionNotAllowed, match="A credit note for 22914"):
        undo(world, OWNER, invoice)
    with pytest.raises(TransitionNotAllowed, match="cannot be taken back"):
        undo(world, OWNER, note)


def test_b14_an_invitation_declined_by_mistake_can_be_accepted(world: World) -> None:
    """It is as it was sent."""
    invitation = world.newest("invitation", "Ferrum Ltd").id
    take(world, ANA, invitations.decline, invitation, Reason(""))
    assert undo(world, ANA, invitation).to_status == "sent"
    assert take(world, ANA, invitations.accept, invitation, Nothing()).to_status == "by_mail"


def test_b14_every_deciding_step_says_whether_it_can_be_taken_back() -> None:
    """Those that cannot are few, and each for a reason: they tell others of something that follows."""
    lasting = {
        step.full_name
        for flow in registry.all_workflows().values()
        for step in flow.steps.values()
        if step.deciding and step.who.side is not Side.SYSTEM and step.undo is None
    }
    assert lasting == {"proposal.award", "request.cancel", "credit_note.approve"}


def test_b14_where_nothing_was_done_nothing_is_taken_back(world: World) -> None:
    """It says so."""
    with pytest.raises(Refusal, match="nothing of yours"):
        undo(world, ANA, world.newest("order").id)
