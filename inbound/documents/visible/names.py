"""Names of companies: what can be one, their legal forms, and the domains that witness them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from inbound.documents.visible.lexicon import begins_with, labels_in
from inbound.documents.visible.page import Row

LONGEST_NAME: Final = 90
LEGAL_FORMS: Final = (
    r"(?:(?i:ggmbh|gmbh)(?:\s*&\s*Co\.?(?:\s*(?:KG|OHG)(?:aA)?)?)?|mbH|AG|UG|KG|KGaA|OHG|GbR|e\.\s?[KGVU]\.|e\.\s?Kfm\.|a\.\s?G\.|SE"
    r"|(?i:Ltd|Limited|LLP|PLC|LLC|Inc|SARL)|Corp|Co|Pty|S\.?A\.?R\.?L|SAS|SASU|EURL|SNC|SCI|S\.?A\.?|S\.?C|S\.?L\.?U?|S\.?L\.?L"
    r"|S\.?p\.?A\.?|S\.?r\.?l\.?|S\.?n\.?c\.?|S\.?a\.?s\.?|B\.?V\.?(?:BA)?|N\.?V\.?|VOF|V\.?O\.?F|[Ss]p\.\s?z\s?o\.\s?o|Sp\.\s?[kj]"
    r"|s\.\s?r\.\s?o|a\.\s?s|Lda|Ltda|Unipessoal,?\s+Lda|Oy|AB|AS|A/S|ApS|Kft|d\.\s?o\.\s?o|TOV|ТОВ|ФОП|ПП|АТ|ПрАТ)\.?"
)
"""How companies end (or, in Ukraine, begin) their names."""

_PARTS: Final = re.compile(r"\s*[·•●|∙‧⋅]\s*|\s+[-–—]\s+|,\s+|\s{2,}")
"""What parts a name from what follows it in a line."""

_LEGAL = re.compile(rf"(?<!\w){LEGAL_FORMS}$")
_UKRAINIAN = re.compile(r"(?:ТОВ|ФОП|ПП|АТ|ПрАТ|ПАТ)\s")
_STREET = re.compile(r"\s\d+\s?[a-zA-Z]?$|^\d")
_LABEL = re.compile(r":\s")
_WEB = re.compile(r"(?i)www\.")
_BANK = re.compile(
    r"(?i)\b(?:\w*bank\w*|\w*sparkasse\w*|banque|banco|banca|caixa|caisse|cr[eé]dit|bnp|soci[eé]t[eé] g[eé]n[eé]rale"
    r"|postfinance|n26|ing|hsbc|barclays|unicredit|bankinter|bbva|santander|intesa|raiffeisen\w*|банк|pko)"
    r"\b"
)
_DOMAIN = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([\w\-]+(?:\.[\w\-]+)*)\.([a-z]{2,10})\b", re.IGNORECASE)
_LABELS: Final = (
    "header.", "columns.", "own.", "titles.", "amounts.", "parties.seller_", "parties.buyer_", "parties.other_",
)  # fmt: skip
_SECOND_LEVEL: Final = frozenset({"co", "com", "org", "net", "gov", "ac", "gob", "gouv"})


@lru_cache(maxsize=4096)
def name_in(text: str) -> str | None:
    """A text that can be a name: letters, no label with a value, no address of mail or page, no number."""
    text = " ".join(text.strip(" :·•●-–|,\t").split())
    if not 2 <= len(text) <= LONGEST_NAME or sum(c.isalpha() for c in text) < max(2, len(text) // 2):
        return None
    if text[0].isdigit() or "@" in text or "://" in text or text.endswith(":") or _LABEL.search(text):
        return None
    if any(c.isdigit() for c in text) and (" " not in text or _STREET.search(text)):
        return None
    return None if begins_with("parties.particular", text) or _WEB.match(text) or _is_label(text) else text


def _is_label(text: str) -> bool:
    """Whether a text is from beginning to end what labels something, or heads a block ("Invoice number")."""
    return any(
        table.startswith(_LABELS) and hits[0].start == 0 and hits[0].end == len(text)
        for table, hits in labels_in(text).items()
    )


@lru_cache(maxsize=4096)
def parts_of(text: str) -> tuple[str, ...]:
    """What stands in a line side by side: a name, a street, a town."""
    return tuple([part for one in _PARTS.split(text) if (part := one.strip())])


def has_form(name: str) -> bool:
    """Whether a name says its legal form."""
    return _LEGAL.search(name) is not None or _UKRAINIAN.match(name) is not None


def without_form(name: str) -> str:
    """A name without the legal form that it ends in."""
    return _LEGAL.sub("", name).strip(" ,")


def is_bank(name: str) -> bool:
    """Whether a name is rather a bank's: banks stand in the foot of every page."""
    return _BANK.search(name) is not None


def same(one: str, other: str) -> bool:
    """Whether two names have the same letters."""
    return letters_of(one) == letters_of(other)


def letters_of(name: str) -> str:
    """The letters of a name, small and without what stands between the words."""
    return "".join(name.casefold().split())


def domains_of(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """The names of the domains of mail addresses and pages, with the number of the row where each stands."""
    for number, row in enumerate(rows):
        for cell in row.cells:
            if "." not in cell.text or not ("@" in cell.text or "www" in cell.text.lower() or "//" in cell.text):
                continue
            for found in _DOMAIN.finditer(cell.text):
                parts = found[1].lower().split(".")
                if len(parts) > 1 and parts[-1] in _SECOND_LEVEL:
                    parts.pop()
                yield number, parts[-1].replace("-", "")


def same_letters(name: str, domain: str) -> bool:
    """Whether a domain is a name, letter for letter."""
    return domain in _letters(name)


def told_by_domain(name: str, domain: str) -> bool:
    """Whether a domain is made of a name's first words: `winkel-hamburg` of "Winkel Hamburg GmbH"."""
    for letters in _letters(without_form(name)):
        if letters == domain and len(letters) >= 3:
            return True
        if len(domain) >= 5 and len(letters) >= 5 and (letters.startswith(domain) or domain.startswith(letters)):
            return True
    return same_letters(name, domain)


def _letters(name: str) -> Iterator[str]:
    small = name.casefold()
    yield "".join(c for c in unicodedata.normalize("NFKD", small) if c.isascii() and c.isalnum())
    for umlaut, out in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        small = small.replace(umlaut, out)
    yield "".join(c for c in unicodedata.normalize("NFKD", small.replace("&", "und")) if c.isascii() and c.isalnum())
