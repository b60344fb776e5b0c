"""Matching pairs lines by a fixed order of evidence and reports every difference once."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.differences import Difference, DifferenceCode, Invoiced, InvoiceLine, Ordered, Terms
from workflows.lines import Line, line_net
from workflows.matching import compare, match
from workflows.pairing import pair
from workflows.reading import Charge
from workflows.units import unit_code

D = Decimal
PASS = Terms(partial="pass")


def an_ordered(
    n: int = 1, text: str = "Steel hub", quantity: object = 10, price: object = "11.50", **more: Any
) -> Ordered:
    """What is left of a line of order PO-1."""
    order_id, number = more.pop("order", (1, "PO-1"))
    remaining = more.pop("remaining", quantity)
    unit_price = None if price is None else D(str(price))
    line = Line(n, text, D(str(quantity)), more.pop("unit", "C62"), unit_price, **more)
    return Ordered(order_id, number, line, D(str(remaining)))


def an_invoiced(
    n: int = 1, text: str = "Steel hub", quantity: object = 10, price: object = "11.50", **more: Any
) -> InvoiceLine:
    """A line of an invoice."""
    amount = None if quantity is None else D(str(quantity))
    unit_price = None if price is None else D(str(price))
    return InvoiceLine(n, text, amount, more.pop("unit", "C62"), unit_price, **more)


def codes(found: list[Difference]) -> list[str]:
    """The codes of differences, sorted."""
    return sorted(difference.code.value for difference in found)


def differences(
    lines: list[InvoiceLine], ordered: list[Ordered], terms: Terms = PASS, **header: Any
) -> list[Difference]:
    """What matching says of an invoice with these lines."""
    return match(Invoiced(lines, **header), ordered, terms)


def test_an_invoice_that_agrees_has_no_difference() -> None:
    """Same text, unit, quantity and price."""
    assert differences([an_invoiced()], [an_ordered()], Terms()) == []


@pytest.mark.parametrize(
    ("invoiced", "ordered", "reason"),
    [
        (an_invoiced(text="x", order_line_named="1"), an_ordered(), "order line"),
        (an_invoiced(text="x", order_line_named="001"), an_ordered(), "order line"),
        (an_invoiced(text="x", order_line_named="1", order_named="po 1"), an_ordered(), "order line"),
        (an_invoiced(text="x", buyer_sku="b-7"), an_ordered(buyer_sku="B 7"), "buyer item"),
        (an_invoiced(text="x", seller_sku="S7"), an_ordered(seller_sku="s7"), "seller item"),
        (an_invoiced(text="STEEL   hub."), an_ordered(), "same text"),
        (an_invoiced(text="Nabe", unit="pcs"), an_ordered(), "price and unit"),
        (an_invoiced(text="hub steel", price="9"), an_ordered(), "text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pair_is_made_by_the_first_evidence_and_says_which(
    invoiced: InvoiceLine, ordered: Ordered, reason: str
) -> None:
    """Order line, buyer's item, seller's item, text, price, text score: in this order."""
    decoy = an_ordered(2, "Brake cable", price="3.20")
    assert pair([invoiced], [ordered, decoy])[1] is ordered
    assert (invoiced.order_id, invoiced.order_n, invoiced.paired_by) == (1, 1, reason)


def test_a_named_order_line_wins_over_all_other_evidence() -> None:
    """The line that the document names is the line, whatever text and price say."""
    line = an_invoiced(text="Brake cable", price="3.20", buyer_sku="B2", order_line_named="1")
    assert pair([line], [an_ordered(), an_ordered(2, "Brake cable", price="3.20", buyer_sku="B2")])[1].line.n == 1


def test_a_line_number_that_two_orders_have_names_nothing_without_the_order() -> None:
    """Line 1 of which order? It is asked of the other evidence."""
    first, second = an_ordered(), an_ordered(1, "Rim", price="20", order=(2, "PO-2"))
    assert pair([an_invoiced(text="Rim", price="20", order_line_named="1")], [first, second])[1] is second
    named = an_invoiced(text="?", price="99", order_named="PO-2", order_line_named="1")
    assert pair([named], [first, second])[1] is second


@pytest.mark.parametrize(
    ("invoiced", "ordered"),
    [
        ([an_invoiced(text="x", price="5")], [an_ordered(1, "a", price="5"), an_ordered(2, "b", price="5")]),
        ([an_invoiced(1, "x", price="5"), an_invoiced(2, "y", price="5")], [an_ordered(1, "a", price="5")]),
        ([an_invoiced(text="hub", price="9")], [an_ordered(1, "hub"), an_ordered(2, "hub", price="11")]),
        (
            [an_invoiced(text="Brake cable rear", price="9")],
            [an_ordered(1, "Brake cable rear 1"), an_ordered(2, "Brake cable rear 2")],
        ),
        ([an_invoiced(1, "hub steel", price="8"), an_invoiced(2, "steel-hub", price="9", unit="KGM")], [an_ordered()]),
        ([an_invoiced(text="???", price="9")], [an_ordered(text="---")]),
        ([an_invoiced(text="", price="0")], [an_ordered(text="", price="0")]),
    ],
    ids=["two prices", "two claims", "two texts", "two scores", "two claims of a text", "signs", "nothing"],
)
def test_evidence_that_fits_two_lines_pairs_none(invoiced: list[InvoiceLine], ordered: list[Ordered]) -> None:
    """What is not unique is a new item, which a person decides; never a guess."""
    assert pair(invoiced, ordered) == {}
    assert codes(differences(invoiced, ordered)).count("new_item") == len(invoiced)


def test_two_invoice_lines_share_one_ordered_line_and_their_quantities_add_up() -> None:
    """Two deliveries of one item, by its number: 6 and 5 of the 10 that are left."""
    lines = [an_invoiced(1, quantity=6, buyer_sku="B1"), an_invoiced(2, "again", 5, buyer_sku="B1")]
    (found,) = differences(lines, [an_ordered(buyer_sku="B1")], Terms())
    assert (found.code, found.n, found.ordered, found.invoiced) == (DifferenceCode.QTY_OVER_REMAINING, 1, "10", "11")


@pytest.mark.parametrize(
    ("line", "ordered", "expected"),
    [
        (an_invoiced(price="12"), an_ordered(), ["price_over"]),
        (an_invoiced(price="11"), an_ordered(), ["price_under"]),
        (an_invoiced(price="11.500"), an_ordered(), []),
        (an_invoiced(price="45", base_quantity=D(100)), an_ordered(price="0.45"), []),
        (an_invoiced(price="45", base_quantity=D(100)), an_ordered(price="0.44"), ["price_over"]),
        (an_invoiced(), an_ordered(price=None), ["price_over"]),
        (an_invoiced(quantity=11), an_ordered(), ["qty_over_remaining"]),
        (an_invoiced(quantity=3), an_ordered(remaining=2), ["qty_over_remaining"]),
        (an_invoiced(quantity=-1), an_ordered(), ["qty_under"]),
        (an_invoiced(unit="KGM"), an_ordered(), ["uom_changed"]),
        (an_invoiced(unit="pcs"), an_ordered(unit="EA"), []),
        (an_invoiced(unit=None), an_ordered(), []),
        (an_invoiced(tax_rate=D(25)), an_ordered(tax_rate=D(20)), ["tax_changed"]),
        (an_invoiced(tax_rate=D("20.0")), an_ordered(tax_rate=D(20)), []),
        (an_invoiced(net=D("115.01")), an_ordered(), ["sum_mismatch"]),
        (an_invoiced(net=D("115.004")), an_ordered(), []),
        (an_invoiced(price=None, net=D("115.00")), an_ordered(), []),
        (an_invoiced(price=None, net=D("120.00")), an_ordered(), ["price_over"]),
        (an_invoiced(price=None), an_ordered(), ["sum_mismatch"]),
        (an_invoiced(quantity=None, net=D("9000")), an_ordered(), ["sum_mismatch"]),
    ],
)
def test_each_difference_of_a_line_is_reported_once(line: InvoiceLine, ordered: Ordered, expected: list[str]) -> None:
    """A part of the order passes here; whatever cannot be compared does not."""
    ordered = replace(ordered, line=replace(ordered.line, buyer_sku="B"))
    line = replace(line, buyer_sku="B")
    assert codes(differences([line], [ordered])) == expected


@pytest.mark.parametrize(("partial", "expected"), [("difference", ["qty_under", "qty_under"]), ("pass", [])])
def test_a_part_of_the_order_is_a_difference_unless_the_company_lets_it_pass(partial: Any, expected: list[str]) -> None:
    """3 of 10 of one item, and nothing of another."""
    ordered = [an_ordered(), an_ordered(2, "Rim", price="20")]
    assert codes(differences([an_invoiced(quantity=3)], ordered, Terms(partial=partial))) == expected


def test_what_is_used_up_and_not_invoiced_is_no_difference() -> None:
    """An earlier invoice took all, or more than all, of another line."""
    ordered = [
        an_ordered(),
        an_ordered(2, "Rim", price="20", remaining=0),
        an_ordered(3, "Hub", price="7", remaining=-2),
    ]
    assert differences([an_invoiced()], ordered, Terms()) == []


def test_an_invoice_for_several_orders_is_compared_with_each() -> None:
    """Each line with the line of its own order."""
    ordered = [an_ordered(), an_ordered(1, "Rim", price="20", order=(2, "PO-2"))]
    lines = [an_invoiced(1, "Rim", price="21"), an_invoiced(2)]
    (found,) = differences(lines, ordered, Terms())
    assert (found.code, found.n) == (DifferenceCode.PRICE_OVER, 1)
    assert [line.order_id for line in lines] == [2, 1]


@pytest.mark.parametrize(
    ("header", "terms", "expected"),
    [
        ({"currency": "USD"}, {"currency": "EUR"}, ["currency_changed"]),
        ({"currency": "EUR"}, {"currency": "EUR"}, []),
        ({"iban": "AT61 1904 3002 3457 3201"}, {"iban": "AT611904300234573201"}, []),
        ({"iban": "AT02 1904 3002 3457 3201"}, {"iban": "AT611904300234573201"}, ["bank_changed"]),
        ({"iban": "AT611904300234573201"}, {}, []),
        ({}, {"closed_orders": ("PO-1",)}, ["order_closed"]),
        ({"net": D("115.00"), "tax": D("23"), "gross": D("138")}, {}, []),
        ({"net": D("116.00")}, {}, ["sum_mismatch"]),
        ({"net": D("115.00"), "tax": D("23"), "gross": D("140")}, {}, ["sum_mismatch"]),
    ],
)
def test_each_difference_of_the_document_is_reported_once(
    header: dict[str, Any], terms: dict[str, Any], expected: list[str]
) -> None:
    """Currency, account, closed orders and sums."""
    assert codes(differences([an_invoiced()], [an_ordered()], Terms(partial="pass", **terms), **header)) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"due": D(138)}, []),
        ({"due": D(100), "prepaid": D(38)}, []),
        ({"due": D(100)}, []),
        ({"due": D("138.05")}, ["sum_mismatch"]),
        ({"due": D(138), "prepaid": D(38)}, ["sum_mismatch"]),
        ({"gross": D("137.97"), "tax": D("22.97"), "due": D(138)}, []),
        ({"gross": D("137.98"), "tax": D("22.98"), "due": D("138.00")}, []),
        ({"gross": D("137.40"), "tax": D("22.40"), "due": D(138)}, ["sum_mismatch"]),
        ({"gross": D("137.93"), "tax": D("22.93"), "due": D("137.98")}, ["sum_mismatch"]),
    ],
)
def test_more_to_pay_than_the_total_less_what_was_paid_is_a_difference(
    header: dict[str, Any], expected: list[str]
) -> None:
    """What is rounded to coins that there are, or has a part withheld, is none."""
    header = {"net": D(115), "tax": D(23), "gross": D(138), **header}
    assert codes(differences([an_invoiced()], [an_ordered()], PASS, **header)) == expected


@pytest.mark.parametrize(
    ("tax", "expected"), [("23", []), ("23.01", []), ("28.75", ["tax_changed"]), ("0", ["tax_changed"])]
)
def test_the_tax_of_the_whole_is_compared_where_lines_say_no_rate(tax: str, expected: list[str]) -> None:
    """20 % were ordered; 25 % of the same net is a difference, a cent of rounding is none."""
    assert codes(differences([an_invoiced()], [an_ordered(tax_rate=D(20))], tax=D(tax))) == expected
    assert codes(differences([an_invoiced()], [an_ordered()], tax=D(tax))) == []


def test_an_invoice_without_readable_lines_never_agrees() -> None:
    """Its total may be right, but nothing could be compared, and nothing would be reserved."""
    assert codes(differences([], [an_ordered()], PASS, net=D("115.00"))) == ["sum_mismatch"]


def test_an_invoice_without_an_order_needs_a_person() -> None:
    """The order is unknown; old pairs are forgotten."""
    line = an_invoiced()
    pair([line], [an_ordered()])
    assert codes(differences([line], [])) == ["order_unknown"]
    assert line.paired_by is None


_NAMES = ("Steel hub", "Rim 28", "Brake cable", "Spoke 2 mm", "Saddle", "Bell")
_price = st.sampled_from(("1.50", "3.20", "11.50", "45"))
_quantity = st.integers(1, 20)
_unit = st.sampled_from(("C62", "KGM", "pcs", None))
_sku = st.sampled_from((None, None, "A1", "A2", "A3"))


@st.composite
def _lines(draw: st.DrawFn) -> tuple[list[InvoiceLine], list[Ordered]]:
    ordered = [
        an_ordered(
            n, draw(st.sampled_from(_NAMES)), draw(_quantity), draw(_price), unit=draw(_unit), buyer_sku=draw(_sku)
        )
        for n in range(1, draw(st.integers(1, 6)) + 1)
    ]
    invoiced = [
        an_invoiced(
            n, draw(st.sampled_from(_NAMES)), draw(_quantity), draw(_price), unit=draw(_unit), buyer_sku=draw(_sku)
        )
        for n in range(1, draw(st.integers(1, 6)) + 1)
    ]
    return invoiced, ordered


@given(_lines())
def test_every_line_is_paired_with_a_reason_or_a_new_item(case: tuple[list[InvoiceLine], list[Ordered]]) -> None:
    """No line is lost, and none is reported twice for the same thing."""
    invoiced, ordered = case
    found = differences(invoiced, ordered, Terms())
    assert {d.n for d in found if d.code == DifferenceCode.NEW_ITEM} == {x.n for x in invoiced if x.paired_by is None}
    assert all(line.paired_by for line in invoiced if line.order_n is not None)
    of_lines = Counter((d.code, d.n) for d in found if not d.code.value.startswith("qty"))
    assert all(count == 1 for count in of_lines.values())


@given(_lines())
def test_quantities_are_conserved(case: tuple[list[InvoiceLine], list[Ordered]]) -> None:
    """What is invoiced of an ordered line is the sum of the lines paired with it; a difference is reported once."""
    invoiced, ordered = case
    found = differences(invoiced, ordered, Terms())
    of: dict[int, Decimal] = defaultdict(Decimal)
    for line in invoiced:
        if line.order_n is not None and line.quantity is not None:
            of[line.order_n] += line.quantity
    expected = Counter(
        (
            DifferenceCode.QTY_OVER_REMAINING if of[o.line.n] > o.remaining else DifferenceCode.QTY_UNDER,
            o.line.text,
            str(of[o.line.n]),
        )
        for o in ordered
        if of[o.line.n] != o.remaining
    )
    assert Counter((d.code, d.text, d.invoiced) for d in found if d.code.value.startswith("qty")) == expected


@given(_lines(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(case: tuple[list[InvoiceLine], list[Ordered]], random: Any) -> None:
    """The same lines, listed and numbered otherwise, have the same differences."""
    invoiced, ordered = case

    def said(found: list[Difference]) -> Counter[tuple[object, ...]]:
        return Counter((d.code, d.text, d.ordered, d.invoiced) for d in found)

    before = said(differences(invoiced, ordered, Terms()))
    random.shuffle(invoiced)
    random.shuffle(ordered)
    again = [replace(line, n=n) for n, line in enumerate(invoiced, 1)]
    assert said(differences(again, ordered, Terms())) == before


@given(_lines())
def test_an_order_invoiced_as_it_is_has_no_difference(case: tuple[list[InvoiceLine], list[Ordered]]) -> None:
    """Lines that name their order line are never mistaken, whatever else is alike."""
    _, ordered = case
    lines = [
        an_invoiced(
            n, o.line.text, o.line.quantity, o.line.unit_price, unit=o.line.unit, order_line_named=str(o.line.n)
        )
        for n, o in enumerate(reversed(ordered), 1)
    ]
    assert differences(lines, ordered, Terms()) == []


def test_two_hundred_lines_are_paired_with_two_hundred() -> None:
    """Texts that differ a little, in another order, without any number: each finds its own."""
    words = [f"Washer {chr(97 + n % 26)}{chr(97 + n // 26)} DIN {n * 7919 % 9973} zinc" for n in range(200)]
    ordered = [an_ordered(n, f"{word} plated", price="1") for n, word in enumerate(words, 1)]
    lines = [an_invoiced(n, f"{word}, plated M8", price="1") for n, word in enumerate(reversed(words), 1)]
    pairs = pair(lines, ordered)
    assert [pairs[line.n].line.n for line in lines if line.n in pairs] == [
        201 - line.n for line in lines if line.n in pairs
    ]
    assert len(pairs) > 150


def test_units_as_people_write_them_are_the_same_unit() -> None:
    """ "Stk.", "pcs" and the code of UN/ECE Recommendation 20."""
    assert {unit_code(unit) for unit in ("Stk.", "pcs", "C62", " EA ", "Stück")} == {"C62"}
    assert unit_code(" ") is None


def test_a_sum_per_hundred_is_exact() -> None:
    """45 per 100, 150 of them."""
    assert line_net(D(150), D(45), D(100)) == D("67.50")


_CHARGE = Charge("freight", D(5))
_CLOSED_LIST: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "price_over": ({"price": "12"}, {}, {}),
    "price_under": ({"price": "11"}, {}, {}),
    "qty_over_remaining": ({"quantity": 11}, {}, {}),
    "qty_under": ({"quantity": 9}, {}, {"partial": "difference"}),
    "new_item": ({"text": "Bell", "price": "1"}, {}, {}),
    "uom_changed": ({"unit": "box"}, {}, {}),
    "currency_changed": ({}, {"currency": "USD"}, {"currency": "EUR"}),
    "tax_changed": ({"tax_rate": D(25)}, {}, {}),
    "charge_added": ({}, {"charges": [_CHARGE]}, {}),
    "discount_missing": ({}, {}, {"allowances": D(-5), "net": D(115)}),
    "terms_changed": ({}, {"terms": "14 days"}, {"payment": ("30 days",)}),
    "bank_changed": ({}, {"iban": "AT02"}, {"iban": "AT61"}),
    "order_closed": ({}, {}, {"closed_orders": ("PO-1",)}),
    "order_unknown": ({}, {}, {}),
    "sum_mismatch": ({}, {"net": D(116)}, {}),
}


def test_the_closed_list_is_closed() -> None:
    """Every code has its case below; the duplicate alarm needs other invoices and has tests of its own."""
    assert {*_CLOSED_LIST, "duplicate"} == {code.value for code in DifferenceCode}


@pytest.mark.parametrize("code", _CLOSED_LIST)
def test_each_difference_of_the_closed_list_is_found_alone_and_once(code: str) -> None:
    """One thing is changed, one difference is told, and the report names the one rule."""
    line, header, agreed = _CLOSED_LIST[code]
    ordered = (
        [] if code == "order_unknown" else [an_ordered(buyer_sku=None if code == "new_item" else "B", tax_rate=D(20))]
    )
    invoiced = an_invoiced(**{"buyer_sku": None if code == "new_item" else "B", **line})
    found = compare(Invoiced([invoiced], **header), ordered, Terms(**{"partial": "pass", **agreed}))
    assert codes(found.differences) == [code]
    assert [check.code.value for entry in found.report for check in entry.checks] == [code]


@given(_lines(), st.sets(st.sampled_from(sorted(_CLOSED_LIST)), max_size=8), st.randoms(use_true_random=False))
def test_every_difference_is_reported_exactly_once_whatever_else_differs(
    case: tuple[list[InvoiceLine], list[Ordered]], changed: set[str], random: Any
) -> None:
    """Header and terms changed at will, lines in any order: no difference twice, and each rule in the report."""
    invoiced, ordered = case
    header = {key: value for code in sorted(changed) for key, value in _CLOSED_LIST[code][1].items()}
    agreed = {key: value for code in sorted(changed) for key, value in _CLOSED_LIST[code][2].items()}
    random.shuffle(invoiced)
    found = compare(Invoiced(invoiced, **header), ordered, Terms(**agreed))
    said = [
        (d.code, d.n, d.text if d.n is None or d.code.value.startswith("qty") else "", d.ordered)
        for d in found.differences
    ]
    assert max(Counter(said).values(), default=1) <= len(ordered)
    of_document = Counter(
        (d.code, d.text) for d in found.differences if d.n is None and not d.code.value.startswith("qty")
    )
    assert max(of_document.values(), default=1) == 1
    for code in changed & {"currency_changed", "bank_changed", "order_closed", "terms_changed", "charge_added"}:
        assert sum(d.code == code for d in found.differences) == 1
    checks = Counter(check.code for entry in found.report for check in entry.checks if not check.tolerated)
    assert checks == Counter(d.code for d in found.differences)
