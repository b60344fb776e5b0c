"""Numbers and days in words, written in figures: "eight pieces", "thirty-one euros", "the fifteenth of December"."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from babel import Locale

from inbound.meaning.letters import folded
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either

_PLAIN: Final = 13
"""From here on words are numbers wherever they stand; smaller ones, hundreds and thousands alone may be something else.
"""
_ONES: Final = 9
_LAST_DAY: Final = 31
_HUNDRED: Final = 100
_THOUSAND: Final = 1000


class _Spelled(NamedTuple):
    number: re.Pattern[str]
    """A number with its `thousands`, `hundreds` and the `rest` below a hundred, each perhaps missing."""
    counts: re.Pattern[str]
    """What makes a number of the word before it: a unit, a currency."""
    line: re.Pattern[str]
    """What makes a number of the word behind it: "lines 1 and"."""
    between: re.Pattern[str]
    """What may stand between a number and its cents: a blank, or a word ("tres con noventa")."""
    only: re.Pattern[str]
    """The same for more than one: "only"."""
    day: re.Pattern[str]
    values: dict[str, int]
    days: dict[str, str]


def with_digits(text: str, speech: Speech) -> str:
    """The text with figures for number words.

    That is before units, currencies and months, behind "line" and "only", and from 13 to 99 anywhere.

    Two number words side by side ("six forty") may be a price or not: they are marked as no sure figure.
    """
    spelled = _spelled(speech)

    def day(found: re.Match[str]) -> str:
        said = folded(found["day"], speech.source.letters)
        value = spelled.days.get(said) or next((n for stem, n in _stems(speech) if said.startswith(stem)), "")
        return f"{value} {found['month']}" if value else found[0]

    text = spelled.day.sub(day, text)
    written, end = "", 0
    for found in spelled.number.finditer(text):
        value = _value(found, spelled, speech)
        if value is None or found.start() < end:
            continue
        before = written + text[end : found.start()]
        between = spelled.between.match(text, found.end())
        behind = spelled.number.match(text, between.end()) if between else None
        second = _value(behind, spelled, speech) if behind else None
        cents = second is not None and between is not None and (second > _ONES or not between["join"])
        if behind and cents and not spelled.line.search(before):
            written = f"{before}~{value} {second}"
            end = behind.end()
            continue
        plain = _PLAIN <= value < _HUNDRED or (found["rest"] and value > _HUNDRED)
        counted = value > 1 and (spelled.counts.match(text, found.end()) or spelled.only.search(before)) is not None
        if plain or counted or spelled.line.search(before):
            written = before + str(value)
            end = found.end()
    return written + text[end:]


def _value(found: re.Match[str], spelled: _Spelled, speech: Speech) -> int | None:
    def of(name: str) -> int:
        return spelled.values.get(folded(found[name], speech.source.letters), 0) if found[name] else 0

    times = of("times") or 1
    thousands = _THOUSAND * times if found["thousands"] else 0
    return thousands + of("hundreds") + of("rest") or None


@cache
def _spelled(speech: Speech) -> _Spelled:
    source = speech.source

    def said(least: int, most: int) -> str:
        return either(
            (word for n, words in source.numbers.items() if least <= int(n) <= most for word in words), source.letters
        )

    counted = (*source.units.values(), *source.currencies.values(), source.days["lead"])
    units = either((unit for units in counted for unit in units if unit[0].isalpha()), source.letters)
    lines = either((word for word in source.lines["line"] if word[0].isalpha()), source.letters)
    joins = either(source.words["joins"], source.letters)
    between = rf"[\s-]?(?:(?:{either(source.counting['joins'], source.letters)})\s?)?"
    pairs = either((*source.words["joins"], *source.counting["points"]), source.letters)
    rest, hundreds, thousands = said(1, 99), said(_HUNDRED, 999), said(_THOUSAND, _THOUSAND)
    days = {word: n for n, words in _days(speech).items() for word in words}
    of = either(source.counting["of"], source.letters)
    months = _months(source.code)
    return _Spelled(
        number=re.compile(
            rf"(?<!\w)(?=\w)(?:(?P<times>{rest})?[\s-]?(?P<thousands>{thousands})(?:{between})?)?"
            rf"(?:(?P<hundreds>{hundreds})(?:{between}))?(?P<rest>{rest})?(?<=\w)(?!\w)",
            re.IGNORECASE,
        ),
        counts=re.compile(rf"\s+(?:{units})(?!\w)", re.IGNORECASE),
        line=re.compile(rf"(?<!\w)(?:{lines})\.?\s+(?:\d+\s*(?:,|{joins})\s+)*$", re.IGNORECASE),
        between=re.compile(rf" (?:(?P<join>{pairs}) )?", re.IGNORECASE),
        only=re.compile(rf"(?<!\w)(?:{either(source.words['merely'], source.letters)})\s+$", re.IGNORECASE),
        day=re.compile(
            rf"(?<!\w)(?P<day>{either(days, source.letters)})\s+(?:(?:{of})\s+)?(?P<month>{months})(?!\w)",
            re.IGNORECASE,
        ),
        values={folded(word, source.letters): int(value) for value, words in source.numbers.items() for word in words},
        days={folded(word, source.letters): n for word, n in days.items() if not word.endswith("*")},
    )


@cache
def _days(speech: Speech) -> dict[str, tuple[str, ...]]:
    """How the days of a month are said, by their numbers: as ordinals, or as plain numbers."""
    source = speech.source
    return {
        str(n): (*source.ordinals.get(str(n), ()), *source.numbers.get(str(n), ())) for n in range(1, _LAST_DAY + 1)
    }


@cache
def part_of_month(speech: Speech) -> re.Pattern[str]:
    """Times that are no day: "early December", "the end of March"."""
    words = either(speech.source.lines["part_of"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})[\s-]*(?:{_months(speech.source.code)})(?!\w)", re.IGNORECASE)


def _months(code: str) -> str:
    """The full names of the months; an abbreviation may be another word ("l'un des deux")."""
    months = Locale(code).months
    return either({str(name) for kind in ("format", "stand-alone") for name in months[kind]["wide"].values()}, ())


@cache
def _stems(speech: Speech) -> tuple[tuple[str, str], ...]:
    """The beginnings of inflected ordinals and their days, longest first."""
    stems = [
        (folded(word.rstrip("*"), speech.source.letters), n)
        for n, words in _days(speech).items()
        for word in words
        if word.endswith("*")
    ]
    return tuple(sorted(stems, key=lambda one: -len(one[0])))
