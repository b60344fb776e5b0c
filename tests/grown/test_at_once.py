"""Two people who act at the same moment: one after the other in effect, and nobody is told of a deadlock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text

from store.conflicts import retried
from store.installation import Installation
from store.journal import Event, Notice
from store.parties import Company
from tests.inbound.web.world import ANA, BEN, BOLTWERK, COLLEAGUE, FERRUM, OWNER, World, make_world
from workflows.drafting import draft_from_order, draft_from_reading
from workflows.engine.act import Act
from workflows.engine.journal import chain_holds
from workflows.engine.perform import Performed, perform
from workflows.engine.registry import step_named
from workflows.errors import Refusal, TransitionNotAllowed
from workflows.intake import invite_supplier
from workflows.invoices import EditLine
from workflows.notes import add_note
from workflows.parties import memberships
from workflows.people import Trust
from workflows.reading import DocumentKind, Reading, ReadLine

ROUNDS = 6
Deed = Callable[[Act], Any]


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme and its two suppliers."""
    return make_world(installation)


@retried
def act(world: World, who: str, cause: str, deed: Deed) -> Any:
    """Let *who* do *deed* in one write transaction, as a page does."""
    with world.installation.database.write(world.company_id) as session:
        company = session.get_one(Company, world.company_id)
        actor = memberships(session, world.company_id, who)[0].actor(Trust.SIGNED_IN, "page")
        return deed(Act(world.installation, session, company, actor, cause))


def take(name: str, document_id: int, **said: object) -> Deed:
    """The step of this name on a document."""
    step = step_named(name)
    return lambda act: perform(step, document_id, step.data.validate_python(said), act)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Start all deeds at the same moment; what each returned, or the refusal that it met."""
    start = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(at: int, deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[at] = deed()
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            results[at] = error

    threads = [threading.Thread(target=run, args=(at, deed)) for at, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    unexpected = [r for r in results if isinstance(r, BaseException) and not isinstance(r, Refusal)]
    assert not unexpected, unexpected
    return results


def an_invoice(world: World, order_id: int, number: str, quantity: int) -> int:
    """Ana's draft for some pieces of the order's first line."""
    wanted = [EditLine(1, Decimal(quantity))]

    def draft(act: Act) -> Performed:
        return draft_from_order(act, order_id, number, Decimal(0), wanted, whole=False)

    made: Performed = act(world, ANA, f"draft {number}", draft)
    return made.document.id


def statuses(world: World, *ids: int) -> list[str]:
    """The present statuses of documents."""
    return [world.document(document_id).status.value for document_id in ids]


def test_two_invoices_for_the_last_units_do_not_both_pass(world: World) -> None:
    """Whichever is confirmed second is held against what is left: less than it bills.

    Each bills another quantity, or the alarm for the same sum on the same day would hold it too.
    """
    with world.installation.database.write() as session:
        session.get_one(Company, world.company_id).settings = {"partial_invoices": "pass"}
    for n in range(ROUNDS):
        order = world.order(f"PO-{n}", lines=1)
        first = an_invoice(world, order, f"A-{n}", 6)
        act(world, ANA, f"confirm {first}", take("invoice.confirm", first))
        last = [an_invoice(world, order, f"{name}-{n}", quantity) for name, quantity in (("B", 4), ("C", 3))]
        at_once(*(partial(act, world, ANA, f"confirm {i}", take("invoice.confirm", i)) for i in last))
        assert sorted(statuses(world, *last)) == ["matching", "pending"]
        held = next(i for i in last if statuses(world, i) == ["matching"])
        assert [d.code.value for d in world.document(held).content.differences] == ["qty_over_remaining"]


def test_two_invoices_of_one_number_that_come_at_once_see_each_other(world: World) -> None:
    """Even when they name no order, one of them is the duplicate."""
    line = ReadLine(id="1", text="Service", quantity=Decimal(1), unit="C62", unit_price=Decimal(9), net=Decimal(9))
    supplier_id = world.newest("invitation", FERRUM).supplier_id
    assert supplier_id is not None

    def read_in(number: str, sha256: str) -> Deed:
        reading = Reading(kind=DocumentKind.INVOICE, number=number, currency="EUR", lines=(line,))
        return lambda act: draft_from_reading(act, reading, sha256, supplier_id, {})

    for n in range(ROUNDS):
        made = at_once(*(partial(act, world, ANA, f"{n} {key}", read_in(f"N-{n}", key * 32)) for key in ("aa", "bb")))
        found = [[d.code.value for d in m.document.content.differences] for m in made]
        assert sum("duplicate" in codes for codes in found) == 1


def test_two_awards_of_one_request_make_one_winner(world: World) -> None:
    """The second is told in a sentence that its proposal has lost; no deadlock reaches anybody."""
    price: dict[str, Any] = {"lines": [{"n": n, "price": "2"} for n in (1, 2, 3)]}
    for n in range(ROUNDS):
        world.request(number=f"RFP-{n}")
        bids = {who: world.newest("proposal", supplier).id for who, supplier in ((ANA, FERRUM), (BEN, BOLTWERK))}
        for step, said in (("quote", price), ("confirm", {})):
            at_once(
                *(partial(act, world, w, f"{step} {b}", take(f"proposal.{step}", b, **said)) for w, b in bids.items())
            )
        results = at_once(*(partial(act, world, OWNER, f"award {b}", take("proposal.award", b)) for b in bids.values()))
        assert sorted(statuses(world, *bids.values())) == ["awarded", "lost"]
        assert [isinstance(r, TransitionNotAllowed) for r in results].count(True) == 1


def test_two_deciders_at_once_decide_once(world: World) -> None:
    """One approves while the other rejects: one of it happened, and the supplier is told one thing."""
    for n in range(ROUNDS):
        order = world.order(f"PO-{n}", lines=1)
        invoice = an_invoice(world, order, f"I-{n}", 10)
        act(world, ANA, f"confirm {invoice}", take("invoice.confirm", invoice))
        results = at_once(
            partial(act, world, OWNER, f"yes {invoice}", take("invoice.approve", invoice)),
            partial(act, world, OWNER, f"no {invoice}", take("invoice.reject", invoice, reason="Too dear")),
        )
        refused = [r for r in results if isinstance(r, Refusal)]
        assert len(refused) == 1
        assert statuses(world, invoice)[0] in ("approved", "rejected")
        with world.installation.database.read() as session:
            told = session.scalars(select(Notice.name).where(Notice.document_id == invoice, Notice.to_address == ANA))
            assert len([name for name in told if name in ("invoice-approved", "invoice-rejected")]) == 1


def test_one_button_pressed_twice_at_once_shows_one_result(world: World) -> None:
    """Both presses get the same event; nobody reads that it can no longer be done."""
    for n in range(ROUNDS):
        order = world.order(f"PO-{n}", lines=1)
        results = at_once(*(partial(act, world, ANA, f"link {order}", take("order.acknowledge", order)),) * 3)
        assert [isinstance(r, Performed) for r in results] == [True] * 3
        assert len({r.event_id for r in results}) == 1
        assert [r.repeated for r in results].count(False) == 1


def test_notes_steps_and_drafts_on_one_order_at_once_are_all_kept(world: World) -> None:
    """Whatever is done about one order at the same moment: each is an event, in one chain that holds."""
    for n in range(ROUNDS):
        order = world.order(f"PO-{n}", lines=1)
        invoice = an_invoice(world, order, f"I-{n}", 10)
        deeds: list[tuple[str, Deed]] = [
            (ANA, take("order.acknowledge", order)),
            (ANA, take("invoice.confirm", invoice)),
            (ANA, lambda act, i=invoice: add_note(i, "about the invoice", act)),
            (OWNER, lambda act, o=order: add_note(o, "about the order", act)),
            (COLLEAGUE, lambda act, o=order: add_note(o, "me too", act)),
        ]
        results = at_once(*(partial(act, world, w, f"{order}:{at}", d) for at, (w, d) in enumerate(deeds)))
        assert all(isinstance(r, Performed) for r in results)
        with world.installation.database.read() as session:
            assert all(chain_holds(session, document_id) for document_id in (order, invoice))
            causes = session.scalars(select(Event.cause).where(Event.cause.like(f"{order}:%"))).all()
        assert set(causes) >= {f"{order}:{at}" for at in range(len(deeds))}


def test_deadlock_is_done_again(world: World) -> None:
    """Two who take two documents in opposite order: one is undone, does it again, and both are kept."""
    if world.installation.database.sqlite:
        pytest.skip("writers take turns on SQLite")
    one, other = world.order("PO-1"), world.order("PO-2")
    both_hold = threading.Barrier(2, timeout=10)
    met = threading.Event()

    def both(first: int, second: int) -> Deed:
        def deed(act: Act) -> None:
            add_note(first, "one", act)
            if not met.is_set():
                both_hold.wait()
                met.set()
            act.cause += "/2"
            add_note(second, "two", act)

        return deed

    at_once(
        lambda: act(world, OWNER, "there", both(one, other)), lambda: act(world, COLLEAGUE, "back", both(other, one))
    )
    with world.installation.database.read() as session:
        causes = session.scalars(select(Event.cause).where(Event.step == "note")).all()
    assert sorted(causes) == ["back", "back/2", "there", "there/2"]


def test_invitations_of_one_new_person_by_two_make_one_person(world: World) -> None:
    """Two who invite the same address at once: nobody reads of a unique constraint."""
    for n in range(ROUNDS):
        invite = partial(
            invite_supplier, world.installation, world.company_id, name="Newcomer", address=f"new{n}@new.example"
        )
        at_once(*(partial(invite, by=by, cause=f"{by} {n}") for by in (OWNER, COLLEAGUE)))
    with world.installation.database.read() as session:
        people = session.scalar(text("select count(*) from person where address like 'new%@new.example'"))
    assert people == ROUNDS
