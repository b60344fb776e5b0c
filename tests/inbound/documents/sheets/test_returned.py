"""Our own sheets when they come back, whatever was done to their rows, columns and formats."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbound.documents.as_json import reading_as_json, reading_from_json
from inbound.documents.document import read_document
from outbound.documents.order import invoice_xlsx, order_xlsx
from outbound.documents.request import request_xlsx
from tests.notices import ORDER, REQUEST, some_facts
from tests.sheets import Sheet
from workflows.reading import DocumentKind, Form, Reading

DOCUMENT = {**ORDER, "public_id": "k7m3x2"}


def order_sheet(language: str = "en") -> Sheet:
    """The sheet to answer an order in."""
    return Sheet(order_xlsx(some_facts(document=DOCUMENT), language))


def read(content: bytes, name: str = "x") -> Reading:
    """The reading of a sheet of ours."""
    reading = read_document(content, name)
    assert reading is not None
    assert (reading.kind, reading.defects) == (DocumentKind.FORM, ())
    return reading


def form_of(content: bytes) -> Form:
    """What came back."""
    form = read(content).form
    assert form is not None
    return form


def answers_of(form: Form) -> dict[tuple[int | None, str], str | None]:
    """The answers by line and column, ours left out."""
    return {(a.n, a.key): a.value for a in form.answers if not a.key.startswith("=")}


def filled() -> Sheet:
    """A sheet in which two cells and the answer are filled in."""
    sheet = order_sheet().fill(1, "answer_price", 4.75).fill(2, "answer_date", date(2026, 12, 20))
    return sheet.answer("answer", "We propose changes")


FILLED = {(1, "price"): "4.75", (2, "date"): "2026-12-20", (None, "answer"): "counter"}


@pytest.mark.parametrize(
    "content",
    [
        filled().xlsx(),
        filled().ods(),
        filled().csv(),
        filled().csv(",", "utf-8-sig", "."),
        filled().csv("\t", "utf-16"),
    ],
)
def test_b5_a_sheet_is_read_in_whatever_format_it_was_saved(content: bytes) -> None:
    """The keys of rows and columns go along."""
    form = form_of(content)
    assert (form.name, form.document) == ("order", "k7m3x2")
    assert answers_of(form) == FILLED
    assert form.strange == ()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.booleans())
def test_b5_rows_and_columns_may_stand_in_any_order(rows: int, columns: int, moved: bool) -> None:
    """Sorted by anything, columns moved and inserted: line ids tell which line a cell is of."""
    sheet = filled().shuffle_rows(rows)
    assert answers_of(form_of((sheet.move_columns(columns) if moved else sheet).xlsx())) == FILLED


def test_b5_a_deleted_row_is_not_answered_and_an_inserted_one_is_strange() -> None:
    """Who adds an item below ours is asked what it is for."""
    sheet = filled().delete(2)
    assert answers_of(form_of(sheet.xlsx())) == {k: v for k, v in FILLED.items() if k[0] != 2}
    row = sheet.line(1)
    sheet.insert(row + 1, ["", 3, "", "", "Packaging", 1, "pcs", "", "", "", "", "", 12])
    assert form_of(sheet.xlsx()).strange == (f"B{row + 2}",)


def test_b5_columns_are_known_by_their_heads_where_their_keys_were_deleted() -> None:
    """Somebody deletes the hidden row without seeing it."""
    sheet = filled()
    sheet.rows = [row for row in sheet.rows if "#n" not in row]
    assert answers_of(form_of(sheet.xlsx())) == FILLED


def test_b5_what_is_typed_as_text_is_read_where_it_can_mean_one_thing() -> None:
    """A price with its currency, a day in words; a vague word and a figure with two meanings are kept as they stand."""
    sheet = order_sheet().fill(1, "answer_price", "4,75 EUR").fill(2, "answer_price", "1.234")
    sheet.fill(1, "answer_date", "20 December 2026").fill(2, "answer_date", "soon").fill(1, "answer_quantity", "10 %")
    answers = answers_of(form_of(sheet.xlsx()))
    assert answers[1, "price"] == "4.75 EUR"
    assert answers[1, "date"] == "2026-12-20"
    assert (answers[2, "price"], answers[2, "date"], answers[1, "quantity"]) == (None, None, None)


def test_b5_a_quote_sheet_says_no_bid_by_a_cross() -> None:
    """And nothing by an empty cell."""
    sheet = Sheet(request_xlsx(some_facts(document={**REQUEST, "public_id": "p1"}), "en"))
    sheet.fill(1, "answer_price", 12.5).fill(2, "answer_no_bid", "X").answer("date", date(2026, 12, 12))
    form = form_of(sheet.ods())
    assert (form.name, form.document) == ("request", "p1")
    assert answers_of(form) == {(1, "price"): "12.5", (2, "no_bid"): "x", (None, "date"): "2026-12-12"}


def test_b5_an_invoice_number_that_is_a_number_keeps_no_fraction() -> None:
    """22914 and not 22914.0; prefilled quantities come back as they are."""
    sheet = Sheet(invoice_xlsx(some_facts(document=DOCUMENT), "en")).answer("number", 22914.0)
    answers = answers_of(form_of(sheet.xlsx()))
    assert answers[None, "number"] == "22914"
    assert (answers[1, "quantity"], answers[1, "price"], answers[1, "tax_rate"]) == ("100", "4.5", "20")


def test_b5_a_form_leaves_the_reading_process_as_it_was_read() -> None:
    """Through JSON and back."""
    reading = read(filled().xlsx())
    assert reading_from_json(reading_as_json(reading, "x")) == reading
