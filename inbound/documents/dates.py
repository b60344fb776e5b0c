"""Dates as people and programs write them: figures in any order, month names in many languages.

`2026-03-05`, `05.03.2026`, `5 March 2026`, `March 5th, 2026`, `5. März 2026` and `25/03/2026` are told by themselves.
`03/04/26` is not: only the order that the writer uses elsewhere settles it, and without one it is `Ambiguous`.
Calendar weeks and lead times are never dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Final, Literal

from babel import Locale

from inbound.documents.ambiguous import Ambiguous

DayOrder = Literal["dmy", "mdy", "ymd"]

LANGUAGES: Final = (
    "en",
    "de",
    "es",
    "fr",
    "it",
    "nl",
    "pl",
    "uk",
    "pt",
    "sv",
    "da",
    "nb",
    "cs",
    "sk",
    "ro",
    "hu",
    "fi",
)
"""Whose month names are known (from CLDR); a further language is one more code."""

YEARS: Final = range(1970, 2101)
LONGEST: Final = 60

_FIGURES = r"(?P<a>\d{1,4})(?P<sep>[./\-‐‑–])\s?(?P<b>\d{1,2})(?P=sep)\s?(?P<c>\d{4}|\d{2})(?:\s?г\.|\s?р\.)?"
_ASIAN = r"(?P<ay>\d{4})\s?[年년]\s?(?P<am>\d{1,2})\s?[月월]\s?(?P<ad>\d{1,2})\s?[日일]"
_COMPACT = r"(?P<cy>20\d{2})(?P<cm>\d{2})(?P<cd>\d{2})"
_DAY_FIRST = (
    r"(?P<d1>\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s\-./]{0,2}(?:de\s|of\s)?(?P<m1>[^\W\d_]{3,15})\.?"
    r"(?:(?:,|\sde|\sdel|\sof)?[\s\-./,’']{0,2}(?P<y1>\d{4}|\d{2})(?!\d)(?:\s?р\.|\s?г\.|\sr\.)?)?"
)
_MONTH_FIRST = (
    r"(?P<m2>[^\W\d_]{3,15})\.?[\s\-/]{0,2}(?P<d2>\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?[\s\-/]{1,2}(?P<y2>\d{4})(?!\d))?"
)
_YEAR_FIRST = r"(?P<y3>\d{4})[.\s\-]{1,2}(?P<m3>[^\W\d_]{3,15})\.?[\s\-]{1,2}(?P<d3>\d{1,2})\.?"
_SHORT = r"(?P<sa>\d{1,2})(?:(?P<slash>/)|\.)(?P<sb>\d{1,2})(?(slash)|\.)"  # `12.5` is a number, `12.5.` a day
_TIME = r"(?:[T\s,]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?:\s?(?:Z|[ap]\.?m\.?|Uhr|[+-]\d{2}:?\d{2}))?)?"
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,?\s+(?:(?:den|the|le|el|dnia)\s+)?)?"
_WHOLE = re.compile(
    rf"{_WEEKDAY}(?:{_YEAR_FIRST}|{_FIGURES}|{_ASIAN}|{_COMPACT}|{_DAY_FIRST}|{_MONTH_FIRST}|{_SHORT}){_TIME}",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"(?<![\d.,/\-])(?:{_FIGURES}(?![\d/\-])|{_ASIAN}|{_YEAR_FIRST}(?!\d)|{_DAY_FIRST})|(?<!\w){_MONTH_FIRST}",
    re.IGNORECASE,
)


def parse_date(text: str, order: DayOrder | None = None, today: date | None = None) -> date | Ambiguous[date] | None:
    """Read one date, with or without a weekday and a time; None when the text is not one date and nothing else.

    `order` is how the writer or the document is known to write figures. A date without a year is read only where
    `today` is given: as the next such day, today included.
    """
    text = text.strip()
    return _parsed(text, order, today) if text and len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _parsed(text: str, order: DayOrder | None, today: date | None) -> date | Ambiguous[date] | None:
    found = _WHOLE.fullmatch(text)
    return None if found is None else _read(found, order, today)


def parse_sure_date(text: str, order: DayOrder | None = None) -> date | None:
    """Read one date where only a sure one will do: None also when it is ambiguous."""
    value = parse_date(text, order)
    return value if isinstance(value, date) else None


def find_dates(text: str, order: DayOrder | None = None) -> Iterator[tuple[int, int, date | Ambiguous[date]]]:
    """Find the full dates inside a longer text: where each begins and ends, and what it says."""
    position = 0
    while (found := _INSIDE.search(text, position)) is not None:
        value = _read(found, order, None)
        if value is None:
            position = found.start() + 1
            continue
        yield found.start(), found.end(), value
        position = found.end()


_IN_FIGURES = re.compile(rf"(?<![\d./\-]){_FIGURES}(?![\d/\-])")


def day_order_of(texts: Iterable[str]) -> DayOrder | None:
    """Tell whether a document or a writer puts the day or the month first; None if no date of it says so."""
    said: set[DayOrder] = set()
    for text in texts:
        said |= _orders_in_a_row(text) if len(text) <= 8 * LONGEST else _orders_in(text[:20_000])
    return said.pop() if len(said) == 1 else None


def _orders_in(text: str) -> set[DayOrder]:
    said: set[DayOrder] = set()
    for found in _IN_FIGURES.finditer(text):
        first, second = int(found["a"]), int(found["b"])
        if found["sep"] == "." or (12 < first <= 31 and second <= 12):
            said.add("dmy")
        elif first <= 12 < second <= 31:
            said.add("mdy")
    return said


_orders_in_a_row = lru_cache(maxsize=4096)(_orders_in)


def _read(found: re.Match[str], order: DayOrder | None, today: date | None) -> date | Ambiguous[date] | None:
    parts = found.groupdict()
    for year, month, day in (("ay", "am", "ad"), ("cy", "cm", "cd")):
        if parts.get(year):
            return _date(int(parts[year]), int(parts[month]), int(parts[day]))
    if parts.get("a"):
        return _in_order(found[0], parts["a"], parts["b"], parts["c"], parts["sep"], order)
    for n in "123":
        if name := parts.get(f"m{n}"):
            months = month_names().get(name.casefold(), frozenset())
            days = {_with_year(parts[f"y{n}"], month, int(parts[f"d{n}"]), today) for month in months}
            return _settled(found[0], [day for day in days if day is not None])
    if parts.get("sa") and today is not None:
        return _in_order(found[0], parts["sa"], parts["sb"], None, parts["slash"] or ".", order, today)
    return None


def _in_order(
    text: str, a: str, b: str, c: str | None, sep: str, order: DayOrder | None, today: date | None = None
) -> date | Ambiguous[date] | None:
    if len(a) > 2:
        return _date(int(a), int(b), int(c)) if len(a) == 4 and c and len(c) == 2 else None
    if order == "ymd" and c and len(c) == 2:
        return _date(_century(a), int(b), int(c))
    day_first = _with_year(c, int(b), int(a), today)
    month_first = None if sep == "." else _with_year(c, int(a), int(b), today)  # dots: the day first, everywhere
    if order == "mdy" and month_first:  # the order is only a habit: what a date cannot be, it is not
        return month_first
    if order == "dmy" and day_first:
        return day_first
    return _settled(text, [day for day in (day_first, month_first) if day is not None])


def _settled(text: str, days: list[date]) -> date | Ambiguous[date] | None:
    distinct = tuple(dict.fromkeys(days))
    if not distinct:
        return None
    return distinct[0] if len(distinct) == 1 else Ambiguous(text, distinct)


def _with_year(year: str | None, month: int, day: int, today: date | None) -> date | None:
    if year:
        return _date(_century(year), month, day)
    if today is None:
        return None
    for candidate in range(today.year, today.year + 5):  # 29 February may be four years off
        value = _date(candidate, month, day)
        if value is not None and value >= today:
            return value
    return None


def _century(year: str) -> int:
    return int(year) if len(year) > 2 else 2000 + int(year)


def _date(year: int, month: int, day: int) -> date | None:
    if year not in YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def month_names() -> dict[str, frozenset[int]]:
    """Every known name and abbreviation of a month, case-folded, with the months that it may mean."""
    names: dict[str, set[int]] = {}
    for language in LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    spoken = str(name).rstrip(".").casefold()
                    for written in {spoken, _plain(spoken)}:
                        names.setdefault(written, set()).add(int(number))
    cut: dict[str, set[int]] = {}
    for name, numbers in names.items():  # "sept", "janv", "agos": what people cut off themselves
        for length in range(3, len(name)):
            cut.setdefault(name[:length], set()).update(numbers)
    return {name: frozenset(numbers) for name, numbers in (cut | names).items() if len(name) >= 3}


def _plain(name: str) -> str:
    """A name as people write it who leave the diacritics out."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
