"""No write transaction is open while anything is parsed, rendered or sent, from the mail's arrival to the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

import inbound.digest
import inbound.receiving
import inbound.route
import inbound.understanding
import inbound.web.view
import outbound.compose
import outbound.delivery
from inbound.documents.document import read_document
from inbound.letter import Attachment
from inbound.receiving import Receiving
from inbound.route import route
from outbound.delivery import deliver
from outbound.relay import Relay
from store.installation import Installation
from store.journal import Notice, NoticeStatus
from store.tokens import Purpose
from tests.inbound.documents.pdfs import a_german_invoice
from tests.inbound.web.world import ANA, FERRUM, Browser, World, make_world
from workflows.reading import Reading

WORK = {
    "letter": (inbound.receiving, "letter_digest"),
    "parse": (inbound.route, "read_letter"),
    "said": (inbound.understanding, "split"),
    "meaning": (inbound.understanding, "meaning_of"),
    "compose": (outbound.delivery, "compose"),
    "mail": (outbound.compose, "mail"),
    "page": (inbound.web.view, "render"),
    "send": (Relay, "send"),
}
"""Where a mail is parsed, where words are rendered, where a socket is written to."""


class Watch:
    """Notes of each kind of work whether its thread held a write transaction."""

    def __init__(self, installation: Installation) -> None:
        self.seen: dict[str, list[bool]] = defaultdict(list)
        self._database = installation.database

    def watched(self, kind: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """*work*, noted each time it is done."""

        def noted(*args: Any, **named: Any) -> Any:
            self.seen[kind].append(self._database.writing)
            return work(*args, **named)

        return noted


@pytest.fixture
def watch(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A watch over all that must not happen inside a transaction; the relay takes every mail."""
    watch = Watch(installation)
    monkeypatch.setattr(Relay, "send", lambda *_args: None)
    for kind, (place, name) in WORK.items():
        monkeypatch.setattr(place, name, watch.watched(kind, getattr(place, name)))
    return watch


def test_no_write_transaction_is_open_across_parsing_rendering_or_sending(
    installation: Installation, watch: Watch
) -> None:
    """A reply with an invoice is kept, acted on and answered, and a button is pressed: each work is done outside."""
    world = make_world(installation)
    order = world.order("PO-7", supplier=FERRUM)
    source, recipient = _a_reply(world, order)

    def read(attachment: Attachment, open_orders: Sequence[str]) -> Reading | None:
        found: Reading | None = watch.watched("document", read_document)(
            attachment.content, attachment.name, open_orders=open_orders
        )
        return found

    with closing(Receiving(installation)) as receiving:
        kept = receiving.keep(source, ANA, [recipient], "smtp")
    route(installation, kept.mail_id, read)
    assert "invoice.drafted" in world.events(world.newest("invoice").id)
    _deliver_all(installation)

    browser = Browser(installation)
    link = world.link(ANA, "acknowledge", order)
    assert browser.post(link, browser.get(link).hidden(link)).status == 200
    assert world.document(order).status == "acknowledged"
    _deliver_all(installation)

    assert watch.seen.keys() == {*WORK, "document"}
    assert not any(inside for noted in watch.seen.values() for inside in noted), dict(watch.seen)


def test_no_transaction_at_all_is_open_while_a_document_is_read(installation: Installation) -> None:
    """A scan takes a minute: neither a connection nor a moment of the database is held meanwhile."""
    world = make_world(installation)
    source, recipient = _a_reply(world, world.order("PO-7", supplier=FERRUM))
    held: list[int] = []

    def read(attachment: Attachment, open_orders: Sequence[str]) -> Reading | None:
        pools = (installation.database.reader.pool, installation.database.engine.pool)
        held.append(sum(pool.checkedout() for pool in pools))  # type: ignore[attr-defined]
        return read_document(attachment.content, attachment.name, open_orders=open_orders)

    with closing(Receiving(installation)) as receiving:
        kept = receiving.keep(source, ANA, [recipient], "smtp")
        stranger = receiving.keep(
            source.replace(ANA.encode(), b"kim@else.example"), "", ["orders@acme.example"], "smtp"
        )
    route(installation, kept.mail_id, read)
    route(installation, stranger.mail_id, read)
    assert "invoice.drafted" in world.events(world.newest("invoice").id)
    assert len(held) >= 2
    assert not any(held)


def test_the_watch_sees_a_transaction_that_is_open(installation: Installation, watch: Watch) -> None:
    """A mail that is parsed inside a write transaction is noted as such, so the test above can fail."""
    with installation.database.write():
        inbound.route.read_letter(b"Subject: hello\r\n\r\nhello\r\n")
    assert watch.seen["parse"] == [True]


def _a_reply(world: World, order: int) -> tuple[bytes, str]:
    """Ana's answer to the order's mail with an invoice attached, and the address that it goes to."""
    with world.installation.database.read() as session:
        sent = session.execute(
            select(Notice.key, Notice.message_id).where(Notice.name == "order-sent", Notice.document_id == order)
        ).one()
    recipient = f"{world.installation.tokens.token(Purpose.REPLY, sent.key)}@po.example.com"
    mail = EmailMessage()
    mail["Authentication-Results"] = "mx.example.com; dmarc=pass header.from=ferrum.example"
    mail["From"], mail["To"], mail["Subject"] = f"Ana Adler <{ANA}>", recipient, "Re: your order"
    mail["Message-ID"], mail["In-Reply-To"] = "<one@ferrum.example>", f"<{sent.message_id}>"
    mail.set_content("Here is our invoice; the goods left today with our own lorry.")
    mail.add_attachment(a_german_invoice(), maintype="application", subtype="pdf", filename="invoice.pdf")
    return mail.as_bytes().replace(b"\n", b"\r\n"), recipient


def _deliver_all(installation: Installation) -> None:
    relay = Relay("smtp://127.0.0.1:1")
    waiting = select(Notice.id).where(Notice.status == NoticeStatus.QUEUED.value).order_by(Notice.id)
    with installation.database.read() as session:
        ids = list(session.scalars(waiting))
    assert ids
    for notice_id in ids:
        assert deliver(installation, relay, notice_id)
    with installation.database.read() as session:
        assert not list(session.scalars(waiting))
