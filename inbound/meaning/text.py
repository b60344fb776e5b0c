"""An answer cut into lines, sentences and clauses, each small enough to be understood by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from typing import Final

from inbound.documents.dates import month_names

_SAME: Final = str.maketrans(
    dict.fromkeys("‘’‛`´ʼ", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"\t": "  "}
    | dict.fromkeys("\xa0\u2007\u2009\u202f", " ")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\xad\u200e\u200f\ufe0f\x00")
)
_WRAPPED: Final = 56
"""Characters from which on a line may have been broken by a mail program."""
_END: Final = re.compile(r"[.!?;…]+(?=[\s\"')]|$)")
_DAY: Final = re.compile(r"\d{1,2}\.\d{1,2}")
_DOTTED: Final = re.compile(r"[^\W\d_](?:\.[^\W\d_]{1,2})+")
_ASIDE: Final = 80
"""Characters within which a bracket is closed that holds full stops."""
_CUT: Final = re.compile(r"[,:](?=\s|$)|[()\[\]\"]|\s-+\s|…|\.{2,}|\s\|\s")


_ITEM = re.compile(r"[-*•–]\s+(?=\S)")
"""Begins an item of a list."""


def tidy(text: str) -> str:
    """Write quotes, dashes and spaces in one way and drop what cannot be seen, so that words compare."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SAME)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def sentences(line: str, abbreviations: Collection[str], begins_nouns: bool = True) -> Iterator[str]:
    """Cut a line or a joined paragraph at full stops that end something (`no. 5` and `12. Dec` go on).

    `begins_nouns` where the language writes nouns with a capital, so that one behind "2." tells nothing.
    """
    begin = 0
    for end in _END.finditer(line):
        if end[0] in ("...", "…", "..") and line[end.end() :].lstrip()[:1].islower():
            continue
        if end[0] == "." and _goes_on(line, begin, end, abbreviations, begins_nouns):
            continue
        if piece := line[begin : end.end()].strip():
            yield piece
        begin = end.end()
    if piece := line[begin:].strip():
        yield piece


def _counts_on(before: str, after: str) -> bool:
    """Whether "12." goes on: "12. December", "the 2. item", but not "call 067 123 45 67. Confirmed"."""
    if before[-1].isdigit() and after[0].isupper():
        return False
    return not after[0].isupper() or after.casefold().rstrip(".,;") in month_names()


def _goes_on(line: str, begin: int, end: re.Match[str], abbreviations: Collection[str], begins_nouns: bool) -> bool:
    before = line[max(begin, end.start() - 12) : end.start()].rsplit(None, 1)
    word = before[-1].casefold().lstrip("(\"'") if before else ""
    after = line[end.end() : end.end() + 40].split(None, 1)[:1]
    if line.count("(", begin, end.start()) > line.count(")", begin, end.start()) and ")" in line[end.end() :][:_ASIDE]:
        return True
    if word.isdigit() and len(word) <= 2:
        return bool(after) and (begins_nouns or len(before) < 2 or _counts_on(before[0], after[0]))
    if _DOTTED.fullmatch(word):
        return bool(after) and (after[0][0].islower() or after[0][0].isdigit())
    if _DAY.fullmatch(word):
        return bool(after) and after[0][0].islower()  # "on 15.1. at the earliest"
    return word in abbreviations and bool(after) and (after[0][0].islower() or any(c.isdigit() for c in after[0]))


def clauses(sentence: str) -> list[tuple[int, int]]:
    """Cut a sentence at commas, colons, dashes and brackets: where each clause begins and ends."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for cut in _CUT.finditer(sentence):
        if sentence[begin : cut.start()].strip():
            spans.append((begin, cut.start()))
        begin = cut.end()
    if sentence[begin:].strip():
        spans.append((begin, len(sentence)))
    return spans


def _is_next_row(before: str, line: str) -> bool:
    """Whether a line begins a row of its own: both hold figures, and no mail program breaks so short a line."""
    figured = any(map(str.isdigit, before)) and any(map(str.isdigit, line))
    return figured and len(before) < _WRAPPED and line[0].isalpha() and before[-1] not in ",-"


def paragraphs(
    lines: list[str], stands_alone: Callable[[str], bool], breaks: Callable[[str], bool]
) -> Iterator[tuple[str, bool]]:
    """Join lines that a mail program wrapped, and say of each result whether the one before it was left unfinished.

    A line that is understood by itself stays by itself, but only where nothing unfinished runs into it: the second
    line of "We do not / confirm" is no confirmation. A line that `breaks` (`2: 8 x 11.50`) never joins another.
    """
    held: list[str] = []
    unfinished = False
    for line in [*lines, ""]:
        text = line.strip()
        broken = bool(text) and (breaks(text) or _ITEM.match(text) is not None)
        if held and broken:
            yield " ".join(held), unfinished
            held = []
        if text and not held and (broken or stands_alone(text)):
            yield text, unfinished
            unfinished = False
            continue
        if held and text and _is_next_row(held[-1], text):
            yield " ".join(held), unfinished
            held, unfinished = [], False
        if text:
            held.append(text)
        if held and (not text or text[-1] in ".!?;"):
            joined = " ".join(held)
            yield joined, unfinished
            unfinished = (joined[-1].isalnum() or joined[-1] == "-") and not stands_alone(joined)
            held = []
