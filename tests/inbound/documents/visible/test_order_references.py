"""Order numbers that only their labels tell."""

from __future__ import annotations

import pytest

from inbound.documents.visible.order_references import labelled_orders
from tests.inbound.documents.visible.rows import a_page


def found(text: str) -> list[str]:
    """The order numbers that a page's labels tell."""
    return [read.value for read in labelled_orders(a_page(text))]


@pytest.mark.parametrize(
    "page",
    [
        "Your order: PO-4711",
        "Bestell-Nr.  PO-4711",
        "Bestellung Nr. PO-4711 vom 01.03.2026",
        "N° de bon de commande : PO-4711",
        "Pedido nº PO-4711",
        "Vs. ordine  : PO-4711",
        "Uw ordernummer: PO-4711",
        "Zamówienie nr PO-4711 z dnia 01.03.2026",
        "Encomenda n.º PO-4711",
        "Замовлення № PO-4711",
        "Purchase order\nPO-4711",
    ],
)
def test_a_label_of_the_buyers_order_tells_its_number(page: str) -> None:
    """Beside or under the label, in nine languages."""
    assert found(page) == ["PO-4711"]


@pytest.mark.parametrize(
    "page",
    [
        "Order No. 101628",
        "Auftragsnummer: A-5521",
        "Bestelldatum: 01.03.2026",
        "Your order of 01.03.2026",
        "PO: 1.250,00",
    ],
)
def test_a_sellers_own_number_a_date_and_an_amount_are_no_order(page: str) -> None:
    """What is not sure is not shown."""
    assert found(page) == []


def test_a_reference_counts_where_nothing_is_called_an_order() -> None:
    """An order's own label is stronger; two references tell nothing."""
    assert found("Your reference: MK2041") == ["MK2041"]
    assert found("Your reference: MK2041\nYour order: 4500017") == ["4500017"]
    assert found("Your reference: MK2041\nYour ref.: MK2042") == []


def test_several_orders_are_all_told() -> None:
    """A collective invoice names each of its orders once."""
    assert found("Bestellung: 4500017\nBestellung: 4500018\nBestellung: 4500017") == ["4500017", "4500018"]
