"""Hostile mails and texts for the fuzz: pieces that mean something to a reader, repeated, mixed and broken."""

import base64

from hypothesis import strategies as st

_HEADERS = (
    "From: Ana <ana@supplier.example>",
    "From: =?utf-8?q?J=C3=B6rg?= <j@x.example>, b@x.example",
    "From: MAILER-DAEMON@x.example",
    "From: (((((",
    'From: "a\\',
    "To: orders@buyer.example",
    "To: undisclosed-recipients:;",
    "To: a:b@c.example,d@e.example;",
    "Cc: <<<>>>@,,;",
    "Subject: Re: order 17",
    "Subject: =?iso-2022-jp?b?GyRC?= =?x?b?=",
    "Subject: Delivery Status Notification (Failure)",
    "Subject: Automatic reply: away until Monday",
    "Date: Tue, 3 Mar 2026 10:00:00 +0100",
    "Date: 99 Foo 99999 99:99 +9999999",
    "Message-ID: <a@b.example>",
    "Message-ID: <<>",
    "References: <a@b> <c@d>",
    "In-Reply-To: x",
    "Return-Path: <>",
    "Auto-Submitted: auto-replied",
    "Precedence: bulk",
    "List-Id: <parts.x.example>",
    "X-Failed-Recipients: a@x.example",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Type: text/plain; charset=nonsense; format=flowed; delsp=yes",
    "Content-Type: text/plain; charset=utf-7",
    "Content-Type: text/html; charset=iso-2022-jp",
    "Content-Type: text/html",
    "Content-Type: text/calendar; method=REPLY",
    "Content-Type: multipart/mixed; boundary=b",
    'Content-Type: multipart/alternative; boundary="bb"',
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    "Content-Type: multipart/mixed",
    "Content-Type: message/rfc822",
    "Content-Type: message/delivery-status",
    "Content-Type: message/disposition-notification",
    "Content-Type: message/external-body; access-type=URL; URL=x",
    "Content-Type: message/partial; number=1; total=2; id=x",
    "Content-Type: text/rfc822-headers",
    "Content-Type: application/ms-tnef; name=winmail.dat",
    "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
    "Content-Type: application/pdf; name*0*=utf-8''a%FF; name*1=b.pdf",
    "Content-Type: /;;;=",
    "Content-Disposition: attachment; filename=../../a\x00b.pdf",
    "Content-Disposition: inline; filename==?utf-8?q?=00?=",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "Content-Transfer-Encoding: x-uuencode",
    "Content-Transfer-Encoding: 8bit",
    "Content-ID: <a@b>",
    "No colon here",
    ": empty",
    "\tfolded",
)
_LINES = (
    "",
    " ",
    "\t",
    "--b",
    "--bb",
    "--b--",
    "--bb--",
    "We confirm.",
    "1: 8 x 11.50 EUR",
    "> Please confirm.",
    ">",
    ">> a",
    "> On 3 Mar 2026 10:00, A <a@b.example> wrote:",
    "On Tue, 3 Mar 2026 at 10:00, Bo <bo@b.example> wrote:",
    "On Tue, 3 Mar 2026 at 10:00, Bo <",
    "bo@b.example> wrote:",
    "Am 03.03.2026 um 10:00 schrieb Bo:",
    "вт, 3 бер. 2026 р. о 10:00 Bo <bo@b.example> пише:",
    "From: Bo <bo@b.example>",
    "Sent: 3 March 2026 10:00",
    "To: Ana",
    "Subject: Order",
    "-----Original Message-----",
    "---------- Forwarded message ----------",
    "________________________________",
    "- - -",
    "-- ",
    "Kind regards,",
    "Ana",
    "Sent from my iPhone",
    "CAUTION: This email originated from outside",
    "##- Please type your reply above this line -##",
    "This e-mail and any attachments are confidential.",
    "begin 644 a.pdf",
    'M25!$1BTQ+C0*\'R`@("`@("`@("`@("`@("`@("`@("`@("`@("`@("`@("`@',
    "`",
    "end",
    "-----BEGIN PGP SIGNED MESSAGE-----",
    "-----BEGIN PGP SIGNATURE-----",
    "Final-Recipient: rfc822; a@x.example",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <a@x.example> unknown",
    "<a@x.example>: host mx said: 452 4.2.2 mailbox full",
    "This message was created automatically by mail delivery software.",
    '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"a@b"}]}}',
    "{" * 30,
    "<div><blockquote class=gmail_quote>x",
    "</div></blockquote>",
    "<p style='display:none'>x<table><tr><td>1<td>2",
    "=C3=B6=",
    "=?utf-8?q?x?=",
    "JVBERi0xLjQK",
    base64.b64encode(b"\x78\x9f\x3e\x22\x01\x00\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00").decode(),
    base64.b64encode(b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x800\x80").decode(),
    "\x00\x00",
    "\ud800\udc80",
    "\u202e\ufeff\u200b",
    "a" * 2_000,
    "(" * 500,
    "<" * 500,
    "a@" * 300,
    "wrote: " * 200,
)


def _repeated(pieces: tuple[str, ...], most: int) -> st.SearchStrategy[list[str]]:
    """Return runs of pieces: mostly one of each, sometimes a few of them very often."""
    one = st.sampled_from(pieces)
    few = st.lists(one, min_size=1, max_size=12)
    little = st.lists(one, min_size=1, max_size=3)
    often = st.tuples(little, st.integers(1, most)).map(lambda drawn: drawn[0] * (drawn[1] // len(drawn[0]) + 1))
    return st.lists(few | few | few | often, max_size=4).map(lambda runs: [line for run in runs for line in run])


TEXTS: st.SearchStrategy[str] = _repeated(_LINES, 20_000).map("\n".join) | st.text(max_size=400)
"""Bodies as the splitter gets them."""


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """Return the bytes of a mail: headers, parts and lines in any order, with bytes exchanged here and there."""
    end = draw(st.sampled_from(["\r\n", "\n", "\n", "\r"]))
    head = draw(_repeated(_HEADERS, 2_000))
    body: list[str] = []
    for part in draw(st.lists(st.tuples(_repeated(_HEADERS, 50), _repeated(_LINES, 5_000)), max_size=4)):
        body += (draw(st.sampled_from(["--b", "--bb", ""])), *part[0], "", *part[1])
    source = end.join((*head, "", *draw(_repeated(_LINES, 5_000)), *body)).encode("utf-8", "surrogatepass")
    for place, byte in draw(st.lists(st.tuples(st.integers(0, 5_000), st.binary(max_size=3)), max_size=4)):
        source = source[:place] + byte + source[place + 1 :]
    return source
