"""What a document calls itself: the largest and earliest cell that begins with a kind's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from inbound.documents.visible.lexicon import hits_of, labels_in
from inbound.documents.visible.page import Cell, Row
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
    labelled: bool = False
    """Whether it is rather the label of a number."""


_CORRECTIONS: Final = frozenset({"correction", "cancellation"})
_LABELS: Final = {"invoice": 1.0, "credit_note": 1.0, "correction": 1.0, "reminder": 1.0, "cancellation": 1.0}
"""How much a label with a number weighs against a title: orders and deliveries are spoken of on invoices."""

_WORD = re.compile(r"[^\W\d]{4,}")
_GOES_ON = re.compile(
    r"(?i)(nummer|number|numer|numero|numéro|número|original|oryginał|originale|copy|kopie|kopia|copia|date|номер)\b"
)
_ALSO = re.compile(r"(?i)(?:[/&+|]|(?:und|and|et|y|e|en|i|та)\s)\s*")
_ORDINAL = re.compile(r"(?i)\(?\d{1,2}\s?(?:[.)ºª°]|st|nd|rd|th|ère|er|ème|e|de|ste|a)\)?\s+(?=[^\W\d])")
_NUMBER_ALONE = re.compile(r"[A-Z]{0,6}[\-/]?\d[\w\-/.]*")
_BREAK = re.compile(r"[\s:.\-–]+")
_SPREAD = re.compile(r"(?:\w ){4,}\w")
_FIRST_ROWS: Final = 3
_HEADING: Final = 1.4
"""What a kind's name weighs more that stands alone over everything: boxes under it have labels as large."""
_ORDER: Final = {name: number for number, name in enumerate(TITLES)}


def title_of(rows: Sequence[Row]) -> Title | None:
    """Find the document's title on its first page."""
    first = [row for row in rows if row.page == rows[0].page]
    usual = sorted(row.height for row in first)[len(first) // 2] if first else 0.0
    best: tuple[float, Title] | None = None
    reminder: Title | None = None
    taken: set[str] = set()
    for index, row in enumerate(first):
        if heads_a_list(row):
            continue  # "Invoice" over the numbers of several is no title
        for place, cell in enumerate(row.cells):
            large = row.height > 1.1 * usual
            text = _closed_up(cell.text)
            if row.height > 1.5 * usual:
                text = _with_its_second_row(first, index, cell, text)
            named = _named(text, large=large) if len(text) <= LONGEST_TITLE else None
            if large and (longer := _going_on(first, index, place, named)) is not None:
                taken.add(longer[0].removeprefix(cell.text.strip()).strip())
                text, named = longer
            if named is None or cell.text.strip() in taken:
                continue
            name, language, share, labelled = named
            labelled = labelled or (not large and _has_number(row, place))
            title = Title(TITLES[name], language, index, text, 0.6 + 0.35 * share, name in _CORRECTIONS, labelled)
            score = row.height * (share * (_LABELS.get(name, 0.6) if labelled else 1.0)) - 0.02 * index
            if index < _FIRST_ROWS and len(row.cells) == 1 and share == 1.0 and not labelled:
                score *= _HEADING
            if best is None or score > best[0]:
                best = (score, title)
            if reminder is None and name == "reminder" and share == 1 and index < max(15, len(first) // 2):
                reminder = title
    if best is not None and reminder is not None and _larger(first[best[1].row], first[reminder.row]):
        return best[1]
    return reminder or (best[1] if best else None)


def _has_number(row: Row, place: int) -> bool:
    """Whether nothing but a number stands behind a cell: it is that number's label."""
    after = row.cells[place + 1].text if place + 1 < len(row.cells) else ""
    return _NUMBER_ALONE.fullmatch(after.strip()) is not None


def heads_a_list(row: Row) -> bool:
    """Whether a row is the heading of a list of documents with their amounts."""
    if len(row.cells) < 3:
        return False
    tables = {table for cell in row.cells for table in labels_in(cell.text)}
    return "columns.document" in tables and "columns.amount" in tables


def _with_its_second_row(rows: Sequence[Row], index: int, cell: Cell, text: str) -> str:
    """A large title that goes on in the next row, as large and flush with it."""
    for row in rows[index + 1 : index + 4]:
        if rows[index].y - row.y > 1.8 * rows[index].height:
            break
        for other in row.cells:
            if abs(other.left - cell.left) < 2 and abs(row.height - rows[index].height) < 0.1 * row.height:
                return f"{text} {other.text.strip()}"
    return text


def _going_on(
    rows: Sequence[Row], index: int, place: int, named: tuple[str, str, float, bool] | None
) -> tuple[str, tuple[str, str, float, bool]] | None:
    """A title that is named otherwise once it is put together with what follows beside it or right under it."""
    row, cell = rows[index], rows[index].cells[place]
    after = [one.text for one in row.cells[place + 1 : place + 2] if one.left - cell.right < 2.0 * row.height]
    for under in rows[index + 1 : index + 4]:
        if row.y - under.y <= 2.2 * row.height and 0.7 < under.height / row.height < 1.4:
            after += [one.text for one in under.cells if abs(one.left - cell.left) < 4.0]
    texts = [f"{cell.text.strip()} {rest.strip()}" for rest in after]
    if named is None and " " in cell.text.strip() and not any(c.isdigit() for c in cell.text):
        texts.append(cell.text.replace(" ", ""))  # letters set apart, or a word that recognition broke
    for text in texts:
        longer = _named(text, large=True) if len(text) <= LONGEST_TITLE else None
        if longer is not None and longer[2] == 1.0 and (named is None or longer[0] != named[0]):
            ends = [hit.end for hit in hits_of(f"titles.{longer[0]}", text)]
            if named is None or max(ends, default=0) > len(cell.text.strip()):
                return text, longer
    return None


def kind_of(rows: Sequence[Row], title: Title | None) -> DocumentKind | None:
    """What a document is: as it calls itself, and where only a label does, as its first words tell.

    A reminder must never pass for an invoice.
    """
    if title is not None and not (title.labelled and title.kind is DocumentKind.INVOICE):
        return title.kind
    return _told_amid(rows[:15] if title else rows[:80]) or (title.kind if title else None)


def _told_amid(rows: Sequence[Row]) -> DocumentKind | None:
    said = {table for row in rows for cell in row.cells for table in labels_in(cell.text)}
    for kind in ("reminder", "statement"):
        if f"titles.{kind}" in said or f"own.{kind}.number" in said:
            return TITLES[kind]
    return None


def _larger(one: Row, other: Row) -> bool:
    """Whether one row is printed so much larger that it is the title, though the other speaks of a reminder."""
    return one.height > 1.25 * other.height


@lru_cache(maxsize=4096)
def _named(text: str, *, large: bool) -> tuple[str, str, float, bool] | None:
    """The table of the kind that a text begins with, its language, how plainly it says so, and whether as a label."""
    if not labels_in(text):
        return None
    start = _after_prefix(text)
    best: tuple[int, int, str, str] | None = None
    for table, hits in labels_in(text[start:]).items():
        if hits[0].start == 0 and table.startswith("titles."):
            name = table.removeprefix("titles.")
            found = (hits[0].end, -_ORDER[name], name, hits[0].language)
            best = found if best is None else max(best, found)
    if best is None:
        return None
    end, _, name, language = best
    text = text[start:]
    if any(h[0].start == 0 and h[0].end > end for t, h in labels_in(text).items() if t.endswith("_heading")):
        return None  # "Invoice to" heads the buyer
    rest = text[end:].strip(" :.-–")
    also = _ALSO.match(rest)
    if also and name != "invoice" and "titles.invoice" in labels_in(rest[also.end() :]):
        return "invoice", language, 1.0, False  # "Delivery note / invoice"
    if _WORD.match(rest) and not _GOES_ON.match(rest):
        if len(rest.split()) > 2 or text[end : end + 1] == ":" or not large:
            return None
        return name, language, 0.5, False
    # a colon or a short "number" behind it: so are labels that speak of another document
    labelled = not large and (text[end : end + 1] == ":" or "columns.position" in labels_in(rest.split(" ")[0]))
    return name, language, 1.0 if not rest or any(c.isdigit() for c in rest) else 0.5, labelled


def _after_prefix(text: str) -> int:
    """Where the name may begin: after `Subject:`, `Our`, `Copy of`, `2.`, `3rd`."""
    start = 0
    for _ in range(3):
        found = _ORDINAL.match(text, start)
        if found is None:
            words = labels_in(text[start:])
            hits = [words[table][0] for table in ("header.subject", "header.before_title") if table in words]
            ends = [hit.end for hit in hits if hit.start == 0]
            if not ends:
                break
            found = _BREAK.match(text, start + max(ends))
        if found is None or found.end() == start:
            break
        start = found.end()
    return start


@lru_cache(maxsize=4096)
def _closed_up(text: str) -> str:
    """`W A R E N R E C H N U N G` is one word."""
    text = text.strip()
    return text.replace(" ", "") if text[1:2] == " " and _SPREAD.fullmatch(text) else text
