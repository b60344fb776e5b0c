"""The currency of a document: said by a label, or by the signs and codes beside its amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from inbound.documents.visible.figures import CURRENCIES, names_sums, roles_of
from inbound.documents.visible.header import Candidates, Read, values_at
from inbound.documents.visible.lexicon import hits_of, labels_in
from inbound.documents.visible.page import Row

_SIGNS: Final = {
    "€": "EUR",
    "£": "GBP",
    "zł": "PLN",
    "Kč": "CZK",
    "₴": "UAH",
    "US$": "USD",
    "₹": "INR",
    "₺": "TRY",
    "Fr.": "CHF",
    "R$": "BRL",
    "грн": "UAH",
    "lei": "RON",
    "Lei": "RON",
    "LEI": "RON",
    "Ft": "HUF",
    "лв": "BGN",
    "A$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "S$": "SGD",
    "HK$": "HKD",
    "Rs.": "INR",
}
_CODE = re.compile(rf"\b(?:{CURRENCIES})\b")
_BESIDE_FIGURE = re.compile(
    r"(?:US|R|CA|NZ|HK|A|C|S)\$|[€£₴₹₺]|(?<=\d)\s?(?:zł|Kč|грн|lei|Lei|LEI|Ft|лв)(?!\w)|(?:Fr|Rs)\.(?=\s?\d)"
)
_DOLLAR = re.compile(r"(?<![\w$])\$\s?\d|\d\s?\$(?!\w)")
_IN_THE_STATES = re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\bU\.?S\.?A\b|United States|\bEIN\b|(?i:sales tax)")


def currency_of(rows: Sequence[Row]) -> Read[str] | None:
    """Find the currency: said by a label, else the only one that stands beside amounts.

    A bare dollar sign is the currency of many countries: it counts where the page itself speaks of the United States.
    """
    seen: Candidates[str] = Candidates()
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            for found in hits_of("header.currency", cell.text)[:1]:
                for text, _ in values_at(rows, index, place, cell.text[found.end :]):
                    if code := _CODE.search(text[:12]):
                        seen.add(code[0], 2.5 + 0.05 * (found.end - found.start), row.where)
                        break
            named = _currencies_in(cell.text)
            if not named or "parties.register" in labels_in(cell.text):  # a company's capital is no amount
                continue
            roles = roles_of(row.text) if names_sums(row) else {}
            total = 0.6 if roles.get("gross", 0) > 1 or roles.get("due", 0) > 1 else 0.0
            for currency, weight in named:
                seen.add(currency, weight + total, row.where)
    dollars = next((row.where for row in rows if "$" in row.text and _DOLLAR.search(row.text)), None)
    if dollars is not None and any(_IN_THE_STATES.search(row.text) for row in rows):
        seen.add("USD", 1.5, dollars)
    return seen.best()


def times_seen(currency: str, rows: Sequence[Row]) -> int:
    """How often a currency stands on a page; as a code it counts twice, for a sign alone may be a misread figure."""
    found = (name for row in rows for cell in row.cells for name in _CODE.findall(cell.text))
    signs = (name for row in rows for cell in row.cells for name, _ in _currencies_in(cell.text))
    return sum(name == currency for name in (*found, *signs))


@lru_cache(maxsize=4096)
def _currencies_in(text: str) -> tuple[tuple[str, float], ...]:
    """The currencies that stand in a cell: as a sign, as a code."""
    signs = [(_SIGNS.get(sign[0].strip(), sign[0].strip()), 1.5) for sign in _BESIDE_FIGURE.finditer(text)]
    return (*signs, *((code[0], 1.4) for code in _CODE.finditer(text)))
