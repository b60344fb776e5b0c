"""What an e-invoice states beside what a reading keeps: the figures that the rules of EN 16931 look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

Where = Literal["line", "allowance", "charge"]

_WITHOUT_LINES: Final = ("minimum", "basicwl")
_NORM: Final = "urn:cen.eu:en16931:2017"


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with its category and rate: a line, a charge, an allowance (negative), or a row of the breakdown."""

    category: str | None
    rate: Decimal | None
    amount: Decimal
    tax: Decimal | None = None
    reason: bool = False
    of: Where = "line"


@dataclass(frozen=True, slots=True)
class Beside:
    """An allowance or a charge, on the document or on a line; the amount is positive in both (BG-20, 21, 27, 28)."""

    charge: bool
    amount: Decimal
    text: str | None = None
    base: Decimal | None = None
    percent: Decimal | None = None
    line: str | None = None

    @property
    def signed(self) -> Decimal:
        """What it adds to the net amount."""
        return self.amount if self.charge else -self.amount

    @property
    def of(self) -> Where:
        """As which part of the document it is taxed."""
        return "charge" if self.charge else "allowance"


@dataclass(frozen=True, slots=True)
class Period:
    """An invoicing period of the document or of a line; either end may be missing (BG-14, BG-26)."""

    start: date | None
    end: date | None
    code: bool = False
    line: str | None = None


@dataclass(slots=True)
class Parties:
    """Which of the parties' ids are stated, and the VAT ids themselves (BT-29 to 32, 46 to 48, 63)."""

    seller_vat: str | None = None
    seller_registration: bool = False
    seller_known: bool = False
    representative_vat: str | None = None
    buyer_vat: str | None = None
    buyer_legal: bool = False


@dataclass(slots=True)
class Statement:
    """One e-invoice's own figures; amounts are as stated, None where they are not."""

    profile: str | None = None
    parties: Parties = field(default_factory=Parties)
    parts: list[Taxed] = field(default_factory=list)
    breakdown: list[Taxed] = field(default_factory=list)
    beside: list[Beside] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    allowances: Decimal | None = None
    charges: Decimal | None = None
    amounts: list[tuple[str, Decimal | None]] = field(default_factory=list)
    incomplete_rows: int = 0
    tax_point_date: bool = False
    delivered: bool = False
    delivered_to_country: bool = False
    terms: bool = False
    tax_currency: str | None = None
    tax_in_its_currency: Decimal | None = None

    @property
    def claims_the_norm(self) -> bool:
        """Whether the e-invoice says that it follows EN 16931, or rules built on it."""
        return (self.profile or "").startswith(_NORM)

    @property
    def lines_are_left_out(self) -> bool:
        """Whether the profile has no lines: Factur-X MINIMUM and BASIC WL."""
        return (self.profile or "").endswith(_WITHOUT_LINES)

    @property
    def rounds_its_own_way(self) -> bool:
        """Whether the profile lets bases and sums differ by rounding: Factur-X EXTENDED."""
        return "extended" in (self.profile or "")
