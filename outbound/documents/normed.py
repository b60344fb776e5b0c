"""An invoice's facts as EN 16931 states an invoice, or what they lack for it.

Nothing is guessed: an e-invoice that says less or something else than its page is worse than none. Where a party's
state, an id, a rate of tax or a sum is missing, there is no e-invoice, and the PDF goes out alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from outbound.documents.units import unit_code, unit_name
from outbound.facts import tidy

CENT: Final = Decimal("0.01")
INVOICE: Final = "380"
STANDARD: Final = "S"
EXEMPT, REVERSE_CHARGE, WITHIN_EU, EXPORT, NOT_SUBJECT, ZERO = "E", "AE", "K", "G", "O", "Z"
_REASONS: Final[Mapping[str, tuple[str | None, str | None]]] = {
    EXEMPT: (None, None),
    REVERSE_CHARGE: ("VATEX-EU-AE", "Reverse charge"),
    WITHIN_EU: ("VATEX-EU-IC", "Intra-community supply"),
    EXPORT: ("VATEX-EU-G", "Export outside the EU"),
    NOT_SUBJECT: ("VATEX-EU-O", "Not subject to VAT"),
    ZERO: (None, None),
}
"""The categories without tax, each with the code of its reason (VATEX) and the words of the norm for it."""
_LONGEST: Final = 12
"""Figures before the decimal point, less one: larger sums are no invoice's."""


@dataclass(frozen=True, slots=True)
class Party:
    """A seller or a buyer (BG-4, BG-7); the country is a code of ISO 3166-1."""

    name: str
    country: str
    vat_id: str | None = None
    tax_id: str | None = None
    registration: str | None = None
    street: str | None = None
    city: str | None = None
    post_code: str | None = None
    mail: str | None = None
    iban: str | None = None


@dataclass(frozen=True, slots=True)
class NormLine:
    """A line (BG-25): `price` is that of `base` units, net is to cents."""

    id: str
    text: str
    quantity: Decimal
    unit: str
    price: Decimal
    base: Decimal
    net: Decimal
    rate: Decimal
    category: str = STANDARD
    note: str | None = None
    buyer_sku: str | None = None
    seller_sku: str | None = None
    order_line: str | None = None


@dataclass(frozen=True, slots=True)
class TaxRow:
    """The tax of one category at one rate (BG-23), with why none is charged (BT-121, BT-120)."""

    rate: Decimal
    base: Decimal
    tax: Decimal
    category: str = STANDARD
    reason_code: str | None = None
    reason: str | None = None

    @property
    def percent(self) -> Decimal | None:
        """The rate as it is stated: what is not subject to tax has none (BR-O-05)."""
        return None if self.category == NOT_SUBJECT else self.rate


@dataclass(frozen=True, slots=True)
class NormInvoice:
    """An invoice in the terms of EN 16931; days are ISO, amounts to cents."""

    number: str
    issue_date: str
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[NormLine, ...]
    rows: tuple[TaxRow, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    prepaid: Decimal
    due: Decimal
    due_date: str | None = None
    terms: str | None = None
    delivery_date: str | None = None
    order_number: str | None = None
    note: str | None = None


class NotNormed(Exception):
    """Raised when an invoice's facts lack what EN 16931 asks for; `lacks` names it."""

    def __init__(self, lacks: str) -> None:
        super().__init__(f"no e-invoice: {lacks}")
        self.lacks = lacks


def normed(facts: Mapping[str, Any]) -> NormInvoice:
    """The invoice in a notice's facts; raises `NotNormed`."""
    known = tidy(facts)
    document, parties = known.get("document") or {}, known.get("parties") or {}
    lines = tuple(_line(line, document.get("tax_category")) for line in document.get("lines") or ())
    if not lines:
        raise NotNormed("lines")
    if document.get("charges"):
        raise NotNormed("tax of its charges")
    rows = _rows(lines, document.get("tax_reason"))
    net, tax = sum((line.net for line in lines), Decimal(0)), sum((row.tax for row in rows), Decimal(0))
    prepaid = _amount(document.get("prepaid") or "0", "prepaid")
    for name, made in (("net", net), ("tax", tax), ("gross", net + tax), ("due", net + tax - prepaid)):
        if _amount(document.get(name), name) != made:
            raise NotNormed(f"sums that agree: {name}")
    seller, buyer = _party(parties.get("seller"), "seller"), _party(parties.get("buyer"), "buyer")
    categories = {row.category for row in rows}
    if categories == {NOT_SUBJECT}:  # then neither side is named by the id that it has for the tax (BR-O-02)
        seller, buyer = replace(seller, vat_id=None), replace(buyer, vat_id=None)
    _require(categories, seller, buyer, document)
    due_date, terms = document.get("due_date"), document.get("terms")
    if net + tax - prepaid > 0 and not (due_date or terms):
        raise NotNormed("the day when it is due")
    orders = [number for number in str(document.get("order_number") or "").split(", ") if number]
    return NormInvoice(
        number=_text(document.get("number"), "number"),
        issue_date=_text(document.get("issue_date"), "date"),
        currency=_text(document.get("currency"), "currency"),
        seller=seller,
        buyer=buyer,
        lines=lines,
        rows=rows,
        net=net,
        tax=tax,
        gross=net + tax,
        prepaid=prepaid,
        due=net + tax - prepaid,
        due_date=due_date,
        terms=terms,
        delivery_date=document.get("delivery_date"),
        order_number=orders[0] if len(orders) == 1 else None,
        note=document.get("note"),
    )


def _require(categories: set[str], seller: Party, buyer: Party, document: Mapping[str, Any]) -> None:
    """Refuse what the rules of its categories ask for and the facts do not have (BR-S, BR-AE, BR-IC, BR-G, BR-O)."""
    if not (seller.vat_id or seller.registration):  # BR-CO-26
        raise NotNormed("the seller's VAT id or registration")
    if NOT_SUBJECT in categories:
        if categories != {NOT_SUBJECT}:
            raise NotNormed("tax on all items or on none")
        return
    if not seller.vat_id and (not seller.tax_id or categories & {WITHIN_EU, EXPORT}):
        raise NotNormed("the seller's VAT id")
    if REVERSE_CHARGE in categories and not (buyer.vat_id or buyer.registration):
        raise NotNormed("the buyer's VAT id")
    if WITHIN_EU in categories:
        if not buyer.vat_id:
            raise NotNormed("the buyer's VAT id")
        if not document.get("delivery_date"):
            raise NotNormed("the day of delivery")


def _rows(lines: tuple[NormLine, ...], reason: str | None) -> tuple[TaxRow, ...]:
    bases: dict[tuple[Decimal, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        bases[line.rate, line.category] += line.net
    rows = []
    for (rate, category), base in sorted(bases.items(), reverse=True):
        code, words = _REASONS.get(category, (None, None))
        words = None if category in (STANDARD, ZERO) else reason or words  # a zero rate has no reason (BR-Z-10)
        if category == EXEMPT and not words:
            raise NotNormed("why it is exempt")
        rows.append(TaxRow(rate, base, _cents(base * rate / 100), category, code, words))
    return tuple(rows)


def _line(line: Mapping[str, Any], untaxed: str | None) -> NormLine:
    n = _text(line.get("n"), "line number")
    quantity, price = _number(line.get("quantity"), "quantity"), _number(line.get("unit_price"), "price")
    base = _number(line.get("base_quantity") or "1", "base quantity")
    rate = _number(line.get("tax_rate"), "rate of tax")
    if rate < 0 or (rate == 0 and untaxed not in _REASONS):
        raise NotNormed("why no tax is charged")  # exempt, reverse charge, export: a rate of 0 does not say which
    if price < 0 or base <= 0:
        raise NotNormed("a price that is not negative")
    unit = line.get("unit")
    return NormLine(
        id=n,
        text=_text(line.get("text"), "text of a line"),
        quantity=quantity,
        unit=unit_code(unit),
        price=price,
        base=base,
        net=_amount(line.get("net"), "net of a line"),
        rate=rate,
        category=STANDARD if rate else str(untaxed),
        note=unit_name(unit),
        buyer_sku=line.get("buyer_sku"),
        seller_sku=line.get("seller_sku"),
        order_line=str(line["order_n"]) if line.get("order_n") else None,
    )


def _party(party: Mapping[str, Any] | None, role: str) -> Party:
    known = {name: str(value) for name, value in (party or {}).items() if name in _PARTY and value}
    for name in ("name", "country"):
        if not known.get(name):
            raise NotNormed(f"the {role}'s {name}")
    return Party(**known)


_PARTY: Final = frozenset(Party.__slots__)


def _text(value: object, what: str) -> str:
    if value is None or not str(value).strip():
        raise NotNormed(what)
    return str(value)


def _number(value: object, what: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > _LONGEST:
        raise NotNormed(what)
    return number


def _amount(value: object, what: str) -> Decimal:
    number = _number(value, what)
    if number != _cents(number):
        raise NotNormed(f"{what} to cents")
    return _cents(number)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
