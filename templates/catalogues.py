"""Catalogues: the words in each language, read from `locales/<language>.po`; English is the msgid itself."""

from __future__ import annotations

from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from templates.folders import plugged_in

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
    """The catalogue of a language that is spoken, those of plug-ins behind it; English is the msgids themselves."""
    if language not in languages():
        return NullTranslations()
    found = [LOCALES, *(folder / "locales" for folder in plugged_in())]
    files = [path for folder in found if (path := folder / f"{language}.po").is_file()]
    if not files:
        return NullTranslations()
    first, *others = (_compiled(path, language) for path in files)
    for other in others:
        first.add_fallback(other)
    return first


def _compiled(path: Path, language: str) -> GNUTranslations:
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
