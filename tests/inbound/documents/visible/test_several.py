"""Several documents in one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inbound.documents.document import read_document
from inbound.documents.visible.page import Row
from inbound.documents.visible.several import documents_in
from tests.inbound.documents.pdfs import GERMAN, a_pdf
from tests.inbound.documents.visible.rows import a_page
from workflows.reading import DocumentKind

BODY = "\n".join(["Dear customer", *("text of the page" for _ in range(20))])


def pages(*texts: str) -> list[Row]:
    """Pages of text whose first rows are large."""
    rows: list[Row] = []
    for number, text in enumerate(texts, 1):
        first, *rest = a_page(f"{text}\n{BODY}")
        rows += [Row(number, first.y, 16.0, first.cells), *(replace(row, page=number) for row in rest)]
    return rows


def counts(rows: Sequence[Row]) -> list[int]:
    """How many pages each document has."""
    return [len({row.page for row in document}) for document in documents_in(rows)]


def test_b5_each_document_of_a_file_is_read_for_itself() -> None:
    """Invoices and their delivery note were scanned or printed in one go."""
    page = GERMAN.replace("{tax}", "240,35").replace("{sign}", "").split("\n", 3)[3]
    titles = (("Rechnung", "R-1001"), ("Rechnung", "R-1002"), ("Lieferschein", "L-77"))
    parts = [page.replace("{title}", title).replace("R-1001", number) for title, number in titles]
    reading = read_document(a_pdf("\n#pagebreak()\n".join(parts)))
    assert reading is not None
    assert [(one.kind, one.number) for one in reading.documents] == [
        (DocumentKind.INVOICE, "R-1001"),
        (DocumentKind.INVOICE, "R-1002"),
        (DocumentKind.DELIVERY_NOTE, "L-77"),
    ]
    assert all(len(one.lines) == 2 for one in reading.documents)


def test_a_page_that_repeats_title_and_number_goes_on() -> None:
    """Most programs print both on each page."""
    assert counts(pages("Invoice no. 7", "Invoice no. 7", "Invoice no. 8")) == [2, 1]


def test_a_page_that_counts_on_begins_nothing() -> None:
    """`Page 2 of 2` belongs to the one before, whatever it speaks of."""
    assert counts(pages("Invoice no. 7\nPage 1 of 2", "Delivery note no. 12\nPage 2 of 2")) == [2]


def test_a_page_without_a_title_belongs_to_the_one_before() -> None:
    """Conditions, lists of hours, certificates."""
    assert counts(pages("Invoice no. 7", "General conditions of sale", "List of hours 2026")) == [3]
