"""A mail that was given up waits with its reason for the company's people, who have it tried again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inbound.route import route
from store.installation import Installation
from store.mails import MailStatus
from tests.inbound.post import ANA, COLLEAGUE, MAILBOX, OWNER, Post, a_mail, an_invoice, make_post
from tests.inbound.web.test_sessions import sign_in
from tests.inbound.web.world import Browser

INVOICE = ("invoice.xml", an_invoice())


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


def poisoned(_attachment: object, _orders: object) -> None:
    raise ZeroDivisionError("divided 4711 by nought")


def given_up(post: Post, to: str, words: str = "Our invoice, secretly.") -> int:
    """A mail of Ana's that failed as often as it may."""
    mail_id = post.hand_in(a_mail(ANA, to, words, [INVOICE]), to)
    for _ in range(post.installation.mail_tries):
        route(post.installation, mail_id, poisoned)
    assert post.mail(mail_id).status == MailStatus.QUARANTINED
    return mail_id


def path_of(post: Post, mail_id: int) -> str:
    return f"/mails/{bytes(post.mail(mail_id).digest).hex()}/again"


@pytest.mark.parametrize("way", ["thread", "mailbox"])
def test_b40_a_given_up_mail_is_shown_with_its_reason_and_tried_again(post: Post, browser: Browser, way: str) -> None:
    """Neither its words nor the error's are shown; tried again, it acts as if nothing had been in its way."""
    mail_id = given_up(post, post.address("order-sent", ANA) if way == "thread" else MAILBOX)
    sign_in(post.world, browser, OWNER)
    assert "1 mail could not be acted on." in browser.get("/").text
    page = browser.get("/triage")
    assert "We could not finish with it, 5 times: ZeroDivisionError." in page.text
    assert (post.mail(mail_id).sender or "nobody is named") in page.text
    assert not {"secretly", "4711"} & set(page.text.replace(",", " ").replace(".", " ").split())
    done = browser.press(page, "/again")
    assert "The mail is tried again now." in done.text
    mail = post.mail(mail_id)
    assert (mail.status, mail.tries) == (MailStatus.KEPT, 0)
    route(post.installation, mail_id)
    assert post.mail(mail_id).status == MailStatus.ACTED
    assert "could not be acted on" not in browser.get("/").text
    assert [number for number, _status in post.invoices()] == ["22914"]


def test_b40_a_mail_that_is_under_way_again_is_not_tried_twice(post: Post, browser: Browser) -> None:
    """The second press finds no given-up mail; a colleague may press as well as the owner."""
    mail_id = given_up(post, MAILBOX)
    sign_in(post.world, browser, COLLEAGUE)
    page = browser.get("/triage")
    browser.press(page, "/again")
    again = browser.post(path_of(post, mail_id), page.hidden("/again"))
    assert again.status == 404


def test_b40_nobody_else_sees_or_tries_it(post: Post, browser: Browser) -> None:
    """A supplier's person does not, not even its author; nor does anybody without the form's own token."""
    mail_id = given_up(post, post.address("order-sent", ANA))
    sign_in(post.world, browser, ANA)
    assert browser.get("/triage").status == 404
    token = {"form_token": browser.get("/").value("form_token")}
    assert browser.post(path_of(post, mail_id), token).status == 404
    sign_in(post.world, browser, OWNER)
    assert browser.post(path_of(post, mail_id), {"form_token": "x"}).status == 403
    assert browser.post("/mails/zz/again", {"form_token": browser.get("/").value("form_token")}).status == 404
    assert post.mail(mail_id).status == MailStatus.QUARANTINED
