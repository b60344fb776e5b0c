"""The amounts on a page with the words beside and above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from inbound.documents.arithmetic import WHOLE_UNITS
from inbound.documents.numbers import CURRENCY_SIGNS, DecimalMark, decimal_mark_of, parse_sure_amount
from inbound.documents.visible.lexicon import Hit, labels_in
from inbound.documents.visible.page import Row, Sheet, Wide

FIGURE: Final = re.compile(
    r"""(?<![\w.,/])(?<!\w[\-–])(?<!\d['’‘′])
    (?P<sign>[-−–(]\s?(?P<of>(?:[A-Z]{3}|[A-Z]{0,2}[€$£¥₴₽₹])\s?)?)?
    (?P<figure>
        \d{1,3}(?:[\ \u00a0\u202f'’‘′]\d{3})+(?:[.,]\d{1,6})?
        | \d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,6})?
        | \d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,6})?
        | \d{1,12}(?:[.,]\d{1,6})?
    )
    (?:[.,][-–]{1,2})?(?P<after>-|\))?(?![\w/])(?![.,]\d)(?P<percent>\s?%)?""",
    re.VERBOSE,
)
"""A number inside longer text, not part of a word, a date or a longer number."""

CURRENCIES: Final = (
    "EUR|USD|GBP|CHF|PLN|CZK|SEK|NOK|DKK|HUF|RON|BGN|UAH|TRY|CAD|AUD|NZD|JPY|CNY|INR|ZAR|BRL|MXN|SGD|HKD|"
    "AED|ILS|MAD|TND|UYU|CLP|ARS|KRW|THB|MYR|PHP|VND|AOA|MZN|XOF|SAR|QAR|KWD|EGP|RSD|KZT"
)
"""Codes that are known to be a currency's (ISO 4217): three capitals alone may be those of a tax."""

_MONEY = re.compile(r"[.,]\d{2,6}$")
_BEFORE_MONEY = re.compile(rf"(?:[{CURRENCY_SIGNS}]|\b(?:{CURRENCIES}))\s?$")
_AFTER_MONEY = re.compile(rf"\s?(?:[{CURRENCY_SIGNS}]|(?:{CURRENCIES})\b|zł|Kč|Ft\b|[Ll]ei\b|kr\b|грн)")

CURRENCY: Final = re.compile(rf"\b(?:{CURRENCIES})\b|R\$|[{CURRENCY_SIGNS}]|zł|Kč|Ft|[Ll]ei|kr|грн")
"""What may stand beside an amount and says no more than its currency."""

_DIGIT = re.compile(r"\d")
_MINUS_BEHIND: Final = ("-", "−", "CR", "Cr", "cr")
_GROUPED = re.compile(r"\d{1,3}[.,]\d{3}")
_CENTS = re.compile(r"\d[.,]\d\d$")


class Figure(NamedTuple):
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


def mark_of(rows: Sequence[Row], currency: str | None = None) -> DecimalMark | None:
    """The decimal mark of a document: from its amounts with two decimals, else from all its figures.

    Where a currency has no cents, amounts have groups: of `150.000` the dot is none.
    """
    texts = [found["figure"] for row in rows for cell in row.cells for found in _found(cell.text)]
    said = decimal_mark_of(t for t in texts if _CENTS.search(t)) or decimal_mark_of(texts)
    if said is None and currency in WHOLE_UNITS:
        groups = {t[-4] for t in texts if _GROUPED.fullmatch(t)}
        if len(groups) == 1:
            return "," if groups == {"."} else "."
    return said


def open_amount(rows: Sequence[Row]) -> str | None:
    """An amount among the totals that may be thousands or a fraction (`1.234`): the last one; None where none is."""
    for row in reversed(rows):
        for cell in row.cells:
            for found in _found(cell.text):
                if _GROUPED.fullmatch(found["figure"]) and not found["percent"] and roles_of(row.text):
                    return str(found["figure"])
    return None


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[re.Match[str], ...]:
    return tuple(FIGURE.finditer(text)) if _DIGIT.search(text) else ()


def figures_of(rows: Sequence[Row], mark: DecimalMark | None, *, whole: bool = False) -> list[Figure]:
    """Every number that can be read one way only, from top to bottom and left to right.

    `whole` is for currencies without cents, whose amounts are known by their groups ("145 000").
    """
    figures = []
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            numbers = _numbers_in(cell.text, mark)
            if numbers:
                width = (cell.right - cell.left) / len(cell.text)
                for start, end, value, written, percent, text in numbers:
                    money = written or (whole and not percent and value >= 1000 and text != str(value))
                    left, right = cell.left + width * start, cell.left + width * end
                    figures.append(Figure(index, place, left, right, start, value, money, percent, text))
    return figures


@lru_cache(maxsize=4096)
def _numbers_in(text: str, mark: DecimalMark | None) -> tuple[tuple[int, int, Decimal, bool, bool, str], ...]:
    """The numbers in a cell: where they begin and end, their value, whether money, whether a rate, as written."""
    return tuple(
        (
            found.start(),
            found.end(),
            -value if _negative(found) else value,
            _is_money(found),
            bool(percent),
            found[0].strip(),
        )
        for found in _found(text)
        if (value := parse_sure_amount(found["figure"], mark)) is not None
        for percent in (found["percent"],)
    )


def _negative(found: re.Match[str]) -> bool:
    sign, after = found["sign"], found["after"]
    return after == ")" if sign and sign[0] == "(" else bool(sign) or after in _MINUS_BEHIND


def _is_money(found: re.Match[str]) -> bool:
    if found["percent"]:
        return False
    return (
        found["of"] is not None
        or _MONEY.search(found["figure"]) is not None
        or _BEFORE_MONEY.search(found.string, 0, found.start()) is not None
        or _AFTER_MONEY.match(found.string, found.end()) is not None
    )


@lru_cache(maxsize=4096)
def roles_of(text: str) -> Mapping[str, int]:
    """What the words beside an amount make of it: weights by role."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for role, weight, hits in _amount_words(text):
        found.setdefault(role, []).extend((weight, hit.start, hit.end) for hit in hits)
    weights: dict[str, int] = {}
    for role, places in found.items():
        spans: list[tuple[int, int]] = []
        for weight, start, end in sorted(places, reverse=True):  # "Nettobetrag" counts once, at its heaviest
            if all(end <= s or e <= start for s, e in spans):
                spans.append((start, end))
                weights[role] = weights.get(role, 0) + weight
    return weights


@lru_cache(maxsize=4096)
def start_role(text: str) -> str | None:
    """The role of the word that a text begins with."""
    hits = [(weight, role) for role, weight, found in _amount_words(text.strip()) if found[0].start == 0]
    return max(hits)[1] if hits else None


def _amount_words(text: str) -> Iterator[tuple[str, int, tuple[Hit, ...]]]:
    for table, hits in labels_in(text).items():
        if table.startswith("amounts."):
            _, role, weight = table.split(".")
            yield role, int(weight), hits


def names_sums(row: Row) -> bool:
    """Whether any cell of a row has words of sums: those of most lines have none, and are not looked at together."""
    return any(roles_of(cell.text) for cell in row.cells)


def words_before(rows: Sequence[Row], figure: Figure) -> str:
    """The words to the left of a figure in its row."""
    row = rows[figure.row]
    before = [cell.text for cell in row.cells[max(0, figure.cell - 8) : figure.cell]]
    return "  ".join([*before, row.cells[figure.cell].text[: figure.start]])


def heading_of(rows: Sequence[Row], figure: Wide, index: int) -> str:
    """The words over what stands in a row: the nearest cells above without figures, up to three rows of a heading."""
    sheet = rows if isinstance(rows, Sheet) else Sheet(rows)
    place = index, figure.left, figure.right
    known = sheet.headings.get(place)
    if known is None:
        known = sheet.headings[place] = _words_over(sheet, *place)
    return known


def _words_over(rows: Sheet, index: int, left: float, right: float) -> str:
    here, last = rows[index], None
    page, highest, first = here.page, here.y + 250.0, index - 60
    left -= 1.0
    lines: list[str] = []
    for number, row in rows.speaking[rows.over[index] : rows.over[index] + 60]:
        if row.page != page or row.y > highest or number <= first:
            break
        for cell in row.speaking:
            if left >= cell.right or cell.left - 1.0 >= right:  # as `overlaps` says, which is called too often here
                continue
            if last is not None and last is not row and row.y - last.y > 2.2 * row.height:
                return " ".join(reversed(lines))
            lines.append(cell.text)
            last = row
            if len(lines) == 3:
                return " ".join(reversed(lines))
        if lines and last is not row and any(left < cell.right and cell.left - 1.0 < right for cell in row.cells):
            break
    return lines[0] if len(lines) == 1 else " ".join(reversed(lines))
