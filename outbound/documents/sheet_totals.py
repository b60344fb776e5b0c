"""The amounts of a sheet: formulas that hold their results, so that they show before anything is calculated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from templates.words import N_

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Totals:
    """Where the three totals stand, the rows of the lines, and the columns by their keys."""

    at: int
    first: int
    last: int
    columns: Mapping[str, int]


def write_totals(
    page: Worksheet,
    place: Totals,
    lines: Sequence[Mapping[str, Any]],
    label: Format,
    style: Format,
    say: Callable[[str], str],
) -> None:
    """Write the amount of each line (quantity times price per base quantity), and net, tax and total above them."""
    columns = place.columns
    quantity, price, base = (columns[key] for key in ("answer_quantity", "answer_price", "base_quantity"))
    rate, amount = columns["answer_tax_rate"], columns["amount"]
    net = tax = Decimal(0)
    for row, line in enumerate(lines, place.first):
        q, p, b = (xl_rowcol_to_cell(row, at) for at in (quantity, price, base))
        value = _amount(line)
        page.write_formula(
            row, amount, f'=IF(OR({q}="",{p}=""),0,ROUND({q}*{p}/IF({b}="",1,{b}),2))', style, float(value)
        )
        net += value
        tax += value * (_figure(line, "tax_rate") or Decimal(0)) / 100
    tax = tax.quantize(_CENT, ROUND_HALF_UP)
    amounts, rates = (_range(place, at) for at in (amount, rate))
    net_cell, tax_cell = (xl_rowcol_to_cell(place.at + n, 2) for n in (0, 1))
    sums = (
        (N_("Net"), f"=SUM({amounts})", net),
        (N_("Tax"), f"=ROUND(SUMPRODUCT({amounts},{rates})/100,2)", tax),
        (N_("Total"), f"={net_cell}+{tax_cell}", net + tax),
    )
    for at, (name, formula, value) in enumerate(sums, place.at):
        page.write_string(at, 1, say(name), label)
        page.write_formula(at, 2, formula, style, float(value))


def _range(place: Totals, at: int) -> str:
    last = max(place.first, place.last)
    return f"{xl_rowcol_to_cell(place.first, at)}:{xl_rowcol_to_cell(last, at)}"


def _amount(line: Mapping[str, Any]) -> Decimal:
    quantity, price = _figure(line, "quantity"), _figure(line, "unit_price")
    if quantity is None or price is None:
        return Decimal(0)
    return (quantity * price / (_figure(line, "base_quantity") or Decimal(1))).quantize(_CENT, ROUND_HALF_UP)


def _figure(line: Mapping[str, Any], name: str) -> Decimal | None:
    try:
        value = Decimal(str(line.get(name)))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 15 else None
