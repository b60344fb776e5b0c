"""How a mail was understood stands on a page for the company that it came to, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.installation import Installation
from tests.inbound.post import ANA, BEN, MAILBOX, OWNER, Post, make_post
from tests.inbound.web.test_sessions import sign_in
from tests.inbound.web.world import Browser


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


def path(post: Post, mail_id: int) -> str:
    return f"/mails/{bytes(post.mail(mail_id).digest).hex()}"


def test_mail_without_a_home_is_explained_from_the_home_page(post: Post, browser: Browser) -> None:
    """Its subject leads there; every step stands with its reason."""
    mail_id = post.send("eve@evil.example", MAILBOX, "Hello", subject="Who are you")
    home = sign_in(post.world, browser, OWNER)
    assert "Who are you" in home.text
    assert path(post, mail_id) in home.links()
    shown = browser.get(path(post, mail_id))
    assert shown.status == 200
    assert "nothing says that a machine wrote it" in shown.text
    assert "the company's mailbox: no document" in shown.text


def test_own_mail_is_explained(post: Post, browser: Browser) -> None:
    """What one of the company's people wrote."""
    mail_id = post.send(OWNER, MAILBOX, "status", subject="PO-1")
    sign_in(post.world, browser, OWNER)
    assert "trust" in browser.get(path(post, mail_id)).text


@pytest.mark.parametrize("who", ["", ANA, BEN])
def test_suppliers_and_strangers_see_no_mail(post: Post, browser: Browser, who: str) -> None:
    """Not even their own: the page is the buyer's."""
    mail_id = post.send("eve@evil.example", MAILBOX, "Hello")
    if who:
        sign_in(post.world, browser, who)
    answer = browser.get(path(post, mail_id))
    assert answer.status == 404 if who else answer.url == "/sign-in"


def test_suppliers_mail_about_a_document_is_not_shown(post: Post, browser: Browser) -> None:
    """It may hold what stays on their side; what crossed stands with the document."""
    mail_id = post.send(ANA, post.address("order-sent", ANA), "We confirm the order.")
    sign_in(post.world, browser, OWNER)
    assert browser.get(path(post, mail_id)).status == 404


@pytest.mark.parametrize("digest", ["0" * 64, "zz", "0" * 500, ""])
def test_made_up_mail_is_not_found(post: Post, browser: Browser, digest: str) -> None:
    """Whatever stands in the address."""
    sign_in(post.world, browser, OWNER)
    assert browser.get(f"/mails/{digest}").status == 404
