"""What an answer means: actions, or the questions that we ask instead, and the note that is left.

Precision comes first: a decision counts only where whole words say it, and not beside anything that is conditional,
contradicts it or was not understood. Then it becomes a question, and what was sure about single lines is still taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from inbound.meaning.decisions import Decider, Sentence
from inbound.meaning.figures import habits_of
from inbound.meaning.limits import CHARACTERS, QUESTIONS, ROWS, SENTENCES
from inbound.meaning.lines import LineReader
from inbound.meaning.speech import Speech, names_of, speech
from inbound.meaning.text import paragraphs, sentences, tidy
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
    after_closing = False
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
            after_closing = after_closing or _closes(piece, decider, tongue)
            if after_closing and not sentence.acts and not tongue.risky(decider.key(piece).split()):
                sentence.doubt = ""
            heard.append(sentence)
        if rows > ROWS or count > SENTENCES:
            questions.append(
                Question("length", "Your mail is too long to act on all of it; please write less at a time.")
            )
            break
    named = {act.n for act in actions}
    actions += [act for act in lines.read_rows(tidy(quoted[:CHARACTERS])) if act.n not in named]
    return _weighed(heard, actions, questions, doubts, text)


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


def _closes(piece: str, decider: Decider, tongue: Speech) -> bool:
    return tongue.words["closings"].begin(decider.key(piece).split())


def _weighed(
    heard: list[Sentence],
    actions: list[Action],
    questions: list[Question],
    doubts: list[str],
    text: str,
) -> Meaning:
    """Decide what is done and what is asked, over the whole mail."""
    acts = [act for sentence in heard for act in sentence.acts]
    data = [*actions, *(act for act in acts if trait(act.name).kind == "data")]
    deciding = _distinct([act for act in acts if trait(act.name).kind == "decides"])
    asides = [sentence for sentence in heard if not sentence.acts]
    if len(deciding) == 1 and trait(deciding[0].name).reason and not deciding[0].reason:
        reason = " ".join(one.text for one in asides if not one.harmless).strip()
        deciding = [replace(deciding[0], reason=reason or None)]
    against = bool(deciding) and all(trait(act.name).against for act in deciding)
    for sentence in heard:
        if sentence.about:
            doubts.append(sentence.text)
        elif sentence.doubt and (sentence.acts or not against):
            doubts.append(sentence.doubt)
    if any(act.name == "acknowledge" for act in deciding):
        kept = [act for act in data if not _is_for_all(act, data)]
        doubts += [act.heard for act in data if act not in kept][:1]
        data = kept
    return _answer(deciding, data, questions, doubts, heard, text)


def _is_for_all(act: Action, data: list[Action]) -> bool:
    """Whether a counter-proposal came from one day said for the whole order."""
    return act.name == "counter_line" and sum(one.heard == act.heard for one in data if one.name == act.name) > 1


def _answer(
    deciding: list[Action],
    data: list[Action],
    questions: list[Question],
    doubts: list[str],
    heard: list[Sentence],
    text: str,
) -> Meaning:
    asked = list(questions)
    if len(deciding) > 1:
        words = "; ".join(act.heard for act in deciding)[:200]
        asked.append(Question("action", "These do not go together, which do you mean: {words}?", (("words", words),)))
        deciding = []
    elif deciding:
        act = deciding[0]
        if doubts:
            params = (("words", act.heard[:200]), ("beside", doubts[0][:200]))
            asked.append(
                Question("condition", "You wrote {words}, and beside it: {beside}. Shall we act on it?", params)
            )
            deciding = []
        elif trait(act.name).reason == "needed" and not act.reason:
            asked.append(Question("reason", "What is the reason: {words}?", (("words", act.heard[:200]),)))
            deciding = []
        elif asked or _contradicts(act, data):
            if not asked:
                params = (("words", act.heard[:200]), ("beside", data[0].heard[:200]))
                asked.append(
                    Question("condition", "You wrote {words}, and beside it: {beside}. Shall we act on it?", params)
                )
            deciding = []
    else:
        about = [one for one in heard if one.about and not (data and trait(one.about).kind == "data")]
        if about and not asked:
            words = about[0].text[:200]
            asked.append(Question("action", "What would you like us to do: {words}?", (("words", words),)))
    data = _with_numbers(_distinct(data))
    clashing = _clashing(data)
    if clashing:
        words = "; ".join(act.heard for act in clashing)[:200]
        asked.append(Question("figure", "These do not go together, which do you mean: {words}?", (("words", words),)))
        data = [act for act in data if act not in clashing]
        deciding = []
    return Meaning((*data, *deciding), tuple(asked[:QUESTIONS]), text.strip())


def _distinct(actions: list[Action]) -> list[Action]:
    """Each action once, however often it was said."""
    seen: dict[tuple[str, str], Action] = {}
    for act in actions:
        decides = trait(act.name).kind == "decides"
        key = (act.name, "" if decides else repr(sorted(act.data().items())))
        if key not in seen or (act.reason and not seen[key].reason):
            seen[key] = act
    return list(seen.values())


def _with_numbers(data: list[Action]) -> list[Action]:
    """ "Invoice all" together with a number that was said beside it."""
    numbers = [act for act in data if act.name == "invoice_number"]
    whole = [act for act in data if act.name == "invoice_all"]
    if len(numbers) != 1 or len(whole) != 1 or whole[0].number:
        return data
    return [replace(act, number=numbers[0].number) if act is whole[0] else act for act in data if act is not numbers[0]]


def _clashing(data: list[Action]) -> list[Action]:
    """Actions that say two things about the same line or field."""
    by_field: dict[tuple[str, int | None], list[Action]] = {}
    for act in data:
        if act.name in ("quote_line", "no_bid"):
            by_field.setdefault(("bid", act.n), []).append(act)
        elif act.name in ("invoice_line", "counter_line", "set_delivery", "invoice_number", "invoice_all"):
            by_field.setdefault((act.name, act.n), []).append(act)
    return [act for acts in by_field.values() if len(acts) > 1 for act in acts]


def _contradicts(act: Action, data: list[Action]) -> bool:
    """Whether a decision and figures beside it cannot both be meant, as in accepting an order and changing it."""
    return any(
        one.name == "counter_line"
        or (trait(act.name).against and trait(one.name).kind == "data" and one.name != "status")
        for one in data
    )
