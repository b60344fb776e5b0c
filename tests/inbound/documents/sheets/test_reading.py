"""Sheets of suppliers and buyers: headings in nine languages wherever they stand, lines, totals, what is around."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from inbound.documents.document import read_document
from tests.sheets import a_csv, an_ods, an_xlsx, ods_of
from workflows.reading import DocumentFormat, DocumentKind, Reading

INVOICE: list[list[Any]] = [
    ["Brackets and Sons GmbH"],
    ["Rechnung"],
    [],
    ["Rechnungsnummer", "R-4711", "", "Rechnungsdatum", date(2026, 3, 5)],
    ["Ihre Bestellung", 471102.0],
    ["Währung", "EUR"],
    [],
    ["Pos", "Artikel-Nr.", "Bezeichnung", "Menge", "ME", "Einzelpreis (EUR)", "Betrag", "MwSt. %"],
    [1, "SB-1", "Stahlwinkel", 10, "Stk", 12.5, 125, 19],
    [2, "SB-2", "Totale Ständer", 3, "Stk", 0.1, 0.3, 19],
    ["", "", "Zwischensumme", "", "", "", 125.3],
    [3, 471102, "Schrauben", 1000, "Stk", 0.0123, 12.3, 19],
    [],
    ["", "", "Nettobetrag", "", "", "", 137.6],
    ["", "", "zzgl. 19 % MwSt.", "", "", "", 26.14],
    ["", "", "Rechnungsbetrag", "", "", "", 163.74],
    ["Bitte zahlen Sie bis 04.04.2026."],
]


def read(content: bytes, name: str = "sheet", orders: tuple[str, ...] = ()) -> Reading:
    """The reading of what must be a document."""
    reading = read_document(content, name, open_orders=orders)
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (an_xlsx(INVOICE), DocumentFormat.XLSX),
        (an_ods(INVOICE), DocumentFormat.ODS),
        (a_csv(INVOICE), DocumentFormat.CSV),
        (a_csv(INVOICE, ",", "utf-8-sig", "."), DocumentFormat.CSV),
        (a_csv(INVOICE, "\t", "utf-16"), DocumentFormat.CSV),
        (a_csv(INVOICE, "|", "cp1252"), DocumentFormat.CSV),
    ],
)
def test_b5_an_invoice_is_read_the_same_from_every_kind_of_sheet(content: bytes, format_: DocumentFormat) -> None:
    """Told apart by content: the name says nothing."""
    reading = read(content, orders=("471102",))
    assert (reading.kind, reading.format) == (DocumentKind.INVOICE, format_)
    assert (reading.number, reading.issue_date, reading.currency) == ("R-4711", date(2026, 3, 5), "EUR")
    assert reading.orders == ("471102",)
    assert (reading.net, reading.tax, reading.gross) == (Decimal("137.6"), Decimal("26.14"), Decimal("163.74"))
    assert [line.id for line in reading.lines] == ["1", "2", "3"]
    assert [line.seller_sku for line in reading.lines] == ["SB-1", "SB-2", "471102"]
    assert [line.quantity for line in reading.lines] == [10, 3, 1000]
    assert [line.unit_price for line in reading.lines] == [Decimal("12.5"), Decimal("0.1"), Decimal("0.0123")]
    assert [line.net for line in reading.lines] == [125, Decimal("0.3"), Decimal("12.3")]
    assert {line.tax_rate for line in reading.lines} == {19}
    assert reading.charges == ()
    assert reading.defects == ()


LANGUAGES = {
    "en": ("Item no.", "Description", "Qty", "UoM", "Unit price", "Net amount", "VAT %", "Delivery date"),
    "de": (
        "Artikelnummer",
        "Bezeichnung",
        "Menge",
        "Einheit",
        "Einzelpreis",
        "Gesamtpreis",
        "MwSt.-Satz",
        "Liefertermin",
    ),
    "es": (
        "Referencia",
        "Descripción",
        "Cantidad",
        "Unidad",
        "Precio unitario",
        "Importe",
        "% IVA",
        "Fecha de entrega",
    ),
    "fr": ("Réf.", "Désignation", "Qté", "Unité", "P.U. HT", "Montant HT", "Taux TVA", "Date de livraison"),
    "it": ("Codice", "Descrizione", "Quantità", "U.M.", "Prezzo unitario", "Importo", "Aliquota IVA", "Data consegna"),
    "nl": ("Artikelnr.", "Omschrijving", "Aantal", "Eenheid", "Stukprijs", "Bedrag excl. btw", "Btw %", "Leverdatum"),
    "pl": ("Indeks", "Nazwa towaru", "Ilość", "J.m.", "Cena netto", "Wartość netto", "Stawka VAT", "Termin dostawy"),
    "pt": ("Referência", "Designação", "Qtd.", "Unid.", "Preço unit.", "Valor líquido", "Taxa IVA", "Data de entrega"),
    "uk": ("Артикул", "Найменування", "К-сть", "Од. вим.", "Ціна без ПДВ", "Сума без ПДВ", "ПДВ, %", "Дата поставки"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_b5_headings_are_known_in_nine_languages(language: str) -> None:
    """Each column by its name, in whatever order the columns stand."""
    values: tuple[Any, ...] = ("X-1", "Winkel", 2, "pcs", 3.5, 7, 20, date(2026, 12, 4))
    heads = LANGUAGES[language]
    for order in (range(8), (3, 7, 0, 5, 2, 6, 1, 4)):
        rows = [["Acme"], [heads[at] for at in order], [values[at] for at in order], [values[at] for at in order]]
        line = read(an_xlsx(rows)).lines[1]
        assert (line.text, line.quantity, line.unit, line.unit_price) == ("Winkel", 2, "pcs", Decimal("3.5"))
        assert (line.net, line.tax_rate, line.delivery_date) == (7, 20, date(2026, 12, 4))
        assert "X-1" in (line.buyer_sku, line.seller_sku)


@pytest.mark.parametrize(
    ("encoding", "heads", "text"),
    [
        ("cp1252", ("Désignation", "Quantité", "Prix unitaire"), "Équerre à œillet"),
        ("cp1250", ("Nazwa towaru", "Ilość", "Cena netto"), "Kątownik żółty łączący"),
        ("cp1251", ("Назва", "Кількість", "Ціна"), "Кутник сталевий"),
        ("utf-8", ("Назва", "Кількість", "Ціна"), "Кутник сталевий"),
        ("utf-16-le", ("Nazwa", "Ilość", "Cena"), "Śruba"),
        ("iso8859-2", ("Nazwa", "Ilość", "Cena"), "Śruba"),
    ],
)
def test_b5_the_encoding_of_a_csv_is_found(encoding: str, heads: tuple[str, ...], text: str) -> None:
    """Nothing in a CSV names it; the letters and the headings do."""
    rows = [list(heads), [text, 2, 3.5], [text, 4, 12.25]]
    reading = read(a_csv(rows, encoding=encoding))
    assert [line.text for line in reading.lines] == [text, text]
    assert [line.unit_price for line in reading.lines] == [Decimal("3.5"), Decimal("12.25")]


def test_b5_quotes_delimiters_and_line_ends_within_a_csv_are_its_texts() -> None:
    """RFC 4180, and the line by which Excel names the delimiter."""
    content = b'sep=;\r\nText;Menge;Preis\r\n"Winkel; verzinkt ""A""\r\nlang";2;"1.234,50"\r\nSchraube;3;0,10\r\n'
    lines = read(content, "x.csv").lines
    assert [line.text for line in lines] == ['Winkel; verzinkt "A" lang', "Schraube"]
    assert lines[0].unit_price == Decimal("1234.50")


def test_b5_a_figure_with_two_meanings_stays_open() -> None:
    """1.234 is no price where nothing in the file says which mark is the decimal one."""
    (line,) = read(b"Text;Quantity;Price\nBracket;2;1.234\n", "x.csv").lines
    assert (line.quantity, line.unit_price) == (2, None)


def test_b5_a_formula_without_its_result_is_told_and_left_empty() -> None:
    """Files that programs write were never calculated: nothing is made up for their cells."""

    reading = read(an_xlsx(INVOICE, change=lambda _book, pages: pages[0].write_formula(8, 6, "=D9*F9", None, "")))
    assert reading.lines[0].net is None
    content = '<table:table-cell table:formula="of:=[.B2]*2"/>'
    rows = (
        "<table:table-row><table:table-cell office:value-type='string'><text:p>Text</text:p></table:table-cell>"
        "<table:table-cell office:value-type='string'><text:p>Menge</text:p></table:table-cell>"
        "<table:table-cell office:value-type='string'><text:p>Betrag</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell office:value-type='string'><text:p>Winkel</text:p></table:table-cell>"
        f"<table:table-cell office:value-type='float' office:value='2'><text:p>2</text:p></table:table-cell>{content}"
        "</table:table-row>"
    )
    told = read(ods_of(f'<table:table table:name="a">{rows}</table:table>'))
    assert "(C2)" in next(d.text for d in told.defects if d.code == "formula_without_value")
    assert told.lines[0].net is None


def test_b5_hidden_rows_are_left_out_unless_the_total_counts_them() -> None:
    """What nobody sees is no line; arithmetic alone can say otherwise. Either is told."""
    rows = [*INVOICE[:10], [9, "X", "Versteckt", 1, "Stk", 50, 50, 19], *INVOICE[11:]]

    def hide(_book: Any, pages: list[Any]) -> None:
        pages[0].set_row(10, None, None, {"hidden": True})

    reading = read(an_xlsx(rows, change=hide))
    assert [line.id for line in reading.lines] == ["1", "2", "3"]
    assert "hidden_rows" in [d.code for d in reading.defects]

    counted = [list(row) for row in rows]
    counted[13][6], counted[14][6], counted[15][6] = 187.6, 35.64, 223.24
    assert len(read(an_xlsx(counted, change=hide)).lines) == 4


def test_b5_a_hidden_column_is_no_column() -> None:
    """The purchase price that a seller hid is not the price."""

    def hide(_book: Any, pages: list[Any]) -> None:
        pages[0].set_column(1, 1, None, None, {"hidden": True})

    rows = [["Description", "Price", "Qty", "Unit price"], ["Bracket", 3, 2, 5]]
    assert read(an_xlsx(rows, change=hide)).lines[0].unit_price == 5


def test_b5_the_sheet_with_the_lines_is_read_and_others_are_told() -> None:
    """A cover sheet before it does not matter; a second table is not left out in silence."""
    second = [["Description", "Qty", "Unit price"], ["Freight", 1, 5], ["Pallet", 1, 7]]
    reading = read(an_xlsx([["Dear customer"]], INVOICE, second, names=("Cover", "Rechnung", "More")))
    assert len(reading.lines) == 3
    assert [d.code for d in reading.defects] == ["more_sheets"]


def test_b5_an_order_number_in_merged_cells_is_that_of_all_their_rows() -> None:
    """One order for two lines, another for the third."""

    def merge(_book: Any, pages: list[Any]) -> None:
        pages[0].merge_range(2, 0, 3, 0, "PO-1001")

    rows = [["Invoice"], ["PO number", "Description", "Qty", "Unit price"], ["", "A", 1, 2], ["", "B", 1, 3],
            ["PO-1002", "C", 1, 4]]  # fmt: skip
    reading = read(an_xlsx(rows, change=merge), orders=("PO-1001", "PO-1002"))
    assert [line.order for line in reading.lines] == ["PO-1001", "PO-1001", "PO-1002"]
    assert reading.orders == ("PO-1001", "PO-1002")


def test_b5_a_flat_export_says_the_document_in_its_columns() -> None:
    """Number, date and currency stand in every row, as accounting programs export them."""
    heads = ["Invoice number", "Invoice date", "Currency", "Order no", "Description", "Qty", "Unit price", "VAT %"]
    rows = [heads, *(["INV-7", date(2026, 3, 5), "EUR", "PO-1001", f"Item {n}", n, 10, 20] for n in (1, 2))]
    reading = read(an_xlsx(rows))
    assert (reading.kind, reading.number, reading.currency) == (DocumentKind.INVOICE, "INV-7", "EUR")
    assert reading.orders == ("PO-1001",)
    assert (reading.net, reading.tax, reading.gross) == (30, 6, 36)
    assert "totals_computed" in [d.code for d in reading.defects]

    several = read(an_xlsx([*rows, ["INV-8", date(2026, 3, 6), "EUR", "PO-1001", "Item 3", 1, 10, 20]]))
    assert (several.number, [d.code for d in several.defects if d.code == "several_documents"]) == (
        None,
        ["several_documents"],
    )


def test_b5_rates_in_percent_cells_and_amounts_with_tax_are_understood() -> None:
    """0.19 shown as 19 % is nineteen; a column of amounts that includes the tax is no net."""
    rows = [["Invoice"], ["Description", "Qty", "Unit price", "VAT", "Total"], ["A", 2, 100, 0.2, 240],
            ["B", 1, 50, 0.2, 60]]  # fmt: skip
    reading = read(an_xlsx(rows))
    assert [(line.tax_rate, line.net) for line in reading.lines] == [(20, 200), (20, 50)]


def test_b5_a_discount_column_lowers_the_price() -> None:
    """The price of the line is what is left of it."""
    rows = [["Invoice"], ["Description", "Qty", "Price", "Discount %", "Net"], ["A", 2, 100, 10, 180]]
    (line,) = read(an_xlsx(rows)).lines
    assert (line.unit_price, line.net) == (90, 180)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"Dear Olga,\n\nplease find the quantity, price; and all.\n", "note.txt"),
        (b"BEGIN:VCARD\nN:Berg;Ana;;;\nEND:VCARD\n", "a.vcf"),
        (b'{"a": 1, "b": 2}\n', "a.json"),
        (b"<html><td>Qty</td></html>", "a.html"),
        (b"\x00\x01\x02;\x03;\x04\n", "a.bin"),
    ],
)
def test_b5_what_only_has_commas_is_no_csv(content: bytes, name: str) -> None:
    """Text is a CSV where it has headings that are known, or a name that says so."""
    assert read_document(content, name) is None


def test_b5_freight_under_the_lines_is_a_charge_of_its_name() -> None:
    """It is no line, and what the lines miss of the net total."""
    rows = [["INVOICE", "INV-1"], ["Description", "Qty", "Price (EUR)", "Amount"], ["Widget", 2, 10, 20],
            ["Gadget", 1, 5.5, 5.5], ["Shipping", "", "", 4.5], ["Subtotal", "", "", 30], ["VAT 20%", "", "", 6],
            ["Total", "", "", 36]]  # fmt: skip
    reading = read(an_xlsx(rows))
    assert (reading.number, reading.currency, reading.gross) == ("INV-1", "EUR", 36)
    assert [(charge.text, charge.amount) for charge in reading.charges] == [("Shipping", Decimal("4.5"))]
    assert len(reading.lines) == 2
    assert [d.code for d in reading.defects] == ["no_issue_date"]


def test_b5_a_credit_note_with_minus_signs_has_positive_amounts() -> None:
    """As EN 16931 states them; the sheet's signs say the same thing twice."""
    rows = [
        ["Gutschrift"],
        ["Gutschrift Nr.", "G-1"],
        ["Bezeichnung", "Menge", "Preis", "Betrag"],
        ["Winkel", -2, 10, -20],
        ["Netto", "", "", -20],
        ["MwSt 19%", "", "", -3.8],
        ["Summe", "", "", -23.8],
    ]
    reading = read(an_xlsx(rows))
    assert (reading.kind, reading.number, reading.gross) == (DocumentKind.CREDIT_NOTE, "G-1", Decimal("23.8"))
    assert [(line.quantity, line.net) for line in reading.lines] == [(2, 20)]
    assert "lines_mismatch" not in [d.code for d in reading.defects]


def test_b5_a_total_without_tax_is_sure_where_the_lines_make_it() -> None:
    """And stays open where they do not."""
    rows = [
        ["Facture", "F-9"],
        ["Désignation", "Qté", "PU", "Total"],
        ["Vis", 10, 1.5, 15],
        ["Total à payer", "", "", 15],
    ]
    assert read(an_xlsx(rows)).gross == 15
    rows[-1][3] = 16
    assert read(an_xlsx(rows)).gross is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Order confirmation", DocumentKind.ORDER_CONFIRMATION),
        ("Angebot Nr. 77", DocumentKind.QUOTE),
        ("Bon de livraison", DocumentKind.DELIVERY_NOTE),
        ("Faktura pro forma", DocumentKind.PROFORMA),
    ],
)
def test_b46_a_sheet_is_what_it_calls_itself(title: str, kind: DocumentKind) -> None:
    """The label of the order that it answers makes it no order."""
    rows = [
        [title],
        ["Purchase order", "PO-1001"],
        ["Item", "Description", "Quantity", "Unit price"],
        [1, "Bracket", 5, 2],
    ]
    reading = read(an_xlsx(rows), orders=("PO-1001",))
    assert (reading.kind, reading.orders) == (kind, ("PO-1001",))
    assert [(line.id, line.text) for line in reading.lines] == [("1", "Bracket")]


def test_b5_a_sheet_that_does_not_say_what_it_is_is_told() -> None:
    """Nothing is made of a bare table, and its sender learns why."""
    reading = read(an_xlsx([["Description", "Qty", "Price"], ["A", 1, 2]]))
    assert (reading.kind, [d.code for d in reading.defects]) == (DocumentKind.OTHER, ["kind_unknown"])


_LINES = [["Pos", "Item no.", "Description", "Qty", "Price", "Amount"], [1, 471, "Bolt", 10, 12.5, 125]]


def _read(rows: list[list[Any]], change: Callable[[Any, list[Any]], None] | None = None) -> Reading:
    return read(an_xlsx(rows, change=change))


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ([["Invoice"], ["Invoice number", "INV 7"]], "INV 7"),
        ([["Invoice"], ["Invoice number", "RE 2026 0007"]], "RE 2026 0007"),
        ([["Invoice no. A 12 / 34"]], "A 12 / 34"),
        ([["Rechnung", "RE 7"]], "RE 7"),
        ([["Numer faktury", "FV/7/2026"]], "FV/7/2026"),
        ([["Invoice no.", "Date"], ["INV 7", date(2026, 3, 5)]], "INV 7"),
        ([["Invoice"], ["Invoice number", 471102.0]], "471102"),
        ([["Invoice"], ["Invoice number", "12 500"]], None),
        ([["Invoice"], ["Invoice number", "see page 7"]], None),
        ([["Credit note"], ["Invoice number", "INV 7"]], None),
    ],
)
def test_b5_a_number_is_all_that_stands_in_its_cell(head: list[list[Any]], number: str | None) -> None:
    """Blanks are its own where letters before them are short; it makes an invoice of what does not say what it is."""
    reading = _read([*head, [], *_LINES])
    assert reading.number == number
    assert reading.kind is (DocumentKind.CREDIT_NOTE if head[0][0] == "Credit note" else DocumentKind.INVOICE)


def test_b5_an_order_beside_its_label_is_named_however_short() -> None:
    """A label's own cell is no guess."""
    assert _read([["Invoice"], ["Purchase order", "PO 42"], [], *_LINES]).orders == ("PO 42",)


def test_b5_what_number_formats_show_is_read() -> None:
    """Texts before a figure, zeros that lead it, and the currency of the amounts; an own dollar is anybody's."""

    def formatted(book: Any, pages: list[Any]) -> None:
        forms = ['"INV "0', "00000", '0" pcs"', '#,##0.00 "€"']
        places = [(1, 1, 7), (4, 1, 471), (4, 3, 10), (4, 5, 125)]
        for form, (row, column, value) in zip(forms, places, strict=True):
            pages[0].write(row, column, value, book.add_format({"num_format": form}))

    reading = _read([["Invoice"], ["Invoice number", 7], [], *_LINES], formatted)
    assert (reading.number, reading.currency, reading.net) == ("INV 7", "EUR", Decimal(125))
    assert (reading.lines[0].seller_sku, reading.lines[0].quantity) == ("00471", Decimal(10))
    amount = '<table:table-cell office:value-type="currency" office:currency="GBP" office:value="125"/>'
    row = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    rows = (row % "Description" + row % "Amount", row % "Bolt" + amount)
    body = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in rows)
    assert read(ods_of(f'<table:table table:name="Invoice">{body}</table:table>')).currency == "GBP"


def test_b5_days_that_are_kept_as_mere_numbers_are_days_where_one_is_asked_for() -> None:
    """Sheets count them from the end of 1899; the same figure in another column is a figure."""
    rows = [
        ["Invoice"],
        ["Invoice number", "R-7", "Due date", "46116"],
        ["Invoice date", 46086],
        [],
        ["Article no.", "Description", "Qty", "Price", "Delivery date"],
        [46086, "Bolt", 46086, 1, 46090],
    ]
    reading = _read(rows)
    assert (reading.issue_date, reading.due_date) == (date(2026, 3, 5), date(2026, 4, 4))
    (line,) = reading.lines
    assert (line.seller_sku, line.quantity, line.delivery_date) == ("46086", Decimal(46086), date(2026, 3, 9))


def test_b5_two_rows_of_headings_are_read_with_what_is_merged_over_columns() -> None:
    """Each column is what both rows say of it, or the one that is known."""

    def merged(_book: Any, pages: list[Any]) -> None:
        pages[0].merge_range(2, 2, 2, 3, "Quantity")
        pages[0].merge_range(2, 4, 2, 5, "Price")
        pages[0].merge_range(2, 6, 2, 7, "VAT")

    over = ["Pos", "Description", "", "", "", "", "", ""]
    under = ["", "", "ordered", "unit", "per unit", "total", "rate", "amount"]
    reading = _read([["Invoice no.", "R-7"], [], over, under, [1, "Bolt", 10, "pcs", 12.5, 125, 20, 25]], merged)
    (line,) = reading.lines
    assert (line.quantity, line.unit, line.unit_price, line.net, line.tax_rate) == (10, "pcs", Decimal("12.5"), 125, 20)
