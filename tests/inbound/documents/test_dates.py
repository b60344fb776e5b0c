"""Dates in figures and words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbound.documents.ambiguous import Ambiguous
from inbound.documents.dates import day_order_of, find_dates, parse_date, parse_sure_date


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05",
        "2026/03/05",
        "20260305",
        "05.03.2026",
        "5.3.26",
        "5 March 2026",
        "5th of March 2026",
        "March 5, 2026",
        "Thu, 5 Mar 2026 10:00",
        "Donnerstag, den 5. März 2026",
        "5 de marzo de 2026",
        "5 mars 2026",
        "5 marca 2026",
        "5 березня 2026 р.",
        "05-Mar-26",
        "2026年3月5日",
        "2026-03-05T10:00:00Z",
    ],
)
def test_a_date_in_a_countrys_writing_is_read(text: str) -> None:
    """Order, month names, weekdays and times are told by themselves."""
    assert parse_date(text) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    ["", "KW 49", "10 working days", "30.02.2026", "10%", "12.50", "March 2026", "Rechnung 471102", "0005532486"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    """Weeks, lead times, figures and impossible days are no dates."""
    assert parse_date(text, today=date(2026, 1, 1)) is None


def test_figures_that_can_be_two_days_are_ambiguous() -> None:
    """`03/04/26` is told only by the writer's habit; `25/03/26` by itself."""
    assert parse_date("03/04/26") == Ambiguous("03/04/26", (date(2026, 4, 3), date(2026, 3, 4)))
    assert parse_date("03/04/26", "mdy") == date(2026, 3, 4)
    assert parse_date("25/03/26", "mdy") == date(2026, 3, 25)
    assert parse_date("03/03/26") == date(2026, 3, 3)
    assert parse_sure_date("03/04/26") is None


def test_a_day_without_a_year_is_the_next_one_where_today_is_known() -> None:
    """`12 Dec` needs a today; without one it says nothing."""
    today = date(2026, 11, 24)
    assert parse_date("12 Dec", today=today) == date(2026, 12, 12)
    assert parse_date("5.3.", today=today) == date(2027, 3, 5)
    assert parse_date("29 Feb", today=today) == date(2028, 2, 29)
    assert parse_date("12 Dec") is None


def test_a_document_gives_its_order_of_days_away() -> None:
    """A date that can be read one way only tells the order; a document that does both tells none."""
    assert day_order_of(["on 03/25/2026"]) == "mdy"
    assert day_order_of(["25/03/2026 and 01/02/2026"]) == "dmy"
    assert day_order_of(["03/25/2026", "25/03/2026"]) is None


def test_dates_inside_a_text_are_found_where_they_stand() -> None:
    """Numbers and addresses beside them are left alone."""
    text = "Invoice 4711-02 of 05.03.2026, 12 pcs, due April 12, 2026; 192.168.10.12"
    assert [(text[a:b], day) for a, b, day in find_dates(text)] == [
        ("05.03.2026", date(2026, 3, 5)),
        ("April 12, 2026", date(2026, 4, 12)),
    ]


@given(st.text(max_size=70))
def test_any_text_gives_an_answer(text: str) -> None:
    """Whatever is written, the parser answers with one of its three kinds of value."""
    assert isinstance(parse_date(text, today=date(2026, 1, 1)), date | Ambiguous | None)
