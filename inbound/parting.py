"""Parts of a mail that holds several matters: some files, or its words, given to a supplier apart from the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from inbound.letter import Attachment, Letter

WORDS = "words"
GIVEN = "given"
"""Where an entry of the triage list keeps what of its mail was given to somebody already."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a mail is meant: files by their SHA-256, and its own words or not."""

    files: frozenset[str]
    words: bool

    @property
    def names(self) -> frozenset[str]:
        """The names of all that belongs to it."""
        return self.files | {WORDS} if self.words else self.files

    @property
    def key(self) -> str:
        """What tells it from other parts of the same mail."""
        return hashlib.sha256(" ".join(sorted(self.names)).encode()).hexdigest()[:16]


def matters(letter: Letter) -> list[Attachment]:
    """The files of a mail that may each be a matter of their own; pictures that the text shows are none."""
    files = {file.sha256: file for file in letter.files() if not (file.inline and file.content_id)}
    return list(files.values())


def left_of(letter: Letter, kept: Any) -> Part:
    """What of the mail nobody was given yet, by what its entry keeps."""
    given = given_of(kept)
    return Part(frozenset(file.sha256 for file in matters(letter)) - given, WORDS not in given)


def given_of(kept: Any) -> frozenset[str]:
    """What an entry says of what was given already."""
    return frozenset(kept.get(GIVEN) or ()) if isinstance(kept, Mapping) else frozenset()


def with_given(kept: Any, names: Iterable[str]) -> dict[str, Any]:
    """What an entry keeps once these were given, too."""
    return {**(kept if isinstance(kept, Mapping) else {}), GIVEN: sorted(given_of(kept) | set(names))}


def only(letter: Letter, part: Part) -> Letter:
    """The mail as if it held nothing but *part*; its subject stays, for it names what all of it is about."""
    forwarded = tuple(
        replace(one, attachments=tuple(file for file in one.attachments if file.sha256 in part.files))
        for one in letter.forwarded
    )
    kept = tuple(file for file in letter.attachments if file.sha256 in part.files)
    letter = replace(letter, attachments=kept, forwarded=forwarded)
    return letter if part.words else replace(letter, text="", html="")
