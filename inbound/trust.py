"""How surely the author is who the From header says: the verdict of a relay that we trust (RFC 8601)."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

from inbound.letter import Letter

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s;()="]+)|([;=])|(\()|\)')
_SHARED = frozenset(
    f"{kind}.{country}"
    for countries, kinds in (
        ("uk", "co org ac gov ltd plc me net"),
        ("au nz za", "com co net org"),
        ("jp kr th id il at", "co or ac go ne gv"),
        ("br tr ua mx cn sg hk ar es pt tw my ph vn pl in", "com co net org edu gov"),
    )
    for country in countries.split()
    for kind in kinds.split()
) | {"onmicrosoft.com", "blogspot.com", "github.io", "uk.com", "eu.org"}
"""Names below which anybody may register: no organisation of their own."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the author is proved, and why, in words that can stand in an explanation."""

    level: Literal["authenticated", "unknown", "failed"]
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result in an Authentication-Results header, its properties by "type.name"."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


def verdict(letter: Letter, trusted_relays: Collection[str]) -> Verdict:
    """Judge the author by the topmost Authentication-Results of a trusted relay.

    `authenticated` is a DMARC pass, or a DKIM or SPF pass, for the organisation of the From domain. Headers of any
    other relay count for nothing, for a sender can write them.
    """
    froms = sum(name == "from" for name, _value in letter.headers)
    if froms > 1 or len(letter.authors) > 1:
        return Verdict("failed", "the mail names more than one author")
    domain = _domain(letter.author or "")
    if not domain:
        return Verdict("unknown", "the mail names no author")
    relays = {relay.lower() for relay in trusted_relays}
    for name, value in letter.headers:
        if name == "authentication-results":
            relay, results = parse_results(value)
            if relay in relays:
                return _judge(domain, relay, results)
    return Verdict("unknown", "no trusted relay has checked the mail")


def _judge(domain: str, relay: str, results: list[Result]) -> Verdict:
    dmarc = {result.result for result in results if result.method == "dmarc"}
    for result in results:
        if result.method == "dmarc" and result.result == "pass":
            checked = _domain(result.properties.get("header.from", domain))
            if checked == domain:
                return Verdict("authenticated", f"{relay}: DMARC pass for {domain}")
    if "fail" in dmarc:
        return Verdict("failed", f"{relay}: DMARC fail for {domain}")
    broken = 0
    for result in results:
        keys = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom", "smtp.helo")}.get(result.method)
        if keys is None:
            continue
        checked = next((_domain(result.properties[key]) for key in keys if key in result.properties), "")
        if result.result == "pass" and aligned(checked, domain):
            return Verdict("authenticated", f"{relay}: {result.method.upper()} pass for {checked}")
        broken += result.result in ("fail", "hardfail", "permerror") and aligned(checked, domain)
    if broken:
        return Verdict("failed", f"{relay}: the checks for {domain} failed")
    return Verdict("unknown", f"{relay}: nothing proves {domain}")


def aligned(checked: str, domain: str) -> bool:
    """Tell whether two domains belong to one organisation: equal, or one below the other (RFC 7489 section 3.1)."""
    short, long = sorted((checked.lower(), domain.lower()), key=len)
    if not short or "." not in short or short in _SHARED:
        return False
    return short == long or long.endswith("." + short)


def parse_results(value: str) -> tuple[str, list[Result]]:
    """Parse an Authentication-Results value into the lower-case authserv-id and the results."""
    sections: list[list[str]] = [[]]
    for word in _words(value[:16_384]):
        if word == ";":
            sections.append([])
        else:
            sections[-1].append(word)
    relay = sections[0][0].lower() if sections[0] else ""
    results = []
    for section in sections[1:]:
        pairs = [(section[at - 1].lower(), section[at + 1]) for at in range(1, len(section) - 1) if section[at] == "="]
        if pairs:
            method = pairs[0][0].partition("/")[0]
            results.append(Result(method, pairs[0][1].lower(), {key: text.lower() for key, text in pairs[1:]}))
    return relay, results


def _words(value: str) -> Iterator[str]:
    """Yield words, quoted strings, ";" and "=", leaving out comments, which may hold comments."""
    depth = 0
    for match in _TOKEN.finditer(value):
        word = match.group()
        if word == "(":
            depth += 1
        elif word == ")":
            depth = max(depth - 1, 0)
        elif not depth:
            yield match.group(1) if match.group(1) is not None else word


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip("<> .").lower()
