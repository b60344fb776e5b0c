"""Which language a mail, and each sentence of it, is written in, told by small words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from inbound.meaning.letters import folded
from templates.phrases import Language, language, languages

_WORD: Final = re.compile(r"[^\W\d_]+")
_CHARACTERS: Final = 2_000
_SHARED_BY: Final = 3
"""A word of more languages tells nothing."""
_LONG: Final = 3
"""Letters of a word that tells something though it was written for a longer phrase."""
_LENGTHS: Final = range(12, 3, -1)
_MIXED: Final = 2.0
_LISTS: Final = ("small", "greetings", "closings", "signoffs", "assents")


def language_of(text: str, locale: str | None = None) -> str:
    """The language whose small words a text uses most; where nothing tells, that of the locale, else English."""
    shares = _shares(text)
    home = (locale or "").replace("-", "_").partition("_")[0]
    return max(languages(), key=lambda code: (shares.get(code, 0.0), code == home, code == "en"))


def tells(text: str) -> bool:
    """Whether a text has any word that speaks for a language."""
    return bool(_shares(text))


def languages_of_pieces(text: str, main: str) -> bool:
    """Whether a text has so many words of further languages that each sentence must be looked at."""
    if len(languages()) == 1:
        return False
    shares = _shares(text)
    return any(share >= 1 and code != main for code, share in shares.items())


def language_of_piece(piece: str, main: str) -> str:
    """The language of one sentence: that of the mail unless the sentence speaks clearly for another."""
    shares = _shares(piece)
    best = max(languages(), key=lambda code: (shares.get(code, 0.0), code == main, code == "en"))
    return best if shares.get(best, 0.0) >= shares.get(main, 0.0) * _MIXED + 0.5 else main


def _shares(text: str) -> dict[str, float]:
    words, stems, letters = _telling()
    shares: dict[str, float] = {}
    raw = text[:_CHARACTERS].casefold()
    if not raw.isascii():
        for letter, codes in letters.items():
            if letter in raw:
                for code in codes:
                    shares[code] = shares.get(code, 0.0) + 2 / len(codes)
    for word in _WORD.findall(folded(raw)):
        known = words.get(word) or next((stems[word[:n]] for n in _LENGTHS if word[:n] in stems), ())
        for code in known:
            shares[code] = shares.get(code, 0.0) + 1 / len(known)
    return shares


@cache
def _telling() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Whole words, stems and letters, each with the few languages that it speaks for."""
    words: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    letters: dict[str, set[str]] = {}
    for code in languages():
        for letter in language(code).words.get("own_letters", ()):
            letters.setdefault(letter, set()).add(code)
        for entry in _entries(language(code)):
            spoken = re.findall(r"[^\W\d_]+\*?", folded(entry))
            for word in spoken if len(spoken) == 1 else [one for one in spoken if len(one.rstrip("*")) > _LONG]:
                known, written = (stems, word[:-1]) if word.endswith("*") else (words, word)
                known.setdefault(written, set()).add(code)
    return _few(words), _few(stems), _few(letters)


def _entries(source: Language) -> Iterator[str]:
    for name in _LISTS:
        yield from source.words[name]
    for said in source.actions.values():
        yield from (*said.says, *said.triggers)
    for tables in (source.lines, source.days, source.units):
        for texts in tables.values():
            yield from texts
    yield from source.words["telling"]


def _few(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(codes) for word, codes in found.items() if len(codes) <= _SHARED_BY}
