"""What the cells of a sheet of ours ask for when it comes back: actions, questions where a cell is not clear.

A cell that says what we wrote asks for nothing; one that differs is an action, told cell by cell in the read-back. A
cell of ours that was changed, a row that was inserted, a line that stands twice are asked about: somebody meant
something by it, and nothing says what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from inbound.documents.ambiguous import Ambiguous
from inbound.documents.numbers import parse_amount
from templates.words import N_
from workflows.actions import Action, Question
from workflows.differences import shown
from workflows.engine.document import Document
from workflows.reading import Form, FormAnswer

UNCLEAR: Final = N_("What do you mean by %(words)s in cell %(cell)s of %(name)s?")
OURS_CHANGED: Final = N_(
    "In cell %(cell)s of %(name)s we had written %(was)s, and now it says %(now)s. Is that what you propose? "
    "Please write it into the yellow cells."
)
TWICE: Final = N_("%(name)s holds item %(n)s twice with different answers (cell %(cell)s). Which of them is right?")
NO_ITEM: Final = N_("Item %(n)s in cell %(cell)s of %(name)s is none of ours. What is it for?")
INSERTED: Final = N_("The row at %(cell)s of %(name)s belongs to none of our items. What is it for?")
OTHER_CURRENCY: Final = N_(
    "Cell %(cell)s of %(name)s is in %(given)s, but %(asked)s is asked for. Which price is meant?"
)
BOTH: Final = N_("For item %(n)s %(name)s gives a price and says that you do not bid. Which is right?")
NOTHING_DIFFERS: Final = N_("%(name)s says that you propose changes, but nothing in it differs. What shall change?")
UNTOUCHED: Final = N_("Nothing is filled in in %(name)s. Do you confirm the order as it is?")
NOTHING_QUOTED: Final = N_("Nothing is filled in in %(name)s. What do you offer?")
REFUSED_AND_CHANGED: Final = N_("%(name)s refuses the order and proposes changes. Which is meant?")
_MOST: Final = 20


@dataclass(slots=True)
class SheetSaid:
    """What a sheet asks for: actions with the cells that they were read from, questions, words for the note."""

    actions: list[Action] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    cells: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    """By the name of the action."""
    note: str = ""
    untouched: Question | None = None
    """Asked where nothing is filled in and the mail says nothing else; many mails carry our files back unread."""

    def ask(self, about: str, text: str, **params: object) -> None:
        """Ask something, to a number of questions that a person answers."""
        if len(self.questions) < _MOST:
            self.questions.append(Question(about, text, tuple((name, str(value)) for name, value in params.items())))

    def cell(self, action: str, line: Any, answer: FormAnswer, name: str, was: object, currency: str | None) -> None:
        """Keep a cell for the read-back."""
        self.found(action, line, name, answer.value, was, currency, answer.cell)

    def found(
        self, action: str, line: Any, name: str, now: object, was: object, currency: str | None, cell: str = ""
    ) -> None:
        """Keep what was found of a line for the read-back, with the cell it stands in, if it is a sheet's."""
        told = {"cell": cell, "n": line.n, "text": line.text[:120], "field": name, "now": shown(now)}
        self.cells.setdefault(action, []).append(
            {**told, "was": None if was is None else shown(was), "currency": currency}
        )


def answers_by_line(
    form: Form, document: Document[Any], name: str, said: SheetSaid
) -> dict[int, dict[str, FormAnswer]]:
    """The clear answers of each line of *document* by their column; asks about all others."""
    lines = {line.n: line for line in document.content.lines}
    found: dict[int, dict[str, FormAnswer]] = {}
    for cell in form.strange[:_MOST]:
        said.ask("sheet_row", INSERTED, cell=cell, name=name)
    for answer in form.answers:
        if answer.n is None:
            continue
        line = lines.get(answer.n)
        if line is None:
            if answer.text and not answer.key.startswith("="):
                said.ask("line", NO_ITEM, n=answer.n, cell=answer.cell, name=name)
            continue
        if answer.key.startswith("="):
            was = getattr(line, answer.key[1:])
            if was is not None and not _says(answer, was):
                said.ask("sheet_changed", OURS_CHANGED, cell=answer.cell, name=name, was=f"{was:f}", now=answer.text)
            continue
        if answer.value is None and answer.text:
            said.ask("sheet_cell", UNCLEAR, words=answer.text[:80], cell=answer.cell, name=name)
            continue
        known = found.setdefault(answer.n, {})
        if answer.key in known and known[answer.key].value != answer.value:
            said.ask("sheet_twice", TWICE, n=answer.n, cell=answer.cell, name=name)
            known[answer.key] = FormAnswer(answer.key, "", None, answer.cell, answer.n)
            continue
        known[answer.key] = answer
    return {
        n: answers
        for n, answers in found.items()
        if not any(a.value is None and a.key != "quantity" for a in answers.values())
    }


def _says(answer: FormAnswer, was: Decimal) -> bool:
    """Whether a cell still says what we wrote: also where it can be read in two ways, and one of them is ours."""
    if answer.value is not None:
        return Decimal(answer.value.split()[0]) == was
    read = parse_amount(answer.text)
    return isinstance(read, Ambiguous) and was in read.candidates


def whole(form: Form, key: str, name: str, said: SheetSaid) -> str | None:
    """The answer for the whole document; asks where it cannot be read."""
    for answer in form.answers:
        if answer.n is None and answer.key == key:
            if answer.value is None:
                said.ask("sheet_cell", UNCLEAR, words=answer.text[:80], cell=answer.cell, name=name)
            return answer.value
    return None


def amount(answer: FormAnswer | None, currency: str | None, name: str, said: SheetSaid) -> Decimal | None:
    """The figure of an answer; one in another currency than the document's is asked about."""
    if answer is None or answer.value is None:
        return None
    figure, _, given = answer.value.partition(" ")
    signs = {"€": "EUR", "£": "GBP", "₴": "UAH"}
    given = signs.get(given, given)
    if given and currency and given != currency:
        said.ask("currency", OTHER_CURRENCY, cell=answer.cell, name=name, given=given, asked=currency)
        return None
    return Decimal(figure)


def of_order(form: Form, document: Document[Any], name: str) -> SheetSaid:
    """An order's sheet: what differs is a counter-proposal, nothing differing and confirmed an acknowledgement."""
    said = SheetSaid()
    by_line = answers_by_line(form, document, name, said)
    choice, reason = whole(form, "answer", name, said), whole(form, "reason", name, said)
    order = document.content
    for line in order.lines:
        answers = by_line.get(line.n, {})
        price = amount(answers.get("price"), document.currency, name, said)
        quantity = amount(answers.get("quantity"), None, name, said)
        day = date.fromisoformat(answers["date"].value) if answers.get("date") and answers["date"].value else None
        was = (line.unit_price, line.quantity, line.delivery_date or order.delivery_date)
        differs = [
            new if new is not None and new != old else None
            for new, old in zip((price, quantity, day), was, strict=True)
        ]
        if any(value is not None for value in differs):
            said.actions.append(
                Action("counter_line", n=line.n, price=differs[0], qty=differs[1], date=differs[2], heard=name)  # type: ignore[arg-type]
            )
            fields = (("price", "unit_price"), ("quantity", "quantity"), ("date", "delivery_date"))
            for (key, shown), new, old in zip(fields, differs, was, strict=True):
                if new is not None:
                    said.cell("counter_line", line, answers[key], shown, old, document.currency)
    if choice == "refuse":
        if said.actions:
            said.ask("sheet_refused", REFUSED_AND_CHANGED, name=name)
            said.actions.clear()
        else:
            said.actions.append(Action("refuse", reason=reason or None, heard=name))
    elif said.actions:
        said.note = reason or ""
    elif choice == "counter":
        said.ask("sheet_counter", NOTHING_DIFFERS, name=name)
    elif choice == "acknowledge":
        if not said.questions:
            said.actions.append(Action("acknowledge", heard=name))
        said.note = reason or ""
    elif not said.questions:
        said.untouched = Question("sheet_untouched", UNTOUCHED, (("name", name),))
    return said


def of_request(form: Form, document: Document[Any], name: str) -> SheetSaid:
    """A quote sheet: prices, items that are not offered, the delivery date."""
    said = SheetSaid()
    by_line = answers_by_line(form, document, name, said)
    for line in document.content.lines:
        answers = by_line.get(line.n, {})
        price = amount(answers.get("price"), document.currency, name, said)
        none = answers.get("no_bid")
        if none is not None and none.value:
            if price is not None:
                said.ask("sheet_both", BOTH, n=line.n, name=name)
                continue
            said.actions.append(Action("no_bid", n=line.n, heard=name))
            said.cell("no_bid", line, none, "no_bid", None, None)
        elif price is not None:
            said.actions.append(Action("quote_line", n=line.n, price=price, heard=name))
            said.cell("quote_line", line, answers["price"], "unit_price", None, document.currency)
    if day := whole(form, "date", name, said):
        said.actions.append(Action("set_delivery", date=date.fromisoformat(day), heard=name))
    said.note = whole(form, "note", name, said) or ""
    if not (said.actions or said.questions or said.note):
        said.untouched = Question("sheet_untouched", NOTHING_QUOTED, (("name", name),))
    return said


def contradictions(said: SheetSaid, spoken: Sequence[Action]) -> Iterator[tuple[str, Action, Action]]:
    """Where the mail's words and its sheet say different things: what about, the words' action, the sheet's."""
    deciding = {"acknowledge", "refuse"}
    for words in spoken:
        for cells in said.actions:
            same = words.name == cells.name and words.n == cells.n and _differ(words, cells)
            if same or (words.name in deciding and cells.name in {"counter_line", *deciding} - {words.name}):
                yield words.name, words, cells


def _differ(one: Action, other: Action) -> bool:
    given = {key: value for key, value in one.data().items() if key not in ("n", "reason", "currency")}
    filled = {key: value for key, value in other.data().items() if key not in ("n", "reason", "currency")}
    return any(filled.get(key, value) != value for key, value in given.items())
