"""What an answer says about single lines: prices, quantities, days, "no bid", by number, by text or in a filled table.

A piece of text is cut into parts that each name their lines; a part whose figures are not all accounted for is asked
about as a whole, never half taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

from inbound.meaning.by_figures import Said, figures_in, line_by_old_figure, said_of, without_own_figures
from inbound.meaning.clearing import Clearing, together, without_phones
from inbound.meaning.days import Habits
from inbound.meaning.figures import Figures, read_figures, with_cents, with_digits
from inbound.meaning.items import units_of
from inbound.meaning.likeness import grammar_words
from inbound.meaning.limits import ROWS
from inbound.meaning.naming import PRICED, LineNames, Part, stem
from inbound.meaning.nearness import is_near, nearer
from inbound.meaning.papers import without_papers
from inbound.meaning.pricing import base_of_all, per_many, priced
from inbound.meaning.rows import typed_in
from inbound.meaning.settling import like
from inbound.meaning.speech import Speech, names_of
from inbound.meaning.spelling import either
from workflows.actions import Action, KnownLine, Question, Situation

_POINT: Final = re.compile(r"(?<![\w.,])(?=[.,]\d{2}(?!\d))")
"""Where a price has no figure before its mark: ".62"."""
_BOTH: Final = 2
"""Lines of a document of which people say "both"."""
STRAY: Final = "stray"
"""What a price by a name that no line has is asked about: only where a line is left without one."""
_DOLLARS: Final = frozenset({"AUD", "CAD", "HKD", "MXN", "NZD", "SGD"})
"""Currencies that their people write "$", too."""
_COUNTED: Final = re.compile(r"(?<![\w.,])(\d+) ([^\W\d_]{4,})")


@dataclass(frozen=True, slots=True)
class LinesHeard:
    """What was understood of a piece of text; `touched` when it was about lines at all."""

    actions: tuple[Action, ...] = ()
    questions: tuple[Question, ...] = ()
    touched: bool = False
    unknown: bool = False
    """Whether it names a line that the document does not have."""


class LineReader(Clearing):
    """Reads pieces of one answer against the lines of the document that it is about."""

    def __init__(
        self,
        speech: Speech,
        situation: Situation,
        habits: Habits,
        invoicing: bool,
        receiving: bool = False,
        answer: str = "",
    ) -> None:
        """Take what is known before the first piece; *answer* is the whole text, for what it says of all its prices."""
        self.speech = speech
        self.situation = situation
        self.habits = habits
        self.invoicing = invoicing
        self.receiving = receiving and "received_line" in situation.steps
        self.active = bool(situation.steps & {"quote_line", "counter_line", "invoice_line", "set_delivery", "no_bid"})
        self.active = self.active or self.receiving
        self._said: Said | None = None
        drafted = situation.name == "proposal_draft"
        self._offer = names_of(speech.source, ("proposal",), ()).nouns if drafted else None
        self._offers = names_of(speech.source, ("proposal",), ()).nouns
        self._base = base_of_all(answer, speech) if "quote_line" in situation.steps else 1
        named = situation.document if situation.document and len(situation.document) > 3 else None
        self._own_number = re.compile(rf"(?<!\w){re.escape(named)}(?!\w)", re.IGNORECASE) if named else None
        self.names = LineNames(
            speech, situation.lines if self.active else (), dates_by_line="counter_line" in situation.steps
        )

    def leads(self, line: str) -> bool:
        """Whether a line of the mail begins as our line grammar does, so that it stands by itself."""
        return self.active and self.names.leads(line)

    def read_rows(self, quoted: str) -> tuple[Action, ...]:
        """Read what was typed into a quoted table of ours: rows that show a line's number and text."""
        if "quote_line" not in self.situation.steps or any(line.price for line in self.situation.lines):
            return self._read_typed(quoted)
        actions: list[Action] = []
        for raw in quoted.split("\n")[:ROWS]:
            row = raw.lstrip("> ")
            if len(row) <= 400 and self.names.shows(row):
                actions += self.read(row).actions
        return tuple(act for act in actions if act.name in ("quote_line", "no_bid"))

    def _read_typed(self, quoted: str) -> tuple[Action, ...]:
        """Read what was typed behind the rows of a quoted document that shows its prices."""
        if not quoted or not self.active or self.receiving:
            return ()
        typed = typed_in(quoted, self.situation.lines, self.names.texts, self.speech, self.habits)
        read = [self.read(f"{n}: {tail}") for n, tail in typed.items()]
        kinds = ("counter_line", "invoice_line", "quote_line", "no_bid")
        return tuple(act for one in read for act in one.actions if act.name in kinds)

    def read(self, text: str) -> LinesHeard:
        """Read one sentence or line of the mail."""
        if not self.active or len(text) > 2_000:
            return LinesHeard()
        if self._own_number is not None:
            text = self._own_number.sub(" ", text)
        if self.receiving:
            text = _receipt(self.speech).sub("", text)
        text = _POINT.sub("0", without_papers(without_phones(text), self.speech))
        text = _only(self.speech).sub(f" {self.speech.source.words['merely'][0]} ", text)
        text = with_digits(self._without_no(text.replace("->", ": ")), self.speech)
        text = with_cents(text, self.speech, self.situation.currency)
        if not self._sends_offer(text):
            text = self._with_spoken_day(text)
        text = self._without_offering(text)
        leading = self.leads(text)
        actions: list[Action] = []
        questions: list[Question] = []
        touched = unknown = False
        for part in self.names.parts(text):
            heard = self._read_part(part, text, leading)
            touched, unknown = touched | heard.touched, unknown | heard.unknown
            actions += heard.actions
            questions += heard.questions
        if self.situation.currency in _DOLLARS and "us" not in text.casefold():
            actions = [replace(one, currency=self.situation.currency) if one.currency else one for one in actions]
        return LinesHeard(tuple(actions), tuple(questions), touched, unknown)

    def _sends_offer(self, text: str) -> bool:
        """Whether a sentence tells when the offer itself comes, and no goods: "our quote is with you tomorrow"."""
        return "quote_line" in self.situation.steps and self._offers.within(self.speech.tokens(text))

    def _without_offering(self, text: str) -> str:
        """The text without "I pass on our prices:", which passes on nothing, before the prices."""
        head, colon, rest = text.partition(": ")
        if not colon or any(map(str.isdigit, head)) or not any(map(str.isdigit, rest)):
            return text
        tokens, lines = self.speech.tokens(head), self.speech.lines
        offers = lines["no_bid"].within(tokens) and lines["price"].within(tokens) and not lines["deny"].within(tokens)
        return rest if offers and not self.names.names_any(head) else text

    def _read_part(self, part: Part, sentence: str, leading: bool) -> LinesHeard:
        lines = part.lines
        text, dated = self._without_until(self._without_asides(self._priced(part), leading))
        one = tuple(self.names.by_n.values()) if len(self.names.by_n) == 1 else ()
        text = self._without_denied(text, lines or one)
        tokens = self.speech.tokens(text)
        bidless = self.speech.lines["no_bid"]
        refusing = bidless.within(tokens) and not (self._offer and self._offer.within(bidless.without(tokens)))
        if not lines and not part.delivery and len(self.names.by_n) > 1:
            lines = self._by_figures(text, sentence)
        known = [figure for line in lines for figure in (line.qty, line.price)]
        if len(lines) == 1:
            text = without_own_figures(self._with_unit(text, lines[0]), lines[0], self.habits)
            self._said = None if "?" in sentence else said_of(text, lines, self.habits)
        if part.delivery or (len(lines) == 1 and lines[0].qty == 1):
            text = together(self.speech).sub(" ", text)
        text, role = self._without_old(text, lines)
        figures = Figures()
        if any(map(str.isdigit, text)):
            now = (lines[0].qty, lines[0].price) if len(lines) == 1 else (None, None)
            figures = read_figures(text, self.speech, self.habits, known, now, dated)
        if role and figures.bare is not None:
            price, qty = (figures.bare, None) if role == "price" else (None, figures.bare)
            figures = replace(figures, bare=None, price=price, qty=qty)
        if not figures.nothing and len(lines) == 1:
            figures = self._without_known(text, figures, lines[0])
            figures = self._worth(self._sized(text, figures, lines[0]), lines[0])
        said = sentence.strip()
        denied = self.speech.lines["deny"].within(tokens) and "?" not in sentence
        if part.unknown and (refusing or denied or not figures.nothing):
            return replace(_asking("line", "Which line do you mean by {words}?", said), unknown=True)
        if len(lines) == 1 and self._is_another(part.text, lines[0]):
            return _asking("figure", "What exactly do you mean by {words}?", said)
        if not lines and not part.delivery and len(self.names.by_n) == _BOTH and not figures.nothing:
            both = self.speech.lines["both_lines"].within(tokens)
            lines = tuple(self.names.by_n.values()) if both and "counter_line" in self.situation.steps else lines
            lines = tuple(self.names.by_n.values()) if both and "invoice_line" in self.situation.steps else lines
        if not lines and self.speech.lines["both_lines"].within(tokens) and self._for_each(said):
            named = self.names.perhaps_named(text)
            lines = named if len(named) == _BOTH else ()
        one_of = "?" not in sentence and self.speech.lines["one_of"].within(self.speech.tokens(sentence))
        if not lines and one_of and (not figures.nothing or self._alters(tokens)):
            return _asking("line", "Which line do you mean by {words}?", said)
        if refusing and not lines and not part.delivery:
            lines = self._by_bare_numbers(text)
            figures = Figures() if lines else figures
        if not lines and not part.delivery:
            if len(self.names.by_n) == 1 and not figures.nothing:
                lines = tuple(self.names.by_n.values())
                priced = figures.price is not None or figures.qty is not None
                beside = line_by_old_figure(part.text, lines, self.habits) is not None
                if not (leading or priced or beside or self._is_price(figures, part.text, tokens)):
                    return LinesHeard()
            elif "quote_line" in self.situation.steps and PRICED.fullmatch(part.text):
                return _asking(STRAY, "Which line is this price for: {words}?", part.text.strip(" ,"))
            elif self._is_price(figures, part.text, tokens) or self._is_lump(figures, tokens):
                vague = self.speech.lines["vague"].within(tokens)
                return _asking("loose" if vague else "line", "Which line is this price for: {words}?", said)
            else:
                return LinesHeard()
        refusing = refusing or bool(lines and figures.nothing and self._does_without(text, tokens, sentence))
        if not (refusing and lines) and figures.nothing:
            dates = self.situation.steps & {"counter_line", "set_delivery"}
            if dates and part.delivery and leading and self.speech.words["holding"].within(tokens) | bool(tokens[1:]):
                return _asking("date", "On which day do you deliver? You wrote: {words}", said)
            if (lines or part.delivery) and self._on_open_day(tokens, sentence):
                return _asking("date", "On which day do you deliver? You wrote: {words}", said)
            if lines and self.speech.words["unchanged"].within(tokens) and not self.speech.lines["deny"].within(tokens):
                return LinesHeard()
            if (lines or part.delivery) and self._on_open_day(tokens, sentence):
                return _asking("date", "On which day do you deliver? You wrote: {words}", said)
            if lines and leading and self._is_unheard(part, sentence):
                return _asking("line", "What shall become of this line: {words}?", said)
            if lines and self.speech.lines["alter"].begin(tokens) and "?" not in sentence:
                return _asking("line", "What shall become of this line: {words}?", said)
            return LinesHeard()
        if "?" in sentence and not leading:
            return LinesHeard()
        cleared = figures_in(text, self.habits) != figures_in(part.text, self.habits)
        begins = self.speech.words["asks"].begin
        asking = begins(tokens) and (not cleared or begins(self.speech.tokens(part.text)))
        if asking and not leading and not self._changes(figures, lines):
            return LinesHeard()
        spoken = self.speech.tokens(sentence)
        if self.speech.words["past"].within(spoken) and not self.speech.words["now"].within(spoken) and not leading:
            return LinesHeard()  # "last year it was 15.90"
        only_day = figures.day is not None and figures.qty is figures.price is figures.bare is None
        unnamed = self.names.words.isdisjoint(map(self.names.stem, self.speech.tokens(sentence)))
        if (
            "counter_line" in self.situation.steps
            and only_day
            and unnamed
            and not leading
            and self.speech.words["closing"].within(tokens)
        ):
            return LinesHeard()  # "we are shut from 24 December to 2 January"
        if self._conditional(tokens, figures):
            return _asking("condition", "We can only take this without a condition: {words}", said)
        if self.speech.words["hedges"].within(tokens):
            return _asking("figure", "What exactly do you mean by {words}?", said)
        if figures.denied and not dated and not refusing and (figures.day or not part.delivery):
            return _asking("figure", "What do you mean by {words}?", said)
        if part.delivery:
            return self._delivery(figures, said)
        if refusing:
            if len(lines) == 1 and figures.price is figures.bare is None and figures.qty == lines[0].qty is not None:
                figures = Figures()  # a row of our table with "no bid" at its end
            if not figures.nothing or "no_bid" not in self.situation.steps:
                return _asking("figure", "What do you mean by {words}?", said)
            return LinesHeard(tuple(Action("no_bid", n=line.n, heard=said) for line in lines), touched=True)
        if figures.open:
            about = "date" if "date" in figures.open else "figure"
            return _asking(about, "What exactly do you mean by {words}?", figures.texts[0] if figures.texts else said)
        if figures.lead:
            return _asking("lead", "On which day do you deliver? You wrote: {words}", said)
        if self._base > 1 and not (self.speech.lines["each"].within(tokens) or "/" in text):
            figures = self._of_many(figures)
        return self._acting(replace(part, lines=lines), figures, said)

    def _of_many(self, figures: Figures) -> Figures:
        """Figures whose price is for as many as the answer says of all its prices."""
        price = figures.price if figures.price is not None else figures.bare
        return replace(figures, price=price / self._base, bare=None) if price is not None else figures

    def _priced(self, part: Part) -> str:
        """The text of a part with its prices said for one."""
        one = part.lines[0] if len(part.lines) == 1 else None
        text = per_many(self._without_effect(part.text), self.speech, self.habits)
        if not any(map(str.isdigit, text)):
            return text
        return self._without_others(priced(text, one, self.speech, self.habits))

    def _by_figures(self, text: str, sentence: str) -> tuple[KnownLine, ...]:
        """The line that a figure it has now tells: beside its new one, or in the sentence before."""
        if not any(line.price for line in self.situation.lines):
            return ()
        known = self.names.by_n.values()
        if (line := line_by_old_figure(text, known, self.habits)) is not None:
            return (line,)
        if "?" in sentence:
            self._said = None  # "is 200 right? I had 180 in my notes"
            return ()
        before, told = self._said, said_of(text, known, self.habits)
        self._said = told or before
        values = figures_in(text, self.habits)
        if before is None or len(values) != 1:
            return ()
        old = before.line.price if before.priced else before.line.qty
        return (before.line,) if old and values[0] != old and like(values[0], old) else ()

    def _alters(self, tokens: list[str]) -> bool:
        """Whether a text speaks of a price or a quantity, by a word or a number word."""
        kinds = ("price", "quantity", "alter", "deny")
        counted = any(token in words for token in tokens for words in self.speech.source.numbers.values())
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

    def _on_open_day(self, tokens: list[str], sentence: str) -> bool:
        """Whether a day of delivery is said by a word that may mean two days: "delivery next Friday"."""
        if "?" in sentence or not self.speech.lines["delivery"].within(tokens):
            return False
        open_day = self.speech.next_days.search(sentence) and self.speech.spoken_days.search(sentence)
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

    def _by_bare_numbers(self, text: str) -> tuple[KnownLine, ...]:
        """The lines that "no bid on 1 and 3" names, where every number is a line's."""
        numbers = re.findall(r"\d[\d.,]*", text)
        known = [self.names.by_n.get(int(number)) if number.isdigit() else None for number in numbers[:200]]
        return tuple(line for line in known if line is not None) if None not in known else ()

    def _changes(self, figures: Figures, lines: tuple[KnownLine, ...]) -> bool:
        """Whether a figure that begins like a question is one line's new quantity: "tienen que ser 190 tornillos"."""
        one = lines[0] if len(lines) == 1 else None
        return bool(one and one.qty and figures.qty is not None and like(figures.qty, one.qty)) or bool(
            one and one.qty and figures.bare is not None and like(figures.bare, one.qty)
        )

    def _worth(self, figures: Figures, line: KnownLine) -> Figures:
        """A price where "only" was taken for a quantity: "only the bend changes, 2.55"."""
        lone = figures.qty is not None and figures.price is None
        whole = figures.qty is not None and figures.qty % 1 == 0
        if figures.units and (whole or (line.qty is not None and line.qty % 1)):
            return figures  # "2,25 pièce" is a price where whole pieces were ordered
        worth = lone and nearer(figures.qty or Decimal(0), line) == (True, False)
        return replace(figures, qty=None, price=figures.qty) if worth else figures

    def _sized(self, text: str, figures: Figures, line: KnownLine) -> Figures:
        """A quantity where "at" or "to" was taken for a price: "change line 2 to 900"."""
        lone = figures.price is not None and figures.qty is None and figures.currency is None
        kinds = ("price", "each", "per")
        told = any(self.speech.lines[kind].within(self.speech.tokens(text)) for kind in kinds)
        sized = lone and not told and nearer(figures.price or Decimal(0), line) == (False, True)
        return replace(figures, price=None, qty=figures.price) if sized else figures

    def _delivery(self, figures: Figures, said: str) -> LinesHeard:
        if not self.situation.steps & {"counter_line", "set_delivery"}:
            return LinesHeard()
        if figures.day is None or figures.open:
            if figures.lead and not figures.open:
                return _asking("lead", "On which day do you deliver? You wrote: {words}", said)
            if figures.open:
                return _asking("date", "On which day do you deliver? You wrote: {words}", said)
            return LinesHeard()
        if "set_delivery" in self.situation.steps:
            return LinesHeard((Action("set_delivery", date=figures.day, heard=said),), touched=True)
        tokens = self.speech.tokens(said)
        if self.speech.words["closing"].within(tokens) or self.speech.words["reports"].within(tokens):
            return LinesHeard()  # a day of theirs that is no delivery: "we are shut from 24 December"
        if "counter_line" in self.situation.steps and self.names.perhaps_named(said):
            return _asking("line", "Which line do you mean by {words}?", said)
        if "counter_line" in self.situation.steps:
            return LinesHeard(
                tuple(Action("counter_line", n=n, date=figures.day, heard=said) for n in self.names.by_n), touched=True
            )
        return LinesHeard()

    def _for_each(self, said: str) -> bool:
        """Whether one price is said for each of several lines, and not for them together."""
        tokens = self.speech.tokens(said)
        return self.speech.lines["each_of"].within(tokens) and not self.speech.lines["together"].within(tokens)

    def _acting(self, part: Part, figures: Figures, said: str) -> LinesHeard:
        steps, lines = self.situation.steps, part.lines
        actions: list[Action] = []
        for line in lines:
            action = None
            units = units_of(line.unit)
            if units and figures.units and units.isdisjoint(figures.units) and not is_near(figures, line):
                if self._packs(figures, said):
                    return LinesHeard()
                return _asking("unit", "Which unit is that for: {words}?", said)
            if part.shared and figures.day is None and not self._for_each(said):
                return _asking("figure", "What exactly do you mean by {words}?", said)
            if "quote_line" in steps:
                action = self._quote(line, figures, said)
            elif self.receiving:
                action = self._receive(line, figures, said)
            elif "invoice_line" in steps and ("counter_line" not in steps or (self.invoicing and figures.day is None)):
                action = self._invoice(line, figures, said)
            elif "counter_line" in steps:
                action = self._counter(line, figures, said, part.text)
            if action is None:
                return _asking("figure", "What exactly do you mean by {words}?", said)
            if action.name != "counter_line" or not _as_ordered(action, line):
                actions.append(action)
        if figures.day is not None and "set_delivery" in steps:
            if len(lines) < len(self.names.by_n):
                return _asking("date", "Is this the day of delivery for everything: {words}?", said)
            actions.append(Action("set_delivery", date=figures.day, heard=said))
        return LinesHeard(tuple(actions), touched=bool(actions))

    def _quote(self, line: KnownLine, figures: Figures, said: str) -> Action | None:
        price = figures.price if figures.price is not None else figures.bare
        if price is None and figures.qty is not None and figures.qty % 1 and figures.units == {"piece"}:
            price, figures = figures.qty, replace(figures, qty=None)  # nobody sells 0.47 pieces
        if not price or (figures.qty is not None and line.qty is not None and figures.qty != line.qty):
            return None
        return Action("quote_line", n=line.n, price=price, currency=figures.currency, heard=said)

    def _invoice(self, line: KnownLine, figures: Figures, said: str) -> Action | None:
        if figures.bare is not None and nearer(figures.bare, line) == (True, False):
            figures = replace(figures, bare=None, price=figures.bare)
        qty = figures.qty if figures.qty is not None else figures.bare
        if qty is None and figures.price is not None:
            qty = line.qty
        if not qty or figures.day is not None:
            return None
        return Action("invoice_line", n=line.n, qty=qty, price=figures.price, currency=figures.currency, heard=said)

    def _receive(self, line: KnownLine, figures: Figures, said: str) -> Action | None:
        qty = figures.qty if figures.qty is not None else figures.bare
        if not qty or figures.price is not None or figures.day is not None:
            return None
        return Action("received_line", n=line.n, qty=qty, heard=said)

    def _counter(self, line: KnownLine, figures: Figures, said: str, text: str) -> Action | None:
        qty, price = figures.qty, figures.price
        if figures.bare is not None:
            tokens = self.speech.tokens(text)
            pricing = self.speech.lines["price"].within(tokens)
            sizing = self.speech.lines["quantity"].within(tokens)
            if pricing == sizing:
                pricing, sizing = nearer(figures.bare, line)
            if pricing == sizing and line.qty and figures.bare < line.qty:
                sizing = self.speech.words["merely"].within(self.speech.tokens(said))  # "we can do only 100"
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


@cache
def _only(speech: Speech) -> re.Pattern[str]:
    """Ways to say "only" by denying: "il n'y a plus que", "no more than"."""
    words = either(speech.source.lines["no_more_than"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?=\s+\d)", re.IGNORECASE)


@cache
def _receipt(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["received"], speech.source.letters)
    return re.compile(rf"^\s*(?:{words})\b[\s:]*", re.IGNORECASE)
