"""The number that the writer gives an invoice, wherever it stands: "our invoice ref is SJ-20714", "numer FV 441/11"."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either

_STOPS: Final = ("negations", "conditions", "yet", "reports", "perhaps", "delegates", "asks")
_BEFORE: Final = 60
"""Characters before a number's words that may take it back."""
_END: Final = re.compile(r"[.!?;](?=\s|$)")
_SHORT: Final = 3
"""Letters of a word like "no", which numbers something only beside the word for an invoice."""


def number_told(text: str, speech: Speech) -> tuple[str, int, int] | None:
    """The number that a text gives an invoice, and where the words that say so begin and end."""
    found = list(_telling(speech).finditer(text))
    if len(found) != 1:
        return None
    telling = found[0]
    clause = re.split(r"[.!;,\n](?:\s|$)", text[max(0, telling.start() - _BEFORE) : telling.start()])[-1]
    before, after = speech.tokens(clause), _END.search(text, telling.end() - 1)
    if (after and after[0] == "?") or any(speech.words[kind].within(before) for kind in _STOPS):
        return None
    if before and speech.words["numbered_else"].at(before, len(before) - 1):
        return None
    return telling["number"].rstrip(".,"), telling.start(), telling.end()


def without_link(text: str, speech: Speech) -> str:
    """The text before a number's words, without a preposition at its end: "invoice everything under"."""
    head, _, last = text.rstrip(" ,;").rpartition(" ")
    linked = bool(head) and speech.words["links"].at(speech.tokens(last), 0) == 1
    return (head if linked else text).rstrip(" ,;")


@cache
def _telling(speech: Speech) -> re.Pattern[str]:
    source = speech.source
    nouns = [noun for noun in source.nouns["invoice"] if " " not in noun]
    noun = either(nouns, source.letters)
    numbering = [word for word in source.words["number_words"] if " " not in word]
    long = either([word for word in numbering if len(word) > _SHORT], source.letters)
    any_number = either(numbering, source.letters)
    glue = either([*source.words["articles"], *source.words["number_glue"], *nouns, *numbering], source.letters)
    own = either([*source.words["articles"], *source.words["number_glue"]], source.letters)
    compound = either(source.words["number_compounds"], source.letters)
    between = rf"(?:[\s.:]+(?:{glue})(?![\w/-])){{0,5}}"
    number = r"(?P<number>(?:(?-i:[^\W\d_a-zа-яіїєґ]{1,4}) )?(?<!\w)[\w./-]*\d[\w./-]*)"
    return re.compile(
        rf"(?<!\w)(?:(?:{own})\s+){{0,4}}"
        rf"(?:(?:{compound})|(?:{noun})[\s-]+(?:{any_number})|(?:{any_number})[.\s]+(?:(?:{own})\s+){{0,3}}(?:{noun})|(?:{long}))"
        rf"(?!\w)\.?{between}[\s:.#№-]{{1,4}}{number}",
        re.IGNORECASE,
    )
