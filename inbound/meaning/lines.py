"""What an answer says about single lines: prices, quantities, days, "no bid", by number, by text or in a filled table.

A piece of text is cut into parts that each name their lines; a part whose figures are not all accounted for is asked
about as a whole, never half taken.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from inbound.meaning.by_figures import Said, figures_in, line_by_old_figure, said_of, without_own_figures
from inbound.meaning.clearing import together, without_phones
from inbound.meaning.days import Habits
from inbound.meaning.figures import Figures, read_figures, with_cents, with_digits
from inbound.meaning.limits import ROWS
from inbound.meaning.line_acts import LineActs, LinesHeard, ask_about
from inbound.meaning.naming import PRICED, LineNames, Part
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


class LineReader(LineActs):
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
            return replace(ask_about("line", "Which line do you mean by {words}?", said), unknown=True)
        if len(lines) == 1 and self._is_another(part.text, lines[0]):
            return ask_about("figure", "What exactly do you mean by {words}?", said)
        if not lines and not part.delivery and len(self.names.by_n) == _BOTH and not figures.nothing:
            both = self.speech.lines["both_lines"].within(tokens)
            lines = tuple(self.names.by_n.values()) if both and "counter_line" in self.situation.steps else lines
            lines = tuple(self.names.by_n.values()) if both and "invoice_line" in self.situation.steps else lines
        if not lines and self.speech.lines["both_lines"].within(tokens) and self._for_each(said):
            named = self.names.perhaps_named(text)
            lines = named if len(named) == _BOTH else ()
        one_of = "?" not in sentence and self.speech.lines["one_of"].within(self.speech.tokens(sentence))
        if not lines and one_of and (not figures.nothing or self._alters(tokens)):
            return ask_about("line", "Which line do you mean by {words}?", said)
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
                return ask_about(STRAY, "Which line is this price for: {words}?", part.text.strip(" ,"))
            elif self._is_price(figures, part.text, tokens) or self._is_lump(figures, tokens):
                vague = self.speech.lines["vague"].within(tokens)
                return ask_about("loose" if vague else "line", "Which line is this price for: {words}?", said)
            else:
                return LinesHeard()
        refusing = refusing or bool(lines and figures.nothing and self._does_without(text, tokens, sentence))
        if not (refusing and lines) and figures.nothing:
            dates = self.situation.steps & {"counter_line", "set_delivery"}
            if dates and part.delivery and leading and self.speech.words["holding"].within(tokens) | bool(tokens[1:]):
                return ask_about("date", "On which day do you deliver? You wrote: {words}", said)
            if (lines or part.delivery) and self._on_open_day(tokens, sentence):
                return ask_about("date", "On which day do you deliver? You wrote: {words}", said)
            if lines and self.speech.words["unchanged"].within(tokens) and not self.speech.lines["deny"].within(tokens):
                return LinesHeard()
            if (lines or part.delivery) and self._on_open_day(tokens, sentence):
                return ask_about("date", "On which day do you deliver? You wrote: {words}", said)
            if lines and leading and self._is_unheard(part, sentence):
                return ask_about("line", "What shall become of this line: {words}?", said)
            if lines and self.speech.lines["alter"].begin(tokens) and "?" not in sentence:
                return ask_about("line", "What shall become of this line: {words}?", said)
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
            return ask_about("condition", "We can only take this without a condition: {words}", said)
        if self.speech.words["hedges"].within(tokens):
            return ask_about("figure", "What exactly do you mean by {words}?", said)
        if figures.denied and not dated and not refusing and (figures.day or not part.delivery):
            return ask_about("figure", "What do you mean by {words}?", said)
        if part.delivery:
            return self._delivery(figures, said)
        if refusing:
            if len(lines) == 1 and figures.price is figures.bare is None and figures.qty == lines[0].qty is not None:
                figures = Figures()  # a row of our table with "no bid" at its end
            if not figures.nothing or "no_bid" not in self.situation.steps:
                return ask_about("figure", "What do you mean by {words}?", said)
            return LinesHeard(tuple(Action("no_bid", n=line.n, heard=said) for line in lines), touched=True)
        if figures.open:
            about = "date" if "date" in figures.open else "figure"
            return ask_about(about, "What exactly do you mean by {words}?", figures.texts[0] if figures.texts else said)
        if figures.lead:
            return ask_about("lead", "On which day do you deliver? You wrote: {words}", said)
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

    def _by_bare_numbers(self, text: str) -> tuple[KnownLine, ...]:
        """The lines that "no bid on 1 and 3" names, where every number is a line's."""
        numbers = re.findall(r"\d[\d.,]*", text)
        known = [self.names.by_n.get(int(number)) if number.isdigit() else None for number in numbers[:200]]
        return tuple(line for line in known if line is not None) if None not in known else ()


@cache
def _only(speech: Speech) -> re.Pattern[str]:
    """Ways to say "only" by denying: "il n'y a plus que", "no more than"."""
    words = either(speech.source.lines["no_more_than"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?=\s+\d)", re.IGNORECASE)


@cache
def _receipt(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["received"], speech.source.letters)
    return re.compile(rf"^\s*(?:{words})\b[\s:]*", re.IGNORECASE)
