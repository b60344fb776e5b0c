"""What a sentence asks for by phrase: an act, an aside, or something that must hold an act back.

An act counts only where a whole clause says it. Whatever else the sentence says is an aside, and an aside that sounds
like a condition, a doubt, a refusal or a figure makes the mail's decision a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from inbound.meaning.days import day_at
from inbound.meaning.frames import Frames
from inbound.meaning.limits import CLAUSES, SAID_WORDS
from inbound.meaning.speech import OTHER, Names, Speech, names_of
from inbound.meaning.text import clauses
from templates.phrases import trait
from workflows.actions import Action, Situation

_ADDRESS: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_CODE: Final = re.compile(r"(?<!\w)(?:[A-Z]{1,5}-?\d|[A-Z]{2,5} \d{3})[\w/-]*")
_REFERENCE: Final = 3
"""Words of a clause that is nothing but a reference."""
_REASON: Final = 8
"""Characters that a sentence must have beside its refusal to be its reason."""
_PHONE: Final = re.compile(r"(?<![\w.,])\+?\(?\d{2,5}\)?(?:[ /.-]\d{2,5}){2,5}(?![\w.,]\d)")
_STATUS: Final = "status"
_NUMBER: Final = re.compile(r"[^\s,;()]*\d[^\s,;()]*")


@dataclass(slots=True)
class Sentence:
    """What one sentence said. `doubt` is why no decision may be taken beside it; `about` names a half-said action."""

    text: str
    acts: list[Action] = field(default_factory=list)
    doubt: str = ""
    before: str = ""
    assent: bool = False
    about: str = ""
    harmless: bool = False
    asks: bool = False
    handed: bool = False
    holds: bool = False
    leaves: bool = False
    soft: bool = False
    touched: bool = False
    yours: bool = False
    favours: bool = False
    explicit: bool = False


class Decider:
    """Reads the sentences of one answer for what they ask."""

    def __init__(
        self,
        speech: Speech,
        situation: Situation,
        names: Names,
        of_lines: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.speech = speech
        self.frames = Frames(speech, names, of_lines, drafting="confirm" in situation.steps)
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
            self._asked_by[text] = self._asks(text)
        return self._asked_by[text]

    def _asks(self, text: str) -> tuple[str, ...]:
        key = self.key(text)
        found = self.speech.asked(key, self.allowed) or self.speech.asked(self.speech.key(text), self.allowed)
        if not found and (mended := self.speech.mended(key)) != key:
            return self.speech.asked(mended, self.allowed)
        return found

    def asks_for(self, text: str) -> bool:
        """Whether a text as a whole asks for an action."""
        return bool(self._asked(text))

    def stands_alone(self, line: str) -> bool:
        """Whether a line is understood by itself: a whole command or a courtesy."""
        key = self.key(line)
        return self._courtesy(line, key) or bool(self._asked(line)) or self._data(Sentence(line), line, key)

    def hear(self, text: str, figures: bool = False) -> Sentence:
        """Understand one sentence; `figures` when what it says about lines has been read already."""
        said = Sentence(text)
        key = self.key(text)
        if "@" in text and self._data(said, text, key):
            return said
        said.yours = "?" in text and self.speech.words["yours"].within(self.speech.tokens(text))
        said.asks = text.rstrip("\"')").endswith("?") or self.speech.words["asks"].begin(key.split())
        if self._whole(said, text) or self._courtesy(text, key):
            said.harmless = not said.acts
            return said
        if self._data(said, text, key):
            return said
        if text.rstrip("\"')").endswith("?"):
            if "status" in self.allowed and self.frames.asks_status(text):
                number = _NUMBER.search(text)
                document = number[0].rstrip("?.!") if number else None
                said.acts.append(Action(_STATUS, document=document, heard=text.strip()))
                return said
            return self._question(said, key)
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
        self._weigh(said, unknown, figures)
        said.soft = not said.acts and not self._grave(text)
        said.favours = not said.acts and self._favours(text)
        if any(self._risky(clause) for clause in unknown):
            held = [act for act in said.acts if act.name == "invoice_all"]
            said.acts = [act for act in said.acts if act.name != "invoice_all"]
            said.about = said.about or (text if held else "")
        return said

    def _courtesy(self, text: str, key: str) -> bool:
        if not self.speech.is_harmless(key):
            return False
        spans = clauses(text)
        return len(spans) < 2 or not any(self._asked(text[a:b]) for a, b in spans[:CLAUSES])

    def _take_number(self, said: Sentence, unknown: list[str]) -> None:
        """Take the number that a draft is given beside what else is said: "put number F-88 on it and send"."""
        drafting = {"invoice_number", "confirm"} <= self.allowed
        if not drafting or any(act.name == "invoice_number" for act in said.acts):
            return
        if number := self.frames.number_in(said.text):
            name = (
                "invoice_all"
                if self.frames.bills_all(said.text) and "invoice_all" in self.allowed
                else "invoice_number"
            )
            said.acts.append(Action(name, number=number, heard=said.text))
            unknown[:] = [clause for clause in unknown if number not in clause]

    def _is_complement(self, said: Sentence, clause: str) -> bool:
        """Whether a clause is what the decision before it was about: "we confirm, that we have moved"."""
        first, _, rest = clause.strip().partition(" ")
        if not self.speech.words["subordinates"].begin(self.speech.tokens(first)):
            return False
        return all(not trait(act.name).against for act in said.acts) and not (
            self._asked(rest) or self.frames.performs(rest, self.allowed)
        )

    # ---- clauses -----------------------------------------------------------------------------------------------------

    def _clause(self, said: Sentence, clause: str, rest: str, unknown: list[str]) -> bool:
        """Understand one clause; True when the rest of the sentence is its reason."""
        clause = self._turned_down(self._without_particle(clause))
        key = self.key(clause)
        if self.speech.is_harmless(key):
            return False
        if not self._asked(clause) and self.speech.assents_to(key):
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
        if "confirm" in self.allowed and self.frames.sends(clause):
            return self._act(said, "confirm", rest, clause)
        if name := self.frames.performs(clause, self.against):
            return self._refused(said, name, rest, unknown)
        head, contrast = self._contrasted(clause)
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

    def _opened(self, key: str) -> tuple[str, str] | None:
        found = self.speech.opened(key, self.allowed)
        if found is None or trait(found[0]).kind == "data":
            return None
        return found[0], key[found[1] :]

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

    def _contrasted(self, clause: str) -> tuple[str, str]:
        """A clause before and from its first "but"."""
        found = self.speech.contrasting.search(clause)
        return (clause[: found.start()], clause[found.end() :]) if found else (clause, "")

    def _joined(self, clause: str) -> list[str]:
        return self.speech.joining.split(clause)[:CLAUSES]

    def _act(self, said: Sentence, name: str, rest: str, heard: str) -> bool:
        """Note the act; True when it takes the rest of the sentence as its reason."""
        keeps = bool(trait(name).reason)
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
        if keeps and rest:
            if self.speech.words["conditions"].begin(self.key(rest).split()):
                said.doubt = said.doubt or rest
            said.acts.append(Action(name, reason=rest, heard=said.text))
            return True
        said.acts.append(Action(name, heard=heard.strip()))
        said.explicit |= name in self.speech.says and self.speech.says[name].within(self.speech.tokens(heard))
        return False

    # ---- wishes and figures that no decision hangs on ----------------------------------------------------------------

    def _whole(self, said: Sentence, text: str) -> bool:
        key_of_any = " ".join(
            "{it}" if token == OTHER or any(map(str.isdigit, token)) else token
            for token in self.speech.key(text, self.any_names).split()
        )
        for name in self._asked(text) or self.speech.asked(f"{key_of_any} ", self.allowed & {"status"}):
            if said.asks and text.rstrip().endswith("?") and trait(name).kind == "decides" and name != "undo":
                continue
            document = None
            if name == "status" and (number := _NUMBER.search(text)):
                document = number[0].rstrip("?.!")
            said.acts.append(Action(name, document=document, heard=text.strip()))
            said.explicit |= name in self.speech.says and self.speech.says[name].within(self.speech.tokens(text))
            return True
        return False

    def _data(self, said: Sentence, text: str, key: str) -> bool:
        """Invitations, and an invoice with its number: what carries data and is no line."""
        plain = self.speech.key(text)
        if "invite" in self.allowed and "@" in text and self._invites(text, plain):
            addresses = dict.fromkeys(_ADDRESS.findall(text))
            said.acts += [Action("invite", address=address.rstrip("."), heard=text.strip()) for address in addresses]
            if addresses:
                return True
        if "invoice_all" in self.allowed:
            whole = self.speech.whole["invoice_all"]
            for candidate in (key, plain):
                found = whole.match(candidate)
                if found and (number := self._number(candidate[found.end() :], text)):
                    said.acts.append(Action("invoice_all", number=number, heard=text.strip()))
                    return True
        number = self._number(plain, text) if "invoice_number" in self.allowed else None
        if number:
            said.acts.append(Action("invoice_number", number=number, heard=text.strip()))
            return True
        return False

    def _invites(self, text: str, plain: str) -> bool:
        """Whether an invitation is asked for, before the address or around it."""
        around = self.speech.key(_ADDRESS.sub(" ", text))
        if any(self.speech.opened(key, {"invite"}) is not None for key in (plain, around)):
            return True
        tokens = around.split()
        stops = ("negations", "conditions", "reports", "yet", "delegates")
        return self.speech.words["invites"].within(tokens) and not any(
            self.speech.words[kind].within(tokens) for kind in stops
        )

    def _number(self, key: str, text: str) -> str | None:
        """The invoice number that a key names ("no 22914"), as it was written; None if it says anything else too."""
        head, _, last = key.rstrip().rpartition(" ")
        if not any(c.isdigit() for c in last) or self.speech.opens["invoice_number"].fullmatch(head + " ") is None:
            return None
        position = text.casefold().rfind(last)
        return text[position : position + len(last)] if position >= 0 else last

    # ---- what holds back ---------------------------------------------------------------------------------------------

    def _question(self, said: Sentence, key: str) -> Sentence:
        tokens = key.split()
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
        return said

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
            if figures and self.speech.lines["no_bid"].within(self.speech.tokens(clause)):
                continue
            if figures and self._is_read(clause):
                continue
            conditional = self._conditional(clause)
            touching = bool(said.acts) and self.speech.words["offending"].within(tokens)
            if (
                conditional
                or (not against and touching and not figures)
                or (not against and self._doubtful(clause, tokens, figures))
            ):
                said.doubt = said.doubt or clause.strip()
        names = {act.name for act in said.acts}
        if _STATUS in names and len(names) > 1:
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

    def _hard(self, text: str) -> bool:
        """Whether a text has a condition that is no mere time and no courtesy."""
        words = self.speech.words
        return words["conditions"].within(words["could"].without(words["temporal"].without(self._spoken(text))))

    def _grave(self, text: str) -> bool:
        """Whether a sentence that asks for nothing may still limit a decision in another sentence of the mail."""
        words, spoken, key = self.speech.words, self._spoken(text), self.key(text).split()
        if self.frames.reassures(text):
            return False
        if words["retracting"].within(spoken):
            return True
        if self._favours(text) and not (self._hard(text) or any(map(str.isdigit, text))):
            return False
        relates = (
            self.frames.names_it(text)
            or bool(self._trigger(key))
            or any(words[kind].within(spoken) for kind in ("offending", "paying"))
            or self.frames.of_lines(text)
        )
        if words["contact"].within(spoken) and not relates and not self._favours(text):
            return False
        if any(map(str.isdigit, _PHONE.sub(" ", text))) and (
            relates or "approve" in self.allowed or self.speech.lines["price"].within(spoken)
        ):
            return True
        if not self._risky(text):
            return False
        begins = words["negations"].begin(spoken) or words["conditions"].begin(spoken)
        return self._hard(text) or relates or len(spoken) <= 3 or begins

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
        return trait(trigger).against and thinking

    def _mere(self, clause: str) -> bool:
        """Whether a clause before a refusal is no condition and speaks of no other act: "I am sorry, ..."."""
        tokens = self.key(clause).split()
        return not (self.speech.words["conditions"].within(tokens) or self._trigger(tokens))

    def _elsewhere(self, text: str) -> bool:
        """Whether a short command asks for something that is not open here, where something else could be decided."""
        key = self.key(text)
        if self.speech.words["sorry"].without(self.speech.tokens(text)) == []:
            return False
        return len(key.split()) <= 3 and bool(self.speech.asked(key, self.speech.whole.keys() - self.allowed))

    def _may_decide(self) -> bool:
        return any(trait(name).kind == "decides" and not trait(name).against for name in self.allowed)

    def _doubtful(self, clause: str, tokens: list[str], figures: bool) -> bool:
        if self._risky(clause) or OTHER in tokens:
            return True
        if figures:
            return False
        return any(c.isdigit() for c in self._without_references(clause)) or (
            "@" in clause and not _ADDRESS.search(clause)
        )

    def _without_references(self, clause: str) -> str:
        """A clause without telephone numbers and the numbers of the writer's own papers: "our ref. 2026/118"."""
        clause = _CODE.sub(" ", _PHONE.sub(" ", clause))
        words = clause.split()
        if len(words) <= _REFERENCE and self.speech.words["number_words"].begin(self.speech.tokens(clause)):
            return ""
        return clause

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
