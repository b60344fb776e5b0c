"""Whom a mail is for that comes out of a mailbox."""

from __future__ import annotations

import pytest

from inbound.envelope import recipients_of
from inbound.recipients import Recipients
from store.installation import Installation
from store.parties import Company
from store.tokens import Purpose, new_key

ORDERS = "orders@example.com"


@pytest.mark.parametrize(
    ("head", "own", "found"),
    [
        ("Delivered-To: ORDERS", "", "ORDERS"),
        ("X-Original-To: <REPLY>\nDelivered-To: vmail@host", "", "REPLY"),
        ("Envelope-To: ORDERS, REPLY", "", "ORDERS REPLY"),
        ("Delivered-To: ORDERS\nTo: Acme <PLUS>", "", "ORDERS PLUS"),
        ("Delivered-To: REPLY\nTo: ORDERS", "", "REPLY"),
        ("To: a@b.example\nCc: \"Orders, Acme\" <ORDERS>, x@y.example", "", "ORDERS"),
        ("To: undisclosed-recipients:;", "ORDERS", "ORDERS"),
        ("To: a@b.example", "nobody@example.com", ""),
        ("Subject: To: ORDERS", "", ""),
    ],
)  # fmt: skip
def test_recipients_are_found(installation: Installation, company: Company, head: str, own: str, found: str) -> None:
    """What the server wrote on delivery, else To and Cc, else the mailbox's own address; a reply address counts too."""
    token = installation.tokens.token(Purpose.REPLY, new_key())
    names = {"ORDERS": ORDERS, "REPLY": f"{token}@po.example.com", "PLUS": f"orders+{token}@example.com"}
    for name, address in names.items():
        head, own, found = head.replace(name, address), own.replace(name, address), found.replace(name, address)
    source = f"From: sue@supplier.example\n{head}\n\nTo: {ORDERS}\n".encode()
    assert recipients_of(source, Recipients(installation), own) == found.split()


@pytest.mark.timeout(20)
def test_a_header_of_many_addresses_is_looked_through_quickly(installation: Installation, company: Company) -> None:
    """A hundred thousand addresses, brackets or quotes do not hold up the mailbox."""
    for text in ("a@b.example, " * 100_000, "<" * 1_000_000, '"(' * 500_000, "a" * 1_000_000 + "@"):
        assert recipients_of(f"To: {text}\n\n".encode(), Recipients(installation)) == []
