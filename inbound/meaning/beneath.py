"""Answers that stand beneath the quoted lines of a document: each is about the line that is quoted above it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from inbound.meaning.compiling import speech
from inbound.meaning.limits import ROWS
from inbound.roles import Role
from templates.phrases import languages
from workflows.actions import KnownLine, Situation

_WORD: Final = re.compile(r"[^\W_]+")
_ANSWER: Final = 200
"""Characters of an answer to one line; what is longer speaks of more than that."""
_ROWS: Final = 2
"""Lines of such an answer."""
_SHORTEST: Final = 4


def woven(pieces: Iterable[tuple[Role, str]], situation: Situation, said: str) -> str:
    """What a person said, with the number of its line before each answer that stands beneath a quoted line.

    A mere "ok" beneath a line changes nothing there, and is left out where another line is answered otherwise.
    """
    kept = [(role, text) for role, text in pieces if role in (Role.SAID, Role.QUOTED)]
    rows = {line.n: pattern for line in situation.lines if (pattern := _text_of(line)) is not None}
    out: list[str] = []
    answered: set[int] = set()
    answers, sole = 0, True
    above = ""
    for role, text in kept[: 2 * ROWS]:
        if role is Role.QUOTED:
            above = text
            continue
        answer = " ".join(text.split())
        short = answer and len(answer) <= _ANSWER and text.strip().count("\n") < _ROWS
        n = _shown(above, rows) if short else None
        sole = sole and sum(bool(pattern.search(above)) for pattern in rows.values()) <= 1
        above = ""
        if n is None:
            out.append(text.strip("\n"))
            continue
        answered.add(n)
        if not _is_assent(answer):
            answers += 1
            out.append(f"{n}: {answer}")
    return "\n\n".join(out) if answers and (sole or len(answered) > 1) else said


def _shown(quoted: str, rows: dict[int, re.Pattern[str]]) -> int | None:
    """The one line whose text the last words of a quoted stretch show."""
    last = next((row for row in reversed(quoted.split("\n")) if row.strip("> \t")), "")
    if len(last) > 2 * _ANSWER:
        return None
    found = [(len(pattern.pattern), n) for n, pattern in rows.items() if pattern.search(last)]
    return max(found)[1] if found else None


def _text_of(line: KnownLine) -> re.Pattern[str] | None:
    words = _WORD.findall(line.text)[:60]
    if sum(map(len, words)) < _SHORTEST:
        return None
    between = r"[\W_]+"
    return re.compile(rf"(?<!\w){between.join(map(re.escape, words))}(?!\w)", re.IGNORECASE)


def _is_assent(answer: str) -> bool:
    return any(tongue.assents_to(tongue.key(answer)) for tongue in map(speech, languages()))
