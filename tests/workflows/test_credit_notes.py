"""B11: credit notes are compared with the invoice they credit; returns come back to the order, lower prices do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inbound.documents.document import read_document
from store.installation import Installation
from tests.inbound.post import a_credit_note
from tests.inbound.web.world import ANA, FERRUM, OWNER, World, make_world
from tests.workflows.test_perform import acting, take
from tests.workflows.test_remaining import used
from workflows import drafting, intake, invoices
from workflows.credit_notes import credit_notes
from workflows.engine.content import Reason
from workflows.errors import TransitionNotAllowed
from workflows.reading import Charge, DocumentKind, Reading, ReadLine

D = Decimal
step = credit_notes.named


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme with an order of 10 at 4.50 and 20 at 5.50, invoiced and approved as 22914."""
    made = make_world(installation)
    order = made.order("PO-1")
    with acting(made, ANA, "draft") as act:
        drafting.draft_from_order(act, order, "22914", D(20))
    invoice = made.newest("invoice").id
    take(made, ANA, invoices.confirm, invoice)
    take(made, OWNER, invoices.approve, invoice)
    return made


def a_reading(*lines: tuple[int, object, object], number: str = "G-1", **more: Any) -> Reading:
    """A credit note for 22914; *lines* are line, quantity and price."""
    read = tuple(
        ReadLine(str(n), None, str(n), text=f"Bracket {n}", quantity=D(str(q)), unit="C62", unit_price=D(str(p)))
        for n, q, p in lines
    )
    read = tuple(replace(line, net=(line.quantity or 0) * (line.unit_price or 0)) for line in read)
    net = more.pop("net", sum((line.net or D(0) for line in read), D(0)))
    tax = (net / 5).quantize(D("0.01"))
    more = {"credits": ("22914",), "currency": "EUR", "issue_date": date(2026, 11, 22), **more}
    kind = more.pop("kind", DocumentKind.CREDIT_NOTE)
    return Reading(kind, number=number, lines=read, net=net, tax=tax, gross=net + tax, **more)


def credit(world: World, reading: Reading, sha: str = "0") -> int:
    """A draft of a credit note that was read."""
    with acting(world, ANA, f"mail:{reading.number}:{sha}") as act:
        supplier_id = intake.find_supplier(act.session, act.company.id, FERRUM)
        return drafting.credit_from_reading(act, reading, sha * 64, supplier_id, {}, reading.credits).document.id


def found(world: World, note: int) -> list[tuple[str, str | None]]:
    """The differences of a credit note."""
    return [(d.code.value, d.reason) for d in world.document(note).content.differences]


@pytest.mark.parametrize(
    ("lines", "effect", "left"),
    [
        ([(1, 2, "4.50")], "return", {1: 8, 2: 20}),
        ([(1, 2, "4.50"), (2, 20, "5.50")], "return", {1: 8, 2: 0}),
        ([(1, 10, "0.50")], "price", {1: 10, 2: 20}),
        ([(1, 3, "4.50"), (2, 20, "1")], "mixed", {1: 7, 2: 20}),
        ([(1, 10, "4.50"), (2, 20, "5.50")], "cancellation", {1: 0, 2: 0}),
        ([(1, 10, "4.50"), (1, -8, "4.50")], "return", {1: 8, 2: 20}),
        ([(1, 10, "4.50"), (1, -10, "4.00")], "price", {1: 10, 2: 20}),
        ([(1, 10, "4.50"), (1, -8, "4.00")], "mixed", {1: 8, 2: 20}),
    ],
    ids=["return", "two returns", "price", "both", "all", "less as a difference", "cheaper as a difference", "both so"],
)
def test_b11_what_comes_back_is_free_to_invoice_from_the_approval_on(
    world: World, lines: Sequence[tuple[int, object, object]], effect: str, left: dict[int, int]
) -> None:
    """Nothing before; the effect says what it is for."""
    note = credit(world, a_reading(*lines))
    order = world.newest("order").id
    assert (found(world, note), world.document(note).content.effect) == ([], effect)
    assert take(world, ANA, step("confirm"), note).to_status == "pending"
    assert used(world, order) == {1: D(10), 2: D(20)}
    assert take(world, OWNER, step("approve"), note).to_status == "approved"
    assert used(world, order) == {n: D(quantity) for n, quantity in left.items()}


def test_b11_a_whole_amount_without_lines_takes_every_line_back(world: World) -> None:
    """ "We cancel our invoice 22914": the same total, nothing listed."""
    whole = world.newest("invoice").content
    reading = replace(a_reading(), net=whole.net, tax=whole.tax, gross=whole.gross)
    note = credit(world, reading)
    assert (found(world, note), world.document(note).content.effect) == ([], "cancellation")
    assert [line.quantity for line in world.document(note).content.lines] == [D(10), D(20)]


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (a_reading((1, 11, "4.50")), [("qty_over_remaining", None)]),
        (a_reading((1, 2, "5.00")), [("price_over", None)]),
        (a_reading((7, 1, "5.00")), [("new_item", None)]),
        (a_reading((1, 2, "4.50"), currency="USD"), [("currency_changed", None)]),
        (a_reading((1, 2, "4.50"), net=D("9.50")), [("tax_changed", None), ("sum_mismatch", None)]),
        (a_reading((1, 2, "4.50"), credits=("999",)), [("order_unknown", "invoice_unknown")]),
        (a_reading((1, 2, "4.50"), credits=()), [("order_unknown", "invoice_unknown")]),
        (
            a_reading((1, 2, "4.50"), net=D("209"), charges=(Charge("freight", D(200)),)),
            [("charge_added", None), ("price_over", "more_than_invoiced")],
        ),
    ],
    ids=["more", "dearer", "other item", "currency", "sum", "other invoice", "no invoice", "more in all"],
)
def test_b11_a_credit_note_that_differs_from_its_invoice_goes_to_a_person(
    world: World, reading: Reading, expected: list[tuple[str, str | None]]
) -> None:
    """Each difference once."""
    note = credit(world, reading)
    assert found(world, note) == expected
    assert take(world, ANA, step("confirm"), note).to_status == "matching"


def test_b11_two_credit_notes_cannot_both_return_the_same_pieces(world: World) -> None:
    """8 and 8 of 10: the second is over, and approved nevertheless gives back no more than 2."""
    order = world.newest("order").id
    first, second = (credit(world, a_reading((1, 8, "4.50"), number=n)) for n in ("G-1", "G-2"))
    assert take(world, ANA, step("confirm"), first).to_status == "pending"
    assert take(world, ANA, step("confirm"), second).to_status == "matching"
    assert ("qty_over_remaining", None) in found(world, second)
    for one in (second, first):
        take(world, OWNER, step("approve"), one)
    assert used(world, order) == {1: D(0), 2: D(20)}


@pytest.mark.parametrize("who", [OWNER, ANA])
def test_b11_a_credit_note_that_came_to_nothing_gives_nothing_back(world: World, who: str) -> None:
    """Rejected or withdrawn, the invoice's quantities stand."""
    note = credit(world, a_reading((1, 2, "4.50")))
    take(world, ANA, step("confirm"), note)
    take(world, who, step("reject" if who == OWNER else "withdraw"), note, Reason("no"))
    assert used(world, world.newest("order").id) == {1: D(10), 2: D(20)}


def test_b11_a_credit_note_is_not_approved_before_its_invoice_is_decided(installation: Installation) -> None:
    """Else the invoice, rejected later, would give back what came back already."""
    world = make_world(installation)
    order = world.order("PO-1")
    with acting(world, ANA, "draft") as act:
        drafting.draft_from_order(act, order, "22914", D(20))
    invoice = world.newest("invoice").id
    take(world, ANA, invoices.confirm, invoice)
    note = credit(world, a_reading((1, 2, "4.50")))
    take(world, ANA, step("confirm"), note)
    with pytest.raises(TransitionNotAllowed, match="invoice 22914 first"):
        take(world, OWNER, step("approve"), note)
    take(world, OWNER, invoices.reject, invoice, Reason("wrong"))
    take(world, OWNER, step("approve"), note)
    assert used(world, order) == {1: D(0)} or used(world, order) == {}


def test_b11_minus_signs_mean_the_same_credit_note(world: World) -> None:
    """Some programs write every amount of a credit note negative, and call it an invoice."""
    plain = a_reading((1, 2, "4.50"))
    lines = tuple(replace(line, quantity=-(line.quantity or 0), net=-(line.net or 0)) for line in plain.lines)
    turned = replace(plain, lines=lines, net=-(plain.net or 0), tax=-(plain.tax or 0), gross=-(plain.gross or 0))
    note = world.document(credit(world, turned)).content
    assert (note.gross, note.lines[0].quantity, note.lines[0].counted, note.effect) == (
        D("10.80"),
        D(2),
        D(-2),
        "return",
    )


def test_b11_a_copy_joins_the_credit_note_and_another_of_its_number_raises_the_alarm(world: World) -> None:
    """As with invoices; an invoice of the same number is another thing."""
    first = credit(world, a_reading((1, 2, "4.50"), number="22914"))
    assert found(world, first) == []
    assert credit(world, a_reading((1, 2, "4.50"), number="22914"), "1") == first
    other = credit(world, a_reading((1, 3, "4.50"), number="22914"), "2")
    assert [code for code, _ in found(world, other)] == ["duplicate"]


def test_b11_a_sent_back_credit_note_is_corrected_under_its_number(world: World) -> None:
    """The document sent again becomes its content."""
    note = credit(world, a_reading((1, 3, "4.50")))
    take(world, ANA, step("confirm"), note)
    take(world, OWNER, step("send_back"), note, Reason("only two"))
    assert credit(world, a_reading((1, 2, "4.50")), "1") == note
    assert world.document(note).status == "in_revision"
    assert take(world, ANA, step("confirm"), note, cause="again").to_status == "pending"
    assert world.document(note).content.lines[0].counted == D(-2)


def test_b11_a_credit_note_sent_again_credits_the_invoice_that_it_names_now(world: World) -> None:
    """The first named the wrong one: nothing comes back to that any more, and what was credited of it is free again."""
    second = world.order("PO-2")
    with acting(world, ANA, "draft:2") as act:
        drafting.draft_from_order(act, second, "22915", D(20))
    take(world, ANA, invoices.confirm, world.newest("invoice").id)
    take(world, OWNER, invoices.approve, world.newest("invoice").id)
    note = credit(world, a_reading((1, 3, "4.50")))
    take(world, ANA, step("confirm"), note)
    take(world, OWNER, step("send_back"), note, Reason("the other one"))
    assert credit(world, a_reading((1, 3, "4.50"), credits=("22915",)), "1") == note
    document = world.document(note)
    assert (document.content.credits, document.content.order_numbers) == (["22915"], ["PO-2"])
    assert (document.content.credited_id, document.parent_id) == (world.newest("invoice").id,) * 2
    take(world, ANA, step("confirm"), note, cause="again")
    take(world, OWNER, step("approve"), note)
    assert used(world, second) == {1: 7, 2: 20}
    whole = credit(world, a_reading((1, 10, "4.50"), (2, 20, "5.50"), number="G-2"))
    assert (found(world, whole), world.document(whole).content.effect) == ([], "cancellation")


def test_b11_an_e_invoice_says_which_invoice_it_credits() -> None:
    """BT-25 of a UBL credit note."""
    reading = read_document(a_credit_note(), "credit.xml")
    assert reading is not None
    assert (reading.kind, reading.credits, reading.number) == (DocumentKind.CREDIT_NOTE, ("22914",), "G-1")
