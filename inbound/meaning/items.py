"""The numbers of a clause, and the words beside them that say what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from inbound.meaning.letters import folded
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either
from templates.phrases import language, languages

_NUMBER = r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?![\d])|\d[\d.,']*\d|\d"


_ITEM = re.compile(rf"(?P<number>{_NUMBER})|(?P<word>m[23](?!\w)|[^\W\d_]+\.?|[^\W_]+)|(?P<sign>[^\w\s])")


def units_of(text: str | None) -> frozenset[str]:
    """The catalogue's names for a unit as a document writes it; none for one that no language file has."""
    written = (text or "").casefold().rstrip(".")
    return _units().get(folded(written), frozenset())


@cache
def _units() -> dict[str, frozenset[str]]:
    """Units as any language writes them: a document may be in another one than the answer."""
    names: dict[str, set[str]] = {}
    for code in languages():
        for name, texts in language(code).units.items():
            for text in texts:
                names.setdefault(folded(text), set()).add(name)
    return {text: frozenset(found) for text, found in names.items()}


def items_of(text: str, speech: Speech) -> tuple[list[tuple[str, str]], str | None]:
    """The numbers of a text and the words that say what they are; and the currency, if one was named."""
    vocabulary = _vocabulary(speech)
    items: list[tuple[str, str]] = []
    currencies: set[str] = set()
    written = spaced(text, speech)
    found = list(_ITEM.finditer(written))
    words = [folded(match[0], speech.source.letters) for match in found]
    position = 0
    while position < len(found):
        if found[position]["number"]:
            minus = position and words[position - 1] == "-" and found[position - 1].end() == found[position].start()
            negative = minus and not written[: found[position - 1].start()][-1:].isalnum()
            items.append(("number", ("-" if negative else "") + found[position]["number"]))
            position += 1
            continue
        kind, name, length = "", "", 1
        for size in (4, 3, 2, 1):
            spoken = tuple(words[position : position + size])
            entry = vocabulary.get(spoken) or vocabulary.get(tuple(word.rstrip(".") for word in spoken))
            if entry is None and size == 1:
                entry = next((known for stem, known in _stems(speech) if spoken[0].startswith(stem)), None)
            if entry:
                (kind, name), length = entry, size
                break
        if kind == "currency":
            currencies.add(name)
        if kind == "times" and not _between_numbers(found, position, length):
            after = tuple(words[position + length : position + length + 1])
            kind = "per" if after and vocabulary.get(after, ("", ""))[0] == "unit" else ""  # "8.25 a pack"
        beside = position and (
            found[position - 1]["number"] or vocabulary.get((words[position - 1],), ("",))[0] == "currency"
        )
        if not kind and beside:
            kind, length = _articled(words, position, speech) or (kind, length)
        if kind == "vague" and not _beside_number(
            found, position, length, speech.words["links"].at(words, position) > 0
        ):
            kind = ""
        if kind == "lead" and not _beside_number(found, position, length, leads=False):
            kind = ""  # "Dag Bart" greets, and "a week" beside no figure is no time
        if kind == "per" and not _touches_number(found, position, length):
            kind = ""
        if kind:
            items.append((kind, name))
        elif _glued_to_number(found, position):
            items.append(("vague", words[position]))  # "12.5O" is no number
        position += length
    return items, currencies.pop() if len(currencies) == 1 else None


def _articled(words: list[str], position: int, speech: Speech) -> tuple[str, int] | None:
    """An article behind a price, before what it is the price of: "34.50 el kilo", "9 l'ora", "2268 los 12"."""
    if not speech.words["articles"].at(words, position):
        elided = words[position] == "l" and words[position + 1 : position + 2] == ["'"]
        return ("per", 2) if elided and _is_unit(words[position + 2 : position + 3], speech) else None
    after = words[position + 1 : position + 2]
    if _is_unit(after, speech):
        return "per", 1
    counted = after and (after[0].rstrip(".") in _counts(speech) or after[0].isdigit())
    return ("vague", 1) if counted else None


def _is_unit(words: list[str], speech: Speech) -> bool:
    return bool(words) and _vocabulary(speech).get((words[0].rstrip("."),), ("", ""))[0] == "unit"


@cache
def _counts(speech: Speech) -> frozenset[str]:
    """The numbers from two on in words."""
    counts = (texts for number, texts in speech.source.numbers.items() if number != "1")
    return frozenset(folded(text, speech.source.letters) for texts in counts for text in texts)


def _touches_number(found: list[re.Match[str]], position: int, length: int) -> bool:
    """Whether a word like "per" stands right beside a number, a sign or a currency sign between them at most."""
    before, after = found[max(0, position - 2) : position], found[position + length : position + length + 2]
    return any(match["number"] for match in (*before, *after))


def _beside_number(found: list[re.Match[str]], position: int, length: int, leads: bool) -> bool:
    """Whether a number stands two words before or behind: "about 12", not "apart from the bolts: 12"."""
    after = found[position + length : position + length + _NEAR]
    colon = next((at for at, match in enumerate(after) if match[0] == ":"), len(after))
    after = after[:colon]
    around = after if leads else [*found[max(0, position - _NEAR) : position], *after]  # "0.82 from December"
    return any(match["number"] or match["sign"] == "\x01" for match in around) or not any(
        one["number"] for one in found
    )


_NEAR = 3
"""Words, signs and figures."""


def _glued_to_number(found: list[re.Match[str]], position: int) -> bool:
    before = found[position - 1] if position else None
    return bool(before and before["number"] and found[position]["word"] and before.end() == found[position].start())


def _between_numbers(found: list[re.Match[str]], position: int, length: int) -> bool:
    """Whether a word like `x`, `at` or `for` has a number behind it, with a currency at most between."""
    after = found[position + length : position + length + 2]
    return any(match["number"] for match in after)


@cache
def _vocabulary(speech: Speech) -> dict[tuple[str, ...], tuple[str, str]]:
    source = speech.source
    lists: list[tuple[str, str, Iterable[str]]] = [
        ("lead", "", source.days["lead"]),
        ("vague", "", source.lines["vague"]),
        ("vague", "", source.lines["relative"]),
        ("total", "", source.lines["total"]),
        ("per", "", source.lines["per"]),
        ("price", "", source.lines["price"]),
        ("quantity", "", source.lines["quantity"]),
        ("deny", "", source.lines["deny"]),
        *(("unit", name, texts) for name, texts in source.units.items()),
        ("each", "", source.lines["each"]),
        ("times", "", source.lines["times"]),
        *(("currency", name, texts) for name, texts in source.currencies.items()),
    ]
    vocabulary: dict[tuple[str, ...], tuple[str, str]] = {}
    for kind, name, texts in lists:
        for text in texts:
            words = tuple(match[0] for match in _ITEM.finditer(folded(text, source.letters)))
            vocabulary.setdefault(words, (kind, name or text))
    return vocabulary


@cache
def _stems(speech: Speech) -> tuple[tuple[str, tuple[str, str]], ...]:
    """The entries of one word that ends in `*`, longest first."""
    stems = [(words[0], entry) for words, entry in _vocabulary(speech).items() if len(words) == 2 and words[1] == "*"]
    return tuple(sorted(stems, key=lambda one: -len(one[0])))


@cache
def _glued(speech: Speech) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    source = speech.source
    units = [unit for texts in source.units.values() for unit in texts if unit.rstrip("*").isalpha()]
    money = [name for texts in source.currencies.values() for name in texts if name.rstrip("*").isalpha()]
    after = either(units + money, source.letters)
    before = either(money, source.letters)
    times = "".join(re.escape(text) for text in source.lines["times"] if len(text) == 1 and text != "a")
    return (
        re.compile(rf"(?<=\d)(?=(?:{after})\b)", re.IGNORECASE),
        re.compile(rf"\b({before})(?=\d)", re.IGNORECASE),
        re.compile(rf"(?<=\d) ?([{times}]) ?(?=\d)", re.IGNORECASE),
    )


def spaced(text: str, speech: Speech) -> str:
    """The text with spaces where people leave them out: `8pcs`, `EUR12.50`, `8x11.50`."""
    after, before, times = _glued(speech)
    return before.sub(r"\1 ", after.sub(" ", times.sub(r" \1 ", text)))
