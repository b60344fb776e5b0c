"""What single sentences do, as people agreed, and how they are heard: counts for the tests and docs/understanding.md.

`sentences/*.tsv` holds for each language some 700 sentences of business answers, each with what it does and where it
was said. They were written by people who did not know the rules. Every third one was left aside when the phrases were
first widened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from inbound.meaning.understand import understand_line

FOLDER: Final = Path(__file__).with_name("sentences")
SITUATIONS: Final = {
    "order": ("order", "supplier"),
    "rfp": ("rfp", "supplier"),
    "invitation": ("invitation", "supplier"),
    "draft": ("invoice_draft", "supplier"),
    "decide": ("invoice_matching", "buyer"),
}
LOCALES: Final = {"en": "en_GB", "uk": "uk_UA"}
LINE: Final = {"n": 1, "text": "Zq-Teil 4471", "qty": "100", "unit": "pcs", "price": "12.50"}
_FOR: Final = frozenset({"acknowledge", "confirm", "approve", "accept"})
_AGAINST: Final = frozenset({"refuse", "decline", "reject", "withdraw"})
WANTED: Final[Mapping[str, tuple[str, ...]]] = {
    "yes": ("yes",),
    "no": ("no",),
    "back": ("send_back", "no"),
    "bill": ("invoice_all",),
    "undo": ("undo",),
    "cond": ("ask",),
    "hold": ("note",),
    "hand": ("note",),
    "told": ("note",),
    "mock": ("note", "ask"),
    "chat": ("note",),
    "ask": ("note", "ask", "status"),
}
"""As what a sentence may be heard, by what it does; `change` is left out, since it needs lines of its own."""
DOES: Final = {
    "yes": "decides for it",
    "no": "decides against it",
    "back": "has it corrected",
    "bill": "wants it invoiced",
    "undo": "takes something back",
    "cond": "hangs on a condition",
    "hold": "puts it off",
    "hand": "is for a colleague",
    "told": "reports",
    "mock": "mocks",
    "chat": "tells something else",
    "ask": "asks something",
}


class Sentence(NamedTuple):
    """One sentence, what it does, where it was said, and whether it was left aside."""

    language: str
    does: str
    situation: str
    text: str
    aside: bool


@cache
def sentences() -> tuple[Sentence, ...]:
    """All of them but those about figures of lines."""
    found = []
    for path in sorted(FOLDER.glob("*.tsv")):
        for number, row in enumerate(path.read_text("utf-8").splitlines(), 1):
            does, situation, text = row.split("\t")
            if does in WANTED:
                found.append(Sentence(path.stem, does, situation, text, number % 3 == 0))
    return tuple(found)


@cache
def heard(sentence: Sentence) -> str:
    """As what it is heard: "yes", "no", an action, "ask" or "note"."""
    name, role = SITUATIONS[sentence.situation]
    locale = LOCALES.get(sentence.language, f"{sentence.language}_{sentence.language.upper()}")
    context = {"doc": "PO-2281", "currency": "EUR", "locale": locale, "today": "2026-11-24", "lines": [LINE]}
    found = understand_line({"id": 1, "situation": name, "role": role, "context": context, "body": sentence.text})
    names = {action["action"] for action in found["actions"]}
    if names & _FOR:
        return "yes"
    if names & _AGAINST:
        return "no"
    return "+".join(sorted(names)) or ("ask" if found["questions"] else "note")


def is_wrong(sentence: Sentence) -> bool:
    """Whether a decision is taken that the sentence does not make."""
    got = heard(sentence)
    if got == "no":
        return sentence.does not in ("no", "back", "undo")
    return got in ("yes", "undo", "invoice_all", "send_back") and got not in WANTED[sentence.does]


def counts(*, aside: bool) -> dict[str, tuple[int, int, int]]:
    """By what sentences do: how many there are, how many of them are heard so, and wrong acts."""
    mine = [one for one in sentences() if one.aside == aside]
    every = Counter(one.does for one in mine)
    right = Counter(one.does for one in mine if heard(one) in WANTED[one.does])
    wrong = Counter(one.does for one in mine if is_wrong(one))
    return {does: (every[does], right[does], wrong[does]) for does in WANTED}
