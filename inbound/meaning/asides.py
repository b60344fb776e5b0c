"""What a sentence says beside a decision: an aside, or a condition, a doubt or a figure that must hold it back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from inbound.meaning.limits import CLAUSES
from inbound.meaning.listening import Listener
from inbound.meaning.sentence import Sentence
from inbound.meaning.speech import OTHER
from inbound.meaning.text import clauses
from inbound.meaning.wishes import ADDRESS, STATUS
from templates.phrases import trait

_CODE: Final = re.compile(r"(?<!\w)(?:[A-Z]{1,5}-?\d|[A-Z]{2,5} \d{3})[\w/-]*")
_PHONE: Final = re.compile(
    r"(?<![\w.,])\+?\(?\d{2,5}\)?(?:(?:[ /.-]\d{2,5}){2,5}|[ /-]\d{6,8})(?![\w.,]\d)|(?<![\w.,])\+?\d{9,12}(?![\w.,]\d)"
)
_AMOUNT: Final = re.compile(
    r"(?<![\w.,:/-])\d{1,6}[.,]\d{2}(?![\d.,:/]|\s?(?:%|h\b|uhr\b))|[€$£]\s?\d|\d\s?[€$£]", re.IGNORECASE
)
"""What is written as an amount of money is."""
_BY_BUYERS: Final = "approve"
"""What a supplier can only ask the buyer for."""
_REFERENCE: Final = 3
"""Words of a clause that is nothing but a reference."""


class Asides(Listener):
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

    def _weigh(self, said: Sentence, unknown: list[str], figures: bool) -> None:
        """Tell whether what was not understood is an aside or a reason to ask."""
        against = bool(said.acts) and all(trait(act.name).against for act in said.acts)
        if said.before and against and self.speech.words["reasons"].begin(self.speech.tokens(said.before)):
            said.acts = [act if act.reason else replace(act, reason=said.before.strip()) for act in said.acts]
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
        if any(map(str.isdigit, self._new_figures(_PHONE.sub(" ", text)))) and (
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
        amount = _AMOUNT.search(_PHONE.sub(" ", said.text)) is not None
        return said.leaves or (amount and (dearer or self._grave(said.text)))

    def _hangs(self, text: str, spoken: list[str]) -> bool:
        """Whether a sentence would do what is asked for, and on a condition: "we would deliver once that is paid"."""
        words = self.speech.words
        kinds = ("fulfil", "delivering", "taking_part", "sends", "pledges", "committing")
        kinds = ("paying", "assents") if "approve" in self.allowed else kinds
        stops = ("holding", "putting_off", "contact", "courtesies", "reports", "reminders", "delegates")
        doing = any(words[kind].within(spoken) for kind in kinds)
        return doing and not any(words[kind].within(spoken) for kind in stops) and "?" not in text

    def _is_read(self, clause: str) -> bool:
        """Whether a clause has been read for its figures, and takes nothing back."""
        takes_back = self._hard(clause) or self.speech.words["retracting"].within(self._spoken(clause))
        return not takes_back and (any(map(str.isdigit, clause)) or self.frames.of_lines(clause))

    def _favours(self, text: str) -> bool:
        """Whether a sentence holds the word for a decision in favour, and does not deny it."""
        spoken = self._spoken(text)
        words = (self.speech.says[name] for name in self.allowed - self.against if name in self.speech.says)
        return any(one.within(spoken) for one in words) and not self.speech.words["negations"].within(spoken)

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

    def _puts_off(self, clause: str) -> bool:
        """Whether a clause puts the answer off: "we will come back to you"; not a day, as in "when it is sent"."""
        tokens = self.speech.tokens(clause)
        return self.speech.words["putting_off"].within(tokens) and not self._conditional(clause)

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
        clause = _CODE.sub(" ", _PHONE.sub(" ", clause))
        words = clause.split()
        if len(words) <= _REFERENCE and self.speech.words["number_words"].begin(self.speech.tokens(clause)):
            return ""
        return clause
