"""The story: two purchases and one request for proposal, scene by scene; each line is something that a person does.

A scene ends as told or raises: a mail that does not come, a page without its button, words that are not there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from inbound.documents.document import read_document
from postroom.demo.files import COUNTERED, INVOICED, confirmation_file, delivery_note_file, invoice_file, order_file
from postroom.demo.stage import Stage
from postroom.mailbox.browser import Page
from postroom.mailbox.mail import Mail
from postroom.mailbox.person import Person
from store import clock
from workflows.intake import import_order, import_request, invite_supplier
from workflows.lines import Line
from workflows.requests import RequestForProposal

Tell = Callable[[str], None]
Scene = Callable[[Stage, Tell], None]


class NotAsTold(Exception):
    """Raised when a step of the story did not end as told."""


def invitation(stage: Stage, tell: Tell) -> None:
    """The company invites a supplier, who answers "accept"."""
    tell("Olga invites Anvil Workshop. A mail is all that it takes.")
    _invite(stage, "Anvil Workshop", stage.ana)
    mail = stage.ana.wait(notice="invitation")
    tell("Ana presses Reply and writes one word.")
    stage.ana.reply(mail, "accept")
    _says(stage.ana.wait(notice="answer"), "accept")
    stage.olga.wait(notice="invitation-accepted")


def order(stage: Stage, tell: Tell) -> None:
    """The company sends an order from a UBL file; the supplier asks something, and is answered."""
    tell("Olga imports the order PO-2041 that her ERP wrote as a UBL file; Ana gets it as a mail.")
    mail = _order(stage, "PO-2041")
    _has_files(mail, 2)
    tell("Ana asks a question by reply. It crosses to Olga as a note, and so does the answer.")
    stage.ana.reply(mail, "Does matt black mean RAL 9005?")
    question = stage.olga.wait(notice="note", text="RAL 9005")
    stage.olga.reply(question, "Yes, RAL 9005 please.")
    stage.ana.wait(notice="note", text="Yes, RAL 9005")


def invoice(stage: Stage, tell: Tell) -> None:
    """The supplier sends an invoice whose price differs; it is read, confirmed, discussed, corrected and approved."""
    tell("Ana sends the invoice that her accounting program printed. One price is not the ordered one.")
    order_mail = next(mail for mail in stage.ana.inbox if mail.letter.header("X-Postroom-Notice") == "order-sent")
    stage.ana.reply(order_mail, "Here is our invoice. Thank you for the order!", [invoice_file("22914", INVOICED)])
    read_back = stage.ana.wait(notice="answer", text="22914")
    _says(read_back, "930.00")
    tell("Postroom said what it read. Ana confirms by reply; the price differs, so the customer must decide.")
    stage.ana.reply(read_back, "confirm")
    received = stage.ana.wait(notice="answer", text="Matching")
    _says(received, "22914")
    differs = stage.olga.wait(notice="invoice-differs")
    _says(differs, "11.50", "12.00")

    tell("Olga asks Ben. What they say to each other stays inside.")
    stage.olga.reply(
        differs, "Ben, did we agree to a new price for the hubs?", cc=f"{stage.ben.name} <{stage.ben.address}>"
    )
    asked = stage.ben.wait(text="did we agree")
    stage.ben.reply(asked, "No. They try that every year. 11.50 it is.", everyone=True)
    stage.olga.wait(notice="comment", text="They try that every year")

    tell("Olga sends the invoice back for revision, with a reason that Ana will read.")
    stage.olga.reply(differs, "revise: the hub costs 11.50, as ordered")
    stage.olga.wait(notice="answer")
    action_needed = stage.ana.wait(notice="invoice-action-needed")
    _says(action_needed, "the hub costs 11.50, as ordered")

    tell("Ana corrects the price on the page that the mail leads to, and sends the invoice again.")
    correct_on_page(stage, action_needed)
    to_approve = stage.olga.wait(notice="invoice-to-approve")

    tell("Olga approves by link: the page asks for a real choice, because money moves.")
    decide(stage.olga, stage.olga.click(stage.olga.link(to_approve, "approve")))
    stage.ana.wait(notice="invoice-approved")
    _nothing_crossed(stage, "every year", "did we agree")


def request(stage: Stage, tell: Tell) -> None:
    """Two suppliers are asked for a proposal: one quotes by typing, the other declines by link; the winner is told."""
    tell("Olga invites Spoke & Co as well and asks both for prices.")
    _invite(stage, "Spoke & Co", stage.tom)
    lines = [
        Line(1, "Rim 622-19, silver", Decimal(100), "C62"),
        Line(2, "Rim tape", Decimal(200), "C62"),
        Line(3, "Truing stand", Decimal(1), "C62"),
    ]
    content = RequestForProposal("RFP-77", "Wheels for spring", "EUR", lines, clock.now() + timedelta(days=14))
    import_request(
        stage.installation, stage.company_id, content, by=stage.olga.address, suppliers=["Anvil Workshop", "Spoke & Co"]
    )
    asked = stage.ana.wait(notice="request-sent")

    tell(
        "Ana types her prices into the reply. One figure could be read in two ways: Postroom asks instead of guessing."
    )
    stage.ana.reply(asked, "1: 12\n2: no bid\n3: 1.234\ndelivery: 12 December 2026")
    question = stage.ana.wait(notice="answer")
    _says(question, "What we need to know from you", "1.234")
    stage.ana.reply(question, "3: 1234.00")
    draft = stage.ana.wait(notice="answer")
    _says(draft, "1,234.00")

    tell("This time Ana's mail carries no proof that it is hers. She gets a link to confirm that it is.")
    stage.ana.reply(draft, "confirm", proven=False)
    proof = stage.ana.wait(notice="confirm-sender")
    decide(stage.ana, stage.ana.click(stage.ana.link(proof, "mail")))
    submitted = stage.olga.wait(notice="proposal-submitted")

    tell("Tom declines with a click.")
    tom_asked = stage.tom.wait(notice="request-sent")
    decide(stage.tom, stage.tom.click(stage.tom.link(tom_asked, "decline")))
    stage.olga.wait(notice="proposal-declined")

    tell("Olga awards the request to Ana, who is told.")
    decide(stage.olga, stage.olga.click(stage.olga.link(submitted, "award")))
    stage.ana.wait(notice="proposal-awarded")


def order_confirmation(stage: Stage, tell: Tell) -> None:
    """A supplier's own confirmation has another price; it is a counter-proposal, which the customer accepts."""
    tell("Olga orders again. Ana's system answers with a confirmation as PDF; one price in it is not the ordered one.")
    mail = _order(stage, "PO-2042")
    paper = confirmation_file("AB-318", COUNTERED, "PO-2042")
    stage.ana.reply(mail, "Thank you, we confirm the order as attached.", [paper])
    _says(stage.ana.wait(notice="answer", text="10.25"), "unit price 10.25 EUR (ordered: 9.75 EUR)")
    tell("Nothing was confirmed unseen: the one line that differs is proposed to Olga. She accepts it by reply.")
    countered = stage.olga.wait(notice="order-countered", text="PO-2042")
    _says(countered, "10.25")
    stage.olga.reply(countered, "We accept the new price.")
    _says(stage.ana.wait(notice="order-changes-accepted"), "765.00 EUR")


def forwarded_order(stage: Stage, tell: Tell) -> None:
    """An accountant whom nobody knows forwards the order mail with three papers: two invoices and a delivery note."""
    tell("Ana hands the order mail on to Ida, who keeps her books at another company.")
    accepted = next(m for m in stage.ana.inbox if m.letter.header("X-Postroom-Notice") == "order-changes-accepted")
    stage.ana.forward(accepted, stage.ida.address, "Please invoice this.")
    handed_on = stage.ida.wait(text="Please invoice this")
    tell("Ida forwards it to Postroom with three papers. Postroom does not know her, and asks Ana for one click.")
    hub, *rest = COUNTERED
    papers = [
        invoice_file("22915", [hub], "PO-2042"),
        delivery_note_file("LS-77", COUNTERED, "PO-2042"),
        invoice_file("22916", rest, "PO-2042"),
    ]
    stage.ida.forward(handed_on, _answers_to(accepted), "Two invoices for Anvil Workshop, as agreed.", papers)
    proof = stage.ana.wait(notice="confirm-sender", text="PO-2042")
    decide(stage.ana, stage.ana.click(stage.ana.link(proof, "mail")))
    drafts = stage.ana.wait(notice="answer", text="22916")
    _says(drafts, "22915", "552.00 EUR", "366.00 EUR", "Delivery note: Kept with PO-2042")
    stage.olga.wait(notice="note", text="Two invoices for Anvil Workshop")


SCENES: tuple[Scene, ...] = (invitation, order, invoice, request, order_confirmation, forwarded_order)


def _order(stage: Stage, number: str) -> Mail:
    """Ana's mail with an order that Olga's ERP wrote."""
    reading = read_document(order_file(number), f"{number.lower()}.xml")
    assert reading is not None
    import_order(stage.installation, stage.company_id, reading, by=stage.olga.address)
    return stage.ana.wait(notice="order-sent", text=number)


def _answers_to(mail: Mail) -> str:
    """Where a reply to *mail* goes."""
    return next(address.address for address in (*mail.letter.reply_to, mail.letter.author) if address)


def _invite(stage: Stage, name: str, contact: Person) -> None:
    invite_supplier(
        stage.installation,
        stage.company_id,
        by=stage.olga.address,
        name=name,
        address=contact.address,
        contact=contact.name,
    )


def _says(mail: Mail, *words: str) -> None:
    for word in words:
        if word not in " ".join(mail.letter.text.split()):
            raise NotAsTold(f"“{mail.letter.subject}” does not say {word!r}.")


def _has_files(mail: Mail, least: int) -> None:
    if len(mail.letter.attachments) < least:
        raise NotAsTold(f"“{mail.letter.subject}” has {len(mail.letter.attachments)} attachments.")


def _nothing_crossed(stage: Stage, *words: str) -> None:
    for mail in stage.ana.inbox:
        for word in words:
            if word in mail.letter.text or word in mail.letter.html:
                raise NotAsTold(f"“{mail.letter.subject}” carries a comment of the other side.")


def correct_on_page(stage: Stage, mail: Mail) -> None:
    """Ana opens the invoice, sets the hub's price right and sends the invoice again."""
    page = stage.ana.click(stage.ana.link(mail, "Correct the invoice"))
    form = stage.ana.click(page.links["Edit items"])
    page = stage.ana.press(form, {"lines.1.price": "11.50"}, button="Save")
    decide(stage.ana, stage.ana.click(page.links["Review and confirm"]))


def decide(person: Person, page: Page) -> Page:
    """Press the one button of a page, making the real choice where money moves."""
    choice = {"sure": "yes"} if "sure" in page.document.forms[0].fields else {}
    done = person.press(page, choice)
    if done.status != 200:
        raise NotAsTold(f"{page.url} answered {done.status}.")
    return done
