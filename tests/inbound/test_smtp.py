"""Tests of the SMTP and LMTP servers, over loopback sockets."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from inbound.errors import ListenAddressInvalid
from inbound.receiving import Receiving
from inbound.smtp import SmtpLimits, SmtpServer, parse_listen, start_smtp
from store.installation import Installation
from store.mails import Mail, MailRecipient, MailSource
from store.parties import Company
from store.tokens import Purpose, new_key
from tests.dialogue import Dialogue

LETTER = b"From: sue@supplier.example\r\nMessage-ID: <1@supplier.example>\r\n\r\nHello\r\n"
ORDERS = "orders@example.com"

Start = Callable[..., SmtpServer]


@pytest.fixture
def receiving(installation: Installation, company: Company) -> Iterator[Receiving]:
    """A writer on the installation, which knows Acme."""
    receiving = Receiving(installation)
    yield receiving
    receiving.close()


@pytest.fixture
def start(installation: Installation, receiving: Receiving) -> Iterator[Start]:
    """Starts a server with the limits given as keywords."""
    servers: list[SmtpServer] = []

    def start(tls: ssl.SSLContext | None = None, lmtp: bool = False, listen: str = "127.0.0.1:0", **limits: Any) -> Any:
        servers.append(start_smtp(installation, receiving, listen, SmtpLimits(**limits), tls, lmtp=lmtp))
        return servers[-1]

    yield start
    for server in servers:
        server.close(grace=0.1)


def reply_address(installation: Installation) -> str:
    """A reply address as a notice carries it."""
    return f"{installation.tokens.token(Purpose.REPLY, new_key())}@po.example.com"


def sources(installation: Installation) -> list[bytes | None]:
    """What is kept, oldest first."""
    with installation.database.read() as session:
        return list(session.scalars(select(MailSource.source).order_by(MailSource.mail_id)))


def test_a_mail_is_kept_before_it_is_answered(installation: Installation, start: Start) -> None:
    """After 250 the mail lies in the store, byte for byte, with its envelope."""
    reply = reply_address(installation)
    source = LETTER + b".\r\n..dots\r\n.\r\n"
    with Dialogue(start().port) as peer:
        assert peer.envelope(reply, ORDERS.upper()) == ["250 2.1.5 OK"] * 2
        assert peer.data(source) == "250 2.0.0 Kept"
        assert sources(installation) == [source]
        assert peer.say("QUIT").startswith("221 2.0.0")
    with installation.database.read() as session:
        assert set(session.scalars(select(MailRecipient.recipient))) == {reply, ORDERS}
        assert session.execute(select(Mail.sender, Mail.way)).one() == ("sue@supplier.example", "smtp")


def test_several_mails_come_in_one_session(installation: Installation, start: Start) -> None:
    """Without greeting again; an empty mail and a bounce with the null sender too."""
    with Dialogue(start().port) as peer:
        peer.envelope(ORDERS)
        assert peer.data(LETTER).startswith("250")
        for source in (b"", LETTER.replace(b"<1@", b"<2@")):
            assert peer.say("MAIL FROM:<>").startswith("250")
            assert peer.say(f"RCPT TO:<{ORDERS}>").startswith("250")
            assert peer.data(source).startswith("250")
    assert len(sources(installation)) == 3
    with installation.database.read() as session:
        assert list(session.scalars(select(Mail.sender).order_by(Mail.id)))[1:] == ["", ""]


def test_a_whole_session_in_one_write_is_answered_in_order(installation: Installation, start: Start) -> None:
    """Pipelining (RFC 2920): what follows the end of a mail is the next command, not lost and not mail."""
    one = f"MAIL FROM:<a@b.example>\r\nRCPT TO:<{ORDERS}>\r\nDATA\r\n".encode()
    with Dialogue(start().port) as peer:
        peer.send(b"EHLO relay.example\r\n" + one + LETTER + b".\r\n" + one + b"\r\nsecond\r\n.\r\nQUIT\r\n")
        answers = [peer.answer()[:3] for _ in range(10)]
    assert answers == ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert sources(installation) == [LETTER, b"\r\nsecond\r\n"]


def test_what_we_offer_is_said(start: Start) -> None:
    """SIZE, 8BITMIME, SMTPUTF8, PIPELINING; no AUTH, and no STARTTLS without a certificate."""
    with Dialogue(start(size=1234).port) as peer:
        offered = {line[4:] for line in peer.say("EHLO relay.example").splitlines()[1:]}
        assert offered == {"SIZE 1234", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"}
        assert peer.say("AUTH PLAIN AGEAYg==").startswith("502 5.5.1")
        assert peer.say("VRFY sue").startswith("252")
        assert peer.say("MAIL FROM:<süe@bücher.example> SMTPUTF8 BODY=8BITMIME").startswith("250")


@pytest.mark.parametrize(
    "recipient",
    [
        "nobody@example.com",
        "a" * 26 + "@po.example.com",
        "orders+" + "a" * 26 + "@example.com",
        "a" * 200 + "@example.com",
        '"a b\\" c"@example.com',
        "Örders@example.com",
        "postmaster@elsewhere.example",
    ],
)
def test_an_unknown_recipient_is_refused_at_rcpt(start: Start, recipient: str) -> None:
    """Made up, unknown, long, quoted or not ASCII: 550 5.1.1, and no mail."""
    with Dialogue(start().port) as peer:
        assert peer.envelope(recipient) == ["550 5.1.1 No such recipient here"]
        assert peer.say("DATA").startswith("503 5.5.1")


@pytest.mark.parametrize(
    "command",
    [
        "RCPT TO:<a b@example.com>",
        "RCPT TO:<orders@example.com",
        "RCPT TO:orders@example.com>",
        'RCPT TO:<"orders@example.com>',
        "RCPT TO:<a\0b@example.com>",
        "RCPT TO:<a\udcff@example.com>",
        "RCPT TO:<@" + ":" * 900 + ">",
        "RCPT TO:<orders@example.com> NOTIFY=NEVER",
        "RCPT TO",
        "RCPT",
        "RCPT TO:" + "a" * 2000,
        "RCPT TO:<" + "a" * 200_000 + ">",
        "MAIL FROM:<sue@supplier.example>",
        "FOO\udcff",
        "BDAT 10 LAST",
        "\rNOOP",
        "RSET x",
        "\0",
    ],
)
def test_malformed_commands_are_answered(installation: Installation, start: Start, command: str) -> None:
    """With a 5xx and its enhanced code, without an echo of what was sent, and the session goes on."""
    with Dialogue(start().port) as peer:
        peer.envelope()
        assert re.match(r"5\d\d 5\.\d\.\d+ [ -~]+$", peer.say(command))
        assert peer.say(f"RCPT TO:<{ORDERS}>").startswith("250")
        assert peer.data(LETTER).startswith("250")


def test_a_quoted_recipient_and_a_source_route_are_understood(installation: Installation, start: Start) -> None:
    """Old ways of writing an address of ours."""
    with Dialogue(start().port) as peer:
        assert peer.envelope('"orders"@example.com', "@relay.example:orders@example.com") == ["250 2.1.5 OK"] * 2
        assert peer.say(f"RCPT TO:{ORDERS}") == "250 2.1.5 OK"


def test_a_mail_over_the_size_limit_is_refused(installation: Installation, start: Start) -> None:
    """552 5.3.4, whether the peer says the size before or just sends; the session goes on."""
    with Dialogue(start(size=100_000).port) as peer:
        peer.say("EHLO relay.example")
        assert peer.say("MAIL FROM:<sue@supplier.example> SIZE=100001").startswith("552 5.3.4")
        peer.envelope(ORDERS)
        assert peer.data(b"x" * 99_999 + b"\r\n").startswith("552 5.3.4")
        peer.envelope(ORDERS)
        assert peer.data(b"x" * 99_998 + b"\r\n").startswith("250")
    assert len(sources(installation)) == 1


def test_a_peer_that_never_stops_is_hung_up_on(start: Start) -> None:
    """Ten times the limit: told, and closed."""
    with Dialogue(start(size=100_000).port) as peer:
        peer.envelope(ORDERS)
        peer.say("DATA")
        peer.send(b"x" * 1_000_010)
        assert peer.answer().startswith("421 4.3.4")
        assert peer.answer() == ""


ENDS = [
    first + b"." + last for first in (b"\r\n", b"\n", b"\r") for last in (b"\r\n", b"\n", b"\r", b"\r\r\n", b"\n\r\n")
]
SMUGGLED = [
    end for end in [*ENDS, b"\n\r.\r\n", b"\r\n\n.\r\n", b"\r\r\n.\n", b"\n..\n", b"\r..\r"] if end != b"\r\n.\r\n"
]


@pytest.mark.parametrize("end", SMUGGLED, ids=repr)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_second_mail_cannot_be_smuggled_into_the_first(
    installation: Installation, start: Start, end: bytes, at_once: bool
) -> None:
    """What another system might take for the end is refused as a whole with 550 5.6.11: never split, never kept."""
    inner = f"MAIL FROM:<ceo@example.com>\r\nRCPT TO:<{ORDERS}>\r\nDATA\r\n".encode() + LETTER
    with Dialogue(start().port) as peer:
        peer.envelope(ORDERS)
        peer.say("DATA")
        stream = LETTER[:-2] + end + inner + b".\r\n"
        for part in [stream] if at_once else [stream[:-9], stream[-9:]]:
            peer.send(part)
        assert peer.answer().startswith("550 5.6.11")
        assert peer.say("NOOP") == "250 2.0.0 OK"
    assert sources(installation) == []


@pytest.mark.parametrize("line", [b"\0.", b".\0", b". ", b" ..", b".\t", b"..", b"...", b".\x0b", b".\x85"], ids=repr)
def test_what_is_no_end_of_mail_is_part_of_it(installation: Installation, start: Start, line: bytes) -> None:
    """A NUL or blank beside the dot, with proper line ends: one mail."""
    with Dialogue(start().port) as peer:
        peer.envelope(ORDERS)
        peer.say("DATA")
        peer.send(LETTER + line + b"\r\nMAIL FROM:<ceo@example.com>\r\n.\r\n")
        assert peer.answer().startswith("250")
        assert peer.say("NOOP") == "250 2.0.0 OK"
    assert len(sources(installation)) == 1


def test_a_peer_that_hangs_up_in_data_leaves_nothing(installation: Installation, start: Start) -> None:
    """Half a mail is no mail."""
    server = start()
    with Dialogue(server.port) as peer:
        peer.envelope(ORDERS)
        peer.say("DATA")
        peer.send(LETTER)
    server.close()
    assert sources(installation) == []
    assert server.held == 0


def test_a_silent_peer_is_sent_away(start: Start) -> None:
    """After the time-out, between commands and inside DATA."""
    server = start(timeout=0.05)
    with Dialogue(server.port) as peer:
        assert peer.answer() == "421 4.4.2 Timed out"
    server = start(data_time=0.2)
    with Dialogue(server.port) as peer:
        peer.envelope(ORDERS)
        peer.say("DATA")
        peer.send(b"Subject: slow\r\n")
        assert peer.answer() == "421 4.4.2 Timed out"


def test_recipients_and_guesses_are_limited(start: Start) -> None:
    """452 4.5.3 beyond the limit; a peer that guesses addresses is sent away."""
    with Dialogue(start(recipients=2, refused_recipients=3).port) as peer:
        assert [answer[:9] for answer in peer.envelope(ORDERS, ORDERS, ORDERS)] == ["250 2.1.5"] * 2 + ["452 4.5.3"]
        peer.say("RSET")
        answers = peer.envelope(*["x@example.com"] * 4)
        assert [answer[:9] for answer in answers] == ["550 5.1.1"] * 3 + ["421 4.7.0"]
        assert peer.answer() == ""


def test_connections_are_limited(start: Start) -> None:
    """One more than may be gets 421, and there is room again when one has left."""
    server = start(connections=2)
    with Dialogue(server.port), Dialogue(server.port) as second:
        with Dialogue(server.port, greeting="421 4.3.2") as third:
            assert third.answer() == ""
        second.say("QUIT")
        assert second.answer() == ""
        with Dialogue(server.port):
            pass


def test_a_rush_of_connections_is_limited_too(start: Start) -> None:
    """Fifty at once: five are served, the others told to come later."""
    server = start(connections=5)
    peers = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in range(50)]
    answers = [peer.recv(3) for peer in peers]
    assert answers.count(b"220") == 5
    assert answers.count(b"421") == 45
    for peer in peers:
        peer.close()


def test_memory_is_limited(installation: Installation, start: Start) -> None:
    """When all sessions together hold too much, the next block is refused for now."""
    server = start(memory=1000)
    with Dialogue(server.port) as peer:
        peer.envelope(ORDERS)
        assert peer.data(b"x" * 2000 + b"\r\n").startswith("452 4.3.1")
        peer.envelope(ORDERS)
        assert peer.data(LETTER).startswith("250")
    assert server.held == 0


def test_a_fault_of_ours_is_answered_for_now_and_without_its_text(
    start: Start, receiving: Receiving, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """451 4.3.0: the peer tries again, and learns nothing about us; neither does the log about the mail."""

    def broken(*_arguments: object) -> None:
        raise RuntimeError("secret")

    with Dialogue(start().port) as peer:
        monkeypatch.setattr(receiving, "hand_in", broken)
        peer.envelope(ORDERS)
        assert peer.data(LETTER) == "451 4.3.0 Something went wrong here, try again later"
        monkeypatch.undo()
        peer.envelope(ORDERS)
        assert peer.data(LETTER).startswith("250")
    assert "secret" not in capsys.readouterr().out


def test_a_database_that_is_away_is_answered_for_now(
    installation: Installation, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At RCPT for a mailbox, and at DATA; a reply address is still known by itself."""

    def away(self: object) -> None:
        raise OperationalError("select", None, OSError("away"))

    monkeypatch.setattr(type(installation.database), "read", away)
    monkeypatch.setattr(type(installation.database), "write_rows", away)
    with Dialogue(start().port) as peer:
        answers = peer.envelope(ORDERS, reply_address(installation))
        assert [answer[:9] for answer in answers] == ["451 4.3.0", "250 2.1.5"]
        assert peer.data(LETTER).startswith("451 4.3.0")
    monkeypatch.undo()
    assert sources(installation) == []


def test_a_keep_that_takes_too_long_is_answered_for_now(installation: Installation, start: Start) -> None:
    """The peer is not left waiting for a writer that cannot write."""
    if not installation.database.sqlite:
        pytest.skip("only SQLite has one writer")
    with Dialogue(start(keep_time=0.1).port) as peer:
        peer.envelope(ORDERS)
        with installation.database.write():
            assert peer.data(LETTER).startswith("451 4.3.0")


def test_closing_lets_a_mail_under_way_finish(installation: Installation, start: Start) -> None:
    """Idle sessions are told goodbye, new ones find nobody, and the one inside DATA gets its 250 first."""
    server = start()
    with Dialogue(server.port) as idle, Dialogue(server.port) as busy:
        busy.envelope(ORDERS)
        busy.say("DATA")
        busy.send(LETTER)
        closing = threading.Thread(target=server.close)
        closing.start()
        assert idle.answer() == "421 4.3.2 Service is shutting down"
        with pytest.raises(ConnectionError):
            Dialogue(server.port)
        busy.send(b".\r\n")
        assert busy.answer().startswith("250")
        assert busy.answer().startswith("421")
        closing.join()
    assert sources(installation) == [LETTER]


def test_a_session_that_does_not_finish_is_cut_off(start: Start) -> None:
    """After the time given."""
    server = start()
    with Dialogue(server.port) as peer:
        peer.envelope(ORDERS)
        peer.say("DATA")
        server.close(grace=0.05)
        assert peer.answer().startswith("421")
        assert peer.answer() == ""


def test_lmtp_answers_once_for_each_recipient(installation: Installation, start: Start, tmp_path: Path) -> None:
    """RFC 2033: LHLO, and as many replies after DATA as there are recipients taken; on a unix socket too."""
    (tmp_path / "s").mkdir()
    for listen in ("127.0.0.1:0", f"unix:{tmp_path}/s/lmtp"):
        server = start(lmtp=True, listen=listen)
        with Dialogue(server.port or f"{tmp_path}/s/lmtp") as peer:
            assert peer.say("EHLO relay.example").startswith("500")
            assert peer.say("LHLO relay.example").startswith("250")
            peer.say("MAIL FROM:<sue@supplier.example>")
            answers = [peer.say(f"RCPT TO:<{r}>")[:3] for r in (ORDERS, "x@example.com", reply_address(installation))]
            assert answers == ["250", "550", "250"]
            assert peer.data(LETTER) == "250 2.0.0 Kept"
            assert peer.answer() == "250 2.0.0 Kept"
            assert peer.say("NOOP") == "250 2.0.0 OK"
    with installation.database.read() as session:
        assert session.scalars(select(Mail.way)).all() == ["lmtp"]


def test_a_unix_socket_in_use_is_not_taken_over(start: Start, tmp_path: Path) -> None:
    """The second server fails to start, the first goes on."""
    listen = f"unix:{tmp_path}/lmtp"
    start(lmtp=True, listen=listen)
    with pytest.raises(OSError, match="in use"):
        start(lmtp=True, listen=listen)
    with Dialogue(f"{tmp_path}/lmtp"):
        pass


def test_starttls_protects_the_session(installation: Installation, start: Start, tmp_path: Path) -> None:
    """With a certificate STARTTLS is offered; what was sent in the clear behind it is thrown away."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not here")
    make = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=po.example.com -days 2"
    subprocess.run(
        [*make.split(), "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")],
        check=True,
        capture_output=True,
    )
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    client = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    client.check_hostname = False
    with Dialogue(start(tls=tls).port) as peer:
        assert "250-STARTTLS" in peer.say("EHLO relay.example")
        peer.send(b"STARTTLS\r\nRSET\r\n")
        assert peer.answer().startswith("220")
        peer.socket = client.wrap_socket(peer.socket)
        peer._file = peer.socket.makefile("rb")
        assert "AUTH" not in peer.say("EHLO relay.example")
        peer.envelope(ORDERS)
        assert peer.data(LETTER + b"x" * 300_000 + b"\r\n").startswith("250")
        assert peer.say("QUIT").startswith("221")


@pytest.mark.parametrize("listen", ["", "25", "host:", "host:x", "host:70000", "::1:25", "host:²"])
def test_a_wrong_listen_address_is_told(listen: str) -> None:
    """Neither guessed nor a traceback from deep inside."""
    with pytest.raises(ListenAddressInvalid):
        parse_listen(listen)


def test_listen_addresses_are_understood() -> None:
    """Host and port, all addresses, IPv6, a unix path."""
    assert parse_listen("127.0.0.1:25") == ("127.0.0.1", 25, None)
    assert parse_listen(":2525") == ("", 2525, None)
    assert parse_listen("[::1]:25") == ("::1", 25, None)
    assert parse_listen("unix:/run/lmtp") == ("", 0, Path("/run/lmtp"))


def test_the_peer_is_kept_for_spf(installation: Installation, start: Start) -> None:
    """The address that spoke to us and the name that it gave; a copy of the letter changes neither."""
    with Dialogue(start().port) as peer:
        peer.envelope(ORDERS)
        assert peer.data(LETTER).startswith("250")
        peer.envelope(ORDERS)
        assert peer.data(b"X-Hop: 2\r\n" + LETTER).startswith("250")
    with installation.database.read() as session:
        mail = session.scalars(select(Mail)).one()
    assert (mail.peer, mail.helo, mail.sender) == ("127.0.0.1", "relay.example", "sue@supplier.example")
