"""Where somebody else's words begin: the first lines of quotes, header blocks, and titles between dashes.

Every function looks at one line, or at a handful that follow it, and at no more than `LINE_CHARS` of each: reading a
text costs time in proportion to its length. The words of the languages are in `inbound.quote_words`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from inbound.headers import seen
from inbound.quote_words import LANGUAGES

LINE_CHARS = 400
_INTRO_LINES = 4
_BLOCK_LINES = 14


def words_of(field: str) -> tuple[str, ...]:
    """Return the words of one field in all languages, longest first."""
    found = {word for words in LANGUAGES.values() for word in getattr(words, field)}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words."""
    return "(?:" + "|".join(re.escape(word) for word in words) + ")"


_LABELS = {label: kind for kind in ("copy", "subject", "to", "date", "sender") for label in words_of(kind)}
_OPENS = words_of("opens")
_OPENS_LINE = re.compile(r"[\s*_\-–—\u202a-\u202e\u2066-\u2069]{0,20}" + any_of(_OPENS) + r"(?!\w)", re.IGNORECASE)
_DATE = re.compile(
    r"\d(?:\d?(?:[:.h]\d{2}(?!\d)|[./-]\d{1,2}[./-]\d{2,4}|月)|(?:(?<=(?<!\d)1)9|(?<=(?<!\d)2)0)\d{2}(?!\d))"
)
"""A time, a year or a day; it begins with a digit outright, which makes the search quick."""
_TIME = re.compile(r"\d{1,2}:\d{2}")
_WROTE_WORDS = words_of("wrote")
_TOKEN = re.compile(r"[^\W\d_]+")
_UNSPACED = tuple(verb for verb in _WROTE_WORDS if verb[0] > "\u0e00")
"""Verbs of languages that write without blanks."""
_LAST_WORDS = frozenset(verb.rpartition(" ")[2] for verb in _WROTE_WORDS)
_VERBS: dict[str, list[str]] = {}
for _verb in _WROTE_WORDS:  # longest first
    if _match := _TOKEN.match(_verb):
        _VERBS.setdefault(_match.group(), []).append(_verb)
_BRACKETED = re.compile(r"[<(\[][^<>()\[\]@]{1,80}@[^<>()\[\]@]{1,250}[^\w:：]{1,4}[^:：]{0,24}[:：][\s*_\-–—]*$")
_ENDS = tuple(end + blank for end in (".", "!", "?", "-") for blank in ("", " ", "  ", "\t"))
_SENTENCE_ENDS = re.compile(r"[.!?-]\s")
_STARTS = re.compile(r"(?<!\S)\S")
_NAME = re.compile(r"[\"'<(\[*“„«]|(?!\d)\w")
_STAMPED = re.compile(r"[^-\n]{1,80}---\s?\d[\d./: -]{5,20}(?:[AP]M)?\s?---")
"""How Lotus Notes opens a quote."""
_HELP_DESK = re.compile(r"##-.{5,200}-##$")
_COLON = re.compile(r"[:：][\s*_\-–—]*$")
_DASHED = re.compile(r"-{3,}.*-{3,}$")
_TITLE = re.compile(r"[\s*_=>\-–—]*[-–—_*=]{2,}\s*([^\s\-–—_*=].{0,80}?)\s*[-–—_*=]{2,}\s*$")
_RULER = re.compile(r"[\s>*]*(?:[-–—_=*]\s?){3,}\s*$|[\s>]*__+\s*$")
_ORIGINAL = words_of("original")
_FORWARDED = words_of("forwarded")
_REPLY_ABOVE = words_of("reply_above")

_LEADING = " \t*_-–—\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_TRAILING = " *_-–—\xa0\t\r\n\u200e\u200f\u202c\u2069"
_CLOSERS = frozenset(":：>")
_HEADS = frozenset("#-–—_=*[>")

Title = Literal["original", "forwarded"]


@dataclass(frozen=True, slots=True)
class Opening:
    """The first lines of a quote: they end before line `end`, and begin at `column` of their first line."""

    end: int
    column: int = 0


@dataclass(slots=True)
class Effort:
    """How much looking for openings may still cost: close looks, and lines behind the first one."""

    looks: int = 400
    lines: int = 3_000

    def spend(self) -> bool:
        """Take one close look, if one is left."""
        self.looks -= 1
        return self.looks >= 0


def has_any(words: str, of: Iterable[str]) -> bool:
    """Tell whether one of the words stands in a text; quicker than a pattern of them all."""
    return any(word in words for word in of)


def is_ruler(line: str) -> bool:
    """Tell whether a line is drawn: dashes, underscores or equals signs alone."""
    return _RULER.match(line[:LINE_CHARS]) is not None


def closing_lines(lines: Sequence[str]) -> list[bool]:
    """Tell of each line whether an opening may end there: with a colon, an address, or a verb of writing."""
    return [line[-1:] in _CLOSERS or _ends_in_verb(line) for line in [line.rstrip(_TRAILING) for line in lines]]


def _ends_in_verb(line: str) -> bool:
    if line.rpartition(" ")[2] in _LAST_WORDS:
        return line.endswith(_WROTE_WORDS)
    return not line.isascii() and line.endswith(_UNSPACED)


def may_be_title(line: str) -> bool:
    """Tell cheaply whether it is worth while to look for a title in a line that no colon ends."""
    return line.lstrip()[:1] in _HEADS or "above this" in line or "ABOVE THIS" in line


def title_of(line: str) -> Title | None:
    """Tell whether a line says that an original or a forwarded message follows."""
    line = line[:LINE_CHARS].strip()
    if not line or (line[-1].isalnum() and line[0].isalnum() and "line" not in line.lower()):
        return None
    line = line.lower()
    if (
        len(line) < 120
        and (line[0] in "#-–—_=*[" or "above this" in line)
        and (_HELP_DESK.match(line) or has_any(line, _REPLY_ABOVE))
    ):
        return "original"
    if line[-1].isalnum():
        return None
    match = _TITLE.match(line)
    words = match.group(1) if match else line.rstrip(" :：")
    if match:
        if words.startswith(_FORWARDED):
            return "forwarded"
        return "original" if words.startswith(_ORIGINAL) or words == "original" else None
    return "forwarded" if line.endswith((":", "：")) and words in _FORWARDED else None


def label_of(line: str) -> tuple[str, str] | None:
    """Return the kind of header that a line of a header block gives, and its value."""
    if ":" not in line[:60] and "：" not in line[:60]:
        return None
    line = line[:LINE_CHARS]
    if not line.isascii():
        line = seen(line).replace("：", ":", 1)
    label, colon, value = line.strip(" \t\xa0>*_|\r\n").partition(":")
    kind = _LABELS.get(label.rstrip(" \xa0*").lower()) if colon and len(label) < 30 else None
    return (kind, value.strip(" *\xa0")) if kind else None


def block_at(lines: Sequence[str], start: int, known: dict[int, str | None]) -> int | None:
    """Return the line after the header block ("From: ... Sent: ... To: ...") that begins at a line, if one does.

    `known` remembers the kinds of lines between calls, so that each is read once.
    """

    if ":" not in lines[start][:60] and "：" not in lines[start][:60]:
        return None

    if _kind_at(lines, start, known) in (None, "copy"):
        return None
    kinds: set[str] = set()
    end, loose = start, 0
    for at in range(start, min(start + _BLOCK_LINES, len(lines))):
        kind = _kind_at(lines, at, known)
        if kind is not None:
            kinds.add(kind)
            end, loose = at + 1, 0
        else:
            loose += 1
            if loose > 2:
                break
    if len(kinds) < 2:
        return None
    words = seen("\n".join([line[:LINE_CHARS] for line in lines[start : end + 1]]))
    address = "@" in words
    if "sender" in kinds and "subject" in kinds and (address or (len(kinds) > 2 and _DATE.search(words))):
        return end
    if "sender" in kinds and "date" in kinds and (address or _TIME.search(words)):
        return end
    if address and "to" in kinds and ("sender" in kinds or ("date" in kinds and _TIME.search(words))):
        return end
    return None


def _kind_at(lines: Sequence[str], at: int, known: dict[int, str | None]) -> str | None:
    if at not in known:
        found = label_of(lines[at])
        known[at] = found[0] if found else None
    return known[at]


def opening_at(lines: Sequence[str], start: int, marked: Sequence[bool], effort: Effort) -> Opening | None:
    """Return the opening ("On ... wrote:") that begins at a line, if one does.

    `marked` tells which lines carry a quote mark; an opening that is less sure counts only before such a line.
    Each close look is paid from `effort`; when none is left nothing is found any more.
    """
    first = _plain(lines[start])
    if "---" in first and _STAMPED.match(first):
        return Opening(start + 1)
    dated = _DATE.search(first) is not None
    if not (dated or "@" in first or "<" in first) and not (_ends(first) and effort.spend() and _wrote_in(first)):
        return None
    strong = dated and _opens_line(first)
    words = ""
    reach = _INTRO_LINES + 2 * strong if effort.lines > 0 else 1
    for at in range(start, min(start + reach, len(lines))):
        effort.lines -= 1
        line = _plain(lines[at])
        if marked[at] and words.count("<") <= words.count(">"):
            break
        if not line:
            if strong and at - start < 3:
                continue
            break
        words = f"{words} {line}" if words else line
        if not _ends(words) or words.count("<") > words.count(">"):
            continue
        if not effort.spend():
            return None
        before_quote = _quote_follows(marked, lines, at + 1)
        column = 0 if strong or at > start else _inside(words, before_quote)
        if column:
            return Opening(at + 1, lines[start].find(words[column : column + 40]))
        if _opens(words, before_quote):
            return Opening(at + 1)
    return None


def _plain(line: str) -> str:
    line = line[:LINE_CHARS].strip()
    return line if line.isascii() else seen(line).strip()


def _ends(words: str) -> bool:
    """Tell cheaply whether an opening may end here."""
    words = words.rstrip(_TRAILING)
    return words[-1:] in _CLOSERS or _ends_in_verb(words)


def _opens_line(words: str) -> bool:
    start = words[:60].lower().lstrip(_LEADING)
    return start.startswith(_OPENS) and _OPENS_LINE.match(words) is not None


def _quote_follows(marked: Sequence[bool], lines: Sequence[str], at: int) -> bool:
    for line in range(at, min(at + 3, len(lines))):
        if marked[line]:
            return True
        if lines[line].strip():
            return False
    return False


def _opens(words: str, before_quote: bool) -> bool:
    date = _DATE.search(words)
    wrote = _wrote_in(words)
    if wrote and _DASHED.match(words):
        return True
    address = words.find("@")
    if not _COLON.search(words):
        if wrote and date and address > 0 and not words[wrote[1] :].strip(" *_-"):
            return True
        return before_quote and bool(date) and address > 0 and words.endswith(">")
    if wrote and (date or address > 0) and _name_follows(words[wrote[1] :]):
        early = date is not None and date.start() < 60
        if early and ((date is not None and date.start() < 30) or _opens_line(words)):
            return True
        if address > 0 and len(words) < 160 and wrote[0] > address:
            return True
    if wrote and date and 0 < address < wrote[0] < date.start() and len(words) < 160:
        return True
    if date and len(words[: date.start()].split()) <= 4 and _BRACKETED.search(words, date.end()):
        return True
    return before_quote and bool(date or wrote or address > 0) and len(words) < 250


def _wrote_in(words: str) -> tuple[int, int] | None:
    """Return where the last verb of writing begins and ends; one pattern for all of them would take far longer."""
    lower = words.lower()
    if len(lower) != len(words):
        return None
    best: tuple[int, int] | None = None
    for token in _VERBS.keys() & _TOKEN.findall(lower):
        for verb in _VERBS[token]:
            end = len(lower)
            while (start := lower.rfind(verb, 0, end)) > (best[0] if best else -1):
                end = start + len(verb)
                if not (lower[start - 1 : start].isalnum() or lower[end : end + 1].isalnum()):
                    best = (start, end)
                    break
                end -= 1
    if not words.isascii():
        for verb in _UNSPACED:
            start = lower.rfind(verb)
            if start > (best[0] if best else -1):
                best = (start, start + len(verb))
    return best


def _name_follows(tail: str) -> bool:
    """Tell whether nothing but a name or an address stands between the verb and the colon."""
    tail = tail.strip(" *_-–—:：")
    if not tail or "@" in tail[:80]:
        return True
    return _NAME.match(tail) is not None and not tail[0].islower() and len(tail.split()) <= 6


def _inside(words: str, before_quote: bool) -> int:
    """Return where an opening begins behind other words in the same line, or 0."""
    if not _COLON.search(words):
        return 0
    if not (before_quote or _SENTENCE_ENDS.search(words)) or not _DATE.search(words) or not _wrote_in(words):
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
        date = _DATE.search(rest)
        if before_quote and ("@" in words[:place] or _DATE.search(words[:place])):
            continue
        if place and _OPENS_LINE.match(rest) and date and date.start() < 40 and _opens(rest, before_quote=False):
            return len(words[:place].rstrip(" -–—"))
    return 0
