"""Sums that agree among the amounts of a page: net + tax = total, told by their words or by a printed rate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product
from operator import itemgetter
from typing import Final

from inbound.documents.visible.figures import roles_of
from inbound.documents.visible.page import Row

CENT: Final = Decimal("0.01")
MOST: Final = 60
SURE_SUM: Final = 0.9
"""From here on a sum is proved by what is printed; below it other sums may prove it better."""
_MOST_ROUNDED: Final = 5
_MOST_PARTS: Final = 12
_ALIGNED: Final = 3.5
_WORD = re.compile(r"[^\W\d]{4}")
_weight = itemgetter(0)
_RATES = "2.1 2.6 3 3.8 4 5 5.5 6 7 7.6 7.7 8 8.1 8.5 9 9.5 10 12 13 13.5 14 15 16 17 18 19 20 21 22 23 24 25 27"
RATES: Final = tuple(Decimal(rate) for rate in _RATES.split())
"""Rates of value added tax in percent that are or were in force in Europe and beyond."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount and what its words make of it; `right` is where it ends, in points."""

    value: Decimal
    row: int
    roles: dict[str, int]
    rate: Decimal | None = None
    right: float = 0.0
    loudest: int = field(init=False, default=0)
    """The weight of the role that its words speak most for."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "loudest", max(self.roles.values(), default=0))

    def weight(self, role: str) -> int:
        """How strongly the amount's words speak for a role, if no other role's speak louder."""
        own = self.roles.get(role)
        if own is None:
            return -2 if self.roles else 0
        return own if own >= self.loudest else own - 2


@dataclass(frozen=True, slots=True)
class Sum:
    """Net, tax and total that agree; `row` is where they begin, `printed` the total with what was rounded."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    sure: float
    row: int
    labels: int
    """How strongly their words speak for them."""
    printed: Decimal


def plain_sums(rows: Sequence[Row], amounts: Sequence[Amount]) -> Iterator[Sum]:
    """The sums that are printed: net and total with a tax that makes the one of the other, with what is rounded."""
    nets = heaviest(amounts, ("net",))
    roundings = [a.value for a in amounts if a.weight("rounding") > 0 and 0 < abs(a.value) < _MOST_ROUNDED][:2]
    apart = _net_sums([a for a in nets if not in_a_line(rows, amounts, a)])
    yield from _with_nets(rows, amounts, [*nets, *apart], [0, *roundings, *(-r for r in roundings)])
    yield from _without_net(amounts, nets)


def further_sums(rows: Sequence[Row], amounts: Sequence[Amount]) -> Iterator[Sum]:
    """Sums of which not every step is printed: freight beside the net, a column of parts that make the total."""
    apart = [a for a in amounts if not in_a_line(rows, amounts, a)]
    nets = [a for a in apart if a.weight("net") >= 2][-8:]
    beside = [a for a in apart if a.weight("beside") >= 4 and a.value][-6:]
    totals = [Amount(a.value, a.row, {"net": 1}) for a in apart if a.roles == {"gross": 1} and a.value][-8:]
    yield from _with_nets(rows, apart, [*_beside_nets(nets, beside), *_beside_tax(amounts), *totals], [0])
    yield from _columns(apart)


def _with_nets(
    rows: Sequence[Row], amounts: Sequence[Amount], nets: Sequence[Amount], roundings: Sequence[Decimal | int]
) -> Iterator[Sum]:
    taxes = _taxes(amounts)
    sums = _tax_sums(taxes)
    zero_tax = any(a.weight("tax") > 0 and not a.value for a in amounts)
    for gross in heaviest(amounts, ("gross", "due")) if nets else ():
        said_gross = max(gross.weight("gross"), gross.weight("due"))
        for net in nets:
            for rounded in roundings:
                total = gross.value - rounded
                tax = total - net.value
                if not total or not net.value or (tax < 0) != (total < 0 and tax != 0):
                    continue
                row = min(gross.row, net.row)
                said = said_gross + max(net.weight("net"), 0)
                if not tax:
                    apart = net.row != gross.row and not rounded
                    if apart and (zero_tax or not taxes) and not in_a_line(rows, amounts, gross):
                        yield Sum(net.value, tax, total, 0.9 if zero_tax else 0.75, row, said, gross.value)
                elif tax in sums:
                    sure = 0.95 if _rate_known(net.value, tax) else 0.9
                    yield Sum(net.value, tax, total, sure, row, said + 1 + sums[tax], gross.value)


def _without_net(amounts: Sequence[Amount], nets: Sequence[Amount]) -> Iterator[Sum]:
    """Where the net total is not printed, only tax and total: the printed rate proves them."""
    taxes = _taxes(amounts)
    other_net = any(net.weight("net") >= 3 for net in nets)
    for gross in heaviest(amounts, ("gross", "due")):
        said = max(gross.weight("gross"), gross.weight("due"))
        for tax in taxes:
            net = gross.value - tax.value
            if tax.weight("tax") < 2 or tax.row == gross.row or not net:
                continue
            printed = tax.rate is not None and abs(net * tax.rate / 100 - tax.value) <= CENT
            if printed or (said >= 2 and _rate_known(net, tax.value)):
                sure = (0.85 if said >= 2 else 0.75) if printed and len(taxes) == 1 and not other_net else 0.6
                yield Sum(net, tax.value, gross.value, sure, min(gross.row, tax.row), said, gross.value)


def _columns(amounts: Sequence[Amount]) -> Iterator[Sum]:
    """Amounts right above a total that add up to it, at least one a tax and one none."""
    for gross in heaviest(amounts, ("gross", "due"))[:8]:
        said = max(gross.weight("gross"), gross.weight("due"))
        if said < 2 or not gross.value:
            continue
        parts: list[Amount] = []
        over = [a for a in amounts if a.row < gross.row and abs(a.right - gross.right) < _ALIGNED and a.value]
        for amount in reversed(over[-_MOST_PARTS:]):
            if amount.value == gross.value:
                continue
            parts.append(amount)
            tax = sum((a.value for a in parts if a.weight("tax") > 0), Decimal(0))
            if tax and len(parts) > 2 and sum(a.value for a in parts) == gross.value != tax:
                yield Sum(gross.value - tax, tax, gross.value, 0.8, parts[-1].row, said, gross.value)
                break


def _beside_tax(amounts: Sequence[Amount]) -> Iterator[Amount]:
    """What stands in a row of totals beside a tax: in tables that add up each of their columns, the net."""
    taxed = {a.row for a in _taxes(amounts)}
    for amount in amounts:
        if amount.row in taxed and amount.roles.get("gross") and not amount.roles.get("tax"):
            yield Amount(amount.value, amount.row, {"net": 1})


def _taxes(amounts: Sequence[Amount]) -> list[Amount]:
    return [a for a in amounts if a.weight("tax") > 0 and a.value][-200:]


def _beside_nets(nets: Sequence[Amount], beside: Sequence[Amount]) -> Iterator[Amount]:
    """What net totals make with freight and discounts that are printed apart from them, with their sign or without."""
    for net in nets:
        for count in (1, 2):
            for chosen in combinations(beside, count):
                if net.row in {one.row for one in chosen} or len({one.row for one in chosen}) < count:
                    continue
                row = min(net.row, *(one.row for one in chosen))
                for signs in product((1, -1), repeat=count):
                    value = net.value + sum(one.value * sign for one, sign in zip(chosen, signs, strict=True))
                    yield Amount(value, row, {"net": 1})


def in_a_line(rows: Sequence[Row], amounts: Sequence[Amount], amount: Amount) -> bool:
    """Whether an amount stands in a row with a text and further amounts, as those of lines do."""
    beside = sum(other.row == amount.row for other in amounts)
    return beside > 1 and any(_WORD.search(c.text) and not roles_of(c.text) for c in rows[amount.row].cells)


def heaviest(amounts: Sequence[Amount], roles: Sequence[str]) -> list[Amount]:
    """Distinct values that are called so, the last of equals (sums stand at the end), a bounded number."""
    chosen: dict[Decimal, tuple[int, Amount]] = {}
    for amount in amounts:
        if amount.roles.keys().isdisjoint(roles):  # nothing speaks for it
            continue
        weight = max(amount.weight(role) for role in roles)
        known = chosen.get(amount.value)
        if weight > 0 and (known is None or weight >= known[0]):
            chosen[amount.value] = (weight, amount)
    return [amount for _, amount in sorted(chosen.values(), key=_weight, reverse=True)][:MOST]


def _tax_sums(taxes: Sequence[Amount]) -> dict[Decimal, int]:
    """What the tax may be: one printed amount (1), or the amounts of several rates together (0)."""
    sums: dict[Decimal, int] = {}
    distinct = list({(a.row, a.value): a for a in taxes}.values())[:10]
    for size in (4, 3, 2):
        for chosen in combinations(distinct, size):
            if len({a.row for a in chosen}) == size:
                sums[sum((a.value for a in chosen), Decimal(0))] = 0
    for amount in taxes:
        sums[amount.value] = 1
    return sums


def _net_sums(nets: Sequence[Amount]) -> Iterator[Amount]:
    """Net totals printed apart (goods, freight) make one."""
    strong = [a for a in nets if a.weight("net") >= 3][:8]
    for one, other in combinations(strong, 2):
        if one.row != other.row:
            yield Amount(one.value + other.value, min(one.row, other.row), {"net": 1})


def _rate_known(net: Decimal, tax: Decimal) -> bool:
    return any(abs(net * rate / 100 - tax) <= CENT for rate in RATES)
