"""Lines and money: sums are exact, and nothing is ever a float."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workflows.differences import InvoiceLine
from workflows.errors import DataMissing
from workflows.invoices import Edit, EditLine, Invoice, _edit_lines
from workflows.lines import Line, cents, line_net, total
from workflows.units import unit_code

D = Decimal
_amounts = st.decimals(min_value=-100_000, max_value=100_000, places=4, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("quantity", "price", "base", "net"),
    [
        ("3", "0.333333", "1", "1.00"),
        ("150", "45", "100", "67.50"),
        ("1", "0.005", "1", "0.01"),
        ("-1", "0.005", "1", "-0.01"),
        ("0", "9.99", "1", "0.00"),
        ("1", "1", "0", None),
        (None, "1", "1", None),
        ("1", None, "1", None),
    ],
)
def test_a_lines_net_is_rounded_half_up_to_cents(quantity: Any, price: Any, base: str, net: Any) -> None:
    """Away from zero on both sides; unknown where a part is unknown."""
    given_ = [None if value is None else D(value) for value in (quantity, price)]
    found = line_net(given_[0], given_[1], D(base))
    assert (None if found is None else str(found)) == net


def test_a_net_that_was_sent_is_kept() -> None:
    """What the document says stands beside what is computed."""
    assert Line(1, quantity=D(2), unit_price=D(3), net=D("5.99")).sum() == D("5.99")
    assert Line(1, quantity=D(2), unit_price=D(3)).sum() == D("6.00")
    assert Line(1).sum() is None


@given(st.lists(_amounts, min_size=1))
def test_a_total_is_the_exact_sum_whatever_the_order(values: list[Decimal]) -> None:
    """No part is rounded on the way."""
    assert total(values) == total(list(reversed(values))) == sum(values, D(0))


def test_a_total_of_something_unknown_is_unknown() -> None:
    """And so is that of nothing at all."""
    assert total([D(1), None]) is None
    assert total([]) is None


@given(_amounts)
def test_cents_are_at_most_half_a_cent_away(value: Decimal) -> None:
    """Rounded once, never drifting."""
    assert abs(cents(value) - value) <= D("0.005")
    assert cents(cents(value)) == cents(value)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("pcs", "C62"),
        ("Stk.", "C62"),
        ("H87", "C62"),
        (" Hours ", "HUR"),
        ("kg", "KGM"),
        ("m", "MTR"),
        ("d", "DAY"),
        ("barrel", "barrel"),
        ("Barrel", "barrel"),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_unit_is_known_as_people_write_it(written: str | None, code: str | None) -> None:
    """Unknown ones stay as they are written, in lower case."""
    assert unit_code(written) == code


@given(st.text(max_size=20))
@example(".")
@example("a. .")
def test_a_unit_code_is_a_unit_code(unit: str) -> None:
    """Asked again it says the same: rows hold either."""
    code = unit_code(unit)
    assert unit_code(code) == code


def test_facts_and_rows_carry_decimals_as_they_are() -> None:
    """Templates write them, the store keeps them."""
    line = Line(2, "Hub", D("1.5"), "KGM", D("0.123456"), delivery_date=date(2026, 12, 4))
    assert line.facts()["unit_price"] == D("0.123456")
    assert line.row() == {
        "n": 2,
        "text": "Hub",
        "quantity": D("1.5"),
        "unit": "KGM",
        "unit_price": D("0.123456"),
        "net": D("0.19"),
    }


# --- the sums of an invoice that is edited ---------------------------------------------------------------------------


def an_invoice(rate: Any = 20) -> Invoice:
    """Two lines of 45.00 and 110.00."""
    lines = [
        InvoiceLine(1, "Hub", D(10), "C62", D("4.50"), tax_rate=rate and D(rate)),
        InvoiceLine(2, "Rim", D(20), "C62", D("5.50"), tax_rate=rate and D(rate)),
    ]
    made = Invoice("EUR", "22914", date(2026, 11, 20), lines=lines)
    made.sum_up()
    return made


def test_totals_follow_from_the_lines() -> None:
    """Net, tax by rate, total."""
    invoice = an_invoice()
    assert (invoice.net, invoice.tax, invoice.gross, invoice.due) == (D(155), D(31), D(186), D(186))


def test_tax_is_counted_by_rate() -> None:
    """10 % of one line and 20 % of the other; the rounding is that of each rate."""
    invoice = an_invoice()
    invoice.lines[0].tax_rate = D(10)
    invoice.sum_up()
    assert invoice.tax == D("26.50")


def test_without_rates_on_the_lines_the_rate_of_the_whole_stays() -> None:
    """As it was read: 31 on 155."""
    invoice = an_invoice(None)
    invoice.tax = D(31)
    invoice.gross = D(186)
    _edit_lines(invoice, Edit(lines=[EditLine(1, qty=D(0))]))
    invoice.sum_up()
    assert (invoice.net, invoice.tax, invoice.gross) == (D(110), D(22), D(132))


def test_without_any_tax_nothing_is_invented() -> None:
    """The tax is asked, as the number is."""
    invoice = an_invoice(None)
    assert (invoice.net, invoice.tax, invoice.gross) == (D(155), None, None)
    assert "gross" in invoice.missing()
    invoice.sum_up(D(20))
    assert invoice.gross == D(186)


def test_what_was_prepaid_is_not_due() -> None:
    """The total stays the total."""
    invoice = an_invoice()
    invoice.prepaid = D(100)
    invoice.sum_up()
    assert (invoice.gross, invoice.due) == (D(186), D(86))


def test_an_edit_of_a_line_that_is_not_there_is_asked() -> None:
    """Line 7 of two."""
    with pytest.raises(DataMissing, match="no line 7"):
        _edit_lines(an_invoice(), Edit(lines=[EditLine(7, qty=D(1))]))


def test_an_invoice_cannot_be_edited_to_nothing() -> None:
    """Else the old totals would stand without a line."""
    with pytest.raises(DataMissing, match="withdraw it instead"):
        _edit_lines(an_invoice(), Edit(lines=[EditLine(1, qty=D(0)), EditLine(2, qty=D(0))]))
