"""An invoice as Cross Industry Invoice, Factur-X profile EN 16931, in the order of its schema (Factur-X 1.0)."""

from __future__ import annotations

from typing import Final

from lxml import etree

from outbound.documents.normed import INVOICE, NOT_SUBJECT, NormInvoice, NormLine, Party
from outbound.documents.xml import text_of, written

PROFILE: Final = "urn:cen.eu:en16931:2017"
_CII: Final = "urn:un:unece:uncefact:data:standard:"
_RSM: Final = f"{_CII}CrossIndustryInvoice:100"
_RAM: Final = f"{_CII}ReusableAggregateBusinessInformationEntity:100"
_UDT: Final = f"{_CII}UnqualifiedDataType:100"


def cii_of(invoice: NormInvoice) -> bytes:
    """The invoice as CII, UTF-8."""
    root = etree.Element(f"{{{_RSM}}}CrossIndustryInvoice", nsmap={"rsm": _RSM, "ram": _RAM, "udt": _UDT})
    context = etree.SubElement(root, f"{{{_RSM}}}ExchangedDocumentContext")
    _value(context, "GuidelineSpecifiedDocumentContextParameter/ID", PROFILE)
    header = etree.SubElement(root, f"{{{_RSM}}}ExchangedDocument")
    _value(header, "ID", invoice.number)
    _value(header, "TypeCode", INVOICE)
    _day(header, "IssueDateTime", invoice.issue_date)
    if invoice.note:
        _value(header, "IncludedNote/Content", invoice.note)
    trade = etree.SubElement(root, f"{{{_RSM}}}SupplyChainTradeTransaction")
    for line in invoice.lines:
        _line(trade, line)
    agreement = _group(trade, "ApplicableHeaderTradeAgreement")
    _party(_group(agreement, "SellerTradeParty"), invoice.seller)
    _party(_group(agreement, "BuyerTradeParty"), invoice.buyer)
    if invoice.order_number:
        _value(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID", invoice.order_number)
    delivery = _group(trade, "ApplicableHeaderTradeDelivery")
    if invoice.delivery_date:
        _value(delivery, "ShipToTradeParty/PostalTradeAddress/CountryID", invoice.buyer.country)
        _day(_group(delivery, "ActualDeliverySupplyChainEvent"), "OccurrenceDateTime", invoice.delivery_date)
    _settlement(_group(trade, "ApplicableHeaderTradeSettlement"), invoice)
    return written(root)


def _settlement(settlement: etree._Element, invoice: NormInvoice) -> None:
    _value(settlement, "InvoiceCurrencyCode", invoice.currency)
    if invoice.seller.iban:
        means = _group(settlement, "SpecifiedTradeSettlementPaymentMeans")
        _value(means, "TypeCode", "30")
        _value(means, "PayeePartyCreditorFinancialAccount/IBANID", invoice.seller.iban)
    for row in invoice.rows:
        tax = _group(settlement, "ApplicableTradeTax")
        _value(tax, "CalculatedAmount", row.tax)
        _value(tax, "TypeCode", "VAT")
        _value(tax, "ExemptionReason", row.reason)
        _value(tax, "BasisAmount", row.base)
        _value(tax, "CategoryCode", row.category)
        _value(tax, "ExemptionReasonCode", row.reason_code)
        _value(tax, "RateApplicablePercent", row.percent)
    if invoice.terms or invoice.due_date:
        terms = _group(settlement, "SpecifiedTradePaymentTerms")
        _value(terms, "Description", invoice.terms)
        if invoice.due_date:
            _day(terms, "DueDateDateTime", invoice.due_date)
    sums = _group(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    _value(sums, "LineTotalAmount", invoice.net)
    _value(sums, "TaxBasisTotalAmount", invoice.net)
    _value(sums, "TaxTotalAmount", invoice.tax, currencyID=invoice.currency)
    _value(sums, "GrandTotalAmount", invoice.gross)
    if invoice.prepaid:
        _value(sums, "TotalPrepaidAmount", invoice.prepaid)
    _value(sums, "DuePayableAmount", invoice.due)


def _line(trade: etree._Element, line: NormLine) -> None:
    item = _group(trade, "IncludedSupplyChainTradeLineItem")
    about = _group(item, "AssociatedDocumentLineDocument")
    _value(about, "LineID", line.id)
    if line.note:
        _value(about, "IncludedNote/Content", line.note)
    product = _group(item, "SpecifiedTradeProduct")
    _value(product, "SellerAssignedID", line.seller_sku)
    _value(product, "BuyerAssignedID", line.buyer_sku)
    _value(product, "Name", line.text)
    agreement = _group(item, "SpecifiedLineTradeAgreement")
    if line.order_line:
        _value(agreement, "BuyerOrderReferencedDocument/LineID", line.order_line)
    price = _group(agreement, "NetPriceProductTradePrice")
    _value(price, "ChargeAmount", line.price)
    if line.base != 1:
        _value(price, "BasisQuantity", line.base, unitCode=line.unit)
    _value(_group(item, "SpecifiedLineTradeDelivery"), "BilledQuantity", line.quantity, unitCode=line.unit)
    settlement = _group(item, "SpecifiedLineTradeSettlement")
    tax = _group(settlement, "ApplicableTradeTax")
    _value(tax, "TypeCode", "VAT")
    _value(tax, "CategoryCode", line.category)
    _value(tax, "RateApplicablePercent", None if line.category == NOT_SUBJECT else line.rate)
    _value(settlement, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount", line.net)


def _party(element: etree._Element, party: Party) -> None:
    _value(element, "Name", party.name)
    if party.registration:
        _value(element, "SpecifiedLegalOrganization/ID", party.registration)
    address = _group(element, "PostalTradeAddress")
    _value(address, "PostcodeCode", party.post_code)
    _value(address, "LineOne", party.street)
    _value(address, "CityName", party.city)
    _value(address, "CountryID", party.country)
    if party.mail:
        _value(element, "URIUniversalCommunication/URIID", party.mail, schemeID="EM")
    for number, scheme in ((party.vat_id, "VA"), (party.tax_id, "FC")):
        if number:
            _value(element, "SpecifiedTaxRegistration/ID", number, schemeID=scheme)


def _group(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_RAM}}}{name}")


def _value(parent: etree._Element, path: str, value: object, **attributes: str) -> None:
    """A new element at a path of new groups; none for what is absent."""
    if (text := text_of(value)) == "":
        return
    *groups, name = path.split("/")
    for step in groups:
        parent = _group(parent, step)
    etree.SubElement(parent, f"{{{_RAM}}}{name}", attributes).text = text


def _day(parent: etree._Element, name: str, day: str) -> None:
    element = etree.SubElement(_group(parent, name), f"{{{_UDT}}}DateTimeString", format="102")
    element.text = day.replace("-", "")
