"""Counter-proposals: what a supplier proposes for lines of an order, and what the customer decides of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from workflows.errors import DataMissing
from workflows.lines import cents, total

if TYPE_CHECKING:
    from workflows.orders import PurchaseOrder


@dataclass(slots=True)
class CounterLine:
    """What the supplier proposes for one line instead."""

    n: int
    price: Decimal | None = None
    qty: Decimal | None = None
    date: dt.date | None = None


@dataclass(slots=True)
class Counter:
    """A counter-proposal, line by line."""

    lines: list[CounterLine] = field(default_factory=list)


class Verdict(StrEnum):
    """What the customer says of the changes to one line."""

    ACCEPT = "accept"
    REFUSE = "refuse"


@dataclass(slots=True)
class DecidedLine:
    """The verdict on the changes to one line."""

    n: int
    verdict: Verdict | None = None


@dataclass(slots=True)
class Decided:
    """The verdicts, one for each line with a change."""

    lines: list[DecidedLine] = field(default_factory=list)

    @staticmethod
    def concerns(order: PurchaseOrder) -> Collection[int]:
        """The lines that a form asks about."""
        return {counter.n for counter in order.countered}


def accepted_of(order: PurchaseOrder, decided: Decided) -> list[CounterLine]:
    """The changes that were accepted; raises `DataMissing` where one is left undecided, or there is none of a line."""
    verdicts = {one.n: one.verdict for one in decided.lines}
    for n in sorted(verdicts.keys() - Decided.concerns(order)):
        raise DataMissing("Nothing is proposed for item %(n)s.", n=n)
    for counter in order.countered:
        if verdicts.get(counter.n) is None:
            raise DataMissing("Please decide on item %(n)s, too.", n=counter.n)
    return [counter for counter in order.countered if verdicts[counter.n] == Verdict.ACCEPT]


def proposed(counter: CounterLine | None) -> Mapping[str, object]:
    if counter is None:
        return {}
    return {"proposed": {"price": counter.price, "quantity": counter.qty, "delivery_date": counter.date}}


def take(order: PurchaseOrder, accepted: Sequence[CounterLine]) -> list[CounterLine]:
    """Give the order what was *accepted*, after which nothing is proposed any more: an empty list.

    Sums that were sent and do not hold any more are worked out anew.
    """
    proposed = {counter.n: counter for counter in accepted}
    before = order.sum()
    for line in order.lines:
        new = proposed.get(line.n)
        if new is None:
            continue
        if new.price is not None:
            line.unit_price = new.price
        if new.qty is not None:
            line.quantity = new.qty
        if new.price is not None or new.qty is not None:
            line.net = line.worth()
        line.delivery_date = new.date or line.delivery_date
    net = total([*(line.sum() for line in order.lines), *(charge.amount for charge in order.charges)])
    if net == before:
        return []
    order.net = net
    rates = {line.tax_rate for line in order.lines}
    rate = rates.pop() if len(rates) == 1 and order.tax is not None else None
    order.tax = None if net is None or rate is None else cents(net * rate / 100)
    order.gross = None if net is None or order.tax is None else net + order.tax
    return []
