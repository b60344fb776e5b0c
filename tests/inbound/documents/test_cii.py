"""Cross Industry Invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from inbound.documents.document import read_document
from tests.inbound.documents.e_invoices import a_cii_invoice, an_order_x
from workflows.reading import DocumentFormat, DocumentKind, Party


def test_a_cross_industry_invoice_is_read_without_its_group_lines() -> None:
    """A group repeats the sum of its lines, so only the lines themselves count."""
    invoice = read_document(a_cii_invoice())
    assert invoice is not None
    assert (invoice.kind, invoice.format) == (DocumentKind.PREPAYMENT_INVOICE, DocumentFormat.CII)
    assert (invoice.number, invoice.issue_date, invoice.due_date) == ("R-9", date(2026, 3, 5), date(2026, 4, 4))
    assert (invoice.net, invoice.tax, invoice.gross) == (Decimal("90.00"), Decimal("17.10"), Decimal("107.10"))
    assert invoice.seller == Party("Brackets and Sons", "DE123456789")
    (line,) = invoice.lines
    assert (line.order, line.order_line, line.buyer_sku, line.seller_sku) == ("PO-7", "2", "B4", "S4")
    assert (line.quantity, line.unit_price, line.base_quantity, line.net) == (200, 45, 100, 90)
    assert (invoice.orders, invoice.defects) == (("PO-7",), ())
    assert isinstance(invoice.net, Decimal)


def test_b25_an_order_x_is_an_order() -> None:
    """Order-X has the shape of a Cross Industry Invoice and other names for quantity, day and currency."""
    order = read_document(an_order_x())
    assert order is not None
    assert (order.kind, order.number, order.currency) == (DocumentKind.ORDER, "PO-2026-0042", "EUR")
    assert (order.delivery_date, order.net, order.buyer.name) == (
        date(2026, 4, 1),
        Decimal("125.00"),
        "Northwind Traders",
    )
    (line,) = order.lines
    assert (line.quantity, line.unit, line.buyer_sku) == (Decimal(10), "H87", "B-100")
    assert order.defects == ()


def test_b25_an_order_x_response_is_a_confirmation() -> None:
    """Type code 231."""
    answer = read_document(an_order_x("231"))
    assert answer is not None
    assert (answer.kind, answer.lines[0].order_line) == (DocumentKind.ORDER_CONFIRMATION, "1")
