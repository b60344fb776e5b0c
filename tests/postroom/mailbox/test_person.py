"""A person of the demo writes, answers and forwards as a mail program does, and uses pages as a browser does."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest

from postroom.mailbox.browser import FormMismatch
from postroom.mailbox.mail import File
from postroom.mailbox.mailboxes import Mailboxes, Owner
from postroom.mailbox.person import LinkMissing, MailRefused, Person
from postroom.mailbox.relay import Failures, Relay

NOTICE = b"""From: Northwind <orders@po.example>\r
To: Sam Reed <sam@supplier.example>\r
Cc: Anna <anna@buyer.example>\r
Reply-To: Northwind <t0k3n@po.example>\r
Subject: Order PO-7\r
Message-ID: <m1.t0k3n@po.example>\r
References: <m0.t0k3n@po.example>\r
Date: Tue, 03 Mar 2026 10:12:00 +0000\r
X-Postroom-Notice: order-sent\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=a\r
\r
--a\r
Content-Type: text/html; charset=utf-8\r
\r
<html><body><p>Please <b>deliver</b> 8 chairs.</p>\r
<a href="http://127.0.0.1:1/l/one">Confirm the order</a> <a href="http://127.0.0.1:1/l/two">Refuse</a>\r
<a href="http://127.0.0.1:1/l/three">Send back</a></body></html>\r
--a\r
Content-Type: application/pdf; name="PO-7.pdf"\r
Content-Disposition: attachment\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0=\r
--a--\r
"""


@pytest.fixture
def postroom() -> Iterator[Relay]:
    with Relay(Mailboxes(), name="po.example") as postroom:
        yield postroom


@pytest.fixture
def sam(postroom: Relay) -> Iterator[Person]:
    boxes = Mailboxes([Owner("Sam Reed", "sam@supplier.example")])
    boxes.keep("sam@supplier.example", NOTICE)
    with Relay(boxes, (postroom.host, postroom.port)) as relay:
        yield Person("Sam Reed", "sam@supplier.example", boxes, relay, signature="Sam Reed\nChairs & Co")


def came(postroom: Relay, address: str) -> EmailMessage:
    mail = postroom.mailboxes.wait_for(address, lambda mail: True)
    message = message_from_bytes(mail.source, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_reply_goes_to_reply_to_with_the_thread_in_its_headers(sam: Person, postroom: Relay) -> None:
    """A reply honours Reply-To and names the mail that it answers and the mails before."""
    sam.reply(sam.wait(notice="order-sent"), "Yes, we can.")
    message = came(postroom, "t0k3n@po.example")
    assert message["To"] == "Northwind <t0k3n@po.example>"
    assert message["Subject"] == "Re: Order PO-7"
    assert message["In-Reply-To"] == "<m1.t0k3n@po.example>"
    assert message["References"] == "<m0.t0k3n@po.example> <m1.t0k3n@po.example>"
    assert message["Cc"] is None


def test_a_reply_quotes_below_the_signature(sam: Person, postroom: Relay) -> None:
    """What the person wrote stands first, then the signature, then the quote, in text and in HTML."""
    sam.reply(sam.wait(), "Yes, we can.\n2: 8 x 11.50")
    message = came(postroom, "t0k3n@po.example")
    assert text(message).startswith(
        "Yes, we can.\n2: 8 x 11.50\n\n-- \nSam Reed\nChairs & Co\n\n"
        "On Tue, 03 Mar 2026 at 10:12, Northwind <orders@po.example> wrote:\n> Please deliver 8 chairs.\n"
    )
    assert '<blockquote type="cite"><p>Please <b>deliver</b> 8 chairs.</p>' in text(message, "html")
    assert "<div>Chairs &amp; Co</div>" in text(message, "html")


def test_a_reply_to_all_keeps_the_others_in_cc(sam: Person, postroom: Relay) -> None:
    """Everybody in To and Cc but the writer gets the answer to all; without a quote nothing is quoted."""
    sam.reply(sam.wait(), "Hello all", everyone=True, quote=False)
    message = came(postroom, "anna@buyer.example")
    assert message["Cc"] == "Anna <anna@buyer.example>"
    assert "deliver" not in text(message)


def test_a_forward_takes_the_files_along(sam: Person, postroom: Relay) -> None:
    """A forwarded mail shows its head and words below the text and carries its files and the added ones."""
    sam.forward(sam.wait(), "t0k3n@po.example", "Our invoice", [File("inv.pdf", "application/pdf", b"%PDF-1")])
    message = came(postroom, "t0k3n@po.example")
    assert [part.get_filename() for part in message.iter_attachments()] == ["PO-7.pdf", "inv.pdf"]
    assert "From: Northwind <orders@po.example>\nDate: Tue, 03 Mar 2026 at 10:12\n" in text(message)


def test_a_mail_forwarded_whole_is_one_attached_message(sam: Person, postroom: Relay) -> None:
    """A mail forwarded as an attachment stays apart from what the forwarder says."""
    sam.forward(sam.wait(), "t0k3n@po.example", "See below", whole=True)
    message = came(postroom, "t0k3n@po.example")
    assert [part.get_content_type() for part in message.iter_attachments()] == ["message/rfc822"]
    assert "deliver" not in text(message)


def test_a_long_message_id_stays_whole(sam: Person, postroom: Relay) -> None:
    """A Message-ID longer than a line comes back in In-Reply-To as it was."""
    long_id = b"<" + b"x" * 200 + b"@po.example>"
    sam._mailboxes.keep(sam.address, NOTICE.replace(b"<m1.t0k3n@po.example>", long_id))
    sam.wait()
    sam.reply(sam.wait(), "Yes")
    assert came(postroom, "t0k3n@po.example")["In-Reply-To"] == long_id.decode()


def test_a_refused_mail_is_raised(sam: Person, postroom: Relay) -> None:
    """A person learns at once that nobody is at an address."""
    postroom.fail(Failures(refuse=frozenset({"made-up@po.example"})))
    with pytest.raises(MailRefused, match="550"):
        sam.write("made-up@po.example", "Hello", "Is anybody there?")


@pytest.mark.parametrize(("step", "path"), [("acknowledge", "/l/one"), ("refuse", "/l/two"), ("send_back", "/l/three")])
def test_a_link_is_found_by_its_words(sam: Person, step: str, path: str) -> None:
    """The name of a step finds the link whose words hold it."""
    assert urlsplit(sam.link(sam.wait(), step)).path == path


def test_a_missing_link_says_which_are_there(sam: Person) -> None:
    """A step that the mail does not offer is told with those that it offers."""
    with pytest.raises(LinkMissing, match="0 links “approve”; its links are: Confirm the order, Refuse, Send back"):
        sam.link(sam.wait(), "approve")


FORM = b"""<html><body><h1>Invoice</h1>
<form action="/other" method="post"><button>Reject</button></form>
<form method="post" enctype="multipart/form-data"><input type="hidden" name="seen" value="3">
<input name="number" required> <input type="file" name="file"> <textarea name="note">as is</textarea>
<select name="unit"><option>each</option><option>box</option></select>
<input type="radio" name="how" value="all"><input type="radio" name="how" value="part" checked>
<button name="step" value="approve">Approve invoice</button></form></body></html>"""


@pytest.fixture
def site() -> Iterator[str]:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(410 if self.path == "/spent" else 200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(FORM)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<p>{self.path} {self.headers['Origin']}</p><pre>".encode() + body + b"</pre>")

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_pressing_a_button_sends_its_form(sam: Person, site: str) -> None:
    """The form of the pressed button goes out with hidden fields, given values, files and the button's own name."""
    page = sam.click(f"{site}/l/x")
    fields = {"number": "INV-7", "how": "all", "unit": "box", "file": File("a.pdf", "application/pdf", b"%PDF")}
    answer = sam.press(page, fields, "Approve")
    for part in ('name="seen"\r\n\r\n3', "\r\n\r\nINV-7\r\n", "\r\n\r\nall\r\n", "box", 'filename="a.pdf"', "approve"):
        assert part in answer.html
    assert f"/l/x {site}" in answer.text


@pytest.mark.parametrize(
    ("fields", "button", "says"),
    [
        ({}, "approve", "“number” must be filled in"),
        ({"number": "1", "colour": "red"}, "approve", "no field “colour”"),
        ({"number": "1", "unit": "ton"}, "approve", "does not offer “ton”"),
        ({"number": "1", "how": "none"}, "approve", "does not offer “none”"),
        ({}, "award", "0 buttons “award”; there are: Reject, Approve invoice"),
    ],
)
def test_what_a_person_cannot_do_is_told(
    sam: Person, site: str, fields: dict[str, str], button: str, says: str
) -> None:
    """A gap, an unknown field, a choice that is not offered and a missing button are each told in words."""
    with pytest.raises(FormMismatch, match=says):
        sam.press(sam.click(site), fields, button)


def test_a_page_with_an_error_status_is_still_a_page(sam: Person, site: str) -> None:
    """A spent link is a page to read, not an exception."""
    page = sam.click(f"{site}/spent")
    assert page.status == 410
    assert page.buttons == ("Reject", "Approve invoice")


def test_a_link_is_found_in_a_mail_of_text_alone(sam: Person) -> None:
    """Where a mail has no HTML the words before an address name it."""
    source = (
        b"Subject: Order\r\n\r\nConfirm the order: https://po.example/l/one\r\nRefuse: https://po.example/l/two\r\n"
    )
    sam._mailboxes.keep(sam.address, source)
    sam.wait()
    assert sam.link(sam.wait(subject="Order"), "acknowledge") == "https://po.example/l/one"
