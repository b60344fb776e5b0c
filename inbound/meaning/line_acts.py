"""What becomes of a line by the figures that an answer gives it: its action, or a question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from inbound.meaning.figures import Figures
from inbound.meaning.items import units_of
from inbound.meaning.line_tells import LineTells
from inbound.meaning.nearness import is_near, nearer
from inbound.meaning.parts import Part
from workflows.actions import Action, KnownLine, Question

_FAR: Final = 5
"""So many times a price may become what it was, or a part of it, unasked."""


@dataclass(frozen=True, slots=True)
class LinesHeard:
    """What was understood of a piece of text; `touched` when it was about lines at all."""

    actions: tuple[Action, ...] = ()
    questions: tuple[Question, ...] = ()
    touched: bool = False
    unknown: bool = False
    """Whether it names a line that the document does not have."""


def ask_about(about: str, text: str, words: str) -> LinesHeard:
    return LinesHeard(questions=(Question(about, text, (("words", words.replace("~", "")[:200]),)),), touched=True)


class LineActs(LineTells):
    """Makes the actions of one answer from the figures of its pieces."""

    invoicing: bool
    receiving: bool

    def _delivery(self, figures: Figures, said: str) -> LinesHeard:
        if not self.situation.steps & {"counter_line", "set_delivery"}:
            return LinesHeard()
        if figures.day is None or figures.open:
            if figures.lead and not figures.open:
                return ask_about("lead", "On which day do you deliver? You wrote: {words}", said)
            if figures.open:
                return ask_about("date", "On which day do you deliver? You wrote: {words}", said)
            return LinesHeard()
        if "set_delivery" in self.situation.steps:
            return LinesHeard((Action("set_delivery", date=figures.day, heard=said),), touched=True)
        tokens = self.speech.tokens(said)
        if self.speech.words["closing"].within(tokens) or self.speech.words["reports"].within(tokens):
            return LinesHeard()  # a day of theirs that is no delivery: "we are shut from 24 December"
        if "counter_line" in self.situation.steps and self.names.perhaps_named(said):
            return ask_about("line", "Which line do you mean by {words}?", said)
        if "counter_line" in self.situation.steps:
            return LinesHeard(
                tuple(Action("counter_line", n=n, date=figures.day, heard=said) for n in self.names.by_n), touched=True
            )
        return LinesHeard()

    def _acting(self, part: Part, figures: Figures, said: str) -> LinesHeard:
        steps, lines = self.situation.steps, part.lines
        actions: list[Action] = []
        for line in lines:
            action = None
            units = units_of(line.unit)
            if units and figures.units and units.isdisjoint(figures.units) and not is_near(figures, line):
                if self._packs(figures, said):
                    return LinesHeard()
                return ask_about("unit", "Which unit is that for: {words}?", said)
            if part.shared and figures.day is None and not self._for_each(said):
                return ask_about("figure", "What exactly do you mean by {words}?", said)
            if "quote_line" in steps:
                action = self._quote(line, figures, said)
            elif self.receiving:
                action = self._receive(line, figures, said)
            elif "invoice_line" in steps and (
                "counter_line" not in steps or (self._bills(said) and figures.day is None)
            ):
                action = self._invoice(line, figures, said)
            elif "counter_line" in steps:
                action = self._counter(line, figures, said, part.text)
            if action is None:
                return ask_about("figure", "What exactly do you mean by {words}?", said)
            if action.name != "counter_line" or not _as_ordered(action, line):
                actions.append(action)
        if figures.day is not None and "set_delivery" in steps:
            if len(lines) < len(self.names.by_n):
                return ask_about("date", "Is this the day of delivery for everything: {words}?", said)
            actions.append(Action("set_delivery", date=figures.day, heard=said))
        return LinesHeard(tuple(actions), touched=bool(actions))

    def _bills(self, said: str) -> bool:
        """Whether figures are what to invoice, and no change of the order."""
        tokens = self.speech.tokens(said)
        asked = self.speech.words["billing"].within(tokens) and self.speech.words["requests"].within(tokens)
        return self.invoicing or asked

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
        if (qty is price is None and figures.day is None) or (price is not None and _is_odd(price, line)):
            return None
        return Action(
            "counter_line", n=line.n, qty=qty, price=price, date=figures.day, currency=figures.currency, heard=said
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


def _is_odd(price: Decimal, line: KnownLine) -> bool:
    """Whether a price is so far from the one of now that it is for something else: the line, or the difference."""
    return line.price is not None and line.price > 0 and not line.price / _FAR <= price <= line.price * _FAR


def _as_ordered(action: Action, line: KnownLine) -> bool:
    """Whether a counter-proposal says only what was ordered anyway."""
    return action.date is None and action.qty in (None, line.qty) and action.price in (None, line.price)
