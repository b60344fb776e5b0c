"""The buyer is told what is odd about a sender, in the very notice that the mail causes; the supplier is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.installation import Installation
from tests.inbound.post import ANA, OWNER, Post, make_post
from workflows.people import Trust


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


def told(post: Post, author: str, text: str = "When do you need it?", **more: object) -> str:
    """Olga's note of what *author* wrote into Ana's thread."""
    post.send(author, post.address("order-sent", ANA), text, **more)
    return post.text("note", OWNER)


def test_look_alike_is_named_first(post: Post) -> None:
    """With the domain that it is taken for."""
    text = told(post, "Ana Ferrum <ana@ferrurn.example>")
    assert "ana@ferrurn.example looks like ferrum.example, but it is another domain." in text
    assert "ana@ferrurn.example is not on file with Ferrum Ltd" in text


def test_answers_that_go_elsewhere_are_named(post: Post) -> None:
    """A proved sender, whose Reply-To leads to another organisation."""
    text = told(post, ANA, headers=[("Reply-To", "ana.ferrum@freemail.example")])
    assert "answers to this mail would go to ana.ferrum@freemail.example" in text


def test_sender_without_proof_is_named(post: Post) -> None:
    """Her address, and nothing that proves it."""
    assert f"Nothing proves that {ANA} wrote this mail." in told(post, ANA, proof="")


def test_proved_person_on_file_is_shown_without_a_caution(post: Post) -> None:
    """Most mails."""
    text = told(post, ANA, headers=[("Reply-To", "sales@ferrum.example")])
    assert "Careful" not in text
    assert "Nothing proves" not in text


def test_writer_behind_a_group_is_named_as_the_mail_says(post: Post) -> None:
    """The group's pass for its own address makes nobody a colleague; the note is the supplier's."""
    group = [("X-Original-From", f"Ana <{ANA}>"), ("Sender", OWNER)]
    post.send(f"'Ana' via Orders <{OWNER}>", post.address("order-sent", ANA), "When?", headers=group)
    assert f"that {ANA} wrote it is not proved" in post.text("note", OWNER)


def test_mailbox_of_several_people_decides_nothing_by_itself() -> None:
    """Proved or not, nobody knows which of them it was."""
    from inbound.threads import Thread
    from inbound.verdict import Verdict
    from inbound.writer import _trust_of_known
    from workflows.parties import Member

    proved = Verdict("authenticated", "")
    for address, trust in (("accounts@acme.example", Trust.KNOWN), ("olga@acme.example", Trust.PERSONAL)):
        person = Member(7, "", address, None, None, None, frozenset())
        assert _trust_of_known(Thread(1, 1, "", 7), person, proved, None)[0] is trust
