"""B2: the customer accepts or refuses each change that the supplier proposes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from store.installation import Installation
from tests.inbound.web.world import ANA, OWNER, Browser, World, make_world
from tests.workflows.test_perform import a_draft, take
from workflows import invoices, orders
from workflows.counter_proposals import Decided, DecidedLine, Verdict
from workflows.errors import DataMissing
from workflows.orders import Counter, CounterLine, OrderStatus

D = Decimal
ACCEPT, REFUSE = Verdict.ACCEPT, Verdict.REFUSE


@pytest.fixture
def world(installation: Installation) -> World:
    """An order of 10 at 4.50 and 20 at 5.50, for both of which something else was proposed."""
    made = make_world(installation)
    made.order("PO-1")
    changes = [CounterLine(1, price=D("4.60")), CounterLine(2, qty=D(15), date=date(2026, 12, 12))]
    take(made, ANA, orders.counter, made.newest("order").id, Counter(changes))
    return made


def decide(world: World, *verdicts: tuple[int, Verdict], cause: str = "") -> str:
    """Decide on lines, and return the status that the order reaches."""
    data = Decided([DecidedLine(n, verdict) for n, verdict in verdicts])
    return take(world, OWNER, orders.decide, world.newest("order").id, data, cause=cause).to_status


def lines(world: World) -> list[tuple[object, ...]]:
    """Quantity, price and day of each line as they stand."""
    return [(line.quantity, line.unit_price, line.delivery_date) for line in world.newest("order").content.lines]


@pytest.mark.parametrize(
    ("first", "second", "status", "told", "net"),
    [
        (ACCEPT, ACCEPT, "acknowledged", "order-changes-accepted", "128.50"),
        (ACCEPT, REFUSE, "sent", "order-changes-decided", "156.00"),
        (REFUSE, ACCEPT, "sent", "order-changes-decided", "127.50"),
        (REFUSE, REFUSE, "sent", "order-changes-decided", "155.00"),
    ],
)
def test_b2_each_change_is_accepted_or_refused(
    world: World, first: Verdict, second: Verdict, status: str, told: str, net: str
) -> None:
    """What is accepted is in the order, what is refused stays as ordered, and then the supplier is asked again."""
    before = lines(world)
    assert decide(world, (1, first), (2, second)) == status
    after = lines(world)
    assert after[0] == ((D(10), D("4.60"), before[0][2]) if first is ACCEPT else before[0])
    assert after[1] == ((D(15), D("5.50"), date(2026, 12, 12)) if second is ACCEPT else before[1])
    order = world.newest("order")
    assert (order.content.countered, order.content.sum()) == ([], D(net))
    assert [to for _, to in world.notices(told)] == [ANA]
    assert [line["verdict"] for line in order.content.facts()["lines"]] == [first, second]


def test_b2_all_changes_are_decided_and_no_others(world: World) -> None:
    """One left open, or one of which nothing was proposed, is asked."""
    with pytest.raises(DataMissing, match="item"):
        decide(world, (1, ACCEPT))
    with pytest.raises(DataMissing, match="Nothing is proposed"):
        decide(world, (1, ACCEPT), (2, REFUSE), (3, ACCEPT), cause="3")
    assert world.newest("order").status == OrderStatus.COUNTERED


def test_b2_what_was_decided_is_gone_with_the_next_answer(world: World) -> None:
    """The supplier confirms the order as it is now, or proposes again; invoices are compared with what was accepted."""
    decide(world, (1, ACCEPT), (2, REFUSE))
    assert take(world, ANA, orders.acknowledge, world.newest("order").id).to_status == "acknowledged"
    assert world.newest("order").content.decided == []
    invoice = a_draft(world)
    assert take(world, ANA, invoices.confirm, invoice).to_status == "pending"
    assert world.document(invoice).content.net == D("156.00")


def test_b2_the_page_asks_for_each_change(world: World) -> None:
    """A choice for each item with a change, with what is proposed; all must be chosen, and the decision ticked."""
    browser = Browser(world.installation)
    link = world.link(OWNER, "decide", world.newest("order").id)
    form = browser.get(link)
    for words in ("Decide item by item", "4.60 EUR", "15 pcs", "Leave it as ordered"):
        assert words in form.text, words
    chosen = {"lines.1.verdict": "accept", "lines.2.verdict": "refuse"}
    assert browser.press(form, link, chosen).status == 422
    assert browser.press(form, link, {**chosen, "lines.1.verdict": "perhaps", "sure": "yes"}).status == 422
    after = browser.press(form, link, {**chosen, "sure": "yes"})
    assert "The proposed changes to the order were decided item by item" in after.text
    assert world.newest("order").status == OrderStatus.SENT
    assert lines(world)[0][1] == D("4.60")
