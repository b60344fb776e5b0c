"""Two machines that answer each other are stopped, with the reason; a kind of failure is told once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from inbound import fuse
from inbound.route import route
from store import clock
from store.installation import Installation
from store.mails import MailStatus
from tests.inbound.post import ANA, OWNER, Post, a_mail, make_post


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()
    clock.set_source(None)


@pytest.mark.parametrize("words", ["status?", "Thank you, your mail number {n} is being looked at."])
def test_loop_is_quarantined_with_its_reason(post: Post, words: str) -> None:
    """Answers count, and so do notes that an answering machine on either side makes of every mail."""
    to = post.address("order-sent", ANA)
    for n in range(fuse.MOST):
        mail_id = post.send(ANA, to, words.format(n=n))
        assert post.mail(mail_id).status == MailStatus.ACTED
    count = post.count()
    stopped = [post.send(ANA, to, words.format(n=n)) for n in range(100, 103)]
    for mail_id in stopped:
        mail = post.mail(mail_id)
        assert mail.status == MailStatus.QUARANTINED
        assert "about PO-1 in two hours" in (mail.reason or "")
    assert post.names(since=count) == ["mail-failed"]


def test_fuse_is_whole_again_after_two_hours(post: Post) -> None:
    """A quarantined mail that is routed again then acts."""
    to = post.address("order-sent", ANA)
    for n in range(fuse.MOST + 1):
        last = post.send(ANA, to, f"Note {n}")
    moment = clock.now() + fuse.WITHIN + timedelta(minutes=1)
    clock.set_source(lambda: moment)
    post.set_status(last, MailStatus.KEPT)
    route(post.installation, last)
    assert post.mail(last).status == MailStatus.ACTED


def test_other_people_and_threads_are_not_held_up(post: Post) -> None:
    """The fuse is one sender's in one thread."""
    to = post.address("order-sent", ANA)
    for n in range(fuse.MOST + 1):
        post.send(ANA, to, f"Note {n}")
    other = post.world.order("PO-2")
    assert post.mail(post.send(ANA, post.address("order-sent", ANA, other), "Hello")).status == MailStatus.ACTED
    assert post.mail(post.send(OWNER, post.address("note", OWNER), "Stop.")).status == MailStatus.ACTED


def test_one_mail_that_does_many_things_is_one_mail(post: Post) -> None:
    """Events are counted by the mail that caused them."""
    order = post.world.order("PO-9", lines=12)
    to = post.address("order-sent", ANA, order)
    for n in range(3):
        text = "\n".join(f"{line}: {line + n} x 4.10" for line in range(1, 13))
        post.send(ANA, to, text)
    assert post.mail(post.send(ANA, to, "One more word.")).status == MailStatus.ACTED


def test_stranger_in_the_thread_is_refused_once_a_day(post: Post) -> None:
    """Somebody who is not on file asks for what needs proof, again and again."""
    to = post.address("order-sent", ANA)
    stranger = "mallory@evil.example"
    for _ in range(3):
        post.send(stranger, to, "status?")
    assert len(post.names(stranger)) <= 1


def test_failed_mails_of_one_sender_are_told_once_a_day(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest lies in quarantine, where a person looks."""
    monkeypatch.setattr("inbound.route.carry_out", lambda *_: 1 / 0)
    to = post.address("order-sent", ANA)
    for _ in range(2):
        mail_id = post.hand_in(a_mail(ANA, to, "Hello"), to)
        for _ in range(post.installation.mail_tries):
            route(post.installation, mail_id)
        assert post.mail(mail_id).status == MailStatus.QUARANTINED
    assert post.names(ANA).count("mail-failed") == 1
    moment = clock.now() + timedelta(days=1)
    clock.set_source(lambda: moment)
    mail_id = post.hand_in(a_mail(ANA, to, "Hello"), to)
    for _ in range(post.installation.mail_tries):
        route(post.installation, mail_id)
    assert post.names(ANA).count("mail-failed") == 2
