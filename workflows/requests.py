"""The request for proposal: published to suppliers, closed at its deadline, awarded to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from store.documents import Document as Row
from workflows.engine.act import Act
from workflows.engine.content import Heading, Nothing, Reason
from workflows.engine.perform import create, perform
from workflows.engine.workflow import Workflow
from workflows.lines import Line
from workflows.people import buyer, system
from workflows.proposals import Bid, Proposal
from workflows.proposals import invite as invite_proposal
from workflows.proposals import lose as lose_proposal


class RequestStatus(StrEnum):
    """The life of a request."""

    OPEN = "open"
    CLOSED = "closed"
    """The deadline has passed; the buyer decides."""
    AWARDED = "awarded"
    NOT_AWARDED = "not_awarded"
    CANCELED = "canceled"


OPEN, CLOSED = RequestStatus.OPEN, RequestStatus.CLOSED


@dataclass(slots=True)
class Invited:
    """Suppliers who are asked, by their row."""

    supplier_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Winner:
    """The proposal that wins, by its row."""

    winner: int


@dataclass(slots=True)
class RequestForProposal:
    """The content of a request."""

    number: str
    title: str
    currency: str | None
    lines: list[Line] = field(default_factory=list)
    deadline: datetime | None = None
    note: str | None = None

    def heading(self) -> Heading:
        """Number and title."""
        return Heading(self.number, self.title, self.currency, None)

    def facts(self) -> dict[str, object]:
        """What notices and pages show."""
        return {
            "deadline": self.deadline,
            "note": self.note,
            "lines": [line.facts() for line in self.lines],
        }


requests = Workflow(
    "request",
    RequestStatus,
    RequestForProposal,
    final=(RequestStatus.AWARDED, RequestStatus.NOT_AWARDED, RequestStatus.CANCELED),
)


@requests.create(to=(OPEN,), who=buyer, event="published")
def publish(request: RequestForProposal, data: Invited, act: Act) -> RequestStatus:
    """Ask suppliers for proposals; each gets one of its own, and sees no other."""
    if request.deadline is not None:
        act.remind("close", request.deadline)
    return OPEN


def invite_suppliers(act: Act, request_id: int, supplier_ids: list[int]) -> None:
    """Make a proposal for each supplier asked; called by whoever published, in the same transaction."""
    document = act.load(request_id)
    request: RequestForProposal = document.content
    for supplier_id in supplier_ids:
        bids = [
            Bid(**{name: getattr(line, name) for name in ("n", "text", "quantity", "unit", "buyer_sku")})
            for line in request.lines
        ]
        proposal = Proposal(request.number, request.title, request.currency, bids, request.deadline, None, request.note)
        create(
            invite_proposal,
            proposal,
            Nothing(),
            act.follow(),
            supplier_id=supplier_id,
            owner_id=document.owner_id,
            parent_id=document.id,
        )


@requests.step((OPEN,), to=(CLOSED,), who=system)
def close(request: RequestForProposal, data: Nothing, act: Act) -> RequestStatus:
    """Close the request at its deadline."""
    return CLOSED


@requests.step((OPEN, CLOSED), to=(RequestStatus.AWARDED,), who=system, event="awarded")
def settle(request: RequestForProposal, data: Winner, act: Act) -> RequestStatus:
    """Settle the request when a proposal is awarded: the others are told that they lost."""
    act.forget("close")
    for row in _proposals(act):
        if row.id != data.winner and row.status in ("invited", "draft", "submitted"):
            perform(lose_proposal, row.id, Reason(), act.follow())
    return RequestStatus.AWARDED


@requests.step((OPEN, CLOSED), to=(RequestStatus.CANCELED,), who=buyer, deciding=True, event="canceled")
def cancel(request: RequestForProposal, data: Reason, act: Act) -> RequestStatus:
    """Cancel the request; everybody who was asked is told."""
    act.forget("close")
    for row in _proposals(act):
        if row.status in ("invited", "draft", "submitted"):
            perform(lose_proposal, row.id, data, act.follow())
    return RequestStatus.CANCELED


def _proposals(act: Act) -> Sequence[Row]:
    """The proposals to this request, in the order in which they were asked for."""
    assert act.document is not None
    return act.session.scalars(
        select(Row).where(Row.parent_id == act.document.id, Row.kind == "proposal").order_by(Row.id)
    ).all()
