"""Documents for machines go with the mails for people."""

from __future__ import annotations

from decimal import Decimal

from inbound.documents.document import read_document
from inbound.documents.validating import can_validate, norm_defects
from postroom.mailbox.mail import Mail
from tests.flows.conftest import Play
from workflows.keeping_details import keep_company, keep_supplier
from workflows.reading import DocumentFormat, DocumentKind

HAMBURG = {"vat_id": "DE 136695976", "street": "Mill Lane 3", "post_code": "20457", "city": "Hamburg", "country": "de"}
VIENNA = {"legal_name": "Wheels and more GmbH", "vat_id": "ATU12345678", "city": "Vienna", "country": "AT"}


def _files(mail: Mail) -> dict[str, bytes]:
    return {file.name: file.content for file in mail.letter.attachments}


def _known(play: Play) -> Mail:
    """Ana's mail with the order, when both sides have said who they are and what they want."""
    keep_company(play.installation, play.company_id, VIENNA, ["order-response"])
    play.invited()
    keep_supplier(play.installation, play.company_id, "Anvil Workshop", HAMBURG, ["invoice-response"])
    return play.order()


def test_b7_an_invoice_made_by_mail_reaches_the_customer_as_factur_x_and_ubl(play: Play) -> None:
    """Made of the order by one line; both files say the same, and keep the norm's rules."""
    play.ana.reply(_known(play), "invoice all, no. 22914")
    play.ana.reply(play.ana.wait(notice="answer"), "confirm")
    mail = play.olga.wait(notice="invoice-to-approve")
    files = _files(mail)
    assert list(files) == list(_files(play.ana.wait(notice="answer"))) == ["22914.pdf", "22914.xml"]
    for name, format_ in (("22914.pdf", DocumentFormat.HYBRID_PDF), ("22914.xml", DocumentFormat.UBL)):
        reading = read_document(files[name])
        assert reading is not None
        assert (reading.format, reading.number, reading.gross) == (format_, "22914", Decimal("906.00"))
        assert (reading.orders, reading.defects) == (("PO-2041",), ())
        assert (reading.seller.vat_id, reading.buyer.name) == ("DE136695976", "Wheels and more GmbH")
        if can_validate():
            assert norm_defects(files[name]) == []
    play.olga.reply(mail, "approve")
    response = _files(play.ana.wait(notice="invoice-approved"))["22914-response.xml"]
    assert b">AP</cbc:ResponseCode>" in response


def test_b7_the_customers_system_gets_the_answer_to_its_order(play: Play) -> None:
    """A UBL Order Response beside the words, since the company wants it."""
    play.ana.reply(_known(play), "We confirm the order.")
    response = _files(play.olga.wait(notice="order-acknowledged"))["PO-2041-response.xml"]
    reading = read_document(response)
    assert reading is not None
    assert (reading.kind, reading.orders) == (DocumentKind.ORDER_CONFIRMATION, ("PO-2041",))


def test_b7_without_addresses_the_invoice_is_a_pdf_alone(play: Play) -> None:
    """Nobody said where the sides are, and that is not made up; nobody wants an answer as a file."""
    play.ana.reply(play.ordered(), "invoice all, no. 22914")
    play.ana.reply(play.ana.wait(notice="answer"), "confirm")
    mail = play.olga.wait(notice="invoice-to-approve")
    assert list(_files(mail)) == ["22914.pdf"]
    play.olga.reply(mail, "approve")
    assert _files(play.ana.wait(notice="invoice-approved")) == {}
