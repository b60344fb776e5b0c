"""Totals and lines as pages print them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from inbound.documents.visible.currency import times_seen
from inbound.documents.visible.page import Cell, Row
from inbound.documents.visible.reading import read_rows
from tests.inbound.documents.visible.rows import a_page
from workflows.reading import DocumentFormat, DocumentKind, Reading


def read(text: str) -> Reading:
    """Read a page of text."""
    return read_rows(a_page(text), text, (), DocumentFormat.PDF)


def totals(reading: Reading) -> tuple[str | None, ...]:
    """Net, tax, total, paid and due, as text."""
    values = (reading.net, reading.tax, reading.gross, reading.prepaid, reading.due)
    return tuple(None if value is None else str(value) for value in values)


def test_several_rates_of_tax_are_added_up() -> None:
    """The tax of an invoice with two rates is their sum."""
    invoice = read("""
Rechnung Nr. 5
Summe netto  215,90
7% MwSt. auf 60,00  4,20
19% MwSt. auf 155,90  29,62
Gesamtbetrag EUR  249,72
""")
    assert totals(invoice) == ("215.90", "33.82", "249.72", None, "249.72")


def test_a_payment_before_is_told_from_the_amount_due() -> None:
    """Total less what was paid is what is due, when all three are printed."""
    invoice = read("""
Facture n° 7
Total HT  1 179,00 €
TVA 20 %  235,80 €
Total TTC  1 414,80 €
Acompte versé  400,00 €
Net à payer  1 014,80 €
""")
    assert totals(invoice) == ("1179.00", "235.80", "1414.80", "400.00", "1014.80")


def test_totals_side_by_side_are_read_by_their_headings() -> None:
    """The words may stand over the amounts."""
    invoice = read("""
Rechnung 7
Netto EUR  MwSt. EUR  Brutto EUR
376,37  71,51  447,88
""")
    assert totals(invoice)[:3] == ("376.37", "71.51", "447.88")


def test_a_total_with_the_tax_inside_is_sure_by_its_printed_rate() -> None:
    """Where no net is printed, the rate beside the tax proves the total."""
    invoice = read("""
Rechnung Nr. 8
Gesamtbetrag  119,00 €
enthaltene MwSt. 19 %  19,00 €
""")
    assert totals(invoice)[:3] == ("100.00", "19.00", "119.00")


def test_without_tax_the_lines_must_make_the_total() -> None:
    """A total alone is not sure; lines that sum up to it make it so."""
    alone = "Rechnung Nr. 9\nGesamtbetrag  310,00 €"
    lines = "Leistung  Menge  Preis  Betrag\nText  10  25,00  250,00\nKorrektur  2  30,00  60,00\n"
    assert totals(read(alone))[:3] == (None, None, None)
    assert totals(read(alone.replace("Gesamt", lines + "Gesamt")))[:3] == ("310.00", "0", "310.00")


def test_lines_that_do_not_make_the_net_are_left_out() -> None:
    """A line too few is no list of lines."""
    page = """
Invoice no. 10
Description  Qty  Price  Amount
Bracket  10  12.50  125.00
Subtotal  215.00
VAT 20%  43.00
Total  258.00
"""
    assert read(page).lines == ()
    assert len(read(page.replace("Subtotal", "Screw  2  45.00  90.00\nSubtotal")).lines) == 2


def test_a_price_for_a_hundred_and_a_discount_are_understood() -> None:
    """What quantity and price do not make alone, a price basis or a printed discount explains."""
    invoice = read("""
Invoice no. 11
Description  Qty  Price  Disc.  Amount
Screw  200  45.00  -  90.00
Bracket  10  12.50  10 %  112.50
Net total  202.50
VAT 20%  40.50
Total  243.00
""")
    screw, bracket = invoice.lines
    assert (screw.quantity, screw.unit_price, screw.base_quantity) == (200, Decimal("45.00"), 100)
    assert (bracket.quantity, bracket.unit_price) == (10, Decimal("11.250"))


def test_what_is_withheld_says_how_sure_it_was() -> None:
    """A field below the threshold is None, and the doubt can be seen."""
    invoice = read("Invoice no. 12\nTotal amount  119.00\nVAT  19.00")
    assert invoice.gross is None
    assert invoice.sure["gross"] < 0.7


def test_the_number_of_a_line_is_not_its_quantity() -> None:
    """The second line's 2 times 45.00 makes its 90.00 only by chance."""
    order = read("""
Purchase order PO-7
No.  Item  Quantity  Unit price  Amount
1  Bracket  10 pcs  12.50  125.00
2  Screw  200 pcs  45.00 per 100  90.00
Net  215.00
Tax  40.85
Total  255.85
""")
    assert [(line.id, line.quantity, line.base_quantity) for line in order.lines] == [("1", 10, 1), ("2", 200, 100)]


def test_a_single_line_counts_when_it_stands_in_its_table() -> None:
    """A discount told elsewhere hides in its amount; its number, quantity and price speak for it, less surely."""
    page = """
Invoice no. 12
Pos  Text  Unit price  Qty  VAT  Amount
{line}
Net total  850.00
VAT 19 %  161.50
Total  1011.50
"""
    coil = read(page.replace("{line}", "1  Steel coil  100.00  10 pcs  19 %  850.00"))
    assert [str(line.net) for line in coil.lines] == ["850.00"]
    assert coil.sure["lines"] == 0.75
    assert read(page.replace("{line}", "Steel coil as agreed  850.00")).lines == ()


def test_the_parties_of_a_page_are_read_with_their_ids() -> None:
    """Names, VAT id and account; as a whole a party is as sure as the least of it."""
    invoice = read("Seller\nWinkel GmbH\nUSt-IdNr. DE136695976\nIBAN DE03 1203 0000 0000 2020 51\nBuyer\nHafen AG")
    assert (invoice.seller.name, invoice.seller.vat_id) == ("Winkel GmbH", "DE136695976")
    assert invoice.seller.iban == "DE03120300000000202051"
    assert invoice.buyer.name == "Hafen AG"
    assert invoice.sure["seller"] == 0.75
    assert "iban_wrong" in [defect.code for defect in invoice.defects]


def test_lines_that_make_a_printed_subtotal_are_the_lines() -> None:
    """Charges follow them; a product named like a tax is one all the same where its row has a number."""
    invoice = read("""
Rechnung Nr. 12
Pos  Text  Preis  Menge  Betrag
1  Wirkarbeit  0,05  10000 KWH  52,00
2  Ökosteuer  0,02  10000 KWH  20,50
Transport  15,00
Positionssumme  72,50
Zuschläge  15,00
Nettobetrag  87,50
MwSt. 19 %  16,63
Bruttosumme  104,13
""")
    assert [(line.text, str(line.net)) for line in invoice.lines] == [("Wirkarbeit", "52.00"), ("Ökosteuer", "20.50")]
    assert [str(charge.amount) for charge in invoice.charges] == ["15.00"]


def test_a_rate_in_a_heading_does_not_hide_the_tax() -> None:
    """Sums side by side under headings that state a rate: they are words all the same."""
    invoice = read("""
Rechnung Nr. 13
Bezeichnung  Menge  Preis  Betrag
Winkel  10  12,50  125,00
Summe netto  zzgl. 19 % MwSt.  Gesamtbetrag
125,00  23,75  148,75
""")
    assert totals(invoice)[:3] == ("125.00", "23.75", "148.75")


def test_a_tax_that_was_not_recognized_is_not_zero() -> None:
    """Lines that make the total prove nothing where the page speaks of a rate: the fields stay empty."""
    page = "Invoice no. 14\nDescription  Qty  Price  Amount\nBracket  10  12.50  125.00\nTotal  125.00"
    assert totals(read(page))[:3] == ("125.00", "0", "125.00")
    assert totals(read(f"{page}\nAll prices include 20% VAT"))[:3] == (None, None, None)


def test_what_is_rounded_belongs_to_the_amount_due() -> None:
    """Where the total is rounded to whole coins, net and tax stay as they are (EN 16931 BT-114)."""
    invoice = read("""
Faktura nr 7
Netto  11 358,50
Moms 25 %  2 839,63
Öresavrundning  -0,13
Att betala SEK  14 198,00
""")
    assert totals(invoice) == ("11358.50", "2839.63", "14198.13", None, "14198.00")


def test_freight_beside_the_net_is_part_of_what_is_taxed() -> None:
    """Net, freight and tax make the total though no row says net and freight together."""
    invoice = read("""
Sales Invoice no. 7
Total Net Amount  100.00
Carriage Net  25.00
Total Tax Amount  25.00
Invoice Total  150.00
""")
    assert totals(invoice)[:3] == ("125.00", "25.00", "150.00")


def test_a_column_of_parts_makes_the_total() -> None:
    """Where each charge and the taxes stand above the total, the charges are the net."""
    bill = read("""
Invoice number: 77
Previous balance  182.40
Balance forward  0.00
Monthly charges  165.00
Surcharges and fees  16.53
Taxes  8.27
Total amount due  189.80
""")
    assert totals(bill) == ("181.53", "8.27", "189.80", None, "189.80")


def test_a_tax_in_an_unknown_language_is_no_line() -> None:
    """An amount that is its row's rate of another is a tax, whatever it is called."""
    invoice = read("""
Invoice no. 7
Alfa  5  100.00  500.00
Zzz 25 %  125.00
Total  625.00
""")
    assert invoice.gross is None


def test_amounts_without_cents_are_read_by_their_currency() -> None:
    """Yen have groups and no decimals."""
    invoice = read("""
Invoice No.: SP-24
Subtotal  ¥236,000
Consumption tax (10%)  ¥23,600
Total JPY  ¥259,600
""")
    assert totals(invoice)[:3] == ("236000", "23600", "259600")


def test_an_amount_that_its_column_broke_is_one() -> None:
    """The currency stands in the row, the figure under it."""
    rows = [
        Row(1, 800.0, 10.0, (Cell(0, 90, "Facture n° 7"),)),
        *(
            Row(1, y, 10.0, tuple(Cell(x, x + 50, text) for x, text in zip((0, 100, 200, 300), texts, strict=True)))
            for y, texts in (
                (760.0, ("Conseil", "2", "CHF 535.44", "CHF")),
                (740.0, ("Papier", "1", "9.10", "CHF 9.10")),
            )
        ),
        Row(1, 720.0, 10.0, (Cell(200, 290, "Net HT"), Cell(300, 350, "CHF 1'079.98"))),
        Row(1, 708.0, 10.0, (Cell(200, 290, "TVA 8.1%"), Cell(300, 350, "CHF 87.48"))),
        Row(1, 696.0, 10.0, (Cell(200, 290, "Total TTC"), Cell(300, 350, "CHF 1'167.46"))),
    ]
    rows.insert(2, Row(1, 750.0, 10.0, (Cell(0, 90, "frais inclus"), Cell(310, 350, "1'070.88"))))
    invoice = read_rows(rows, "", (), DocumentFormat.PDF)
    assert [str(line.net) for line in invoice.lines] == ["1070.88", "9.10"]


def test_the_capital_of_a_company_tells_no_currency() -> None:
    """The amounts do."""
    invoice = read("Fatura n.º 7\nTotal da fatura  BRL 8.092,03\nCapital social 50.000 € - C.R.C. Aveiro")
    assert invoice.currency == "BRL"


def test_the_number_of_a_confirmed_order_is_the_sellers_own() -> None:
    """It is no order of the buyer's."""
    order = read("Confirmación de pedido\nPedido nº  F006204\nFecha  18/04/2025\nTotal  474.44")
    assert (order.number, order.orders) == ("F006204", ())


def test_a_tax_with_its_rate_cut_off_is_no_amount_of_it() -> None:
    """Three capitals before a number are a currency only where they are known as one."""
    order = read("""
Confirmação de encomenda
Total sem IVA  64 531,73 €
IVA (23  14 842,30 €
Total com IVA  79 374,03 €
""")
    assert totals(order)[:3] == ("64531.73", "14842.30", "79374.03")


def test_what_is_due_is_open_where_the_payment_does_not_explain_it() -> None:
    """A payment that does not make the difference was misread, or the amount due was."""
    invoice = read("""
Fatura n.º 7
Valor tributável  4 809,39
Total IVA 23 %  1 106,16
Total a pagar  5 915,55
Valor já pago  774,67
Saldo a pagar  4 140,88
""")
    assert totals(invoice) == ("4809.39", "1106.16", "5915.55", None, None)


def test_a_correction_without_a_total_is_neither_invoice_nor_credit_note() -> None:
    """Only the sign of its total tells what it is."""
    assert read("Factura rectificativa nº 7\nFecha: 04/07/2026").kind is DocumentKind.OTHER


def test_a_date_that_its_column_broke_is_read_whole() -> None:
    """The year stands under day and month."""
    order = read("Orderbevestiging\nOnze order  AB-2026\nDatum  29 september\nx  2026")
    assert order.issue_date == date(2026, 9, 29)


def test_the_day_of_delivery_is_not_the_documents_own() -> None:
    """A date behind a label of something else is no date that stands alone."""
    assert read("Verkoopfactuur\nLeveringsdatum  21/10/2026").issue_date is None


def test_what_is_carried_forward_is_no_line() -> None:
    """The sum of a page stands at its foot and at the head of the next."""
    invoice = read("""
Rechnung Nr. 7
Pos  Bezeichnung  Menge  Preis  Gesamt
1  Bürostuhl  3  423.52  1270.56
Übertrag  x  x  x  1270.56
2  Beratung  2  100.00  200.00
Gesamt netto  x  x  x  1470.56
8.1% Umsatzsteuer  x  x  x  119.12
Gesamtbetrag  x  x  x  1589.68
""")
    assert [str(line.net) for line in invoice.lines] == ["1270.56", "200.00"]


def test_a_currency_sign_that_stands_once_is_told_from_a_code() -> None:
    """What a picture shows once as a sign may be a figure."""
    assert times_seen("EUR", a_page("Net  369,197.35\nTotal  €81,530.53")) == 1
    assert times_seen("EUR", a_page("Total  81,530.53 EUR")) == 2


def test_amounts_in_lakhs_are_read() -> None:
    """India groups by two beyond a thousand."""
    invoice = read("""
Tax Invoice No. 7
Taxable value  1,51,000.00
CGST 9%  13,590.00
SGST 9%  13,590.00
Grand Total  1,78,180.00
""")
    assert totals(invoice)[:3] == ("151000.00", "27180.00", "178180.00")


def test_a_plain_total_before_the_tax_is_the_net() -> None:
    """`Total, tax, total with tax`: the first is what is taxed."""
    invoice = read("Рахунок № 7\nРазом:  7 270,00\nСума ПДВ:  1 454,00\nУсього з ПДВ:  8 724,00")
    assert totals(invoice)[:3] == ("7270.00", "1454.00", "8724.00")


def test_an_amount_that_may_be_two_is_left_open_and_told() -> None:
    """`1.200` alone is thousands or a fraction."""
    invoice = read("Invoice no. 7\nNet  1.000\nVAT 20%  200\nTotal  1.200 EUR")
    assert invoice.gross is None
    assert "amount_ambiguous" in [defect.code for defect in invoice.defects]


def test_a_number_in_groups_is_read_whole() -> None:
    """Telephone companies write theirs so."""
    assert read("Facture\nN° de facture : 4410 8829 331\nTotal  26,49 €").number == "4410 8829 331"
