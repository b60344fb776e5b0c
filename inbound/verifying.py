"""Verifies a mail here: the author's domain by DKIM or SPF, as its DMARC record wants it (RFC 7489)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inbound.auth_results import Result
from inbound.domains import aligned, domain_of, organisation
from inbound.errors import NameServerAway
from inbound.names import Names
from inbound.seals import Signed, dkim_results
from inbound.senders import spf_result
from inbound.verdict import AWAY, Hop, Verdict


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner of a domain wants of mail in its name."""

    published: bool = False
    strict_dkim: bool = False
    strict_spf: bool = False

    def counts(self, result: Result, domain: str) -> bool:
        """Whether a pass of this result is one for the author's *domain*."""
        strict = self.strict_dkim if result.method == "dkim" else self.strict_spf
        checked = _checked(result)
        return checked == domain if strict else aligned(checked, domain)


def verify(mail: Signed, domain: str, hop: Hop, names: Names) -> Verdict:
    """Judge a mail whose author is of *domain*. A name server that is away makes it unknown, never failed."""
    try:
        policy = policy_of(domain, names)
    except NameServerAway:
        return Verdict("unknown", AWAY)
    seen: list[Result] = []
    for result in _results(mail, domain, hop, names):
        if result.result == "pass" and policy.counts(result, domain):
            return Verdict("authenticated", f"{result.method.upper()} pass for {_checked(result)}")
        seen.append(result)
    told = ", ".join(f"{result.method.upper()} {result.result}" for result in seen)
    if any(result.result == "temperror" for result in seen):
        return Verdict("unknown", f"{told}: {AWAY}")
    broken = any(r.result in ("fail", "permerror") and aligned(_checked(r), domain) for r in seen)
    if policy.published or broken:
        return Verdict("failed", f"{told}: not by {domain}")
    return Verdict("unknown", f"{told}: nothing proves {domain}")


def policy_of(domain: str, names: Names) -> Policy:
    """The DMARC policy of *domain* or, where it has none, of its organisation; raises `NameServerAway`."""
    for name in dict.fromkeys((domain, organisation(domain))):
        found = [text for text in names.texts(f"_dmarc.{name}") if name and text.lower().startswith(b"v=dmarc1")]
        if len(found) == 1:
            pairs = (part.partition("=") for part in found[0].decode("ascii", "replace").lower().split(";"))
            tags = {key.strip(): value.strip() for key, _, value in pairs}
            return Policy(True, tags.get("adkim") == "s", tags.get("aspf") == "s")
    return Policy()


def _results(mail: Signed, domain: str, hop: Hop, names: Names) -> Iterator[Result]:
    yield from dkim_results(mail, domain, names)
    yield spf_result(hop.peer, hop.helo, hop.sender, names)


def _checked(result: Result) -> str:
    return next((domain_of(value) for value in result.properties.values()), "")
