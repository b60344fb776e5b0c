"""Where an invoice stands, as a Peppol Invoice Response: BIS Invoice Response 3, UBL 2.1 ApplicationResponse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import etree

from outbound.documents.normed import INVOICE
from outbound.documents.order_response import answer_id
from outbound.documents.parties import Role, party_of
from outbound.documents.xml import basic, group, ubl_root, written
from outbound.facts import tidy

CODES: Final[Mapping[str, str]] = {
    "draft": "AB",
    "matching": "IP",
    "pending": "IP",
    "in_revision": "UQ",
    "approved": "AP",
    "rejected": "RE",
    "partly_paid": "PD",
    "paid": "PD",
}
"""The code of each status (UNCL4343, subset of Peppol): received, in process, under query, accepted, rejected, paid.

`CA`, accepted with conditions, is said of an approved invoice of which less is paid than it asks for.
"""

REASONS: Final[Mapping[str, str]] = {
    "price_over": "PRI",
    "price_under": "PRI",
    "qty_over_remaining": "QTY",
    "qty_under": "QTY",
    "not_received": "DEL",
    "new_item": "ITM",
    "uom_changed": "ITM",
    "currency_changed": "FIN",
    "tax_changed": "FIN",
    "charge_added": "FIN",
    "discount_missing": "FIN",
    "sum_mismatch": "FIN",
    "bank_changed": "FIN",
    "terms_changed": "PAY",
    "order_closed": "REF",
    "order_unknown": "REF",
    "duplicate": "OTH",
}
"""Why, for each difference (OPStatusReason): prices, quantities, delivery, items, money, terms, references."""

_OTHER: Final = "OTH"
_PARTLY_PAID: Final = "PPD"
_ASKS_WHY: Final = ("UQ", "RE", "CA")


def invoice_response(facts: Mapping[str, Any]) -> bytes | None:
    """The status of the invoice in a notice's facts, UTF-8; None for a status that Peppol has no word for.

    Elements are in the order of UBL-ApplicationResponse-2.1.xsd.
    """
    known = tidy(facts)
    document, event = known.get("document") or {}, known.get("event") or {}
    code, at = code_of(document), str(event.get("at") or "")
    if code is None or not at or not document.get("number"):
        return None
    root = ubl_root("ApplicationResponse")
    basic(root, "CustomizationID", "urn:fdc:peppol.eu:poacc:trns:invoice_response:3")
    basic(root, "ProfileID", "urn:fdc:peppol.eu:poacc:bis:invoice_response:3")
    basic(root, "ID", answer_id(document, at))
    basic(root, "IssueDate", at[:10])
    _side(group(root, "SenderParty"), known, "buyer")
    _side(group(root, "ReceiverParty"), known, "seller")
    answer = group(root, "DocumentResponse")
    response = group(answer, "Response")
    basic(response, "ResponseCode", code, listID="UNCL4343OpSubset")
    basic(response, "EffectiveDate", at[:10])
    for reason, text in _reasons(code, known):
        status = group(response, "Status")
        basic(status, "StatusReasonCode", reason, listID="OPStatusReason")
        basic(status, "StatusReason", text)
    reference = group(answer, "DocumentReference")
    basic(reference, "ID", document["number"])
    basic(reference, "IssueDate", document.get("issue_date"))
    basic(reference, "DocumentTypeCode", INVOICE, listID="UNCL1001")
    return written(root)


def code_of(document: Mapping[str, Any]) -> str | None:
    """The code of an invoice's status; a canceled one was taken back by its seller, who needs no answer."""
    status = str(document.get("status"))
    return "CA" if status == "approved" and document.get("accepted_in_part") else CODES.get(status)


def _reasons(code: str, facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Why, each code once: the differences, and the words of who decided. A query or a refusal always says why."""
    words = str((facts.get("event") or {}).get("reason") or "").strip()
    found: dict[str, list[str]] = {}
    if code in _ASKS_WHY:
        for difference in facts.get("differences") or ():
            by_code = REASONS.get(str(difference.get("code")), _OTHER)
            reason = REASONS.get(str(difference.get("reason")), by_code)
            found.setdefault(reason, []).append(_sentence(difference))
    if str((facts.get("document") or {}).get("status")) == "partly_paid":
        found.setdefault(_PARTLY_PAID, [])
    if words:
        found.setdefault(next(iter(found), _OTHER), []).insert(0, words)
    if not found and code in _ASKS_WHY:
        found[_OTHER] = []
    for reason, texts in found.items():
        yield reason, " ".join(text for text in texts if text)


def _sentence(difference: Mapping[str, Any]) -> str:
    n, text = difference.get("n"), difference.get("text")
    place = ", ".join(str(part) for part in (f"line {n}" if n else "", text or "") if part)
    ordered, invoiced = difference.get("ordered"), difference.get("invoiced")
    figures = ", ".join(f"{name} {value}" for name, value in (("ordered", ordered), ("invoiced", invoiced)) if value)
    return f"{place}: {figures}." if place and figures else place or figures


def _side(element: etree._Element, facts: Mapping[str, Any], role: Role) -> None:
    party = party_of(facts, role)
    reader = (facts.get("person") or {}).get("address") if role == "seller" and facts.get("side") == "supplier" else ""
    basic(element, "EndpointID", party.get("mail") or reader, schemeID="EM")
    basic(group(element, "PartyLegalEntity"), "RegistrationName", party.get("name") or "?")
