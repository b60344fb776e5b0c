"""The words by which mail programs of many languages mark a quote, a forward and a signature.

They stand in `quote_words.toml`: a language is one table, its words plain text in lower case, labels without their
colon. Labels are matched as they are, the other words at the start of a line or, `wrote`, as words in it.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product, repeat
from operator import contains
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Words:
    """What one language writes around other people's words.

    `sender, date, to, subject, copy`: labels of a header block. `opens`: what a quote's first line begins with ("On");
    `wrote`: its verb. `original, forwarded`: titles between dashes. `sent_from`: what devices sign with.
    `closing`: how people end a letter; `thanks`: those closings that also say something. `forwards`: how the subject
    of a forwarded mail begins. `disclaimer`, `banner`: beginnings of what mail systems add below and above, a banner
    with one of the words of `outside` in it. `reply_above`: below this line stands what help desks sent.
    """

    sender: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    copy: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()
    original: tuple[str, ...] = ()
    forwarded: tuple[str, ...] = ()
    sent_from: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()
    forwards: tuple[str, ...] = ()
    disclaimer: tuple[str, ...] = ()
    banner: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    reply_above: tuple[str, ...] = ()


def _languages() -> dict[str, Words]:
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        tables = tomllib.load(file)
    return {
        language: Words(**{name: tuple(words) for name, words in table.items()}) for language, table in tables.items()
    }


LANGUAGES = _languages()


def words_of(field: str) -> tuple[str, ...]:
    """Return the words of one field in all languages, longest first."""
    found = {word for words in LANGUAGES.values() for word in getattr(words, field)}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def by_head(words: Iterable[str], length: int) -> dict[str, tuple[str, ...]]:
    """Return the words by their first characters; looking those up is quicker than trying each word."""
    heads: dict[str, tuple[str, ...]] = {}
    for word in words:
        heads[word[:length]] = (*heads.get(word[:length], ()), word)
    return heads


def in_any_case(heads: Iterable[str]) -> frozenset[str]:
    """Return short beginnings of words as they may be written; looking those up is quicker than lower case is made."""
    cases = {"i": ("i", "I", "İ")}
    return frozenset(
        "".join(letters)
        for head in heads
        for letters in product(*(cases.get(sign) or {sign, sign.upper()} for sign in head))
    )


def any_of(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words."""
    return "(?:" + "|".join(re.escape(word) for word in words) + ")"


def has_any(words: str, of: Iterable[str]) -> bool:
    """Tell whether one of the words stands in a text; quicker than a pattern of them all."""
    return any(map(contains, repeat(words), of))
