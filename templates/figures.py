"""Figures and dates as the reader writes them: amounts, quantities, days, moments.

All functions take the canonical strings of a notice's facts (or `Decimal`, `date`, `datetime`) and never fail: what is
no figure is shown as it stands. Symbols are read from Babel once per locale, since reading them is what costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import get_currency_precision, get_decimal_symbol, get_group_symbol, get_minus_sign_symbol

_LONGEST = 40  # digits; beyond this a figure is a hostile one and is shown as it came


@dataclass(frozen=True, slots=True)
class Style:
    """How one locale writes figures."""

    point: str
    group: str
    minus: str
    first: int
    rest: int


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """The locale of a language tag (`de`, `pt-BR`, `en_GB`); English where the tag is unknown."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        head = language.replace("_", "-").partition("-")[0]
        return locale_of(head) if head != language else Locale("en")


@lru_cache(maxsize=256)
def style_of(language: str) -> Style:
    """The symbols and group sizes of a language's figures."""
    locale = locale_of(language)
    first, rest = locale.decimal_formats[None].grouping
    return Style(
        get_decimal_symbol(locale), get_group_symbol(locale), get_minus_sign_symbol(locale), min(first, 9), min(rest, 9)
    )


@lru_cache(maxsize=512)
def _places(currency: str) -> int:
    return get_currency_precision(currency) if currency else 2


def _decimal(value: object) -> Decimal | None:
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST or len(number.as_tuple().digits) > _LONGEST:
        return None
    return number


@lru_cache(maxsize=4096)
def _write(value: str | Decimal, language: str, least: int) -> str:
    number = _decimal(value)
    if number is None:
        return str(value)
    style = style_of(language)
    whole, _, fraction = f"{abs(number):f}".partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    if len(whole) > style.first:
        groups = [whole[-style.first :]]
        left = whole[: -style.first]
        while left:
            groups.append(left[-style.rest :])
            left = left[: -style.rest]
        whole = style.group.join(reversed(groups))
    sign = style.minus if number < 0 else ""
    return f"{sign}{whole}{style.point}{fraction}" if fraction else f"{sign}{whole}"


def number(value: object, language: str, least: int = 0) -> str:
    """A figure with at least `least` decimals and no needless zeros; "" for None."""
    if value is None or value == "":
        return ""
    return _write(value if isinstance(value, Decimal) else str(value), language, least)


def money(value: object, currency: str | None, language: str) -> str:
    """An amount with its currency's code behind it: `1,234.50 EUR`; more decimals stay where they were written."""
    figure = number(value, language, _places((currency or "").upper()))
    return f"{figure} {currency}" if currency and figure[-1:].isdigit() else figure


def iban(value: str | None) -> str:
    """An account in groups of four, as ISO 13616 prints it; empty for none."""
    plain = "".join((value or "").split())
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


@lru_cache(maxsize=2048)
def day(value: str | date, language: str) -> str:
    """A plain date in words, so that nobody confuses day and month: `4 December 2026`; text that is no date stays."""
    try:
        found = value if isinstance(value, date) else date.fromisoformat(value.strip()[:10])
    except ValueError:
        return value if isinstance(value, str) else ""
    return format_date(found, "long", locale=locale_of(language))


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """The time zone of a name, UTC where it is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=2048)
def moment(value: str | datetime, language: str, zone: str) -> str:
    """A moment in the reader's zone, with the zone named: `4 December 2026, 17:00 CET`; a plain date stays one."""
    if isinstance(value, str):
        if len(value) <= len("2026-12-04"):
            return day(value, language)
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
    try:
        local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone_of(zone))
    except OverflowError:
        return value.isoformat()
    locale = locale_of(language)
    clock = format_time(local.timetz(), "short", locale=locale).replace("\u202f", " ")
    return f"{format_date(local.date(), 'long', locale=locale)}, {clock} {local.tzname()}"


def size(value: object, language: str) -> str:
    """A file's size in the unit that a person reads: `312 KB`."""
    amount = _decimal(value)
    if amount is None:
        return ""
    for unit, step in (("MB", 1_000_000), ("KB", 1_000)):
        if amount >= step:
            return f"{number(round(amount / step, 1 if unit == 'MB' else 0), language)} {unit}"
    return f"{number(amount, language)} B"
