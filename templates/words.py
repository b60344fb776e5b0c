"""Labels: what kinds, statuses, steps, differences and fields are called, as English msgids of the catalogues.

A plug-in's names that stand in no table are shown as they are spelt, with spaces (`send_back` → "Send back").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


def N_(text: str) -> str:  # noqa: N802 - the name that every extractor of msgids knows
    """Mark a text as a msgid without translating it here."""
    return text


KINDS: Mapping[str, str] = {
    "invitation": N_("Invitation"),
    "order": N_("Purchase order"),
    "request": N_("Request for proposal"),
    "proposal": N_("Proposal"),
    "invoice": N_("Invoice"),
    "credit_note": N_("Credit note"),
    "profile_change": N_("Profile change"),
    "remittance": N_("Remittance advice"),
}

STATUSES: Mapping[str, str] = {
    "accepted": N_("Accepted"),
    "acknowledged": N_("Confirmed"),
    "approved": N_("Approved"),
    "awarded": N_("Awarded"),
    "by_mail": N_("Takes part by mail"),
    "canceled": N_("Canceled"),
    "closed": N_("Closed"),
    "confirmed": N_("Confirmed"),
    "countered": N_("Changes proposed"),
    "declined": N_("Declined"),
    "delivered": N_("Delivered"),
    "draft": N_("Draft, not yet confirmed"),
    "expired": N_("Expired"),
    "failed": N_("Failed"),
    "in_revision": N_("In revision, the supplier must act"),
    "invited": N_("Invited"),
    "lost": N_("Not awarded"),
    "matching": N_("Matching, the customer must decide"),
    "not_awarded": N_("Not awarded"),
    "open": N_("Open"),
    "opened": N_("Opened"),
    "paid": N_("Paid"),
    "partly_awarded": N_("Partly awarded"),
    "partly_paid": N_("Partly paid"),
    "pending": N_("Waiting for approval"),
    "refused": N_("Refused"),
    "registered": N_("Registered"),
    "rejected": N_("Rejected"),
    "sent": N_("Sent"),
    "staged": N_("Waiting for confirmation"),
    "submitted": N_("Submitted"),
    "undone": N_("Undone"),
    "withdrawn": N_("Withdrawn"),
}

STEPS: Mapping[str, str] = {
    "accept": N_("Accept"),
    "acknowledge": N_("Confirm the order"),
    "approve": N_("Approve"),
    "award": N_("Award"),
    "cancel": N_("Cancel"),
    "close": N_("Close"),
    "comment": N_("Add a comment"),
    "confirm": N_("Confirm"),
    "confirm_sender": N_("Yes, this mail is mine"),
    "counter": N_("Propose changes"),
    "counter_line": N_("Proposed change"),
    "receive": N_("Record a receipt"),
    "received_line": N_("Received"),
    "create_invoice": N_("Create invoice"),
    "decide": N_("Decide item by item"),
    "decline": N_("Decline"),
    "draft": N_("Make an invoice of it"),
    "edit": N_("Edit"),
    "fresh_link": N_("Send me a fresh link"),
    "invite": N_("Invite"),
    "invoice_all": N_("Invoice the whole order"),
    "invoice_line": N_("Invoice an item"),
    "invoice_number": N_("Invoice number"),
    "mail": N_("Yes, this mail is mine"),
    "no_bid": N_("No bid"),
    "note": N_("Write a note"),
    "open": N_("Open"),
    "pay": N_("Record a payment"),
    "publish": N_("Publish"),
    "quote": N_("Submit a proposal"),
    "quote_line": N_("Price"),
    "refuse": N_("Refuse the order"),
    "reject": N_("Reject"),
    "reject_lines": N_("Reject items"),
    "replace": N_("Replace"),
    "resubmit": N_("Send again"),
    "send": N_("Send"),
    "send_back": N_("Send back for revision"),
    "set_delivery": N_("Set the delivery date"),
    "set_number": N_("Set the invoice number"),
    "set_remark": N_("Add a remark"),
    "sign_in": N_("Sign in"),
    "status": N_("Status"),
    "undo": N_("Undo"),
    "view": N_("Open"),
    "withdraw": N_("Withdraw"),
}

HEARD: Mapping[str, str] = {
    "read_credit_note": N_("Credit note"),
    "read_delivery_note": N_("Delivery note"),
    "read_invoice": N_("Invoice"),
    "read_order": N_("Order"),
    "read_order_confirmation": N_("Order confirmation"),
    "read_prepayment_invoice": N_("Prepayment invoice"),
    "read_proforma": N_("Pro forma invoice"),
    "read_quote": N_("Quote"),
    "read_reminder": N_("Reminder"),
    "read_remittance": N_("Remittance advice"),
    "read_statement": N_("Statement of account"),
    "read_form": N_("Form"),
    "receive": N_("Goods received"),
    "acknowledge": N_("Order confirmed"),
    "copy": N_("Another copy of an invoice that is here"),
    "draft": N_("Read as an invoice"),
    "edit": N_("Changes"),
    "quote": N_("Prices"),
    "refuse": N_("Order refused"),
    "reject_lines": N_("No bid"),
    "replace": N_("Read as the corrected invoice"),
    "set_delivery": N_("Delivery date"),
    "set_number": N_("Invoice number"),
    "set_remark": N_("Remark"),
    "undo": N_("Taken back"),
}
"""What a step is called where we say what was understood, if not as on its button."""

NUMBERLESS = N_("without a number")

REPLIES: Mapping[str, tuple[str, ...]] = {
    "accept": (N_("accept"),),
    "acknowledge": (N_("we confirm the order"),),
    "approve": (N_("approve"),),
    "confirm": (N_("confirm"),),
    "counter": (N_("2: 8 x 11.50"),),
    "create_invoice": (N_("invoice all, number 22914"),),
    "decline": (N_("decline: your reason"),),
    "quote": (N_("1: 12.50"), N_("3: no bid"), N_("delivery: 12 Dec")),
    "refuse": (N_("refuse: your reason"),),
    "reject": (N_("reject: your reason"),),
    "reject_lines": (N_("3: no bid"),),
    "resubmit": (N_("confirm"),),
    "send_back": (N_("revise: what must change"),),
    "set_delivery": (N_("delivery: 12 Dec"),),
    "set_number": (N_("invoice number: 22914"),),
}

MEANINGS: Mapping[str, str] = {
    "2: 8 x 11.50": N_("8 pieces of item 2 at 11.50 each"),
    "invoice all, number 22914": N_("an invoice for the whole order, with your own number"),
    "1: 12.50": N_("item 1 costs 12.50"),
    "3: no bid": N_("you do not offer item 3"),
}

DIFFERENCES: Mapping[str, str] = {
    "price_over": N_("Price above the order"),
    "price_under": N_("Price below the order"),
    "qty_over_remaining": N_("More than what is left of the order"),
    "qty_under": N_("Less than ordered"),
    "new_item": N_("Item that is not in the order"),
    "uom_changed": N_("Other unit than ordered"),
    "currency_changed": N_("Other currency than the order"),
    "tax_changed": N_("Other tax than the order"),
    "charge_added": N_("Charge that is not in the order"),
    "discount_missing": N_("Discount of the order is missing"),
    "terms_changed": N_("Other payment terms than the order"),
    "bank_changed": N_("Other bank account than the one on file"),
    "order_closed": N_("The order is closed"),
    "order_unknown": N_("The order named is not known"),
    "sum_mismatch": N_("The sums of the invoice do not add up"),
    "duplicate": N_("An invoice with this number is already here"),
}

REASONS: Mapping[str, str] = {
    "same_amount": N_("An invoice of the same amount and date for this order is already here"),
    "not_received": N_("More than was received"),
    "invoice_unknown": N_("The invoice that is credited is not known"),
    "invoice_closed": N_("The invoice that is credited was rejected or canceled"),
    "prepayment": N_("What was paid before is not taken off"),
    "prepayment_new": N_("A payment before delivery was not agreed"),
    "prepayment_over": N_("More is asked for before delivery than was agreed"),
    "more_than_left": N_("More than what is left of the order"),
    "due_over": N_("More is to be paid than the total less what was paid before"),
    "more_than_invoiced": N_("More is credited than was invoiced"),
}
"""What a difference is called where its code stands for several."""

FIELDS: Mapping[str, str] = {
    "currency": N_("currency"),
    "delivery_date": N_("delivery date"),
    "due_date": N_("due date"),
    "gross": N_("total amount"),
    "issue_date": N_("date"),
    "net": N_("net amount"),
    "no_bid": N_("no bid"),
    "number": N_("number"),
    "quantity": N_("quantity"),
    "reason": N_("reason"),
    "tax": N_("tax amount"),
    "tax_rate": N_("tax rate"),
    "unit_price": N_("unit price"),
}

CREDITED: Mapping[str, str] = {
    "price_over": N_("Price above the invoice"),
    "qty_over_remaining": N_("More than what is left of the invoice"),
    "qty_under": N_("Less than nothing is credited"),
    "new_item": N_("Item that is not in the invoice"),
    "uom_changed": N_("Other unit than invoiced"),
    "currency_changed": N_("Other currency than the invoice"),
    "tax_changed": N_("Other tax than on the invoice"),
    "charge_added": N_("Charge that is not in the invoice"),
    "sum_mismatch": N_("The sums of the credit note do not add up"),
    "duplicate": N_("A credit note with this number is already here"),
    "same_amount": N_("A credit note of the same amount and date is already here"),
}
"""What differences of a credit note are called."""

EFFECTS: Mapping[str, str] = {
    "return": N_("Goods come back"),
    "price": N_("A lower price"),
    "cancellation": N_("The whole invoice is taken back"),
    "mixed": N_("Goods come back, and the price of others is lower"),
    "prepayment": N_("A payment before delivery, which the invoice for the goods takes off again"),
}

TAX_CATEGORIES: Mapping[str, str] = {
    "E": N_("Exempt from tax"),
    "AE": N_("Reverse charge: the customer owes the tax"),
    "K": N_("Supply to another country of the EU"),
    "G": N_("Export out of the EU"),
    "O": N_("Not subject to tax"),
    "Z": N_("Zero rate"),
}
"""Why no tax is charged, by the codes of EN 16931."""

VERDICTS: Mapping[str, str] = {
    "accept": N_("Accept"),
    "refuse": N_("Leave it as ordered"),
}
"""What is decided of the changes that a supplier proposes for an item."""

SIDES: Mapping[str, str] = {
    "supplier": N_("the supplier"),
    "buyer": N_("the customer"),
    "system": N_("Postroom itself"),
}

UNITS: Mapping[str, str] = {
    "C62": N_("pcs"),
    "EA": N_("pcs"),
    "H87": N_("pcs"),
    "PCE": N_("pcs"),
    "XPP": N_("pcs"),
    "KGM": "kg",
    "GRM": "g",
    "TNE": "t",
    "LTR": "l",
    "MTR": "m",
    "MMT": "mm",
    "CMT": "cm",
    "MTK": "m²",
    "MTQ": "m³",
    "HUR": N_("hours"),
    "DAY": N_("days"),
    "MON": N_("months"),
    "SET": N_("sets"),
    "PR": N_("pairs"),
    "BX": N_("boxes"),
    "XBX": N_("boxes"),
    "XPK": N_("packages"),
    "LS": N_("lump sum"),
}

TABLES: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS,
    "status": STATUSES,
    "step": STEPS,
    "heard": {**STEPS, **HEARD},
    "difference": {**DIFFERENCES, **REASONS},
    "unit": UNITS,
    "field": FIELDS,
    "side": SIDES,
    "effect": EFFECTS,
    "verdict": VERDICTS,
    "tax_category": TAX_CATEGORIES,
    "credited": CREDITED,
}


def spelt(name: str) -> str:
    """A stored name as a person would write it: `send_back` → "Send back"."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def label(table: str, name: str | None, translate: Callable[[str], str]) -> str:
    """What a stored name is called, in the reader's language; a unit that is not listed stays as it is written."""
    if not name:
        return ""
    known = TABLES[table].get(name) or (KINDS.get(name) if table in ("step", "heard") else None)
    if known is not None:
        return translate(known)
    return name if table == "unit" else spelt(name)
