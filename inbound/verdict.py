"""How surely the author is who the From header says: the verdict, and how results of checks become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from inbound.auth_results import Result
from inbound.domains import aligned, domain_of

Level = Literal["authenticated", "unknown", "failed"]
_LEVELS: tuple[Level, ...] = ("failed", "unknown", "authenticated")


AWAY = "the name server does not answer"


@dataclass(frozen=True, slots=True)
class Hop:
    """The last hop of a mail before us: who handed it in, and for whom."""

    sender: str = ""
    peer: str | None = None
    helo: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the author is proved, and why, in words that can stand in an explanation."""

    level: Level
    why: str
    behind: str = ""
    """Whom a group or a list that wrote its own address into From says the mail is by; nobody proves that."""

    def as_json(self) -> dict[str, str]:
        """As it is kept with the mail."""
        return asdict(self)

    def better_than(self, other: Verdict) -> bool:
        """Whether this one proves more."""
        return _LEVELS.index(self.level) > _LEVELS.index(other.level)


def verdict_from_json(kept: Any) -> Verdict | None:
    """The verdict as it was kept; None if there is none, or none that this version knows."""
    if not isinstance(kept, dict) or kept.get("level") not in _LEVELS:
        return None
    return Verdict(kept["level"], str(kept.get("why", "")), str(kept.get("behind", "")))


def judge_results(domain: str, who: str, results: Sequence[Result]) -> Verdict:
    """Judge what *who* found: a DMARC pass, or a DKIM or SPF pass, for the organisation of the From *domain*."""
    dmarc = {result.result for result in results if result.method == "dmarc"}
    for result in results:
        if result.method == "dmarc" and result.result == "pass":
            checked = domain_of(result.properties.get("header.from", domain))
            if checked == domain:
                return Verdict("authenticated", f"{who}: DMARC pass for {domain}")
    if "fail" in dmarc:
        return Verdict("failed", f"{who}: DMARC fail for {domain}")
    broken = 0
    for result in results:
        keys = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.helo")}.get(result.method)
        if keys is None:
            continue
        checked = next((domain_of(result.properties[key]) for key in keys if key in result.properties), "")
        if result.result == "pass" and aligned(checked, domain):
            return Verdict("authenticated", f"{who}: {result.method.upper()} pass for {checked}")
        broken += result.result in ("fail", "hardfail", "permerror") and aligned(checked, domain)
    if broken:
        return Verdict("failed", f"{who}: the checks for {domain} failed")
    return Verdict("unknown", f"{who}: nothing proves {domain}")
