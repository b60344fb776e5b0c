"""Differences: the closed list of them, and the report that says how each line of an invoice was compared and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from workflows.lines import Line, cents
from workflows.reading import Charge
from workflows.tolerances import NONE, Tolerances


class DifferenceCode(StrEnum):
    """The closed list of differences."""

    PRICE_OVER = "price_over"
    PRICE_UNDER = "price_under"
    QTY_OVER_REMAINING = "qty_over_remaining"
    QTY_UNDER = "qty_under"
    NEW_ITEM = "new_item"
    UOM_CHANGED = "uom_changed"
    CURRENCY_CHANGED = "currency_changed"
    TAX_CHANGED = "tax_changed"
    CHARGE_ADDED = "charge_added"
    DISCOUNT_MISSING = "discount_missing"
    TERMS_CHANGED = "terms_changed"
    BANK_CHANGED = "bank_changed"
    ORDER_CLOSED = "order_closed"
    ORDER_UNKNOWN = "order_unknown"
    SUM_MISMATCH = "sum_mismatch"
    DUPLICATE = "duplicate"


@dataclass(slots=True)
class Difference:
    """One difference: on invoice line *n*, or on the whole document; what was ordered and what was invoiced.

    `reason` says which of several a code stands for (`not_received`, `same_amount`); `converted` is the invoiced amount
    in the order's currency.
    """

    code: DifferenceCode
    n: int | None = None
    text: str = ""
    ordered: str | None = None
    invoiced: str | None = None
    reason: str | None = None
    converted: str | None = None


@dataclass(slots=True)
class Check:
    """One rule that did not find the two alike: tolerated, or a difference.

    `off` is by how much, `allowed` what the tolerance is and `left` what is left of it; all in money, quantities aside.
    """

    code: DifferenceCode
    tolerated: bool
    off: str | None = None
    allowed: str | None = None
    left: str | None = None


@dataclass(slots=True)
class Compared:
    """How one invoice line was compared (n None: the whole document): with which ordered line, found by what, how."""

    n: int | None = None
    order: str | None = None
    order_n: int | None = None
    paired_by: str | None = None
    remaining: str | None = None
    """What was left of the ordered line, in its unit."""
    received: str | None = None
    """What was received of it and not invoiced yet, where receipts are kept."""
    counted: str | None = None
    """What this line takes of it, in the order's unit, where that is not the line's own."""
    unit: str | None = None
    price: str | None = None
    base_quantity: str | None = None
    tax_rate: str | None = None
    checks: list[Check] = field(default_factory=list)


@dataclass(slots=True)
class InvoiceLine(Line):
    """A line of an invoice; `order_id` and `order_n` are the order line it is paired with, `paired_by` why.

    `counted` is what it takes of that line, in the order's unit; less than nothing where a credit note gives back.
    """

    order_id: int | None = None
    order_n: int | None = None
    paired_by: str | None = None
    order_named: str | None = None
    order_line_named: str | None = None
    counted: Decimal | None = None
    credited_n: int | None = None
    """Of a credit note: the line of the invoice that it credits, and what comes back of it, in that line's unit."""
    returned: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line of an order with what is left of it to invoice; `billable` is what of that was received already."""

    order_id: int
    order_number: str
    line: Line
    remaining: Decimal
    billable: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Invoiced:
    """What matching looks at in an invoice."""

    lines: Sequence[InvoiceLine]
    currency: str | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    iban: str | None = None
    charges: Sequence[Charge] = ()
    terms: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    prepaid: Decimal | None = None
    due: Decimal | None = None
    prepayment: bool = False


@dataclass(frozen=True, slots=True)
class Prepaid:
    """The standing prepayments of the orders: number, net and gross of each invoice, and their net in all.

    `left` is what of their gross no invoice has taken off yet; `agreed` what may be invoiced before delivery, net.
    """

    invoices: tuple[tuple[str, Decimal, Decimal], ...] = ()
    net: Decimal = Decimal(0)
    left: Decimal = Decimal(0)
    agreed: Decimal = Decimal(0)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the prepayment invoices."""
        return tuple(number for number, _, _ in self.invoices)

    @property
    def with_tax(self) -> Decimal:
        """What a net sum of them is multiplied by for the tax in it."""
        gross = sum((gross for _, _, gross in self.invoices), Decimal(0))
        return gross / self.net if self.net else Decimal(1)

    @property
    def left_net(self) -> Decimal:
        """What is left of them without its tax."""
        return cents(self.left / self.with_tax) if self.with_tax else self.left


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed beside the lines, and how strictly it is held.

    `rate` is what one unit of the invoice's currency is in the order's, where that was frozen with the order. `charges`
    are those agreed that no invoice has taken yet, `allowances` the agreed ones (less than nothing) of `net`.
    """

    currency: str | None = None
    iban: str | None = None
    closed_orders: tuple[str, ...] = ()
    partial: Literal["difference", "pass"] = "difference"
    tolerances: Tolerances = NONE
    rate: Decimal | None = None
    payment: tuple[str, ...] = ()
    charges: tuple[Charge, ...] = ()
    allowances: Decimal = Decimal(0)
    net: Decimal | None = None
    prepaid: Prepaid = Prepaid()


def shown(value: object) -> str | None:
    """A value as it stands in a difference or a report: a figure without exponent, else its words."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return None if value is None else str(value)
