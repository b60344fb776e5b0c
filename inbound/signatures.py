"""Where a run of own words ends and what is only signed, stamped or added below it begins."""

import re
from itertools import compress
from operator import itemgetter
from typing import Literal, NamedTuple

from inbound.quote_words import in_any_case, words_of
from inbound.stamps import DRAWN, HEAD, HEADS, Stamp, stamp_of
from inbound.titles import is_ruler

_LINE_CHARS = 400
_CLOSINGS = frozenset(words_of("closing") + words_of("thanks"))
_THANKS = frozenset(words_of("thanks"))
_HEAD = 3
_HEADS = in_any_case(
    [words[:_HEAD] for words in _CLOSINGS]
    + [words + sign for words in _CLOSINGS if len(words) < _HEAD for sign in " ,.!;:/|"]
)
"""How the closings begin: what does not begin so need not be looked at."""
_BEGINS = HEADS | _HEADS
_SIGNS = "".join(DRAWN) + " "
_BOLD = frozenset("*_")
_BEGIN_OF, _FIRST_OF = itemgetter(slice(HEAD)), itemgetter(0)
_LONGEST = max(map(len, _CLOSINGS)) + 2
_SEPARATOR = re.compile(r"[,.!;]")
_JOINED = re.compile(r"\s*[/|]\s*|\s+(?:aus|from|de|uit|z|із|з)\s+(?=[^\W\d_a-zа-яіїєґ])|\s+(?:aus|uit)\s+")
"""Joins a closing in two languages, or a closing and the place it comes from."""
_EMPHASIS = " *_\xa0"
_PHONE = re.compile(
    r"(?:^|[\s|·•,;/])(?:tele?(?:fon\w*|phone|[eé]fono|fono)?|ph(?:one)?|fon|fax|mob(?:il\w*)?|cell(?:ulare)?|handy"
    r"|direct|office|t[eé]l(?:[eé]phone)?|kom(?:[oó]rka)?|gsm|m[oó]vil|т|тел|моб|[tmpfd])\b"
    r"[.: ]{0,4}[+(]{0,2}\d[\d ()/.–-]{5,}"
    r"|(?<![\w.])\+\d[\d ()/.–-]{7,}\d",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:^|\s)(?:https?://|www\.)\S+\.\S+\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d ()/.–-]{5}")
"""Stands in every telephone number."""
_PERSON = re.compile(r"(?:[^\W\d_][\w.'’\-]*[.,]?(?:\s+|$)){1,6}(?:[|·•(–-].*)?$")
_PAUSES = frozenset(".!?:;")
_NAME = re.compile(r"-[^\W\d_][\w.'’]*(?: [^\W\d_][\w.'’]*){0,2}$")
_ANSWER = re.compile(
    r"\d{1,4}\s*[:).x×*]|#\d|(?:p\.?\s?)?p\.?\s?s\b"
    r"|[^:]{2,30}:\s*[^\w\s]?\d{1,4}(?:[.,]\d+)?\s*[^\W\d]{0,12}\.?(?:\s\d{2,4})?$",
    re.IGNORECASE,
)
"""Figures that answer: a numbered line, a postscript, "delivery: 12 Dec", "price: 11.50 EUR"."""
_ANSWERING = frozenset("0123456789#pP")
_STOPS = frozenset("!.")
_LOOK_BACK = 18
_CARD, _CARD_LINE = 12, 120
_SIGNED_CHARS = 60

Signed = tuple[int, Literal["signature", "quoted"]]
"""From which line on, and what it is."""


class _Run(NamedTuple):
    """A run of own words: all its lines, stripped, those with words among them, and which line of the text is first."""

    lines: list[str]
    words: list[str]
    start: int

    def place(self, number: int) -> int:
        """Return which line of the text the words of that number are."""
        return list(compress(range(self.start, self.start + len(self.lines)), self.lines))[number]

    def stands_apart(self, number: int) -> bool:
        """Tell whether a blank line is above the words of that number."""
        at = self.place(number) - self.start
        return at > 0 and not self.lines[at - 1]


def signature_of(lines: list[str], words: list[str], start: int, alone: bool) -> list[Signed]:
    """Return from which lines on a run of own words is signature, or text that no person wrote.

    `lines` are the run's, without the blanks around them, `words` those with words, `start` is the first one's place in
    the text; `alone` says that no own words stand above the run.
    """
    if not _BEGINS.isdisjoint(map(_BEGIN_OF, words)) or not DRAWN.isdisjoint(map(_FIRST_OF, words)):
        run = _Run(lines, words, start)
        closes = False
        for number, line in enumerate(words):
            head = line[:HEAD]
            closes = closes or head in _HEADS or (head[0] in DRAWN and head[1:2] != " ")
            if head in HEADS or (head[0] in DRAWN and (head[0] in _BOLD or not line.strip(_SIGNS))):
                stamp = _stamp(run, number, has_words=number > 0 or not alone)
                if stamp is not None:
                    return _stamped(run, number, stamp, alone)
        if closes and len(words) > alone and (closing := _closing(run, len(words), alone)) is not None:
            return [(closing, "signature")]
    if len(words) <= 1 or words[-1][-1] in _PAUSES or not _reaches(words[-_CARD:]):
        return []
    card = _card(_Run(lines, words, start))
    return [] if card is None else [(card, "signature")]


def _stamp(run: _Run, number: int, *, has_words: bool) -> Stamp | None:
    stamp = stamp_of(run.words[number], run.words[number + 1 : number + 22], has_words=has_words)
    return None if stamp == "underline" and not _is_card(run, number) else stamp


def _stamped(run: _Run, number: int, stamp: Stamp, alone: bool) -> list[Signed]:
    """Return what a stamp says of its own line, of a closing above it, and of what stands below it."""
    first = number - 1 if stamp == "disclaimer" and number and is_ruler(run.words[number - 1]) else number
    closing = _closing(run, first, alone)
    found: list[Signed] = [] if closing is None else [(closing, "signature")]
    found.append((run.place(first), "quoted" if stamp == "list" else "signature"))
    if stamp == "device" and number < len(run.words) - 1 and (number or not alone):
        # What stands below a device's stamp is the mail that was answered, without any mark.
        found.append((run.place(number) + 1, "quoted"))
    return found


def _closing(run: _Run, size: int, alone: bool) -> int | None:
    """Return on which line the closing stands ("Kind regards,"), if no words but a signature's follow it.

    The first `size` lines with words are looked at, from the last one up to the first that nobody signs with.
    """
    found: int | None = None
    for number in range(size - 1, max(size - _LOOK_BACK, alone) - 1, -1):
        line = run.words[number][:_LINE_CHARS].strip(_EMPHASIS)
        below = run.words[number + 1] if number + 1 < size else ""
        if line[:_HEAD] in _HEADS and _is_closing(line, below):
            found = number
        if line[:1] == "-" and not below and _NAME.match(line) and run.stands_apart(number):
            found = number
        if not _is_signed(line):
            break
    return None if found is None else run.place(found)


def _is_closing(line: str, below: str) -> bool:
    """Tell whether a line closes a letter: its words alone, in two languages, or with the name behind them."""
    word = line.rstrip(" ,.!;:-–—").replace("İ", "i").lower()
    if word not in _CLOSINGS and len(word) < 60 and _JOINED.search(word):
        word = _JOINED.split(word, maxsplit=1)[0].strip()
    if word in _CLOSINGS:
        return word not in _THANKS or _is_name(below[:_LINE_CHARS])
    if len(line) < _SIGNED_CHARS and _is_signed_by(line.split()):
        return True
    for separator in _SEPARATOR.finditer(line, 0, _LONGEST) if len(line) < 130 else ():
        if line[: separator.start()].rstrip().lower() in _CLOSINGS:
            name = line[separator.end() :].lstrip()
            return name.count(",") < 2 and all(0 < len(part) <= 40 for part in name.split(",")) and _is_name(name)
    return False


def _is_signed_by(words: list[str]) -> bool:
    """Tell whether a closing and a name stand in one line, with nothing between them: "Kind regards Ana Smith"."""
    for size in range(max(1, len(words) - 3), min(len(words), 4)):
        closing = " ".join(words[:size]).lower()
        if closing in _CLOSINGS and closing not in _THANKS and closing != "best":
            return all(word[0].isupper() and word.isalpha() for word in words[size:])
    return False


def _card(run: _Run) -> int | None:
    """Return where a signature without a closing begins: a name below a blank line, and how to reach it.

    It has a telephone number or a page, short lines and no sentence; below "please invite:" it is an answer.
    """
    for number in range(len(run.words) - 1, max(len(run.words) - _CARD, -1), -1):
        line = run.words[number][:_LINE_CHARS].strip(_EMPHASIS)
        if not _is_signed(line) or line[-1:] in _PAUSES:
            return None
        if number == 0 or not run.stands_apart(number):
            continue
        words = [below[:_LINE_CHARS] for below in run.words[number:]]
        if _PERSON.match(line.partition("|")[0]) and any(map(_is_reach, words)):
            above = run.words[number - 1]
            return None if above.endswith((":", ",")) and len(above.split()) > 2 else run.place(number)
    return None


def _reaches(lines: list[str]) -> bool:
    """Tell cheaply whether a telephone number or a page may be among short lines; none of a card is longer."""
    for line in lines:
        if len(line) < _CARD_LINE and ("www." in line or "http" in line or _NUMBER.search(line) is not None):
            return True
    return False


def _is_reach(line: str) -> bool:
    """Tell whether a line gives a telephone number or a page."""
    if ("www." in line or "http" in line) and _SITE.search(line):
        return True
    return _NUMBER.search(line) is not None and _PHONE.search(line) is not None


def _is_card(run: _Run, number: int) -> bool:
    """Tell whether a name stands below a drawn line, with a few short lines at most, to the end of the run."""
    below = [words[:_LINE_CHARS].strip(_EMPHASIS) for words in run.words[number + 1 : number + 10]]
    if not 0 < len(below) <= 8 or _PERSON.match(below[0]) is None or len(below[0].split()) > 4:
        return False
    if not all(_is_signed(words) and words[-1:] not in _PAUSES for words in below):
        return False
    return run.words[number][0] == "_" or run.stands_apart(number) or run.place(number) == 0


def _is_name(line: str) -> bool:
    return 0 < len(line.strip(" ,*_").split()) <= 6 and not line[0].isdigit() and not line.rstrip().endswith(("?", ":"))


def _is_signed(line: str) -> bool:
    last = line[-1:]
    if len(line) >= 120 or last == "?" or (last in _STOPS and len(line.split()) > 4):
        return False
    return not ((":" in line or line[:1] in _ANSWERING) and _ANSWER.match(line))
