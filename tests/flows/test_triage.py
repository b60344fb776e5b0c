"""A stranger's mail to the company's mailbox, over SMTP, until it is a document (B40)."""

from __future__ import annotations

from postroom.demo.files import ORDERED, invoice_file
from postroom.mailbox.mail import Mail
from postroom.mailbox.mailboxes import Owner
from postroom.mailbox.person import Person
from tests.flows.conftest import Play


def _kim(play: Play) -> Person:
    """Somebody who collects for the supplier, and whom nobody here knows."""
    address = f"kim@factoring{play.company_id}.example"
    play.house.relay.mailboxes.add(Owner("Kim", address, "Factoring", "supplier"))
    return Person("Kim", address, play.house.relay.mailboxes, play.house.relay)


def _signed_in(play: Play) -> None:
    """Olga signs in by the link that is mailed to her."""
    page = play.olga.click(f"{play.installation.base_url}/sign-in")
    play.olga.press(page, {"address": play.olga.address})
    link = play.olga.link(play.olga.wait(notice="sign-in"), "sign")
    play.olga.press(play.olga.click(link))


def _mailbox(ordered: Mail) -> str:
    return f"orders@{ordered.letter.reply_to[0].address.rpartition('@')[2]}"


def test_b40_a_strangers_invoice_is_given_to_its_supplier_and_the_sender_remembered(play: Play) -> None:
    """It becomes a draft that its author confirms by mail; their next one needs nobody."""
    kim, mailbox = _kim(play), _mailbox(play.ordered())
    kim.write(mailbox, "Invoice 22914", "Please find our invoice.", [invoice_file("22914", ORDERED)])
    kim.wait(notice="stranger")
    _signed_in(play)
    page = play.olga.click(f"{play.installation.base_url}/triage")
    assert "Invoice 22914" in page.text
    assert "Perhaps from Anvil Workshop" in page.text
    page = play.olga.click(page.links["Invoice 22914"])
    done = play.olga.press(page, {}, button="Give it to this supplier")
    assert "This mail was given to Anvil Workshop" in done.text
    kim.reply(kim.wait(notice="answer", text="22914"), "confirm")
    approve = play.olga.wait(notice="invoice-to-approve")
    assert "22914" in approve.letter.subject
    assert kim.address in approve.letter.text

    kim.write(mailbox, "Invoice 22915", "And another one.", [invoice_file("22915", ORDERED)])
    kim.wait(notice="answer", text="22915")
    assert "Invoice 22915" not in play.olga.click(f"{play.installation.base_url}/triage").text
