"""The lines of an invoice: the column of amounts that sums up to the net total, and what stands beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from inbound.documents.visible.figures import Figure, roles_of, start_role
from inbound.documents.visible.one_line import (
    ALIGNED,
    Product,
    has_position,
    line_of,
    numbered,
    product_of,
    split_positions,
)
from inbound.documents.visible.page import Row
from inbound.documents.visible.sums import Amount, in_a_line
from inbound.documents.visible.totals import Totals
from workflows.reading import ReadLine

_TOTAL_ROLES: Final = ("gross", "net", "due", "tax", "prepaid", "beside", "carried")

SINGLE: Final = 0.75
"""How sure a single line is that only its number and its figures speak for: a discount may hide in its net amount."""


@dataclass(eq=False)
class _Entry:
    """A row that may be a line: its net amount and the other figures."""

    row: int
    net: Figure
    others: tuple[Figure, ...]

    @cached_property
    def product(self) -> Product | None:
        """Quantity and price that make the net amount."""
        return product_of(self.others, self.net)


def lines_of(
    rows: Sequence[Row], figures: Sequence[Figure], amounts: Sequence[Amount], totals: Totals
) -> tuple[tuple[ReadLine, ...], float, tuple[int, ...]]:
    """Find the lines that sum up to the net total, how sure that is, and their rows; empty when none do."""
    charges = (a for a in amounts if a.weight("beside") >= 4 and not in_a_line(rows, amounts, a))
    beside = sum((a.value for a in charges), Decimal(0))
    targets = {totals.net: 0.95}
    targets.setdefault(totals.net - beside, 0.85)
    for amount in amounts:
        near = amount.row >= totals.row - 8 and amount.weight("net") >= 1 and amount.value != totals.net
        if near and not in_a_line(rows, amounts, amount):
            targets.setdefault(amount.value, 0.8)
    best: tuple[tuple[float, int, int], list[_Entry]] | None = None
    nearest = min(map(abs, targets))
    for column in _columns(rows, figures, totals.row):
        if sum([abs(entry.net.value) for entry in column]) < nearest:  # no choice among them makes any of the sums
            continue
        for chosen in _choices(rows, column, targets):
            total = sum((entry.net.value for entry in chosen), Decimal(0))
            sure = targets.get(total, 0.0)
            products = sum(entry.product is not None for entry in chosen)
            if not sure or (len(chosen) == 1 and not products and not _stands_in_its_table(rows, chosen[0])):
                continue
            apart = any(_begins_with(rows, entry, ("beside",)) and not _in_table(rows, entry) for entry in chosen)
            rank = (min(products, 1) + sure - 0.2 * apart, len(chosen) if products else 0, -chosen[0].row)
            if best is None or rank > best[0]:
                best = (rank, chosen)
    if best is None:
        return (), 0.3, ()
    chosen = best[1]
    sure = targets[sum((entry.net.value for entry in chosen), Decimal(0))]
    if len(chosen) == 1 and not chosen[0].product:
        sure = min(sure, SINGLE)
    split = split_positions(rows, [entry.row for entry in chosen])
    return (
        tuple(line_of(rows, e.row, e.net, e.others, e.product, split=split) for e in chosen),
        sure,
        tuple(e.row for e in chosen),
    )


def _stands_in_its_table(rows: Sequence[Row], entry: _Entry) -> bool:
    """Whether one line alone is a line though nothing multiplies to its amount: numbered, with quantity and price."""
    return numbered(rows[entry.row]) and sum(not figure.percent for figure in entry.others) >= 3


def _in_table(rows: Sequence[Row], entry: _Entry) -> bool:
    """Whether a row with freight or a discount is a line like the others: with its number, or quantity and price."""
    return has_position(rows[entry.row]) or (entry.product is not None and entry.net.value > 0)


def _columns(rows: Sequence[Row], figures: Sequence[Figure], end: int) -> Iterator[list[_Entry]]:
    """Amounts before the sums that end, begin or stand centred at the same place."""
    by_row: dict[int, list[Figure]] = {}
    for figure in figures:
        if figure.row < end:
            by_row.setdefault(figure.row, []).append(figure)
    entries = [
        _Entry(row, figure, tuple([f for f in found if f is not figure]))
        for row, found in by_row.items()
        for figure in found
        if not figure.percent and (figure.money or rows[row].cells[figure.cell].text.strip() == figure.text)
    ]
    places = [(entry, entry.net.right, entry.net.right - entry.net.left) for entry in entries]
    seen: set[tuple[int, ...]] = set()
    for share in (0.0, 0.5, 1.0):  # aligned to the right, centred, to the left
        columns: defaultdict[int, list[_Entry]] = defaultdict(list)
        for entry, right, width in places:
            key = int((right - share * width) // ALIGNED)
            columns[key].append(entry)
            columns[key + 1].append(entry)
        for column in columns.values():
            key_of_column = tuple(map(id, column))
            if key_of_column not in seen and any(entry.net.money for entry in column):
                seen.add(key_of_column)
                yield column


def _choices(rows: Sequence[Row], column: list[_Entry], targets: Mapping[Decimal, float]) -> Iterator[list[_Entry]]:
    """Which rows of a column may be the lines, the narrowest choice first; the sum decides among them.

    Rows that begin with a tax are its breakdown. Freight and discounts stand among the lines or beside them. What
    follows once the lines have made the net total is something else.
    """
    likely = [e for e in column if not _begins_with(rows, e, ("tax",))]
    goods = [e for e in likely if _in_table(rows, e) or not _begins_with(rows, e, ("beside",))]
    seen: list[list[_Entry]] = []
    for entries in (goods, likely):
        plain = [
            e
            for e in entries
            if e.product
            or has_position(rows[e.row])
            or (not _speaks_of_sums(rows, e) and (e.net.value or numbered(rows[e.row])))
        ]
        for choice in ([e for e in plain if e.product], plain):
            for cut in (choice, *_until(choice, targets)):
                if cut and cut not in seen:
                    seen.append(cut)
                    yield cut


def _until(entries: list[_Entry], targets: Mapping[Decimal, float]) -> Iterator[list[_Entry]]:
    total = Decimal(0)
    for count, entry in enumerate(entries, 1):
        total += entry.net.value
        if total in targets:
            yield entries[:count]


def _begins_with(rows: Sequence[Row], entry: _Entry, roles: Sequence[str]) -> bool:
    """Whether a row's first word makes it no line: the breakdown of a tax, a discount on the whole."""
    return start_role(rows[entry.row].cells[0].text) in roles


def _speaks_of_sums(rows: Sequence[Row], entry: _Entry) -> bool:
    """Whether the words that a row begins with speak of a sum; a tax named further on is the line's own."""
    words = next((c.text for c in rows[entry.row].cells if sum(ch.isalpha() for ch in c.text) >= 2), "")
    return any(roles_of(words).get(role, 0) >= 1 for role in _TOTAL_ROLES)
