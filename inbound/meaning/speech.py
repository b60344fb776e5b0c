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

from inbound.meaning.letters import folded
from inbound.meaning.limits import CLAUSE_CHARACTERS, SAID_WORDS
from templates.phrases import Language, language, trait

_TOKEN: Final = re.compile(r"\{it\}|\{other\}|[^\W_]+(?:[-./'@_+&][^\W_]+)*|[&#№]")
_ENTRY: Final = re.compile(r"\{it\}|\{other\}|[^\W_]+(?:[-./'@_+&][^\W_]+)*\*?|[&#№]")
"""Also the stems of a language file: `bestell*` stands for every word that begins so."""

_SYNTAX: Final = re.compile(r"<\w+>|\{\w+\}|[()\[\]|]|[^\s()\[\]|<>{}]+")
IT, OTHER = "{it}", "{other}"


class Words:
    """A list of words and word sequences that is looked for in tokens, in time linear in the tokens.

    A word that ends in `*` is a stem.
    """

    def __init__(self, texts: Iterable[str], pairs: Sequence[tuple[str, str]] = ()) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._by_stem: dict[str, list[tuple[str, ...]]] = {}
        for text in texts:
            tokens = tuple(_ENTRY.findall(folded(text, pairs))) or (text,)
            first = tokens[0]
            if first.endswith("*"):
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
        return any(self.at(tokens, position) for position in range(len(tokens)))

    def begin(self, tokens: Sequence[str]) -> bool:
        """Whether an entry stands at the beginning."""
        return bool(tokens) and self.at(tokens, 0) > 0

    def at_end(self, tokens: Sequence[str]) -> int:
        """How many tokens of the end make an entry of one word; 0 for none."""
        return int(bool(tokens) and self.at(tokens, len(tokens) - 1) == 1)

    def without(self, tokens: Sequence[str]) -> list[str]:
        """The tokens without all entries."""
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


@dataclass(frozen=True, slots=True)
class Names:
    """How the document at hand is called: its nouns and its numbers."""

    nouns: Words
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A language's phrases, compiled; made once by `speech`."""

    source: Language
    words: Mapping[str, Words]
    lines: Mapping[str, Words]
    triggers: Mapping[str, Words]
    says: Mapping[str, Words]
    beside: Mapping[str, Words]
    all_says: Words
    whole: Mapping[str, re.Pattern[str]]
    opens: Mapping[str, re.Pattern[str]]
    commands: Mapping[str, str]
    contrasting: re.Pattern[str]
    joining: re.Pattern[str]
    dating: re.Pattern[str]
    accents: re.Pattern[str]
    spoken_days: re.Pattern[str]
    next_days: re.Pattern[str]
    taxing: re.Pattern[str]
    harmless: re.Pattern[str]
    assents: frozenset[str]
    short_forms: re.Pattern[str]
    written_out: Mapping[str, str]

    def tokens(self, text: str) -> list[str]:
        """The words of a text, short forms written out."""
        text = text[: 4 * CLAUSE_CHARACTERS]
        if self.source.accented and not text.isascii():
            told = dict(self.source.accented)
            text = self.accents.sub(lambda found: told[found[0].casefold()], text)
        text = folded(text, self.source.letters)
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
        if length := self.words["references"].at(tokens, position):
            return IT, length
        return tokens[position], 1

    def asked(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """The allowed actions that a whole key asks for, in the order of the language file."""
        if not key or len(key) > CLAUSE_CHARACTERS:
            return ()
        tokens = key.split()
        found = tuple(name for name, pattern in self.whole.items() if name in allowed and pattern.fullmatch(key))
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
        for name, pattern in self.opens.items():
            if name not in allowed:
                continue
            found = pattern.match(key[: CLAUSE_CHARACTERS * 2])
            if found and (best is None or found.end() > best[1]):
                best = (name, found.end())
        return best or self._reasoned(key, allowed)

    def _reasoned(self, key: str, allowed: Collection[str]) -> tuple[str, int] | None:
        """An action in any order of words, and the reason that follows it without a comma."""
        tokens = key.split()
        for position in range(1, min(len(tokens), SAID_WORDS)):
            if self.words["reasons"].at(tokens, position):
                taking = [name for name in allowed if trait(name).reason]
                found = self._said(tokens[:position], taking)
                if found:
                    return found[0], sum(len(token) + 1 for token in tokens[:position])
        return None

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
    return Names(_nouns(source.code, tuple(kinds)), frozenset(bare - {""}))


@cache
def _nouns(code: str, kinds: tuple[str, ...]) -> Words:
    source = language(code)
    return Words((noun for kind in kinds for noun in source.nouns.get(kind, ())), source.letters)


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
    pairs = source.letters
    says = {name: Words(said.says, pairs) for name, said in source.actions.items() if said.says}
    words = {name: Words(texts, pairs) for name, texts in source.words.items()}
    return Speech(
        source=source,
        words=words | {name: Words(()) for name in ("neutral", "lookalikes") if name not in words},
        lines={name: Words(texts, pairs) for name, texts in source.lines.items()},
        triggers={name: Words((*said.triggers, *said.says), pairs) for name, said in source.actions.items()},
        says=says,
        beside={name: Words(source.actions[name].beside, pairs) for name in says},
        all_says=Words((text for said in source.actions.values() for text in said.says), pairs),
        commands=_commands(source, says, whole),
        contrasting=re.compile(rf"\s(?=(?:{either(source.words['contrasts'], pairs)})\s)", re.IGNORECASE),
        joining=re.compile(rf"\s(?:{either(source.words['joins'], pairs)})\s", re.IGNORECASE),
        dating=re.compile(rf"\s(?:{either(source.words['dated'], pairs)})\s+", re.IGNORECASE),
        accents=re.compile(
            rf"(?<!\w)(?:{'|'.join(re.escape(one) for one, _ in source.accented)})(?!\w)", re.IGNORECASE
        ),
        whole=whole,
        opens=opens,
        assents=frozenset(map(compiler.plain, source.words["assents"])),
        spoken_days=re.compile(
            "|".join(
                rf"(?P<{name}>(?<!\w)(?:{either(texts, pairs)})(?!\w))"
                for name, texts in source.days.items()
                if name not in ("lead", "next") and texts
            ),
            re.IGNORECASE,
        ),
        next_days=re.compile(rf"(?<!\w)(?:{either(source.days['next'], pairs)})(?!\w)", re.IGNORECASE),
        taxing=_taxing(either(source.words["tax"], pairs)),
        harmless=re.compile(compiler.any_of(source.words["harmless"])),
        short_forms=re.compile(
            "|".join(_short(folded(short, pairs)) for short, _ in source.short_forms if "'" in short) or "(?!)"
        ),
        written_out={folded(short, pairs).strip("-"): folded(full, pairs) for short, full in source.short_forms},
    )


def either(texts: Iterable[str], pairs: Sequence[tuple[str, str]]) -> str:
    """An alternation of words as they are written, with and without diacritics."""
    both = {form for text in texts for form in (text.casefold(), folded(text), folded(text, pairs))}
    return "|".join(re.escape(form).replace(r"\*", r"\w*") for form in sorted(both, key=len, reverse=True)) or "(?!)"


def _taxing(words: str) -> re.Pattern[str]:
    """A rate of tax: `20 % VAT`, `VAT 20%`, `VAT: 20 %`."""
    rate = r"\d{1,2}(?:[.,]\d{1,2})? ?(?:%|percent)"
    return re.compile(
        rf"(?<![\w.,])(?P<before>{rate}) ?(?:{words})(?!\w)|(?<!\w)(?:{words})[ :=]{{1,3}}(?P<after>{rate})",
        re.IGNORECASE,
    )


def _commands(source: Language, says: Mapping[str, Words], whole: Mapping[str, re.Pattern[str]]) -> Mapping[str, str]:
    """The words of six letters and more that are commands by themselves, each with what it asks for."""
    words: dict[str, str] = {}
    for name, said in says.items():
        words |= {word: words.get(word, "") + name for word in said.singles() if len(word) >= 6}
    for name, sayings in source.actions.items():
        if name in whole and trait(name).kind == "decides":
            spoken = {word for text in sayings.phrases for word in _TOKEN.findall(folded(text, source.letters))}
            alone = [word for word in spoken if len(word) >= 6 and whole[name].fullmatch(f"{word} ")]
            words |= {word: words.get(word, "") + name for word in alone}
    return words


def _slipped(word: str, spoken: str) -> bool:
    """Whether two words differ by one letter too many, too few, another one, or two that changed places."""
    if len(word) == len(spoken):
        at = [i for i in range(len(word)) if word[i] != spoken[i]]
        swapped = len(at) == 2 and at[1] == at[0] + 1 and word[at[0]] == spoken[at[1]] and word[at[1]] == spoken[at[0]]
        return len(at) == 1 or swapped
    longer, shorter = (word, spoken) if len(word) > len(spoken) else (spoken, word)
    return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _short(form: str) -> str:
    """A short form as a pattern: `can't` stands alone, `-n't` hangs on a word."""
    before = r"(?<=\w)" if form.startswith("-") else r"(?<!\w)"
    return before + re.escape(form.strip("-")) + (r"(?=\w)" if form.endswith("-") else r"(?!\w)")


class _Compiler:
    """Turns the phrase syntax of a language file into patterns over keys."""

    def __init__(self, source: Language) -> None:
        self.source = source
        self._articles = Words(source.words["articles"], source.letters)
        self._fillers = Words(source.words["fillers"], source.letters)
        self._it = {folded(text, source.letters) for text in source.words["references"] if " " not in text}

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
        spoken = _ENTRY.findall(folded(text, self.source.letters))
        tokens = self._articles.without(self._fillers.without(spoken))
        if not tokens and self._articles.without(spoken):
            raise ValueError(f"{text!r} of {self.source.code} holds nothing but fillers.")
        return "".join(
            re.escape(token[:-1]) + r"\S* " if token[-1] == "*" else re.escape(IT if token in self._it else token) + " "
            for token in tokens
        )

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
