"""The rules of EN 16931 on each category of tax, BR-x-01 to 10 and those beside them (EN 16931-1, clause 6.4.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from inbound.documents.arithmetic import CENT, to_cents
from inbound.documents.statement import Parties, Statement, Taxed, Where
from workflows.reading import Defect

PREFIXES: Final = {
    "S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O", "L": "AF", "M": "AG", "B": "B",
}  # fmt: skip
"""How the rules call the categories of tax (UNTDID 5305); the norm's text calls the last ones IG and IP."""

_EXEMPT: Final = frozenset({"E", "AE", "K", "G", "O"})
_RATED: Final = frozenset({"S", "L", "M", "B"})
_LARGEST_ROUNDING: Final = Decimal(1)
_ZERO: Final = Decimal(0)
_IDS: Final[Mapping[Where, str]] = {"line": "02", "allowance": "03", "charge": "04"}
_RATES: Final[Mapping[Where, str]] = {"line": "05", "allowance": "06", "charge": "07"}

Sums = dict[tuple[str | None, Decimal | None, Where], Decimal]


def tax_defects(statement: Statement, unit: Decimal = CENT) -> Iterator[Defect]:
    """The rules on tax that an e-invoice breaks; `unit` is the least amount in which its currency is paid."""
    sums: Sums = defaultdict(Decimal)
    for part in statement.parts:
        sums[part.category, part.rate, part.of] += part.amount
    lines = Counter((part.category, part.rate) for part in statement.parts)
    for row in statement.breakdown:
        yield from _of_row(row, lines[row.category, row.rate], unit)
    if any(category is None for category, _, _ in sums):
        yield Defect("no_tax_category", "A line, charge or allowance has no category of tax (BR-CO-04).")
    else:
        yield from _bases(statement, sums)
    yield from _once(statement.breakdown)
    for (category, rate, of), _ in sums.items():
        if category in PREFIXES:
            yield from _rate(str(category), rate, of)
    yield from _ids(statement.parties, sums)
    yield from _outside_the_scope(statement, sums)
    yield from _split(statement)
    if any(row.category == "K" for row in statement.breakdown):
        if not statement.delivered:
            yield Defect("no_delivery", "A supply to another state tells no day or period of delivery (BR-IC-11).")
        if not statement.delivered_to_country:
            yield Defect("no_delivery", "A supply to another state tells no state of delivery (BR-IC-12).")


def _of_row(row: Taxed, lines: int, unit: Decimal) -> Iterator[Defect]:
    """One row of the breakdown: base times rate is the tax, an exemption says why, only rated categories have rates."""
    category = row.category or ""
    prefix = PREFIXES.get(category)
    if prefix is None:
        yield Defect("no_tax_category", f"A row of the tax has no known category: {row.category} (BR-CO-17).")
        return
    made = to_cents(row.amount * (row.rate or _ZERO) / 100)
    # tax that is rounded line by line may differ by half a cent for each; the norm's own check stops before a whole one
    allowed = min(_LARGEST_ROUNDING, max(2 * unit, unit + lines * unit / 2))
    if row.tax is not None and abs(made - row.tax) >= allowed:
        text = f"{row.rate or 0} % of {row.amount} is {made}, not {row.tax} (BR-CO-17, BR-{prefix}-09)."
        yield Defect("tax_rate_mismatch", text)
    if category in _EXEMPT and not row.reason:
        yield Defect("no_exemption_reason", f"The tax of category {category} gives no reason (BR-{prefix}-10).")
    elif category not in _EXEMPT and category != "B" and row.reason:
        text = f"Tax of category {category} gives a reason for an exemption (BR-{prefix}-10)."
        yield Defect("exemption_reason", text)
    if category not in _RATED and row.rate:
        yield Defect("rate_not_zero", f"Tax of category {category} has a rate: {row.rate} % (BR-{prefix}-05).")
    if row.rate is None and category != "O":
        yield Defect("no_tax_rate", f"A row of the tax of category {category} has no rate (BR-48).")


def _bases(statement: Statement, sums: Sums) -> Iterator[Defect]:
    """BR-x-08 and 01: each row's base is the sum of the lines, charges and allowances of its category and rate."""
    groups: dict[tuple[str | None, Decimal], Decimal] = defaultdict(Decimal)
    for (category, rate, _), amount in sums.items():
        groups[_group(category, rate)] += amount
    if not statement.rounds_its_own_way:
        for row in statement.breakdown:
            made = groups.get(_group(row.category, row.rate), _ZERO)
            if made != row.amount and row.category in PREFIXES:
                text = f"The base of {row.category} {row.rate or 0} % is {row.amount}, but its lines make {made}"
                yield Defect("tax_base_mismatch", f"{text} (BR-{PREFIXES[row.category or '']}-08).")
    stated = {_group(row.category, row.rate) for row in statement.breakdown}
    for category, rate in groups:
        if (category, rate) not in stated and statement.breakdown:
            prefix = PREFIXES.get(category or "", "S")
            yield Defect("no_tax_breakdown", f"The tax of {category} {rate} % is not broken down (BR-{prefix}-01).")


def _once(breakdown: list[Taxed]) -> Iterator[Defect]:
    """BR-x-01: a category without rates has one row."""
    for category, rows in Counter(row.category for row in breakdown).items():
        if rows > 1 and category in PREFIXES and category not in _RATED:
            text = f"The tax of category {category} is broken down {rows} times (BR-{PREFIXES[category]}-01)."
            yield Defect("tax_breakdown_twice", text)


def _rate(category: str, rate: Decimal | None, of: Where) -> Iterator[Defect]:
    """BR-x-05, 06 and 07: the rate that a line, an allowance or a charge of the category may have."""
    rule = f"BR-{PREFIXES[category]}-{_RATES[of]}"
    if category == "O":
        if rate is not None:
            yield Defect("rate_not_zero", f"What is outside the scope of tax has a rate: {rate} % ({rule}).")
    elif category == "B":
        return
    elif rate is None:
        yield Defect("no_tax_rate", f"A {of} of category {category} has no rate of tax ({rule}).")
    elif category == "S":
        if rate <= 0:
            yield Defect("rate_zero", f"A {of} at the standard rate states {rate} % ({rule}).")
    elif category in _RATED:
        if rate < 0:
            yield Defect("rate_zero", f"A {of} of category {category} states {rate} % ({rule}).")
    elif rate:
        yield Defect("rate_not_zero", f"A {of} of category {category} has a rate: {rate} % ({rule}).")


def _ids(parties: Parties, sums: Sums) -> Iterator[Defect]:
    """BR-x-02, 03 and 04: whose ids the category asks for, or forbids."""
    vat = parties.seller_vat or parties.representative_vat
    told: set[str] = set()
    for category, _, of in sums:
        if category not in PREFIXES:
            continue
        rule = f"BR-{PREFIXES[category]}-{_IDS[of]}"
        if category == "O":
            if (vat or parties.buyer_vat) and rule not in told:
                text = f"What is outside the scope of tax is invoiced with a VAT id, which it must not be ({rule})."
                yield Defect("vat_id_not_allowed", text)
                told.add(rule)
            continue
        if not (vat or (parties.seller_registration and category not in ("K", "G"))) and "seller" not in told:
            yield Defect("no_seller_tax_id", f"The seller states no tax id ({rule}).")
            told.add("seller")
        buyer = parties.buyer_vat or (category == "AE" and parties.buyer_legal)
        if category in ("AE", "K") and not buyer and "buyer" not in told:
            yield Defect("no_buyer_tax_id", f"The buyer's VAT id is not stated, who owes the tax ({rule}).")
            told.add("buyer")


def _outside_the_scope(statement: Statement, sums: Sums) -> Iterator[Defect]:
    """BR-O-11 to 14: what is outside the scope of tax stands alone on its invoice."""
    categories = {row.category for row in statement.breakdown}
    if "O" not in categories:
        return
    others = {of for category, _, of in sums if category != "O"}
    rules = [
        rule for rule, of in (("BR-O-12", "line"), ("BR-O-13", "allowance"), ("BR-O-14", "charge")) if of in others
    ]
    if len(categories) > 1:
        rules.insert(0, "BR-O-11")
    if rules:
        yield Defect("tax_mixed", f"Taxed parts stand beside parts outside the scope of tax ({', '.join(rules)}).")


def _split(statement: Statement) -> Iterator[Defect]:
    """BR-B-02: tax that the buyer pays to the state (Italy) does not stand beside tax at the standard rate."""
    categories = {row.category for row in statement.breakdown}
    if {"B", "S"} <= categories:
        yield Defect("tax_mixed", "Split payment stands beside tax at the standard rate (BR-B-02).")


def _group(category: str | None, rate: Decimal | None) -> tuple[str | None, Decimal]:
    """Category and rate; the categories without a rate are one group each."""
    return category, (rate or _ZERO) if category in _RATED else _ZERO
