"""The order reaches the supplier and is answered."""

from __future__ import annotations

from tests.flows.conftest import Play


def test_f19_the_supplier_receives_the_order_as_pdf_sheet_and_ubl(play: Play) -> None:
    """One mail carries the order for people and for machines."""
    names = {file.name.rpartition(".")[2]: file for file in play.ordered().letter.attachments}
    assert names.keys() == {"pdf", "xlsx", "xml"}
    assert names["pdf"].content.startswith(b"%PDF")
    assert names["xlsx"].content.startswith(b"PK")
    assert b"<cbc:ID>PO-2041</cbc:ID>" in names["xml"].content


def test_f20_each_new_order_is_told_in_a_notice_of_its_own(play: Play) -> None:
    """The notice names the order and lists its lines."""
    text = " ".join(play.ordered().letter.text.split())
    assert "PO-2041" in text
    assert "Steel hub 32 holes" in text
    assert "11.50" in text


def test_f21_the_signed_link_opens_the_order(play: Play) -> None:
    """The link in the mail shows the order without a sign-in."""
    mail = play.ordered()
    page = play.ana.click(play.ana.link(mail, "open"))
    assert page.status == 200
    assert "PO-2041" in page.text
    assert "Steel hub 32 holes" in page.text


def test_f22_the_order_mail_says_how_many_orders_are_still_to_invoice(play: Play) -> None:
    """The counter stands in the notice, and falls when everything is invoiced."""
    mail = play.ordered()
    assert "Still to invoice: 1 order." in mail.letter.text
    play.ana.reply(mail, "invoice all, no. 1")
    draft = play.ana.wait(notice="answer")
    play.ana.reply(draft, "confirm")
    assert "Still to invoice: 1 order." not in play.ana.wait(notice="answer").letter.text


def test_b1_the_supplier_confirms_the_order_by_reply(play: Play) -> None:
    """The owner of the order is told."""
    play.ana.reply(play.ordered(), "We confirm the order.")
    assert "PO-2041" in play.olga.wait(notice="order-acknowledged").letter.text


def test_b1_the_supplier_refuses_the_order_with_a_reason(play: Play) -> None:
    """The reason crosses, word for word."""
    play.ana.reply(play.ordered(), "refuse: we closed the foundry")
    assert "we closed the foundry" in play.olga.wait(notice="order-refused").letter.text


def test_b2_the_supplier_proposes_another_price_for_a_line(play: Play) -> None:
    """The counter-proposal names the line and both prices."""
    play.ana.reply(play.ordered(), "2: 20 x 10.25")
    text = play.olga.wait(notice="order-countered").letter.text
    assert "10.25" in text
