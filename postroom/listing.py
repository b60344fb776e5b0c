"""What would be sent, line by line, before anything is: the answer to `--dry-run`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflows.lines import Line
    from workflows.reading import Defect


@dataclass(frozen=True, slots=True)
class Listing:
    """A document that was read and not sent: its kind, number and currency, its lines, whom it would go to."""

    kind: str
    number: str
    currency: str
    lines: Sequence[Line]
    suppliers: Sequence[str]
    defects: Sequence[Defect] = ()

    def as_json(self) -> str:
        """One object: amounts as decimal strings, as `postroom read --json` prints them."""
        names = ("n", "buyer_sku", "text", "quantity", "unit", "unit_price", "base_quantity", "net", "delivery_date")
        lines = [{name: _plain(getattr(line, name)) for name in names} for line in self.lines]
        found = {
            "kind": self.kind,
            "number": self.number,
            "currency": self.currency,
            "suppliers": list(self.suppliers),
            "lines": lines,
            "defects": [{"code": defect.code, "text": defect.text} for defect in self.defects],
            "sent": False,
        }
        return json.dumps(found, ensure_ascii=False)

    def as_text(self) -> Iterator[str]:
        """Rows for a person."""
        yield f"{self.kind.capitalize()} {self.number} to {', '.join(self.suppliers)}, {self.currency}:"
        for line in self.lines:
            figures = [str(_plain(line.quantity) or ""), line.unit or ""]
            if line.unit_price is not None:
                base = f" per {_plain(line.base_quantity)}" if line.base_quantity != 1 else ""
                figures += ["x", f"{_plain(line.unit_price)}{base}", "=", str(_plain(line.sum()) or "")]
            sku = f"[{line.buyer_sku}] " if line.buyer_sku else ""
            day = f", delivery {line.delivery_date}" if line.delivery_date else ""
            yield f"  {line.n}. {sku}{line.text}: {' '.join(filter(None, figures))}{day}"
        for defect in self.defects:
            yield f"! {defect.text}"
        yield f"{len(self.lines)} lines were read; nothing was sent. Leave out --dry-run to send it."


def _plain(value: object) -> str | int | None:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if value is None or isinstance(value, str | int) else str(value)
