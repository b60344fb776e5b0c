"""What one person writes about one document in quick succession is answered once, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from outbound.delivery import deliver
from store import clock
from store.installation import Installation
from store.journal import Notice
from tests.inbound.post import ANA, OWNER, Post, an_invoice, make_post


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum; answers wait half a minute."""
    made = make_post(replace(installation, answer_wait=30))
    made.world.order()
    yield made
    made.receiving.close()
    clock.set_source(None)


def answers(post: Post, status: str | None = None) -> list[Notice]:
    """The answers to Ana, oldest first."""
    with post.installation.database.read() as session:
        found = session.scalars(select(Notice).where(Notice.name == "answer", Notice.to_address == ANA))
        return sorted((n for n in found if status in (None, n.status)), key=lambda n: n.id)


def heard(notice: Notice) -> list[str]:
    return [entry["action"] for entry in notice.facts["answer"]["heard"]]


def later(seconds: int) -> None:
    """Let time pass."""
    moment = clock.now() + timedelta(seconds=seconds)
    clock.set_source(lambda: moment)


def test_three_mails_within_a_minute_and_a_half_get_one_answer(post: Post) -> None:
    """It says what each of them asked for, and the last answer's state of the order."""
    to = post.address("order-sent", ANA)
    post.send(ANA, to, "We confirm the order.")
    later(25)
    post.send(ANA, to, "What is the status?")
    later(25)
    post.send(ANA, to, "status please")
    (waiting,) = answers(post, "queued")
    assert heard(waiting)[0] == "acknowledge"
    assert len(heard(waiting)) == 3
    assert [n.reason for n in answers(post, "skipped")] == ["said in the answer that follows"] * 2
    assert not deliver(post.installation, post.relay, waiting.id)  # type: ignore[arg-type]
    later(31)
    assert "Confirmed" in post.text("answer", ANA)


def test_first_mail_is_answered_by_then_however_many_follow(post: Post) -> None:
    """A minute and a half after the first, whatever comes."""
    to = post.address("order-sent", ANA)
    begun = clock.now()
    for _ in range(5):
        post.send(ANA, to, "status?")
        later(20)
    due: list[datetime] = [n.due for n in answers(post)]
    assert max(due) <= begun + timedelta(seconds=92)


def test_answer_that_left_is_not_said_again(post: Post) -> None:
    """A worker that has it keeps it; the next mail is answered for itself."""
    to = post.address("order-sent", ANA)
    post.send(ANA, to, "We confirm the order.")
    with post.installation.database.write() as session:
        session.execute(update(Notice).where(Notice.id == answers(post)[0].id).values(status="sending"))
    post.send(ANA, to, "status?")
    assert [heard(n) for n in answers(post)] == [["acknowledge"], ["order"]]


def test_drafts_and_questions_of_either_mail_are_kept(post: Post) -> None:
    """An invoice, and then a question about something else."""
    to = post.address("order-sent", ANA)
    post.send(ANA, to, "We confirm the order.")
    post.send(ANA, to, "Acknowledged, item 7: 3 x 4.00")
    (waiting,) = answers(post, "queued")
    assert heard(waiting) == ["acknowledge"]
    answer = waiting.facts["answer"]
    assert answer["questions"] or answer["refused"] or answer["not_understood"]
    assert not waiting.shared or not answer["questions"]


def test_other_documents_and_other_people_are_answered_for_themselves(post: Post) -> None:
    """One thread, one person."""
    to = post.address("order-sent", ANA)
    post.send(ANA, to, "We confirm the order.")
    post.send(ANA, to, "Our invoice.", ("invoice.xml", an_invoice()))
    post.send(OWNER, post.address("order-acknowledged", OWNER), "status?")
    assert len(answers(post, "queued")) == 2
    assert post.notice("answer", OWNER).facts["answer"]["heard"]
