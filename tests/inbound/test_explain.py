"""B23: an explanation says to whom, by whom, about what, what is asked and done, in whole sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inbound.explain import explain
from postroom.explained import explained
from store.installation import Installation
from tests.inbound.post import ANA, Post, a_mail, make_post


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


def test_b23_a_question_stands_in_the_steps_as_it_would_be_asked(post: Post) -> None:
    """With its words filled in, and the note in full; the token of the thread is not written out."""
    to = post.address("order-sent", ANA)
    found = explain(post.installation, a_mail(ANA, to, "Undo that.\n1: 8 x 4.60\n\nThe boxes are blue.\n\nAna"), [to])
    text = "\n".join(explained(found))
    assert "a reply address of ours at po.example.com" in text
    assert to not in text
    assert "{" not in text
    assert "%(" not in text
    assert "The boxes are blue." in text


def test_b23_a_bounce_names_the_addresses_and_warns_of_nobody(post: Post) -> None:
    """The buyer is told; a mail system needs no proof of who it is."""
    to = post.address("order-sent", ANA)
    head = ("Return-Path: <>", "From: MAILER-DAEMON@mx.example", f"To: {to}", "Subject: Undeliverable", "")
    words = ("Your message could not be delivered to <ana@ferrum.example>: 550 5.1.1 unknown", "")
    found = explain(post.installation, "\r\n".join((*head, *words)).encode())
    assert ["bounce", "ana@ferrum.example (5.1.1): for good"] in found["steps"]
    assert not [step for step, _ in found["steps"] if step == "caution"]  # type: ignore[attr-defined]


def test_b23_a_mail_that_names_nothing_of_ours_says_to_whom_it_came(post: Post) -> None:
    """So that a wrong address is seen."""
    found = explain(post.installation, a_mail(ANA, "nobody@elsewhere.example", "Hello"))
    assert ["to", "nobody@elsewhere.example"] in found["steps"]
    assert ["thread", "nothing of ours is named"] in found["steps"]
