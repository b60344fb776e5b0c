"""Stored mails are understood again: what would change is said before anything changes, and only on request done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from inbound import understanding
from inbound.replay import act_again, replay
from inbound.route import route
from store import clock
from store.installation import Installation
from store.mails import MailStatus
from tests.inbound.post import ANA, MAILBOX, OWNER, Post, a_mail, an_invoice, make_post


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


def test_mail_that_is_understood_as_before_has_no_changes(post: Post) -> None:
    """Though the documents have moved on since: each is looked at as it stood when the mail came."""
    to = post.address("order-sent", ANA)
    post.send(ANA, to, "We confirm the order.")
    post.send(ANA, to, "Our invoice.", ("invoice.xml", an_invoice()))
    post.send(ANA, post.address("answer", ANA), "confirm")
    post.send(OWNER, post.address("invoice-to-approve", OWNER), "Approved.")
    post.send("eve@evil.example", MAILBOX, "Hello")
    before = post.count(), post.events()
    found = list(replay(post.installation))
    assert [one.changes for one in found] == [()] * 5
    assert (post.count(), post.events()) == before


def test_what_the_code_understands_differently_is_shown(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sides of it, and nothing is done."""
    mail_id = post.send(ANA, post.address("order-sent", ANA), "We confirm the order.")
    real = understanding.meaning_of

    def otherwise(*given: Any) -> Any:
        meaning = real(*given)
        return replace(meaning, actions=(), note="We confirm the order.")

    monkeypatch.setattr(understanding, "meaning_of", otherwise)
    events = post.events()
    (one,) = replay(post.installation, mail_ids=[mail_id])
    changes = {change["what"]: (change["before"], change["now"]) for change in one.changes}
    assert changes["actions"] == ([{"action": "acknowledge", "words": "We confirm the order.", "deciding": True}], [])
    assert changes["note"] == ("", "We confirm the order.")
    assert post.events() == events


def test_mail_that_was_given_up_is_shown_and_then_acted_on(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault is mended, the mail replayed; a mail that was acted on is never acted on again."""
    to = post.address("order-sent", ANA)
    with monkeypatch.context() as broken:
        broken.setattr("inbound.route.carry_out", lambda *_: 1 / 0)
        mail_id = post.hand_in(a_mail(ANA, to, "We confirm the order."), to)
        for _ in range(post.installation.mail_tries):
            route(post.installation, mail_id)
    (one,) = replay(post.installation)
    assert (one.status, one.changes[0]["before"]) == (MailStatus.QUARANTINED, None)
    assert one.changes[0]["now"] == {
        "kind": "person", "trust": "authenticated", "actions": ["acknowledge"], "questions": []
    }  # fmt: skip
    assert post.mail(mail_id).status == MailStatus.QUARANTINED
    events = post.events()
    assert act_again(post.installation, mail_id) == MailStatus.ACTED
    done = post.events()
    assert done > events
    assert act_again(post.installation, mail_id) == MailStatus.ACTED
    assert post.events() == done


def test_mail_that_fails_again_says_how(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the replay goes on with the next."""
    post.send(ANA, post.address("order-sent", ANA), "one")
    post.send(ANA, post.address("order-sent", ANA), "two")
    monkeypatch.setattr("inbound.replay.understand", lambda *_, **__: 1 / 0)
    assert [one.failure for one in replay(post.installation)] == ["ZeroDivisionError: division by zero"] * 2


def test_only_mails_since_a_moment_are_looked_at(post: Post) -> None:
    """By the moment we took them."""
    post.send(ANA, post.address("order-sent", ANA), "one")
    assert len(list(replay(post.installation, clock.now() - timedelta(hours=1)))) == 1
    assert list(replay(post.installation, clock.now() + timedelta(hours=1))) == []
    assert list(replay(post.installation, mail_ids=[999])) == []
