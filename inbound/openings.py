"""The lines by which mail programs open a quote: "On 3 March 2026 at 10:00, Bo <bo@buyer.example> wrote:".

An opening takes some lines at most, and `LINE_CHARS` of each are looked at: reading a text costs time in proportion
to its length. The words of the languages are in `inbound.quote_words`.
"""

import re
from collections.abc import Sequence

from inbound.header_blocks import DATE
from inbound.headers import seen
from inbound.quote_words import by_head, words_of
from inbound.writing_verbs import (
    COLONS,
    TAILS,
    TRAILING,
    ends_in_verb,
    ends_in_verb_and_colon,
    wrote_in,
)

LINE_CHARS = 400
REACH = 6
"""So many lines an opening takes at most, a blank one after its date included."""
_PLAIN_REACH = 4
"""So many lines an opening takes that begins with any other word than "On"."""
_EARLY = 60
STAMP_CHARS = 120
"""Lotus Notes' stamp ends in so many characters of its line."""
_OPENS = words_of("opens")
_OPENS_BY_HEAD = by_head(_OPENS, 2)
_OPENS_OFTEN = frozenset(words.capitalize() for words in _OPENS)
_BRACKETED = re.compile(r"[<(\[][^<>()\[\]@]{1,80}@[^<>()\[\]@]{1,250}[^\w:：]{1,4}[^:：]{0,24}[:：][\s*_\-–—]*$")
_ENDS = tuple(end + blank for end in (".", "!", "?", "-") for blank in ("", " ", "  ", "\t"))
_SENTENCE_ENDS = re.compile(r"[.!?-]\s")
_STARTS = re.compile(r"(?<!\S)\S")
_NAME = re.compile(r"[\"'<(\[*“„«]|(?!\d)\w")
_STAMPED = re.compile(r"---\s?\d[\d./: -]{5,20}(?:[AP]M)?\s?---")
_DASHED = re.compile(r"-{3,}.*-{3,}$")
_LEADING = " \t*_-–—\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CLOSERS = frozenset(":：>")
CLOSES = COLONS.union(TRAILING)
"""One of these ends a line that surely opens a quote."""
_LASTS = _CLOSERS.union(TRAILING, (tail[-1] for tail in TAILS))
"""One of these ends a line where an opening may end."""


class Effort:
    """How much looking for openings may still cost: close looks, and lines behind the first one."""

    looks = 400
    lines = 3_000

    def spend(self) -> bool:
        """Take one close look, if one is left."""
        self.looks -= 1
        return self.looks >= 0


def end_below(lines: Sequence[str], at: int, marked: Sequence[bool]) -> int | None:
    """Return the next line where an opening may end, itself included, if one is within reach.

    Openings end with a colon, an address or a verb of writing, and above a line with a quote mark at the latest. The
    lines are without the blanks around them, here and below.
    """
    for place, words in enumerate(lines[at : at + REACH], at):
        if words and (marked[place] or (words[-1] in _LASTS and _ends(words))):
            return place
    return None


def is_stamped(text: str) -> bool:
    """Tell whether a text, or a line of it, has a quote opened as Lotus Notes does it: "Bo---03/03/2026 10:00---"."""
    return _STAMPED.search(text) is not None


def may_open(line: str, distance: int, blank: bool) -> bool:
    """Tell cheaply whether an opening may begin at a line.

    `distance` says how many lines below it one may end, less than `REACH`; `blank` whether a blank line is between.
    """
    if blank or distance >= _PLAIN_REACH:
        return (line[:2].lower() in _OPENS_BY_HEAD or line[0] in _LEADING) and opens_line(line)
    return distance == 0 or "@" in line or "<" in line or DATE.search(line, 0, LINE_CHARS) is not None


def opens_line(line: str) -> bool:
    """Tell whether a line begins with one of the words that stand before the date in an opening."""
    if line.partition(" ")[0] in _OPENS_OFTEN:
        return True
    start = line[:_EARLY].lstrip(_LEADING).lower()
    for opens in _OPENS_BY_HEAD.get(start[:2], ()):
        if start.startswith(opens):
            behind = start[len(opens) : len(opens) + 1]
            return not (behind.isalnum() or behind == "_")
    return False


def surely_opens(line: str) -> bool:
    """Tell whether a line is an opening as most mail programs write it: "On", an early date, a verb and a colon.

    A name or an address may stand between the verb and the colon. A date may stand first; then an address that the
    colon follows is enough.
    """
    date = DATE.search(line, 0, _EARLY)
    if date is None or len(line) > LINE_CHARS:
        return False
    words = line.rstrip(TRAILING)
    if words[-1] not in COLONS:
        return False
    if opens_line(line):
        if ends_in_verb_and_colon(words):
            return True
        wrote = wrote_in(words)
        return wrote is not None and _name_follows(words[wrote[1] :])
    if date.start() > 0 or (len(date.group()) < 6 and not date.group().isdigit()):
        return False  # a time alone may follow a date on the line above
    if ends_in_verb_and_colon(words):
        return _SENTENCE_ENDS.search(words) is None
    if words[-2] != ">":
        return False
    return _BRACKETED.search(words, date.end()) is not None and wrote_in(words) is None


def opening_at(lines: Sequence[str], start: int, marked: Sequence[bool], effort: Effort) -> tuple[int, int] | None:
    """Return the line after the opening ("On ... wrote:") that begins at a line, and its column, if one does.

    `marked` tells which lines carry a quote mark; an opening that is less sure counts only before such a line.
    Each close look is paid from `effort`; when none is left nothing is found any more.
    """
    first = _plain(lines[start])
    date = DATE.search(first)
    if not (date or "@" in first or "<" in first) and not (_ends(first) and effort.spend() and wrote_in(first)):
        return None
    strong = date is not None and opens_line(first)
    early = strong and date is not None and date.start() < _EARLY
    words = ""
    reach = (REACH if strong else _PLAIN_REACH) if effort.lines > 0 else 1
    for at in range(start, min(start + reach, len(lines))):
        effort.lines -= 1
        line = _plain(lines[at]) if words else first
        if marked[at] and words.count("<") <= words.count(">"):
            break
        if not line:
            if strong and at - start < 3:
                continue
            break
        words = f"{words} {line}" if words else line
        if not _ends(words) or words.count("<") > words.count(">"):
            continue
        if early and ends_in_verb_and_colon(line):
            return at + 1, 0
        if not effort.spend():
            return None
        before_quote = _quote_follows(marked, lines, at + 1)
        column = 0 if strong or at > start else _inside(words, before_quote)
        if column:
            return at + 1, lines[start].find(words[column : column + 40])
        if _opens(words, before_quote):
            return at + 1, 0
    return None


def _plain(line: str) -> str:
    line = line[:LINE_CHARS]
    return line if line.isascii() else seen(line).strip()


def _ends(words: str) -> bool:
    """Tell cheaply whether an opening may end here."""
    words = words.rstrip(TRAILING)
    return words[-1:] in _CLOSERS or (words[-2:] in TAILS and ends_in_verb(words))


def _quote_follows(marked: Sequence[bool], lines: Sequence[str], at: int) -> bool:
    for line in range(at, min(at + 3, len(lines))):
        if marked[line]:
            return True
        if lines[line]:
            return False
    return False


def _opens(words: str, before_quote: bool) -> bool:
    if words[-1] == ">" and not before_quote:
        return False
    date = DATE.search(words)
    wrote = wrote_in(words)
    if wrote and words.startswith("---") and _DASHED.match(words):
        return True
    address = words.find("@")
    if words.rstrip(TRAILING)[-1:] not in COLONS:
        if wrote and date and address > 0 and not words[wrote[1] :].strip(" *_-"):
            return True
        return before_quote and bool(date) and address > 0 and words.endswith(">")
    if wrote and (date or address > 0) and _name_follows(words[wrote[1] :]):
        early = date is not None and date.start() < _EARLY
        if early and ((date is not None and date.start() < 30) or opens_line(words)):
            return True
        if address > 0 and len(words) < 160 and wrote[0] > address:
            return True
    if wrote and date and 0 < address < wrote[0] < date.start() and len(words) < 160:
        return True
    if date and len(words[: date.start()].split()) <= 4 and _BRACKETED.search(words, date.end()):
        return True
    return before_quote and bool(date or wrote or address > 0) and len(words) < 250


def _name_follows(tail: str) -> bool:
    """Tell whether nothing but a name or an address stands between the verb and the colon."""
    tail = tail.strip(" *_-–—:：")
    if not tail or "@" in tail[:80]:
        return True
    return _NAME.match(tail) is not None and not tail[0].islower() and len(tail.split()) <= 6


def _inside(words: str, before_quote: bool) -> int:
    """Return where an opening begins behind other words in the same line, or 0."""
    if words.rstrip(TRAILING)[-1:] not in COLONS:
        return 0
    if not (before_quote or _SENTENCE_ENDS.search(words)) or not DATE.search(words) or not wrote_in(words):
        return 0
    lower = words.lower()
    places = [
        match.start()
        for match in _STARTS.finditer(words)
        if lower.startswith(_OPENS, match.start())
        and (before_quote or words.endswith(_ENDS, max(0, match.start() - 6), match.start()))
    ]
    for place in reversed(places[:8]):
        rest = words[place:]
        date = DATE.search(rest)
        if before_quote and ("@" in words[:place] or DATE.search(words[:place])):
            continue
        if place and opens_line(rest) and date and date.start() < 40 and _opens(rest, before_quote=False):
            return len(words[:place].rstrip(" -–—"))
    return 0
