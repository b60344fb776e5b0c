"""The rules of matching for prices: what one of the order's unit costs on each line, in the order's currency.

What may be off is a matter of the ordered line: an invoice that lists it in parts has its tolerance once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from workflows.differences import DifferenceCode, Invoiced, InvoiceLine, Ordered, Terms
from workflows.findings import Finding, found, within
from workflows.lines import CENT, cents
from workflows.pairing import Pairs, price_of
from workflows.units import converted, price_in, unit_code

_MILLIONTH = Decimal("0.000001")
_Part = tuple[DifferenceCode, int, int]


def price_findings(invoice: Invoiced, pairs: Pairs, terms: Terms) -> dict[int, list[Finding]]:
    """What differs of the price of each line, by its number; sets what each line takes in the order's unit."""
    foreign = bool(invoice.currency and terms.currency and invoice.currency != terms.currency)
    findings: dict[int, list[Finding]] = {}
    for line in invoice.lines:
        ordered = pairs.get(line.n)
        if ordered is None:
            continue
        if line.quantity is not None:
            counted = converted(line.quantity, line.unit, ordered.line.unit)
            line.counted = line.quantity if counted is None else counted
        if not foreign or terms.rate is not None:  # else no price can be compared, and the currency is a difference
            findings[line.n] = _of_price(line, ordered, terms, terms.rate if foreign else None)
    return _held_to_ordered_lines(invoice, pairs, findings, terms)


def _of_price(line: InvoiceLine, ordered: Ordered, terms: Terms, rate: Decimal | None) -> list[Finding]:
    """The price of one of the order's unit, in the order's currency, said or implied by the line's sum."""
    agreed, asked = price_of(ordered.line), price_of(line)
    quantity = line.counted or Decimal(1)
    if asked is None and line.quantity and line.net is not None:
        if agreed is not None and rate is None and cents(agreed * quantity) == cents(line.net):
            return []
        asked = (line.net / line.quantity).quantize(_MILLIONTH).normalize()
    if asked is None:
        return []
    pair_of_prices = ordered.line.unit_price, asked if line.unit_price is None else line.unit_price
    if agreed is None:
        # A price that was never agreed needs a person as much as one that is too high.
        return [found(DifferenceCode.PRICE_OVER, line.n, line.text, *pair_of_prices)]
    in_unit = price_in(asked, line.unit, ordered.line.unit)
    price = asked if in_unit is None else in_unit
    price = price if rate is None else (price * rate).quantize(_MILLIONTH)
    off = (price - agreed) * abs(quantity)
    changed = rate is not None or unit_code(line.unit) != unit_code(ordered.line.unit)
    if price == agreed or (changed and in_unit is not None and abs(off) <= CENT / 2):
        return []  # the rounding of a conversion is no difference
    code = DifferenceCode.PRICE_OVER if price > agreed else DifferenceCode.PRICE_UNDER
    finding = found(code, line.n, line.text, *pair_of_prices)
    return [within(finding, off, _allowed(code, agreed * quantity, terms), off)]


def _allowed(code: DifferenceCode, worth: Decimal, terms: Terms) -> Decimal:
    over = code is DifferenceCode.PRICE_OVER
    limit = terms.tolerances.price_over if over else terms.tolerances.price_under
    return limit.of(worth)


def _held_to_ordered_lines(
    invoice: Invoiced, pairs: Pairs, findings: dict[int, list[Finding]], terms: Terms
) -> dict[int, list[Finding]]:
    """The findings, where those tolerated of one ordered line are together within its limit; else they differ."""
    off: dict[_Part, Decimal] = defaultdict(Decimal)
    worth: dict[_Part, Decimal] = defaultdict(Decimal)
    parts: dict[_Part, int] = defaultdict(int)
    for line in invoice.lines:
        for finding in findings.get(line.n, ()):
            if finding.check.tolerated:
                part = _part(finding, pairs[line.n])
                off[part] += finding.worth
                worth[part] += (price_of(pairs[line.n].line) or Decimal(0)) * (line.counted or Decimal(1))
                parts[part] += 1

    def held(finding: Finding, ordered: Ordered) -> Finding:
        part = _part(finding, ordered)
        if not finding.check.tolerated or parts[part] == 1:
            return finding
        allowed = _allowed(part[0], worth[part], terms)
        if abs(off[part]) > allowed:
            return within(finding, off[part], allowed, finding.worth)
        left = format(allowed - abs(off[part]), "f")
        return replace(finding, check=replace(finding.check, allowed=format(allowed, "f"), left=left))

    return {n: [held(finding, pairs[n]) for finding in of_line] for n, of_line in findings.items()}


def _part(finding: Finding, ordered: Ordered) -> _Part:
    return finding.check.code, ordered.order_id, ordered.line.n
