"""One language's phrases made ready: a clause becomes a key, and a key tells which actions it asks for.

A key is the clause in lower case without punctuation, short forms written out, fillers and articles dropped, and every
way to name the document at hand replaced by `{it}` (`{other}` where another document's number is named). Phrases go
through the same mill, so a language file need not care.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from inbound.meaning.limits import CLAUSE_CHARACTERS, SAID_WORDS
from inbound.meaning.spelling import Speller, speller
from inbound.meaning.words import Words
from templates.phrases import Language, language, trait

IT: Final = "{it}"
OTHER: Final = "{other}"


@dataclass(frozen=True, slots=True)
class Names:
    """How the document at hand is called: its nouns and its numbers."""

    nouns: Words
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A language's phrases, compiled; made once by `speech`."""

    source: Language
    spell: Speller
    words: Mapping[str, Words]
    lines: Mapping[str, Words]
    triggers: Mapping[str, Words]
    says: Mapping[str, Words]
    beside: Mapping[str, Words]
    all_says: Words
    performs: Mapping[str, Words]
    whole: Mapping[str, re.Pattern[str]]
    opens: Mapping[str, re.Pattern[str]]
    commands: Mapping[str, str]
    contrasting: re.Pattern[str]
    joining: re.Pattern[str]
    dating: re.Pattern[str]
    spoken_days: re.Pattern[str]
    next_days: re.Pattern[str]
    taxing: re.Pattern[str]
    harmless: re.Pattern[str]
    assents: frozenset[str]

    def tokens(self, text: str) -> list[str]:
        """The words of a text, short forms written out."""
        return self.spell.tokens(text)

    def key(self, text: str, names: Names | None = None) -> str:
        """Make the key of a clause; the empty key when it says nothing (fillers only)."""
        tokens = self.words["articles"].without(self.words["fillers"].without(self.tokens(text)))
        if names is not None:
            tokens = self.referring(tokens, names)
        return "".join(token + " " for token in tokens)

    def referring(self, tokens: list[str], names: Names, pronouns: bool = True) -> list[str]:
        """The tokens with one token for every way to name the document at hand; perhaps by nouns and numbers only."""
        out: list[str] = []
        position = 0
        while position < len(tokens):
            token, length = self._reference(tokens, position, names, pronouns)
            out.append(token)
            position += length
        return out

    def _reference(self, tokens: list[str], position: int, names: Names, pronouns: bool) -> tuple[str, int]:
        end = position
        while end < len(tokens) and (step := self.words["determiners"].at(tokens, end)):
            end += step
        noun = names.nouns.at(tokens, end) if end < len(tokens) else 0
        if noun:
            end += noun
            number = end
            while number < len(tokens) and (step := self.words["number_words"].at(tokens, number)):
                number += step
            if number < len(tokens) and any(c.isdigit() for c in tokens[number]):
                same = _bare(tokens[number]) in names.numbers
                return (IT if same else OTHER), number + 1 - position
            return IT, end - position
        if len(tokens[position]) > 2 and _bare(tokens[position]) in names.numbers:
            return IT, 1
        if pronouns and (length := self.words["references"].at(tokens, position)):
            return IT, length
        return tokens[position], 1

    def asked(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """The allowed actions that a whole key asks for, in the order of the language file."""
        if not key or len(key) > CLAUSE_CHARACTERS:
            return ()
        tokens = key.split()
        found = tuple(name for name in self.whole if name in allowed and self.whole[name].fullmatch(key))
        found = found or self._said(tokens, allowed)
        if found or (polite := self.words["politeness"].at_end(tokens)) == 0:
            return found
        # "undo that, please" is asked of us, "approve, please" perhaps of a colleague
        careful = [name for name in allowed if trait(name).against or trait(name).kind == "data"]
        return self.asked("".join(word + " " for word in tokens[:-polite]), careful)

    def _said(self, tokens: list[str], allowed: Collection[str]) -> tuple[str, ...]:
        """The actions whose words stand among nothing but neutral words, in whatever order."""
        if not self.says or len(tokens) > SAID_WORDS or not self.all_says.within(tokens):
            return ()
        neutral = self.words["neutral"]
        found = []
        for name, words in self.says.items():
            if name in allowed:
                rest = words.without(tokens)
                if len(rest) < len(tokens) and not [
                    token for token in neutral.without(self.beside[name].without(rest)) if token != IT
                ]:
                    found.append(name)
        return tuple(found)

    def mended(self, key: str) -> str:
        """The key with misspelt commands put right: one slip in a word of six letters, its first two intact."""
        tokens = key.split()
        if len(tokens) > SAID_WORDS:
            return key
        return "".join(self._mend(token) + " " for token in tokens)

    def _mend(self, token: str) -> str:
        if len(token) < 6 or not token.isalpha() or token in self.commands or self._knows(token):
            return token
        near = [
            word
            for word in self.commands
            if word[:2] == token[:2] and abs(len(word) - len(token)) <= 1 and _slipped(word, token)
        ]
        return near[0] if len({self.commands[word] for word in near}) == 1 else token

    def _knows(self, token: str) -> bool:
        lists = ("lookalikes", "doubts", "negations", "conditions", "holding", "neutral")
        return any(self.words[name].at([token], 0) for name in lists if name in self.words)

    def opened(self, key: str, allowed: Collection[str]) -> tuple[str, int] | None:
        """The action that the beginning of a key asks for, and where in the key its reason begins."""
        best: tuple[str, int] | None = None
        for name in self.opens:
            if name not in allowed:
                continue
            found = self.opens[name].match(key[: CLAUSE_CHARACTERS * 2])
            if found and (best is None or found.end() > best[1]):
                best = (name, found.end())
        return best or self._reasoned(key, allowed)

    def _reasoned(self, key: str, allowed: Collection[str]) -> tuple[str, int] | None:
        """An action in any order of words, and the reason that follows it without a comma."""
        tokens = key.split()
        for position in range(1, min(len(tokens), SAID_WORDS)):
            if self.words["reasons"].at(tokens, position):
                taking = [name for name in allowed if trait(name).reason]
                begun = "".join(word + " " for word in tokens[:position])
                found = self._said(tokens[:position], taking) or tuple(
                    name for name in taking if name in self.whole and self.whole[name].fullmatch(begun)
                )
                if found:
                    return found[0], sum(len(token) + 1 for token in tokens[:position])
        return None

    def assents_to(self, key: str) -> bool:
        """Whether a key says no more than "ok" or "fine with me"."""
        if key in self.assents:
            return True
        tokens = key.split()
        rest = self.words["assents"].without(tokens)
        return bool(self.says) and len(rest) < len(tokens) <= 6 and not self.words["neutral"].without(rest)

    def is_harmless(self, key: str) -> bool:
        """Whether a key is courtesy: a greeting, thanks, a closing, or nothing at all."""
        if not key.strip():
            return True
        tokens = key.split()
        if len(tokens) <= 6 and not self._hints(tokens):
            length = max(self.words[name].at(tokens, 0) for name in ("greetings", "closings", "signoffs"))
            if length:
                rest = tokens[length:]
                return not self.risky(rest) and not any(map(str.isdigit, "".join(rest)))
        return len(key) <= CLAUSE_CHARACTERS and bool(self.harmless.fullmatch(key))

    def _hints(self, tokens: list[str]) -> bool:
        return any(words.within(tokens) for words in self.triggers.values())

    def risky(self, tokens: list[str]) -> bool:
        """Whether tokens hold a condition, a doubt, a refusal or a figure: what a decision must not stand beside."""
        return any(self.words[kind].within(tokens) for kind in ("conditions", "doubts", "negations"))


def _slipped(word: str, spoken: str) -> bool:
    """Whether two words differ by one letter too many, too few, another one, or two that changed places."""
    if len(word) == len(spoken):
        at = [i for i in range(len(word)) if word[i] != spoken[i]]
        swapped = len(at) == 2 and at[1] == at[0] + 1 and word[at[0]] == spoken[at[1]] and word[at[1]] == spoken[at[0]]
        return len(at) == 1 or swapped
    longer, shorter = (word, spoken) if len(word) > len(spoken) else (spoken, word)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _bare(number: str) -> str:
    return "".join(c for c in number.casefold() if c.isalnum())


def names_of(source: Language, kinds: Iterable[str], numbers: Iterable[str]) -> Names:
    """The names of a document of these kinds with these numbers, an ending of three or more digits included."""
    bare = set()
    for number in numbers:
        whole = _bare(number)
        digits = re.search(r"\d{3,}$", whole)
        bare |= {whole} | ({digits[0]} if digits else set())
    return Names(_nouns(source.code, tuple(kinds)), frozenset(bare - {""}))


@cache
def _nouns(code: str, kinds: tuple[str, ...]) -> Words:
    source = language(code)
    return Words((noun for kind in kinds for noun in source.nouns.get(kind, ())), speller(code))
