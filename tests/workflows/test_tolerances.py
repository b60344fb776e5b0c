"""B9: what a company tolerates is told in the report and needs nobody; all else is a difference."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.installation import Installation
from tests.inbound.web.world import ANA, BOLTWERK, FERRUM, OWNER, World, make_world
from tests.workflows.test_matching import an_invoiced, an_ordered, codes, differences
from tests.workflows.test_perform import acting, take
from workflows import drafting, invoices
from workflows.differences import Check, DifferenceCode, Invoiced, Terms
from workflows.errors import DataMissing, NotFound
from workflows.house_rules import rules_of, set_rules
from workflows.invoices import Edit, EditLine
from workflows.matching import compare, match
from workflows.reading import Charge
from workflows.tolerances import NAMES, Limit, Tolerances, limit_of, tolerances_of

D = Decimal


def tolerating(**said: str) -> Terms:
    """Terms with these tolerances; a part passes."""
    return Terms(partial="pass", tolerances=tolerances_of({"tolerances": said}))


@pytest.mark.parametrize(
    ("text", "percent", "amount"),
    [("2%", 2, 0), ("5", 0, 5), ("2% 5", 2, 5), ("5.50 0.5 %", "0.5", "5.50"), ("0", 0, 0)],
)
def test_b9_a_limit_is_a_percentage_an_amount_or_both(text: str, percent: object, amount: object) -> None:
    """Of the two the larger one counts; written and read again it is the same."""
    limit = limit_of(text)
    assert limit == Limit(D(str(percent)), D(str(amount)))
    assert limit_of(str(limit)) == limit


@pytest.mark.parametrize("text", ["", "two", "-5", "101%", "1% 2%", "1 2", "5 EUR", "1e3", "2%%"])
def test_b9_what_is_no_limit_is_refused_in_words(text: str) -> None:
    """Never read as something near it."""
    with pytest.raises(DataMissing, match="no tolerance"):
        limit_of(text)


@pytest.mark.parametrize(
    ("said", "price", "expected"),
    [
        ({}, "11.51", ["price_over"]),
        ({"price_over": "2%"}, "11.73", []),
        ({"price_over": "2%"}, "11.74", ["price_over"]),
        ({"price_over": "3"}, "11.80", []),
        ({"price_over": "3"}, "11.81", ["price_over"]),
        ({"price_over": "2% 3"}, "11.80", []),
        ({"price_over": "9%"}, "11.49", ["price_under"]),
        ({"price_under": "1%"}, "11.40", []),
        ({"price_under": "1%"}, "11.60", ["price_over"]),
    ],
)
def test_b9_prices_over_and_under_have_limits_of_their_own(
    said: dict[str, str], price: str, expected: list[str]
) -> None:
    """10 pieces at 11.50: percent of the line's value, or an amount of money for the line."""
    assert codes(differences([an_invoiced(price=price)], [an_ordered()], tolerating(**said))) == expected


@pytest.mark.parametrize(
    ("said", "quantity", "remaining", "expected"),
    [
        ({}, 101, 100, ["qty_over_remaining"]),
        ({"quantity_over": "5%"}, 105, 100, []),
        ({"quantity_over": "5%"}, 106, 100, ["qty_over_remaining"]),
        ({"quantity_over": "2"}, 102, 100, []),
        ({"quantity_over": "5%"}, 1, -5, ["qty_over_remaining"]),
        ({"quantity_under": "5%"}, 95, 100, []),
        ({"quantity_under": "5%"}, 94, 100, ["qty_under"]),
    ],
)
def test_b9_quantities_over_and_under_have_limits_of_what_was_ordered(
    said: dict[str, str], quantity: int, remaining: int, expected: list[str]
) -> None:
    """Of 100 ordered, whatever is left of them: two invoices cannot both use the tolerance."""
    terms = replace(tolerating(**said), partial="difference")
    found = differences([an_invoiced(quantity=quantity)], [an_ordered(quantity=100, remaining=remaining)], terms)
    assert codes(found) == expected


@pytest.mark.parametrize(
    ("said", "charges", "expected"),
    [
        ({}, ["5"], ["charge_added"]),
        ({"charge": "5"}, ["5"], []),
        ({"charge": "5"}, ["3", "2"], []),
        ({"charge": "5"}, ["3", "3"], ["charge_added", "charge_added"]),
        ({"charge": "10%"}, ["11.50"], []),
        ({"charge": "10%"}, ["-20"], []),
    ],
)
def test_b9_charges_are_tolerated_together(said: dict[str, str], charges: list[str], expected: list[str]) -> None:
    """Freight of up to so much, or of so much of the net; an allowance is none."""
    given_charges = [Charge(f"c{n}", D(amount)) for n, amount in enumerate(charges)]
    found = differences([an_invoiced()], [an_ordered()], tolerating(**said), net=D(115), charges=given_charges)
    assert [code for code in codes(found) if code != "sum_mismatch"] == expected


@pytest.mark.parametrize(
    ("said", "price", "parts", "expected"),
    [
        ({"price_over": "3"}, "11.80", [10], []),
        ({"price_over": "3"}, "11.80", [4, 6], []),
        ({"price_over": "3"}, "11.90", [4, 6], ["price_over", "price_over"]),
        ({"price_over": "3"}, "12.50", [2, 2, 2, 2, 2], ["price_over"] * 5),
        ({"price_over": "3%"}, "11.84", [1] * 10, []),
        ({"price_under": "3"}, "11.10", [5, 5], ["price_under", "price_under"]),
    ],
)
def test_b9_a_line_in_parts_has_its_tolerance_once(
    said: dict[str, str], price: str, parts: list[int], expected: list[str]
) -> None:
    """Ten pieces in one line or in several: the same may be off of them, and the report says what is left."""
    lines = [an_invoiced(n, quantity=part, price=price, buyer_sku="B") for n, part in enumerate(parts, 1)]
    found = compare(Invoiced(lines), [an_ordered(buyer_sku="B")], tolerating(**said))
    assert codes(found.differences) == expected
    checks = [check for entry in found.report for check in entry.checks]
    assert len({(check.allowed, check.left) for check in checks}) == 1


@pytest.mark.parametrize(
    ("beside", "charges", "expected"),
    [([D(5)], [], []), ([D(3), D(2)], [], []), ([D(3)], [D(2)], []), ([D(5), D(5)], [], 2), ([D(5)], [D(1)], 2)],
)
def test_b9_charges_on_lines_are_tolerated_with_those_beside_them(
    beside: list[Decimal], charges: list[Decimal], expected: Any
) -> None:
    """Freight on each of ten lines is no less freight than one sum below them."""
    lines = [an_invoiced(n, quantity=5, buyer_sku="B", beside=more) for n, more in enumerate(beside, 1)]
    rest = [an_invoiced(9, quantity=10 - 5 * len(lines), buyer_sku="B")] if len(lines) == 1 else []
    header = {"charges": [Charge("freight", amount) for amount in charges]}
    found = differences([*lines, *rest], [an_ordered(buyer_sku="B")], tolerating(charge="5"), **header)
    assert codes(found) == ["charge_added"] * (expected or 0)


@pytest.mark.parametrize(
    ("said", "tax", "expected"),
    [({}, "23.02", ["tax_changed"]), ({"tax": "0.05"}, "23.05", []), ({"tax": "0.05"}, "23.06", ["tax_changed"])],
)
def test_b9_the_tax_may_be_rounded_otherwise(said: dict[str, str], tax: str, expected: list[str]) -> None:
    """A cent for each line always, more where it is set."""
    assert codes(differences([an_invoiced()], [an_ordered(tax_rate=D(20))], tolerating(**said), tax=D(tax))) == expected


@pytest.mark.parametrize(
    ("limit", "expected"), [("5", []), ("4", ["charge_added", "price_over"]), ("0", ["charge_added", "price_over"])]
)
def test_b9_what_is_tolerated_is_held_to_the_documents_own_limit(limit: str, expected: list[str]) -> None:
    """2 on a line and 3 of freight; what is less than ordered does not make up for it."""
    terms = tolerating(price_over="2", charge="3", price_under="9", document_over=limit)
    lines = [an_invoiced(price="11.70"), an_invoiced(2, "Rim", price="19.5")]
    ordered = [an_ordered(), an_ordered(2, "Rim", price="20")]
    charges = [Charge("freight", D(3))]
    assert codes(differences(lines, ordered, terms, net=D("315.00"), charges=charges)) == expected


@pytest.mark.parametrize(
    ("line", "header", "more", "expected"),
    [
        ({}, {"currency": "USD"}, {"currency": "EUR"}, "currency_changed"),
        ({}, {"iban": "AT02"}, {"iban": "AT61"}, "bank_changed"),
        ({}, {}, {"closed_orders": ("PO-1",)}, "order_closed"),
        ({"text": "Bell"}, {}, {}, "new_item"),
        ({"unit": "box"}, {}, {}, "uom_changed"),
        ({"tax_rate": D(25)}, {}, {}, "tax_changed"),
        ({"net": D("115.01")}, {}, {}, "sum_mismatch"),
        ({}, {"net": D("115.01")}, {}, "sum_mismatch"),
    ],
)
def test_b9_some_differences_always_need_a_person(
    line: dict[str, Any], header: dict[str, Any], more: dict[str, Any], expected: str
) -> None:
    """However much is tolerated."""
    everything = Tolerances(*[Limit(D(100), D(10**6))] * 8, terms_days=999)
    ordered = an_ordered(tax_rate=D(20), price="11.60" if "text" in line else "11.50")
    found = differences(
        [an_invoiced(**line)], [ordered], Terms(partial="pass", tolerances=everything, **more), **header
    )
    assert expected in codes(found)


def test_b9_an_unknown_order_always_needs_a_person() -> None:
    """There is nothing that it could be within."""
    assert codes(differences([an_invoiced()], [], tolerating(price_over="100%"))) == ["order_unknown"]


def test_the_report_says_for_each_line_what_it_was_compared_with_and_what_is_left_of_the_tolerance() -> None:
    """Why it was paired, what was left, the price agreed; and 1.00 of the 2.30 that may be off."""
    terms = tolerating(price_over="2%")
    found = compare(Invoiced([an_invoiced(price="11.60"), an_invoiced(2, "Bell")]), [an_ordered(buyer_sku="B")], terms)
    first, second = found.report
    assert (first.n, first.order, first.order_n, first.paired_by) == (1, "PO-1", 1, "same text")
    assert (first.remaining, first.price, first.unit) == ("10", "11.50", "C62")
    (check,) = first.checks
    assert (check.code, check.tolerated) == (DifferenceCode.PRICE_OVER, True)
    assert [D(str(value)) for value in (check.off, check.allowed, check.left)] == [1, D("2.3"), D("1.3")]
    assert (second.paired_by, second.checks) == (None, [Check(DifferenceCode.NEW_ITEM, tolerated=False)])
    assert codes(found.differences) == ["new_item"]


@given(
    st.decimals("10", "13", places=2),
    st.integers(1, 20),
    st.dictionaries(
        st.sampled_from(sorted(set(NAMES) - {"terms_days"})), st.sampled_from(["0", "1%", "5%", "2", "10"])
    ),
)
def test_b9_every_rule_that_fired_is_in_the_report_once_and_is_tolerated_or_a_difference(
    price: Decimal, quantity: int, said: dict[str, str]
) -> None:
    """The report and the differences are the same findings, apart by whether they are tolerated."""
    terms = replace(tolerating(**said), partial="difference")
    invoice = Invoiced([an_invoiced(price=price, quantity=quantity)], charges=[Charge("freight", D(4))])
    found = compare(invoice, [an_ordered()], terms)
    checks = [check for one in found.report for check in one.checks]
    assert Counter(c.code for c in checks if not c.tolerated) == Counter(d.code for d in found.differences)
    assert len({(one.n, check.code) for one in found.report for check in one.checks}) == len(checks)
    assert all(D(c.left or 0) >= 0 for c in checks)


# ---- units, terms, currency ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"quantity": 2, "unit": "dozen", "price": "5.40"}, []),
        ({"quantity": 2, "unit": "dozen", "price": "5.52"}, ["price_over"]),
        ({"quantity": 3, "unit": "Dutzend", "price": "5.40"}, ["qty_over_remaining"]),
        ({"quantity": 24, "unit": "H87", "price": "0.45"}, []),
        ({"quantity": 24, "unit": "Stk", "price": "45", "base_quantity": D(100)}, []),
        ({"quantity": 24, "unit": "Stk", "price": "450", "base_quantity": D(1000)}, []),
        ({"quantity": 24, "unit": "Stk", "price": "46", "base_quantity": D(100)}, ["price_over"]),
        ({"quantity": 2, "unit": "dozen", "price": None, "net": D("10.80")}, []),
        ({"quantity": 24, "unit": "box", "price": "0.45"}, ["uom_changed"]),
    ],
)
def test_a_line_in_another_unit_is_compared_in_the_orders(line: dict[str, Any], expected: list[str]) -> None:
    """24 pieces at 0.45 were ordered: two dozen are as many, 45 per 100 as much, boxes nobody knows."""
    ordered = an_ordered(quantity=24, price="0.45", buyer_sku="B")
    assert codes(differences([an_invoiced(buyer_sku="B", **line)], [ordered], Terms(partial="pass"))) == expected


@pytest.mark.parametrize(
    ("agreed", "header", "expected"),
    [
        ("30 days", {"terms": "30 Tage netto"}, []),
        ("30 days", {"terms": "14 Tage"}, ["terms_changed"]),
        ("30 days", {"terms": "60 days"}, ["terms_changed"]),
        ("30 days", {"issue_date": date(2026, 11, 1), "due_date": date(2026, 12, 1)}, []),
        ("30 days", {"issue_date": date(2026, 11, 1), "due_date": date(2026, 11, 15)}, ["terms_changed"]),
        ("30 days", {"terms": "thank you"}, []),
        ("30 days", {}, []),
        ("as agreed", {"terms": "14 days"}, []),
        ("30 days end of month", {"terms": "30 days"}, ["terms_changed"]),
        ("2 % 10, net 30", {"terms": "14 Tage 2 %, 30 Tage netto"}, []),
        ("2 % 10, net 30", {"terms": "net 30"}, ["discount_missing"]),
        ("2 % 10, net 30", {"terms": "net 14"}, ["discount_missing", "terms_changed"]),
        ("2 % 10, net 30", {"terms": "1 % 10, net 30"}, ["terms_changed"]),
        ("2 % 10, net 30", {"terms": "2 % 8, net 30"}, ["terms_changed"]),
        ("2 % 10, net 30", {}, []),
    ],
)
def test_terms_of_payment_that_differ_are_told(agreed: str, header: dict[str, Any], expected: list[str]) -> None:
    """The order's terms hold where the invoice says none."""
    invoice = Invoiced([an_invoiced()], **header)
    assert codes(match(invoice, [an_ordered()], Terms(partial="pass", payment=(agreed,)))) == expected


def test_an_agreed_discount_is_expected_in_the_part_that_is_invoiced() -> None:
    """10 off an order of 115: half of it invoiced, 5 are expected."""
    terms = Terms(partial="pass", allowances=D(-10), net=D(115))

    def of(given_off: str) -> list[str]:
        charges = [Charge("rebate", D(given_off))] if given_off else []
        return codes(differences([an_invoiced(quantity=5)], [an_ordered()], terms, charges=charges))

    assert [of(""), of("-4"), of("-5"), of("-6")] == [["discount_missing"], ["discount_missing"], [], []]


def test_an_agreed_charge_is_no_difference_until_it_is_more() -> None:
    """Freight of 8 was agreed; 9 is told with what was agreed."""
    terms = Terms(partial="pass", charges=(Charge("Freight", D(8)),))
    assert differences([an_invoiced()], [an_ordered()], terms, charges=[Charge("freight", D(8))]) == []
    (found,) = differences([an_invoiced()], [an_ordered()], terms, charges=[Charge("Transport", D(9))])
    assert (found.code, found.ordered, found.invoiced) == ("charge_added", "8", "9")


def test_another_currency_is_told_with_the_amount_at_the_frozen_rate() -> None:
    """12.50 USD at 0.92 are 11.50 EUR: the price agrees, the currency does not."""
    terms = Terms(partial="pass", currency="EUR", rate=D("0.92"))
    header = {"currency": "USD", "gross": D("125.00")}
    (found,) = differences([an_invoiced(price="12.50")], [an_ordered()], terms, **header)
    assert (found.code, found.ordered, found.invoiced, found.converted) == ("currency_changed", "EUR", "USD", "115.00")
    assert codes(differences([an_invoiced(price="13")], [an_ordered()], terms, **header)) == [
        "currency_changed",
        "price_over",
    ]


def test_prices_in_another_currency_are_not_compared_without_a_rate() -> None:
    """11.50 USD are not 11.50 EUR, nor is 14 a higher price."""
    terms = Terms(partial="pass", currency="EUR")
    assert codes(differences([an_invoiced(price="14")], [an_ordered()], terms, currency="USD")) == ["currency_changed"]


# ---- how they are set ------------------------------------------------------------------------------------------------


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme and its suppliers."""
    return make_world(installation)


def reached(world: World, price: str, number: str) -> str:
    """The status of an invoice for the 10 brackets at *price*, confirmed."""
    order = world.order(f"PO-{number}", lines=1)
    with acting(world, ANA, f"draft:{number}") as act:
        draft = drafting.draft_from_order(act, order, number, D(20), [EditLine(1, D(10), D(price))], whole=False)
    return take(world, ANA, invoices.confirm, draft.document.id).to_status


def test_b9_a_companys_tolerances_hold_until_a_supplier_has_its_own(world: World) -> None:
    """4.50 was ordered: 4.54 differs, is tolerated, and is not for this supplier any more."""
    assert reached(world, "4.54", "1") == "matching"
    set_rules(world.installation, world.company_id, by=OWNER, said={"tolerance.price_over": "1%"})
    assert reached(world, "4.54", "2") == "pending"
    of_other = {"tolerance.price_over": "0"}
    assert set_rules(world.installation, world.company_id, by=OWNER, said=of_other, supplier=BOLTWERK) == of_other
    assert reached(world, "4.54", "3") == "pending"
    set_rules(world.installation, world.company_id, by=OWNER, said=of_other, supplier=FERRUM)
    assert reached(world, "4.54", "4") == "matching"
    set_rules(world.installation, world.company_id, by=OWNER, said={"tolerance.price_over": ""}, supplier=FERRUM)
    assert reached(world, "4.54", "5") == "pending"


@pytest.mark.parametrize(
    ("said", "supplier", "words"),
    [
        ({"tolerance.prices": "1%"}, None, "no tolerance prices"),
        ({"tolerance.price_over": "much"}, None, "much is no tolerance"),
        ({"tolerance.terms_days": "soon"}, None, "no number of days"),
        ({"partial_invoices": "maybe"}, None, "one of difference, pass"),
        ({"receipts": "on"}, FERRUM, "only tolerances"),
        ({"colour": "red"}, None, "no rule colour"),
        ({"rate.US": "1"}, None, "rate.USD=0.92"),
        ({"rate.USD": "dear"}, None, "rate.USD=0.92"),
        ({"confirm_after_days": "x"}, None, "no number of days"),
    ],
)
def test_b9_a_rule_that_cannot_be_is_refused_and_nothing_is_set(
    world: World, said: dict[str, str], supplier: str | None, words: str
) -> None:
    """In words that say how it is written."""
    before = rules_of(world.installation, world.company_id, supplier)
    with pytest.raises(DataMissing, match=words):
        set_rules(
            world.installation, world.company_id, by=OWNER, said={"tolerance.tax": "1", **said}, supplier=supplier
        )
    assert rules_of(world.installation, world.company_id, supplier) == before


def test_b9_only_people_of_the_company_set_rules(world: World) -> None:
    """A supplier is nobody of it."""
    with pytest.raises(NotFound):
        set_rules(world.installation, world.company_id, by=ANA, said={"tolerance.tax": "1"})


def test_b9_rules_are_shown_as_they_are_set(world: World) -> None:
    """What is printed sets the same again."""
    said = {
        "receipts": "on",
        "names": "Acme GmbH; Acme",
        "tolerance.price_over": "2 % 5",
        "tolerance.terms_days": "3",
        "rate.usd": "0.92",
        "confirm_after_days": "2",
    }
    found = set_rules(world.installation, world.company_id, by=OWNER, said=said)
    assert found == {
        "confirm_after_days": "2",
        "names": "Acme GmbH; Acme",
        "partial_invoices": "difference",
        "rate.USD": "0.92",
        "receipts": "on",
        "tolerance.price_over": "2% 5",
        "tolerance.terms_days": "3",
    }
    assert set_rules(world.installation, world.company_id, by=OWNER, said=found) == found


def test_a_second_invoice_of_the_same_amount_day_and_order_raises_the_alarm(world: World) -> None:
    """B12, the fourth way: under another number, with the number that it may be the same as."""
    order = world.order()

    def draft(number: str, quantity: int) -> int:
        with acting(world, ANA, f"draft:{number}") as act:
            lines = [EditLine(1, D(quantity))]
            return drafting.draft_from_order(act, order, number, D(20), lines, whole=False).document.id

    first, second, other = draft("1", 2), draft("2", 2), draft("3", 3)
    for one in (first, second, other):
        take(world, ANA, invoices.confirm, one)

    def alarms(one: int) -> list[tuple[str, str | None]]:
        found = world.document(one).content.differences
        return [(d.text, d.reason) for d in found if d.code == DifferenceCode.DUPLICATE]

    assert [alarms(one) for one in (first, second, other)] == [[], [("1", "same_amount")], []]


@pytest.mark.parametrize("number", ["INV-7", "inv 7", "INV/7"])
def test_b12_the_same_number_written_otherwise_raises_the_alarm(world: World, number: str) -> None:
    """Case and separators do not make another number."""
    order = world.order()
    for ordinal, said in enumerate(("INV-7", number)):
        with acting(world, ANA, f"draft:{ordinal}") as act:
            lines = [EditLine(1, D(ordinal + 1))]
            draft = drafting.draft_from_order(act, order, said, D(20), lines, whole=False).document
    assert [d.text for d in draft.content.differences if d.code == DifferenceCode.DUPLICATE] == ["INV-7"]


def test_b12_a_corrected_invoice_under_revision_is_no_duplicate_of_itself(world: World) -> None:
    """Sent back, corrected and sent again under its number."""
    from workflows.engine.content import Reason

    order = world.order()
    with acting(world, ANA, "draft") as act:
        one = drafting.draft_from_order(act, order, "7", D(20)).document.id
    take(world, ANA, invoices.confirm, one)
    take(world, OWNER, invoices.send_back, one, Reason("less"))
    take(world, ANA, invoices.edit, one, Edit(lines=[EditLine(1, D(9))]))
    take(world, ANA, invoices.confirm, one)
    assert DifferenceCode.DUPLICATE not in {d.code for d in world.document(one).content.differences}


@pytest.mark.parametrize(
    ("line", "ordered", "expected"),
    [
        ({"price": "12", "beside": D(-5), "net": D("115.00")}, {}, []),
        ({"price": "12", "beside": D(-4), "net": D("116.00")}, {}, ["price_over"]),
        ({"price": "12", "beside": D(-5), "net": D("120.00")}, {}, ["sum_mismatch"]),
        ({"beside": D(3), "net": D("118.00")}, {}, ["charge_added"]),
        ({}, {"price": "12", "beside": D(-5)}, []),
    ],
)
def test_an_allowance_of_a_line_is_a_lower_price_and_a_charge_of_it_was_not_agreed(
    line: dict[str, Any], ordered: dict[str, Any], expected: list[str]
) -> None:
    """12.00 less 5 off ten pieces is 11.50 each; 3 on top of a line is a charge."""
    assert codes(differences([an_invoiced(**line)], [an_ordered(**ordered)], Terms(partial="pass"))) == expected
