"""A reading: what one document of a supplier says, whatever its format, with where and how surely it was read.

Readers (`inbound/documents`) make it, matching and the workflows take it. Field names follow EN 16931; amounts
are `Decimal`, dates plain dates, and a field that is not sure enough to show a person as read is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class DocumentKind(StrEnum):
    """What a document is; only some kinds may create something (a reminder or a statement creates nothing)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PREPAYMENT_INVOICE = "prepayment_invoice"
    PROFORMA = "proforma"
    REMINDER = "reminder"
    STATEMENT = "statement"
    ORDER_CONFIRMATION = "order_confirmation"
    DELIVERY_NOTE = "delivery_note"
    QUOTE = "quote"
    ORDER = "order"
    REMITTANCE = "remittance"
    FORM = "form"
    OTHER = "other"


class DocumentFormat(StrEnum):
    """How the document came."""

    UBL = "ubl"
    CII = "cii"
    HYBRID_PDF = "hybrid_pdf"
    PDF = "pdf"
    IMAGE = "image"
    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Party:
    """A seller or a buyer as the document names it."""

    name: str | None = None
    vat_id: str | None = None
    iban: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of a document. `unit_price` is the price of `base_quantity` units ("45 per 100").

    The lines of a reminder, a statement or a remittance are invoices: `invoice` is the number, `gross` what it was for,
    `due` what is still open of it.
    """

    id: str | None = None
    order: str | None = None
    order_line: str | None = None
    buyer_sku: str | None = None
    seller_sku: str | None = None
    text: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    base_quantity: Decimal = Decimal(1)
    net: Decimal | None = None
    tax_rate: Decimal | None = None
    beside: Decimal = Decimal(0)
    """Charges less allowances of the line itself, within its net (BG-27, BG-28)."""
    delivery_date: date | None = None
    invoice: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    gross: Decimal | None = None
    due: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge (positive) or an allowance (negative) on the whole document, beside its lines and within its net."""

    text: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Defect:
    """Something in the document that a person must see: a code to sort by and a sentence to read."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """One cell of a sheet of ours that came back.

    `n` is the line that it is about, None for the whole document; `key` the name of its column or input, with an `=`
    before it where it is ours and not to be filled in. `text` is what stands there, `value` the same as a plain
    decimal, an ISO date or a name; None where it cannot be read in one way.
    """

    key: str
    text: str
    value: str | None
    cell: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet of ours that came back: its name (`request`, `order`, `invoice`), its document, its answers.

    `document` is the public id.
    """

    name: str
    document: str
    answers: tuple[FormAnswer, ...] = ()
    strange: tuple[str, ...] = ()
    """Rows that are none of ours though something stands in them, by the cell they begin at."""


@dataclass(frozen=True, slots=True)
class Place:
    """A value on a printed page, by what stands around it.

    `key` says which words stand before it, left of it or above it, or else how far from the edges it stands. `day` and
    `amount` are the value where it can be read in one way as such.
    """

    key: str
    text: str
    day: date | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a printed document is laid out: its standing words with their places, as digests, and where values stand."""

    marks: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says. `sure` maps a field to 0..1, `where` to the place it was read at."""

    kind: DocumentKind = DocumentKind.OTHER
    format: DocumentFormat = DocumentFormat.OTHER
    number: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    delivery_date: date | None = None
    currency: str | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    due: Decimal | None = None
    orders: tuple[str, ...] = ()
    seller: Party = Party()
    buyer: Party = Party()
    payment_terms: str | None = None
    note: str | None = None
    lines: tuple[ReadLine, ...] = ()
    charges: tuple[Charge, ...] = ()
    credits: tuple[str, ...] = ()
    """The invoices that a credit note or a correction names (BT-25)."""
    sure: Mapping[str, float] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()
    form: Form | None = None
    layout: Layout | None = field(default=None, compare=False)
    """How the page is laid out; only where it was asked for, and not part of what the document says."""
    further: tuple[Reading, ...] = ()

    @property
    def documents(self) -> tuple[Reading, ...]:
        """Every document of the file: this one, and those behind it (`further`)."""
        return (self, *self.further)


def layout_as_json(layout: Layout) -> dict[str, Any]:
    """A layout as it is kept: days ISO, amounts as decimal strings."""
    places = [
        [p.key, p.text, p.day and p.day.isoformat(), None if p.amount is None else format(p.amount, "f")]
        for p in layout.places
    ]
    return {"marks": list(layout.marks), "places": places}


def layout_from_json(kept: Mapping[str, Any]) -> Layout:
    """Make the layout again; raises `ValueError`, `KeyError` or `TypeError` for what `layout_as_json` never makes."""
    places = [
        Place(key, text, date.fromisoformat(day) if day else None, None if amount is None else Decimal(amount))
        for key, text, day, amount in kept["places"]
    ]
    return Layout(tuple(kept["marks"]), tuple(places))
