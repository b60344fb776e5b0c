"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 1 and 2, XRechnung (EN 16931-3-3); and orders as Order-X."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from lxml import etree

from inbound.documents.cii_statement import RATE, besides, is_charge, periods, statement_of
from inbound.documents.e_invoice import Found, finish
from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.profiles import namespace_defects, profile_defects
from inbound.documents.responses import answered, answered_line
from inbound.documents.statement import Taxed
from inbound.documents.tree import (
    amount_at,
    amount_of,
    date_at,
    each,
    first,
    head_of,
    joined,
    local,
    not_a_number,
    not_decimals,
    parse_xml,
    text_at,
    text_of,
)
from inbound.documents.type_codes import kind_of_code
from workflows.reading import Charge, Defect, DocumentFormat, DocumentKind, Party, Reading, ReadLine

ORDER_X: Final = "SCRDMCCBDACIOMessageStructure"
"""The root element of Order-X: orders, their changes and what answers them, told apart by their type code."""

ROOTS: Final = ("CrossIndustryInvoice", "CrossIndustryDocument", ORDER_X)
_ROOT = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(ROOTS)})[\s>]")
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
_DELIVERED = (
    "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString",
    "RequestedDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString",
    "RequestedDeliverySupplyChainEvent/OccurrenceSpecifiedPeriod/EndDateTime/DateTimeString",
)
_QUANTITIES = ("BilledQuantity", "AgreedQuantity", "RequestedQuantity")
_CONTEXT = ("ExchangedDocumentContext", "SpecifiedExchangedDocumentContext")
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
        raise DocumentUnreadable("unreadable", "The XML holds no invoice or order.")
    header, trade = first(document, *_HEADER), first(document, *_TRADE)
    agreement, delivery, settlement = first(trade, *_AGREEMENT), first(trade, *_DELIVERY), first(trade, *_SETTLEMENT)
    totals = first(settlement, *_TOTALS)
    currency = text_at(settlement, "InvoiceCurrencyCode", "OrderCurrencyCode")
    order_x = local(document) == ORDER_X
    otherwise = DocumentKind.ORDER if order_x else DocumentKind.INVOICE
    found = Found(DocumentFormat.CII, kind_of_code(text_at(header, "TypeCode"), otherwise))
    found.take("number", "ExchangedDocument/ID", text_at(header, "ID"))
    found.take("issue_date", "IssueDateTime", date_at(header, "IssueDateTime/DateTimeString", "IssueDateTime/DateTime"))
    found.take(
        "due_date", "DueDateDateTime", date_at(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString")
    )
    found.take(
        "delivery_date",
        "OccurrenceDateTime",
        date_at(delivery, *_DELIVERED),
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
    found.statement = statement_of(first(document, *_CONTEXT), agreement, delivery, settlement, totals)
    found.defects.extend(not_decimals(totals))
    found.defects.extend(namespace_defects(str(document.tag)))
    found.defects.extend(_date_defects(header, settlement))
    found.line_total = amount_at(totals, "LineTotalAmount")
    taxes = each(settlement, "ApplicableTradeTax")
    found.tax_parts = [part for e in taxes if (part := amount_at(e, "CalculatedAmount")) is not None]
    found.charges = [Charge(one.text, one.signed) for one in found.statement.beside]
    lines = False
    for element in each(trade, "IncludedSupplyChainTradeLineItem"):
        lines = True
        # a group repeats the sum of its lines, an information line is part of another one's price
        if text_at(element, "AssociatedDocumentLineDocument/LineStatusReasonCode") not in ("GROUP", "INFORMATION"):
            _take_line(found, element)
    if not order_x:
        found.defects.extend(profile_defects(found.statement.profile, lines=lines))
    if found.kind is DocumentKind.ORDER_CONFIRMATION:
        answered(found, text_at(header, "StatusCode"))
    order = text_at(agreement, *_ORDER)
    found.orders = [order] if order else []
    credited = each(settlement, "InvoiceReferencedDocument")
    found.credits = [text for e in credited if (text := text_at(e, "IssuerAssignedID", "ID"))]
    return finish(found)


def _take_line(found: Found, element: etree._Element) -> None:
    settlement = first(element, *_LINE_SETTLEMENT)
    line = _line(element, settlement)
    beside = [one for one, _ in besides(settlement, line.id or "")]
    found.statement.beside += beside
    gross = first(first(element, *_LINE_AGREEMENT), "GrossPriceProductTradePrice")
    if (discounts := list(_discounts(gross))) and gross is not None:
        found.price(line, amount_at(gross, "ChargeAmount"), sum(discounts, Decimal(0)))
    found.statement.periods += periods(settlement, line.id or "")
    if found.kind is DocumentKind.ORDER_CONFIRMATION:
        status = text_at(element, "AssociatedDocumentLineDocument/LineStatusCode")
        line = answered_line(line, line.order_line or line.id, status)
    total = text_at(first(settlement, *_LINE_TOTALS), "LineTotalAmount")
    if line.net is None and total is not None:
        found.defects.append(not_a_number(total))
    found.line(line, beside)
    if line.net is not None:
        category = text_at(settlement, "ApplicableTradeTax/CategoryCode")
        found.statement.parts.append(Taxed(category, line.tax_rate, line.net))


def _discounts(gross: etree._Element | None) -> Iterator[Decimal]:
    """What is taken off a gross price; a charge is added to it."""
    for found in each(gross, "AppliedTradeAllowanceCharge"):
        if (amount := amount_at(found, "ActualAmount")) is not None:
            yield -amount if is_charge(found) else amount


def _tax_total(totals: etree._Element | None, currency: str | None) -> Decimal | None:
    """The tax total in the document's currency: a second one may state it in the seller's own."""
    amounts = list(each(totals, "TaxTotalAmount"))
    chosen = next((a for a in amounts if a.get("currencyID") == currency), amounts[0] if amounts else None)
    return None if chosen is None else amount_of(chosen)


def _date_defects(header: etree._Element | None, settlement: etree._Element | None) -> Iterator[Defect]:
    """Dates in another form than they say: `102` means eight figures."""
    for element in (
        first(header, "IssueDateTime/DateTimeString"),
        first(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString"),
    ):
        text = text_of(element)
        if element is not None and text and element.get("format") == "102" and not re.fullmatch(r"\d{8}", text):
            yield Defect(
                "wrong_date_format", f"The date {text[:20]} is not written as its format 102 says (CII-DT-097)."
            )


def _line(element: etree._Element, settlement: etree._Element | None) -> ReadLine:
    product = first(element, "SpecifiedTradeProduct")
    agreement = first(element, *_LINE_AGREEMENT)
    delivery = first(element, *_LINE_DELIVERY)
    quantity = first(delivery, *_QUANTITIES)
    price = first(agreement, "NetPriceProductTradePrice")
    return ReadLine(
        id=text_at(element, "AssociatedDocumentLineDocument/LineID"),
        order=text_at(agreement, *_ORDER),
        order_line=text_at(agreement, "BuyerOrderReferencedDocument/LineID"),
        buyer_sku=text_at(product, "BuyerAssignedID"),
        seller_sku=text_at(product, "SellerAssignedID"),
        text=text_at(product, "Name", "Description"),
        quantity=amount_of(quantity),
        unit=None if quantity is None else quantity.get("unitCode"),
        unit_price=amount_at(price, "ChargeAmount"),
        base_quantity=amount_at(price, "BasisQuantity") or Decimal(1),
        net=amount_at(first(settlement, *_LINE_TOTALS), "LineTotalAmount"),
        tax_rate=amount_at(settlement, *(f"ApplicableTradeTax/{name}" for name in RATE)),
        delivery_date=date_at(delivery, *_DELIVERED),
    )


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
