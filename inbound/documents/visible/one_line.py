"""One line of a table: which of its figures are quantity and price, and what the rest of the row says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Final

from inbound.documents.visible.figures import Figure, heading_of
from inbound.documents.visible.lexicon import labels_in
from inbound.documents.visible.page import Row, overlaps
from workflows.reading import ReadLine

ALIGNED: Final = 3.5
"""How far the ends of what stands in one column may lie apart, in points."""

_BASES: Final = (Decimal(10), Decimal(100), Decimal(1000))
_ONE: Final = Decimal(1)
_AS_PRINTED: Final = (_ONE, _ONE, 1.0)
_PER_BASE: Final = tuple((_ONE, base, 1.0 / float(base)) for base in _BASES)
_HALF_CENT: Final = Decimal("0.0051")
_MEASURE = re.compile(r"[-−]?\d[\d.,]*\s*[^\W\d_]{0,6}\.?$")
_PRICED = re.compile(r"[€$£]|\bEUR\b")
_MEASURED = re.compile(r"\d\s+[^\W\d_]{2,}")
_MOST_WRITTEN: Final = 2
_POSITION = re.compile(r"\d{1,4}(?:\.\d{1,3})*[.)]?")
_POSITION_AND_TEXT = re.compile(r"(\d{1,4})[.)]?\s+(\S*[^\W\d_]{2}.*)")
_UNIT = re.compile(r"\s*([^\W\d_]{1,10}(?:\([^\W\d_]{1,4}\))?\.?)")


@dataclass(frozen=True, slots=True)
class Product:
    """Quantity and price, in the order in which they stand; `factor` is what a discount leaves of the price."""

    one: Figure
    other: Figure
    factor: Decimal
    base: Decimal


def product_of(found: Sequence[Figure], net: Figure) -> Product | None:
    """Two figures of a row whose product is its net amount: with a printed discount, or a price per 10, 100, 1000."""
    plain = [f for f in found if f is not net and not f.percent][:12]
    counted = len(plain) > 2 and _is_position(plain[0])
    if not net.value:
        free = (
            Product(a, b, _ONE, _ONE)
            for figures in ((plain[1:], plain) if counted else (plain,))
            for a, b in combinations(figures, 2)
            if _free(a, b) or _free(b, a)
        )
        return next(free, None)
    sizes = [(figure, abs(float(figure.value))) for figure in plain if figure.value]
    if len(sizes) < 2:
        return None
    left = [1 - f.value / 100 for f in found if f.percent and 0 < f.value < 100]
    ways = [_AS_PRINTED, *((factor, _ONE, float(factor)) for factor in left), *_PER_BASE]
    if not counted:
        return _made_by(combinations(sizes, 2), ways, net)
    # `2  Screws  200  45.00 per 100  90.00`: the 2 is no quantity, unless nothing else makes the amount
    position, *others = sizes
    return _made_by(combinations(others, 2), ways, net) or _made_by(((position, one) for one in others), ways, net)


def _made_by(
    pairs: Iterable[tuple[tuple[Figure, float], tuple[Figure, float]]],
    ways: Sequence[tuple[Decimal, Decimal, float]],
    net: Figure,
) -> Product | None:
    """The first pair of figures, each with its size, whose product is an amount by the first way that makes it so.

    A way is what a discount leaves, what the price is for, and the first by the second.
    """
    made = [(one, other, size * by) for (one, size), (other, by) in pairs]
    target = abs(net.value)
    near = float(target)
    off = 0.01 + near * 1e-9
    least, most = near - off, near + off
    for factor, base, share in ways:
        for one, other, size in made:
            # most are far off: only the others are worth a sum
            if (
                least <= size * share <= most
                and abs(abs(one.value * other.value) * factor / base - target) < _HALF_CENT
            ):
                return Product(one, other, factor, base)
    return None


def _is_position(figure: Figure) -> bool:
    """Whether a figure stands first in its row as positions do: a small whole number."""
    return figure.cell == 0 and figure.start == 0 and not figure.money and 0 < figure.value < 1000


def _free(price: Figure, quantity: Figure) -> bool:
    """Whether something is given without charge: a price of zero, written as a price."""
    return not price.value and price.money and bool(quantity.value) and not quantity.money


def has_position(row: Row) -> bool:
    """Whether a row begins with nothing but its number."""
    return len(row.cells) > 1 and _POSITION.fullmatch(row.cells[0].text.strip()) is not None


def numbered(row: Row) -> bool:
    """Whether a row stands in its table by its number."""
    first = row.cells[0].text.strip()
    return (_POSITION.fullmatch(first) or _POSITION_AND_TEXT.fullmatch(first)) is not None


def line_of(
    rows: Sequence[Row], index: int, net: Figure, others: Sequence[Figure], product: Product | None, *, split: bool
) -> ReadLine:
    """Read one row; with `split` the position stands before the text in the first cell."""
    row = rows[index]
    factors = _quantity_and_price(rows, index, product)
    quantity, price, factor, base = factors or (None, None, Decimal(1), Decimal(1))
    used = {f.cell for f in (quantity, price, net) if f is not None}
    place = _text_place(row, used, split=split)
    position, text = _position(row, used), None if place is None else _whole_text(rows, index, place)
    if split and (first := _POSITION_AND_TEXT.fullmatch(row.cells[0].text.strip())):
        position, text = first[1], _whole_text(rows, index, 0)[first.start(2) :] if place == 0 else text
    rate = next((f.value for f in (*others, net) if f.percent), None)
    return ReadLine(
        id=position,
        seller_sku=_sku(rows, index, place, used),
        text=text,
        quantity=quantity.value if quantity else None,
        unit=_unit(row, quantity) if quantity else None,
        unit_price=price.value * factor if price else None,
        base_quantity=base,
        net=net.value,
        tax_rate=rate if factor == 1 else None,
    )


def split_positions(rows: Sequence[Row], indexes: Sequence[int]) -> bool:
    """Whether the rows' first cells begin with their positions: numbers that count up."""
    found = [_POSITION_AND_TEXT.fullmatch(rows[index].cells[0].text.strip()) for index in indexes]
    numbers = [int(hit[1]) for hit in found if hit is not None]
    return len(numbers) == len(found) > 1 and all(a < b for a, b in pairwise(numbers))


def _quantity_and_price(
    rows: Sequence[Row], index: int, product: Product | None
) -> tuple[Figure, Figure, Decimal, Decimal] | None:
    """Which of the two factors is the quantity: told by the headings, else by how they are written."""
    if product is None:
        return None
    one, other = product.one, product.other
    lead = _by_heading(rows, one) - _by_heading(rows, other)
    if abs(lead) <= 2 * _MOST_WRITTEN:  # where the headings tell both, nothing else can turn it
        lead += _as_written(rows[index], one) - _as_written(rows[index], other)
    if not lead and one.value != other.value:
        return None
    if lead < 0:
        one, other = other, one
    return one, other, product.factor, product.base


def _by_heading(rows: Sequence[Row], figure: Figure) -> int:
    words = labels_in(heading_of(rows, figure, figure.row))
    return 4 * ("columns.quantity" in words) - 4 * ("columns.price" in words)


def _as_written(row: Row, figure: Figure) -> int:
    """How much a figure looks like a quantity, from -2 to 2: whole, with a unit, without a currency."""
    cell = row.cells[figure.cell].text
    whole = figure.value == figure.value.to_integral_value()
    return whole + (_MEASURED.search(cell) is not None) - 2 * (_PRICED.search(cell) is not None)


def _position(row: Row, used: set[int]) -> str | None:
    first = row.cells[0].text.strip()
    return first.rstrip(".)") if _POSITION.fullmatch(first) and 0 not in used else None


def _text_place(row: Row, used: set[int], *, split: bool) -> int | None:
    """The cell with most letters that is neither a figure with its unit nor one that is used."""
    most, place = 2, None
    for i, cell in enumerate(row.cells):
        count = 0 if i in used else sum(map(str.isalpha, cell.text))
        if count > most and ((split and i == 0) or not _MEASURE.match(cell.text)):
            most, place = count, i
    return place


def _unit(row: Row, quantity: Figure) -> str | None:
    after = row.cells[quantity.cell].text[quantity.start + len(quantity.text) :]
    if not after.strip() and quantity.cell + 1 < len(row.cells):
        after = row.cells[quantity.cell + 1].text
        after = after if len(after) <= 10 else ""
    found = _UNIT.fullmatch(after)
    return found[1] if found else None


def _sku(rows: Sequence[Row], index: int, text: int | None, used: set[int]) -> str | None:
    for place, cell in enumerate(rows[index].cells):
        free = place != text and place not in used
        if free and any(map(str.isdigit, cell.text)) and "columns.sku" in labels_in(heading_of(rows, cell, index)):
            return cell.text.strip()
    return None


def _whole_text(rows: Sequence[Row], index: int, place: int) -> str:
    """A text that was broken: it ends in a comma or hyphen and goes on under itself."""
    cell = rows[index].cells[place]
    text = cell.text.strip()
    for row in rows[index + 1 : index + 3]:
        if not text.endswith((",", "-", "–", "&", "/")) or row.page != rows[index].page:
            break
        more = next((c for c in row.cells if overlaps(c, cell) and abs(c.left - cell.left) < ALIGNED), None)
        if more is None:
            break
        text += ("" if text.endswith("-") else " ") + more.text.strip()
    return text
