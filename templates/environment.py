"""The Jinja environment: one for mails and pages, and what every template may say in its reader's language.

Templates whose name ends in `.txt` are plain text, all others are escaped HTML; `.mjml` is compiled when it is loaded.
What the facts lack is empty, never a failure. `_("... %(name)s", name=...)` goes through the catalogue; in HTML each
value is escaped and isolated (`<bdi>`), so that a right-to-left name does not turn its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import structlog
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, Template, select_autoescape
from markupsafe import Markup, escape

from templates import figures
from templates.catalogues import catalogue, spoken
from templates.filters import FILTERS
from templates.folders import ROOM as ROOM
from templates.folders import folders
from templates.mjml import html_of
from templates.shown import isolated

log = structlog.get_logger()

_BRACES = re.compile(r"\{(\w+)\}", re.ASCII)
_BLANKS = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language of the words, the locale of the figures where it differs, and the time zone.

    A language without words of ours is answered in English, dates included; made by `reader_of`.
    """

    language: str = "en"
    figures: str = ""
    zone: str = "UTC"

    @property
    def locale(self) -> str:
        """The locale in which figures and dates are written."""
        return self.figures or self.language

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`: how the language runs."""
        return str(figures.locale_of(self.language).text_direction)


@lru_cache(maxsize=1024)
def reader_of(language: str, figures: str = "", zone: str = "UTC") -> Reader:
    """A reader as a person's settings describe them, in a language that has words."""
    known = spoken(language)
    regional = language if language.replace("_", "-").partition("-")[0] == known.partition("_")[0] else known
    return Reader(known, figures or regional, zone)


@dataclass(frozen=True, slots=True)
class Said:
    """A mail's words: the subject on one line, and the same body as plain text and as HTML."""

    subject: str
    text: str
    html: str


class _Loader(FileSystemLoader):
    """Reads templates of this room and of plug-ins; MJML comes out as HTML."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, path, fresh = super().get_source(environment, template)
        return (html_of(source) if template.endswith(".mjml") else source), path, fresh


def _blank(value: object) -> object:
    return "" if value is None else value


def _html_value(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup("<bdi>%s</bdi>") % str(_blank(value))


def _gettext(reader: Reader, html: bool) -> tuple[Callable[..., str], Callable[..., str]]:
    """`_` and `ngettext` for one reader: the msgid's translation with its `%(name)s` filled in."""
    known = catalogue(reader.language)

    def filled(translated: str, values: Mapping[str, object]) -> str:
        if not values:
            return escape(translated) if html else translated
        if "{" in translated:
            translated = _BRACES.sub(r"%(\1)s", translated.replace("%", "%%"))
        sentence: str = escape(translated) if html else translated
        shown_as: Callable[[object], str] = _html_value if html else isolated
        try:
            return sentence % {key: shown_as(value) for key, value in values.items()}
        except (KeyError, ValueError, TypeError):  # a sentence that came with the facts, or a translation, is wrong
            log.warning("sentence_not_filled", language=reader.language, params=sorted(values))
            return sentence

    def gettext(msgid: str, /, **values: object) -> str:
        return filled(known.gettext(msgid), values)

    def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
        return filled(known.ngettext(one, many, n), {"n": n, **values})

    return gettext, ngettext


@cache
def environment() -> Environment:
    """The environment of all templates; made once."""
    made = Environment(
        loader=_Loader(folders()),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_blank,
        auto_reload=False,
        cache_size=1000,
    )
    made.filters |= FILTERS
    return made


@lru_cache(maxsize=256)
def vocabulary(reader: Reader, html: bool) -> Mapping[str, Any]:
    """What every template of this reader finds beside its facts: `_`, `ngettext`, the language and its direction."""
    gettext, ngettext = _gettext(reader, html)
    direction = reader.direction
    return {
        "_": gettext,
        "ngettext": ngettext,
        "plain": catalogue(reader.language).gettext,
        "reader": reader,
        "language": reader.language.replace("_", "-"),
        "direction": direction,
        "start": "right" if direction == "rtl" else "left",
        "end": "left" if direction == "rtl" else "right",
    }


@lru_cache(maxsize=256)
def _blocks(reader: Reader, html: bool) -> object:
    """The macros that mails share, bound to one reader."""
    return _template("mails/blocks.mjml" if html else "mails/blocks.txt").make_module(dict(vocabulary(reader, html)))


@cache
def _template(name: str) -> Template:
    return environment().get_template(name)


def render(name: str, reader: Reader, facts: Mapping[str, Any]) -> str:
    """Render one template of this room for one reader."""
    html = not name.endswith(".txt")
    return _template(name).render(facts, **vocabulary(reader, html))


def mail(name: str, reader: Reader, facts: Mapping[str, Any]) -> Said:
    """Render the notice `name` (a folder of `templates/mails`): subject, text and HTML that say the same."""
    parts = [
        _template(f"mails/{name}/{part}").render(facts, blocks=_blocks(reader, html), **vocabulary(reader, html))
        for part, html in (("subject.txt", False), ("body.txt", False), ("body.mjml", True))
    ]
    return Said(" ".join(parts[0].split()), _BLANKS.sub("\n\n", parts[1]).strip() + "\n", parts[2])


def sentence(text: str, params: Mapping[str, object]) -> str:
    """A sentence of the catalogues in English, for an operator: `text` is a msgid, `params` fill it (docs/facts.md)."""
    template = environment().from_string("{{ said | sentence }}")
    return template.render(said={"text": text, "params": params}, **vocabulary(reader_of("en"), html=False))


def notices() -> tuple[str, ...]:
    """The names of all notices that have words."""
    return tuple(sorted({path.parent.name for folder in folders() for path in folder.glob("mails/*/subject.txt")}))
