"""What a document calls itself: the largest and earliest cell that begins with a kind's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from inbound.documents.visible.lexicon import begins_with, labels_in
from inbound.documents.visible.page import Row
from workflows.reading import DocumentKind

LONGEST_TITLE: Final = 70

TITLES: Final = {
    "credit_note": DocumentKind.CREDIT_NOTE,
    "cancellation": DocumentKind.CREDIT_NOTE,
    "prepayment_invoice": DocumentKind.PREPAYMENT_INVOICE,
    "proforma": DocumentKind.PROFORMA,
    "reminder": DocumentKind.REMINDER,
    "statement": DocumentKind.STATEMENT,
    "order_confirmation": DocumentKind.ORDER_CONFIRMATION,
    "delivery_note": DocumentKind.DELIVERY_NOTE,
    "quote": DocumentKind.QUOTE,
    "order": DocumentKind.ORDER,
    "remittance": DocumentKind.REMITTANCE,
    "form": DocumentKind.FORM,
    "correction": DocumentKind.INVOICE,
    "invoice": DocumentKind.INVOICE,
}
"""The kind of each table of titles, the more particular first; a correction with a negative total is a credit note."""


@dataclass(frozen=True, slots=True)
class Title:
    """The cell that names the document, the language it does so in, and how sure that is."""

    kind: DocumentKind
    language: str
    row: int
    text: str
    sure: float
    correction: bool = False


_SPREAD = re.compile(r"(?:\w ){4,}\w")
_ORDER: Final = {name: number for number, name in enumerate(TITLES)}


def title_of(rows: Sequence[Row]) -> Title | None:
    """Find the document's title on its first page."""
    best: tuple[float, Title] | None = None
    for index, row in enumerate(rows):
        if row.page > 1:
            break
        for cell in row.cells:
            text = _closed_up(cell.text)
            named = _named(text) if len(text) <= LONGEST_TITLE and labels_in(text) else None
            if named is None:
                continue
            kind, language, rest = named
            correction = any(begins_with(f"titles.{name}", text) for name in ("correction", "cancellation"))
            plain = 1.0 if not rest or any(c.isdigit() for c in rest) else 0.5
            score = row.height * plain - 0.02 * index
            if best is None or score > best[0]:
                best = (score, Title(kind, language, index, text, 0.6 + 0.35 * plain, correction))
    return best[1] if best else None


def _named(text: str) -> tuple[DocumentKind, str, str] | None:
    """The kind whose name the text begins with, the longest name first."""
    best: tuple[int, int, str, str] | None = None
    for table, hits in labels_in(text).items():
        if hits[0].start == 0 and table.startswith("titles."):
            name = table.removeprefix("titles.")
            found = (hits[0].end, -_ORDER[name], name, hits[0].language)
            best = found if best is None else max(best, found)
    if best is None:
        return None
    end, _, name, language = best
    kind = TITLES[name]
    rest = text[end:].strip(" :.-")
    if re.match(r"[^\W\d]{4,}", rest) and not re.match(
        r"(?i)(nr|no|number|nummer|vom|original|copy|kopie|date)\b", rest
    ):
        return (kind, language, rest) if len(rest.split()) <= 2 and text[end : end + 1] != ":" else None
    return kind, language, rest


def _closed_up(text: str) -> str:
    """`W A R E N R E C H N U N G` is one word."""
    text = text.strip()
    return text.replace(" ", "") if text[1:2] == " " and _SPREAD.fullmatch(text) else text
