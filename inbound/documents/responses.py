"""What an answer to an order says: each of its lines accepted, changed or refused (Peppol BIS Ordering 3; Order-X)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from inbound.documents.e_invoice import Found
from workflows.reading import Defect, DocumentKind, ReadLine

_CONFIRMS: Final = frozenset({"AP", "CA", "29", "30", None})
"""Accepted, accepted with changes; the codes of UNTDID 4343 and those of UNTDID 1225 that stood in older rules."""

_WITH_CHANGES: Final = frozenset({"CA", "30"})
_REFUSED_LINE: Final = "7"
_TEXTS: Final = {
    "RE": ("order_refused", "The supplier refuses the order."),
    "27": ("order_refused", "The supplier refuses the order."),
    "AB": ("order_received", "The supplier tells only that the order has arrived, and accepts nothing yet."),
}


def answered(found: Found, code: str | None) -> None:
    """Take what the answer says of the whole order: only an acceptance is a confirmation."""
    if code not in _CONFIRMS:
        found.kind = DocumentKind.OTHER
        name, text = _TEXTS.get(code or "", ("order_answer_unknown", f"The answer to the order is unknown: {code}."))
        found.defects.append(Defect(name, text))
    elif code in _WITH_CHANGES and not found.lines:
        found.defects.append(Defect("order_changes_unsaid", "The answer changes the order, but does not say what."))


def answered_line(line: ReadLine, ordered: str | None, status: str | None) -> ReadLine:
    """The line under the number that it has in the order; of a line that is not accepted nothing will come."""
    if status == _REFUSED_LINE:
        return replace(line, order_line=ordered, quantity=Decimal(0), net=Decimal(0))
    return replace(line, order_line=ordered)
