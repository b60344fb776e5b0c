"""What an answer means: actions, or the questions that we ask instead, and the note that is left.

Precision comes first: a decision counts only where whole words say it, and not beside anything that is conditional,
contradicts it or was not understood. Then it becomes a question, and what was sure about single lines is still taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from inbound.meaning.around import before_our_words, without_banners
from inbound.meaning.beneath import woven
from inbound.meaning.colleagues import to_colleague
from inbound.meaning.compiling import speech
from inbound.meaning.days import habits_of
from inbound.meaning.decisions import Decider
from inbound.meaning.limits import CHARACTERS, ROWS, SENTENCES
from inbound.meaning.lines import STRAY, LineReader
from inbound.meaning.numbering import number_told, without_link
from inbound.meaning.sentence import Sentence
from inbound.meaning.speech import Speech, names_of
from inbound.meaning.text import paragraphs, sentences, tidy
from inbound.meaning.tongues import language_of, language_of_piece, languages_of_pieces, tells
from inbound.meaning.weighing import weigh, with_tax_rate
from inbound.roles import Role
from templates.phrases import languages, trait
from workflows.actions import Action, Meaning, Question, Situation

_REPLYING = re.compile(r"\s*[^\W\d_]{1,5}(?:\[\d+\])?\s*:")
"""A subject that begins like this is our own coming back."""

_MOCKED = 600
"""Characters of an answer that are listened to for mockery."""

_BESIDE = 10
"""Characters beside a day within which "next" or "from" leave it open."""

_CURT = 40
"""Characters of an answer that is tried in every language where no word of it tells which it is in."""

_NOUNS = frozenset({"de"})
"""Languages that write nouns with a capital."""

_MENU = 60
"""Lines below words of ours that are looked at for a command."""

KINDS = {
    "order": ("order",),
    "invoice_draft": ("invoice",),
    "invoice_matching": ("invoice",),
    "credit_draft": ("credit_note",),
    "credit_matching": ("credit_note",),
    "rfp": ("request",),
    "proposal_draft": ("proposal",),
    "invitation": ("invitation",),
}
"""By which nouns of the catalogue the document of a situation is called."""


def meaning_of(
    said: str,
    situation: Situation,
    subject: str = "",
    attachments: Sequence[str] = (),
    quoted: str = "",
    pieces: Sequence[tuple[Role, str]] = (),
) -> Meaning:
    """Understand what a person wrote (without quote and signature) about one document.

    `situation.steps` are the actions that are allowed here; no other is ever in the result. A subject that is the
    writer's own is read only where the mail says nothing else, and decides nothing. In `quoted` only rows of our table
    are looked at, for prices that were typed into them; `pieces` are all stretches of the mail in their order, to tell
    which quoted line an answer stands beneath. Costs time linear in the text; what lies beyond the limits is
    a note, and then nothing is decided.
    """
    said = woven(pieces, situation, said) if len(pieces) > 1 else said
    text = tidy(said[:CHARACTERS])
    if not text.strip() and not attachments:
        text = "" if _REPLYING.match(subject) else tidy(subject[:CHARACTERS])
        situation = _without_decisions(situation)
    own, cut = before_our_words(text.split("\n"))
    own = without_banners(own)
    hearing = _Hearing("\n".join(own), situation)
    main = hearing.main_language()
    ear = hearing.in_language(main)
    mixed = languages_of_pieces(hearing.text, main)
    actions: list[Action] = []
    questions: list[Question] = []
    heard: list[Sentence] = []
    doubts: list[str] = ["…"] if len(said) > CHARACTERS else []
    doubts += ["…"] if ear.decider.frames.mocks(hearing.text[:_MOCKED]) else []
    doubts += [mark for mark in ear.tongue.source.words["marks_of_doubt"] if mark in text][:1]
    signed = False
    numbers = {str(line.n) for line in situation.lines}
    figures = {f"{value.normalize():f}" for line in situation.lines for value in (line.qty, line.price) if value}
    count = rows = 0
    abbreviations = ear.tongue.source.words["abbreviations"]
    drafting = {"invoice_number", "confirm"} <= situation.steps
    for paragraph, unfinished in paragraphs(own, ear.decider.stands_alone, ear.lines.leads):
        if drafting and (told := number_told(paragraph, ear.tongue)):
            number, begin, end = told
            actions.append(Action("invoice_number", number=number, heard=paragraph[begin:end]))
            paragraph = f"{without_link(paragraph[:begin], ear.tongue)}; {paragraph[end:].lstrip(' .,;')}".strip(" ;")
        row = ear.lines.leads(paragraph)
        whole = row and ear.lines.names.counts(paragraph)
        for piece in [paragraph] if whole else sentences(paragraph, abbreviations, main in _NOUNS):
            rows, count = rows + row, count + (not row)
            if rows > ROWS or count > SENTENCES:
                break
            by = hearing.in_language(language_of_piece(piece, main)) if mixed else ear
            found = by.lines.read(piece)
            about_lines = row or any(act.name == "no_bid" for act in found.actions)
            sentence = (by.for_lines if about_lines else by.decider).hear(piece, figures=found.touched)
            if by is not ear:
                sentence.doubt = sentence.doubt or ear.decider.hear(piece, figures=found.touched).doubt
            if found.touched:
                sentence.acts = [
                    act for act in sentence.acts if act.name != "invoice_number" or act.number not in numbers
                ]
            sentence.touched = found.touched
            sentence.acts = [act for act in sentence.acts if not _is_old_figure(act, found.touched, figures, by.tongue)]
            if found.unknown:
                sentence.acts = [act for act in sentence.acts if not trait(act.name).against]
            if found.touched and not any(trait(act.name).against for act in sentence.acts):
                actions += found.actions
                questions += found.questions
                if not sentence.acts or _only_promises(sentence, found.actions, by.tongue):
                    heard.append(Sentence(piece, handed=sentence.handed, holds=sentence.holds))
                    continue
            if unfinished and sentence.acts:
                sentence.doubt = sentence.doubt or piece
            key = by.decider.key(piece).split()
            signed = signed or by.tongue.words["signoffs"].begin(key)
            if not (signed or sentence.acts or found.touched) and _prices(piece, by.tongue):
                sentence.doubt = sentence.doubt or piece  # "Confirmed. Thanks, at a price of 13.00."
            if signed and not (sentence.acts or sentence.asks or by.tongue.risky(key)):
                sentence.doubt = ""  # the figures of a signature are no doubt
            heard.append(sentence)
        if rows > ROWS or count > SENTENCES:
            questions.append(
                Question("length", "Your mail is too long to act on all of it; please write less at a time.")
            )
            break
    if cut:
        deciders = (ear.decider, hearing.in_language("en").decider)
        doubts += _said_below(cut, deciders, {act.name for sentence in heard for act in sentence.acts})
    named = {act.n for act in actions}
    actions += [act for act in ear.lines.read_rows(tidy(quoted[:CHARACTERS])) if act.n not in named]
    if to_colleague(heard, subject, ear.tongue):
        return Meaning(note=text.strip())
    if any(act.name == "acknowledge" for sentence in heard for act in sentence.acts):
        actions = [act for act in actions if not _is_remark(act, actions, situation, text)]
        questions = [ask for ask in questions if not _is_soon(ask, ear.tongue)]
    questions = [ask for one in questions if (ask := _of_line(one, actions, situation)) is not None]
    found_all = weigh(heard, actions, questions, doubts, text)
    return with_tax_rate(found_all, ear.tongue) if "%" in text or "percent" in text else found_all


def _without_decisions(situation: Situation) -> Situation:
    return replace(situation, steps=frozenset(step for step in situation.steps if trait(step).kind == "data"))


def _begins(text: str, tongue: Speech, kind: str) -> bool:
    """Whether a line of an answer to an order begins with the wish for an invoice, or tells what came in.

    Then its figures are what to invoice, or what was received.
    """
    return any(tongue.lines[kind].begin(tongue.tokens(line[:200])) for line in text.split("\n")[:SENTENCES])


def _is_remark(act: Action, actions: Sequence[Action], situation: Situation, text: str) -> bool:
    """Whether a day of delivery is only spoken of beside an accepted order: "confirmed, we bring it on Monday"."""
    day = act.data().get("date") if act.name == "counter_line" else None
    if not isinstance(day, date) or day.isoformat() not in act.heard or day.isoformat() in text:
        return False
    return sum(one.heard == act.heard for one in actions) == len(situation.lines)


def _is_soon(ask: Question, tongue: Speech) -> bool:
    """Whether a question is about a day that beside an accepted order is a remark: "in production, goes tomorrow"."""
    words = dict(ask.params).get("words", "")
    if ask.about != "date" or any(map(str.isdigit, words)):
        return False
    days = list(tongue.spoken_days.finditer(words))
    around = (words[max(0, day.start() - _BESIDE) : day.end() + _BESIDE] for day in days)
    return bool(days) and not any(map(tongue.next_days.search, around))


def _is_old_figure(act: Action, touched: bool, figures: Collection[str], tongue: Speech) -> bool:
    """Whether a number is none of an invoice but a figure that is denied: "son 92 horas, no 88"."""
    if act.name != "invoice_number" or not tongue.lines["deny"].begin(tongue.tokens(act.heard)):
        return False
    return touched or act.number in figures


def _of_line(ask: Question, actions: Sequence[Action], situation: Situation) -> Question | None:
    """A question; one about a price by a strange name only where a line has none: "kulis 0,36", "deposit 0.15"."""
    if ask.about != STRAY:
        return ask
    answered = {act.n for act in actions if act.name in ("quote_line", "no_bid")}
    return replace(ask, about="line") if any(line.n not in answered for line in situation.lines) else None


def _prices(piece: str, tongue: Speech) -> bool:
    """Whether a sentence speaks of a price in figures."""
    return any(map(str.isdigit, piece)) and tongue.lines["price"].within(tongue.tokens(piece))


def _only_promises(sentence: Sentence, lines: Sequence[Action], tongue: Speech) -> bool:
    """Whether "we can deliver" stands before a figure and the sentence only says how much: "... only 8 pumps"."""
    counters = any(act.name == "counter_line" for act in lines)
    promised = all(
        act.name == "acknowledge" and not tongue.triggers[act.name].within(tongue.tokens(act.heard))
        for act in sentence.acts
    )
    return counters and promised and bool(sentence.doubt)


def _said_below(cut: list[str], deciders: Sequence[Decider], acts: set[str]) -> list[str]:
    """A command below words of ours that is none of a menu of ours: more than one of them is a menu."""
    found = {act.name: line for line in cut[:_MENU] for by in deciders for act in by.hear(line).acts}
    deciding = {name: line for name, line in found.items() if trait(name).kind == "decides"}
    return list(deciding.values()) if len(deciding) == 1 and deciding.keys().isdisjoint(acts) else []


@dataclass(frozen=True, slots=True)
class _Ear:
    """One language's readers of one answer."""

    tongue: Speech
    decider: Decider
    for_lines: Decider
    lines: LineReader


class _Hearing:
    """The readers of one answer, made for each language that is heard in it."""

    def __init__(self, text: str, situation: Situation) -> None:
        self.text = text
        self.situation = situation
        self.habits = habits_of(text, situation.locale, situation.today)
        self.ears: dict[str, _Ear] = {}

    def main_language(self) -> str:
        """The language of the mail; for a word or two that tell none, one in which they ask for something."""
        main = language_of(self.text, self.situation.locale)
        if len(self.text) > _CURT or tells(self.text):
            return main
        asking = (code for code in (main, *languages()) if self.in_language(code).decider.asks_for(self.text))
        return next(asking, main)

    def in_language(self, code: str) -> _Ear:
        """The readers for one language."""
        if code not in self.ears:
            situation, tongue = self.situation, speech(code)
            kinds = KINDS.get(situation.name, (situation.name.partition("_")[0],))
            invoicing, receiving = (_begins(self.text, tongue, kind) for kind in ("invoice", "received"))
            lines = LineReader(tongue, situation, self.habits, invoicing, receiving, self.text)
            names = names_of(tongue.source, kinds, [situation.document or ""])
            decider = Decider(tongue, situation, names, lines.names.names_any)
            against = frozenset(step for step in situation.steps if trait(step).against)
            for_lines = Decider(
                tongue, replace(situation, steps=situation.steps - against), names, lines.names.names_any
            )
            self.ears[code] = _Ear(tongue, decider, for_lines, lines)
        return self.ears[code]
