"""What an answer means: actions, or the questions that we ask instead, and the note that is left.

Precision comes first: a decision counts only where whole words say it, and not beside anything that is conditional,
contradicts it or was not understood. Then it becomes a question, and what was sure about single lines is still taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from inbound.meaning.days import habits_of
from inbound.meaning.decisions import Decider, Sentence
from inbound.meaning.limits import CHARACTERS, ROWS, SENTENCES
from inbound.meaning.lines import LineReader
from inbound.meaning.speech import Speech, names_of, speech
from inbound.meaning.text import paragraphs, sentences, tidy
from inbound.meaning.weighing import weigh
from templates.phrases import languages, trait
from workflows.actions import Action, Meaning, Question, Situation

_REPLYING = re.compile(r"\s*[^\W\d_]{1,5}(?:\[\d+\])?\s*:")
"""A subject that begins like this is our own coming back."""

KINDS = {
    "order": ("order",),
    "invoice_draft": ("invoice",),
    "invoice_matching": ("invoice",),
    "rfp": ("request",),
    "proposal_draft": ("proposal",),
    "invitation": ("invitation",),
}
"""By which nouns of the catalogue the document of a situation is called."""


def meaning_of(
    said: str, situation: Situation, subject: str = "", attachments: Sequence[str] = (), quoted: str = ""
) -> Meaning:
    """Understand what a person wrote (without quote and signature) about one document.

    `situation.steps` are the actions that are allowed here; no other is ever in the result. A subject that is the
    writer's own is read only where the mail says nothing else, and decides nothing. In `quoted` only rows of our table
    are looked at, for prices that were typed into them. Costs time linear in the text; what lies beyond the limits is
    a note, and then nothing is decided.
    """
    text = tidy(said[:CHARACTERS])
    if not text.strip() and not attachments:
        text = "" if _REPLYING.match(subject) else tidy(subject[:CHARACTERS])
        situation = _without_decisions(situation)
    tongue = tongue_of(text)
    source = tongue.source
    kinds = KINDS.get(situation.name, (situation.name.partition("_")[0],))
    decider = Decider(tongue, situation, names_of(source, kinds, [situation.document or ""]))
    against = frozenset(step for step in situation.steps if trait(step).against)
    for_lines = Decider(tongue, replace(situation, steps=situation.steps - against), decider.names)
    lines = LineReader(tongue, situation, habits_of(text, situation.locale, situation.today), _invoicing(text, tongue))
    actions: list[Action] = []
    questions: list[Question] = []
    heard: list[Sentence] = []
    doubts: list[str] = ["…"] if len(said) > CHARACTERS else []
    doubts += [mark for mark in source.words["marks_of_doubt"] if mark in text][:1]
    own, cut = _before_our_words(text.split("\n"), tongue)
    if cut:
        doubts += [line for line in cut if tongue.asked(decider.key(line), situation.steps)][:1]
    signed = False
    numbers = {str(line.n) for line in situation.lines}
    count = rows = 0
    for paragraph, unfinished in _pieces(_without_banners(own, tongue), decider, lines):
        row = lines.leads(paragraph)
        for piece in [paragraph] if row else sentences(paragraph, source.words["abbreviations"]):
            rows, count = rows + row, count + (not row)
            if rows > ROWS or count > SENTENCES:
                break
            found = lines.read(piece)
            about_lines = row or any(act.name == "no_bid" for act in found.actions)
            sentence = (for_lines if about_lines else decider).hear(piece, figures=found.touched)
            if found.touched:
                sentence.acts = [
                    act for act in sentence.acts if act.name != "invoice_number" or act.number not in numbers
                ]
            if found.touched and not any(trait(act.name).against for act in sentence.acts):
                actions += found.actions
                questions += found.questions
                if not sentence.acts:
                    continue
            if unfinished and sentence.acts:
                sentence.doubt = sentence.doubt or piece
            signed = signed or tongue.words["signoffs"].begin(decider.key(piece).split())
            if signed and not (sentence.acts or sentence.asks or tongue.risky(decider.key(piece).split())):
                sentence.doubt = ""  # the figures of a signature are no doubt
            heard.append(sentence)
        if rows > ROWS or count > SENTENCES:
            questions.append(
                Question("length", "Your mail is too long to act on all of it; please write less at a time.")
            )
            break
    named = {act.n for act in actions}
    actions += [act for act in lines.read_rows(tidy(quoted[:CHARACTERS])) if act.n not in named]
    return weigh(heard, actions, questions, doubts, text)


def _without_decisions(situation: Situation) -> Situation:
    return replace(situation, steps=frozenset(step for step in situation.steps if trait(step).kind == "data"))


def tongue_of(text: str) -> Speech:
    """The language whose small words the text uses most; English when nothing tells."""
    codes = languages()
    if len(codes) == 1:
        return speech(codes[0])
    return max((speech(code) for code in codes), key=lambda one: _share(one, text))


def _share(tongue: Speech, text: str) -> int:
    tokens = tongue.tokens(text[:2_000])
    lists = (
        "articles",
        "determiners",
        "conditions",
        "negations",
        "requests",
        "asks",
        "greetings",
        "closings",
        "references",
    )
    hits = sum(any(tongue.words[name].at(tokens, i) for name in lists) for i in range(len(tokens)))
    return 2 * hits + sum(words.within(tokens) for words in tongue.triggers.values())


def _invoicing(text: str, tongue: Speech) -> bool:
    """Whether a line of an answer to an order begins with the wish for an invoice: then figures are what to invoice."""
    return any(tongue.lines["invoice"].begin(tongue.tokens(line[:200])) for line in text.split("\n")[:SENTENCES])


def _before_our_words(lines: list[str], tongue: Speech) -> tuple[list[str], list[str]]:
    """Cut where words of our own mails begin, and leave quoted lines out."""
    ours = tuple(tongue.source.words["ours"])
    for position, line in enumerate(lines):
        low = line.casefold()
        if any(words in low for words in ours):
            return [one for one in lines[:position] if not one.startswith(">")], lines[position + 1 :]
    return [one for one in lines if not one.startswith(">")], []


def _without_banners(lines: list[str], tongue: Speech) -> list[str]:
    """The lines without the warnings that mail systems put above a mail."""
    position = 0
    while position < min(len(lines), 8):
        line = lines[position]
        if line.strip(" *-_=[]"):
            tokens = tongue.tokens(line)
            if sum(tongue.words["banners"].at(tokens, at) > 0 for at in range(len(tokens))) < 2:
                break
        position += 1
    return lines[position:]


def _pieces(lines: list[str], decider: Decider, reader: LineReader) -> Iterator[tuple[str, bool]]:
    return paragraphs(lines, decider.stands_alone, reader.leads)
