"""Every word that labels something on documents, of all languages, found in a text in one pass over it.

The words stand in `words/`, one TOML file a language. A phrase is written in small letters; between its words any
space, dot, hyphen or slash may stand, or nothing, and accents may be left out. `no` stands for every way to shorten
"number" (`n°`, `nr.`, `#`); a `*` at the phrase's beginning or end for any further letters of its word.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate, product
from operator import itemgetter
from typing import Any, Final, NamedTuple

NO: Final = ("no", "nos", "n°", "nº", "nr", "nummer", "number", "numero", "numer", "num", "№", "#", "номер")
"""What the `no` of a phrase stands for."""

LONGEST: Final = 400
"""Characters of a text that are looked at."""

MOST_WORDS: Final = 20_000
"""Words whose phrases are kept at hand."""

_TOKEN = re.compile(r"n\.\s?[°º]s?|[\w°№]+|#")
_BETWEEN = re.compile(r"[\s.\-–/:'’`´]{0,3}")
_SPEAKS = re.compile(r"[^\W\d_]|[#№]")
_LETTERS_BESIDE: Final = {"ł": "l", "ø": "o", "đ": "d", "ı": "i"}
_WRITTEN_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}


class Hit(NamedTuple):
    """Where a phrase begins and ends in a text, and of which language it is."""

    start: int
    end: int
    language: str


Hits = Mapping[str, tuple[Hit, ...]]
_NONE: Final[Hits] = {}
_FIGURES: Final = str.maketrans("23456789", "11111111")
_place = itemgetter(0)


@lru_cache(maxsize=8192)
def labels_in(text: str) -> Hits:
    """Every phrase in a text by its table (`header.number`, `amounts.gross.3`), longest first, none over another."""
    return _NONE if _SPEAKS.search(text) is None else _labels_beside_figures(text[:LONGEST].translate(_FIGURES))


@lru_cache(maxsize=8192)
def _labels_beside_figures(text: str) -> Hits:
    """The same whatever its figures are: phrases hold none but zero, and the documents of a template differ in them."""
    lexicon = _lexicon()
    folded = _folded(text)
    spans = [found.span() for found in _TOKEN.finditer(folded)]
    found: dict[str, list[Hit]] = {}
    for first, (start, end) in enumerate(spans):
        keys = lexicon.starts(_word(folded[start:end]))
        if not keys:
            continue
        here = [one for key in keys for one in lexicon.phrases(key, folded, spans, first)]
        for stop, tables in sorted(here, key=_place, reverse=True) if len(here) > 1 else here:
            for table, language, _ in tables:
                known = found.setdefault(table, [])
                if not known or start >= known[-1].end:
                    known.append(Hit(start, stop, language))
    return {table: tuple(hits) for table, hits in found.items()}


def hits_of(table: str, text: str) -> tuple[Hit, ...]:
    """Where the phrases of one table stand in a text."""
    return labels_in(text).get(table, ())


def begins_with(table: str, text: str) -> Hit | None:
    """The phrase of a table that a text begins with."""
    hits = labels_in(text).get(table)
    return hits[0] if hits and hits[0].start == 0 else None


def languages() -> tuple[str, ...]:
    """The languages whose words are known."""
    return tuple(language for language, _ in _files() if not language.startswith("_"))


class _Entry(NamedTuple):
    """A phrase: its table and language, and where in its letters a word ends."""

    table: str
    language: str
    breaks: frozenset[int]


class _Lexicon:
    """All phrases, keyed by their letters without what stands between the words."""

    def __init__(self, files: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        self._whole: dict[str, list[_Entry]] = {}
        self._open: dict[str, list[_Entry]] = {}  # phrases whose last word goes on
        self._begun: set[str] = set()
        self._ends: set[str] = set()  # what words of phrases with a leading `*` end in
        for language, tables in files:
            for table, phrases in _flat(tables):
                for phrase in phrases:
                    self._add(phrase, table, language)
        self._open_heads = {key[:2] for key in self._open}
        self._starts: dict[str, tuple[str, ...]] = {}
        self._end_lengths = tuple(sorted({len(end) for end in self._ends}))
        self._open_lengths = tuple(sorted({len(key) for key in self._open}))

    def _add(self, phrase: str, table: str, language: str) -> None:
        for words in _spellings(phrase):
            head, tail = words[0].startswith("*"), len(words[-1]) > 1 and words[-1].endswith("*")
            words = [word.strip("*") for word in words]
            for key in ["".join(words)] + (["*" + "".join(words)] if head else []):
                known = (self._open if tail else self._whole).setdefault(key, [])
                star = key.startswith("*")
                entry = _Entry(table, language, frozenset(n + star for n in accumulate(len(word) for word in words)))
                if entry not in known:
                    known.append(entry)
                self._begun.update(key[:length] for length in range(1, len(key)))
            if head:
                joined = ("".join(words[:count]) for count in range(1, len(words) + 1))
                self._ends.update(joined)

    def starts(self, token: str) -> tuple[str, ...]:
        """The keys that a phrase beginning with a word may have so far; most words begin none."""
        known = self._starts.get(token)
        if known is None:
            keys = [
                token,
                *("*" + token[-n:] for n in self._end_lengths if n < len(token) and token[-n:] in self._ends),
            ]
            known = tuple(k for k in keys if k in self._whole or k in self._begun or k[:2] in self._open_heads)
            if len(self._starts) > MOST_WORDS:
                self._starts.clear()
            self._starts[token] = known
        return known

    def phrases(
        self, key: str, text: str, spans: list[tuple[int, int]], last: int
    ) -> Iterator[tuple[int, list[_Entry]]]:
        """The phrases that begin with one word: where they end, and their tables.

        Words may be written as one, but none in two: "n. R-12" holds no "nr".
        """
        before, may_go_on = 0, key[:2] in self._open_heads
        breaks: set[int] = set()
        while True:
            end = spans[last][1]
            if (entries := self._whole.get(key)) is not None:
                yield end, [one for one in entries if breaks <= one.breaks] if breaks else entries
            for length in self._open_lengths if may_go_on else ():
                if length > len(key):
                    break
                if length > before and (entries := self._open.get(key[:length])) is not None:
                    yield end, [one for one in entries if breaks <= one.breaks] if breaks else entries
            if key not in self._begun or last + 1 == len(spans):
                return
            following = spans[last + 1]
            if following[0] - end > 3 or _BETWEEN.fullmatch(text, end, following[0]) is None:
                return
            before, last = len(key), last + 1
            breaks.add(before)
            key += _word(text[following[0] : following[1]])


def _spellings(phrase: str) -> Iterator[list[str]]:
    """A phrase's words as they may be written: "number" shortened in any way, umlauts written out."""
    for variant in {phrase, "".join(_WRITTEN_OUT.get(letter, letter) for letter in phrase)}:
        words = _folded(variant).split()
        choices = [(*NO, "n") if word == "no" and len(words) > 1 else NO if word == "no" else (word,) for word in words]
        for chosen in product(*choices):
            yield list(chosen)


def _word(token: str) -> str:
    """A word without what stands within it: `n. º` is `nº`."""
    return token.replace(".", "").replace(" ", "") if "." in token else token


def _flat(tables: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, value in tables.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


@cache
def _files() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    folder = resources.files("inbound.documents.visible") / "words"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple((file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8"))) for file in files)


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon(_files())


@cache
def _plain_letters() -> dict[int, str]:
    """Latin letters without their accents, each one letter for one letter."""
    plain = {ord(letter): base for letter, base in _LETTERS_BESIDE.items()}
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]:
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            plain.setdefault(code, base)
    return plain


def _folded(text: str) -> str:
    """A text in small letters without accents, as long as it was."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return small if small.isascii() else small.translate(_plain_letters())
