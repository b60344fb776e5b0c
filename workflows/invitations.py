"""The invitation: a mail that starts everything; accepting it makes the supplier's people known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflows.engine.act import Act
from workflows.engine.content import Heading, Nothing, Reason
from workflows.engine.workflow import Workflow, as_it_was
from workflows.people import Reader, buyer, supplier, system

BUYER, SUPPLIER = Reader.BUYER, Reader.SUPPLIER


class InvitationStatus(StrEnum):
    """The life of an invitation."""

    SENT = "sent"
    BY_MAIL = "by_mail"
    """Accepted; the supplier works by mail and links."""
    DECLINED = "declined"
    FAILED = "failed"
    """The mail could not be delivered."""
    EXPIRED = "expired"


SENT, BY_MAIL, FAILED = InvitationStatus.SENT, InvitationStatus.BY_MAIL, InvitationStatus.FAILED


@dataclass(slots=True)
class Invitation:
    """The content of an invitation."""

    supplier_name: str
    name: str
    address: str
    note: str | None = None

    def heading(self) -> Heading:
        """Whom it invites."""
        return Heading(None, self.supplier_name)

    def facts(self) -> dict[str, object]:
        """What notices and pages show."""
        return {"note": self.note, "invited": {"name": self.name, "address": self.address}}


invitations = Workflow("invitation", InvitationStatus, Invitation)


@invitations.create(to=(SENT,), who=buyer, tells={SENT: ((SUPPLIER, "invitation"),)})
def invite(invitation: Invitation, data: Nothing, act: Act) -> InvitationStatus:
    """Invite the supplier by mail."""
    return SENT


@invitations.step(
    (SENT, FAILED, InvitationStatus.EXPIRED, InvitationStatus.DECLINED),
    to=(BY_MAIL,),
    who=supplier,
    deciding=True,
    tells={BY_MAIL: ((BUYER, "invitation-accepted"),)},
    undo=as_it_was,
)
def accept(invitation: Invitation, data: Nothing, act: Act) -> InvitationStatus:
    """Accept the invitation."""
    return BY_MAIL


@invitations.step(
    (SENT, FAILED),
    to=(InvitationStatus.DECLINED,),
    who=supplier,
    deciding=True,
    tells={InvitationStatus.DECLINED: ((BUYER, "invitation-declined"),)},
    undo=as_it_was,
)
def decline(invitation: Invitation, data: Reason, act: Act) -> InvitationStatus:
    """Decline the invitation."""
    return InvitationStatus.DECLINED


@invitations.step((SENT,), to=(FAILED,), who=system, stale=False)
def fail(invitation: Invitation, data: Reason, act: Act) -> InvitationStatus:
    """Mark that the invitation could not be delivered."""
    return FAILED
