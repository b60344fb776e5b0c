"""B10, B11: credit notes by mail from their file to the decision, and invoices for several orders in one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from store.installation import Installation
from tests.inbound.post import ANA, OWNER, Post, a_credit_note, an_invoice, make_post
from tests.workflows.test_perform import take
from tests.workflows.test_remaining import used
from workflows import credit_notes, invoices

D = Decimal


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme, and an order PO-1 to Ferrum that invoice 22914 is approved for."""
    made = make_post(installation)
    made.world.order()
    made.send(ANA, made.address("order-sent", ANA), "", ("invoice.xml", an_invoice()))
    made.send(ANA, made.address("answer", ANA), "confirm")
    take(made.world, OWNER, invoices.approve, made.world.newest("invoice").id)
    yield made
    made.receiving.close()


def test_b11_a_credit_note_by_mail_goes_from_read_back_to_approval(post: Post) -> None:
    """Read, confirmed in words, decided in words; the order has two pieces left to invoice."""
    post.send(ANA, post.address("order-sent", ANA), "Two came back.", ("credit.xml", a_credit_note()))
    read_back = post.text("answer", ANA)
    assert "Credit note: G-1" in read_back
    assert "Credited invoice: 22914" in read_back
    assert "Goods come back" in read_back
    post.send(ANA, post.address("answer", ANA), "We confirm the credit note.")
    assert post.world.newest("credit_note").status == "pending"
    asked = post.text("credit-note-to-approve", OWNER)
    assert "The credit note agrees with the invoice." in asked
    assert "Compared with item 1 of 22914" in asked
    post.send(OWNER, post.address("credit-note-to-approve", OWNER), "approve")
    assert post.world.newest("credit_note").status == "approved"
    assert "Credit note G-1 is approved" in post.text("credit-note-approved", ANA)
    assert used(post.world, post.world.newest("order").id) == {1: D(8), 2: D(20)}


def test_b11_a_credit_note_that_names_no_invoice_is_for_that_of_the_thread(post: Post) -> None:
    """It came in answer to the mail about the invoice."""
    to = post.address("invoice-approved", ANA)
    post.send(ANA, to, "", ("credit.xml", a_credit_note(credited="")))
    assert post.world.newest("credit_note").content.credits == ["22914"]


def test_b11_what_a_credit_note_gives_back_counts_also_where_it_named_its_invoice_later(post: Post) -> None:
    """Sent again with the invoice's number; what it took of the invoice cannot be credited once more."""
    post.send(ANA, post.address("order-sent", ANA), "", ("c.xml", a_credit_note(credited="")))
    assert post.world.newest("credit_note").content.credited_id is None
    post.send(ANA, post.address("answer", ANA), "", ("c.xml", a_credit_note()))
    post.send(ANA, post.address("answer", ANA), "confirm")
    post.send(OWNER, post.address("credit-note-to-approve", OWNER), "approve")
    assert post.world.newest("credit_note").status == "approved"
    post.send(ANA, post.address("order-sent", ANA), "", ("d.xml", a_credit_note("G-2", lines=[(1, 10, "4.50")])))
    post.send(ANA, post.address("answer", ANA), "confirm")
    second = post.world.newest("credit_note")
    assert (second.number, second.status) == ("G-2", "matching")
    assert "qty_over_remaining" in [difference.code for difference in second.content.differences]
    take(post.world, OWNER, credit_notes.approve, second.id)
    assert used(post.world, post.world.newest("order").id)[1] == 0


def test_b11_a_credit_note_that_differs_is_told_with_what_was_invoiced(post: Post) -> None:
    """12 of the 10 invoiced are credited."""
    post.send(ANA, post.address("order-sent", ANA), "", ("c.xml", a_credit_note(lines=[(1, 12, "4.50")])))
    post.send(ANA, post.address("answer", ANA), "confirm")
    asked = post.text("credit-note-differs", OWNER)
    assert "What differs from the invoice" in asked
    assert "invoiced 10, credited 12" in asked
    post.send(OWNER, post.address("credit-note-differs", OWNER), "reject: only ten were invoiced")
    assert post.world.newest("credit_note").status == "rejected"
    assert "only ten were invoiced" in post.text("credit-note-rejected", ANA)


def test_b11_an_invoice_and_its_credit_note_in_one_mail_are_two_documents(post: Post) -> None:
    """Each is read, and both stand in the one answer."""
    post.world.order("PO-2")
    files = [("a.xml", an_invoice("1", "PO-2")), ("b.xml", a_credit_note())]
    post.send(ANA, post.address("order-sent", ANA), "", *files)
    text = post.text("answer", ANA)
    assert "Credit note: G-1" in text
    assert "Invoice: 1" in text


def test_b11_a_credit_note_never_takes_the_place_of_a_draft_of_an_invoice(post: Post) -> None:
    """Though it comes in answer to the draft, and has no number of its own."""
    post.world.order("PO-2")
    post.send(ANA, post.address("order-sent", ANA), "", ("a.xml", an_invoice("1", "PO-2")))
    post.send(ANA, post.address("answer", ANA), "", ("c.xml", a_credit_note("1")))
    assert post.world.newest("invoice").content.gross == D("186")
    assert post.world.newest("credit_note").number == "1"


def test_b10_one_invoice_for_two_orders_takes_from_both_and_is_told_as_one(post: Post) -> None:
    """Each line names its own order; nothing is left of either."""
    first, second = post.world.order("PO-7", lines=1), post.world.order("PO-8", lines=1)
    source = an_invoice("77", "PO-7", [(1, 10, "4.50"), (1, 10, "4.50")]).decode()
    head, _, tail = source.partition("<cac:OrderLineReference><cbc:LineID>1</cbc:LineID>")
    named = (
        "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID><cac:OrderReference><cbc:ID>{}</cbc:ID></cac:OrderReference>"
    )
    tail = tail.replace("<cac:OrderLineReference><cbc:LineID>1</cbc:LineID>", named.format("PO-8"))
    post.send(ANA, post.address("order-sent", ANA), "", ("i.xml", (head + named.format("PO-7") + tail).encode()))
    invoice = post.world.newest("invoice").content
    assert (invoice.order_numbers, [d.code for d in invoice.differences]) == (["PO-7", "PO-8"], [])
    assert [line.order_id for line in invoice.lines] == [first, second]
    post.send(ANA, post.address("answer", ANA), "confirm")
    assert used(post.world, first) == used(post.world, second) == {1: D(10)}
    asked = post.text("invoice-to-approve", OWNER)
    assert "Compared with item 1 of PO-7" in asked
    assert "Compared with item 1 of PO-8" in asked


def test_b11_a_credit_note_as_a_pdf_is_found_by_the_invoice_number_that_it_shows(post: Post) -> None:
    """Printed by an accounting program, with no field that says what it credits."""
    import typst

    rows = ("[1], [Bracket 1], [2 pcs], [4.50], [9.00]", "[], [Net], [], [], [9.00]", "[], [VAT 20 %], [], [], [1.80]")
    table = ", ".join(("[Pos.], [Item], [Quantity], [Unit price], [Amount]", *rows, "[], [Total EUR], [], [], [10.80]"))
    source = (
        '#set page(paper: "a4")\n#set text(font: "DejaVu Sans", size: 9pt)\nFerrum Ltd, Dock 1\n\n= Credit note\n\n'
        "Credit note number: G-7 \\\nDate: 22.11.2026 \\\nReturned goods of our invoice 22914\n\n"
        f"#table(columns: 5, stroke: none, {table})\n"
    )
    post.send(ANA, post.address("order-sent", ANA), "", ("credit.pdf", typst.compile(source.encode())))
    note = post.world.newest("credit_note")
    assert (note.number, note.content.credits, note.content.gross) == ("G-7", ["22914"], D("10.80"))
