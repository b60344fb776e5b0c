"""Each way in believes the proofs that it is told to, and what was found stays with the mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event

from inbound.names import Names, _resolver
from inbound.route import route
from store.installation import Installation
from store.mails import MailStatus
from store.trust import Proof, TrustRules
from tests.inbound.post import ANA, Post, a_mail, make_post
from tests.name_server import NameServer
from tests.signing import key_record, signed


@pytest.fixture
def names() -> Iterator[NameServer]:
    """Ferrum signs, and may send from one machine."""
    with NameServer() as server:
        server.text("k1._domainkey.ferrum.example", key_record())
        server.text("_dmarc.ferrum.example", "v=DMARC1; p=quarantine")
        server.text("ferrum.example", "v=spf1 ip4:192.0.2.10 -all")
        yield server
    _resolver.cache_clear()


@pytest.fixture
def post(installation: Installation, names: NameServer) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum; SMTP verifies, every other way believes the relay's header."""
    rules = TrustRules({"smtp": (Proof.VERIFY,)}, name_servers=(names.address,))
    made = make_post(replace(installation, trust=rules))
    made.world.order()
    yield made
    made.receiving.close()


def take(post: Post, source: bytes, way: str, peer: str | None = None) -> tuple[str, str]:
    """Keep and route a confirmation of the order; its level, and the notice that Ana gets."""
    to = post.address("order-sent", ANA)
    kept = post.receiving.keep(source, ANA, [to], way, peer=peer, helo="mail.ferrum.example")
    route(post.installation, kept.mail_id)
    mail = post.mail(kept.mail_id)
    assert mail.status == MailStatus.ACTED
    return mail.verdict["level"], post.names(ANA)[-1]


def confirmation(post: Post, proof: str = "") -> bytes:
    return a_mail(ANA, post.address("order-sent", ANA), "We confirm the order.", proof=proof)


def test_smtp_verifies_and_the_others_believe_the_relay(post: Post) -> None:
    """A header that the sender wrote proves nothing where we look ourselves."""
    assert take(post, confirmation(post, "pass"), "smtp", "8.8.8.8") == ("failed", "confirm-sender")
    assert take(post, confirmation(post), "pipe") == ("unknown", "confirm-sender")
    assert take(post, confirmation(post, "pass"), "pipe") == ("authenticated", "answer")


@pytest.mark.parametrize("peer", ["192.0.2.10", "8.8.8.8"])
def test_signature_or_machine_proves_the_sender(post: Post, peer: str) -> None:
    """By SPF from Ferrum's own machine, by DKIM from anywhere."""
    mail = confirmation(post)
    assert take(post, mail if peer == "192.0.2.10" else signed(mail, "ferrum.example"), "smtp", peer) == (
        "authenticated", "answer"
    )  # fmt: skip


def test_signed_copy_lifts_what_came_by_an_unproved_way(post: Post) -> None:
    """Forwarded by a rule first, by itself a moment later."""
    mail = confirmation(post)
    assert take(post, mail, "pipe") == ("unknown", "confirm-sender")
    assert take(post, signed(mail, "ferrum.example"), "smtp", "8.8.8.8") == ("authenticated", "answer")


def test_name_server_away_fails_no_mail(post: Post, names: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender is asked to confirm, and that is how the mail is judged ever after."""
    names.away = True
    monkeypatch.setattr(Names.__init__, "__defaults__", ((), 0.2, 40))
    mail = signed(confirmation(post), "ferrum.example")
    assert take(post, mail, "smtp", "8.8.8.8") == ("unknown", "confirm-sender")
    names.away = False


def test_no_transaction_is_open_while_name_servers_are_asked(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow name server holds up no writer, and no vacuum."""
    open_now, seen = [0], []
    database = post.installation.database
    for engine in {database.engine, database.reader}:
        event.listen(engine, "begin", lambda _c: open_now.__setitem__(0, open_now[0] + 1))
        event.listen(engine, "commit", lambda _c: open_now.__setitem__(0, open_now[0] - 1))
        event.listen(engine, "rollback", lambda _c: open_now.__setitem__(0, open_now[0] - 1))
    real = Names.ask
    monkeypatch.setattr(Names, "ask", lambda self, *given: (seen.append(open_now[0]), real(self, *given))[1])
    assert take(post, signed(confirmation(post), "ferrum.example"), "smtp", "8.8.8.8")[0] == "authenticated"
    assert seen
    assert set(seen) == {0}
