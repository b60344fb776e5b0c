"""What the words of a clause ask for by phrase, and which of the words that limit a decision stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable

from inbound.meaning.days import day_at
from inbound.meaning.frames import Frames
from inbound.meaning.limits import CLAUSES
from inbound.meaning.speech import Names, Speech, names_of
from templates.phrases import trait
from workflows.actions import Situation

_ANNUL = 3
"""Words of a clause that is to cancel the document and says no more: "please cancel {it}"."""


class Listener:
    """Hears the clauses of one answer in one language, and remembers what it heard."""

    def __init__(
        self,
        speech: Speech,
        situation: Situation,
        names: Names,
        of_lines: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.speech = speech
        sizes = {f"{line.qty.normalize():f}" for line in situation.lines if line.qty}
        own = (
            re.compile(rf"(?<![\w.,])(?:{'|'.join(map(re.escape, sizes))})(?![.,]?\w)")
            if 0 < len(sizes) < 200
            else None
        )
        self.frames = Frames(speech, names, of_lines, drafting="confirm" in situation.steps, own_figures=own)
        self.situation = situation
        self.names = names
        self.any_names = names_of(speech.source, speech.source.nouns, ())
        self.allowed = situation.steps
        self.against = frozenset(step for step in situation.steps if trait(step).against)
        self._known: dict[str, str] = {}
        self._asked_by: dict[str, tuple[str, ...]] = {}

    def key(self, text: str) -> str:
        """The key of a clause, remembered."""
        if text not in self._known:
            self._known[text] = self.speech.key(without_dating(text, self.speech), self.names)
        return self._known[text]

    def _asked(self, text: str) -> tuple[str, ...]:
        """The allowed actions that a whole clause asks for, also where a noun is a verb ("we quote"); remembered."""
        if text not in self._asked_by:
            found = self._asks(text)
            if "undo" in found and self._annuls(text):
                found = tuple(name for name in found if name != "undo")
            self._asked_by[text] = found
        return self._asked_by[text]

    def _annuls(self, text: str) -> bool:
        """Whether a clause is to cancel the document itself, and not what its writer decided: "cancel the order"."""
        key = self.key(text).split()
        cancelling = self.speech.triggers["cancel"].within(key)
        return cancelling and self.frames.names_it(text) and len(self.speech.words["politeness"].without(key)) <= _ANNUL

    def _asks(self, text: str) -> tuple[str, ...]:
        key = self.key(text)
        spoken = key.split()
        bare = len(spoken) == 1 and self.speech.words["negations"].begin(spoken)
        if bare and self.speech.words["now"].within(self.speech.tokens(text)):
            return ()  # "not now" turns nothing down
        found = self.speech.asked(key, self.allowed) or self.speech.asked(self.speech.key(text), self.allowed)
        if not found and (mended := self.speech.mended(key)) != key:
            return self.speech.asked(mended, self.allowed)
        return found

    def asks_for(self, text: str) -> bool:
        """Whether a text as a whole asks for an action."""
        return bool(self._asked(text))

    def _opened(self, key: str) -> tuple[str, str] | None:
        found = self.speech.opened(key, self.allowed)
        if found is None or trait(found[0]).kind == "data":
            return None
        return found[0], key[found[1] :]

    def _contrasted(self, clause: str) -> tuple[str, str]:
        """A clause before and from its first "but"."""
        found = self.speech.contrasting.search(clause)
        return (clause[: found.start()], clause[found.end() :]) if found else (clause, "")

    def _joined(self, clause: str) -> list[str]:
        return self.speech.joining.split(clause)[:CLAUSES]

    def _hard(self, text: str) -> bool:
        """Whether a text has a condition that is no mere time and no courtesy."""
        words = self.speech.words
        return words["conditions"].within(words["could"].without(words["temporal"].without(self._spoken(text))))

    def _may_decide(self) -> bool:
        return any(trait(name).kind == "decides" and not trait(name).against for name in self.allowed)

    def _risky(self, clause: str) -> bool:
        return self.speech.risky(self.key(clause).split()) or self.speech.risky(self._spoken(clause))

    def _conditional(self, text: str) -> bool:
        conditions = self.speech.words["conditions"]
        return conditions.within(self.key(text).split()) or conditions.within(self._spoken(text))

    def _spoken(self, text: str) -> list[str]:
        """The words of a clause with its articles, as lists of conditions and doubts are written."""
        return self.speech.words["fillers"].without(self.speech.tokens(text))

    def _trigger(self, tokens: list[str]) -> str:
        for name, words in self.speech.triggers.items():
            if name in self.allowed and words.within(tokens):
                return name
        return ""


def without_dating(text: str, speech: Speech) -> str:
    """A text without the day that a document is called by: "your order 17 dated 20 November"."""
    if not any(map(str.isdigit, text)):
        return text
    for found in speech.dating.finditer(text):
        if end := day_at(text, found.end()):
            return text[: found.start()] + text[end:]
    return text
