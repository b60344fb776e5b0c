"""A supplier's users see each other on a page and bring in a colleague there (F17, F18)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from store.parties import Supplier
from tests.inbound.web.test_sessions import sign_in
from tests.inbound.web.world import ANA, BEN, FERRUM, OWNER, Browser, World
from workflows.parties import memberships

KIM = "kim@ferrum.example"


def path_of(world: World, supplier: str = FERRUM) -> str:
    with world.installation.database.read() as session:
        found = session.scalars(select(Supplier.public_id).where(Supplier.name == supplier)).one()
    return f"/users/{found}"


def test_f17_a_suppliers_user_sees_who_takes_part(world: World, browser: Browser) -> None:
    """By the link on the home page; nobody of another supplier stands there."""
    sign_in(world, browser, ANA)
    assert path_of(world) in browser.get("/").links()
    page = browser.get(path_of(world))
    assert "Ana" in page.text
    assert ANA in page.text
    assert BEN not in page.text


def test_f18_invite_user_creates_one_and_tells_them(world: World, browser: Browser) -> None:
    """Name and address, Create; the new user stands in the list and gets a mail, once however often it is pressed."""
    sign_in(world, browser, ANA)
    page = browser.get(path_of(world))
    fields = {"name": "  Kim   Kit ", "address": "Kim@Ferrum.example"}
    for _ in range(2):
        done = browser.press(page, path_of(world), fields)
        assert "The user was created" in done.text
        assert "Kim Kit" in done.text
    assert world.notices("user-invited") == [("user-invited", KIM)]
    with world.installation.database.read() as session:
        assert memberships(session, world.company_id, KIM)[0].name == "Kim Kit"


@pytest.mark.parametrize(
    ("name", "address", "told"),
    [
        ("Kim", "nonsense", "is no mail address of a person"),
        ("", KIM, "Please say the name"),
        ("Ana", ANA, "takes part already"),
        ("Olga", OWNER, "own people"),
    ],
)
def test_f18_what_does_not_do_is_said_and_kept_in_the_form(
    world: World, browser: Browser, name: str, address: str, told: str
) -> None:
    """Nobody is invited, and what was typed is there still."""
    sign_in(world, browser, ANA)
    answer = browser.press(browser.get(path_of(world)), path_of(world), {"name": name, "address": address})
    assert answer.status >= 400
    assert told in answer.text
    assert answer.value("address") == address
    assert world.notices("user-invited") == []


@pytest.mark.parametrize("who", ["", OWNER, BEN])
def test_f17_nobody_else_sees_them(world: World, browser: Browser, who: str) -> None:
    """Neither the customer by this page, nor another supplier, nor a stranger; nor is a foreign form taken."""
    if who:
        sign_in(world, browser, who)
    answer = browser.get(path_of(world))
    assert answer.status == 404 if who else answer.url == "/sign-in"
    answer = browser.post(path_of(world), {"name": "Kim", "address": KIM, "form_token": "x"})
    assert answer.status == 403 if who else answer.url == "/sign-in"
    assert world.notices("user-invited") == []
