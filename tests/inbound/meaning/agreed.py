"""Agreed answers, by when they were written, and what it is to agree with one."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

FILES = {
    name: [json.loads(line) for line in Path(__file__).with_name(f"{name}.jsonl").read_text("utf-8").splitlines()]
    for name in ("answers", "unseen", "later", "nasty", "wider")
}


def told(action: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """What of an action is compared: name, line and day, figures as numbers, the rest where it is expected."""
    out: dict[str, Any] = {name: str(action[name]) for name in ("action", "n", "date") if name in action}
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
