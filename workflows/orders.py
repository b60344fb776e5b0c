"""The purchase order: sent, then acknowledged, countered or refused; what is left to invoice is derived."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, Field

from store.documents import OrderLine as LineRow
from workflows.counter_proposals import Counter, CounterLine, Decided, DecidedLine, accepted_of, proposed, take
from workflows.engine.act import Act
from workflows.engine.content import Heading, Nothing, Reason
from workflows.engine.document import load_many
from workflows.engine.perform import perform
from workflows.engine.registry import step_named
from workflows.engine.telling import local_day
from workflows.engine.workflow import Workflow, as_it_was
from workflows.errors import DataMissing, TransitionNotAllowed
from workflows.lines import Line, total
from workflows.people import Reader, buyer, supplier, system
from workflows.reading import Charge
from workflows.remaining import counted, standing_for

BUYER, SUPPLIER = Reader.BUYER, Reader.SUPPLIER


class OrderStatus(StrEnum):
    """The life of an order."""

    SENT = "sent"
    """The supplier has it; its answer is awaited."""
    ACKNOWLEDGED = "acknowledged"
    COUNTERED = "countered"
    """The supplier proposed other terms for some lines."""
    REFUSED = "refused"
    CLOSED = "closed"
    CANCELED = "canceled"


@dataclass(slots=True)
class Receipt:
    """So much of a line came in on a day; less than nothing corrects what was recorded."""

    n: int
    qty: Decimal
    date: dt.date | None = None


@dataclass(slots=True)
class ReceivedLine:
    """How much came of one line."""

    n: int
    came: Annotated[Decimal, Field(validation_alias=AliasChoices("came", "qty"))]


@dataclass(slots=True)
class Received:
    """What came in, line by line, or all that was still to come; today, unless it says when."""

    lines: list[ReceivedLine] = field(default_factory=list)
    on: dt.date | None = None
    whole: bool = False


@dataclass(slots=True)
class PurchaseOrder:
    """The content of an order."""

    line_table: ClassVar[type[LineRow]] = LineRow

    number: str
    currency: str
    lines: list[Line] = field(default_factory=list)
    issue_date: date | None = None
    delivery_date: date | None = None
    terms: str | None = None
    note: str | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    countered: list[CounterLine] = field(default_factory=list)
    decided: list[DecidedLine] = field(default_factory=list)
    """What was decided of the changes that were proposed last."""
    charges: list[Charge] = field(default_factory=list)
    """Charges and allowances agreed for the whole order."""
    rates: dict[str, Decimal] = field(default_factory=dict)
    """What one unit of other currencies was in the order's when it was sent."""
    received: list[Receipt] = field(default_factory=list)

    def heading(self) -> Heading:
        """Number and total with tax, if it was given."""
        return Heading(self.number, "", self.currency, self.gross or self.sum())

    def sum(self) -> Decimal | None:
        """The net sum as sent, else that of the lines."""
        return self.net if self.net is not None else total(line.sum() for line in self.lines)

    def facts(self) -> dict[str, object]:
        """What notices and pages show."""
        countered, decided = {c.n: c for c in self.countered}, {one.n: one.verdict for one in self.decided}
        came = received(self)
        return {
            "issue_date": self.issue_date,
            "delivery_date": self.delivery_date,
            "terms": self.terms,
            "note": self.note,
            "net": self.sum(),
            "tax": self.tax,
            "gross": self.gross,
            "lines": [
                {
                    **line.facts(),
                    **proposed(countered.get(line.n)),
                    "verdict": decided.get(line.n),
                    "received": came.get(line.n),
                }
                for line in self.lines
            ],
        }

    def line_rows(self) -> list[dict[str, Any]]:
        """The rows of the line table."""
        return [line.row() | {"delivery_date": line.delivery_date or self.delivery_date} for line in self.lines]


def received(order: PurchaseOrder) -> dict[int, Decimal]:
    """What came in of each line, all receipts together."""
    found: dict[int, Decimal] = {}
    for one in order.received:
        found[one.n] = found.get(one.n, Decimal(0)) + one.qty
    return found


orders = Workflow(
    "order",
    OrderStatus,
    PurchaseOrder,
    final=(OrderStatus.REFUSED, OrderStatus.CLOSED, OrderStatus.CANCELED),
    more_facts=counted,
)
OPEN = (OrderStatus.SENT, OrderStatus.ACKNOWLEDGED, OrderStatus.COUNTERED)


def _unless_invoiced(order: PurchaseOrder, status: OrderStatus, act: Act) -> OrderStatus:
    """The order as it was, unless invoices have been compared with it as it is."""
    assert act.document is not None
    if standing_for(act.session, [act.document.id]):
        raise TransitionNotAllowed(
            "Invoices have been compared with %(document)s as it is now; this cannot be taken back any more.",
            document=act.document.label,
        )
    act.forget("compare_invoices")
    return status


@orders.create(to=(OrderStatus.SENT,), who=buyer, tells={OrderStatus.SENT: ((SUPPLIER, "order-sent"),)})
def send(order: PurchaseOrder, data: Nothing, act: Act) -> OrderStatus:
    """Send the order to the supplier."""
    return OrderStatus.SENT


@orders.step(
    (OrderStatus.SENT, OrderStatus.COUNTERED),
    to=(OrderStatus.ACKNOWLEDGED,),
    who=supplier,
    deciding=True,
    tells={OrderStatus.ACKNOWLEDGED: ((BUYER, "order-acknowledged"),)},
    undo=as_it_was,
)
def acknowledge(order: PurchaseOrder, data: Nothing, act: Act) -> OrderStatus:
    """Confirm the order as it is."""
    order.countered, order.decided = [], []
    return OrderStatus.ACKNOWLEDGED


@orders.step(
    (OrderStatus.SENT, OrderStatus.COUNTERED),
    to=(OrderStatus.REFUSED,),
    who=supplier,
    deciding=True,
    tells={OrderStatus.REFUSED: ((BUYER, "order-refused"),)},
    undo=as_it_was,
)
def refuse(order: PurchaseOrder, data: Reason, act: Act) -> OrderStatus:
    """Refuse the whole order, with a reason."""
    return OrderStatus.REFUSED


@orders.step(
    (OrderStatus.SENT, OrderStatus.COUNTERED),
    to=(OrderStatus.COUNTERED,),
    who=supplier,
    entries="counter_line",
    event="countered",
    tells={OrderStatus.COUNTERED: ((BUYER, "order-countered"),)},
    undo=as_it_was,
)
def counter(order: PurchaseOrder, data: Counter, act: Act) -> OrderStatus:
    """Propose another price, quantity or date for some lines."""
    known = {line.n for line in order.lines}
    for line in data.lines:
        if line.n not in known:
            raise DataMissing("Order %(order)s has no line %(n)s.", order=order.number, n=line.n)
    if not data.lines:
        raise DataMissing("Say which line should change, and how.")
    changed = {line.n: line for line in (*order.countered, *data.lines)}
    order.countered, order.decided = [changed[n] for n in sorted(changed)], []
    return OrderStatus.COUNTERED


@orders.step(
    (OrderStatus.COUNTERED,),
    to=(OrderStatus.ACKNOWLEDGED,),
    who=buyer,
    deciding=True,
    event="changes_accepted",
    tells={OrderStatus.ACKNOWLEDGED: ((SUPPLIER, "order-changes-accepted"),)},
    undo=_unless_invoiced,
)
def approve(order: PurchaseOrder, data: Nothing, act: Act) -> OrderStatus:
    """Accept the changes that the supplier proposes; the order has them from now on."""
    order.countered, order.decided = take(order, order.countered), []
    _compare_invoices_soon(act)
    return OrderStatus.ACKNOWLEDGED


@orders.step(
    (OrderStatus.COUNTERED,),
    to=(OrderStatus.SENT,),
    who=buyer,
    deciding=True,
    event="changes_refused",
    tells={OrderStatus.SENT: ((SUPPLIER, "order-changes-refused"),)},
    undo=as_it_was,
)
def reject(order: PurchaseOrder, data: Reason, act: Act) -> OrderStatus:
    """Refuse the changes that the supplier proposes; the order stays as it was, and the supplier is asked again."""
    order.countered, order.decided = [], []
    return OrderStatus.SENT


@orders.step(
    (OrderStatus.COUNTERED,),
    to=(OrderStatus.ACKNOWLEDGED, OrderStatus.SENT),
    who=buyer,
    deciding=True,
    event="changes_decided",
    tells={
        OrderStatus.ACKNOWLEDGED: ((SUPPLIER, "order-changes-accepted"),),
        OrderStatus.SENT: ((SUPPLIER, "order-changes-decided"),),
    },
    undo=_unless_invoiced,
)
def decide(order: PurchaseOrder, data: Decided, act: Act) -> OrderStatus:
    """Accept the changes of some items and refuse those of others; where any is refused the supplier is asked again."""
    accepted = accepted_of(order, data)
    refused = len(order.countered) > len(accepted)
    order.decided = data.lines
    order.countered = take(order, accepted)
    if accepted:
        _compare_invoices_soon(act)
    return OrderStatus.SENT if refused else OrderStatus.ACKNOWLEDGED


def _compare_invoices_soon(act: Act) -> None:
    """Let the invoices for the order be compared with it as it is now."""
    assert act.document is not None
    if standing_for(act.session, [act.document.id]):
        act.remind("compare_invoices", act.now)


@orders.step(OPEN, to=OPEN, who=buyer, entries="received_line", event="received", stale=False, undo=_unless_invoiced)
def receive(order: PurchaseOrder, data: Received, act: Act) -> OrderStatus:
    """Record what came in of the order; less than nothing takes back what was recorded."""
    if act.company.settings.get("receipts") != "on":
        raise DataMissing("Receipts are not kept here yet. They are switched on with: postroom company set receipts=on")
    came, on = received(order), data.on or local_day(act)
    found = [Receipt(line.n, line.came, on) for line in data.lines]
    if data.whole:
        said = {line.n for line in data.lines}
        left = [(line.n, (line.quantity or Decimal(0)) - came.get(line.n, Decimal(0))) for line in order.lines]
        found += [Receipt(n, quantity, on) for n, quantity in left if quantity > 0 and n not in said]
    known = {line.n for line in order.lines}
    for one in found:
        if one.n not in known:
            raise DataMissing("Order %(order)s has no line %(n)s.", order=order.number, n=one.n)
        came[one.n] = came.get(one.n, Decimal(0)) + one.qty
        if came[one.n] < 0:
            raise DataMissing("Less than nothing would have come of line %(n)s.", n=one.n)
    if not found:
        raise DataMissing("Say of which line how much came, such as: received 1: 5.")
    order.received = [*order.received, *found]
    act.remind("compare_invoices", act.now)
    return _as_it_is(act)


@orders.step(OPEN, to=OPEN, who=system, stale=False, event="invoices_compared")
def compare_invoices(order: PurchaseOrder, data: Nothing, act: Act) -> OrderStatus:
    """Compare the invoices that wait for the owner's decision again, after goods came in."""
    assert act.document is not None
    compare = step_named("invoice.compare_again")
    for waiting in load_many(act.session, standing_for(act.session, [act.document.id])):
        if waiting.status in compare.sources:
            perform(compare, waiting.id, Nothing(), act.follow())
    return _as_it_is(act)


def _as_it_is(act: Act) -> OrderStatus:
    assert act.document is not None
    return OrderStatus(act.document.status)


@orders.step(
    OPEN,
    to=(OrderStatus.CANCELED,),
    who=buyer,
    deciding=True,
    tells={OrderStatus.CANCELED: ((SUPPLIER, "order-canceled"),)},
    event="canceled",
    undo=as_it_was,
)
def cancel(order: PurchaseOrder, data: Reason, act: Act) -> OrderStatus:
    """Cancel the order."""
    return OrderStatus.CANCELED
