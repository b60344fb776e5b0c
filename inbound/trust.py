"""How surely the author is who the From header says, by the proofs that the way in believes.

What checks signatures and asks name servers is imported when a way wants it: most installations have a relay for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from inbound.auth_results import parse_results
from inbound.domains import domain_of
from inbound.errors import NameServerAway
from inbound.groups import author_behind
from inbound.letter import Letter
from inbound.verdict import AWAY, Hop, Verdict, judge_results
from store.trust import Proof, TrustRules

TOO_LONG = "its head is too long to check"
_INTERNAL, _TENANT = "x-ms-exchange-crosstenant-authas", "x-ms-exchange-crosstenant-id"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A mail and how it came."""

    letter: Letter
    source: bytes
    hop: Hop
    rules: TrustRules
    relays: frozenset[str]
    domain: str


def judge(letter: Letter, source: bytes, way: str, hop: Hop, rules: TrustRules, relays: frozenset[str]) -> Verdict:
    """Judge the author by the proofs that *way* believes, the cheapest first; the first that proves them decides.

    May ask name servers, so no transaction may be open. *relays* are the authserv-ids that are believed.
    """
    froms = sum(name == "from" for name, _value in letter.headers)
    if froms > 1 or len(letter.authors) > 1:
        return Verdict("failed", "the mail names more than one author")
    domain = domain_of(letter.author or "")
    if not domain:
        return Verdict("unknown", "the mail names no author")
    behind = author_behind(letter)
    if behind is not None:
        return Verdict("unknown", f"{letter.author} is a group: it wrote its address over the author's", behind)
    evidence = Evidence(letter, source, hop, rules, relays, domain)
    verdicts = []
    for proof in rules.of(way):
        found = _CHECKS[proof](evidence)
        if found.level == "authenticated":
            return found
        verdicts.append(found)
    worst = next((one for one in verdicts if one.level == "failed"), None)
    if worst is not None or len(verdicts) == 1:
        return worst or verdicts[0]
    return Verdict("unknown", "; ".join(one.why for one in verdicts) or "this way in believes no proof")


def verdict(letter: Letter, trusted_relays: frozenset[str]) -> Verdict:
    """Judge the author by the topmost Authentication-Results of a trusted relay alone."""
    return judge(letter, b"", "", Hop(), TrustRules(), trusted_relays)


def _by_relay(evidence: Evidence) -> Verdict:
    """Headers of any other relay count for nothing, for a sender can write them; so does what stands below."""
    relays = {relay.lower() for relay in evidence.relays}
    for name, value in evidence.letter.headers:
        if name == "authentication-results":
            relay, results = parse_results(value)
            if relay in relays:
                return judge_results(evidence.domain, relay, results)
    return Verdict("unknown", "no trusted relay has checked the mail")


def _by_tenant(evidence: Evidence) -> Verdict:
    marks = [value.strip().lower() for name, value in evidence.letter.headers if name == _INTERNAL]
    tenants = [value.strip().lower() for name, value in evidence.letter.headers if name == _TENANT]
    if marks == ["internal"] and evidence.rules.tenant and tenants == [evidence.rules.tenant.lower()]:
        return Verdict("authenticated", "written within our own tenant")
    return Verdict("unknown", "not written within our own tenant")


def _by_sealer(evidence: Evidence) -> Verdict:
    """A chain is believed from its end on, as far as its sealers are named: an unnamed one may have changed all."""
    from inbound.names import Names
    from inbound.seals import arc_chain, signed

    mail = signed(evidence.source)
    if mail is None:
        return Verdict("unknown", TOO_LONG)
    named = {sealer.lower() for sealer in evidence.rules.sealers}
    try:
        chain = arc_chain(mail, Names(evidence.rules.name_servers))
    except NameServerAway:
        return Verdict("unknown", f"ARC: {AWAY}")
    found = Verdict("unknown", "no named sealer vouches for it")
    for seal in chain:
        if not any(seal.sealer == sealer or seal.sealer.endswith("." + sealer) for sealer in named):
            break
        told = judge_results(evidence.domain, f"sealed by {seal.sealer}", parse_results(seal.found)[1])
        if told.level == "authenticated":
            return told
        found = replace(told, level="unknown")  # what broke on the way, an earlier seal may have seen whole
    return found


def _by_checks(evidence: Evidence) -> Verdict:
    from inbound.names import Names
    from inbound.seals import signed
    from inbound.verifying import verify

    mail = signed(evidence.source)
    if mail is None:
        return Verdict("unknown", TOO_LONG)
    return verify(mail, evidence.domain, evidence.hop, Names(evidence.rules.name_servers))


_CHECKS: Mapping[Proof, Callable[[Evidence], Verdict]] = {
    Proof.RELAY: _by_relay,
    Proof.TENANT: _by_tenant,
    Proof.ARC: _by_sealer,
    Proof.VERIFY: _by_checks,
}
