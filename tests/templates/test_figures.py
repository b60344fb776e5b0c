"""Figures and dates in the reader's way."""

import pytest

from templates import figures


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        ("1234.5", "en", "1,234.50 EUR"),
        ("1234.5", "de", "1.234,50 EUR"),
        ("1234567.891", "fr", "1\u202f234\u202f567,891 EUR"),
        ("-12", "en", "-12.00 EUR"),
        ("12345678", "hi", "1,23,45,678.00 EUR"),
        ("0.000001", "en", "0.000001 EUR"),
        ("abc", "en", "abc"),
        ("NaN", "en", "NaN"),
        ("1E+999999", "en", "1E+999999 EUR"),
        (None, "en", ""),
    ],
)
def test_an_amount_is_written_as_the_reader_writes_it(value, language, written):
    """Symbols and groups of the locale, the currency's decimals at least, nothing rounded away, never a failure."""
    assert figures.money(value, "EUR", language) == written


def test_a_currency_has_its_own_number_of_decimals():
    """A yen has none, a dinar three."""
    assert figures.money("1200", "JPY", "en") == "1,200 JPY"
    assert figures.money("1.5", "KWD", "en") == "1.500 KWD"


def test_a_quantity_loses_needless_zeros():
    """`5.250` pieces are 5.25."""
    assert figures.number("5.250", "en") == "5.25"
    assert figures.number("100", "de") == "100"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "December 4, 2026"),
        ("en-GB", "4 December 2026"),
        ("de_AT", "4. Dezember 2026"),
        ("xx", "December 4, 2026"),
    ],
)
def test_a_date_names_its_month(language, written):
    """Nobody confuses day and month; an unknown language is English."""
    assert figures.day("2026-12-04", language) == written


def test_what_is_no_date_stays_as_it_was_written():
    """A template never fails on a fact."""
    assert figures.day("soon", "en") == "soon"
    assert figures.moment("2026-13-45T99:00", "en", "UTC") == "2026-13-45T99:00"
    assert figures.moment("9999-12-31T23:59:59+00:00", "en", "Asia/Tokyo").startswith("9999")


def test_a_moment_is_told_in_the_readers_zone():
    """With the zone's short name behind it; an unknown zone is UTC."""
    assert figures.moment("2026-12-04T16:00:00+00:00", "en-GB", "Europe/Berlin") == "4 December 2026, 17:00 CET"
    assert figures.moment("2026-12-04T16:00:00+00:00", "en-GB", "../etc") == "4 December 2026, 16:00 UTC"
    assert figures.moment("2026-12-04", "en-GB", "Europe/Berlin") == "4 December 2026"


def test_a_files_size_is_told_in_the_unit_a_person_reads():
    """Bytes, KB and MB."""
    assert [figures.size(n, "en") for n in (12, 31234, 2_460_000, None)] == ["12 B", "31 KB", "2.5 MB", ""]
