"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 1 and 2, XRechnung (EN 16931-3-3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from lxml import etree

from inbound.documents.e_invoice import Found, finish
from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.tree import (
    amount_at,
    amount_of,
    date_at,
    each,
    first,
    head_of,
    joined,
    local,
    parse_xml,
    text_at,
    text_of,
)
from inbound.documents.type_codes import kind_of_code
from workflows.reading import Charge, DocumentFormat, DocumentKind, Party, Reading, ReadLine

ROOTS: Final = ("CrossIndustryInvoice", "CrossIndustryDocument")
_ROOT = re.compile(r"<(?:[\w.-]+:)?CrossIndustry(?:Invoice|Document)[\s>]")
_ADDRESS = ("LineOne", "LineTwo", "LineThree", "PostcodeCode", "CityName", "CountryID")

# ZUGFeRD 1 calls the same groups by other names; both are looked for.
_HEADER = ("ExchangedDocument", "HeaderExchangedDocument")
_TRADE = ("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
_AGREEMENT = ("ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
_DELIVERY = ("ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery")
_SETTLEMENT = ("ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
_TOTALS = ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
_LINE_AGREEMENT = ("SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement")
_LINE_DELIVERY = ("SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery")
_LINE_SETTLEMENT = ("SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement")
_LINE_TOTALS = ("SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation")
_ORDER = ("BuyerOrderReferencedDocument/IssuerAssignedID", "BuyerOrderReferencedDocument/ID")


def claims(source: Source) -> bool:
    """Whether the content begins as a Cross Industry Invoice."""
    return _ROOT.search(head_of(source.content)) is not None


def read(source: Source) -> Reading:
    """Read a Cross Industry Invoice; raises `DocumentUnreadable`."""
    return read_tree(parse_xml(source.content))


def read_tree(root: etree._Element) -> Reading:
    """Read a parsed Cross Industry Invoice, wherever in the tree it begins."""
    document = root if local(root) in ROOTS else next((e for e in root.iter() if local(e) in ROOTS), None)
    if document is None:
        raise DocumentUnreadable("unreadable", "The XML holds no invoice.")
    header, trade = first(document, *_HEADER), first(document, *_TRADE)
    agreement, delivery, settlement = first(trade, *_AGREEMENT), first(trade, *_DELIVERY), first(trade, *_SETTLEMENT)
    totals = first(settlement, *_TOTALS)
    currency = text_at(settlement, "InvoiceCurrencyCode")
    found = Found(DocumentFormat.CII, kind_of_code(text_at(header, "TypeCode"), DocumentKind.INVOICE))
    found.take("number", "ExchangedDocument/ID", text_at(header, "ID"))
    found.take("issue_date", "IssueDateTime", date_at(header, "IssueDateTime/DateTimeString", "IssueDateTime/DateTime"))
    found.take(
        "due_date", "DueDateDateTime", date_at(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString")
    )
    found.take(
        "delivery_date",
        "OccurrenceDateTime",
        date_at(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString"),
    )
    found.take("currency", "InvoiceCurrencyCode", currency)
    found.take("net", "TaxBasisTotalAmount", amount_at(totals, "TaxBasisTotalAmount"))
    found.take("tax", "TaxTotalAmount", _tax_total(totals, currency))
    found.take("gross", "GrandTotalAmount", amount_at(totals, "GrandTotalAmount"))
    found.take("prepaid", "TotalPrepaidAmount", amount_at(totals, "TotalPrepaidAmount"))
    found.take("due", "DuePayableAmount", amount_at(totals, "DuePayableAmount"))
    found.take(
        "payment_terms", "SpecifiedTradePaymentTerms", text_at(settlement, "SpecifiedTradePaymentTerms/Description")
    )
    found.take("note", "IncludedNote", text_at(header, "IncludedNote/Content"))
    iban = text_at(settlement, "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID")
    found.take("seller", "SellerTradeParty", _party(first(agreement, "SellerTradeParty"), iban))
    found.take("buyer", "BuyerTradeParty", _party(first(agreement, "BuyerTradeParty")))
    found.rounding = amount_at(totals, "RoundingAmount") or Decimal(0)
    found.line_total = amount_at(totals, "LineTotalAmount")
    taxes = each(settlement, "ApplicableTradeTax")
    found.tax_parts = [part for e in taxes if (part := amount_at(e, "CalculatedAmount")) is not None]
    found.charges = list(_charges(settlement))
    for charge in each(settlement, "SpecifiedLogisticsServiceCharge"):
        amount = amount_at(charge, "AppliedAmount")
        if amount is not None:
            found.charges.append(Charge(text_at(charge, "Description"), amount))
    for element in each(trade, "IncludedSupplyChainTradeLineItem"):
        # a group repeats the sum of its lines, an information line is part of another one's price
        if text_at(element, "AssociatedDocumentLineDocument/LineStatusReasonCode") not in ("GROUP", "INFORMATION"):
            found.line(_line(element), list(_charges(first(element, *_LINE_SETTLEMENT))))
    order = text_at(agreement, *_ORDER)
    found.orders = [order] if order else []
    return finish(found)


def _tax_total(totals: etree._Element | None, currency: str | None) -> Decimal | None:
    """The tax total in the document's currency: a second one may state it in the seller's own."""
    amounts = list(each(totals, "TaxTotalAmount"))
    chosen = next((a for a in amounts if a.get("currencyID") == currency), amounts[0] if amounts else None)
    return None if chosen is None else amount_of(chosen)


def _line(element: etree._Element) -> ReadLine:
    product = first(element, "SpecifiedTradeProduct")
    agreement, settlement = first(element, *_LINE_AGREEMENT), first(element, *_LINE_SETTLEMENT)
    delivery = first(element, *_LINE_DELIVERY)
    quantity = first(delivery, "BilledQuantity")
    price = first(agreement, "NetPriceProductTradePrice")
    return ReadLine(
        id=text_at(element, "AssociatedDocumentLineDocument/LineID"),
        order=text_at(agreement, *_ORDER),
        order_line=text_at(agreement, "BuyerOrderReferencedDocument/LineID"),
        buyer_sku=text_at(product, "BuyerAssignedID"),
        seller_sku=text_at(product, "SellerAssignedID"),
        text=text_at(product, "Name", "Description"),
        quantity=amount_at(delivery, "BilledQuantity"),
        unit=None if quantity is None else quantity.get("unitCode"),
        unit_price=amount_at(price, "ChargeAmount"),
        base_quantity=amount_at(price, "BasisQuantity") or Decimal(1),
        net=amount_at(first(settlement, *_LINE_TOTALS), "LineTotalAmount"),
        tax_rate=amount_at(
            settlement, "ApplicableTradeTax/RateApplicablePercent", "ApplicableTradeTax/ApplicablePercent"
        ),
        delivery_date=date_at(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString"),
    )


def _charges(settlement: etree._Element | None) -> Iterator[Charge]:
    for charge in each(settlement, "SpecifiedTradeAllowanceCharge"):
        amount = amount_at(charge, "ActualAmount")
        if amount is not None:
            added = (text_at(charge, "ChargeIndicator/Indicator", "ChargeIndicator") or "").lower() in ("true", "1")
            yield Charge(text_at(charge, "Reason", "ReasonCode"), amount if added else -amount)


def _party(element: etree._Element | None, iban: str | None = None) -> Party:
    vat_id = None
    for registration in each(element, "SpecifiedTaxRegistration/ID"):
        if registration.get("schemeID") in ("VA", None) and vat_id is None:
            vat_id = text_of(registration)
    return Party(
        name=text_at(element, "Name"),
        vat_id=vat_id,
        iban=iban,
        address=joined(first(element, "PostalTradeAddress"), *_ADDRESS),
    )


READER: Final = Reader(DocumentFormat.CII, claims, read)
