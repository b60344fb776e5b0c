"""Prints a refusal in the reader's language: a msgid, and parameters that may refer to words of the catalogues."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from templates import figures, words
from templates.catalogues import catalogue
from templates.environment import Reader
from templates.page_words import field_msgid


def sentence(text: str, params: Mapping[str, str], reader: Reader) -> str:
    """The sentence, filled in; as it stands where a parameter is missing."""
    translate = catalogue(reader.language).gettext
    try:
        return translate(text) % {name: _word(value, reader, translate) for name, value in params.items()}
    except (KeyError, ValueError, TypeError):
        return translate(text)


def _word(value: str, reader: Reader, translate: Callable[[str], str]) -> str:
    about, mark, name = value.partition(":")
    if not mark:
        return value
    if about == "status":
        return words.label("status", name.rpartition(".")[2], translate)
    if about == "field":
        return translate(field_msgid(name)).lower()
    if about == "date":
        return figures.day(name, reader.locale)
    if about == "moment":
        return figures.moment(name, reader.locale, reader.zone)
    return value
