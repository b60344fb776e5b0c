"""What a sentence asks for: an act, an aside, or something that must hold an act back.

An act counts only where a clause says or performs it. Whatever else the sentence says is an aside, and an aside that
sounds like a condition, a doubt, a refusal or a figure makes the mail's decision a question.
"""

from __future__ import annotations

import re
from typing import Final

from inbound.meaning.asides import Asides
from inbound.meaning.limits import CLAUSES, SAID_WORDS
from inbound.meaning.sentence import Sentence
from inbound.meaning.speech import Speech
from inbound.meaning.text import clauses
from inbound.meaning.wishes import STATUS, Wishes
from templates.phrases import trait
from workflows.actions import Action

_REASON: Final = 8
"""Characters that a sentence must have beside its refusal to be its reason."""
_QUOTED: Final = re.compile(r'"[^"]{2,200}"')
_ASSENTED: Final = ("acknowledge", "confirm", "accept", "approve")
"""What "fine by us" decides."""


class Decider(Wishes, Asides):
    """Reads the sentences of one answer for what they ask."""

    def stands_alone(self, line: str) -> bool:
        """Whether a line is understood by itself: a whole command or a courtesy."""
        key = self.key(line)
        return self._courtesy(line, key) or bool(self._asked(line)) or self._data(Sentence(line), line, key)

    def hear(self, text: str, figures: bool = False) -> Sentence:
        """Understand one sentence; `figures` when what it says about lines has been read already."""
        said = Sentence(text, reverts=self.frames.reverts(text))
        key = self.key(text)
        if "@" in text and self._data(said, text, key):
            return said
        said.yours = "?" in text and self.speech.words["yours"].within(self.speech.tokens(text))
        said.asks = text.rstrip("\"')").endswith("?") or self.speech.words["asks"].begin(key.split())
        if self._whole(said, text) or self._courtesy(text, key):
            said.harmless = not said.acts
            said.meek = self._is_meek(said)
            return self._unless_asked(said, key)
        if self._data(said, text, key):
            return self._unless_asked(said, key)
        if not said.asks and self._excuses(text, key.split()):
            said.harmless = True
            return said
        questioning = text.rstrip("\"')").endswith("?")
        if self._asks_status(text, questioning):
            said.acts.append(Action(STATUS, document=self._document_in(text), heard=text.strip()))
            return said
        if questioning:
            head = self._decided_first(text)
            return self.hear(head, figures) if head else self._question(said, key)
        unknown: list[str] = []
        for begin, end in clauses(text)[:CLAUSES]:
            clause = text[begin:end]
            rest = text[end:].lstrip(" ,:;-()").strip()
            if said.acts and self._is_complement(said, clause):
                said.about, said.acts = text, []
            if self._clause(said, clause, rest, unknown):
                break
        if said.asks and not said.acts:
            return self._question(said, key)
        self._take_number(said, unknown)
        if _only_quoted(said):
            said.acts = []  # 'he wrote "we accept"' reports
        said.meek, said.waits = self._is_meek(said), any(map(self._puts_off, unknown))
        if said.waits and said.meek:
            said.acts = []  # "great, we will get back to you"
            return said
        self._weigh(said, unknown, figures)
        if not (said.acts or said.about or figures) and (self._hinges(text) or self._changes(said)):
            said.about = text
        words = self.speech.words
        changing = words["unchanged"].without(words["assents"].without(self.speech.tokens(text)))
        said.fixes = any(act.name == "confirm" for act in said.acts) and words["correcting"].within(changing)
        said.soft = not said.acts and not self._grave(text)
        if said.soft and self._reminds(self._spoken(text), self.key(text).split()):
            said.assent, said.about = False, ""
        said.favours = not said.acts and self._favours(text)
        said.partial = said.favours and self.frames.of_lines(text) and not self._hard(text)
        if any(self._risky(clause) for clause in unknown):
            held = [act for act in said.acts if act.name == "invoice_all"]
            said.acts = [act for act in said.acts if act.name != "invoice_all"]
            said.about = said.about or (text if held else "")
        return said

    def _unless_asked(self, said: Sentence, key: str) -> Sentence:
        """A sentence without the invoice that it only asks about: "you can bill it?", unlike "can you bill it?"."""
        requested = self.speech.words["asks"].begin(key.split())
        if said.text.rstrip().endswith("?") and not requested and any(act.name == "invoice_all" for act in said.acts):
            said.acts, said.about, said.harmless = [], said.text, False
        return said

    def _decided_first(self, text: str) -> str:
        """The decision before a request to the other person: "confirmed, could you send me the gate code?"."""
        spans = clauses(text)[:CLAUSES]
        if len(spans) < 2 or not self._agrees(text[slice(*spans[0])]):
            return ""
        rest = self.speech.words["contrasts"].without(self._spoken(text[spans[1][0] :].rstrip("?!")))
        rest = self.speech.words["joins"].without(rest[:1]) + rest[1:]
        return text[slice(*spans[0])] if self._bids(" ".join(rest)) else ""

    def _courtesy(self, text: str, key: str) -> bool:
        if not self.speech.is_harmless(key):
            return False
        spans = clauses(text)
        return len(spans) < 2 or not any(self._asked(text[a:b]) for a, b in spans[:CLAUSES])

    def _is_complement(self, said: Sentence, clause: str) -> bool:
        """Whether a clause is what the decision before it was about: "we confirm, that we have moved"."""
        first, _, rest = clause.strip().partition(" ")
        if not self.speech.words["subordinates"].begin(self.speech.tokens(first)):
            return False
        return all(not trait(act.name).against for act in said.acts) and not (
            self._asked(rest) or self.frames.performs(rest, self.allowed)
        )

    def _assented(self, key: str) -> str:
        """What an assent decides here: an invoice is passed by more than a word, "ok" alone is asked about."""
        name = next((one for one in _ASSENTED if one in self.allowed), "")
        return name if name != "approve" or len(key.split()) > 1 else ""

    def _clause(self, said: Sentence, clause: str, rest: str, unknown: list[str]) -> bool:
        """Understand one clause; True when the rest of the sentence is its reason."""
        written, clause = clause, self._turned_down(self._without_particle(clause))
        key = self.key(clause)
        if self.speech.is_harmless(key) and not self._asked(clause):
            return False
        if not self._asked(clause) and self.speech.assents_to(key):
            name = self.frames.performs(clause, self.allowed - self.against)
            if name := name or self._assented(key):
                said.before = said.before or "".join(unknown[:1])
                return self._act(said, name, rest, clause)
            said.assent = True
            return False
        for name in self._asked(clause):
            said.before = said.before or "".join(unknown[:1])
            return self._act(said, name, rest, clause)
        if opened := self._opened(key):
            name, reason = opened
            said.before = said.before or "".join(unknown[:1])
            spoken = reason and not self.speech.words["reasons"].begin(reason.split())
            whole = said.text if spoken else f"{_tail(clause, reason, self.speech)} {rest}".strip()
            return self._act(said, name, whole, clause)
        if self._data(said, clause, key):
            return False
        if refused := self._reason_first(clause):
            name, reason = refused
            said.acts.append(Action(name, reason=reason, heard=said.text))
            if self.speech.words["conditions"].within(self.key(reason).split()):
                said.doubt = said.doubt or reason
            return False
        if "confirm" in self.allowed and (self.frames.sends(clause) or self.frames.sends(written)):
            return self._act(said, "confirm", rest, clause)
        if name := self.frames.performs(clause, self.against) or self._refused_first(clause):
            return self._refused(said, name, rest, unknown)
        head, contrast = self._contrasted(clause)
        if contrast and (name := self.frames.performs(written, self.allowed - self.against)):
            said.before = said.before or "".join(unknown[:1])
            return self._act(said, name, rest, clause)  # "keur maar goed": no contrast
        if contrast and not self._clause(said, head, "", unknown):
            unknown.append(contrast)
            return False
        parts = self._joined(clause)
        first = self.key(parts[0])
        numbered = len(parts) > 1 and self._data(Sentence(clause), parts[0], first)
        if len(parts) > 1 and (numbered or self._asked(parts[0]) or self.speech.is_harmless(first)):
            for part in parts:
                part_key = self.key(part)
                names = self._asked(part)
                if names:
                    self._act(said, names[0], "", part)
                elif not self.speech.is_harmless(part_key) and not self._data(said, part, part_key):
                    self._framed(said, part, "", unknown)
            return False
        return self._framed(said, clause, rest, unknown)

    def _refused(self, said: Sentence, name: str, rest: str, unknown: list[str]) -> bool:
        """Note a refusal whose clause holds words that we do not know: the whole sentence is its reason."""
        reason = said.text.strip() if trait(name).reason else None
        said.acts.append(Action(name, reason=reason, heard=said.text))
        doubted = [one for one in (*unknown, rest) if self._hard(one)]
        said.doubt = said.doubt or "".join(doubted[:1])
        return True

    def _refused_first(self, clause: str) -> str:
        """A refusal before something else that is to be done: "send it back and ask for a credit note"."""
        first, *others = self._joined(clause)
        words = self.speech.words
        kinds = ("negations", "conditions", "contrasts", "retracting", "yet")
        if not others or any(words[kind].within(self._spoken(other)) for kind in kinds for other in others):
            return ""
        return self.frames.performs(first, self.against)

    def _after_work(self, parts: list[str]) -> str:
        """A decision behind what was done for it: "we checked the stock with production and accept the order"."""
        name = self.frames.performs(parts[-1], self.allowed - self.against)
        if not name or not self.frames.names_it(parts[-1]):
            return ""
        words = self.speech.words
        stops = (
            "negations",
            "conditions",
            "retracting",
            "reports",
            "yet",
            "delegates",
            "perhaps",
            "obliging",
            "requests",
        )
        spoken = [self._spoken(part) for part in parts[:-1]]
        stopped = any(words[kind].within(part) for kind in stops for part in spoken)
        return "" if stopped or any(map(str.isdigit, "".join(parts))) else name

    def _without_particle(self, clause: str) -> str:
        """A clause without the small words that some languages end a request with ("verstuur maar")."""
        words = self.speech.words["particles"]
        head, _, last = clause.rstrip(" .!").rpartition(" ")
        tokens = self.speech.tokens(last)
        return (
            head
            if head.strip() and tokens and words.at(tokens, 0) == len(tokens) and not self._asked(clause)
            else clause
        )

    def _framed(self, said: Sentence, clause: str, rest: str, unknown: list[str]) -> bool:
        """Understand a clause that holds words we do not know by its speech act."""
        frames = self.frames
        if name := frames.performs(clause, self.allowed - self.against):
            said.before = said.before or "".join(unknown[:1])
            return self._act(said, name, rest, clause)
        parts = self._joined(clause)
        if len(parts) > 1 and (name := self._after_work(parts)):
            said.before = said.before or "".join(unknown[:1])
            return self._act(said, name, rest, clause)
        if "confirm" in self.allowed and any(map(frames.sends, (clause, *parts))):
            unknown += [part for part in parts if not frames.sends(part) and any(map(str.isdigit, part))]
            return self._act(said, "confirm", rest, clause)
        if frames.hands_over(clause):
            said.handed = True
        elif frames.leaves(clause):
            said.leaves = True
        elif "confirm" in self.allowed and frames.holds_sending(clause):
            said.holds = True
        elif not frames.reassures(clause):
            unknown.append(clause)
        return False

    def _turned_down(self, clause: str) -> str:
        """A clause without its "but" or "that", where a refusal follows: "thank you, but we do not quote"."""
        first, _, rest = clause.strip().partition(" ")
        turns = rest and (
            self.speech.contrasting.match(f" {first} ")
            or self.speech.words["subordinates"].begin(self.speech.tokens(first))
        )
        if not turns:
            return clause
        asked = self._asked(rest) or tuple((self._opened(self.key(rest)) or ("",))[:1])
        return rest if any(name and trait(name).against for name in asked) else clause

    def _reason_first(self, clause: str) -> tuple[str, str] | None:
        """A refusal behind its reason, without a comma: "due to a fire we have to decline"."""
        if not self.speech.words["reasons"].begin(self.speech.tokens(clause)):
            return None
        against = {name for name in self.allowed if trait(name).against}
        gaps = [gap.start() for gap in re.finditer(r"\s+", clause)][1 : SAID_WORDS + 1]
        for gap in gaps:
            if found := self.speech.asked(self.key(clause[gap:]), against):
                return found[0], clause[:gap].strip()
        return None

    def _act(self, said: Sentence, name: str, rest: str, heard: str) -> bool:
        """Note the act; True when it takes the rest of the sentence as its reason."""
        said.clauses.append(heard)
        keeps = bool(trait(name).reason)
        if keeps and self.speech.words["no_answer"].within(self.speech.tokens(heard)):
            said.about = said.text  # "don't take this as a yes"
            return True
        begins = said.text.partition(heard.strip())[0].rstrip()
        if name == "decline" and begins.endswith(":") and self.speech.lines["no_bid"].within(self.speech.tokens(heard)):
            said.about = said.text  # "salt: no bid", where no line is called so
            return False
        if keeps and not rest and len(said.text) > len(heard) + _REASON:
            rest = said.text.strip()
            said.acts.append(Action(name, reason=rest, heard=said.text))
            return False
        spoken = self.key(heard).split()
        bare = len(spoken) == 1 and self.speech.words["negations"].begin(spoken)
        if keeps and bare and any(map(str.isdigit, rest)):
            return False  # "no, it was 20,900" denies a figure and declines nothing
        if keeps and bare and "confirm" in self.allowed and self.frames.holds_sending(rest):
            said.holds = True  # "no, don't send it" holds a draft and declines nothing
            return True
        if keeps and rest:
            if self.speech.words["conditions"].begin(self.key(rest).split()):
                said.doubt = said.doubt or rest
            said.acts.append(Action(name, reason=rest, heard=said.text))
            return True
        said.acts.append(Action(name, heard=heard.strip()))
        said.explicit |= name in self.speech.says and self.speech.says[name].within(self.speech.tokens(heard))
        return False


def _only_quoted(said: Sentence) -> bool:
    """Whether all that a sentence decides stands in quotation marks, beside words that do not."""
    quoted = _QUOTED.findall(said.text)
    outside = re.findall(r"\w+", _QUOTED.sub(" ", said.text))
    clauses = said.clauses or [act.heard for act in said.acts]
    return bool(said.acts and quoted and len(outside) > 1) and all(
        any(clause.strip(' ".,!') in one for one in quoted) for clause in clauses
    )


def _tail(clause: str, key_rest: str, speech: Speech) -> str:
    """The words of a clause from where the rest of its key begins."""
    words = key_rest.split()
    if not words:
        return ""
    first = next((word for word in words if not word.startswith("{")), "")
    for found in re.finditer(r"\S+", clause):
        if first in speech.tokens(found[0])[:1]:
            return clause[found.start() :].strip()
    return clause.strip()
