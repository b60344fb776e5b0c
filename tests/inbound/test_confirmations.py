"""What a confirmation asks of an order, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from inbound.confirmations import confirmed
from inbound.sheet_answers import SheetSaid
from workflows.engine.document import Document
from workflows.lines import Line
from workflows.orders import OrderStatus, PurchaseOrder
from workflows.reading import Charge, DocumentFormat, DocumentKind, Reading, ReadLine

SCREW = Line(1, "Screw M6", Decimal(1000), "C62", Decimal("4.50"), Decimal(100))
STEEL = Line(2, "Steel plate", Decimal(2), "TNE", Decimal(800), delivery_date=date(2026, 12, 4))


def an_order(order_id: int = 1, number: str = "PO-1", *lines: Line, **more: Any) -> Document[PurchaseOrder]:
    """An order that was sent."""
    content = PurchaseOrder(number, "EUR", list(lines or (SCREW, STEEL)), **more)
    known = {"id": order_id, "label": number, "currency": "EUR", "status": OrderStatus.SENT, "content": content}
    return cast("Document[PurchaseOrder]", type("An", (), known)())


def a_line(**fields: Any) -> ReadLine:
    """A line as it was read; figures as text."""
    return ReadLine(**{name: Decimal(v) if name in _FIGURES else v for name, v in fields.items()})


_FIGURES = {"quantity", "unit_price", "net", "base_quantity", "beside"}
SCREWS = {"text": "Screw M6", "quantity": "1000", "unit": "pcs", "unit_price": "4.50", "base_quantity": "100"}
PLATES = {"text": "Steel plate", "quantity": "2", "unit": "t", "unit_price": "800", "net": "1600"}


def a_confirmation(*lines: ReadLine, **more: Any) -> Reading:
    """A confirmation that was read from the text of a PDF, unless another format is said."""
    given = {"format": DocumentFormat.PDF, "currency": "EUR", **more}
    return Reading(DocumentKind.ORDER_CONFIRMATION, lines=lines, **given)


def asked(reading: Reading, *orders: Document[PurchaseOrder]) -> list[SheetSaid]:
    """What is asked of each order."""
    return list(confirmed(reading, orders or (an_order(),), "AB.pdf").values())


def actions(said: SheetSaid) -> Sequence[tuple[str, dict[str, object]]]:
    """The actions and their data."""
    return [(action.name, action.data()) for action in said.actions]


def codes(said: SheetSaid) -> list[str]:
    """What is asked about."""
    return [question.about for question in said.questions]


def test_b46_other_units_and_price_bases_that_come_to_the_same_agree() -> None:
    """Kilograms for tonnes, the price of one for that of a hundred, and the order of the lines is irrelevant."""
    plates = {**PLATES, "quantity": "2000", "unit": "kg", "unit_price": "0.8"}
    screws = {**SCREWS, "unit_price": "0.045", "base_quantity": "1", "net": "45.00"}
    (said,) = asked(a_confirmation(a_line(**plates), a_line(**screws)))
    assert (actions(said), codes(said)) == ([("acknowledge", {})], [])


@pytest.mark.parametrize(
    ("line", "more", "data"),
    [
        (a_line(**{**SCREWS, "unit_price": "4.60"}), {}, {"n": 1, "price": Decimal("4.6")}),
        (a_line(**{**SCREWS, "quantity": "900"}), {}, {"n": 1, "qty": Decimal(900)}),
        (a_line(**{**SCREWS, "net": "40.50"}), {}, {"n": 1, "price": Decimal("4.05")}),
        (a_line(**SCREWS), {"delivery_date": date(2026, 12, 9)}, {"n": 2, "date": date(2026, 12, 9)}),
    ],
    ids=["price per hundred", "quantity", "discount within the line", "day"],
)
def test_b46_what_differs_is_proposed_and_no_more(line: ReadLine, more: dict[str, Any], data: dict[str, Any]) -> None:
    """In the order's own unit and price base; a day where none was asked for is a promise and no change."""
    (said,) = asked(a_confirmation(line, a_line(**PLATES), **more))
    assert (actions(said), codes(said)) == ([("counter_line", data)], [])


@pytest.mark.parametrize(
    ("reading", "codes_asked"),
    [
        (a_confirmation(a_line(**SCREWS), a_line(**PLATES), currency="USD"), ["currency"]),
        (a_confirmation(), ["confirmation_lines"]),
        (a_confirmation(a_line(**SCREWS)), ["confirmation_missing"]),
        (a_confirmation(a_line(**SCREWS), a_line(**PLATES), a_line(text="Pallet", quantity="1")), ["confirmation_new"]),
        (a_confirmation(a_line(**SCREWS), a_line(**{**PLATES, "unit": "m"})), ["confirmation_unit"]),
        (a_confirmation(a_line(**SCREWS), a_line(text="Steel plate", quantity="2", unit="t")), ["price"]),
        (
            a_confirmation(
                a_line(**SCREWS),
                a_line(**{**PLATES, "quantity": "1", "net": "800"}, delivery_date=date(2026, 12, 4)),
                a_line(**{**PLATES, "quantity": "1", "net": "800"}, delivery_date=date(2026, 12, 18)),
            ),
            ["date"],
        ),
        (a_confirmation(a_line(**SCREWS), a_line(**PLATES), charges=(Charge("Freight", Decimal(30)),)), ["charge"]),
        (a_confirmation(a_line(**SCREWS), a_line(**PLATES), net=Decimal(1600)), ["net"]),
    ],
    ids=["currency", "no lines", "missing", "new", "unit", "no price", "two days", "charge", "total"],
)
def test_b46_what_cannot_be_told_is_asked_and_nothing_is_acknowledged(reading: Reading, codes_asked: list[str]) -> None:
    """No figure is guessed, and silence about an item is no agreement."""
    (said,) = asked(reading)
    assert (actions(said), codes(said)) == ([], codes_asked)


def test_b46_a_price_that_is_not_read_counts_as_agreed_where_the_total_proves_it() -> None:
    """Lines without prices, and the order's own net below them."""
    lines = [a_line(text=line.text, quantity=str(line.quantity), unit=line.unit) for line in (SCREW, STEEL)]
    (said,) = asked(a_confirmation(*lines, net=Decimal("1645.00")))
    assert (actions(said), codes(said)) == ([("acknowledge", {})], [])


def test_b46_something_else_at_the_same_price_is_not_taken_for_the_item() -> None:
    """Price and unit alone pair only what has the ordered quantity, too."""
    other = a_line(text="Bolt", quantity="3", unit="t", unit_price="800", net="2400")
    (said,) = asked(a_confirmation(a_line(**SCREWS), other))
    assert (actions(said), codes(said)) == ([], ["confirmation_new", "confirmation_missing"])


def test_b46_two_orders_on_one_confirmation_are_compared_each_with_its_lines() -> None:
    """One agrees, the other is countered."""
    orders = an_order(1, "PO-1", SCREW), an_order(2, "PO-2", STEEL)
    first, second = asked(
        a_confirmation(a_line(**SCREWS), a_line(**{**PLATES, "quantity": "1", "net": "800"})), *orders
    )
    assert actions(first) == [("acknowledge", {})]
    assert actions(second) == [("counter_line", {"n": 2, "qty": Decimal(1)})]


def test_b46_parts_of_one_item_count_together() -> None:
    """Two deliveries on the day that was asked for are what was ordered."""
    half = {**PLATES, "quantity": "1", "net": "800"}
    (said,) = asked(a_confirmation(a_line(**half), a_line(**SCREWS), a_line(**half)))
    assert (actions(said), codes(said)) == ([("acknowledge", {})], [])


def test_b46_items_alike_are_told_by_their_numbers() -> None:
    """The same thing ordered twice; the second at another price."""
    twice = an_order(1, "PO-1", SCREW, Line(2, "Screw M6", Decimal(500), "C62", Decimal("4.50"), Decimal(100)))
    second = {**SCREWS, "quantity": "500", "unit_price": "4.70"}
    (said,) = asked(a_confirmation(a_line(**SCREWS, id="1"), a_line(**second, id="02")), twice)
    assert (actions(said), codes(said)) == ([("counter_line", {"n": 2, "price": Decimal("4.7")})], [])
