"""Builders of notices' facts: what a workflow freezes in a notice's row."""

from __future__ import annotations

from typing import Any

ORDER: dict[str, Any] = {
    "kind": "order",
    "number": "PO-4711",
    "title": "Brackets for hall 3",
    "status": "sent",
    "currency": "EUR",
    "issue_date": "2026-11-24",
    "delivery_date": "2026-12-12",
    "net": "695",
    "tax": "139",
    "gross": "834",
    "supplier": "Ferrum",
    "terms": "30 days net",
    "note": "Please mark each box.",
    "lines": [
        {
            "n": 1,
            "text": "Steel bracket 40 x 60",
            "quantity": "100",
            "unit": "C62",
            "unit_price": "4.5",
            "base_quantity": "1",
            "net": "450",
            "buyer_sku": "B-100",
            "seller_sku": "S 7",
            "tax_rate": "20",
            "remaining": "60",
        },
        {
            "n": 2,
            "text": "Hexagon screw M8",
            "quantity": "2000",
            "unit": "KGM",
            "unit_price": "12.25",
            "base_quantity": "100",
            "net": "245",
            "delivery_date": "2026-12-12",
            "proposed": {"price": "12.5", "quantity": "1800", "delivery_date": "2026-12-19"},
        },
    ],
}
INVOICE = {
    **ORDER,
    "kind": "invoice",
    "number": "22914",
    "title": None,
    "status": "matching",
    "order_number": "PO-4711",
    "due_date": "2026-12-24",
    "due": "800",
    "defects": [
        "The invoice is due before its own date.",
        {
            "text": "It is addressed to %(shown)s, not to %(company)s.",
            "params": {"shown": "4711", "company": "4712"},
        },
    ],
    "report": [
        {
            "n": 1,
            "order": "PO-4711",
            "order_n": 1,
            "paired_by": "buyer item",
            "remaining": "60",
            "received": "20",
            "counted": "100",
            "unit": "C62",
            "price": "4.5",
            "checks": [
                {"code": "price_over", "tolerated": True, "off": "1", "allowed": "2.5", "left": "1.5"},
                {"code": "qty_over_remaining", "tolerated": False, "off": "40", "allowed": "5", "left": "0"},
            ],
        },
        {"n": 2, "order": "PO-4711", "order_n": 2, "paired_by": "text", "remaining": "9", "checks": []},
        {"n": None, "order": None, "checks": [{"code": "charge_added", "tolerated": False}]},
    ],
}
PARTIES = {
    "seller": {
        "name": "Ferrum GmbH",
        "vat_id": "DE136695976",
        "registration": "HRB 4711",
        "street": "Mühlweg 3",
        "post_code": "20457",
        "city": "Hamburg",
        "country": "DE",
        "mail": "maria@ferrum.example",
        "iban": "DE02120300000000202051",
    },
    "buyer": {
        "name": "Acme Works",
        "vat_id": "ATU12345678",
        "street": "Werkstraße 1",
        "post_code": "1010",
        "city": "Wien",
        "country": "AT",
        "mail": "orders@acme.example",
    },
}
MADE_INVOICE: dict[str, Any] = {
    "kind": "invoice",
    "number": "22915",
    "status": "pending",
    "currency": "EUR",
    "issue_date": "2026-11-24",
    "due_date": "2026-12-24",
    "order_number": "PO-4711",
    "net": "717.5",
    "tax": "141.58",
    "gross": "859.08",
    "prepaid": "100",
    "due": "759.08",
    "supplier": "Ferrum GmbH",
    "terms": "30 days net",
    "note": "Thank you.",
    "made_here": True,
    "lines": [
        {**ORDER["lines"][0], "quantity": "60", "net": "270", "order_n": 1},
        {**ORDER["lines"][1], "tax_rate": "20", "net": "245", "order_n": 2, "proposed": None},
        {
            "n": 3,
            "text": "Assembly instructions",
            "quantity": "50",
            "unit": "booklet",
            "unit_price": "4.05",
            "base_quantity": "1",
            "net": "202.5",
            "tax_rate": "19.05",
        },
    ],
}
"""An invoice made of an order, with all that EN 16931 asks for."""

REQUEST = {
    "kind": "request",
    "number": "RFP-12",
    "status": "open",
    "currency": "EUR",
    "deadline": "2026-12-04T16:00:00+00:00",
    "lines": [
        {"n": 1, "text": "Bracket", "quantity": "100", "unit": "C62"},
        {"n": 2, "text": "Screw", "quantity": "2000", "unit": "C62", "bid": "12.5"},
        {"n": 3, "text": "Nut", "quantity": "5.25", "unit": "KGM", "no_bid": True},
    ],
}
DIFFERENCES = [
    {"code": "price_over", "n": 1, "text": "Steel bracket", "ordered": "4.5", "invoiced": "4.9"},
    {"code": "qty_over_remaining", "n": 2, "text": "Screw", "ordered": "2000", "invoiced": "2500"},
    {"code": "charge_added", "n": None, "text": "Freight", "ordered": None, "invoiced": "25"},
    {"code": "duplicate", "n": None, "text": None, "ordered": None, "invoiced": None},
    {"code": "something_new", "n": 1, "text": None, "ordered": "a", "invoiced": "b"},
    {"code": "duplicate", "text": "22913", "reason": "same_amount"},
    {"code": "currency_changed", "ordered": "EUR", "invoiced": "USD", "converted": "115.00"},
]
ANSWER = {
    "heard": [
        {"words": "we invoice all, number 22914", "action": "invoice_all", "outcome": "Draft, not yet confirmed"},
        {"words": "", "action": "set_delivery", "outcome": None},
    ],
    "questions": [
        {"about": "line", "text": "There is no line %(n)s.", "params": [["n", "7"]]},
        {"about": "figure", "text": "What exactly do you mean by {words}?", "params": {"words": "5 % <b> of {n}"}},
        {"about": "broken", "text": "There is no line %(n)s.", "params": {"x": "7"}},
    ],
    "refused": [
        "This could not be done.",
        {
            "text": "%(document)s is %(status)s since %(since)s; this can no longer be done.",
            "params": {"document": "22914", "status": "status:invoice.approved", "since": "date:2026-11-03"},
        },
    ],
    "not_understood": ["the usual, as per phone"],
    "say": ["confirm", "1: 12.50"],
    "undo": 60,
    "drafts": [INVOICE],
}
EVENT = {
    "name": "invoice.sent_back",
    "by": "Jan Kask",
    "side": "buyer",
    "reason": "The price is 4.50.\nPlease correct.",
    "steps": ["approve"],
}


def links(*steps: str) -> list[dict[str, Any]]:
    """Links for these steps, the first of them primary."""
    return [
        {"key": f"key{at}{step}".replace("_", ""), "step": step, "primary": at == 0} for at, step in enumerate(steps)
    ]


def some_facts(**changes: Any) -> dict[str, Any]:
    """The facts of a notice to a supplier in a shared thread, with nothing optional."""
    return {
        "company": {"name": "Acme Works"},
        "person": {"name": "Maria Berg", "address": "maria@ferrum.example"},
        "supplier": {"name": "Ferrum"},
        "side": "supplier",
        "readers": "both",
        "document": None,
        "differences": None,
        "event": None,
        "notes": None,
        "files": None,
        "links": None,
        "answer": None,
        "remaining": None,
        **changes,
    }


def all_facts(**changes: Any) -> dict[str, Any]:
    """Facts with everything in them that a template may use."""
    values = {
        "document": INVOICE,
        "differences": DIFFERENCES,
        "event": EVENT,
        "notes": [{"by": "Jan Kask", "side": "buyer", "text": "Can you deliver earlier?\nWe pay the freight."}],
        "files": [{"name": "PO-4711.pdf", "size": 31234, "type": "application/pdf", "blob": "x"}],
        "links": links("approve", "reject", "send_back", "open"),
        "answer": ANSWER,
        "remaining": {"orders": 2, "quantity": "60", "value": "270"},
        **changes,
    }
    return some_facts(**values)


FACTS: dict[str, dict[str, Any]] = {
    "nothing optional": some_facts(),
    "the company alone": {"company": {"name": "Acme Works"}},
    "everything, to the supplier": all_facts(),
    "everything, to the buyer's side alone": all_facts(side="buyer", readers="own"),
    "an order": some_facts(document=ORDER, links=links("acknowledge", "refuse", "open")),
    "a request": some_facts(document=REQUEST, links=links("decline", "open")),
    "awarded in part": some_facts(document={**REQUEST, "status": "partly_awarded"}),
    "approved": some_facts(document={**INVOICE, "status": "approved"}, event={**EVENT, "side": "supplier"}),
    "only heard": some_facts(answer={"heard": ANSWER["heard"], "drafts": [INVOICE]}),
    "refused": some_facts(answer={"refused": ["This could not be done."]}),
}
