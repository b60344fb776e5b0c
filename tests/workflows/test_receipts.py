"""B29: where receipts are kept, only what came in may be invoiced; a receipt compares what waits again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from store import clock
from store.installation import Installation
from store.journal import Timer
from tests.inbound.post import ANA, OWNER, Post, make_post
from tests.inbound.web.world import Browser, World
from tests.workflows.test_perform import acting, take
from workflows import drafting, invoices, orders
from workflows.errors import DataMissing, NotFound, NotTheirs
from workflows.house_rules import set_rules
from workflows.intake import receive_goods
from workflows.invoices import EditLine
from workflows.orders import Received, ReceivedLine
from workflows.timers import fire

D = Decimal


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme, which keeps receipts and lets a part pass, with an order of 10 and 20 pieces."""
    made = make_post(installation)
    rules = {"receipts": "on", "partial_invoices": "pass"}
    set_rules(made.installation, made.world.company_id, by=OWNER, said=rules)
    made.world.order()
    yield made
    made.receiving.close()
    clock.set_source(None)


def came(world: World, *lines: tuple[int, int], whole: bool = False, on: date | None = None) -> None:
    """So much came in."""
    data = Received([ReceivedLine(n, D(quantity)) for n, quantity in lines], on, whole)
    receive_goods(world.installation, world.company_id, "PO-1", data, by=OWNER)


def an_invoice_of(world: World, number: str, *wanted: tuple[int, int]) -> int:
    """An invoice for some of the order, confirmed."""
    lines = [EditLine(n, D(quantity)) for n, quantity in wanted]
    with acting(world, ANA, f"draft:{number}") as act:
        order = world.newest("order").id
        draft = drafting.draft_from_order(act, order, number, D(20), lines, whole=False).document.id
    take(world, ANA, invoices.confirm, draft)
    return draft


def found(world: World, invoice: int) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(d.code.value, d.reason, d.ordered, d.invoiced) for d in world.document(invoice).content.differences]


def fire_all(world: World) -> None:
    """Let every timer that is due be taken."""
    with world.installation.database.read() as session:
        due = list(session.scalars(select(Timer.id).where(Timer.step == "compare_invoices")))
    for timer in due:
        fire(world.installation, timer)


def test_b29_more_than_was_received_is_a_difference_with_its_reason(post: Post) -> None:
    """5 of 10 came: 6 are too many, 5 are not, and 5 more are too many again."""
    came(post.world, (1, 5))
    assert found(post.world, an_invoice_of(post.world, "1", (1, 6))) == [
        ("qty_over_remaining", "not_received", "5", "6")
    ]
    take(post.world, ANA, invoices.withdraw, post.world.newest("invoice").id, orders.Reason("no"))
    assert found(post.world, an_invoice_of(post.world, "2", (1, 5))) == []
    assert found(post.world, an_invoice_of(post.world, "3", (1, 4))) == [
        ("qty_over_remaining", "not_received", "0", "4")
    ]


def test_b29_more_than_is_left_of_the_order_is_said_first(post: Post) -> None:
    """However much came in."""
    came(post.world, (1, 30))
    assert found(post.world, an_invoice_of(post.world, "1", (1, 12))) == [("qty_over_remaining", None, "10", "12")]


def test_b29_without_the_setting_receipts_are_neither_kept_nor_asked(post: Post) -> None:
    """Two-way matching is the default."""
    set_rules(post.installation, post.world.company_id, by=OWNER, said={"receipts": "off"})
    assert found(post.world, an_invoice_of(post.world, "1", (1, 6))) == []
    with pytest.raises(DataMissing, match="receipts=on"):
        came(post.world, (1, 5))


def test_b29_a_receipt_lets_a_waiting_invoice_go_on(post: Post) -> None:
    """It waited for goods alone: when they came it goes to approval, and its owner is told."""
    invoice = an_invoice_of(post.world, "1", (1, 6))
    assert post.world.document(invoice).status == "matching"
    came(post.world, (1, 4))
    fire_all(post.world)
    assert post.world.document(invoice).status == "matching"
    came(post.world, (1, 2))
    fire_all(post.world)
    assert post.world.document(invoice).status == "pending"
    assert "The invoice agrees with the order." in post.text("invoice-to-approve", OWNER)


def test_b29_a_receipt_by_mail_is_read_line_by_line(post: Post) -> None:
    """The owner writes what came, in words of theirs; it is read back."""
    invoice = an_invoice_of(post.world, "1", (1, 5), (2, 20))
    to = post.address("invoice-differs", OWNER)
    post.send(OWNER, to, "approve")
    assert post.world.document(invoice).status == "approved"
    order = post.world.newest("order")
    take(post.world, ANA, orders.acknowledge, order.id)
    post.send(OWNER, post.address("order-acknowledged", OWNER), "received 1: 5, 2: 12\n\nBest regards\nOlga")
    assert orders.received(post.world.document(order.id).content) == {1: D(5), 2: D(12)}
    assert "Goods received" in post.text("answer", OWNER)


@pytest.mark.parametrize("words", ["1: 5", "We received your confirmation.", "received 1: 5 x 4.50"])
def test_b29_what_says_no_receipt_records_none(post: Post, words: str) -> None:
    """A figure without the word, the word without a figure, a price."""
    order = post.world.newest("order")
    take(post.world, ANA, orders.acknowledge, order.id)
    post.send(OWNER, post.address("order-acknowledged", OWNER), words)
    assert post.world.document(order.id).content.received == []


def test_b29_all_that_is_to_come_can_be_recorded_at_once_and_taken_back(post: Post) -> None:
    """3 of line 1 came before; what is recorded by mistake is taken back, but never below nothing."""
    came(post.world, (1, 3), on=date(2026, 11, 2))
    came(post.world, whole=True)
    order = post.world.newest("order").content
    assert orders.received(order) == {1: D(10), 2: D(20)}
    assert order.received[0].date == date(2026, 11, 2)
    came(post.world, (2, -4))
    assert orders.received(post.world.newest("order").content)[2] == D(16)
    with pytest.raises(DataMissing, match="Less than nothing"):
        came(post.world, (2, -17))
    with pytest.raises(DataMissing, match="no line 7"):
        came(post.world, (7, 1))
    with pytest.raises(DataMissing, match="how much came"):
        came(post.world)
    with pytest.raises(NotFound):
        receive_goods(post.installation, post.world.company_id, "PO-9", Received(whole=True), by=OWNER)


def test_b29_the_supplier_records_no_receipt(post: Post) -> None:
    """Only the customer knows what came in."""
    with pytest.raises(NotTheirs):
        take(post.world, ANA, orders.receive, post.world.newest("order").id, Received(whole=True))


def test_b29_a_receipt_is_recorded_on_the_orders_page(post: Post) -> None:
    """The form has a field for each line, empty at first."""
    order = post.world.newest("order")
    take(post.world, ANA, orders.acknowledge, order.id)
    browser = Browser(post.installation)
    path = post.world.link(OWNER, "open", order.id)
    assert "Record a receipt" in browser.get(path).text
    page = browser.get(f"{path}/receive")
    assert page.value("lines.1.came") == ""
    after = browser.press(page, "/receive", {"lines.1.came": "7", "on": "2026-11-23"})
    assert "Goods were received" in after.text
    assert "received: 7 pcs" in after.text
    assert post.world.document(order.id).content.received == [orders.Receipt(1, D(7), date(2026, 11, 23))]
