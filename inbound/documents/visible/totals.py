"""Net, tax, total and amount due: told by their words, made sure by net + tax = total."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from inbound.documents.visible.figures import CURRENCY, Figure, heading_of, names_sums, roles_of, words_before
from inbound.documents.visible.lexicon import labels_in
from inbound.documents.visible.page import Row
from inbound.documents.visible.sums import CENT, SURE_SUM, Amount, Sum, further_sums, heaviest, in_a_line, plain_sums

_TAXED: Final = re.compile(r"(?<![\d.,])(?:[1-9]\d?|0[.,]0*[1-9]\d*)(?:[.,]\d{1,2})?\s?%")


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals that agree. `row` is where the sums begin, `beside` the charges and allowances printed among them."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    due: Decimal | None
    prepaid: Decimal | None
    sure: float
    due_sure: float
    row: int
    where: str


def amounts_of(rows: Sequence[Row], figures: Sequence[Figure]) -> list[Amount]:
    """Every amount with its words: those before it in its row and, where a row has several, the column's heading."""
    by_row: dict[int, list[Figure]] = {}
    for figure in figures:
        if not figure.percent and (figure.money or _alone(rows, figure)) and _has_cents(figure.value):
            by_row.setdefault(figure.row, []).append(figure)
    rates = {figure.row: figure.value for figure in figures if figure.percent}
    amounts = []
    for row, found in by_row.items():
        named = names_sums(rows[row])
        for figure in found:
            before = words_before(rows, figure)
            roles = dict(roles_of(before)) if named else {}
            if len(found) > 1 or not any(c.isalpha() for c in CURRENCY.sub("", before)):
                for role, weight in roles_of(heading_of(rows, figure, row)).items():
                    roles[role] = max(roles.get(role, 0), weight)
            amounts.append(Amount(figure.value, row, roles, rates.get(row), figure.right))
    return amounts


def totals_of(rows: Sequence[Row], amounts: Sequence[Amount]) -> Totals | None:
    """Find net + tax = total among amounts that are called so; None when nothing agrees."""
    best = _best(rows, plain_sums(rows, amounts))
    if best is None or best.sure < SURE_SUM:
        further = _best(rows, further_sums(rows, amounts))
        if further is not None and (best is None or further.sure > best.sure):
            best = further
    if best is None:
        return None
    due, prepaid, due_sure = _due(amounts, best.gross)
    if best.printed != best.gross:
        due, prepaid, due_sure = best.printed, None, best.sure
    sure = best.sure
    return Totals(
        best.net, best.tax, best.gross, due, prepaid, sure, min(sure, due_sure), best.row, rows[best.row].where
    )


def _best(rows: Sequence[Row], sums: Iterable[Sum]) -> Sum | None:
    best: tuple[tuple[bool, Decimal, float, float], Sum] | None = None
    taxed = _speaks_of_tax(rows)
    for one in sums:
        if not one.tax and taxed and one.sure < SURE_SUM:  # a tax whose amount was not recognized is no tax of zero
            continue
        rank = (one.sure >= SURE_SUM, abs(one.gross), one.sure + one.labels / 100, -float(abs(one.tax)))
        if best is None or rank > best[0]:
            best = (rank, one)
    return best[1] if best else None


def untaxed(amounts: Sequence[Amount], rows: Sequence[Row]) -> Iterator[Totals]:
    """What the total may be where no tax is printed: only the lines can make one of these sure."""
    if any(a.weight("tax") > 0 and a.value for a in amounts) or _speaks_of_tax(rows) or _like_tax(amounts):
        return
    apart = [a for a in amounts if not in_a_line(rows, amounts, a)]
    most = max((abs(a.value) for a in apart if a.weight("gross") >= 2), default=Decimal(0))
    for gross in heaviest(apart, ("gross", "due"))[:8]:
        if gross.value and (abs(gross.value) >= most or gross.weight("due") > 0):
            due, prepaid, due_sure = _due(amounts, gross.value)
            place = rows[gross.row].where
            yield Totals(gross.value, Decimal(0), gross.value, due, prepaid, 0.8, min(0.8, due_sure), gross.row, place)


def _like_tax(amounts: Sequence[Amount]) -> bool:
    """Whether an amount is its row's rate of another: a tax, however the page's language calls it."""
    rated = [a for a in amounts if a.rate is not None and a.rate > 0 and a.value and not a.roles.get("beside")][:20]
    return any(abs(other.value * a.rate / 100 - a.value) <= CENT for a in rated for other in amounts if a.rate)


def _speaks_of_tax(rows: Sequence[Row]) -> bool:
    """Whether a page says a rate of tax that is not zero."""
    return any(
        "%" in cell.text
        and _TAXED.search(cell.text)
        and any(table.startswith("amounts.tax.") for table in labels_in(cell.text))
        for row in rows
        for cell in row.cells
    )


def _due(amounts: Sequence[Amount], gross: Decimal) -> tuple[Decimal | None, Decimal | None, float]:
    """Amount due and what was paid before: as printed where they agree with the total."""
    due = {a.value for a in amounts if a.weight("due") >= 3}
    paid = {abs(a.value) for a in amounts if a.weight("prepaid") >= 3 and a.value}
    printed = {abs(a.value) for a in amounts if not a.roles.get("tax")}
    for value in sorted(due, key=abs):
        if value != gross and abs(gross - value) in (paid | printed if value else paid):
            return value, gross - value, 0.95 if abs(gross - value) in paid else 0.85
    if paid and due - {gross, Decimal(0)}:  # another amount is due, which the payments printed do not explain
        return None, None, 0.4
    if gross in due or (not due and not paid):
        return gross, None, 0.95 if due else 0.85
    if not due and len(paid) == 1:
        return gross - paid.pop(), None, 0.5
    return None, None, 0.4


def _has_cents(value: Decimal) -> bool:
    """Whether an amount has no more than two decimals: "1.000,0000" is a price, never a total."""
    return int(value.as_tuple().exponent) > -3


def _alone(rows: Sequence[Row], figure: Figure) -> bool:
    """A whole number that fills its cell may be an amount where an amount is expected."""
    cell = rows[figure.row].cells[figure.cell]
    return cell.text.strip() == figure.text and len(figure.text) <= 9 and figure.cell == len(rows[figure.row].cells) - 1
