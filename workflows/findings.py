"""Findings: what a rule of matching found, with the difference that it is and the tolerance that it may be within."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from workflows.differences import Check, Difference, DifferenceCode, shown


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference, the rule that found it, and what it is worth in money: more than ordered, or less."""

    difference: Difference
    check: Check
    worth: Decimal = Decimal(0)


def found(
    code: DifferenceCode,
    n: int | None = None,
    text: str = "",
    ordered: object = None,
    invoiced: object = None,
    reason: str | None = None,
) -> Finding:
    """A difference that no tolerance covers."""
    return Finding(Difference(code, n, text, shown(ordered), shown(invoiced), reason), Check(code, tolerated=False))


def within(finding: Finding, off: Decimal, allowed: Decimal, worth: Decimal) -> Finding:
    """*finding*, which is off by *off* where *allowed* is tolerated."""
    if not allowed:
        return replace(finding, worth=worth)
    tolerated = abs(off) <= allowed
    left = shown(allowed - abs(off)) if tolerated else "0"
    check = Check(finding.check.code, tolerated, shown(off), shown(allowed), left)
    return Finding(finding.difference, check, worth)
