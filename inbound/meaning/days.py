"""The days that an answer names, and how its writer writes figures and days.

A calendar week or a lead time is never a day, a day in the past or with the wrong weekday is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from babel import Locale, UnknownLocaleError

from inbound.documents.ambiguous import Ambiguous
from inbound.documents.dates import LANGUAGES, DayOrder, day_order_of, month_names, parse_date
from inbound.documents.numbers import DecimalMark, decimal_mark_of
from inbound.meaning.speech import Speech
from templates.phrases import language, languages

_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AHEAD: Final = ("today", "tomorrow", "overmorrow")
_ABBREVIATED: Final = 3
"""Letters of a weekday's short form, which may be another word."""
FARTHEST: Final = timedelta(days=300)
"""A day without a year that lies farther off is more likely one that has passed."""

_DAY = re.compile(
    r"(?<![\w.,/-])(?:"
    r"\d{4}-\d{1,2}-\d{1,2}(?!\w)"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\w)|\d{1,2}\.\d{1,2}\.(?!\d)|\d{1,2}/\d{1,2}(?![\w/])"
    r"|\d{1,2}(?:st|nd|rd|th|er|º|°|ª|\.)?[ -]?(?:of |de )?(?P<m1>[^\W\d_]{3,12})\.?(?:,? ?-?\d{4}(?!\d))?"
    r"|(?P<m2>[^\W\d_]{3,12})\.? \d{1,2}(?:st|nd|rd|th)?(?!\w|[.,]\d)(?:,? \d{4}(?!\d))?"
    r")",
    re.IGNORECASE,
)
_AFTER_WEEKDAY = re.compile(r"((?<!\w)[^\W\d_]+(?:'[^\W\d_]+)?),\s+(?=(?:[^\W\d_]{2,4}\s)?\d)")
_SHORT = re.compile(r"\d{1,2}\.\d{1,2}\.")


@dataclass(frozen=True, slots=True)
class Habits:
    """How the writer writes figures: from other figures of the same mail, else from the locale, else not known."""

    mark: DecimalMark | None = None
    order: DayOrder | None = None
    today: date | None = None
    told: bool = False
    """Whether another figure of the mail shows the decimal mark."""


def habits_of(said: str, locale: str | None, today: date | None) -> Habits:
    """Tell how the writer writes figures."""
    mark, order = _of_locale(locale or "")
    sure: list[str] = re.findall(r"(?<![\w./])\d[\d.,']*\d(?![\w/]|\.\d)", said[:20_000])
    written = decimal_mark_of(sure)
    return Habits(written or mark, day_order_of([said]) or order, today, bool(written))


@cache
def _of_locale(name: str) -> tuple[DecimalMark | None, DayOrder | None]:
    try:
        locale = Locale.parse(name.replace("-", "_").partition(".")[0])
    except (UnknownLocaleError, ValueError, TypeError):
        return None, None
    mark = locale.number_symbols["latn"]["decimal"]
    pattern = str(locale.date_formats["short"].pattern).casefold()
    places = sorted((pattern.find(letter), letter) for letter in "dmy")
    order = "".join(letter for _, letter in places)
    sure_order = locale.language != "en" or locale.territory is not None  # English is written both ways
    return (
        mark if mark in (".", ",") else None,
        order if sure_order and order in ("dmy", "mdy", "ymd") else None,  # type: ignore[return-value]
    )


def days_in(text: str, habits: Habits, dated: bool = False) -> tuple[list[date | Ambiguous[date] | None], str]:
    """Find the days in a text; returns them (None: written like a day, but none) and the text without them.

    `dated` when the text speaks of a day, so that `12.12.` at its end is one.
    """
    found: list[date | Ambiguous[date] | None] = []

    kept: list[str] = []
    begin = position = 0
    while (match := _DAY.search(text, position)) is not None:
        name = match["m1"] or match["m2"]
        if name and name.casefold().rstrip(".") not in month_names():
            position = match.start() + 1
            continue
        value = _day(match[0].rstrip(","), habits, text)
        if _SHORT.fullmatch(match[0]) and (value is None or not (dated or match.end() < len(text.rstrip()))):
            position = match.end()  # the price at the end of a sentence, "12.50."
            continue
        found.append(value)
        kept.append(text[begin : match.start()])
        begin = position = match.end()
    return found, " ".join([*kept, text[begin:]])


def with_plain_days(text: str) -> str:
    """The text with days that hold no comma, so that it can be cut at commas ("Friday, December 14th, 2026")."""
    if "," in text:
        text = _AFTER_WEEKDAY.sub(lambda at: at[1] + " " if at[1].casefold() in weekday_names() else at[0], text)
    return _DAY.sub(lambda day: day[0].replace(",", ""), text) if "," in text else text


def _day(text: str, habits: Habits, around: str) -> date | Ambiguous[date] | None:
    value = parse_date(text, habits.order, habits.today)
    if isinstance(value, date) and habits.today is not None:
        yearless = not re.search(r"\d{4}|[./-]\d{2}$", text)
        if value < habits.today or (yearless and value - habits.today > FARTHEST):
            return None
    if isinstance(value, date):
        named = {
            day
            for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", around)
            for day in weekday_names().get(word.casefold(), ())
        }
        if named and value.weekday() not in named:
            return None  # a Tuesday that is a Monday: one of the two is wrong
    return value


@cache
def weekday_names() -> dict[str, frozenset[int]]:
    """Every full name of a weekday in the languages we know, in every form, case-folded, Monday being 0."""
    names: dict[str, set[int]] = {}
    for spoken in LANGUAGES:
        for number, name in Locale(spoken).days["format"]["wide"].items():
            names.setdefault(str(name).casefold().replace("ʼ", "'"), set()).add(number)
    for code in languages():
        for number, day in enumerate(_WEEK):
            for text in language(code).days[day]:
                if len(text) > _ABBREVIATED:
                    names.setdefault(text.casefold(), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in names.items()}


def day_at(text: str, position: int) -> int | None:
    """Where a day that is written at this position ends; None where there is none."""
    match = _DAY.match(text, position)
    name = match and (match["m1"] or match["m2"])
    return match.end() if match and (not name or name.casefold().rstrip(".") in month_names()) else None


def spoken_day(text: str, speech: Speech, today: date | None) -> tuple[int, int, date] | None:
    """The one weekday or "tomorrow" of a text: where it stands, and the day it means.

    None where a figure or a word like "next" leaves it open, or where it is named on that very weekday.
    """
    if today is None or any(map(str.isdigit, text)) or speech.next_days.search(text):
        return None
    found = list(speech.spoken_days.finditer(text))
    if len(found) != 1 or found[0].lastgroup is None:
        return None
    name = found[0].lastgroup
    ahead = _AHEAD.index(name) if name in _AHEAD else (_WEEK.index(name) - today.weekday()) % 7 or None
    return None if ahead is None else (found[0].start(), found[0].end(), today + timedelta(days=ahead))
