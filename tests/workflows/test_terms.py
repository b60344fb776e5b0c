"""Payment terms are read in nine languages: the days, and the discounts for paying sooner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from workflows.terms import days_given, terms_of


@pytest.mark.parametrize(
    ("text", "days", "discounts"),
    [
        ("30 days net", 30, ()),
        ("Net 30", 30, ()),
        ("2 % 10, net 30", 30, (("2", 10),)),
        ("2/10 net 30", 30, (("2", 10),)),
        ("14 Tage 2 % Skonto, 30 Tage netto", 30, (("2", 14),)),
        ("2,5 % 8 Tage / 30 Tage netto", 30, (("2.5", 8),)),
        ("#SKONTO#TAGE=14#PROZENT=2.00#\n30 Tage netto", 30, (("2.00", 14),)),
        ("3 % bei 7 Tagen, 2 % bei 14 Tagen, 30 Tage netto", 30, (("3", 7), ("2", 14))),
        ("Pago a 60 días", 60, ()),
        ("30 jours", 30, ()),
        ("60 gg", 60, ()),
        ("binnen 8 dagen 1 % korting; 30 dagen", 30, (("1", 8),)),
        ("14 dni", 14, ()),
        ("30 dias", 30, ()),
        ("30 днів", 30, ()),
        ("in 2 Wochen", 14, ()),
        ("sofort fällig", 0, ()),
        ("payable immediately", 0, ()),
        ("30 days. Late payment: 8 % interest after 30 days", 30, ()),
        ("20 % VAT, 30 days", 30, ()),
        ("as agreed", None, ()),
        ("", None, ()),
        (None, None, ()),
    ],
)
def test_terms_are_days_and_discounts(
    text: str | None, days: int | None, discounts: tuple[tuple[str, int], ...]
) -> None:
    """What says no days is not known; interest and tax are no discount."""
    found = terms_of(text)
    assert (found.days, found.discounts) == (days, tuple((Decimal(percent), within) for percent, within in discounts))


@pytest.mark.parametrize(
    "text", ["30 days end of month", "30 Tage Monatsende", "30 jours fin de mois", "60 gg fine mese"]
)
def test_days_from_the_end_of_a_month_are_told_apart(text: str) -> None:
    """They are other days than those from the invoice's date."""
    assert terms_of(text).ends


def test_a_due_date_says_the_days_where_no_terms_do() -> None:
    """From the invoice's own date."""
    assert days_given("thank you", date(2026, 11, 20), date(2026, 12, 4)) == 14
    assert days_given("30 days", date(2026, 11, 20), date(2026, 12, 4)) == 30
    assert days_given(None, None, date(2026, 12, 4)) is None
