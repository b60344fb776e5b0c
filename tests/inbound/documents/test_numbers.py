"""Amounts in every country's writing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbound.documents.ambiguous import Ambiguous
from inbound.documents.numbers import decimal_mark_of, parse_amount, parse_sure_amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1’234.56", "1234.56"),
        ("1,23,456.00", "123456.00"),
        ("1.234.567", "1234567"),
        ("12.50", "12.50"),
        ("0,123", "0.123"),
        ("99.00-", "-99.00"),
        ("(99.00)", "-99.00"),
        ("−5", "-5"),
        ("100,-", "100"),
        ("€ 1.234,56", "1234.56"),
        ("1,234.56 USD", "1234.56"),
        ("US$ 5.00", "5.00"),
        ("12,00 zł", "12.00"),
        ("١٢٣٫٥", "123.5"),
    ],
)
def test_an_amount_in_a_countrys_writing_is_read(text: str, value: str) -> None:
    """Separators, signs, brackets and currencies are told by themselves."""
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "abc", "EUR", "19 %", "1.2.3", "12 34", "1.234,567.89", "-(99)", "5,", "12.12.2024", "9" * 50]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    """Text that is not one amount and nothing else is refused, not repaired."""
    assert parse_amount(text) is None


def test_one_separator_before_three_digits_is_ambiguous() -> None:
    """`1.234` may be a thousand or one and a bit, and both are said."""
    assert parse_amount("1.234") == Ambiguous("1.234", (Decimal(1234), Decimal("1.234")))
    assert parse_amount("-1,000") == Ambiguous("-1,000", (Decimal(-1000), Decimal("-1.000")))
    assert parse_sure_amount("1.234") is None


def test_the_known_decimal_mark_settles_what_is_open_and_nothing_else() -> None:
    """A writer's habit decides between two readings but never bends a figure that has one."""
    assert parse_amount("1.234", ",") == Decimal(1234)
    assert parse_amount("1.234", ".") == Decimal("1.234")
    assert parse_amount("12.50", ",") == Decimal("12.50")


def test_a_document_gives_its_decimal_mark_away() -> None:
    """Figures that can be read one way only tell the mark; dates and open figures do not count."""
    assert decimal_mark_of(["1.234", "12,50", "05.03.2026"]) == ","
    assert decimal_mark_of(["1,234.00"]) == "."
    assert decimal_mark_of(["1.234"]) is None
    assert decimal_mark_of(["1,50", "1.50"]) is None


@given(st.text(alphabet="0123456789.,' -()€", max_size=45))
def test_any_text_of_figures_gives_an_answer(text: str) -> None:
    """Whatever is written, the parser answers with one of its three kinds of value."""
    assert isinstance(parse_amount(text), Decimal | Ambiguous | None)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_printed_amounts_come_back(value: Decimal) -> None:
    """What is printed in the German or the English way is read as the same value."""
    english = f"{value:,.2f}"
    assert parse_amount(english) == value
    assert parse_amount(english.translate(str.maketrans(",.", ".,"))) == value
