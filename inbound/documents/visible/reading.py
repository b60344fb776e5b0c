"""A reading made of what a page shows: every field with how sure it is, and None where that is not enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from inbound.documents.arithmetic import WHOLE_UNITS, defects_of
from inbound.documents.dates import DayOrder
from inbound.documents.tax_ids import company_number_defects
from inbound.documents.visible.accounts import Account, account_of
from inbound.documents.visible.currency import currency_of
from inbound.documents.visible.days import dates_of, order_of_days
from inbound.documents.visible.figures import Figure, figures_of, mark_of, open_amount
from inbound.documents.visible.header import Read, number_of
from inbound.documents.visible.identifiers import invoices_in, orders_in, vat_ids_of
from inbound.documents.visible.kind import kind_of, title_of
from inbound.documents.visible.lines import lines_of
from inbound.documents.visible.listed import listed_invoices
from inbound.documents.visible.order_references import labelled_orders
from inbound.documents.visible.page import Row, Sheet, bounded, with_dropped_figures
from inbound.documents.visible.parties import Parties, parties_of
from inbound.documents.visible.plain_lines import lines_by_headings, with_delivery_dates
from inbound.documents.visible.sums import Amount
from inbound.documents.visible.totals import Totals, amounts_of, totals_of, untaxed
from workflows.reading import Charge, Defect, DocumentFormat, DocumentKind, Party, Reading, ReadLine

SURE_ENOUGH: Final = 0.7
"""Below this a field is withheld: it is asked for, never guessed."""

OPEN_ORDERS: Final = "open orders found in the text"
"""Where orders stood that were found by their numbers, not by a label."""


@dataclass(slots=True)
class _Fields:
    values: dict[str, Any] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, value: object, sure: float, where: str) -> None:
        if value is None or value == ():
            return
        self.sure[name] = round(sure, 2)
        self.where[name] = where
        if sure >= SURE_ENOUGH:
            self.values[name] = value

    def take_read(self, name: str, read: Read[Any] | None) -> None:
        if read is not None:
            self.take(name, read.value, read.sure, read.where)


def read_rows(rows: Sequence[Row], stream: str, open_orders: Sequence[str], format: DocumentFormat) -> Reading:  # noqa: A002
    """Read one document from its rows and its plain text, for PDFs and scans alike."""
    rows = Sheet(with_dropped_figures(bounded(rows)))
    fields = _Fields()
    title = title_of(rows)
    number = number_of(rows, title)
    order = order_of_days(rows, title, stream)
    fields.take_read("number", number)
    days = dates_of(rows, order, title)
    for name, day in days.read.items():
        fields.take_read(name, day)
    fields.take_read("currency", currency_of(rows))
    currency = fields.values.get("currency")
    mark = mark_of(rows, currency)
    figures = figures_of(rows, mark, whole=currency in WHOLE_UNITS)
    amounts = amounts_of(rows, figures)
    kind = kind_of(rows, title)
    if kind in LISTING:
        _take_listed(fields, amounts, *listed_invoices(rows, figures, mark, order))
    else:
        totals = _take_sums(fields, rows, figures, amounts, order, kind)
        if kind is None:
            kind = DocumentKind.INVOICE if number and totals else DocumentKind.OTHER
        if kind in GOODS and "lines" not in fields.values:
            lines, lines_sure = lines_by_headings(rows, figures, mark, order)
            if len({line.delivery_date for line in lines if line.delivery_date}) > 1:
                fields.values.pop("delivery_date", None)  # each line has its own
            fields.take("lines", lines, lines_sure, rows[0].where if rows else "")
    sold = kind not in (DocumentKind.ORDER, DocumentKind.REMITTANCE)
    account = account_of(rows, stream, format)
    _take_parties(fields, rows, parties_of(rows, sold=sold), account)
    orders = orders_in(stream, rows, open_orders)
    if orders:
        fields.take("orders", tuple(orders), min(orders.values()), OPEN_ORDERS)
    elif sold and (labelled := [o for o in labelled_orders(rows) if o.value != _own_order(fields, kind)]):
        fields.take("orders", tuple(o.value for o in labelled), min(o.sure for o in labelled), labelled[0].where)
    if kind is DocumentKind.ORDER_CONFIRMATION and fields.values.get("number") in orders:
        fields.values.pop("number")  # "order no." may be the buyer's own
    fields.sure["kind"] = round(title.sure, 2) if title else 0.5
    if title is not None and title.correction and title.kind is DocumentKind.INVOICE:
        kind = _corrected(fields.values.get("gross"))
    if kind is DocumentKind.CREDIT_NOTE and (credited := invoices_in(rows, open_orders)):
        fields.take("credits", tuple(credited), min(credited.values()), OPEN_ORDERS)
    amount = open_amount(rows) if mark is None and "gross" not in fields.values else None
    said = f"Amounts such as {amount} may be thousands or fractions; nothing on the page tells."
    reading = Reading(
        kind=kind,
        format=format,
        sure=fields.sure,
        where=fields.where,
        defects=(
            *account.defects,
            *days.defects,
            *([Defect("amount_ambiguous", said)] if amount else ()),
            *company_number_defects(stream),
        ),
        **fields.values,
    )
    flip = kind is DocumentKind.CREDIT_NOTE and title is not None and not title.correction
    return _checked(_told_positive(reading) if flip else reading)


def _corrected(gross: Decimal | None) -> DocumentKind:
    """What a correction is, its total tells: as long as that is not known, it creates nothing."""
    if gross is None:
        return DocumentKind.OTHER
    return DocumentKind.CREDIT_NOTE if gross < 0 else DocumentKind.INVOICE


def _own_order(fields: _Fields, kind: DocumentKind | None) -> object:
    """The number of an order that is the seller's own: that of its confirmation."""
    return fields.values.get("number") if kind is DocumentKind.ORDER_CONFIRMATION else None


LISTING: Final = frozenset({DocumentKind.REMINDER, DocumentKind.STATEMENT, DocumentKind.REMITTANCE})
"""Kinds that list invoices: their lines are those, and they have no totals of their own."""

GOODS: Final = frozenset(
    {DocumentKind.ORDER_CONFIRMATION, DocumentKind.DELIVERY_NOTE, DocumentKind.ORDER, DocumentKind.QUOTE}
)
"""Kinds whose lines count though no sum proves them, with the dates that they promise."""


def _take_listed(fields: _Fields, amounts: Sequence[Amount], lines: tuple[ReadLine, ...], sure: float) -> None:
    fields.take("lines", lines, sure, "the invoices listed")
    for listed in ([line.due for line in lines], [line.gross for line in lines]):
        total = sum((value for value in listed if value is not None), Decimal(0))
        if listed and None not in listed and any(amount.value == total for amount in amounts):
            fields.take("due", total, 0.85, "the sum of the invoices listed")
            return


def _take_sums(
    fields: _Fields,
    rows: Sheet,
    figures: Sequence[Figure],
    amounts: Sequence[Amount],
    order: DayOrder | None,
    kind: DocumentKind | None,
) -> Totals | None:
    totals = totals_of(rows, amounts)
    if totals is None:
        totals = next((t for t in untaxed(amounts, rows) if lines_of(rows, figures, amounts, t)[0]), None)
    if totals is None:
        return None
    lines, sure, places = lines_of(rows, figures, amounts, totals)
    if kind in GOODS:
        lines = with_delivery_dates(rows, lines, places, order)
    if len({line.delivery_date for line in lines if line.delivery_date}) > 1:
        fields.values.pop("delivery_date", None)  # each line has its own
    _take_totals(fields, totals)
    fields.take("lines", lines, sure, totals.where)
    beside = totals.net - sum((line.net for line in lines if line.net is not None), Decimal(0))
    if "lines" in fields.values and beside:
        fields.values["charges"] = (Charge(None, beside),)
    return totals


def _take_totals(fields: _Fields, totals: Totals) -> None:
    for name in ("net", "tax", "gross"):
        fields.take(name, getattr(totals, name), totals.sure, totals.where)
    fields.take("due", totals.due, totals.due_sure, totals.where)
    fields.take("prepaid", totals.prepaid, totals.due_sure, totals.where)


def _take_parties(fields: _Fields, rows: Sequence[Row], names: Parties, account: Account) -> None:
    seller_id, buyer_id, sure = vat_ids_of(rows)
    _take_party(fields, "seller", names.seller, (seller_id, sure), (account.iban, account.sure))
    _take_party(fields, "buyer", names.buyer, (buyer_id, sure))


def _take_party(fields: _Fields, side: str, name: Read[str] | None, *proved: tuple[str | None, float]) -> None:
    """Keep what is known of a party; as a whole it is as sure as the least of it."""
    said = name.value if name is not None and name.sure >= SURE_ENOUGH else None
    sures = [sure for value, sure in (*proved, (said, name.sure if name else 0.0)) if value is not None]
    if sures:
        fields.values[side] = Party(said, *(value for value, _ in proved))
        fields.sure[side] = round(min(sures), 2)
    if name is not None:
        fields.where[side] = name.where


def _told_positive(reading: Reading) -> Reading:
    """A credit note prints its amounts with or without a minus; EN 16931 states them without."""
    if reading.gross is None or reading.gross >= 0:
        return reading
    flipped = {
        name: -value
        for name in ("net", "tax", "gross", "prepaid", "due")
        if (value := getattr(reading, name)) is not None
    }
    lines = tuple(replace(line, net=None if line.net is None else -line.net) for line in reading.lines)
    return replace(reading, lines=lines, **flipped)


def _checked(reading: Reading) -> Reading:
    told = [d for d in defects_of(reading) if d.code not in ("lines_mismatch", "due_mismatch")]
    return replace(reading, defects=(*reading.defects, *told))
