"""What a sentence says beside a decision: an aside, or a condition, a doubt or a figure that must hold it back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from inbound.meaning.bearing import PHONE, Bearing
from inbound.meaning.limits import CLAUSES
from inbound.meaning.sentence import Sentence
from inbound.meaning.speech import OTHER
from inbound.meaning.text import clauses
from inbound.meaning.wishes import ADDRESS, STATUS
from templates.phrases import trait

_CODE: Final = re.compile(r"(?<!\w)(?:[A-Z]{1,5}-?\d|[A-Z]{2,5} \d{3})[\w/-]*")
_BY_BUYERS: Final = "approve"
"""What a supplier can only ask the buyer for."""
_REFERENCE: Final = 3
"""Words of a clause that is nothing but a reference."""
_TIMED = 3
"""Words of a clause that only says when: "for next Monday"."""


class Asides(Bearing):
    """Tells what of a sentence must hold a decision back."""

    def _question(self, said: Sentence, key: str) -> Sentence:
        tokens = key.split()
        said.handed = self.frames.hands_over(said.text)
        if any(trait(name).kind == "decides" for name in self._asked(said.text)):
            said.about = said.text  # "Approved?"
            return said
        spans = clauses(said.text)[:CLAUSES]
        if len(spans) > 1 and any(self._agrees(said.text[a:b]) for a, b in spans[:-1]):
            said.about = said.text  # "ok, let us go, but is it the same?"
            return said
        conditional = not said.text.rstrip("\"')").endswith("?") and self._conditional(said.text)
        if conditional or self.speech.words["offending"].within(tokens) or self._trigger(tokens):
            said.doubt = said.text
        figured = any(map(str.isdigit, said.text))
        if figured and self._may_decide() and (self.frames.of_lines(said.text) or self._denied(said.text)):
            said.doubt = said.text  # "confirmed. Were the hours not 7?"
        return said

    def _denied(self, text: str) -> bool:
        """Whether a question asks if something is not otherwise: "wasn't it 7?"."""
        return self.speech.lines["deny"].within(self._spoken(text))

    def _agrees(self, clause: str) -> bool:
        """Whether a clause decides in favour of something."""
        names = (*self._asked(clause), self.frames.performs(clause, self.allowed - self.against))
        return any(name and trait(name).kind == "decides" and not trait(name).against for name in names)

    def _is_time(self, clause: str) -> bool:
        """Whether a clause names a day and nothing else."""
        named = self.speech.spoken_days.search(clause) is not None or any(map(str.isdigit, clause))
        return named and len(self.speech.tokens(clause)) <= _TIMED

    def _weigh(self, said: Sentence, unknown: list[str], figures: bool) -> None:
        """Tell whether what was not understood is an aside or a reason to ask."""
        against = bool(said.acts) and all(trait(act.name).against for act in said.acts)
        if said.before and against and self.speech.words["reasons"].begin(self.speech.tokens(said.before)):
            said.acts = [act if act.reason else replace(act, reason=said.before.strip()) for act in said.acts]
        elif said.before and against and self._is_time(said.before):
            said.doubt = said.doubt or said.before  # "for Monday, it's a no"
        elif said.before and not figures and not against and self._foreign(said.before):
            said.doubt = said.doubt or said.before
        for clause in unknown:
            tokens = self.key(clause).split()
            if self.frames.recalls(clause) or self.speech.words["courtesies"].begin(self.speech.tokens(clause)):
                continue
            if not self.speech.words["sorry"].without(self.speech.tokens(clause)):
                continue  # "sorry, I was away"
            if figures and self.speech.lines["no_bid"].within(self.speech.tokens(clause)):
                continue
            if figures and (self._is_read(clause) or not self.speech.words["nearly"].without(tokens)):
                continue  # "almost: the screws are 190"
            conditional = self._conditional(clause)
            quoting = any(act.name == "accept" for act in said.acts)  # "count us in, prices to follow"
            touching = bool(said.acts) and not quoting and self._offends(tokens)
            if (
                conditional
                or (not against and touching and not figures)
                or (not against and self._doubtful(clause, tokens, figures))
            ):
                said.doubt = said.doubt or clause.strip()
        names = {act.name for act in said.acts}
        if STATUS in names and len(names) > 1:
            said.doubt = said.doubt or said.text  # "status: approved" reports, and decides nothing
        if said.acts and said.handed:
            said.doubt = said.doubt or said.text
        if said.acts:
            short = [clause for clause in unknown if len(self.key(clause).split()) <= 2]
            bare = (
                []
                if against
                else [act for act in said.acts if self.speech.words["imperatives"].begin(self.key(act.heard).split())]
            )
            bare = [act for act in bare if act.name != "confirm"]  # "please submit" is asked of us
            if short and bare and not figures:
                said.doubt = said.doubt or short[0].strip()
            return
        tokens = self.key(said.text).split()
        if said.handed or (said.holds and not said.assent) or (said.leaves and not unknown):
            return
        if said.assent or any(self._elsewhere(clause) for clause in (said.text, *unknown)):
            said.about = said.text if self._may_decide() else ""
            return
        trigger = self._trigger(tokens)
        if not trigger or figures:
            return
        if trait(trigger).kind == "data":
            said.about = trigger
            return
        if self.frames.recalls(said.text):
            return
        if self.speech.words["negations"].within(tokens):
            said.about = "" if self._undecided(trigger, tokens) else trigger
            return
        requesting = self.speech.words["requests"].begin(tokens)
        if requesting:
            length = self.speech.words["requests"].at(tokens, 0)
            bare_key = "".join(token + " " for token in tokens[length:])
            if self.speech.asked(bare_key, self.allowed):
                said.about = trigger
            return
        if self.speech.words["holding"].within(tokens) and not self.speech.words["conditions"].within(tokens):
            return
        said.about = trigger

    def _excuses(self, text: str, key: list[str]) -> bool:
        """Whether a sentence excuses a late answer and says nothing else: "sorry that I reply only now"."""
        words, spoken = self.speech.words, self.speech.tokens(text)
        if not words["sorry"].begin(spoken) or self._trigger(key) or any(map(str.isdigit, text)):
            return False
        why = words["sorry"].without(spoken)
        rest = words["excuses"].without(why)
        kinds = ("retracting", "yet", "paying", "offending", "negations")
        excused = len(rest) < len(why) and not any(words[kind].within(rest) for kind in kinds)
        return excused and not self.frames.of_lines(text) and not self.frames.names_it(text)

    def _is_read(self, clause: str) -> bool:
        """Whether a clause has been read for its figures, and takes nothing back."""
        takes_back = self._hard(clause) or self.speech.words["retracting"].within(self._spoken(clause))
        return not takes_back and (any(map(str.isdigit, clause)) or self.frames.of_lines(clause))

    def _foreign(self, clause: str) -> bool:
        """Whether a clause before a decision may say whose it is, or speaks of another one."""
        tokens = self.key(clause).split()
        if any(self.speech.words[kind].within(tokens) for kind in ("reports", "delegates")):
            return True
        agreed = self.speech.words["assents"].within(tokens) and not self.speech.risky(tokens)
        return bool(self._trigger(tokens)) and not agreed

    def _undecided(self, trigger: str, tokens: list[str]) -> bool:
        """Whether a denied decision is none yet: "not refusing, only thinking"."""
        spoken = [*tokens]
        thinking = self.speech.words["yet"].within(spoken) or self.speech.words["reassuring"].within(spoken)
        return (trait(trigger).against and thinking) or self.speech.words["yet"].within(spoken)

    def _mere(self, clause: str) -> bool:
        """Whether a clause before a refusal is no condition and speaks of no other act: "I am sorry, ..."."""
        tokens = self.key(clause).split()
        return not (self.speech.words["conditions"].within(tokens) or self._trigger(tokens))

    def _elsewhere(self, text: str) -> bool:
        """Whether a short command asks for something that is not open here, where something else could be decided."""
        key = self.key(text)
        if self.speech.words["sorry"].without(self.speech.tokens(text)) == [] or len(key.split()) > 3:
            return False
        found = self.speech.asked(key, self.speech.whole.keys() - self.allowed)
        return bool(found) and not (self.situation.role == "supplier" and self._bids_pay(found, text))

    def _bids_pay(self, found: tuple[str, ...], text: str) -> bool:
        """Whether a supplier asks the buyer for what buyers do: "please pay", "please approve"."""
        tokens = self.speech.tokens(text)
        asked = any(self.speech.words[kind].within(tokens) for kind in ("requests", "paying", "politeness"))
        return found == (_BY_BUYERS,) and asked

    def _offends(self, tokens: list[str]) -> bool:
        """Whether words beside a decision touch what it is about; "already" and "right" only where money is owed."""
        price = self.speech.lines["price"].within(tokens) or self.speech.words["paying"].within(tokens)
        touched = self.speech.words["offending"].within(self.speech.words["assents"].without(tokens))
        return touched and (price or "acknowledge" not in self.allowed)

    def _is_meek(self, said: Sentence) -> bool:
        """Whether a sentence agrees by no more than a courtesy: "great", and not "great, works for us"."""
        assents = self.speech.assents_to
        agreed = all(assents(self.key(act.heard)) for act in said.acts) if said.acts else said.assent
        tokens = self.speech.tokens(said.text)
        more = any(self.speech.words[kind].within(tokens) for kind in ("pledges", "fulfil"))
        return agreed and not more and not self._favours(said.text)

    def _doubtful(self, clause: str, tokens: list[str], figures: bool) -> bool:
        if (
            self._risky(clause)
            or OTHER in tokens
            or self.speech.words["putting_off"].within(self.speech.tokens(clause))
        ):
            return True
        if figures:
            return False
        return any(c.isdigit() for c in self._without_references(clause)) or (
            "@" in clause and not ADDRESS.search(clause)
        )

    def _without_references(self, clause: str) -> str:
        """A clause without telephone numbers and the numbers of the writer's own papers: "our ref. 2026/118"."""
        clause = _CODE.sub(" ", PHONE.sub(" ", clause))
        words = clause.split()
        if len(words) <= _REFERENCE and self.speech.words["number_words"].begin(self.speech.tokens(clause)):
            return ""
        return clause
