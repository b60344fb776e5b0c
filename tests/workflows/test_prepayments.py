"""A prepayment invoice takes nothing of an order's quantities; the invoices for the goods take it off again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from store.documents import Version
from store.installation import Installation
from templates.compared import comparison
from tests.inbound.web.world import ANA, FERRUM, OWNER, World, make_world
from tests.workflows.test_credit_notes import credit
from tests.workflows.test_credit_notes import step as credit_step
from tests.workflows.test_perform import acting, take
from tests.workflows.test_remaining import left as orders_left
from tests.workflows.test_remaining import used
from workflows import drafting, intake, invoices
from workflows.engine.content import Reason
from workflows.house_rules import set_rules
from workflows.invoices import Edit, EditLine
from workflows.reading import Charge, DocumentKind, Reading, ReadLine
from workflows.terms import terms_of

D = Decimal
NUMBERS = count(2)
ORDERED = D("155.00")
"""Net of an order of 10 at 4.50 and 20 at 5.50."""


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme, which lets a part pass, with an order of 10 at 4.50 and 20 at 5.50."""
    made = make_world(installation)
    set_rules(made.installation, made.company_id, by=OWNER, said={"partial_invoices": "pass"})
    made.order("PO-1")
    return made


def agree(world: World, terms: str) -> None:
    """Give the order payment terms."""
    order = world.newest("order").id
    with world.installation.database.write(world.company_id) as session:
        content = session.execute(select(Version.content).where(Version.document_id == order)).scalar_one()
        content = {**content, "terms": terms}
        session.execute(update(Version).where(Version.document_id == order).values(content=content))


def read_in(world: World, reading: Reading, sha: str = "a") -> int:
    """A draft of an invoice that was read, for PO-1."""
    with acting(world, ANA, f"mail:{reading.number}:{sha}") as act:
        supplier_id = intake.find_supplier(act.session, act.company.id, FERRUM)
        order = world.newest("order")
        orders = {order.label: order.id}
        return drafting.draft_from_reading(act, reading, sha * 64, supplier_id, orders).document.id


def a_prepayment(net: object, number: str = "A-1", **more: Any) -> Reading:
    """A prepayment invoice over a net amount, with 20 % of tax."""
    amount = D(str(net))
    line = ReadLine("1", text="Deposit for order PO-1", quantity=D(1), unit="C62", unit_price=amount, net=amount)
    more = {"lines": (line,), "issue_date": date(2026, 11, 2), "currency": "EUR", **more}
    tax = (amount / 5).quantize(D("0.01"))
    return Reading(
        DocumentKind.PREPAYMENT_INVOICE,
        number=number,
        net=amount,
        tax=tax,
        gross=amount + tax,
        due=amount + tax,
        **more,
    )


def a_final(*lines: tuple[int, object], number: str = "R-1", extra: Sequence[ReadLine] = (), **more: Any) -> Reading:
    """An invoice for some of the goods at the order's prices; *lines* are line and quantity."""
    prices = {1: D("4.50"), 2: D("5.50")}
    read = [
        ReadLine(
            str(n),
            None,
            str(n),
            text=f"Bracket {n}",
            quantity=D(str(quantity)),
            unit="C62",
            unit_price=prices[n],
            net=prices[n] * D(str(quantity)),
        )
        for n, quantity in lines
    ]
    read += extra
    charges = more.pop("charges", ())
    net = sum((line.net or D(0) for line in read), D(0)) + sum((c.amount for c in charges), D(0))
    tax = (net / 5).quantize(D("0.01"))
    prepaid = more.pop("prepaid", None)
    more = {"issue_date": date(2026, 11, 20), "currency": "EUR", **more}
    due = net + tax - (prepaid or 0)
    return Reading(
        DocumentKind.INVOICE,
        number=number,
        lines=tuple(read),
        charges=tuple(charges),
        net=net,
        tax=tax,
        gross=net + tax,
        prepaid=prepaid,
        due=due,
        **more,
    )


def sent(world: World, reading: Reading) -> int:
    """An invoice that was read and confirmed."""
    invoice = read_in(world, reading)
    take(world, ANA, invoices.confirm, invoice)
    return invoice


def found(world: World, invoice: int) -> list[tuple[object, ...]]:
    """The differences of an invoice: code, reason, what was agreed and what is asked."""
    differences = world.document(invoice).content.differences
    return [(d.code.value, d.reason, *(x and f"{D(x):.2f}" for x in (d.ordered, d.invoiced))) for d in differences]


WHOLE = ((1, 10), (2, 20))


def test_a_prepayment_that_was_not_agreed_needs_a_person_and_takes_no_quantity(world: World) -> None:
    """All of the order can be invoiced after it, and the order counts as one to invoice."""
    invoice = sent(world, a_prepayment(50))
    document = world.document(invoice)
    assert (document.status, document.content.prepayment) == ("matching", True)
    assert found(world, invoice) == [("terms_changed", "prepayment_new", "0.00", "50.00")]
    assert (used(world, world.newest("order").id), orders_left(world)) == ({}, 1)
    assert document.content.facts()["effect"] == "prepayment"


@pytest.mark.parametrize(
    ("terms", "net", "expected"),
    [
        ("30 % deposit, balance 30 days", "46.50", []),
        ("30 % deposit, balance 30 days", "46.52", [("terms_changed", "prepayment_over", "46.50", "46.52")]),
        ("30 days net", "46.50", [("terms_changed", "prepayment_new", "0.00", "46.50")]),
        ("100 % Vorkasse", "155.00", []),
        (
            "100 % Vorkasse",
            "155.02",
            [
                ("terms_changed", "prepayment_over", "155.00", "155.02"),
                ("price_over", "more_than_left", "155.00", "155.02"),
            ],
        ),
    ],
)
def test_a_prepayment_is_held_to_what_the_orders_terms_agree(
    world: World, terms: str, net: str, expected: list[Any]
) -> None:
    """A percentage of the order's value, and never more than the order itself."""
    agree(world, terms)
    assert found(world, sent(world, a_prepayment(net))) == expected


def test_prepayments_together_are_no_more_than_was_agreed(world: World) -> None:
    """30 % in two parts; a third is too much."""
    agree(world, "30 % deposit")
    assert found(world, sent(world, a_prepayment(30, "A-1"))) == []
    assert found(world, sent(world, a_prepayment("16.50", "A-2"))) == []
    assert found(world, sent(world, a_prepayment(1, "A-3"))) == [("terms_changed", "prepayment_over", "0.00", "1.00")]


def test_nothing_is_prepaid_that_is_invoiced_already(world: World) -> None:
    """The goods were invoiced; a prepayment would be paid beside them."""
    agree(world, "30 % deposit")
    sent(world, a_final(*WHOLE))
    assert ("price_over", "more_than_left", "0.00", "46.50") in found(world, sent(world, a_prepayment("46.50")))


def off(text: str, amount: str) -> ReadLine:
    """A line that takes something off."""
    return ReadLine("3", text=text, quantity=D(-1), unit_price=D(amount), net=-D(amount))


def untaken(taken_off: str) -> list[tuple[object, ...]]:
    """The difference of an invoice that takes so much off of 55.80."""
    return [("discount_missing", "prepayment", "55.80", taken_off)]


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (a_final(*WHOLE, prepaid=D("55.80")), []),
        (a_final(*WHOLE), untaken("0.00")),
        (a_final(*WHOLE, prepaid=D("50.00")), untaken("50.00")),
        (a_final(*WHOLE, prepaid=D("60.00")), []),
        (a_final(*WHOLE, extra=[off("less prepayment A 1", "46.50")]), []),
        (a_final(*WHOLE, extra=[off("Anzahlung", "46.50")]), []),
        (a_final(*WHOLE, charges=[Charge("Prepayment invoice A-1", D("-46.50"))]), []),
        (a_final(*WHOLE, charges=[Charge("for your trouble", D("-40.00"))]), untaken("0.00")),
        (a_final(*WHOLE, extra=[off("less A-1", "20")]), untaken("24.00")),
    ],
    ids=["paid before", "not at all", "too little", "more", "a line", "its amount", "beside", "a discount", "a part"],
)
def test_the_last_invoice_takes_the_prepayment_off(world: World, reading: Reading, expected: list[Any]) -> None:
    """As an amount paid before, as a line or beside the lines; what takes less off would be paid twice."""
    agree(world, "30 % deposit")
    sent(world, a_prepayment("46.50"))
    invoice = sent(world, reading)
    assert found(world, invoice) == expected
    assert used(world, world.newest("order").id) == {1: 10, 2: 20}


def test_the_report_says_which_line_takes_it_off(world: World) -> None:
    """Not as a new item, nor as one of the order."""
    agree(world, "30 % deposit")
    sent(world, a_prepayment("46.50"))
    facts = world.document(sent(world, a_final(*WHOLE, extra=[off("less A-1", "46.50")]))).content.facts()
    assert comparison(facts["report"][2], {"kind": "invoice"}, "en", "en") == ["Takes off what was paid before."]


def test_each_invoice_for_a_part_takes_its_part_off(world: World) -> None:
    """A third of the goods, a third of the prepayment; the last one takes what is left."""
    agree(world, "30 % deposit")
    sent(world, a_prepayment("46.50"))
    first = sent(world, a_final((1, 10), prepaid=D("16.20"), number="R-1"))
    assert (found(world, first), world.document(first).content.deducted) == ([], D("16.20"))
    second = sent(world, a_final((2, 20), prepaid=D("16.20"), number="R-2"))
    assert found(world, second) == [("discount_missing", "prepayment", "39.60", "16.20")]


def test_what_is_rejected_or_credited_is_not_taken_off(world: World) -> None:
    """Only a prepayment that stands was paid, or will be."""
    agree(world, "30 % deposit")
    first = sent(world, a_prepayment("46.50", "A-1"))
    take(world, OWNER, invoices.reject, first, Reason("no"))
    assert found(world, sent(world, a_final((1, 2), number="R-1"))) == []
    second = sent(world, a_prepayment("46.50", "A-2"))
    take(world, OWNER, invoices.approve, second)
    note = credit(world, a_prepayment("46.50", "G-1", credits=("A-2",)))
    take(world, ANA, credit_step("confirm"), note)
    take(world, OWNER, credit_step("approve"), note)
    assert found(world, sent(world, a_final((1, 8), (2, 20), number="R-2"))) == []


def test_an_invoice_made_here_takes_the_prepayment_off_by_itself(world: World) -> None:
    """What is known is not asked; editing it changes its part."""
    agree(world, "30 % deposit")
    sent(world, a_prepayment("46.50"))
    order = world.newest("order").id
    with acting(world, ANA, "draft") as act:
        draft = drafting.draft_from_order(act, order, "R-1", D(20)).document.id
    content = world.document(draft).content
    assert (content.gross, content.prepaid, content.due) == (D("186.00"), D("55.80"), D("130.20"))
    take(world, ANA, invoices.edit, draft, Edit(lines=[EditLine(2, D(0))]))
    content = world.document(draft).content
    assert (content.gross, content.prepaid, content.due) == (D("54.00"), D("16.20"), D("37.80"))
    assert take(world, ANA, invoices.confirm, draft).to_status == "pending"


def test_a_prepayment_without_lines_is_one_all_the_same(world: World) -> None:
    """KSeF's have none; without an order it needs a person."""
    agree(world, "30 % deposit")
    assert found(world, sent(world, a_prepayment("46.50", lines=()))) == []
    with acting(world, ANA, "mail:none") as act:
        supplier_id = intake.find_supplier(act.session, act.company.id, FERRUM)
        made = drafting.draft_from_reading(act, a_prepayment(5, "A-9"), "c" * 64, supplier_id, {}).document.id
    assert [code for code, *_ in found(world, made)] == ["order_unknown"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(
        st.one_of(
            st.tuples(st.just("prepay"), st.integers(1, 60)),
            st.tuples(st.just("invoice"), st.integers(0, 10), st.integers(0, 20), st.integers(0, 80)),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_agrees_never_comes_to_more_than_the_order(world: World, deeds: list[Any]) -> None:
    """Whatever is prepaid and taken off, in whatever order: what needs nobody is at most the order's value to pay."""
    world.order(f"PO-{next(NUMBERS)}")
    agree(world, "30 % deposit")
    to_pay = D(0)
    for ordinal, (deed, *more) in enumerate(deeds):
        if deed == "prepay":
            reading = a_prepayment(more[0], f"A-{ordinal}-{next(NUMBERS)}")
        else:
            lines = [(n, quantity) for n, quantity in zip((1, 2), more[:2], strict=True) if quantity]
            if not lines:
                continue
            prepaid = D(more[2]) or None
            reading = a_final(*lines, number=f"R-{ordinal}-{next(NUMBERS)}", prepaid=prepaid)
        invoice = read_in(world, reading, "b")
        if take(world, ANA, invoices.confirm, invoice).to_status == "pending":
            to_pay += reading.due or D(0)
        else:
            take(world, ANA, invoices.withdraw, invoice, Reason("no"))
        assert to_pay <= ORDERED * D("1.2") + D("0.05")


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("30% deposit, balance 30 days", 30),
        ("40 % Anzahlung, Rest 14 Tage netto", 40),
        ("acompte de 30 % à la commande", 30),
        ("30% anticipo, saldo a la entrega", 30),
        ("acconto 20 %, saldo 30 gg", 20),
        ("30 % vooruitbetaling", 30),
        ("zaliczka 50%", 50),
        ("аванс 30 %", 30),
        ("escompte 2 % pour paiement anticipé", None),
        ("2 % Skonto bei Vorauskasse", None),
        ("2 % 10 days, 30 days net", None),
        ("prepayment", None),
    ],
)
def test_terms_say_what_is_to_be_paid_before(text: str, percent: int | None) -> None:
    """A percentage beside a word for a payment before delivery; a discount for paying soon is none."""
    assert terms_of(text).prepaid == percent
    assert terms_of("10 % deposit within 7 days").discounts == ()
