"""A mail is read, shown and answered whatever is in it."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.mailbox import showing, words, writing
from postroom.mailbox.mail import Address, Mail, read_letter

SAM = Address("Sam Reed", "sam@supplier.example")

MAIL = b"""From: =?utf-8?q?Lu=C3=ADs?= <a@b.example>\r
To: b@c.example, "Reed, Sam" <y@z.example>\r
Subject: =?iso-2022-jp?b?GyRC?=\r
Date: Tue, 03 Mar 2026 10:12:00 +0000\r
Message-ID: <x@y>\r
Content-Type: multipart/mixed; boundary="a"\r
\r
--a\r
Content-Type: text/html; charset=utf-8\r
\r
<p>hi <a href="x">y</a><!-- c --><img src=cid:1 alt="&#1;"></p>\r
--a\r
Content-Type: application/pdf; name*0*=utf-8''%C3; name*1=x\r
Content-Disposition: attachment; filename*=bad''%zz\r
Content-Transfer-Encoding: base64\r
\r
JVBE\r
--a--\r
"""

BITS = [
    b"=?",
    b"?=",
    b"\xff",
    b"\0",
    b"\r\n",
    b"*",
    b"charset=",
    b";",
    b"<",
    b">",
    b'"',
    b"=?x?b?",
    b"&#xd800;",
    b"9" * 30,
]


def a_copy(source: bytes) -> Mail:
    return Mail("1", SAM.address, False, datetime.now(UTC), source, read_letter(source))


@given(st.lists(st.tuples(st.integers(0, len(MAIL)), st.integers(0, 9), st.sampled_from(BITS)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_broken_mail_is_shown_and_answered(breaks: list[tuple[int, int, bytes]]) -> None:
    """Cuts and stray bytes anywhere in a mail fail neither its page nor an answer to it."""
    source = MAIL
    for place, cut, bit in breaks:
        source = source[:place] + bit + source[place + cut :]
    mail = a_copy(source)
    showing.harmless_html(mail.letter).encode()
    showing.snippet(mail.letter).encode()
    words.height(mail.letter)
    for draft in (
        writing.reply(mail, SAM, "Yes", everyone=True),
        writing.forward(mail, SAM, [SAM], "Look"),
        writing.forward(mail, SAM, [SAM], whole=True),
    ):
        again = message_from_bytes(writing.write(draft), policy=policy.default)
        assert again["From"] == "Sam Reed <sam@supplier.example>"


def test_names_in_any_letters_come_back_as_they_were() -> None:
    """Names with commas, quotes and other letters pass through the form's field and the header."""
    people = writing.addresses('"Reed, Sam" <sam@x.example>; Lucía Fernández <l@x.example>, plain@x.example')
    message = message_from_bytes(
        writing.write(writing.Draft(SAM, people, subject="Größe " * 30)), policy=policy.default
    )
    assert [(one.display_name, one.addr_spec) for one in message["To"].addresses] == [
        ("Reed, Sam", "sam@x.example"),
        ("Lucía Fernández", "l@x.example"),
        ("", "plain@x.example"),
    ]
    assert message["Subject"] == ("Größe " * 30).strip()
    assert writing.addresses(", ".join(map(str, people))) == people


@pytest.mark.parametrize("subject", ["a\r\nBcc: eve@elsewhere.example", "a\n\nbody", "a\0b\x0bc"])
def test_no_words_begin_a_header_of_their_own(subject: str) -> None:
    """Line ends in a subject or a name become spaces."""
    draft = writing.Draft(
        Address(subject, "a@b.example"), (Address(subject, f"b@c.example{subject}"),), subject=subject
    )
    message = message_from_bytes(writing.write(draft), policy=policy.default)
    assert message.keys() == ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]


def test_a_refusal_comes_back_in_the_form_of_rfc_3464() -> None:
    """The report names each recipient with its status, in a part that programs read."""
    refused = {"x@po.example": "550 5.1.1 No such user", "y@po.example": "451 Try later"}
    source = writing.undelivered(MAIL, SAM.address, refused, "relay.example")
    report = message_from_bytes(source, policy=policy.default)
    assert report.get_content_type() == "multipart/report"
    status = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    assert [(block["Final-Recipient"], block["Status"]) for block in status.get_payload()[1:]] == [
        ("rfc822; x@po.example", "5.1.1"),
        ("rfc822; y@po.example", "5.0.0"),
    ]
