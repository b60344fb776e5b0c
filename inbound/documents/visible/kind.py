"""What a document calls itself: the largest and earliest cell that begins with a kind's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from inbound.documents.visible.labels import CORRECTIONS, TITLES, pattern_of, words
from inbound.documents.visible.page import Row
from workflows.reading import DocumentKind

LONGEST_TITLE: Final = 70


@dataclass(frozen=True, slots=True)
class Title:
    """The cell that names the document, the language it does so in, and how sure that is."""

    kind: DocumentKind
    language: str
    row: int
    text: str
    sure: float
    correction: bool = False


def title_of(rows: Sequence[Row]) -> Title | None:
    """Find the document's title on its first page."""
    best: tuple[float, Title] | None = None
    for index, row in enumerate(rows):
        if row.page > 1:
            break
        for cell in row.cells:
            text = _closed_up(cell.text)
            named = _named(text) if len(text) <= LONGEST_TITLE else None
            if named is None:
                continue
            kind, language, rest = named
            correction = any(pattern_of(phrases).match(text) for phrases in CORRECTIONS.values())
            plain = 1.0 if not rest or any(c.isdigit() for c in rest) else 0.5
            score = row.height * plain - 0.02 * index
            if best is None or score > best[0]:
                best = (score, Title(kind, language, index, text, 0.6 + 0.35 * plain, correction))
    return best[1] if best else None


def _named(text: str) -> tuple[DocumentKind, str, str] | None:
    """The kind whose name the text begins with, the longest name first."""
    if _any_name().match(text) is None:
        return None
    best: tuple[int, DocumentKind, str] | None = None
    for kind, language, pattern in _patterns():
        found = pattern.match(text)
        if found and (best is None or found.end() > best[0]):
            best = (found.end(), kind, language)
    if best is None:
        return None
    end, kind, language = best
    rest = text[end:].strip(" :.-")
    if re.match(r"[^\W\d]{4,}", rest) and not re.match(
        r"(?i)(nr|no|number|nummer|vom|original|copy|kopie|date)\b", rest
    ):
        return (kind, language, rest) if len(rest.split()) <= 2 and text[end : end + 1] != ":" else None
    return kind, language, rest


@cache
def _patterns() -> tuple[tuple[DocumentKind, str, re.Pattern[str]], ...]:
    tables = [*TITLES.items(), (DocumentKind.INVOICE, CORRECTIONS)]
    return tuple((kind, language, pattern_of(phrases)) for kind, table in tables for language, phrases in table.items())


@cache
def _any_name() -> re.Pattern[str]:
    return pattern_of(tuple(phrase for table in (*TITLES.values(), CORRECTIONS) for phrase in words(table)))


def _closed_up(text: str) -> str:
    """`W A R E N R E C H N U N G` is one word."""
    text = text.strip()
    return text.replace(" ", "") if re.fullmatch(r"(?:\w ){4,}\w", text) else text
