"""What one person writes about one document in quick succession is answered once, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from inbound.route import route
from outbound.delivery import deliver
from store import clock
from store.installation import Installation
from store.journal import Notice
from tests.inbound.post import ANA, MAILBOX, OWNER, Post, a_mail, an_invoice, make_post


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum; answers wait a minute and a half."""
    made = make_post(replace(installation, answer_wait=90))
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
    later(44)
    post.send(ANA, to, "What is the status?")
    later(44)
    post.send(ANA, to, "status please")
    (waiting,) = answers(post, "queued")
    assert heard(waiting)[0] == "acknowledge"
    assert len(heard(waiting)) == 3
    assert [n.reason for n in answers(post, "skipped")] == ["said in the answer that follows"] * 2
    assert not deliver(post.installation, post.relay, waiting.id)  # type: ignore[arg-type]
    later(2)
    assert "Confirmed" in post.text("answer", ANA)


def test_first_mail_is_answered_by_then_however_many_follow(post: Post) -> None:
    """What follows does not put it off."""
    to = post.address("order-sent", ANA)
    begun = clock.now()
    for _ in range(5):
        post.send(ANA, to, "status?")
        later(20)
    due: list[datetime] = [n.due for n in answers(post)]
    assert len(set(due)) == 1
    assert due[0] <= begun + timedelta(seconds=91)


def test_answer_is_due_from_when_its_mail_came_in(post: Post) -> None:
    """A mail that waited for a worker does not wait again: its answer is not needlessly late."""
    to = post.address("order-sent", ANA)
    mail_id = post.hand_in(a_mail(ANA, to, "We confirm the order."), to)
    came = post.mail(mail_id).received_at
    later(60)
    route(post.installation, mail_id)
    assert answers(post)[0].due == came + timedelta(seconds=90)


def test_answer_that_nothing_can_join_leaves_at_once(post: Post) -> None:
    """A mail about no document has no second one to be answered with."""
    post.send(ANA, MAILBOX, "Our invoice.", ("invoice.xml", an_invoice(lines=())))
    assert all(n.due <= clock.now() for n in answers(post) if n.document_id is None)


def test_notice_that_follows_about_the_same_document_calls_the_answer_first(post: Post) -> None:
    """What the other side does meanwhile is told in order, and neither waits for the other's sake."""
    to = post.address("order-sent", ANA)
    post.send(ANA, to, "We confirm the order.")
    assert answers(post)[0].due > clock.now()
    post.send(OWNER, post.address("order-acknowledged", OWNER), "When will you ship?")
    assert answers(post)[0].due <= clock.now()
    assert "Confirmed" in post.text("answer", ANA)
    assert "When will you ship?" in post.text("note", ANA)


def test_who_is_not_on_file_is_answered_once_too(post: Post) -> None:
    """A colleague of the same mail domain."""
    to = post.address("order-sent", ANA)
    for words in ("We confirm the order.", "status?", "status please"):
        post.send("Kim <kim@ferrum.example>", to, words)
    with post.installation.database.read() as session:
        found = session.scalars(select(Notice.status).where(Notice.to_address == "kim@ferrum.example"))
        assert sorted(found) == ["queued", "skipped", "skipped"]


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


def test_refusal_that_was_told_today_takes_no_waiting_answer_away(post: Post) -> None:
    """Who is not on file gets a refusal of its kind once a day; the second takes the first not over, and is silent."""
    to, stranger = post.address("order-sent", ANA), "kim@else.example"
    for _ in range(2):
        post.send(stranger, to, "", ("invoice.pdf", b"%PDF-1.4 broken"))
        later(10)
    with post.installation.database.read() as session:
        found = session.execute(select(Notice.status).where(Notice.to_address == stranger)).scalars().all()
    assert found == ["queued"]
