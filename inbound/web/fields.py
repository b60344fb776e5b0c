"""Reads the single fields of a form: words, figures and dates as their writer writes them, or what is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from inbound.documents.ambiguous import Ambiguous
from inbound.documents.dates import parse_date
from inbound.documents.numbers import DecimalMark, parse_amount
from templates import figures
from templates.environment import Reader

Kind = Literal["words", "long", "figure", "date", "tick", "choice"]

LONGEST_WORDS = 20_000
LONGEST_LINE = 500
LARGEST = Decimal(10) ** 9
DECIMALS = 6


class Wrong(Exception):
    """What is wrong with a field: a word of `templates.page_words.WRONG`, and what fills its sentence."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read(kind: Kind, text: str, reader: Reader) -> str | Decimal | date | bool | None:
    """The value of one field, None where it is empty; raises `Wrong`."""
    if kind == "tick":
        return text == "yes"
    text = text.strip()
    if not text:
        return None
    if kind == "figure":
        return _figure(text, reader)
    if kind == "date":
        return _date(text, reader)
    most = LONGEST_WORDS if kind == "long" else LONGEST_LINE
    if len(text) > most:
        raise Wrong("too_long", most=str(most))
    return text if kind == "long" else " ".join(text.split())


def written(value: object, reader: Reader) -> str:
    """A value as it stands in its field: a figure without groups in the reader's mark, a date as ISO 8601."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", figures.style_of(reader.locale).point)
    return value.isoformat() if isinstance(value, date) else str(value)


def _figure(text: str, reader: Reader) -> Decimal:
    found = parse_amount(text, _mark(reader))
    if found is None:
        raise Wrong("no_figure")
    if isinstance(found, Ambiguous):
        first, second = found.candidates[:2]
        raise Wrong("two_ways", first=f"{first:f}", second=f"{second:f}", example=f"{first:f}.00")
    exponent = found.as_tuple().exponent
    if abs(found) >= LARGEST or (isinstance(exponent, int) and exponent < -DECIMALS):
        raise Wrong("too_large")
    return found


def _mark(reader: Reader) -> DecimalMark | None:
    """The decimal mark of a person who has told us their number format; nobody's is guessed from their language."""
    if not reader.figures:
        return None
    return "," if figures.style_of(reader.figures).point == "," else "."


def _date(text: str, reader: Reader) -> date:
    found = parse_date(text) if len(text) <= LONGEST_LINE else None
    if found is None:
        raise Wrong("no_date")
    if isinstance(found, Ambiguous):
        first, second = (figures.day(one, reader.locale) for one in found.candidates[:2])
        raise Wrong("date_two_ways", first=first, second=second)
    return found
