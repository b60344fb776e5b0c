"""Structured invoices of KSeF."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from inbound.documents.document import read_document
from tests.inbound.documents.e_invoices import a_ksef_invoice
from workflows.reading import DocumentKind, Reading


def read(content: bytes) -> Reading:
    """Read a document that must be one."""
    reading = read_document(content, "faktura.xml")
    assert reading is not None
    return reading


@pytest.mark.parametrize("variant", ["2025/06/25/13775", "2023/06/29/12648"])
def test_b6_a_structured_invoice_is_read_field_by_field(variant: str) -> None:
    """FA(3), and FA(2), which has the same fields; 26 figures are a Polish account."""
    invoice = read(a_ksef_invoice(variant=variant))
    assert (invoice.kind, invoice.number, invoice.currency) == (DocumentKind.INVOICE, "FV/7/2026", "PLN")
    days = (invoice.issue_date, invoice.delivery_date, invoice.due_date)
    assert days == (date(2026, 3, 5), date(2026, 3, 4), date(2026, 4, 4))
    amounts = (invoice.net, invoice.tax, invoice.gross, invoice.due)
    assert [str(amount) for amount in amounts] == ["100.00", "23.00", "123.00", "123.00"]
    assert (invoice.seller.vat_id, invoice.seller.iban) == ("PL5260001246", "PL61109010140000071219812874")
    assert (invoice.buyer.vat_id, invoice.orders) == ("DE136695976", ("PO-2026-0042",))
    (line,) = invoice.lines
    assert (line.seller_sku, line.unit, line.quantity, line.net) == ("SB-9", "szt.", Decimal(8), Decimal("100.00"))
    assert (line.tax_rate, invoice.defects) == (Decimal(23), ())


def test_a_correction_that_takes_back_is_a_credit_note_of_positive_amounts() -> None:
    """Its lines are what stood there before, less what stands there now."""
    lines = "".join(
        f"<FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>Kątownik</P_7><P_8B>{quantity}</P_8B><P_9A>12.50</P_9A>"
        f"<P_11>{net}</P_11><P_12>23</P_12>{state}</FaWiersz>"
        for quantity, net, state in (("8", "100.00", "<StanPrzed>1</StanPrzed>"), ("6", "75.00", ""))
    )
    note = read(a_ksef_invoice("KOR", lines=lines, net="-25.00", tax="-5.75", gross="-30.75"))
    assert (note.kind, note.net, note.gross) == (DocumentKind.CREDIT_NOTE, Decimal("25.00"), Decimal("30.75"))
    assert [(str(line.quantity), str(line.net)) for line in note.lines] == [("8", "100.00"), ("-6", "-75.00")]
    assert note.defects == ()


def test_a_prepayment_has_no_lines_and_what_was_paid_is_not_due() -> None:
    """ZAL; a part was paid."""
    paid = "<ZaplataCzesciowa><KwotaZaplatyCzesciowej>23.00</KwotaZaplatyCzesciowej></ZaplataCzesciowa>"
    invoice = read(a_ksef_invoice("ZAL", payment=paid))
    assert (invoice.kind, invoice.lines) == (DocumentKind.PREPAYMENT_INVOICE, ())
    assert (invoice.prepaid, invoice.due, invoice.defects) == (Decimal("23.00"), Decimal("100.00"), ())


def test_a_final_invoice_takes_off_the_prepayments_that_it_names() -> None:
    """ROZ lists everything; its sums are what is left of it."""
    line = "<FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>Kątownik</P_7><P_8B>8</P_8B><P_9A>12.50</P_9A><P_11>100.00</P_11><P_12>23</P_12></FaWiersz>"  # noqa: E501
    named = "<FakturaZaliczkowa><NrKSeFFaZaliczkowej>5260001246-20260301-1</NrKSeFFaZaliczkowej></FakturaZaliczkowa>"
    invoice = read(a_ksef_invoice("ROZ", lines=named + line, net="70.00", tax="16.10", gross="86.10"))
    assert (invoice.kind, invoice.net, invoice.due) == (DocumentKind.INVOICE, Decimal("70.00"), Decimal("86.10"))
    assert [(charge.text, charge.amount) for charge in invoice.charges] == [
        ("5260001246-20260301-1", Decimal("-30.00"))
    ]
    assert invoice.defects == ()
    unnamed = read(a_ksef_invoice("ROZ", lines=line, net="70.00", tax="16.10", gross="86.10"))
    assert unnamed.charges == ()


def test_tax_at_no_rate_of_its_sum_is_told() -> None:
    """23 %, or 22 as it was before; half a cent for each line may be rounded."""
    codes = [defect.code for defect in read(a_ksef_invoice(tax="23.10", gross="123.10")).defects]
    assert codes == ["tax_rate_mismatch"]
    assert read(a_ksef_invoice(tax="22.00", gross="122.00")).defects == ()
