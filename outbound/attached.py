"""What goes with a notice: the files named in its facts, and the documents that are made from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from outbound.compose import File
from store.blobs import Blobs

Facts = Mapping[str, Any]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachments(name: str, language: str, facts: Facts, blobs: Blobs) -> tuple[File, ...]:
    """The attachments of the notice *name*; raises `BlobMissing` when a file that it names is gone."""
    made = MADE[name](facts, language) if name in MADE and facts.get("document") else ()
    named = tuple(
        File(str(file.get("name") or "file"), str(file.get("type") or "application/octet-stream"), blobs.get(blob))
        for file in facts.get("files") or ()
        if (blob := file.get("blob"))
    )
    return made + named


def _order(facts: Facts, language: str) -> tuple[File, ...]:
    from outbound.documents.order import invoice_xlsx, order_pdf, order_ubl, order_xlsx

    stem = _stem(facts, "order")
    return (
        File(f"{stem}.pdf", "application/pdf", order_pdf(facts, language)),
        File(f"{stem}.xlsx", XLSX, order_xlsx(facts, language)),
        File(f"{stem}-invoice.xlsx", XLSX, invoice_xlsx(facts, language)),
        File(f"{stem}.xml", "application/xml", order_ubl(facts)),
    )


def _changed_order(facts: Facts, language: str) -> tuple[File, ...]:
    """The order as both sides have it now; it needs no answer, and so no sheet to answer in."""
    from outbound.documents.order import invoice_xlsx, order_pdf, order_ubl

    stem = _stem(facts, "order")
    return (
        File(f"{stem}.pdf", "application/pdf", order_pdf(facts, language)),
        File(f"{stem}-invoice.xlsx", XLSX, invoice_xlsx(facts, language)),
        File(f"{stem}.xml", "application/xml", order_ubl(facts)),
    )


def _request(facts: Facts, language: str) -> tuple[File, ...]:
    from outbound.documents.request import request_pdf, request_xlsx

    stem = _stem(facts, "request")
    return (
        File(f"{stem}.pdf", "application/pdf", request_pdf(facts, language)),
        File(f"{stem}.xlsx", XLSX, request_xlsx(facts, language)),
    )


def _invoice(facts: Facts, language: str) -> tuple[File, ...]:
    """An invoice that was made here; one that came as a file is that file."""
    if not facts["document"].get("made_here"):
        return ()
    from outbound.documents.invoice import invoice_pdf, invoice_ubl

    stem = _stem(facts, "invoice")
    ubl = invoice_ubl(facts)
    return (
        File(f"{stem}.pdf", "application/pdf", invoice_pdf(facts, language)),
        *([File(f"{stem}.xml", "application/xml", ubl)] if ubl else ()),
    )


def _order_response(facts: Facts, _language: str) -> tuple[File, ...]:
    from outbound.documents.order_response import order_response

    made = order_response(facts) if ORDER_RESPONSE in (facts.get("wants") or ()) else None
    return (File(f"{_stem(facts, 'order')}-response.xml", "application/xml", made),) if made else ()


def _invoice_response(facts: Facts, _language: str) -> tuple[File, ...]:
    from outbound.documents.invoice_response import invoice_response

    made = invoice_response(facts) if INVOICE_RESPONSE in (facts.get("wants") or ()) else None
    return (File(f"{_stem(facts, 'invoice')}-response.xml", "application/xml", made),) if made else ()


def _paid(facts: Facts, language: str) -> tuple[File, ...]:
    """The advice of the payment that was recorded last, and the answer for machines."""
    document = facts["document"]
    payments = document.get("payments") or ()
    if not payments:
        return _invoice_response(facts, language)
    from outbound.documents.remittance import remittance_pdf

    last = payments[-1]
    names = ("number", "issue_date", "gross")
    of = {name: document.get(name) for name in names} | {"paid": last.get("amount")}
    if document.get("status") == "paid" and document.get("gross") and document.get("paid"):
        taken_off = Decimal(str(document["gross"])) - Decimal(str(document["paid"]))
        of["taken_off"] = str(taken_off) if taken_off > 0 else None
    advice = {
        "date": last.get("paid_on"),
        "currency": document.get("currency"),
        "total": last.get("amount"),
        "reference": last.get("reference"),
        "invoices": [of],
    }
    made = remittance_pdf({**facts, "remittance": advice}, language)
    name = f"{_stem(facts, 'invoice')}-remittance.pdf"
    return (File(name, "application/pdf", made), *_invoice_response(facts, language))


def _received(facts: Facts, language: str) -> tuple[File, ...]:
    return _invoice(facts, language) + _invoice_response(facts, language)


def _answer(facts: Facts, language: str) -> tuple[File, ...]:
    """Who sends an invoice by mail is answered by a read-back: the invoice that was made of it goes with that."""
    heard = (facts.get("answer") or {}).get("heard") or ()
    sent = any(one.get("action") == "confirm" for one in heard)
    return _invoice(facts, language) if sent and facts["document"].get("kind") == "invoice" else ()


ORDER_RESPONSE = "order-response"
INVOICE_RESPONSE = "invoice-response"
"""What a partner may want beside the words of a notice (docs/formats.md)."""

MADE: Mapping[str, Callable[[Facts, str], tuple[File, ...]]] = {
    "answer": _answer,
    "order-sent": _order,
    "request-sent": _request,
    "order-acknowledged": _order_response,
    "order-countered": _order_response,
    "order-changes-accepted": _changed_order,
    "order-changes-decided": _changed_order,
    "order-refused": _order_response,
    "invoice-to-approve": _invoice,
    "invoice-differs": _invoice,
    "invoice-received": _received,
    "invoice-approved": _invoice_response,
    "invoice-paid": _paid,
    "invoice-rejected": _invoice_response,
    "invoice-action-needed": _invoice_response,
}
"""Notices that carry documents, and what makes them from the facts."""


def _stem(facts: Facts, otherwise: str) -> str:
    number = str(facts["document"].get("number") or "")
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in number).strip("-.")[:60] or otherwise
