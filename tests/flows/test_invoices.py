"""An invoice by mail: read or made from the order, confirmed, matched, decided, told."""

from __future__ import annotations

from decimal import Decimal

from postroom.demo.files import INVOICED, ORDERED, Item, invoice_file
from postroom.mailbox.mail import Mail
from tests.flows.conftest import Play


def _sent(play: Play, number: str = "22914", items: tuple[Item, ...] = ORDERED, words: str = "Our invoice.") -> Mail:
    """Ana's read-back after she sent an invoice PDF in answer to the order."""
    play.ana.reply(play.ordered(), words, [invoice_file(number, items)])
    return play.ana.wait(notice="answer", text=number)


def _confirmed(play: Play, items: tuple[Item, ...] = INVOICED) -> Mail:
    """Olga's mail that asks her to decide, after Ana confirmed an invoice."""
    play.ana.reply(_sent(play, items=items), "confirm")
    play.ana.wait(notice="answer")
    return play.olga.wait(notice="invoice-differs" if items != ORDERED else "invoice-to-approve")


def test_f23_the_supplier_invoices_the_whole_order_by_one_line(play: Play) -> None:
    """The lines are copied, the number is the supplier's own."""
    play.ana.reply(play.ordered(), "invoice all, no. 22914")
    text = play.ana.wait(notice="answer").letter.text
    assert "22914" in text
    assert "Brake lever, left" in text
    assert "906.00" in text


def test_f23_the_rate_of_tax_in_the_line_is_that_of_the_invoice(play: Play) -> None:
    """The supplier says its tax, here another one than the order's; the totals follow."""
    play.ana.reply(play.ordered(), "invoice all, no. 22914, 10 % VAT")
    text = play.ana.wait(notice="answer").letter.text
    assert "75.50" in text
    assert "830.50" in text
    assert not play.olga.has(subject="22914")


def test_f23_an_invoice_number_is_asked_for_and_never_invented(play: Play) -> None:
    """Without a number there is a question, and confirming is refused."""
    play.ana.reply(play.ordered(), "invoice all")
    question = play.ana.wait(notice="answer")
    assert "number" in question.letter.text
    play.ana.reply(question, "confirm")
    assert not play.olga.has(subject="22914")
    again = play.ana.wait(notice="answer")
    play.ana.reply(again, "invoice number 22914")
    assert "22914" in play.ana.wait(notice="answer").letter.text


def test_f24_the_supplier_edits_a_line_before_sending(play: Play) -> None:
    """Quantity and price of a line change with a typed line; the totals follow."""
    play.ana.reply(_sent(play), "1: 30 x 11.50")
    text = play.ana.wait(notice="answer").letter.text
    assert "345.00" in text


def test_f25_the_suppliers_own_pdf_goes_along_with_the_invoice(play: Play) -> None:
    """The customer gets the very file, once."""
    files = [file.name for file in _confirmed(play).letter.attachments]
    assert files.count("invoice-22914.pdf") <= 1
    page = play.olga.click(play.olga.link(play.olga.inbox[-1], "open"))
    assert "invoice-22914.pdf" in page.text


def test_f26_the_words_of_the_mail_go_to_the_customer(play: Play) -> None:
    """What the supplier writes with the invoice is a note on it."""
    _sent(play, words="Please note that the hubs come in two boxes.")
    assert "two boxes" in play.olga.wait(notice="note").letter.text


def test_f27_the_read_back_says_what_was_read(play: Play) -> None:
    """Number, order, total and lines stand in the answer, and that nothing is sent yet."""
    text = " ".join(_sent(play).letter.text.split())
    for words in ("22914", "PO-2041", "906.00", "Steel hub 32 holes", "Nothing is sent until you confirm."):
        assert words in text


def test_f28_confirm_sends_the_invoice_to_the_customer(play: Play) -> None:
    """An invoice that agrees with the order goes into approval."""
    text = _confirmed(play, ORDERED).letter.text
    assert "22914" in text
    assert "906.00" in text


def test_f29_an_invoice_that_differs_is_matching_and_each_difference_is_told(play: Play) -> None:
    """The customer reads what was ordered and what is invoiced."""
    text = " ".join(_confirmed(play).letter.text.split())
    assert "11.50" in text
    assert "12.00" in text


def test_f30_the_supplier_asks_for_the_status_and_is_answered(play: Play) -> None:
    """One word, one answer with the present status."""
    _confirmed(play)
    play.ana.reply(play.ana.inbox[-1], "status")
    assert "Matching" in play.ana.wait(notice="answer").letter.text


def test_f31_the_customer_approves_the_changes_by_reply(play: Play) -> None:
    """The supplier is told that the invoice is approved."""
    play.olga.reply(_confirmed(play), "approve")
    assert "22914" in play.ana.wait(notice="invoice-approved").letter.text


def test_f32_the_customer_rejects_with_a_reason(play: Play) -> None:
    """The reason reaches the supplier, word for word; without one it is asked for."""
    mail = _confirmed(play)
    play.olga.reply(mail, "reject")
    assert "reason" in play.olga.wait(notice="answer").letter.text
    play.olga.reply(mail, "reject: billed twice")
    assert "billed twice" in play.ana.wait(notice="invoice-rejected").letter.text


def test_f33_the_customer_sends_it_back_and_the_same_number_comes_again(play: Play) -> None:
    """The corrected invoice under the same number is a revision, not a duplicate."""
    play.olga.reply(_confirmed(play), "revise: the hub costs 11.50")
    needed = play.ana.wait(notice="invoice-action-needed")
    play.ana.reply(needed, "Corrected, sorry.", [invoice_file("22914", ORDERED)])
    again = play.ana.wait(notice="answer", text="906.00")
    play.ana.reply(again, "confirm")
    play.ana.wait(notice="answer")
    assert "906.00" in play.olga.wait(notice="invoice-to-approve").letter.text


def test_f34_a_letter_tells_which_action_is_needed_on_which_document(play: Play) -> None:
    """It names the invoice, the reason, and offers one primary action."""
    play.olga.reply(_confirmed(play), "revise: the hub costs 11.50")
    mail = play.ana.wait(notice="invoice-action-needed")
    assert "22914" in mail.letter.subject
    assert "the hub costs 11.50" in mail.letter.text
    assert play.ana.link(mail, "confirm")


def test_b8_a_part_of_the_order_may_be_invoiced(play: Play) -> None:
    """A smaller quantity at the order's price passes where the company lets it, and the rest stays open."""
    part = (Item(1, "Steel hub 32 holes", Decimal(10), Decimal("11.50")),)
    play.ana.reply(_sent(play, items=part), "confirm")
    answer = play.ana.wait(notice="answer").letter.text
    assert "Still to invoice: 1 order." in answer
    play.olga.wait(notice="invoice-to-approve")
