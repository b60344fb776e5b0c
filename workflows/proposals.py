"""The proposal: one supplier's answer to a request, line by line, revised until the deadline."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from store.documents import ProposalLine as LineRow
from workflows.engine.act import Act
from workflows.engine.content import Heading, Nothing, Reason
from workflows.engine.perform import perform
from workflows.engine.registry import step_named
from workflows.engine.workflow import Workflow
from workflows.errors import DataMissing, TransitionNotAllowed
from workflows.lines import Line, line_net, total
from workflows.people import Reader, approver, supplier, system

BUYER, SUPPLIER = Reader.BUYER, Reader.SUPPLIER


class ProposalStatus(StrEnum):
    """The life of a proposal."""

    INVITED = "invited"
    DRAFT = "draft"
    """The supplier has begun to answer; nothing is sent yet."""
    SUBMITTED = "submitted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    """The supplier offers none of the items."""
    AWARDED = "awarded"
    LOST = "lost"


INVITED, DRAFT, SUBMITTED = ProposalStatus.INVITED, ProposalStatus.DRAFT, ProposalStatus.SUBMITTED
WITHDRAWN, REJECTED = ProposalStatus.WITHDRAWN, ProposalStatus.REJECTED


@dataclass(slots=True)
class Bid(Line):
    """An item to quote and the answer to it: a price, or no bid, or nothing yet."""

    no_bid: bool = False


@dataclass(slots=True)
class QuoteLine:
    """A price for one item."""

    n: int
    price: Decimal
    currency: str | None = None


@dataclass(slots=True)
class Quote:
    """Prices for items."""

    lines: list[QuoteLine] = field(default_factory=list)


@dataclass(slots=True)
class ItemLine:
    """An item by its number."""

    n: int


@dataclass(slots=True)
class Items:
    """Items that the supplier does not offer."""

    lines: list[ItemLine] = field(default_factory=list)


@dataclass(slots=True)
class Delivery:
    """The estimated delivery date."""

    date: dt.date


@dataclass(slots=True)
class Remark:
    """Notes that belong to the proposal."""

    text: str


@dataclass(slots=True)
class Proposal:
    """The content of a proposal."""

    line_table: ClassVar[type[LineRow]] = LineRow

    request_number: str
    title: str
    currency: str | None
    lines: list[Bid] = field(default_factory=list)
    deadline: datetime | None = None
    delivery_date: date | None = None
    note: str | None = None
    remark: str | None = None

    def heading(self) -> Heading:
        """The request's number and the sum of what is offered."""
        return Heading(self.request_number, self.title, self.currency, self.sum())

    def sum(self) -> Decimal | None:
        """The sum of the priced items."""
        return total(bid.sum() for bid in self.lines if bid.unit_price is not None and not bid.no_bid)

    def facts(self) -> dict[str, object]:
        """What notices and pages show."""
        return {
            "delivery_date": self.delivery_date,
            "deadline": self.deadline,
            "note": self.note,
            "remark": self.remark,
            "net": self.sum(),
            "lines": [bid.facts() | {"bid": bid.unit_price, "no_bid": bid.no_bid} for bid in self.lines],
        }

    def line_rows(self) -> list[dict[str, Any]]:
        """The rows of the line table."""
        return [bid.row() | {"no_bid": bid.no_bid} for bid in self.lines]

    def unanswered(self) -> list[Bid]:
        """The items with neither a price nor a no."""
        return [bid for bid in self.lines if bid.unit_price is None and not bid.no_bid]


proposals = Workflow(
    "proposal",
    ProposalStatus,
    Proposal,
    final=(ProposalStatus.AWARDED, ProposalStatus.LOST),
)
OPEN = (INVITED, DRAFT, SUBMITTED)


def _while_open(proposal: Proposal, status: ProposalStatus, act: Act) -> ProposalStatus:
    """The proposal as it was, while it can still be answered."""
    _before_deadline(proposal, act)
    return status


@proposals.create(to=(INVITED,), who=system, tells={INVITED: ((SUPPLIER, "request-sent"),)})
def invite(proposal: Proposal, data: Nothing, act: Act) -> ProposalStatus:
    """Ask the supplier for a proposal."""
    return INVITED


@proposals.step(
    (*OPEN, WITHDRAWN, REJECTED), to=(DRAFT,), who=supplier, entries="quote_line", event="quoted", undo=_while_open
)
def quote(proposal: Proposal, data: Quote, act: Act) -> ProposalStatus:
    """Give a price for items."""
    _before_deadline(proposal, act)
    for line in data.lines:
        bid = _bid(proposal, line.n)
        if line.currency and proposal.currency and line.currency != proposal.currency:
            raise DataMissing(
                "Prices are asked for in %(asked)s; line %(n)s came in %(given)s.",
                asked=proposal.currency,
                n=line.n,
                given=line.currency,
            )
        bid.unit_price, bid.no_bid = line.price, False
        bid.net = line_net(bid.quantity, bid.unit_price, bid.base_quantity)
    return DRAFT


@proposals.step(
    (*OPEN, WITHDRAWN),
    to=(DRAFT, REJECTED),
    who=supplier,
    entries="no_bid",
    event="items_rejected",
    tells={REJECTED: ((BUYER, "proposal-rejected"),)},
    undo=_while_open,
)
def no_bid(proposal: Proposal, data: Items, act: Act) -> ProposalStatus:
    """Reject single items; when every item is rejected, so is the proposal."""
    _before_deadline(proposal, act)
    for line in data.lines:
        bid = _bid(proposal, line.n)
        bid.unit_price = bid.net = None
        bid.no_bid = True
    return REJECTED if all(bid.no_bid for bid in proposal.lines) else DRAFT


@proposals.step((*OPEN, WITHDRAWN), to=(DRAFT,), who=supplier, undo=_while_open)
def set_delivery(proposal: Proposal, data: Delivery, act: Act) -> ProposalStatus:
    """Give the estimated delivery date."""
    _before_deadline(proposal, act)
    proposal.delivery_date = data.date
    return DRAFT


@proposals.step((*OPEN, WITHDRAWN), to=(DRAFT,), who=supplier, event="remarked", undo=_while_open)
def set_remark(proposal: Proposal, data: Remark, act: Act) -> ProposalStatus:
    """Write notes that belong to the proposal."""
    proposal.remark = data.text.strip() or None
    return DRAFT


@proposals.step(
    (DRAFT,),
    to=(SUBMITTED,),
    who=supplier,
    deciding=True,
    event="submitted",
    tells={SUBMITTED: ((BUYER, "proposal-submitted"),)},
    undo=_while_open,
)
def confirm(proposal: Proposal, data: Nothing, act: Act) -> ProposalStatus:
    """Submit the proposal to the customer."""
    _before_deadline(proposal, act)
    if open_items := proposal.unanswered():
        raise DataMissing(
            'There is no price yet for %(items)s; say a price or "no bid".',
            items=", ".join(str(bid.n) for bid in open_items),
        )
    return SUBMITTED


@proposals.step(
    OPEN,
    to=(ProposalStatus.DECLINED,),
    who=supplier,
    deciding=True,
    tells={ProposalStatus.DECLINED: ((BUYER, "proposal-declined"),)},
    undo=_while_open,
)
def decline(proposal: Proposal, data: Reason, act: Act) -> ProposalStatus:
    """Decline the request."""
    return ProposalStatus.DECLINED


@proposals.step(
    (DRAFT, SUBMITTED),
    to=(WITHDRAWN,),
    who=supplier,
    deciding=True,
    tells={WITHDRAWN: ((BUYER, "proposal-withdrawn"),)},
    undo=_while_open,
)
def withdraw(proposal: Proposal, data: Reason, act: Act) -> ProposalStatus:
    """Take the proposal back; it can be answered again until the deadline."""
    return WITHDRAWN


@proposals.step(
    (SUBMITTED,),
    to=(ProposalStatus.AWARDED,),
    who=approver,
    deciding=True,
    tells={ProposalStatus.AWARDED: ((SUPPLIER, "proposal-awarded"),)},
)
def award(proposal: Proposal, data: Nothing, act: Act) -> ProposalStatus:
    """Award the request to this proposal; everybody who was asked is told."""
    assert act.document is not None
    assert act.document.parent_id is not None
    settle = step_named("request.settle")
    perform(settle, act.document.parent_id, settle.data.validate_python({"winner": act.document.id}), act.follow())
    return ProposalStatus.AWARDED


@proposals.step(
    (INVITED, DRAFT, SUBMITTED),
    to=(ProposalStatus.LOST,),
    who=system,
    event="lost",
    tells={ProposalStatus.LOST: ((SUPPLIER, "proposal-lost"),)},
)
def lose(proposal: Proposal, data: Reason, act: Act) -> ProposalStatus:
    """Tell the supplier that another proposal won, or that the request was canceled."""
    return ProposalStatus.LOST


def _bid(proposal: Proposal, n: int) -> Bid:
    for bid in proposal.lines:
        if bid.n == n:
            return bid
    raise DataMissing("The request has no line %(n)s.", n=n)


def _before_deadline(proposal: Proposal, act: Act) -> None:
    if proposal.deadline is not None and act.now > proposal.deadline:
        raise TransitionNotAllowed(
            "The deadline of %(request)s was %(deadline)s; it can no longer be answered.",
            request=proposal.request_number,
            deadline=f"moment:{proposal.deadline.isoformat()}",
        )
