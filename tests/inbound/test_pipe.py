"""Tests of mail from a pipe, and of the socket that takes it to the process that serves."""

from __future__ import annotations

import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from inbound import pipe
from inbound.errors import AnotherProcessServes
from inbound.handover import hand_over
from inbound.pipe import deliver_from_pipe, envelope_sender, serve_pipe, socket_path
from inbound.receiving import Receiving
from store.installation import Installation
from store.mails import Mail, MailRecipient, MailSource
from store.parties import Company
from store.tokens import Purpose, new_key

LETTER = b"From: sue@supplier.example\nMessage-ID: <1@supplier.example>\n\nHello\n"
ORDERS = "orders@example.com"


@pytest.fixture
def receiving(installation: Installation, company: Company) -> Iterator[Receiving]:
    """The writer of the process that serves."""
    receiving = Receiving(installation)
    yield receiving
    receiving.close()


def kept(installation: Installation) -> list[tuple[str, str]]:
    """Envelope senders and recipients."""
    with installation.database.read() as session:
        query = select(Mail.sender, MailRecipient.recipient).join(MailRecipient, MailRecipient.mail_id == Mail.id)
        return sorted(tuple(row) for row in session.execute(query))


def test_a_mail_from_a_pipe_is_kept(installation: Installation, company: Company) -> None:
    """With LF line ends and the envelope given."""
    assert deliver_from_pipe(LETTER, "sue@supplier.example", [ORDERS, "x@example.com"], installation) == os.EX_OK
    assert kept(installation) == [("sue@supplier.example", ORDERS)]
    with installation.database.read() as session:
        assert session.scalars(select(MailSource.source)).all() == [LETTER]


def test_the_envelope_comes_from_the_headers_when_it_is_not_given(installation: Installation, company: Company) -> None:
    """Return-Path, Delivered-To and X-Original-To; those of our recipients that are ours."""
    reply = f"{installation.tokens.token(Purpose.REPLY, new_key())}@po.example.com"
    head = f"Return-Path: <sue@supplier.example>\nDelivered-To: postroom@host\nDelivered-To: {ORDERS}\n"
    source = f"{head}X-Original-To:\n {reply}\n".encode() + LETTER
    assert deliver_from_pipe(source, None, None, installation) == os.EX_OK
    assert {recipient for _, recipient in kept(installation)} == {reply, ORDERS}
    assert {sender for sender, _ in kept(installation)} == {"sue@supplier.example"}


def test_an_mbox_line_gives_the_sender_and_is_not_mail(installation: Installation, company: Company) -> None:
    """As procmail writes it."""
    source = b"From sue@supplier.example Tue Mar  3 10:00:00 2026\n" + LETTER
    assert deliver_from_pipe(source, None, [ORDERS], installation) == os.EX_OK
    assert kept(installation) == [("sue@supplier.example", ORDERS)]
    with installation.database.read() as session:
        assert session.scalars(select(MailSource.source)).all() == [LETTER]


@pytest.mark.parametrize(
    ("source", "recipients", "code"),
    [
        (LETTER, ["x@example.com"], os.EX_NOUSER),
        (LETTER, None, os.EX_NOUSER),
        (b"Delivered-To: a@b\n" + LETTER, [], os.EX_NOUSER),
        (b"", [ORDERS], os.EX_DATAERR),
        (b"\n \n", [ORDERS], os.EX_DATAERR),
        (LETTER + b"x" * 1000, [ORDERS], os.EX_DATAERR),
        (b"\0\xff", [ORDERS], os.EX_OK),
    ],
)
def test_the_exit_code_says_what_to_do(
    installation: Installation, company: Company, source: bytes, recipients: list[str] | None, code: int
) -> None:
    """Nobody here, no mail, too large; strange bytes are still mail."""
    assert deliver_from_pipe(source, None, recipients, installation, largest=1000) == code


def test_a_database_that_is_away_makes_the_mail_server_try_again(
    installation: Installation, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EX_TEMPFAIL, and nothing kept."""

    def away(self: object) -> None:
        raise OperationalError("select", None, OSError("away"))

    monkeypatch.setattr(type(installation.database), "write_rows", away)
    assert deliver_from_pipe(LETTER, None, [ORDERS], installation) == os.EX_TEMPFAIL
    monkeypatch.undo()
    assert kept(installation) == []


def test_a_mail_that_came_by_smtp_is_not_kept_again(installation: Installation, receiving: Receiving) -> None:
    """The same letter with another hop's headers and LF line ends is one mail."""
    receiving.keep(LETTER.replace(b"\n", b"\r\n"), "sue@supplier.example", [ORDERS], "smtp")
    source = b"Received: from a by b\nDelivered-To: orders@example.com\n" + LETTER
    assert deliver_from_pipe(source, None, None, installation) == os.EX_OK
    assert kept(installation) == [("sue@supplier.example", ORDERS)]


@pytest.mark.parametrize(
    ("written", "sender"),
    [("<sue@x.example>", "sue@x.example"), ("<>", ""), ("", ""), ("MAILER-DAEMON", ""), (" a@b ", "a@b")],
)
def test_the_sender_is_read_as_mail_servers_write_it(written: str, sender: str) -> None:
    """With and without brackets; Postfix writes MAILER-DAEMON for the null sender."""
    assert envelope_sender(written) == sender


def test_the_process_that_serves_takes_the_mail(
    installation: Installation, receiving: Receiving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its socket, which is for this user only; `deliver` writes nothing itself."""
    path = tmp_path / ("long" * 30) / "postroom.sock"
    path.parent.mkdir()
    handover = serve_pipe(installation, receiving, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monkeypatch.setattr(pipe, "Receiving", None)
    source = LETTER + b"x" * 300_000
    if not installation.database.sqlite:
        assert hand_over(path, source, None, [ORDERS]) == os.EX_OK
    else:
        assert deliver_from_pipe(source, None, [ORDERS], installation, path=path) == os.EX_OK
        assert deliver_from_pipe(source, None, ["x@example.com"], installation, path=path) == os.EX_NOUSER
    assert kept(installation) == [("", ORDERS)]
    handover.close()
    assert not path.exists()


def test_many_hand_over_at_once(installation: Installation, receiving: Receiving) -> None:
    """Each gets its answer."""
    path = Path(installation.blobs._folder) / "s"  # type: ignore[attr-defined]
    handover = serve_pipe(installation, receiving, path)
    codes: list[int | None] = []
    threads = [
        threading.Thread(
            target=lambda n=n: codes.append(hand_over(path, LETTER.replace(b"<1@", b"<%d@" % n), None, [ORDERS]))
        )
        for n in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handover.close()
    assert codes == [os.EX_OK] * 30
    assert len(kept(installation)) == 30


def test_nobody_answers_so_the_mail_is_written_from_here(
    installation: Installation, company: Company, tmp_path: Path
) -> None:
    """No socket, a socket left behind, no folder even."""
    left = tmp_path / "left.sock"
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(left))
    for n, path in enumerate([tmp_path / "none.sock", left, tmp_path / "no" / "folder.sock"]):
        source = LETTER.replace(b"<1@", b"<%d@" % n)
        assert deliver_from_pipe(source, None, [ORDERS], installation, path=path) == os.EX_OK
    assert len(kept(installation)) == 3


def test_a_process_that_dies_before_it_answers_means_try_again(
    installation: Installation, company: Company, tmp_path: Path
) -> None:
    """Whether it was kept is not known; kept twice is once."""
    if not installation.database.sqlite:
        pytest.skip("on PostgreSQL deliver writes itself")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        threading.Thread(target=lambda: server.accept()[0].close()).start()
        assert deliver_from_pipe(LETTER, None, [ORDERS], installation, path=tmp_path / "s") == os.EX_TEMPFAIL


@pytest.mark.parametrize("request_line", [b"", b"{}\n", b"[\n", b'{"size": -1}\n', b'{"size": 99999999}\n', b"\xff\n"])
def test_a_broken_request_is_dropped_and_the_next_is_served(
    installation: Installation, receiving: Receiving, tmp_path: Path, request_line: bytes
) -> None:
    """No answer means try again; the server goes on."""
    handover = serve_pipe(installation, receiving, tmp_path / "s", largest=1000)
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(tmp_path / "s"))
        peer.sendall(request_line)
        peer.shutdown(socket.SHUT_WR)
        assert peer.recv(10) == b""
    assert hand_over(tmp_path / "s", LETTER, None, [ORDERS]) == os.EX_OK
    handover.close()


def test_closing_does_not_wait_for_half_a_mail(
    installation: Installation, receiving: Receiving, tmp_path: Path
) -> None:
    """Its sender tries again."""
    handover = serve_pipe(installation, receiving, tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(tmp_path / "s"))
        peer.sendall(b'{"sender": null, "recipients": null, "size": 100}\nhalf')
        assert hand_over(tmp_path / "s", LETTER, None, [ORDERS]) == os.EX_OK
        handover.close()
        assert peer.recv(10) == b""


def test_a_second_serving_process_is_refused(installation: Installation, receiving: Receiving, tmp_path: Path) -> None:
    """SQLite means one; when the first has closed there is room, whatever it left behind."""
    first = serve_pipe(installation, receiving, tmp_path / "s")
    with pytest.raises(AnotherProcessServes):
        serve_pipe(installation, receiving, tmp_path / "s")
    assert hand_over(tmp_path / "s", LETTER, None, [ORDERS]) == os.EX_OK
    first.close()
    (tmp_path / "s").touch()
    serve_pipe(installation, receiving, tmp_path / "s").close()


def test_the_socket_lies_beside_the_database(installation: Installation) -> None:
    """Unless somebody says otherwise."""
    if installation.database.sqlite:
        assert socket_path(installation).name == "postroom.sock"
