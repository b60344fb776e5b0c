"""Delivery of notices: order, retries, refusals and what follows, against a real SMTP server."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from outbound.attached import attachments
from outbound.compose import compose
from outbound.delivery import deliver, wait_before
from outbound.relay import Relay
from store import clock
from store.database import Database
from store.documents import Document
from store.installation import Installation
from store.journal import Notice, NoticeStatus
from store.parties import Company, Membership, Person, Supplier
from store.queue import database_now
from store.tokens import Purpose, key_text, new_key
from tests.notices import ORDER, REQUEST
from tests.outbound.sink import Sink, SinkServer, free_port


@pytest.fixture
def sink() -> Sink:
    """What the relay took."""
    return Sink()


@pytest.fixture
def server(sink: Sink) -> Iterator[SinkServer]:
    """The relay's end of the line."""
    server = SinkServer(sink)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def relay(server: SinkServer) -> Iterator[Relay]:
    """Our end of the line to the sink."""
    relay = Relay(server.url, timeout=5, hostname="po.example.com")
    yield relay
    relay.close()


@pytest.fixture
def ana(database: Database) -> Person:
    """A supplier's person."""
    return a_person(database, "Ana", "ana@supplier.example")


@pytest.fixture
def order(database: Database, company: Company) -> Document:
    """An order whose owner is Olga of the buyer."""
    olga = a_person(database, "Olga", "olga@example.com")
    now = clock.now()
    with database.write() as session:
        supplier = Supplier(company_id=company.id, name="Supplier Ltd", profile={}, created_at=now)
        session.add(supplier)
        session.add(Membership(company_id=company.id, person_id=olga.id, roles=[]))
        session.flush()
        order = Document(
            company_id=company.id, kind="order", status="sent", version=1, links_from=1, number="PO-1", title="",
            owner_id=olga.id, supplier_id=supplier.id, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(order)
    return order


def a_person(database: Database, name: str, address: str) -> Person:
    """A person with an address."""
    person = Person(name=name, address=address, created_at=clock.now())
    with database.write() as session:
        session.add(person)
    return person


def a_notice(
    installation: Installation, company: Company, to: Person, document: Document | None = None, **values: Any
) -> Notice:
    """A notice that is due: a note to a person about a document."""
    key, now = new_key(), clock.now()
    notice = Notice(
        **{
            "company_id": company.id, "key": key, "cause": key.hex(), "name": "note", "person_id": to.id,
            "to_name": to.name, "to_address": to.address, "side": "supplier", "language": "en", "shared": True,
            "document_id": document.id if document else None,
            "message_id": f"{installation.tokens.token(Purpose.REPLY, key)}@{company.mail_domain}", "references": "",
            "facts": {
                "company": {"name": "Acme"}, "person": {"name": to.name, "address": to.address}, "side": "supplier",
                "readers": "both", "document": {"kind": "order", "number": "PO-1"}, "links": [],
                "notes": [{"by": "Olga", "side": "buyer", "text": "Could you send it sooner?"}],
            },
            "status": "queued", "tries": 0, "due": now, "attempt": 0, "created_at": now, **values,
        }
    )  # fmt: skip
    with installation.database.write() as session:
        session.add(notice)
    return notice


def row(database: Database, notice: Notice) -> Notice:
    """The notice's row as it is now."""
    with database.read() as session:
        return session.get_one(Notice, notice.id)


def notices_named(database: Database, name: str) -> list[Notice]:
    """All notices of a name."""
    with database.read() as session:
        return list(session.scalars(select(Notice).where(Notice.name == name)))


def test_due_notice_is_sent_and_marked(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """A due notice reaches the relay with its own Message-ID and reply address, and is marked sent."""
    notice = a_notice(installation, company, ana, order)
    assert deliver(installation, relay, notice.id)
    (envelope,) = sink.box
    token = installation.tokens.token(Purpose.REPLY, notice.key)
    assert envelope.rcpt_tos == ["ana@supplier.example"]
    assert envelope.mail_from == f"{token}@po.example.com"
    mail = email.message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
    assert mail["Message-ID"] == f"<{notice.message_id}>"
    assert mail["Reply-To"].addresses[0].addr_spec == f"{token}@po.example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    after = row(installation.database, notice)
    assert (after.status, after.tries, after.leased_until) == ("sent", 0, None)
    assert after.sent_at is not None


def test_sent_notice_is_not_sent_again(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """A second nudge for a notice that was sent does nothing."""
    notice = a_notice(installation, company, ana)
    assert deliver(installation, relay, notice.id)
    assert not deliver(installation, relay, notice.id)
    assert len(sink.box) == 1


def test_notice_that_is_not_due_waits(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """A nudge before the notice is due does nothing."""
    notice = a_notice(installation, company, ana, due=clock.now() + timedelta(hours=1))
    assert not deliver(installation, relay, notice.id)
    assert not sink.box


def test_answer_goes_out_with_the_null_sender(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """An answer to a mail has an empty envelope sender, so that no robot answers it (RFC 3834)."""
    notice = a_notice(installation, company, ana, name="answer")
    deliver(installation, relay, notice.id)
    (envelope,) = sink.box
    assert envelope.mail_from in ("", "<>")
    assert b"Auto-Submitted: auto-replied" in (envelope.original_content or b"")


@pytest.mark.parametrize(
    ("style", "reply_to"), [("domain", "{token}@po.example.com"), ("plus", "orders+{token}@example.com"),
                            ("plain", "orders@example.com")],
)  # fmt: skip
def test_reply_address_follows_the_company_style(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink,
    style: str, reply_to: str,
) -> None:  # fmt: skip
    """Each reply style prints its own address; the plain one marks the subject instead."""
    with installation.database.write() as session:
        session.execute(update(Company).values(reply_style=style))
    notice = a_notice(installation, company, ana, order)
    deliver(installation, relay, notice.id)
    mail = email.message_from_bytes(sink.box[0].original_content or b"", policy=email.policy.default)
    expected = reply_to.format(token=installation.tokens.token(Purpose.REPLY, notice.key))
    assert mail["Reply-To"].addresses[0].addr_spec == expected
    assert (f"[#{order.public_id}]" in mail["Subject"]) == (style == "plain")


def test_link_is_printed_from_its_key(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """A link in the facts becomes the absolute address with its token."""
    key = new_key()
    links = [{"key": key_text(key), "step": "acknowledge", "primary": True}]
    facts = {"company": {"name": "Acme"}, "readers": "both", "document": {"kind": "order", "number": "PO-1"}}
    notice = a_notice(installation, company, ana, order, facts={**facts, "links": links})
    deliver(installation, relay, notice.id)
    mail = email.message_from_bytes(sink.box[0].original_content or b"", policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"https://po.example.com/l/{installation.tokens.token(Purpose.LINK, key)}" in body.get_content()


def test_named_file_goes_along(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """A file named in the facts is read from the blobs and attached."""
    blob = installation.blobs.put(b"drawing")
    files = [{"name": "part.dxf", "size": 7, "type": "image/vnd.dxf", "blob": blob}]
    notice = a_notice(installation, company, ana, facts={"company": {"name": "Acme"}, "files": files})
    deliver(installation, relay, notice.id)
    mail = email.message_from_bytes(sink.box[0].original_content or b"", policy=email.policy.default)
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("part.dxf", b"drawing")


def test_f19_order_goes_out_as_pdf_sheet_and_e_document(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """The notice of an order carries it as PDF, the sheets to answer and to invoice in, and UBL Order."""
    facts = {"company": {"name": "Acme"}, "readers": "both", "document": ORDER}
    notice = a_notice(installation, company, ana, order, name="order-sent", facts=facts)
    deliver(installation, relay, notice.id)
    mail = email.message_from_bytes(sink.box[0].original_content or b"", policy=email.policy.default)
    found = [(file.get_filename(), file.get_content_type()) for file in mail.iter_attachments()]
    assert found == [
        ("PO-4711.pdf", "application/pdf"),
        ("PO-4711.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("PO-4711-invoice.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("PO-4711.xml", "application/xml"),
    ]


def test_f39_request_goes_out_with_its_items(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """The notice of a request for proposal carries it as PDF and as a sheet to fill in."""
    facts = {"company": {"name": "Acme"}, "readers": "both", "document": REQUEST}
    notice = a_notice(installation, company, ana, order, name="request-sent", facts=facts)
    deliver(installation, relay, notice.id)
    mail = email.message_from_bytes(sink.box[0].original_content or b"", policy=email.policy.default)
    assert [(file.get_filename() or "").rpartition(".")[2] for file in mail.iter_attachments()] == ["pdf", "xlsx"]


def test_lost_file_costs_only_its_own_notice(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """A notice whose file is gone is tried later and says why; another person's goes out."""
    files = [{"name": "a", "blob": "0" * 64}]
    notice = a_notice(installation, company, ana, facts={"company": {"name": "Acme"}, "files": files})
    other = a_notice(installation, company, ana, order)
    deliver(installation, relay, notice.id)
    deliver(installation, relay, other.id)
    after = row(installation.database, notice)
    assert (after.status, after.tries, after.reason) == ("queued", 1, "could not be composed: BlobMissing")
    assert row(installation.database, other).status == "sent"


def test_notices_about_one_document_leave_in_order(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """The second notice to a person about a document waits for the first, and is nudged when that is out."""
    nudged: list[tuple[str, int]] = []
    installation.database.nudge = lambda actor, row_id: nudged.append((actor, row_id))
    first, second = (a_notice(installation, company, ana, order) for _ in range(2))
    assert not deliver(installation, relay, second.id)
    assert deliver(installation, relay, first.id)
    assert nudged == [("deliver", second.id)]
    assert deliver(installation, relay, second.id)
    assert [row(installation.database, notice).status for notice in (first, second)] == ["sent", "sent"]


def test_first_notice_that_waits_holds_back_the_second(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """A refused notice that is tried later still goes before the next about its document, not before other ones."""
    sink.at_rcpt = lambda address: "450 4.2.0 later"
    first, second = (a_notice(installation, company, ana, order) for _ in range(2))
    elsewhere = a_notice(installation, company, ana)
    deliver(installation, relay, first.id)
    sink.at_rcpt = lambda address: None
    assert not deliver(installation, relay, second.id)
    assert deliver(installation, relay, elsewhere.id)


def test_refusal_for_now_is_tried_later(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """After a 4xx the notice rests, longer each time, and is then sent."""
    sink.at_data = lambda envelope: "451 4.3.0 try later"
    notice = a_notice(installation, company, ana)
    deliver(installation, relay, notice.id)
    after = row(installation.database, notice)
    assert (after.status, after.tries, after.reason) == ("queued", 1, "451 4.3.0 try later")
    assert after.due > clock.now() + timedelta(seconds=50)
    sink.at_data = lambda envelope: None
    with installation.database.write() as session:
        session.execute(update(Notice).values(due=clock.now()))
    assert deliver(installation, relay, notice.id)
    assert row(installation.database, notice).status == "sent"


def test_waits_double_up_to_four_hours() -> None:
    """The rest between tries grows from a minute to four hours."""
    assert [wait_before(tries) for tries in (1, 2, 3)] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert wait_before(100) == timedelta(hours=4)


def test_last_try_fails_the_notice_and_tells_the_owner(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """A notice that was refused for now too often is failed, and the document's owner hears of it."""
    sink.at_rcpt = lambda address: "450 4.2.0 later"
    notice = a_notice(installation, company, ana, order, tries=installation.notice_tries - 1)
    deliver(installation, relay, notice.id)
    assert row(installation.database, notice).status == "failed"
    (told,) = notices_named(installation.database, "address-failed")
    assert told.to_address == "olga@example.com"


def test_refused_address_is_flagged_and_the_buyer_told(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """A 5xx for the recipient fails the notice, flags the person's address and tells the buyer's owner."""
    sink.at_rcpt = lambda address: "550 5.1.1 no such person" if address.startswith("ana@") else None
    first, second = (a_notice(installation, company, ana, order) for _ in range(2))
    deliver(installation, relay, first.id)
    after = row(installation.database, first)
    assert (after.status, after.reason) == ("failed", "550 5.1.1 no such person")
    with installation.database.read() as session:
        assert session.get_one(Person, ana.id).address_failed_at is not None
    (told,) = notices_named(installation.database, "address-failed")
    assert (told.to_address, told.document_id) == ("olga@example.com", order.id)
    assert told.facts["supplier"] == {"name": "Supplier Ltd"}
    assert deliver(installation, relay, told.id)
    assert sink.box[0].rcpt_tos == ["olga@example.com"]
    assert deliver(installation, relay, second.id), "a failed notice lets the next pass"


def test_refused_content_does_not_blame_the_address(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """A 5xx for the mail itself fails the notice and tells the buyer, but the address is not flagged."""
    sink.at_data = lambda envelope: "552 5.3.4 too large"
    notice = a_notice(installation, company, ana, order)
    deliver(installation, relay, notice.id)
    assert row(installation.database, notice).status == "failed"
    with installation.database.read() as session:
        assert session.get_one(Person, ana.id).address_failed_at is None
    assert notices_named(installation.database, "address-failed")


def test_mail_that_is_too_large_for_the_relay_is_not_tried_again(
    installation: Installation, company: Company, ana: Person, order: Document, relay: Relay, sink: Sink
) -> None:
    """A size that the relay refuses at MAIL is about this mail: it fails, and the buyer is told."""
    sink.at_mail = lambda address: "552 5.3.4 message too big for system"
    notice = a_notice(installation, company, ana, order)
    deliver(installation, relay, notice.id)
    assert row(installation.database, notice).status == "failed"
    assert notices_named(installation.database, "address-failed")


@pytest.mark.parametrize("answer", ["554 5.7.1 relay access denied", "530 5.7.0 log in first"])
def test_relay_that_does_not_let_us_send_fails_nobody(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink, answer: str
) -> None:
    """A relay that refuses us as a sender is the operator's to mend: the notice waits, no address is flagged."""
    sink.at_rcpt = lambda address: answer
    notice = a_notice(installation, company, ana)
    deliver(installation, relay, notice.id)
    assert row(installation.database, notice).status == "queued"


def test_relay_away_keeps_the_notice_and_its_tries(installation: Installation, company: Company, ana: Person) -> None:
    """When nobody listens the notice waits, its tries are kept, and the relay is left alone for a while."""
    relay = Relay(f"smtp://127.0.0.1:{free_port()}", timeout=2)
    notice = a_notice(installation, company, ana)
    assert deliver(installation, relay, notice.id)
    after = row(installation.database, notice)
    assert (after.status, after.tries, after.reason) == ("queued", 0, "the relay is away")
    assert after.due <= clock.now()
    assert relay.away
    assert not deliver(installation, relay, notice.id), "it is not asked again at once"


def test_relay_that_hangs_counts_as_away(installation: Installation, company: Company, ana: Person) -> None:
    """A relay that takes the connection and says nothing is away after the time-out."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        relay = Relay(f"smtp://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        notice = a_notice(installation, company, ana)
        assert deliver(installation, relay, notice.id)
        assert row(installation.database, notice).status == "queued"
        assert relay.away


def test_connection_is_kept_from_mail_to_mail(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """Mails of one thread go over one connection, and a refused one in between does not end it."""
    for answer in (None, "450 4.2.0 later", None):
        sink.at_rcpt = lambda address, answer=answer: answer  # type: ignore[misc]
        deliver(installation, relay, a_notice(installation, company, ana).id)
    assert (len(sink.box), sink.sessions) == (2, 1)


def test_lost_connection_is_opened_again(
    installation: Installation, company: Company, ana: Person, server: SinkServer, relay: Relay, sink: Sink
) -> None:
    """When the relay has closed the kept connection meanwhile, the mail goes out over a new one, once."""
    deliver(installation, relay, a_notice(installation, company, ana).id)
    hang_up_once = iter([ConnectionError()])

    def at_mail(address: str) -> None:
        for error in hang_up_once:
            raise error

    sink.at_mail = at_mail
    notice = a_notice(installation, company, ana)
    deliver(installation, relay, notice.id)
    assert row(installation.database, notice).status == "sent"
    assert (len(sink.box), sink.sessions) == (2, 2)


def test_relay_that_drops_during_the_mail_is_tried_later(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """A connection that breaks before the answer to the mail may mean that it was taken: it goes again, later."""

    def drop(envelope: object) -> None:
        raise ConnectionError

    sink.at_data = drop
    notice = a_notice(installation, company, ana)
    deliver(installation, relay, notice.id)
    after = row(installation.database, notice)
    assert (after.status, after.tries) == ("queued", 1)
    assert not relay.away, "one mail that breaks the line must not hold up the others"


def test_no_write_transaction_is_open_while_a_mail_is_made_or_sent(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Composing and sending happen between the two short transactions, never inside one."""
    seen: list[bool] = []

    def watching(called: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **named: Any) -> Any:
            seen.append(installation.database.writing)
            return called(*args, **named)

        return watched

    monkeypatch.setattr("outbound.delivery.compose", watching(compose))
    monkeypatch.setattr("outbound.delivery.attachments", watching(attachments))
    monkeypatch.setattr(relay, "send", watching(relay.send))
    deliver(installation, relay, a_notice(installation, company, ana).id)
    assert len(sink.box) == 1
    assert seen == [False, False, False]


def test_two_workers_send_one_notice_once(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """Of several workers that are nudged at once, one has the lease."""
    notices = [a_notice(installation, company, ana) for _ in range(5)]
    start = Barrier(4)

    def work() -> None:
        start.wait()
        for notice in notices:
            deliver(installation, relay, notice.id)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sink.box) == 5


def test_notice_of_a_dead_worker_is_taken_over(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """A lease that ran out by the database's clock is taken over; one that holds is not."""
    notice = a_notice(installation, company, ana, status="sending", attempt=1)
    for seconds, taken in ((60, False), (-1, True)):
        with installation.database.write() as session:
            session.execute(update(Notice).values(leased_until=database_now(installation.database.sqlite, seconds)))
        assert deliver(installation, relay, notice.id) is taken
    after = row(installation.database, notice)
    assert (after.status, after.attempt) == ("sent", 2)


def test_late_worker_does_not_undo_its_successor(
    installation: Installation, company: Company, ana: Person, relay: Relay, sink: Sink
) -> None:
    """A worker whose lease was taken over meanwhile changes nothing when it closes."""
    notice = a_notice(installation, company, ana)

    def taken_over(envelope: object) -> str:
        with installation.database.write() as session:
            session.execute(update(Notice).values(attempt=2, reason="the other has it"))
        return "550 5.6.0 no"

    sink.at_data = taken_over
    deliver(installation, relay, notice.id)
    after = row(installation.database, notice)
    assert (after.status, after.attempt, after.reason) == (NoticeStatus.SENDING, 2, "the other has it")


@pytest.mark.parametrize("address", ["ana@supplier.example> NOTIFY=NEVER", "a b@example.com", "", "ana@x\r\nRSET"])
def test_address_that_is_none_never_reaches_the_line(relay: Relay, sink: Sink, address: str) -> None:
    """What is not an address is refused before a command is made of it."""
    from outbound.errors import MailRefused

    with pytest.raises(MailRefused, match="not an address"):
        relay.send("", address, b"Subject: x\r\n\r\n.\r\n")
    assert not sink.sessions


def test_lines_that_begin_with_a_dot_arrive_whole(relay: Relay, sink: Sink) -> None:
    """Dots at the start of lines neither end the mail nor get lost."""
    mail = b".first: x\r\n\r\n.\r\n..two\r\nend."
    relay.send("", "ana@supplier.example", mail)
    assert sink.box[0].original_content == mail + b"\r\n"
