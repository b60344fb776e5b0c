"""A purchase order as PDF, as a sheet to answer in, and as a UBL 2.1 Order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from outbound.documents.parties import ubl_party
from outbound.documents.printed import printed
from outbound.documents.sheets import Column, Form, Input, sheet
from outbound.documents.units import unit_code, unit_name
from outbound.documents.xml import basic, group, ubl_root, written
from outbound.facts import tidy
from templates.words import N_

_LINE = (
    Column("n", N_("No."), 20),
    Column("buyer_sku", N_("Customer's item"), 24),
    Column("seller_sku", N_("Your item"), 16),
    Column("text", N_("Item"), 46),
    Column("quantity", N_("Quantity"), 11, kind="number"),
    Column("unit", N_("Unit"), 9),
    Column("unit_price", N_("Unit price"), 13, kind="money"),
    Column("base_quantity", N_("Price per"), 9, kind="number"),
)
_ANSWER = Form(
    "order",
    N_("Fill in the yellow cells only where you differ, choose your answer, and reply with this file."),
    (
        *_LINE,
        Column("net", N_("Amount"), 14, kind="money"),
        Column("delivery_date", N_("Delivery"), 13, kind="date"),
        Column("answer_quantity", N_("Your quantity"), 13, answer=True, kind="number"),
        Column("answer_price", N_("Your unit price"), 13, answer=True, kind="money"),
        Column("answer_date", N_("Your delivery date"), 14, answer=True, kind="date"),
    ),
    (
        Input(
            "answer",
            N_("Your answer"),
            "choice",
            {"acknowledge": N_("We confirm the order"), "counter": N_("We propose changes"), "refuse": N_("We refuse")},
        ),
        Input("reason", N_("Your reason")),
    ),
)
_INVOICE = Form(
    "invoice",
    N_("Give your invoice number, change what differs in the yellow cells, and reply with this file."),
    (
        *_LINE,
        Column("answer_quantity", N_("Invoiced quantity"), 13, answer=True, kind="number", prefilled="quantity"),
        Column("answer_price", N_("Invoiced unit price"), 13, answer=True, kind="money", prefilled="unit_price"),
        Column("answer_tax_rate", N_("Tax in %"), 9, answer=True, kind="rate", prefilled="tax_rate"),
        Column("amount", N_("Amount"), 14, kind="money"),
    ),
    (
        Input("number", N_("Your invoice number")),
        Input("issue_date", N_("Invoice date"), "date"),
        Input("due_date", N_("Payment due"), "date"),
    ),
    totals=True,
)


def order_pdf(facts: Mapping[str, Any], language: str) -> bytes:
    """The order as a PDF in the reader's language."""
    return printed(facts, language)


def order_xlsx(facts: Mapping[str, Any], language: str) -> bytes:
    """The order as a sheet to confirm it in, or to propose changes: its last columns come back filled in."""
    return sheet(facts, language, _ANSWER)


def invoice_xlsx(facts: Mapping[str, Any], language: str) -> bytes:
    """The sheet to invoice the order in: quantities, prices and tax as ordered, to be changed where they differ."""
    return sheet(facts, language, _INVOICE)


def order_ubl(facts: Mapping[str, Any]) -> bytes:
    """The order as a UBL 2.1 Order (OASIS UBL 2.1, UBL-Order-2.1.xsd), UTF-8, elements in the schema's order."""
    known = tidy(facts)
    document = known.get("document") or {}
    currency = str(document.get("currency") or "")
    root = ubl_root("Order")
    basic(root, "UBLVersionID", "2.1")
    basic(root, "ID", document.get("number"))
    basic(root, "IssueDate", document.get("issue_date"))
    basic(root, "Note", document.get("note"))
    basic(root, "DocumentCurrencyCode", currency)
    ubl_party(group(root, "BuyerCustomerParty", "Party"), known, "buyer")
    ubl_party(group(root, "SellerSupplierParty", "Party"), known, "seller")
    _delivery(root, document.get("delivery_date"))
    if document.get("terms"):
        basic(group(root, "PaymentTerms"), "Note", document["terms"])
    if document.get("tax"):
        basic(group(root, "TaxTotal"), "TaxAmount", document["tax"], currencyID=currency)
    if document.get("net"):
        total = group(root, "AnticipatedMonetaryTotal")
        basic(total, "LineExtensionAmount", document["net"], currencyID=currency)
        basic(total, "TaxExclusiveAmount", document["net"], currencyID=currency)
        basic(total, "TaxInclusiveAmount", document.get("gross"), currencyID=currency)
        basic(total, "PayableAmount", document.get("gross") or document["net"], currencyID=currency)
    for line in document.get("lines") or ():
        _line(root, line, currency)
    return written(root)


def _line(root: etree._Element, line: Mapping[str, Any], currency: str) -> None:
    outer = group(root, "OrderLine")
    basic(outer, "Note", unit_name(line.get("unit")))
    item = group(outer, "LineItem")
    code = unit_code(line.get("unit"))
    basic(item, "ID", line.get("n"))
    basic(item, "Quantity", line.get("quantity"), unitCode=code)
    basic(item, "LineExtensionAmount", line.get("net"), currencyID=currency)
    _delivery(item, line.get("delivery_date"))
    if line.get("unit_price"):
        price = group(item, "Price")
        basic(price, "PriceAmount", line["unit_price"], currencyID=currency)
        basic(price, "BaseQuantity", line.get("base_quantity"), unitCode=code)
    ubl_item(group(item, "Item"), line)


def ubl_item(goods: etree._Element, line: Mapping[str, Any]) -> None:
    """Fill an `Item` with what a line calls it (UBL-CommonAggregateComponents, ItemType)."""
    basic(goods, "Name", line.get("text"))
    for role, sku in (
        ("BuyersItemIdentification", line.get("buyer_sku")),
        ("SellersItemIdentification", line.get("seller_sku")),
    ):
        if sku:
            basic(group(goods, role), "ID", sku)
    if line.get("tax_rate") and str(line["tax_rate"]).strip("0."):  # a rate of 0 does not say why there is none
        category = group(goods, "ClassifiedTaxCategory")
        basic(category, "ID", "S")
        basic(category, "Percent", line["tax_rate"])
        basic(group(category, "TaxScheme"), "ID", "VAT")


def _delivery(parent: etree._Element, day: str | None) -> None:
    if day:
        basic(group(parent, "Delivery", "RequestedDeliveryPeriod"), "EndDate", day)
