"""The agreed answers, each with its meaning: written while building, unseen when it was built, and later ones."""

from typing import Any

import pytest

from inbound.meaning.understand import understand_line
from templates.phrases import language, languages
from tests.inbound.meaning.agreed import FILES, agrees, wanted

CASES = [case for cases in FILES.values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_no_answer_is_taken_for_what_it_must_not_mean(case: dict[str, Any]) -> None:
    """However it is worded, an answer never leads to an act that its writer did not ask for."""
    names = {action["action"] for action in understand_line(case)["actions"]}
    assert not names & set(case["expected"]["must_not"]), case["body"]


@pytest.mark.parametrize(
    ("name", "share"), [("answers", 0.95), ("unseen", 0.9), ("later", 0.9), ("nasty", 0.9), ("wider", 0.9)]
)
def test_answers_are_understood_as_people_agreed(name: str, share: float) -> None:
    """At least 95 of 100 answers give exactly the agreed actions and questions, 90 of those that were unseen."""
    cases = FILES[name]
    missed = [case["id"] for case in cases if not any(agrees(understand_line(case), want) for want in wanted(case))]
    assert len(missed) <= len(cases) * (1 - share), missed


def test_few_questions_are_needless() -> None:
    """At most 3 of 100 answers are asked about without need."""
    asked = [case["id"] for case in CASES if understand_line(case)["questions"] > any(map(_asks, wanted(case)))]
    assert len(asked) <= len(CASES) * 0.03, asked


def test_the_answers_are_many_and_in_eight_languages() -> None:
    """Six hundred and more; many with our own words below or a warning above, some written to a colleague."""
    assert len(CASES) >= 600
    assert {case["lang"] for case in CASES} == {"en", "de", "es", "fr", "it", "nl", "pl", "uk"}
    assert len({case["id"] for case in CASES}) == len(CASES)
    ours = [case for case in CASES if "\nSimply reply to this mail with one of:" in case["body"]]
    assert len(ours) >= len(CASES) * 0.05


@pytest.mark.parametrize("code", languages())
def test_no_decision_stands_beside_a_condition_or_a_doubt(code: str) -> None:
    """Whatever condition or doubt of its language follows or precedes it, a decision is not taken."""
    source = language(code)
    taken = []
    for situation, role, step in (("order", "supplier", "acknowledge"), ("invoice_matching", "buyer", "approve")):
        said = next(words for words in source.actions[step].says if "{" not in words)
        for word in (*source.words["conditions"], *source.words["doubts"]):
            doubt = word.rstrip("*")
            for body in (f"{said}, {doubt} x.", f"{said} {doubt} x", f"{doubt} x, {said}"):
                case = {"id": 1, "situation": situation, "role": role, "body": body}
                case["context"] = {"locale": code}
                names = {action["action"] for action in understand_line(case)["actions"]}
                taken += [body] if names & {"acknowledge", "approve"} else []
    assert not taken


def _asks(meaning: dict[str, Any]) -> bool:
    return bool(meaning["questions"])
