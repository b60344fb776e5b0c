"""Exchange: rates that a company set are frozen with each order, so that a comparison never moves afterwards."""

from __future__ import annotations

from decimal import Decimal

from store.parties import Company


def rates_in(company: Company, currency: str) -> dict[str, Decimal]:
    """What one unit of each currency that the company has a rate for is in *currency*; nothing where that has none."""
    rates = {code: Decimal(rate) for code, rate in (company.settings.get("rates") or {}).items()}
    rates[company.currency] = Decimal(1)
    own = rates.get(currency)
    if not own:
        return {}
    return {
        code: (rate / own).quantize(Decimal("0.00000001"))
        for code, rate in sorted(rates.items())
        if rate and code != currency
    }
