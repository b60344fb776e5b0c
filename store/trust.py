"""Which proof of a sender each way in believes, as the settings say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Proof(StrEnum):
    """What may prove who wrote a mail."""

    RELAY = "relay"
    """The topmost Authentication-Results of a relay named in `trusted_relays` (RFC 8601)."""
    TENANT = "tenant"
    """The marks that Microsoft 365 puts on a mail within one tenant, and takes off any other."""
    ARC = "arc"
    """What a sealer named in `arc_sealers` found before it redirected the mail (RFC 8617)."""
    VERIFY = "verify"
    """SPF, DKIM and DMARC, checked here (RFC 7208, 6376, 7489)."""


WAYS = ("smtp", "lmtp", "imap", "pipe", "import", "ses", "mailgun", "postmark")
"""The ways in that a rule can name."""


@dataclass(frozen=True, slots=True)
class TrustRules:
    """The proofs that each way in believes; a way that is not named believes those of `ways[""]`."""

    ways: Mapping[str, tuple[Proof, ...]] = field(default_factory=dict)
    sealers: frozenset[str] = frozenset()
    tenant: str = ""
    """The id of the Microsoft 365 tenant that is ours."""
    name_servers: tuple[str, ...] = ()
    """`address:port` of the name servers to ask; the machine's own if empty."""

    def of(self, way: str) -> tuple[Proof, ...]:
        """The proofs that *way* believes, the cheapest first."""
        chosen = self.ways.get(way, self.ways.get("", (Proof.RELAY,)))
        return tuple(proof for proof in Proof if proof in chosen)
