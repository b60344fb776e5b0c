"""A purchase order as PDF, as a sheet to answer in, and as a UBL 2.1 Order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from outbound.documents.printed import printed
from outbound.documents.sheets import Column, sheet
from outbound.facts import tidy
from templates.words import N_

_ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_NAMES = {None: _ORDER, "cac": _CAC, "cbc": _CBC}
_UNIT = re.compile(r"[A-Z0-9]{2,3}")
_UNIT_CODES = {
    "pcs": "C62", "pc": "C62", "piece": "C62", "pieces": "C62", "kg": "KGM", "g": "GRM", "t": "TNE", "l": "LTR",
    "m": "MTR", "mm": "MMT", "cm": "CMT", "m²": "MTK", "m2": "MTK", "m³": "MTQ", "m3": "MTQ", "h": "HUR",
    "hour": "HUR", "hours": "HUR", "day": "DAY", "days": "DAY", "set": "SET", "sets": "SET", "pair": "PR",
    "box": "BX", "boxes": "BX",
}  # fmt: skip

_COLUMNS = (
    Column("n", N_("No."), 6),
    Column("buyer_sku", N_("Customer's item"), 16),
    Column("seller_sku", N_("Your item"), 16),
    Column("text", N_("Item"), 46),
    Column("quantity", N_("Quantity"), 11),
    Column("unit", N_("Unit"), 9),
    Column("unit_price", N_("Unit price"), 13),
    Column("base_quantity", N_("Price per"), 9),
    Column("net", N_("Amount"), 14),
    Column("delivery_date", N_("Delivery"), 13),
    Column("answer_quantity", N_("Your quantity"), 13, answer=True),
    Column("answer_price", N_("Your unit price"), 13, answer=True),
    Column("answer_date", N_("Your delivery date"), 14, answer=True),
)


def order_pdf(facts: Mapping[str, Any], language: str) -> bytes:
    """The order as a PDF in the reader's language."""
    return printed(facts, language)


def order_xlsx(facts: Mapping[str, Any], language: str) -> bytes:
    """The order as a sheet whose last columns the supplier may fill in and send back."""
    ask = N_("Fill in the yellow cells only where you differ, and reply with this file.")
    return sheet(facts, language, _COLUMNS, ask)


def order_ubl(facts: Mapping[str, Any]) -> bytes:
    """The order as a UBL 2.1 Order (OASIS UBL 2.1, UBL-Order-2.1.xsd), UTF-8, elements in the schema's order."""
    known = tidy(facts)
    document = known.get("document") or {}
    currency = str(document.get("currency") or "")
    root = etree.Element(f"{{{_ORDER}}}Order", nsmap=_NAMES)  # type: ignore[arg-type]  # the stubs know no default namespace
    _basic(root, "UBLVersionID", "2.1")
    _basic(root, "ID", document.get("number"))
    _basic(root, "IssueDate", document.get("issue_date"))
    _basic(root, "Note", document.get("note"))
    _basic(root, "DocumentCurrencyCode", currency)
    supplier = document.get("supplier") or (known.get("supplier") or {}).get("name")
    for role, name in (
        ("BuyerCustomerParty", (known.get("company") or {}).get("name")),
        ("SellerSupplierParty", supplier),
    ):
        party = _group(_group(root, role), "Party")
        if name:
            _basic(_group(party, "PartyName"), "Name", name)
    _delivery(root, document.get("delivery_date"))
    if document.get("terms"):
        _basic(_group(root, "PaymentTerms"), "Note", document["terms"])
    if document.get("tax"):
        _basic(_group(root, "TaxTotal"), "TaxAmount", document["tax"], currencyID=currency)
    if document.get("net"):
        total = _group(root, "AnticipatedMonetaryTotal")
        _basic(total, "LineExtensionAmount", document["net"], currencyID=currency)
        _basic(total, "TaxExclusiveAmount", document["net"], currencyID=currency)
        _basic(total, "TaxInclusiveAmount", document.get("gross"), currencyID=currency)
        _basic(total, "PayableAmount", document.get("gross") or document["net"], currencyID=currency)
    for line in document.get("lines") or ():
        _line(root, line, currency)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _line(root: etree._Element, line: Mapping[str, Any], currency: str) -> None:
    item = _group(_group(root, "OrderLine"), "LineItem")
    code = _unit(str(line.get("unit") or ""))
    _basic(item, "ID", line.get("n"))
    _basic(item, "Quantity", line.get("quantity"), unitCode=code)
    _basic(item, "LineExtensionAmount", line.get("net"), currencyID=currency)
    _delivery(item, line.get("delivery_date"))
    if line.get("unit_price"):
        price = _group(item, "Price")
        _basic(price, "PriceAmount", line["unit_price"], currencyID=currency)
        _basic(price, "BaseQuantity", line.get("base_quantity"), unitCode=code)
    goods = _group(item, "Item")
    _basic(goods, "Name", line.get("text"))
    for role, sku in (
        ("BuyersItemIdentification", line.get("buyer_sku")),
        ("SellersItemIdentification", line.get("seller_sku")),
    ):
        if sku:
            _basic(_group(goods, role), "ID", sku)
    if line.get("tax_rate"):
        category = _group(goods, "ClassifiedTaxCategory")
        _basic(category, "ID", "Z" if not str(line["tax_rate"]).strip("0.") else "S")
        _basic(category, "Percent", line["tax_rate"])
        _basic(_group(category, "TaxScheme"), "ID", "VAT")


def _delivery(parent: etree._Element, day: str | None) -> None:
    if day:
        _basic(_group(_group(parent, "Delivery"), "RequestedDeliveryPeriod"), "EndDate", day)


def _unit(unit: str) -> str:
    """The unit's code (UN/ECE recommendation 20); a unit that is no code and not known by name stays as it is."""
    return unit if _UNIT.fullmatch(unit) else _UNIT_CODES.get(unit.lower().rstrip("."), unit)


def _group(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_CAC}}}{name}")


def _basic(parent: etree._Element, name: str, value: object, **attributes: str) -> None:
    if value is not None and value != "":
        kept = {key: text for key, text in attributes.items() if text}
        etree.SubElement(parent, f"{{{_CBC}}}{name}", kept).text = str(value)
