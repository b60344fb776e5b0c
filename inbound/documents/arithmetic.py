"""What the figures of a document must agree on (EN 16931 BR-CO-10 to 17), told as defects that a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from inbound.documents.tax_ids import vat_id_defects
from workflows.reading import Defect, DocumentKind, Reading, ReadLine

CENT: Final = Decimal("0.01")
_HALF: Final = Decimal("0.5")
WHOLE_UNITS: Final = frozenset(
    ("HUF", "ISK", "JPY", "KRW", "CLP", "PYG", "VND", "IDR", "TWD", "UGX", "XAF", "XOF", "XPF")
)
"""Currencies of which no smaller coins are in use: sellers round each line to whole units."""

_WIDE: Final = Context(prec=100)
PAYABLE: Final = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.PREPAYMENT_INVOICE)


def defects_of(reading: Reading, *, charges: Decimal = Decimal(0), rounding: Decimal = Decimal(0)) -> Iterator[Defect]:
    """Compare the totals with each other, the lines with the totals, each line with itself.

    `charges` is what stands beside the lines in the net total (charges less allowances), `rounding` what is added to
    the amount due. Only figures that are there are compared.
    """
    if reading.kind in PAYABLE:
        yield from _missing(reading)
    if None not in (reading.net, reading.tax, reading.gross) and reading.net + reading.tax != reading.gross:  # type: ignore[operator]
        yield Defect(
            "sum_mismatch", f"Net {reading.net} and tax {reading.tax} do not make the total {reading.gross} (BR-CO-15)."
        )
    if reading.gross is not None and reading.due is not None:
        due = reading.gross - (reading.prepaid or 0) + rounding
        if due != reading.due:
            yield Defect("due_mismatch", f"The amount due is {reading.due}, but the figures make {due} (BR-CO-16).")
    nets = [line.net for line in reading.lines if line.net is not None]
    if reading.net is not None and nets and len(nets) == len(reading.lines) and sum(nets) + charges != reading.net:
        yield Defect(
            "lines_mismatch", f"The lines make {sum(nets) + charges}, but the net total is {reading.net} (BR-CO-13)."
        )
    if reading.kind in PAYABLE and len(nets) < len(reading.lines):
        yield Defect("line_incomplete", f"{len(reading.lines) - len(nets)} of the lines state no valid amount (BR-24).")
    if any(line.unit_price is not None and line.unit_price < 0 for line in reading.lines):
        yield Defect("negative_price", "A price is negative; only a quantity may be (BR-27).")
    if reading.issue_date and reading.due_date and reading.due_date < reading.issue_date:
        yield Defect("due_before_issue", "The invoice is due before its own date.")
    yield from vat_id_defects(reading.seller.vat_id)


def line_agrees(line: ReadLine, charges: Decimal = Decimal(0), *, whole: bool = False) -> bool:
    """Whether quantity, price and charges make the line's net amount, to what rounding may cost (`whole`: to units)."""
    if line.quantity is None or line.unit_price is None or line.net is None or not line.base_quantity:
        return True
    difference = abs(line.quantity * line.unit_price / line.base_quantity + charges - line.net)
    if difference <= CENT:
        return True
    if whole and line.net == line.net.to_integral_value() and difference <= _HALF:
        return True
    exponent = line.unit_price.as_tuple().exponent
    last_digit = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
    return difference <= abs(line.quantity / line.base_quantity) * last_digit / 2


def to_cents(value: Decimal, least: Decimal = CENT) -> Decimal:
    """A value rounded half up to cents, or to another least unit; however long its figures are."""
    return value.quantize(least, ROUND_HALF_UP, context=_WIDE)


def _missing(reading: Reading) -> Iterator[Defect]:
    for name, sentence in (
        ("number", "The document has no number (BR-02)."),
        ("issue_date", "The document has no valid date (BR-03)."),
        ("currency", "The document names no currency (BR-05)."),
        ("gross", "The document has no total (BR-14)."),
    ):
        if getattr(reading, name) is None:
            yield Defect(f"no_{name}", sentence)
