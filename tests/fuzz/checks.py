"""What must hold for every mail and every text, however hostile; both the fuzz and the everyday tests ask it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from inbound.bounces import bounces_of
from inbound.kind import Kind, kind_of
from inbound.letter import read_letter
from inbound.meaning.understand import STEPS, understand_line
from inbound.read_mail import mail_as_json
from inbound.said import split

READ_SECONDS, SPLIT_SECONDS, HEAR_SECONDS = 1.0, 0.25, 4.0
"""CPU that reading and splitting may cost at most; the bar is lower, a busy machine measures more."""


measured = False
"""Whether what costs too much breaks: the fuzz measures, the everyday tests leave that to their time limit."""


class TooSlow(AssertionError):
    """Raised when something cost more CPU than it may."""


def check_mail(source: bytes) -> None:
    """Read, sort and split a mail, look for bounces in it, and write it as JSON."""
    with _within(READ_SECONDS, "read_letter"):
        letter = read_letter(source)
    with _within(READ_SECONDS, "kind_of"):
        kind, why = kind_of(letter)
    assert kind in Kind
    assert why
    with _within(READ_SECONDS, "bounces_of"):
        for bounce in bounces_of(letter):
            assert "@" in bounce.recipient
    check_text(letter.text, letter.html, letter.subject)
    json.dumps(mail_as_json(letter, "a.eml", "text"), ensure_ascii=False).encode("utf-8")
    for file in letter.files():
        assert not {"/", "\\", "\0", "\n", "\r"} & set(file.name)


def check_text(text: str, html: str = "", subject: str = "") -> None:
    """Split a text; no character of it may be lost."""
    with _within(SPLIT_SECONDS, "split"):
        parts = split(text, html, subject)
    if text.strip() or not html:
        assert "".join(text for _, text in parts.pieces) == text


def check_answer(case: dict[str, Any]) -> None:
    """Understand an answer: only what is open here, whole figures, and the same meaning each time."""
    with _within(HEAR_SECONDS, "understand_line"):
        out = understand_line(case)
    assert out == understand_line(case)
    assert {action["action"] for action in out["actions"]} <= STEPS[case["situation"], case["role"]]
    assert out["questions"] == bool(out["ask"])
    for action in out["actions"]:
        assert all(Decimal(action[name]).is_finite() for name in ("qty", "price", "tax_rate") if name in action)
    json.dumps(out, ensure_ascii=False)


@contextmanager
def _within(seconds: float, what: str) -> Iterator[None]:
    start = time.process_time()
    yield
    spent = time.process_time() - start
    if spent > seconds and measured:
        raise TooSlow(f"{what} took {spent:.2f} s")
