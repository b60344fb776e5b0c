"""How people refer to lines: by number, by count, and where what they say of one line ends."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either

CUT: Final = "\x03"
"""Where a row begins inside a line."""


@cache
def references(speech: Speech, besides: frozenset[str] = frozenset()) -> tuple[re.Pattern[str], re.Pattern[str]]:
    source = speech.source
    called = [word for word in source.lines["line"] if word[0].isalpha() and word not in besides]
    line = either(called, source.letters)
    every = either(source.lines["all"], source.letters)
    joins = either(source.words["joins"], source.letters)
    nothing = either(source.lines["no_bid"], source.letters)
    numbers = rf"\d{{1,4}}(?:\s*(?:,|-|{joins})\s*(?:(?:{line})\.?\s*)?\d{{1,4}}(?![\d.,]*\d))*"
    head = re.compile(
        rf"(?!\s*\d{{1,2}}:\d\d(?![\d.,]))\s*(?:[-*•>]+\s*)?(?:(?P<called>(?:{line})\b\.?\s*)?#?(?P<numbers>{numbers})|(?P<all>{every}))"
        r"(?:\s*(?P<sep>[:=|])|(?P<paren>\)|\.)(?=\s)|\s+-(?=\s)|(?P<tab>\s{2,})"
        rf"|(?(called)\s+(?=(?:[€$£]|[a-z]{{3}})? ?\d|(?:{nothing})\b)|(?!)))",
        re.IGNORECASE,
    )
    inside = re.compile(rf"(?:\b(?:{line})\b\.?\s*#?|#)(?P<numbers>{numbers})(?![.,]?\d)\s*:?", re.IGNORECASE)
    return head, inside


@cache
def ordinals(speech: Speech) -> tuple[dict[int, re.Pattern[str]], re.Pattern[str]]:
    source = speech.source
    numbers = {
        int(n) if n.isdigit() else -1: re.compile(f"(?:{either(words, source.letters)})", re.IGNORECASE)
        for n, words in source.ordinals.items()
    }
    every = either((word for words in source.ordinals.values() for word in words), source.letters)
    line = either((word for word in source.lines["line"] if word[0].isalpha()), source.letters)
    return numbers, re.compile(
        rf"(?<!\w)(?P<ordinal>{every})(?:\s+(?:(?P<line>{line})(?!\w)\.?|(?=\d))|(?=:\s*[^\W\d_]{{0,3}}[€$£]?\s?\d))",
        re.IGNORECASE,
    )


@cache
def delivered(speech: Speech) -> re.Pattern[str]:
    """Where a day of delivery begins behind a price: "0.52 delivery 12 December"."""
    words = either((word for word in speech.source.lines["delivery"] if len(word) > 3), speech.source.letters)
    return re.compile(rf"(?<=\s)(?:{words})(?!\w)(?:\s+[^\W\d_]{{1,9}}){{0,2}}\s*:?\s*(?=\d)", re.IGNORECASE)


@cache
def _splitter(speech: Speech) -> re.Pattern[str]:
    source = speech.source
    kept = {*source.words["conditions"], *source.words["yet"]}
    contrasts = (word for word in source.words["contrasts"] if word not in kept)
    joins = either((*source.words["joins"], *contrasts), source.letters)
    return re.compile(rf"[,;](?=\s|$)|\s\|\s(?=[^\W\d_]{{3}})|\s/\s+(?=\x01)|\s(?:{joins})\s|{CUT}", re.IGNORECASE)


def split(text: str, speech: Speech) -> list[str]:
    """The pieces of a text, each of which speaks of one line at most."""
    return [piece for piece in _splitter(speech).split(text)[:100] if piece.strip()]
