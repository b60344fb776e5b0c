"""Matching: compares an invoice with what is left of its orders, and reports every difference once, with the rule.

Each rule gives findings; those within a tolerance are told in the report alone, unless all of them together are more
than the whole document may be off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workflows.differences import (
    Compared,
    Difference,
    DifferenceCode,
    Invoiced,
    InvoiceLine,
    Ordered,
    Terms,
    shown,
)
from workflows.document_rules import document_findings
from workflows.findings import Finding, found, within
from workflows.lines import CENT, cents, line_net
from workflows.pairing import Pairs, pair, price_of
from workflows.prepayment_rules import deducted, deductible, deducting_lines, deduction_findings, prepayment_findings
from workflows.price_rules import price_findings
from workflows.tolerances import Tolerances, money
from workflows.units import converted

PREPAYMENT = "prepayment"
"""What a line is paired by that takes a prepayment off."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What came of it: the differences that a person decides, and how everything was compared."""

    differences: list[Difference]
    report: list[Compared]
    deducted: Decimal = Decimal(0)
    """What it takes off of standing prepayments, with tax; and what it should."""
    deductible: Decimal = Decimal(0)


def match(invoice: Invoiced, ordered: Sequence[Ordered], terms: Terms) -> list[Difference]:
    """Pair the invoice's lines, in place, with the ordered ones, and return every difference exactly once."""
    return compare(invoice, ordered, terms).differences


def compare(invoice: Invoiced, ordered: Sequence[Ordered], terms: Terms) -> Matched:
    """Pair the invoice's lines, in place, and say how each was compared; see `match`."""
    for line in invoice.lines:
        line.order_id = line.order_n = line.paired_by = line.counted = None
    if invoice.prepayment:
        findings = [*prepayment_findings(invoice, ordered, terms), *document_findings(invoice, terms)]
        for line in invoice.lines:
            line.counted = Decimal(0)  # it takes nothing of the order
        return _matched(invoice, {}, findings, terms)
    if not ordered:
        findings = [found(DifferenceCode.ORDER_UNKNOWN), *document_findings(invoice, terms)]
        return _matched(invoice, {}, findings, terms)
    taking_off = {line.n for line in deducting_lines(invoice, terms.prepaid)}
    pairs = pair([line for line in invoice.lines if line.n not in taking_off], ordered)
    for line in invoice.lines:
        if line.n in taking_off:
            line.paired_by, line.counted = PREPAYMENT, Decimal(0)
    prices = price_findings(invoice, pairs, terms)
    findings = [found for line in invoice.lines for found in _of_line(line, pairs.get(line.n), prices.get(line.n, ()))]
    findings += _of_quantities(invoice.lines, pairs, ordered, terms)
    findings += _of_tax(invoice, pairs, terms)
    findings += document_findings(invoice, terms, _share(invoice, pairs, terms), pairs)
    off, expected = deducted(invoice, terms.prepaid), deductible(pairs, invoice, ordered, terms.prepaid)
    findings += deduction_findings(off, expected)
    return replace(
        _matched(invoice, pairs, findings, terms), deducted=min(off, terms.prepaid.left), deductible=expected
    )


def _matched(invoice: Invoiced, pairs: Pairs, findings: Sequence[Finding], terms: Terms) -> Matched:
    findings = _held_to_document(findings, terms.tolerances, invoice.net)
    report = {line.n: _compared(line, pairs.get(line.n)) for line in invoice.lines}
    whole = Compared()
    for finding in findings:
        of = report.get(finding.difference.n, whole) if finding.difference.n is not None else whole
        of.checks.append(finding.check)
    lines = [report[line.n] for line in invoice.lines]
    differences = [finding.difference for finding in findings if not finding.check.tolerated]
    return Matched(differences, [*lines, whole] if whole.checks else lines)


def _held_to_document(findings: Sequence[Finding], tolerances: Tolerances, net: Decimal | None) -> list[Finding]:
    """The findings, where those tolerated are together within the document's own limits; else they are differences."""
    lost = set()
    for sign, limit in ((1, tolerances.document_over), (-1, tolerances.document_under)):
        off = sum((f.worth * sign for f in findings if f.check.tolerated and f.worth * sign > 0), Decimal(0))
        if limit is not None and off > money(limit, net or Decimal(0)):
            lost.add(sign)
    return [
        replace(f, check=replace(f.check, tolerated=False))
        if f.check.tolerated and ((f.worth > 0 and 1 in lost) or (f.worth < 0 and -1 in lost))
        else f
        for f in findings
    ]


def _compared(line: InvoiceLine, ordered: Ordered | None) -> Compared:
    if ordered is None:
        return Compared(line.n, paired_by=line.paired_by)
    other = line.counted is not None and line.counted != line.quantity
    return Compared(
        n=line.n,
        order=ordered.order_number,
        order_n=ordered.line.n,
        paired_by=line.paired_by,
        remaining=shown(ordered.remaining),
        received=shown(ordered.billable),
        counted=shown(line.counted) if other else None,
        unit=ordered.line.unit,
        price=shown(ordered.line.unit_price),
        base_quantity=None if ordered.line.base_quantity == 1 else shown(ordered.line.base_quantity),
        tax_rate=shown(ordered.line.tax_rate),
    )


def _of_line(line: InvoiceLine, ordered: Ordered | None, price: Sequence[Finding]) -> list[Finding]:
    """What differs on one line, with what was found of its price."""

    def differs(code: DifferenceCode, was: object, now: object) -> Finding:
        return found(code, line.n, line.text, was, now)

    if line.paired_by == PREPAYMENT:
        return []
    if ordered is None:
        return [differs(DifferenceCode.NEW_ITEM, None, line.sum())]
    findings = [*price]
    if converted(Decimal(1), line.unit, ordered.line.unit) is None:
        findings.append(differs(DifferenceCode.UOM_CHANGED, ordered.line.unit, line.unit))
    if line.tax_rate is not None and ordered.line.tax_rate is not None and line.tax_rate != ordered.line.tax_rate:
        findings.append(differs(DifferenceCode.TAX_CHANGED, ordered.line.tax_rate, line.tax_rate))
    worth = line.worth()
    if line.quantity is None or line.sum() is None or (worth is not None and worth != cents(line.sum() or worth)):
        # What cannot be compared is no agreement: right prices must not carry a wrong sum through.
        findings.append(differs(DifferenceCode.SUM_MISMATCH, worth, line.sum()))
    return findings


def _of_quantities(
    lines: Sequence[InvoiceLine], pairs: Pairs, ordered: Sequence[Ordered], terms: Terms
) -> list[Finding]:
    """What is invoiced of each ordered line, all its invoice lines together, against what is left of it."""
    invoiced: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    first: dict[tuple[int, int], InvoiceLine] = {}
    unknown: set[tuple[int, int]] = set()
    for line in lines:
        if line.n in pairs:
            key = (pairs[line.n].order_id, pairs[line.n].line.n)
            invoiced[key] += line.counted or 0
            first.setdefault(key, line)
            if line.quantity is None:
                unknown.add(key)
    findings = []
    for o in ordered:
        key = (o.order_id, o.line.n)
        n = first[key].n if key in first else None
        if key in unknown or (n is None and o.remaining <= 0):
            continue  # said of the line already; or nothing is left and nothing is invoiced
        findings += _of_quantity(o, n, invoiced.get(key, Decimal(0)), terms)
    return findings


def _of_quantity(o: Ordered, n: int | None, quantity: Decimal, terms: Terms) -> list[Finding]:
    whole = o.line.quantity or Decimal(0)
    price = price_of(o.line) or Decimal(0)

    def off_by(code: DifferenceCode, left: Decimal, allowed: Decimal, reason: str | None = None) -> list[Finding]:
        off = quantity - left
        finding = found(code, n, o.line.text, left, quantity, reason)
        return [within(finding, off, allowed, off * price)]

    over, under = terms.tolerances.quantity_over.of(whole), terms.tolerances.quantity_under.of(whole)
    if quantity > o.remaining:
        return off_by(DifferenceCode.QTY_OVER_REMAINING, o.remaining, over)
    if o.billable is not None and quantity > max(o.billable, Decimal(0)):
        return off_by(DifferenceCode.QTY_OVER_REMAINING, o.billable, over, "not_received")
    if quantity < 0:
        return [found(DifferenceCode.QTY_UNDER, n, o.line.text, o.remaining, quantity)]
    if quantity < o.remaining and terms.partial != "pass":
        return off_by(DifferenceCode.QTY_UNDER, o.remaining, under)
    return []


def _of_tax(invoice: Invoiced, pairs: Pairs, terms: Terms) -> list[Finding]:
    """The tax of the whole against the rates that the lines say or, where none says one, those that were ordered."""
    if invoice.tax is None or invoice.charges:
        return []
    said = [line.tax_rate for line in invoice.lines]
    own = bool(said) and None not in said
    if not own and any(rate is not None for rate in said):
        return []
    by_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        rate = line.tax_rate if own else pairs[line.n].line.tax_rate if line.n in pairs else None
        net = line.sum()
        if rate is None or net is None:
            return []
        by_rate[rate] += net
    expected = sum((cents(net * rate / 100) for rate, net in by_rate.items()), Decimal(0))
    rounding = CENT * len(invoice.lines)  # some round the tax of each line
    if abs(expected - invoice.tax) <= rounding:
        return []
    if own:  # its own rates give another tax: it does not add up, whatever was ordered
        return [found(DifferenceCode.SUM_MISMATCH, None, "tax", expected, invoice.tax)]
    off = invoice.tax - expected
    finding = found(DifferenceCode.TAX_CHANGED, None, "", expected, invoice.tax)
    return [within(finding, off, max(money(terms.tolerances.tax, expected), rounding), off)]


def _share(invoice: Invoiced, pairs: Pairs, terms: Terms) -> Decimal:
    """The part of the orders' value, at their prices, that this invoice is for: its part of what was agreed for all."""
    if not terms.net:
        return Decimal(0)
    worth = [line_net(line.counted, price_of(pairs[line.n].line)) for line in invoice.lines if line.n in pairs]
    return min(sum((w for w in worth if w is not None), Decimal(0)) / terms.net, Decimal(1))
