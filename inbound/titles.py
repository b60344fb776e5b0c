"""Titles between dashes ("--- Original Message ---"), help desks' reply lines, and lines that are drawn."""

import re
from typing import Literal

from inbound.quote_words import has_any, words_of

TITLE_CHARS = 400
"""So much of a line is looked at."""
HEADS = frozenset("#-–—_=*[>")
"""A line that no colon ends is a title only when one of these begins it."""
_TITLE = re.compile(r"[\s*_=>\-–—]*[-–—_*=]{2,}\s*([^\s\-–—_*=].{0,80}?)\s*[-–—_*=]{2,}\s*$")
_HELP_DESK = re.compile(r"##-.{5,200}-##$")
_RULER = re.compile(r"[\s>*]*(?:[-–—_=*]\s?){3,}\s*$|[\s>]*__+\s*$")
DRAWN = frozenset("-–—_=*")
"""One of these ends every line that is drawn."""
_COLONS = frozenset(":：")
ENDS = DRAWN | _COLONS
"""One of these ends every title of a forwarded message."""
_FRAME = " -–—_=*#[]>"
_REPLY_CHARS = 120
_ORIGINAL = words_of("original")
_FORWARDED = words_of("forwarded")
_INTRODUCED = frozenset(_FORWARDED)
_REPLY_ABOVE = words_of("reply_above")

Title = Literal["original", "forwarded"]


def is_ruler(line: str) -> bool:
    """Tell whether a line is drawn: dashes, underscores or equals signs alone."""
    return _RULER.match(line[:TITLE_CHARS]) is not None


def is_framed(line: str) -> bool:
    """Tell whether a line has words between dashes, as titles have them in languages that nobody foresaw."""
    return line.startswith("--") and line.endswith("--") and _TITLE.match(line[:TITLE_CHARS]) is not None


def says_reply_above(text: str) -> bool:
    """Tell whether it is worth while to look for a help desk's line that no dash begins."""
    return "above this" in text or "ABOVE THIS" in text


def title_of(line: str) -> Title | None:
    """Tell whether a line says that an original or a forwarded message follows."""
    line = line[:TITLE_CHARS].strip()
    last = line[-1:]
    if line[:1] not in HEADS:
        if last in _COLONS and line.lower().rstrip(" :：") in _INTRODUCED:
            return "forwarded"
        return "original" if says_reply_above(line) and _is_reply_line(line.lower()) else None
    if line[1:2] == " " and last.isalnum():
        return None
    line = line.lower()
    words = line.strip(_FRAME)
    if last in DRAWN and words and (match := _TITLE.match(line)):
        words = match.group(1)
        if words.startswith(_FORWARDED):
            return "forwarded"
        if words.startswith(_ORIGINAL) or words == "original":
            return "original"
    return "original" if words and _is_reply_line(line) else None


def _is_reply_line(line: str) -> bool:
    if len(line) >= _REPLY_CHARS:
        return False
    return has_any(line, _REPLY_ABOVE) or (line.startswith("##-") and _HELP_DESK.match(line) is not None)
