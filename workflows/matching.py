"""Matching: pairs an invoice's lines with those of its orders and lists every difference, each with its reason.

Pairs are made in a fixed order of evidence and never by sums of amounts; the supplier's lines are never replaced.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from rapidfuzz import fuzz, process

from workflows.lines import CENT, Line, cents, line_net, unit_code
from workflows.reading import Charge

SURE_TEXT = 85
"""The text score (0 to 100) from which two lines may be taken for the same item."""


class DifferenceCode(StrEnum):
    """The closed list of differences."""

    PRICE_OVER = "price_over"
    PRICE_UNDER = "price_under"
    QTY_OVER_REMAINING = "qty_over_remaining"
    QTY_UNDER = "qty_under"
    NEW_ITEM = "new_item"
    UOM_CHANGED = "uom_changed"
    CURRENCY_CHANGED = "currency_changed"
    TAX_CHANGED = "tax_changed"
    CHARGE_ADDED = "charge_added"
    DISCOUNT_MISSING = "discount_missing"
    TERMS_CHANGED = "terms_changed"
    BANK_CHANGED = "bank_changed"
    ORDER_CLOSED = "order_closed"
    ORDER_UNKNOWN = "order_unknown"
    SUM_MISMATCH = "sum_mismatch"
    DUPLICATE = "duplicate"


@dataclass(slots=True)
class Difference:
    """One difference: on invoice line *n*, or on the whole document; what was ordered and what was invoiced."""

    code: DifferenceCode
    n: int | None = None
    text: str = ""
    ordered: str | None = None
    invoiced: str | None = None


@dataclass(slots=True)
class InvoiceLine(Line):
    """A line of an invoice; `order_id` and `order_n` are the order line it is paired with, `paired_by` why."""

    order_id: int | None = None
    order_n: int | None = None
    paired_by: str | None = None
    order_named: str | None = None
    order_line_named: str | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line of an order with what is left of it to invoice."""

    order_id: int
    order_number: str
    line: Line
    remaining: Decimal


@dataclass(frozen=True, slots=True)
class Invoiced:
    """What matching looks at in an invoice."""

    lines: Sequence[InvoiceLine]
    currency: str | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    iban: str | None = None
    charges: Sequence[Charge] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed beside the lines, and how strictly it is held."""

    currency: str | None = None
    iban: str | None = None
    closed_orders: tuple[str, ...] = ()
    partial: Literal["difference", "pass"] = "difference"


@dataclass(slots=True)
class _Pairing:
    invoiced: list[InvoiceLine]
    ordered: list[Ordered]
    pairs: dict[int, Ordered] = field(default_factory=dict)

    def open_lines(self) -> list[InvoiceLine]:
        return [line for line in self.invoiced if line.n not in self.pairs]

    def free(self) -> list[Ordered]:
        taken = {(o.order_id, o.line.n) for o in self.pairs.values()}
        return [o for o in self.ordered if (o.order_id, o.line.n) not in taken]

    def join(self, line: InvoiceLine, ordered: Ordered, reason: str) -> None:
        self.pairs[line.n] = ordered
        line.order_id, line.order_n, line.paired_by = ordered.order_id, ordered.line.n, reason


def match(invoice: Invoiced, ordered: Sequence[Ordered], terms: Terms) -> list[Difference]:
    """Pair the invoice's lines, in place, with the ordered ones, and return every difference exactly once."""
    for line in invoice.lines:
        line.order_id = line.order_n = line.paired_by = None
    if not ordered:
        unknown = Difference(DifferenceCode.ORDER_UNKNOWN)
        return [unknown, *_of_document(invoice, terms)]
    pairs = pair(invoice.lines, ordered)
    found = [difference for line in invoice.lines for difference in _of_line(line, pairs.get(line.n))]
    of_quantities = _of_quantities(invoice.lines, pairs, ordered, terms)
    return [*found, *of_quantities, *_of_tax(invoice, pairs), *_of_document(invoice, terms)]


def pair(invoiced: Sequence[InvoiceLine], ordered: Sequence[Ordered]) -> dict[int, Ordered]:
    """The ordered line of each invoice line that has one, by the invoice line's number; reasons go onto the lines."""
    pairing = _Pairing(sorted(invoiced, key=lambda line: line.n), list(ordered))
    _by_named_line(pairing)
    _by_key(pairing, "buyer item", lambda line: _folded(line.buyer_sku), shared=True)
    _by_key(pairing, "seller item", lambda line: _folded(line.seller_sku), shared=True)
    _by_key(pairing, "same text", lambda line: (text, unit_code(line.unit)) if (text := _folded(line.text)) else None)
    _by_key(pairing, "price and unit", lambda line: (price, unit_code(line.unit)) if (price := _price(line)) else None)
    _by_text(pairing)
    return pairing.pairs


def _by_named_line(pairing: _Pairing) -> None:
    """The order line that the document itself names; several invoice lines may name the same one."""
    for line in pairing.open_lines():
        if not line.order_line_named:
            continue
        order = _folded(line.order_named)
        named = [
            o
            for o in pairing.ordered
            if str(o.line.n) == line.order_line_named.lstrip("0") and (not order or _folded(o.order_number) == order)
        ]
        if len(named) == 1:
            pairing.join(line, named[0], "order line")


def _by_key(pairing: _Pairing, reason: str, key: Callable[[Line], Hashable | None], *, shared: bool = False) -> None:
    """Join where the key names one ordered line; *shared* lets several invoice lines name the same."""
    candidates: dict[Hashable, list[Ordered]] = defaultdict(list)
    for o in pairing.ordered if shared else pairing.free():
        if (value := key(o.line)) is not None:
            candidates[value].append(o)
    lines = pairing.open_lines()
    wanted = Counter(key(line) for line in lines)
    for line in lines:
        value = key(line)
        if value is not None and len(candidates[value]) == 1 and (shared or wanted[value] == 1):
            pairing.join(line, candidates[value][0], reason)


def _by_text(pairing: _Pairing) -> None:
    """The best text score among leftovers, where it is high enough and no second line comes near it."""
    free = pairing.free()
    texts = [_folded(o.line.text) for o in free]
    scored: list[tuple[float, InvoiceLine, int]] = []
    for line in pairing.open_lines():
        best = process.extract(
            _folded(line.text) or "", texts, scorer=fuzz.token_sort_ratio, score_cutoff=SURE_TEXT, limit=2
        )
        if best and (len(best) == 1 or best[0][1] > best[1][1]):
            scored.append((best[0][1], line, best[0][2]))
    claims = Counter(index for _, _, index in scored)
    for _, line, index in scored:
        if claims[index] == 1:
            pairing.join(line, free[index], "text")


def _of_line(line: InvoiceLine, ordered: Ordered | None) -> list[Difference]:
    def differs(code: DifferenceCode, was: object, now: object) -> Difference:
        return Difference(code, line.n, line.text, _shown(was), _shown(now))

    if ordered is None:
        return [differs(DifferenceCode.NEW_ITEM, None, line.sum())]
    found = []
    agreed = _price(ordered.line)
    asked = _asked(line, agreed)
    if asked is not None and agreed != asked:
        # A price that was never agreed needs a person as much as one that is too high.
        code = DifferenceCode.PRICE_OVER if agreed is None or asked > agreed else DifferenceCode.PRICE_UNDER
        found.append(differs(code, ordered.line.unit_price, asked if line.unit_price is None else line.unit_price))
    if line.unit and ordered.line.unit and unit_code(line.unit) != unit_code(ordered.line.unit):
        found.append(differs(DifferenceCode.UOM_CHANGED, ordered.line.unit, line.unit))
    if line.tax_rate is not None and ordered.line.tax_rate is not None and line.tax_rate != ordered.line.tax_rate:
        found.append(differs(DifferenceCode.TAX_CHANGED, ordered.line.tax_rate, line.tax_rate))
    worth = line_net(line.quantity, line.unit_price, line.base_quantity)
    if line.quantity is None or line.sum() is None or (worth is not None and worth != cents(line.sum() or worth)):
        # What cannot be compared is no agreement: right prices must not carry a wrong sum through.
        found.append(differs(DifferenceCode.SUM_MISMATCH, worth, line.sum()))
    return found


def _of_quantities(
    lines: Sequence[InvoiceLine], pairs: Mapping[int, Ordered], ordered: Sequence[Ordered], terms: Terms
) -> list[Difference]:
    """What is invoiced of each ordered line, all its invoice lines together, against what is left of it."""
    invoiced: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    first: dict[tuple[int, int], InvoiceLine] = {}
    unknown: set[tuple[int, int]] = set()
    for line in lines:
        if line.n in pairs:
            key = (pairs[line.n].order_id, pairs[line.n].line.n)
            invoiced[key] += line.quantity or 0
            first.setdefault(key, line)
            if line.quantity is None:
                unknown.add(key)
    found = []
    for o in ordered:
        key = (o.order_id, o.line.n)
        quantity = invoiced.get(key, Decimal(0))
        n = first[key].n if key in first else None
        if key in unknown or (n is None and o.remaining <= 0):
            continue  # said of the line already; or nothing is left and nothing is invoiced
        if quantity > o.remaining:
            code = DifferenceCode.QTY_OVER_REMAINING
        elif quantity < o.remaining and (terms.partial != "pass" or quantity < 0):
            code = DifferenceCode.QTY_UNDER
        else:
            continue
        found.append(Difference(code, n, o.line.text, _shown(o.remaining), _shown(quantity)))
    return found


def _of_tax(invoice: Invoiced, pairs: Mapping[int, Ordered]) -> list[Difference]:
    """The tax of the whole against the ordered rates, where the lines themselves say no rate."""
    if invoice.tax is None or invoice.charges or any(line.tax_rate is not None for line in invoice.lines):
        return []
    by_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        rate, net = pairs[line.n].line.tax_rate if line.n in pairs else None, line.sum()
        if rate is None or net is None:
            return []
        by_rate[rate] += net
    expected = sum((cents(net * rate / 100) for rate, net in by_rate.items()), Decimal(0))
    if abs(expected - invoice.tax) <= CENT * len(invoice.lines):  # some round the tax of each line
        return []
    return [Difference(DifferenceCode.TAX_CHANGED, None, "", _shown(expected), _shown(invoice.tax))]


def _of_document(invoice: Invoiced, terms: Terms) -> list[Difference]:
    found = []
    if invoice.currency and terms.currency and invoice.currency != terms.currency:
        found.append(Difference(DifferenceCode.CURRENCY_CHANGED, None, "", terms.currency, invoice.currency))
    if invoice.iban and terms.iban and _account(invoice.iban) != _account(terms.iban):
        found.append(Difference(DifferenceCode.BANK_CHANGED, None, "", terms.iban, invoice.iban))
    found += [Difference(DifferenceCode.ORDER_CLOSED, None, number) for number in terms.closed_orders]
    # An allowance is to the customer's good; a charge that was not ordered is theirs to accept.
    found += [
        Difference(DifferenceCode.CHARGE_ADDED, None, charge.text or "", None, _shown(charge.amount))
        for charge in invoice.charges
        if charge.amount > 0
    ]
    if mismatch := _sum_mismatch(invoice):
        found.append(mismatch)
    return found


def _sum_mismatch(invoice: Invoiced) -> Difference | None:
    sums = [line.sum() for line in invoice.lines]
    if not sums:
        # Nothing was read that could be compared, and nothing would be reserved.
        return Difference(DifferenceCode.SUM_MISMATCH, None, "lines", None, _shown(invoice.net))
    net = sum((s for s in sums if s is not None), Decimal(0)) + sum((c.amount for c in invoice.charges), Decimal(0))
    if None not in sums and invoice.net is not None and cents(net) != cents(invoice.net):
        return Difference(DifferenceCode.SUM_MISMATCH, None, "net", _shown(cents(net)), _shown(invoice.net))
    if None not in (invoice.net, invoice.tax, invoice.gross):
        gross = (invoice.net or Decimal(0)) + (invoice.tax or Decimal(0))
        if cents(gross) != cents(invoice.gross or Decimal(0)):
            return Difference(DifferenceCode.SUM_MISMATCH, None, "gross", _shown(gross), _shown(invoice.gross))
    return None


def _price(line: Line) -> Decimal | None:
    """The price of one unit."""
    return line.unit_price / line.base_quantity if line.unit_price is not None and line.base_quantity else None


def _asked(line: Line, agreed: Decimal | None) -> Decimal | None:
    """The price of one unit that an invoice line asks for, said or implied by its sum."""
    said = _price(line)
    if said is not None or not line.quantity or line.net is None:
        return said
    if agreed is not None and cents(agreed * line.quantity) == cents(line.net):
        return agreed
    return (line.net / line.quantity).quantize(Decimal("0.000001")).normalize()


def _folded(text: str | None) -> str | None:
    """*text* for comparison: case, accents' form, spacing and punctuation do not matter."""
    if text is None:
        return None
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip() or None


def _account(iban: str) -> str:
    """An account number for comparison: it is written with and without spaces."""
    return re.sub(r"\W", "", iban).upper()


def _shown(value: object) -> str | None:
    if isinstance(value, Decimal):
        return format(value, "f")
    return None if value is None else str(value)
