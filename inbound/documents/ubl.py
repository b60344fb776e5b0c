"""UBL 2.1: Order, Invoice and CreditNote, also inside a Peppol envelope (OASIS UBL 2.1; EN 16931-3-2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from lxml import etree

from inbound.documents.e_invoice import Found, finish
from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.rules import Statement, Taxed
from inbound.documents.tree import (
    Flat,
    amount_at,
    amount_in,
    apart,
    date_at,
    date_in,
    each,
    first,
    flat,
    head_of,
    joined,
    local,
    parse_xml,
    text_at,
    text_in,
)
from inbound.documents.type_codes import kind_of_code
from workflows.reading import Charge, DocumentFormat, DocumentKind, Party, Reading, ReadLine

ROOTS: Final = {
    "Invoice": DocumentKind.INVOICE,
    "CreditNote": DocumentKind.CREDIT_NOTE,
    "Order": DocumentKind.ORDER,
}
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:Invoice|CreditNote|Order)[\s>]")
_ADDRESS = ("StreetName", "AdditionalStreetName", "PostalZone", "CityName", "Country/IdentificationCode")
_LINES = ("InvoiceLine", "CreditNoteLine", "OrderLine")
_QUANTITIES = ("InvoicedQuantity", "CreditedQuantity", "Quantity")
_UNITS = tuple(f"{name}/@unitCode" for name in _QUANTITIES)
_CATEGORY = "Item/ClassifiedTaxCategory/ID"
_DELIVERED = (
    "Delivery/ActualDeliveryDate",
    "Delivery/RequestedDeliveryPeriod/EndDate",
    "Delivery/RequestedDeliveryPeriod/StartDate",
    "Delivery/LatestDeliveryDate",
)
_ONE = Decimal(1)
_TWO_DECIMALS = (
    ("BR-DEC-09", "LineExtensionAmount"),
    ("BR-DEC-10", "AllowanceTotalAmount"),
    ("BR-DEC-11", "ChargeTotalAmount"),
    ("BR-DEC-12", "TaxExclusiveAmount"),
    ("BR-DEC-14", "TaxInclusiveAmount"),
    ("BR-DEC-16", "PrepaidAmount"),
    ("BR-DEC-17", "PayableRoundingAmount"),
    ("BR-DEC-18", "PayableAmount"),
)


def claims(source: Source) -> bool:
    """Whether the content begins as a UBL document of a known kind."""
    head = head_of(source.content)
    return bool(head) and "oasis:names:specification:ubl" in head and _ROOT.search(head) is not None


def read(source: Source) -> Reading:
    """Read a UBL document; raises `DocumentUnreadable`."""
    return read_tree(parse_xml(source.content))


def read_tree(root: etree._Element) -> Reading:
    """Read a parsed UBL document, wherever in the tree it begins."""
    document = root if local(root) in ROOTS else next((e for e in root.iter() if local(e) in ROOTS), None)
    if document is None:
        raise DocumentUnreadable("unreadable", "The XML holds no invoice, credit note or order.")
    root_kind = ROOTS[local(document)]
    kind = kind_of_code(text_at(document, "InvoiceTypeCode", "CreditNoteTypeCode", "OrderTypeCode"), root_kind)
    if root_kind is DocumentKind.ORDER:
        kind = root_kind
    lines, document = apart(document, _LINES)
    found = Found(DocumentFormat.UBL, kind)
    currency = text_at(document, "DocumentCurrencyCode")
    total = first(document, "LegalMonetaryTotal", "AnticipatedMonetaryTotal")
    tax = _tax_total(document, currency)
    found.take("number", "ID", text_at(document, "ID"))
    found.take("issue_date", "IssueDate", date_at(document, "IssueDate"))
    found.take(
        "due_date",
        "DueDate",
        date_at(document, "DueDate", "PaymentMeans/PaymentDueDate", "PaymentTerms/PaymentDueDate"),
    )
    found.take("delivery_date", "Delivery", date_at(document, *_DELIVERED))
    found.take("currency", "DocumentCurrencyCode", currency or _attribute(total, "PayableAmount", "currencyID"))
    found.take("net", "TaxExclusiveAmount", amount_at(total, "TaxExclusiveAmount", "LineExtensionAmount"))
    found.take("tax", "TaxTotal/TaxAmount", amount_at(tax, "TaxAmount"))
    found.take("gross", "TaxInclusiveAmount", amount_at(total, "TaxInclusiveAmount"))
    found.take("prepaid", "PrepaidAmount", amount_at(total, "PrepaidAmount"))
    found.take(
        "due", "PayableAmount", amount_at(total, "PayableAmount") if root_kind is not DocumentKind.ORDER else None
    )
    if root_kind is DocumentKind.ORDER and "gross" not in found.values:
        found.take("gross", "PayableAmount", amount_at(total, "PayableAmount"))
    found.take("payment_terms", "PaymentTerms/Note", text_at(document, "PaymentTerms/Note"))
    found.take("note", "Note", text_at(document, "Note"))
    iban = text_at(document, "PaymentMeans/PayeeFinancialAccount/ID")
    seller = first(document, "AccountingSupplierParty/Party", "SellerSupplierParty/Party")
    found.take("seller", "AccountingSupplierParty", _party(seller, iban))
    found.take(
        "buyer", "CustomerParty", _party(first(document, "AccountingCustomerParty/Party", "BuyerCustomerParty/Party"))
    )
    found.rounding = amount_at(total, "PayableRoundingAmount") or Decimal(0)
    found.statement = _statement(document, total, tax)
    found.line_total = amount_at(total, "LineExtensionAmount")
    found.tax_parts = [part for e in each(tax, "TaxSubtotal") if (part := amount_at(e, "TaxAmount")) is not None]
    found.charges = list(_charges(document))
    if root_kind is DocumentKind.ORDER:
        lines = [item for line in lines for item in each(line, "LineItem")]
    for element in lines:
        parts = flat(element)
        line = _line(parts)
        found.line(line, list(_charges(element)) if "AllowanceCharge/Amount" in parts else ())
        if line.net is not None:
            found.statement.parts.append(Taxed(text_in(parts, _CATEGORY), line.tax_rate, line.net))
    found.orders = [text for e in each(document, "OrderReference") if (text := text_at(e, "ID"))]
    return finish(found)


def _statement(document: etree._Element, total: etree._Element | None, tax_total: etree._Element | None) -> Statement:
    """What the rules on tax look at."""
    parties = ("AccountingSupplierParty/Party", "TaxRepresentativeParty")
    statement = Statement(
        profile=text_at(document, "CustomizationID"),
        allowances=amount_at(total, "AllowanceTotalAmount"),
        charges=amount_at(total, "ChargeTotalAmount"),
        seller_tax_id=any(text_at(first(document, name), "PartyTaxScheme/CompanyID") for name in parties),
    )
    for part in each(tax_total, "TaxSubtotal"):
        category, amount, tax = (
            first(part, "TaxCategory"),
            amount_at(part, "TaxableAmount"),
            amount_at(part, "TaxAmount"),
        )
        if amount is not None:
            reason = first(category, "TaxExemptionReason", "TaxExemptionReasonCode") is not None
            row = Taxed(text_at(category, "ID"), amount_at(category, "Percent"), amount, tax, reason)
            statement.breakdown.append(row)
        statement.amounts += [("BR-DEC-19", amount), ("BR-DEC-20", tax)]
    for charge in each(document, "AllowanceCharge"):
        amount, category = amount_at(charge, "Amount"), first(charge, "TaxCategory")
        if amount is not None:
            signed = amount if _is_charge(charge) else -amount
            statement.parts.append(Taxed(text_at(category, "ID"), amount_at(category, "Percent"), signed))
    statement.amounts += [(rule, amount_at(total, name)) for rule, name in _TWO_DECIMALS]
    return statement


def _tax_total(document: etree._Element, currency: str | None) -> etree._Element | None:
    """The tax total in the document's currency: a second one may state it in the seller's own."""
    totals = list(each(document, "TaxTotal"))
    for total in totals:
        if _attribute(total, "TaxAmount", "currencyID") == currency:
            return total
    return totals[0] if totals else None


def _line(parts: Flat) -> ReadLine:
    return ReadLine(
        id=text_in(parts, "ID"),
        order=text_in(parts, "OrderLineReference/OrderReference/ID"),
        order_line=text_in(parts, "OrderLineReference/LineID"),
        buyer_sku=text_in(parts, "Item/BuyersItemIdentification/ID"),
        seller_sku=text_in(parts, "Item/SellersItemIdentification/ID"),
        text=text_in(parts, "Item/Name", "Item/Description"),
        quantity=amount_in(parts, *_QUANTITIES),
        unit=text_in(parts, *_UNITS),
        unit_price=amount_in(parts, "Price/PriceAmount"),
        base_quantity=amount_in(parts, "Price/BaseQuantity") or _ONE,
        net=amount_in(parts, "LineExtensionAmount"),
        tax_rate=amount_in(parts, "Item/ClassifiedTaxCategory/Percent"),
        delivery_date=date_in(parts, *_DELIVERED),
    )


def _charges(element: etree._Element) -> Iterator[Charge]:
    for charge in each(element, "AllowanceCharge"):
        amount = amount_at(charge, "Amount")
        if amount is not None:
            text = text_at(charge, "AllowanceChargeReason", "AllowanceChargeReasonCode")
            yield Charge(text, amount if _is_charge(charge) else -amount)


def _is_charge(element: etree._Element) -> bool:
    return (text_at(element, "ChargeIndicator") or "").lower() in ("true", "1")


def _party(element: etree._Element | None, iban: str | None = None) -> Party:
    vat_id = None
    for scheme in each(element, "PartyTaxScheme"):
        if text_at(scheme, "TaxScheme/ID") in ("VAT", "VA", None):
            vat_id = vat_id or text_at(scheme, "CompanyID")
    return Party(
        name=text_at(element, "PartyLegalEntity/RegistrationName", "PartyName/Name"),
        vat_id=vat_id,
        iban=iban,
        address=joined(first(element, "PostalAddress"), *_ADDRESS),
    )


def _attribute(element: etree._Element | None, path: str, name: str) -> str | None:
    found = first(element, path)
    return None if found is None else found.get(name)


READER: Final = Reader(DocumentFormat.UBL, claims, read)
