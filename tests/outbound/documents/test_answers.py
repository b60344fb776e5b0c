"""What goes with status notices for machines: Order Response, Invoice Response; and the remittance for people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from inbound.documents.document import read_document
from outbound.attached import attachments
from outbound.documents.invoice_response import CODES, REASONS, invoice_response
from outbound.documents.order import order_ubl
from outbound.documents.order_response import order_response
from outbound.documents.remittance import remittance_pdf
from store.blobs import FolderBlobs
from tests.notices import DIFFERENCES, MADE_INVOICE, ORDER, PARTIES, some_facts
from tests.outbound.documents.checks import assert_of_schema, assert_sound_pdf
from tests.outbound.documents.test_order import NAMES, text_of
from workflows.differences import DifferenceCode
from workflows.invoices import InvoiceStatus
from workflows.reading import DocumentKind

AT = "2026-11-25T09:30:00+00:00"
EVENT = {"name": "x", "by": "Maria", "side": "supplier", "reason": "The screws come later.", "at": AT}


def facts(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The facts of a status notice that somebody acted for."""
    return some_facts(document=document, parties=PARTIES, event=EVENT, **changes)


def test_b7_an_order_is_of_the_schema_of_ubl() -> None:
    """With all that is known of the sides, and with nothing of it."""
    assert_of_schema(order_ubl(some_facts(document=ORDER, parties=PARTIES)), "Order")
    assert_of_schema(order_ubl(some_facts(document=ORDER)), "Order")


@pytest.mark.parametrize(("status", "code"), [("acknowledged", "AP"), ("countered", "CA"), ("refused", "RE")])
def test_b7_an_order_response_is_of_the_schema_and_reads_back(status: str, code: str) -> None:
    """Accepted, with changes, refused: our own reader takes it as what it is."""
    made = order_response(facts({**ORDER, "status": status}))
    assert made is not None
    assert_of_schema(made, "OrderResponse")
    assert etree.fromstring(made).findtext("cbc:OrderResponseCode", namespaces=NAMES) == code
    reading = read_document(made)
    assert reading is not None
    assert reading.orders == ("PO-4711",)
    assert reading.kind is (DocumentKind.OTHER if status == "refused" else DocumentKind.ORDER_CONFIRMATION)


def test_b7_a_counter_proposal_lists_every_line_with_what_is_proposed() -> None:
    """The accepted line as ordered, the other with its new price, quantity and day."""
    made = order_response(facts({**ORDER, "status": "countered"}))
    assert made is not None
    reading = read_document(made)
    assert reading is not None
    bracket, screw = reading.lines
    assert (bracket.order_line, bracket.quantity, bracket.unit_price) == ("1", Decimal(100), Decimal("4.5"))
    assert (screw.quantity, screw.unit_price, str(screw.delivery_date)) == (
        Decimal(1800),
        Decimal("12.5"),
        "2026-12-19",
    )
    statuses = [e.text for e in etree.fromstring(made).iterfind(".//cbc:LineStatusCode", NAMES)]
    assert (statuses, reading.defects) == (["5", "3"], ())


@pytest.mark.parametrize("status", [status.value for status in InvoiceStatus])
def test_b7_every_status_of_an_invoice_has_its_code(status: str) -> None:
    """Received, in process, under query, accepted, rejected, paid; a canceled one needs no answer."""
    made = invoice_response(facts({**MADE_INVOICE, "status": status}, differences=DIFFERENCES))
    if status == "canceled":
        assert made is None
        return
    assert made is not None
    assert_of_schema(made, "ApplicationResponse")
    root = etree.fromstring(made)
    assert root.findtext(".//cbc:ResponseCode", namespaces=NAMES) == CODES[status]
    assert root.findtext(".//cac:DocumentReference/cbc:ID", namespaces=NAMES) == "22915"
    reading = read_document(made)
    assert reading is not None
    assert (reading.kind, reading.defects) == (DocumentKind.OTHER, ())


def test_b7_a_query_says_why_with_a_reason_for_each_kind_of_difference() -> None:
    """Prices, quantities, money; the words of who decided stand with the first."""
    made = invoice_response(facts({**MADE_INVOICE, "status": "in_revision"}, differences=DIFFERENCES))
    assert made is not None
    root = etree.fromstring(made)
    reasons = [e.text for e in root.iterfind(".//cbc:StatusReasonCode", NAMES)]
    assert reasons == ["PRI", "QTY", "FIN", "OTH"]
    texts = [e.text for e in root.iterfind(".//cbc:StatusReason", NAMES)]
    assert texts[0] == "The screws come later. line 1, Steel bracket: ordered 4.5, invoiced 4.9."


def test_b7_a_refusal_without_words_still_gives_a_reason_and_a_part_payment_is_told() -> None:
    """Peppol asks for a reason with RE and UQ; less than all is PD with PPD."""
    bare = {**EVENT, "reason": ""}
    refused = invoice_response(some_facts(document={**MADE_INVOICE, "status": "rejected"}, event=bare))
    partly = invoice_response(some_facts(document={**MADE_INVOICE, "status": "partly_paid"}, event=bare))
    in_part = invoice_response(
        some_facts(document={**MADE_INVOICE, "status": "approved", "accepted_in_part": True}, event=bare)
    )
    assert refused is not None
    assert partly is not None
    assert in_part is not None
    assert b">OTH<" in refused
    assert b">PD<" in partly
    assert b">PPD<" in partly
    assert b">CA<" in in_part


def test_every_difference_has_its_reason_code() -> None:
    """A new difference needs one."""
    assert {code.value for code in DifferenceCode} <= set(REASONS)


def test_b7_answers_go_only_to_partners_who_want_them(tmp_path: Any) -> None:
    """A file that nobody reads is noise."""
    blobs = FolderBlobs(tmp_path)
    answered = {**ORDER, "status": "acknowledged"}
    approved = {**MADE_INVOICE, "status": "approved"}
    for name, document, want, file in (
        ("order-acknowledged", answered, "order-response", "PO-4711-response.xml"),
        ("invoice-approved", approved, "invoice-response", "22915-response.xml"),
    ):
        assert attachments(name, "en", facts(document), blobs) == ()
        (made,) = attachments(name, "en", facts(document, wants=[want]), blobs)
        assert (made.name, made.type) == (file, "application/xml")


def test_b7_an_invoice_made_here_goes_with_its_notices_and_one_that_came_does_not(tmp_path: Any) -> None:
    """The PDF for people, UBL for machines; the file of a supplier is that file."""
    blobs = FolderBlobs(tmp_path)
    names = [file.name for file in attachments("invoice-to-approve", "en", facts(MADE_INVOICE), blobs)]
    assert names == ["22915.pdf", "22915.xml"]
    assert attachments("invoice-to-approve", "en", facts({**MADE_INVOICE, "made_here": False}), blobs) == ()


REMITTANCE = {
    "number": "R-12",
    "date": "2026-12-20",
    "currency": "EUR",
    "total": "1500",
    "iban": "DE02120300000000202051",
    "reference": "E2E-77",
    "invoices": [
        {"number": "22915", "issue_date": "2026-11-24", "gross": "859.08", "paid": "859.08"},
        {"number": "22916", "gross": "700", "taken_off": "59.08", "paid": "640.92", "note": "credit note 7"},
    ],
}


@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
def test_b18_a_remittance_lists_what_was_paid_for_each_invoice(language: str, tmp_path: Any) -> None:
    """Number, what was taken off and why, the account, the whole."""
    pdf = remittance_pdf(some_facts(remittance=REMITTANCE, parties=PARTIES), language)
    assert_sound_pdf(pdf, tmp_path)
    if language == "en":
        text = text_of(pdf)
        for words in ("Remittance advice R-12", "859.08 EUR", "59.08 EUR", "credit note 7", "1,500.00 EUR"):
            assert words in text
