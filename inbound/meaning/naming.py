"""Which lines of the document a piece of text names: by number, by its whole text, or by a word that only it has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise
from typing import Final

from inbound.meaning.by_figures import line_by_own_figure
from inbound.meaning.days import Habits
from inbound.meaning.items import units_of
from inbound.meaning.letters import folded, levelled
from inbound.meaning.likeness import LineWords, function_words, grammar_words
from inbound.meaning.references import ordinals, references
from inbound.meaning.speech import Speech
from workflows.actions import KnownLine

_WORD: Final = re.compile(r"[^\W_]+")
ROW: Final = re.compile(r"[\s>]*(\d{1,4})[.):|]*\s+")
_FIGURE: Final = re.compile(r"(?:[€$£]|[A-Za-z]{3}(?= ))? ?\d")
_NAMESAKES: Final = 20


class Naming:
    """The lines of one document, found by how people name them."""

    def __init__(self, speech: Speech, lines: Iterable[KnownLine], habits: Habits, dates_by_line: bool) -> None:
        """Take the lines; *dates_by_line* when a day beside a named line is that line's own, not the document's."""
        self.speech = speech
        self.habits = habits
        self.dates_by_line = dates_by_line
        self.by_n = {line.n: line for line in lines}
        known = self.by_n.values()
        self.words = {self.stem(word) for line in known for word in _WORD.findall(line.text) if len(word) > 2}
        self._index = LineWords(known, speech, self.stem)
        self.texts = {line.n: pattern for line in known if (pattern := _whole_text(line.text)) is not None}
        self._rarest = _by_rarest_word(known)
        self._counts_lines = False
        """Whether the answer counts its lines: "the first item 4.10. Second: 5.20"."""
        self.head, self._inside = references(speech, self._own_words())

    def _own_words(self) -> frozenset[str]:
        """The words for "line" that say something else here, as one that is a line's own does ("tape")."""
        words = self.speech.source.lines["line"]
        return frozenset(word for word in words if word[0].isalpha() and self.stem(word) in self.words)

    def perhaps_named(self, text: str) -> tuple[KnownLine, ...]:
        """The lines, if they are several, of which the text may speak by a word that they share."""
        found = self._index.perhaps_named_in(text) if self.by_n else set()
        return tuple(self.by_n[n] for n in sorted(found)) if 1 < len(found) < len(self.by_n) else ()

    def stem(self, word: str) -> str:
        """Make a word without its ending, as far as telling lines apart needs it."""
        return stem(word, self.speech)

    def leads(self, line: str) -> bool:
        """Whether a line of the mail begins as our line grammar does, so that it stands by itself."""
        row = ROW.match(line)
        if row and self._is_row(line, int(row[1]), row.end()):
            return True
        found = self.head.match(line)
        if found:
            return (
                found["all"] is not None
                or any(n in self.by_n for n in self._numbers(found["numbers"])[:1])
                or found["sep"] == ":"
            )
        head, colon, _ = line.partition(":")
        if not colon or not head.strip():
            return self.leads_by_text(line)
        tokens = self.speech.tokens(head)
        if tokens and len(tokens) <= 12 and (self._is_delivery_head(tokens) or self._named_by_text(head) is not None):
            return True
        return self.leads_by_text(line)

    def counts(self, line: str) -> bool:
        """Whether a line begins with the number of a line, or with "all": it is one row, however many its stops."""
        return ROW.match(line) is not None or self.head.match(line) is not None

    def _is_row(self, line: str, n: int, end: int) -> bool:
        """Whether a line's own text, or the beginning of it, follows its number."""
        if (pattern := self.texts.get(n)) is not None and pattern.match(line, end):
            return True
        word = _WORD.match(line, end)
        return n in self.by_n and word is not None and self._index.line_of(word[0].casefold()) == n

    def leads_by_text(self, line: str) -> bool:
        """Whether a line begins with a line's own words and goes on with a figure or "no bid"."""
        end = 0
        for found in _WORD.finditer(line):
            if line[end : found.start()].strip(" -*•>") or self.stem(found[0]) not in self.words:
                break
            end = found.end()
        if not end or self._named_by_text(line[:end]) is None:
            return False
        rest = line[end:].lstrip(" -=|")
        return bool(_FIGURE.match(rest)) or self.speech.lines["no_bid"].begin(self.speech.tokens(rest[:80]))

    def names_any(self, text: str) -> bool:
        """Whether a text speaks of single lines, by number or by a word of theirs."""
        if not self.by_n:
            return False
        if self._inside.search(text):
            return True
        return bool(self._index.named_in(text[:400]))

    def shows(self, row: str) -> bool:
        """Whether a row of a table shows a line's number and whole text."""
        head = ROW.match(row)
        numbered = self.head.match(row) is not None or (
            head is not None and self._is_row(row, int(head[1]), head.end())
        )
        return numbered and any(self.texts[n].search(row) for n in self._perhaps_named(row))

    def _numbers(self, text: str) -> list[int]:
        """The numbers of a reference like `1, 3-5 and 7`."""
        numbers: list[int] = []
        for first, last in re.findall(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?", text):
            end = int(last) if last else int(first)
            numbers += range(int(first), min(end, int(first) + 200) + 1)
        return numbers

    def _named_by_figure(self, text: str) -> tuple[int, str] | None:
        """The line that a number of its own text tells, and the text without it: "the 330s: 28 pairs left"."""
        found = line_by_own_figure(text, self.by_n.values(), self._index.perhaps_named_in(text))
        if found is None:
            return None
        n, (begin, end) = found
        unit = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        if unit is not None and units_of(unit[0]) and any(map(str.isdigit, text[:begin] + text[unit.end() :])):
            end = unit.end()  # "the 5 metre cables"
        words = list(_WORD.finditer(text, 0, begin))
        if words and folded(words[-1][0], self.speech.source.letters) in function_words(self.speech):
            begin = words[-1].start()  # "la curva da 87"
        return n, text[:begin] + " " + text[end:]

    def _withordinals(self, text: str, mark: Callable[[Iterable[int]], str]) -> str:
        """The text with lines marked that are counted: "the second item", and then "the third 150"."""
        ordinal, called = ordinals(self.speech)
        self._counts_lines = self._counts_lines or any(found["line"] for found in called.finditer(text))
        if not self.by_n or not self._counts_lines:
            return text

        def line(found: re.Match[str]) -> str:
            n = next(n for n, pattern in ordinal.items() if pattern.fullmatch(found["ordinal"]))
            return mark([n if n > 0 else max(self.by_n)])

        return called.sub(line, text)

    def _perhaps_named(self, text: str) -> list[int]:
        """The lines whose whole text may stand in this text: their rarest word does."""
        words = dict.fromkeys(word.casefold() for word in _WORD.findall(text))
        return [n for word in words for n in self._rarest.get(word, ()) if n in self.texts]

    def _named_by_text(self, text: str) -> tuple[int, str] | None:
        """The one line whose own words the text uses, and the text without them."""
        words = [(found.group().casefold(), found.span()) for found in _WORD.finditer(text)]
        found = self._index.named_in(text)
        found = [one for one in found if one[3]] or found
        naming = {text[begin:end].casefold() for begin, end, _, _ in found}
        named = {n for _, _, n, _ in found}
        if len(named) != 1:
            return None
        n = named.pop()
        own = [self.stem(word) for word in _WORD.findall(self.by_n[n].text)]
        neighbours, common = set(pairwise(own)), grammar_words(self.speech)
        out = list(text)
        for position, (word, (begin, end)) in enumerate(words):
            loose = word.isdigit() or self.stem(word) in common  # a unit after a price is not the text's
            if loose and not self._is_of_text(text, words, position, neighbours):
                continue
            grammar = folded(word, self.speech.source.letters) in function_words(self.speech)
            if (self.stem(word) in own and not grammar) or word in naming:
                out[begin:end] = " " * (end - begin)
        return n, "".join(out)

    def _is_of_text(
        self,
        text: str,
        words: list[tuple[str, tuple[int, int]]],
        position: int,
        neighbours: set[tuple[str, str]],
    ) -> bool:
        """Whether a bare number belongs to the line's text, as in `DN 50`, and not to a figure."""
        begin, end = words[position][1]
        if re.match(r"[.,]\d", text[end : end + 2]) or re.match(r"\d[.,]", text[max(0, begin - 2) : begin]):
            return False
        before, here, after = (
            self.stem(words[at][0]) if 0 <= at < len(words) else "" for at in (position - 1, position, position + 1)
        )
        return (before, here) in neighbours or (here, after) in neighbours

    def _is_delivery_head(self, tokens: list[str]) -> bool:
        length = self.speech.lines["delivery"].at(tokens, 0)
        return length == len(tokens)


def _whole_text(text: str) -> re.Pattern[str] | None:
    words = _WORD.findall(text)[:60]
    if sum(map(len, words)) < 4:
        return None
    return re.compile(rf"(?<!\w){'[^a-zA-Z0-9]+'.join(map(re.escape, words))}(?!\w)", re.IGNORECASE)


def stem(word: str, speech: Speech) -> str:
    """Make a word without its ending, as far as telling lines apart needs it."""
    word = folded(word, speech.source.letters)
    dutch = speech.source.code == "nl"
    for ending in _endings(speech):
        if dutch and (ending == "n" or (ending == "s" and word[-2:-1] in "aeiou")):
            continue  # "kraan", "huis"
        if word.endswith(ending) and len(word) - len(ending) >= 3 + (len(ending) > 1 and not dutch):
            return levelled(word[: -len(ending)], speech.source.code)
    return levelled(word, speech.source.code)


@cache
def _endings(speech: Speech) -> tuple[str, ...]:
    endings = {folded(ending, speech.source.letters) for ending in speech.source.words["endings"]}
    return tuple(sorted(endings, key=len, reverse=True))


def _by_rarest_word(lines: Iterable[KnownLine]) -> dict[str, list[int]]:
    """The rarest word of each line's text, with the lines (a few at most) that it is the rarest of."""
    texts = {line.n: [word.casefold() for word in _WORD.findall(line.text)[:60]] for line in lines}
    often = Counter(word for words in texts.values() for word in words)
    index: dict[str, list[int]] = {}
    for n, words in texts.items():
        if words:
            index.setdefault(min(words, key=often.__getitem__), []).append(n)
    return {word: numbers[:_NAMESAKES] for word, numbers in index.items()}
