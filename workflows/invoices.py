"""The invoice: read or made from an order, confirmed by the supplier, matched, decided by the customer."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from store.documents import InvoiceLine as LineRow
from workflows import layouts
from workflows.crediting import is_credited
from workflows.differences import Compared, Difference, InvoiceLine
from workflows.engine.act import Act
from workflows.engine.content import Heading, Nothing, Reason
from workflows.engine.reminding import working_hour
from workflows.engine.workflow import Workflow, as_it_was
from workflows.errors import DataMissing, TransitionNotAllowed
from workflows.invoice_matching import confirm_deadline, match_again
from workflows.lines import cents, total
from workflows.payments import Paid, Payment, facts_of, record
from workflows.people import Reader, accountant, approver, supplier, system
from workflows.reading import Charge
from workflows.remaining import counted

BUYER, SUPPLIER, ACCOUNTS = Reader.BUYER, Reader.SUPPLIER, Reader.ACCOUNTS


class InvoiceStatus(StrEnum):
    """The life of an invoice."""

    DRAFT = "draft"
    """Read, not confirmed."""
    MATCHING = "matching"
    """Differs from the order; its owner decides."""
    PENDING = "pending"
    """Agrees with the order; in approval."""
    IN_REVISION = "in_revision"
    """Sent back; the supplier must act."""
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELED = "canceled"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"


DRAFT, MATCHING, PENDING = InvoiceStatus.DRAFT, InvoiceStatus.MATCHING, InvoiceStatus.PENDING
IN_REVISION, APPROVED = InvoiceStatus.IN_REVISION, InvoiceStatus.APPROVED

REMINDED_AFTER = timedelta(hours=4)
"""A draft that nobody has confirmed by then is brought to mind, in working hours and before it is handed over."""


class TaxCategory(StrEnum):
    """Why no tax is charged: the codes of EN 16931 (BT-118) for a rate of 0."""

    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    NOT_SUBJECT = "O"
    ZERO_RATE = "Z"


@dataclass(slots=True)
class EditLine:
    """What changes on one line; a quantity of 0 takes the line off."""

    n: int
    qty: Decimal | None = None
    price: Decimal | None = None


@dataclass(slots=True)
class Edit:
    """Changes to an invoice before it is sent; None leaves a field as it is."""

    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    delivery_date: date | None = None
    tax_rate: Decimal | None = None
    tax_category: TaxCategory | None = None
    tax_reason: str | None = None
    comment: str | None = None
    lines: list[EditLine] = field(default_factory=list)


@dataclass(slots=True)
class Number:
    """The supplier's own invoice number."""

    number: str


@dataclass(slots=True)
class Invoice:
    """The content of an invoice: what was sent, and what matching found."""

    line_table: ClassVar[type[LineRow]] = LineRow

    currency: str | None = None
    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    delivery_date: date | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    due: Decimal | None = None
    prepayment: bool = False
    """Whether it is for a payment before delivery: it takes nothing of the order, and a later invoice takes it off."""
    deducted: Decimal | None = None
    """What it takes off of standing prepayments, with tax."""
    iban: str | None = None
    terms: str | None = None
    tax_category: TaxCategory | None = None
    """Why no tax is charged on lines with a rate of 0, and in words where that is not enough."""
    tax_reason: str | None = None
    lines: list[InvoiceLine] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    payments: list[Paid] = field(default_factory=list)
    still_open: Decimal | None = None
    """What is still to be paid of one that is paid in part."""
    order_ids: list[int] = field(default_factory=list)
    order_numbers: list[str] = field(default_factory=list)
    comment: str | None = None
    document_sha256: str | None = None
    defects: list[str | dict[str, Any]] = field(default_factory=list)
    """What was noticed when it was read: sentences, or `text` and `params` of one of the catalogues."""
    differences: list[Difference] = field(default_factory=list)
    report: list[Compared] = field(default_factory=list)
    """How each line, and the whole, was compared when the differences were found."""
    unconfirmed: bool = False
    """Nobody confirmed it in time; accounts payable has it."""
    received_at: datetime | None = None
    """When the mail with it came in, or it was made here; terms and periods may count from then."""

    def heading(self) -> Heading:
        """The supplier's number and the total with tax."""
        return Heading(self.number, "", self.currency, self.gross)

    def facts(self) -> dict[str, object]:
        """What notices and pages show."""
        return {
            "issue_date": self.issue_date,
            "received_at": self.received_at,
            "due_date": self.due_date,
            "delivery_date": self.delivery_date,
            "tax_category": self.tax_category,
            "tax_reason": self.tax_reason,
            "order_number": ", ".join(self.order_numbers) or None,
            "net": self.net,
            "tax": self.tax,
            "gross": self.gross,
            "prepaid": self.prepaid,
            "due": self.due,
            "effect": "prepayment" if self.prepayment else None,
            "terms": self.terms,
            "note": self.comment,
            "made_here": self.document_sha256 is None,
            "lines": [line.facts() | {"paired_by": line.paired_by, "order_n": line.order_n} for line in self.lines],
            "differences": [{**asdict(d), "code": d.code.value} for d in self.differences],
            "report": [_said(one) for one in self.report],
            "charges": [{"text": charge.text, "amount": charge.amount} for charge in self.charges],
            "unconfirmed": self.unconfirmed,
            **facts_of(self),
            "defects": list(self.defects),
        }

    def line_rows(self) -> list[dict[str, Any]]:
        """The rows of the line table."""
        return [
            line.row() | {"order_id": line.order_id, "order_n": line.order_n, "counted": line.counted}
            for line in self.lines
        ]

    def missing(self) -> list[str]:
        """The fields without which it cannot be sent; they are asked, never invented."""
        wanted = {"number": self.number, "issue_date": self.issue_date, "gross": self.gross, "currency": self.currency}
        return [name for name, value in wanted.items() if value in (None, "")]

    def match(self, act: Act) -> None:
        """Compare it with its orders as they are under lock."""
        match_again(act, self)

    def settle(self, act: Act) -> None:
        """Compare it while it is made: one that is made here takes off what was paid before."""
        match_again(act, self, take_off=self.document_sha256 is None)

    def sum_up(self, tax_rate: Decimal | None = None) -> None:
        """Make the totals those of the lines; *tax_rate*, in percent, is given to all of them."""
        if tax_rate is not None:
            for line in self.lines:
                line.tax_rate = tax_rate
        old_rate = self.tax / self.net * 100 if self.tax is not None and self.net else None
        self.net = total((*(line.sum() for line in self.lines), *(charge.amount for charge in self.charges)))
        if self.net is None:
            return
        if not self.charges and all(line.tax_rate is not None for line in self.lines):
            by_rate: dict[Decimal, Decimal] = {}
            for line in self.lines:
                rate = line.tax_rate or Decimal(0)
                by_rate[rate] = by_rate.get(rate, Decimal(0)) + (line.sum() or Decimal(0))
            self.tax = sum((cents(net * rate / 100) for rate, net in by_rate.items()), Decimal(0))
        elif old_rate is not None:
            self.tax = cents(self.net * old_rate / 100)
        if self.tax is None:
            return
        self.gross = self.net + self.tax
        self.due = self.gross - (self.prepaid or Decimal(0))


def _said(compared: Compared) -> dict[str, object]:
    """An entry of the report without what it does not say."""
    return {name: value for name, value in asdict(compared).items() if value not in (None, []) or name == "n"}


@dataclass(slots=True)
class Replacement:
    """The whole content anew, read from a document sent again."""

    invoice: Invoice


invoices = Workflow(
    "invoice",
    InvoiceStatus,
    Invoice,
    final=(InvoiceStatus.REJECTED, InvoiceStatus.CANCELED, InvoiceStatus.PAID),
    more_facts=counted,
)


def _dropped(invoice: Invoice, status: None, act: Act) -> InvoiceStatus:
    """Nothing comes of a draft whose making is taken back."""
    act.forget("hand_over")
    act.forget("remind")
    return InvoiceStatus.CANCELED


def _unchanged(invoice: Invoice, status: InvoiceStatus, act: Act) -> InvoiceStatus:
    """The draft before a change, compared with its orders as they are now; what the change taught is forgotten."""
    assert act.document is not None
    now = act.document.content
    layouts.unlearn(act, [name for name in layouts.FIELDS if getattr(now, name) != getattr(invoice, name)])
    invoice.match(act)
    return status


def _compared_anew(invoice: Invoice, status: InvoiceStatus, act: Act) -> InvoiceStatus:
    """The invoice before it was sent or decided, compared anew: what it holds of its orders may be another's by now."""
    invoice.match(act)
    if status is DRAFT:
        _await_confirm(act)
    if status in (MATCHING, PENDING):
        return MATCHING if invoice.differences else PENDING
    return status


def _not_approved(invoice: Invoice, status: InvoiceStatus, act: Act) -> InvoiceStatus:
    """The invoice before its approval, unless a credit note counts on that."""
    assert act.document is not None
    if is_credited(act, act.document):
        raise TransitionNotAllowed(
            "A credit note for %(document)s has been approved since; this cannot be taken back any more.",
            document=act.document.label,
        )
    return _compared_anew(invoice, status, act)


@invoices.create(to=(DRAFT,), who=supplier, event="drafted", undo=_dropped)
def draft(invoice: Invoice, data: Nothing, act: Act) -> InvoiceStatus:
    """Make a draft of a document that was read, or of an order's lines."""
    invoice.settle(act)
    _await_confirm(act)
    return DRAFT


def _await_confirm(act: Act) -> None:
    """Remind the supplier of the draft, and hand it over when nobody confirms it."""
    deadline = confirm_deadline(act)
    act.remind("hand_over", deadline)
    reminder = working_hour(act.now + REMINDED_AFTER, act.company.time_zone)
    if reminder < deadline:
        act.remind("remind", reminder)


@invoices.step(
    (DRAFT, IN_REVISION), to=(DRAFT, IN_REVISION), who=supplier, entries="invoice_line", event="edited", undo=_unchanged
)
def edit(invoice: Invoice, data: Edit, act: Act) -> InvoiceStatus:
    """Change lines, dates, tax or the comment before the invoice is sent."""
    assert act.document is not None
    before = {name: getattr(invoice, name) for name in layouts.FIELDS}
    _edit_lines(invoice, data)
    for name in ("number", "issue_date", "due_date", "delivery_date", "tax_category", "tax_reason", "comment"):
        if (value := getattr(data, name)) not in (None, ""):
            setattr(invoice, name, value)
    if data.lines or data.tax_rate is not None:
        invoice.sum_up(data.tax_rate)
    layouts.learn(act, before, {name: getattr(invoice, name) for name in layouts.FIELDS})
    invoice.settle(act)
    status: InvoiceStatus = act.document.status  # type: ignore[assignment]
    return status


@invoices.step((DRAFT, IN_REVISION), to=(DRAFT, IN_REVISION), who=supplier, undo=_unchanged)
def replace(invoice: Invoice, data: Replacement, act: Act) -> InvoiceStatus:
    """Take the content from the document sent again, under the same number."""
    assert act.document is not None
    for name in (f.name for f in fields(Invoice) if f.name != "unconfirmed"):
        new = getattr(data.invoice, name)
        if new not in (None, [], "") or name in ("differences", "report", "defects"):
            setattr(invoice, name, new)
    invoice.match(act)
    status: InvoiceStatus = act.document.status  # type: ignore[assignment]
    return status


@invoices.step((DRAFT, IN_REVISION), to=(DRAFT, IN_REVISION), who=supplier, event="numbered", undo=_unchanged)
def invoice_number(invoice: Invoice, data: Number, act: Act) -> InvoiceStatus:
    """Give the supplier's own invoice number."""
    return edit.rule(invoice, Edit(number=data.number), act)  # type: ignore[no-any-return]


@invoices.step(
    (DRAFT, IN_REVISION),
    to=(MATCHING, PENDING),
    who=supplier,
    deciding=True,
    tells={
        MATCHING: ((BUYER, "invoice-differs"), (SUPPLIER, "invoice-received")),
        PENDING: ((BUYER, "invoice-to-approve"), (SUPPLIER, "invoice-received")),
    },
    undo=_compared_anew,
)
def confirm(invoice: Invoice, data: Nothing, act: Act) -> InvoiceStatus:
    """Send the invoice to the customer."""
    for name in invoice.missing():
        raise DataMissing("The invoice has no %(field)s yet; please say it.", field=f"field:{name}")
    invoice.match(act)
    invoice.unconfirmed = False
    act.forget("hand_over")
    act.forget("remind")
    return MATCHING if invoice.differences else PENDING


@invoices.step(
    (DRAFT, MATCHING, PENDING, IN_REVISION),
    to=(InvoiceStatus.CANCELED,),
    who=supplier,
    deciding=True,
    tells={InvoiceStatus.CANCELED: ((BUYER, "invoice-canceled"),)},
    undo=_compared_anew,
)
def withdraw(invoice: Invoice, data: Reason, act: Act) -> InvoiceStatus:
    """Take the invoice back before it is approved."""
    act.forget("hand_over")
    act.forget("remind")
    return InvoiceStatus.CANCELED


@invoices.step(
    (MATCHING, PENDING),
    to=(APPROVED,),
    who=approver,
    deciding=True,
    tells={APPROVED: ((SUPPLIER, "invoice-approved"),)},
    undo=_not_approved,
)
def approve(invoice: Invoice, data: Nothing, act: Act) -> InvoiceStatus:
    """Approve the invoice, with its differences where it has any."""
    # Without an approval chain the order's owner would be asked again at once: approving the differences approves it.
    return APPROVED


@invoices.step(
    (MATCHING, PENDING),
    to=(InvoiceStatus.REJECTED,),
    who=approver,
    deciding=True,
    tells={InvoiceStatus.REJECTED: ((SUPPLIER, "invoice-rejected"),)},
    undo=_compared_anew,
)
def reject(invoice: Invoice, data: Reason, act: Act) -> InvoiceStatus:
    """Reject the invoice for good, with a reason that the supplier reads."""
    if not data.reason.strip():
        raise DataMissing("Please give the supplier a reason: reject: reason.")
    return InvoiceStatus.REJECTED


@invoices.step(
    (MATCHING, PENDING),
    to=(IN_REVISION,),
    who=approver,
    deciding=True,
    tells={IN_REVISION: ((SUPPLIER, "invoice-action-needed"),)},
    undo=_compared_anew,
)
def send_back(invoice: Invoice, data: Reason, act: Act) -> InvoiceStatus:
    """Send the invoice back for revision, saying what to correct; the supplier reads it."""
    if not data.reason.strip():
        raise DataMissing("Please say what the supplier should correct: revise: what.")
    return IN_REVISION


@invoices.step(
    (DRAFT,),
    to=(DRAFT,),
    who=system,
    stale=False,
    event="reminded",
    reminder=True,
    tells={DRAFT: ((SUPPLIER, "invoice-reminder"),)},
)
def remind(invoice: Invoice, data: Nothing, act: Act) -> InvoiceStatus:
    """Remind the supplier of a draft that waits for their word."""
    return DRAFT


@invoices.step(
    (DRAFT,),
    to=(DRAFT,),
    who=system,
    stale=False,
    event="handed_over",
    tells={DRAFT: ((ACCOUNTS, "invoice-unconfirmed"),)},
)
def hand_over(invoice: Invoice, data: Nothing, act: Act) -> InvoiceStatus:
    """Hand a draft that nobody confirmed to accounts payable."""
    invoice.unconfirmed = True
    return DRAFT


@invoices.step(
    (MATCHING,),
    to=(MATCHING, PENDING),
    who=system,
    event="compared_again",
    tells={PENDING: ((BUYER, "invoice-to-approve"),)},
)
def compare_again(invoice: Invoice, data: Nothing, act: Act) -> InvoiceStatus:
    """Compare the invoice again with what changed since: what agrees now goes on to approval."""
    invoice.match(act)
    return MATCHING if invoice.differences else PENDING


@invoices.step(
    (APPROVED, InvoiceStatus.PARTLY_PAID),
    to=(InvoiceStatus.PARTLY_PAID, InvoiceStatus.PAID),
    who=accountant,
    event="paid",
    undo=as_it_was,
    tells={
        InvoiceStatus.PARTLY_PAID: ((SUPPLIER, "invoice-paid"),),
        InvoiceStatus.PAID: ((SUPPLIER, "invoice-paid"),),
    },
)
def pay(invoice: Invoice, data: Payment, act: Act) -> InvoiceStatus:
    """Record that the invoice was paid, in whole or in part; the supplier gets the advice."""
    return InvoiceStatus.PAID if record(invoice, data, act) else InvoiceStatus.PARTLY_PAID


def _edit_lines(invoice: Invoice, data: Edit) -> None:
    by_number = {line.n: line for line in invoice.lines}
    for change in data.lines:
        line = by_number.get(change.n)
        if line is None:
            raise DataMissing("The invoice has no line %(n)s.", n=change.n)
        if change.qty is not None:
            line.quantity = change.qty
        if change.price is not None:
            line.unit_price = change.price
        line.net = line.worth()
    gone = {change.n for change in data.lines if change.qty == 0}
    invoice.lines = [line for line in invoice.lines if line.n not in gone]
    if gone and not invoice.lines:
        raise DataMissing("Nothing would be left of the invoice; withdraw it instead.")
