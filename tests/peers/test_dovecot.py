"""Mail fetched from a real Dovecot: kept before it is moved, each once, whatever is killed or away meanwhile."""

from __future__ import annotations

import json
import smtplib
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from inbound.imap import start_imap
from inbound.imap_address import ImapMailbox, parse_imap
from inbound.imap_session import connect
from inbound.receiving import Receiving
from outbound.oauth import AccessTokens, OAuthClient
from postroom.doctor import Level, examine_mailboxes
from postroom.settings import installation_of, without_environment
from store.installation import Installation
from store.mails import Mail, MailRecipient
from store.parties import Company
from store.tokens import Purpose, new_key
from tests.kill.harness import Fed, check
from tests.outbound.sink import Sink, SinkServer
from tests.outbound.test_oauth import Endpoint
from tests.peers.dovecot import PASSWORD, USER, Dovecot
from tests.peers.survival import MAILS, SENDER, must_have, stream
from tests.postroom.served import Served
from tests.services import POSTGRESQL

LETTER = "From: sue@supplier.example\r\nTo: {to}\r\nMessage-ID: <{n}@supplier.example>\r\n\r\nHello {n}\r\n"


def letter(n: int, to: str = USER) -> bytes:
    """One of many different letters."""
    return LETTER.format(n=n, to=to).encode()


@pytest.fixture
def dovecot(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Dovecot]:
    """A running Dovecot; parametrise indirectly to take a capability away or to change the separator."""
    must_have("dovecot")
    server = Dovecot(tmp_path / "dovecot", **getattr(request, "param", {}))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def receiving(installation: Installation, company: Company) -> Iterator[Receiving]:
    """The writer of a process that fetches for Acme, whose mailbox is the account's address."""
    receiving = Receiving(installation)
    yield receiving
    receiving.close()


def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait until it is true."""
    pause = threading.Event()
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        pause.wait(0.05)


def mailbox(dovecot: Dovecot, options: str = "done=Postroom/Done&failed=Postroom/Failed") -> ImapMailbox:
    """The account's INBOX as the settings would say it."""
    return parse_imap(f"{dovecot.url}?{options}", PASSWORD)[0]


def put(dovecot: Dovecot, *mails: bytes, moment: datetime | None = None) -> None:
    """Lay mails into INBOX, as if they had come at *moment*."""
    with dovecot.client() as client:
        for mail in mails:
            client.append("INBOX", mail, msg_time=moment)


def hand_over(dovecot: Dovecot, mails: Sequence[Fed]) -> None:
    """Deliver by LMTP, as the mail server before it does."""
    with smtplib.LMTP("127.0.0.1", dovecot.lmtp, timeout=20) as lmtp:
        for mail in mails:
            try:
                lmtp.sendmail(SENDER, [mail.to], mail.source)
            except smtplib.SMTPException as error:
                raise AssertionError(dovecot.log[-3000:]) from error


def kept(installation: Installation) -> list[str]:
    """The recipients of what is kept."""
    with installation.database.read() as session:
        return list(session.scalars(select(MailRecipient.recipient).order_by(MailRecipient.id)))


@pytest.mark.parametrize(
    "dovecot", [{}, {"separator": "."}, {"capability": "IMAP4rev1 UIDPLUS NAMESPACE"}], indirect=True,
    ids=["as it is", "another separator", "neither IDLE nor MOVE"],
)  # fmt: skip
def test_mail_is_kept_marked_and_moved(dovecot: Dovecot, installation: Installation, receiving: Receiving) -> None:
    """What lay there and what comes later; the moment is the one at which the server took it; none stays unread."""
    moment = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
    put(dovecot, letter(1), letter(2), moment=moment)
    readers = start_imap(installation, receiving, [mailbox(dovecot, "poll=1")])
    until(lambda: dovecot.counts("Postroom/Done") == (2, 0))
    put(dovecot, letter(3))
    until(lambda: dovecot.counts("Postroom/Done") == (3, 0))
    readers.close()
    assert dovecot.counts("INBOX") == (0, 0)
    assert kept(installation) == [USER] * 3
    with installation.database.read() as session:
        mails = session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [mail.received_at for mail in mails[:2]] == [moment, moment]
    assert mails[2].received_at - moment > timedelta(days=1)
    assert {mail.way for mail in mails} == {"imap"}


def test_mail_that_is_not_ours_is_moved_aside_unread_and_holds_up_nothing(
    dovecot: Dovecot, installation: Installation, receiving: Receiving
) -> None:
    """Empty, too large, or for somebody else in an account whose own address is not ours."""
    reply = f"{installation.tokens.token(Purpose.REPLY, new_key())}@po.example.com"
    put(dovecot, letter(1, "x@example.com"), letter(2) + b"x" * 20_000, b"\r\n", letter(3, reply))
    box = mailbox(dovecot, "done=Done&failed=Failed&for=nobody@example.com")
    readers = start_imap(installation, receiving, [box], largest=10_000)
    until(lambda: dovecot.counts("Done")[0] == 1 and dovecot.counts("INBOX")[0] == 0)
    readers.close()
    assert dovecot.counts("Failed") == (3, 3)
    assert kept(installation) == [reply]


def test_a_mail_that_cannot_be_kept_stays_unread_until_it_can(
    dovecot: Dovecot, installation: Installation, receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is away: nothing is marked or moved; when it is back, everything is taken."""
    monkeypatch.setattr("inbound.imap.FIRST_WAIT", 0.1)
    tried = threading.Event()
    keep = receiving.keep

    def away(*_given: object, **_named: object) -> None:
        tried.set()
        raise OSError("the disk is full")

    monkeypatch.setattr(receiving, "keep", away)
    put(dovecot, letter(1), letter(2))
    readers = start_imap(installation, receiving, [mailbox(dovecot)])
    assert tried.wait(20)
    assert dovecot.counts("INBOX") == (2, 2)
    monkeypatch.setattr(receiving, "keep", keep)
    until(lambda: dovecot.counts("Postroom/Done") == (2, 0))
    readers.close()


def test_the_doctor_looks_into_each_mailbox(dovecot: Dovecot, tmp_path: Path) -> None:
    """Whether it lets us in, whether the folder is there, and how new mail is told."""

    def found(*urls: str, password: str = PASSWORD) -> list[tuple[Level, str]]:
        settings = without_environment(data=tmp_path, imap_url=" ".join(urls), imap_password=password)
        installation = installation_of(settings)
        findings = [(finding.level, finding.text) for finding in examine_mailboxes(settings, installation)]
        installation.database.close()
        return findings

    well, missing = found(dovecot.url, dovecot.url.replace("INBOX", "Nowhere"))
    assert well == (Level.WELL, f"127.0.0.1:{dovecot.imap}/INBOX can be read, by IDLE.")
    assert (missing[0], "Nowhere is not there" in missing[1]) == (Level.FAULT, True)
    (locked,) = found(dovecot.url, password="wrong")
    assert locked[0] is Level.FAULT
    assert "wrong" not in locked[1]
    (away,) = found("imap://u@127.0.0.1:1/")
    assert (away[0], "Connection refused" in away[1]) == (Level.FAULT, True)


def test_a_mailbox_that_is_away_does_not_hold_up_another(
    dovecot: Dovecot, tmp_path: Path, installation: Installation, receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One server is down and comes later; the other's mail is taken at once."""
    monkeypatch.setattr("inbound.imap.FIRST_WAIT", 0.2)
    late = Dovecot(tmp_path / "late")
    put(dovecot, letter(1))
    readers = start_imap(installation, receiving, [mailbox(late), mailbox(dovecot)])
    try:
        until(lambda: dovecot.counts("Postroom/Done") == (1, 0))
        late.start()
        put(late, letter(2))
        until(lambda: late.counts("Postroom/Done") == (1, 0))
    finally:
        readers.close()
        late.stop()
    assert kept(installation) == [USER] * 2


def test_a_server_that_starts_anew_with_other_uids_is_read_on(
    dovecot: Dovecot, installation: Installation, receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """UIDVALIDITY has changed meanwhile, and UIDs begin again below those that were seen."""
    monkeypatch.setattr("inbound.imap.FIRST_WAIT", 0.1)
    put(dovecot, *(letter(n) for n in range(1, 6)))
    readers = start_imap(installation, receiving, [mailbox(dovecot)])
    until(lambda: dovecot.counts("Postroom/Done") == (5, 0))
    dovecot.stop()
    for name in ("dovecot-uidlist", "dovecot-uidvalidity", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
        for path in (dovecot.folder / "mail").rglob(name):
            path.unlink()
    dovecot.start()
    put(dovecot, letter(6), letter(1))
    until(lambda: dovecot.counts("INBOX") == (0, 0))
    readers.close()
    assert dovecot.counts("Postroom/Done") == (7, 0)
    assert len(kept(installation)) == 6, "the letter that came again is the same mail"


def test_mail_from_before_a_day_is_left_alone(
    dovecot: Dovecot, installation: Installation, receiving: Receiving
) -> None:
    """A mailbox that people used before keeps its history where it is."""
    put(dovecot, letter(1), moment=datetime(2020, 1, 1, tzinfo=UTC))
    put(dovecot, letter(2))
    readers = start_imap(installation, receiving, [mailbox(dovecot, "since=2026-01-01")])
    until(lambda: dovecot.counts("Postroom/Done")[0] == 1)
    readers.close()
    assert dovecot.counts("INBOX") == (1, 1)


def test_a_login_by_token_reads_the_mailbox(
    tmp_path: Path, installation: Installation, receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XOAUTH2; Dovecot asks about the token, and one that it does not take is asked for anew."""
    must_have("dovecot")
    monkeypatch.setattr("inbound.imap.FIRST_WAIT", 0.1)
    shown: list[str] = []

    class About(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers["Authorization"])
            good = self.headers["Authorization"] == "Bearer token-2"
            said = json.dumps({"active": True, "email": USER}).encode() if good else b"{}"
            self.send_response(200 if good else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            pass

    about = HTTPServer(("127.0.0.1", 0), About)
    threading.Thread(target=about.serve_forever, daemon=True).start()
    endpoint = Endpoint()
    dovecot = Dovecot(tmp_path / "dovecot", tokens=f"http://127.0.0.1:{about.server_port}/about").start()
    readers = None
    try:
        put(dovecot, letter(1))
        tokens = AccessTokens(OAuthClient(endpoint.url, "us", "hush"))
        readers = start_imap(installation, receiving, [mailbox(dovecot, "auth=xoauth2")], tokens=tokens)
        until(lambda: dovecot.counts("Postroom/Done") == (1, 0))
    finally:
        if readers:
            readers.close()
        dovecot.stop()
        for server in (about, endpoint.server):
            server.shutdown()
            server.server_close()
    assert shown == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("scheme", ["imaps", "imap+starttls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    tmp_path: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any password is said; one that is vouched for, and for this very name, is taken."""
    must_have("dovecot", "openssl")
    pem = tmp_path / "both.pem"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=here -addext subjectAltName=DNS:localhost"
    subprocess.run([*make.split(), "-keyout", str(pem), "-out", f"{pem}.crt"], check=True, capture_output=True)
    pem.write_text(pem.read_text() + (tmp_path / "both.pem.crt").read_text())
    dovecot = Dovecot(tmp_path / "dovecot", certificate=str(pem)).start()

    def there(host: str) -> ImapMailbox:
        port = dovecot.imaps if scheme == "imaps" else dovecot.imap
        return replace(mailbox(dovecot), scheme=scheme, host=host, port=port)

    try:
        with pytest.raises(ssl.SSLCertVerificationError):
            connect(there("localhost"), None)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        with pytest.raises(ssl.SSLCertVerificationError):
            connect(there("127.0.0.1"), None)
        client = connect(there("localhost"), None)
        assert client.folder_exists("INBOX")
        client.logout()
    finally:
        dovecot.stop()


@pytest.mark.skipif(not POSTGRESQL, reason="runs where POSTROOM_TEST_DATABASE_URL names a PostgreSQL server")
def test_two_processes_that_only_fetch_share_a_mailbox(dovecot: Dovecot, tmp_path: Path, postgresql_url: str) -> None:
    """On PostgreSQL any number of `postroom imap` may run: each mail is kept once, and nobody is in the other's way."""
    own = {
        "POSTROOM_IMAP_URL": dovecot.url,
        "POSTROOM_IMAP_PASSWORD": PASSWORD,
        "POSTROOM_DATABASE_URL": postgresql_url,
    }
    both = [Served(tmp_path / name, own, role="imap") for name in ("one", "two")]
    for served in both:
        served.folder.mkdir()
    both[0].prepare()
    try:
        put(dovecot, *(letter(n) for n in range(30)))
        for served in both:
            served.start()
        put(dovecot, *(letter(n) for n in range(30, 60)))
        until(lambda: dovecot.counts("INBOX") == (0, 0))
        assert [served.stop() for served in both] == [0, 0]
    finally:
        for served in both:
            served.kill()
    assert dovecot.counts("Postroom/Failed") == (0, 0)
    assert kept(both[0].installation) == [USER] * 60


@pytest.mark.timeout(3600)
def test_killed_reader_loses_nothing_and_acts_on_each_mail_once(tmp_path: Path, sqlite_template: Path) -> None:
    """Dovecot takes the mail by LMTP, Postroom fetches it, is killed and started again, over and over."""
    must_have("dovecot")
    sink = Sink()
    relay = SinkServer(sink)
    relay.start()
    dovecot = Dovecot(tmp_path / "dovecot").start()
    settings = {
        "POSTROOM_RELAY_URL": relay.url, "POSTROOM_TRUSTED_RELAYS": "mx.example.com",
        "POSTROOM_SMTP_LISTEN": "off", "POSTROOM_IMAP_URL": dovecot.url, "POSTROOM_IMAP_PASSWORD": PASSWORD,
    }  # fmt: skip
    served = Served(tmp_path / "served", settings)
    (tmp_path / "served").mkdir()
    served.prepare(sqlite_template)
    try:
        began = time.monotonic()
        fed = stream(served, lambda mails: hand_over(dovecot, mails))
        until(lambda: dovecot.counts("INBOX") == (0, 0))
        until(lambda: dovecot.counts("Postroom/Done") == (MAILS, 0))
        assert served.stop() == 0
        print(f"{len(fed)} mails through Dovecot in {time.monotonic() - began:.0f} s")
        assert dovecot.counts("Postroom/Failed") == (0, 0)
        check(served, sink, fed)
    finally:
        served.kill()
        dovecot.stop()
        relay.stop()
