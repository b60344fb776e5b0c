"""Composing a notice: what stands in the bytes that leave."""

import email
import email.policy
from datetime import UTC, datetime

from outbound.compose import File, Notice, Sender, compose
from templates.environment import notices

ACME = Sender("Acme Works Ltd", "orders@po.example.com")


def a_notice(**changes):
    """A note about an order, to a supplier."""
    facts = {
        "company": {"name": "Acme Works Ltd"},
        "person": {"name": "Maria Berg", "address": "maria@ferrum.example"},
        "supplier": {"name": "Ferrum"},
        "side": "supplier",
        "readers": "both",
        "document": {"kind": "order", "number": "PO-7", "status": "sent", "currency": "EUR", "gross": "834.00"},
        "notes": [{"by": "Jan Kask", "side": "buyer", "text": "Can you deliver a week earlier?"}],
        "links": [{"key": "abcdefghijklm", "step": "acknowledge", "primary": True}],
        **changes.pop("facts", {}),
    }
    values = {
        "name": "note",
        "language": "en",
        "message_id": "n1.tok@po.example.com",
        "to_name": "Maria Berg",
        "to_address": "maria@ferrum.example",
        "reply_to": "tok@po.example.com",
        "facts": facts,
        **changes,
    }
    return Notice(**values)


def composed(notice, sender=ACME):
    """The bytes of a notice at a fixed moment."""
    moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    return compose(notice, sender, lambda key: f"https://po.example.com/l/{key}", now=lambda: moment)


def facts_of(evil):
    """Facts in which every word is `evil`."""
    document = {"kind": "order", "lines": [{"n": 1, "text": evil, "unit": evil, "buyer_sku": evil}]}
    document |= dict.fromkeys(("number", "title", "note", "terms", "supplier", "currency", "order_number"), evil)
    return {
        "company": {"name": evil},
        "supplier": {"name": evil},
        "document": document,
        "differences": [{"code": "price_over", "n": 1, "text": evil, "ordered": evil, "invoiced": evil}],
        "event": {"by": evil, "reason": evil},
        "notes": [{"by": evil, "text": evil}],
        "files": [{"name": evil}],
        "answer": {
            "heard": [{"words": evil, "action": evil, "outcome": evil}],
            "refused": [{"text": "%(x)s", "params": {"x": evil}}],
            "not_understood": [evil],
            "say": [evil],
        },
    }


def read(source):
    """The mail as the standard library reads it."""
    return email.message_from_bytes(source, policy=email.policy.default)


def test_a_notice_carries_the_headers_of_its_thread():
    """A mail program can thread it, and no auto-responder answers it."""
    mail = read(composed(a_notice(in_reply_to="q@x.example", references=("a@x.example", "q@x.example"))))
    assert mail["Message-ID"] == "<n1.tok@po.example.com>"
    assert mail["In-Reply-To"] == "<q@x.example>"
    assert mail["References"] == "<a@x.example> <q@x.example>"
    assert mail["Reply-To"] == "Acme Works Ltd <tok@po.example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Date"] == "Tue, 24 Nov 2026 09:00:00 +0000"
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_the_bytes_have_crlf_line_ends_and_lines_that_every_relay_takes():
    """No bare CR or LF, and no line longer than RFC 5322 allows, however long the values are."""
    long = "Ärgerlich lange Firma " * 40
    names = {"company": {"name": long}, "supplier": {"name": "x" * 3000}}
    for source in (
        composed(a_notice(facts=names, to_name=long, subject="y" * 3000), Sender(long, "orders@po.example.com")),
        composed(a_notice(facts=names, to_name="z " * 900, mark="[tok]"), Sender("q" * 2000, "o@po.example.com")),
    ):
        assert source.replace(b"\r\n", b"").count(b"\n") == 0
        assert source.replace(b"\r\n", b"").count(b"\r") == 0
        assert max(map(len, source.split(b"\r\n"))) <= 998
        assert not read(source).defects


def test_no_value_adds_a_header():
    """CR, LF, NUL and other line separators end in no header, wherever they stand."""
    evil = "x\r\nBcc: thief@evil.example\r\n\r\n<p>\x00\u2028Bcc: y@evil.example"
    notice = a_notice(
        message_id=f"a{evil}",
        in_reply_to=f"b{evil}",
        references=(evil, evil),
        to_name=evil,
        to_address=f"m@x.example{evil}",
        reply_to=evil,
        auto_submitted=evil,
        subject=evil,
        mark=evil,
        headers=(("X-Postroom-Notice", evil), (f"X-{evil}", "x")),
        attachments=(File(f"a{evil}.pdf", f"application/pdf{evil}", b"%PDF"),),
        facts={"company": {"name": evil}, "notes": [{"by": evil, "side": "buyer", "text": evil}]},
    )
    mail = read(composed(notice, Sender(evil, f"o@x.example{evil}")))
    for part in mail.walk():
        assert "Bcc" not in part
    head = composed(notice).split(b"\r\n\r\n", 1)[0]
    assert not any(line.lower().startswith(b"bcc") for line in head.split(b"\r\n"))
    assert b"\x00" not in composed(notice)


def test_a_name_cannot_begin_a_line_of_its_own_in_the_text():
    """No word of others can look like one of our buttons: not a name, a note, terms, nor what somebody wrote."""
    evil = "Ferrum\nApprove: https://evil.example\r\nApprove: https://evil.example\u2028Approve: x\x85Approve: y"
    facts = facts_of(evil)
    for name in notices():
        text = read(composed(a_notice(name=name, facts=facts))).get_body(("plain",)).get_content()
        assert not any(line.startswith("Approve") for line in text.splitlines()), name


def test_words_of_a_person_are_escaped_in_the_html_part():
    """Markup in a note stays text."""
    note = [{"by": "<b>Jan</b>", "side": "buyer", "text": '<script>alert("x")</script>\nand & more'}]
    html = read(composed(a_notice(facts={"notes": note}))).get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<b>Jan" not in html


def test_no_word_of_others_is_markup_in_any_notice():
    """Wherever it stands, in text or in an attribute."""
    evil = """\"'><script>x</script><img src=https://evil.example/1>{{ 7 * 7 }}{% x %}%(n)s{n}"""
    facts = facts_of(evil)
    facts["links"] = [{"key": evil, "step": evil, "primary": primary} for primary in (True, False)]
    for name in notices():
        html = read(composed(a_notice(name=name, facts=facts, language=evil))).get_body(("html",)).get_content()
        assert "<script" not in html, name
        assert "<img" not in html, name
        assert "49" not in html.replace("#49", ""), name


def test_every_link_is_printed_again_from_its_key():
    """Text and HTML part carry the URL that `print_link` made."""
    mail = read(composed(a_notice()))
    assert "Confirm the order: https://po.example.com/l/abcdefghijklm" in mail.get_body(("plain",)).get_content()
    assert 'href="https://po.example.com/l/abcdefghijklm"' in mail.get_body(("html",)).get_content()


def test_an_attachment_keeps_its_name_and_its_bytes():
    """Names in any script survive; a type that is none becomes a plain download; no path passes."""
    files = (
        File("Bestellung ü.pdf", "application/pdf", b"%PDF-1.7"),
        File("../../etc/passwd", "text/x y", b"\x00\xff" * 300),
        File("مرفق طلب الشراء" * 30 + ".xlsx", "message/rfc822", b"x"),
    )
    parts = list(read(composed(a_notice(attachments=files))).iter_attachments())
    assert parts[0].get_filename() == "Bestellung ü.pdf"
    assert parts[0].get_content() == b"%PDF-1.7"
    assert "/" not in parts[1].get_filename()
    assert parts[1].get_content_type() == "application/octet-stream"
    assert parts[1].get_content() == b"\x00\xff" * 300
    assert parts[2].get_filename().endswith("الشراء.xlsx")


def test_a_right_to_left_text_travels_in_base64_and_comes_back_whole():
    """Where most letters are not ASCII, quoted-printable would triple the mail."""
    note = [{"by": "דנה", "side": "buyer", "text": "שלום, מתי תספקו את ההזמנה? " * 200}]
    part = read(composed(a_notice(facts={"notes": note}))).get_body(("plain",))
    assert part["Content-Transfer-Encoding"] == "base64"
    assert "שלום, מתי תספקו" in part.get_content()


def test_facts_that_are_absent_or_null_break_no_notice():
    """A notice with nothing but its company is still a mail."""
    for facts in ({}, {"document": None, "links": None, "answer": None, "notes": None, "event": None}):
        notice = Notice(
            "note", "en", "n@x.example", "", "m@x.example", "r@x.example", {"company": {"name": "A"}} | facts
        )
        assert read(composed(notice))["Subject"] == "A note from A"
