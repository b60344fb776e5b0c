"""A document's own number, and how values are found: after, beside or under their labels."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Generic, TypeVar

from inbound.documents.dates import parse_date
from inbound.documents.visible.kind import TITLES, Title, heads_a_list
from inbound.documents.visible.lexicon import Hit, Hits, hits_of, labels_in
from inbound.documents.visible.page import Cell, Row, below, overlaps
from workflows.reading import DocumentKind

T = TypeVar("T")

_NUMBER = re.compile(
    r"(?:\(\d+\)\s*)?(?:(?:n\.?[°ºo]|n\.(?=\s)|nr|nummer|number|no|č|sz|#)[\s.:/]*){0,2}([A-Za-z]{0,8}[\w\-/.–]*\d[\w\-/.–]*)",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(r"(?:n\.?[°ºo]|n\.(?=\s)|nr|no|number|nummer|#)(?!\w).+", re.IGNORECASE)
_ONLY_NUMBER = re.compile(r"(?:n\.?[°ºo]|n\.(?=\s)|nr|no|number|nummer|č)(?!\w)", re.IGNORECASE)
_BROKEN = re.compile(r"\S*\d\S*[\-/]")
_BESIDE_TITLE = re.compile(r"[A-Z]{0,6}[\-/]?\d[\w\-/.]{2,}")
_IN_GROUPS = re.compile(r"\d{2,4}(?: \d{2,4}){2,6}")
"""A number that is written in groups (`4410 8829 331`)."""
_REST = re.compile(r"[A-Z\d][\w\-/.]{0,15}")
_AFTER_LABEL: Final = " \t:.#°º=-–"


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value, how sure it is, and where it stood."""

    value: T
    sure: float
    where: str


class Candidates(Generic[T]):
    """The values that labels point at, each with its best weight."""

    def __init__(self) -> None:
        self._weights: dict[T, float] = defaultdict(float)
        self._where: dict[T, str] = {}

    def add(self, value: T, weight: float, where: str) -> None:
        """Keep a value; seen again with less weight it gains a little."""
        known = self._weights[value]
        self._weights[value] = max(known, weight) + (0.1 if known else 0.0)
        if weight > known:
            self._where[value] = where

    def ranked(self) -> list[tuple[float, T]]:
        """Weights and values, the heaviest first."""
        return sorted(((w, v) for v, w in self._weights.items()), key=lambda item: -item[0])

    def where(self, value: T) -> str:
        """Where a value stood at its heaviest."""
        return self._where[value]

    def best(self) -> Read[T] | None:
        """The heaviest value; less sure when it is weak or another is as heavy."""
        ranked = self.ranked()
        if not ranked:
            return None
        weight, value = ranked[0]
        sure = min(0.95, 0.5 + 0.15 * weight)
        if len(ranked) > 1 and ranked[1][0] >= weight - 0.05:
            sure = 0.5
        return Read(value, sure, self.where(value))


def number_of(rows: Sequence[Row], title: Title | None) -> Read[str] | None:
    """Find the document's own number."""
    found: Candidates[str] = Candidates()
    tables = own_tables("number", title)
    speaking = {"header.bare_number", *(table for table, _ in tables)}
    listing = headings_of_lists(rows, title)
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            words = labels_in(cell.text)
            if (not words and not (title and index == title.row)) or index in listing:
                continue
            if not speaking.isdisjoint(words):
                for label, own in own_labels(words, tables):
                    elsewhere = _refers_elsewhere(cell.text, label) or _is_of_the_buyer(words, label)
                    read = None if elsewhere else number_at(rows, index, place, label.end)
                    if read is not None:
                        in_its_row = 0.3 if title and title.row == index else 0.0
                        found.add(read[0], own + read[1] + in_its_row, row.where)
                if (bare := _bare_number(rows, index, place, words)) is not None:
                    found.add(bare[0], 1.6 + bare[1], row.where)
            in_title = title is not None and title.row == index
            named_to = _end_of_title(cell.text, title.kind if title else None)
            if named_to and (number := _number(cell.text[named_to:].lstrip(_AFTER_LABEL))):
                found.add(number, 3.3 if in_title else 2.0, row.where)
            elif in_title and (named := _NAMED_NUMBER.search(cell.text)) and (number := _number(named[0])):
                found.add(number, 3.2, row.where)
            elif title and _ONLY_NUMBER.match(cell.text) and _is_under(rows, title, index, cell):
                if number := _number(cell.text):
                    found.add(number, 2.0, row.where)
            elif in_title and named_to and not cell.text[named_to:].strip(_AFTER_LABEL):
                beside = row.cells[place + 1].text.strip() if place + 1 < len(row.cells) else ""
                if _BESIDE_TITLE.fullmatch(beside) and (number := _number(beside)):
                    found.add(number, 1.8, row.where)
    return found.best()


def _is_under(rows: Sequence[Row], title: Title, index: int, cell: Cell) -> bool:
    """Whether a cell stands right under the title, whatever stands beside the two."""
    over = next((one for one in rows[title.row].cells if title.text.startswith(one.text.strip()[:20])), None)
    far = rows[title.row].y - rows[index].y
    near = 0 < far <= 3.0 * rows[title.row].height or 0 < index - title.row <= 2
    return near and over is not None and (overlaps(over, cell) or index - title.row <= 2)


def number_at(rows: Sequence[Row], index: int, place: int, end: int) -> tuple[str, float] | None:
    """The number that a label points at which ends so in its cell, and how near it stands."""
    for text, near in values_at(rows, index, place, rows[index].cells[place].text[end:]):
        if number := _number(text):
            words = text.split()
            if _BROKEN.fullmatch(words[-1]) and words[-1].rstrip("-/").endswith(number):
                rest = _under(rows, index, text)
                return (words[-1] + rest, near) if rest else None
            return number, near
    return None


def _under(rows: Sequence[Row], index: int, text: str) -> str | None:
    """What goes on under a number that its narrow cell broke at a hyphen or a slash."""
    rest = goes_on(rows, index, text)
    return rest if _REST.fullmatch(rest) and any(c.isdigit() for c in rest) else None


def goes_on(rows: Sequence[Row], index: int, text: str) -> str:
    """What stands right under a text of a row or of the two after it: where a narrow cell broke it."""
    for number, row in enumerate(rows[index : index + 3], index):
        for cell in row.cells:
            if cell.text.endswith(text):
                under = next(below(rows, number, cell, 1, 2.0), None)
                return under.text.strip() if under is not None else ""
    return ""


_GENERAL: Final = {"number": "header.number", "date": "header.issue_date"}
_LIKE_INVOICES: Final = (
    DocumentKind.INVOICE,
    DocumentKind.CREDIT_NOTE,
    DocumentKind.PREPAYMENT_INVOICE,
    DocumentKind.PROFORMA,
    DocumentKind.OTHER,
)


def values_at(rows: Sequence[Row], index: int, place: int, rest: str) -> Iterator[tuple[str, float]]:
    """What a label may point at: the rest of its cell, the next cells, the cells under it."""
    rest = rest.lstrip(_AFTER_LABEL)
    if rest.startswith("/"):
        rest = _after_label(rest[1:].strip()).lstrip(_AFTER_LABEL)
    row = rows[index]
    if rest:
        yield rest, 1.0
    if len(rest) <= 3:
        for cell in row.cells[place + 1 : place + 3]:
            yield cell.text.lstrip(_AFTER_LABEL), 0.9
            if cell.text.strip(_AFTER_LABEL):
                break
        for cell in below(rows, index, row.cells[place]):
            yield cell.text, 0.7
            break


def _after_label(text: str) -> str:
    """What follows the same label in another language, or a second one beside the first."""
    ends = [
        h[0].end for table, h in labels_in(text).items() if h[0].start == 0 and table.startswith(("header.", "own."))
    ]
    return text[max(ends, default=0) :]


def _number(text: str) -> str | None:
    found = _NUMBER.match(text.lstrip(_AFTER_LABEL))
    if found is None:
        return None
    groups = _IN_GROUPS.fullmatch(found.string.strip(), found.start(1))
    number = groups[0] if groups else found[1].strip("-–./_")
    if not 1 <= len(number) <= 30 or not any(c.isdigit() for c in number):
        return None
    if parse_date(number) is not None and not number.isalnum():
        return None
    return None if re.fullmatch(r"[\d.]*\d,\d{2}|\d+%", number) else number


def own_tables(what: str, title: Title | None) -> tuple[tuple[str, float], ...]:
    """Where the labels of a document's own number or date stand: an invoice's number on a reminder is another's."""
    kind = title.kind if title is not None else DocumentKind.OTHER
    if title is not None and title.correction:
        kind = DocumentKind.CREDIT_NOTE
    tables = [(f"own.{kind.value}.{what}", 2.2), (_GENERAL[what], 2.0)]
    if kind is DocumentKind.ORDER_CONFIRMATION and what == "number":  # as likely the buyer's: see `read_rows`
        tables.append(("own.order_confirmation.order_number", 1.9))
    return (*tables, (f"own.invoice.{what}", 2.0)) if kind in _LIKE_INVOICES else tuple(tables)


def own_labels(words: Hits, tables: Sequence[tuple[str, float]]) -> Iterator[tuple[Hit, float]]:
    seen: set[int] = set()
    for table, weight in tables:
        for hit in words.get(table, ()):
            if hit.end not in seen:
                seen.add(hit.end)
                yield hit, weight


def _refers_elsewhere(text: str, label: Hit) -> bool:
    """Whether the word before a label speaks of another document than this one."""
    before = text[: label.start].rstrip(" :.,–-")
    return any(hit.end == len(before) for hit in hits_of("header.referring", before))


def _is_of_the_buyer(words: Hits, label: Hit) -> bool:
    """Whether a label is part of a longer one that speaks of the buyer's own number ("your order no.")."""
    longer = (*words.get("header.buyers_order", ()), *words.get("header.buyers_reference", ()))
    return any(hit.start < label.start and label.end <= hit.end for hit in longer)


def _bare_number(rows: Sequence[Row], index: int, place: int, words: Hits) -> tuple[str, float] | None:
    """The number behind a label that says "number" and nothing else, where it is no heading of a column."""
    hits = words.get("header.bare_number", ())
    text = rows[index].cells[place].text
    if not hits or hits[0].start or text[hits[0].end :].lstrip()[:1] not in ("", ":", "№", "#"):
        return None
    return None if _heads_a_table(rows[index]) else number_at(rows, index, place, hits[0].end)


_OF_LINES: Final = frozenset({"columns.text", "columns.quantity", "columns.price", "columns.amount", "columns.open"})


def headings_of_lists(rows: Sequence[Row], title: Title | None) -> frozenset[int]:
    """The rows that head the invoices listed on a reminder or a statement: what stands under them is of those."""
    if title is None or title.kind not in (DocumentKind.REMINDER, DocumentKind.STATEMENT, DocumentKind.REMITTANCE):
        return frozenset()
    return frozenset(i for i, row in enumerate(rows) if heads_a_list(row))


def _heads_a_table(row: Row) -> bool:
    """Whether a row is the heading of a table of lines or of listed invoices."""
    return len(row.cells) > 2 and sum(not _OF_LINES.isdisjoint(labels_in(cell.text)) for cell in row.cells) > 1


@lru_cache(maxsize=4096)
def _end_of_title(text: str, own: DocumentKind | None) -> int:
    """Where the kind's name ends that a text begins with; 0 where it begins with none, or with another's."""
    ends = [
        hits[0].end
        for table, hits in labels_in(text).items()
        if hits[0].start == 0 and table.startswith("titles.") and _may_name(table.removeprefix("titles."), own)
    ]
    return max(ends, default=0)


def _may_name(name: str, own: DocumentKind | None) -> bool:
    """Whether a kind's name beside a number may be that of a document of a kind: an invoice speaks of its order."""
    kind = TITLES[name]
    return own is None or kind is own or (kind in _LIKE_INVOICES and own in _LIKE_INVOICES)
