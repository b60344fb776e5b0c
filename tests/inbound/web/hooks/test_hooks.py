"""Mails by webhook are kept as those by SMTP are, and nothing else is: each service with its own proof."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import select
from starlette.testclient import TestClient

from inbound.route import route
from inbound.web.app import create_app
from inbound.web.hooks.certificate import CertificateUnreadable, certificate_of
from inbound.web.hooks.seen import notes
from inbound.web.hooks.sns import fetch_certificate, is_from_sns
from inbound.web.hooks.taking import Hooks
from outbound.relay import Relay
from postroom.doctor import Level
from postroom.round_trip import round_trip
from store import clock
from store.installation import Installation
from store.mails import Mail, MailRecipient
from tests.inbound.post import ANA, MAILBOX, Post, a_mail, make_post
from tests.inbound.web.hooks.services import (
    CERTIFICATE,
    KEY,
    SECRET,
    TOPIC,
    Sns,
    certificate,
    mailgun_form,
    postmark_json,
    ses_notification,
)
from tests.outbound.sink import Sink, SinkServer

FORM = {"content-type": "application/x-www-form-urlencoded"}
MAIL = a_mail(ANA, MAILBOX, "Grüße: we deliver on Friday.")


@pytest.fixture
def post(installation: Installation) -> Iterator[Post]:
    """Acme and an order PO-1 to Ferrum."""
    made = make_post(installation)
    made.world.order()
    yield made
    made.receiving.close()
    clock.set_source(None)


@pytest.fixture
def sns() -> Sns:
    """SNS, which serves its certificate."""
    return Sns()


@pytest.fixture
def hooks(post: Post, sns: Sns) -> Hooks:
    """All three, switched on."""
    return Hooks(
        post.installation, post.receiving, sns.fetch,
        mailgun_key=KEY, ses_topics=frozenset((TOPIC,)), postmark_secret=SECRET,
    )  # fmt: skip


@pytest.fixture
def service(hooks: Hooks) -> TestClient:
    """What a mail service calls."""
    return client(hooks)


def client(hooks: Hooks) -> TestClient:
    return TestClient(create_app(hooks.installation, hooks=hooks), base_url="https://po.example.com")


def kept(post: Post) -> list[tuple[str, str, str]]:
    """(way, envelope sender, recipient) of every mail."""
    with post.installation.database.read() as session:
        rows = session.execute(
            select(Mail.way, Mail.sender, MailRecipient.recipient).join(MailRecipient).order_by(MailRecipient.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]


def later(**time: float) -> None:
    moment = clock.now() + timedelta(**time)
    clock.set_source(lambda: moment)


def by_mailgun(service: TestClient, form: dict[str, bytes], path: str = "/in/mailgun/mime") -> int:
    return int(service.post(path, content=urlencode(form), headers=FORM).status_code)


def by_postmark(service: TestClient, body: bytes, password: str = SECRET) -> int:
    token = base64.b64encode(f"postmark:{password}".encode()).decode()
    return int(service.post("/in/postmark", content=body, headers={"authorization": f"Basic {token}"}).status_code)


def by_ses(service: TestClient, message: dict[str, Any]) -> int:
    headers = {"content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": message.get("Type", "")}
    return int(service.post("/in/ses", content=json.dumps(message), headers=headers).status_code)


# --- what each of them brings ----------------------------------------------------------------------------------------


def test_mailgun_hands_in_a_mail(post: Post, service: TestClient) -> None:
    """Byte for byte, for the recipient of the envelope, and acted on like any other."""
    to = post.address("order-sent", ANA)
    source = a_mail(ANA, to, "We confirm the order.")
    assert by_mailgun(service, mailgun_form(source, to)) == 200
    assert kept(post) == [("mailgun", "ana@ferrum.example", to)]
    route(post.installation, 1)
    assert post.world.newest("order").status == "acknowledged"


@pytest.mark.parametrize("source", [MAIL, MAIL.replace(b"Gr", b"\xff\xfe Gr")])
@pytest.mark.parametrize("multipart", [False, True])
def test_mailgun_form_keeps_every_byte(post: Post, service: TestClient, source: bytes, multipart: bool) -> None:
    """Whatever the form is and whatever the charset of the mail."""
    form = mailgun_form(source, MAILBOX)
    if multipart:
        files = {name: (None, value) for name, value in form.items()}
        assert service.post("/in/mailgun/mime", files=files).status_code == 200
    else:
        assert by_mailgun(service, form) == 200
    from inbound.kept import kept_mail

    with post.installation.database.read() as session:
        mail = kept_mail(session, post.installation, 1)
    assert mail is not None
    assert mail.source == source


def test_postmark_hands_in_a_mail(post: Post, service: TestClient) -> None:
    """With the secret as a password, or as the last part of the address."""
    assert by_postmark(service, postmark_json(b"Return-Path: <bounce@ferrum.example>\r\n" + MAIL, MAILBOX)) == 200
    other = postmark_json(a_mail(ANA, MAILBOX, "Another"), MAILBOX)
    assert service.post(f"/in/postmark/{SECRET}", content=other).status_code == 200
    assert kept(post) == [("postmark", "bounce@ferrum.example", MAILBOX), ("postmark", "", MAILBOX)]


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("encoding", ["BASE64", "UTF-8"])
def test_ses_hands_in_a_mail(post: Post, service: TestClient, sns: Sns, version: str, encoding: str) -> None:
    """By either signature, for the recipients of the envelope that are ours; the certificate is fetched once."""
    for number in range(2):
        source = a_mail(ANA, MAILBOX, f"Mail {number}")
        text = ses_notification(source, [MAILBOX, "somebody@else.example"], encoding=encoding)
        assert by_ses(service, sns.message(text, version=version)) == 200
    assert kept(post) == [("ses", "ana@ferrum.example", MAILBOX)] * 2
    assert sns.asked == [CERTIFICATE]


def test_mail_that_comes_twice_is_one(post: Post, service: TestClient, sns: Sns) -> None:
    """A service tries again when our answer was lost."""
    form = mailgun_form(MAIL, MAILBOX)
    assert [by_mailgun(service, form), by_mailgun(service, form)] == [200, 200]
    message = sns.message(ses_notification(MAIL, [MAILBOX]))
    assert [by_ses(service, message), by_ses(service, message)] == [200, 200]
    assert len(kept(post)) == 1


@pytest.mark.parametrize("way", ["mailgun", "postmark", "ses"])
def test_b45_the_doctors_probe_comes_back_by_each_of_them(post: Post, service: TestClient, sns: Sns, way: str) -> None:
    """As the set-up page says: out by the relay, in by the service, and told by what way."""

    def deliver(envelope: Envelope) -> None:
        source, (to, *_) = envelope.original_content or b"", envelope.rcpt_tos
        if way == "mailgun":
            assert by_mailgun(service, mailgun_form(source, to)) == 200
        elif way == "postmark":
            assert by_postmark(service, postmark_json(source, to)) == 200
        else:
            assert by_ses(service, sns.message(ses_notification(source, [to]))) == 200

    server = SinkServer(Sink(at_data=deliver))
    server.start()
    relay = Relay(server.url)
    try:
        found = list(round_trip(post.installation, relay, 20))
    finally:
        relay.close()
        server.stop()
    assert found[0].level is Level.WELL
    assert f"by {way.upper()}" in found[0].text


# --- what is refused -------------------------------------------------------------------------------------------------


def test_mailgun_signature_must_be_right(post: Post, service: TestClient) -> None:
    """Of another key, of another time, or none at all."""
    forged = mailgun_form(MAIL, MAILBOX, key="another key of somebody's")
    changed = mailgun_form(MAIL, MAILBOX) | {"timestamp": b"1"}
    for form in (forged, changed, {"body-mime": MAIL}, mailgun_form(MAIL, MAILBOX) | {"timestamp": b"9" * 40}):
        assert by_mailgun(service, form) == 403
    assert kept(post) == []


def test_mailgun_signature_is_good_for_one_mail(post: Post, service: TestClient) -> None:
    """It does not cover the mail: who has seen one cannot put another under it, nor another recipient."""
    assert by_mailgun(service, mailgun_form(MAIL, MAILBOX)) == 200
    assert by_mailgun(service, mailgun_form(a_mail(ANA, MAILBOX, "approve"), MAILBOX)) == 403
    assert by_mailgun(service, mailgun_form(MAIL, post.address("order-sent", ANA))) == 403
    assert len(kept(post)) == 1


@pytest.mark.parametrize(("hours", "status"), [(8, 200), (13, 403), (-1, 403)])
def test_mailgun_signature_ages(post: Post, service: TestClient, hours: float, status: int) -> None:
    """It lasts for the eight hours in which Mailgun tries again."""
    form = mailgun_form(MAIL, MAILBOX)
    later(hours=hours)
    assert by_mailgun(service, form) == status


@pytest.mark.parametrize("password", ["", "wrong", SECRET + " ", "ä"])
def test_postmark_secret_must_be_right(post: Post, service: TestClient, password: str) -> None:
    """Before a byte of the mail is read; Postmark keeps the mail and tries again, which it does not after a 403."""
    assert by_postmark(service, postmark_json(MAIL, MAILBOX), password) == 401
    assert service.post("/in/postmark", content=postmark_json(MAIL, MAILBOX)).status_code == 401
    assert service.post("/in/postmark/guess", content=b"x").status_code == 401
    assert service.post("/in/postmark", content=b"", headers={"authorization": "Basic !"}).status_code == 401
    assert kept(post) == []


def test_ses_signature_must_be_right(post: Post, service: TestClient, sns: Sns) -> None:
    """Whatever of the message is changed, and whoever signs for it."""
    good = sns.message(ses_notification(MAIL, [MAILBOX]))
    other = ses_notification(a_mail(ANA, MAILBOX, "approve"), [MAILBOX])
    for changes in (
        {"Message": other},
        {"Timestamp": f"{clock.now() + timedelta(seconds=1):%Y-%m-%dT%H:%M:%S.000Z}"},
        {"Signature": base64.b64encode(b"x" * 256).decode()},
        {"Signature": "!"},
        {"Signature": ""},
        {"SignatureVersion": "1"},
        {"SignatureVersion": "3"},
        {"SignatureVersion": None},
        {"Type": "UnsubscribeConfirmation"},
        {"Type": None},
        {"Subject": None},
        {"Subject": ["x"]},
        {"TopicArn": "arn:aws:sns:eu-central-1:123456789012:theirs"},
        {"TopicArn": None},
    ):
        assert by_ses(service, {name: value for name, value in (good | changes).items() if value is not None}) == 403
    assert kept(post) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-central-1.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com.evil.example/a.pem",
        "https://bucket.s3.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com@evil.example/a.pem",
        "https://evil.example\\@sns.eu-central-1.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com:8443/a.pem",
        "https://sns.us-east-1.amazonaws.com/a.pem",
        "https://sns.eu-central-1.amazonaws.com/?Action=GetTopic&x=a.pem",
        "https://sns.eu-central-1.amazonaws.com/a/../b.pem",
        "https://[sns.eu-central-1.amazonaws.com/a.pem",
        "file:///etc/passwd.pem",
        "",
        None,
        7,
    ],
)
def test_certificate_comes_from_sns_alone(post: Post, service: TestClient, sns: Sns, url: object) -> None:
    """Nothing else is asked: neither a bucket of anybody's nor a host that looks like it."""
    assert by_ses(service, sns.message(ses_notification(MAIL, [MAILBOX]), SigningCertURL=url)) == 403
    assert sns.asked == []


@pytest.mark.parametrize("hours", [25, -1])
def test_old_messages_of_sns_are_refused(post: Post, service: TestClient, sns: Sns, hours: float) -> None:
    """However well they are signed."""
    message = sns.message(ses_notification(MAIL, [MAILBOX]))
    later(hours=hours)
    assert by_ses(service, message) == 403


def test_certificate_that_has_ended_signs_nothing(post: Post, service: TestClient, sns: Sns) -> None:
    """Nor does one that is not good yet, or that is none."""
    sns.days = -1
    assert by_ses(service, sns.message(ses_notification(MAIL, [MAILBOX]))) == 403
    short = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    for text in (b"", b"hello", certificate(30)[:400], short, certificate(30, 1024), b"\xff" * 100):
        with pytest.raises(CertificateUnreadable):
            certificate_of(text)


def test_certificates_of_others_are_read(tmp_path: Path) -> None:
    """One that OpenSSL made: its key and its time are those that OpenSSL tells."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not here")
    key, pem = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=sns.amazonaws.com -days 3 -keyout {key} -out {pem}"
    subprocess.run(make.split(), check=True, capture_output=True)
    told = subprocess.run(
        ["openssl", "x509", "-in", str(pem), "-noout", "-modulus"], check=True, capture_output=True, text=True
    )
    found = certificate_of(pem.read_bytes())
    assert f"Modulus={found.modulus:X}" == told.stdout.strip()
    assert (found.exponent, found.ends - found.begins) == (65537, timedelta(days=3))


def test_fetching_a_certificate_follows_nobody_elsewhere() -> None:
    """A redirect is a failure, and so is a page without end."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/large" else 302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            if self.path == "/large":
                self.wfile.write(b"x" * 100_000)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        for path, error in (("", HTTPError), ("large", ValueError)):
            with pytest.raises(error):
                fetch_certificate(f"http://127.0.0.1:{server.server_port}/{path}")
    finally:
        server.shutdown()
        server.server_close()


# --- who tries again -------------------------------------------------------------------------------------------------


def test_service_tries_again_when_the_fault_is_ours(
    post: Post, service: TestClient, sns: Sns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away, or the certificate: 503, and the same request is kept when that has passed."""
    form, message = mailgun_form(MAIL, MAILBOX), sns.message(ses_notification(a_mail(ANA, MAILBOX, "b"), [MAILBOX]))
    body = postmark_json(a_mail(ANA, MAILBOX, "c"), MAILBOX)
    sns.away = True
    assert by_ses(service, message) == 503
    sns.away = False
    with monkeypatch.context() as broken:
        broken.setattr(type(post.receiving), "keep", lambda *_a, **_k: (_ for _ in ()).throw(OSError("away")))
        assert [by_mailgun(service, form), by_ses(service, message), by_postmark(service, body)] == [503] * 3
    assert kept(post) == []
    assert [by_mailgun(service, form), by_ses(service, message), by_postmark(service, body)] == [200] * 3
    assert len(kept(post)) == 3


def test_service_gives_up_what_is_not_for_us(post: Post, service: TestClient, sns: Sns) -> None:
    """In the code after which it does: no address of ours is made up, and no mail waits at it for days."""
    to = "nobody@acme.example"
    assert by_mailgun(service, mailgun_form(MAIL, to)) == 406
    assert by_postmark(service, postmark_json(MAIL, to)) == 403
    assert by_ses(service, sns.message(ses_notification(MAIL, [to]))) == 404
    assert kept(post) == []


def test_request_without_a_mail_is_refused(post: Post, service: TestClient, sns: Sns) -> None:
    """Parsed instead of raw, without its content, or no request of theirs at all."""
    parsed = mailgun_form(b"", MAILBOX, **{"body-plain": "hello"})
    assert by_mailgun(service, parsed, "/in/mailgun") == 406
    for body in (b"{}", b"[]", b"", b"[" * 100_000, b"\xff", json.dumps({"RawEmail": 7}).encode()):
        assert by_postmark(service, body) == 403
        assert service.post("/in/ses", content=body).status_code in (400, 403)
    content = {"notificationType": "Received", "receipt": {"recipients": [MAILBOX]}, "mail": {}}
    assert by_ses(service, sns.message(json.dumps(content))) == 400
    assert service.post("/in/mailgun", content=b"a", headers={"content-type": "multipart/form-data"}).status_code == 406
    assert kept(post) == []


def test_notifications_that_are_no_mail_are_passed_over(post: Post, service: TestClient, sns: Sns) -> None:
    """SES tries a topic with a sentence, and tells of deliveries by the same way."""
    assert by_ses(service, sns.message("Successfully validated SNS topic for Amazon SES event publishing.")) == 200
    assert by_ses(service, sns.message(json.dumps({"notificationType": "Delivery"}))) == 200
    assert kept(post) == []


def test_requests_have_limits(post: Post, hooks: Hooks, sns: Sns) -> None:
    """One request, one mail, and all that are in hand; a length that is not told counts as the longest."""
    small = client(replace(hooks, mail_bytes=2_000))
    large = a_mail(ANA, MAILBOX, "x" * 3_000)
    assert by_mailgun(small, mailgun_form(large, MAILBOX)) == 406
    assert by_postmark(small, postmark_json(large, MAILBOX)) == 403
    assert by_ses(small, sns.message(ses_notification(large, [MAILBOX]))) == 413
    assert by_mailgun(small, mailgun_form(b"x" * 3_000_000, MAILBOX)) == 413
    assert by_ses(small, {"x": "x" * 600_000}) == 413
    busy = client(replace(hooks, memory=1_000_000))
    assert by_postmark(busy, postmark_json(MAIL, MAILBOX)) == 200
    chunks = iter((postmark_json(MAIL, MAILBOX),))
    answer = busy.post(f"/in/postmark/{SECRET}", content=chunks)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def test_webhooks_are_off_unless_they_are_set(post: Post, hooks: Hooks) -> None:
    """Each by itself."""
    none = TestClient(create_app(post.installation))
    only = client(replace(hooks, mailgun_key="", ses_topics=frozenset()))
    for path in ("/in/mailgun", "/in/mailgun/mime", "/in/ses"):
        assert [none.post(path).status_code, only.post(path).status_code] == [404, 404]
    assert none.post("/in/postmark").status_code == 404
    assert by_postmark(only, postmark_json(MAIL, MAILBOX)) == 200
    assert only.get("/in/postmark").status_code == 405


# --- the subscription ------------------------------------------------------------------------------------------------

CONFIRM = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=y"


def test_subscription_waits_for_the_operator(post: Post, service: TestClient, sns: Sns) -> None:
    """Its address is kept for the doctor and opened by nobody here; the first message that comes ends the waiting."""
    message = sns.message(
        "You have chosen to subscribe.", Type="SubscriptionConfirmation", SubscribeURL=CONFIRM, Token="y", Subject=None
    )
    assert by_ses(service, message) == 200
    assert by_ses(service, message) == 200
    assert [(name, note) for name, note, _ in notes(post.installation.database, "ses")] == [(TOPIC, CONFIRM)]
    assert sns.asked == [CERTIFICATE]
    assert by_ses(service, sns.message(ses_notification(MAIL, [MAILBOX]))) == 200
    assert notes(post.installation.database, "ses") == []


@pytest.mark.parametrize(
    "url", ["https://evil.example/?Action=ConfirmSubscription", CONFIRM.replace("https", "http"), None]
)
def test_subscription_elsewhere_is_not_shown(post: Post, service: TestClient, sns: Sns, url: str | None) -> None:
    """An operator opens nothing but SNS."""
    message = sns.message("Hello", Type="SubscriptionConfirmation", SubscribeURL=url, Token="y", Subject=None)
    assert by_ses(service, message) == 403
    assert notes(post.installation.database, "ses") == []
    assert not is_from_sns(url, TOPIC)
