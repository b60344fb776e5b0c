"""How mailboxes are written in the settings."""

from __future__ import annotations

from datetime import date

import pytest

from inbound.errors import ImapAddressInvalid
from inbound.imap_address import parse_imap


def test_several_mailboxes_are_separated_by_spaces_lines_or_commas() -> None:
    """Each with its own server, folder and options; one password may stand for those that have none."""
    first, second, third = parse_imap(
        "imaps://orders%40example.com:p%2Cw@imap.example.com/INBOX?done=Old&failed=Not%20ours,\n"
        "imap+starttls://ana@mail.example.com:1143/Orders%2FNew?auth=xoauth2&for=sales@example.com&since=2026-11-24"
        "  imap://x@127.0.0.1?poll=5",
        "hush",
    )
    assert (first.user, first.password, first.port, first.done, first.failed) == (
        "orders@example.com", "p,w", 993, "Old", "Not ours",
    )  # fmt: skip
    assert (second.port, second.folder, second.xoauth2, second.since) == (1143, "Orders/New", True, date(2026, 11, 24))
    assert (second.own_address, first.own_address) == ("sales@example.com", "orders@example.com")
    assert (third.folder, third.password, third.poll, third.name) == ("INBOX", "hush", 5, "127.0.0.1:143/INBOX")
    assert "p,w" not in repr(first)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://u:hush@h", "imaps://user:password@host"),
        ("imaps://host/INBOX", "imaps://user:password@host"),
        ("imaps://u:hush@h:99999/", "imaps://user:password@host"),
        ("imaps://u:hush@h/?dome=x", "dome is no option"),
        ("imaps://u:hush@h/?done=inbox", "three different"),
        ("imaps://u:hush@h/?done=A&failed=a", "three different"),
        ("imaps://u:hush@h/?auth=kerberos", "auth is one of"),
        ("imaps://u:hush@h/?since=yesterday", "since is a day"),
        ("imaps://u:hush@h/?poll=0", "poll is a number"),
        ("imaps://u:hush@h/?done=a%0Ab", "three different"),
    ],
)
def test_a_wrong_mailbox_is_refused_in_words_without_its_password(text: str, words: str) -> None:
    """What is wrong, and how it is written."""
    with pytest.raises(ImapAddressInvalid, match=words) as caught:
        parse_imap(text)
    assert "hush" not in str(caught.value)
