"""What a text about lines says beside its figures: whether it is a price, hangs on something, or is no bid."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from inbound.meaning.clearing import Clearing
from inbound.meaning.days import days_in
from inbound.meaning.figures import Figures
from inbound.meaning.likeness import grammar_words
from inbound.meaning.naming import stem
from inbound.meaning.parts import LineNames, Part
from inbound.meaning.settling import like
from inbound.meaning.speech import Speech
from inbound.meaning.spelled import part_of_month
from inbound.meaning.spelling import either
from inbound.meaning.words import Words
from workflows.actions import KnownLine, Situation

_COUNTED: Final = re.compile(r"(?<![\w.,])(\d+) ([^\W\d_]{4,})")
_SHORT: Final = 3
"""Words of "no sand" beside the line's own."""


class LineTells(Clearing):
    """Tells what pieces of one answer say of the lines of its document."""

    situation: Situation
    active: bool
    names: LineNames
    _offer: Words | None
    """How the draft of an offer is called, where the answer is to one."""
    _offers: Words

    def leads(self, line: str) -> bool:
        """Whether a line of the mail begins as our line grammar does, so that it stands by itself."""
        return self.active and self.names.leads(line)

    def _alters(self, tokens: list[str]) -> bool:
        """Whether a text speaks of a price or a quantity, by a word or a number word."""
        kinds = ("price", "quantity", "alter", "deny")
        numbers = self.speech.source.numbers.items()
        counted = any(token in words for token in tokens for number, words in numbers if number != "1")
        return counted or any(self.speech.lines[kind].within(tokens) for kind in kinds)

    def _is_another(self, text: str, line: KnownLine) -> bool:
        """Whether a text speaks of another kind of what a line is: "one with 4 rows", where the line has "3 rows"."""
        if self.speech.words["replaced"].within(self.speech.tokens(text)):
            return True
        own = {stem(word, self.speech): figure for figure, word in _COUNTED.findall(line.text)}
        said = {stem(word, self.speech): figure for figure, word in _COUNTED.findall(text)}
        unit = stem(line.unit or "", self.speech)
        known = grammar_words(self.speech)
        return any(
            own.get(word, figure) != figure and word != unit and word not in known for word, figure in said.items()
        )

    def _groups(self, tokens: list[str]) -> bool:
        """Whether a text speaks of several lines at once: "for the other two", "both"."""
        lines = self.speech.lines
        kinds = ("other_ones", "both_lines")
        return self.speech.words["remainder"].within(tokens) or any(lines[kind].within(tokens) for kind in kinds)

    def _splits(self, text: str) -> bool:
        """Whether a delivery comes in two parts: "240 on 7 December and the rest on the 9th"."""
        if "counter_line" not in self.situation.steps or not any(map(str.isdigit, text)):
            return False
        tokens = self.speech.tokens(text)
        if not (self.speech.words["remainder"].within(tokens) or self.speech.lines["other_ones"].within(tokens)):
            return False
        if self.speech.lines["follows"].within(tokens):
            return True
        days, _ = days_in(text, self.habits, dated=True)
        if len(set(days)) > 1:
            return True
        rest = _rest(self.speech).search(text)
        tail = text[rest.end() :] if rest else ""
        return bool(days) and any(map(str.isdigit, tail)) and not days_in(tail, self.habits, dated=True)[0]

    def _on_open_day(self, tokens: list[str], sentence: str) -> bool:
        """Whether a day of delivery is said by a word that may mean two days: "delivery next Friday"."""
        if "?" in sentence or not self.speech.lines["delivery"].within(tokens):
            return False
        open_day = self.speech.next_days.search(sentence) and self.speech.spoken_days.search(sentence)
        open_day = open_day or part_of_month(self.speech).search(sentence)
        return bool(open_day) and not self.speech.lines["deny"].within(tokens)

    def _conditional(self, tokens: list[str], figures: Figures) -> bool:
        """Whether what is said of lines hangs on something; "we could deliver on the 11th" is an offer."""
        if figures.nothing:
            return self.speech.words["conditions"].within(tokens)
        tokens = self.speech.lines["until"].without(tokens)  # "only 55 till the next container lands"
        spoken = self.speech.words["would_be"].without(tokens) if not figures.lead else tokens
        if "quote_line" in self.situation.steps:
            spoken = self.speech.words["could"].without(spoken)
        return self.speech.words["conditions"].within(spoken)

    def _packs(self, figures: Figures, said: str) -> bool:
        """Whether a sentence tells how goods are packed or how much they weigh, and no quantity of a line."""
        if self.leads(said) or figures.price is not None:
            return False
        tokens = self.speech.tokens(said)
        asks = ("quantity", "price", "alter", "invoice")
        return len(tokens) > 4 and not any(self.speech.lines[kind].within(tokens) for kind in asks)

    def _does_without(self, text: str, tokens: list[str], sentence: str) -> bool:
        """Whether a part says that lines are nothing that the writer has: "cutting we do not do"."""
        if "?" in sentence or not {"no_bid", "counter_line"} & self.situation.steps:
            return False
        words, lines = self.speech.words, self.speech.lines
        stops = ("conditions", "yet", "holding", "reassuring", "delegates", "reports")
        if any(words[kind].within(tokens) for kind in stops) or any(map(str.isdigit, text)):
            return False
        denied = lines["deny"].within(tokens)
        if self._offer is not None and self._offer.within(tokens):
            return False  # "this offer we do not make any more"
        if tokens and lines["none_of"].at(tokens, 0) and len(tokens) <= _SHORT and self.names.names_any(sentence):
            return "no_bid" in self.situation.steps
        return denied and (lines["supply"].within(tokens) or (len(tokens) <= 3 and lines["deny"].at(tokens, 0) > 0))

    def _is_price(self, figures: Figures, text: str, tokens: list[str]) -> bool:
        """Whether figures without a line are meant for one: a price, or nothing but figures, where lines are priced."""
        if figures.price is not None and figures.qty is not None:
            return True
        if figures.qty is not None and self.names.perhaps_named(text):
            return True
        meant = figures.price is not None or figures.bare is not None or "figure" in figures.open
        if meant and not self.names.words.isdisjoint(map(self.names.stem, tokens)):
            return True
        if "quote_line" not in self.situation.steps or not any(map(str.isdigit, text)) or figures.lead:
            return False
        plain = not any(word.isalpha() for word in tokens)
        return (
            figures.price is not None
            or plain
            or (figures.day is None and (figures.currency is not None or self.speech.lines["price"].begin(tokens)))
        )

    def _is_lump(self, figures: Figures, tokens: list[str]) -> bool:
        """Whether one figure is said for everything that was asked for."""
        everything = self.speech.lines["all"].within(tokens) or self.speech.lines["together"].within(tokens)
        priced = figures.bare is not None or "figure" in figures.open
        return "quote_line" in self.situation.steps and everything and priced and figures.day is None

    def _is_unheard(self, part: Part, sentence: str) -> bool:
        """Whether a row like `3: ...` says something that is neither a figure nor an assent."""
        head = self.names.head.match(sentence)
        key = self.speech.key(part.text.strip(" :,;"))
        return bool(head and head["sep"] and key) and key not in self.speech.assents

    def _changes(self, figures: Figures, lines: tuple[KnownLine, ...]) -> bool:
        """Whether a figure that begins like a question is one line's new quantity: "tienen que ser 190 tornillos"."""
        one = lines[0] if len(lines) == 1 else None
        return bool(one and one.qty and figures.qty is not None and like(figures.qty, one.qty)) or bool(
            one and one.qty and figures.bare is not None and like(figures.bare, one.qty)
        )

    def _for_each(self, said: str) -> bool:
        """Whether one price is said for each of several lines, and not for them together."""
        tokens = self.speech.tokens(said)
        return self.speech.lines["each_of"].within(tokens) and not self.speech.lines["together"].within(tokens)

    def _sends_offer(self, text: str) -> bool:
        """Whether a sentence tells when the offer itself comes, and no goods: "our quote is with you tomorrow"."""
        return "quote_line" in self.situation.steps and self._offers.within(self.speech.tokens(text))


@cache
def _rest(speech: Speech) -> re.Pattern[str]:
    """What speaks of the other lines, or of the others of one: "the rest", "lo demás"."""
    words = either((*speech.source.words["remainder"], *speech.source.lines["other_ones"]), speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
