"""What is done and what is asked, over a whole answer: the one place that lets a decision through or holds it back."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from inbound.documents.numbers import parse_amount
from inbound.meaning.limits import QUESTIONS
from inbound.meaning.sentence import Sentence
from inbound.meaning.speech import Speech
from templates.phrases import trait
from workflows.actions import Action, Meaning, Question

_FIGURE: Final = re.compile(r"(?<![\w.,])\d[\d.,]*(?<=\d)(?!\w)")


def weigh(
    heard: list[Sentence],
    actions: list[Action],
    questions: list[Question],
    doubts: list[str],
    text: str,
) -> Meaning:
    """Decide what is done and what is asked.

    `heard` are the sentences, `actions` and `questions` what was read about lines, `doubts` what else in the mail
    speaks against deciding anything.
    """
    acts = [act for sentence in heard for act in sentence.acts]
    data = [*actions, *(act for act in acts if trait(act.name).kind == "data")]
    deciding = _distinct([act for act in acts if trait(act.name).kind == "decides"])
    if any(sentence.yours for sentence in heard):
        deciding = []  # it is another who is to decide: "Jan, is this yours? Then confirm it"
    if any(sentence.waits for sentence in heard):
        meek = [act for sentence in heard if sentence.meek for act in sentence.acts]
        deciding = [act for act in deciding if act not in meek]  # "Great, thanks. We will come back to you."
        heard = [sentence for sentence in heard if sentence.acts or not sentence.meek]
    if any(act.name in ("acknowledge", "counter_line") for act in (*deciding, *data)):
        data = [act for act in data if act.name != "invoice_number"]  # the number of their confirmation
    for before, sentence in pairwise(heard):
        if not sentence.reverts:
            continue
        doubts = [*doubts, sentence.text]
        unsure = [act for act in data if act.heard == before.text and not sentence.acts and not sentence.touched]
        if unsure:
            data = [act for act in data if act not in unsure]
            params = (("words", f"{before.text} {sentence.text}"[:200]),)
            questions = [*questions, Question("figure", "What exactly do you mean by {words}?", params)]
    if any(sentence.holds for sentence in heard):
        explicit = [act for sentence in heard if sentence.explicit for act in sentence.acts]
        doubts += [act.heard for act in deciding if act.name == "confirm" and act in explicit]
        deciding = [act for act in deciding if act.name != "confirm" or act in explicit]
    if not any(act.name.endswith("_line") for act in data):
        doubts = [*doubts, *(sentence.text for sentence in heard if sentence.fixes)]  # what is to be corrected?
    if {act.name for act in deciding} == {"reject", "send_back"}:
        explicit = [act for sentence in heard if sentence.explicit for act in sentence.acts]
        deciding = [act for act in deciding if act.name != "reject" or act in explicit]
    asides = [sentence for sentence in heard if not sentence.acts]
    if len(deciding) == 1 and trait(deciding[0].name).reason and not deciding[0].reason:
        reason = " ".join(one.text for one in asides if not one.harmless).strip()
        deciding = [replace(deciding[0], reason=reason or None)]
    if {act.name for act in deciding} == {"withdraw", "decline"}:
        deciding = [act for act in deciding if act.name == "decline"]
    undoing = [act.name for act in deciding] == ["undo"]
    against = bool(deciding) and all(trait(act.name).against for act in deciding)
    countered = any(act.name == "counter_line" for act in data)
    for sentence in heard:
        if countered and sentence.touched and any(act.name == "acknowledge" for act in sentence.acts):
            continue  # "all fine but the bolts: 0.13"
        if undoing and not sentence.acts and not sentence.asks:
            continue  # "I confirmed the wrong one"
        if against and not sentence.acts and not sentence.favours:
            continue  # what else a refusal says is its reason
        if not sentence.acts and _repeats(sentence, data):
            continue  # "the rye: only 38 came. Change that to 38"
        if countered and sentence.partial:
            continue  # "we confirm lines 1 and 3", and line 2 is countered
        if sentence.about and not sentence.assent:
            doubts.append(sentence.text)
        elif sentence.doubt and (sentence.acts or not sentence.soft):
            doubts.append(sentence.doubt)
    if any(act.name == "acknowledge" for act in deciding):
        kept = [act for act in data if not _is_for_all(act, data) or any(map(str.isdigit, act.heard))]
        # "accepted, it comes with Monday's tour" says no other day than the one that was asked for
        doubts += [act.heard for act in data if act not in kept and any(map(str.isdigit, act.heard))][:1]
        data = kept
    return _answer(deciding, data, questions, doubts, heard, text)


def _repeats(sentence: Sentence, data: list[Action]) -> bool:
    """Whether the figures of a sentence were all taken from another one."""
    taken = {value for act in data for value in (act.qty, act.price) if value is not None}
    said = [parse_amount(one, None) for one in _FIGURE.findall(sentence.text)]
    return bool(said) and all(isinstance(one, Decimal) and one in taken for one in said)


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
    asked = _without_lead_times(questions, [*data, *deciding])
    if deciding and not data and all(trait(act.name).against for act in deciding):
        asked = [one for one in asked if one.about == "condition"]
    if any(act.name in ("quote_line", "no_bid") for act in data):
        deciding = [act for act in deciding if act.name != "accept"]  # whoever quotes takes part
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
        elif act.name == "acknowledge" and not asked and any(one.name == "counter_line" for one in data):
            deciding = []  # an order accepted with a change is a counter-proposal
        elif asked or _contradicts(act, data):
            if not asked:
                params = (("words", act.heard[:200]), ("beside", data[0].heard[:200]))
                asked.append(
                    Question("condition", "You wrote {words}, and beside it: {beside}. Shall we act on it?", params)
                )
            deciding = []
    else:
        countered = any(act.name == "counter_line" for act in data)
        about = [
            one
            for one in heard
            if one.about and not (one.partial and countered) and not (data and (one.assent or not one.favours))
        ]
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


_LOOSE = {"lead": "date", "loose": "line"}
"""What is asked about only where nothing else is said: a lead time, and a figure like "carriage paid from 250"."""


def _without_lead_times(questions: list[Question], acts: list[Action]) -> list[Question]:
    """The questions; a lead time is a note where anything else is asked for, and no day to be asked for."""
    told = [replace(one, about=_LOOSE.get(one.about, one.about)) for one in questions]
    return [one for one, was in zip(told, questions, strict=True) if was.about not in _LOOSE] if acts else told


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
    if len(whole) == 1 and whole[0].number:
        return [act for act in data if act.name != "invoice_number" or act.number != whole[0].number]
    if len(numbers) != 1 or len(whole) != 1:
        return data
    heard = whole[0].heard if numbers[0].heard in whole[0].heard else f"{whole[0].heard}\n{numbers[0].heard}"
    numbered = replace(whole[0], number=numbers[0].number, heard=heard)
    return [numbered if act is whole[0] else act for act in data if act is not numbers[0]]


def _clashing(data: list[Action]) -> list[Action]:
    """Actions that say two things about the same line or field."""
    by_field: dict[tuple[str, int | None], list[Action]] = {}
    for act in data:
        if act.name in ("quote_line", "no_bid"):
            by_field.setdefault(("bid", act.n), []).append(act)
        elif act.name in (
            "invoice_line",
            "counter_line",
            "received_line",
            "set_delivery",
            "invoice_number",
            "invoice_all",
        ):
            by_field.setdefault((act.name, act.n), []).append(act)
    return [act for acts in by_field.values() if len(acts) > 1 for act in acts]


def _contradicts(act: Action, data: list[Action]) -> bool:
    """Whether a decision and figures beside it cannot both be meant, as in accepting an order and changing it."""
    return any(
        one.name == "counter_line"
        or (trait(act.name).against and trait(one.name).kind == "data" and one.name != "status")
        for one in data
    )


def with_tax_rate(meaning: Meaning, speech: Speech) -> Meaning:
    """A meaning whose "invoice all" carries the one rate of tax said in the mail; several rates are asked about."""
    whole = next((act for act in meaning.actions if act.name == "invoice_all"), None)
    found = [(match[0], match["before"] or match["after"]) for match in speech.taxing.finditer(meaning.note)]
    rates = {Decimal(rate.replace(",", ".").rstrip("% percntPERCNT")) for _, rate in found}
    if whole is None or not rates:
        return meaning
    if len(rates) > 1:
        words = "; ".join(text for text, _ in found)[:200]
        ask = Question("tax", "Which rate of tax do you mean: {words}?", (("words", words),))
        return replace(meaning, questions=(*meaning.questions, ask))
    taxed = replace(whole, tax_rate=rates.pop(), heard=f"{whole.heard}\n{found[0][0]}")
    return replace(meaning, actions=tuple(taxed if act is whole else act for act in meaning.actions))
