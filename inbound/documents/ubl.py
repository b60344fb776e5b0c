"""UBL 2.1: invoices, orders and what answers them, also inside a Peppol envelope (OASIS UBL 2.1; EN 16931-3-2)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from lxml import etree

from inbound.documents.e_invoice import Found, finish
from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.responses import answered, answered_line
from inbound.documents.statement import Beside, Taxed
from inbound.documents.tree import (
    Flat,
    amount_at,
    amount_in,
    apart,
    date_at,
    date_in,
    decimal,
    each,
    first,
    flat,
    head_of,
    joined,
    local,
    not_a_number,
    not_decimals,
    parse_xml,
    plain,
    text_at,
    text_in,
)
from inbound.documents.type_codes import kind_of_code
from inbound.documents.ubl_statement import besides, line_period, statement_of
from workflows.reading import Charge, DocumentFormat, DocumentKind, Party, Reading, ReadLine

ROOTS: Final = {
    "Invoice": DocumentKind.INVOICE,
    "CreditNote": DocumentKind.CREDIT_NOTE,
    "Order": DocumentKind.ORDER,
    "OrderResponse": DocumentKind.ORDER_CONFIRMATION,
    "ApplicationResponse": DocumentKind.OTHER,
    "DespatchAdvice": DocumentKind.DELIVERY_NOTE,
}
"""The root elements that are read, and what they are where their type code says nothing else."""

_ORDERED = frozenset({DocumentKind.ORDER, DocumentKind.ORDER_CONFIRMATION})
_ROOT = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(ROOTS)})[\s>]")
_SELLERS = ("AccountingSupplierParty/Party", "SellerSupplierParty/Party", "DespatchSupplierParty/Party", "SenderParty")
_BUYERS = ("AccountingCustomerParty/Party", "BuyerCustomerParty/Party", "DeliveryCustomerParty/Party", "ReceiverParty")
_ADDRESS = ("StreetName", "AdditionalStreetName", "PostalZone", "CityName", "Country/IdentificationCode")
_LINES = ("InvoiceLine", "CreditNoteLine", "OrderLine", "DespatchLine")
_QUANTITIES = ("InvoicedQuantity", "CreditedQuantity", "Quantity", "DeliveredQuantity")
_UNITS = tuple(f"{name}/@unitCode" for name in _QUANTITIES)
_RATES = (
    "Item/ClassifiedTaxCategory/Percent",
    "TaxTotal/TaxSubtotal/TaxCategory/Percent",
    "TaxTotal/TaxSubtotal/Percent",
)
"""Where a line says its rate: in EN 16931 at its item, in other uses of UBL 2.1 at its own tax."""
_CATEGORY = "Item/ClassifiedTaxCategory/ID"
_GROSS_PRICE = "Price/AllowanceCharge/BaseAmount"
_DELIVERED = (
    "Delivery/ActualDeliveryDate",
    "Delivery/RequestedDeliveryPeriod/EndDate",
    "Delivery/RequestedDeliveryPeriod/StartDate",
    "Delivery/PromisedDeliveryPeriod/EndDate",
    "Delivery/PromisedDeliveryPeriod/StartDate",
    "Delivery/LatestDeliveryDate",
)
_DELIVERED_PATHS = frozenset(_DELIVERED)
_ONE = Decimal(1)


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
        raise DocumentUnreadable("unreadable", "The XML holds no document of a known kind.")
    root_kind = ROOTS[local(document)]
    kind = kind_of_code(text_at(document, "InvoiceTypeCode", "CreditNoteTypeCode", "OrderTypeCode"), root_kind)
    if root_kind not in (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE):
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
    found.take("due", "PayableAmount", amount_at(total, "PayableAmount") if root_kind not in _ORDERED else None)
    if root_kind in _ORDERED and "gross" not in found.values:
        found.take("gross", "PayableAmount", amount_at(total, "PayableAmount"))
    found.take("payment_terms", "PaymentTerms/Note", text_at(document, "PaymentTerms/Note"))
    found.take("note", "Note", text_at(document, "Note"))
    iban = text_at(document, "PaymentMeans/PayeeFinancialAccount/ID")
    seller = first(document, *_SELLERS)
    found.take("seller", "AccountingSupplierParty", _party(seller, iban))
    found.take("buyer", "CustomerParty", _party(first(document, *_BUYERS)))
    found.rounding = amount_at(total, "PayableRoundingAmount") or Decimal(0)
    found.statement = statement_of(document, total, tax)
    found.line_total = amount_at(total, "LineExtensionAmount")
    found.tax_parts = [part for e in each(tax, "TaxSubtotal") if (part := amount_at(e, "TaxAmount")) is not None]
    found.charges = [Charge(one.text, one.signed) for one in found.statement.beside]
    found.defects.extend(not_decimals(total))
    for element in lines:
        _take_line(found, element, root_kind)
    if root_kind is DocumentKind.ORDER_CONFIRMATION:
        answered(found, text_at(document, "OrderResponseCode"))
    found.orders = [text for e in each(document, "OrderReference") if (text := text_at(e, "ID"))]
    credited = each(document, "BillingReference/InvoiceDocumentReference")
    found.credits = [text for e in credited if (text := text_at(e, "ID"))]
    return finish(found)


def _take_line(found: Found, outer: etree._Element, kind: DocumentKind) -> None:
    element = first(outer, "LineItem") if kind in _ORDERED else outer
    if element is None:
        return
    parts = flat(element)
    line = _line(parts)
    if kind is DocumentKind.ORDER_CONFIRMATION:
        ordered = line.order_line or text_at(outer, "OrderLineReference/LineID") or line.id
        line = answered_line(line, ordered, parts.get("LineStatusCode"))
    beside: list[Beside] = []
    if "AllowanceCharge/Amount" in parts:
        beside = [one for one, _ in besides(element, line.id or "")]
        found.statement.beside += beside
    if "Price/AllowanceCharge/Amount" in parts:
        found.price(line, amount_in(parts, _GROSS_PRICE), amount_in(parts, "Price/AllowanceCharge/Amount"))
    if (period := line_period(parts, line.id or "")) is not None:
        found.statement.periods.append(period)
    if line.net is None and (text := parts.get("LineExtensionAmount")) is not None:
        found.defects.append(not_a_number(text))
    found.line(line, beside)
    if line.net is not None:
        found.statement.parts.append(Taxed(text_in(parts, _CATEGORY), line.tax_rate, line.net))


def _tax_total(document: etree._Element, currency: str | None) -> etree._Element | None:
    """The tax total in the document's currency: a second one may state it in the seller's own."""
    totals = list(each(document, "TaxTotal"))
    for total in totals:
        if _attribute(total, "TaxAmount", "currencyID") == currency:
            return total
    return totals[0] if totals else None


def _line(parts: Flat) -> ReadLine:
    said = parts.get
    return ReadLine(
        id=plain(said("ID")),
        order=plain(said("OrderLineReference/OrderReference/ID")),
        order_line=plain(said("OrderLineReference/LineID")),
        buyer_sku=plain(said("Item/BuyersItemIdentification/ID")),
        seller_sku=plain(said("Item/SellersItemIdentification/ID")),
        text=text_in(parts, "Item/Name", "Item/Description"),
        quantity=amount_in(parts, *_QUANTITIES),
        unit=text_in(parts, *_UNITS),
        unit_price=decimal(said("Price/PriceAmount")),
        base_quantity=decimal(said("Price/BaseQuantity")) or _ONE,
        net=decimal(said("LineExtensionAmount")),
        tax_rate=amount_in(parts, *_RATES),
        delivery_date=None if _DELIVERED_PATHS.isdisjoint(parts) else date_in(parts, *_DELIVERED),
    )


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
