"""What UBL and CII readers share: collecting fields with their place, and checking the whole (EN 16931)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from inbound.documents.arithmetic import PAYABLE, defects_of, line_agrees
from inbound.documents.format import DocumentUnreadable
from inbound.documents.rules import Statement, broken_rules
from workflows.reading import Charge, Defect, DocumentFormat, DocumentKind, Party, Reading, ReadLine

LONGEST_NUMBER: Final = 200
MOST_LINES: Final = 20_000


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

    def line(self, line: ReadLine, charges: Sequence[Charge]) -> None:
        """Keep a line; say so when its own figures do not agree."""
        if len(self.lines) >= MOST_LINES:
            raise DocumentUnreadable("too_large", f"The document has more than {MOST_LINES} lines.")
        if line.net is None and line.quantity is None and line.unit_price is None:
            return  # a remark that stands among the lines
        self.lines.append(line)
        if not line_agrees(line, sum((c.amount for c in charges), Decimal(0))):
            self.defects.append(
                Defect("line_mismatch", f"Line {line.id or len(self.lines)}: quantity times price is not {line.net}.")
            )


def finish(found: Found) -> Reading:
    """Make the reading: what an e-invoice states is as sure as it can be, and its figures are checked."""
    orders = [*found.orders, *(line.order for line in found.lines if line.order)]
    if found.lines:
        found.where["lines"] = "xml lines"
    reading = Reading(
        kind=found.kind,
        format=found.format,
        orders=tuple(dict.fromkeys(orders)),
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
    lines = sum((line.net for line in found.lines if line.net is not None), Decimal(0))
    if found.lines and found.line_total is not None and lines != found.line_total:
        yield Defect(
            "lines_mismatch", f"The lines make {lines}, but their total is stated as {found.line_total} (BR-CO-10)."
        )
    tax = found.values.get("tax")
    if found.tax_parts and tax is not None and sum(found.tax_parts) != tax:
        yield Defect("tax_mismatch", f"The tax by rates makes {sum(found.tax_parts)}, but {tax} is stated (BR-CO-14).")
