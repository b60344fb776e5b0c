"""How a page is laid out: the words that stand on every document of its kind, and where values stand between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from hashlib import blake2s
from itertools import groupby
from typing import Final

from inbound.documents.dates import DayOrder, day_order_of, find_dates
from inbound.documents.numbers import DecimalMark
from inbound.documents.visible.figures import figures_of, mark_of
from inbound.documents.visible.page import Cell, Row, above, bounded
from workflows.reading import Layout, Place

MOST_ROWS: Final = 400
"""Rows that are looked at from the beginning, and as many before the end."""
MOST_MARKS: Final = 150
MOST_PLACES: Final = 600
MOST_CELLS: Final = 1_000
"""Cells with digits that are looked at: a page that repeats itself makes no new places."""
LONGEST_VALUE: Final = 40
LONGEST_KEY: Final = 80
_BUCKET: Final = 12.0
"""Points: what has no words around it stands at the same place when it stands within so much."""
_WORD: Final = re.compile(r"\S+")
_LETTER: Final = re.compile(r"[^\W\d_]")
_DIGIT: Final = re.compile(r"\d")
_SHORT_WORD: Final = re.compile(r"[^\W\d_]{1,5}[.:]?")
_NOT_WORDS: Final = re.compile(r"[\W_]+")


def layout_of(rows: Sequence[Row]) -> Layout:
    """The layout of one document by its first and its last page."""
    rows = bounded(rows if len(rows) <= 2 * MOST_ROWS else [*rows[:MOST_ROWS], *rows[-MOST_ROWS:]])
    if not rows:
        return Layout()
    pages = {rows[0].page, rows[-1].page}
    order, mark = day_order_of(row.text for row in rows), mark_of(rows)
    marks: dict[str, None] = {}
    places: dict[Place, None] = {}
    left = MOST_CELLS
    for index, row in enumerate(rows):
        if row.page not in pages:
            continue
        if (
            row.page == rows[0].page
            and len(marks) < MOST_MARKS
            and sum(bool(_DIGIT.search(cell.text)) for cell in row.cells) < 2
        ):
            marks.update(dict.fromkeys(_mark(cell) for cell in row.speaking))
        for place, cell in enumerate(row.cells):
            if _DIGIT.search(cell.text) and len(places) < MOST_PLACES and left:
                left -= 1
                places.update(dict.fromkeys(_places(rows, index, place, order, mark)))
    return Layout(tuple(marks)[:MOST_MARKS], tuple(places)[:MOST_PLACES])


def _mark(cell: Cell) -> str:
    said = f"{_words(cell.text)}@{cell.left / _BUCKET:.0f}"
    return blake2s(said.encode("utf-8", "replace"), digest_size=4).hexdigest()


def _places(
    rows: Sequence[Row], index: int, place: int, order: DayOrder | None, mark: DecimalMark | None
) -> Iterator[Place]:
    cell = rows[index].cells[place]
    for start, end, day, amount in _values(rows[index], place, order, mark):
        text = cell.text[start:end].strip(" #.:,;()[]")
        if text and len(text) <= LONGEST_VALUE:
            for key in _keys(rows, index, place, cell.text[:start]):
                yield Place(key, text, day, amount)


def _values(
    row: Row, place: int, order: DayOrder | None, mark: DecimalMark | None
) -> Iterator[tuple[int, int, date | None, Decimal | None]]:
    """Where in a cell a value may begin and end: a day, an amount, a word or two with digits, or all of it."""
    text = row.cells[place].text
    for start, end, day in find_dates(text, order):
        if isinstance(day, date):
            yield start, end, day, None
    for figure in figures_of([Row(row.page, row.y, row.height, (row.cells[place],))], mark):
        if figure.money:
            yield figure.start, figure.start + len(figure.text), None, figure.value
    words = list(_WORD.finditer(text))
    for number, word in enumerate(words):
        if _DIGIT.search(word[0]):
            yield word.start(), word.end(), None, None
            before = words[number - 1] if number else None
            if before is not None and _SHORT_WORD.fullmatch(before[0]):
                yield before.start(), word.end(), None, None
    if len(words) > 1:
        yield 0, len(text), None, None


def _keys(rows: Sequence[Row], index: int, place: int, before: str) -> Iterator[str]:
    """By what a place is known again: the words before it; else those left of it and over it; else the edges."""
    row = rows[index]
    if _LETTER.search(before):
        yield _key("after", before)
        return
    left = next((c for c in reversed(row.cells[:place]) if _LETTER.search(_words(c.text))), None)
    if left is not None:
        yield _key("right of", left.text)
    over = next(
        (
            c
            for _, c in above(rows, index, row.cells[place], 60.0)
            if _LETTER.search(c.text) and not _DIGIT.search(c.text)
        ),
        None,
    )
    if over is not None:
        yield _key("below", over.text)
    if left is None and over is None:
        side = "first" if row.page == rows[0].page else "last"
        yield f"{side} page: {row.cells[place].left / _BUCKET:.0f}, {row.y / _BUCKET:.0f}"


def _key(how: str, text: str) -> str:
    return f"{how}: {_words(text)[-LONGEST_KEY:]}"


def _words(text: str) -> str:
    """A text by its words: what has digits in it differs from document to document."""
    words = ("#" if _DIGIT.search(word) else word for word in _NOT_WORDS.sub(" ", text.casefold()).split())
    return " ".join(word for word, _ in groupby(words))
