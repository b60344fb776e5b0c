"""A request for proposal as PDF and as the sheet to quote in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbound.documents.printed import printed
from outbound.documents.sheets import Column, Form, Input, sheet
from templates.words import N_

_QUOTE = Form(
    "request",
    N_("Fill in the yellow cells and reply with this file."),
    (
        Column("n", N_("No."), 20),
        Column("buyer_sku", N_("Customer's item"), 24),
        Column("text", N_("Item"), 50),
        Column("quantity", N_("Quantity"), 11, kind="number"),
        Column("unit", N_("Unit"), 9),
        Column("answer_price", N_("Your unit price"), 14, answer=True, kind="money"),
        Column("answer_no_bid", N_("No bid (x)"), 11, answer=True, kind="choice"),
    ),
    (
        Input("date", N_("Your delivery date"), "date"),
        Input("note", N_("Remark")),
    ),
)


def request_pdf(facts: Mapping[str, Any], language: str) -> bytes:
    """The request for proposal as a PDF in the reader's language."""
    return printed(_as_request(facts), language)


def request_xlsx(facts: Mapping[str, Any], language: str) -> bytes:
    """The quote sheet: one row an item, with cells for its price or no bid; the delivery date and a remark above."""
    return sheet(_as_request(facts), language, _QUOTE)


def _as_request(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts under the name of the request: the supplier's copy of it is kept as a proposal to be filled in."""
    return {**facts, "document": {**(facts.get("document") or {}), "kind": "request"}}
