"""Words of the pages that stand in no template: what fields and events are called, and what is wrong with a field."""

from __future__ import annotations

from collections.abc import Mapping

from templates.words import N_

FIELDS: Mapping[str, str] = {
    "number": N_("Invoice number"),
    "issue_date": N_("Invoice date"),
    "due_date": N_("Payment due"),
    "delivery_date": N_("Delivery"),
    "tax_rate": N_("Tax rate in percent"),
    "amount": N_("Amount"),
    "paid_on": N_("Paid on"),
    "reference": N_("Reference"),
    "verdict": N_("Your decision"),
    "tax_category": N_("Why no tax is charged"),
    "tax_reason": N_("The reason in words"),
    "comment": N_("Comment for the customer"),
    "reason": N_("Reason"),
    "text": N_("Words"),
    "qty": N_("Quantity"),
    "quantity": N_("Quantity"),
    "price": N_("Unit price"),
    "unit_price": N_("Unit price"),
    "unit": N_("Unit"),
    "date": N_("Delivery date"),
    "proposal": N_("Proposal"),
    "net": N_("Net"),
    "tax": N_("Tax"),
    "gross": N_("Total"),
    "due": N_("To pay"),
    "currency": N_("Currency"),
    "note": N_("Note"),
    "remark": N_("Notes to the proposal"),
    "title": N_("Subject"),
    "terms": N_("Payment terms"),
    "deadline": N_("Answer until"),
    "status": N_("Status"),
    "no_bid": N_("No bid"),
    "iban": N_("Bank account"),
    "lines": N_("Items"),
    "files": N_("Files"),
    "address": N_("Mail address"),
    "sure": N_("Your decision"),
    "came": N_("Received now"),
    "on": N_("Received on"),
    "whole": N_("All that was still to come came in"),
}

HINTS: Mapping[str, str] = {
    "create_invoice.number": N_("Your own number. We never make one up."),
    "create_invoice.tax_rate": N_("In percent, for example 20. Write 0 if there is no tax."),
    "invoice.edit.lines": N_("A quantity of 0 takes an item off the invoice."),
    "invoice.edit.tax_rate": N_("In percent, the same for all items. Leave it as it is to keep what the items say."),
    "invoice.edit.tax_category": N_("Only where the tax rate is 0. Without it no e-invoice can be made."),
    "invoice.edit.tax_reason": N_("An exemption needs it, such as the section of the law."),
    "invoice.edit.delivery_date": N_("A supply to another country of the EU needs it."),
    "invoice.pay.amount": N_("Leave it empty for all that is still open."),
    "invoice.pay.paid_on": N_("Today, where nothing is said."),
    "invoice.pay.reference": N_("What stands on the transfer. The supplier reads it."),
    "invoice.reject.reason": N_("The supplier reads it."),
    "invoice.send_back.reason": N_("Say what the supplier should correct. The supplier reads it."),
    "reason": N_("The other side reads it."),
}

REQUIRED_REASONS = frozenset(
    ("invoice.reject", "invoice.send_back", "credit_note.reject", "credit_note.send_back", "order.refuse")
)
"""Steps that do nothing without a reason, though their data would allow it."""

RULES: Mapping[str, str] = {
    "partial_invoices": N_("An invoice for a part of an order"),
    "partial_invoices.difference": N_("is a difference that a person decides"),
    "partial_invoices.pass": N_("passes, at the order's prices"),
    "receipts": N_("Goods receipts"),
    "receipts.off": N_("are not kept"),
    "receipts.on": N_("are kept: only what came in may be invoiced"),
    "confirm_after_days": N_("Working days until a draft that nobody confirms goes to accounts payable"),
    "undo_minutes": N_("Minutes in which a decision can be taken back (60 where nothing is set, 0 for never)"),
    "names": N_("Other names that invoices may be addressed to, with semicolons between them"),
    "tolerance.price_over": N_("Price above the order, of each item's sum"),
    "tolerance.price_under": N_("Price below the order, of each item's sum"),
    "tolerance.quantity_over": N_("More than ordered, of each item"),
    "tolerance.quantity_under": N_("Less than ordered, of each item"),
    "tolerance.charge": N_("Charges that were not agreed, together, of the net sum"),
    "tolerance.tax": N_("Tax beside what the rates give"),
    "tolerance.document_over": N_("All that is more than ordered, together, of the net sum"),
    "tolerance.document_under": N_("All that is less than ordered, together, of the net sum"),
    "tolerance.terms_days": N_("Days by which payment may be due sooner or later"),
}
"""What house rules are called, and what the choices of one mean."""

WRONG: Mapping[str, str] = {
    "missing": N_("Please fill this in."),
    "no_figure": N_("This is no figure. Write it like 1234.50."),
    "two_ways": N_("This can mean %(first)s or %(second)s. Please write it with decimals, like %(example)s."),
    "too_large": N_("This figure is too large."),
    "negative": N_("This must not be less than zero."),
    "no_date": N_("This is no date. Write it like 2026-12-31."),
    "date_two_ways": N_("This can mean %(first)s or %(second)s. Please write it like 2026-12-31."),
    "too_long": N_("This is too long; at most %(most)s characters."),
    "choose": N_("Please choose before you go on."),
    "not_offered": N_("This was not offered. Please choose again."),
    "nothing": N_("Nothing was changed. Please fill in at least one field."),
    "choose_supplier": N_("Please choose a supplier."),
    "choose_part": N_("Please tick at least one part of the mail."),
    "no_order": N_("There is no order with this number."),
    "others_order": N_("This order is %(supplier)s's."),
    "words": N_("Please write something, or choose a file."),
    "file": N_("Please choose a file."),
}

EVENTS: Mapping[str, str] = {
    "invoice.confirmed": N_("The invoice was sent to the customer"),
    "invoice.paid": N_("A payment was recorded"),
    "invoice.approved": N_("The invoice was approved"),
    "invoice.rejected": N_("The invoice was rejected"),
    "invoice.sent_back": N_("The invoice was sent back for revision"),
    "invoice.withdrawn": N_("The invoice was withdrawn"),
    "invoice.drafted": N_("A draft of the invoice was made"),
    "invoice.edited": N_("The invoice was changed"),
    "invoice.numbered": N_("The invoice got its number"),
    "invoice.reminded": N_("The supplier was reminded of the draft"),
    "invoice.handed_over": N_("The draft went to accounts payable"),
    "credit_note.confirmed": N_("The credit note was sent to the customer"),
    "credit_note.approved": N_("The credit note was approved"),
    "credit_note.rejected": N_("The credit note was rejected"),
    "credit_note.sent_back": N_("The credit note was sent back for revision"),
    "credit_note.withdrawn": N_("The credit note was withdrawn"),
    "credit_note.drafted": N_("A draft of the credit note was made"),
    "credit_note.edited": N_("The credit note was changed"),
    "credit_note.numbered": N_("The credit note got its number"),
    "credit_note.replaced": N_("The credit note was replaced by the one sent again"),
    "credit_note.reminded": N_("The supplier was reminded of the draft"),
    "credit_note.handed_over": N_("The draft went to accounts payable"),
    "order.sent": N_("The order was sent"),
    "order.acknowledged": N_("The order was confirmed"),
    "order.refused": N_("The order was refused"),
    "order.countered": N_("Changes to the order were proposed"),
    "order.changes_accepted": N_("The proposed changes to the order were accepted"),
    "order.changes_decided": N_("The proposed changes to the order were decided item by item"),
    "order.changes_refused": N_("The proposed changes to the order were refused"),
    "order.received": N_("Goods were received"),
    "order.invoices_compared": N_("Waiting invoices were compared again"),
    "invoice.compared_again": N_("The invoice was compared again"),
    "order.canceled": N_("The order was canceled"),
    "request.published": N_("The request was published"),
    "request.closed": N_("The request was closed"),
    "request.awarded": N_("The request was awarded"),
    "request.canceled": N_("The request was canceled"),
    "proposal.invited": N_("A proposal was asked for"),
    "proposal.quoted": N_("Prices were given"),
    "proposal.items_rejected": N_("Items were rejected"),
    "proposal.delivery_set": N_("The delivery date was set"),
    "proposal.remarked": N_("The notes were saved"),
    "proposal.submitted": N_("The proposal was submitted"),
    "proposal.declined": N_("The request was declined"),
    "proposal.withdrawn": N_("The proposal was withdrawn"),
    "proposal.awarded": N_("The proposal won"),
    "proposal.lost": N_("Another proposal won, or the request was canceled"),
    "invitation.invited": N_("The invitation was sent"),
    "invitation.accepted": N_("The invitation was accepted"),
    "invitation.declined": N_("The invitation was declined"),
    "invitation.failed": N_("The invitation could not be delivered"),
    "undone": N_("It was taken back"),
    "noted": N_("The note was sent"),
    "commented": N_("The comment was saved"),
    "user_invited": N_("A user was invited"),
    "files_added": N_("The files were added"),
}


def event_msgid(name: str) -> str:
    """What an event is called, as a msgid; one that stands in no table as it is spelt."""
    kind, _, what = name.partition(".")
    return EVENTS.get(name) or EVENTS.get(what) or f"{kind} {what}".replace("_", " ").capitalize()


def field_msgid(name: str) -> str:
    """What a field is called, as a msgid."""
    return FIELDS.get(name) or name.replace("_", " ").capitalize()
