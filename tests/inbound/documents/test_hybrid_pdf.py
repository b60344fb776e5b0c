"""PDFs that carry an e-invoice."""

from __future__ import annotations

from decimal import Decimal

from inbound.documents.document import read_document
from tests.inbound.documents.e_invoices import a_cii_invoice, a_ubl_invoice
from tests.inbound.documents.pdfs import a_pdf
from workflows.reading import DocumentFormat, Reading

PAGE = "#text(size: 16pt)[Invoice No. {number}]\n\nDate: 5 March 2026\n\nSee the attached file for all details."


def read(page: str, *attached: tuple[str, bytes]) -> Reading:
    """Read a PDF with attachments, which must be a document."""
    reading = read_document(a_pdf(page, attached))
    assert reading is not None
    return reading


def test_the_e_invoice_is_found_by_its_root_element_whatever_its_name() -> None:
    """Other attachments are passed by."""
    terms = ("terms.xml", b"<terms>30 days</terms>")
    invoice = read(PAGE.replace("{number}", "R-9"), terms, ("anything.bin", a_cii_invoice()))
    assert (invoice.format, invoice.number, invoice.gross) == (DocumentFormat.HYBRID_PDF, "R-9", Decimal("107.10"))
    assert invoice.defects == ()


def test_a_page_that_shows_another_number_is_told() -> None:
    """A person must see that page and e-invoice differ; the e-invoice counts."""
    invoice = read(PAGE.replace("{number}", "R-10"), ("factur-x.xml", a_cii_invoice()))
    assert invoice.number == "R-9"
    assert "page_differs" in [defect.code for defect in invoice.defects]


def test_a_broken_e_invoice_leaves_the_page() -> None:
    """What the page shows is read, and the broken file is told."""
    invoice = read(PAGE.replace("{number}", "R-10"), ("invoice.xml", a_ubl_invoice()[:-30]))
    assert (invoice.format, invoice.number) == (DocumentFormat.PDF, "R-10")
    assert "broken_e_invoice" in [defect.code for defect in invoice.defects]


def test_the_page_alone_is_read_when_asked_for() -> None:
    """With the text engine the e-invoice is not looked at."""
    content = a_pdf(PAGE.replace("{number}", "R-10"), (("factur-x.xml", a_cii_invoice()),))
    reading = read_document(content, engine="text")
    assert reading is not None
    assert (reading.format, reading.number) == (DocumentFormat.PDF, "R-10")


def test_a_pdf_that_only_looks_like_factur_x_is_told_what_it_lacks() -> None:
    """A name of Factur-X on a plain PDF: read all the same, told for its sender to mend."""
    invoice = read(PAGE.replace("{number}", "R-9"), ("factur-x.xml", a_cii_invoice()))
    assert invoice.gross == Decimal("107.10")
    assert {"no_pdf_a", "no_xmp"} <= {defect.code for defect in invoice.defects}


def test_b6_a_page_with_another_day_or_account_is_told() -> None:
    """Whatever the page surely shows otherwise: money would go elsewhere."""
    page = PAGE.replace("{number}", "R-9").replace("5 March", "6 March")
    invoice = read(page, ("factur-x.xml", a_cii_invoice()))
    told = [defect.text for defect in invoice.defects if defect.code == "page_differs"]
    assert told == ["The page shows issue date 2026-03-06, the e-invoice inside states 2026-03-05."]
