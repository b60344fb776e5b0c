"""Taking back by mail what was decided by mistake (B14)."""

from __future__ import annotations

import pytest

from postroom.demo.files import INVOICED, ORDERED, Item, invoice_file
from postroom.mailbox.mail import Mail
from tests.flows.conftest import Play
from workflows.house_rules import set_rules


def _to_approve(play: Play, items: tuple[Item, ...] = ORDERED) -> Mail:
    """Olga's mail that asks her to decide about an invoice of Ana's."""
    play.ana.reply(play.ordered(), "Our invoice.", [invoice_file("22914", items)])
    play.ana.reply(play.ana.wait(notice="answer", text="22914"), "confirm")
    play.ana.wait(notice="answer")
    return play.olga.wait(notice="invoice-to-approve" if items == ORDERED else "invoice-differs")


@pytest.mark.parametrize("words", ["undo", "Sorry, please take that back. Wrong invoice!"])
def test_b14_an_approval_is_taken_back_and_the_supplier_is_told(play: Play, words: str) -> None:
    """The invoice waits for approval again, and can be decided anew."""
    mail = _to_approve(play)
    play.olga.reply(mail, "approve")
    answer = play.olga.wait(notice="answer")
    play.ana.wait(notice="invoice-approved")
    play.olga.reply(answer, words)
    again = play.olga.wait(notice="answer")
    text = " ".join(again.letter.text.split())
    assert "“Approve” is taken back. 22914 is as before: Waiting for approval." in text
    told = " ".join(play.ana.wait(notice="step-undone").letter.text.split())
    assert "Olga has taken back “Approve”." in told
    play.olga.reply(again, "reject: ordered twice")
    assert "ordered twice" in play.ana.wait(notice="invoice-rejected").letter.text


def test_b14_a_confirmed_invoice_is_a_draft_again(play: Play) -> None:
    """The supplier takes it back, changes it and sends it again; the customer's old button does nothing any more."""
    asked = _to_approve(play)
    play.ana.reply(play.ana.inbox[-1], "undo that please")
    answer = play.ana.wait(notice="answer")
    assert "Draft, not yet confirmed" in answer.letter.text
    assert "Confirm" in play.olga.wait(notice="step-undone").letter.text
    page = play.olga.click(play.olga.link(asked, "approve"))
    assert page.status == 409
    play.ana.reply(answer, "1: 30 x 11.50")
    play.ana.reply(play.ana.wait(notice="answer", text="345.00"), "confirm")
    assert "345.00" in play.olga.wait(notice="invoice-to-approve").letter.text


def test_b14_an_order_refused_by_mistake_is_open_again(play: Play) -> None:
    """The refusal is final, and still is taken back while nothing followed."""
    ordered = play.ordered()
    play.ana.reply(ordered, "refuse: we do not make these")
    play.olga.wait(notice="order-refused")
    play.ana.reply(play.ana.wait(notice="answer"), "Undo. That was meant for another order.")
    assert "Sent" in play.ana.wait(notice="answer").letter.text
    play.olga.wait(notice="step-undone")
    play.ana.reply(play.ana.inbox[-1], "We confirm the order.")
    assert play.olga.wait(notice="order-acknowledged")


def test_b14_what_the_other_side_has_acted_on_stays(play: Play) -> None:
    """Sent back for revision, the invoice is the customer's decision by now: the supplier cannot take it back."""
    play.olga.reply(_to_approve(play), "revise: the hubs are missing")
    play.ana.wait(notice="invoice-action-needed")
    play.ana.reply(play.ana.inbox[-1], "undo")
    text = " ".join(play.ana.wait(notice="answer").letter.text.split())
    assert "this can no longer be done" in text
    assert not play.olga.has(subject="took something back")


def test_b14_nobody_takes_back_what_a_colleague_decided(play: Play) -> None:
    """Ben has done nothing there: he is told so, and Olga's decision stands."""
    play.olga.reply(_to_approve(play), "approve")
    play.ana.wait(notice="invoice-approved")
    play.ben.reply(play.olga.inbox[-1], "undo")
    answer = play.ben.wait()
    assert "taken back" in answer.letter.text or "sure" in answer.letter.text
    assert not play.ana.has(subject="took something back")


def test_b14_a_second_undo_takes_back_nothing_more(play: Play) -> None:
    """It says that it was taken back already."""
    play.olga.reply(_to_approve(play), "approve")
    answer = play.olga.wait(notice="answer")
    play.olga.reply(answer, "undo")
    again = play.olga.wait(notice="answer")
    play.olga.reply(again, "undo")
    assert "taken back already" in play.olga.wait(notice="answer").letter.text


def test_b14_the_companys_rule_says_for_how_long(play: Play) -> None:
    """With no time at all nothing is taken back, and the answer says so."""
    set_rules(play.installation, play.company_id, by=play.olga.address, said={"undo_minutes": "0"})
    play.olga.reply(_to_approve(play), "approve")
    play.olga.reply(play.olga.wait(notice="answer"), "undo")
    assert "“Approve” cannot be taken back." in " ".join(play.olga.wait(notice="answer").letter.text.split())
    assert not play.ana.has(subject="took something back")


def test_b14_an_unproved_undo_waits_for_the_persons_word(play: Play) -> None:
    """A mail that proves nothing takes back nothing until the person on file presses the link."""
    play.olga.reply(_to_approve(play), "approve")
    play.olga.reply(play.olga.wait(notice="answer"), "undo", proven=False)
    asked = play.olga.wait(notice="confirm-sender")
    assert not play.ana.has(subject="took something back")
    play.olga.press(play.olga.click(play.olga.link(asked, "mail")))
    assert play.ana.wait(notice="step-undone")


def test_b14_a_draft_made_by_one_line_is_dropped(play: Play) -> None:
    """Undone in the order's thread, the draft is canceled and the customer, who never saw it, is told nothing."""
    ordered = play.ordered()
    play.ana.reply(ordered, "invoice all, no. 22914")
    play.ana.wait(notice="answer", text="22914")
    play.ana.reply(ordered, "undo")
    assert "Canceled" in play.ana.wait(notice="answer").letter.text
    play.settled()
    assert not play.olga.has(text="22914")


def test_b14_words_that_were_passed_on_are_not_taken_for_the_step_before(play: Play) -> None:
    """After a note "undo" may mean the note: nothing is guessed, and the page offers the step by name."""
    play.olga.reply(_to_approve(play), "approve")
    answer = play.olga.wait(notice="answer")
    play.ana.wait(notice="invoice-approved")
    play.olga.reply(answer, "The new address is Quay 7.")
    play.olga.reply(answer, "undo")
    refused = play.olga.wait(notice="answer", text="passed on")
    assert "Approve" in refused.letter.text
    page = play.olga.click(play.olga.link(refused, "open"))
    assert "Take back: Approve" in page.text
    done = play.olga.press(page, {}, button="Take back: Approve")
    assert "It was taken back" in done.text
    assert play.ana.wait(notice="step-undone")


def test_b14_a_decision_pressed_in_a_mail_is_taken_back_on_the_page_that_shows_it(play: Play) -> None:
    """The link is spent, and its page offers to take back what it did; afterwards it says so."""
    mail = _to_approve(play, INVOICED)
    link = play.olga.link(mail, "approve")
    done = play.olga.press(play.olga.click(link), {"sure": "yes"})
    play.ana.wait(notice="invoice-approved")
    back = play.olga.press(done, {}, button="Take back: Approve")
    assert "It was taken back" in back.text
    assert "It was taken back" in play.olga.click(link).text
    assert play.ana.wait(notice="step-undone")
