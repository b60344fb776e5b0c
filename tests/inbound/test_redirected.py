"""Mails as groups, redirects, lists and ticket systems hand them on: who is proved, and who is nobody's proof."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbound.kind import kind_of
from inbound.letter import read_letter
from inbound.names import _resolver
from inbound.trust import judge
from inbound.verdict import Hop, Verdict
from inbound.verifying import verify  # noqa: F401 - imported before the clock of a test runs
from store.trust import Proof, TrustRules
from tests.name_server import NameServer
from tests.signing import key_record, sealed, signed

FOLDER = Path(__file__).parent / "redirected"
TENANT = "11111111-2222-3333-4444-555555555555"


def mail(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def verdict(source: bytes, *proofs: Proof, servers: tuple[str, ...] = (), peer: str | None = None) -> Verdict:
    letter = read_letter(source)
    rules = TrustRules({"smtp": proofs or (Proof.RELAY,)}, frozenset({"acme.example"}), TENANT, servers)
    sender = next((v.strip("<>") for n, v in letter.headers if n == "return-path"), "")
    return judge(letter, source, "smtp", Hop(sender, peer, "mx.forward.example"), rules, frozenset({"mx.acme.example"}))


@pytest.fixture
def names() -> Iterator[NameServer]:
    """Ferrum and Acme sign; Ferrum's policy is to reject what is not proved."""
    with NameServer() as server:
        for domain in ("ferrum.example", "acme.example"):
            server.text(f"k1._domainkey.{domain}", key_record())
            server.text(f"_dmarc.{domain}", "v=DMARC1; p=reject")
        server.text("ferrum.example", "v=spf1 ip4:8.8.4.4 -all")
        server.text("forward.example", "v=spf1 ip4:9.9.9.9 -all")
        yield server
    _resolver.cache_clear()


@pytest.mark.parametrize(
    ("name", "level", "behind", "kind"),
    [
        ("google-group", "unknown", "ana@ferrum.example", "list"),
        ("google-group-as-it-was", "authenticated", "", "list"),
        ("microsoft-redirect", "failed", "", "person"),
        ("microsoft-transport-rule", "unknown", "", "person"),
        ("srs", "authenticated", "", "person"),
        ("mailing-list", "unknown", "ana@ferrum.example", "list"),
        ("ticket-system", "unknown", "ana@ferrum.example", "person"),
    ],
)
def test_relays_verdict_on_what_was_handed_on(name: str, level: str, behind: str, kind: str) -> None:
    """A group's own pass proves the group, never the author; only a person's mail acts."""
    letter = read_letter(mail(name))
    found = verdict(mail(name))
    assert (found.level, found.behind, kind_of(letter)[0]) == (level, behind, kind)


def test_own_tenants_mail_through_a_transport_rule_is_believed_where_told() -> None:
    """Within one tenant nothing is signed; its marks say so, and only of a mail from inside."""
    assert verdict(mail("microsoft-transport-rule"), Proof.RELAY, Proof.TENANT).level == "authenticated"
    assert verdict(mail("microsoft-redirect"), Proof.TENANT).level == "unknown"


def test_redirect_with_a_banner_is_proved_by_its_seal(names: NameServer) -> None:
    """The banner broke the signature; what Acme's own server had found before stands in its seal."""
    before = (
        mail("microsoft-redirect").replace(b"fail", b"pass").replace(b"Authentication-Results: mx.acme", b"A: mx.acme")
    )
    told = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=ferrum.example\n"
    redirected = sealed(told + before, "acme.example")
    where = (names.address,)
    assert verdict(redirected, Proof.VERIFY, servers=where, peer="9.9.9.9").level == "failed"
    assert verdict(redirected, Proof.VERIFY, Proof.ARC, servers=where, peer="9.9.9.9").level == "authenticated"


def test_srs_is_proved_by_the_signature_alone(names: NameServer) -> None:
    """SPF passes for the forwarder, which is not the author."""
    where = (names.address,)
    plain = mail("srs").replace(b"Authentication-Results", b"X-Other")
    assert verdict(plain, Proof.VERIFY, servers=where, peer="9.9.9.9").level == "failed"
    assert (
        verdict(signed(plain, "ferrum.example"), Proof.VERIFY, servers=where, peer="9.9.9.9").level == "authenticated"
    )


def test_group_that_signs_proves_nobody(names: NameServer) -> None:
    """The signature of Acme's group is valid, aligned and worth nothing: a stranger's words would be a colleague's."""
    group = signed(mail("google-group"), "acme.example")
    found = verdict(group, Proof.VERIFY, Proof.ARC, Proof.TENANT, servers=(names.address,))
    assert (found.level, found.behind) == ("unknown", "ana@ferrum.example")
    assert not names.asked


@pytest.mark.parametrize("name", ["Trattoria via Roma", "Olivia Viani", "Via Mobile Ltd"])
def test_name_with_via_in_it_is_a_name(name: str) -> None:
    """Unless the mail came through a list, or its answers go elsewhere."""
    source = mail("srs").replace(b"From: Ana Ferrum", f"From: {name}".encode())
    assert verdict(source).level == "authenticated"
