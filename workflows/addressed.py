"""Whom a document is addressed to: another company, or one without its VAT id, is told to the customer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rapidfuzz import fuzz

from store.parties import Company
from templates.words import N_
from workflows.pairing import folded
from workflows.reading import Party

ALIKE: Final = 75
"""The score of two names (0 to 100) from which they may be one company's: "Acme", "ACME Works GmbH & Co. KG"."""

OTHER_ID = N_("It is addressed to a company with the VAT id %(shown)s; that of %(company)s is %(own)s.")
NO_ID = N_("The VAT id of %(company)s, %(own)s, was not found on it.")
OTHER_NAME = N_("It is addressed to %(shown)s, not to %(company)s.")


def address_defects(company: Company, buyer: Party) -> list[dict[str, object]]:
    """What is wrong with the buyer that a document names, as sentences of the catalogues.

    The VAT id decides where both have one; a company that keeps none is told by its names alone, and a document that
    names no buyer by nothing.
    """
    kept = company.settings
    names = [company.name, *([kept["legal_name"]] if kept.get("legal_name") else []), *(kept.get("names") or ())]
    own = [_plain(kept[name]) for name in ("vat_id", "tax_id") if kept.get(name)]
    shown = _plain(buyer.vat_id or "")
    if shown and own:
        if any(_same(shown, one) for one in own):
            return []
        return [
            _said(OTHER_ID, shown=buyer.vat_id or "", company=company.name, own=kept.get("vat_id") or kept["tax_id"])
        ]
    found = []
    if buyer.name and not any(_alike(buyer.name, name) for name in names):
        found.append(_said(OTHER_NAME, shown=buyer.name, company=company.name))
    if kept.get("vat_id") and not shown:
        found.append(_said(NO_ID, company=company.name, own=kept["vat_id"]))
    return found


def _alike(shown: str, name: str) -> bool:
    return fuzz.token_set_ratio(folded(shown[:200]) or "", folded(name[:200]) or "") >= ALIKE


def _plain(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def _same(one: str, other: str) -> bool:
    """With the country's letters or without: some write them, some do not."""
    return one == other or re.sub(r"^[A-Z]{2}", "", one) == re.sub(r"^[A-Z]{2}", "", other)


def _said(text: str, **params: str) -> dict[str, object]:
    values: Mapping[str, str] = {name: value[:200] for name, value in params.items()}
    return {"text": text, "params": dict(values)}
