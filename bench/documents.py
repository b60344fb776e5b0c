"""Reading documents beside the bare library: a page of a PDF, e-invoices of 200 and 2,000 lines, a sheet of 5,000."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import pypdfium2
import typst
import xlsxwriter
from lxml import etree
from python_calamine import CalamineWorkbook

from inbound.documents.document import read_document

ROUNDS: Final = 15
LINES: Final = 200
MANY_LINES: Final = 2_000
SHEET_ROWS: Final = 5_000
_PAGE: Final = """
#set page(width: 210mm, height: 297mm, margin: 20mm)
#set text(size: 10pt)
Winkel GmbH · Mühlweg 3 · 20457 Hamburg
#text(size: 18pt)[Rechnung Nr. R-1001 vom 05.03.2026]

Ihre Bestellung: PO-2026-0042 #h(2cm) Lieferdatum: 03.03.2026

#table(columns: (12mm, 60mm, 25mm, 30mm, 30mm), stroke: none, align: (left, left, right, right, right),
  [Pos], [Bezeichnung], [Menge], [Einzelpreis], [Gesamt],
  ..range(1, 21).map(n => ([#n], [Stahlwinkel Nr. #n], [10 Stk], [12,50 €], [125,00 €])).flatten())
#grid(columns: (80mm, 30mm), row-gutter: 2mm, align: right,
  [Nettobetrag], [2.500,00 €], [zzgl. 19 % USt.], [475,00 €], [Rechnungsbetrag], [2.975,00 €])

USt-IdNr.: DE136695976 #h(1cm) IBAN DE02 1203 0000 0000 2020 51
"""
_NAMESPACES: Final = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)


def text_pdf() -> Mapping[str, float]:
    """One page of text read as an invoice, beside pdfium's bare text extraction of it."""
    content = typst.compile(_PAGE.encode())
    assert isinstance(content, bytes)
    reading = read_document(content, engine="text")
    assert reading is not None
    assert reading.gross == Decimal("2975.00")
    bare, ours = _beside(lambda: _bare_text(content), lambda: read_document(content, engine="text"), 4 * ROUNDS)
    return {"ratio": ours / bare, "bare_ms": 1000 * bare, "read_ms": 1000 * ours}


def ubl_200_lines() -> Mapping[str, float]:
    """A UBL invoice of 200 lines read with all own rules, beside lxml's bare parse of it."""
    content = an_invoice(LINES)
    reading = read_document(content)
    assert reading is not None
    assert (len(reading.lines), reading.defects) == (LINES, ())
    bare, ours = _beside(lambda: etree.fromstring(content), lambda: read_document(content))
    return {"ratio": ours / bare, "bare_ms": 1000 * bare, "read_ms": 1000 * ours}


def ubl_growth() -> Mapping[str, float]:
    """Time for a line of a UBL invoice of 2,000 lines beside that of one of 200: one is linear."""
    few, many = an_invoice(LINES), an_invoice(MANY_LINES)
    short, long = _beside(lambda: read_document(few), lambda: read_document(many))
    return {"ratio": long / short * LINES / MANY_LINES, "lines_200_ms": 1000 * short, "lines_2000_ms": 1000 * long}


def xlsx_5000_rows() -> Mapping[str, float]:
    """An XLSX of 5,000 lines read as an invoice, beside calamine's bare reading of its cells."""
    content = a_sheet(SHEET_ROWS)
    reading = read_document(content)
    assert reading is not None
    assert (len(reading.lines), reading.net) == (SHEET_ROWS, 125 * SHEET_ROWS)
    bare, ours = _beside(lambda: _bare_cells(content), lambda: read_document(content))
    return {"ratio": ours / bare, "bare_ms": 1000 * bare, "read_ms": 1000 * ours}


def a_sheet(lines: int) -> bytes:
    """A supplier's XLSX with so many lines at 12.50 each."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet("Invoice")
    head = (
        ("Invoice number", "INV-7"),
        ("Invoice date", "2026-03-05"),
        ("Purchase order", "PO-42"),
        ("Currency", "EUR"),
    )
    headings = ("Pos", "Item number", "Description", "Quantity", "Unit", "Unit price", "Net amount", "VAT %")
    for row, cells in enumerate((*head, (), headings)):
        page.write_row(row, 0, cells)
    for n in range(1, lines + 1):
        page.write_row(n + 5, 0, (n, f"SB-{n}", f"Steel bracket no. {n}", 10, "pcs", 12.5, 125, 19))
    book.close()
    return target.getvalue()


def _bare_cells(content: bytes) -> object:
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        return book.get_sheet_by_index(0).to_python()


def an_invoice(lines: int) -> bytes:
    """A UBL invoice of so many lines at 12.50 each, with its tax by the profile of EN 16931."""
    net = Decimal("125.00") * lines
    tax = (net * 19 / 100).quantize(Decimal("0.01"))
    category = "<cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    body = "".join(
        f'<cac:InvoiceLine><cbc:ID>{n}</cbc:ID><cbc:InvoicedQuantity unitCode="H87">10</cbc:InvoicedQuantity>'
        '<cbc:LineExtensionAmount currencyID="EUR">125.00</cbc:LineExtensionAmount>'
        f"<cac:OrderLineReference><cbc:LineID>{n}</cbc:LineID></cac:OrderLineReference>"
        f"<cac:Item><cbc:Name>Steel bracket no. {n}</cbc:Name>"
        f"<cac:SellersItemIdentification><cbc:ID>SB-{n}</cbc:ID></cac:SellersItemIdentification>"
        f"<cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory></cac:Item>"
        '<cac:Price><cbc:PriceAmount currencyID="EUR">12.50</cbc:PriceAmount></cac:Price></cac:InvoiceLine>\n'
        for n in range(1, lines + 1)
    )
    return f"""<Invoice {_NAMESPACES}>
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>INV-7</cbc:ID>
<cbc:IssueDate>2026-03-05</cbc:IssueDate><cbc:DueDate>2026-04-04</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>PO-2026-0042</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>DE136695976</cbc:CompanyID>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity>
<cbc:RegistrationName>Brackets and Sons</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
</cac:AccountingSupplierParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount><cac:TaxSubtotal>
<cbc:TaxableAmount currencyID="EUR">{net}</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
<cac:TaxCategory>{category}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">{net + tax}</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="EUR">{net + tax}</cbc:PayableAmount></cac:LegalMonetaryTotal>
{body}</Invoice>""".encode()


def _bare_text(content: bytes) -> str:
    library: Any = pypdfium2
    document = library.PdfDocument(content)
    page = document[0]
    textpage = page.get_textpage()
    text: str = textpage.get_text_range()
    textpage.close()
    page.close()
    document.close()
    return text


def _beside(bare: Callable[[], object], ours: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """The least processor time of each of two works, in seconds, in turns: what else the machine does meets both."""
    best = [float("inf"), float("inf")]
    for _ in range(rounds + 1):
        for place, work in enumerate((bare, ours)):
            best[place] = min(best[place], _time_of(work))
    return best[0], best[1]


def _time_of(work: Callable[[], object]) -> float:
    """The processor time of one run in seconds: others on the machine do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start
