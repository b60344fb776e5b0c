"""The mailbox pages: what a newcomer sees and can do there as any person of the demo."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from postroom.mailbox.browser import Browser, FormMismatch, Page
from postroom.mailbox.mail import File
from postroom.mailbox.mailboxes import Mailboxes, Owner
from postroom.mailbox.pages import served
from postroom.mailbox.relay import Failures, Relay

SAM = "sam@supplier.example"
ANNA = "anna@buyer.example"
BOX = f"/box/{SAM}"

HOSTILE = b"""From: "Eve <b>" <eve@elsewhere.example>\r
To: sam@supplier.example, anna@buyer.example\r
Subject: =?utf-8?q?=3Cscript=3Ealert(1)=3C/script=3E?=\r
Message-ID: <h1@elsewhere.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=a\r
\r
--a\r
Content-Type: text/html; charset=no-such\r
\r
<html><head><meta http-equiv="refresh" content="0;url=http://evil.example/"><base href="http://evil.example/">
<link rel=stylesheet href="http://evil.example/x.css"></head><body onload="bad()"><script>bad()</script>
<!-- bad() --><![if mso]>shown<![endif]><?bad() ?>
<form action="/box/x/write" method=post><input name=to></form><img src="http://evil.example/p.gif" alt="A chair">
<a href="javascript:bad()" onclick="bad()">no</a> <a href="https://po.example/l/abc">Approve</a>
<iframe src="//evil.example"></iframe><p>Words</p></body></html>\r
--a\r
Content-Type: text/html; name="../../page.html"\r
Content-Disposition: attachment; filename="../../page.html"\r
\r
<script>bad()</script>\r
--a--\r
"""


def a_mail(subject: str, message_id: str, references: str = "", text: str = "Hello Sam\n> an old word\n") -> bytes:
    head = f"From: <orders@po.example>\r\nTo: Sam <{SAM}>\r\nReply-To: t0k3n@po.example\r\nSubject: {subject}\r\n"
    thread = f"References: {references}\r\n" if references else ""
    return f"{head}Message-ID: {message_id}\r\n{thread}\r\n{text}".encode()


@pytest.fixture
def postroom() -> Iterator[Relay]:
    with Relay(Mailboxes(), name="po.example") as postroom:
        yield postroom


@pytest.fixture
def relay(postroom: Relay) -> Relay:
    people = [Owner("Anna Berg", ANNA, "Northwind", "Buyer"), Owner("Sam Reed", SAM, "Reed Chairs", "Sales")]
    return Relay(Mailboxes(people), (postroom.host, postroom.port))


@pytest.fixture
def site(relay: Relay) -> Iterator[str]:
    with served(relay) as site:
        yield site


def look(site: str, path: str) -> Page:
    page = Browser().get(site + path)
    assert page.status == 200
    return page


def test_the_first_page_says_who_one_can_be(site: str, relay: Relay) -> None:
    """Every person stands under their company, with what they do and how many mails wait."""
    relay.mailboxes.keep(SAM, a_mail("Order 7", "<1@po.example>"))
    page = look(site, "/")
    assert "Northwind" in page.text
    assert "Sam Reed Sales sam@supplier.example 1 new" in " ".join(page.text.split())
    assert any(link.endswith(BOX) for link in page.links.values())


def test_a_mailbox_shows_conversations_and_marks_what_is_new(site: str, relay: Relay) -> None:
    """Mails that answer each other are one entry; it is new until its mail is opened."""
    relay.mailboxes.keep(SAM, a_mail("Order 7", "<1@po.example>"))
    relay.mailboxes.keep(SAM, a_mail("Invoice 3", "<2@po.example>"))
    relay.mailboxes.keep(SAM, a_mail("Re: Order 7", "<3@po.example>", "<1@po.example>"))
    entries = look(site, BOX).document.xpath("//ul[@class='threads']/li")
    assert [entry.xpath("string(.//span[@class='subject'])").strip() for entry in entries] == [
        "New: Order 7",
        "New: Invoice 3",
    ]
    look(site, f"{BOX}/2")
    assert "New: Invoice 3" not in look(site, BOX).text


def test_a_mail_shows_its_words_and_what_can_be_done(site: str, relay: Relay) -> None:
    """A mail of plain text is shown with its quote apart, and can be answered and forwarded."""
    mail = relay.mailboxes.keep(SAM, a_mail("Order 7", "<1@po.example>"))
    page = look(site, f"{BOX}/{mail.id}")
    assert "Hello Sam" in page.text
    assert page.document.xpath("string(//details[@class='quote']/pre)") == "> an old word"
    assert {"Reply", "Forward"} <= set(page.links)
    assert "Reply to all" not in page.links


def test_the_html_of_a_mail_is_harmless(site: str, relay: Relay) -> None:
    """Nothing in a mail runs, loads, submits or leads the frame away; its links open in a tab of their own."""
    mail = relay.mailboxes.keep(SAM, HOSTILE)
    answer = httpx.get(f"{site}{BOX}/{mail.id}/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox" in policy
    for bad in ("bad()", "evil.example", "<form", "<script", "<iframe", "refresh"):
        assert bad not in answer.text
    assert '<a href="https://po.example/l/abc" target="_blank" rel="noopener noreferrer">Approve</a>' in answer.text
    assert "A chair" in answer.text


def test_a_hostile_subject_is_only_words(site: str, relay: Relay) -> None:
    """Markup in a header is shown, not obeyed."""
    mail = relay.mailboxes.keep(SAM, HOSTILE)
    for path in (BOX, f"{BOX}/{mail.id}", f"{BOX}/{mail.id}?view=text", f"{BOX}/write?how=all&mail={mail.id}"):
        html = look(site, path).html
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html


def test_a_file_is_downloaded_never_shown(site: str, relay: Relay) -> None:
    """An attachment comes as a download under a name without a path that counts, and so does the source."""
    mail = relay.mailboxes.keep(SAM, HOSTILE)
    file = httpx.get(f"{site}{BOX}/{mail.id}/files/0")
    assert file.content == b"<script>bad()</script>"
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''..%2F..%2Fpage.html"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert httpx.get(f"{site}{BOX}/{mail.id}/source").content == HOSTILE
    assert httpx.get(f"{site}{BOX}/{mail.id}/files/1").status_code == 404


def test_a_reply_from_the_page_reaches_postroom_in_its_thread(site: str, relay: Relay, postroom: Relay) -> None:
    """The answer goes to Reply-To with the headers of the thread, the file and the proof, and is shown as sent."""
    mail = relay.mailboxes.keep(SAM, a_mail("Order 7", "<1@po.example>"))
    written = look(site, f"{BOX}/write?how=reply&mail={mail.id}")
    text = written.document.xpath("string(//textarea)")
    page = Browser().press(written, {"text": f"accept{text}", "files": File("inv.pdf", "application/pdf", b"%PDF-1")})
    assert "Sent." in page.text
    came = postroom.mailboxes.wait_for("t0k3n@po.example", lambda mail: True).letter
    assert came.text.replace("\r", "").startswith("accept\n\nOn ")
    assert "> Hello Sam\n> > an old word" in came.text
    assert (came.header("In-Reply-To"), came.header("References")) == ("<1@po.example>", "<1@po.example>")
    assert came.header("Authentication-Results").startswith("relay.demo.example; dmarc=pass")
    assert [(file.name, file.content) for file in came.attachments] == [("inv.pdf", b"%PDF-1")]
    assert '<blockquote type="cite"><div>Hello Sam</div>' in came.html


@pytest.mark.parametrize("proof", ["none", "fail"])
def test_a_person_can_write_without_proof(site: str, postroom: Relay, proof: str) -> None:
    """The choice on the page decides what the relay says about the sender."""
    fields = {"to": "orders@po.example", "subject": "Hello", "text": "Hi", "proof": proof}
    Browser().press(look(site, f"{BOX}/write"), fields)
    came = postroom.mailboxes.wait_for("orders@po.example", lambda mail: True).letter
    assert f"dmarc={proof}" in came.header("Authentication-Results")


def test_a_forward_keeps_the_files_that_stay_ticked(site: str, relay: Relay, postroom: Relay) -> None:
    """A forwarded mail takes its files along; a file that was unticked stays behind."""
    mail = relay.mailboxes.keep(SAM, HOSTILE)
    path = f"{BOX}/write?how=forward&mail={mail.id}"
    Browser().press(look(site, path), {"to": "a@po.example"})
    Browser().press(look(site, path), {"to": "b@po.example", "kept": False})
    assert len(postroom.mailboxes.wait_for("a@po.example", lambda mail: True).letter.attachments) == 1
    assert not postroom.mailboxes.wait_for("b@po.example", lambda mail: True).letter.attachments


@pytest.mark.parametrize(("to", "says"), [(" , ", "Say to whom"), ("nobody", "“nobody” is not an address")])
def test_a_mail_to_nobody_comes_back_with_its_text(site: str, to: str, says: str) -> None:
    """A form that cannot be sent is shown again with the reason and all that was written."""
    page = Browser().press(look(site, f"{BOX}/write"), {"to": to, "text": "My long text"})
    assert page.status == 422
    assert says in page.text
    assert "My long text" in page.html


def test_a_refused_recipient_is_told_on_the_page(site: str, postroom: Relay) -> None:
    """A mail that Postroom refuses is said to be so at once."""
    postroom.fail(Failures(refuse=frozenset({"made-up@po.example"})))
    page = Browser().press(look(site, f"{BOX}/write"), {"to": "made-up@po.example", "text": "Hi"})
    assert "not accepted for made-up@po.example" in page.text


def test_a_form_of_another_site_is_refused(site: str) -> None:
    """A page from elsewhere cannot send mail in a person's name."""
    answer = httpx.post(f"{site}{BOX}/write", data={"to": "a@po.example"}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", [f"{BOX}/99", f"/box/{ANNA}/1", "/nowhere", f"{BOX}/1/files/9"])
def test_what_is_not_there_is_a_page(site: str, relay: Relay, path: str) -> None:
    """A mail that is gone or somebody else's gives a page that says so."""
    relay.mailboxes.keep(SAM, a_mail("Order 7", "<1@po.example>"))
    answer = httpx.get(site + path)
    assert answer.status_code == 404
    assert "Nothing is here" in answer.text


def test_pages_load_nothing_from_elsewhere() -> None:
    """No page, style or script of the mailbox names an address outside its own site."""
    root = Path(__file__).parents[3] / "templates"
    files = [*(root / "mailbox").iterdir(), root / "pages" / "style.css"]
    assert not [file.name for file in files if "http:" in file.read_text() or "https:" in file.read_text()]


def test_an_empty_page_has_no_form() -> None:
    """A page without content is told apart from a page without forms."""
    with pytest.raises(FormMismatch, match="empty page"):
        _ = Page("http://x.example/", 200, "text/html", b"").document
