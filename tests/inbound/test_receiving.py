"""Tests of keeping a mail: once, durably, for each recipient of ours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import wait
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from inbound.errors import ReceivingClosed
from inbound.keeping import Kept
from inbound.receiving import Receiving
from store import clock
from store.installation import Installation
from store.mails import Mail, MailRecipient, MailSource, MailStatus
from store.tokens import Purpose, new_key

LETTER = b"From: sue@supplier.example\r\nMessage-ID: <1@supplier.example>\r\n\r\nHello\r\n"


@pytest.fixture
def receiving(installation: Installation) -> Iterator[Receiving]:
    """A writer on the installation."""
    receiving = Receiving(installation)
    yield receiving
    receiving.close()


def letter(number: int) -> bytes:
    """One of many different letters."""
    return LETTER.replace(b"<1@", b"<%d@" % number)


def rows(installation: Installation, column: object) -> list[object]:
    """All values of *column*, smallest first."""
    with installation.database.read() as session:
        return list(session.scalars(select(column).order_by(column)))  # type: ignore[call-overload]


def test_a_mail_is_kept_with_its_source_and_recipients(installation: Installation, receiving: Receiving) -> None:
    """The row, the bytes as they came, and a row for each recipient, with the key of its reply token."""
    key = new_key()
    reply = f"{installation.tokens.token(Purpose.REPLY, key).upper()}@PO.example.com"
    moment = datetime(2026, 3, 3, 10, tzinfo=UTC)
    kept = receiving.keep(LETTER, "sue@supplier.example", [reply, "orders@example.com"], "smtp", moment)
    with installation.database.read() as session:
        mail = session.scalars(select(Mail)).one()
        assert (kept.mail_id, kept.new) == (mail.id, True)
        assert (mail.sender, mail.way, mail.size, mail.status) == ("sue@supplier.example", "smtp", len(LETTER), "kept")
        assert (mail.received_at, mail.due, mail.tries) == (moment, moment, 0)
        assert session.scalars(select(MailSource)).one().source == LETTER
        found = {r.recipient: (r.key, r.acted) for r in session.scalars(select(MailRecipient))}
    assert found == {reply.lower(): (key, False), "orders@example.com": (None, False)}


def test_the_same_letter_again_is_answered_as_kept(installation: Installation, receiving: Receiving) -> None:
    """By another hop, with LF line ends: one mail, one source, one row for its recipient."""
    first = receiving.keep(LETTER, "sue@supplier.example", ["orders@example.com"], "smtp")
    other = b"Delivered-To: x\nReceived: from y\n" + LETTER.replace(b"\r\n", b"\n")
    again = receiving.keep(other, "", ["Orders@Example.com"], "pipe")
    assert again == Kept(first.mail_id, new=False)
    assert rows(installation, MailSource.source) == [LETTER]
    assert rows(installation, MailRecipient.recipient) == ["orders@example.com"]


def test_a_mail_that_gains_a_recipient_is_nudged_again(installation: Installation, receiving: Receiving) -> None:
    """Acted on or not: route must look at the thread of the further recipient; without one it is left alone."""
    nudges: list[tuple[str, int]] = []
    told = threading.Semaphore(0)

    def nudge(actor: str, row_id: int) -> None:
        nudges.append((actor, row_id))
        told.release()

    installation.database.nudge = nudge
    mail_id = receiving.keep(LETTER, "", ["orders@example.com"], "smtp").mail_id
    assert told.acquire(timeout=10)
    with installation.database.write() as session:
        session.execute(update(Mail).values(status=MailStatus.ACTED.value))
    receiving.keep(LETTER, "", ["orders@example.com"], "smtp")
    receiving.keep(LETTER, "", ["orders@example.com", "sales@example.com"], "smtp")
    assert told.acquire(timeout=10)
    receiving.close()
    assert nudges == [("route", mail_id), ("route", mail_id)]
    assert rows(installation, MailRecipient.recipient) == ["orders@example.com", "sales@example.com"]


@pytest.mark.parametrize(("status", "after"), [("acted", "kept"), ("failed", "failed"), ("quarantined", "quarantined")])
def test_a_further_recipient_makes_an_acted_mail_due_again(
    installation: Installation, receiving: Receiving, status: str, after: str
) -> None:
    """In the same commit, so that no lost nudge loses it; a mail that failed keeps its turn and its reason."""
    receiving.keep(LETTER, "", ["orders@example.com"], "smtp", datetime(2026, 3, 3, 10, tzinfo=UTC))
    before = clock.now()
    with installation.database.write() as session:
        session.execute(update(Mail).values(status=status, tries=3))
    receiving.keep(LETTER, "", ["orders@example.com"], "smtp")
    assert rows(installation, Mail.status) == [status]
    receiving.keep(LETTER, "", ["orders@example.com", "sales@example.com"], "smtp")
    with installation.database.read() as session:
        mail = session.scalars(select(Mail)).one()
    assert (mail.status, mail.due >= before) == (after, after == "kept")


def test_a_failed_nudge_leaves_the_mail_kept(installation: Installation, receiving: Receiving) -> None:
    """The broker away: the mail is answered as kept, the sweeper will find its row."""

    def nudge(actor: str, row_id: int) -> None:
        raise ConnectionError("no broker")

    installation.database.nudge = nudge
    assert receiving.keep(LETTER, "", ["orders@example.com"], "smtp").new
    assert receiving.keep(letter(2), "", ["orders@example.com"], "smtp").new


def test_a_large_mail_lies_in_the_blob_store(installation: Installation, receiving: Receiving) -> None:
    """Above the limit the row names a blob, which is there before the commit."""
    large = LETTER + b"x" * installation.source_in_row
    receiving.keep(large, "", ["orders@example.com"], "smtp")
    with installation.database.read() as session:
        source = session.scalars(select(MailSource)).one()
    assert source.source is None
    assert installation.blobs.get(str(source.blob)) == large


def test_many_sessions_hand_in_at_once_and_each_mail_is_kept_once(
    installation: Installation, receiving: Receiving
) -> None:
    """Two hundred mails, each handed in twice, some in one batch: two hundred rows and the same answers."""
    futures = [receiving.hand_in(letter(n % 200), "", ["orders@example.com"], "smtp") for n in range(400)]
    wait(futures)
    kept = [future.result() for future in futures]
    assert [k.mail_id for k in kept[:200]] == [k.mail_id for k in kept[200:]]
    assert sum(k.new for k in kept) == 200
    assert len(rows(installation, Mail.id)) == len(rows(installation, MailRecipient.id)) == 200


def test_one_bad_mail_costs_only_itself(installation: Installation, receiving: Receiving) -> None:
    """A mail that cannot be stored fails alone; the rest of its batch is kept."""
    naive = datetime(2026, 3, 3)  # noqa: DTZ001 - the store refuses a moment without a zone
    with installation.database.write():  # on SQLite the writer waits here, so that the rest is one batch
        first = receiving.hand_in(letter(0), "", ["orders@example.com"], "smtp")
        good = [receiving.hand_in(letter(n), "", ["orders@example.com"], "smtp") for n in range(1, 6)]
        bad = receiving.hand_in(letter(6), "", ["orders@example.com"], "smtp", naive)
        last = receiving.hand_in(letter(7), "", ["orders@example.com"], "smtp")
    assert bad.exception(timeout=30) is not None
    assert all(future.result(timeout=30).new for future in [first, *good, last])
    assert len(rows(installation, Mail.id)) == 7


def test_a_strange_envelope_is_kept(installation: Installation, receiving: Receiving) -> None:
    """NUL, lone surrogates and long addresses are no reason to lose a mail."""
    assert receiving.keep(LETTER, "s\0\udcff@x.example", ["a" * 5000 + "@example.com", '"a b"@example.com'], "smtp").new


def test_a_database_that_does_not_answer_fails_every_mail_of_the_batch(
    installation: Installation, receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are told; the database is not tried once for each."""
    tries = 0

    def write_rows(self: object) -> None:
        nonlocal tries
        tries += 1
        raise OperationalError("begin", None, OSError("away"))

    monkeypatch.setattr(type(installation.database), "write_rows", write_rows)
    futures = [receiving.hand_in(letter(n), "", ["orders@example.com"], "smtp") for n in range(50)]
    assert all(isinstance(future.exception(timeout=30), OperationalError) for future in futures)
    assert tries <= 2 * 50
    monkeypatch.undo()
    assert receiving.keep(LETTER, "", ["orders@example.com"], "smtp").new


def test_closing_keeps_what_was_handed_in(installation: Installation) -> None:
    """Close, and every mail taken so far is committed; a later one is told."""
    receiving = Receiving(installation)
    futures = [receiving.hand_in(letter(n), "", ["orders@example.com"], "smtp") for n in range(20)]
    large = receiving.hand_in(LETTER + b"x" * installation.source_in_row, "", ["orders@example.com"], "smtp")
    receiving.close()
    assert all(future.done() and future.result().new for future in [*futures, large])
    for source in (LETTER, LETTER + b"x" * installation.source_in_row):
        with pytest.raises(ReceivingClosed):
            receiving.keep(source, "", ["orders@example.com"], "smtp")


def test_a_log_that_cannot_be_written_does_not_end_the_writer(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail is kept, and so is the next."""

    class BrokenLog:
        def info(self, event: str, **facts: object) -> None:
            raise ValueError("closed")

    monkeypatch.setattr("inbound.receiving.log", BrokenLog())
    for number in range(3):
        assert receiving.keep(letter(number), "", ["orders@example.com"], "smtp").new
