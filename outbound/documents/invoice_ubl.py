"""An invoice as UBL 2.1 Invoice by EN 16931 (EN 16931-3-2), elements in the order of UBL-Invoice-2.1.xsd."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from lxml import etree

from outbound.documents.normed import INVOICE, NOT_SUBJECT, NormInvoice, NormLine
from outbound.documents.parties import fill_party
from outbound.documents.xml import basic, group, ubl_root, written

PROFILE: Final = "urn:cen.eu:en16931:2017"


def ubl_of(invoice: NormInvoice) -> bytes:
    """The invoice as UBL, UTF-8."""
    root, currency = ubl_root("Invoice"), invoice.currency
    basic(root, "CustomizationID", PROFILE)
    basic(root, "ID", invoice.number)
    basic(root, "IssueDate", invoice.issue_date)
    basic(root, "DueDate", invoice.due_date)
    basic(root, "InvoiceTypeCode", INVOICE)
    basic(root, "Note", invoice.note)
    basic(root, "DocumentCurrencyCode", currency)
    if invoice.order_number:
        basic(group(root, "OrderReference"), "ID", invoice.order_number)
    for role, party in (("AccountingSupplierParty", invoice.seller), ("AccountingCustomerParty", invoice.buyer)):
        fill_party(group(root, role, "Party"), asdict(party))
    if invoice.delivery_date:
        delivery = group(root, "Delivery")
        basic(delivery, "ActualDeliveryDate", invoice.delivery_date)
        place = group(delivery, "DeliveryLocation", "Address", "Country")
        basic(place, "IdentificationCode", invoice.buyer.country)
    if invoice.seller.iban:
        means = group(root, "PaymentMeans")
        basic(means, "PaymentMeansCode", "30")
        basic(group(means, "PayeeFinancialAccount"), "ID", invoice.seller.iban)
    if invoice.terms:
        basic(group(root, "PaymentTerms"), "Note", invoice.terms)
    total = group(root, "TaxTotal")
    basic(total, "TaxAmount", invoice.tax, currencyID=currency)
    for row in invoice.rows:
        part = group(total, "TaxSubtotal")
        basic(part, "TaxableAmount", row.base, currencyID=currency)
        basic(part, "TaxAmount", row.tax, currencyID=currency)
        category = group(part, "TaxCategory")
        basic(category, "ID", row.category)
        basic(category, "Percent", row.percent)
        basic(category, "TaxExemptionReasonCode", row.reason_code)
        basic(category, "TaxExemptionReason", row.reason)
        basic(group(category, "TaxScheme"), "ID", "VAT")
    sums = group(root, "LegalMonetaryTotal")
    basic(sums, "LineExtensionAmount", invoice.net, currencyID=currency)
    basic(sums, "TaxExclusiveAmount", invoice.net, currencyID=currency)
    basic(sums, "TaxInclusiveAmount", invoice.gross, currencyID=currency)
    if invoice.prepaid:
        basic(sums, "PrepaidAmount", invoice.prepaid, currencyID=currency)
    basic(sums, "PayableAmount", invoice.due, currencyID=currency)
    for line in invoice.lines:
        _line(root, line, currency)
    return written(root)


def _line(root: etree._Element, line: NormLine, currency: str) -> None:
    element = group(root, "InvoiceLine")
    basic(element, "ID", line.id)
    basic(element, "Note", line.note)
    basic(element, "InvoicedQuantity", line.quantity, unitCode=line.unit)
    basic(element, "LineExtensionAmount", line.net, currencyID=currency)
    if line.order_line:
        basic(group(element, "OrderLineReference"), "LineID", line.order_line)
    item = group(element, "Item")
    basic(item, "Name", line.text)
    for role, sku in (
        ("BuyersItemIdentification", line.buyer_sku),
        ("SellersItemIdentification", line.seller_sku),
    ):
        if sku:
            basic(group(item, role), "ID", sku)
    category = group(item, "ClassifiedTaxCategory")
    basic(category, "ID", line.category)
    basic(category, "Percent", None if line.category == NOT_SUBJECT else line.rate)
    basic(group(category, "TaxScheme"), "ID", "VAT")
    price = group(element, "Price")
    basic(price, "PriceAmount", line.price, currencyID=currency)
    if line.base != 1:
        basic(price, "BaseQuantity", line.base, unitCode=line.unit)
