"""The invoice by page: made from the order, edited, sent, and decided by the customer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.inbound.web.world import ANA, COLLEAGUE, FERRUM, OWNER, Answer, Browser, World

PDF = ("files", ("our invoice.pdf", b"%PDF-1.4 not a real one", "application/pdf"))


def drafted(world: World, browser: Browser, number: str = "22914", tax: str = "20") -> Answer:
    """The page of a draft that was made of an order by its Create Invoice button."""
    link = world.link(ANA, "open", world.order())
    form = browser.get(f"{link}/create_invoice")
    return browser.press(form, "/create_invoice", {"number": number, "tax_rate": tax})


def sent(world: World, browser: Browser, quantity: str | None = None) -> int:
    """An invoice that was sent to the customer, with another quantity of its first item if one is given."""
    page = drafted(world, browser)
    if quantity is not None:
        edit = browser.get(f"{page.url.partition('?')[0]}/edit")
        page = browser.press(edit, "/edit", {"lines.1.qty": quantity})
    confirm = browser.get(f"{page.url.partition('?')[0]}/confirm")
    assert browser.press(confirm, "/confirm", {"sure": "yes"}).status == 200
    return world.newest("invoice").id


def test_f21_the_supplier_opens_the_order(world: World, browser: Browser):
    """The signed link shows number, lines, amounts and the customer."""
    page = browser.get(world.link(ANA, "open", world.order(lines=3)))
    assert page.status == 200
    for words in ("Purchase order", "PO-1", "Acme", "Bracket 3", "30 pcs", "6.50 EUR", "Sent"):
        assert words in page.text, words


def test_f22_the_order_counts_the_invoices_still_to_create(world: World, browser: Browser):
    """The Create Invoice button carries the number of orders that are still to be invoiced; it falls with each."""
    other = world.link(ANA, "open", world.order("PO-2"))
    link = world.link(ANA, "open", world.order("PO-3"))
    assert "Create invoice (2)" in browser.get(link).text
    made = browser.press(browser.get(f"{link}/create_invoice"), "/create_invoice", {"number": "1", "tax_rate": "0"}).url
    browser.press(browser.get(f"{made}/confirm"), "/confirm", {"sure": "yes"})
    assert "Create invoice" not in browser.get(link).text
    assert "Create invoice (1)" in browser.get(other).text


def test_f23_create_invoice_copies_the_lines_and_asks_number_and_tax(world: World, browser: Browser):
    """The lines come from the order; the supplier's own number and the tax are asked, never invented."""
    link = world.link(ANA, "open", world.order())
    form = browser.get(f"{link}/create_invoice")
    assert form.value("number") == ""
    assert form.value("tax_rate") == ""
    empty = browser.press(form, "/create_invoice", {})
    assert empty.status == 422
    assert "Please fill this in." in empty.text
    assert 'aria-describedby="number-hint number-error"' in empty.source
    page = browser.press(empty, "/create_invoice", {"number": "22914", "tax_rate": "20"})
    assert page.status == 200
    for words in ("22914", "Bracket 2", "20 pcs", "155.00 EUR", "31.00 EUR", "186.00 EUR", "Draft"):
        assert words in page.text, words
    invoice = world.newest("invoice")
    assert invoice.content.gross == Decimal(186)
    assert [line.quantity for line in invoice.content.lines] == [Decimal(10), Decimal(20)]


def test_f23_a_double_click_makes_one_invoice(world: World, browser: Browser):
    """The same form sent twice leads to the same draft."""
    link = world.link(ANA, "open", world.order())
    form = browser.get(f"{link}/create_invoice")
    fields = {"number": "22914", "tax_rate": "20"}
    first = browser.press(form, "/create_invoice", fields)
    second = browser.press(form, "/create_invoice", fields)
    assert first.url == second.url
    assert world.events(world.newest("invoice").id) == ["invoice.drafted"]


def test_f24_the_supplier_edits_the_items_before_sending(world: World, browser: Browser):
    """Quantity and price are changed in the table, a quantity of 0 takes an item off; the totals follow."""
    page = drafted(world, browser)
    form = browser.get(f"{page.url}/edit")
    assert form.value("lines.1.qty") == "10"
    assert form.value("lines.1.price") == "4.5"
    after = browser.press(form, "/edit", {"lines.1.qty": "8", "lines.1.price": "11,50", "lines.2.qty": "0"})
    assert "The invoice was changed." in after.text
    invoice = world.newest("invoice").content
    assert [(line.n, line.quantity, line.unit_price) for line in invoice.lines] == [(1, Decimal(8), Decimal("11.50"))]
    assert invoice.gross == Decimal("110.40")


def test_b7_the_supplier_says_why_no_tax_is_charged(world: World, browser: Browser):
    """One of the categories of the norm, chosen by its words; what is none of them is asked again."""
    page = drafted(world, browser, tax="0")
    form = browser.get(f"{page.url}/edit")
    options = [one.text for one in form.tree.xpath('//select[@name="tax_category"]/option')]
    assert options[1:3] == ["Exempt from tax", "Reverse charge: the customer owes the tax"]
    assert browser.press(form, "/edit", {"tax_category": "X"}).status == 422
    after = browser.press(form, "/edit", {"tax_category": "AE", "tax_reason": "Article 196"})
    assert "Reverse charge: the customer owes the tax" in after.text
    invoice = world.newest("invoice").content
    assert (invoice.tax_category, invoice.tax_reason) == ("AE", "Article 196")
    again = browser.get(f"{page.url}/edit")
    assert [one.get("value") for one in again.tree.xpath("//option[@selected]")] == ["AE"]


def test_f25_the_supplier_adds_its_own_pdf(world: World, browser: Browser):
    """A file added to the draft is listed, can be fetched through the link, and tells nobody yet."""
    page = drafted(world, browser)
    before = len(world.notices())
    after = browser.press(page, "/files", files=[PDF])
    assert "our invoice.pdf" in after.text
    path = next(link for link in after.links() if "/files/" in link)
    answer = browser.client.get(path)
    assert answer.content == PDF[1][1]
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith('attachment; filename="our invoice.pdf"')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(world.notices()) == before


def test_f26_a_comment_for_the_customer_goes_with_the_invoice(world: World, browser: Browser):
    """What is written for the customer on the draft stands on the customer's page."""
    page = drafted(world, browser)
    browser.press(browser.get(f"{page.url}/edit"), "/edit", {"comment": "Second pallet follows."})
    browser.press(browser.get(f"{page.url}/confirm"), "/confirm", {"sure": "yes"})
    assert "Second pallet follows." in browser.get(world.link(OWNER, "open", world.newest("invoice").id)).text


def test_f27_f28_the_supplier_reviews_and_confirms(world: World, browser: Browser):
    """The review page shows everything and asks a real choice; only then the invoice goes to the customer."""
    page = drafted(world, browser)
    review = browser.get(f"{page.url}/confirm")
    for words in ("22914", "186.00 EUR", "Bracket 1", "Yes, send this invoice of 186.00 EUR to Acme."):
        assert words in review.text, words
    assert "checked" not in review.source
    unsure = browser.press(review, "/confirm")
    assert unsure.status == 422
    assert "Please choose before you go on." in unsure.text
    assert world.newest("invoice").status == "draft"
    after = browser.press(unsure, "/confirm", {"sure": "yes"})
    assert "The invoice was sent to the customer." in after.text
    assert "Waiting for approval" in after.text
    assert ("invoice-to-approve", OWNER) in world.notices()


def test_f29_an_edited_invoice_shows_each_difference_to_the_customer(world: World, browser: Browser):
    """Less than ordered: status Matching, and the customer's page lists the difference."""
    invoice = sent(world, browser, "8")
    page = browser.get(world.link(OWNER, "open", invoice))
    assert "Matching, the customer must decide" in page.text
    assert "1 difference from the order" in page.text
    assert "Less than ordered" in page.text


def test_f30_the_status_stands_at_the_top_of_the_page(world: World, browser: Browser):
    """The badge stands in the head of the page, beside the number."""
    page = browser.get(world.link(OWNER, "open", sent(world, browser)))
    head = page.tree.find_class("head")[0]
    assert head.find_class("badge")[0].text_content() == "Waiting for approval"


def test_f31_the_customer_approves_by_button_with_a_real_choice(world: World, browser: Browser):
    """The button shows amount and supplier; without the tick nothing happens, with it the invoice is approved."""
    link = world.link(OWNER, "approve", sent(world, browser, "8"))
    form = browser.get(link)
    assert f"Yes, I approve 175.20 EUR for {FERRUM}." in form.text
    assert FERRUM in form.text
    assert browser.post(link, form.hidden(link)).status == 422
    result = browser.post(link, {**form.hidden(link), "sure": "yes"})
    assert "The invoice was approved: Olga Owner" in result.text
    assert ("invoice-approved", ANA) in world.notices()


@pytest.mark.parametrize(("step", "notice"), [("reject", "invoice-rejected"), ("send_back", "invoice-action-needed")])
def test_f32_f33_the_customer_says_no_with_a_reason(world: World, browser: Browser, step: str, notice: str):
    """Rejecting and sending back ask for the reason at its field, which the supplier then reads."""
    invoice = sent(world, browser, "8")
    link = world.link(OWNER, step, invoice)
    form = browser.get(link)
    without = browser.post(link, form.hidden(link))
    assert without.status == 422
    assert 'aria-invalid="true"' in without.source
    result = browser.post(link, {**form.hidden(link), "reason": "The price is\nnot agreed."})
    assert result.status == 200
    assert (notice, ANA) in world.notices()
    assert "The price is" in browser.get(world.link(ANA, "open", invoice)).text


def test_f33_the_supplier_corrects_on_the_page_and_sends_the_same_number_again(world: World, browser: Browser):
    """An invoice that was sent back is edited and confirmed again by its link."""
    invoice = sent(world, browser, "8")
    back = world.link(OWNER, "send_back", invoice)
    browser.post(back, {**browser.get(back).hidden(back), "reason": "All ten, please."})
    link = world.link(ANA, "open", invoice)
    browser.press(browser.get(f"{link}/edit"), "/edit", {"lines.1.qty": "10"})
    after = browser.press(browser.get(f"{link}/confirm"), "/confirm", {"sure": "yes"})
    assert "Waiting for approval" in after.text
    assert world.document(invoice).number == "22914"


def test_a_form_that_was_overtaken_shows_what_changed(world: World, browser: Browser):
    """Two people on one draft: the later one is told what changed and nothing of it is lost."""
    page = drafted(world, browser)
    mine = browser.get(f"{page.url}/edit")
    browser.press(browser.get(f"{page.url}/edit"), "/edit", {"lines.1.qty": "7"})
    late = browser.press(mine, "/edit", {"lines.2.qty": "15"})
    assert late.status == 409
    assert "What changed meanwhile" in late.text
    assert "Quantity, item 1" in late.text
    assert late.value("lines.2.qty") == "15"
    browser.press(late, "/edit", {"lines.1.qty": "7", "lines.2.qty": "15"})
    assert [line.quantity for line in world.newest("invoice").content.lines] == [Decimal(7), Decimal(15)]


def test_a_person_who_may_not_decide_is_not_offered_to(world: World, browser: Browser):
    """A colleague without the approver's role sees the page and no Approve; posting it anyway is refused."""
    invoice = sent(world, browser)
    browser.press(browser.get(world.link(OWNER, "open", invoice)), "/note", {"text": "Thanks"})
    supplier_page = browser.get(world.link(ANA, "open", invoice))
    assert "Approve" not in supplier_page.text
    forged = browser.post(f"{world.link(ANA, 'open', invoice)}/approve", {"version": "9", "nonce": "x", "sure": "yes"})
    assert forged.status in (403, 409)
    assert world.document(invoice).status == "pending"
    assert (COLLEAGUE, "note") not in world.notices()


def test_the_customer_sees_no_draft_that_is_still_being_written(world: World, browser: Browser):
    """What the supplier has not sent is not the customer's to read, not even by the order's page."""
    drafted(world, browser)
    order = world.newest("order")
    link = world.link(ANA, "acknowledge", order.id)
    browser.post(link, browser.get(link).hidden(link))
    page = browser.get(world.link(OWNER, "open", order.id))
    assert "186.00" not in page.text
