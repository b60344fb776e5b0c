"""The processes as an operator meets them: started, used, and ended by signals."""

from __future__ import annotations

import json
import signal
import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from postroom.mailbox.mailboxes import Mailboxes
from postroom.mailbox.relay import Relay
from store.counts import counts
from tests.outbound.sink import Sink, SinkServer, free_port
from tests.postroom.served import Served
from workflows.intake import invite_supplier

NOTE = b"From: ana@supplier.example\r\nTo: orders@example.com\r\nSubject: hello\r\nMessage-ID: <1@s>\r\n\r\nHello.\r\n"


@pytest.fixture
def served(tmp_path: Path, sqlite_template: Path) -> Iterator[Served]:
    """A migrated installation with a company, not yet started; ended without a word after the test."""
    served = Served(tmp_path, {"POSTROOM_RELAY_URL": f"smtp://127.0.0.1:{free_port()}"})
    served.prepare(sqlite_template)
    yield served
    served.kill()


def status_of(served: Served) -> dict[str, dict[str, int]]:
    """The numbers by state."""
    return counts(served.installation.database)


def test_serve_takes_mail_shows_pages_and_ends_well(served: Served) -> None:
    """One process answers on SMTP and HTTP, takes a pipe's mail, and ends with 0 on SIGTERM, its mail kept."""
    served.start()
    with smtplib.SMTP("127.0.0.1", served.smtp) as smtp:
        smtp.sendmail("ana@supplier.example", ["orders@example.com"], NOTE)
    with urllib.request.urlopen(f"http://127.0.0.1:{served.http}/healthz") as answer:
        assert answer.status == 200
    piped = served.command("deliver", "--recipient", "orders@example.com", stdin=NOTE.replace(b"<1@s>", b"<2@s>"))
    assert piped.returncode == 0, piped.stderr
    assert served.stop() == 0
    assert status_of(served)["mails"]["kept"] == 2
    assert "Traceback" not in served.log


def test_second_process_on_sqlite_is_refused(served: Served) -> None:
    """SQLite means one serving process; the second one says so and what to do."""
    served.start()
    second = served.command("serve")
    assert second.returncode == 1
    assert b"serves" in second.stderr
    assert b"Traceback" not in second.stderr
    assert served.stop() == 0


def test_single_role_on_sqlite_is_refused(served: Served) -> None:
    """A role of its own needs a database for several processes."""
    found = served.command("worker")
    assert found.returncode == 1
    assert b"PostgreSQL" in found.stderr


def test_place_that_is_taken_is_named(served: Served) -> None:
    """A port that another program holds is told in words, with the setting's name."""
    served.start()
    other = Served(served.folder / "other", {"POSTROOM_SMTP_LISTEN": f"127.0.0.1:{served.smtp}"})
    other.folder.mkdir()
    found = other.command("serve")
    assert found.returncode == 1
    assert b"POSTROOM_SMTP_LISTEN" in found.stderr
    assert served.stop() == 0


def test_sigterm_finishes_what_is_in_hand(served: Served) -> None:
    """A notice that is being handed over when SIGTERM comes is handed over, marked, and sent once."""
    sink, began, go_on = Sink(), Event(), Event()

    def slow(_envelope: object) -> None:
        began.set()
        assert go_on.wait(30)

    sink.at_data = slow
    server = SinkServer(sink)
    server.start()
    try:
        invite_supplier(served.installation, 1, by="olga@example.com", name="Supplier", address="ana@supplier.example")
        served.settings["POSTROOM_RELAY_URL"] = server.url
        served.start()
        assert began.wait(30)
        assert served.process is not None
        served.process.send_signal(signal.SIGTERM)
        go_on.set()
        assert served.ended() == 0
    finally:
        server.stop()
    assert len(sink.box) == 1
    assert status_of(served)["notices"]["sent"] == 1


def test_certificate_that_is_none_is_told(served: Served) -> None:
    """A faulty certificate stops the start in words, with the settings' names."""
    served.settings["POSTROOM_TLS_CERTIFICATE"] = "/nowhere.pem"
    found = served.command("serve")
    assert found.returncode == 1
    assert b"POSTROOM_TLS_CERTIFICATE" in found.stderr
    assert b"Traceback" not in found.stderr


def test_roles_run_apart_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    """A process that takes mail, one that works and one that shows pages do together what `serve` does."""
    sink = Sink()
    server = SinkServer(sink)
    server.start()
    settings = {
        "POSTROOM_DATABASE_URL": postgresql_url, "POSTROOM_RELAY_URL": server.url,
        "POSTROOM_SWEEP_EVERY": "1",
    }  # fmt: skip
    apart = {role: Served(tmp_path, settings, role) for role in ("worker", "smtp", "web")}
    try:
        apart["worker"].prepare()
        for served in apart.values():
            served.start()
        with smtplib.SMTP("127.0.0.1", apart["smtp"].smtp) as smtp:
            smtp.sendmail("ana@supplier.example", ["orders@example.com"], NOTE)
        assert sink.came.wait(60), "the stranger is answered"
        with urllib.request.urlopen(f"http://127.0.0.1:{apart['web'].http}/readyz") as answer:
            assert answer.status == 200
        assert [served.stop() for served in apart.values()] == [0, 0, 0]
        assert sink.box[0].rcpt_tos == ["ana@supplier.example"]
    finally:
        for served in apart.values():
            served.kill()
        server.stop()


def test_mail_by_webhook_is_kept_by_the_process_that_serves(served: Served) -> None:
    """Switched on by its secret, which stands in no log."""
    served.settings["POSTROOM_POSTMARK_SECRET"] = secret = "a-secret-of-postmark"
    served.start()
    body = json.dumps({"OriginalRecipient": "orders@example.com", "RawEmail": NOTE.decode()}).encode()
    address = f"http://127.0.0.1:{served.http}/in/postmark"
    with urllib.request.urlopen(urllib.request.Request(f"{address}/{secret}", data=body)) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{address}/guess-of-somebody", data=body))
    assert refused.value.code == 401
    refused.value.close()
    assert served.stop() == 0
    assert status_of(served)["mails"]["kept"] == 1
    assert secret not in served.log
    assert "guess-of-somebody" not in served.log


def test_b45_doctor_mails_a_probe_through_the_development_relay(served: Served) -> None:
    """Out by the relay and back by SMTP, judged by a server that is believed: as each set-up page ends."""
    with Relay(Mailboxes(), name="mx.example.com") as relay:
        served.settings |= {"POSTROOM_RELAY_URL": relay.url, "POSTROOM_TRUSTED_RELAYS": "mx.example.com"}
        served.start()
        relay.hand_on = ("127.0.0.1", served.smtp)
        told = served.command("doctor", "--mail-round-trip", "--json", "--wait", "30")
    found = [one for one in json.loads(told.stdout) if one["about"] == "mail round trip"]
    assert [one["level"] for one in found] == ["well", "well"], found
    assert "by SMTP" in found[0]["text"]
    assert "mx.example.com judged its sender" in found[1]["text"]
    assert served.stop() == 0


def test_pipe_mail_is_kept_when_nobody_serves(served: Served) -> None:
    """`postroom deliver` writes by itself when no process serves, and tells strangers' addresses apart."""
    assert served.command("deliver", "--recipient", "orders@example.com", stdin=NOTE).returncode == 0
    assert served.command("deliver", "--recipient", "nobody@example.com", stdin=NOTE).returncode == 67
    assert status_of(served)["mails"]["kept"] == 1


def test_pipe_lets_the_mail_server_try_again_when_settings_are_wrong(served: Served) -> None:
    """A fault of ours never bounces a mail."""
    served.settings["POSTROOM_WORKERS"] = "many"
    assert served.command("deliver", "--recipient", "orders@example.com", stdin=NOTE).returncode == 75


def test_notice_that_waited_for_the_relay_goes_out_at_the_next_start(served: Served) -> None:
    """What was queued while nothing ran is sent by the process that starts."""
    sink = Sink()
    server = SinkServer(sink)
    server.start()
    try:
        invite_supplier(served.installation, 1, by="olga@example.com", name="Supplier", address="ana@supplier.example")
        served.settings["POSTROOM_RELAY_URL"] = server.url
        served.start()
        assert sink.came.wait(30)
        assert served.stop() == 0
    finally:
        server.stop()
    assert sink.box[0].rcpt_tos == ["ana@supplier.example"]
    assert status_of(served)["notices"]["sent"] == 1
