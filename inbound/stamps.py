"""Lines below which no own words stand: a signature's delimiter, devices' stamps, disclaimers, lists' footers."""

import re
from collections.abc import Sequence
from typing import Literal

from inbound.quote_words import by_head, in_any_case, words_of

_LINE_CHARS = 400
HEAD = 3
_SENT_FROM = by_head(words_of("sent_from"), HEAD)
_DISCLAIMER = by_head(words_of("disclaimer"), HEAD)
_NONE = ("\0",)
HEADS = in_any_case((*_SENT_FROM, *_DISCLAIMER))
"""How stamps begin that are words: a line that begins with none of these and is not drawn is none."""
DRAWN = frozenset("-—–_*=~")
"""How the others begin, and words in bold or italics."""
_SIGNS = "".join(DRAWN)
_DELIMITERS = frozenset(("--", "—", "–"))
_UNDERLINED = frozenset("-_*=~")
_BRACKET = re.compile(r"[<(\[].*")
_FREIGHT = re.compile(
    r"\b(?:dhl|ups|usps|fedex|tnt|dpd|gls|hermes|dachser|schenker|kuehne|maersk|post|mail ?room|courier|kurier|freight"
    r"|truck|lkw|lorry|spedition|warehouse|lager|depot|dock|tracking)\b",
    re.IGNORECASE,
)
"""Goods are sent from and with these, mails are not."""
_SENTENCE = re.compile(r"[.!?]$|, ")
_SIGNED_LINES = 20

Stamp = Literal["delimiter", "underline", "list", "device", "disclaimer"]


def stamp_of(line: str, below: Sequence[str], *, has_words: bool) -> Stamp | None:
    """Return what ends the own words at a line, given the lines with words below it.

    `has_words` says that own words stand above. Below an "underline" there is a signature only if it looks like one.
    """
    line = line[:_LINE_CHARS].strip()
    if not line.strip(_SIGNS):
        if has_words and len(below) <= _SIGNED_LINES and line in _DELIMITERS:
            return "delimiter"
        if len(line) < 2 or line.strip(line[0]) or line[0] not in _UNDERLINED:
            return None
        if line[0] == "_" and any("mailing list" in words.lower() for words in below[:2]):
            return "list"
        return "underline" if has_words and len(line) > 2 else None
    lower = line[:200].strip(" *_").lower()
    head = lower[:HEAD]
    if lower.startswith(_SENT_FROM.get(head, _NONE)) and _is_short(line) and (has_words or not below):
        return "device"
    return "disclaimer" if has_words and lower.startswith(_DISCLAIMER.get(head, _NONE)) else None


def _is_short(line: str) -> bool:
    """Tell a device's stamp from a person's sentence that begins like one."""
    words = _BRACKET.sub("", line).strip()
    if len(words) >= 60 or len(words.split()) > 9 or _FREIGHT.search(words):
        return False
    return not _SENTENCE.search(words.removesuffix("."))
