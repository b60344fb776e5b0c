"""The Jinja environment: one for mails and pages, and what every template may say in its reader's language.

Templates whose name ends in `.txt` are plain text, all others are escaped HTML; `.mjml` is compiled when it is loaded.
What the facts lack is empty, never a failure. `_("... %(name)s", name=...)` goes through the catalogue; in HTML each
value is escaped and isolated (`<bdi>`), so that a right-to-left name does not turn its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import structlog
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, Template, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup, escape

from templates import figures, shown, words
from templates.catalogues import catalogue, spoken
from templates.mjml import html_of
from templates.shown import isolated

ROOM = Path(__file__).parent
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
    """Reads templates of this room; MJML comes out as HTML."""

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


@pass_context
def _money(context: Context, value: object, currency: str | None = None) -> str:
    return figures.money(value, currency, context["reader"].locale)


@pass_context
def _number(context: Context, value: object, least: int = 0) -> str:
    return figures.number(value, context["reader"].locale, least)


@pass_context
def _quantity(context: Context, value: object, unit: str | None = None) -> str:
    return shown.quantity(value, unit, context["reader"].locale, context["reader"].language)


@pass_context
def _rows(context: Context, document: Any) -> list[tuple[str, str]]:
    reader: Reader = context["reader"]
    return shown.rows(document, reader.locale, reader.language, reader.zone) if isinstance(document, Mapping) else []


@pass_context
def _detail(context: Context, line: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """What stands under an item's text: quantity and price, then the rest."""
    reader: Reader = context["reader"]
    locale, language = reader.locale, reader.language
    amount = shown.quantity(line.get("quantity"), line.get("unit"), locale, language)
    if price := shown.price(line, document.get("currency"), locale, language):
        amount = f"{amount} × {price}"
    more = shown.detail(line, document.get("kind", ""), locale, language)
    return " · ".join(part for part in (amount, *more) if part)


@pass_context
def _day(context: Context, value: str | None) -> str:
    return figures.day(value, context["reader"].locale) if value else ""


@pass_context
def _moment(context: Context, value: str | None) -> str:
    reader: Reader = context["reader"]
    return figures.moment(value, reader.locale, reader.zone) if value else ""


@pass_context
def _size(context: Context, value: object) -> str:
    return figures.size(value, context["reader"].locale)


@pass_context
def _label(context: Context, name: str | None, table: str) -> str:
    return words.label(table, name, context["plain"])


@pass_context
def _called(context: Context, document: Any) -> str:
    """A document's number, its title, or the words that it has neither: a number is never invented."""
    known = document if isinstance(document, Mapping) else {}
    return str(known.get("number") or known.get("title") or context["plain"](words.NUMBERLESS))


@pass_context
def _titled(context: Context, document: Any) -> str:
    """A document's kind and number, as a heading: "Invoice 22914"."""
    kind = document.get("kind") if isinstance(document, Mapping) else None
    return f"{_label(context, kind, 'kind')} {_called(context, document)}".strip()


@pass_context
def _replies(context: Context, links: Any, steps: Sequence[str] | None = None) -> list[str]:
    """The words with which these links' steps (or just `steps`) can be answered by mail, each once."""
    asked = [link.get("step") for link in links or ()] if steps is None else steps
    known = (phrase for step in asked for phrase in words.REPLIES.get(step, ()))
    return [context["plain"](phrase) for phrase in dict.fromkeys(known)]


@pass_context
def _sentence(context: Context, said: Any) -> str:
    """A sentence of the catalogues: a msgid, or its `text` with `params` (`%(name)s` or `{name}`; docs/facts.md)."""
    gettext: Callable[..., str] = context["_"]
    if not isinstance(said, Mapping):
        return gettext(str(said))
    given = said.get("params") or {}
    pairs = given.items() if isinstance(given, Mapping) else given
    params = {str(name): _param(context, str(name), str(value)) for name, value in pairs}
    return gettext(str(said.get("text") or ""), **params)


def _param(context: Context, name: str, value: str) -> str:
    """One value of a sentence; `status:order.sent`, `date:2026-12-04`, `field:net`... are put in words."""
    reader: Reader = context["reader"]
    kind, _, rest = value.partition(":")
    if kind == "status":
        return words.label("status", rest.rpartition(".")[2], context["plain"])
    if kind in ("field", "step", "kind", "unit"):
        return words.label(kind, rest, context["plain"])
    if kind == "date":
        return figures.day(rest, reader.locale)
    if kind == "moment":
        return figures.moment(rest, reader.locale, reader.zone)
    return str(context["plain"](value)) if name == "who" else value


@pass_context
def _meaning(context: Context, phrase: str) -> str:
    """What a phrase of the line grammar says, in words behind it; "" for one that needs no explanation."""
    plain = context["plain"]
    for known, meaning in words.MEANINGS.items():
        if phrase in (known, plain(known)):
            return f" ({plain(meaning)})"
    return ""


def _indented(text: str, by: str = "  ") -> str:
    return "\n".join(f"{by}{line}" if line.strip() else "" for line in text.splitlines())


def _paragraphs(text: str | None) -> Markup:
    """A person's words as HTML: escaped, with their line ends kept."""
    return Markup("<br>").join((text or "").splitlines())


@cache
def environment() -> Environment:
    """The environment of all templates; made once."""
    made = Environment(
        loader=_Loader(ROOM),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_blank,
        auto_reload=False,
        cache_size=1000,
    )
    made.filters |= {
        "money": _money,
        "number": _number,
        "quantity": _quantity,
        "rows": _rows,
        "detail": _detail,
        "day": _day,
        "moment": _moment,
        "size": _size,
        "label": _label,
        "called": _called,
        "titled": _titled,
        "replies": _replies,
        "sentence": _sentence,
        "meaning": _meaning,
        "indented": _indented,
        "paragraphs": _paragraphs,
    }
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


def notices() -> tuple[str, ...]:
    """The names of all notices that have words."""
    return tuple(sorted(path.name for path in (ROOM / "mails").iterdir() if path.is_dir()))
