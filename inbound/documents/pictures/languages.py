"""Which of the installed languages a page is read in: told by the words on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from inbound.documents.pictures.tesseract import SeenWord
from inbound.documents.visible.lexicon import labels_in

NAMES: Final = {
    "en": "eng", "de": "deu", "es": "spa", "fr": "fra", "it": "ita", "nl": "nld", "pl": "pol", "pt": "por", "uk": "ukr",
}  # fmt: skip
"""The languages whose words on documents are known, as tesseract names them."""


def language_of(words: Sequence[SeenWord], among: Sequence[str]) -> str | None:
    """The language, as tesseract names it, that most labels on the page belong to."""
    votes: dict[str, float] = defaultdict(float)
    texts = [word.text for word in words]
    for index, text in enumerate(texts):
        spoken = {
            hit.language
            for near in (text, " ".join(texts[index : index + 2]))
            for h in labels_in(near).values()
            for hit in h
        }
        for language in spoken:
            votes[language] += 1 / len(spoken)
    known = [(count, NAMES[name]) for name, count in votes.items() if NAMES.get(name) in among]
    return max(known)[1] if known else None
