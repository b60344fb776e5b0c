"""The lines of an invoice: the column of amounts that sums up to the net total, and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations
from typing import Final

from inbound.documents.visible.figures import Figure, heading_of, roles_of, start_role, words_before
from inbound.documents.visible.labels import COLUMNS, pattern_of, words
from inbound.documents.visible.page import Row, overlaps
from inbound.documents.visible.totals import Amount, Totals
from workflows.reading import ReadLine

ALIGNED: Final = 3.5
"""How far the ends of amounts in one column may lie apart, in points."""

HALF_CENT: Final = Decimal("0.0051")
_TOTAL_ROLES: Final = ("gross", "net", "due", "tax", "prepaid", "beside")
_MEASURE = re.compile(r"[-−]?\d[\d.,]*\s*[^\W\d_]{0,6}\.?$")
_POSITION = re.compile(r"\d{1,4}(?:\.\d{1,3})*\.?")
_UNIT = re.compile(r"\s*([^\W\d_]{1,10}(?:\([^\W\d_]{1,4}\))?\.?)")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row that may be a line: its net amount, the other figures, and whether a product of them makes the net."""

    row: int
    net: Figure
    others: tuple[Figure, ...]
    product: bool


def lines_of(
    rows: Sequence[Row], figures: Sequence[Figure], amounts: Sequence[Amount], totals: Totals
) -> tuple[tuple[ReadLine, ...], float]:
    """Find the lines that sum up to the net total; empty when none do, with how sure it is."""
    beside = sum((a.value for a in amounts if a.weight("beside") >= 4), Decimal(0))
    targets = {totals.net: 0.95}
    targets.setdefault(totals.net - beside, 0.85)
    for amount in amounts:
        if amount.row >= totals.row - 8 and amount.weight("net") >= 1 and amount.value != totals.net:
            targets.setdefault(amount.value, 0.8)
    best: tuple[tuple[float, int, int], list[_Entry]] | None = None
    for column in _columns(rows, figures, totals.row):
        for chosen in _choices(rows, column, totals.net):
            total = sum((entry.net.value for entry in chosen), Decimal(0))
            sure = targets.get(total, 0.0)
            products = sum(entry.product for entry in chosen)
            if not sure or (len(chosen) == 1 and not products):
                continue
            apart = any(_begins_with(rows, entry, ("beside",)) for entry in chosen)
            rank = (min(products, 1) + sure - 0.2 * apart, len(chosen) if products else 0, -chosen[0].row)
            if best is None or rank > best[0]:
                best = (rank, chosen)
    if best is None:
        return (), 0.3
    chosen = best[1]
    sure = targets[sum((entry.net.value for entry in chosen), Decimal(0))]
    return tuple(_line(rows, entry) for entry in chosen), sure


@dataclass(frozen=True, slots=True)
class _Product:
    """Quantity and price, in the order in which they stand; `factor` is what a discount leaves of the price."""

    one: Figure
    other: Figure
    factor: Decimal
    base: Decimal


def _columns(rows: Sequence[Row], figures: Sequence[Figure], end: int) -> Iterator[list[_Entry]]:
    """Amounts before the sums that end, begin or stand centred at the same place."""
    by_row: dict[int, list[Figure]] = {}
    for figure in figures:
        if figure.row < end:
            by_row.setdefault(figure.row, []).append(figure)
    for share in (0.0, 0.5, 1.0):  # aligned to the right, centred, to the left
        columns: dict[int, list[_Entry]] = {}
        for row, found in by_row.items():
            for figure in found:
                whole = rows[row].cells[figure.cell].text.strip() == figure.text
                if figure.percent or not (figure.money or whole):
                    continue
                entry = _Entry(
                    row, figure, tuple(f for f in found if f is not figure), _product(found, figure) is not None
                )
                spot = figure.right - share * (figure.right - figure.left)
                for key in (int(spot // ALIGNED), int(spot // ALIGNED) + 1):
                    columns.setdefault(key, []).append(entry)
        yield from (column for column in columns.values() if any(entry.net.money for entry in column))


def _choices(rows: Sequence[Row], column: list[_Entry], target: Decimal) -> Iterator[list[_Entry]]:
    """Which rows of a column may be the lines, the narrowest choice first; the sum decides among them.

    Rows that begin with a tax are its breakdown. Freight and discounts stand among the lines or beside them. What
    follows once the lines have made the net total is something else.
    """
    likely = [e for e in column if not _begins_with(rows, e, ("tax",))]
    goods = [e for e in likely if not _begins_with(rows, e, ("beside",))]
    seen: list[list[_Entry]] = []
    for entries in (goods, likely):
        plain = [
            e for e in entries if e.product or (not _speaks_of_sums(rows, e) and (e.net.value or _numbered(rows, e)))
        ]
        for choice in ([e for e in plain if e.product], plain):
            for cut in (choice, _until(choice, target)):
                if cut and cut not in seen:
                    seen.append(cut)
                    yield cut


def _until(entries: list[_Entry], target: Decimal) -> list[_Entry]:
    total = Decimal(0)
    for count, entry in enumerate(entries, 1):
        total += entry.net.value
        if total == target:
            return entries[:count]
    return []


def _begins_with(rows: Sequence[Row], entry: _Entry, roles: Sequence[str]) -> bool:
    """Whether a row's first word makes it no line: the breakdown of a tax, a discount on the whole."""
    first = rows[entry.row].cells[0].text
    return any(start_role(first) == role for role in roles)


def _numbered(rows: Sequence[Row], entry: _Entry) -> bool:
    """A line without a price stands in the table by its number."""
    return _POSITION.fullmatch(rows[entry.row].cells[0].text.strip()) is not None


def _speaks_of_sums(rows: Sequence[Row], entry: _Entry) -> bool:
    roles = roles_of(words_before(rows, entry.net))
    return not entry.product and any(roles.get(role, 0) >= 1 for role in _TOTAL_ROLES)


def _product(found: Sequence[Figure], net: Figure) -> _Product | None:
    """Two figures of the row whose product is the net amount: with a printed discount, or a price per 10, 100, 1000."""
    plain = [f for f in found if f is not net and not f.percent and f.value][:12]
    discounts = [Decimal(1), *(1 - f.value / 100 for f in found if f.percent and 0 < f.value < 100)]
    for base in (1, 10, 100, 1000):
        for factor in discounts if base == 1 else discounts[:1]:
            for one, other in combinations(plain, 2):
                if net.value and abs(abs(one.value * other.value) * factor / base - abs(net.value)) < HALF_CENT:
                    return _Product(one, other, factor, Decimal(base))
    return None


def _line(rows: Sequence[Row], entry: _Entry) -> ReadLine:
    row = rows[entry.row]
    everything = (*entry.others, entry.net)
    factors = _quantity_and_price(rows, entry)
    quantity, price, factor, base = factors or (None, None, Decimal(1), Decimal(1))
    used = {f.cell for f in (quantity, price, entry.net) if f is not None}
    first = row.cells[0].text.strip()
    position = first if _POSITION.fullmatch(first) and 0 not in used else None
    rate = next((f.value for f in everything if f.percent), None) if factor == 1 else None
    texts = [
        (i, cell)
        for i, cell in enumerate(row.cells)
        if i not in used and sum(c.isalpha() for c in cell.text) >= 3 and not _MEASURE.match(cell.text)
    ]
    text = max(texts, key=lambda item: sum(c.isalpha() for c in item[1].text), default=None)
    unit = None
    if quantity is not None:
        after = row.cells[quantity.cell].text[quantity.start + len(quantity.text) :]
        if not after.strip() and quantity.cell + 1 < len(row.cells):
            after = row.cells[quantity.cell + 1].text
            after = after if len(after) <= 10 else ""
        found = _UNIT.fullmatch(after)
        unit = found[1] if found else None
    sku = None
    for cell in row.cells:
        if cell is not (text[1] if text else None) and _under(rows, entry.row, cell.left, cell.right, "sku"):
            sku = cell.text.strip()
            break
    return ReadLine(
        id=position.rstrip(".") if position else None,
        seller_sku=sku,
        text=_whole_text(rows, entry.row, text[0]) if text else None,
        quantity=quantity.value if quantity else None,
        unit=unit,
        unit_price=price.value * factor if price else None,
        base_quantity=base,
        net=entry.net.value,
        tax_rate=rate,
    )


def _quantity_and_price(rows: Sequence[Row], entry: _Entry) -> tuple[Figure, Figure, Decimal, Decimal] | None:
    """Which of the two factors is the quantity: told by the headings, else by how they are written."""
    product = _product(entry.others, entry.net)
    if product is None:
        return None
    one, other = product.one, product.other
    scores = []
    for figure in (one, other):
        heading = heading_of(rows, figure)
        cell = rows[entry.row].cells[figure.cell].text
        score = 4 * bool(_column("quantity").search(heading)) - 4 * bool(_column("price").search(heading))
        score += 1 if figure.value == figure.value.to_integral_value() else 0
        score -= 2 if re.search(r"[€$£]|\bEUR\b", cell) else 0
        score += 1 if re.search(r"\d\s+[^\W\d_]{2,}", cell) else 0
        scores.append(score)
    if scores[0] == scores[1] and one.value != other.value:
        return None
    if scores[0] < scores[1]:
        one, other = other, one
    return one, other, product.factor, product.base


def _under(rows: Sequence[Row], index: int, left: float, right: float, column: str) -> bool:
    spot = Figure(index, 0, left, right, 0, Decimal(0), money=False, percent=False, text="")
    return _column(column).search(heading_of(rows, spot)) is not None


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


@cache
def _column(name: str) -> re.Pattern[str]:
    return pattern_of(words(COLUMNS[name]))
