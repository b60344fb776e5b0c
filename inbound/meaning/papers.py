"""The numbers of other papers in an answer: "our bill 5512", "Rechnung RE-2026/14"; none is a figure of a line."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from inbound.meaning.days import day_at
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either

_KINDS: Final = ("invoice", "credit_note", "order", "request", "proposal")
_NUMBER: Final = r"(?P<number>(?:(?-i:[A-ZА-ЯІЇЄҐ]{1,4}) ?)?(?<![.,\d])[\w./-]*\d[\w./-]*)"
_LONG: Final = 4
"""Figures of a number that is no quantity."""


def invoice_in(text: str, speech: Speech) -> str | None:
    """The number of the invoice that a text speaks of; None where it names none."""
    found = _numbered(speech, invoices=True).search(text)
    return found["number"].strip(" ?.!,;") if found else None


def speaks_of_invoice(text: str, speech: Speech) -> bool:
    """Whether a text has a word for an invoice."""
    return _invoices(speech).search(text) is not None


def without_papers(text: str, speech: Speech) -> str:
    """The text without the numbers of papers, as far as they can be no figures: four figures, a letter or a stroke."""

    def one(found: re.Match[str]) -> str:
        if day_at(text, found.start("number")) is not None:
            return found[0]
        number = found["number"].rstrip(".,")
        plain = number.replace(",", "").replace(".", "").isdigit()
        paper = sum(map(str.isdigit, number)) >= _LONG and number.isdigit() if plain else "." not in number
        return f"{found['paper']} " if paper else found[0]

    return _numbered(speech, invoices=False).sub(one, text)


@cache
def _numbered(speech: Speech, *, invoices: bool) -> re.Pattern[str]:
    source = speech.source
    kinds = ("invoice",) if invoices else _KINDS
    nouns = [noun for kind in kinds for noun in source.nouns[kind]]
    nouns += source.words["number_compounds"]
    words = either(source.words["number_words"], source.letters)
    units = either((unit for texts in source.units.values() for unit in texts if unit[0].isalpha()), source.letters)
    return re.compile(
        rf"(?<!\w)(?P<paper>(?:{either(nouns, source.letters)})(?!\w)\.?(?:\s+(?:{words})(?!\w)\.?)?)"
        rf"\s*[:#№]?\s*{_NUMBER}(?!\s?(?:{units})(?!\w))",
        re.IGNORECASE,
    )


@cache
def _invoices(speech: Speech) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{either(speech.source.nouns['invoice'], speech.source.letters)})(?!\w)", re.IGNORECASE
    )
