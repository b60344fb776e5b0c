"""Numbers, dates and totals behind the labels that firms use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from inbound.documents.visible.header import number_of
from inbound.documents.visible.kind import title_of
from inbound.documents.visible.reading import read_rows
from tests.inbound.documents.visible.rows import a_page
from workflows.reading import DocumentFormat, DocumentKind, Reading


def read(text: str, *open_orders: str) -> Reading:
    """Read a page of text."""
    return read_rows(a_page(text), text, open_orders, DocumentFormat.PDF)


@pytest.mark.parametrize(
    "head",
    [
        "Faktura\nNumer: F/12",
        "Factuur\nFactuurdatum  Nummer  Klantnummer\n03-05-2026  F/12  778",
        "Avoir\nNuméro  F/12",
    ],
)
def test_a_label_that_says_number_and_nothing_else_names_the_document(head: str) -> None:
    """Some print "Number" alone; over a column of lines it would be that of the lines."""
    assert read(head).number == "F/12"
    assert read(f"{head.splitlines()[0]}\nNumer  Opis  Ilość  Cena\n77  Kabel  1  2,00").number is None


def test_a_title_of_several_words_leads_to_its_number() -> None:
    """However "number" is shortened."""
    assert read("Fattura immediata n. 309/09/2025").number == "309/09/2025"
    assert read("Fatura de venda n.º RE2603556").number == "RE2603556"


def test_an_order_confirmation_has_the_sellers_order_number() -> None:
    """The buyer's own is called so, and an order that is open with the seller is the buyer's, however it is called."""
    both = "Order confirmation\nOrder No.: SO-88\nYour Order No.: 4500017"
    assert read(both).number == "SO-88"
    assert read("Order confirmation\nOrder No.: 4500017", "4500017").number is None


def test_a_credit_note_does_not_take_the_number_of_its_invoice() -> None:
    """The word before a label, with or without a colon, tells that it is another document's."""
    note = read("Gutschrift\nGutschrift-Nr.: GS-7\nBezug: Rechnung Nr. RE-3986")
    assert (note.kind, note.number) == (DocumentKind.CREDIT_NOTE, "GS-7")


def test_what_a_reminder_lists_is_not_its_own() -> None:
    """Numbers and days in the columns of the invoices listed are theirs."""
    reminder = read("""
Zahlungserinnerung
Datum: 10.07.2025
Beleg-Nr.  Datum  Fällig am  Betrag
2025-1478  04.05.2025  03.06.2025  120,00
""")
    assert (reminder.number, reminder.issue_date) == (None, date(2025, 7, 10))


@pytest.mark.parametrize("line", ["м. Київ, 05.11.2026", "Wien, den 5. November 2026", "Rennes, le 5 novembre 2026"])
def test_a_letter_is_dated_behind_its_place(line: str) -> None:
    """Place and day in one line are the day of issue."""
    assert read(f"{line}\nRechnung Nr. 7").issue_date == date(2026, 11, 5)


@pytest.mark.parametrize("sign", ["-EUR ", "-€", "(€ ", "−EUR "])
def test_a_minus_before_the_currency_belongs_to_the_amount(sign: str) -> None:
    """Amounts are told as they are printed on what corrects an invoice."""
    end = ")" if sign.startswith("(") else ""
    note = read(f"""
Stornorechnung Nr. 7
Summe netto  {sign}100,00{end}
MwSt. 19 %  {sign}19,00{end}
Gesamtbetrag  {sign}119,00{end}
""")
    assert (note.kind, note.gross) == (DocumentKind.CREDIT_NOTE, Decimal("-119.00"))


def test_sums_in_a_row_are_read_by_the_words_over_them() -> None:
    """A word with a rate is a heading too, and the currency beside an amount is no word."""
    quote = read("""
Presupuesto 7
Base imponible  IVA 16%  Total
MXN 5,136.52  MXN 821.84  MXN 5,958.36
""")
    assert (quote.net, quote.tax, quote.gross) == (Decimal("5136.52"), Decimal("821.84"), Decimal("5958.36"))


def test_the_amount_of_a_line_is_never_the_total() -> None:
    """Where no tax is printed, only what stands apart from the lines may be one."""
    read_alone = read("""
Factura 7
Concepto  Uds.  Precio  Total
Canaleta  2  10,00  20,00
Cable  1  683,82  683,82
""")
    assert read_alone.gross is None


def test_a_number_that_a_narrow_cell_broke_is_read_whole() -> None:
    """It goes on under itself; where nothing does, it is left out."""
    page = "Invoice\nInvoice #  GB-48820991-2024-\n{rest}"
    rows = [*a_page(page.replace("{rest}", "x  771"))]
    number = number_of(rows, title_of(rows))
    assert number is not None
    assert number.value == "GB-48820991-2024-771"
    rows = [*a_page(page.replace("{rest}", "Total"))]
    assert number_of(rows, title_of(rows)) is None


def test_the_name_of_another_kind_leads_to_no_number_of_an_invoice() -> None:
    """`Commande : WEB-100882` on an invoice is the order's."""
    rows = [*a_page("Facture\nN° FA004512\n\nCommande : WEB-100882")]
    number = number_of(rows, title_of(rows))
    assert number is not None
    assert number.value == "FA004512"
