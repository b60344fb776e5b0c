"""What the rules of EN 16931 look at in a Cross Industry Invoice (EN 16931-3-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from inbound.documents.statement import Beside, Parties, Period, Statement, Taxed
from inbound.documents.tree import amount_at, amount_of, date_at, each, first, text_at

_TWO_DECIMALS: Final = (
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
RATE: Final = ("RateApplicablePercent", "ApplicablePercent")
"""The rate of tax, as CII and ZUGFeRD 1 name it."""

_DELIVERED: Final = "ActualDeliverySupplyChainEvent/OccurrenceDateTime"
_COUNTRY: Final = "ShipToTradeParty/PostalTradeAddress/CountryID"
_KNOWN: Final = ("ID", "GlobalID", "SpecifiedLegalOrganization/ID")


def statement_of(
    context: etree._Element | None,
    agreement: etree._Element | None,
    delivery: etree._Element | None,
    settlement: etree._Element | None,
    totals: etree._Element | None,
) -> Statement:
    """The document's own figures, without its lines."""
    statement = Statement(
        profile=text_at(context, "GuidelineSpecifiedDocumentContextParameter/ID"),
        parties=_parties(agreement),
        periods=list(periods(settlement)),
        allowances=amount_at(totals, "AllowanceTotalAmount"),
        charges=amount_at(totals, "ChargeTotalAmount"),
        delivered=first(delivery, _DELIVERED) is not None or first(settlement, "BillingSpecifiedPeriod") is not None,
        delivered_to_country=text_at(delivery, _COUNTRY) is not None,
        terms=first(settlement, "SpecifiedTradePaymentTerms") is not None,
        tax_currency=text_at(settlement, "TaxCurrencyCode"),
    )
    for tax in each(settlement, "ApplicableTradeTax"):
        rate, amount = amount_at(tax, *RATE), amount_at(tax, "BasisAmount")
        made = amount_at(tax, "CalculatedAmount")
        statement.incomplete_rows += amount is None or made is None
        if amount is not None:
            reason = first(tax, "ExemptionReason", "ExemptionReasonCode") is not None
            statement.breakdown.append(Taxed(text_at(tax, "CategoryCode"), rate, amount, made, reason))
        statement.amounts += [("BR-DEC-19", amount), ("BR-DEC-20", made)]
    for one, element in besides(settlement):
        statement.beside.append(one)
        tax_of = first(element, "CategoryTradeTax", "AppliedTradeTax")
        of = Taxed(text_at(tax_of, "CategoryCode"), amount_at(tax_of, *RATE), one.signed, of=one.of)
        statement.parts.append(of)
    for total in each(totals, "TaxTotalAmount"):
        if statement.tax_currency and total.get("currencyID") == statement.tax_currency:
            statement.tax_in_its_currency = amount_of(total)
            statement.amounts.append(("BR-DEC-15", statement.tax_in_its_currency))
    statement.amounts += [(rule, amount_at(totals, name)) for rule, name in _TWO_DECIMALS]
    return statement


def besides(settlement: etree._Element | None, line: str | None = None) -> Iterator[tuple[Beside, etree._Element]]:
    """The allowances and charges of the document or of a line, and of ZUGFeRD's logistics, each with its element."""
    for found in each(settlement, "SpecifiedTradeAllowanceCharge"):
        amount = amount_at(found, "ActualAmount")
        if amount is not None:
            one = Beside(
                charge=is_charge(found),
                amount=amount,
                text=text_at(found, "Reason", "ReasonCode"),
                base=amount_at(found, "BasisAmount"),
                percent=amount_at(found, "CalculationPercent"),
                line=line,
            )
            yield one, found
    for found in each(settlement, "SpecifiedLogisticsServiceCharge"):
        amount = amount_at(found, "AppliedAmount")
        if amount is not None:
            yield Beside(True, amount, text_at(found, "Description"), line=line), found


def is_charge(element: etree._Element) -> bool:
    """Whether an allowance-or-charge is a charge; what says nothing is an allowance."""
    return (text_at(element, "ChargeIndicator/Indicator", "ChargeIndicator") or "").lower() in ("true", "1")


def periods(settlement: etree._Element | None, line: str | None = None) -> Iterator[Period]:
    """The invoicing periods of the document or of a line."""
    for period in each(settlement, "BillingSpecifiedPeriod"):
        start = date_at(period, "StartDateTime/DateTimeString")
        yield Period(start, date_at(period, "EndDateTime/DateTimeString"), line=line)


def _parties(agreement: etree._Element | None) -> Parties:
    seller, buyer = first(agreement, "SellerTradeParty"), first(agreement, "BuyerTradeParty")
    return Parties(
        seller_vat=_vat(seller),
        seller_registration=first(seller, "SpecifiedTaxRegistration/ID") is not None,
        seller_known=first(seller, *_KNOWN) is not None,
        representative_vat=_vat(first(agreement, "SellerTaxRepresentativeTradeParty")),
        buyer_vat=_vat(buyer),
        buyer_legal=first(buyer, "SpecifiedLegalOrganization/ID") is not None,
    )


def _vat(party: etree._Element | None) -> str | None:
    for registration in each(party, "SpecifiedTaxRegistration/ID"):
        if registration.get("schemeID") in ("VA", None) and registration.text:
            return " ".join(registration.text.split()) or None
    return None
