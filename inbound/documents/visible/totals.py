"""Net, tax, total and amount due: told by their words, made sure by net + tax = total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from operator import itemgetter
from typing import Final

from inbound.documents.visible.figures import CURRENCY, Figure, heading_of, roles_of, words_before
from inbound.documents.visible.lexicon import labels_in
from inbound.documents.visible.page import Row

_RATES = "2.1 2.6 3 3.8 4 5 5.5 6 7 7.6 7.7 8 8.1 8.5 9 9.5 10 12 13 13.5 14 15 16 17 18 19 20 21 22 23 24 25 27"
RATES: Final = tuple(Decimal(rate) for rate in _RATES.split())
"""Rates of value added tax in percent that are or were in force in Europe and beyond."""

_TAXED: Final = re.compile(r"(?<![\d.,])(?:[1-9]\d?|0[.,]0*[1-9]\d*)(?:[.,]\d{1,2})?\s?%")
CENT: Final = Decimal("0.01")
MOST: Final = 60
_WORD = re.compile(r"[^\W\d]{4}")
_weight = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount and what its words make of it."""

    value: Decimal
    row: int
    roles: dict[str, int]
    rate: Decimal | None = None

    def weight(self, role: str) -> int:
        """How strongly the amount's words speak for a role, if no other role's speak louder."""
        own = self.roles.get(role)
        if own is None:
            return -2 if self.roles else 0
        return own if own >= max(self.roles.values()) else own - 2


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals that agree. `row` is where the sums begin, `beside` the charges and allowances printed among them."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    due: Decimal | None
    prepaid: Decimal | None
    sure: float
    due_sure: float
    row: int
    where: str


def amounts_of(rows: Sequence[Row], figures: Sequence[Figure]) -> list[Amount]:
    """Every amount with its words: those before it in its row and, where a row has several, the column's heading."""
    by_row: dict[int, list[Figure]] = {}
    for figure in figures:
        if not figure.percent and (figure.money or _alone(rows, figure)) and _has_cents(figure.value):
            by_row.setdefault(figure.row, []).append(figure)
    rates = {figure.row: figure.value for figure in figures if figure.percent}
    amounts = []
    for row, found in by_row.items():
        for figure in found:
            before = words_before(rows, figure)
            roles = dict(roles_of(before))
            if len(found) > 1 or not any(c.isalpha() for c in CURRENCY.sub("", before)):
                for role, weight in roles_of(heading_of(rows, figure, row)).items():
                    roles[role] = max(roles.get(role, 0), weight)
            amounts.append(Amount(figure.value, row, roles, rates.get(row)))
    return amounts


def totals_of(rows: Sequence[Row], amounts: Sequence[Amount]) -> Totals | None:
    """Find net + tax = total among amounts that are called so; None when nothing agrees."""
    best: tuple[tuple[bool, Decimal, float, float], Decimal, Decimal, Decimal, float, int] | None = None
    taxed = _speaks_of_tax(rows)
    for net, tax, gross, sure, row, labels in _triples(rows, amounts):
        if not tax and taxed and sure < 0.9:  # a tax whose amount was not recognized is no tax of zero
            continue
        rank = (sure >= 0.9, abs(gross), sure + labels / 100, -float(abs(tax)))
        if best is None or rank > best[0]:
            best = (rank, net, tax, gross, sure, row)
    if best is None:
        return None
    _, net, tax, gross, sure, row = best
    due, prepaid, due_sure = _due(amounts, gross)
    return Totals(net, tax, gross, due, prepaid, sure, min(sure, due_sure), row, rows[row].where)


def untaxed(amounts: Sequence[Amount], rows: Sequence[Row]) -> Iterator[Totals]:
    """What the total may be where no tax is printed: only the lines can make one of these sure."""
    if any(a.weight("tax") > 0 and a.value for a in amounts) or _speaks_of_tax(rows):
        return
    for gross in _heaviest([a for a in amounts if not _in_a_line(rows, amounts, a)], ("gross", "due"))[:8]:
        if gross.value:
            due, prepaid, due_sure = _due(amounts, gross.value)
            place = rows[gross.row].where
            yield Totals(gross.value, Decimal(0), gross.value, due, prepaid, 0.8, min(0.8, due_sure), gross.row, place)


def _speaks_of_tax(rows: Sequence[Row]) -> bool:
    """Whether a page says a rate of tax that is not zero."""
    return any(
        "%" in cell.text
        and _TAXED.search(cell.text)
        and any(table.startswith("amounts.tax.") for table in labels_in(cell.text))
        for row in rows
        for cell in row.cells
    )


def _in_a_line(rows: Sequence[Row], amounts: Sequence[Amount], amount: Amount) -> bool:
    """Whether an amount stands in a row with a text and further amounts, as those of lines do."""
    beside = sum(other.row == amount.row for other in amounts)
    return beside > 1 and any(_WORD.search(c.text) and not roles_of(c.text) for c in rows[amount.row].cells)


def _triples(
    rows: Sequence[Row], amounts: Sequence[Amount]
) -> Iterator[tuple[Decimal, Decimal, Decimal, float, int, int]]:
    grosses = _heaviest(amounts, ("gross", "due"))
    nets = _heaviest(amounts, ("net",))
    taxes = [a for a in amounts if a.weight("tax") > 0 and a.value][-200:]
    sums = _tax_sums(taxes)
    zero_tax = any(a.weight("tax") > 0 and not a.value for a in amounts)
    any_tax = bool(taxes)
    for gross in grosses:
        said_gross = max(gross.weight("gross"), gross.weight("due"))
        for net in [*nets, *_net_sums(nets)]:
            tax = gross.value - net.value
            if not gross.value or not net.value or (tax < 0) != (gross.value < 0 and tax != 0):
                continue
            row = min(gross.row, net.row)
            said = said_gross + max(net.weight("net"), 0)
            if not tax:
                if net.row != gross.row and (zero_tax or not any_tax) and not _in_a_line(rows, amounts, gross):
                    yield net.value, Decimal(0), gross.value, 0.9 if zero_tax else 0.75, row, said
            elif tax in sums:
                known = _rate_known(net.value, tax)
                yield net.value, tax, gross.value, 0.95 if known else 0.9, row, said + 1 + sums[tax]
        if said_gross >= 2:  # the net total is not printed: only tax and total are
            for tax_amount in taxes:
                tax = tax_amount.value
                net_value = gross.value - tax
                if tax_amount.weight("tax") < 2 or tax_amount.row == gross.row or not net_value:
                    continue
                printed = tax_amount.rate is not None and abs(net_value * tax_amount.rate / 100 - tax) <= CENT
                if printed or _rate_known(net_value, tax):
                    sure = 0.85 if printed and len(taxes) == 1 else 0.6
                    yield net_value, tax, gross.value, sure, min(gross.row, tax_amount.row), said_gross


def _heaviest(amounts: Sequence[Amount], roles: Sequence[str]) -> list[Amount]:
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


def _due(amounts: Sequence[Amount], gross: Decimal) -> tuple[Decimal | None, Decimal | None, float]:
    """Amount due and what was paid before: as printed where they agree with the total."""
    due = {a.value for a in amounts if a.weight("due") >= 3}
    paid = {abs(a.value) for a in amounts if a.weight("prepaid") >= 3 and a.value}
    printed = {abs(a.value) for a in amounts if not a.roles.get("tax")}
    for value in sorted(due, key=abs):
        if value != gross and abs(gross - value) in paid | printed:
            return value, gross - value, 0.95 if abs(gross - value) in paid else 0.85
    if gross in due or (not due and not paid):
        return gross, None, 0.95 if due else 0.85
    if not due and len(paid) == 1:
        return gross - paid.pop(), None, 0.5
    return None, None, 0.4


def _has_cents(value: Decimal) -> bool:
    """Whether an amount has no more than two decimals: "1.000,0000" is a price, never a total."""
    return int(value.as_tuple().exponent) > -3


def _alone(rows: Sequence[Row], figure: Figure) -> bool:
    """A whole number that fills its cell may be an amount where an amount is expected."""
    cell = rows[figure.row].cells[figure.cell]
    return cell.text.strip() == figure.text and len(figure.text) <= 9 and figure.cell == len(rows[figure.row].cells) - 1
