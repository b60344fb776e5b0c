"""The doctor finds the usual mistakes and says how to mend each."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from inbound.documents.pictures import tesseract
from inbound.web.hooks.seen import remember_note
from postroom import doctor, mx
from postroom.doctor import Finding, Level, examine
from postroom.settings import load
from store.database import Database
from tests.outbound.sink import Sink, SinkServer, free_port

REAL_LOOKUP = mx.lookup


@pytest.fixture(autouse=True)
def a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment and a folder without settings, and no name server."""
    for name in [name for name in os.environ if name.startswith("POSTROOM_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(mx, "lookup", lambda domain: ["mx.acme.com"])
    monkeypatch.setenv("POSTROOM_RELAY_URL", f"smtp://127.0.0.1:{free_port()}")


def about(name: str) -> list[Finding]:
    """What the doctor finds about one thing."""
    return [finding for finding in examine(load()) if finding.about == name]


def levels(name: str) -> list[Level]:
    """How bad it is."""
    return [finding.level for finding in about(name)]


def test_unmigrated_database_is_found(sqlite_template: Path) -> None:
    """A database without this version's schema is to be migrated; one with it is well."""
    (found,) = about("database")
    assert (found.level, found.mend) == (Level.FAULT, "Run: postroom init")
    Path("postroom.toml").touch()
    (found,) = about("database")
    assert (found.level, found.mend) == (Level.FAULT, "Run: postroom migrate")
    Path("var/postroom.db").write_bytes(sqlite_template.read_bytes())
    assert levels("database") == [Level.WELL]
    assert about("company")[0].mend == "Run: postroom company add"


def test_database_that_is_away_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer is named without its password."""
    monkeypatch.setenv("POSTROOM_DATABASE_URL", "postgresql://me:hush@127.0.0.1:1/none")
    (found,) = about("database")
    assert found.level is Level.FAULT
    assert "hush" not in found.text


def test_clocks_apart_are_found(monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> None:
    """A database whose clock differs by more than a few seconds is found."""
    from datetime import timedelta

    from store import clock

    Path("var").mkdir()
    Path("var/postroom.db").write_bytes(sqlite_template.read_bytes())
    present = clock.now()
    clock.set_source(lambda: present + timedelta(minutes=3))
    try:
        assert levels("clock") == [Level.FAULT]
    finally:
        clock.set_source(None)
    assert levels("clock") == []


def test_secret_that_others_can_read_is_found() -> None:
    """A secret file with open permission is found, with the command that closes it."""
    assert levels("secret") == [Level.WELL]
    Path("var/secret").chmod(0o644)
    (found,) = about("secret")
    assert (found.level, found.mend) == (Level.FAULT, "Run: chmod 600 var/secret")


def test_relay_that_does_not_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay that is away is a fault; one that greets is well."""
    assert levels("relay") == [Level.FAULT]
    server = SinkServer(Sink())
    server.start()
    monkeypatch.setenv("POSTROOM_RELAY_URL", server.url)
    try:
        assert levels("relay") == [Level.WELL]
    finally:
        server.stop()


def test_folder_that_cannot_be_written_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder that is not ours is found."""
    monkeypatch.setenv("POSTROOM_DATA", "/proc/nothing")
    monkeypatch.setenv("POSTROOM_SECRET", "a secret of some length")
    found = doctor._folder(load())
    assert [finding.level for finding in found] == [Level.FAULT]


def test_mail_domain_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A domain for examples, and one without MX, cannot take answers."""
    assert levels("mail domain") == [Level.FAULT]
    monkeypatch.setenv("POSTROOM_MAIL_DOMAIN", "po.acme.com")
    assert levels("mail domain") == [Level.WELL]
    monkeypatch.setattr(mx, "lookup", lambda domain: [])
    assert levels("mail domain") == [Level.FAULT]
    monkeypatch.setattr(mx, "lookup", lambda domain: None)
    assert levels("mail domain") == [Level.WARNING]


def test_pages_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that only this machine can open, and pages that do not answer, are told apart from good ones."""
    assert levels("pages")[0] is Level.WARNING

    content = b'{"status":"ok"}'

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("POSTROOM_BASE_URL", f"http://127.0.0.1:{server.server_port}")
    try:
        assert levels("pages") == [Level.WARNING, Level.WELL]
        content = b"<h1>It works!</h1>"
        assert levels("pages") == [Level.WARNING, Level.FAULT]
    finally:
        server.shutdown()
        server.server_close()


def test_missing_trusted_relay_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a trusted relay no sender is proven, which is worth a look."""
    assert levels("trusted relays") == [Level.WARNING]
    monkeypatch.setenv("POSTROOM_TRUSTED_RELAYS", "mx.acme.com")
    assert levels("trusted relays") == [Level.WELL]


def test_misspelt_setting_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is no setting is named."""
    monkeypatch.setenv("POSTROOM_BASEURL", "https://x")
    assert "POSTROOM_BASEURL" in about("settings")[0].text


def test_broker_that_is_away_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that does not answer is found; without one in the settings there is nothing to say."""
    assert levels("broker") == []
    monkeypatch.setenv("POSTROOM_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")
    assert levels("broker") == [Level.FAULT]


def test_topic_that_waits_for_its_confirmation_is_found(monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> None:
    """With the address that the operator opens."""
    topic = "arn:aws:sns:eu-central-1:123456789012:mail"
    monkeypatch.setenv("POSTROOM_SES_TOPIC_ARN", topic)
    Path("var").mkdir()
    Path("var/postroom.db").write_bytes(sqlite_template.read_bytes())
    assert levels("sns topic") == [Level.WELL]
    database = Database("sqlite:///var/postroom.db")
    remember_note(database, "ses", topic, "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription")
    database.close()
    (found,) = about("sns topic")
    assert (found.level, found.mend[:41]) == (Level.FAULT, "Open https://sns.eu-central-1.amazonaws.c")


def test_b30_text_recognition_that_lacks_a_language_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without tesseract scans are not read; without a language they are read badly."""
    monkeypatch.setattr(tesseract, "program", lambda: None)
    assert levels("scans") == [Level.WARNING]
    monkeypatch.setattr(tesseract, "program", lambda: "/usr/bin/tesseract")
    monkeypatch.setattr(tesseract, "languages", lambda: frozenset({"eng", "deu"}))
    assert "fra" in about("scans")[0].text
    monkeypatch.setenv("POSTROOM_OCR_LANGUAGES", "deu, eng")
    assert levels("scans") == [Level.WELL]


def test_findings_are_shown_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """A fault makes the exit code 1, in JSON as in words."""
    good = Finding("relay", Level.WELL, "It answers.")
    bad = Finding("relay", Level.FAULT, "It does not.", "Start it.")
    assert doctor.show([good], as_json=False) == 0
    assert doctor.show([good, bad], as_json=False) == 1
    assert "Start it." in capsys.readouterr().out
    assert doctor.show([bad], as_json=True) == 1
    assert json.loads(capsys.readouterr().out) == [
        {"about": "relay", "level": "fault", "text": "It does not.", "mend": "Start it."}
    ]


Answerer = Callable[[bytes], bytes]


@pytest.fixture
def name_server() -> Iterator[Callable[[Answerer], tuple[str, int]]]:
    """A name server that answers one question as it is told."""
    sockets = []

    def answering(answer: Answerer) -> tuple[str, int]:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        sockets.append(server)

        def once() -> None:
            question, peer = server.recvfrom(4096)
            server.sendto(answer(question), peer)

        Thread(target=once, daemon=True).start()
        address: tuple[str, int] = server.getsockname()
        return address

    yield answering
    for server in sockets:
        server.close()


def record(preference: int, host: bytes) -> bytes:
    """An MX record for the name that was asked."""
    data = struct.pack("!H", preference) + host
    return b"\xc0\x0c" + struct.pack("!HHIH", 15, 1, 60, len(data)) + data


def test_mail_servers_are_looked_up_in_order(name_server: Callable[[Answerer], tuple[str, int]]) -> None:
    """The hosts come best first, names written short by pointers included."""

    def answer(question: bytes) -> bytes:
        records = record(20, b"\x03mx2\xc0\x0c") + record(10, b"\x03mx1\x04acme\x03com\0")
        return question[:2] + struct.pack("!5H", 0x8180, 1, 2, 0, 0) + question[12:] + records

    assert REAL_LOOKUP("po.acme.com", name_server(answer)) == ["mx1.acme.com", "mx2.po.acme.com"]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (lambda q: q[:2] + struct.pack("!5H", 0x8183, 1, 0, 0, 0) + q[12:], []),
        (lambda q: q[:2] + struct.pack("!5H", 0x8182, 1, 0, 0, 0) + q[12:], None),
        (lambda q: q[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0) + q[12:] + record(0, b"\0"), []),
        (lambda q: q[:2] + struct.pack("!5H", 0x8180, 1, 1, 0, 0) + q[12:] + b"\xc0\xff", None),
        (lambda q: q[:2] + struct.pack("!5H", 0x8180, 1, 9, 0, 0) + q[12:], None),
        (lambda q: b"xx" + q[2:], None),
        (lambda q: b"", None),
    ],
)
def test_name_server_that_knows_none_or_lies(
    name_server: Callable[[Answerer], tuple[str, int]], answer: Answerer, found: list[str] | None
) -> None:
    """No such domain and "no mail here" mean none; an answer that is none means that nobody could say."""
    assert REAL_LOOKUP("po.acme.com", name_server(answer), 2) == found
