"""What UBL and CII readers share: collecting fields with their place, and checking the whole (EN 16931)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from inbound.documents.arithmetic import CENT, PAYABLE, WHOLE_UNITS, defects_of, line_agrees
from inbound.documents.format import DocumentUnreadable
from inbound.documents.rules import broken_rules
from inbound.documents.statement import Beside, Statement
from workflows.reading import Charge, Defect, DocumentFormat, DocumentKind, Party, Reading, ReadLine

LONGEST_NUMBER: Final = 200
MOST_LINES: Final = 20_000
_ZERO: Final = Decimal(0)


@dataclass(slots=True)
class Found:
    """The fields of one e-invoice while it is read."""

    format: DocumentFormat
    kind: DocumentKind
    values: dict[str, Any] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    lines: list[ReadLine] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    rounding: Decimal = Decimal(0)
    line_total: Decimal | None = None
    tax_parts: list[Decimal] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    statement: Statement = field(default_factory=Statement)

    def take(self, name: str, path: str, value: object) -> None:
        """Keep a field that the document has, and the element that it stood in."""
        if value is None or value == Party():
            return
        if name == "number" and len(str(value)) > LONGEST_NUMBER:
            self.defects.append(Defect("no_number", "What stands as the document's number is too long to be one."))
            return
        self.values[name] = value
        self.where[name] = f"xml {path}"

    def price(self, line: ReadLine, gross: Decimal | None, discount: Decimal | None) -> None:
        """Say so when a line's price is not its gross price less its discount, or its gross price is negative."""
        if gross is None or line.unit_price is None:
            return
        if gross < 0:
            self.defects.append(Defect("negative_price", f"The gross price {gross} is negative (BR-28)."))
        if abs(gross - (discount or 0) - line.unit_price) > CENT / 2:
            text = f"Line {line.id}: {gross} less {discount or 0} is not the price {line.unit_price}"
            self.defects.append(Defect("price_mismatch", f"{text} (PEPPOL-EN16931-R046)."))

    def line(self, line: ReadLine, beside: Sequence[Beside] = ()) -> None:
        """Keep a line; say so when its own figures do not agree."""
        if len(self.lines) >= MOST_LINES:
            raise DocumentUnreadable("too_large", f"The document has more than {MOST_LINES} lines.")
        accepted = self.kind is DocumentKind.ORDER_CONFIRMATION and line.order_line is not None
        if line.net is None and line.quantity is None and line.unit_price is None and not accepted:
            return  # a remark that stands among the lines
        more = sum((one.signed for one in beside), _ZERO)
        self.lines.append(replace(line, beside=more) if more else line)
        if not line_agrees(line, more, whole=self.in_whole_units):
            text = f"Line {line.id or len(self.lines)}: quantity times price is not {line.net}"
            self.defects.append(Defect("line_mismatch", f"{text} (PEPPOL-EN16931-R120)."))

    @property
    def in_whole_units(self) -> bool:
        """Whether amounts in this currency are rounded to whole units where they are paid."""
        return self.values.get("currency") in WHOLE_UNITS


def finish(found: Found) -> Reading:
    """Make the reading: what an e-invoice states is as sure as it can be, and its figures are checked."""
    orders = [*found.orders, *(line.order for line in found.lines if line.order)]
    if found.lines:
        found.where["lines"] = "xml lines"
    reading = Reading(
        kind=found.kind,
        format=found.format,
        orders=tuple(dict.fromkeys(orders)),
        credits=tuple(dict.fromkeys(found.credits)),
        lines=tuple(found.lines),
        charges=tuple(found.charges),
        sure=dict.fromkeys((*found.values, *(["lines"] if found.lines else []), *(["orders"] if orders else [])), 1.0),
        where=found.where,
        **found.values,
    )
    beside = sum((charge.amount for charge in found.charges), Decimal(0))
    found.defects.extend(_partial_sums(found))
    checked = tuple(defects_of(reading, charges=beside, rounding=found.rounding))
    rules = broken_rules(found.statement, reading) if reading.kind in PAYABLE else ()
    return replace(reading, defects=(*found.defects, *checked, *rules))


def _partial_sums(found: Found) -> Iterator[Defect]:
    """The sums inside the totals: of the lines (BR-CO-10) and of the tax by rates (BR-CO-14)."""
    lines = sum((line.net for line in found.lines if line.net is not None), _ZERO)
    if found.lines and found.line_total is not None and lines != found.line_total:
        yield Defect(
            "lines_mismatch", f"The lines make {lines}, but their total is stated as {found.line_total} (BR-CO-10)."
        )
    net = found.values.get("net")
    if found.line_total is not None and net is not None:
        beside = sum((charge.amount for charge in found.charges), _ZERO)
        made = found.line_total + beside
        if made != net and lines + beside == net:  # else the lines themselves are told
            yield Defect("lines_mismatch", f"The totals beside it make {made}, but the net total is {net} (BR-CO-13).")
    tax = found.values.get("tax")
    if found.tax_parts and tax is not None and sum(found.tax_parts) != tax:
        yield Defect("tax_mismatch", f"The tax by rates makes {sum(found.tax_parts)}, but {tax} is stated (BR-CO-14).")
