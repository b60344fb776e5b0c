"""The author is believed as far as a trusted relay has checked."""

import pytest

from inbound.auth_results import parse_results
from inbound.letter import read_letter
from inbound.trust import verdict
from tests.inbound.letters import a_mail

RELAY = "mx.buyer.example"


def level(*headers: str, relays: tuple[str, ...] = (RELAY,)) -> str:
    """Return the verdict's level for a mail with these headers."""
    return verdict(read_letter(a_mail("x", headers=headers)), frozenset(relays)).level


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ("dmarc=pass header.from=supplier.example", "authenticated"),
        ("dkim=pass header.d=supplier.example", "authenticated"),
        ("dkim=pass (good key) header.d=mail.supplier.example; spf=fail", "authenticated"),
        ("spf=pass smtp.mailfrom=ana@supplier.example", "authenticated"),
        ("dkim=pass header.d=stranger.example", "unknown"),
        ("dkim=pass header.d=example", "unknown"),
        ("spf=pass smtp.mailfrom=bounce@list.example", "unknown"),
        ("dmarc=pass header.from=stranger.example", "unknown"),
        ("dmarc=fail header.from=supplier.example; dkim=pass header.d=stranger.example", "failed"),
        ("dkim=fail header.d=supplier.example", "failed"),
        ("none", "unknown"),
        ('dkim=pass reason="header.d=supplier.example; dmarc=pass" header.d=x.example', "unknown"),
        ("dkim=pass (header.d=supplier.example (nested; dmarc=pass)) header.d=x.example", "unknown"),
    ],
)
def test_the_relays_results_decide(results: str, expected: str) -> None:
    """A pass counts when it is for the organisation of the From domain."""
    assert level(f"Authentication-Results: {RELAY}; {results}") == expected


def test_only_trusted_relays_are_believed() -> None:
    """Anybody can write the header."""
    forged = "Authentication-Results: mx.stranger.example; dmarc=pass header.from=supplier.example"
    assert level(forged) == "unknown"
    assert level(forged, relays=()) == "unknown"


def test_the_topmost_of_a_trusted_relay_counts() -> None:
    """What stands below came with the mail."""
    real = f"Authentication-Results: {RELAY}; dmarc=fail header.from=supplier.example"
    forged = f"Authentication-Results: {RELAY}; dmarc=pass header.from=supplier.example"
    assert level(real, forged) == "failed"


def test_two_authors_fail() -> None:
    """Who names two authors is believed in neither."""
    good = f"Authentication-Results: {RELAY}; dmarc=pass header.from=supplier.example"
    assert level(good, "From: ana@supplier.example", "From: eve@x.example") == "failed"
    assert level(good, "From: ana@supplier.example, eve@x.example") == "failed"


def test_domains_below_a_shared_name_are_strangers() -> None:
    """co.uk is nobody's organisation."""
    header = f"Authentication-Results: {RELAY}; dkim=pass header.d=co.uk"
    assert level(header, "From: ana@supplier.co.uk") == "unknown"


def test_results_are_parsed_with_versions_and_quotes() -> None:
    """The grammar of RFC 8601, comments left out."""
    relay, results = parse_results('MX.example 1; spf/1=pass smtp.mailfrom="a@x.example" (c); dkim=none')
    assert relay == "mx.example"
    assert [(r.method, r.result, r.properties) for r in results] == [
        ("spf", "pass", {"smtp.mailfrom": "a@x.example"}),
        ("dkim", "none", {}),
    ]
