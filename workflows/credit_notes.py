"""The credit note: read, confirmed by the supplier, compared with the invoice that it credits, decided by the customer.

It lives as an invoice does, through the same rules; what it gives back to the order counts from its approval on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from workflows import invoices as of_invoices
from workflows.crediting import NOT_DECIDED, Effect, match_credit
from workflows.engine.act import Act
from workflows.engine.content import Nothing, Reason
from workflows.engine.workflow import Step, Workflow
from workflows.errors import TransitionNotAllowed
from workflows.invoices import (
    ACCOUNTS,
    APPROVED,
    BUYER,
    DRAFT,
    IN_REVISION,
    MATCHING,
    PENDING,
    SUPPLIER,
    Edit,
    Invoice,
    InvoiceStatus,
    Number,
    Replacement,
)
from workflows.people import approver, supplier, system
from workflows.remaining import counted

REJECTED, CANCELED = InvoiceStatus.REJECTED, InvoiceStatus.CANCELED


@dataclass(slots=True)
class CreditNote(Invoice):
    """The content of a credit note; its amounts are positive, as the invoice's are that it credits."""

    credits: list[str] = field(default_factory=list)
    """The invoices that it names (BT-25)."""
    credited_id: int | None = None
    effect: Effect | None = None

    def facts(self) -> dict[str, object]:
        """What notices and pages show."""
        return {
            **Invoice.facts(self),
            "credits": ", ".join(self.credits) or None,
            "effect": None if self.effect is None else self.effect.value,
        }

    def match(self, act: Act) -> None:
        """Compare it with the invoice that it credits."""
        match_credit(act, self)

    def settle(self, act: Act) -> None:
        """The same while it is made."""
        match_credit(act, self)


credit_notes = Workflow("credit_note", InvoiceStatus, CreditNote, final=(REJECTED, CANCELED), more_facts=counted)


@credit_notes.create(to=(DRAFT,), who=supplier, event="drafted", undo=of_invoices.draft.undo)
def draft(note: CreditNote, data: Nothing, act: Act) -> InvoiceStatus:
    """Make a draft of a credit note that was read."""
    return _as(of_invoices.draft, note, data, act)


@credit_notes.step(
    (DRAFT, IN_REVISION),
    to=(DRAFT, IN_REVISION),
    who=supplier,
    entries="invoice_line",
    event="edited",
    undo=of_invoices.edit.undo,
)
def edit(note: CreditNote, data: Edit, act: Act) -> InvoiceStatus:
    """Change lines, dates, tax or the comment before the credit note is sent."""
    return _as(of_invoices.edit, note, data, act)


@credit_notes.step((DRAFT, IN_REVISION), to=(DRAFT, IN_REVISION), who=supplier, undo=of_invoices.replace.undo)
def replace(note: CreditNote, data: Replacement, act: Act) -> InvoiceStatus:
    """Take the content from the document sent again, under the same number."""
    new = data.invoice
    if isinstance(new, CreditNote) and (new.credits or note.credited_id is None):
        # What it names now is what it credits, also where that is another invoice, or none that is known.
        note.credits, note.credited_id = new.credits, new.credited_id
        note.order_ids, note.order_numbers = list(new.order_ids), list(new.order_numbers)
    return _as(of_invoices.replace, note, data, act)


@credit_notes.step(
    (DRAFT, IN_REVISION), to=(DRAFT, IN_REVISION), who=supplier, event="numbered", undo=of_invoices.invoice_number.undo
)
def invoice_number(note: CreditNote, data: Number, act: Act) -> InvoiceStatus:
    """Give the supplier's own number of the credit note."""
    return _as(of_invoices.invoice_number, note, data, act)


@credit_notes.step(
    (DRAFT, IN_REVISION),
    to=(MATCHING, PENDING),
    who=supplier,
    deciding=True,
    tells={
        MATCHING: ((BUYER, "credit-note-differs"), (SUPPLIER, "credit-note-received")),
        PENDING: ((BUYER, "credit-note-to-approve"), (SUPPLIER, "credit-note-received")),
    },
    undo=of_invoices.confirm.undo,
)
def confirm(note: CreditNote, data: Nothing, act: Act) -> InvoiceStatus:
    """Send the credit note to the customer."""
    return _as(of_invoices.confirm, note, data, act)


@credit_notes.step(
    (DRAFT, MATCHING, PENDING, IN_REVISION),
    to=(CANCELED,),
    who=supplier,
    deciding=True,
    tells={CANCELED: ((BUYER, "credit-note-canceled"),)},
    undo=of_invoices.withdraw.undo,
)
def withdraw(note: CreditNote, data: Reason, act: Act) -> InvoiceStatus:
    """Take the credit note back before it is approved."""
    return _as(of_invoices.withdraw, note, data, act)


@credit_notes.step(
    (MATCHING, PENDING),
    to=(APPROVED,),
    who=approver,
    deciding=True,
    tells={APPROVED: ((SUPPLIER, "credit-note-approved"),)},
)
def approve(note: CreditNote, data: Nothing, act: Act) -> InvoiceStatus:
    """Approve the credit note; what it gives back can be invoiced again from now on."""
    if note.credited_id is not None:
        invoice = act.load(note.credited_id)
        if invoice.status.value in NOT_DECIDED:
            # Rejected later, the invoice would give back what the credit note gave back already.
            raise TransitionNotAllowed("Please decide on invoice %(invoice)s first.", invoice=invoice.label)
        note.match(act)  # the invoice may have been corrected to less since: no more comes back than it holds
        if invoice.status.value in (REJECTED.value, CANCELED.value):
            for line in note.lines:
                line.counted = line.returned = Decimal(0)  # the invoice holds nothing that could come back
    return APPROVED


@credit_notes.step(
    (MATCHING, PENDING),
    to=(REJECTED,),
    who=approver,
    deciding=True,
    tells={REJECTED: ((SUPPLIER, "credit-note-rejected"),)},
    undo=of_invoices.reject.undo,
)
def reject(note: CreditNote, data: Reason, act: Act) -> InvoiceStatus:
    """Reject the credit note for good, with a reason that the supplier reads."""
    return _as(of_invoices.reject, note, data, act)


@credit_notes.step(
    (MATCHING, PENDING),
    to=(IN_REVISION,),
    who=approver,
    deciding=True,
    tells={IN_REVISION: ((SUPPLIER, "credit-note-action-needed"),)},
    undo=of_invoices.send_back.undo,
)
def send_back(note: CreditNote, data: Reason, act: Act) -> InvoiceStatus:
    """Send the credit note back for revision, saying what to correct; the supplier reads it."""
    return _as(of_invoices.send_back, note, data, act)


@credit_notes.step(
    (DRAFT,),
    to=(DRAFT,),
    who=system,
    stale=False,
    event="reminded",
    reminder=True,
    tells={DRAFT: ((SUPPLIER, "credit-note-reminder"),)},
)
def remind(note: CreditNote, data: Nothing, act: Act) -> InvoiceStatus:
    """Remind the supplier of a draft that waits for their word."""
    return _as(of_invoices.remind, note, data, act)


@credit_notes.step(
    (DRAFT,),
    to=(DRAFT,),
    who=system,
    stale=False,
    event="handed_over",
    tells={DRAFT: ((ACCOUNTS, "credit-note-unconfirmed"),)},
)
def hand_over(note: CreditNote, data: Nothing, act: Act) -> InvoiceStatus:
    """Hand a draft that nobody confirmed to accounts payable."""
    return _as(of_invoices.hand_over, note, data, act)


def _as(step: Step, note: CreditNote, data: object, act: Act) -> InvoiceStatus:
    """What the invoice's step does, done to a credit note."""
    reached: InvoiceStatus = step.rule(note, data, act)
    return reached
