"""Tolerances: how far an invoice may be off before a person must decide; a company's own, some overridden per supplier.

Everything is 0 unless somebody set it. Currency, bank account, unknown or closed orders, new items, units, rates of
tax, duplicates and sums that do not add up are never tolerated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from workflows.errors import DataMissing
from workflows.lines import cents

_PART = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(%?)")
_HIGHEST = 100


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be off: so many percent of what was ordered, or so much, whichever is more."""

    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)

    def of(self, ordered: Decimal) -> Decimal:
        """What may be off where *ordered* was ordered, to six decimals."""
        return max((abs(ordered) * self.percent / 100).quantize(Decimal("0.000001")), self.amount)

    def __str__(self) -> str:
        parts = (f"{self.percent.normalize():f}%" if self.percent else "", f"{self.amount:f}" if self.amount else "")
        return " ".join(part for part in parts if part) or "0"


@dataclass(frozen=True, slots=True)
class Tolerances:
    """All limits. Those of prices, charges and documents are of money, those of quantities in the order's unit.

    A limit of the whole document (None: no limit of its own) is what all that was tolerated may be together; above it
    nothing of it is tolerated.
    """

    price_over: Limit = Limit()
    price_under: Limit = Limit()
    quantity_over: Limit = Limit()
    quantity_under: Limit = Limit()
    charge: Limit = Limit()
    """Charges that were not agreed, all together, of the net total; and what of an agreed discount may be missing."""
    tax: Limit = Limit()
    """The tax of the document beside a cent for each line, which is rounding."""
    document_over: Limit | None = None
    document_under: Limit | None = None
    terms_days: int = 0
    """By how many days an invoice may be due sooner, or later, than agreed."""


NAMES = tuple(f.name for f in fields(Tolerances))
NONE = Tolerances()


def limit_of(text: str) -> Limit:
    """The limit that *text* says: `2%`, `5`, `2% 5` (whichever is more) or `0`; raises `DataMissing`."""
    parts = _PART.findall(text)
    written = re.sub(r"\s+", "", text)
    percents = [Decimal(figure) for figure, percent in parts if percent]
    amounts = [Decimal(figure) for figure, percent in parts if not percent]
    whole = "".join(figure + percent for figure, percent in parts)
    if not parts or whole != written or len(percents) > 1 or len(amounts) > 1 or any(p > _HIGHEST for p in percents):
        raise DataMissing("%(given)s is no tolerance: write it as 2%%, as 5, or as 2%% 5.", given=text[:40])
    return Limit(sum(percents, Decimal(0)), sum(amounts, Decimal(0)))


def checked(name: str, text: str) -> str:
    """*text* as it is kept for the tolerance *name*; raises `DataMissing` where it is none."""
    if name not in NAMES:
        raise DataMissing("There is no tolerance %(name)s: choose one of %(names)s.", name=name, names=", ".join(NAMES))
    if name != "terms_days":
        return str(limit_of(text))
    if not re.fullmatch(r"\d{1,3}", text.strip()):
        raise DataMissing("%(given)s is no number of days.", given=text[:40])
    return text.strip()


def tolerances_of(*settings: Mapping[str, Any] | None) -> Tolerances:
    """The tolerances that *settings* say, the company's first and the supplier's, which override them, behind it."""
    said: dict[str, str] = {}
    for one in settings:
        said |= (one or {}).get("tolerances") or {}
    kept = {name: text for name, text in said.items() if name in NAMES}
    days = int(kept.pop("terms_days", 0))
    return Tolerances(**{name: limit_of(text) for name, text in kept.items()}, terms_days=days)


def money(limit: Limit, ordered: Decimal) -> Decimal:
    """What may be off of an amount of money, in cents."""
    return cents(limit.of(ordered))
