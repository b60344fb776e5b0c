"""The rules of matching for what is paid before anything is delivered.

A prepayment invoice takes nothing of an order's quantities: it is held to what was agreed to be paid before, and to
what is left to invoice. The invoices for the goods take it off again, each its part, so that nothing is paid twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from workflows.differences import DifferenceCode, Invoiced, InvoiceLine, Ordered, Prepaid, Terms
from workflows.findings import Finding, found
from workflows.lines import CENT, cents
from workflows.pairing import Pairs, price_of
from workflows.reading import Charge

_SEPARATORS = r"[\W_]*"
_SHORTEST = 3
"""Figures of a number without letters that is looked for in the text of a line: a shorter one may be a quantity."""


def deducting_lines(invoice: Invoiced, prepaid: Prepaid) -> list[InvoiceLine]:
    """The lines over less than nothing that take a prepayment off: they name it, or are as much as the only one."""
    return [line for line in invoice.lines if _takes_off(line.text, line.sum(), prepaid)]


def deducting_charges(invoice: Invoiced, prepaid: Prepaid) -> list[Charge]:
    """The same among what stands beside the lines."""
    return [charge for charge in invoice.charges if _takes_off(charge.text, charge.amount, prepaid)]


def _takes_off(text: str | None, amount: Decimal | None, prepaid: Prepaid) -> bool:
    if amount is None or amount >= 0 or not prepaid.invoices:
        return False
    if any(_names(text or "", number) for number in prepaid.numbers):
        return True
    return len(prepaid.invoices) == 1 and -amount in prepaid.invoices[0][1:]


def _names(text: str, number: str) -> bool:
    """Whether *number* stands in *text*, however its parts are separated, and not as a part of another."""
    parts = [re.escape(part) for part in re.findall(r"[^\W_]+", number)]
    if len("".join(parts)) < (_SHORTEST if number.isdigit() else 2):
        return False
    return re.search(rf"(?<![^\W_]){_SEPARATORS.join(parts)}(?![^\W_])", text, re.IGNORECASE) is not None


def deducted(invoice: Invoiced, prepaid: Prepaid) -> Decimal:
    """What the invoice takes off of prepayments, with tax: what was paid before, and lines and charges that say so."""
    net = -sum((line.sum() or Decimal(0) for line in deducting_lines(invoice, prepaid)), Decimal(0))
    net -= sum((charge.amount for charge in deducting_charges(invoice, prepaid)), Decimal(0))
    return (invoice.prepaid or Decimal(0)) + cents(net * prepaid.with_tax)


def deductible(pairs: Pairs, invoice: Invoiced, ordered: Sequence[Ordered], prepaid: Prepaid) -> Decimal:
    """What the invoice should take off, with tax: of what is left of prepayments its part of what is left to invoice.

    The last invoice of an order takes off all of it, and none more than it comes to itself.
    """
    whole = sum((_worth(o.remaining, o) for o in ordered if o.remaining > 0), Decimal(0))
    own = sum((_worth(line.counted, pairs[line.n]) for line in invoice.lines if line.n in pairs), Decimal(0))
    share = min(own / whole, Decimal(1)) if whole > 0 else Decimal(1)
    net = sum((charge.amount for charge in deducting_charges(invoice, prepaid)), Decimal(0))
    net += sum((line.sum() or Decimal(0) for line in deducting_lines(invoice, prepaid)), Decimal(0))
    before = (invoice.gross or Decimal(0)) - cents(net * prepaid.with_tax)  # its total before anything is taken off
    return max(min(cents(prepaid.left * share), before), Decimal(0))


def deduction_findings(taken_off: Decimal, expected: Decimal) -> list[Finding]:
    """A prepayment that an invoice should take off and does not: it would be paid twice."""
    if expected - taken_off <= CENT:
        return []
    return [found(DifferenceCode.DISCOUNT_MISSING, None, "", expected, taken_off, "prepayment")]


def prepayment_findings(invoice: Invoiced, ordered: Sequence[Ordered], terms: Terms) -> list[Finding]:
    """What differs of a prepayment invoice itself, beside what may differ of any document."""
    if not ordered:
        return [found(DifferenceCode.ORDER_UNKNOWN)]
    prepaid = terms.prepaid
    net = invoice.net if invoice.net is not None else invoice.gross
    if net is None or net <= 0:
        return [found(DifferenceCode.SUM_MISMATCH, None, "", None, net)]
    findings = []
    agreed = max(prepaid.agreed - prepaid.net, Decimal(0))
    if net > agreed + CENT:
        reason = "prepayment_over" if prepaid.agreed else "prepayment_new"
        findings.append(found(DifferenceCode.TERMS_CHANGED, None, "", agreed, net, reason))
    worth = sum((_worth(o.remaining, o) for o in ordered if o.remaining > 0), Decimal(0))
    beside = sum((charge.amount for charge in terms.charges), terms.allowances)
    left = max(cents(worth) + beside - prepaid.left_net, Decimal(0))
    if net > left + CENT:
        findings.append(found(DifferenceCode.PRICE_OVER, None, "", left, net, "more_than_left"))
    return findings


def _worth(quantity: Decimal | None, ordered: Ordered) -> Decimal:
    """So much of an ordered line at its price; a line without a price is worth nothing that is known."""
    price = price_of(ordered.line)
    return Decimal(0) if price is None or quantity is None else quantity * price
