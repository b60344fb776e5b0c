"""What a supplier answers to an order, as a UBL 2.1 Order Response (Peppol BIS Ordering 3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from lxml import etree

from outbound.documents.order import ubl_item
from outbound.documents.parties import ubl_party
from outbound.documents.units import unit_code
from outbound.documents.xml import basic, group, ubl_root, written
from outbound.facts import tidy

CODES: Final[Mapping[str, str]] = {"acknowledged": "AP", "countered": "CA", "refused": "RE"}
"""The answer to an order of each status (UNCL4343, subset of Peppol): accepted, with changes, refused."""

_CHANGED: Final = "3"
_ACCEPTED: Final = "5"


def order_response(facts: Mapping[str, Any]) -> bytes | None:
    """The answer to the order in a notice's facts, UTF-8; None for an order that nobody has answered.

    With changes all lines are listed: those as ordered with status 5, those that the supplier would have otherwise
    with status 3 and what they propose. Elements are in the order of UBL-OrderResponse-2.1.xsd.
    """
    known = tidy(facts)
    document, event = known.get("document") or {}, known.get("event") or {}
    code, at = CODES.get(str(document.get("status"))), str(event.get("at") or "")
    if code is None or not at:
        return None
    currency = str(document.get("currency") or "")
    root = ubl_root("OrderResponse")
    basic(root, "CustomizationID", "urn:fdc:peppol.eu:poacc:trns:order_response:3")
    basic(root, "ProfileID", "urn:fdc:peppol.eu:poacc:bis:ordering:3")
    basic(root, "ID", answer_id(document, at))
    basic(root, "IssueDate", at[:10])
    basic(root, "OrderResponseCode", code)
    basic(root, "Note", event.get("reason"))
    basic(root, "DocumentCurrencyCode", currency)
    basic(group(root, "OrderReference"), "ID", document.get("number"))
    ubl_party(group(root, "SellerSupplierParty", "Party"), known, "seller")
    ubl_party(group(root, "BuyerCustomerParty", "Party"), known, "buyer")
    if code == "CA":
        for line in document.get("lines") or ():
            _line(root, line, currency)
    return written(root)


def answer_id(document: Mapping[str, Any], at: str) -> str:
    """A number of its own for an answer: the document's and the moment, so that the same answer has the same one."""
    return f"{document.get('number') or ''}-{''.join(c for c in at[:19] if c.isdigit())}"


def _line(root: etree._Element, line: Mapping[str, Any], currency: str) -> None:
    proposed = {key: value for key, value in (line.get("proposed") or {}).items() if value is not None}
    outer = group(root, "OrderLine")
    item = group(outer, "LineItem")
    code = unit_code(line.get("unit"))
    quantity, price = proposed.get("quantity", line.get("quantity")), proposed.get("price", line.get("unit_price"))
    basic(item, "ID", line.get("n"))
    basic(item, "LineStatusCode", _CHANGED if proposed else _ACCEPTED)
    basic(item, "Quantity", quantity, unitCode=code)
    if not proposed:
        basic(item, "LineExtensionAmount", line.get("net"), currencyID=currency)
    elif (net := _net(quantity, price, line.get("base_quantity"))) is not None:
        basic(item, "LineExtensionAmount", net, currencyID=currency)
    if day := proposed.get("delivery_date") or line.get("delivery_date"):
        basic(group(item, "Delivery", "PromisedDeliveryPeriod"), "EndDate", day)
    if price:
        of = group(item, "Price")
        basic(of, "PriceAmount", price, currencyID=currency)
        basic(of, "BaseQuantity", line.get("base_quantity"), unitCode=code)
    ubl_item(group(item, "Item"), line)
    basic(group(outer, "OrderLineReference"), "LineID", line.get("n"))


def _net(quantity: object, price: object, base: object) -> Decimal | None:
    try:
        return (Decimal(str(quantity)) * Decimal(str(price)) / Decimal(str(base or "1"))).quantize(Decimal("0.01"))
    except (InvalidOperation, ZeroDivisionError):
        return None
