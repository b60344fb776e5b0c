"""A mail that waits for its author's confirm link is done when the same letter comes by a hop that proves them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from inbound.route import route
from store.documents import Document as Row
from store.installation import Installation
from store.journal import Link
from store.mails import MailCopy, MailStatus
from tests.inbound.post import ANA, RELAY, Post, a_mail, make_post


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()


PROVED = f"Authentication-Results: {RELAY}; dmarc=pass header.from=ferrum.example\n".encode()


def status(post: Post, document_id: int = 0) -> str:
    """The order's status."""
    with post.installation.database.read() as session:
        statement = select(Row.status).where(Row.kind == "order").order_by(Row.id)
        return session.scalars(statement.where(Row.id == document_id) if document_id else statement).first() or ""


def copies(post: Post) -> int:
    with post.installation.database.read() as session:
        return len(session.scalars(select(MailCopy.id)).all())


def live_links(post: Post, mail_id: int) -> int:
    with post.installation.database.read() as session:
        links = session.scalars(select(Link).where(Link.mail_id == mail_id, Link.revoked_at.is_(None)))
        return len(links.all())


def unproved(post: Post, text: str = "We confirm the order.") -> tuple[bytes, str, int]:
    """A mail of Ana's that came without proof and waits; its bytes, the address it came to, its id."""
    to = post.address("order-sent", ANA)
    source = a_mail(ANA, to, text, proof="")
    mail_id = post.take(source, to)
    assert (status(post), post.names(ANA)[-1]) == ("sent", "confirm-sender")
    assert post.mail(mail_id).waits
    return source, to, mail_id


def test_proved_copy_lifts_a_mail_that_waits(post: Post) -> None:
    """Done once, answered once, and the confirm link is needed no more."""
    source, to, mail_id = unproved(post)
    assert post.take(PROVED + source, to) == mail_id
    assert status(post) == "acknowledged"
    assert post.names(ANA).count("answer") == 1
    assert live_links(post, mail_id) == 0
    mail = post.mail(mail_id)
    assert (mail.status, mail.waits, mail.verdict["level"]) == (MailStatus.ACTED, False, "authenticated")
    count, events = post.count(), post.events()
    post.take(PROVED + source, to)
    route(post.installation, mail_id)
    assert (post.count(), post.events()) == (count, events)


def test_copy_that_proves_nothing_leaves_it_waiting(post: Post) -> None:
    """However often it comes; three copies are looked at."""
    source, to, mail_id = unproved(post)
    count = post.count()
    for n in range(6):
        post.take(f"X-Hop: {n}\nAuthentication-Results: evil.example; dmarc=pass\n".encode() + source, to)
    assert (status(post), post.count(), copies(post)) == ("sent", count, 3)
    assert (post.mail(mail_id).status, post.mail(mail_id).waits) == (MailStatus.ACTED, True)
    assert live_links(post, mail_id) == 1


def test_other_words_are_another_letter(post: Post) -> None:
    """Proof of what Ana wrote serves nothing that she did not write."""
    source, to, mail_id = unproved(post)
    other = post.take(PROVED + source.replace(b"We confirm the order.", b"When do you need it?"), to)
    assert other != mail_id
    assert (status(post), post.mail(mail_id).waits) == ("sent", True)


def test_proof_serves_for_the_copys_own_recipients_alone(post: Post) -> None:
    """Whoever puts a copied letter to another address first gains nothing when the true one comes."""
    second = post.world.order("PO-2")
    other = post.address("order-sent", ANA, second)
    to = next(a for a in (post.address("order-sent", ANA, d) for d in _orders(post) if d != second))
    source = a_mail(ANA, to, "We confirm the order.", proof="")
    mail_id = post.take(source, other)
    post.take(PROVED + source, to)
    assert (status(post), status(post, second)) == ("acknowledged", "sent")
    assert post.mail(mail_id).status == MailStatus.ACTED


def test_copy_that_comes_before_the_first_was_looked_at_counts(post: Post) -> None:
    """Both lie there when the mail is acted on."""
    to = post.address("order-sent", ANA)
    source = a_mail(ANA, to, "We confirm the order.", proof="")
    mail_id = post.hand_in(source, to)
    assert post.hand_in(PROVED + source, to) == mail_id
    route(post.installation, mail_id)
    assert (status(post), post.mail(mail_id).status) == ("sent", MailStatus.KEPT)
    route(post.installation, mail_id)
    assert (status(post), post.mail(mail_id).status) == ("acknowledged", MailStatus.ACTED)


def test_copy_of_a_proved_mail_is_not_kept(post: Post) -> None:
    """Most letters that come twice prove nothing more."""
    to = post.address("order-sent", ANA)
    source = a_mail(ANA, to, "We confirm the order.")
    post.take(source, to)
    post.take(b"X-Hop: 2\n" + source, to)
    assert (copies(post), status(post)) == (0, "acknowledged")


def test_large_copy_lifts_as_well(post: Post) -> None:
    """Sources that lie in the blob store have their heads kept, too."""
    source, to, _ = unproved(post, "We confirm the order.\n\n-- \n" + "x\n" * 400_000)
    post.take(PROVED + source, to)
    assert status(post) == "acknowledged"


def test_verdict_stays_as_it_was(post: Post) -> None:
    """Routed again under other settings, a mail is judged as when it came."""
    source, to, mail_id = unproved(post)
    del source, to
    post.set_status(mail_id, MailStatus.KEPT)
    object.__setattr__(post.installation, "trusted_relays", frozenset())
    route(post.installation, mail_id)
    assert post.mail(mail_id).verdict == {
        "level": "unknown", "why": "no trusted relay has checked the mail", "behind": ""
    }  # fmt: skip


def _orders(post: Post) -> list[int]:
    with post.installation.database.read() as session:
        return list(session.scalars(select(Row.id).where(Row.kind == "order").order_by(Row.id)))
