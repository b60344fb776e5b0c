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
_DRAWN = frozenset("-–—_=*")
_ORIGINAL = words_of("original")
_FORWARDED = words_of("forwarded")
_INTRODUCED = frozenset(_FORWARDED)
_REPLY_ABOVE = words_of("reply_above")

Title = Literal["original", "forwarded"]


def is_ruler(line: str) -> bool:
    """Tell whether a line is drawn: dashes, underscores or equals signs alone."""
    line = line[:TITLE_CHARS].rstrip()
    return line[-1:] in _DRAWN and _RULER.match(line) is not None


def says_reply_above(text: str) -> bool:
    """Tell whether it is worth while to look for a help desk's line that no dash begins."""
    return "above this" in text or "ABOVE THIS" in text


def title_of(line: str) -> Title | None:
    """Tell whether a line says that an original or a forwarded message follows."""
    line = line[:TITLE_CHARS].strip()
    if not line or (line[-1].isalnum() and line[0].isalnum() and "line" not in line.lower()):
        return None
    line = line.lower()
    if (line[0] in HEADS or "above this" in line) and len(line) < 120 and _is_reply_line(line):
        return "original"
    if line[-1] in _DRAWN:
        match = _TITLE.match(line)
        if match is None:
            return None
        words = match.group(1)
        if words.startswith(_FORWARDED):
            return "forwarded"
        return "original" if words.startswith(_ORIGINAL) or words == "original" else None
    return "forwarded" if line[-1] in ":：" and line.rstrip(" :：") in _INTRODUCED else None


def _is_reply_line(line: str) -> bool:
    return has_any(line, _REPLY_ABOVE) or (line.startswith("##-") and _HELP_DESK.match(line) is not None)
