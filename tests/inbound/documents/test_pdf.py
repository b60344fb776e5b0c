"""Invoices read from what a PDF shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from inbound.documents.document import read_document, read_source
from inbound.documents.format import Source
from tests.inbound.documents.pdfs import ENGLISH, a_german_invoice, a_pdf
from workflows.reading import DocumentFormat, DocumentKind, Party, Reading


def read(content: bytes, *open_orders: str) -> Reading:
    """Read a document that must be one."""
    reading = read_document(content, "file.pdf", open_orders=open_orders)
    assert reading is not None
    return reading


def test_an_english_invoice_is_read_with_lines_and_totals() -> None:
    """Labels, columns and arithmetic give every field."""
    invoice = read(a_pdf(ENGLISH), "PO-2026-0042", "PO-2026-0043")
    assert (invoice.kind, invoice.format) == (DocumentKind.INVOICE, DocumentFormat.PDF)
    assert (invoice.number, invoice.currency) == ("INV-2026/007", "GBP")
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 3, 5), date(2026, 4, 4))
    assert (invoice.net, invoice.tax, invoice.gross, invoice.due) == (
        Decimal("215.00"),
        Decimal("43.00"),
        Decimal("258.00"),
        Decimal("258.00"),
    )
    assert invoice.orders == ("PO-2026-0042",)
    assert invoice.seller == Party(vat_id="GB123456789", iban="GB82WEST12345698765432")
    lines = [(line.id, line.text, line.quantity, line.unit_price, line.net) for line in invoice.lines]
    assert lines == [
        ("1", "Steel bracket", Decimal(10), Decimal("12.50"), Decimal("125.00")),
        ("2", "Screw M4, zinc-plated", Decimal(2000), Decimal("0.045"), Decimal("90.00")),
    ]


def test_a_german_invoice_is_read_with_lines_and_totals() -> None:
    """The same in another language with other separators."""
    invoice = read(a_german_invoice(), "4500017")
    assert (invoice.kind, invoice.number, invoice.currency) == (DocumentKind.INVOICE, "R-1001", "EUR")
    assert (invoice.issue_date, invoice.due_date, invoice.delivery_date) == (
        date(2026, 3, 5),
        date(2026, 4, 4),
        date(2026, 3, 3),
    )
    assert (invoice.net, invoice.tax, invoice.gross) == (Decimal("1265.00"), Decimal("240.35"), Decimal("1505.35"))
    assert [(line.quantity, line.unit, line.unit_price) for line in invoice.lines] == [
        (Decimal(100), "Stk", Decimal("12.50")),
        (Decimal(10), "Pkg", Decimal("1.50")),
    ]
    assert invoice.seller == Party("Winkel GmbH", vat_id="DE136695976", iban="DE02120300000000202051")
    assert invoice.orders == ("4500017",)


def test_totals_that_do_not_add_up_are_withheld() -> None:
    """What arithmetic does not confirm is not guessed; the rest of the document is still read."""
    invoice = read(a_german_invoice(tax="230,35"))
    assert (invoice.net, invoice.tax, invoice.gross, invoice.lines) == (None, None, None, ())
    assert invoice.number == "R-1001"


def test_a_credit_note_states_its_amounts_without_a_minus() -> None:
    """A credit note may print a minus; its reading does not."""
    note = read(a_german_invoice("Gutschrift", sign="-"))
    assert (note.kind, note.gross) == (DocumentKind.CREDIT_NOTE, Decimal("1505.35"))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Mahnung", DocumentKind.REMINDER),
        ("Auftragsbestätigung", DocumentKind.ORDER_CONFIRMATION),
        ("Lieferschein", DocumentKind.DELIVERY_NOTE),
        ("Angebot", DocumentKind.QUOTE),
        ("Proforma-Rechnung", DocumentKind.PROFORMA),
        ("Anzahlungsrechnung", DocumentKind.PREPAYMENT_INVOICE),
    ],
)
def test_a_document_is_of_the_kind_that_it_calls_itself(title: str, kind: DocumentKind) -> None:
    """Only an invoice may become one: a reminder that lists the same amounts is a reminder."""
    assert read(a_german_invoice(title)).kind is kind


def test_a_date_that_nothing_settles_is_withheld() -> None:
    """03/04/2026 alone may be March or April, and is told so; another date, or a country, settles it."""
    slashed = ENGLISH.replace("5 March 2026", "03/04/2026").replace("4 April 2026", "12 May 2026")
    no_account = slashed[: slashed.index("IBAN")]
    nowhere = no_account.replace("VAT", "Tax").replace("£", "\\$")
    assert read(a_pdf(slashed)).issue_date == date(2026, 4, 3)
    assert read(a_pdf(no_account)).issue_date == date(2026, 4, 3)
    assert read(a_pdf(nowhere)).issue_date is None
    assert "date_ambiguous" in [defect.code for defect in read(a_pdf(nowhere)).defects]
    assert read(a_pdf(nowhere)).due_date == date(2026, 5, 12)
    assert read(a_pdf(nowhere.replace("12 May 2026", "04/15/2026"))).issue_date == date(2026, 3, 4)


def test_a_pdf_without_text_says_so() -> None:
    """A scan is told as one, and nothing is guessed."""
    picture = read_source(Source(a_pdf("#rect(width: 5cm, height: 5cm)"), pictures=False))
    assert picture is not None
    assert [defect.code for defect in picture.defects] == ["no_text"]


@pytest.mark.parametrize("content", [b"%PDF-1.7 and then nothing", a_german_invoice()[:3000]], ids=["empty", "cut off"])
def test_a_damaged_pdf_is_unreadable(content: bytes) -> None:
    """Damage is answered, not raised."""
    reading = read(content)
    assert reading.gross is None
    assert reading.defects
