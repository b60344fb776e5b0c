"""A step is taken once for its cause, by whom it is for, on the document that was seen; what happened is provable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from store import clock
from store.documents import Document as Row
from store.documents import Version
from store.installation import Installation
from store.journal import Event, Notice, Timer
from store.parties import Company
from templates.environment import environment, reader_of, vocabulary
from templates.msgids import msgids
from tests.inbound.web.world import ANA, BEN, COLLEAGUE, FERRUM, OWNER, World, make_world
from workflows import drafting, intake, invoices, orders
from workflows.engine import registry
from workflows.engine.act import Act
from workflows.engine.content import Heading, Nothing, Reason
from workflows.engine.journal import chain_holds
from workflows.engine.perform import Performed, create, perform
from workflows.engine.workflow import Workflow
from workflows.errors import (
    DataMissing,
    DocumentChanged,
    NotFound,
    NotTheirs,
    ProofMissing,
    Refusal,
    TransitionNotAllowed,
)
from workflows.notes import add_comment, add_note
from workflows.parties import memberships
from workflows.people import SYSTEM, Actor, Trust, system
from workflows.timers import fire


@pytest.fixture
def world(installation: Installation) -> World:
    """Acme with an order PO-1 to Ferrum."""
    made = make_world(installation)
    made.order()
    return made


@contextmanager
def acting(world: World, who: str | Actor, cause: str, trust: Trust = Trust.PERSONAL) -> Iterator[Act]:
    """An act of somebody in a transaction of its own."""
    with world.installation.database.write(world.company_id) as session:
        company = session.get_one(Company, world.company_id)
        actor = who if isinstance(who, Actor) else memberships(session, company.id, who)[0].actor(trust, "link")
        yield Act(world.installation, session, company, actor, cause)


def a_draft(world: World, number: str | None = "22914", **more: Any) -> int:
    """Ana's draft of an invoice for all of PO-1."""
    order = world.newest("order").id
    with acting(world, ANA, f"draft:{number}") as act:
        return drafting.draft_from_order(act, order, number, Decimal(20), **more).document.id


def take(
    world: World, who: str, step: Any, document_id: int, data: Any = None, cause: str = "", **more: Any
) -> Performed:
    """Take a step as somebody."""
    trust = more.pop("trust", Trust.PERSONAL)
    with acting(world, who, cause or f"{who}:{step.name}:{document_id}", trust) as act:
        return perform(step, document_id, data or Nothing(), act, **more)


def count(world: World, table: Any) -> int:
    with world.installation.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_cause_acts_once_and_shows_the_first_result_ever_after(world: World) -> None:
    """A second click neither moves nor tells, also when the document has moved on."""
    draft = a_draft(world)
    first = take(world, ANA, invoices.confirm, draft, cause="link:1")
    take(world, OWNER, invoices.approve, draft)
    events, notices = count(world, Event), count(world, Notice)
    again = take(world, ANA, invoices.confirm, draft, cause="link:1")
    assert (again.event_id, again.to_status, again.repeated) == (first.event_id, "pending", True)
    assert (count(world, Event), count(world, Notice)) == (events, notices)
    assert world.document(draft).status == "approved"


def test_a_cause_makes_one_document(world: World) -> None:
    """The same mail read twice is one draft."""
    assert a_draft(world) == a_draft(world)


def test_a_cause_that_acted_on_one_document_does_not_act_on_another(world: World) -> None:
    """The schema refuses what no code should try."""
    first, second = a_draft(world, "1"), a_draft(world, "2")
    take(world, ANA, invoices.confirm, first, cause="link:1")
    with pytest.raises(IntegrityError):
        take(world, ANA, invoices.confirm, second, cause="link:1")
    assert world.document(second).status == "draft"


def test_version_and_links_move_with_the_content_and_not_with_notes(world: World) -> None:
    """Else each note would kill every link to approve."""
    draft = a_draft(world)
    before = world.document(draft).version
    with acting(world, ANA, "note:1") as act:
        add_note(draft, "Hello", act)
    take(world, ANA, invoices.edit, draft, invoices.Edit(), cause="edit:0")
    assert world.document(draft).version == before
    take(world, ANA, invoices.edit, draft, invoices.Edit(comment="By ship"), cause="edit:1")
    after = world.document(draft)
    assert (after.version, after.links_from) == (before + 1, before + 1)
    with world.installation.database.read() as session:
        versions = session.scalars(
            select(Version.content).where(Version.document_id == draft).order_by(Version.version)
        )
        assert [content["comment"] for content in versions] == [None, "By ship"]


def test_a_decision_on_what_has_changed_since_is_refused(world: World) -> None:
    """The version that the person saw is older than the last change that matters."""
    draft = a_draft(world)
    seen = world.document(draft).version
    take(world, ANA, invoices.edit, draft, invoices.Edit(comment="By ship"), cause="edit:1")
    with pytest.raises(DocumentChanged, match="22914 has changed since you saw it"):
        take(world, ANA, invoices.confirm, draft, version=seen)
    assert take(world, ANA, invoices.confirm, draft, version=seen + 1, cause="c").to_status == "pending"


def test_a_step_of_the_system_that_makes_nothing_stale_leaves_links_good(world: World) -> None:
    """A draft handed over can still be confirmed by the link mailed before."""
    draft = a_draft(world)
    seen = world.document(draft).version
    with acting(world, SYSTEM, "timer:1") as act:
        perform(invoices.hand_over, draft, Nothing(), act)
    assert world.document(draft).version == seen + 1
    take(world, ANA, invoices.confirm, draft, version=seen)
    assert world.document(draft).content.unconfirmed is False


@pytest.mark.parametrize(
    ("who", "step", "error"),
    [
        (BEN, invoices.confirm, NotTheirs),
        (OWNER, invoices.confirm, NotTheirs),
        (ANA, invoices.hand_over, NotTheirs),
        (ANA, orders.acknowledge, NotTheirs),
        (OWNER, invoices.approve, TransitionNotAllowed),
        (COLLEAGUE, invoices.approve, NotTheirs),
    ],
)
def test_a_step_is_for_those_whom_it_names(world: World, who: str, step: Any, error: type[Refusal]) -> None:
    """Another supplier, the other side, the system's steps, a step of another kind, a colleague without the role."""
    draft = a_draft(world)
    events = count(world, Event)
    with pytest.raises(error):
        take(world, who, step, draft)
    assert count(world, Event) == events


def test_a_document_without_owner_is_decided_by_approvers_alone(world: World) -> None:
    """Somebody without a person on file is not its owner because it has none."""
    draft = a_draft(world)
    take(world, ANA, invoices.confirm, draft)
    with world.installation.database.write() as session:
        session.execute(update(Row).where(Row.id == draft).values(owner_id=None))
        actor = memberships(session, world.company_id, COLLEAGUE)[0].actor(Trust.PERSONAL, "link")
    nobody = Actor(None, "?", "", actor.side, None, frozenset(), Trust.PERSONAL, "mail")
    with pytest.raises(NotTheirs), acting(world, nobody, "x") as act:
        perform(invoices.approve, draft, Nothing(), act)


@pytest.mark.parametrize(
    ("who", "step", "enough", "too_little"),
    [
        (ANA, invoices.confirm, Trust.KNOWN, Trust.THREAD),
        (OWNER, invoices.approve, Trust.PERSONAL, Trust.KNOWN),
    ],
)
def test_b15_a_step_asks_for_its_proof(world: World, who: str, step: Any, enough: Trust, too_little: Trust) -> None:
    """An invoice needs a known sender, an approval the very person."""
    draft = a_draft(world)
    if who == OWNER:
        take(world, ANA, invoices.confirm, draft)
    with pytest.raises(ProofMissing):
        take(world, who, step, draft, trust=too_little)
    take(world, who, step, draft, trust=enough)


def test_b15_a_document_is_not_made_without_proof(world: World) -> None:
    """Nothing is kept of it."""
    order, documents = world.newest("order").id, count(world, Row)
    with pytest.raises(ProofMissing), acting(world, ANA, "draft", Trust.THREAD) as act:
        drafting.draft_from_order(act, order, "1")
    with pytest.raises(NotTheirs), acting(world, OWNER, "draft", Trust.SIGNED_IN) as act:
        drafting.draft_from_order(act, order, "1")
    assert count(world, Row) == documents


def test_another_company_has_no_part_in_a_document(world: World) -> None:
    """The same person, in another company of the installation."""
    other = intake.NewCompany("Elsewhere", "orders@else.example", "else.example", "Olga", OWNER)
    elsewhere = World(world.installation, intake.add_company(world.installation, other))
    order = world.newest("order").id
    with pytest.raises(NotFound), acting(elsewhere, OWNER, "x") as act:
        perform(orders.cancel, order, Reason(), act)
    with pytest.raises(NotFound), acting(elsewhere, OWNER, "y") as act:
        add_note(order, "Hi", act)
    assert world.document(order).status == "sent"


class Light(StrEnum):
    """Three colours."""

    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


@dataclass(slots=True)
class Lamp:
    """Something that moves by itself."""

    name: str
    shone: int = 0

    def heading(self) -> Heading:
        """Its name."""
        return Heading(None, self.name)

    def facts(self) -> dict[str, object]:
        """How often it shone."""
        return {"shone": self.shone}


@dataclass(slots=True)
class Partner:
    """Another lamp that changes with this one."""

    other: int = 0


lamps = Workflow("lamp", Light, Lamp)


@lamps.create(to=(Light.RED,), who=system)
def hang(lamp: Lamp, data: Nothing, act: Act) -> Light:
    """Hang it up, to turn by itself."""
    act.remind("turn", act.now + timedelta(hours=1))
    act.remind("turn", act.now + timedelta(hours=2))
    act.remind("smash", act.now + timedelta(hours=3))
    act.forget("smash")
    return Light.RED


@lamps.step((Light.RED,), to=(Light.GREEN,), who=system)
def turn(lamp: Lamp, data: Partner, act: Act) -> Light:
    """Turn green, and the partner with it."""
    lamp.shone += 1
    if data.other:
        perform(turn, data.other, Partner(), act.follow())
    return Light.GREEN


@lamps.step((Light.RED, Light.GREEN), to=(Light.GREEN,), who=system)
def smash(lamp: Lamp, data: Nothing, act: Act) -> Light:
    """Break, which nobody declared."""
    lamp.shone = 99
    return Light.BROKEN


@lamps.step((Light.RED,), to=(Light.RED,), who=system, event="failed")
def fail(lamp: Lamp, data: Nothing, act: Act) -> Light:
    """Ask to be reminded, then refuse."""
    act.remind("smash", act.now)
    raise DataMissing("Please say the %(field)s.", field="field:number")


@pytest.fixture
def lit(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Two lamps."""
    monkeypatch.setattr(registry, "entry_points", lambda group: [])
    registry.all_workflows.cache_clear()
    monkeypatch.setitem(registry.all_workflows(), "lamp", lamps)
    made = []
    for name in ("left", "right"):
        with acting(world, SYSTEM, f"hang:{name}") as act:
            made.append(create(hang, Lamp(name), Nothing(), act, supplier_id=None, owner_id=None).document.id)
    yield made
    registry.all_workflows.cache_clear()


def test_a_rule_that_reaches_what_it_does_not_declare_changes_nothing(world: World, lit: list[int]) -> None:
    """It is our mistake, and the transaction goes back."""
    with pytest.raises(AssertionError, match=r"lamp\.smash reached"), acting(world, SYSTEM, "x") as act:
        perform(smash, lit[0], Nothing(), act)
    assert (world.document(lit[0]).status, world.document(lit[0]).content.shone) == ("red", 0)


def test_what_follows_from_a_step_has_a_cause_of_its_own_and_happens_once(world: World, lit: list[int]) -> None:
    """Both lamps turn in one commit; a second time shows the first result."""
    for _ in range(2):
        with acting(world, SYSTEM, "x") as act:
            perform(turn, lit[0], Partner(lit[1]), act)
    assert [world.document(n).content.shone for n in lit] == [1, 1]
    with world.installation.database.read() as session:
        causes = session.scalars(select(Event.cause).where(Event.step == "turn").order_by(Event.cause)).all()
    assert causes == ["x", "x/1"]


def test_what_follows_and_is_refused_takes_the_whole_step_back(world: World, lit: list[int]) -> None:
    """The partner is green already: neither turns."""
    with acting(world, SYSTEM, "y") as act:
        perform(turn, lit[1], Partner(), act)
    with pytest.raises(TransitionNotAllowed), acting(world, SYSTEM, "x") as act:
        perform(turn, lit[0], Partner(lit[1]), act)
    assert world.document(lit[0]).status == "red"


# --- timers --------------------------------------------------------------------------------------------------------


def timers(world: World, document_id: int) -> list[tuple[int, str, datetime]]:
    with world.installation.database.read() as session:
        found = session.execute(select(Timer.id, Timer.step, Timer.due).where(Timer.document_id == document_id))
        return [(row.id, row.step, row.due) for row in found]


def timer_of(world: World, document_id: int, step: str) -> tuple[int, datetime]:
    ((timer, due),) = [(timer, due) for timer, name, due in timers(world, document_id) if name == step]
    return timer, due


@pytest.fixture
def watch() -> Iterator[list[datetime]]:
    """The clock: its first element is now."""
    hand = [datetime(2026, 11, 24, 9, 0, tzinfo=UTC)]
    clock.set_source(lambda: hand[0])
    yield hand
    clock.set_source(None)


def test_a_reminder_replaces_the_one_before_and_one_forgotten_is_none(world: World, lit: list[int]) -> None:
    """One timer for each step of a document, also within one rule."""
    assert [step for _, step, _ in timers(world, lit[0])] == ["turn"]


def test_a_reminder_of_a_rule_that_refused_is_not_kept_by_the_next(world: World, lit: list[int]) -> None:
    """What was refused leaves nothing behind in the transaction."""
    with acting(world, SYSTEM, "x") as act:
        with pytest.raises(DataMissing), act.session.begin_nested():
            perform(fail, lit[0], Nothing(), act)
        perform(turn, lit[1], Partner(), Act(act.installation, act.session, act.company, SYSTEM, "y"))
    assert "smash" not in [step for n in lit for _, step, _ in timers(world, n)]


def test_a_timer_fires_when_it_is_due_and_once(world: World, watch: list[datetime], lit: list[int]) -> None:
    """Nudged early it waits; nudged twice it acts once."""
    ((timer, _, due),) = timers(world, lit[0])
    watch[0] = due - timedelta(seconds=1)
    fire(world.installation, timer)
    assert world.document(lit[0]).status == "red"
    watch[0] = due
    fire(world.installation, timer)
    fire(world.installation, timer)
    assert world.document(lit[0]).status == "green"
    assert timers(world, lit[0]) == []


def test_a_timer_whose_step_is_not_allowed_any_more_is_dropped(
    world: World, watch: list[datetime], lit: list[int]
) -> None:
    """Somebody was faster."""
    ((timer, _, due),) = timers(world, lit[0])
    with acting(world, SYSTEM, "x") as act:
        perform(turn, lit[0], Partner(), act)
    watch[0] = due
    fire(world.installation, timer)
    assert timers(world, lit[0]) == []


def test_a_timer_that_fails_is_tried_later(
    world: World, watch: list[datetime], lit: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its reason, and the document as it was."""
    ((timer, _, due),) = timers(world, lit[0])
    watch[0] = due
    monkeypatch.setattr("workflows.timers.perform", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fire(world.installation, timer)
    with world.installation.database.read() as session:
        row = session.get_one(Timer, timer)
    assert (row.tries, row.reason, row.due) == (1, "ZeroDivisionError", due + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ("2026-11-24T09:00", "2026-11-25T09:00"),  # Tuesday
        ("2026-11-26T17:30", "2026-11-27T17:30"),  # Thursday
        ("2026-11-27T09:00", "2026-11-30T09:00"),  # Friday, to Monday
        ("2026-11-28T09:00", "2026-12-01T00:00"),  # Saturday: all of Monday
        ("2026-11-29T23:00", "2026-12-01T00:00"),  # Sunday
    ],
)
def test_b35_a_draft_that_nobody_confirms_goes_to_accounts_payable_after_a_working_day(
    world: World, watch: list[datetime], made: str, due: str
) -> None:
    """Marked so, told once, and still the supplier's to confirm."""
    watch[0] = datetime.fromisoformat(made).replace(tzinfo=UTC)
    draft = a_draft(world)
    timer, at = timer_of(world, draft, "hand_over")
    assert at == datetime.fromisoformat(due).replace(tzinfo=UTC)
    watch[0] = at
    fire(world.installation, timer)
    assert world.document(draft).content.unconfirmed
    assert world.document(draft).status == "draft"
    assert world.notices("invoice-unconfirmed") == [("invoice-unconfirmed", OWNER)]
    take(world, ANA, invoices.edit, draft, invoices.Edit(comment="x"))
    assert world.document(draft).content.unconfirmed
    assert take(world, ANA, invoices.confirm, draft).to_status == "pending"


def test_b35_the_working_day_is_the_companys(world: World, watch: list[datetime]) -> None:
    """Friday evening in UTC is Saturday in Auckland."""
    with world.installation.database.write() as session:
        session.execute(update(Company).values(time_zone="Pacific/Auckland"))
    watch[0] = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
    _, due = timer_of(world, a_draft(world), "hand_over")
    assert due == datetime(2026, 11, 30, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(("days", "hours"), [(0, 0), (2, 48), (-3, 0)])
def test_b35_a_company_says_how_many_working_days(world: World, watch: list[datetime], days: int, hours: int) -> None:
    """None at all hands it over at once; a mistake does not stop the world."""
    with world.installation.database.write() as session:
        session.execute(update(Company).values(settings={"confirm_after_days": days}))
    _, due = timer_of(world, a_draft(world), "hand_over")
    assert due == watch[0] + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("made", "due"),
    [
        ("2026-11-24T09:00", "2026-11-24T13:00"),  # Tuesday morning
        ("2026-11-24T15:00", "2026-11-25T08:00"),  # Tuesday afternoon, to the morning
        ("2026-11-27T17:00", "2026-11-30T08:00"),  # Friday evening, to Monday
        ("2026-11-28T09:00", "2026-11-30T08:00"),  # Saturday
    ],
)
def test_b35_a_draft_that_nobody_confirms_is_brought_to_mind_in_working_hours(
    world: World, watch: list[datetime], made: str, due: str
) -> None:
    """Once, to the supplier alone, and before accounts payable gets it."""
    watch[0] = datetime.fromisoformat(made).replace(tzinfo=UTC)
    draft = a_draft(world)
    timer, at = timer_of(world, draft, "remind")
    assert at == datetime.fromisoformat(due).replace(tzinfo=UTC) < timer_of(world, draft, "hand_over")[1]
    watch[0] = at
    fire(world.installation, timer)
    assert world.notices("invoice-reminder") == [("invoice-reminder", ANA)]
    assert [step for _, step, _ in timers(world, draft)] == ["hand_over"]
    assert take(world, ANA, invoices.confirm, draft).to_status == "pending"


def test_a_confirmed_or_withdrawn_draft_waits_for_nobody(world: World) -> None:
    """Its timer is gone."""
    first, second = a_draft(world, "1"), a_draft(world, "2")
    take(world, ANA, invoices.confirm, first)
    take(world, ANA, invoices.withdraw, second, Reason())
    assert timers(world, first) == timers(world, second) == []


# --- the audit trail -----------------------------------------------------------------------------------------------


@pytest.fixture
def decided(world: World) -> int:
    """An invoice with a history."""
    draft = a_draft(world)
    take(world, ANA, invoices.edit, draft, invoices.Edit(comment="By ship"))
    with acting(world, ANA, "note:1") as act:
        add_note(draft, "Hello", act)
    take(world, ANA, invoices.confirm, draft)
    with acting(world, OWNER, "comment:1") as act:
        add_comment(draft, "Fine", act)
    take(world, OWNER, invoices.reject, draft, Reason("billed twice"))
    return draft


def holds(world: World, document_id: int) -> bool:
    with world.installation.database.read() as session:
        return chain_holds(session, document_id)


def test_b24_the_chain_of_events_holds(world: World, decided: int) -> None:
    """Every event, from the draft to the rejection."""
    assert world.events(decided) == [
        "invoice.drafted",
        "invoice.edited",
        "invoice.noted",
        "invoice.confirmed",
        "invoice.commented",
        "invoice.rejected",
    ]
    assert holds(world, decided)


@pytest.mark.parametrize(
    "change",
    [
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"person_id": 1},
        {"to_status": "approved"},
        {"facts": {"reason": "no reason"}},
        {"side": "buyer"},
        {"via": "page"},
        {"version": 99},
        {"facts_digest": bytes(32)},
        {"digest": bytes(32)},
    ],
)
def test_b24_a_changed_event_shows(world: World, decided: int, change: dict[str, Any]) -> None:
    """Whatever is changed of what happened."""
    with world.installation.database.write() as session:
        event = session.scalars(
            select(Event.id).where(Event.document_id == decided).order_by(Event.id).offset(3)
        ).first()
        session.execute(update(Event).where(Event.id == event).values(**change))
    assert not holds(world, decided)


def test_b24_an_event_taken_out_shows(world: World, decided: int) -> None:
    """The next one does not follow from the one before it."""
    with world.installation.database.write() as session:
        event = session.scalars(select(Event.id).where(Event.step == "edit")).one()
        session.execute(delete(Event).where(Event.id == event))
    assert not holds(world, decided)


def test_b24_erasing_the_facts_leaves_the_chain_verifiable(world: World, decided: int) -> None:
    """Personal data may go; that something happened stays proved."""
    with world.installation.database.write() as session:
        session.execute(update(Event).where(Event.document_id == decided).values(facts=None))
    assert holds(world, decided)


# --- refusals ------------------------------------------------------------------------------------------------------


def _refused(world: World, who: str, step: Any, document_id: int, data: Any = None, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as raised:
        take(world, who, step, document_id, data, **more)
    return raised.value


def test_a_refused_step_answers_with_a_sentence_that_can_stand_in_a_mail(world: World) -> None:
    """Its words are in the catalogues, and its params are shown as people read them."""
    draft, order = a_draft(world), world.newest("order").id
    found = [
        _refused(world, OWNER, invoices.approve, draft),
        _refused(world, BEN, invoices.confirm, draft),
        _refused(world, ANA, invoices.confirm, draft, version=0),
        _refused(world, ANA, invoices.confirm, a_draft(world, None)),
        _refused(world, ANA, invoices.edit, draft, invoices.Edit(lines=[invoices.EditLine(7, Decimal(1))])),
        _refused(
            world, ANA, invoices.edit, draft, invoices.Edit(lines=[invoices.EditLine(n, Decimal(0)) for n in (1, 2)])
        ),
        _refused(world, ANA, orders.counter, order, orders.Counter()),
        _refused(world, ANA, orders.counter, order, orders.Counter([orders.CounterLine(9, Decimal(1))])),
        _refused(world, ANA, invoices.confirm, draft, trust=Trust.THREAD),
    ]
    take(world, ANA, invoices.confirm, draft)
    found += [_refused(world, OWNER, step, draft, Reason(" ")) for step in (invoices.reject, invoices.send_back)]
    known = {message.id for message in msgids()}
    for refusal in found:
        assert refusal.text in known, refusal.text
        assert str(refusal) == refusal.text % refusal.params
        shown = _shown(refusal)
        assert not any(mark in shown for mark in ("%(", "status:", "date:", "field:", "moment:")), shown


def _shown(refusal: Refusal) -> str:
    template = environment().from_string("{{ it|sentence }}")
    return template.render({**vocabulary(reader_of("en"), html=False), "it": refusal.facts()})


def test_a_supplier_known_by_name_is_found_and_a_stranger_is_not(world: World) -> None:
    """By name in any case, or by a member's address."""
    with world.installation.database.read() as session:
        assert intake.find_supplier(session, world.company_id, FERRUM.upper()) == intake.find_supplier(
            session, world.company_id, ANA
        )
        with pytest.raises(Refusal, match="No supplier is known as Nobody"):
            intake.find_supplier(session, world.company_id, "Nobody")
