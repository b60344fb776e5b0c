"""A language file compiled: phrases become patterns over keys, lists become words to look for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from inbound.meaning.speech import IT, Speech
from inbound.meaning.spelling import Speller, either
from inbound.meaning.words import Words
from templates.phrases import Language, Sayings, language, trait

_RISKS: Final = ("conditions", "doubts", "negations")
_SYNTAX: Final = re.compile(r"<\w+>|\{\w+\}|[()\[\]|]|[^\s()\[\]|<>{}]+")


@cache
def speech(code: str) -> Speech:
    """Compile one language's phrases (about a tenth of a second, once)."""
    source = language(code)
    compiler = Compiler(source)
    pairs, spell = source.letters, compiler.spell
    says = {name: Words(said.says, spell) for name, said in source.actions.items() if said.says}
    words = {
        name: Words((*texts, *(compiler.bare(texts) if name in _RISKS else ())), spell)
        for name, texts in source.words.items()
    }
    return Speech(
        source=source,
        spell=spell,
        words=words | {name: Words((), spell) for name in ("neutral", "lookalikes") if name not in words},
        lines={name: Words(texts, spell) for name, texts in source.lines.items()},
        triggers={name: Words((*said.triggers, *said.says), spell) for name, said in source.actions.items()},
        says=says,
        beside={name: Words(source.actions[name].beside, spell) for name in says},
        all_says=Words((text for said in source.actions.values() for text in said.says), spell),
        performs={
            name: Words({form for text in (*said.says, *said.performs) for form in compiler.forms(text)}, spell)
            for name, said in source.actions.items()
            if said.says or said.performs
        },
        commands=_commands(says),
        contrasting=re.compile(rf"\s(?=(?:{either(source.words['contrasts'], pairs)})\s)", re.IGNORECASE),
        joining=re.compile(rf"\s(?:{either(source.words['joins'], pairs)})\s", re.IGNORECASE),
        dating=re.compile(rf"\s(?:{either(source.words['dated'], pairs)})\s+", re.IGNORECASE),
        whole=Patterns({name: compiler.whole(said) for name, said in source.actions.items() if said.phrases}),
        opens=Patterns(
            {
                name: compiler.opening(said, reasoned=bool(trait(name).reason))
                for name, said in source.actions.items()
                if said.opens or (said.phrases and trait(name).reason)
            }
        ),
        assents=frozenset(filter(None, map(compiler.plain, source.words["assents"]))),
        spoken_days=re.compile(
            "|".join(
                rf"(?P<{name}>(?<!\w)(?:{either(texts, pairs)})(?!\w))"
                for name, texts in source.days.items()
                if name not in ("lead", "next", "on") and texts
            ),
            re.IGNORECASE,
        ),
        next_days=re.compile(rf"(?<!\w)(?:{either(source.days['next'], pairs)})(?!\w)", re.IGNORECASE),
        taxing=_taxing(either(source.words["tax"], pairs)),
        harmless=re.compile(compiler.any_of(source.words["harmless"])),
    )


def _taxing(words: str) -> re.Pattern[str]:
    """A rate of tax: `20 % VAT`, `VAT 20%`, `VAT: 20 %`."""
    rate = r"\d{1,2}(?:[.,]\d{1,2})? ?(?:%|percent)"
    return re.compile(
        rf"(?<![\w.,])(?P<before>{rate}) ?(?:{words})(?!\w)|(?<!\w)(?:{words})[ :=]{{1,3}}(?P<after>{rate})",
        re.IGNORECASE,
    )


def _commands(says: Mapping[str, Words]) -> Mapping[str, str]:
    """The words of six letters and more that are commands by themselves, each with what it asks for."""
    words: dict[str, str] = {}
    for name, said in says.items():
        words |= {word: _with(words.get(word, ""), name) for word in said.singles() if len(word) >= 6}
    return words


def _with(names: str, name: str) -> str:
    return names if name in names.split() else f"{names} {name}".strip()


class Patterns(Mapping[str, re.Pattern[str]]):
    """Patterns by name, each compiled when it is needed first: few of a language's actions are open anywhere."""

    def __init__(self, texts: Mapping[str, Callable[[], str]]) -> None:
        self._texts = texts
        self._made: dict[str, re.Pattern[str]] = {}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        if name not in self._made:
            self._made[name] = re.compile(self._texts[name]())
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Compiler:
    """Turns the phrase syntax of a language file into patterns over keys."""

    def __init__(self, source: Language) -> None:
        self.source = source
        self.spell = Speller(source)
        self._articles = Words(source.words["articles"], self.spell)
        self._fillers = Words(source.words["fillers"], self.spell)
        self._determiners = Words(source.words["determiners"], self.spell)
        spoken = map(self.spell.entry, source.words["references"])
        self._it = {words[0] for words in spoken if len(words) == 1}

    def whole(self, said: Sayings) -> Callable[[], str]:
        """The pattern of the whole clauses of an action, to be made later."""
        return lambda: self.any_of(said.phrases)

    def opening(self, said: Sayings, *, reasoned: bool) -> Callable[[], str]:
        """The pattern of the beginnings of an action, a clause before its reason included, to be made later."""

        def made() -> str:
            ways = [self.any_of(said.opens)] if said.opens else []
            if said.phrases and reasoned:
                reasons = "|".join(filter(None, map(self.literal, self.source.words["reasons"])))
                ways.append(f"(?:{self.any_of(said.phrases)})(?=(?:{reasons}))")
            return "|".join(ways)

        return made

    def any_of(self, phrases: Sequence[str]) -> str:
        """One pattern for several phrases.

        Raises ValueError when a phrase may be empty: it would be heard everywhere.
        """
        patterns = [self._phrase(phrase) for phrase in phrases]
        for phrase, pattern in zip(phrases, patterns, strict=True):
            if pattern and re.fullmatch(pattern, ""):
                raise ValueError(f"The phrase {phrase!r} of {self.source.code} may be empty.")
        return "|".join(f"(?:{pattern})" for pattern in patterns if pattern)

    def literal(self, text: str) -> str:
        """One run of plain words as a pattern; empty for words that are dropped from clauses too."""
        spoken = self.spell.entry(text)
        tokens = self._articles.without(self._fillers.without(spoken))
        return "".join(
            re.escape(token[:-1]) + r"\S* " if token[-1] == "*" else self._word(token) + " " for token in tokens
        )

    def _word(self, token: str) -> str:
        return rf"(?:\{{it\}}|{re.escape(token)})" if token in self._it else re.escape(token)

    def bare(self, texts: Sequence[str]) -> Iterator[str]:
        """Those of several words as they stand in keys: without their articles."""
        for text in texts:
            words = self._articles.without(self.spell.entry(text))
            if len(words) > 1:
                yield " ".join(words)

    def _swallows(self, word: str) -> bool:
        spoken = self.spell.entry(word)
        return bool(spoken) and self._determiners.at(spoken, 0) == len(spoken)

    def forms(self, text: str) -> Iterator[str]:
        """A run of words as it is spoken, and with `{it}` for what may stand for the document."""
        yield text
        spoken = self.spell.entry(text)
        if len(spoken) > 1:
            yield " ".join(IT if token in self._it else token for token in spoken)

    def plain(self, text: str) -> str:
        """One run of plain words as a key."""
        spoken = self._articles.without(self._fillers.without(self.spell.entry(text)))
        return "".join((IT if token in self._it else token) + " " for token in spoken)

    def _phrase(self, phrase: str) -> str:
        parts: list[str] = []
        plain: list[str] = []

        def flush() -> None:
            if plain:
                parts.append(self.literal(" ".join(plain)))
                plain.clear()

        for piece in _SYNTAX.findall(phrase):
            swallowed: list[str] = []
            while piece == IT and plain and self._swallows(plain[-1]):
                swallowed.insert(0, plain.pop())  # "of the invoice" is the invoice too, "of it" is not
            if piece[0] in "<{([])|":
                flush()
            parts += [f"(?:{self.literal(word)})?" for word in swallowed]
            if piece == IT:
                parts.append("(?:" + "|".join([r"\{it\} ", *map(self.literal, self.source.words["everything"])]) + ")")
            elif piece[0] == "<":
                spoken = dict.fromkeys(map(self.literal, self.source.sets[piece[1:-1]]))
                parts.append("(?:" + "|".join(text for text in spoken if text) + ")")
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
