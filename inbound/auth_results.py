"""Reads Authentication-Results (RFC 8601): what another mail system found out about a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s;()="]+)|([;=])|(\()|\)')
_LONGEST = 16_384


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result, its properties by "type.name"."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


def parse_results(value: str) -> tuple[str, list[Result]]:
    """Parse an Authentication-Results value into the lower-case authserv-id and the results."""
    sections: list[list[str]] = [[]]
    for word in _words(value[:_LONGEST]):
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
