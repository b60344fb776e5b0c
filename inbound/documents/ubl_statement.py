"""What the rules of EN 16931 look at in a UBL document (EN 16931-3-2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from inbound.documents.statement import Beside, Parties, Period, Statement, Taxed
from inbound.documents.tree import Flat, amount_at, date_at, date_in, each, first, text_at

_TWO_DECIMALS: Final = (
    ("BR-DEC-09", "LineExtensionAmount"),
    ("BR-DEC-10", "AllowanceTotalAmount"),
    ("BR-DEC-11", "ChargeTotalAmount"),
    ("BR-DEC-12", "TaxExclusiveAmount"),
    ("BR-DEC-14", "TaxInclusiveAmount"),
    ("BR-DEC-16", "PrepaidAmount"),
    ("BR-DEC-17", "PayableRoundingAmount"),
    ("BR-DEC-18", "PayableAmount"),
)
_COUNTRY: Final = "DeliveryLocation/Address/Country/IdentificationCode"


def statement_of(document: etree._Element, total: etree._Element | None, tax_total: etree._Element | None) -> Statement:
    """The document's own figures, without its lines."""
    delivery, period = first(document, "Delivery"), first(document, "InvoicePeriod")
    statement = Statement(
        profile=text_at(document, "CustomizationID"),
        parties=_parties(document),
        allowances=amount_at(total, "AllowanceTotalAmount"),
        charges=amount_at(total, "ChargeTotalAmount"),
        tax_point_date=text_at(document, "TaxPointDate") is not None,
        delivered=text_at(delivery, "ActualDeliveryDate") is not None or period is not None,
        delivered_to_country=text_at(delivery, _COUNTRY) is not None,
        terms=first(document, "PaymentTerms/Note") is not None,
        tax_currency=text_at(document, "TaxCurrencyCode"),
    )
    for element in each(document, "InvoicePeriod"):
        code = text_at(element, "DescriptionCode") is not None
        statement.periods.append(Period(date_at(element, "StartDate"), date_at(element, "EndDate"), code))
    for part in each(tax_total, "TaxSubtotal"):
        category, amount = first(part, "TaxCategory"), amount_at(part, "TaxableAmount")
        tax = amount_at(part, "TaxAmount")
        statement.incomplete_rows += amount is None or tax is None
        if amount is not None:
            reason = first(category, "TaxExemptionReason", "TaxExemptionReasonCode") is not None
            row = Taxed(text_at(category, "ID"), amount_at(category, "Percent"), amount, tax, reason)
            statement.breakdown.append(row)
        statement.amounts += [("BR-DEC-19", amount), ("BR-DEC-20", tax)]
    for one, element in besides(document):
        statement.beside.append(one)
        category = first(element, "TaxCategory")
        of = Taxed(text_at(category, "ID"), amount_at(category, "Percent"), one.signed, of=one.of)
        statement.parts.append(of)
    for other in each(document, "TaxTotal"):
        stated = first(other, "TaxAmount")
        if stated is not None and statement.tax_currency and stated.get("currencyID") == statement.tax_currency:
            statement.tax_in_its_currency = amount_at(other, "TaxAmount")
            statement.amounts.append(("BR-DEC-15", statement.tax_in_its_currency))
    statement.amounts.append(("BR-DEC-13", amount_at(tax_total, "TaxAmount")))
    statement.amounts += [(rule, amount_at(total, name)) for rule, name in _TWO_DECIMALS]
    return statement


def besides(element: etree._Element, line: str | None = None) -> Iterator[tuple[Beside, etree._Element]]:
    """The allowances and charges of the document or of a line, each with its element."""
    for found in each(element, "AllowanceCharge"):
        amount = amount_at(found, "Amount")
        if amount is not None:
            one = Beside(
                charge=(text_at(found, "ChargeIndicator") or "").lower() in ("true", "1"),
                amount=amount,
                text=text_at(found, "AllowanceChargeReason", "AllowanceChargeReasonCode"),
                base=amount_at(found, "BaseAmount"),
                percent=amount_at(found, "MultiplierFactorNumeric"),
                line=line,
            )
            yield one, found


def line_period(parts: Flat, line: str) -> Period | None:
    """The invoicing period of a line, if it has one."""
    if "InvoicePeriod/StartDate" in parts or "InvoicePeriod/EndDate" in parts:
        return Period(date_in(parts, "InvoicePeriod/StartDate"), date_in(parts, "InvoicePeriod/EndDate"), line=line)
    return None


def _parties(document: etree._Element) -> Parties:
    seller = first(document, "AccountingSupplierParty/Party")
    buyer = first(document, "AccountingCustomerParty/Party")
    vat, other = _tax_ids(seller)
    return Parties(
        seller_vat=vat,
        seller_registration=other,
        seller_known=first(seller, "PartyIdentification/ID", "PartyLegalEntity/CompanyID") is not None,
        representative_vat=_tax_ids(first(document, "TaxRepresentativeParty"))[0],
        buyer_vat=_tax_ids(buyer)[0],
        buyer_legal=first(buyer, "PartyLegalEntity/CompanyID") is not None,
    )


def _tax_ids(party: etree._Element | None) -> tuple[str | None, bool]:
    """The VAT id of a party, and whether it has another tax registration."""
    vat, other = None, False
    for scheme in each(party, "PartyTaxScheme"):
        number, name = text_at(scheme, "CompanyID"), (text_at(scheme, "TaxScheme/ID") or "VAT").upper()
        if number is not None and name in ("VAT", "VA"):
            vat = vat or number
        other = other or number is not None
    return vat, other
