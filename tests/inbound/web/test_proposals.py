"""The proposal by page: prices, items rejected, delivery date, files, notes, review, and the award."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.inbound.web.world import ANA, BEN, BOLTWERK, FERRUM, OWNER, Browser, World


@pytest.fixture
def link(world: World) -> str:
    """Ana's link to the request for proposal."""
    world.request()
    return world.link(ANA, "open")


def price(browser: Browser, link: str, **prices: str) -> None:
    """Give prices on the page of all items: n1="12.50"."""
    fields = {f"lines.{name[1:]}.price": value for name, value in prices.items()}
    assert browser.press(browser.get(f"{link}/quote"), "/quote", fields).status == 200


def test_f35_f39_f40_the_page_lists_the_items_to_quote(link: str, browser: Browser):
    """The link opens the form with the details and the goods."""
    page = browser.get(link)
    for words in ("RFP-7", "Pumps for hall 3", "Pump 1", "Pump 3", "no price yet", "Estimated delivery date"):
        assert words in page.text, words


def test_f36_f49_reject_declines_the_whole_request(world: World, browser: Browser, link: str):
    """The Reject button dismisses it, and the customer is told."""
    form = browser.get(f"{link}/decline")
    assert "Reject the whole request" in form.text
    page = browser.press(form, "/decline", {"reason": "Not our trade."})
    assert "The request was declined." in page.text
    assert ("proposal-declined", OWNER) in world.notices()


def test_f36_a_supplier_declines_by_the_mailed_button(world: World, browser: Browser):
    """The mail's own button declines, too."""
    world.request()
    link = world.link(BEN, "decline")
    form = browser.get(link)
    assert "The request was declined: Ben Bolt" in browser.post(link, form.hidden(link)).text


def test_f38_f46_files_go_both_ways(world: World, browser: Browser, link: str):
    """A drawing of the supplier's is listed for it, and for the customer once the proposal is there."""
    page = browser.press(browser.get(link), "/files", files=[("files", ("drawing.dxf", b"0\nSECTION", "image/x-dxf"))])
    assert "drawing.dxf" in page.text
    price(browser, link, n1="1", n2="2", n3="3")
    browser.press(browser.get(f"{link}/confirm"), "/confirm")
    buyers = world.link(OWNER, "open", world.newest("proposal", FERRUM).id)
    theirs = browser.get(buyers)
    path = next(one for one in theirs.links() if "/files/" in one)
    answer = browser.client.get(path)
    assert answer.content == b"0\nSECTION"
    assert answer.headers["content-type"] == "application/octet-stream"


def test_f41_the_delivery_date_is_saved_on_its_own(world: World, browser: Browser, link: str):
    """The date has a button of its own and needs no price."""
    page = browser.press(browser.get(link), "/set_delivery", {"date": "2026-12-12"})
    assert "The delivery date was set." in page.text
    assert world.newest("proposal", FERRUM).content.delivery_date == date(2026, 12, 12)


def test_f42_each_line_has_its_own_edit(world: World, browser: Browser, link: str):
    """Edit opens one item; its price is saved and the others stay as they are."""
    assert f"{link}/quote?n=2" in browser.get(link).links()
    form = browser.get(f"{link}/quote?n=2")
    assert "Pump 1" not in form.text
    browser.press(form, "/quote", {"lines.2.price": "12,50"})
    assert [bid.unit_price for bid in world.newest("proposal", FERRUM).content.lines] == [None, Decimal("12.50"), None]


def test_f43_f44_items_are_rejected_one_by_one_and_the_last_rejects_the_proposal(
    world: World, browser: Browser, link: str
):
    """Reject stands at each line; with the last one the proposal is rejected by itself, and the customer told."""
    for n in (1, 2, 3):
        page = browser.press(browser.get(link), "/no_bid", {f"lines.{n}": "yes"})
        assert page.status == 200
    assert world.newest("proposal", FERRUM).status == "rejected"
    assert "Rejected" in page.text
    assert world.notices("proposal-rejected") == [("proposal-rejected", OWNER)]


def test_f45_f48_the_supplier_reviews_and_submits(world: World, browser: Browser, link: str):
    """The review page shows all prices; Confirm submits. An item without an answer is asked for."""
    price(browser, link, n1="10", n3="30")
    incomplete = browser.press(browser.get(f"{link}/confirm"), "/confirm")
    assert incomplete.status == 422
    assert "There is no price yet for 2" in incomplete.text
    browser.press(browser.get(link), "/no_bid", {"lines.2": "yes"})
    review = browser.get(f"{link}/confirm")
    for words in ("10.00 EUR", "30.00 EUR", "no bid", "100.00 EUR"):
        assert words in review.text, words
    page = browser.press(review, "/confirm")
    assert "The proposal was submitted." in page.text
    assert ("proposal-submitted", OWNER) in world.notices()


def test_f47_notes_belong_to_the_proposal(world: World, browser: Browser, link: str):
    """Notes are saved on their own and stand in the proposal."""
    page = browser.press(browser.get(link), "/set_remark", {"text": "Prices hold for\n30 days."})
    assert "Prices hold for" in page.text
    assert world.newest("proposal", FERRUM).content.remark == "Prices hold for\n30 days."


def test_prices_under_way_are_not_shown_to_the_customer(world: World, browser: Browser, link: str):
    """Until it is submitted, the customer sees that the supplier is at work, and no figure."""
    proposal = world.newest("proposal", FERRUM).id
    price(browser, link, n1="1234.5", n2="2", n3="3")
    browser.press(browser.get(f"{link}/confirm"), "/confirm")
    buyers = world.link(OWNER, "open", proposal)
    assert "1,234.5" in browser.get(buyers).text
    price(browser, link, n1="999.5")
    browser.press(browser.get(link), "/files", files=[("files", ("new prices.pdf", b"999.5", "application/pdf"))])
    page = browser.get(buyers)
    assert "new prices.pdf" not in page.text
    path = next(one for one in browser.get(link).links() if "/files/" in one).replace(link, buyers)
    assert browser.client.get(path).status_code == 404
    assert "The supplier is still at work on it" in page.text
    assert "999.5" not in page.text
    assert "1,234.5" not in page.text


def test_the_award_page_compares_what_was_submitted(world: World, browser: Browser, link: str):
    """A template of the step's own stands in its form: the customer sees all submitted sums, a supplier no other's."""
    for address, figure in ((ANA, "7"), (BEN, "8")):
        own = world.link(address, "open")
        price(browser, own, n1=figure, n2=figure, n3=figure)
        browser.press(browser.get(f"{own}/confirm"), "/confirm")
    form = browser.get(world.link(OWNER, "award", world.newest("proposal", FERRUM).id))
    for words in (FERRUM, "42.00 EUR", BOLTWERK, "48.00 EUR", "All proposals that were submitted"):
        assert words in form.text, words
    assert "48.00" not in browser.get(link).text


def test_the_award_asks_a_real_choice_and_tells_everybody(world: World, browser: Browser, link: str):
    """Amount and supplier stand large; without the tick nobody wins."""
    price(browser, link, n1="1", n2="2", n3="3")
    browser.press(browser.get(f"{link}/confirm"), "/confirm")
    award = world.link(OWNER, "award", world.newest("proposal", FERRUM).id)
    form = browser.get(award)
    assert FERRUM in form.text
    assert "14.00 EUR" in form.text
    assert BOLTWERK not in form.text
    assert browser.post(award, form.hidden(award)).status == 422
    result = browser.post(award, {**form.hidden(award), "sure": "yes"})
    assert "The proposal won: Olga Owner" in result.text
    assert ("proposal-awarded", ANA) in world.notices()
    assert ("proposal-lost", BEN) in world.notices()
