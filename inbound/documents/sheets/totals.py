"""What the lines of a sheet make, and what beside them makes the net total that it states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from inbound.documents.sheets.grid import text_of
from inbound.documents.sheets.lines import CENT
from inbound.documents.sheets.table import Table
from inbound.documents.visible.figures import figures_of, start_role
from inbound.documents.visible.page import Row, Sheet
from inbound.documents.visible.totals import Totals, amounts_of, untaxed
from workflows.reading import Charge, ReadLine


def sum_of(lines: Sequence[ReadLine]) -> Decimal | None:
    """The net sum of the lines; None where one states no amount."""
    nets = [line.net for line in lines if line.net is not None]
    return sum(nets, Decimal(0)) if nets and len(nets) == len(lines) else None


def totals_made_by(lines: Sequence[ReadLine], net: Decimal) -> dict[str, Decimal]:
    """Net, tax and total where every line states its rate; tax is rounded for each rate (EN 16931 BR-CO-17)."""
    if any(line.tax_rate is None for line in lines):
        return {}
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.tax_rate or Decimal(0)
        by_rate[rate] = by_rate.get(rate, Decimal(0)) + (line.net or Decimal(0))
    tax = sum(((part * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate, part in by_rate.items()), Decimal(0))
    return {"net": net, "tax": tax, "gross": net + tax, "due": net + tax}


def untaxed_total(rows: Sequence[Row], net: Decimal) -> Totals | None:
    """The total of a sheet that speaks of no tax, if the lines make it."""
    sheet = Sheet(rows)
    return next((t for t in untaxed(amounts_of(sheet, figures_of(sheet, ".")), sheet) if t.net == net), None)


def charges_of(table: Table, missing: Decimal) -> tuple[Charge, ...]:
    """Freight, discounts and the like under the lines, if they are just what the lines miss of the net total.

    A discount may be written without a minus.
    """
    found = []
    for row in table.others:
        label = table.text(row, "text") or next((text_of(v) for v in table.grid.rows[row] if v != ""), "")
        amount = table.amount(row, "net")
        if amount and start_role(label[:100]) == "beside":
            found.append(Charge(label[:200], amount))
    for signed in (
        found,
        [replace(charge, amount=-abs(charge.amount)) for charge in found],
    ):
        if signed and sum((charge.amount for charge in signed), Decimal(0)) == missing:
            return tuple(signed)
    return ()


def positive(lines: Sequence[ReadLine]) -> tuple[ReadLine, ...]:
    """The lines of a credit note as EN 16931 states them, though they were written with a minus."""

    def turned(line: ReadLine) -> ReadLine:
        quantity = -line.quantity if line.quantity is not None and line.quantity < 0 else line.quantity
        return replace(line, net=None if line.net is None else -line.net, quantity=quantity)

    return tuple(turned(line) for line in lines)
