"""Catalogues: the words in each language, read from `locales/<language>.po`; English is the msgid itself."""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"


def languages() -> tuple[str, ...]:
    """The languages that have words, English first."""
    return ("en", *sorted(path.stem for path in LOCALES.glob("*.po")))


@lru_cache(maxsize=64)
def catalogue(language: str) -> NullTranslations:
    """The catalogue of a language; its base language's where it has none, and the English msgids at last."""
    for tag in (language.replace("-", "_"), language.replace("_", "-").partition("-")[0]):
        path = LOCALES / f"{tag}.po"
        if tag.replace("_", "").isalnum() and path.is_file():
            compiled = BytesIO()
            with path.open("rb") as source:
                write_mo(compiled, read_po(source, locale=tag))
            compiled.seek(0)
            return GNUTranslations(compiled)
    return NullTranslations()
