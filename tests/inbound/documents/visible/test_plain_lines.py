"""Lines that no sum proves, and what they promise."""

from __future__ import annotations

from datetime import date

from inbound.documents.visible.reading import read_rows
from tests.inbound.documents.visible.rows import a_page
from workflows.reading import DocumentFormat, Reading


def read(text: str) -> Reading:
    """Read a page of text."""
    return read_rows(a_page(text), text, (), DocumentFormat.PDF)


def test_a_delivery_note_tells_what_was_delivered() -> None:
    """It states no money: the headings tell the columns."""
    note = read("""
Lieferschein Nr. L-9
Pos  Artikelnummer  Bezeichnung  Menge
1  SW-1  Stahlwinkel  100 Stk
2  SC-4  Schrauben M4  10 Pkg
Bitte prüfen Sie die Ware
""")
    assert [(line.id, line.seller_sku, line.text, line.quantity, line.unit) for line in note.lines] == [
        ("1", "SW-1", "Stahlwinkel", 100, "Stk"),
        ("2", "SC-4", "Schrauben M4", 10, "Pkg"),
    ]
    assert note.sure["lines"] == 0.75


def test_a_confirmation_promises_a_date_for_each_line() -> None:
    """In a column of its own or under the line; the document has none of its own then."""
    confirmation = read("""
Order confirmation SO-5
Item  Quantity  Unit price  Delivery date  Amount
Bracket  10  12.50  5 April 2026  125.00
Screw  2  45.00  see below  90.00
Delivery date: 9 April 2026
Subtotal        215.00
VAT 20%        43.00
Total        258.00
""")
    assert [line.delivery_date for line in confirmation.lines] == [date(2026, 4, 5), date(2026, 4, 9)]
    assert confirmation.delivery_date is None


def test_an_invoice_has_no_lines_that_no_sum_proves() -> None:
    """On money nothing is guessed."""
    assert read("Invoice 7\nItem  Quantity  Amount\nBracket  10  125.00\nTotal  300.00").lines == ()
