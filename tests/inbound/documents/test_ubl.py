"""UBL orders, invoices and credit notes."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from inbound.documents.document import read_document
from tests.inbound.documents.e_invoices import a_ubl_invoice, a_ubl_order, an_order_response
from workflows.reading import DocumentFormat, DocumentKind, Party, Reading


def read(content: bytes) -> Reading:
    """Read a document that must be one."""
    reading = read_document(content, "file.xml")
    assert reading is not None
    return reading


def codes(reading: Reading) -> list[str]:
    """The codes of a reading's defects."""
    return [defect.code for defect in reading.defects]


def test_an_order_is_read_with_its_lines_and_base_quantities() -> None:
    """Everything that an order says stands in the reading, and its figures agree."""
    order = read(a_ubl_order())
    assert (order.kind, order.format, order.number) == (DocumentKind.ORDER, DocumentFormat.UBL, "PO-2026-0042")
    assert (order.issue_date, order.delivery_date) == (date(2026, 3, 2), date(2026, 4, 1))
    assert (order.net, order.tax, order.gross) == (Decimal("215.00"), Decimal("40.85"), Decimal("255.85"))
    assert order.buyer == Party(name="Northwind Traders", address="Harbour Road 1, 20457, Hamburg, DE")
    assert (order.payment_terms, order.note) == ("30 days net", "Please deliver to gate 4.")
    bracket, screw = order.lines
    assert (bracket.id, bracket.buyer_sku, bracket.seller_sku, bracket.unit) == ("1", "B-100", "SB-9", "H87")
    assert (bracket.quantity, bracket.unit_price, bracket.tax_rate) == (Decimal(10), Decimal("12.50"), Decimal(19))
    assert (screw.unit_price, screw.base_quantity, screw.delivery_date) == (Decimal("45.00"), 100, date(2026, 4, 15))
    assert order.defects == ()


def test_an_invoice_is_read_with_its_order_lines_and_account() -> None:
    """The tax is the one in the document's currency, and a charge beside the lines is told."""
    invoice = read(a_ubl_invoice())
    assert (invoice.kind, invoice.number, invoice.issue_date) == (DocumentKind.INVOICE, "INV 7", date(2026, 3, 5))
    assert (invoice.tax, invoice.gross, invoice.prepaid, invoice.due) == (
        Decimal("23.75"),
        Decimal("148.75"),
        Decimal("48.75"),
        Decimal("100.00"),
    )
    assert invoice.seller == Party("Brackets and Sons", "DE123456789", "DE02120300000000202051")
    assert (invoice.orders, invoice.lines[0].order, invoice.lines[0].order_line) == (
        ("PO-2026-0042",),
        "PO-2026-0042",
        "1",
    )
    assert codes(invoice) == []
    assert [(charge.text, charge.amount) for charge in invoice.charges] == [("Freight", Decimal("25.00"))]
    assert invoice.sure["gross"] == 1.0
    assert invoice.where["gross"] == "xml TaxInclusiveAmount"


def test_an_invoice_for_several_orders_names_them_all() -> None:
    """Orders of the lines stand beside the order of the header, each once."""
    assert read(a_ubl_invoice(second_line_order="PO-9")).orders == ("PO-2026-0042", "PO-9")


def test_a_credit_note_is_read_as_one() -> None:
    """The root element tells the kind."""
    assert read(a_ubl_invoice("CreditNote")).kind is DocumentKind.CREDIT_NOTE


def test_totals_that_do_not_agree_are_kept_and_told() -> None:
    """What the document states is kept as sent; the contradiction is a defect."""
    invoice = read(a_ubl_invoice(gross="150.00"))
    assert invoice.gross == Decimal("150.00")
    assert {"sum_mismatch", "due_mismatch"} <= set(codes(invoice))


@pytest.mark.parametrize(
    "content",
    [
        a_ubl_invoice()[:-20],
        b'<!DOCTYPE Invoice [<!ENTITY a "b">]>' + a_ubl_invoice().replace(b"INV 7", b"&a;"),
        b'<!DOCTYPE Invoice SYSTEM "file:///etc/passwd">' + a_ubl_invoice(),
    ],
    ids=["cut off", "entities", "external"],
)
def test_broken_or_hostile_xml_is_unreadable_and_nothing_is_guessed(content: bytes) -> None:
    """No entity is expanded and nothing is fetched; the answer is a defect."""
    reading = read(content)
    assert codes(reading) == ["unreadable"]
    assert reading.number is None


def test_utf_16_is_read_too() -> None:
    """The encoding is the document's own business."""
    assert read(a_ubl_invoice().decode().encode("utf-16")).number == "INV 7"


def test_b25_an_order_response_is_a_confirmation_by_the_lines_of_the_order() -> None:
    """Accepted with a later day, and a line of which nothing will come."""
    answer = read(an_order_response())
    assert (answer.kind, answer.number, answer.orders) == (DocumentKind.ORDER_CONFIRMATION, "OR-3", ("PO-2026-0042",))
    bracket, screw = answer.lines
    assert (bracket.order_line, bracket.quantity, bracket.delivery_date) == ("1", Decimal(10), date(2026, 4, 8))
    assert (screw.order_line, screw.quantity) == ("2", Decimal(0))
    assert answer.defects == ()


@pytest.mark.parametrize(
    ("code", "told"), [("RE", "order_refused"), ("AB", "order_received"), ("ZZ", "order_answer_unknown")]
)
def test_b25_an_answer_that_accepts_nothing_confirms_nothing(code: str, told: str) -> None:
    """A refusal read as a confirmation would be a wrong act."""
    answer = read(an_order_response(code))
    assert (answer.kind, codes(answer)) == (DocumentKind.OTHER, [told])


def test_an_answer_to_a_message_is_kept_as_it_is() -> None:
    """A UBL ApplicationResponse is read and creates nothing."""
    content = a_ubl_order().replace(b"Order>", b"ApplicationResponse>").replace(b"<Order ", b"<ApplicationResponse ")
    assert read(content).kind is DocumentKind.OTHER


def test_b6_a_price_that_is_not_its_gross_price_less_discount_is_told() -> None:
    """PEPPOL-EN16931-R046, and BR-28."""
    price = b'<cbc:PriceAmount currencyID="EUR">12.50</cbc:PriceAmount>'
    amounts = b"<cbc:Amount>%s</cbc:Amount><cbc:BaseAmount>%s</cbc:BaseAmount>"
    discount = (
        b"<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>" + amounts + b"</cac:AllowanceCharge>"
    )
    assert codes(read(a_ubl_invoice().replace(price, price + discount % (b"1.50", b"14.00")))) == []
    assert codes(read(a_ubl_invoice().replace(price, price + discount % (b"1.00", b"14.00")))) == ["price_mismatch"]


def test_b6_a_net_total_that_forgets_a_charge_is_told() -> None:
    """BR-CO-13: the line total and what stands beside it make the net total."""
    content = a_ubl_invoice().replace(
        b">100.00</cbc:LineExtensionAmount>\n    <cbc:TaxEx", b">90.00</cbc:LineExtensionAmount>\n    <cbc:TaxEx"
    )
    assert [defect.text[-10:] for defect in read(content).defects] == ["BR-CO-10).", "BR-CO-13)."]


def test_b6_an_amount_with_a_decimal_comma_is_told_as_what_it_is() -> None:
    """XML writes decimals with a point."""
    assert "not_a_number" in codes(
        read(
            a_ubl_invoice().replace(
                b">100.00</cbc:LineExtensionAmount>\n    <cac:OrderLine",
                b">100,00</cbc:LineExtensionAmount>\n    <cac:OrderLine",
            )
        )
    )
    assert "not_a_number" in codes(read(a_ubl_invoice(gross="148,75")))


def test_a_line_that_says_its_tax_beside_its_item_has_its_rate() -> None:
    """As other uses of UBL 2.1 than EN 16931 write it."""
    tax = (
        b"<cac:TaxTotal><cbc:TaxAmount>1</cbc:TaxAmount><cac:TaxSubtotal><cac:TaxCategory><cbc:Percent>25</cbc:Percent>"
        b"</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal><cac:Item>"
    )
    plain = re.sub(
        rb"<cac:ClassifiedTaxCategory>.*?</cac:ClassifiedTaxCategory>", b"", a_ubl_invoice(), flags=re.DOTALL
    )
    assert {line.tax_rate for line in read(plain).lines} == {None}
    assert {line.tax_rate for line in read(plain.replace(b"<cac:Item>", tax)).lines} == {Decimal(25)}
