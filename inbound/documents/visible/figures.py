"""The amounts on a page with the words beside and above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final

from inbound.documents.numbers import CURRENCY_SIGNS, DecimalMark, decimal_mark_of, parse_sure_amount
from inbound.documents.visible.labels import ROLES, pattern_of
from inbound.documents.visible.page import Cell, Row, above

FIGURE: Final = re.compile(
    r"""(?<![\w.,/])(?<!\w[\-–])(?<!\d['’‘′])
    (?P<sign>[-−–(]\s?)?
    (?P<figure>
        \d{1,3}(?:[\ \u00a0\u202f'’‘′]\d{3})+(?:[.,]\d{1,6})?
        | \d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,6})?
        | \d{1,12}(?:[.,]\d{1,6})?
    )
    (?:[.,][-–]{1,2})?(?P<after>-|\))?(?![\w/])(?![.,]\d)(?P<percent>\s?%)?""",
    re.VERBOSE,
)
"""A number inside longer text, not part of a word, a date or a longer number."""

_MONEY = re.compile(r"[.,]\d{2,6}$")
_BEFORE_MONEY = re.compile(rf"(?:[{CURRENCY_SIGNS}]|\b[A-Z]{{3}})\s?$")
_AFTER_MONEY = re.compile(rf"\s?(?:[{CURRENCY_SIGNS}]|[A-Z]{{3}}\b|zł|Kč)")

_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]", re.DOTALL)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number on a page. `money` tells whether it is written as an amount, `percent` whether a rate."""

    row: int
    cell: int
    left: float
    right: float
    start: int
    value: Decimal
    money: bool
    percent: bool
    text: str


def mark_of(rows: Sequence[Row]) -> DecimalMark | None:
    """The decimal mark of a document: from its amounts with two decimals, else from all its figures."""
    texts = [found["figure"] for row in rows for cell in row.cells for found in FIGURE.finditer(cell.text)]
    return decimal_mark_of(t for t in texts if re.search(r"\d[.,]\d\d$", t)) or decimal_mark_of(texts)


def figures_of(rows: Sequence[Row], mark: DecimalMark | None) -> list[Figure]:
    """Every number that can be read one way only, from top to bottom and left to right."""
    return [figure for index in range(len(rows)) for figure in _in_row(rows, index, mark)]


def _in_row(rows: Sequence[Row], index: int, mark: DecimalMark | None) -> Iterator[Figure]:
    for place, cell in enumerate(rows[index].cells):
        width = (cell.right - cell.left) / max(len(cell.text), 1)
        for found in FIGURE.finditer(cell.text):
            value = parse_sure_amount(found["figure"], mark)
            if value is None:
                continue
            bracket = (found["sign"] or "").startswith("(")
            if bracket and found["after"] != ")":
                bracket = False
            negative = bracket or (found["sign"] or "(")[0] != "(" or found["after"] == "-"
            percent = found["percent"] is not None
            money = not percent and (
                _MONEY.search(found["figure"]) is not None
                or _BEFORE_MONEY.search(cell.text[: found.start()]) is not None
                or _AFTER_MONEY.match(cell.text[found.end() :]) is not None
            )
            yield Figure(
                row=index,
                cell=place,
                left=cell.left + width * found.start(),
                right=cell.left + width * found.end(),
                start=found.start(),
                value=-value if negative else value,
                money=money,
                percent=percent,
                text=found[0].strip(),
            )


@lru_cache(maxsize=4096)
def roles_of(text: str) -> Mapping[str, int]:
    """What the words beside an amount make of it: weights by role."""
    weights: dict[str, int] = {}
    for role, table in _patterns().items():
        found = [(weight, hit.span()) for weight, pattern in table for hit in pattern.finditer(text)]
        spans: list[tuple[int, int]] = []
        for weight, (start, end) in sorted(found, reverse=True):  # "Nettobetrag" counts once, at its heaviest
            if all(end <= s or e <= start for s, e in spans):
                spans.append((start, end))
                weights[role] = weights.get(role, 0) + weight
    return weights


@lru_cache(maxsize=4096)
def start_role(text: str) -> str | None:
    """The role of the word that a text begins with."""
    hits = [
        (weight, role)
        for role, table in _patterns().items()
        for weight, pattern in table
        if pattern.match(text.strip())
    ]
    return max(hits)[1] if hits else None


def words_before(rows: Sequence[Row], figure: Figure) -> str:
    """The words to the left of a figure in its row."""
    row = rows[figure.row]
    before = [cell.text for cell in row.cells[max(0, figure.cell - 8) : figure.cell]]
    return "  ".join([*before, row.cells[figure.cell].text[: figure.start]])


def heading_of(rows: Sequence[Row], figure: Figure) -> str:
    """The words over a figure: the nearest cells above it that hold no figures, up to three rows of a heading."""
    spot = Cell(figure.left, figure.right, "")
    lines: list[str] = []
    last: Row | None = None
    for number, cell in above(rows, figure.row, spot):
        if not _speaks(cell.text):
            if lines:
                break
            continue
        row = rows[number]
        if last is not None and last is not row and row.y - last.y > 2.2 * row.height:
            break
        lines.append(cell.text)
        last = row
        if len(lines) == 3:
            break
    return " ".join(reversed(lines))


@lru_cache(maxsize=4096)
def _speaks(text: str) -> bool:
    """Whether a cell is words: letters, and no figure."""
    return _LETTERS.search(text) is not None and _DIGIT.search(text) is None


@cache
def _patterns() -> Mapping[str, tuple[tuple[int, re.Pattern[str]], ...]]:
    return {
        role: tuple((int(weight), pattern_of(phrases)) for weight, phrases in table.items())
        for role, table in ROLES.items()
    }
