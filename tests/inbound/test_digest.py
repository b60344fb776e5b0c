"""Tests of the letter's digest."""

from __future__ import annotations

import pytest

from inbound.digest import headers_named, letter_digest, split_source

LETTER = (
    b"From: Sue <sue@supplier.example>\r\nTo: orders@example.com\r\nSubject: Our\r\n offer\r\n"
    b"Date: Tue, 3 Mar 2026 10:00:00 +0100\r\nMessage-ID: <1@supplier.example>\r\n\r\nHello\r\n\r\nSue\r\n"
)


@pytest.mark.parametrize(
    "copy",
    [
        b"Received: from a by b;\r\n Tue, 3 Mar 2026\r\n" + LETTER,
        b"Return-Path: <sue@supplier.example>\r\nDelivered-To: po@example.com\r\nX-Spam: no\r\n" + LETTER,
        LETTER.replace(b"\r\n", b"\n"),
        LETTER.replace(b"\r\n", b"\r"),
        b"From sue@supplier.example Tue Mar  3 10:00:00 2026\n" + LETTER.replace(b"\r\n", b"\n"),
        LETTER + b"\r\n",
        LETTER.replace(b"Our\r\n offer", b"Our offer").replace(b"Subject", b"SUBJECT"),
    ],
)
def test_a_letter_that_came_by_another_hop_has_the_same_digest(copy: bytes) -> None:
    """Received, Return-Path, Delivered-To, X-headers, line ends, folding and an mbox line make no other letter."""
    assert letter_digest(copy) == letter_digest(LETTER)


@pytest.mark.parametrize(
    "other",
    [
        LETTER.replace(b"<1@", b"<2@"),
        LETTER.replace(b"sue@", b"tom@"),
        LETTER.replace(b"10:00", b"10:01"),
        LETTER.replace(b"offer", b"order"),
        LETTER.replace(b"Hello", b"Hallo"),
        LETTER.replace(b"Hello\r\n\r\n", b"Hello\r\n"),
    ],
)
def test_another_letter_has_another_digest(other: bytes) -> None:
    """Each of Message-ID, From, Date, Subject and body counts."""
    assert letter_digest(other) != letter_digest(LETTER)


def test_a_header_in_the_body_is_body() -> None:
    """What looks like a header below the empty line does not count as one."""
    assert split_source(b"Subject: a\n\nDelivered-To: b\n") == (b"Subject: a", b"Delivered-To: b\n")
    assert headers_named(b"Subject: a\n\nDelivered-To: b\n", b"Delivered-To") == []


@pytest.mark.parametrize(
    "source",
    [b"", b"\r\n", b"\n\n", b"no header at all", b"Subject", b"Subject:\n" * 3, b"From \n", b"\0\xff" * 50],
)
def test_broken_mails_have_a_digest(source: bytes) -> None:
    """Whatever comes has a digest."""
    assert len(letter_digest(source)) == 32


@pytest.mark.parametrize(
    "source",
    [
        b"Subject: " + b"\n a" * 500_000,
        b"Subject: a\n" * 200_000,
        b"\n" * 2_000_000,
        b"Subject: a\n\n" + b"\r\n\r" * 700_000,
        b"From: " * 300_000,
        b"From " + b"\r" * 2_000_000,
    ],
)
@pytest.mark.timeout(20)
def test_a_hostile_mail_is_digested_in_linear_time(source: bytes) -> None:
    """Two megabytes of anything end long before the time limit."""
    letter_digest(source)
