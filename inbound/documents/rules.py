"""The rules of EN 16931 on totals, allowances, periods, parties and decimals, each told with its id (clause 6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Final

from babel import Locale

from inbound.documents.arithmetic import CENT, WHOLE_UNITS, to_cents
from inbound.documents.statement import Beside, Statement
from inbound.documents.tax_rules import tax_defects
from workflows.reading import Defect, DocumentKind, Reading

_WHOLE: Final = Decimal(1)
_SLACK: Final = Decimal("0.02")
_NOT_ISO: Final = frozenset({"EL", "XI", "XK", "1A"})
"""Prefixes of VAT ids and codes that stand beside ISO 3166-1: Greece, Northern Ireland, Kosovo."""


def broken_rules(statement: Statement, reading: Reading) -> Iterator[Defect]:
    """The rules that an e-invoice breaks; those that claim no profile of EN 16931 are not held to it."""
    yield from _decimals(statement, reading)
    yield from _percents(statement)
    if not statement.claims_the_norm or statement.lines_are_left_out:
        return
    if not statement.breakdown:
        yield Defect("no_tax_breakdown", "The tax is not broken down by rates (BR-CO-18).")
    if statement.incomplete_rows:
        yield Defect("no_tax_breakdown", "A row of the tax has no base or no amount (BR-45, BR-46).")
    yield from _beside(statement)
    yield from _periods(statement)
    yield from _parties(statement)
    yield from tax_defects(statement, unit=_WHOLE if reading.currency in WHOLE_UNITS else CENT)
    owed = reading.kind is not DocumentKind.CREDIT_NOTE and reading.due is not None and reading.due > 0
    if owed and not (reading.due_date or statement.terms):
        yield Defect("no_terms", "Neither a day nor terms say when the amount is due (BR-CO-25).")
    if statement.tax_currency and statement.tax_currency != reading.currency and statement.tax_in_its_currency is None:
        yield Defect("no_tax_currency", f"The tax is not stated in {statement.tax_currency} (BR-53).")


def _decimals(statement: Statement, reading: Reading) -> Iterator[Defect]:
    """BR-DEC: amounts have two decimals; a third one is a cent that somebody rounds differently."""
    found = [(rule, amount) for rule, amount in statement.amounts if amount is not None and _fine(amount)]
    found += [("BR-DEC-23", line.net) for line in reading.lines if line.net is not None and _fine(line.net)]
    for one in statement.beside:
        amount, base = _DECIMALS[one.line is not None, one.charge]
        found += [(amount, one.amount)] if _fine(one.amount) else []
        found += [(base, one.base)] if one.base is not None and _fine(one.base) else []
    for rule in dict.fromkeys(rule for rule, _ in found):
        amounts = [amount for other, amount in found if other == rule]
        rest = f" and {len(amounts) - 1} more" if len(amounts) > 1 else ""
        yield Defect("too_many_decimals", f"{amounts[0]}{rest}: an amount has more than two decimals ({rule}).")


_DECIMALS: Final = {
    (False, False): ("BR-DEC-01", "BR-DEC-02"),
    (False, True): ("BR-DEC-05", "BR-DEC-06"),
    (True, False): ("BR-DEC-24", "BR-DEC-25"),
    (True, True): ("BR-DEC-27", "BR-DEC-28"),
}
"""The rules on the amount and the base of an allowance or a charge: whether on a line, whether a charge."""


_REASONS: Final = {(False, False): 21, (False, True): 22, (True, False): 23, (True, True): 24}
"""The rule of BR-CO on its reason, likewise."""


def _fine(amount: Decimal) -> bool:
    exponent = amount.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -2 and amount != round(amount, 2)


def _percents(statement: Statement) -> Iterator[Defect]:
    """What an allowance or a charge states of a base and a percentage is its amount (Peppol BIS 3, R040)."""
    for one in statement.beside:
        if one.base is None or one.percent is None:
            continue
        made = to_cents(one.base * one.percent / 100)
        if abs(abs(made) - abs(one.amount)) > _SLACK:  # corrections turn the signs of base and rate
            text = f"{_name(one)}: {one.percent} % of {one.base} is {made}, not {one.amount}"
            yield Defect("percent_mismatch", f"{text} (PEPPOL-EN16931-R040).")


def _beside(statement: Statement) -> Iterator[Defect]:
    """BR-CO-11 and 12, the totals of what stands beside the lines; BR-CO-21 to 24, what each of them is for."""
    for charge, stated, rule in ((False, statement.allowances, "BR-CO-11"), (True, statement.charges, "BR-CO-12")):
        found = [one.amount for one in statement.beside if one.line is None and one.charge is charge]
        made = sum(found, Decimal(0))
        if made != (stated or 0):
            what = "Charges" if charge else "Allowances"
            said = "no total of them" if stated is None else str(stated)
            yield Defect("charges_mismatch", f"{what} make {made}, but {said} is stated ({rule}).")
    for one in statement.beside:
        if not one.text:
            number = _REASONS[one.line is not None, one.charge]
            yield Defect("no_reason", f"{_name(one)} gives no reason (BR-CO-{number}).")


def _name(one: Beside) -> str:
    what = "A charge" if one.charge else "An allowance"
    return f"{what} of {one.amount}" if one.line is None else f"{what} of {one.amount} on line {one.line}"


def _periods(statement: Statement) -> Iterator[Defect]:
    """BR-CO-03, 19 and 20, BR-29 and 30: periods have an end that is not before their beginning."""
    for period in statement.periods:
        place, empty, turned = ("", "BR-CO-19", "BR-29") if period.line is None else (
            f" of line {period.line}", "BR-CO-20", "BR-30")  # fmt: skip
        if period.start is None and period.end is None and not period.code:
            yield Defect("period_wrong", f"The invoicing period{place} has neither beginning nor end ({empty}).")
        if period.start and period.end and period.end < period.start:
            yield Defect("period_wrong", f"The invoicing period{place} ends before it begins ({turned}).")
        if period.line is None and period.code and statement.tax_point_date:
            yield Defect("period_wrong", "The day when the tax is due stands both as a date and as a code (BR-CO-03).")


def _parties(statement: Statement) -> Iterator[Defect]:
    """BR-CO-09, VAT ids name a state; BR-CO-26, the seller can be told by an id."""
    parties = statement.parties
    for vat_id in (parties.seller_vat, parties.representative_vat, parties.buyer_vat):
        if vat_id and vat_id[:2] not in _states():
            yield Defect("vat_id_wrong", f"The VAT id {vat_id[:20]} does not begin with a state's code (BR-CO-09).")
    if not (parties.seller_known or parties.seller_vat):
        yield Defect("no_seller_id", "The seller states no id, registration or VAT id (BR-CO-26).")


@cache
def _states() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes, as CLDR has names for them, and what VAT ids have beside them."""
    names = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in names if len(code) == 2 and code.isalpha()) | _NOT_ISO
