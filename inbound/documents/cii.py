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
from inbound.documents.statement import Beside, Taxed
from inbound.documents.tree import (
    Flat,
    amount_at,
    amount_in,
    amount_of,
    date_at,
    date_in,
    each,
    first,
    flat,
    head_of,
    joined,
    local,
    not_a_number,
    not_decimals,
    parse_xml,
    text_at,
    text_in,
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

# The paths in a line, for `flat`: its groups have two names each, and the first that is there counts.
_ABOUT: Final = "AssociatedDocumentLineDocument"
_ONE: Final = Decimal(1)


def _in_line(groups: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(f"{group}/{name}" for name in names for group in groups)


_LINE_ORDER: Final = _in_line(_LINE_AGREEMENT, *_ORDER)
_ORDER_LINE: Final = _in_line(_LINE_AGREEMENT, "BuyerOrderReferencedDocument/LineID")
_PRICE: Final = _in_line(_LINE_AGREEMENT, "NetPriceProductTradePrice/ChargeAmount")
_BASE: Final = _in_line(_LINE_AGREEMENT, "NetPriceProductTradePrice/BasisQuantity")
_DISCOUNT: Final = _in_line(_LINE_AGREEMENT, "GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount")
_QUANTITY: Final = _in_line(_LINE_DELIVERY, *_QUANTITIES)
_UNIT: Final = tuple(f"{path}/@unitCode" for path in _QUANTITY)
_LINE_DAY: Final = _in_line(_LINE_DELIVERY, *_DELIVERED)
_CATEGORY: Final = _in_line(_LINE_SETTLEMENT, "ApplicableTradeTax/CategoryCode")
_LINE_RATE: Final = _in_line(_LINE_SETTLEMENT, *(f"ApplicableTradeTax/{name}" for name in RATE))
_NET: Final = tuple(f"{group}/{sums}/LineTotalAmount" for group in _LINE_SETTLEMENT for sums in _LINE_TOTALS)
_BESIDE: Final = _in_line(
    _LINE_SETTLEMENT, "SpecifiedTradeAllowanceCharge/ActualAmount", "SpecifiedLogisticsServiceCharge/AppliedAmount"
)


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
        parts = flat(element)
        if text_in(parts, f"{_ABOUT}/LineStatusReasonCode") not in ("GROUP", "INFORMATION"):
            _take_line(found, element, parts)
    if not order_x:
        found.defects.extend(profile_defects(found.statement.profile, lines=lines))
    if found.kind is DocumentKind.ORDER_CONFIRMATION:
        answered(found, text_at(header, "StatusCode"))
    order = text_at(agreement, *_ORDER)
    found.orders = [order] if order else []
    credited = each(settlement, "InvoiceReferencedDocument")
    found.credits = [text for e in credited if (text := text_at(e, "IssuerAssignedID", "ID"))]
    return finish(found)


def _take_line(found: Found, element: etree._Element, parts: Flat) -> None:
    line = _line(parts)
    beside: list[Beside] = []
    if any(path in parts for path in _BESIDE):
        beside = [one for one, _ in besides(first(element, *_LINE_SETTLEMENT), line.id or "")]
        found.statement.beside += beside
    if any(path in parts for path in _DISCOUNT):
        gross = first(first(element, *_LINE_AGREEMENT), "GrossPriceProductTradePrice")
        found.price(line, amount_at(gross, "ChargeAmount"), sum(_discounts(gross), Decimal(0)))
    found.statement.periods += periods(first(element, *_LINE_SETTLEMENT), line.id or "") if _has_period(parts) else []
    if found.kind is DocumentKind.ORDER_CONFIRMATION:
        line = answered_line(line, line.order_line or line.id, text_in(parts, f"{_ABOUT}/LineStatusCode"))
    if line.net is None and (total := text_in(parts, *_NET)) is not None:
        found.defects.append(not_a_number(total))
    found.line(line, beside)
    if line.net is not None:
        found.statement.parts.append(Taxed(text_in(parts, *_CATEGORY), line.tax_rate, line.net))


def _has_period(parts: Flat) -> bool:
    return any("/BillingSpecifiedPeriod" in path for path in parts)


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


def _line(parts: Flat) -> ReadLine:
    return ReadLine(
        id=text_in(parts, f"{_ABOUT}/LineID"),
        order=text_in(parts, *_LINE_ORDER),
        order_line=text_in(parts, *_ORDER_LINE),
        buyer_sku=text_in(parts, "SpecifiedTradeProduct/BuyerAssignedID"),
        seller_sku=text_in(parts, "SpecifiedTradeProduct/SellerAssignedID"),
        text=text_in(parts, "SpecifiedTradeProduct/Name", "SpecifiedTradeProduct/Description"),
        quantity=amount_in(parts, *_QUANTITY),
        unit=text_in(parts, *_UNIT),
        unit_price=amount_in(parts, *_PRICE),
        base_quantity=amount_in(parts, *_BASE) or _ONE,
        net=amount_in(parts, *_NET),
        tax_rate=amount_in(parts, *_LINE_RATE),
        delivery_date=date_in(parts, *_LINE_DAY),
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
