"""VAT ids, bank accounts and the numbers of open orders: things that prove themselves by their form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from inbound.documents.visible.lexicon import Hits, labels_in
from inbound.documents.visible.page import Row, above

VAT_IDS: Final[dict[str, str]] = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-Z0-9]{2}\d{9}",
    "GB": r"\d{9}(?:\d{3})?",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"(?:\d{9}|\d{12})",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{4,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}",
    "CHE": r"\d{9}(?:MWST|TVA|IVA)?",
}
"""How the VAT ids of each country are made (EU Commission, VIES)."""

_VAT_TEXT = re.compile(
    r"(?<![A-Z0-9])(?:" + "|".join(VAT_IDS) + r")[ .\-]?[A-Z0-9](?:[ .\-]?[A-Z0-9]){3,14}(?![A-Z0-9]|-|/[A-Z0-9])"
)
_GOES_ON = re.compile(r"[^\W_]|-|/[^\W_]")
_COUNTRY = re.compile(r"[A-Z]{2}")
"""Begins every VAT id; looking for it first is quicker."""
_IBAN_TEXT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![a-z])")
IBAN_LENGTHS: Final = {
    country: length
    for length, countries in (
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI NL"),
        (19, "SI"),
        (20, "AT EE LT LU"),
        (21, "CH HR LI LV"),
        (22, "BG DE GB IE RS"),
        (23, "AE"),
        (24, "AD CZ ES RO SE SK"),
        (25, "PT"),
        (26, "IS TR"),
        (27, "FR GR IT MC SM"),
        (28, "CY HU PL"),
        (29, "UA"),
        (31, "MT"),
    )
    for country in countries.split()
}


def ibans_of(text: str) -> tuple[str, ...]:
    """Every bank account whose check digits are right (ISO 13616), written without spaces, each once."""
    found: dict[str, None] = {}
    for hit in _IBAN_TEXT.finditer(text):
        plain = hit[0].replace(" ", "")
        length = IBAN_LENGTHS.get(plain[:2])
        if length and len(plain) >= length and iban_is_right(plain[:length]):
            found[plain[:length]] = None
    return tuple(found)


def iban_is_right(iban: str) -> bool:
    """Whether the check digits of an account without spaces are right (ISO 7064, mod 97-10)."""
    digits = "".join(str(int(c, 36)) for c in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


@lru_cache(maxsize=4096)
def _like_vat_ids(text: str) -> tuple[tuple[int, str | None], ...]:
    """Where something stands in a text that is made as VAT ids are, and the id where it is one.

    `EE VAT EE102345678` begins twice with a country, and only the second is one.
    """
    found: list[tuple[int, str | None]] = []
    hit = _VAT_TEXT.search(text) if _COUNTRY.search(text) else None
    while hit is not None:
        found.append((hit.start(), _vat_id(hit[0])))
        hit = _VAT_TEXT.search(text, hit.end() if found[-1][1] else hit.start() + 1)
    return tuple(found)


def vat_ids_of(rows: Sequence[Row]) -> tuple[str | None, str | None, float]:
    """The seller's and the buyer's VAT id, and how sure that is; None where it cannot be told whose one is."""
    owners: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for cell in row.cells:
            for start, vat_id in _like_vat_ids(cell.text):
                before = cell.text[:start]
                if vat_id is None or "IBAN" in before[-8:].upper():
                    continue
                before += " ".join(["", *(c.text for c in row.cells if c.right <= cell.left)])
                side = _side(before)
                if not side:
                    for _, other in above(rows, index, cell, 160.0):
                        side = _side(other.text)
                        if side or any(found for _, found in _like_vat_ids(other.text)):
                            break
                owners.setdefault(vat_id, []).append(side)
    if not owners:
        return None, None, 0.0
    if len(owners) == 1:  # an invoice must state its seller's; the buyer's alone would be against the law
        return next(iter(owners)), None, 0.85
    buyers = [v for v, sides in owners.items() if -1 in sides and 1 not in sides]
    sellers = [v for v, sides in owners.items() if 1 in sides and -1 not in sides]
    if len(sellers) != 1:
        rest = [v for v in owners if v not in buyers]
        sellers = rest if len(rest) == 1 else []
    buyer = buyers[0] if len(buyers) == 1 else None
    return (sellers[0], buyer, 0.8) if sellers else (None, buyer, 0.4)


_SPEAK_OF_INVOICES = frozenset(("titles.invoice", "own.invoice.number", "header.referring"))


def orders_in(stream: str, rows: Sequence[Row], open_orders: Iterable[str]) -> dict[str, float]:
    """Which open orders a document names, and how sure that is.

    Separators and leading zeros do not matter. A short number counts only where the row speaks of an order.
    """
    open_orders = tuple(open_orders)
    if not open_orders:
        return {}
    texts = [row.text for row in rows]
    labelled = [text for text in texts if "header.order" in labels_in(text)]
    labelled += [f"{one} {other}" for one, other in pairwise(texts) if "header.order" in labels_in(one)]
    found: dict[str, float] = {}
    for order in open_orders:
        pattern = _order_pattern(order)
        if pattern is None:
            continue
        short = sum(c.isdigit() for c in order.lstrip("0")) < 4 or (order.isdigit() and len(order) < 6)
        if any(pattern.search(text) for text in labelled):
            found[order] = 0.95
        elif not short and (pattern.search(stream) or any(pattern.search(text) for text in texts)):
            found[order] = 0.9
    return found


def invoices_in(rows: Sequence[Row], known: Iterable[str]) -> dict[str, float]:
    """Which known invoices a credit note names: only in a row that speaks of an invoice, or refers to something."""
    speaking = [row.text for row in rows if not _SPEAK_OF_INVOICES.isdisjoint(labels_in(row.text))]
    found: dict[str, float] = {}
    for number in known if speaking else ():
        pattern = _order_pattern(number)
        if pattern is not None and any(pattern.search(text) for text in speaking):
            found[number] = 0.9
    return found


def _order_pattern(order: str) -> re.Pattern[str] | None:
    runs = re.findall(r"[^\W\d_]+|\d+", order)
    if not any(run.isdigit() for run in runs):
        return None
    parts = ["0*" + run.lstrip("0") if run.isdigit() else re.escape(run) for run in runs]
    return re.compile(r"(?<![^\W_])" + r"[ \-–_/.:#\\]{0,3}".join(parts) + r"(?![^\W_])(?![.,]\d)", re.IGNORECASE)


def _side(text: str) -> int:
    """1 when words speak of the seller, -1 of the buyer, 0 of neither or both."""
    words = labels_in(text)
    return _speaks_of("seller", words, text) - _speaks_of("buyer", words, text)


def _speaks_of(side: str, words: Hits, text: str) -> bool:
    """Whether words name a side, or are its heading and nothing else ("Invoice to:")."""
    if f"parties.{side}" in words:
        return True
    headings = words.get(f"parties.{side}_heading", ())
    return any(hit.start == 0 and not text[hit.end :].strip(" :") for hit in headings[:1])


def _vat_id(text: str) -> str | None:
    """The VAT id at the beginning of a text: right in form, and not the beginning of something longer."""
    country = "CHE" if text.startswith("CHE") else text[:2]
    for end in range(len(country) + 4, len(text) + 1):
        plain = re.sub(r"[ .\-]", "", text[:end])
        if not _GOES_ON.match(text, end) and re.fullmatch(VAT_IDS[country], plain[len(country) :]):
            return plain
    return None
