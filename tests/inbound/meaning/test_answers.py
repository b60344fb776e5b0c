"""The answers of `answers.jsonl`, each with the meaning that people agreed on."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from inbound.meaning.understand import understand_line

CASES = [json.loads(line) for line in Path(__file__).with_name("answers.jsonl").read_text("utf-8").splitlines()]


def told(action: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """What of an action is compared: name, line and day, figures as numbers, the rest where it is expected."""
    out = {name: str(action[name]) for name in ("action", "n", "date") if name in action}
    out |= {
        name: str(Decimal(action[name]).normalize()) for name in ("price", "qty") if name in action and name in like
    }
    return out | {name: action.get(name) for name in ("currency", "document", "number", "address") if name in like}


def agrees(got: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether actions and questions are the wanted ones, in any order."""
    left = list(got["actions"])
    for want in wanted["actions"]:
        hit = next((action for action in left if told(action, want) == told(want, want)), None)
        if hit is None:
            return False
        left.remove(hit)
    return not left and got["questions"] == wanted["questions"]


def wanted(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The expected meaning and those that are as good."""
    yield case["expected"]
    yield from case["expected"].get("alt", [])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_no_answer_is_taken_for_what_it_must_not_mean(case: dict[str, Any]) -> None:
    """However it is worded, an answer never leads to an act that its writer did not ask for."""
    names = {action["action"] for action in understand_line(case)["actions"]}
    assert not names & set(case["expected"]["must_not"]), case["body"]


def test_answers_are_understood_as_people_agreed() -> None:
    """At least 95 of 100 answers give exactly the agreed actions and questions."""
    missed = [case["id"] for case in CASES if not any(agrees(understand_line(case), want) for want in wanted(case))]
    assert len(CASES) >= 120
    assert len(missed) <= len(CASES) * 0.05, missed
