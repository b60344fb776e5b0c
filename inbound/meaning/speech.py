"""One language's phrases made ready: a clause becomes a key, and a key tells which actions it asks for.

A key is the clause in lower case without punctuation, short forms written out, fillers and articles dropped, and every
way to name the document at hand replaced by `{it}` (`{other}` where another document's number is named). Phrases go
through the same mill, so a language file need not care.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from inbound.meaning.limits import CLAUSE_CHARACTERS
from templates.phrases import Language, language, trait

_TOKEN: Final = re.compile(r"\{it\}|\{other\}|[^\W_]+(?:[-./'@_+&][^\W_]+)*|[&#]")
_SYNTAX: Final = re.compile(r"<\w+>|\{\w+\}|[()\[\]|]|[^\s()\[\]|<>{}]+")
IT, OTHER = "{it}", "{other}"


@dataclass(frozen=True, slots=True)
class Names:
    """How the document at hand is called: its nouns and its numbers."""

    nouns: frozenset[tuple[str, ...]]
    numbers: frozenset[str]


class Words:
    """A list of words and word sequences that is looked for in tokens, in time linear in the tokens."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for text in texts:
            tokens = tuple(_TOKEN.findall(text.casefold())) or (text,)
            self._by_first.setdefault(tokens[0], []).append(tokens)
        for sequences in self._by_first.values():
            sequences.sort(key=len, reverse=True)

    def at(self, tokens: list[str], position: int) -> int:
        """How many tokens from this position make an entry; 0 for none."""
        for sequence in self._by_first.get(tokens[position], ()):
            if tuple(tokens[position : position + len(sequence)]) == sequence:
                return len(sequence)
        return 0

    def within(self, tokens: list[str]) -> bool:
        """Whether any entry stands among the tokens."""
        return any(self.at(tokens, position) for position in range(len(tokens)))

    def begin(self, tokens: list[str]) -> bool:
        """Whether an entry stands at the beginning."""
        return bool(tokens) and self.at(tokens, 0) > 0

    def at_end(self, tokens: list[str]) -> int:
        """How many tokens of the end make an entry of one word; 0 for none."""
        return int(bool(tokens) and self.at(tokens, len(tokens) - 1) == 1)

    def without(self, tokens: list[str]) -> list[str]:
        """The tokens without all entries."""
        kept: list[str] = []
        position = 0
        while position < len(tokens):
            length = self.at(tokens, position)
            if not length:
                kept.append(tokens[position])
            position += length or 1
        return kept


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A language's phrases, compiled; made once by `speech`."""

    source: Language
    words: Mapping[str, Words]
    lines: Mapping[str, Words]
    triggers: Mapping[str, Words]
    whole: Mapping[str, re.Pattern[str]]
    opens: Mapping[str, re.Pattern[str]]
    harmless: re.Pattern[str]
    assents: frozenset[str]
    short_forms: re.Pattern[str]
    written_out: Mapping[str, str]

    def tokens(self, text: str) -> list[str]:
        """The words of a text, short forms written out."""
        text = text[: 4 * CLAUSE_CHARACTERS].casefold()
        if "'" in text:
            text = self.short_forms.sub(lambda found: self.written_out[found[0]], text)
        tokens = _TOKEN.findall(text)
        if not self.written_out.keys().isdisjoint(tokens):
            return [word for token in tokens for word in self.written_out.get(token, token).split()]
        return tokens

    def key(self, text: str, names: Names | None = None) -> str:
        """Make the key of a clause; the empty key when it says nothing (fillers only)."""
        tokens = self.words["articles"].without(self.words["fillers"].without(self.tokens(text)))
        if names is not None:
            tokens = self._referring(tokens, names)
        return "".join(token + " " for token in tokens)

    def _referring(self, tokens: list[str], names: Names) -> list[str]:
        out: list[str] = []
        position = 0
        while position < len(tokens):
            token, length = self._reference(tokens, position, names)
            out.append(token)
            position += length
        return out

    def _reference(self, tokens: list[str], position: int, names: Names) -> tuple[str, int]:
        end = position
        while end < len(tokens) and (step := self.words["determiners"].at(tokens, end)):
            end += step
        noun = max((len(noun) for noun in names.nouns if tuple(tokens[end : end + len(noun)]) == noun), default=0)
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
        if length := self.words["references"].at(tokens, position):
            return IT, length
        return tokens[position], 1

    def asked(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """The allowed actions that a whole key asks for, in the order of the language file."""
        if not key or len(key) > CLAUSE_CHARACTERS:
            return ()
        found = tuple(name for name, pattern in self.whole.items() if name in allowed and pattern.fullmatch(key))
        if found or (polite := self.words["politeness"].at_end(key.split())) == 0:
            return found
        # "undo that, please" is asked of us, "approve, please" perhaps of a colleague
        careful = [name for name in allowed if trait(name).against or trait(name).kind == "data"]
        return self.asked("".join(word + " " for word in key.split()[:-polite]), careful)

    def opened(self, key: str, allowed: Collection[str]) -> tuple[str, int] | None:
        """The action that the beginning of a key asks for, and where in the key its reason begins."""
        best: tuple[str, int] | None = None
        for name, pattern in self.opens.items():
            if name not in allowed:
                continue
            found = pattern.match(key[: CLAUSE_CHARACTERS * 2])
            if found and (best is None or found.end() > best[1]):
                best = (name, found.end())
        return best

    def is_harmless(self, key: str) -> bool:
        """Whether a key is courtesy: a greeting, thanks, a closing, or nothing at all."""
        if not key.strip():
            return True
        tokens = key.split()
        if len(tokens) <= 6 and not self._hints(tokens):
            length = max(self.words[name].at(tokens, 0) for name in ("greetings", "closings", "signoffs"))
            if length:
                return not self.risky(tokens[length:])
        return len(key) <= CLAUSE_CHARACTERS and bool(self.harmless.fullmatch(key))

    def _hints(self, tokens: list[str]) -> bool:
        return any(words.within(tokens) for words in self.triggers.values())

    def risky(self, tokens: list[str]) -> bool:
        """Whether tokens hold a condition, a doubt, a refusal or a figure: what a decision must not stand beside."""
        return any(self.words[kind].within(tokens) for kind in ("conditions", "doubts", "negations"))


def _bare(number: str) -> str:
    return "".join(c for c in number.casefold() if c.isalnum())


def names_of(source: Language, kinds: Iterable[str], numbers: Iterable[str]) -> Names:
    """The names of a document of these kinds with these numbers, an ending of three or more digits included."""
    bare = set()
    for number in numbers:
        whole = _bare(number)
        digits = re.search(r"\d{3,}$", whole)
        bare |= {whole} | ({digits[0]} if digits else set())
    nouns = frozenset(tuple(_TOKEN.findall(noun.casefold())) for kind in kinds for noun in source.nouns.get(kind, ()))
    return Names(nouns, frozenset(bare - {""}))


@cache
def speech(code: str) -> Speech:
    """Compile one language's phrases (about a tenth of a second, once)."""
    source = language(code)
    compiler = _Compiler(source)
    reasons = "(?:" + "|".join(compiler.literal(text) for text in source.words["reasons"]) + ")"
    whole, opens = {}, {}
    for name, said in source.actions.items():
        if said.phrases:
            whole[name] = re.compile(compiler.any_of(said.phrases))
        ways = [compiler.any_of(said.opens)] if said.opens else []
        if said.phrases and trait(name).reason:
            ways.append(f"(?:{compiler.any_of(said.phrases)})(?={reasons})")
        if ways:
            opens[name] = re.compile("|".join(ways))
    return Speech(
        source=source,
        words={name: Words(texts) for name, texts in source.words.items()},
        lines={name: Words(texts) for name, texts in source.lines.items()},
        triggers={name: Words(said.triggers) for name, said in source.actions.items()},
        whole=whole,
        opens=opens,
        assents=frozenset(map(compiler.plain, source.words["assents"])),
        harmless=re.compile(compiler.any_of(source.words["harmless"])),
        short_forms=re.compile("|".join(_short(short) for short, _ in source.short_forms if "'" in short) or "(?!)"),
        written_out={short.lstrip("-"): full for short, full in source.short_forms},
    )


def _short(form: str) -> str:
    """A short form as a pattern: `can't` stands alone, `-n't` hangs on a word."""
    return (r"(?<=\w)" if form.startswith("-") else r"(?<!\w)") + re.escape(form.lstrip("-")) + r"(?!\w)"


class _Compiler:
    """Turns the phrase syntax of a language file into patterns over keys."""

    def __init__(self, source: Language) -> None:
        self.source = source
        self._articles, self._fillers = Words(source.words["articles"]), Words(source.words["fillers"])
        self._it = {text for text in source.words["references"] if " " not in text}

    def any_of(self, phrases: Sequence[str]) -> str:
        """One pattern for several phrases.

        Raises ValueError when a phrase may be empty: it would be heard everywhere.
        """
        patterns = [self._phrase(phrase) for phrase in phrases]
        for phrase, pattern in zip(phrases, patterns, strict=True):
            if re.fullmatch(pattern, ""):
                raise ValueError(f"The phrase {phrase!r} of {self.source.code} may be empty.")
        return "|".join(f"(?:{pattern})" for pattern in patterns)

    def literal(self, text: str) -> str:
        """One run of plain words as a pattern.

        Raises ValueError for words that are all dropped from clauses: they would be found everywhere or nowhere.
        """
        spoken = _TOKEN.findall(text.casefold())
        tokens = self._articles.without(self._fillers.without(spoken))
        if not tokens and self._articles.without(spoken):
            raise ValueError(f"{text!r} of {self.source.code} holds nothing but fillers.")
        return "".join(re.escape(IT if token in self._it else token) + " " for token in tokens)

    def plain(self, text: str) -> str:
        """One run of plain words as a key."""
        return self.literal(text).replace("\\", "")

    def _phrase(self, phrase: str) -> str:
        parts: list[str] = []
        plain: list[str] = []

        def flush() -> None:
            if plain:
                parts.append(self.literal(" ".join(plain)))
                plain.clear()

        for piece in _SYNTAX.findall(phrase):
            if piece[0] in "<{([])|":
                flush()
            if piece == IT:
                parts.append("(?:" + "|".join([r"\{it\} ", *map(self.literal, self.source.words["everything"])]) + ")")
            elif piece[0] == "<":
                parts.append("(?:" + "|".join(self.literal(text) for text in self.source.sets[piece[1:-1]]) + ")")
            elif piece in "([":
                parts.append("(?:")
            elif piece in ")]":
                parts.append(")" if piece == ")" else ")?")
            elif piece == "|":
                parts.append("|")
            else:
                plain.append(piece)
        flush()
        return "".join(parts)
