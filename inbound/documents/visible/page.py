"""Rows of cells as they stand on a page, and how to look around in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Final, NamedTuple, Protocol

MOST_ROWS: Final = 10_000
MOST_CELLS: Final = 50
LONGEST_CELL: Final = 300
_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]", re.DOTALL)
_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?\s?%")
_DIGIT = re.compile(r"\d")
_CURRENCY_ONLY = re.compile(r"[A-Z]{3}|[€$£₴₹¥]|zł|Kč|грн\.?|kr\.?|lei|Ft")
_FIGURE_ONLY = re.compile(r"[-−]?\d[\d.,'’ \u00a0]*[,.]\d{2}\s?[€$£]?")


class Cell(NamedTuple):
    """A run of text that stands together, from `left` to `right` in points."""

    left: float
    right: float
    text: str


@dataclass(frozen=True)
class Row:
    """Cells on one base line, from left to right; `page` counts from 1, `y` grows upwards in points."""

    page: int
    y: float
    height: float
    cells: tuple[Cell, ...]

    @cached_property
    def speaking(self) -> tuple[Cell, ...]:
        """The cells that are words: letters, and no figure but a rate ("VAT 20 %")."""
        return tuple([cell for cell in self.cells if _speaks(cell.text)])

    @cached_property
    def text(self) -> str:
        """The whole row in one line."""
        return "  ".join(cell.text for cell in self.cells)

    @property
    def where(self) -> str:
        """The place, for a person: page and distance from its foot."""
        return f"page {self.page}, {self.y:.0f} pt"


@lru_cache(maxsize=8192)
def _speaks(text: str) -> bool:
    """Whether a text is words: letters, and no figure but a rate."""
    if _LETTERS.search(text) is None:
        return False
    return _DIGIT.search(text) is None or _DIGIT.search(_RATE.sub("", text)) is None


class Sheet(tuple[Row, ...]):
    """The rows of a document."""

    @cached_property
    def speaking(self) -> tuple[tuple[int, Row], ...]:
        """The rows that have words without figures, from the last to the first, with their numbers."""
        return tuple([(number, self[number]) for number in range(len(self) - 1, -1, -1) if self[number].speaking])

    @cached_property
    def over(self) -> tuple[int, ...]:
        """For each row, where in `speaking` those over it begin."""
        under = accumulate((bool(row.speaking) for row in self), initial=0)
        return tuple([len(self.speaking) - count for count in under][:-1])

    @cached_property
    def headings(self) -> dict[tuple[int, float, float], str]:
        """The words that were found over a place in a row, from its left to its right end."""
        return {}


class Wide(Protocol):
    """What takes a place in a row: a cell, or a figure in one."""

    @property
    def left(self) -> float:
        """Where it begins, in points."""

    @property
    def right(self) -> float:
        """Where it ends, in points."""


def overlaps(one: Wide, other: Wide, slack: float = 3.0) -> bool:
    """Whether two cells stand above each other."""
    return one.left - slack < other.right and other.left - slack < one.right


def below(rows: Sequence[Row], index: int, cell: Cell, most: int = 3, reach: float = 4.0) -> Iterator[Cell]:
    """The cells under a cell, nearest first, within *reach* times its row's height."""
    start = rows[index]
    for row in rows[index + 1 : index + 1 + 3 * most]:
        if row.page != start.page or start.y - row.y > reach * start.height:
            return
        for other in row.cells:
            if overlaps(cell, other):
                yield other


def above(rows: Sequence[Row], index: int, cell: Cell, reach: float = 250.0) -> Iterator[tuple[int, Cell]]:
    """The cells over a cell on the same page with the number of their row, nearest first."""
    start = rows[index]
    for number in range(index - 1, max(-1, index - 60), -1):
        row = rows[number]
        if row.page != start.page or row.y - start.y > reach:
            return
        for other in row.cells:
            if overlaps(cell, other, 1.0):
                yield number, other


def bounded(rows: Sequence[Row]) -> list[Row]:
    """Rows as people make them: hostile pages with endless rows and cells are cut to a size that is looked through."""
    return [
        Row(
            row.page,
            row.y,
            row.height,
            tuple(Cell(c.left, c.right, c.text[:LONGEST_CELL]) for c in row.cells[:MOST_CELLS]),
        )
        if len(row.cells) > MOST_CELLS or any(len(c.text) > LONGEST_CELL for c in row.cells)
        else row
        for row in rows[:MOST_ROWS]
    ]


def with_broken_amounts(rows: Sequence[Row]) -> list[Row]:
    """Put an amount together whose narrow column broke it between currency and figure."""
    whole: list[Row] = []
    for row in rows:
        last = whole[-1] if whole else None
        if last is not None and row.cells and (joined := _joined(last, row)) is not None:
            whole[-1] = Row(last.page, last.y, last.height, (*last.cells[:-1], joined))
            if len(row.cells) > 1:
                whole.append(Row(row.page, row.y, row.height, row.cells[:-1]))
            continue
        whole.append(row)
    return whole


def _joined(row: Row, under: Row) -> Cell | None:
    """A row's last cell with that under it, where one is a currency and the other a figure, flush at their right."""
    if len(row.cells) < 2 or row.page != under.page or row.y - under.y > 1.6 * row.height:
        return None
    cell, other = row.cells[-1], under.cells[-1]
    figured = any(_DIGIT.search(one.text) for one in row.cells[:-1])  # a heading has none, and lines stand under it
    if abs(cell.right - other.right) > 2.0 or len(under.cells) > 1 + figured:
        return None
    one, two = cell.text.strip(), other.text.strip()
    parts = (one, two) if _CURRENCY_ONLY.fullmatch(one) else (two, one) if _CURRENCY_ONLY.fullmatch(two) else None
    if parts is None or _FIGURE_ONLY.fullmatch(parts[1]) is None:
        return None
    return Cell(min(cell.left, other.left), cell.right, f"{one} {two}")


def with_dropped_figures(rows: Sequence[Row]) -> list[Row]:
    """Put the last figure of a row that slipped a little under it back into it, where there is room."""
    mended: list[Row] = []
    for row in with_broken_amounts(rows):
        last = mended[-1] if mended else None
        figure = row.cells[-1] if row.cells else None
        if (
            last is not None
            and figure is not None
            and len(row.cells) <= 2
            and len(last.cells) >= 3
            and last.page == row.page
            and last.y - row.y <= 1.3 * row.height
            and _FIGURE_ONLY.fullmatch(figure.text.strip())
            and (len(row.cells) == 1 or figure.left >= last.cells[-1].right)
            and not any(c.isalpha() for c in row.cells[0].text)
            and not any(overlaps(figure, cell) for cell in last.cells)
        ):
            cells = tuple(sorted((*last.cells, figure), key=lambda cell: cell.left))
            mended[-1] = Row(last.page, last.y, last.height, cells)
            if len(row.cells) == 1:
                continue
            row = Row(row.page, row.y, row.height, row.cells[:-1])
        mended.append(row)
    return mended
