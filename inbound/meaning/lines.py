"""What an answer says about single lines: prices, quantities, days, "no bid", by number, by text or in a filled table.

A piece of text is cut into parts that each name their lines; a part whose figures are not all accounted for is asked
about as a whole, never half taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from inbound.meaning.figures import Figures, Habits, day_at, read_figures, with_plain_days
from inbound.meaning.limits import ROWS
from inbound.meaning.speech import Speech
from workflows.actions import Action, KnownLine, Question, Situation

_WORD: Final = re.compile(r"[^\W_]+")
_CUT: Final = "\x03"
_MARK: Final = re.compile(r"\x01(\d+)\x02")
_ROW: Final = re.compile(r"[\s>]*(\d{1,4})[.):|]*\s+")
_NAMESAKES: Final = 20
_HEAD_INSIDE: Final = re.compile(r"(?<![^\s,;(])(\d{1,3}):(?=\s)")


@dataclass(frozen=True, slots=True)
class LinesHeard:
    """What was understood of a piece of text; `touched` when it was about lines at all."""

    actions: tuple[Action, ...] = ()
    questions: tuple[Question, ...] = ()
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The lines that a part names (none: the whole document) and its words without their names."""

    lines: tuple[KnownLine, ...]
    text: str
    unknown: tuple[int, ...] = ()
    delivery: bool = False


class LineReader:
    """Reads pieces of one answer against the lines of the document that it is about."""

    def __init__(self, speech: Speech, situation: Situation, habits: Habits, invoicing: bool) -> None:
        self.speech = speech
        self.situation = situation
        self.habits = habits
        self.invoicing = invoicing
        self.active = bool(situation.steps & {"quote_line", "counter_line", "invoice_line", "set_delivery", "no_bid"})
        self._by_n = {line.n: line for line in situation.lines}
        self._index = _distinctive(situation.lines)
        self._texts = {line.n: pattern for line in situation.lines if (pattern := _whole_text(line.text)) is not None}
        self._shared = {_stem(w) for line in situation.lines for w in _WORD.findall(line.text.casefold()) if len(w) > 2}
        self._rarest = _by_rarest_word(situation.lines)
        self._head, self._inside = _references(speech)

    def leads(self, line: str) -> bool:
        """Whether a line of the mail begins as our line grammar does, so that it stands by itself."""
        if not self.active:
            return False
        row = _ROW.match(line)
        if row and (pattern := self._texts.get(int(row[1]))) is not None and pattern.match(line, row.end()):
            return True
        found = self._head.match(line)
        if found:
            return found["all"] is not None or self._numbers(found["numbers"])[0] in self._by_n or found["sep"] == ":"
        head, colon, _ = line.partition(":")
        if not colon:
            return False
        tokens = self.speech.tokens(head)
        return (
            bool(tokens)
            and len(tokens) <= 12
            and (self._is_delivery_head(tokens) or self._named_by_text(head) is not None)
        )

    def read_rows(self, quoted: str) -> tuple[Action, ...]:
        """Read prices that were typed into a quoted table of ours: rows that show a line's number and text."""
        if "quote_line" not in self.situation.steps:
            return ()
        actions: list[Action] = []
        for raw in quoted.split("\n")[:ROWS]:
            row = raw.lstrip("> ")
            if len(row) > 400 or self._head.match(row) is None:
                continue
            if any(self._texts[n].search(row) for n in self._perhaps_named(row)):
                actions += self.read(row).actions
        return tuple(act for act in actions if act.name in ("quote_line", "no_bid"))

    def read(self, text: str) -> LinesHeard:
        """Read one sentence or line of the mail."""
        if not self.active or len(text) > 2_000:
            return LinesHeard()
        leading = self.leads(text)
        actions: list[Action] = []
        questions: list[Question] = []
        touched = False
        for part in self._parts(text):
            heard = self._read_part(part, text, leading)
            touched |= heard.touched
            actions += heard.actions
            questions += heard.questions
        return LinesHeard(tuple(actions), tuple(questions), touched)

    # ---- which lines -------------------------------------------------------------------------------------------------

    def _numbers(self, text: str) -> list[int]:
        """The numbers of a reference like `1, 3-5 and 7`."""
        numbers: list[int] = []
        for first, last in re.findall(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?", text):
            end = int(last) if last else int(first)
            numbers += range(int(first), min(end, int(first) + 200) + 1)
        return numbers

    def _parts(self, text: str) -> Iterator[Part]:
        groups: list[tuple[int, ...]] = []

        def mark(numbers: Iterable[int]) -> str:
            groups.append(tuple(numbers))
            return f" \x01{len(groups) - 1}\x02 "

        head = self._head.match(text)
        if head and (head["all"] is not None or head["sep"] == ":" or self._numbers(head["numbers"])[0] in self._by_n):
            numbers = list(self._by_n) if head["all"] is not None else self._numbers(head["numbers"])
            text = mark(numbers) + text[head.end() :]
        text = with_plain_days(text)
        row = _ROW.match(text)
        if row and (pattern := self._texts.get(int(row[1]))) is not None and pattern.match(text, row.end()):
            text = text[row.end() :]
        for n in self._perhaps_named(text):
            text = self._texts[n].sub(lambda _, n=n: mark((n,)), text, count=1)  # type: ignore[misc]
        text = self._inside.sub(lambda found: mark(self._numbers(found["numbers"])), text)
        text = _HEAD_INSIDE.sub(
            lambda found: f"{_CUT}{mark([int(found[1])])}" if int(found[1]) in self._by_n else found[0], text
        )
        pieces = _split(text, self.speech)
        part: Part | None = None
        for piece in pieces:
            named = [n for k in _MARK.findall(piece) for n in groups[int(k)]]
            rest = _MARK.sub(" ", piece)
            if not named and (by_text := self._named_by_text(rest)) is not None:
                named, rest = [by_text[0]], by_text[1]
            tokens = self.speech.tokens(rest)
            delivery = self.speech.lines["delivery"].within(tokens) and not named
            if delivery and part is not None and part.lines and "counter_line" in self.situation.steps:
                delivery = False  # in an order it is the day of the line just named
            if (
                part is not None
                and (named or delivery or part.delivery)
                and (part.lines or part.unknown or part.delivery)
            ):
                yield part
                part = None
            wanted = dict.fromkeys(named)
            lines = tuple(self._by_n[n] for n in wanted if n in self._by_n)
            unknown = tuple(n for n in wanted if n not in self._by_n)
            if part is None:
                part = Part(lines, rest, unknown, delivery)
            else:
                part = Part(
                    part.lines or lines, f"{part.text} , {rest}", part.unknown + unknown, part.delivery or delivery
                )
        if part is not None:
            yield part

    def _perhaps_named(self, text: str) -> list[int]:
        """The lines whose whole text may stand in this text: their rarest word does."""
        words = dict.fromkeys(word.casefold() for word in _WORD.findall(text))
        return [n for word in words for n in self._rarest.get(word, ()) if n in self._texts]

    def _named_by_text(self, text: str) -> tuple[int, str] | None:
        """The one line whose own words the text uses, and the text without them."""
        words = [(found.group().casefold(), found.span()) for found in _WORD.finditer(text)]
        named = {n for word, _ in words if (n := self._index.get(_stem(word))) is not None}
        if len(named) != 1:
            return None
        n = named.pop()
        own = {_stem(word) for word in _WORD.findall(self._by_n[n].text.casefold())}
        out = list(text)
        for word, (begin, end) in words:
            if _stem(word) in own and not (word.isdigit() and not _beside_own(words, (begin, end), own)):
                out[begin:end] = " " * (end - begin)
        return n, "".join(out)

    def _is_delivery_head(self, tokens: list[str]) -> bool:
        length = self.speech.lines["delivery"].at(tokens, 0)
        return length == len(tokens)

    # ---- what of them ------------------------------------------------------------------------------------------------

    def _read_part(self, part: Part, sentence: str, leading: bool) -> LinesHeard:
        tokens = self.speech.tokens(part.text)
        lines = part.lines
        refusing = self.speech.lines["no_bid"].within(tokens)
        known = [figure for line in lines for figure in (line.qty, line.price)]
        text, role = self._without_old(part.text, lines)
        figures = Figures()
        if any(map(str.isdigit, text)):
            figures = read_figures(text, self.speech, self.habits, known)
        if role and figures.bare is not None:
            price, qty = (figures.bare, None) if role == "price" else (None, figures.bare)
            figures = replace(figures, bare=None, price=price, qty=qty)
        if not figures.nothing and len(lines) == 1:
            figures = self._without_known(text, figures, lines[0])
        said = _MARK.sub(" ", sentence).strip()
        if part.unknown and (refusing or not figures.nothing):
            return _asking("line", "Which line do you mean by {words}?", said)
        if refusing and not lines and not part.delivery:
            lines = self._by_bare_numbers(text)
            figures = Figures() if lines else figures
        if not lines and not part.delivery:
            if len(self._by_n) == 1 and not figures.nothing:
                lines = tuple(self._by_n.values())
                priced = figures.price is not None or figures.qty is not None
                if not (leading or priced or self._is_price(figures, part.text, tokens)):
                    return LinesHeard()
            elif self._is_price(figures, part.text, tokens):
                return _asking("line", "Which line is this price for: {words}?", said)
            else:
                return LinesHeard()
        if not (refusing and lines) and figures.nothing:
            if part.delivery and leading and self.speech.words["holding"].within(tokens) | bool(tokens[1:]):
                return _asking("date", "On which day do you deliver? You wrote: {words}", said)
            if lines and leading and self._is_unheard(part, sentence):
                return _asking("line", "What shall become of this line: {words}?", said)
            if lines and self.speech.lines["alter"].begin(tokens) and "?" not in sentence:
                return _asking("line", "What shall become of this line: {words}?", said)
            return LinesHeard()
        if "?" in sentence and not leading:
            return LinesHeard()
        if self.speech.words["asks"].begin(tokens) and not leading:
            return LinesHeard()
        if self.speech.words["conditions"].within(tokens):
            return _asking("condition", "We can only take this without a condition: {words}", said)
        if part.delivery:
            return self._delivery(figures, said)
        if refusing:
            if len(lines) == 1 and figures.price is figures.bare is None and figures.qty == lines[0].qty is not None:
                figures = Figures()  # a row of our table with "no bid" at its end
            if not figures.nothing or "no_bid" not in self.situation.steps:
                return _asking("figure", "What do you mean by {words}?", said)
            return LinesHeard(tuple(Action("no_bid", n=line.n, heard=said) for line in lines), touched=True)
        if self.speech.lines["deny"].within(tokens):
            return _asking("figure", "What do you mean by {words}?", said)
        if figures.open:
            about = "date" if "date" in figures.open else "figure"
            return _asking(about, "What exactly do you mean by {words}?", figures.texts[0] if figures.texts else said)
        if figures.lead:
            return _asking("date", "On which day do you deliver? You wrote: {words}", said)
        return self._acting(lines, figures, said)

    def _is_price(self, figures: Figures, text: str, tokens: list[str]) -> bool:
        """Whether figures without a line are meant for one: a price, or nothing but figures, where lines are priced."""
        if figures.price is not None and figures.qty is not None:
            return True
        meant = figures.price is not None or figures.bare is not None or "figure" in figures.open
        if meant and not self._shared.isdisjoint(map(_stem, tokens)):
            return True
        if "quote_line" not in self.situation.steps or not any(map(str.isdigit, text)) or figures.lead:
            return False
        plain = not any(word.isalpha() for word in tokens)
        return (
            figures.price is not None
            or plain
            or (figures.day is None and (figures.currency is not None or self.speech.lines["price"].begin(tokens)))
        )

    def _is_unheard(self, part: Part, sentence: str) -> bool:
        """Whether a row like `3: ...` says something that is neither a figure nor an assent."""
        head = self._head.match(sentence)
        key = self.speech.key(part.text.strip(" :,;"))
        return bool(head and head["sep"] and key) and key not in self.speech.assents

    def _by_bare_numbers(self, text: str) -> tuple[KnownLine, ...]:
        """The lines that "no bid on 1 and 3" names, where every number is a line's."""
        numbers = re.findall(r"\d[\d.,]*", text)
        known = [self._by_n.get(int(number)) if number.isdigit() else None for number in numbers[:200]]
        return tuple(line for line in known if line is not None) if None not in known else ()

    def _without_old(self, text: str, lines: tuple[KnownLine, ...]) -> tuple[str, str]:
        """The text without "instead of 10" where 10 is what the document says now; and which of the two that is."""
        now = {value: field for line in lines for field, value in (("qty", line.qty), ("price", line.price)) if value}
        role, old_words = "", self.speech.lines["instead_of"]

        def take(found: re.Match[str]) -> str:
            nonlocal role
            old = read_figures(found["old"], self.speech, self.habits, now)
            value = next((one for one in (old.bare, old.qty, old.price) if one is not None), None)
            if value in now and value is not None:
                role = now[value]
            elif not old_words.begin(self.speech.tokens(found[0])):
                return found[0]
            return " "

        for found in _old(self.speech).finditer(text):
            if end := day_at(text, found.end()):
                text = text[: found.start()] + " " + text[end:]
                break
        return _old_figure(self.speech).sub(take, text), role

    def _without_known(self, text: str, figures: Figures, line: KnownLine) -> Figures:
        """A row of our own table filled in: without the quantity (and price) that it showed already."""
        if not (figures.open and line.qty is not None):
            return figures
        for found in re.finditer(r"(?<![\w.,])(\d[\d.,']*) ?[^\W\d_]{1,12}\.?(?!\w)", text):
            old = read_figures(found[0], self.speech, self.habits, [line.qty])
            if old.qty == line.qty and not self._ends_in_per(text[: found.start()]):
                rest = text[: found.start()] + " " + text[found.end() :]
                again = read_figures(rest, self.speech, self.habits, [line.price])
                return again if not again.open else figures
        return figures

    def _ends_in_per(self, text: str) -> bool:
        words = text.casefold().split()
        return bool(words) and words[-1].endswith(tuple(self.speech.source.lines["per"]))

    def _delivery(self, figures: Figures, said: str) -> LinesHeard:
        if figures.day is None or figures.open:
            if figures.lead or "date" in figures.open or figures.open:
                return _asking("date", "On which day do you deliver? You wrote: {words}", said)
            return LinesHeard()
        if "set_delivery" in self.situation.steps:
            return LinesHeard((Action("set_delivery", date=figures.day, heard=said),), touched=True)
        if "counter_line" in self.situation.steps:
            return LinesHeard(
                tuple(Action("counter_line", n=n, date=figures.day, heard=said) for n in self._by_n), touched=True
            )
        return LinesHeard()

    def _acting(self, lines: tuple[KnownLine, ...], figures: Figures, said: str) -> LinesHeard:
        steps = self.situation.steps
        actions: list[Action] = []
        for line in lines:
            action = None
            if "quote_line" in steps:
                action = self._quote(line, figures, said)
            elif "invoice_line" in steps and ("counter_line" not in steps or (self.invoicing and figures.day is None)):
                action = self._invoice(line, figures, said)
            elif "counter_line" in steps:
                action = self._counter(line, figures, said)
            if action is None:
                return _asking("figure", "What exactly do you mean by {words}?", said)
            if action.name != "counter_line" or not _as_ordered(action, line):
                actions.append(action)
        if figures.day is not None and "set_delivery" in steps:
            if len(lines) < len(self._by_n):
                return _asking("date", "Is this the day of delivery for everything: {words}?", said)
            actions.append(Action("set_delivery", date=figures.day, heard=said))
        return LinesHeard(tuple(actions), touched=bool(actions))

    def _quote(self, line: KnownLine, figures: Figures, said: str) -> Action | None:
        price = figures.price if figures.price is not None else figures.bare
        if not price or (figures.qty is not None and line.qty is not None and figures.qty != line.qty):
            return None
        return Action("quote_line", n=line.n, price=price, currency=figures.currency, heard=said)

    def _invoice(self, line: KnownLine, figures: Figures, said: str) -> Action | None:
        qty = figures.qty if figures.qty is not None else figures.bare
        if qty is None and figures.price is not None:
            qty = line.qty
        if not qty or figures.day is not None:
            return None
        return Action("invoice_line", n=line.n, qty=qty, price=figures.price, currency=figures.currency, heard=said)

    def _counter(self, line: KnownLine, figures: Figures, said: str) -> Action | None:
        qty, price = figures.qty, figures.price
        if figures.bare is not None:
            tokens = self.speech.tokens(said)
            pricing = self.speech.lines["price"].within(tokens)
            sizing = self.speech.lines["quantity"].within(tokens)
            if pricing == sizing:
                return None
            qty, price = (None, figures.bare) if pricing else (figures.bare, None)
        if qty is price is None and figures.day is None:
            return None
        return Action(
            "counter_line", n=line.n, qty=qty, price=price, date=figures.day, currency=figures.currency, heard=said
        )


def _as_ordered(action: Action, line: KnownLine) -> bool:
    """Whether a counter-proposal says only what was ordered anyway."""
    return action.date is None and action.qty in (None, line.qty) and action.price in (None, line.price)


def _asking(about: str, text: str, words: str) -> LinesHeard:
    return LinesHeard(questions=(Question(about, text, (("words", words[:200]),)),), touched=True)


def _whole_text(text: str) -> re.Pattern[str] | None:
    words = _WORD.findall(text)[:60]
    if sum(map(len, words)) < 4:
        return None
    return re.compile(rf"(?<!\w){'[^a-zA-Z0-9]+'.join(map(re.escape, words))}(?!\w)", re.IGNORECASE)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _beside_own(words: list[tuple[str, tuple[int, int]]], span: tuple[int, int], own: set[str]) -> bool:
    """Whether a bare number of a line's text stands beside another word of that text, as in `DN 50`."""
    position = next(i for i, (_, at) in enumerate(words) if at == span)
    beside = words[max(0, position - 1) : position] + words[position + 1 : position + 2]
    return any(_stem(word) in own and not word.isdigit() for word, _ in beside)


def _distinctive(lines: Iterable[KnownLine]) -> dict[str, int]:
    """The words that only one line's text uses, and that line's number."""
    index: dict[str, int] = {}
    several: set[str] = set()
    for line in lines:
        for word in {_stem(word.casefold()) for word in _WORD.findall(line.text)}:
            if len(word) < 3 or word.isdigit():
                continue
            if word in index:
                several.add(word)
            index[word] = line.n
    return {word: n for word, n in index.items() if word not in several}


def _by_rarest_word(lines: Iterable[KnownLine]) -> dict[str, list[int]]:
    """The rarest word of each line's text, with the lines (a few at most) that it is the rarest of."""
    texts = {line.n: [word.casefold() for word in _WORD.findall(line.text)[:60]] for line in lines}
    often = Counter(word for words in texts.values() for word in words)
    index: dict[str, list[int]] = {}
    for n, words in texts.items():
        if words:
            index.setdefault(min(words, key=often.__getitem__), []).append(n)
    return {word: numbers[:_NAMESAKES] for word, numbers in index.items()}


@cache
def _references(speech: Speech) -> tuple[re.Pattern[str], re.Pattern[str]]:
    source = speech.source
    line = "|".join(
        sorted((re.escape(word) for word in source.lines["line"] if word[0].isalpha()), key=len, reverse=True)
    )
    every = "|".join(sorted(map(re.escape, source.lines["all"]), key=len, reverse=True))
    joins = "|".join(re.escape(word) for word in source.words["joins"])
    numbers = rf"\d{{1,4}}(?:\s*(?:,|-|{joins})\s*(?:(?:{line})\.?\s*)?\d{{1,4}}(?![\d.,]*\d))*"
    head = re.compile(
        rf"(?!\s*\d{{1,2}}:\d\d(?![\d.,]))\s*(?:[-*•>]+\s*)?(?:(?:(?:{line})\b\.?\s*)?#?(?P<numbers>{numbers})|(?P<all>{every}))"
        r"(?:\s*(?P<sep>[:=|])|(?P<paren>\)|\.)(?=\s)|\s+-(?=\s)|(?P<tab>\s{2,}))",
        re.IGNORECASE,
    )
    inside = re.compile(rf"(?:\b(?:{line})\b\.?\s*#?|#)(?P<numbers>{numbers})(?![.,]?\d)\s*:?", re.IGNORECASE)
    return head, inside


@cache
def _old(speech: Speech) -> re.Pattern[str]:
    words = "|".join(
        sorted(
            map(re.escape, (*speech.source.lines["instead_of"], *speech.source.lines["formerly"])),
            key=len,
            reverse=True,
        )
    )
    return re.compile(rf"\b(?:{words})\s+", re.IGNORECASE)


@cache
def _old_figure(speech: Speech) -> re.Pattern[str]:
    figure = r"(?P<old>(?:[^\W\d_]{1,4}\s)?\d[\d.,']*(?:\s?[^\W\d_]{1,8})?)"
    return re.compile(_old(speech).pattern + figure, re.IGNORECASE)


@cache
def _splitter(speech: Speech) -> re.Pattern[str]:
    joins = "|".join(re.escape(word) for name in ("joins", "contrasts") for word in speech.source.words[name])
    return re.compile(rf"[,;](?=\s|$)|\s(?:{joins})\s|{_CUT}", re.IGNORECASE)


def _split(text: str, speech: Speech) -> list[str]:
    return [piece for piece in _splitter(speech).split(text)[:100] if piece.strip()]
