"""A mail is proved by SPF, DKIM, DMARC and ARC, against a name server that the test provides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from inbound.letter import read_letter
from inbound.names import Names, _resolver
from inbound.seals import signed as as_signed
from inbound.trust import judge
from inbound.verdict import Hop, Verdict
from store.trust import Proof, TrustRules
from tests.name_server import NameServer
from tests.signing import key_record, sealed, signed

FERRUM, PEER, OTHER = "ferrum.example", "192.0.2.10", "8.8.8.8"
MAIL = b"""From: Ana <ana@ferrum.example>
To: orders@acme.example
Subject: Re: PO-1
Date: Tue, 24 Nov 2026 10:00:00 +0000
Message-ID: <1@ferrum.example>

Confirmed.
"""


@dataclass(slots=True)
class World:
    """Ferrum, whose mail is signed and comes from one machine; redirect.example seals what it redirects."""

    names: NameServer

    def verdict(
        self, source: bytes, *proofs: Proof, peer: str | None = OTHER, sender: str = "ana@ferrum.example", **more: str
    ) -> Verdict:
        rules = TrustRules({"smtp": proofs or (Proof.VERIFY,)}, frozenset({"redirect.example"}), "t", self.servers)
        hop = Hop(sender, peer, more.get("helo", "mail.ferrum.example"))
        return judge(read_letter(source), source, "smtp", hop, rules, frozenset({"mx.acme.example"}))

    @property
    def servers(self) -> tuple[str, ...]:
        return (self.names.address,)


@pytest.fixture
def world() -> Iterator[World]:
    """The world, with its name server."""
    with NameServer() as names:
        for domain in (FERRUM, "redirect.example", "evil.example"):
            names.text(f"k1._domainkey.{domain}", key_record())
        names.text(FERRUM, "v=spf1 ip4:192.0.2.10 -all")
        names.text(f"_dmarc.{FERRUM}", "v=DMARC1; p=reject")
        yield World(names)
    _resolver.cache_clear()


def test_signature_of_the_authors_domain_proves_them(world: World) -> None:
    """Wherever the mail was handed on, as long as nobody changed it."""
    assert world.verdict(signed(MAIL, FERRUM)) == Verdict("authenticated", "DKIM pass for ferrum.example")
    assert world.verdict(signed(MAIL, FERRUM), peer=None, sender="").level == "authenticated"


def test_changed_mail_fails(world: World) -> None:
    """One more word, and the signature does not hold; DMARC says that such a mail is not theirs."""
    changed = signed(MAIL, FERRUM).replace(b"Confirmed.", b"Confirmed, at double the price.")
    assert world.verdict(changed).level == "failed"


def test_second_from_fails(world: World) -> None:
    """Whatever is signed, two authors are none."""
    assert world.verdict(b"From: olga@acme.example\r\n" + signed(MAIL, FERRUM)).level == "failed"


def test_strangers_signature_proves_nothing(world: World) -> None:
    """A valid signature of another organisation says nothing about the author."""
    assert world.verdict(signed(MAIL, "evil.example")).level == "failed"
    world.names.records.pop((f"_dmarc.{FERRUM}", "TXT"))
    world.names.records.pop((FERRUM, "TXT"))
    _resolver.cache_clear()
    assert world.verdict(signed(MAIL, "evil.example")).level == "unknown"


def test_signature_that_leaves_something_out_proves_nothing(world: World) -> None:
    """With l= anybody may add words below."""
    mail = signed(MAIL, FERRUM)
    assert world.verdict(mail.replace(b"d=ferrum.example;", b"d=ferrum.example; l=5;")).level == "failed"


def test_subdomain_signs_unless_the_policy_is_strict(world: World) -> None:
    """DMARC's alignment is relaxed by default; adkim=s wants the very domain."""
    world.names.text("k1._domainkey.mail.ferrum.example", key_record())
    mail = signed(MAIL, "mail.ferrum.example")
    assert world.verdict(mail).level == "authenticated"
    world.names.text(f"_dmarc.{FERRUM}", "v=DMARC1; p=reject; adkim=s")
    _resolver.cache_clear()
    assert world.verdict(mail).level == "failed"


def test_machine_that_may_send_proves_the_envelope_sender(world: World) -> None:
    """SPF counts when the envelope sender is of the author's organisation."""
    assert world.verdict(MAIL, peer=PEER) == Verdict("authenticated", "SPF pass for ferrum.example")
    assert world.verdict(MAIL, peer=OTHER).level == "failed"
    world.names.text("evil.example", "v=spf1 ip4:192.0.2.10 -all")
    assert world.verdict(MAIL, peer=PEER, sender="eve@evil.example").level == "failed"
    world.names.text("mail.ferrum.example", "v=spf1 a -all")
    world.names.add("mail.ferrum.example", "A", PEER)
    assert world.verdict(MAIL, peer=PEER, sender="").why == "SPF pass for mail.ferrum.example"


def test_spf_includes_and_mx_are_followed(world: World) -> None:
    """As the domain's owner wrote it."""
    world.names.text(FERRUM, "v=spf1 include:_spf.relay.example mx ~all")
    world.names.text("_spf.relay.example", "v=spf1 ip6:2001:db8::/32 ip4:198.51.100.0/24 -all")
    world.names.add(FERRUM, "MX", "10 mx.ferrum.example.")
    world.names.add("mx.ferrum.example", "A", PEER)
    assert world.verdict(MAIL, peer="2001:db8::5").level == "authenticated"
    assert world.verdict(MAIL, peer=PEER).level == "authenticated"
    assert world.verdict(MAIL, peer="192.0.2.11").level == "failed"


def test_redirected_mail_is_neither_proved_nor_condemned_by_spf(world: World) -> None:
    """With SRS the envelope sender is the redirector's: SPF passes for it, and the signature proves the author."""
    world.names.text("redirect.example", "v=spf1 ip4:192.0.2.20 -all")
    srs = "SRS0=hash=tt=ferrum.example=ana@redirect.example"
    assert world.verdict(signed(MAIL, FERRUM), peer="192.0.2.20", sender=srs).level == "authenticated"
    assert world.verdict(MAIL, peer="192.0.2.20", sender=srs).level == "failed"


@pytest.mark.parametrize("how", ["away", "broken"])
@pytest.mark.timeout(20)
def test_name_server_away_leaves_the_sender_unknown(world: World, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no fault of the sender, and no failure of the mail."""
    setattr(world.names, how, True)
    monkeypatch.setattr("inbound.names.SECONDS", 0.3)
    monkeypatch.setattr(Names.__init__, "__defaults__", ((), 0.3, 40))
    for proof in (Proof.VERIFY, Proof.ARC):
        mail = sealed(b"Authentication-Results: mx.redirect.example; dmarc=pass\n" + MAIL, "redirect.example")
        assert world.verdict(mail, proof).level == "unknown"


def test_named_sealer_vouches_for_a_mail_that_it_changed(world: World) -> None:
    """A redirect with a footer breaks DKIM and SPF; what the sealer found before counts."""
    found = b"Authentication-Results: mx.redirect.example; dmarc=pass header.from=ferrum.example\n"
    mail = sealed(found + MAIL.replace(b"Confirmed.", b"Confirmed.\n-- \nscanned"), "redirect.example")
    assert world.verdict(mail, Proof.ARC).level == "authenticated"
    assert world.verdict(mail, Proof.VERIFY).level == "failed"
    assert world.verdict(mail, Proof.VERIFY, Proof.ARC).level == "authenticated"
    assert world.verdict(mail.replace(b"scanned", b"pay 500"), Proof.ARC).level == "unknown"
    assert world.verdict(mail.replace(b"ana@ferrum", b"eva@ferrum"), Proof.ARC).level == "unknown"


def test_unnamed_sealer_vouches_for_nothing(world: World) -> None:
    """Anybody can seal; and a named seal below an unnamed one may have been sealed over something else."""
    found = b"Authentication-Results: mx.%s; dmarc=pass header.from=ferrum.example\n"
    assert world.verdict(sealed(found % b"evil.example" + MAIL, "evil.example"), Proof.ARC).level == "unknown"
    inner = sealed(found % b"redirect.example" + MAIL, "redirect.example")
    arc = b"Authentication-Results: mx.evil.example; arc=pass\n"
    assert world.verdict(sealed(arc + inner, "evil.example"), Proof.ARC).level == "unknown"


def test_sealer_that_found_nothing_proves_nothing(world: World) -> None:
    """A seal says what was found, not that it was good; a forger's own domain is no help."""
    for result in (b"dmarc=fail header.from=ferrum.example", b"dmarc=pass header.from=evil.example"):
        mail = sealed(b"Authentication-Results: mx.redirect.example; " + result + b"\n" + MAIL, "redirect.example")
        assert world.verdict(mail, Proof.ARC).level == "unknown"


def test_own_tenants_marks_are_believed_where_the_settings_say_so(world: World) -> None:
    """Once each, and with our tenant's id: what came from outside does not have them."""
    marks = b"X-MS-Exchange-CrossTenant-AuthAs: Internal\nX-MS-Exchange-CrossTenant-Id: %s\n"
    assert world.verdict(marks % b"t" + MAIL, Proof.TENANT).level == "authenticated"
    assert world.verdict(marks % b"t" + MAIL, Proof.RELAY).level == "unknown"
    assert world.verdict(marks % b"other" + MAIL, Proof.TENANT).level == "unknown"
    assert world.verdict(marks.replace(b"Internal", b"Anonymous") % b"t" + MAIL, Proof.TENANT).level == "unknown"
    twice = marks % b"other" + marks % b"t" + MAIL
    assert world.verdict(twice, Proof.TENANT).level == "unknown"


def test_relays_header_asks_no_name_server(world: World) -> None:
    """Where a relay has checked the mail, the way of a mail stays cheap."""
    told = b"Authentication-Results: mx.acme.example; dmarc=pass header.from=ferrum.example\n" + MAIL
    assert world.verdict(told, Proof.RELAY, Proof.ARC, Proof.VERIFY).level == "authenticated"
    assert not world.names.asked


@pytest.mark.parametrize(
    "mail",
    [
        b"DKIM-Signature: v=1; a=rsa-sha256; d=ferrum.example; s=k1; h=from; bh=" + b"A" * 300_000 + b"; b=x\n" + MAIL,
        b"DKIM-Signature: v=1; d=ferrum.example; s=k1; h=from; b=" + b" " * 200_000 + b"!\n" + MAIL,
        b"DKIM-Signature: d=ferrum.example; h=from\n" * 500 + MAIL,
        b"ARC-Seal: i=999999999; d=redirect.example\n" * 400 + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=ferrum.example; s=k1; h=from; bh=AAAA; b=AAAA\n"
        + MAIL
        + b" " * 3_000_000
        + b"x",
    ],
    ids=["long hash", "long space", "many signatures", "many seals", "long line of spaces"],
)
@pytest.mark.timeout(20)
def test_hostile_signature_takes_no_time_and_proves_nothing(world: World, mail: bytes) -> None:
    """Whatever stands there, it is looked at within bounds."""
    assert world.verdict(mail, Proof.ARC, Proof.VERIFY).level != "authenticated"


@pytest.mark.parametrize(
    "key", ["v=DKIM1; p=", "v=DKIM1; p=!!!", "v=DKIM1; p=MAA=", "p=" + "A" * 9000, "k=what; p=AAAA"]
)
def test_unusable_key_proves_nothing(world: World, key: str) -> None:
    """Revoked, broken, endless or of another kind."""
    world.names.text(f"k1._domainkey.{FERRUM}", key)
    assert world.verdict(signed(MAIL, FERRUM)).level == "failed"


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 include:ferrum.example -all",
        "v=spf1 redirect=ferrum.example",
        "v=spf1 " + "mx:a.example " * 30,
        "v=spf1 %{",
    ],
)
@pytest.mark.timeout(20)
def test_hostile_spf_record_ends(world: World, record: str) -> None:
    """Loops and endless records are the domain's fault (RFC 7208 section 4.6.4)."""
    world.names.text(FERRUM, record)
    assert world.verdict(MAIL, peer=PEER).level == "failed"


def test_mail_as_its_signatures_see_it_keeps_its_folds() -> None:
    """Fields with their names as written, folded lines together, the body with CRLF."""
    found = as_signed(b"From: a@b.example\nSubject: one\n two\nnonsense\n\nbody\n")
    assert found is not None
    assert found.fields == ((b"From", b" a@b.example\r\n"), (b"Subject", b" one\r\n two\r\n"))
    assert found.body == b"body\r\n"
