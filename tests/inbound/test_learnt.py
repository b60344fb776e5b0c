"""B6: what a person corrected is read right on the next document of that supplier and layout, until it is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import typst

from inbound.learnt import LEARNT, applied
from inbound.letter import read_letter
from inbound.route import default_reader
from inbound.understanding import understand
from store.installation import Installation
from tests.inbound.post import ANA, BEN, COLLEAGUE, OWNER, Post, a_mail, make_post
from tests.inbound.web.test_sessions import sign_in
from tests.inbound.web.world import BOLTWERK, Browser
from workflows import intake
from workflows.errors import NotFound, NotTheirs
from workflows.layouts import alike
from workflows.reading import Layout, Place, Reading
from workflows.remembered import forget, learnt_layouts

D = Decimal


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme, with orders to its two suppliers."""
    made = make_post(installation)
    made.world.order()
    made.world.order("PO-2", supplier=BOLTWERK)
    yield made
    made.receiving.close()


def a_page(number: str, day: str, *, label: str = "Reg.", other: str = "Desk 4", left: str = "20mm") -> bytes:
    """An invoice over 10.80 that calls its number and its date as nobody does, and has other figures beside them."""
    rows = ("[1], [Bracket 1], [2 pcs], [4.50], [9.00]", "[], [Net], [], [], [9.00]", "[], [VAT 20 %], [], [], [1.80]")
    table = ", ".join(("[Pos.], [Item], [Quantity], [Unit price], [Amount]", *rows, "[], [Total EUR], [], [], [10.80]"))
    head = f"[{label}], [{number}], [Written], [{day}], [Seen by], [{other}]"
    return typst.compile(
        (
            f'#set page(paper: "a4", margin: (left: {left}))\n#set text(font: "DejaVu Sans", size: 9pt)\n'
            "Ironworks at the harbour\n\n= Invoice\n\n"
            f"#table(columns: (60mm, 60mm), stroke: none, {head})\n"
            "Goods stay ours until they are paid for. \\\nThank you for your trust.\n\n"
            f"#table(columns: 5, stroke: none, {table})\n"
        ).encode()
    )


def came(post: Post, number: str, day: str = "2026-11-20", *, who: str = ANA, **more: str) -> None:
    """The page comes by mail."""
    to = post.address("order-sent", who)
    post.send(who, to, "", ("invoice.pdf", a_page(number, day, **more)))


def taught(post: Post) -> None:
    """The first page came, and Ana said by mail what its number is."""
    came(post, "77/26")
    assert post.world.newest("invoice").number is None
    post.send(ANA, post.address("answer", ANA), "invoice number: 77/26")
    assert post.world.newest("invoice").number == "77/26"


def test_b6_a_number_corrected_by_mail_is_read_on_the_next_document_of_the_layout(post: Post) -> None:
    """Under the same words at the same place, with another value."""
    taught(post)
    came(post, "91/26", other="Desk 7")
    assert post.world.newest("invoice").number == "91/26"


def test_b6_another_layout_learns_nothing(post: Post) -> None:
    """Neither where the words are others, nor where the place is the same and the words around it are not."""
    taught(post)
    came(post, "91/26", label="Folio")
    assert post.world.newest("invoice").number is None


def test_b6_another_supplier_is_not_affected(post: Post) -> None:
    """Its page looks the same."""
    taught(post)
    came(post, "91/26", who=BEN)
    assert post.world.newest("invoice", BOLTWERK).number is None


def test_b6_another_company_is_not_affected(post: Post) -> None:
    """Though the same supplier writes to it."""
    taught(post)
    new = intake.NewCompany("Zeta", "buy@zeta.example", "po.example.com", "Zoe", "zoe@zeta.example")
    other = intake.add_company(post.installation, new)
    intake.invite_supplier(
        post.installation, other, by="zoe@zeta.example", name="Ferrum Ltd", address=ANA, contact="Ana Adler"
    )
    post.send(ANA, "buy@zeta.example", "", ("invoice.pdf", a_page("91/26", "2026-11-20")))
    made = post.world.newest("invoice")
    assert (made.company_id, made.number) == (other, None)


def test_b6_what_was_learnt_is_listed_and_forgotten_by_an_owner(post: Post) -> None:
    """By nobody else, and once."""
    taught(post)
    with post.installation.database.read() as session:
        (kept,) = learnt_layouts(session, post.world.company_id)
    assert (kept["supplier"], kept["document"]) == ("Ferrum Ltd", "77/26")
    assert kept["fields"] == [{"field": "number", "at": ["right of: reg"]}]
    with pytest.raises(NotTheirs):
        forget(post.installation, post.world.company_id, kept["id"], by="carl@acme.example")
    forget(post.installation, post.world.company_id, kept["id"], by=OWNER)
    with pytest.raises(NotFound):
        forget(post.installation, post.world.company_id, kept["id"], by=OWNER)
    came(post, "91/26")
    assert post.world.newest("invoice").number is None


def test_b6_pages_are_of_one_layout_however_many_lines_they_have() -> None:
    """Lines come and go; a few words in common, as of a letterhead, are not enough."""
    frame = [f"m{n}" for n in range(10)]
    assert alike(frame, [*frame, *(f"line {n}" for n in range(30))])
    assert not alike(frame, [*frame[:5], *(f"other {n}" for n in range(5))])
    assert not alike(frame[:3], frame[:3])


PAGE = Layout(
    ("a", "b", "c"),
    (
        Place("right of: reg", "R-7"),
        Place("right of: our ref", "K-1"),
        Place("right of: written", "4.5.2026", day=date(2026, 5, 4)),
        Place("right of: sum", "12.00", amount=D(12)),
    ),
)


def test_b6_a_misread_value_gives_way_only_where_it_stands_as_it_did_when_corrected() -> None:
    """Read at a third place, the reader and the lesson contradict each other: the field stays empty."""
    lesson = {"number": {"at": ["right of: reg"], "wrong": ["right of: our ref"]}}
    read = applied(Reading(number="K-1"), PAGE, lesson)
    assert (read.number, read.where["number"]) == ("R-7", f"{LEARNT}: right of: reg")
    assert applied(Reading(number="X-9"), PAGE, lesson).number is None


def test_b6_places_that_contradict_each_other_leave_the_field_empty() -> None:
    """Two places were learnt, and two values stand there now."""
    lesson = {"number": {"at": ["right of: reg", "right of: our ref"], "wrong": []}}
    assert applied(Reading(), PAGE, lesson).number is None


def test_b6_a_learnt_total_counts_only_where_net_and_tax_make_it() -> None:
    """And a learnt due date only where it is not before the invoice."""
    lesson = {"gross": {"at": ["right of: sum"], "wrong": []}, "due_date": {"at": ["right of: written"], "wrong": []}}
    fits = Reading(net=D(10), tax=D(2), issue_date=date(2026, 5, 1))
    assert applied(fits, PAGE, lesson).gross == D(12)
    assert applied(fits, PAGE, lesson).due_date == date(2026, 5, 4)
    assert applied(replace(fits, tax=D(3), issue_date=date(2026, 6, 1)), PAGE, lesson).gross is None
    assert applied(replace(fits, issue_date=date(2026, 6, 1)), PAGE, lesson).due_date is None


def test_b6_an_owner_sees_and_forgets_what_was_learnt_on_a_page(post: Post) -> None:
    """From the home page; a colleague without the role sees no such page."""
    taught(post)
    browser = Browser(post.installation)
    home = sign_in(post.world, browser, OWNER)
    path = next(link for link in home.links() if link.startswith("/layouts/"))
    page = browser.get(path)
    assert "Ferrum Ltd" in page.text
    assert "Invoice number: to the right of “reg”" in page.text
    after = browser.press(page, "/forget")
    assert "It is forgotten." in after.text
    assert "Nothing is learnt yet." in after.text
    assert browser.press(page, "/forget").status == 404
    sign_in(post.world, browser, COLLEAGUE)
    assert browser.get(path).status == 404


def test_b6_a_correction_on_the_page_teaches_as_one_by_mail_does(post: Post) -> None:
    """And `explain` says what was learnt."""
    came(post, "77/26")
    link = post.world.link(ANA, "open", post.world.newest("invoice").id)
    browser = Browser(post.installation)
    browser.press(browser.get(f"{link}/edit"), "/edit", {"number": "77/26"})
    came(post, "91/26")
    assert post.world.newest("invoice").number == "91/26"
    with post.installation.database.read() as session:
        source = a_mail(ANA, post.address("order-sent", ANA), "", [("i.pdf", a_page("92/26", "x"))])
        recipients = [(post.address("order-sent", ANA), post.notice("order-sent", ANA).key)]
        found = understand(session, post.installation, read_letter(source), recipients, default_reader())
    assert ("learnt", "number right of: reg") in found.steps
