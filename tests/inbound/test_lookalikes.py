"""A domain that was made to look like a known one is found, and an ordinary other domain is not."""

from __future__ import annotations

import pytest

from inbound.lookalikes import lookalike

KNOWN = ("ferrum.example", "mail.boltwerk.co.uk", "acme.com", "hammerschmidt.de")


@pytest.mark.parametrize(
    ("domain", "theirs"),
    [
        ("ferrurn.example", "ferrum.example"),
        ("ferrun.example", "ferrum.example"),
        ("ferum.example", "ferrum.example"),
        ("fеrrum.example", "ferrum.example"),
        ("xn--frrum-qof.example", "ferrum.example"),
        ("ferrum.net", "ferrum.example"),
        ("ferrum-invoices.example", "ferrum.example"),
        ("ferrum.example.evil.com", "ferrum.example"),
        ("b0ltwerk.co.uk", "boltwerk.co.uk"),
        ("bo1twerk.com", "boltwerk.co.uk"),
        ("acrne.com", "acme.com"),
        ("harnmerschrnidt.de", "hammerschmidt.de"),
    ],
)
def test_look_alike_is_found(domain: str, theirs: str) -> None:
    """Letters that look alike, one letter off, another ending, one word more, or the name in front."""
    assert lookalike(domain, KNOWN) == theirs


@pytest.mark.parametrize(
    "domain",
    [
        "ferrum.example",
        "sales.ferrum.example",
        "boltwerk.co.uk",
        "gmail.com",
        "iron.example",
        "acne.org",
        "co.uk",
        "",
        "x",
    ],
)
def test_other_domain_is_none(domain: str) -> None:
    """Their own domain, below it, and whatever resembles nobody."""
    assert lookalike(domain, KNOWN) is None
