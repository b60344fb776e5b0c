"""The rules of matching for the whole document: currency, account, orders, charges, discounts, terms and sums."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from workflows.differences import DifferenceCode, Invoiced, Terms
from workflows.findings import Finding, found, within
from workflows.lines import CENT, cents
from workflows.pairing import Pairs, folded
from workflows.prepayment_rules import deducting_charges
from workflows.reading import Charge
from workflows.terms import PaymentTerms, days_given, terms_of
from workflows.tolerances import money

_ROUNDED_TO = (Decimal(1), Decimal("0.1"), Decimal("0.05"))
"""To what sums to pay are rounded in some countries."""


def document_findings(
    invoice: Invoiced, terms: Terms, share: Decimal = Decimal(0), pairs: Pairs | None = None
) -> list[Finding]:
    """What differs on the whole document; *share* is the part of its orders' value that it is for.

    Charges on lines that stand for ordered ones, by *pairs*, are judged with those beside the lines.
    """
    findings = [*_of_currency(invoice, terms)]
    if invoice.iban and terms.iban and _account(invoice.iban) != _account(terms.iban):
        findings.append(found(DifferenceCode.BANK_CHANGED, None, "", terms.iban, invoice.iban))
    findings += [found(DifferenceCode.ORDER_CLOSED, None, number) for number in terms.closed_orders]
    if not invoice.prepayment:
        findings += _of_charges(invoice, terms, pairs or {})
        findings += _of_allowances(invoice, terms, share)
        findings += _of_payment(invoice, terms)
    return [*findings, *_of_sums(invoice)]


def _of_currency(invoice: Invoiced, terms: Terms) -> list[Finding]:
    if not (invoice.currency and terms.currency and invoice.currency != terms.currency):
        return []
    finding = found(DifferenceCode.CURRENCY_CHANGED, None, "", terms.currency, invoice.currency)
    if terms.rate is not None and invoice.gross is not None:
        finding.difference.converted = format(cents(invoice.gross * terms.rate), "f")
    return [finding]


def _of_charges(invoice: Invoiced, terms: Terms, pairs: Pairs) -> list[Finding]:
    """Charges that were not agreed, or are more than agreed, all together; an allowance is to the customer's good."""
    agreed = list(terms.charges)
    findings: list[tuple[Finding, Decimal]] = []
    for line in invoice.lines:
        if line.n in pairs and line.beside > 0:  # an allowance is a lower price; a charge was not agreed
            finding = found(DifferenceCode.CHARGE_ADDED, line.n, line.text, None, line.beside)
            findings.append((finding, line.beside))
    for charge in sorted(invoice.charges, key=lambda c: (c.amount, c.text or "")):
        if charge.amount <= 0:
            continue
        known = _agreed(charge, agreed)
        if known is not None:
            agreed.remove(known)
        more = charge.amount - (known.amount if known else 0)
        if more > 0:
            was = known.amount if known else None
            findings.append((found(DifferenceCode.CHARGE_ADDED, None, charge.text or "", was, charge.amount), more))
    allowed = money(terms.tolerances.charge, _net_of(invoice))
    together = sum((more for _, more in findings), Decimal(0))
    return [within(finding, together if together > allowed else more, allowed, more) for finding, more in findings]


def _net_of(invoice: Invoiced) -> Decimal:
    """The net total as stated, else what the lines that say a sum come to."""
    if invoice.net is not None:
        return invoice.net
    return sum((net for line in invoice.lines if (net := line.sum()) is not None), Decimal(0))


def _agreed(charge: Charge, agreed: Sequence[Charge]) -> Charge | None:
    """The agreed charge of the same words or, where only one was agreed, that one."""
    same = [known for known in agreed if folded(known.text) == folded(charge.text)]
    return same[0] if same else agreed[0] if len(agreed) == 1 else None


def _of_allowances(invoice: Invoiced, terms: Terms, share: Decimal) -> list[Finding]:
    """An agreed discount on the order as a whole, of which each invoice gives its part."""
    expected = cents(-terms.allowances * share)
    taken_off = deducting_charges(invoice, terms.prepaid)
    given = -sum((c.amount for c in invoice.charges if c.amount < 0 and c not in taken_off), Decimal(0))
    missing = expected - given
    if missing <= CENT:
        return []
    finding = found(DifferenceCode.DISCOUNT_MISSING, None, "", expected, given)
    return [within(finding, missing, money(terms.tolerances.charge, invoice.net or Decimal(0)), missing)]


def _of_payment(invoice: Invoiced, terms: Terms) -> list[Finding]:
    """The agreed days and early-payment discounts against those that the invoice says; silence is agreement."""
    if not terms.payment:
        return []
    tried = [_against(agreed, invoice, terms) for agreed in terms.payment]
    return min(tried, key=len)  # of orders with other terms, those of one are kept


def _against(agreed: str, invoice: Invoiced, terms: Terms) -> list[Finding]:
    was, now = terms_of(agreed), terms_of(invoice.terms)
    given = days_given(invoice.terms, invoice.issue_date, invoice.due_date)
    said = invoice.terms if now.days is not None or now.discounts else None
    findings = []
    changed = (
        was.days is not None
        and given is not None
        and (abs(given - was.days) > terms.tolerances.terms_days or (now.days is not None and now.ends != was.ends))
        and not (was.ends and now.days is None)  # from the end of a month: no due date says whether that was kept
    )
    if changed or _worse(was, now):
        words = said or (invoice.due_date.isoformat() if invoice.due_date else None)
        findings.append(found(DifferenceCode.TERMS_CHANGED, None, "", agreed, words))
    if was.discounts and said and not now.discounts:
        largest = f"{was.discounts[0][0].normalize():f} %"
        findings.append(found(DifferenceCode.DISCOUNT_MISSING, None, "", largest, None))
    return findings


def _worse(was: PaymentTerms, now: PaymentTerms) -> bool:
    """Whether a discount is given that is smaller, or for fewer days, than one agreed."""
    return bool(now.discounts) and any(
        not any(percent >= agreed and within >= days for percent, within in now.discounts)
        for agreed, days in was.discounts
    )


def _of_sums(invoice: Invoiced) -> list[Finding]:
    return [*_of_totals(invoice), *_of_due(invoice)]


def _of_totals(invoice: Invoiced) -> list[Finding]:
    sums = [line.sum() for line in invoice.lines]
    if not sums and not invoice.prepayment:
        # Nothing was read that could be compared, and nothing would be reserved.
        return [found(DifferenceCode.SUM_MISMATCH, None, "lines", None, invoice.net)]
    net = sum((s for s in sums if s is not None), Decimal(0)) + sum((c.amount for c in invoice.charges), Decimal(0))
    if sums and None not in sums and invoice.net is not None and cents(net) != cents(invoice.net):
        return [found(DifferenceCode.SUM_MISMATCH, None, "net", cents(net), invoice.net)]
    if None not in (invoice.net, invoice.tax, invoice.gross):
        gross = (invoice.net or Decimal(0)) + (invoice.tax or Decimal(0))
        if cents(gross) != cents(invoice.gross or Decimal(0)):
            return [found(DifferenceCode.SUM_MISMATCH, None, "gross", gross, invoice.gross)]
    return []


def _of_due(invoice: Invoiced) -> list[Finding]:
    """More to pay than the total less what was paid before, unless that is rounded to what coins there are."""
    if invoice.due is None or invoice.gross is None:
        return []
    expected = invoice.gross - (invoice.prepaid or Decimal(0))
    more = invoice.due - expected
    if more <= 0 or any(more <= step / 2 and not invoice.due % step for step in _ROUNDED_TO):
        return []
    return [found(DifferenceCode.SUM_MISMATCH, None, "", expected, invoice.due, "due_over")]


def _account(iban: str) -> str:
    """An account number for comparison: it is written with and without spaces."""
    return re.sub(r"\W", "", iban).upper()
