"""Whether a mail is written to a colleague, who is asked to look, answer or decide: then it says nothing to us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from inbound.meaning.sentence import Sentence
from inbound.meaning.speech import Speech
from inbound.quote_words import any_of, words_of

_FORWARDED: Final = re.compile(r"\s*" + any_of(words_of("forwards")) + r"\s*:", re.IGNORECASE)
_CALLED: Final = re.compile(r"(?P<greeting>(?:[^\W\d_]+[ ,]+){0,2})(?P<name>[^\W\d_]{2,})\s*[,:!-]")


def to_colleague(heard: Sequence[Sentence], subject: str, speech: Speech) -> bool:
    """Whether the mail is handed to somebody else of the writer's house.

    Either it was forwarded and asks for something, or its first words call somebody by name and hand a task over.
    """
    said = [one for one in heard if not one.harmless]
    if not said or any(one.acts and not (one.handed or one.doubt) for one in said):
        return False
    if _FORWARDED.match(subject):
        return any(one.asks or one.handed or one.yours for one in said) or _calls(said[0].text, speech)
    first = [one for one in said if len(one.text.split()) > 2][:2]
    return any(_tasks(one, speech) for one in first) and (_calls(heard[0].text, speech) or _calls(said[0].text, speech))


def _tasks(said: Sentence, speech: Speech) -> bool:
    """Whether a sentence hands over what only the writer's own side can do."""
    if not said.handed and not said.asks:
        return False
    tokens = speech.tokens(said.text)
    weak = speech.words["asks"].begin(tokens) or speech.words["abilities"].within(tokens)
    return speech.words["tasks"].within(tokens) if weak or not said.handed else True


def _calls(text: str, speech: Speech) -> bool:
    """Whether a text begins with somebody's name, a greeting before it at most: "Sam, ...", "Servus Heike, ..."."""
    called = _CALLED.match(text)
    if called is None or not called["name"][0].isupper():
        return False
    name = speech.tokens(called["name"])
    known = any(speech.words[kind].within(name) for kind in ("assents", "greetings", "negations", "closings", "plain"))
    greeting = speech.tokens(called["greeting"])
    return not known and (not greeting or speech.words["greetings"].at(greeting, 0) == len(greeting))
