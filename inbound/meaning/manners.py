"""What a clause does that is no decision: it sends off, hands over, reassures, asks, mocks, or leaves things."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inbound.meaning.limits import SAID_WORDS
from inbound.meaning.papers import speaks_of_invoice
from inbound.meaning.speech import IT, OTHER, Names, Speech, names_of

_UNPROMISING = (
    *("negations", "conditions", "perhaps", "yet", "delegates", "reports", "others", "retracting", "holding"),
    *("remainder", "obliging", "doubts", "requests", "perfect"),
)
"""What no promise stands beside in its own clause."""
_PLEDGED = 9
"""Words of a clause that is a set phrase of promising, with what stands around it."""


@dataclass(frozen=True, slots=True, eq=False)
class Manners:
    """Tells what the clauses of one language do about one document, beside deciding on it."""

    speech: Speech
    names: Names
    of_lines: Callable[[str], bool]
    drafting: bool = False
    """Whether the document is a draft of the writer's, which only waits to be sent."""
    own_figures: re.Pattern[str] | None = None
    """The quantities of the document's lines, which say nothing new: "the order for 140 people"."""

    @property
    def any_names(self) -> Names:
        """How documents of every kind are called."""
        return names_of(self.speech.source, self.speech.source.nouns, ())

    def tokens(self, clause: str) -> list[str]:
        """The words of a clause, fillers and articles included, the document at hand as `{it}`."""
        return self.speech.referring(self.speech.tokens(clause), self.names)

    def names_it(self, text: str) -> bool:
        """Whether a text calls the document by its noun or number."""
        return IT in self.speech.referring(self.speech.tokens(text), self.names, pronouns=False)

    def has(self, kind: str, tokens: Sequence[str]) -> bool:
        """Whether a word of a list stands among the tokens."""
        return self.speech.words[kind].within(tokens)

    def mocks(self, text: str) -> bool:
        """Whether a mail sounds as if it meant the contrary: "sure, and Santa comes tomorrow"."""
        tokens = self.speech.tokens(text)
        if self.has("mock", tokens):
            return True
        priced = self.speech.lines["price"].within(tokens)
        return priced and self.has("emphatic", tokens)

    def reverts(self, text: str) -> bool:
        """Whether a sentence takes back what was said just before it: "or no, wait", "well, almost"."""
        tokens = self.speech.tokens(text)
        strongly = self.speech.words["reverting"]
        return any(strongly.at(tokens, at) for at in range(min(2, len(tokens))))

    def returns(self, clause: str) -> bool:
        """Whether the supplier is to correct the document: "they must fix the quantity", "please have it corrected"."""
        spoken = self.speech.tokens(clause)
        if "?" in clause or not self.has("correcting", spoken):
            return False
        stops = ("negations", "conditions", "yet", "perhaps", "delegates")
        if any(self.has(kind, spoken) for kind in stops):
            return False
        return any(self.has(kind, spoken) for kind in ("suppliers", "obliging")) or self.speech.words["requests"].begin(
            spoken
        )

    def number_in(self, clause: str) -> str:
        """The number that a clause gives to the document, whatever else it says: "put number F-88 on it"."""
        tokens = self.speech.tokens(clause)
        stops = ("negations", "conditions", "yet", "reports", "perhaps", "contact", "delegates")
        if "?" in clause or any(self.has(kind, tokens) for kind in stops) or self.speech.words["asks"].begin(tokens):
            return ""
        found = []
        for at in range(len(tokens)):
            length = self.speech.words["number_words"].at(tokens, at)
            other = at > 0 and self.speech.words["numbered_else"].at(tokens, at - 1)
            denies = self.speech.lines["deny"].at(tokens, at) and not (at and self.names.nouns.at(tokens, at - 1))
            if (
                length
                and not other
                and not denies
                and len(tokens[at]) > 2
                and at + length < len(tokens)
                and any(map(str.isdigit, tokens[at + length]))
            ):
                found.append(tokens[at + length])
        place = clause.casefold().find(found[0]) if len(found) == 1 else -1
        return clause[place : place + len(found[0])] if place >= 0 else ""

    def bills_all(self, text: str) -> bool:
        """Whether everything is to be invoiced."""
        tokens = self.speech.tokens(text)
        return self.has("billing", tokens) and self.speech.lines["all"].within(tokens)

    def asks_status(self, text: str) -> bool:
        """Whether a question is about how far a document is, or when it is paid."""
        tokens = self.speech.tokens(text)
        plain = self.speech.words["temporal"].without(self.speech.words["asks"].without(tokens))
        if not self.has("statuses", tokens) or any(self.has(kind, plain) for kind in ("conditions", "delegates")):
            return False
        numbered = OTHER in self.speech.referring(tokens, self.any_names, pronouns=False)
        numbered = numbered or any(sum(map(str.isdigit, token)) > 3 for token in tokens)
        return numbered or self.names_it(text) or speaks_of_invoice(text, self.speech)

    def sends(self, clause: str) -> bool:
        """Whether a clause tells us to send a draft off: "then send it to the customer"."""
        tokens = self.speech.tokens(clause)
        around = self.speech.words["sends"].without(tokens)
        if len(around) == len(tokens):
            return False
        if self.has("unchanged", around):
            around = self.speech.words["unchanged"].without(self.speech.words["remainder"].without(around))
        if len(tokens) > SAID_WORDS or "?" in clause or len(around) == len(tokens):
            return False
        stops = ("negations", "conditions", "reports", "yet", "holding", "others", "doubts")
        return not any(self.has(kind, around) for kind in stops) and not (
            self.speech.words["asks"].begin(around) or self.of_lines(clause) or any(map(str.isdigit, clause))
        )

    def holds_sending(self, clause: str) -> bool:
        """Whether a clause says not to send a draft off yet."""
        tokens = self.tokens(clause)
        return self.has("sends", tokens) and self.has("negations", tokens)

    def promises(self, clause: str) -> bool:
        """Whether a clause promises what was ordered: "you'll get it all as requested", "leave it with us"."""
        spoken = self.speech.tokens(clause)
        said = self.speech.words["saying"].at(spoken, 0) if spoken else 0
        spoken = spoken[said:]
        if not spoken or len(spoken) > SAID_WORDS or "?" in clause or any(map(str.isdigit, clause)):
            return False
        if self.has("pledges", spoken) and len(spoken) <= _PLEDGED:
            around = self.speech.words["pledges"].without(spoken)
        else:
            around = self.speech.words["agreed_way"].without(spoken)
            if not self.has("committing", spoken) or not self.has("delivering", around):
                return False
            if len(around) == len(spoken) and not (self.names_it(clause) or IT in self.tokens(clause)):
                return False
        if any(self.has(kind, around) for kind in _UNPROMISING) or self.speech.words["asks"].begin(spoken):
            return False
        return not self.of_lines(clause) and not self.speech.triggers["acknowledge"].within(around)

    def hands_over(self, clause: str) -> bool:
        """Whether a clause speaks to a colleague: it asks another person to look, to decide or to answer."""
        return clause.lstrip().startswith("@") or self.has("delegates", self.speech.tokens(clause))

    def reassures(self, clause: str) -> bool:
        """Whether a clause denies a trouble: "no need to call", "we do not refuse anything"."""
        spoken = self.speech.tokens(clause)
        if self.has("contrasts", spoken):
            return False
        return self.has("reassuring", spoken) or (self.has("settled", spoken) and not self.has("negations", spoken))

    def recalls(self, text: str) -> bool:
        """Whether a sentence recalls what was settled before: "the skip was agreed with me on site"."""
        spoken = self.speech.tokens(text)
        stops = ("negations", "conditions", "retracting", "yet")
        return self.has("settled", spoken) and not any(self.has(kind, spoken) for kind in stops)

    def leaves(self, clause: str) -> bool:
        """Whether a clause leaves lines, or all the rest, as they are: "rest as ordered", "worktops ok"."""
        spoken = self.speech.tokens(clause)
        rest = self.speech.words["remainder"].without(spoken)
        if any(map(str.isdigit, clause)) or "?" in clause or not self.has("unchanged", rest):
            return False
        loose = self.speech.words["unchanged"].without(rest)
        if not any(self.has(kind, loose) for kind in ("negations", "conditions", "doubts", "retracting")):
            everything = self.has("everything", spoken) or self.speech.lines["all"].within(spoken)
            if everything or self.names_it(clause):
                return True
        if self.has("negations", self.speech.words["unchanged"].without(spoken)) or self.has("conditions", spoken):
            return self.has("remainder", spoken) and not self.has("negations", spoken) and len(spoken) <= 5
        return self.has("remainder", spoken) or self.of_lines(clause)
