"""Signing in by mail, the home page, and the document pages of who signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from store import clock
from store.database import Database
from store.mails import Mail
from store.triage import Triage
from tests.inbound.web.world import ANA, BEN, OWNER, Answer, Browser, World


def sign_in(world: World, browser: Browser, address: str) -> Answer:
    """Ask for a sign-in link, open it from the mail, press the button."""
    browser.post("/sign-in", {"address": address})
    link = world.link(address, "sign_in")
    assert browser.get(link).status == 200
    return browser.post(link)


def test_signing_in_takes_a_link_mailed_to_the_address_on_file(world: World, browser: Browser):
    """The link signs in once; the cookie is out of reach of scripts and other sites."""
    assert browser.get("/").url == "/sign-in"
    browser.post("/sign-in", {"address": " Ana@Ferrum.example "})
    link = world.link(ANA, "sign_in")
    answer = browser.client.post(link, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303
    for part in ("httponly", "samesite=lax", "secure", "path=/"):
        assert part in cookie
    assert "Your documents" in browser.get("/").text
    again = Browser(world.installation)
    assert "This link was used already" in again.post(link).text
    assert again.get("/").url == "/sign-in"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(world: World, browser: Browser):
    """Nobody learns from the page who is known here."""
    known = browser.post("/sign-in", {"address": ANA})
    unknown = browser.post("/sign-in", {"address": "eve@evil.example"})
    assert known.text == unknown.text
    assert world.notices("sign-in") == [("sign-in", ANA)]


def test_asking_again_and_again_mails_one_link(world: World, browser: Browser):
    """At most one sign-in mail in five minutes."""
    for _ in range(4):
        browser.post("/sign-in", {"address": ANA})
    assert len(world.notices("sign-in")) == 1


@pytest.mark.parametrize("address", ["", "ana", "a@b c", "@" * 300, "\x00@x", "a" * 254 + "@x.example"])
def test_what_is_no_address_is_asked_again(world: World, browser: Browser, address: str):
    """The field says so."""
    answer = browser.post("/sign-in", {"address": address})
    assert answer.status in (200, 422)
    assert world.notices("sign-in") == []


def test_a_sign_in_link_is_good_for_a_short_time(world: World, browser: Browser):
    """After half an hour it has expired, and a session after a week."""
    browser.post("/sign-in", {"address": ANA})
    link = world.link(ANA, "sign_in")
    now = clock.now()
    try:
        clock.set_source(lambda: now + timedelta(minutes=31))
        assert "has expired" in browser.post(link).text
        assert "Your documents" in sign_in(world, browser, ANA).text
        clock.set_source(lambda: now + timedelta(days=8))
        assert browser.get("/").url == "/sign-in"
    finally:
        clock.set_source(None)


def test_f1_f22_the_suppliers_home_shows_what_waits_and_counts_invoices_to_create(world: World, browser: Browser):
    """The order waits first, with its mark; the count of orders to invoice stands above."""
    world.order("PO-1")
    world.order("PO-2")
    world.request()
    page = sign_in(world, browser, ANA)
    assert "2 orders have invoices still to create." in page.text
    waiting = page.text.index("Waiting for you")
    for number in ("PO-1", "PO-2", "RFP-7"):
        assert page.text.index(number) > waiting
    assert page.source.count("invoice to create") == 2


def test_the_customers_home_lists_mails_that_found_no_document(world: World, browser: Browser, database: Database):
    """A mail that was acted on without a home stands on the customer's home page, and on no supplier's."""
    with database.write() as session:
        for digest, home in ((b"a" * 32, None), (b"b" * 32, "abc")):
            session.execute(
                insert(Mail).values(
                    digest=digest, way="smtp", sender="x@x.example", size=1, received_at=clock.now(), status="acted",
                    reason=None, tries=0, due=clock.now(), company_id=world.company_id, author=f"{home}@lost.example",
                    kind="person", message_id=None, acted_at=None,
                    understanding={"home": home, "subject": f"About {home}"},
                )
            )  # fmt: skip
        session.execute(
            insert(Triage).values(
                company_id=world.company_id,
                mail_id=select(Mail.id).where(Mail.author == "None@lost.example").scalar_subquery(),
                state="open", why="stranger", created_at=clock.now(),
            )
        )  # fmt: skip
    page = sign_in(world, browser, OWNER)
    assert "Mails that found no document" in page.text
    assert "None@lost.example" in page.text
    assert "abc@lost.example" not in page.text
    assert "lost.example" not in sign_in(world, Browser(world.installation), ANA).text


def test_a_signed_in_person_acts_on_the_document_page(world: World, browser: Browser):
    """The same forms, with the session's token; a double click acts once."""
    order = world.document(world.order())
    sign_in(world, browser, ANA)
    path = f"/d/{order.public_id}"
    form = browser.get(f"{path}/acknowledge")
    page = browser.press(form, "/acknowledge")
    assert "The order was confirmed." in page.text
    assert browser.press(form, "/acknowledge").status == 200
    assert world.events(order.id) == ["order.sent", "order.acknowledged"]
    assert world.notices("order-acknowledged") == [("order-acknowledged", OWNER)]


@pytest.mark.parametrize("token", [None, "", "a" * 26])
def test_a_form_of_another_site_does_nothing(world: World, browser: Browser, token: str | None):
    """Without the session's own token every form is refused, the sign-out too."""
    order = world.document(world.order())
    sign_in(world, browser, ANA)
    fields = browser.get(f"/d/{order.public_id}/acknowledge").hidden("/acknowledge")
    fields.pop("form_token")
    if token is not None:
        fields["form_token"] = token
    for path in (f"/d/{order.public_id}/acknowledge", f"/d/{order.public_id}/note", "/sign-out"):
        assert browser.post(path, {**fields, "text": "x"}).status == 403
    assert world.events(order.id) == ["order.sent"]


def test_a_form_token_of_one_session_is_refused_in_another(world: World):
    """Ben's form token does not open Ana's forms."""
    order = world.document(world.order())
    ana, ben = Browser(world.installation), Browser(world.installation)
    sign_in(world, ana, ANA)
    bens = sign_in(world, ben, BEN).hidden("/sign-out")["form_token"]
    fields = ana.get(f"/d/{order.public_id}/acknowledge").hidden("/acknowledge")
    assert ana.post(f"/d/{order.public_id}/acknowledge", {**fields, "form_token": bens}).status == 403


def test_nobody_sees_a_document_of_another_supplier(world: World, browser: Browser):
    """Ben is signed in; Ana's order, its steps and its files are not there for him."""
    order = world.document(world.order())
    sign_in(world, browser, BEN)
    token = browser.get("/").hidden("/sign-out")["form_token"]
    for path in (
        f"/d/{order.public_id}",
        f"/d/{order.public_id}/acknowledge",
        f"/d/{order.public_id}/files/{'a' * 64}",
    ):
        assert browser.get(path).status == 404
    answer = browser.post(f"/d/{order.public_id}/note", {"form_token": token, "text": "x"})
    assert answer.status == 404
    assert "PO-1" not in browser.get("/").text


def test_signing_out_ends_the_session(world: World, browser: Browser):
    """The cookie opens nothing any more, even if somebody kept it."""
    page = sign_in(world, browser, ANA)
    kept = browser.client.cookies["postroom"]
    browser.press(page, "/sign-out")
    other = Browser(world.installation)
    other.client.cookies.set("postroom", kept)
    assert other.get("/").url == "/sign-in"


def test_health_readiness_and_what_is_no_page(world: World, browser: Browser):
    """The process tells that it lives and whether the database answers; unknown pages are told in words."""
    assert browser.client.get("/healthz").json() == {"status": "ok"}
    assert browser.client.get("/readyz").json() == {"status": "ok"}
    assert browser.get("/nowhere").status == 404
    assert "There is no such page" in browser.get("/nowhere").text
    assert browser.client.get("/style/style.css").headers["content-type"].startswith("text/css")
    assert browser.client.get("/style/..%2flayout.html").status_code == 404
