"""Lines and money: what the lines of all kinds share, and sums that never touch a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


@dataclass(slots=True)
class Line:
    """One line. `unit_price` is the price of `base_quantity` units ("45 per 100"); `net` is the sum as sent."""

    n: int
    text: str = ""
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    base_quantity: Decimal = Decimal(1)
    net: Decimal | None = None
    tax_rate: Decimal | None = None
    buyer_sku: str | None = None
    seller_sku: str | None = None
    delivery_date: date | None = None
    beside: Decimal = Decimal(0)
    """Charges less allowances of the line itself, within its net."""

    def sum(self) -> Decimal | None:
        """The line's net: as sent, else quantity times price, rounded to cents."""
        if self.net is not None:
            return self.net
        return self.worth()

    def worth(self) -> Decimal | None:
        """What quantity, price, charges and allowances of the line come to, rounded to cents."""
        whole = line_net(self.quantity, self.unit_price, self.base_quantity)
        return None if whole is None else cents(whole + self.beside)

    def facts(self) -> dict[str, object]:
        """The line as notices and pages show it."""
        return {
            "n": self.n,
            "text": self.text,
            "quantity": self.quantity,
            "unit": self.unit,
            "unit_price": self.unit_price,
            "base_quantity": self.base_quantity,
            "net": self.sum(),
            "tax_rate": self.tax_rate,
            "buyer_sku": self.buyer_sku,
            "seller_sku": self.seller_sku,
            "delivery_date": self.delivery_date,
        }

    def row(self) -> dict[str, Any]:
        """The line as a row of its table."""
        return {
            "n": self.n,
            "text": self.text,
            "quantity": self.quantity,
            "unit": self.unit,
            "unit_price": self.unit_price,
            "net": self.sum(),
        }


def line_net(quantity: Decimal | None, unit_price: Decimal | None, base: Decimal = Decimal(1)) -> Decimal | None:
    """Quantity times price per base quantity, rounded half up to cents; None when either is unknown."""
    if quantity is None or unit_price is None or not base:
        return None
    return cents(quantity * unit_price / base)


def cents(value: Decimal) -> Decimal:
    """*value* rounded half up to cents."""
    return value.quantize(CENT, ROUND_HALF_UP)


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None when there is nothing to sum or a part is unknown."""
    known = list(values)
    return sum((v for v in known if v is not None), Decimal(0)) if known and None not in known else None
