"""Orders that we send: PDF, the sheet that comes back, and UBL."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pypdfium2
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from inbound.documents.document import read_document
from outbound.documents import fonts
from outbound.documents.invoice import invoice_pdf
from outbound.documents.order import invoice_xlsx, order_pdf, order_ubl, order_xlsx
from outbound.documents.printed import apart
from outbound.documents.request import request_pdf, request_xlsx
from templates.environment import reader_of
from tests.notices import INVOICE, ORDER, PARTIES, REQUEST, some_facts
from tests.outbound.documents.checks import assert_sound_pdf

NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def text_of(pdf: bytes) -> str:
    """What a person reads on all pages, without the invisible places to break a word."""
    pages = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages).replace("\u200b", "")


def cells_of(xlsx: bytes) -> list[list[object]]:
    """The rows of the sheet, hidden ones too."""
    return CalamineWorkbook.from_filelike(BytesIO(xlsx)).get_sheet_by_index(0).to_python()


def test_an_order_is_printed_with_all_that_was_ordered():
    """Number, both parties, lines with unit prices per hundred, totals."""
    text = text_of(order_pdf(some_facts(document=ORDER), "en"))
    for words in ("Purchase order PO-4711", "Acme Works", "Ferrum", "Steel bracket 40 x 60", "4.50 EUR", "12.25 EUR"):
        assert words in text
    assert "per 100" in text
    assert "834.00 EUR" in text
    assert "December 12, 2026" in text


def test_the_same_facts_print_the_same_bytes():
    """A retried notice carries the same attachment."""
    facts = some_facts(document=ORDER)
    assert order_pdf(facts, "en") == order_pdf(facts, "en")
    assert order_xlsx(facts, "en") == order_xlsx(facts, "en")
    assert order_ubl(facts) == order_ubl(facts)


def test_a_name_is_never_read_as_markup():
    """Typst's signs in a name or note are printed as they are."""
    evil = '#panic("x") $x$ *b* [c] ]] \\ " #read("/etc/passwd") @x <y>'
    text = text_of(order_pdf(some_facts(document={**ORDER, "note": evil}, company={"name": evil}), "en"))
    assert evil in text.replace("\r\n", " ").replace("\n", " ")


@pytest.mark.parametrize("print_it", [order_pdf, request_pdf, invoice_pdf])
def test_b7_a_printed_document_is_a_sound_pdf(print_it, tmp_path):
    """qpdf finds nothing to complain of, in a language from right to left either."""
    facts = some_facts(document={**ORDER, "note": "يرجى وضع علامة على كل صندوق."}, parties=PARTIES)
    for language in ("en", "ar"):
        assert_sound_pdf(print_it(facts, language), tmp_path)


def test_a_text_that_runs_the_other_way_keeps_its_order():
    """A sentence in Arabic on an English page runs by itself, and its full stop stands at its end."""
    reader = reader_of("en")
    assert apart("Steel", reader) == "Steel"
    assert apart("صندوق.", reader) == "\u2068صندوق.\u2069"


def test_fonts_for_other_scripts_are_taken_where_the_machine_has_them(monkeypatch):
    """The reader's own forms of the Han characters first, and only for the letters that they are for."""
    families = ["Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans Hebrew", "DejaVu Sans"]
    monkeypatch.setattr(fonts, "found", lambda: SimpleNamespace(families=lambda: families))
    fonts.further.cache_clear()
    assert [font["name"] for font in fonts.further("ja")] == ["Noto Sans CJK JP", "Noto Sans Hebrew"]
    assert [font["name"] for font in fonts.further("de")] == ["Noto Sans CJK SC", "Noto Sans Hebrew"]
    fonts.further.cache_clear()


@pytest.mark.parametrize("print_it", [order_pdf, request_pdf, invoice_pdf, order_xlsx, invoice_xlsx, request_xlsx])
@pytest.mark.parametrize(
    "facts", [{}, {"document": None}, {"document": {"kind": "order", "lines": [{}]}}, {"document": {"lines": None}}]
)
def test_what_the_facts_lack_is_left_out(print_it, facts):
    """No absent value stops a document."""
    assert len(print_it(facts, "en")) > 1000


def test_two_hundred_lines_with_long_names_in_two_directions_are_printed_on_several_pages():
    """Every line is there, and the head of the table on each page."""
    long = "Schwerlastwinkelverbinder-mit-Rippe-und-Langloch-feuerverzinkt" * 3
    lines = [
        {**ORDER["lines"][0], "n": n, "text": long if n % 2 else "زاوية فولاذية مجلفنة", "net": "152414814814.81"}
        for n in range(1, 201)
    ]
    pdf = order_pdf(some_facts(document={**ORDER, "lines": lines, "number": "רכש/4711"}), "en")
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]
    assert len(pages) > 5
    assert all("Unit price" in page for page in pages[:-1])
    assert "152,414,814,814.81 EUR" in pages[0]


def test_a_request_without_prices_has_no_empty_price_columns():
    """What is asked for has no price yet."""
    text = text_of(request_pdf(some_facts(document=REQUEST), "en"))
    assert "RFP-12" in text
    assert "Bracket" in text
    assert "Unit price" not in text


def test_an_invoice_is_headed_by_the_supplier_who_writes_it():
    """It is the supplier's document, with the supplier's number."""
    text = text_of(invoice_pdf(some_facts(document=INVOICE), "en"))
    assert text.startswith("Ferrum")
    assert "Invoice 22914" in text
    assert "To pay" in text


def test_the_sheet_names_its_document_and_its_columns_for_our_reader():
    """Hidden keys in column A and above the heads, in any language."""
    rows = cells_of(order_xlsx(some_facts(document={**ORDER, "public_id": "k7m3"}), "en"))
    assert rows[0][0] == "postroom:order:k7m3:@mdy"
    at = next(number for number, row in enumerate(rows) if row[0] == "postroom:order:k7m3:#")
    assert rows[at + 2][0] == "postroom:order:k7m3:1"
    first = dict(zip(rows[at], rows[at + 2], strict=True))
    assert (first["#n"], first["#text"], first["#quantity"], first["#unit"]) == (1, "Steel bracket 40 x 60", 100, "pcs")
    assert first["#unit_price"] == 4.5
    assert first["#answer_price"] == ""


def test_only_the_answer_cells_of_a_sheet_can_be_changed():
    """The rest is locked, so that a returned sheet still names its lines."""
    with ZipFile(BytesIO(request_xlsx(some_facts(document=REQUEST), "en"))) as parts:
        page = etree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
        styles = etree.fromstring(parts.read("xl/styles.xml"))
    assert page.find("{*}sheetProtection") is not None
    unlocked = [
        str(at)
        for at, style in enumerate(styles.find("{*}cellXfs"))
        if style.find("{*}protection") is not None and style.find("{*}protection").get("locked") == "0"
    ]
    open_cells = [cell.get("r") for cell in page.iter("{*}c") if cell.get("s") in unlocked]
    assert {name[0] for name in open_cells} == {"C", "G", "H"}  # two answers above, two columns of three lines
    assert len(open_cells) == 2 + 2 * 3


def test_no_text_of_others_becomes_a_formula_or_a_link():
    """`=cmd()` in an item's name is an item's name."""
    evil = [
        "=1+1",
        "\t=1+1",
        "@SUM(A1)",
        "+1",
        "-1+1",
        '=HYPERLINK("https://evil.example")',
        "https://evil.example",
        "{=1}",
    ]
    lines = [{"n": n, "text": text, "buyer_sku": text, "unit": text} for n, text in enumerate(evil, 1)]
    document = {**ORDER, "number": "=1+1", "title": "=1+1", "lines": lines}
    for made in (order_xlsx, request_xlsx):
        with ZipFile(BytesIO(made(some_facts(document=document, company={"name": "=1+1"}), "en"))) as parts:
            page = parts.read("xl/worksheets/sheet1.xml")
            assert b"<f>" not in page
            assert b"hyperlink" not in page
            assert not any("externalLink" in name for name in parts.namelist())


def test_an_item_number_with_leading_zeros_stays_text():
    """`007` is no number seven, and 20 digits are no rounded figure."""
    lines = [{"n": 1, "buyer_sku": "007", "text": "12345678901234567890", "quantity": "0.5"}]
    rows = cells_of(order_xlsx(some_facts(document={**ORDER, "lines": lines}), "en"))
    assert rows[-1][2] == "007"
    assert rows[-1][4] == "12345678901234567890"
    assert rows[-1][5] == 0.5


def test_a_ubl_order_carries_the_order_exactly():
    """Amounts as they were frozen, units as codes, prices with their base quantity."""
    root = etree.fromstring(order_ubl(some_facts(document=ORDER)))
    assert etree.QName(root).localname == "Order"

    def one(path: str) -> str:
        return root.xpath(f"string({path})", namespaces=NAMES)

    assert one("cbc:ID") == "PO-4711"
    assert one("cbc:DocumentCurrencyCode") == "EUR"
    assert one("cac:BuyerCustomerParty/cac:Party/cac:PartyName/cbc:Name") == "Acme Works"
    assert one("cac:SellerSupplierParty/cac:Party/cac:PartyName/cbc:Name") == "Ferrum"
    assert Decimal(one("cac:AnticipatedMonetaryTotal/cbc:PayableAmount")) == 834
    second = "cac:OrderLine[2]/cac:LineItem"
    assert one(f"{second}/cbc:Quantity/@unitCode") == "KGM"
    assert Decimal(one(f"{second}/cac:Price/cbc:PriceAmount")) == Decimal("12.25")
    assert one(f"{second}/cac:Price/cbc:BaseQuantity") == "100"
    assert one(f"{second}/cac:Delivery/cac:RequestedDeliveryPeriod/cbc:EndDate") == "2026-12-12"


def test_our_own_reader_reads_a_ubl_order_back_as_it_was():
    """What we send can be imported by another Postroom, figure by figure."""
    reading = read_document(order_ubl(some_facts(document=ORDER)), "order.xml")
    assert reading is not None
    assert (reading.kind, reading.number, reading.currency) == ("order", "PO-4711", "EUR")
    assert (reading.net, reading.tax, reading.gross) == (Decimal(695), Decimal(139), Decimal(834))
    assert not reading.defects
    for line, sent in zip(reading.lines, ORDER["lines"], strict=True):
        assert (line.text, line.unit, line.buyer_sku) == (sent["text"], sent["unit"], sent.get("buyer_sku"))
        assert (line.quantity, line.unit_price) == (Decimal(sent["quantity"]), Decimal(sent["unit_price"]))
        assert line.base_quantity == Decimal(sent["base_quantity"])


def test_a_ubl_order_has_its_elements_in_the_order_of_the_schema():
    """UBL-Order-2.1.xsd is a sequence: a validator refuses any other order."""
    sequence = (
        *("UBLVersionID", "ID", "IssueDate", "Note", "DocumentCurrencyCode", "BuyerCustomerParty"),
        *("SellerSupplierParty", "Delivery", "PaymentTerms", "TaxTotal", "AnticipatedMonetaryTotal", "OrderLine"),
    )
    item = ("ID", "Quantity", "LineExtensionAmount", "Delivery", "Price", "Item")
    root = etree.fromstring(order_ubl(some_facts(document=ORDER)))
    names = list(dict.fromkeys(etree.QName(child).localname for child in root))
    assert names == list(sequence)
    line = root.xpath("cac:OrderLine[2]/cac:LineItem", namespaces=NAMES)[0]
    assert [etree.QName(child).localname for child in line] == list(item)


def test_control_characters_stop_no_ubl_order():
    """XML cannot hold them; they are gone."""
    document = {**ORDER, "note": "a\x00\x0bb\ud800\uffff", "lines": [{"n": 1, "text": "x\x01y & <z>"}]}
    root = etree.fromstring(order_ubl(some_facts(document=document)))
    assert root.xpath("string(cbc:Note)", namespaces=NAMES) == "ab"
    assert root.xpath("string(//cac:Item/cbc:Name)", namespaces=NAMES) == "xy & <z>"
