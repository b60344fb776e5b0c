"""How one language spells: a text becomes words in which case, diacritics and short forms make no difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from inbound.meaning.letters import folded
from inbound.meaning.limits import CLAUSE_CHARACTERS
from templates.phrases import Language, language

_TOKEN: Final = re.compile(r"\{it\}|\{other\}|[^\W_]+(?:[-./'@_+&][^\W_]+)*|[&#№]")
_ENTRY: Final = re.compile(r"\{it\}|\{other\}|[^\W_]+(?:[-./'@_+&][^\W_]+)*\*?|[&#№]")
"""Also the stems of a language file: `bestell*` stands for every word that begins so."""


class Speller:
    """Writes out what people of one language shorten."""

    def __init__(self, source: Language) -> None:
        self.letters = source.letters
        self._told: Mapping[str, str] = dict(source.accented)
        accented = "|".join(re.escape(one) for one, _ in source.accented) or "(?!)"
        self._accented = re.compile(rf"(?<!\w)(?:{accented})(?!\w)", re.IGNORECASE)
        shortened = [folded(short, self.letters) for short, _ in source.short_forms if "'" in short]
        self._short = re.compile("|".join(map(_short, shortened)) or "(?!)")
        self._written_out: Mapping[str, str] = {
            folded(short, self.letters).strip("-"): folded(full, self.letters) for short, full in source.short_forms
        }

    def tokens(self, text: str) -> list[str]:
        """The words of a text."""
        return self._words(text[: 4 * CLAUSE_CHARACTERS], _TOKEN)

    def entry(self, text: str) -> list[str]:
        """The words of an entry of a language file, stems with their `*`."""
        return self._words(text, _ENTRY)

    def _words(self, text: str, pattern: re.Pattern[str]) -> list[str]:
        if self._told and not text.isascii():
            text = self._accented.sub(lambda found: self._told[found[0].casefold()], text)
        text = folded(text, self.letters)
        if "'" in text:
            text = self._short.sub(lambda found: self._written_out[found[0]], text)
        tokens: list[str] = pattern.findall(text)
        if not self._written_out.keys().isdisjoint(tokens):
            return [word for token in tokens for word in self._written_out.get(token, token).split()]
        return tokens


@cache
def speller(code: str) -> Speller:
    """The speller of one language."""
    return Speller(language(code))


def _short(form: str) -> str:
    """A short form as a pattern: `can't` stands alone, `-n't` hangs on a word."""
    before = r"(?<=\w)" if form.startswith("-") else r"(?<!\w)"
    return before + re.escape(form.strip("-")) + (r"(?=\w)" if form.endswith("-") else r"(?!\w)")


def either(texts: Iterable[str], pairs: Sequence[tuple[str, str]]) -> str:
    """An alternation of words as they are written, with and without diacritics."""
    both = {form for text in texts for form in (text.lower(), text.casefold(), folded(text), folded(text, pairs))}
    return "|".join(re.escape(form).replace(r"\*", r"\w*") for form in sorted(both, key=len, reverse=True)) or "(?!)"
