"""Numbers and days in words, written in figures: "eight pieces", "thirty-one euros", "the fifteenth of December"."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from babel import Locale

from inbound.meaning.letters import folded
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either

_PLAIN: Final = range(13, 100)
"""Numbers whose words are numbers wherever they stand; "a dozen", "cent" and "mille" may be something else."""
_LAST_DAY: Final = 31


class _Spelled(NamedTuple):
    day: re.Pattern[str]
    counted: re.Pattern[str]
    behind_line: re.Pattern[str]
    days: dict[str, str]
    values: dict[str, str]


def with_digits(text: str, speech: Speech) -> str:
    """The text with figures for number words: before units and currencies, behind "line", in days, and from 13 to 99.

    Of two number words side by side ("six forty") neither is read.
    """
    spelled = _spelled(speech)
    letters = speech.source.letters

    def day(found: re.Match[str]) -> str:
        said = folded(found["day"], letters)
        value = spelled.days.get(said) or next((n for stem, n in _stems(speech) if said.startswith(stem)), "")
        return f"{value} {found['month']}" if value else found[0]

    def figure(found: re.Match[str]) -> str:
        before = folded(text[: found.start()].rstrip().rpartition(" ")[2], letters)
        if before in spelled.values:
            return found[0]
        return (found["line"] or "") + spelled.values[folded(found["number"], letters)]

    text = spelled.counted.sub(figure, spelled.day.sub(day, text))
    text = spelled.behind_line.sub(figure, text)
    return spelled.behind_line.sub(figure, text)  # "items one and two"


@cache
def _spelled(speech: Speech) -> _Spelled:
    source = speech.source
    values = {folded(word, source.letters): value for value, words in source.numbers.items() for word in words}
    counts = (words for number, words in source.numbers.items() if number != "1")
    numbers = either((word for words in counts for word in words), source.letters)
    every = either((word for words in source.numbers.values() for word in words), source.letters)
    plain = either((word for n in _PLAIN for word in source.numbers.get(str(n), ())), source.letters)
    counted = (*source.units.values(), *source.currencies.values(), source.days["lead"])
    units = either((unit for units in counted for unit in units if unit[0].isalpha()), source.letters)
    lines = either((word for word in source.lines["line"] if word[0].isalpha()), source.letters)
    joins = either(source.words["joins"], source.letters)
    days = {word: n for n, words in _days(speech).items() for word in words}
    of = either(source.counting["of"], source.letters)
    months = _months(source.code)
    return _Spelled(
        re.compile(
            rf"(?<!\w)(?P<day>{either(days, source.letters)})\s+(?:(?:{of})\s+)?(?P<month>{months})(?!\w)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?<!\w)(?P<line>)(?P<number>(?:{numbers})(?=\s+(?:{units})(?!\w))|(?:{plain})(?!\w))", re.IGNORECASE
        ),
        re.compile(
            rf"(?<!\w)(?P<line>(?:{lines})\.?\s+(?:\d+\s*(?:,|{joins})\s+)*)(?P<number>{every})(?!\w)", re.IGNORECASE
        ),
        {folded(word, source.letters): n for word, n in days.items() if not word.endswith("*")},
        values,
    )


@cache
def _days(speech: Speech) -> dict[str, tuple[str, ...]]:
    """How the days of a month are said, by their numbers: as ordinals, or as plain numbers."""
    source = speech.source
    return {
        str(n): (*source.ordinals.get(str(n), ()), *source.numbers.get(str(n), ())) for n in range(1, _LAST_DAY + 1)
    }


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
