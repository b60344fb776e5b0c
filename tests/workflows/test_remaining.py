"""What is left to invoice: counted, reserved under the lock, given back."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import update

from store.documents import Document
from store.installation import Installation
from tests.inbound.web.world import ANA, BOLTWERK, FERRUM, OWNER, World, make_world
from tests.workflows.test_perform import acting, take
from workflows import drafting, intake, invoices, orders
from workflows.engine.content import Reason
from workflows.invoices import EditLine, InvoiceStatus
from workflows.people import Side
from workflows.remaining import counted, orders_to_invoice, taken

D = Decimal


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme and its suppliers; no order yet."""
    return make_world(installation)


def a_draft(world: World, order: int, number: str, *wanted: tuple[int, int]) -> int:
    """A draft of some lines of an order, or of all that is left."""
    lines = [EditLine(n, D(quantity)) for n, quantity in wanted]
    with acting(world, ANA, f"draft:{number}") as act:
        done = drafting.draft_from_order(act, order, number, D(20), lines, whole=not wanted)
        return done.document.id


def left(world: World, supplier: str = FERRUM) -> int:
    with world.installation.database.read() as session:
        supplier_id = intake.find_supplier(session, world.company_id, supplier)
        return orders_to_invoice(session, world.company_id, supplier_id)


def used(world: World, order: int, without: int | None = None) -> dict[int, Decimal]:
    with world.installation.database.read() as session:
        return {n: quantity for (_, n), quantity in taken(session, [order], without).items()}


def test_f22_orders_with_something_left_are_counted(world: World) -> None:
    """Two orders of one supplier; the other has none."""
    assert left(world) == 0
    world.order("PO-1")
    world.order("PO-2")
    assert (left(world), left(world, BOLTWERK)) == (2, 0)


def test_f22_an_order_is_counted_until_all_of_it_is_invoiced(world: World) -> None:
    """A draft takes nothing, a part leaves it open, the rest closes it."""
    order = world.order("PO-1")
    part = a_draft(world, order, "1", (1, 4))
    assert left(world) == 1
    take(world, ANA, invoices.confirm, part)
    assert (left(world), used(world, order)) == (1, {1: D(4)})
    rest = a_draft(world, order, "2")
    assert [line.quantity for line in world.document(rest).content.lines] == [D(6), D(20)]
    take(world, ANA, invoices.confirm, rest)
    assert left(world) == 0


@pytest.mark.parametrize("step", [invoices.reject, invoices.withdraw])
def test_f22_what_is_rejected_or_withdrawn_can_be_invoiced_again(world: World, step: Any) -> None:
    """Its quantities are given back."""
    order = world.order("PO-1")
    draft = a_draft(world, order, "1")
    take(world, ANA, invoices.confirm, draft)
    assert left(world) == 0
    take(world, OWNER if step is invoices.reject else ANA, step, draft, Reason("twice"))
    assert (left(world), used(world, order)) == (1, {})


@pytest.mark.parametrize(("step", "who"), [(orders.cancel, OWNER), (orders.refuse, ANA)])
def test_f22_a_canceled_or_refused_order_is_not_counted(world: World, step: Any, who: str) -> None:
    """Nothing is to be invoiced of it."""
    take(world, who, step, world.order("PO-1"), Reason("no"))
    assert left(world) == 0


def test_f22_the_counter_is_the_suppliers_alone(world: World) -> None:
    """The customer's notices do not carry it."""
    order = world.document(world.order("PO-1"))
    with world.installation.database.read() as session:
        assert counted(session, order, Side.SUPPLIER) == {"remaining": {"orders": 1}}
        assert counted(session, order, Side.BUYER) == {}


def test_an_invoice_under_revision_keeps_what_it_holds_and_is_not_in_its_own_way(world: World) -> None:
    """Corrected to less, the rest is free at once; its own quantities never count against it."""
    order = world.order("PO-1")
    draft = a_draft(world, order, "1")
    take(world, ANA, invoices.confirm, draft)
    take(world, OWNER, invoices.send_back, draft, Reason("only 8 came"))
    assert used(world, order) == {1: D(10), 2: D(20)}
    assert used(world, order, without=draft) == {}
    take(world, ANA, invoices.edit, draft, invoices.Edit(lines=[EditLine(1, D(8))]))
    assert used(world, order) == {1: D(8), 2: D(20)}
    assert [d.code for d in world.document(draft).content.differences] == ["qty_under"]


def test_two_invoices_for_the_last_units_cannot_both_pass(world: World) -> None:
    """The second one finds nothing left, whatever its draft said before."""
    order = world.order("PO-1")
    first, second = a_draft(world, order, "1"), a_draft(world, order, "2")
    assert world.document(second).content.differences == []
    assert take(world, ANA, invoices.confirm, first).to_status == "pending"
    assert take(world, ANA, invoices.confirm, second).to_status == "matching"
    found = {d.code for d in world.document(second).content.differences}
    assert found == {"qty_over_remaining", "duplicate"}  # of the same day and amount, too


def test_invoices_confirmed_at_the_same_moment_do_not_take_the_same_units(world: World) -> None:
    """Six drafts for all of one order, confirmed by six threads at once: one agrees, five differ."""
    order = world.order("PO-1")
    drafts = [a_draft(world, order, str(n)) for n in range(6)]
    barrier, reached = Barrier(len(drafts)), []

    def confirm(draft: int) -> None:
        barrier.wait()
        reached.append(take(world, ANA, invoices.confirm, draft).to_status)

    threads = [Thread(target=confirm, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reached) == ["matching"] * 5 + ["pending"]


def test_one_invoice_for_two_orders_takes_from_each(world: World) -> None:
    """Line 1 of both: each with its own order's."""
    from inbound.documents.document import read_document
    from tests.inbound.post import an_invoice

    first, second = world.order("PO-1"), world.order("PO-2", text_of="Rim")
    reading = read_document(an_invoice(order="PO-1"), "invoice.xml")
    assert reading is not None
    with acting(world, ANA, "mail:1") as act:
        supplier_id = intake.find_supplier(act.session, act.company.id, FERRUM)
        orders_named = {"PO-1": first, "PO-2": second}
        made = drafting.draft_from_reading(act, reading, "0" * 64, supplier_id, orders_named).document
    assert {line.order_id for line in made.content.lines} == {first}
    assert [d.code for d in made.content.differences] == ["qty_under", "qty_under"]


@pytest.mark.parametrize("status", InvoiceStatus)
def test_an_invoice_in_any_status_but_three_holds_its_quantities(world: World, status: InvoiceStatus) -> None:
    """A status that nobody thought of here does not let an order be invoiced twice."""
    order = world.order("PO-1")
    draft = a_draft(world, order, "1", (1, 4))
    with world.installation.database.write() as session:
        session.execute(update(Document).where(Document.id == draft).values(status=status.value))
    holds = status not in (InvoiceStatus.DRAFT, InvoiceStatus.REJECTED, InvoiceStatus.CANCELED)
    assert used(world, order).get(1, D(0)) == (D(4) if holds else D(0))
