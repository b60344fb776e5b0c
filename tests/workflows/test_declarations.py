"""A wrong declaration fails at import, in words; a right one is open at every door, and a plug-in's like ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest

from inbound.web.forms import can_ask, form_of
from store.installation import Installation
from templates.environment import mail, reader_of
from tests.inbound.post import ANA, OWNER, Post, make_post
from workflows.differences import Difference
from workflows.engine import registry
from workflows.engine.act import Act
from workflows.engine.content import Heading, Nothing, Reason
from workflows.engine.perform import create
from workflows.engine.workflow import Step, Workflow
from workflows.errors import WrongDeclaration
from workflows.intake import find_supplier
from workflows.invoices import invoices
from workflows.parties import memberships
from workflows.people import Reader, Trust, buyer, supplier
from workflows.shipped import SHIPPED


class Status(StrEnum):
    """The life of an inspection."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Other(StrEnum):
    """Somebody else's statuses."""

    ASKED = "asked"


@dataclass(slots=True)
class Inspection:
    """A visit to the supplier's works."""

    number: str
    wish: str = ""
    differences: list[Difference] = field(default_factory=list)

    def heading(self) -> Heading:
        """Its number."""
        return Heading(self.number, "Inspection of the works")

    def facts(self) -> dict[str, object]:
        """What is shown."""
        return {"note": self.wish}


@dataclass(slots=True)
class Mute:
    """A content that says nothing."""


def a_flow(**more: Any) -> Workflow[Inspection, Status]:
    """A workflow without steps."""
    return Workflow("inspection", Status, Inspection, **more)


def right(inspection: Inspection, data: Nothing, act: Act) -> Status:
    """Do it."""
    return Status.ACCEPTED


def undocumented(inspection: Inspection, data: Nothing, act: Act) -> Status:
    return Status.ACCEPTED


def two_parameters(inspection: Inspection, data: Nothing) -> Status:
    """Do it."""
    return Status.ACCEPTED


def other_content(invoice: Mute, data: Nothing, act: Act) -> Status:
    """Do it."""
    return Status.ACCEPTED


def plain_data(inspection: Inspection, data: str, act: Act) -> Status:
    """Do it."""
    return Status.ACCEPTED


def no_return(inspection: Inspection, data: Nothing, act: Act):  # type: ignore[no-untyped-def]
    """Do it."""


def other_return(inspection: Inspection, data: Nothing, act: Act) -> Other:
    """Do it."""
    return Other.ASKED


def unknown_type(inspection: Inspection, data: Nowhere, act: Act) -> Status:  # type: ignore[name-defined]  # noqa: F821
    """Do it."""
    return Status.ACCEPTED


def a_step_whose_name_has_forty_characters_(inspection: Inspection, data: Nothing, act: Act) -> Status:
    """Do it."""
    return Status.ACCEPTED


def declared(rule: Callable[..., Any] = right, source: Any = (Status.ASKED,), **more: Any) -> Callable[[], Step]:
    """A call that declares *rule* on a fresh workflow, with something in it other than it should be."""
    options: dict[str, Any] = {"to": (Status.ACCEPTED,), "who": supplier} | more
    return lambda: a_flow(final=(Status.DECLINED,)).step(source, **options)(rule)


@pytest.mark.parametrize(
    ("declare", "words"),
    [
        (declared(source=(Other.ASKED,)), "step right: <Other.ASKED: 'asked'> is no Status"),
        (declared(to=("accepted",)), "step right: 'accepted' is no Status"),
        (declared(to=()), "step right has no target"),
        (declared(source=()), "a step needs a source"),
        (declared(tells={Other.ASKED: ()}), "is no Status"),
        (declared(tells={Status.DECLINED: ()}), "tells somebody of declined, which it does not reach"),
        (declared(tells={Status.ACCEPTED: (("buyer", "note"),)}), "tells takes pairs of a Reader and a notice"),
        (declared(source=(Status.DECLINED,)), "starts from declined, which is final"),
        (declared(who=lambda _d, _a: True), "who is no named predicate"),
        (declared(undocumented), "step undocumented has no docstring"),
        (declared(two_parameters), "step two_parameters takes (content, data, act)"),
        (declared(other_content), "step other_content takes a Inspection"),
        (declared(plain_data), "step plain_data: its data is no dataclass"),
        (declared(no_return), "step no_return returns a Status"),
        (declared(other_return), "step other_return returns a Status"),
        (declared(unknown_type), "step unknown_type: name 'Nowhere' is not defined"),
        (declared(a_step_whose_name_has_forty_characters_), "its name is too long"),
        (declared(entries="item"), "step right: its data has no lines for the entries of item"),
        (lambda: Workflow("Two words", Status, Inspection), "a kind is one lower-case word"),
        (lambda: Workflow("k" * 33, Status, Inspection), "a kind has at most 32 characters"),
        (lambda: Workflow("inspection", Status, str), "str is no dataclass"),  # type: ignore[type-var]
        (lambda: Workflow("inspection", Status, Mute), "Mute cannot say its heading"),  # type: ignore[type-var]
        (lambda: a_flow(final=(Other.ASKED,)), "<Other.ASKED: 'asked'> is no Status"),
        (
            lambda: a_flow(aliases={"old": "gone"}).check_aliases(),
            "the alias of old, gone, is neither a step nor a status",
        ),
    ],
)
def test_a_wrong_declaration_fails_and_says_what_and_where(declare: Callable[[], object], words: str) -> None:
    """The message names the workflow, the step and what is wrong with it."""
    with pytest.raises(WrongDeclaration) as raised:
        declare()
    assert words in str(raised.value)
    assert str(raised.value).startswith("workflow ")


def test_a_step_declared_twice_is_refused() -> None:
    """The second would take the first one's place in rows and links."""
    flow = a_flow()
    flow.step((Status.ASKED,), to=(Status.ACCEPTED,), who=supplier)(right)
    with pytest.raises(WrongDeclaration, match="step right is declared twice"):
        flow.step((Status.ASKED,), to=(Status.ACCEPTED,), who=supplier)(right)


def test_what_a_declaration_leaves_out_is_the_careful_choice() -> None:
    """A buyer's decision needs the very person; anything else a known sender; the docstring's first line is the doc."""
    flow = a_flow()
    decided = flow.step((Status.ASKED,), to=(Status.DECLINED,), who=buyer, deciding=True, event="x")(right)
    assert (decided.trust, decided.event, decided.doc) == (Trust.PERSONAL, "inspection.x", "Do it.")
    assert flow.create(to=(Status.ASKED,), who=buyer)(_named("draft")).event == "inspection.drafted"
    close = flow.step((Status.ASKED,), to=(Status.DECLINED,), who=supplier)(_named("close"))
    assert (close.trust, close.event, close.stale) == (Trust.KNOWN, "inspection.closed", True)


def _named(name: str) -> Callable[..., Status]:
    def rule(inspection: Inspection, data: Nothing, act: Act) -> Status:
        """Do it.

        And more.
        """
        return Status.ASKED

    rule.__name__ = name
    return rule


def test_an_old_name_leads_to_the_present_step_and_status() -> None:
    """Rows, timers and links of last year."""
    flow = a_flow(aliases={"agree": "right", "wished": "asked"})
    step = flow.step((Status.ASKED,), to=(Status.ACCEPTED,), who=supplier)(right)
    flow.check_aliases()
    assert flow.named("agree") is step
    assert flow.status("wished") is Status.ASKED


def plug_in(monkeypatch: pytest.MonkeyPatch, *found: object) -> None:
    """Let the entry points of this installation be *found*."""

    class Entry:
        name, value = "ours", "our_package:flow"

        def __init__(self, loaded: object) -> None:
            self.loaded = loaded

        def load(self) -> object:
            if isinstance(self.loaded, Exception):
                raise self.loaded
            return self.loaded

    monkeypatch.setattr(registry, "entry_points", lambda group: [Entry(one) for one in found])
    registry.all_workflows.cache_clear()


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """No test leaves its plug-ins behind."""
    yield
    registry.all_workflows.cache_clear()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((a_flow(), a_flow()), "workflow inspection is declared twice"),
        ((Workflow("invoice", Status, Inspection),), "workflow invoice is declared twice"),
        ((Inspection,), "is no Workflow"),
        ((a_flow(aliases={"old": "gone"}),), "neither a step nor a status"),
        ((ModuleNotFoundError("No module named 'our_package'"),), "ours = our_package:flow: ModuleNotFoundError"),
        ((WrongDeclaration("workflow x: step y has no target"),), "step y has no target"),
    ],
)
def test_a_wrong_plug_in_stops_the_start_in_words(monkeypatch: pytest.MonkeyPatch, found: Any, words: str) -> None:
    """Kind twice, no Workflow at all, an import that fails."""
    plug_in(monkeypatch, *found)
    with pytest.raises(WrongDeclaration) as raised:
        registry.all_workflows()
    assert words in str(raised.value)


def test_the_shipped_workflows_come_by_the_same_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, and their full names lead to their steps."""
    plug_in(monkeypatch)
    assert set(registry.all_workflows()) == {flow.kind for flow in SHIPPED}
    assert registry.step_named("invoice.confirm") is invoices.steps["confirm"]


# --- a plug-in at every door ---------------------------------------------------------------------------------------

inspections = a_flow(final=(Status.DECLINED,))


@inspections.create(to=(Status.ASKED,), who=buyer, tells={Status.ASKED: ((Reader.SUPPLIER, "order-sent"),)})
def ask(inspection: Inspection, data: Nothing, act: Act) -> Status:
    """Ask for a visit."""
    return Status.ASKED


@inspections.step(
    (Status.ASKED,),
    to=(Status.ACCEPTED,),
    who=supplier,
    deciding=True,
    tells={Status.ACCEPTED: ((Reader.BUYER, "invitation-accepted"),)},
)
def accept(inspection: Inspection, data: Nothing, act: Act) -> Status:
    """Let them come."""
    return Status.ACCEPTED


@inspections.step((Status.ASKED,), to=(Status.DECLINED,), who=supplier, deciding=True)
def decline(inspection: Inspection, data: Reason, act: Act) -> Status:
    """Do not let them come."""
    inspection.wish = data.reason
    return Status.DECLINED


@pytest.fixture
def asked(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Post, int]]:
    """Olga asked Ferrum for an inspection; no migration, no row of a shipped kind."""
    plug_in(monkeypatch, inspections)
    post = make_post(installation)
    with installation.database.write(post.world.company_id) as session:
        from store.parties import Company

        company = session.get_one(Company, post.world.company_id)
        actor = memberships(session, company.id, OWNER)[0].actor(Trust.SIGNED_IN, "command line")
        act = Act(installation, session, company, actor, "test:1")
        supplier_id = find_supplier(session, company.id, "Ferrum Ltd")
        content = Inspection("V-1", "Tuesday")
        made = create(ask, content, Nothing(), act, supplier_id=supplier_id, owner_id=actor.person_id)
    yield post, made.document.id
    post.receiving.close()


def test_b33_a_plug_ins_steps_are_buttons_and_facts_of_its_notices(asked: tuple[Post, int]) -> None:
    """The first deciding step is the primary button, in the order of declaration; the facts are the content's."""
    post, document_id = asked
    notice = post.notice("order-sent", ANA, document_id)
    assert [(link["step"], link["primary"]) for link in notice.facts["links"]] == [
        ("accept", True),
        ("decline", False),
        ("open", False),
    ]
    assert notice.facts["document"] | {"public_id": ""} == {
        "kind": "inspection",
        "public_id": "",
        "number": "V-1",
        "title": "Inspection of the works",
        "status": "asked",
        "currency": None,
        "supplier": "Ferrum Ltd",
        "note": "Tuesday",
    }
    assert "V-1" in mail("order-sent", reader_of("en"), notice.facts).subject


def test_b33_a_plug_ins_step_is_taken_by_reply(asked: tuple[Post, int]) -> None:
    """The phrase is that of the step's name; the owner is told."""
    post, document_id = asked
    post.send(ANA, post.address("order-sent", ANA, document_id), "accept")
    assert post.world.document(document_id).status is Status.ACCEPTED
    assert "invitation-accepted" in post.names(OWNER)


def test_b33_a_plug_ins_step_is_refused_in_words(asked: tuple[Post, int]) -> None:
    """What is final stays so, and the sentence names it."""
    post, document_id = asked
    to = post.address("order-sent", ANA, document_id)
    post.send(ANA, to, "decline: the works are closed")
    assert post.world.document(document_id).content.wish == "the works are closed"
    post.send(ANA, to, "accept")
    assert post.world.document(document_id).status is Status.DECLINED
    assert "V-1" in post.text("answer", ANA)


def test_b33_a_plug_ins_step_has_a_page_form(asked: tuple[Post, int]) -> None:
    """The fields of its data type are what the form asks."""
    post, document_id = asked
    assert can_ask(Reason)
    form = form_of(decline.full_name, decline.data_type, post.world.document(document_id).content, reader_of("en"))
    assert [one.name for one in form.inputs] == ["reason"]


def test_b33_a_plug_ins_document_has_a_page_with_its_buttons(asked: tuple[Post, int]) -> None:
    """Opened and decided by the links of its mail."""
    from tests.inbound.web.world import Browser

    post, document_id = asked
    browser = Browser(post.installation)
    page = browser.get(post.world.link(ANA, "accept", document_id))
    assert page.status == 200
    done = browser.press(page, page.url)
    assert done.status == 200
    assert post.world.document(document_id).status is Status.ACCEPTED
