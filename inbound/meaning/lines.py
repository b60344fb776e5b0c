"""What an answer says about single lines: prices, quantities, days, "no bid", by number, by text or in a filled table.

A piece of text is cut into parts that each name their lines; a part whose figures are not all accounted for is asked
about as a whole, never half taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from inbound.meaning.by_figures import Said, figures_in, line_by_old_figure, said_of, without_own_figures
from inbound.meaning.clearing import together, without_phones
from inbound.meaning.days import Habits
from inbound.meaning.figures import Figures, read_figures, with_cents
from inbound.meaning.limits import ROWS
from inbound.meaning.line_acts import LineActs, LinesHeard, ask_about
from inbound.meaning.mended import without_mended
from inbound.meaning.papers import without_papers
from inbound.meaning.parts import PRICED, LineNames, Part
from inbound.meaning.pricing import base_of_all, per_many, priced
from inbound.meaning.rows import typed_in
from inbound.meaning.settling import like
from inbound.meaning.speech import Speech, names_of
from inbound.meaning.spelled import with_digits
from inbound.meaning.spelling import either
from templates.words import N_
from workflows.actions import Action, KnownLine, Question, Situation

_POINT: Final = re.compile(r"(?<![\w.,])(?=[.,]\d{2}(?!\d))")
"""Where a price has no figure before its mark: ".62"."""
_BOTH: Final = 2
"""Lines of a document of which people say "both"."""
_WHICH_DAY: Final = N_("On which day do you deliver? You wrote: {words}")
STRAY: Final = "stray"
"""What a price by a name that no line has is asked about: only where a line is left without one."""
_DOLLARS: Final = frozenset({"AUD", "CAD", "HKD", "MXN", "NZD", "SGD"})
"""Currencies that their people write "$", too."""


@dataclass(slots=True)
class _Piece:
    """A part of a sentence as it is read: its cleared text, the lines it is about, and the figures that are left."""

    part: Part
    sentence: str
    leading: bool
    text: str
    tokens: list[str]
    lines: tuple[KnownLine, ...]
    figures: Figures
    dated: bool
    """Whether it denies every day before its own: "not until 4 May"."""
    refusing: bool

    @property
    def said(self) -> str:
        """The sentence that it is from."""
        return self.sentence.strip()


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
            speech, situation.lines if self.active else (), habits, dates_by_line="counter_line" in situation.steps
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
        text = _greeting(self.speech).sub("", text)
        if self.receiving:
            text = _receipt(self.speech).sub("", text)
        text = _POINT.sub("0", without_papers(without_phones(text), self.speech))
        text = _latest(self.speech).sub(" ", text)
        text = _only(self.speech).sub(f" {self.speech.source.words['merely'][0]} ", text)
        text = with_digits(self._without_no(text.replace("->", ": ")), self.speech)
        text = with_cents(without_mended(text, self.speech, self.habits), self.speech, self.situation.currency)
        if not self._sends_offer(text):
            text = self._with_spoken_day(text)
        text = self._without_offering(text)
        if self._splits(text):
            return ask_about("date", "On which day do you deliver? You wrote: {words}", text.strip())
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
        piece = self._piece_of(part, sentence, leading)
        steps = (self._of_no_line, self._find_lines, self._without_figures, self._told_only, self._doubted)
        for step in steps:
            if (heard := step(piece)) is not None:
                return heard
        return self._settled(piece)

    def _piece_of(self, part: Part, sentence: str, leading: bool) -> _Piece:
        """A part with its text cleared of what is no new figure, and the figures that are left."""
        lines = part.lines
        text, dated = self._without_until(self._without_asides(self._priced(part), leading), part.delivery)
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
        return _Piece(part, sentence, leading, text, tokens, lines, figures, dated, bool(refusing))

    def _of_no_line(self, piece: _Piece) -> LinesHeard | None:
        """A question where a line is named that the document does not have, or another kind of what a line is."""
        denied = self.speech.lines["deny"].within(piece.tokens) and "?" not in piece.sentence
        if piece.part.unknown and (piece.refusing or denied or not piece.figures.nothing):
            return replace(ask_about("line", "Which line do you mean by {words}?", piece.said), unknown=True)
        if len(piece.lines) == 1 and self._is_another(piece.part.text, piece.lines[0]):
            return ask_about("figure", "What exactly do you mean by {words}?", piece.said)
        return None

    def _find_lines(self, piece: _Piece) -> LinesHeard | None:
        """Find the lines of a piece that names none, or tell what becomes of it without."""
        if piece.lines or piece.part.delivery:
            return None
        every, steps = tuple(self.names.by_n.values()), self.situation.steps
        both = self.speech.lines["both_lines"].within(piece.tokens)
        if both and len(every) == _BOTH and not piece.figures.nothing and steps & {"counter_line", "invoice_line"}:
            piece.lines = every
        elif both and self._for_each(piece.said) and len(named := self.names.perhaps_named(piece.text)) == _BOTH:
            piece.lines = named
        if piece.lines:
            return None
        one_of = "?" not in piece.sentence and self.speech.lines["one_of"].within(self.speech.tokens(piece.sentence))
        figured = not piece.figures.nothing or any(map(str.isdigit, piece.text))
        if one_of and (figured or self._alters(piece.tokens)):
            return ask_about("line", "Which line do you mean by {words}?", piece.said)
        if piece.refusing and (numbered := self._by_bare_numbers(piece.text)):
            piece.lines, piece.figures = numbered, Figures()
            return None
        return self._on_the_only_line(piece) if len(every) == 1 and not piece.figures.nothing else self._stray(piece)

    def _on_the_only_line(self, piece: _Piece) -> LinesHeard | None:
        """Take figures for the only line of a document, if they are a line's."""
        piece.lines = tuple(self.names.by_n.values())
        priced = piece.figures.price is not None or piece.figures.qty is not None
        beside = line_by_old_figure(piece.part.text, piece.lines, self.habits) is not None
        meant = piece.leading or priced or beside or self._is_price(piece.figures, piece.part.text, piece.tokens)
        return None if meant else LinesHeard()

    def _stray(self, piece: _Piece) -> LinesHeard:
        """What is left of a piece without a line: a question where it has a price."""
        if "quote_line" in self.situation.steps and PRICED.fullmatch(piece.part.text):
            return ask_about(STRAY, "Which line is this price for: {words}?", piece.part.text.strip(" ,"))
        if self._is_price(piece.figures, piece.part.text, piece.tokens) or self._is_lump(piece.figures, piece.tokens):
            vague = self.speech.lines["vague"].within(piece.tokens) and not self._groups(piece.tokens)
            return ask_about("loose" if vague else "line", "Which line is this price for: {words}?", piece.said)
        rest = self.speech.words["remainder"].within(piece.tokens) and "?" not in piece.sentence
        denied = "quote_line" in self.situation.steps and self.speech.lines["deny"].within(piece.tokens)
        if rest and (denied or ("counter_line" in self.situation.steps and not piece.figures.nothing)):
            return ask_about("line", "Which line do you mean by {words}?", piece.said)  # "and the rest on the 15th"
        return LinesHeard()

    def _without_figures(self, piece: _Piece) -> LinesHeard | None:
        """What becomes of a piece that has no figure and turns no line down."""
        lines, tokens, sentence = piece.lines, piece.tokens, piece.sentence
        if lines and piece.figures.nothing and self._does_without(piece.text, tokens, sentence):
            piece.refusing = True
        if (piece.refusing and lines) or not piece.figures.nothing:
            return None
        dates = self.situation.steps & {"counter_line", "set_delivery"}
        put_off = self.speech.words["holding"].within(tokens) or len(tokens) > 1
        open_day = (lines or piece.part.delivery) and self._on_open_day(tokens, sentence)
        if (dates and piece.part.delivery and piece.leading and put_off) or open_day:
            return ask_about("date", _WHICH_DAY, piece.said)
        if lines and self.speech.words["unchanged"].within(tokens) and not self.speech.lines["deny"].within(tokens):
            return LinesHeard()
        unheard = piece.leading and self._is_unheard(piece.part, sentence)
        alter = self.speech.lines["alter"]
        altered = "?" not in sentence and (alter.begin(tokens) or bool(tokens and alter.at(tokens[-1:], 0)))
        if lines and (unheard or altered):
            return ask_about("line", "What shall become of this line: {words}?", piece.said)
        return LinesHeard()

    def _told_only(self, piece: _Piece) -> LinesHeard | None:
        """Nothing, where figures are asked, or told of another time."""
        if piece.leading:
            return None
        if "?" in piece.sentence:
            return self._proposed(piece)
        figures, tokens, words = piece.figures, piece.tokens, self.speech.words
        cleared = figures_in(piece.text, self.habits) != figures_in(piece.part.text, self.habits)
        begins = words["asks"].begin
        asking = begins(tokens) and (not cleared or begins(self.speech.tokens(piece.part.text)))
        if asking and not self._changes(figures, piece.lines):
            return LinesHeard()
        spoken = self.speech.tokens(piece.sentence)
        if words["past"].within(spoken) and not words["now"].within(spoken):
            return LinesHeard()  # "last year it was 15.90"
        only_day = figures.day is not None and figures.qty is figures.price is figures.bare is None
        unnamed = self.names.words.isdisjoint(map(self.names.stem, spoken))
        if "counter_line" in self.situation.steps and only_day and unnamed and words["closing"].within(tokens):
            return LinesHeard()  # "we are shut from 24 December to 2 January"
        return None

    def _proposed(self, piece: _Piece) -> LinesHeard:
        """A question with a new figure of one line of an order: "could you live with 230 instead of 240?"."""
        figures = piece.figures
        changed = figures.price is not None or figures.qty is not None
        if "counter_line" not in self.situation.steps or len(piece.lines) != 1 or not changed or figures.open:
            return LinesHeard()
        return ask_about("figure", "Do you want to change this line: {words}?", piece.said)

    def _doubted(self, piece: _Piece) -> LinesHeard | None:
        """A question where figures hang on something, are guessed or denied."""
        if self._conditional(piece.tokens, piece.figures):
            return ask_about("condition", "We can only take this without a condition: {words}", piece.said)
        if self.speech.words["hedges"].within(piece.tokens):
            return ask_about("figure", "What exactly do you mean by {words}?", piece.said)
        figures, meant = piece.figures, piece.dated or piece.refusing
        if figures.denied and not meant and (figures.day or not piece.part.delivery):
            return ask_about("figure", "What do you mean by {words}?", piece.said)
        return None

    def _settled(self, piece: _Piece) -> LinesHeard:
        """The actions of a piece about which nothing is in doubt but its figures."""
        figures, said = piece.figures, piece.said
        if piece.part.delivery:
            return self._delivery(figures, said)
        if piece.refusing:
            return self._turned_down(piece)
        if figures.open:
            about = "date" if "date" in figures.open else "figure"
            return ask_about(about, "What exactly do you mean by {words}?", figures.texts[0] if figures.texts else said)
        if figures.lead:
            return ask_about("lead", _WHICH_DAY, said)
        if self._base > 1 and not (self.speech.lines["each"].within(piece.tokens) or "/" in piece.text):
            figures = self._of_many(figures)
        return self._acting(replace(piece.part, lines=piece.lines), figures, said)

    def _turned_down(self, piece: _Piece) -> LinesHeard:
        """Lines without a bid; a figure beside that is no row of our table is asked about."""
        figures = piece.figures
        one = piece.lines[0] if len(piece.lines) == 1 else None
        own = one is not None and figures.price is figures.bare is None and figures.qty == one.qty is not None
        if (figures.nothing or own) and "no_bid" in self.situation.steps:
            return LinesHeard(tuple(Action("no_bid", n=line.n, heard=piece.said) for line in piece.lines), touched=True)
        return ask_about("figure", "What do you mean by {words}?", piece.said)

    def _of_many(self, figures: Figures) -> Figures:
        """Figures whose price is for as many as the answer says of all its prices."""
        price = figures.price if figures.price is not None else figures.bare
        return replace(figures, price=price / self._base, bare=None) if price is not None else figures

    def _priced(self, part: Part) -> str:
        """The text of a part with its prices said for one."""
        one = part.lines[0] if len(part.lines) == 1 else None
        text = per_many(self._without_effect(part.text), self.speech, self.habits)
        text = _for_many(self.speech).sub(lambda found: f"~{found[0]}", text)
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
def _latest(speech: Speech) -> re.Pattern[str]:
    """Words beside a day that say only that it may be earlier: "on 8 December at the latest"."""
    words = either(speech.source.lines["latest"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


@cache
def _for_many(speech: Speech) -> re.Pattern[str]:
    """A price for a number of pieces that is no usual base: "2 per 400", whichever is the price."""
    words = either((word for word in speech.source.lines["per"] if word[0].isalpha()), speech.source.letters)
    return re.compile(rf"(?<![\w.,])\d[\d.,]*(?: ?[€$£])? (?:{words}) (?=\d)", re.IGNORECASE)


@cache
def _receipt(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["received"], speech.source.letters)
    return re.compile(rf"^\s*(?:{words})\b[\s:]*", re.IGNORECASE)


@cache
def _greeting(speech: Speech) -> re.Pattern[str]:
    """The greeting before the matter: "Dzień dobry" names no day."""
    words = either(speech.source.words["greetings"], speech.source.letters)
    return re.compile(rf"^\s*(?:{words})(?!\w)[^,.:!\d\n]{{0,40}}[,.:!]\s+(?=\S)", re.IGNORECASE)
