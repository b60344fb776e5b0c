"""Papers of the supplier's own system by mail: order confirmations, delivery notes, reminders, statements."""

from __future__ import annotations

from datetime import date

import pytest
import typst
from sqlalchemy import func, select

from postroom.demo.files import COUNTERED, ORDERED, Item, confirmation_file, delivery_note_file, invoice_file
from postroom.mailbox.mail import File, Mail
from store.documents import Document as Row
from store.journal import Attachment, Event, Notice
from tests.flows.conftest import Play
from tests.sheets import an_xlsx


def _text(mail: Mail) -> str:
    return " ".join(mail.letter.text.split())


def _told(play: Play, *notices: str) -> int:
    """How many of these notices the company's people and suppliers got."""
    with play.installation.database.read(play.company_id) as session:
        return session.scalar(select(func.count(Notice.id)).where(Notice.name.in_(notices))) or 0


def _kinds(play: Play) -> list[str]:
    with play.installation.database.read(play.company_id) as session:
        return list(session.scalars(select(Row.kind).where(Row.kind.in_(("invoice", "order"))).order_by(Row.id)))


def test_b46_a_confirmation_that_agrees_acknowledges_the_order(play: Play) -> None:
    """The PDF of the supplier's system says what was ordered, line by line; nothing is invoiced."""
    play.ana.reply(play.ordered(), "See attached.", [confirmation_file("AB-7", ORDERED, "PO-2041")])
    mail = play.olga.wait(notice="order-acknowledged")
    assert "PO-2041" in mail.letter.text
    assert "Order confirmed: Confirmed" in _text(play.ana.wait(notice="answer"))
    assert _kinds(play) == ["order"]


def test_b46_a_confirmation_that_differs_is_a_counter_proposal_of_just_that_line(play: Play) -> None:
    """Though the mail says that the order is confirmed: it is confirmed as the document has it."""
    mail = play.ordered()
    play.ana.reply(mail, "We confirm the order as attached.", [confirmation_file("AB-7", COUNTERED, "PO-2041")])
    text = _text(play.ana.wait(notice="answer"))
    assert "2. Brake lever, left · unit price 10.25 EUR (ordered: 9.75 EUR)" in text
    assert "Steel hub" not in text.partition("Brake lever")[0]
    assert "10.25" in play.olga.wait(notice="order-countered").letter.text
    play.settled()
    assert not _told(play, "order-acknowledged")
    assert _kinds(play) == ["order"]


def _countered(play: Play) -> Mail:
    """Olga's mail with the changes that a confirmation proposes."""
    play.ana.reply(play.ordered(), "", [confirmation_file("AB-7", COUNTERED, "PO-2041")])
    play.ana.wait(notice="answer")
    return play.olga.wait(notice="order-countered")


def test_b2_the_customer_accepts_the_changes_and_both_sides_have_them(play: Play) -> None:
    """The order has the new price; a second confirmation that says the same agrees with it."""
    mail = _countered(play)
    play.olga.reply(mail, "We accept the new price.")
    accepted = play.ana.wait(notice="order-changes-accepted")
    assert "765.00 EUR" in _text(accepted)
    assert {file.name for file in accepted.letter.attachments} == {"PO-2041.pdf", "PO-2041-invoice.xlsx", "PO-2041.xml"}
    play.ana.reply(accepted, "", [confirmation_file("AB-7b", COUNTERED, "PO-2041")])
    assert "Agrees with the order PO-2041" in _text(play.ana.wait(notice="answer"))


def test_b2_the_customer_refuses_the_changes_and_the_order_stays(play: Play) -> None:
    """By link and with a reason, which the supplier reads; the order as it was can be confirmed then."""
    mail = _countered(play)
    page = play.olga.press(play.olga.click(play.olga.link(mail, "reject")), {"reason": "9.75 was agreed"})
    assert page.status == 200
    refused = play.ana.wait(notice="order-changes-refused")
    assert "9.75 was agreed" in _text(refused)
    assert "10.25" not in _text(refused)
    play.ana.reply(refused, "We confirm the order.")
    assert "755.00" in play.olga.wait(notice="order-acknowledged").letter.text


def test_b2_the_customer_decides_each_change_by_mail(play: Play) -> None:
    """A line for each; what is refused stays as ordered, and the supplier is asked again about the order as it is."""
    order = play.ordered()
    play.ana.reply(order, "1: 60 x 12.60\n2: 20 x 10.25")
    mail = play.olga.wait(notice="order-countered")
    play.olga.reply(mail, "Hello Ana,\n1: no\n2: accept\nRegards, Olga")
    decided = play.ana.wait(notice="order-changes-decided")
    assert "not accepted, it stays as ordered" in _text(decided)
    assert "10.25" in _text(decided)
    play.ana.reply(decided, "We confirm the order.")
    play.olga.wait(notice="order-acknowledged")


def test_b2_a_mail_that_decides_on_one_of_two_changes_is_asked_about_the_other(play: Play) -> None:
    """Nothing is decided: "2: reject" rejects neither the order nor what was not named."""
    order = play.ordered()
    play.ana.reply(order, "1: 60 x 12.60\n2: 20 x 10.25")
    mail = play.olga.wait(notice="order-countered")
    play.olga.reply(mail, "2: reject")
    assert "Please decide on item 1, too." in _text(play.olga.wait(notice="answer"))
    play.settled()
    assert not _told(play, "order-changes-decided", "order-changes-refused", "order-changes-accepted")


def test_b2_the_customer_cannot_accept_where_nothing_is_proposed(play: Play) -> None:
    """A confirmed order is not approved again."""
    play.ana.reply(play.ordered(), "We confirm the order.")
    play.olga.reply(play.olga.wait(notice="order-acknowledged"), "approved, thank you")
    play.settled()
    assert not _told(play, "order-changes-accepted")


def test_b46_a_confirmation_of_an_order_that_is_not_ours_is_asked_about(play: Play) -> None:
    """No other order is taken for it."""
    play.ana.reply(play.ordered(), "", [confirmation_file("AB-7", ORDERED, "PO-9999")])
    assert "the order PO-9999, which is none of ours" in _text(play.ana.wait(notice="answer"))
    play.settled()
    assert not _told(play, "order-acknowledged", "order-countered")


def test_b46_a_confirmation_without_one_of_the_items_is_asked_about(play: Play) -> None:
    """What is missing is not taken for confirmed, and what is new is not taken for ordered."""
    items = (*ORDERED[:2], Item(3, "Shipping by express", ORDERED[2].quantity, ORDERED[1].price))
    play.ana.reply(play.ordered(), "We confirm the order.", [confirmation_file("AB-7", items, "PO-2041")])
    text = _text(play.ana.wait(notice="answer"))
    assert "Item 3 of the order PO-2041 (“Powder coating, matt black”) is not in order-confirmation-AB-7.pdf" in text
    assert "“Shipping by express” in order-confirmation-AB-7.pdf is not in the order" in text
    play.settled()
    assert not _told(play, "order-acknowledged")


def test_b46_a_second_confirmation_of_a_confirmed_order_changes_nothing(play: Play) -> None:
    """The same is kept; another one is asked about."""
    mail = play.ordered()
    play.ana.reply(mail, "We confirm the order.")
    play.olga.wait(notice="order-acknowledged")
    play.ana.wait(notice="answer")
    play.ana.reply(mail, "", [confirmation_file("AB-7", ORDERED, "PO-2041")])
    assert "Agrees with the order PO-2041, which is confirmed already." in _text(play.ana.wait(notice="answer"))
    play.ana.reply(mail, "", [confirmation_file("AB-8", COUNTERED, "PO-2041")])
    assert "differs from the order PO-2041" in _text(play.ana.wait(notice="answer"))
    play.settled()
    assert _told(play, "order-acknowledged", "order-countered") == 1


def test_b46_our_own_order_sent_back_confirms_only_by_words(play: Play) -> None:
    """Signed or not: a file alone is a question, the words beside it decide."""
    mail = play.ordered()
    pdf = next(file for file in mail.letter.attachments if file.name == "PO-2041.pdf")
    signed = File("signed.pdf", "application/pdf", pdf.content)
    play.ana.reply(mail, "See attached.", [signed])
    asked = play.ana.wait(notice="answer")
    assert "signed.pdf is our order PO-2041. Do you confirm it as it is?" in _text(asked)
    play.settled()
    assert not _told(play, "order-acknowledged")
    play.ana.reply(mail, "We confirm the order.", [signed])
    assert "PO-2041" in play.olga.wait(notice="order-acknowledged").letter.text


RESPONSE = """<OrderResponse xmlns="urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:ID>OR-3</cbc:ID><cbc:IssueDate>2026-11-10</cbc:IssueDate><cbc:OrderResponseCode>%s</cbc:OrderResponseCode>
  <cac:OrderReference><cbc:ID>PO-2041</cbc:ID></cac:OrderReference>%s</OrderResponse>"""
LINE = """<cac:OrderLine><cac:LineItem><cbc:ID>%s</cbc:ID><cbc:LineStatusCode>%s</cbc:LineStatusCode>%s
  <cac:Item><cbc:Name>as ordered</cbc:Name></cac:Item></cac:LineItem>
  <cac:OrderLineReference><cbc:LineID>%s</cbc:LineID></cac:OrderLineReference></cac:OrderLine>"""


def _response(code: str, *lines: tuple[int, str, str]) -> File:
    told = "".join(LINE % (n, status, more, n) for n, status, more in lines)
    return File("response.xml", "application/xml", (RESPONSE % (code, told)).encode())


def test_b46_an_order_response_that_accepts_everything_acknowledges(play: Play) -> None:
    """Its code says so, and no line says otherwise."""
    play.ana.reply(play.ordered(), "", [_response("AP")])
    play.olga.wait(notice="order-acknowledged")


def test_b46_an_order_response_with_a_line_that_will_not_come_is_a_counter_proposal(play: Play) -> None:
    """A line that is not accepted is proposed with nothing, another with its new quantity."""
    fewer = '<cbc:Quantity unitCode="C62">30</cbc:Quantity>'
    response = _response("CA", (1, "3", fewer), (2, "5", ""), (3, "7", ""))
    play.ana.reply(play.ordered(), "", [response])
    text = _text(play.ana.wait(notice="answer"))
    assert "1. Steel hub 32 holes · quantity 30 (ordered: 40)" in text
    assert "3. Powder coating, matt black · quantity 0 (ordered: 10)" in text
    assert "Brake lever" not in text.partition("What happens next")[0]
    play.olga.wait(notice="order-countered")


@pytest.mark.parametrize(
    ("code", "asked"), [("CA", "accepts the order PO-2041 with changes"), ("RE", "refuses the order. If that is meant")]
)
def test_b46_an_order_response_that_says_too_little_is_asked_about(play: Play, code: str, asked: str) -> None:
    """Changes without lines are none that anybody could decide; a refusal needs its reason."""
    play.ana.reply(play.ordered(), "", [_response(code)])
    assert asked in _text(play.ana.wait(notice="answer"))
    play.settled()
    assert not _told(play, "order-acknowledged", "order-countered", "order-refused")


def test_b46_a_sheet_of_the_suppliers_own_confirms_with_another_day(play: Play) -> None:
    """The day that it promises is not the one ordered."""
    rows: list[list[object]] = [
        ["Auftragsbestätigung"],
        [],
        ["Auftragsnummer", "AB-4711"],
        ["Ihre Bestellung", "PO-2041"],
        ["Liefertermin", date(2026, 12, 11)],
        ["Währung", "EUR"],
        [],
        ["Pos", "Bezeichnung", "Menge", "ME", "Einzelpreis", "Betrag"],
        *([i.n, i.text, float(i.quantity), "Stk", float(i.price), float(i.net)] for i in ORDERED),
        [],
        ["", "Nettobetrag", "", "", "", 755],
    ]
    sheet = an_xlsx(rows)
    play.ana.reply(play.ordered(), "", [File("AB-4711.xlsx", "application/octet-stream", sheet)])
    text = _text(play.ana.wait(notice="answer"))
    assert "delivery date December 11, 2026 (ordered: December 4, 2026)" in text
    play.olga.wait(notice="order-countered")


def test_b16_an_accountants_delivery_note_is_kept_with_the_order(play: Play) -> None:
    """Three papers in a forwarded thread: two drafts, and the delivery note is a file of the order alone."""
    mail = play.ordered()
    papers = [
        invoice_file("22915", ORDERED[:1]),
        delivery_note_file("LS-77", ORDERED, "PO-2041"),
        invoice_file("22916", ORDERED[1:]),
    ]
    to = mail.letter.reply_to[0].address
    play.ida.forward(mail, to, "Two invoices, as agreed.", papers)
    proof = play.ana.wait(notice="confirm-sender")
    play.ana.press(play.ana.click(play.ana.link(proof, "mail")))
    text = _text(play.ana.wait(notice="answer", text="22916"))
    assert "“delivery-note-LS-77.pdf” → Delivery note: Kept with PO-2041" in text
    assert _kinds(play) == ["order", "invoice", "invoice"]
    with play.installation.database.read(play.company_id) as session:
        kept = session.execute(
            select(Row.kind, Attachment.name)
            .join(Row, Row.id == Attachment.document_id)
            .where(Attachment.name.like("%-%-%.pdf"))
        )
        assert sorted(map(tuple, kept)) == [("order", "delivery-note-LS-77.pdf")]
        vias = set(session.scalars(select(Event.via)))
    assert "mail, via forwarded thread" in vias


def test_b46_a_delivery_note_alone_is_no_failure(play: Play) -> None:
    """It is kept with the order, said so, and the customer gets it with the words of the mail."""
    play.ana.reply(play.ordered(), "On its way.", [delivery_note_file("LS-77", ORDERED, "PO-2041")])
    answer = play.ana.wait(notice="answer")
    assert "Delivery note: Kept with PO-2041; nothing else was made of it." in _text(answer)
    assert "could not be done" not in _text(answer)
    note = play.olga.wait(notice="note", text="On its way.")
    assert [file.name for file in note.letter.attachments] == ["delivery-note-LS-77.pdf"]


def _listing(title: str, numbers: list[str]) -> bytes:
    """A letter that lists invoices, as a sheet set by typst prints it."""
    rows = "".join(f'"{number}", "12 November 2026", "906.00", "906.00",' for number in numbers)
    source = f"""
#set page(margin: 2cm)
*Anvil Workshop*
#v(1cm)
#text(size: 16pt)[*{title}*]

Date: 20 December 2026
#table(columns: 4, stroke: none, [*Invoice*], [*Date*], [*Amount*], [*Open*], table.hline(), {rows})
"""
    return bytes(typst.compile(source.encode()))


@pytest.mark.parametrize("title", ["Payment reminder", "Statement of account"])
def test_b46_a_reminder_is_answered_with_the_status_of_each_invoice(play: Play, title: str) -> None:
    """Known and unknown ones; nothing is created, and what another supplier sent stays unknown."""
    mail = play.ordered()
    play.ana.reply(mail, "invoice all, no. 22914")
    play.ana.reply(play.ana.wait(notice="answer"), "confirm")
    play.ana.wait(notice="answer")
    play.invite(play.tom, "Spoke & Co")
    content = _listing(title, ["22914", "22950"])
    play.ana.reply(mail, "", [File("listing.pdf", "application/pdf", content)])
    text = _text(play.ana.wait(notice="answer", text="listing.pdf"))
    assert "“22914” → Invoice: Waiting for approval" in text
    assert "“22950” → Invoice: Not received. Please reply to this mail with this invoice attached." in text
    invitation = play.tom.wait(notice="invitation")
    play.tom.reply(invitation, "", [File("listing.pdf", "application/pdf", content)])
    other = _text(play.tom.wait(notice="answer", text="listing.pdf"))
    assert "“22914” → Invoice: Not received." in other
    assert _kinds(play) == ["order", "invoice"]
