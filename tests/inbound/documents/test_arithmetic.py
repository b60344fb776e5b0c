"""Figures that must agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from inbound.documents.arithmetic import defects_of, line_agrees
from workflows.reading import DocumentKind, Reading, ReadLine


def an_invoice(**changed: object) -> Reading:
    """An invoice whose figures agree, with changes."""
    fields: dict[str, object] = {
        "kind": DocumentKind.INVOICE,
        "number": "INV-7",
        "issue_date": date(2026, 3, 5),
        "currency": "EUR",
        "net": Decimal(100),
        "tax": Decimal(19),
        "gross": Decimal(119),
        "due": Decimal(119),
        "lines": (ReadLine(id="1", quantity=Decimal(8), unit_price=Decimal("12.50"), net=Decimal(100)),),
    }
    return Reading(**(fields | changed))  # type: ignore[arg-type]


def test_figures_that_agree_have_no_defect() -> None:
    """Nothing is told where nothing is wrong."""
    assert list(defects_of(an_invoice())) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"gross": Decimal(120), "due": Decimal(120)}, "sum_mismatch"),
        ({"due": Decimal(100)}, "due_mismatch"),
        ({"net": Decimal(90), "gross": Decimal(109), "due": Decimal(109)}, "lines_mismatch"),
        ({"number": None}, "no_number"),
        ({"issue_date": None}, "no_issue_date"),
        ({"currency": None}, "no_currency"),
        ({"due_date": date(2026, 3, 4)}, "due_before_issue"),
        ({"lines": (ReadLine(id="1"),)}, "line_incomplete"),
        (
            {"lines": (ReadLine(quantity=Decimal(-8), unit_price=Decimal("-12.50"), net=Decimal(100)),)},
            "negative_price",
        ),
    ],
)
def test_figures_that_do_not_agree_are_told(changed: dict[str, object], code: str) -> None:
    """Each contradiction has a code of its own."""
    assert [defect.code for defect in defects_of(an_invoice(**changed))] == [code]


def test_a_reminder_needs_no_number_of_its_own() -> None:
    """Only what is to be paid must be complete."""
    assert list(defects_of(Reading(kind=DocumentKind.REMINDER))) == []


@pytest.mark.parametrize(
    ("quantity", "price", "base", "net", "agrees"),
    [
        ("8", "12.50", "1", "100.00", True),
        ("200", "45", "100", "90.00", True),
        ("3", "0.333", "1", "1.00", True),
        ("1000", "0.33", "1", "333.33", True),
        ("8", "12.50", "1", "101.00", False),
    ],
)
def test_a_line_agrees_to_what_rounding_may_cost(quantity: str, price: str, base: str, net: str, agrees: bool) -> None:
    """A rounded price explains a difference up to half its last digit for each unit."""
    line = ReadLine(
        quantity=Decimal(quantity), unit_price=Decimal(price), base_quantity=Decimal(base), net=Decimal(net)
    )
    assert line_agrees(line) is agrees
