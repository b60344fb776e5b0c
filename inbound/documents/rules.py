"""The rules of EN 16931 on tax, allowances and decimals, each told with its id (EN 16931-1, clause 6.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from workflows.reading import Defect, Reading

PREFIXES: Final = {"S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O", "L": "AF", "M": "AG"}
"""How the rules call the categories of tax (UNTDID 5305)."""

_EXEMPT: Final = frozenset({"E", "AE", "K", "G", "O"})
_RATED: Final = frozenset({"S", "L", "M"})
_WITHOUT_LINES: Final = ("minimum", "basicwl")
_OWN_ROUNDING: Final = "extended"
_WHOLE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with its category and rate: a line, a charge, an allowance (negative), or a row of the breakdown."""

    category: str | None
    rate: Decimal | None
    amount: Decimal
    tax: Decimal | None = None
    reason: bool = False


@dataclass(slots=True)
class Statement:
    """What an e-invoice states about its tax, beside what a reading keeps."""

    profile: str | None = None
    parts: list[Taxed] = field(default_factory=list)
    breakdown: list[Taxed] = field(default_factory=list)
    allowances: Decimal | None = None
    charges: Decimal | None = None
    seller_tax_id: bool = False
    amounts: list[tuple[str, Decimal | None]] = field(default_factory=list)

    @property
    def lines_are_left_out(self) -> bool:
        """Whether the profile has no lines: Factur-X MINIMUM and BASIC WL."""
        return (self.profile or "").endswith(_WITHOUT_LINES)


def broken_rules(statement: Statement, reading: Reading) -> Iterator[Defect]:
    """The rules that an e-invoice breaks; those that claim no profile of EN 16931 are not held to it."""
    yield from _decimals(statement, reading)
    profile = statement.profile or ""
    if not profile.startswith("urn:cen.eu:en16931:2017") or statement.lines_are_left_out:
        return
    if not statement.breakdown:
        yield Defect("no_tax_breakdown", "The tax is not broken down by rates (BR-CO-18).")
    yield from _beside(statement, reading)
    for row in statement.breakdown:
        yield from _of_row(row)
    if _OWN_ROUNDING not in profile:
        yield from _bases(statement)
    yield from _tax_ids(statement)


def _decimals(statement: Statement, reading: Reading) -> Iterator[Defect]:
    """BR-DEC: amounts have two decimals; a third one is a cent that somebody rounds differently."""
    found = [(rule, amount) for rule, amount in statement.amounts if amount is not None and _fine(amount)]
    found += [("BR-DEC-23", line.net) for line in reading.lines if line.net is not None and _fine(line.net)]
    for rule in dict.fromkeys(rule for rule, _ in found):
        amounts = [amount for other, amount in found if other == rule]
        rest = f" and {len(amounts) - 1} more" if len(amounts) > 1 else ""
        yield Defect("too_many_decimals", f"{amounts[0]}{rest}: an amount has more than two decimals ({rule}).")


def _fine(amount: Decimal) -> bool:
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -2 and amount != round(amount, 2)


def _beside(statement: Statement, reading: Reading) -> Iterator[Defect]:
    """BR-CO-11 and 12: the totals of what stands beside the lines."""
    if statement.allowances is None and statement.charges is None:
        return
    made = sum((charge.amount for charge in reading.charges), Decimal(0))
    stated = (statement.charges or Decimal(0)) - (statement.allowances or Decimal(0))
    if made != stated:
        text = f"Charges less allowances make {made}, but {stated} is stated (BR-CO-11, BR-CO-12)."
        yield Defect("charges_mismatch", text)


def _of_row(row: Taxed) -> Iterator[Defect]:
    """One row of the breakdown: base times rate is the tax, an exemption says why, only rated categories have rates."""
    prefix = PREFIXES.get(row.category or "")
    if prefix is None:
        yield Defect("no_tax_category", f"A row of the tax has no known category: {row.category} (BR-CO-17).")
        return
    if row.tax is not None and abs(row.amount * (row.rate or 0) / 100 - row.tax) >= _WHOLE:
        text = f"{row.rate} % of {row.amount} is not {row.tax} (BR-CO-17, BR-{prefix}-09)."
        yield Defect("tax_rate_mismatch", text)
    if row.category in _EXEMPT and not row.reason:
        yield Defect("no_exemption_reason", f"The tax of category {row.category} gives no reason (BR-{prefix}-10).")
    if row.category not in _RATED and row.rate:
        yield Defect("rate_not_zero", f"Tax of category {row.category} has a rate: {row.rate} % (BR-{prefix}-05).")
    if row.category == "S" and row.rate is not None and row.rate <= 0:
        yield Defect("rate_zero", f"Tax at the standard rate states {row.rate} % (BR-S-05).")


def _bases(statement: Statement) -> Iterator[Defect]:
    """BR-x-08: each row's base is the sum of the lines, charges and allowances of its category and rate."""
    if any(part.category is None for part in statement.parts):
        yield Defect("no_tax_category", "A line, charge or allowance has no category of tax (BR-CO-04).")
        return
    sums: dict[tuple[str | None, Decimal], Decimal] = defaultdict(Decimal)
    for part in statement.parts:
        sums[_group(part)] += part.amount
    for row in statement.breakdown:
        made = sums[_group(row)]
        if made != row.amount:
            text = f"The base of {row.category} {row.rate or 0} % is {row.amount}, but its lines make {made}"
            yield Defect("tax_base_mismatch", f"{text} (BR-{PREFIXES.get(row.category or '', 'S')}-08).")
    stated = {_group(row) for row in statement.breakdown}
    for category, rate in sums:
        if (category, rate) not in stated and statement.breakdown:
            prefix = PREFIXES.get(category or "", "S")
            yield Defect("no_tax_breakdown", f"The tax of {category} {rate} % is not broken down (BR-{prefix}-01).")


def _tax_ids(statement: Statement) -> Iterator[Defect]:
    """BR-x-02: who charges tax, or is exempt from it, states the tax id."""
    taxed = {part.category for part in (*statement.parts, *statement.breakdown)} - {"O", None}
    if taxed and not statement.seller_tax_id:
        prefix = PREFIXES.get(min(str(category) for category in taxed), "S")
        yield Defect("no_seller_tax_id", f"The seller states no tax id (BR-{prefix}-02).")


def _group(taxed: Taxed) -> tuple[str | None, Decimal]:
    """Category and rate; the categories without a rate are one group each."""
    return taxed.category, (taxed.rate or Decimal(0)) if taxed.category in _RATED else Decimal(0)
