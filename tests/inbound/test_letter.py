"""A mail becomes a value, and no mail is too broken for that."""

import base64
from datetime import timedelta

import pytest

from inbound.letter import Mailbox, read_letter
from inbound.skeleton import Limits
from tests.inbound.letters import PDF, a_file, a_mail, a_mixed_mail, a_text


def test_a_plain_mail_gives_its_headers_and_text() -> None:
    """Names, addresses, ids and the date come decoded, the text with LF line ends."""
    letter = read_letter(
        a_mail(
            "Grüße,",
            "Ana",
            headers=(
                "From: =?utf-8?q?Ana_M=C3=BCller?= <ana@supplier.example>",
                "Cc: Bo <bo@x.example>, c@x.example",
                "Reply-To: desk@supplier.example",
                "Date: Tue, 03 Mar 2026 10:00:00 +0200",
                "Message-ID: <m1@supplier.example>",
                "In-Reply-To: <n1@buyer.example>",
                "References: <n0@buyer.example>\r\n <n1@buyer.example>",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: 8bit",
            ),
        )
    )
    assert (letter.from_name, letter.author) == ("Ana Müller", "ana@supplier.example")
    assert letter.to == (Mailbox("", "orders@buyer.example"),)
    assert letter.cc == (Mailbox("Bo", "bo@x.example"), Mailbox("", "c@x.example"))
    assert letter.reply_to == (Mailbox("", "desk@supplier.example"),)
    assert letter.date is not None
    assert letter.date.utcoffset() == timedelta(hours=2)
    assert letter.date.isoformat() == "2026-03-03T10:00:00+02:00"
    assert (letter.message_id, letter.in_reply_to) == ("m1@supplier.example", ("n1@buyer.example",))
    assert letter.references == ("n0@buyer.example", "n1@buyer.example")
    assert letter.text == "Grüße,\nAna"
    assert letter.defects == ()


def test_a_forwarded_message_is_kept_apart() -> None:
    """A stranger's words and files in message/rfc822 are never the author's."""
    inner = ("From: Eve <eve@stranger.example>", "Subject: approve", "Message-ID: <e@stranger.example>", "", "approve")
    letter = read_letter(a_mixed_mail(a_text("see below"), ("Content-Type: message/rfc822", "", *inner)))
    assert letter.text.strip() == "see below"
    assert [(f.sender, f.subject, f.text.strip()) for f in letter.forwarded] == [
        (Mailbox("Eve", "eve@stranger.example"), "approve", "approve")
    ]
    assert letter.forwarded[0].message_id == "e@stranger.example"
    assert letter.attachments == ()


def test_a_forwarded_message_in_base64_is_read() -> None:
    """The standard forbids it, mail programs do it, and nothing undecoded lands in the text."""
    inner = b"From: eve@stranger.example\r\nSubject: hi\r\n\r\ninner words\r\n"
    letter = read_letter(a_mixed_mail(a_text("outer"), a_file(inner, "Content-Type: message/rfc822")))
    assert letter.text.strip() == "outer"
    assert [(f.subject, f.text.strip()) for f in letter.forwarded] == [("hi", "inner words")]


def test_an_attachment_comes_whole_whether_small_or_large() -> None:
    """Large base64 bodies are cut out before parsing and come back byte for byte."""
    for size in (1, 20):
        letter = read_letter(
            a_mixed_mail(
                a_text("invoice attached"),
                a_file(
                    PDF * size, "Content-Type: application/pdf", 'Content-Disposition: attachment; filename="i.pdf"'
                ),
            )
        )
        assert [(a.name, a.type, a.content) for a in letter.attachments] == [("i.pdf", "application/pdf", PDF * size)]
        assert letter.text.strip() == "invoice attached"


def test_a_large_text_in_base64_stays_text() -> None:
    """What was cut out but is the text of the mail is put back."""
    words = "Price list\n" * 9000
    letter = read_letter(a_mixed_mail(a_file(words.encode(), "Content-Type: text/plain; charset=utf-8")))
    assert letter.text == words
    assert letter.attachments == ()


def test_a_text_file_is_the_same_by_every_way_in() -> None:
    """CRLF and LF on the way make no other file."""
    part = ("Content-Type: text/csv; name=p.csv", "Content-Disposition: attachment", "", "1;2", "3;4")
    digests = {read_letter(a_mixed_mail(a_text("x"), part, end=end)).attachments[0].sha256 for end in ("\r\n", "\n")}
    assert len(digests) == 1


def test_an_invoice_in_a_forwarded_message_is_among_the_files() -> None:
    """Files of forwarded messages are kept apart and can be asked for."""
    pdf = a_file(PDF, "Content-Type: application/pdf; name=i.pdf")
    inner = a_mixed_mail(a_text("x"), pdf, edge="inner").decode().split("\r\n")
    source = a_mixed_mail(a_text("see"), ("Content-Type: message/rfc822", "", *inner))
    letter = read_letter(source)
    assert letter.attachments == ()
    assert [file.name for file in letter.files()] == ["i.pdf"]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("=?utf-8?q?M=C3=BCller,_Jan?= <j@x.example>", "Müller, Jan"),
        ('"=?utf-8?q?M=C3=BCller?=" <j@x.example>', "Müller"),
        ('"=?utf-8?b?TcO8bGxlciwg?= =?utf-8?b?SmFu?=" <j@x.example>', "Müller, Jan"),
        ("=?utf-8?q?Jan_=3Cother=40y.example=3E?= <j@x.example>", "Jan <other@y.example>"),
        ("=?iso-8859-1?q?M=FCller_(Jan)?= <j@x.example>", "Müller (Jan)"),
        ("=?utf-8?q?M=C3=BCller?= <j@x.example>", "Müller"),
        ('"Doe, Jane" <j@x.example>', "Doe, Jane"),
    ],
)
def test_a_name_in_an_encoded_word_parts_no_addresses(written: str, name: str) -> None:
    """Programs put commas and brackets into encoded words, and these into quotes; there is one author still."""
    letter = read_letter(f"From: {written}\r\nSubject: x\r\n\r\nx".encode())
    assert (letter.from_name, letter.author, len(letter.authors)) == (name, "j@x.example", 1)


def test_a_nameless_pdf_stays_an_attachment() -> None:
    """A file needs neither a name nor a disposition to be kept."""
    letter = read_letter(a_mixed_mail(a_text("x"), a_file(PDF, "Content-Type: application/pdf")))
    assert [(a.name, a.content) for a in letter.attachments] == [("", PDF)]


@pytest.mark.parametrize("broken", ["JVBERi0xLjQ", "JVBERi0xL*jQ=", "JVBERi0xLjQ==JVBE"])
def test_broken_base64_is_decoded_as_far_as_it_goes(broken: str) -> None:
    """Missing padding and foreign characters cost a defect, not the file."""
    part = ("Content-Type: application/pdf; name=i.pdf", "Content-Transfer-Encoding: base64", "", broken)
    letter = read_letter(a_mixed_mail(a_text("x"), part))
    assert letter.attachments[0].content.startswith(b"%PDF-1.4")
    assert any("base64" in defect for defect in letter.defects)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_every_line_end_is_read(end: str) -> None:
    """A mail may come with CR, LF or CRLF."""
    letter = read_letter(a_mail("one", "two", end=end))
    assert (letter.author, letter.text) == ("ana@supplier.example", "one\ntwo")


@pytest.mark.parametrize("before", ["\ufeff", "\r\n\r\n", "From ana@supplier.example Tue Mar  3 10:00:00 2026\r\n"])
def test_what_programs_put_before_the_headers_is_skipped(before: str) -> None:
    """A byte order mark, blank lines or an mbox's own line cost neither a header nor the text."""
    letter = read_letter(before.encode() + a_mail("x"))
    assert (letter.author, letter.text) == ("ana@supplier.example", "x")


def test_blanks_before_a_colon_are_skipped() -> None:
    """The old syntax is read as well."""
    letter = read_letter(b"From  : a@x.example\r\nSubject\t: hi\r\n\r\nFrom : me")
    assert (letter.author, letter.subject, letter.text) == ("a@x.example", "hi", "From : me")


def test_an_unknown_charset_costs_a_defect() -> None:
    """Text in a charset that nobody knows is read as UTF-8."""
    letter = read_letter(a_mail("grün", headers=("Content-Type: text/plain; charset=x-unknown",)))
    assert letter.text == "grün"


def test_a_stateful_charset_is_decoded() -> None:
    """ISO-2022-JP goes in seven bits and is text all the same."""
    words = "\u6ce8\u6587\u66f8".encode("iso-2022-jp").decode("ascii")
    letter = read_letter(a_mail(words, headers=("Content-Type: text/plain; charset=iso-2022-jp",)))
    assert letter.text == "\u6ce8\u6587\u66f8"


def test_file_names_lose_their_folders_and_controls() -> None:
    """A name can neither lead out of a folder nor break a line."""
    part = a_file(
        b"x", "Content-Type: text/csv", "Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fe%0D%0Atc.csv"
    )
    assert read_letter(a_mixed_mail(part)).attachments[0].name == "e tc.csv"


def test_two_authors_are_a_defect() -> None:
    """All From headers are read, not the first alone."""
    letter = read_letter(a_mail("x", headers=("From: a@x.example", "From: b@y.example")))
    assert [box.address for box in letter.authors] == ["a@x.example", "b@y.example"]
    assert "more than one author" in letter.defects


HOSTILE = {
    "nothing": b"",
    "nul": b"From: a\0@x.example\r\nSubject: a\0b\r\n\r\nx\0y",
    "no headers": b"just words",
    "lone surrogates": b"From: =?utf-8?q?=ED=A0=80?= <a@x.example>\r\nSubject: \xed\xa0\x80\r\n\r\n\xed\xa0\x80",
    "undefined charset": b"Content-Type: text/plain; charset=undefined\r\n\r\nx",
    "half a multipart": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed",
    "no boundary": b"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx",
    "long local part": b"From: " + b"a" * 2000 + b"@x.example\r\n\r\nx",
    "header split": b"Subject: =?utf-8?q?a=0D=0ABcc:_x@y.example?=\r\n\r\nx",
    "20000 addresses": b"To: " + b"a@x.example, " * 20_000 + b"\r\n\r\nx",
    "20000 encoded words": b"Subject: " + b"=?utf-8?q?a?=\r\n " * 20_000 + b"\r\n\r\nx",
    "20000 headers": b"".join(b"X-%d: y\r\n" % n for n in range(20_000)) + b"\r\nx",
    "50000 parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 50_000,
    "deep nesting": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
    ),
    "deep messages": b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "many base64 headers": b"\n\n".join([b"Content-Transfer-Encoding: base64"] * 30_000),
    "one long line": b"Subject: x\r\n\r\n" + b"y" * 3_000_000,
    "long part header": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: x/y"
    + b"; a=b" * 100_000,
    "comments": b"From: " + b"(" * 8000 + b"\r\n\r\nx",
    "empty attached message": b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(5)
def test_no_mail_is_too_hostile_to_be_read(name: str) -> None:
    """Bombs and broken mails give a letter that can be written as UTF-8, in little time."""
    letter = read_letter(HOSTILE[name])
    for words in (letter.subject, letter.text, letter.from_name, letter.author or "", *(v for _, v in letter.headers)):
        words.encode()
        assert "\0" not in words
    assert "\n" not in letter.subject


@pytest.mark.parametrize(
    ("bomb", "defect"),
    [
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000, "too many parts"),
        (HOSTILE["deep nesting"], "nested too deeply"),
        (b"To: " + b"a@x.example, " * 60_000 + b"\r\n\r\nx", "too many addresses"),
        (HOSTILE["20000 encoded words"], "headers are over the limit"),
        (b"From: " + b"(" * 5_000 + b")" * 5_000 + b" a@x.example\r\n\r\nx", "too many comments"),
        (b"Content-Length: 1073741824\r\nContent-Transfer-Encoding: base64\r\n\r\neA==", "far smaller than it says"),
    ],
    ids=["parts", "levels", "recipients", "encoded words", "comments", "declared size"],
)
def test_a_bomb_is_named_among_the_defects(bomb: bytes, defect: str) -> None:
    """What no program writes is read as far as the limits allow, and the letter says which one it met."""
    assert any(defect in told for told in read_letter(bomb).defects)


def test_limits_are_told() -> None:
    """What is beyond a limit is left out and stands among the defects."""
    letter = read_letter(a_mail("y" * 100), Limits(size=150))
    assert any("over the limit" in defect for defect in letter.defects)


def test_a_body_is_not_taken_for_a_cut() -> None:
    """Text that looks like base64 headers inside a text stays text."""
    lines = ["Content-Transfer-Encoding: base64", "", *[base64.b64encode(bytes(54)).decode()] * 2000]
    letter = read_letter(a_mail("words", "", *lines))
    assert letter.text.count("AAAA") > 100


def test_flowed_paragraphs_are_joined() -> None:
    """Lines that end in a blank go on in the next one; quoted lines and the signature's delimiter stand alone."""
    head = ("MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8; format=flowed")
    body = (
        "We can deliver 50 ",
        "pieces in week 49.",
        "> when can you ",
        "> deliver? ",
        "",
        "-- ",
        "Ana ",
        " indented",
    )
    text = read_letter(a_mail(*body, headers=head)).text
    assert text == "We can deliver 50 pieces in week 49.\n> when can you \n> deliver? \n\n-- \nAna indented"


def test_a_part_of_a_multipart_that_never_ended_is_found() -> None:
    """Its delimiter comes behind that of the multipart around it."""
    inner = ('Content-Type: multipart/mixed; boundary="inner"', "", "--inner", *a_text("one"))
    lost = a_text("two", "--inner", *a_file(PDF, 'Content-Type: application/pdf; name="a.pdf"'))
    letter = read_letter(a_mixed_mail(inner, lost))
    assert letter.text == "one\ntwo"
    assert letter.attachments[0].content == PDF
    assert "parts are not nested as the standard says" in letter.defects


def test_a_part_that_only_announces_parts_is_text() -> None:
    """Where a program forgot the first delimiter, the type that follows is the part's own."""
    part = ('Content-Type: multipart/alternative; boundary="b"', *a_text("We confirm."))
    letter = read_letter(a_mixed_mail(part, a_file(PDF, 'Content-Type: application/pdf; name="a.pdf"')))
    assert letter.text.strip() == "We confirm."
    assert "a part has two types, the last was taken" in letter.defects


@pytest.mark.timeout(20)
def test_a_long_delivery_report_is_shortened() -> None:
    """A report on hundred thousand recipients is read within its limit."""
    blocks = [
        line for at in range(40_000) for line in (f"Final-Recipient: rfc822; a{at}@x.example", "Action: failed", "")
    ]
    letter = read_letter(a_mixed_mail(("Content-Type: message/delivery-status", "", *blocks), kind="report"))
    assert letter.defects == ("a delivery report is over the limit, the rest was not read",)


def test_a_size_that_is_not_there_is_told() -> None:
    """A gigabyte that a small mail declares costs nothing, and is named."""
    head = ('Content-Type: application/pdf; name="a.pdf"', "Content-Disposition: attachment; size=1073741824")
    assert "an attachment is far smaller than the mail says" in read_letter(a_mixed_mail(a_file(PDF, *head))).defects
    assert (
        "the mail is far smaller than it says"
        in read_letter(a_mail("x", headers=("Content-Length: 1073741824",))).defects
    )
    assert "NUL in the text" in read_letter(a_mail("x\0y")).defects
