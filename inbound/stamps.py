"""Lines below which no own words stand: a signature's delimiter, what devices sign with, disclaimers, lists' footers."""

import re
from collections.abc import Sequence
from typing import Literal

from inbound.quote_words import by_head, words_of

_LINE_CHARS = 400
HEAD = 3
_SENT_FROM = by_head(words_of("sent_from"), HEAD)
_DISCLAIMER = by_head(words_of("disclaimer"), HEAD)
_NONE = ("\0",)
HEADS = frozenset((*_SENT_FROM, *_DISCLAIMER))
"""How stamps begin that are words: a line that begins with none of these and is not drawn is none."""
DRAWN = frozenset(("", *"-—–_*=~"))
"""How the others begin, emphasis taken off."""
_DELIMITER = re.compile(r"(?:--|—|–|-- ?)\s*$")
_UNDERLINED = re.compile(r"(?:-{3,}|_{3,}|\*{3,}|={3,}|~{3,})\s*$")
_LIST = re.compile(r"_{2,}\s*$")
_BRACKET = re.compile(r"[<(\[].*")
_SENTENCE = re.compile(r"[.!?]$|, ")
_SIGNED_LINES = 20

Stamp = Literal["delimiter", "underline", "list", "device", "disclaimer"]


def stamp_of(line: str, below: Sequence[str], *, has_words: bool) -> Stamp | None:
    """Return what ends the own words at a line, given the lines with words below it.

    `has_words` says that own words stand above. Below an "underline" there is a signature only if it looks like one.
    """
    line = line[:_LINE_CHARS].strip()
    head = line[:1]
    if head in DRAWN:
        if has_words and len(below) <= _SIGNED_LINES and _DELIMITER.match(line):
            return "delimiter"
        if head == "_" and _LIST.match(line) and any("mailing list" in words.lower() for words in below[:2]):
            return "list"
        if has_words and _UNDERLINED.match(line):
            return "underline"
    lower = line[:200].strip(" *_").lower()
    head = lower[:HEAD]
    if lower.startswith(_SENT_FROM.get(head, _NONE)) and _is_short(line) and (has_words or not below):
        return "device"
    return "disclaimer" if has_words and lower.startswith(_DISCLAIMER.get(head, _NONE)) else None


def _is_short(line: str) -> bool:
    """Tell a device's stamp from a person's sentence that begins like one."""
    words = _BRACKET.sub("", line).strip()
    return len(words) < 60 and len(words.split()) <= 9 and not _SENTENCE.search(words.removesuffix("."))
