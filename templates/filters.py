"""Jinja filters: figures, dates, labels and sentences, in the language and the way of the reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from templates import figures, shown, words
from templates.compared import comparisons, difference_called

if TYPE_CHECKING:
    from templates.environment import Reader


def _reader(context: Context) -> Reader:
    reader: Reader = context["reader"]
    return reader


@pass_context
def _money(context: Context, value: object, currency: str | None = None) -> str:
    return figures.money(value, currency, _reader(context).locale)


@pass_context
def _number(context: Context, value: object, least: int = 0) -> str:
    return figures.number(value, _reader(context).locale, least)


@pass_context
def _quantity(context: Context, value: object, unit: str | None = None) -> str:
    return shown.quantity(value, unit, _reader(context).locale, _reader(context).language)


@pass_context
def _rows(context: Context, document: Any) -> list[tuple[str, str]]:
    reader = _reader(context)
    return shown.rows(document, reader.locale, reader.language, reader.zone) if isinstance(document, Mapping) else []


@pass_context
def _detail(context: Context, line: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """What stands under an item's text: quantity and price, then the rest."""
    reader = _reader(context)
    locale, language = reader.locale, reader.language
    amount = shown.quantity(line.get("quantity"), line.get("unit"), locale, language)
    if price := shown.price(line, document.get("currency"), locale, language):
        amount = f"{amount} × {price}"
    more = shown.detail(line, document.get("kind", ""), locale, language)
    return " · ".join(part for part in (amount, *more) if part)


@pass_context
def _differing(context: Context, difference: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    name = str(difference.get("reason") or difference.get("code"))
    return difference_called(name, document or {}, context["plain"])


@pass_context
def _comparisons(context: Context, document: Mapping[str, Any], most: int) -> list[tuple[Any, list[str]]]:
    reader = _reader(context)
    return comparisons(document, most, reader.locale, reader.language)


@pass_context
def _day(context: Context, value: str | None) -> str:
    return figures.day(value, _reader(context).locale) if value else ""


@pass_context
def _moment(context: Context, value: str | None) -> str:
    reader = _reader(context)
    return figures.moment(value, reader.locale, reader.zone) if value else ""


@pass_context
def _size(context: Context, value: object) -> str:
    return figures.size(value, _reader(context).locale)


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


SAID = frozenset({"words", "beside"})
"""Values that are a person's own words: they are quoted, and never looked into."""


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
    if name in SAID:
        return f"“{value.strip().rstrip('.,;:!?')}”"
    reader = _reader(context)
    kind, _, rest = value.partition(":")
    if kind == "status":
        return words.label("status", rest.rpartition(".")[2], context["plain"])
    if kind in ("field", "step", "kind", "unit"):
        return words.label(kind, rest, context["plain"])
    if kind == "date":
        return figures.day(rest, reader.locale)
    if kind == "moment":
        return figures.moment(rest, reader.locale, reader.zone)
    return str(context["plain"](value)) if name in ("who", "why") else value


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


FILTERS: Mapping[str, Callable[..., Any]] = {
    "money": _money,
    "number": _number,
    "quantity": _quantity,
    "rows": _rows,
    "detail": _detail,
    "comparisons": _comparisons,
    "differing": _differing,
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
"""The filters by the names that templates use."""
