"""What a sentence that asks for nothing bears on: whether it limits a decision, or hangs one on a condition."""

from __future__ import annotations

import re
from typing import Final

from inbound.meaning.limits import CLAUSES
from inbound.meaning.listening import Listener
from inbound.meaning.sentence import Sentence
from inbound.meaning.text import clauses

PHONE: Final = re.compile(
    r"(?<![\w.,])\+?\(?\d{2,5}\)?(?:(?:[ /.-]\d{2,5}){2,5}|[ /-]\d{6,8})(?![\w.,]\d)|(?<![\w.,])\+?\d{9,12}(?![\w.,]\d)"
)
_AMOUNT: Final = re.compile(
    r"(?<![\w.,:/-])\d{1,6}[.,]\d{2}(?![\d.,:/]|\s?(?:%|h\b|uhr\b))|[€$£]\s?\d|\d\s?[€$£]", re.IGNORECASE
)
"""What is written as an amount of money is."""
_DOING: Final = ("fulfil", "delivering", "taking_part", "sends", "pledges", "committing")
_PAYING: Final = ("paying", "assents")
"""Words for what is done here, by who decides."""


class Bearing(Listener):
    """Tells what a sentence bears on that asks for nothing."""

    def _grave(self, text: str) -> bool:
        """Whether a sentence that asks for nothing may still limit a decision in another sentence of the mail."""
        words, spoken, key = self.speech.words, self._spoken(text), self.key(text).split()
        if self.frames.reassures(text):
            return False
        if self._reminds(spoken, key):
            return False
        if words["retracting"].within(spoken):
            return True
        if self._favours(text) and not (self._hard(text) or any(map(str.isdigit, text))):
            return False
        if self._tells_terms(text, spoken):
            return False
        elsewhere = words["others"].within(words["paying"].without(spoken)) and not words["negations"].within(spoken)
        if elsewhere and not any(map(str.isdigit, text)) and not self._about_it(text, key):
            return False  # "we have a new address"
        relates = (
            self.frames.names_it(text)
            or bool(self._trigger(key))
            or any(words[kind].within(spoken) for kind in ("offending", "paying"))
            or self.frames.of_lines(text)
        )
        if words["contact"].within(spoken) and not relates and not self._favours(text):
            return False
        if self._bids(text):
            return False
        if any(map(str.isdigit, self._new_figures(PHONE.sub(" ", text)))) and (
            relates or "approve" in self.allowed or self.speech.lines["price"].within(spoken)
        ):
            return True
        if not self._risky(text):
            return False
        begins = words["negations"].begin(spoken) or words["conditions"].begin(spoken)
        return self._hard(text) or relates or len(spoken) <= 3 or begins

    def _tells_terms(self, text: str, spoken: list[str]) -> bool:
        """Whether a sentence tells terms of payment: "payment in 30 days as always"."""
        words = self.speech.words
        days = self.speech.source.days["lead"]
        timed = any(map(str.isdigit, text)) and any(day in text.casefold() for day in days)
        stops = ("negations", "conditions", "contrasts", "retracting", "yet")
        stopped = any(words[kind].within(spoken) for kind in stops) or self.frames.names_it(text)
        return timed and words["paying"].within(spoken) and not stopped and "approve" not in self.allowed

    def _about_it(self, text: str, key: list[str]) -> bool:
        """Whether a sentence is about the document, its lines or a step, or hangs on something."""
        frames = self.frames
        retracts = self.speech.words["retracting"].within(self._spoken(text))
        return (
            frames.names_it(text) or bool(self._trigger(key)) or frames.of_lines(text) or retracts or self._hard(text)
        )

    def _reminds(self, spoken: list[str], key: list[str]) -> bool:
        """Whether a sentence only reminds the reader of something ("don't forget to tell the porter"), or is glad."""
        words = self.speech.words
        if self._trigger(key):
            return False
        rest = words["reminders"].without(spoken)
        if any(words[kind].within(rest) for kind in ("conditions", "contrasts", "retracting", "paying")):
            return False
        return words["reminders"].begin(spoken) or words["courtesies"].begin(spoken)

    def _bids(self, text: str) -> bool:
        """Whether a clause asks the other person for something of no weight: "please quote our number when paying"."""
        words, tokens = self.speech.words, self.speech.tokens(text)
        if not words["requests"].begin(tokens) or self._hard(text) or self._trigger(self.key(text).split()):
            return False
        stops = ("retracting", "offending", "negations", "sends", "correcting", "delegates", "yet")
        rest = tokens[words["requests"].at(tokens, 0) :]
        return not any(words[kind].within(rest) for kind in stops) and not (
            any(map(str.isdigit, text)) or self.frames.of_lines(text)
        )

    def _new_figures(self, text: str) -> str:
        """A text without the quantities that the document has anyway."""
        return self.frames.own_figures.sub(" ", text) if self.frames.own_figures is not None else text

    def _hinges(self, text: str) -> bool:
        """Whether a sentence agrees on a condition: "that is no problem so long as your lift works"."""
        words = self.speech.words
        spoken = self._spoken(text)
        if not self._may_decide() or not self._hard(text) or words["contact"].within(spoken):
            return False
        if words["requests"].begin(spoken) or words["courtesies"].begin(spoken):
            return False
        if self._hangs(text, spoken):
            return True
        agreeing = ("pledges", "assents")
        for begin, end in clauses(text)[:CLAUSES]:
            clause = self._spoken(text[begin:end])
            places = (at for at in range(len(clause)) if words["conditions"].at(clause, at))
            head = clause[: next(places, len(clause))]
            denied = words["negations"].within(head) and not words["reassuring"].within(head)
            if not denied and any(words[kind].within(head) for kind in agreeing):
                return True
            if words["reassuring"].within(head) and len(head) < len(clause):
                return True
        return False

    def _changes(self, said: Sentence) -> bool:
        """Whether a sentence seems to change a line, and does not say which: "the boards are 20.90 by now"."""
        if self.situation.role != "supplier" or not self._may_decide() or said.asks or said.handed or not said.doubt:
            return False
        dearer = self.speech.words["dearer"].within(self.speech.tokens(said.text))
        amount = _AMOUNT.search(PHONE.sub(" ", said.text)) is not None
        return said.leaves or (amount and (dearer or self._grave(said.text)))

    def _hangs(self, text: str, spoken: list[str]) -> bool:
        """Whether a sentence would do what is asked for, and on a condition: "we would deliver once that is paid"."""
        words = self.speech.words
        kinds = _PAYING if "approve" in self.allowed else _DOING
        stops = ("holding", "putting_off", "contact", "courtesies", "reports", "reminders", "delegates")
        doing = any(words[kind].within(spoken) for kind in kinds)
        return doing and not any(words[kind].within(spoken) for kind in stops) and "?" not in text

    def _favours(self, text: str) -> bool:
        """Whether a sentence holds the word for a decision in favour, and does not deny it."""
        spoken = self._spoken(text)
        words = (self.speech.says[name] for name in self.allowed - self.against if name in self.speech.says)
        return any(one.within(spoken) for one in words) and not self.speech.words["negations"].within(spoken)

    def _puts_off(self, clause: str) -> bool:
        """Whether a clause puts the answer off: "we will come back to you"; not a day, as in "when it is sent"."""
        tokens = self.speech.tokens(clause)
        return self.speech.words["putting_off"].within(tokens) and not self._conditional(clause)
