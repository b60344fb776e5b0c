"""The two sides of a document as machines and people read them, from a notice's facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from lxml import etree

from outbound.documents.xml import basic, group

Role = Literal["buyer", "seller"]

_NAMED: Final[Mapping[Role, str]] = {"buyer": "company", "seller": "supplier"}
ADDRESS: Final = ("street", "post_code", "city", "country")


def party_of(facts: Mapping[str, Any], role: Role) -> dict[str, str]:
    """What is known of a side: its name at least, where the facts have it; see docs/facts.md, `parties`."""
    known = (facts.get("parties") or {}).get(role) or {}
    document = facts.get("document") or {}
    name = known.get("name") or (facts.get(_NAMED[role]) or {}).get("name")
    if role == "seller":
        name = name or document.get("supplier")
    return {key: str(value) for key, value in {**known, "name": name}.items() if value}


def printed_party(facts: Mapping[str, Any], role: Role) -> tuple[str, ...]:
    """The lines of a side on paper: name, street, place, state."""
    party = party_of(facts, role)
    place = " ".join(party[name] for name in ("post_code", "city") if name in party)
    return tuple(line for line in (party.get("name"), party.get("street"), place, party.get("country")) if line)


def ubl_party(element: etree._Element, facts: Mapping[str, Any], role: Role) -> None:
    """Fill a UBL `Party` with a side of the facts."""
    fill_party(element, party_of(facts, role))


def fill_party(element: etree._Element, party: Mapping[str, str | None]) -> None:
    """Fill a UBL `Party` (UBL-CommonAggregateComponents, PartyType); what is not known is left out."""
    if party.get("mail"):
        basic(element, "EndpointID", party["mail"], schemeID="EM")
    if party.get("name"):
        basic(group(element, "PartyName"), "Name", party["name"])
    if any(party.get(name) for name in ADDRESS):
        address = group(element, "PostalAddress")
        basic(address, "StreetName", party.get("street"))
        basic(address, "CityName", party.get("city"))
        basic(address, "PostalZone", party.get("post_code"))
        if party.get("country"):
            basic(group(address, "Country"), "IdentificationCode", party["country"])
    for number, scheme in ((party.get("vat_id"), "VAT"), (party.get("tax_id"), "TAX")):
        if number:
            tax = group(element, "PartyTaxScheme")
            basic(tax, "CompanyID", number)
            basic(group(tax, "TaxScheme"), "ID", scheme)
    if party.get("name"):
        legal = group(element, "PartyLegalEntity")
        basic(legal, "RegistrationName", party["name"])
        basic(legal, "CompanyID", party.get("registration"))
