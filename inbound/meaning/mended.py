"""Figures that a writer corrects in the same breath: "16.00 a bottle, oh no, that was the old list, make it 17.25"."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

from inbound.documents.numbers import parse_amount
from inbound.meaning.days import Habits
from inbound.meaning.settling import like
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either

_NUMBER: Final = re.compile(r"(?<![\w.,/:-])\d[\d.,]*(?<=\d)(?![\w/:]|-\d)")


def without_mended(text: str, speech: Speech, habits: Habits) -> str:
    """The text without the figure that a word of correction takes back for a like one behind it."""
    for found in _mending(speech).finditer(text):
        before = list(_NUMBER.finditer(text, 0, found.start()))
        after = list(_NUMBER.finditer(text, found.end()))
        if not before or len(after) != 1:
            continue
        old, new = (parse_amount(one[0], habits.mark) for one in (before[-1], after[0]))
        if isinstance(old, Decimal) and isinstance(new, Decimal) and old != new and like(new, old):
            return text[: before[-1].start()] + text[before[-1].end() : found.start()] + text[found.end() :]
    return text


@cache
def _mending(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["mended"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)[,:;]?", re.IGNORECASE)
