"""Catalogues: the words in each language, read from `locales/<language>.po`; English is the msgid itself."""

from __future__ import annotations

from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"


@cache
def languages() -> tuple[str, ...]:
    """The languages that have words, English first."""
    return ("en", *sorted(path.stem for path in LOCALES.glob("*.po")))


@lru_cache(maxsize=256)
def spoken(language: str) -> str:
    """The language in which a reader of `language` is answered: it, its base language, or English."""
    for tag in (language.replace("-", "_"), language.replace("_", "-").partition("-")[0]):
        if tag in languages():
            return tag
    return "en"


@lru_cache(maxsize=64)
def catalogue(language: str) -> NullTranslations:
    """The catalogue of a language that is spoken; English is the msgids themselves."""
    path = LOCALES / f"{language}.po"
    if language not in languages() or not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
