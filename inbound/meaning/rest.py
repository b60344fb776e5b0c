"""What is left of an answer once its actions are taken out: the words for the other person, if there are any."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from inbound.meaning.text import tidy
from templates.phrases import language, languages
from workflows.actions import Action

_WORD = re.compile(r"\w")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_COURTESY_WORDS = 6


def rest_of(said: str, actions: Iterable[Action]) -> str:
    """*said* without the words that became *actions*; empty when only greetings and thanks are left.

    The reason given with an action was taken along with it and is part of its words.
    """
    text = tidy(said)
    for action in actions:
        for words in action.heard.split("\n"):
            text = text.replace(tidy(words).strip(), "", 1) if words.strip() else text
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for line in lines if not line or _WORD.search(line)]
    if all(is_courtesy(line) for line in kept):
        return ""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def is_courtesy(line: str) -> bool:
    """Whether a line is a greeting, a thank-you or a closing and says nothing to anybody."""
    folded = _EDGES.sub("", line.casefold())
    if not folded:
        return True
    return len(folded.split()) <= _COURTESY_WORDS and folded.startswith(_courtesies()) and "?" not in line


@cache
def _courtesies() -> tuple[str, ...]:
    lists = ("greetings", "closings", "signoffs")
    return tuple(words for code in languages() for name in lists for words in language(code).words.get(name, ()))
