"""Makes drafts of invoices: from a document that was read, or from what is left of an order."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.documents import Document as Row
from store.mails import Mail
from workflows.addressed import address_defects
from workflows.copies import earlier, join_copy
from workflows.credit_notes import CreditNote, credit_notes
from workflows.crediting import invoice_credited
from workflows.differences import InvoiceLine
from workflows.duplicates import GONE
from workflows.engine.act import Act
from workflows.engine.content import Nothing
from workflows.engine.perform import Performed, create, perform
from workflows.errors import DataMissing
from workflows.invoices import EditLine, Invoice, Replacement, draft, replace
from workflows.layouts import remember
from workflows.orders import PurchaseOrder
from workflows.reading import Charge, DocumentKind, Reading, ReadLine
from workflows.remaining import OPEN_ORDERS, taken

MOST_INVOICES = 500
"""Invoices whose numbers are looked for in a credit note that names none in a field of its own."""

_TURNED = ("net", "tax", "gross", "prepaid", "due")


def draft_from_reading(
    act: Act, reading: Reading, sha256: str, supplier_id: int, orders: Mapping[str, int]
) -> Performed:
    """Make a draft of the invoice that was read; *orders* maps the numbers it names to our orders.

    A copy of one that is here joins it, and a correction of one in revision becomes its content.
    """
    invoice = _invoice(act, reading, sha256, orders)
    known, copied = earlier(act, invoice, supplier_id)
    if known is not None:
        return join_copy(known, act) if copied else perform(replace, known.id, Replacement(invoice), act)
    return _remembered(act, reading, _draft(act, invoice, supplier_id))


def credit_from_reading(
    act: Act, reading: Reading, sha256: str, supplier_id: int, orders: Mapping[str, int], numbers: Sequence[str]
) -> Performed:
    """Make a draft of the credit note that was read; *numbers* are the invoices that it names.

    A copy of one that is here joins it, and a correction of one in revision becomes its content.
    """
    note = _credit_note(act, reading, sha256, supplier_id, orders, numbers)
    known, copied = earlier(act, note, supplier_id, credit_notes.kind)
    if known is not None:
        return (
            join_copy(known, act)
            if copied
            else perform(credit_notes.named("replace"), known.id, Replacement(note), act)
        )
    return _remembered(act, reading, _draft(act, note, supplier_id))


def revise_credit_from_reading(
    act: Act, note_id: int, reading: Reading, sha256: str, orders: Mapping[str, int], numbers: Sequence[str]
) -> Performed:
    """Give the credit note that is under way the content of the document that was read now."""
    supplier_id = act.load(note_id).supplier_id
    assert supplier_id is not None
    note = _credit_note(act, reading, sha256, supplier_id, orders, numbers)
    return perform(credit_notes.named("replace"), note_id, Replacement(note), act)


def _credit_note(
    act: Act, reading: Reading, sha256: str, supplier_id: int, orders: Mapping[str, int], numbers: Sequence[str]
) -> CreditNote:
    made = _invoice(act, _positive(reading), sha256, orders)
    note = CreditNote(**{f.name: getattr(made, f.name) for f in fields(Invoice)}, credits=list(numbers))
    if (credited := invoice_credited(act, supplier_id, list(numbers))) is not None:
        note.credited_id, note.credits = credited.id, [credited.label]
        note.order_ids, note.order_numbers = list(credited.content.order_ids), list(credited.content.order_numbers)
    return note


def _positive(reading: Reading) -> Reading:
    """The reading of a credit note with positive amounts: some programs write all of them with a minus sign."""
    if (reading.gross if reading.gross is not None else reading.net or Decimal(0)) >= 0:
        return reading
    turned = {name: -value for name in _TURNED if (value := getattr(reading, name)) is not None}
    return dataclasses.replace(
        reading,
        **turned,
        lines=tuple(map(_positive_line, reading.lines)),
        charges=tuple(Charge(charge.text, -charge.amount) for charge in reading.charges),
    )


def _positive_line(line: ReadLine) -> ReadLine:
    """The minus sign stands at the quantity or at the price, and at the net."""
    net = None if line.net is None else -line.net
    if line.unit_price is not None and line.unit_price < 0:
        return dataclasses.replace(line, unit_price=-line.unit_price, net=net, beside=-line.beside)
    quantity = None if line.quantity is None else -line.quantity
    return dataclasses.replace(line, quantity=quantity, net=net, beside=-line.beside)


def revise_from_reading(
    act: Act, invoice_id: int, reading: Reading, sha256: str, orders: Mapping[str, int]
) -> Performed:
    """Give the invoice that is under way the content of the document that was read now."""
    done = perform(replace, invoice_id, Replacement(_invoice(act, reading, sha256, orders)), act)
    return _remembered(act, reading, done)


def _remembered(act: Act, reading: Reading, done: Performed) -> Performed:
    """What was done, with the layout of the page kept that it was read from, should a person correct it."""
    if not done.repeated:
        remember(act, done.document.id, reading)
    return done


def _received_at(act: Act) -> datetime:
    """When the mail came in that the act follows; a mail may have waited for a person since. Else now."""
    if act.mail_id is None:
        return act.now
    return act.session.execute(select(Mail.received_at).where(Mail.id == act.mail_id)).scalar_one_or_none() or act.now


def _invoice(act: Act, reading: Reading, sha256: str, orders: Mapping[str, int]) -> Invoice:
    return Invoice(
        received_at=_received_at(act),
        currency=reading.currency,
        number=reading.number,
        issue_date=reading.issue_date,
        due_date=reading.due_date,
        delivery_date=reading.delivery_date,
        net=reading.net,
        tax=reading.tax,
        gross=reading.gross,
        prepaid=reading.prepaid,
        due=reading.due,
        prepayment=reading.kind is DocumentKind.PREPAYMENT_INVOICE,
        iban=reading.seller.iban,
        terms=reading.payment_terms,
        lines=[
            InvoiceLine(**line_fields(n, read), order_named=read.order, order_line_named=read.order_line)
            for n, read in enumerate(reading.lines, 1)
        ],
        charges=list(reading.charges),
        order_ids=sorted(orders.values()),
        order_numbers=sorted(orders),
        document_sha256=sha256,
        defects=[*(defect.text for defect in reading.defects), *address_defects(act.company, reading.buyer)],
    )


def draft_from_order(
    act: Act,
    order_id: int,
    number: str | None = None,
    tax_rate: Decimal | None = None,
    wanted: Sequence[EditLine] = (),
    *,
    whole: bool = True,
) -> Performed:
    """Make a draft of what is left to invoice of an order; the number and the tax are the supplier's to say.

    *wanted* says another quantity or price for some lines; without *whole* those are all that is invoiced.
    """
    document = act.load(order_id)
    order: PurchaseOrder = document.content
    used = taken(act.session, [order_id])
    by_number = {line.n: line for line in wanted}
    lines: list[InvoiceLine] = []
    for line in order.lines:
        left = (line.quantity or Decimal(0)) - used.get((order_id, line.n), Decimal(0))
        said = by_number.get(line.n)
        if said is not None and said.qty is not None:
            left = said.qty
        if left > 0 and (whole or said is not None):
            values: dict[str, Any] = {
                name: getattr(line, name) for name in ("n", "text", "unit", "unit_price", "base_quantity")
            }
            more = {name: getattr(line, name) for name in ("buyer_sku", "seller_sku", "tax_rate")}
            values |= {"order_named": order.number, "order_line_named": str(line.n)}
            made = InvoiceLine(**values, **more, quantity=left)
            if said is not None and said.price is not None:
                made.unit_price = said.price
            lines.append(made)
    for n in by_number.keys() - {line.n for line in order.lines}:
        raise DataMissing("Order %(order)s has no line %(n)s.", order=order.number, n=n)
    if not lines:
        raise DataMissing("Everything on %(order)s is invoiced already.", order=order.number)
    invoice = Invoice(
        currency=order.currency,
        number=number,
        issue_date=act.now.date(),
        received_at=_received_at(act),
        lines=lines,
        order_ids=[order_id],
        order_numbers=[order.number],
        terms=order.terms,
    )
    invoice.sum_up(tax_rate)
    assert document.supplier_id is not None
    return _draft(act, invoice, document.supplier_id)


def _draft(act: Act, invoice: Invoice, supplier_id: int) -> Performed:
    owner_id = None
    step = draft
    if invoice.order_ids:
        owner_id = act.session.execute(select(Row.owner_id).where(Row.id == invoice.order_ids[0])).scalar_one()
    parent_id = invoice.order_ids[0] if invoice.order_ids else None
    if isinstance(invoice, CreditNote):
        step, parent_id = credit_notes.named("draft"), invoice.credited_id
    return create(step, invoice, Nothing(), act, supplier_id=supplier_id, owner_id=owner_id, parent_id=parent_id)


def open_orders(session: Session, company_id: int, supplier_id: int) -> dict[str, int]:
    """The numbers and ids of the supplier's orders that may be invoiced."""
    rows = session.execute(
        select(Row.number, Row.id).where(
            Row.company_id == company_id,
            Row.kind == "order",
            Row.supplier_id == supplier_id,
            Row.status.in_(OPEN_ORDERS),
        )
    )
    return {number: order_id for number, order_id in rows if number}


def invoice_numbers(session: Session, company_id: int, supplier_id: int) -> tuple[str, ...]:
    """The numbers of the supplier's newest standing invoices: what a credit note may name."""
    rows = session.scalars(
        select(Row.number)
        .where(
            Row.company_id == company_id,
            Row.kind == "invoice",
            Row.supplier_id == supplier_id,
            Row.status.not_in(GONE),
            Row.number.is_not(None),
        )
        .order_by(Row.id.desc())
        .limit(MOST_INVOICES)
    )
    return tuple(number for number in rows if number)


def orders_named(session: Session, company_id: int, supplier_id: int, numbers: Sequence[str]) -> dict[str, int]:
    """The supplier's orders with these numbers, closed ones too: an invoice for one of them is a difference."""
    if not numbers:
        return {}
    rows = session.execute(
        select(Row.number, Row.id).where(
            Row.company_id == company_id,
            Row.kind == "order",
            Row.supplier_id == supplier_id,
            Row.number.in_(numbers[:100]),
        )
    )
    return {number: order_id for number, order_id in rows if number}


def line_fields(n: int, read: Any) -> dict[str, Any]:
    names = ("quantity", "unit", "unit_price", "base_quantity", "net", "tax_rate", "buyer_sku", "seller_sku", "beside")
    return {"n": n, "text": read.text or "", **{name: getattr(read, name) for name in names}}
