"""B18: what was paid is recorded once, told with a remittance advice, and answered to who asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from inbound.papers import statuses_listed
from outbound.attached import attachments
from store.installation import Installation
from tests.inbound.web.world import ANA, FERRUM, OWNER, Browser, World, make_world
from tests.workflows.test_credit_notes import a_reading, credit
from tests.workflows.test_credit_notes import step as credit_step
from tests.workflows.test_perform import a_draft, take
from workflows import intake, invoices
from workflows.errors import DataMissing, NotFound, NotTheirs, TransitionNotAllowed
from workflows.paying import PaymentOf, payments_in, record_payment
from workflows.payments import Payment
from workflows.reading import DocumentKind, Reading, ReadLine

D = Decimal
DAY = date(2026, 12, 20)


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme with an approved invoice 22914 of 186.00."""
    made = make_world(installation)
    made.order("PO-1")
    invoice = a_draft(made)
    take(made, ANA, invoices.confirm, invoice)
    take(made, OWNER, invoices.approve, invoice)
    return made


def pay(world: World, amount: str | None = None, reference: str | None = "E2E-1", number: str = "22914", **more: str):
    """Record a payment."""
    payment = Payment(None if amount is None else D(amount), DAY, reference)
    return record_payment(world.installation, world.company_id, PaymentOf(number, payment, **more), by=OWNER)


def listed(world: World, *numbers: str) -> list[object]:
    """What is answered to a reminder of invoices."""
    reading = Reading(DocumentKind.REMINDER, lines=tuple(ReadLine(invoice=number) for number in numbers))
    with world.installation.database.read(world.company_id) as session:
        supplier_id = intake.find_supplier(session, world.company_id, FERRUM)
        entries = statuses_listed(session, world.company_id, supplier_id, reading, "reminder.pdf")
    return [entry["outcome"] for entry in entries[1:]]


def test_b18_an_invoice_is_paid_in_parts_and_then_in_whole(world: World) -> None:
    """Each payment is told with what is still open; the last closes it."""
    assert pay(world, "100").to_status == "partly_paid"
    content = world.newest("invoice").content
    assert (content.still_open, content.facts()["paid"]) == (D(86), D(100))
    assert listed(world, "22914") == [
        {
            "text": "Paid in part: %(paid)s, last on %(day)s, reference %(reference)s; %(open)s is still to be paid",
            "params": {"paid": "100.00 EUR", "day": "2026-12-20", "reference": "E2E-1", "open": "86.00 EUR"},
        }
    ]
    assert pay(world, None, "E2E-2").to_status == "paid"
    content = world.newest("invoice").content
    assert ([one.amount for one in content.payments], content.still_open) == ([D(100), D(86)], None)
    assert [to for _, to in world.notices("invoice-paid")] == [ANA, ANA]
    (paid,) = listed(world, "22914")
    assert paid["params"] == {"paid": "186.00 EUR", "day": "2026-12-20", "reference": "E2E-2"}
    with pytest.raises(TransitionNotAllowed):
        pay(world, "1", "E2E-3")


def test_b18_the_same_payment_is_recorded_once(world: World) -> None:
    """A list that is brought in again changes nothing and tells nobody."""
    assert not pay(world, "100").repeated
    assert pay(world, "100.00").repeated
    assert len(world.notices("invoice-paid")) == 1
    assert pay(world, "86", "E2E-9").to_status == "paid"


@pytest.mark.parametrize("amount", ["186.01", "0", "-5"])
def test_b18_no_more_than_is_open_is_recorded(world: World, amount: str) -> None:
    """A wrong figure is refused, with what is open."""
    with pytest.raises(DataMissing, match=r"186\.00 EUR"):
        pay(world, amount)
    assert world.newest("invoice").status == "approved"


def test_b18_what_was_credited_is_not_to_be_paid(world: World) -> None:
    """Two of the first item come back: that is 10.80 less."""
    note = credit(world, a_reading((1, 2, "4.50")))
    take(world, ANA, credit_step("confirm"), note)
    take(world, OWNER, credit_step("approve"), note)
    assert pay(world).to_status == "paid"
    assert world.newest("invoice").content.payments[0].amount == D("175.20")


def test_b18_who_records_a_payment_is_of_the_company(world: World) -> None:
    """Never the supplier."""
    with pytest.raises(NotTheirs):
        take(world, ANA, invoices.pay, world.newest("invoice").id, Payment())


def test_b18_an_invoice_that_nobody_knows_is_not_paid(world: World) -> None:
    """Nor one whose number says too little; however the number is separated it is found."""
    with pytest.raises(NotFound):
        pay(world, number="4711")
    assert pay(world, number="22-914", supplier=FERRUM).to_status == "paid"


def test_b18_the_remittance_goes_with_the_notice(world: World) -> None:
    """What was paid of which invoice, by which reference."""
    pay(world, "100")
    facts = {"document": {**world.newest("invoice").content.facts(), "kind": "invoice", "number": "22914"}}
    facts["document"] |= {"status": "partly_paid", "currency": "EUR"}
    (file,) = attachments("invoice-paid", "en", facts, world.installation.blobs)
    assert (file.name, file.type) == ("22914-remittance.pdf", "application/pdf")


def test_b18_accounts_payable_records_a_payment_on_the_page(world: World) -> None:
    """The amount is what is open, unless another is written."""
    browser = Browser(world.installation)
    link = world.link(OWNER, "open", world.newest("invoice").id)
    form = browser.get(f"{link}/pay")
    assert "Leave it empty for all that is still open." in form.text
    after = browser.press(form, "/pay", {"amount": "100", "paid_on": "2026-12-20", "reference": "E2E-1"})
    for words in ("A payment was recorded", "100.00 EUR", "86.00 EUR", "Partly paid"):
        assert words in after.text, words


def test_b18_a_list_of_payments_is_read() -> None:
    """Headings in any order and case; an empty cell is what the command leaves out."""
    rows = [{"Reference": "E2E-1", "NUMBER": "7", "amount": "10.50", "date": "2026-12-20"}, {"number": "8"}]
    first, second = payments_in(rows)
    assert first == PaymentOf("7", Payment(D("10.50"), DAY, "E2E-1"))
    assert second == PaymentOf("8", Payment())
