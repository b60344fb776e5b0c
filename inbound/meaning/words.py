"""Lists of words, word sequences and stems that are looked for among the words of a clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inbound.meaning.spelling import Speller

_TAIL = 4
"""Words that an entry at the end of a clause may have."""


class Words:
    """A list of words and word sequences that is looked for in tokens, in time linear in the tokens.

    A word that ends in `*` is a stem.
    """

    def __init__(self, texts: Iterable[str], spell: Speller) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._by_stem: dict[str, list[tuple[str, ...]]] = {}
        for text in texts:
            tokens = tuple(spell.entry(text)) or (text,)
            first = tokens[0]
            if first.endswith("*") and len(first) > 1:
                self._by_stem.setdefault(first[:-1], []).append(tokens)
            else:
                self._by_first.setdefault(first, []).append(tokens)
        for sequences in (*self._by_first.values(), *self._by_stem.values()):
            sequences.sort(key=len, reverse=True)
        self._stems = sorted({len(stem) for stem in self._by_stem}, reverse=True)

    def at(self, tokens: Sequence[str], position: int) -> int:
        """How many tokens from this position make an entry; 0 for none."""
        token, best = tokens[position], 0
        for sequence in self._by_first.get(token, ()):
            if len(sequence) == 1 or _same(sequence, tokens, position):
                best = len(sequence)
                break
        for length in self._stems:
            for sequence in self._by_stem.get(token[:length], ()):
                if len(sequence) > best and (len(sequence) == 1 or _same(sequence, tokens, position)):
                    best = len(sequence)
        return best

    def within(self, tokens: Sequence[str]) -> bool:
        """Whether any entry stands among the tokens."""
        if not self._stems and self._by_first.keys().isdisjoint(tokens):
            return False
        return any(self.at(tokens, position) for position in range(len(tokens)))

    def begin(self, tokens: Sequence[str]) -> bool:
        """Whether an entry stands at the beginning."""
        return bool(tokens) and self.at(tokens, 0) > 0

    def at_end(self, tokens: Sequence[str]) -> int:
        """How many tokens of the end make an entry; 0 for none."""
        lengths = (length for length in range(_TAIL, 0, -1) if length <= len(tokens))
        return next((length for length in lengths if self.at(tokens, len(tokens) - length) == length), 0)

    def without(self, tokens: Sequence[str]) -> list[str]:
        """The tokens without all entries."""
        if not self._stems and self._by_first.keys().isdisjoint(tokens):
            return list(tokens)
        kept: list[str] = []
        position = 0
        while position < len(tokens):
            length = self.at(tokens, position)
            if not length:
                kept.append(tokens[position])
            position += length or 1
        return kept

    def singles(self) -> Iterable[str]:
        """The entries of one whole word."""
        return (first for first, sequences in self._by_first.items() if len(sequences[-1]) == 1)


def _same(sequence: tuple[str, ...], tokens: Sequence[str], position: int) -> bool:
    if position + len(sequence) > len(tokens):
        return False
    return all(
        spoken.startswith(entry[:-1]) if entry[-1] == "*" else spoken == entry
        for entry, spoken in zip(sequence[1:], tokens[position + 1 : position + len(sequence)], strict=True)
    )
