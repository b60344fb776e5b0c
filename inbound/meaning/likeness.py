"""Which line a word speaks of: by the line's own word, in another form of it, or by a part of it ("Buche", "plates").

Words of the grammar, and all that a language file knows, never name a line unless they stand there letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from inbound.meaning.items import units_of
from inbound.meaning.letters import folded
from inbound.meaning.speech import Speech
from workflows.actions import KnownLine

_WORD: Final = re.compile(r"[^\W_]+")
_PART: Final = 4
"""Letters that a part of a longer word must have at least; a word of three may begin one."""
_VOWELS: Final = ("a", "e", "i", "o", "u")
_SHORT: Final = 5
"""Letters of a word whose forms may share three letters alone ("zamek", "zamki")."""
_SHORTEST: Final = 3
"""Letters of a word that is too short to have other forms."""
_ENDING: Final = 3
"""Letters by which two forms of a word may differ at their ends."""
_HEAD_LAST: Final = ("en", "de", "nl")
"""Languages in which what a thing is stands behind what it is of."""
_LOOSE: Final = ("supply", "together", "each_of", "only_then", "until", "base")
"""Lists of words that may well be a line's own."""
_UNIT: Final = 2
"""Letters of a unit by which a line may be called."""
_COUNTING: Final = frozenset({"piece", "lump_sum", "set"})
"""Units that call no line: everything may be counted in pieces."""
_WORDS: Final = 12
"""Words of one line's text that are looked at."""


class LineWords:
    """The words of a document's lines, looked up in time that does not grow with the lines."""

    def __init__(self, lines: Iterable[KnownLine], speech: Speech, stem: Callable[[str], str]) -> None:
        self._speech = speech
        self._stem = stem
        self._whole: dict[str, set[int]] = {}
        self._formed: dict[str, set[int]] = {}
        """Words that are the grammar's too, and name a line in another form of theirs."""
        self._begins: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        self._heads: dict[str, set[int]] = {}
        """The words that say what a line is, and not of or for what: "pipe" of "copper pipe" and "pipe insulation"."""
        self._ends: dict[str, set[int]] = {}
        self._found: dict[str, int | None] = {}
        self._by_unit = _lines_by_unit(list(lines := list(lines)), speech, stem)
        self._units: set[str] = set()
        for line in lines:
            if head := self._head(line.text):
                self._heads.setdefault(stem(folded(head, speech.source.letters)), set()).add(line.n)
            for position, raw in enumerate(_WORD.findall(line.text)[:_WORDS]):
                word = folded(raw, speech.source.letters)
                if word.isdigit() or len(word) < (2 if raw.isupper() else 3) or word in function_words(speech):
                    continue
                if is_grammar(word, stem(word), speech):
                    if position or stem(word) not in unit_words(speech):
                        if stem(word) not in unit_words(speech):
                            self._formed.setdefault(stem(word), set()).add(line.n)
                        continue
                    self._units.add(stem(word))  # "Plate, steel" where plates are a unit too
                self._whole.setdefault(stem(word), set()).add(line.n)
                if word.isalpha():
                    self._register(word, line.n)

    def _head(self, text: str) -> str:
        """The word for what a line is: the last one of its first words in Germanic languages, the first in others."""
        phrase = re.split(r"[,;(\d/]| - ", text, maxsplit=1)[0]
        words = _WORD.findall(phrase)[:_WORDS]
        if self._speech.source.code not in _HEAD_LAST:
            return words[0] if words else ""
        links = function_words(self._speech)
        end = next((at for at, word in enumerate(words) if at and word.casefold() in links), len(words))
        return words[end - 1] if words else ""

    def _register(self, word: str, n: int) -> None:
        for length in range(3, len(word) + 1):
            if length > len(word) - _ENDING and not self._is_ending(word[length:]):
                continue
            self._begins.setdefault(word[:length], set()).add(n)
        shortest = 3 if len(word) <= _SHORT else _PART
        for length in range(max(shortest, len(word) - _ENDING), len(word) + 1):
            if not self._is_ending(word[length:]):
                continue
            self._stems.setdefault(word[:length], set()).add(n)
        for end in {word, self._stem(word)}:
            for length in range(_PART, len(end) - 1):
                self._ends.setdefault(end[-length:], set()).add(n)

    def named_in(self, text: str) -> list[tuple[int, int, int, bool]]:
        """The words of a text that speak of a line: where each begins and ends, the line, whether letter by letter."""
        found: list[tuple[int, int, int, bool]] = []
        after_number = False
        for match in _WORD.finditer(text):
            word = match[0].casefold()
            exact = self._stem(folded(word, self._speech.source.letters)) in self._whole
            n = self.line_of(word)
            if n is not None and not (after_number and self._stem(word) in self._units):
                found.append((*match.span(), n, exact))
            after_number = match[0].isdigit()
        return found

    def perhaps_named_in(self, text: str) -> set[int]:
        """The lines, however many, of which one word of the text may speak; empty where no word names any."""
        named: set[int] = set()
        for match in _WORD.finditer(text):
            lines = self._lines_of(folded(match[0], self._speech.source.letters))
            if lines:
                named = named & lines or named | lines
        return named

    def line_by_unit(self, text: str) -> int | None:
        """The one line whose unit a text speaks of and that no other line has: "the hours were 7"."""
        words = list(_WORD.finditer(text))
        named = set()
        for before, match in zip([None, *words], words, strict=False):
            if before is None or not before[0].isdigit():
                named |= self._by_unit.get(self._stem(match[0]), set())
        return next(iter(named)) if len(named) == 1 else None

    def line_of(self, word: str) -> int | None:
        """The number of the one line that a word speaks of; None for none or several."""
        if word not in self._found:
            self._found[word] = self._line_of(folded(word, self._speech.source.letters))
        return self._found[word]

    def _line_of(self, word: str) -> int | None:
        lines = self._lines_of(word)
        if len(lines) == 1 and self._speech.source.code in _HEAD_LAST:
            lines = self._ending_in(word) or lines
        if len(lines) > 1:
            lines = lines & self._heads.get(self._stem(word), set())
        return next(iter(lines)) if len(lines) == 1 else None

    def _ending_in(self, word: str) -> set[int]:
        """The one line that is such a thing, where a word only begins another's: "Beton" is the "Estrichbeton"."""
        if self._stem(word) in self._whole or self._stem(word) in self._formed or len(word) < _PART:
            return set()
        ends = self._ends.get(word) or self._ends.get(self._stem(word)) or set()
        return ends if len(ends) == 1 else set()

    def _lines_of(self, word: str) -> set[int]:
        lines = self._whole.get(self._stem(word))
        if lines is None and word not in _grammar(self._speech):
            lines = self._formed.get(self._stem(word))
        if lines is None and word.isalpha() and len(word) >= 3 and not is_known(self._speech, word):
            lines = self._alike(word)
        return lines or set()

    def _is_ending(self, tail: str) -> bool:
        """Whether a word may go on with this in another form of it."""
        return not tail or tail in _VOWELS or tail in _tails(self._speech)

    def _alike(self, word: str) -> set[int]:
        stem = self._stem(word)
        for form in (word, stem):
            if len(form) >= 3 and form in self._begins:
                return self._begins[form]
        for cut in range(1, _ENDING + 1):
            if (
                self._is_ending(word[-cut:])
                and len(word) - cut >= (3 if len(word) <= _SHORT else _PART)
                and word[:-cut] in self._stems
            ):
                return self._stems[word[:-cut]]
        return self._ends.get(word) or self._ends.get(stem) or set()


def _lines_by_unit(lines: list[KnownLine], speech: Speech, stem: Callable[[str], str]) -> dict[str, set[int]]:
    """The words for each line's unit, where no other line has that unit."""
    texts = speech.source.units
    units = {line.n: units_of(line.unit) for line in lines}
    found: dict[str, set[int]] = {}
    for line in lines:
        names = units[line.n]
        if any(names & other for n, other in units.items() if n != line.n) or names & _COUNTING:
            continue
        written = (line.unit or "").rstrip(".")
        words = [text for name in names for text in texts.get(name, ())] or [written]
        for word in words:
            if len(word.rstrip("*")) >= _UNIT and word.rstrip("*").isalpha() and word not in function_words(speech):
                found.setdefault(stem(word.rstrip("*")), set()).add(line.n)
    return found


@cache
def _tails(speech: Speech) -> frozenset[str]:
    lists = (speech.source.words[kind] for kind in ("endings", "tails"))
    return frozenset(folded(tail, speech.source.letters) for texts in lists for tail in texts)


@cache
def grammar_words(speech: Speech) -> frozenset[str]:
    """Words of the line grammar: units, lead times and the like never name a line ("valid 30 days")."""
    from inbound.meaning.naming import stem

    source = speech.source
    lines = (texts for kind, texts in source.lines.items() if kind not in _LOOSE)
    lists = (*source.units.values(), *source.currencies.values(), *source.days.values(), *lines)
    entries = (_WORD.findall(text.casefold()) for texts in lists for text in texts)
    return frozenset(stem(words[0], speech) for words in entries if len(words) == 1)


def is_grammar(word: str, stem: str, speech: Speech) -> bool:
    """Whether a word is one of the line grammar, and not only short like one: "pera" is no form of "per"."""
    return stem in grammar_words(speech) and (len(stem) > _SHORTEST or word in _grammar(speech))


@cache
def _grammar(speech: Speech) -> frozenset[str]:
    source = speech.source
    lists = (*source.units.values(), *source.currencies.values(), *source.days.values(), *source.lines.values())
    return frozenset(word for texts in lists for text in texts for word in _WORD.findall(folded(text, source.letters)))


@cache
def function_words(speech: Speech) -> frozenset[str]:
    """Words between words: "of", "for", "with" name nothing though they stand in a line's text."""
    lists = (speech.source.words[kind] for kind in ("articles", "links", "joins", "determiners", "small"))
    return frozenset(folded(word, speech.source.letters) for texts in lists for word in texts)


@cache
def unit_words(speech: Speech) -> frozenset[str]:
    """The words for units alone."""
    from inbound.meaning.naming import stem

    lists = speech.source.units.values()
    return frozenset(stem(word, speech) for texts in lists for text in texts for word in _WORD.findall(text.casefold()))


def is_known(speech: Speech, word: str) -> bool:
    """Whether a language file knows a word."""
    words, stems = _known(speech)
    return word in words or any(word[:length] in stems for length in range(3, len(word) + 1))


@cache
def _known(speech: Speech) -> tuple[frozenset[str], frozenset[str]]:
    """Every word that the language file knows, and its stems."""
    source = speech.source
    words: set[str] = set()
    stems: set[str] = set()
    said = (text for one in source.actions.values() for text in (*one.says, *one.performs, *one.triggers))
    tables = (source.words, source.lines, source.days, source.units, source.currencies, source.numbers, source.nouns)
    for text in (*said, *(text for table in tables for texts in table.values() for text in texts)):
        for entry in re.findall(r"[^\W\d_]+\*?", folded(text, source.letters)):
            if entry.endswith("*"):
                stems.add(entry[:-1])
            else:
                words.add(entry)
    return frozenset(words), frozenset(stem for stem in stems if len(stem) >= 3)
