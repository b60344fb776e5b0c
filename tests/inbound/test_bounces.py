"""A bounce names the addresses that could not be reached."""

import pytest

from inbound.bounces import Bounce, bounces_of
from inbound.letter import read_letter
from tests.inbound.letters import a_mail, a_mixed_mail, a_text


def a_report(*blocks: tuple[str, ...]) -> bytes:
    """Return a delivery report with one block of fields for each recipient and the headers of the returned mail."""
    lines = ["Reporting-MTA: dns; mx.buyer.example"]
    for block in blocks:
        lines += ("", *block)
    return a_mixed_mail(
        a_text("Your mail could not be delivered."),
        ("Content-Type: message/delivery-status", "", *lines, ""),
        ("Content-Type: text/rfc822-headers", "", "Message-ID: <n1@buyer.example>", "Subject: Order 17"),
        kind="report",
    )


def test_a_report_is_taken_at_its_word() -> None:
    """Recipient, status and permanence come from the report, delivered recipients are left out."""
    letter = read_letter(
        a_report(
            ("Final-Recipient: rfc822; a@x.example", "Action: failed", "Status: 5.1.1"),
            ("Final-Recipient: rfc822; b@x.example", "Action: delayed", "Status: 4.4.1"),
            ("Final-Recipient: rfc822; c@x.example", "Action: delivered", "Status: 2.0.0"),
        )
    )
    assert bounces_of(letter) == (
        Bounce("a@x.example", "5.1.1", True, "n1@buyer.example"),
        Bounce("b@x.example", "4.4.1", False, "n1@buyer.example"),
    )


def test_a_vague_status_gives_way_to_the_diagnostic() -> None:
    """What the other server said is more than 5.0.0."""
    block = (
        "Final-Recipient: rfc822; a@x.example",
        "Action: failed",
        "Status: 5.0.0",
        "Diagnostic-Code: smtp; 552 5.2.2 full",
    )
    assert bounces_of(read_letter(a_report(block)))[0].status == "5.2.2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Message to <a@x.example> failed: 550 5.1.1 unknown user", ("a@x.example", "5.1.1", True)),
        ("We could not reach a@x.example yet.\nWARNING ONLY, it will be retried.", ("a@x.example", None, False)),
        ("No such user.\n\nOriginal message:\nTo: a@x.example\nSubject: x", ("a@x.example", None, True)),
    ],
)
def test_prose_is_read_where_there_is_no_report(text: str, expected: tuple[str, str | None, bool]) -> None:
    """Old mail systems tell in words whom they did not reach."""
    headers = ("From: MAILER-DAEMON@mx.example", "Subject: mail failed", "Return-Path: <>")
    found = bounces_of(read_letter(a_mail(*text.split("\n"), headers=headers)))
    assert [(bounce.recipient, bounce.status, bounce.permanent) for bounce in found] == [expected]
