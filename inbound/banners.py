"""The warning of a sender from outside that a mail system puts above the text: nobody's words."""

import re
from collections.abc import Sequence

from inbound.quote_words import by_head, has_any, words_of

_LINE_CHARS = 400
_LINES = 7
_BANNERS = by_head(words_of("banner"), 3)
_HEADS = frozenset(("", "zjq", *_BANNERS))
"""How the first line of a banner may begin: a frame alone, Proofpoint's mark, or words."""
_SHORT = 25
"""A line of fewer characters warns only with one of the banners' words: it is a greeting."""
_OUTSIDE = words_of("outside")
_OUTSIDE_AT_ALL = ("extern", "outside", "buiten", "außerhalb", "fuera", "spoza", "zewn", "ester", "extér", "pfptbanner")
"""One of these stands in every warning that begins with no word of the languages."""
_FRAME = " *\t\r\n[]<>|!-=~#:⚠\ufe0f"
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"[^\s<>\"@]{1,64}@[^\s<>\"]{1,255}|https?://\S{1,500}")
_WARNING = re.compile(
    r"\bexternal (?:e-?mail|message|sender|source)\b|\b(?:sender|e-?mail|message|mail)\b[^.\n]{0,40}"
    r"\b(?:outside|external|extern\w*|buiten|außerhalb|extérieur\w*|esterno\w*|fuera|spoza|zewnątrz)\b"
    r"[^\n]{0,120}(?:organi[sz]|compan|link|attach|click|klik|klick|trust)"
    r"|\b(?:bericht|nachricht|mail)\b[^.\n]{0,40}\b(?:buiten|außerhalb)\b|PfptBanner(?:Start|End)"
    r"|\b(?:links?|attachments?)\b[^\n]{0,60}\bexternal sender",
    re.IGNORECASE,
)


def banner_end(lines: Sequence[str], start: int, end: int, line: str) -> int:
    """Return the line after the warning that a mail system put above the text, or `start` if there is none.

    The lines are without the blanks around them; `line` is the first of them with words.
    """
    if len(line) < _SHORT and line.lstrip(_FRAME)[:3].lower() not in _HEADS:
        return start
    at = lines.index(line, start)
    first = "\n".join(lines[at : at + 4])[: 4 * _LINE_CHARS].lower()
    head = first.lstrip(_FRAME)[:3]
    if not ((head in _BANNERS and _begins(first)) or any(map(first.__contains__, _OUTSIDE_AT_ALL))) or _is_tagged(line):
        return start
    below = _paragraph_end(lines, at, end)
    words = "\n".join(lines[at:below])[: 4 * _LINE_CHARS]
    # Figures are a person's; no mail system warns with any but those in addresses.
    outside = has_any(words.lower(), _OUTSIDE) and not _DIGIT.search(_ADDRESS.sub("", words))
    return below if outside and (_begins(words.lower()) or _is_warning(words)) else start


def _begins(words: str) -> bool:
    words = words.lstrip(_FRAME)
    return words[:3] in _BANNERS and words.startswith(_BANNERS[words[:3]])


def _is_tagged(line: str) -> bool:
    """Tell whether a person wrote something behind the tag: "[External] Please confirm"."""
    tag, bracket, rest = line.partition("]")
    if not bracket or not rest.strip() or not tag.startswith("["):
        return False
    return "mail" not in tag.lower() and not _is_warning(rest)


def _paragraph_end(lines: Sequence[str], at: int, end: int) -> int:
    """Return the line after the warning's paragraph, or its last line of warning where no blank line follows it."""
    below = at + 1
    while below < min(at + _LINES, end) and lines[below]:
        below += 1
    if below == end or lines[below]:
        below = at + 1
        while below < min(at + _LINES, end) and _is_warning(lines[below][:_LINE_CHARS]):
            below += 1
    return below


def _is_warning(words: str) -> bool:
    """Tell whether words warn of a sender from outside, in the few forms that persons do not use."""
    return len(words) < 1_000 and _WARNING.search(words) is not None
