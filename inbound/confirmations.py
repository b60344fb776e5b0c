"""Order confirmations of a supplier's own system: compared line by line with the orders that they name.

All agree: the order is acknowledged. A line differs in price, quantity or day: a counter-proposal of just these lines.
What cannot be told from the document is asked; a confirmation is never invoiced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from inbound.sheet_answers import SheetSaid
from templates.words import N_
from workflows.actions import Action
from workflows.differences import InvoiceLine, Ordered
from workflows.drafting import line_fields
from workflows.engine.document import Document
from workflows.lines import Line, cents, total
from workflows.pairing import folded, pair, price_of
from workflows.reading import DocumentFormat, Reading, ReadLine
from workflows.units import converted, price_in

UNKNOWN_ORDER: Final = N_(
    "%(name)s confirms the order %(order)s, which is none of ours to you. Which order do you confirm?"
)
NO_ORDER: Final = N_("%(name)s names no order of ours. Which order do you confirm?")
NO_LINES: Final = N_("We could not read the items of %(name)s. Do you confirm the order %(order)s as it is?")
LINE_MISSING: Final = N_(
    "Item %(n)s of the order %(order)s (%(beside)s) is not in %(name)s. Do you deliver it as ordered?"
)
LINE_NEW: Final = N_("%(beside)s in %(name)s is not in the order %(order)s. What is it for?")
UNIT_OTHER: Final = N_(
    "Item %(n)s of the order %(order)s is in another unit in %(name)s. Which quantity do you confirm?"
)
LINE_UNCLEAR: Final = N_(
    "Which price and quantity do you confirm for item %(n)s of the order %(order)s? %(name)s does not say it clearly."
)
DAYS_DIFFER: Final = N_(
    "%(name)s gives several days for item %(n)s of the order %(order)s. When do you deliver all of it?"
)
OTHER_CURRENCY: Final = N_(
    "%(name)s is in %(given)s, but the order %(order)s is in %(asked)s. Which prices do you mean?"
)
CHARGED: Final = N_("%(name)s adds %(amount)s to the items, which the order %(order)s does not. What is it for?")
SUM_OTHER: Final = N_(
    "The items of %(name)s agree with the order %(order)s, but its total is %(given)s and not %(asked)s. What differs?"
)
CHANGES_UNSAID: Final = N_(
    "%(name)s accepts the order %(order)s with changes, but does not say which. What shall change?"
)

_MACHINES: Final = (DocumentFormat.UBL, DocumentFormat.CII)
"""Formats in which a line or a price that is not there is not meant, and not merely unread."""
_MILLIONTH: Final = Decimal("0.000001")


@dataclass(slots=True)
class _Whole:
    """What the lines of a confirmation say of one ordered line, all together."""

    ordered: Line
    quantity: Decimal | None = None
    prices: list[Decimal] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    net: Decimal | None = Decimal(0)
    unclear: bool = False
    """Whether its price cannot be told."""
    other_unit: bool = False


def confirmed(reading: Reading, orders: Sequence[Document[Any]], name: str) -> dict[int, SheetSaid]:
    """What a confirmation that was read from the file *name* asks of each of *orders*, by the order's id."""
    said = {document.id: SheetSaid() for document in orders}
    first = orders[0]
    for document in orders:
        known: dict[str, object] = {"name": name, "order": document.label}
        if any(defect.code == "order_changes_unsaid" for defect in reading.defects):
            said[document.id].ask("confirmation_unsaid", CHANGES_UNSAID, **known)
        if reading.currency and document.currency and reading.currency != document.currency:
            said[document.id].ask("currency", OTHER_CURRENCY, **known, given=reading.currency, asked=document.currency)
    if any(one.questions for one in said.values()):
        return said
    if not reading.lines:
        if reading.format not in _MACHINES:
            for document in orders:
                said[document.id].ask("confirmation_lines", NO_LINES, name=name, order=document.label)
        return _acknowledged(said, name)
    wholes = _paired(reading, orders, said[first.id], name, first.label)
    for document in orders:
        for line in document.content.lines:
            _compare(line, wholes[document.id].get(line.n), document, reading, said[document.id], name)
    if not any(one.actions or one.questions for one in said.values()):
        _compare_sums(reading, orders, said[first.id], name)
    return _acknowledged(said, name)


def _acknowledged(said: dict[int, SheetSaid], name: str) -> dict[int, SheetSaid]:
    for one in said.values():
        if not one.actions and not one.questions:
            one.actions.append(Action("acknowledge", heard=name))
    return said


def _paired(
    reading: Reading, orders: Sequence[Document[Any]], said: SheetSaid, name: str, label: str
) -> dict[int, dict[int, _Whole]]:
    """What is said of each ordered line, by order and line; asks about lines that no order has."""
    lines = [
        InvoiceLine(**line_fields(n, read), order_named=read.order, order_line_named=read.order_line)
        for n, read in enumerate(reading.lines, 1)
    ]
    ordered = [
        Ordered(document.id, document.label, line, line.quantity or Decimal(0))
        for document in orders
        for line in document.content.lines
    ]
    pairs = pair(lines, ordered)
    by_text: dict[str | None, list[Ordered]] = defaultdict(list)
    for one in ordered:
        by_text[folded(one.line.text)].append(one)
    found: dict[int, dict[int, _Whole]] = defaultdict(dict)
    for line, read in zip(lines, reading.lines, strict=True):
        to = pairs.get(line.n) or _of_same_text(by_text.get(folded(line.text), ()), read)
        if to is None or (line.paired_by == "price and unit" and line.quantity != to.line.quantity):
            # A price alone may be that of something else; where the quantity is the ordered one, too, it is the item.
            said.ask("confirmation_new", LINE_NEW, name=name, order=label, beside=(line.text or read.id or "?")[:80])
            continue
        whole = found[to.order_id].setdefault(to.line.n, _Whole(to.line))
        _add(whole, line, read, reading)
    return found


def _of_same_text(candidates: Sequence[Ordered], read: ReadLine) -> Ordered | None:
    """The item that comes in several parts, or the one of several alike that stands under the same number."""
    at_number = [one for one in candidates if str(one.line.n) == (read.id or "").lstrip("0")]
    of_order = [one for one in candidates if read.order == one.order_number]
    return next((found[0] for found in (at_number, of_order, candidates) if len(found) == 1), None)


def _add(whole: _Whole, line: InvoiceLine, read: ReadLine, reading: Reading) -> None:
    ordered = whole.ordered
    quantity = line.quantity
    if quantity is not None:
        in_unit = converted(quantity, line.unit, ordered.unit)
        whole.other_unit = whole.other_unit or in_unit is None
        whole.quantity = (whole.quantity or Decimal(0)) + (in_unit or Decimal(0))
    whole.net = None if whole.net is None or line.net is None else whole.net + line.net
    if day := read.delivery_date or reading.delivery_date:
        whole.days.add(day)
    if quantity == 0:  # of what will not come, no price need be said
        return
    price = price_of(line)
    if price is not None and line.net is not None and quantity and abs(cents(price * quantity) - line.net) > 0:
        price = None  # a discount or a charge within the line: what it comes to counts
    if price is None and line.net is not None and quantity:
        price = (line.net / quantity).quantize(_MILLIONTH).normalize()
    if price is None or line.beside > 0:
        whole.unclear = whole.unclear or line.beside > 0 or reading.format not in _MACHINES
        return
    price_here = price_in(price, line.unit, ordered.unit)
    whole.other_unit = whole.other_unit or price_here is None
    whole.prices.append(price if price_here is None else price_here)


def _compare(
    line: Line, whole: _Whole | None, document: Document[Any], reading: Reading, said: SheetSaid, name: str
) -> None:
    """Ask about *line*, or make what differs of it a proposal."""
    known: dict[str, object] = {"name": name, "order": document.label, "n": line.n}
    if whole is None:
        said.ask("confirmation_missing", LINE_MISSING, **known, beside=line.text[:80])
        return
    if whole.other_unit:
        said.ask("confirmation_unit", UNIT_OTHER, **known)
        return
    unread = whole.quantity is None and reading.format not in _MACHINES and whole.net != line.sum()
    proved = reading.net is not None and reading.net == document.content.sum()
    if unread or len(set(whole.prices)) > 1 or (whole.unclear and not proved):
        said.ask("price", LINE_UNCLEAR, **known)
        return
    was_day = line.delivery_date or document.content.delivery_date
    if len(whole.days) > 1 and was_day is not None and whole.days != {was_day}:
        said.ask("date", DAYS_DIFFER, **known)
        return
    price = _price(line, whole)
    quantity = whole.quantity if line.quantity is not None and whole.quantity != line.quantity else None
    # A day where none was asked for is a promise, and no other day than the ordered one.
    day = next((d for d in whole.days if d != was_day), None) if was_day is not None else None
    if price is None and quantity is None and day is None:
        return
    said.actions.append(Action("counter_line", n=line.n, price=price, qty=quantity, date=day, heard=name))
    for shown, new, was in (
        ("unit_price", price, line.unit_price),
        ("quantity", quantity, line.quantity),
        ("delivery_date", day, was_day),
    ):
        if new is not None:
            said.found("counter_line", line, shown, new, was, document.currency)


def _price(line: Line, whole: _Whole) -> Decimal | None:
    """The price that is confirmed instead, for the ordered line's own base quantity; None where it is the ordered."""
    agreed = price_of(line)
    if not whole.prices or all(price == agreed for price in whole.prices):
        return None
    if agreed is not None and whole.net is not None and whole.quantity and cents(agreed * whole.quantity) == whole.net:
        return None  # the rounding of a price worked out from the sum
    return (whole.prices[0] * (line.base_quantity or Decimal(1))).quantize(_MILLIONTH).normalize()


def _compare_sums(reading: Reading, orders: Sequence[Document[Any]], said: SheetSaid, name: str) -> None:
    """The whole, where all lines agree: a charge, a discount or another total was not ordered."""
    label = ", ".join(document.label for document in orders)
    agreed = total(document.content.sum() for document in orders)
    currency = orders[0].currency or ""
    beside = sum((charge.amount for charge in reading.charges), Decimal(0))
    ordered_beside = sum((charge.amount for d in orders for charge in d.content.charges), Decimal(0))
    if beside > ordered_beside:
        said.ask("charge", CHARGED, name=name, order=label, amount=f"{beside - ordered_beside:f} {currency}".strip())
    elif beside == ordered_beside and reading.net is not None and agreed is not None and reading.net != agreed:
        given, asked = (f"{value:f} {currency}".strip() for value in (reading.net, agreed))
        said.ask("net", SUM_OTHER, name=name, order=label, given=given, asked=asked)


def orders_meant(
    reading: Reading, named: Mapping[str, int], thread: Document[Any] | None, name: str
) -> tuple[list[int], tuple[str, str, dict[str, str]] | None]:
    """The ids of the orders that a confirmation is for, or the question that must be asked instead.

    *named* are the supplier's orders with the numbers that stand in it; the *thread*'s own counts where it names none.
    """
    if named:
        return sorted(named.values()), None
    strange = next((number for number in reading.orders if number), None)
    if strange is not None:
        return [], ("confirmation_order", UNKNOWN_ORDER, {"name": name, "order": strange[:60]})
    if thread is not None and thread.kind == "order":
        return [thread.id], None
    return [], ("confirmation_order", NO_ORDER, {"name": name})
