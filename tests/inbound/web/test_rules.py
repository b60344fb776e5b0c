"""B9: an owner of the company sets its rules on a page, and those of single suppliers; the report is there as data."""

from __future__ import annotations

import json

import pytest
from pypdfium2 import PdfDocument
from sqlalchemy import select

from store.parties import Company, Supplier
from tests.inbound.web.test_sessions import sign_in
from tests.inbound.web.world import ANA, BOLTWERK, COLLEAGUE, FERRUM, OWNER, Browser, World
from tests.workflows.test_perform import acting, take
from workflows import drafting, invoices
from workflows.house_rules import rules_of, set_rules


def path_of(world: World) -> str:
    """Where the company's rules are."""
    with world.installation.database.read() as session:
        return f"/rules/{session.get_one(Company, world.company_id).public_id}"


def test_b9_an_owner_finds_and_sets_the_rules_and_takes_them_back(world: World, browser: Browser) -> None:
    """From the home page; an empty field takes a rule back, and rates are written in one."""
    home = sign_in(world, browser, OWNER)
    assert path_of(world) in home.links()
    page = browser.get(path_of(world))
    said = {"tolerance.price_over": "2%", "receipts": "on", "partial_invoices": "pass", "rates": "USD=0.92; GBP=1.17"}
    after = browser.press(page, path_of(world), said)
    assert "The rules are set." in after.text
    assert rules_of(world.installation, world.company_id) == {
        "partial_invoices": "pass",
        "rate.GBP": "1.17",
        "rate.USD": "0.92",
        "receipts": "on",
        "tolerance.price_over": "2%",
    }
    assert (after.value("tolerance.price_over"), after.value("rates")) == ("2%", "GBP=1.17; USD=0.92")
    browser.press(after, path_of(world), {"tolerance.price_over": "", "receipts": "off", "rates": "USD=0.93"})
    kept = rules_of(world.installation, world.company_id)
    assert (kept["receipts"], kept["rate.USD"], "rate.GBP" in kept, "tolerance.price_over" in kept) == (
        "off",
        "0.93",
        False,
        False,
    )


def test_b9_a_supplier_has_tolerances_of_its_own(world: World, browser: Browser) -> None:
    """The company's stand beside the fields; nothing else can be set for one supplier."""
    set_rules(world.installation, world.company_id, by=OWNER, said={"tolerance.charge": "25"})
    sign_in(world, browser, OWNER)
    link = next(link for link in sorted(browser.get(path_of(world)).links()) if "supplier=" in link)
    page = browser.get(link)
    assert "the company's rule: 25" in page.text
    assert "Goods receipts" not in page.text
    browser.press(page, path_of(world), {"tolerance.charge": "5"})
    found = [rules_of(world.installation, world.company_id, name) for name in (BOLTWERK, FERRUM)]
    assert {"tolerance.charge": "5"} in found
    assert {} in found


def test_b9_a_rule_that_cannot_be_is_said_and_what_was_typed_stays(world: World, browser: Browser) -> None:
    """Nothing is set."""
    sign_in(world, browser, OWNER)
    page = browser.get(path_of(world))
    after = browser.press(page, path_of(world), {"tolerance.tax": "a lot", "receipts": "on"})
    assert after.status == 422
    assert "a lot is no tolerance" in after.text
    assert after.value("tolerance.tax") == "a lot"
    assert "receipts" not in rules_of(world.installation, world.company_id)


@pytest.mark.parametrize("who", [ANA, COLLEAGUE])
def test_b9_nobody_but_an_owner_sees_or_sets_the_rules(world: World, browser: Browser, who: str) -> None:
    """Neither a supplier nor a colleague without the role."""
    sign_in(world, browser, who)
    assert browser.get(path_of(world)).status == 404
    assert browser.post(path_of(world), {"tolerance.tax": "1"}).status in (403, 404)


def test_b9_a_supplier_of_another_company_is_not_there(world: World, browser: Browser) -> None:
    """An id that is nobody's of this company."""
    sign_in(world, browser, OWNER)
    assert browser.get(f"{path_of(world)}?supplier=nobody").status == 404
    with world.installation.database.read() as session:
        assert session.scalars(select(Supplier.settings)).all() == [None, None]


def test_the_report_is_shown_on_the_page_and_as_data(world: World, browser: Browser) -> None:
    """What is tolerated is the customer's alone to know; a draft is its supplier's alone."""
    set_rules(world.installation, world.company_id, by=OWNER, said={"tolerance.price_over": "1%"})
    order = world.order()
    with acting(world, ANA, "draft") as act:
        made = drafting.draft_from_order(act, order, "1", None, [invoices.EditLine(1, None, None)]).document
    take(
        world, ANA, invoices.edit, made.id, invoices.Edit(lines=[invoices.EditLine(1, price=invoices.Decimal("4.54"))])
    )
    path = f"/d/{made.public_id}"
    sign_in(world, browser, OWNER)
    assert "report" in json.loads(browser.get(f"{path}/report.json").text)["document"]
    assert json.loads(browser.get(f"{path}/report.json").text)["document"]["report"] is None
    take(world, ANA, invoices.edit, made.id, invoices.Edit(tax_rate=invoices.Decimal(20)), cause="again")
    take(world, ANA, invoices.confirm, made.id)
    page = browser.get(path)
    assert "How each item was compared" in page.text
    assert "Price above the order: off by 0.40 EUR, within the 0.45 EUR tolerated; 0.05 EUR left." in page.text
    assert f"{path}/report.json" in page.links()
    found = json.loads(browser.get(f"{path}/report.json").text)
    entry = found["document"]["report"][0]
    assert (entry["order"], entry["order_n"], entry["paired_by"], entry["remaining"]) == ("PO-1", 1, "order line", "10")
    assert entry["checks"][0]["tolerated"] is True
    assert found["differences"] == []
    printed = browser.client.get(f"{path}/report.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    text = " ".join(PdfDocument(printed.content)[0].get_textpage().get_text_range().split())
    assert "How Invoice 1 was compared" in text
    assert "within the 0.45 EUR tolerated" in text
    assert "It agrees." in text
    assert "tolerated" in world.facts("invoice-to-approve", OWNER)
    assert "tolerated" not in world.facts("invoice-received", ANA)
    sign_in(world, browser, ANA)
    assert "tolerated" not in browser.get(path).text
    told = json.loads(browser.get(f"{path}/report.json").text)["document"]["report"]
    assert [(one["order_n"], one.get("checks")) for one in told if one["n"]] == [(1, None), (2, None)]
    printed = browser.client.get(f"{path}/report.pdf")
    assert "tolerated" not in PdfDocument(printed.content)[0].get_textpage().get_text_range()


def test_the_report_needs_a_signed_in_person(world: World, browser: Browser) -> None:
    """Data are not sent to a sign-in page."""
    assert browser.get("/d/nothing/report.json").status == 401
