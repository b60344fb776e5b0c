"""The development relay over real SMTP on loopback: what it keeps, vouches for, hands on, and lets go wrong."""

import smtplib
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from postroom.mailbox.mailboxes import Mailboxes, MailMissing, Owner
from postroom.mailbox.relay import Failures, Relay

ANNA = "anna@buyer.example"
SAM = "sam@supplier.example"
MAIL = b"From: Orders <orders@po.example>\r\nTo: sam@supplier.example\r\nSubject: Order 7\r\n\r\nPlease send it.\r\n"


@pytest.fixture
def relay() -> Iterator[Relay]:
    with Relay(Mailboxes([Owner("Anna", ANNA), Owner("Sam", SAM)])) as relay:
        yield relay


@pytest.fixture
def postroom(relay: Relay) -> Iterator[Relay]:
    """A second relay that stands where Postroom listens."""
    with Relay(Mailboxes(), name="po.example") as postroom:
        relay.hand_on = where(postroom)
        yield postroom


def where(relay: Relay) -> tuple[str, int]:
    parts = urlsplit(relay.url)
    return parts.hostname or "", parts.port or 0


def send(relay: Relay, source: bytes = MAIL, *, to: str = SAM) -> None:
    with smtplib.SMTP(*where(relay), timeout=10) as server:
        server.sendmail("bounces@po.example", [to], source)


def test_a_mail_that_postroom_sends_lies_in_its_recipients_mailbox(relay: Relay) -> None:
    """Whatever comes in over SMTP is kept whole for the address it is for, known or not."""
    send(relay)
    send(relay, to="nobody@elsewhere.example")
    mail = relay.mailboxes.wait_for(SAM, lambda mail: mail.letter.subject == "Order 7")
    assert mail.source == MAIL
    assert len(relay.mailboxes.mails("NOBODY@elsewhere.example")) == 1


def test_a_long_line_is_taken(relay: Relay) -> None:
    """A line far beyond the 1,000 characters of RFC 5321 comes in whole."""
    send(relay, MAIL + b"x" * 200_000 + b"\r\n")
    assert relay.mailboxes.mails(SAM)[0].source.endswith(b"xxx\r\n")


def test_waiting_ends_when_the_mail_comes(relay: Relay) -> None:
    """Somebody who waits is woken by the mail that comes in on another thread."""
    sending = threading.Timer(0, send, [relay])
    sending.start()
    assert relay.mailboxes.wait_for(SAM, lambda mail: True, timeout=10).letter.text.strip() == "Please send it."
    sending.join()


def test_waiting_in_vain_says_what_is_there(relay: Relay) -> None:
    """A mail that does not come is told with the address and the subjects that lie there."""
    send(relay)
    with pytest.raises(MailMissing, match=r"sam@supplier\.example within 0 seconds\. There is: Order 7\."):
        relay.mailboxes.wait_for(SAM, lambda mail: "Invoice" in mail.letter.subject, timeout=0)


def test_a_mail_to_postroom_is_vouched_for_on_top(relay: Relay, postroom: Relay) -> None:
    """The topmost header is the relay's own verdict about the From domain, and the sender keeps a copy."""
    done = relay.hand_in(b"From: Sam <sam@supplier.example>\nSubject: accept\n\nYes\n", SAM, ["t0k3n@po.example"])
    source = postroom.mailboxes.mails("t0k3n@po.example")[0].source
    assert done.taken == ("t0k3n@po.example",)
    assert source.startswith(
        b"Authentication-Results: relay.demo.example; dmarc=pass header.from=supplier.example;\r\n"
        b" spf=pass smtp.mailfrom=supplier.example\r\nReceived: "
    )
    assert source.endswith(b"From: Sam <sam@supplier.example>\r\nSubject: accept\r\n\r\nYes\r\n")
    assert [mail.sent for mail in relay.mailboxes.mails(SAM)] == [True]


@pytest.mark.parametrize(("forged", "result"), [(False, b"dmarc=none"), (True, b"dmarc=fail")])
def test_a_mail_without_proof_says_so(relay: Relay, postroom: Relay, forged: bool, result: bytes) -> None:
    """Without proof no claim of the mail's own stands: the relay's name in it is struck out."""
    claim = b"Authentication-Results: relay.demo.example;\r\n dmarc=pass header.from=supplier.example\r\n"
    source = claim + b"From: sam@supplier.example\r\n\r\nYes\r\n"
    relay.hand_in(source, SAM, ["t0k3n@po.example"], proven=False, forged=forged)
    came = postroom.mailboxes.mails("t0k3n@po.example")[0].source
    assert result in came
    assert b"dmarc=pass" not in came


def test_people_of_the_demo_write_to_each_other(relay: Relay, postroom: Relay) -> None:
    """A colleague in Cc gets the mail at once; only the other recipients go to Postroom."""
    relay.hand_in(b"From: anna@buyer.example\n\nHello\n", ANNA, [SAM, "t0k3n@po.example"])
    assert len(relay.mailboxes.mails(SAM)) == 1
    assert [owner.address for owner in postroom.mailboxes.owners()] == ["t0k3n@po.example"]


def test_a_refused_recipient_comes_back_as_a_report(relay: Relay, postroom: Relay) -> None:
    """A recipient that Postroom refuses is told in the answer and by a mail to the sender; the others get it."""
    postroom.fail(Failures(refuse=frozenset({"made-up@po.example"})))
    done = relay.hand_in(b"From: sam@supplier.example\n\nHi\n", SAM, ["made-up@po.example", "ok@po.example"])
    assert done.refused == {"made-up@po.example": "550 5.1.1 No such user here"}
    assert done.taken == ("ok@po.example",)
    report = relay.mailboxes.wait_for(SAM, lambda mail: True, timeout=0).letter
    assert "550 5.1.1" in report.text
    assert report.header("Auto-Submitted") == "auto-replied"


def test_nobody_there_is_told_not_raised(relay: Relay, postroom: Relay) -> None:
    """When Postroom does not listen the mail counts as refused for now."""
    postroom.stop()
    done = relay.hand_in(b"From: sam@supplier.example\n\nHi\n", SAM, ["t0k3n@po.example"])
    assert done.refused["t0k3n@po.example"].startswith("451 4.4.1")


def test_a_stopped_relay_comes_back_on_its_port(relay: Relay) -> None:
    """After a pause it listens where it was and still has its mails."""
    before = relay.url
    send(relay)
    relay.stop()
    relay.start()
    send(relay)
    assert relay.url == before
    assert len(relay.mailboxes.mails(SAM)) == 2


def test_the_relay_defers_the_first_mails(relay: Relay) -> None:
    """As many mails as asked are answered 451, then they are taken."""
    relay.fail(Failures(defer=1))
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(relay)
    send(relay)
    assert refused.value.smtp_code == 451
    assert len(relay.mailboxes.mails(SAM)) == 1


@pytest.mark.parametrize(("failures", "kept"), [(Failures(drop=1), 0), (Failures(drop_kept=1), 1)])
def test_the_relay_hangs_up(relay: Relay, failures: Failures, kept: int) -> None:
    """The line goes dead before the answer to DATA, with the mail lost or kept; the next mail comes in."""
    relay.fail(failures)
    with pytest.raises((smtplib.SMTPException, OSError)):
        send(relay)
    assert len(relay.mailboxes.mails(SAM)) == kept
    send(relay)
    assert len(relay.mailboxes.mails(SAM)) == kept + 1


def test_the_relay_hangs_until_it_is_healed(relay: Relay) -> None:
    """No answer comes to DATA as long as it hangs; healed, it asks to be tried again."""
    relay.fail(Failures(hang=True))
    with smtplib.SMTP(*where(relay), timeout=0.2) as server, pytest.raises(smtplib.SMTPException):
        server.sendmail("bounces@po.example", [SAM], MAIL)
    relay.fail(Failures())
    send(relay)
    assert len(relay.mailboxes.mails(SAM)) == 1
