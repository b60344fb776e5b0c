"""The two sides of a document as others must be able to name them: names, addresses, ids, and what a partner wants.

A company's own are kept in its settings, a supplier's in its profile; both under the names below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from store.parties import Company
from workflows.errors import DataMissing
from workflows.people import Side

DETAILS: Final = ("legal_name", "vat_id", "tax_id", "registration", "street", "post_code", "city", "country")
"""What may be kept of a side beside its name: the name in the register, ids, and where it is (ISO 3166-1)."""

WANTS: Final = ("order-response", "invoice-response")
"""What a partner may want beside the words of a mail: UBL Order Response, Peppol Invoice Response."""

_COUNTRY: Final = re.compile("[A-Z]{2}")
_VAT_ID: Final = re.compile("[A-Z]{2}[A-Z0-9+*]{2,13}")
_LONGEST: Final = 200


def parties(company: Company, supplier: str | None, profile: Mapping[str, Any] | None) -> dict[str, object]:
    """Both sides, as the facts of notices hold them: see docs/facts.md."""
    buyer = _side(company.name, company.settings) | {"mail": company.mailbox}
    if supplier is None:
        return {"buyer": buyer}
    known = profile or {}
    more = {name: known[name] for name in ("mail", "iban") if known.get(name)}
    return {"buyer": buyer, "seller": _side(supplier, known) | more}


def wants(company: Company, profile: Mapping[str, Any] | None, side: Side) -> list[str]:
    """What that side wants of the other."""
    kept = company.settings if side is Side.BUYER else profile or {}
    return [name for name in kept.get("wants") or () if name in WANTS]


def details(said: Mapping[str, str | None]) -> dict[str, str]:
    """Details as they are kept; raises `DataMissing` for what cannot be one."""
    kept = {name: " ".join(text.split())[:_LONGEST] for name, text in said.items() if name in DETAILS and text}
    for name in ("country", "vat_id"):
        if name in kept:
            kept[name] = kept[name].replace(" ", "").replace(".", "").upper()
    if "country" in kept and not _COUNTRY.fullmatch(kept["country"]):
        raise DataMissing("A country is two letters, such as DE; not %(said)s.", said=kept["country"])
    if "vat_id" in kept and not _VAT_ID.fullmatch(kept["vat_id"]):
        raise DataMissing("A VAT id begins with its country's two letters; not %(said)s.", said=kept["vat_id"])
    return kept


def _side(name: str, kept: Mapping[str, Any]) -> dict[str, object]:
    known = {key: kept[key] for key in DETAILS if kept.get(key)}
    return {"name": known.pop("legal_name", name), **known}
