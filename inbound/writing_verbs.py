"""Verbs of writing ("wrote") of many languages, by which the openings of quotes are told."""

import re

from inbound.quote_words import words_of

_WROTE = words_of("wrote")
_TOKEN = re.compile(r"[^\W\d_]+")
_UNSPACED = tuple(verb for verb in _WROTE if verb[0] > "\u0e00")
"""Verbs of languages that write without blanks."""
_LAST_WORDS = frozenset(verb.rpartition(" ")[2] for verb in _WROTE)
_ONE_WORD = frozenset(verb for verb in _WROTE if " " not in verb)
TAILS = frozenset(verb[-2:] for verb in _WROTE)
"""What ends in a verb of writing ends in one of these two letters."""
_VERBS: dict[str, list[str]] = {}
for _verb in _WROTE:  # longest first
    if _match := _TOKEN.match(_verb):
        _VERBS.setdefault(_match.group(), []).append(_verb)
COLONS = frozenset(":：")
TRAILING = " *_-–—\xa0\t\r\n\u200e\u200f\u202c\u2069"
"""May stand behind the words of an opening."""
_END = TRAILING + ":："


def ends_in_verb(words: str) -> bool:
    """Tell whether words end in a verb of writing and nothing behind it; asked where one of `TAILS` ends them."""
    if words.rpartition(" ")[2] in _LAST_WORDS:
        return words.endswith(_WROTE)
    return not words.isascii() and words.endswith(_UNSPACED)


def ends_in_verb_and_colon(words: str) -> bool:
    """Tell whether words end in a verb of writing and a colon."""
    words = words.rstrip(TRAILING)
    if words[-1:] not in COLONS:
        return False
    words = words.rstrip(_END)
    last = words.rpartition(" ")[2].lower()
    return last in _ONE_WORD or (last in _LAST_WORDS and words.lower().endswith(_WROTE))


def wrote_in(words: str) -> tuple[int, int] | None:
    """Return where the last verb of writing begins and ends; one pattern for all of them would take far longer."""
    lower = words.lower()
    if len(lower) != len(words):
        return None
    best: tuple[int, int] | None = None
    end = len(lower.rstrip(" *_-:"))
    last = lower.rfind(" ", 0, end) + 1
    if lower[last:end] in _ONE_WORD:
        return last, end
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
