"""Whatever happens to invoices and credit notes of an order, nothing is invoiced twice and no quantity is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.installation import Installation
from tests.inbound.web.world import ANA, OWNER, World, make_world
from tests.workflows.test_credit_notes import a_reading, credit
from tests.workflows.test_perform import acting, take
from tests.workflows.test_remaining import used
from workflows import drafting, invoices
from workflows.credit_notes import credit_notes
from workflows.engine.content import Nothing, Reason
from workflows.engine.perform import perform
from workflows.engine.undoing import take_back
from workflows.errors import Refusal
from workflows.house_rules import set_rules
from workflows.invoices import Edit, EditLine

D = Decimal
ORDERED = {1: D(10), 2: D(20)}
PRICES = {1: "4.50", 2: "5.50"}
NUMBERS = count(1)
ONE_WORLD = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme, which lets a part pass."""
    made = make_world(installation)
    set_rules(made.installation, made.company_id, by=OWNER, said={"partial_invoices": "pass"})
    return made


@dataclass
class Held:
    """A document as the test thinks of it: what it invoices, or returns of another."""

    id: int
    number: str
    lines: dict[int, Decimal]
    of: Held | None = None
    status: str = "draft"
    returned: dict[int, Decimal] = field(default_factory=dict)
    before: list[dict[int, Decimal]] = field(default_factory=list)
    """Its lines before each deed, the last one last."""


def returns(note: Held, held: list[Held]) -> dict[int, Decimal]:
    """What *note* may give back: no more than its invoice has and other standing notes leave of it."""
    assert note.of is not None
    found = {}
    for n, quantity in note.lines.items():
        others = [
            o for o in held if o.of is note.of and o is not note and o.status not in ("draft", "rejected", "canceled")
        ]
        left = note.of.lines.get(n, D(0)) - sum((o.returned.get(n, D(0)) for o in others), D(0))
        found[n] = min(quantity, max(left, D(0)))
    return found


def expected(held: list[Held]) -> dict[int, Decimal]:
    """What should be taken of each line of the order."""
    found: dict[int, Decimal] = {}
    for one in held:
        if one.of is None and one.status not in ("draft", "rejected", "canceled"):
            for n, quantity in one.lines.items():
                found[n] = found.get(n, D(0)) + quantity
        elif one.of is not None and one.status == "approved":
            for n, quantity in one.returned.items():
                found[n] = found.get(n, D(0)) - quantity
    return {n: quantity for n, quantity in found.items() if quantity}


_deeds = st.one_of(
    st.tuples(st.just("invoice"), st.dictionaries(st.sampled_from((1, 2)), st.integers(1, 12), min_size=1)),
    st.tuples(
        st.just("credit"), st.integers(0, 9), st.dictionaries(st.sampled_from((1, 2)), st.integers(1, 12), min_size=1)
    ),
    st.tuples(st.just("edit"), st.integers(0, 9), st.integers(1, 12)),
    st.tuples(st.sampled_from(("confirm", "approve", "reject", "send_back", "withdraw")), st.integers(0, 9)),
    st.tuples(st.just("undo"), st.integers(0, 9), st.sampled_from((ANA, OWNER))),
)
_WHO = {"confirm": ANA, "withdraw": ANA, "edit": ANA}


@ONE_WORLD
@given(deeds=st.lists(_deeds, min_size=3, max_size=14))
def test_quantities_are_conserved_over_any_sequence_of_deeds(world: World, deeds: list[Any]) -> None:
    """Invoices, credit notes, decisions, and these taken back: what is taken is what stands, less what came back."""
    number = f"PO-{next(NUMBERS)}"
    order = world.order(number)
    held: list[Held] = []
    for deed, *more in deeds:
        if deed == "invoice":
            held.append(_invoice(world, order, {n: D(quantity) for n, quantity in more[0].items()}))
        elif not held:
            continue
        elif deed == "credit":
            of = held[more[0] % len(held)]
            if of.of is None and of.status != "draft":
                held.append(_credit(world, of, {n: D(quantity) for n, quantity in more[1].items()}, held))
        elif deed == "undo":
            _undo(world, held[more[0] % len(held)], more[1], held)
        else:
            _move(world, held[more[0] % len(held)], deed, more[1:], held)
        taken = {n: quantity for n, quantity in used(world, order).items() if quantity}
        assert taken == expected(held)
        assert all(quantity >= 0 for quantity in taken.values())


def _invoice(world: World, order: int, lines: dict[int, Decimal]) -> Held:
    number = f"R-{next(NUMBERS)}"
    with acting(world, ANA, f"draft:{number}") as act:
        wanted = [EditLine(n, quantity) for n, quantity in lines.items()]
        made = drafting.draft_from_order(act, order, number, D(20), wanted, whole=False).document
    return Held(made.id, number, lines)


def _credit(world: World, of: Held, lines: dict[int, Decimal], held: list[Held]) -> Held:
    number = f"G-{next(NUMBERS)}"
    wanted = {n: quantity for n, quantity in lines.items() if n in of.lines}
    read = [(n, quantity, PRICES[n]) for n, quantity in (wanted or {next(iter(of.lines)): D(1)}).items()]
    note = credit(world, a_reading(*read, number=number, credits=(of.number,)), f"{next(NUMBERS):x}"[:1])
    made = Held(note, number, {n: D(quantity) for n, quantity, _ in read}, of)
    made.returned = returns(made, held)
    return made


def _move(world: World, one: Held, deed: str, more: list[int], held: list[Held]) -> None:
    """Take the step if it can be taken; an invoice that agrees never takes more than there is."""
    data: Any = Reason("so") if deed in ("reject", "send_back", "withdraw") else None
    if deed == "edit":
        if one.of is not None:
            return
        n = next(iter(one.lines))
        data = Edit(lines=[EditLine(n, D(more[0]))])
    flow = invoices.invoices if one.of is None else credit_notes
    try:
        with acting(world, _WHO.get(deed, OWNER), f"deed:{next(NUMBERS)}") as act:
            reached = perform(flow.named(deed), one.id, data or Nothing(), act).to_status
    except Refusal:
        return
    one.before.append(one.lines)
    if deed == "edit":
        one.lines = {**one.lines, next(iter(one.lines)): D(more[0])}
    one.status = reached
    if one.of is not None and deed in ("confirm", "approve"):
        gone = one.of.status in ("rejected", "canceled")
        one.returned = {n: D(0) for n in one.lines} if gone and deed == "approve" else returns(one, held)
    if one.of is None and reached == "pending" and deed == "confirm":
        taken = expected(held)
        assert all(taken.get(n, D(0)) <= ORDERED[n] for n in one.lines)


def _undo(world: World, one: Held, who: str, held: list[Held]) -> None:
    """Take back what *who* did last to it, or made of it, if that can be taken back."""
    try:
        with acting(world, who, f"undo:{next(NUMBERS)}") as act:
            done = take_back(one.id, act)
    except Refusal:
        return
    one = next(other for other in held if other.id == done.document.id)
    one.status = done.to_status
    one.lines = one.before.pop() if one.before else one.lines
    if one.of is not None:
        one.returned = returns(one, held)


@settings(ONE_WORLD, max_examples=6)
@given(quantities=st.lists(st.integers(1, 10), min_size=8, max_size=8))
def test_nothing_is_invoiced_twice_under_eight_confirmations_at_once(world: World, quantities: list[int]) -> None:
    """Of eight drafts for ten pieces those that agree take ten at most; every other one says that it is too much."""
    number = f"PO-{next(NUMBERS)}"
    order = world.order(number, lines=1)
    drafts = [_invoice(world, order, {1: D(quantity)}) for quantity in quantities]
    barrier, failed = Barrier(len(drafts)), []

    def confirm(one: Held) -> None:
        barrier.wait()
        try:
            one.status = take(world, ANA, invoices.confirm, one.id).to_status
        except Exception as error:  # noqa: BLE001 - a thread's fault is the test's
            failed.append(error)

    threads = [Thread(target=confirm, args=(one,)) for one in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    agreed = [one for one in drafts if one.status == "pending"]
    assert agreed
    assert sum(one.lines[1] for one in agreed) <= D(10)
    assert used(world, order) == {1: sum((one.lines[1] for one in drafts), D(0))}
    for one in drafts:
        codes = {d.code.value for d in world.document(one.id).content.differences}
        assert (codes == set()) == (one in agreed)
        assert codes <= {"qty_over_remaining", "duplicate"}
