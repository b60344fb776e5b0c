"""Which speech act a clause is, told by the closed class of its words: who speaks, and what denies, limits or asks.

Nouns, names and places are endless, so they may stand anywhere as long as they are not what the verb is about: "we
confirm the order for the new hall in Lille" performs, "we confirm the meeting" and "Mr Meier confirmed" do not. What
denies, limits, doubts, asks, reports or hands over is a short list in every language, and any of it stops an act.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from inbound.meaning.limits import SAID_WORDS
from inbound.meaning.manners import Manners
from inbound.meaning.speech import IT, OTHER, Speech
from inbound.meaning.spelling import either
from templates.phrases import trait

_STOPS: Final = ("negations", "conditions", "doubts", "reports", "delegates", "yet", "others")
"""What no decision in favour stands beside in its own clause."""
_LIMITS: Final = ("holding", "obliging", "reports", "remainder")
"""What may need the verb itself to be told: "will confirm"."""
_PLAIN: Final = (
    "deem",
    "plain",
    "neutral",
    "articles",
    "fillers",
    "determiners",
    "assents",
    "closings",
    "first_person",
)
_REACH: Final = 7
"""Words that one preposition may stand for: "for the new hall in Lille"."""
_REASON: Final = 3
"""Words of a reason behind the word that begins it."""
_UNKNOWN: Final = 6
"""Words of a clause that may mean anything."""


_THIS_MONTH: Final = re.compile(
    r"(?<!\w)[^\W\d_]{2,4}\s+\d{1,2}\s?(?:c\.\s?m|u\.\s?s|cte|corriente|b\.\s?m)(?!\w)\.?", re.IGNORECASE
)
"""The day of a document in an old manner: "del 4 c.m."."""


@cache
def _unreserved(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.words["unreserved"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Frames(Manners):
    """Tells the speech acts of one language about one document."""

    def performs(self, clause: str, allowed: Collection[str]) -> str:
        """The action that a clause performs though not every word of it is known; empty for none."""
        clause = self._unlimited(clause)
        tokens = self.tokens(clause)
        if not tokens or len(tokens) > SAID_WORDS or OTHER in tokens or "?" in clause:
            return ""
        if "send_back" in allowed and self.returns(clause):
            return "send_back"
        if self.speech.words["asks"].begin(tokens):
            return ""
        if any(map(str.isdigit, "".join(tokens))) and "send_back" not in allowed:
            return ""
        tokens = self._closed_up(tokens)
        bare = self.speech.words["contrasts"].without(self.speech.words["fillers"].without(tokens))
        for name in self.speech.performs:
            if name not in allowed:
                continue
            if any(map(str.isdigit, "".join(tokens))) and name != "send_back":
                continue
            if trait(name).against:
                if any(self._refuses(name, bare, *span, clause) for span in self._spans(name, bare)):
                    return name
            elif any(self._affirms(name, tokens, *span, clause) for span in self._spans(name, tokens)):
                return name
        if "acknowledge" in allowed and self.promises(clause):
            return "acknowledge"
        if "send_back" in allowed and self.returns(clause):
            return "send_back"
        return self._denies(tokens, allowed, clause)

    def _unlimited(self, clause: str) -> str:
        """A clause without "without reservation", and without figures that the document has already."""
        clause = _THIS_MONTH.sub(" ", _unreserved(self.speech).sub(" ", clause))
        return self.own_figures.sub(" ", clause) if self.own_figures is not None else clause

    def _spans(self, name: str, tokens: list[str]) -> list[tuple[int, int]]:
        words = self.speech.performs[name]
        return [(at, at + length) for at in range(len(tokens)) if (length := words.at(tokens, at))]

    def _closed_up(self, tokens: list[str]) -> list[str]:
        """The words with a verb's far part beside it: "keur de factuur goed" as "keur goed de factuur"."""
        words = self.speech.words
        for far in range(2, len(tokens)):
            last = far + 1 == len(tokens) or words["links"].at(tokens, far + 1) or words["reasons"].at(tokens, far + 1)
            if not last or words["separable"].at([tokens[far]], 0) == 0:
                continue
            for at in range(far - 1):
                pair = [tokens[at], tokens[far]]
                if any(said.at(pair, 0) == 2 for said in self.speech.performs.values()):
                    return [*tokens[: at + 1], tokens[far], *tokens[at + 1 : far], *tokens[far + 1 :]]
        return tokens

    def _affirms(self, name: str, tokens: list[str], begin: int, end: int, clause: str) -> bool:
        """Whether the verb at this place is the writer's own, about the document, and nothing limits it."""
        own = self.speech.beside.get(name)
        if any(self.has(kind, self.speech.tokens(clause)) for kind in ("conditions", "perhaps")):
            return False
        around = [*tokens[:begin], *tokens[end:]]
        spoken = self.speech.performs[name].without(self.speech.tokens(clause))
        for words in (own.without(around) if own else around, own.without(spoken) if own else spoken):
            if any(self.has(kind, words) for kind in _STOPS):
                return False
        if any(self.has(kind, tokens) for kind in _LIMITS):
            return False
        if begin and self.speech.words["requests"].begin(tokens) and not self.has("deem", tokens[:begin]):
            return False
        known = self._known(tokens, name)
        before = [at for at in range(begin) if not known[at]]
        after = [at for at in range(end, len(tokens)) if not known[at]]
        if len(before) + len(after) > _UNKNOWN:
            return False
        if begin and self.speech.words["links"].at(tokens, begin - 1):
            return False  # "as agreed"
        if self._subordinates(tokens[end - 1], clause) or self._settles(tokens, begin, end):
            return False
        if before and not (IT in tokens and self._joined_on(tokens, before[-1], begin)):
            return False
        if after and IT not in tokens:
            return False
        if IT in tokens:
            at = tokens.index(IT)
            return at == 0 or at == end or known[at - 1]
        return True

    def _is_by_others(self, tokens: list[str], end: int) -> bool:
        """Whether somebody else is named as the one who did it: "confirmed by Pete"."""
        if end + 1 >= len(tokens) or not self.speech.words["agents"].at(tokens, end):
            return False
        return not any(self.speech.words[kind].at(tokens, end + 1) for kind in ("first_person", "contact"))

    def _subordinates(self, verb: str, clause: str) -> bool:
        """Whether a verb has a clause for its object: "I confirm that we moved"."""
        spoken = self.speech.tokens(clause)
        words = self.speech.words["subordinates"]
        places = [at for at in range(len(spoken) - 2) if spoken[at] == verb]
        return any(words.at(spoken, at + 1) for at in places)

    def _settles(self, tokens: list[str], begin: int, end: int) -> bool:
        """Whether a verb only recalls what was settled before: "as agreed with Bo"."""
        words = self.speech.words["settled"]
        for at in range(begin + 1):
            length = words.at(tokens, at)
            if at + length >= end and length > end - begin and (at < begin or IT not in tokens):
                return True
        return False

    def _joined_on(self, tokens: list[str], last: int, verb: int) -> bool:
        """Whether the verb goes on what the writer did: "we checked the stock and accept"."""
        words = self.speech.words
        return (self.has("subjects", tokens[:last]) or IT in tokens[:last]) and words["joins"].within(tokens[last:verb])

    def _known(self, tokens: list[str], name: str = "") -> list[bool]:
        """Of each token whether it is grammar, or hangs on a preposition."""
        plain = [self.speech.words[kind] for kind in _PLAIN]
        plain += [words for one, words in self.speech.beside.items() if one == name]
        known = [token == IT for token in tokens]
        for at in range(len(tokens)):
            for words in plain:
                for step in range(words.at(tokens, at)):
                    known[at + step] = True
        links = self.speech.words["links"]
        for at in range(len(tokens)):
            if not links.at(tokens, at):
                continue
            for reached in range(at, min(at + _REACH, len(tokens))):
                if tokens[reached] == IT:
                    break
                known[reached] = True
        return known

    def _refuses(self, name: str, tokens: list[str], begin: int, end: int, clause: str) -> bool:
        """Whether the verb at this place turns the whole document down; what follows it is its reason."""
        before, after = tokens[:begin], tokens[end:]
        kinds: tuple[str, ...] = ("delegates", "yet") if name == "undo" else ("reports", "delegates", "yet")
        kinds = ("reports", "yet") if name == "send_back" and self.speech.words["requests"].begin(tokens) else kinds
        if self.has("negations", before) or any(self.has(kind, tokens) for kind in kinds):
            return False
        spoken = self.speech.tokens(clause)
        first = self.speech.words["temporal"].without(before)  # "we are full until May, so we have to pass"
        conditional = self.has("conditions", first) or self.has("conditions", [*tokens[begin:end], *after])
        if conditional or self.has("perhaps", spoken) or clause.lstrip().startswith("@"):
            return False
        denying = self.speech.lines["deny"]
        if not denying.within(tokens[begin:end]) and self.speech.lines["deny"].within(self._before_reason(after)):
            return False  # "wij weigeren de bestelling niet"
        if end - begin == 1 and self._is_others(tokens, begin, clause):
            return False
        if any(self.has(kind, [*before, *after]) for kind in ("others", "remainder")):
            return False
        if self.of_lines(clause) or self.has("contrasts", after):
            return False
        known = self._known(tokens)
        if end - begin > 1 or not after:
            return True
        return IT in tokens or known[end]

    def _before_reason(self, tokens: list[str]) -> list[str]:
        reason = self._first("reasons", tokens)
        return tokens[:reason] if reason is not None else tokens

    def _is_others(self, tokens: list[str], begin: int, clause: str) -> bool:
        """Whether a verb has a subject that is not the writer: "the carrier refused it"."""
        before = tokens[:begin]
        if (
            (IT in before and self.names_it(clause))
            or self.has("subjects", tokens)
            or self.speech.words["reasons"].begin(tokens)
        ):
            return False
        known = self._known(tokens)
        obliged = self._marked(tokens, ("obliging", "first_person", "negations"))
        return any(not known[at] and not obliged[at] for at in range(begin))

    def _denies(self, tokens: list[str], allowed: Collection[str], clause: str) -> str:
        """A whole document turned down by denying its verb: "we can not deliver the order", "we shall not quote"."""
        if not self.has("negations", tokens) or self.of_lines(clause):
            return ""
        if any(self.has(kind, tokens) for kind in ("conditions", "reports", "delegates", "yet", "others", "remainder")):
            return ""
        if self.has("reassuring", tokens) or self.has("contrasts", tokens):
            return ""
        verb = self._first("fulfil", tokens)
        if "refuse" in allowed and IT in tokens and verb is not None and not self._subordinates(tokens[verb], clause):
            denied = self.speech.lines["deny"].within(tokens[max(0, verb - 4) : verb + 2])
            return "refuse" if denied else ""
        if "decline" in allowed and not self.drafting and (begin := self._first("taking_part", tokens)) is not None:
            known = self._known(tokens)
            marked = self._marked(tokens, ("negations", "taking_part", "obliging", "supply", "first_person"))
            why = self._reasoned(tokens)
            loose = [at for at in range(len(tokens)) if not known[at] and not marked[at] and not why[at]]
            if not [at for at in loose if at < begin or IT not in tokens]:
                return "decline"
        return ""

    def _reasoned(self, tokens: list[str]) -> list[bool]:
        """Of each token whether it tells a reason: "aus Kapazitätsgründen"."""
        words = self.speech.words["reasons"]
        begins = [at for at in range(len(tokens)) if words.at(tokens, at)]
        return [any(at <= one <= at + _REASON for at in begins) for one in range(len(tokens))]

    def _first(self, kind: str, tokens: list[str]) -> int | None:
        words = self.speech.words[kind]
        return next((at for at in range(len(tokens)) if words.at(tokens, at)), None)

    def _marked(self, tokens: list[str], kinds: Sequence[str]) -> list[bool]:
        lists = [self.speech.words[kind] if kind in self.speech.words else self.speech.lines[kind] for kind in kinds]
        marks = [False] * len(tokens)
        for at in range(len(tokens)):
            for words in lists:
                for step in range(words.at(tokens, at)):
                    marks[at + step] = True
        return marks
