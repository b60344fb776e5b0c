"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 1 and 2, XRechnung (EN 16931-3-3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from lxml import etree

from inbound.documents.e_invoice import Found, finish
from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.profiles import namespace_defects, profile_defects
from inbound.documents.rules import Statement, Taxed
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
from workflows.reading import Charge, Defect, DocumentFormat, DocumentKind, Party, Reading, ReadLine

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
_CONTEXT = ("ExchangedDocumentContext", "SpecifiedExchangedDocumentContext")
_RATE = ("RateApplicablePercent", "ApplicablePercent")
_TWO_DECIMALS = (
    ("BR-DEC-09", "LineTotalAmount"),
    ("BR-DEC-10", "AllowanceTotalAmount"),
    ("BR-DEC-11", "ChargeTotalAmount"),
    ("BR-DEC-12", "TaxBasisTotalAmount"),
    ("BR-DEC-13", "TaxTotalAmount"),
    ("BR-DEC-14", "GrandTotalAmount"),
    ("BR-DEC-16", "TotalPrepaidAmount"),
    ("BR-DEC-17", "RoundingAmount"),
    ("BR-DEC-18", "DuePayableAmount"),
)
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
    found.statement = _statement(document, agreement, settlement, totals)
    found.defects.extend(namespace_defects(str(document.tag)))
    found.defects.extend(_date_defects(header, settlement))
    found.line_total = amount_at(totals, "LineTotalAmount")
    taxes = each(settlement, "ApplicableTradeTax")
    found.tax_parts = [part for e in taxes if (part := amount_at(e, "CalculatedAmount")) is not None]
    found.charges = list(_charges(settlement))
    for charge in each(settlement, "SpecifiedLogisticsServiceCharge"):
        amount = amount_at(charge, "AppliedAmount")
        if amount is not None:
            found.charges.append(Charge(text_at(charge, "Description"), amount))
    lines = False
    for element in each(trade, "IncludedSupplyChainTradeLineItem"):
        lines = True
        # a group repeats the sum of its lines, an information line is part of another one's price
        if text_at(element, "AssociatedDocumentLineDocument/LineStatusReasonCode") not in ("GROUP", "INFORMATION"):
            line_settlement = first(element, *_LINE_SETTLEMENT)
            line = _line(element, line_settlement)
            found.line(line, list(_charges(line_settlement)))
            if line.net is not None:
                category = text_at(line_settlement, "ApplicableTradeTax/CategoryCode")
                found.statement.parts.append(Taxed(category, line.tax_rate, line.net))
    found.defects.extend(profile_defects(found.statement.profile, lines=lines))
    order = text_at(agreement, *_ORDER)
    found.orders = [order] if order else []
    return finish(found)


def _tax_total(totals: etree._Element | None, currency: str | None) -> Decimal | None:
    """The tax total in the document's currency: a second one may state it in the seller's own."""
    amounts = list(each(totals, "TaxTotalAmount"))
    chosen = next((a for a in amounts if a.get("currencyID") == currency), amounts[0] if amounts else None)
    return None if chosen is None else amount_of(chosen)


def _statement(
    document: etree._Element,
    agreement: etree._Element | None,
    settlement: etree._Element | None,
    totals: etree._Element | None,
) -> Statement:
    """What the rules on tax look at."""
    parties = ("SellerTradeParty", "SellerTaxRepresentativeTradeParty")
    statement = Statement(
        profile=text_at(first(document, *_CONTEXT), "GuidelineSpecifiedDocumentContextParameter/ID"),
        allowances=amount_at(totals, "AllowanceTotalAmount"),
        charges=amount_at(totals, "ChargeTotalAmount"),
        seller_tax_id=any(text_at(first(agreement, name), "SpecifiedTaxRegistration/ID") for name in parties),
    )
    for tax in each(settlement, "ApplicableTradeTax"):
        category, rate, amount = _tax(tax), amount_at(tax, *_RATE), amount_at(tax, "BasisAmount")
        if amount is not None:
            reason = first(tax, "ExemptionReason", "ExemptionReasonCode") is not None
            statement.breakdown.append(Taxed(category, rate, amount, amount_at(tax, "CalculatedAmount"), reason))
        statement.amounts.append(("BR-DEC-19", amount))
        statement.amounts.append(("BR-DEC-20", amount_at(tax, "CalculatedAmount")))
    for charge in each(settlement, "SpecifiedTradeAllowanceCharge"):
        amount = amount_at(charge, "ActualAmount")
        tax_of = first(charge, "CategoryTradeTax")
        if amount is not None:
            signed = amount if _is_charge(charge) else -amount
            statement.parts.append(Taxed(_tax(tax_of), amount_at(tax_of, *_RATE), signed))
    for charge in each(settlement, "SpecifiedLogisticsServiceCharge"):
        amount, tax_of = amount_at(charge, "AppliedAmount"), first(charge, "AppliedTradeTax")
        if amount is not None:
            statement.parts.append(Taxed(_tax(tax_of), amount_at(tax_of, *_RATE), amount))
    statement.amounts += [(rule, amount_at(totals, name)) for rule, name in _TWO_DECIMALS]
    return statement


def _tax(element: etree._Element | None) -> str | None:
    return text_at(element, "CategoryCode")


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
        tax_rate=amount_at(settlement, *(f"ApplicableTradeTax/{name}" for name in _RATE)),
        delivery_date=date_at(delivery, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString"),
    )


def _charges(settlement: etree._Element | None) -> Iterator[Charge]:
    for charge in each(settlement, "SpecifiedTradeAllowanceCharge"):
        amount = amount_at(charge, "ActualAmount")
        if amount is not None:
            yield Charge(text_at(charge, "Reason", "ReasonCode"), amount if _is_charge(charge) else -amount)


def _is_charge(element: etree._Element) -> bool:
    return (text_at(element, "ChargeIndicator/Indicator", "ChargeIndicator") or "").lower() in ("true", "1")


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
