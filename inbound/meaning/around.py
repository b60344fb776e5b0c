"""What stands around the writer's own words: our own mails, quoted lines, devices, warnings of mail systems."""

from __future__ import annotations

import re
from functools import cache

from inbound.meaning.compiling import speech
from inbound.meaning.speech import Speech
from templates.phrases import language, languages

_QUOTED = re.compile(r"(?<!\w)[\"']([^\"'\n]{2,40})[\"'](?!\w)")
"""Words in quotation marks, as our mails name the words to answer with."""

_DEVICE = 80
"""Characters of a line like "Sent from my iPhone"."""


def before_our_words(lines: list[str]) -> tuple[list[str], list[str]]:
    """Cut where words of our own mails begin, and leave quoted lines out."""
    ours = _ours()
    for position, line in enumerate(lines):
        if ours.search(line.casefold()) or _offers(line):
            return _unquoted(lines[:position]), lines[position + 1 :]
    return _unquoted(lines), []


def _unquoted(lines: list[str]) -> list[str]:
    """The lines without quoted ones, which part what stands around them, and up to what a telephone adds."""
    own = ["" if line.startswith(">") else line for line in lines]
    end = next((at for at, line in enumerate(own) if at and len(line) < _DEVICE and _is_device(line)), len(own))
    return own[:end]


def _is_device(line: str) -> bool:
    return any(tongue.words["devices"].begin(tongue.tokens(line)) for tongue in map(speech, languages()))


def _offers(line: str) -> bool:
    """Whether a line tells somebody which words to answer with: it is ours, whatever its wording."""
    quoted = _QUOTED.findall(line)[:8]
    if not quoted:
        return False
    return any(
        tongue.words["answering"].within(tongue.tokens(line)) and any(_is_command(tongue, words) for words in quoted)
        for tongue in map(speech, languages())
    )


def _is_command(tongue: Speech, words: str) -> bool:
    tokens = tongue.tokens(words)
    return 0 < len(tokens) <= 4 and any(
        said.begin(tokens) for said in (*tongue.performs.values(), *tongue.triggers.values(), tongue.lines["no_bid"])
    )


def without_banners(lines: list[str]) -> list[str]:
    """The lines without the warnings that mail systems put above a mail."""
    position = 0
    while position < min(len(lines), 8):
        line = lines[position]
        if line.strip(" *-_=[]") and not _warns(line.casefold()):
            break
        position += 1
    return lines[position:]


def _warns(line: str) -> bool:
    return any(sum(words in line for words in banners) >= 2 for banners in _banners())


@cache
def _ours() -> re.Pattern[str]:
    texts = {words.casefold() for code in languages() for words in language(code).words["ours"]}
    return re.compile("|".join(map(re.escape, texts)))


@cache
def _banners() -> tuple[tuple[str, ...], ...]:
    """The words of warnings by language: a mail system warns in the reader's language, not in the writer's."""
    return tuple(tuple(words.casefold() for words in language(code).words["banners"]) for code in languages())
