"""Amounts and quantities as people and programs write them, in any country's separators.

`1.234,56`, `1,234.56`, `1 234,56`, `1'234.56`, `1,23,456.00`, `99.00-`, `(99.00)` and `100,-` are told by themselves.
`1.234` is not: only the decimal mark that the writer uses elsewhere settles it, and without one it is `Ambiguous`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal

from inbound.documents.ambiguous import Ambiguous

DecimalMark = Literal[".", ","]

LONGEST: Final = 40
"""Longer texts are no amounts; it also bounds the work on hostile input."""

SPACES: Final = " \u00a0\u2007\u2009\u202f"
CURRENCY_SIGNS: Final = "€$£¥₴₽₹₺₩₪₫₦฿¢"
_MINUS: Final = "-−–‒"
_CODE = r"(?:[A-Z]{3}|(?i:eur|usd|gbp|chf|pln|kr|zł|zl|fr|kč|lei|грн)\.?)"
_SIGNED = re.compile(
    rf"""(?P<open>\()?\s*
    (?P<before>[{_MINUS}+])?\s*
    (?:[A-Z]{{0,3}}[{CURRENCY_SIGNS}]|{_CODE})?\s*
    (?P<inner>[{_MINUS}+])?\s*
    (?P<figure>[\d.,]?[\d.,'’‘′`{SPACES}٫٬]*?\d|\d)
    (?P<dash>[.,]\s?[-–—]{{1,2}})?
    (?P<after>[{_MINUS}])?\s*
    (?:[{CURRENCY_SIGNS}][A-Z]{{0,3}}|{_CODE})?
    (?P<last>[{_MINUS}])?\s*
    (?P<close>\))?""",
    re.VERBOSE,
)


def parse_amount(text: str, decimal_mark: DecimalMark | None = None) -> Decimal | Ambiguous[Decimal] | None:
    """Read one amount, with or without a currency; None when the text is not one amount and nothing else.

    `decimal_mark` is the mark that the writer or the document is known to use. It settles only what is open:
    `12.50` is twelve and a half for everybody.
    """
    if len(text) > LONGEST:
        return None
    found = _SIGNED.fullmatch(_western(text).strip())
    if found is None or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [found[name] for name in ("before", "inner", "after", "last") if found[name]]
    if len(signs) + bool(found["open"]) > 1:
        return None
    value = _unsigned(found["figure"], decimal_mark, whole=bool(found["dash"]))
    if value is None or not (found["open"] or (signs and signs[0] != "+")):
        return value
    if isinstance(value, Ambiguous):
        return Ambiguous(text, tuple(-one for one in value.candidates))
    return -value


def parse_sure_amount(text: str, decimal_mark: DecimalMark | None = None) -> Decimal | None:
    """Read one amount where only a sure one will do: None also when it is ambiguous."""
    value = parse_amount(text, decimal_mark)
    return value if isinstance(value, Decimal) else None


def decimal_mark_of(texts: Iterable[str]) -> DecimalMark | None:
    """Tell the decimal mark that a document or a writer uses; None if its figures disagree or none says it."""
    votes = {".": 0, ",": 0}
    for text, times in Counter(texts).items():
        mark = _mark_said_by(_western(text))
        if mark is not None:
            votes[mark] += times
    dots, commas = votes["."], votes[","]
    if dots > 5 * commas:
        return "."
    if commas > 5 * dots:
        return ","
    return None


def _western(text: str) -> str:
    """Write the digits of other scripts as ASCII, and the Arabic marks as ours."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else {"٫": ".", "٬": "'"}.get(c, c) for c in text[: 2 * LONGEST]
    )


_FIGURE = re.compile(r"\d[\d.,]*\d")


def _mark_said_by(text: str) -> DecimalMark | None:
    """The decimal mark that one figure gives away: `1.234,56`, `0.5`, `12,50`; not `1.234`."""
    figure = _FIGURE.search(text)
    if figure is None:
        return None
    marks = [c for c in figure[0] if c in ".,"]
    if not marks:
        return None
    last = marks[-1]
    digits = len(figure[0]) - 1 - figure[0].rindex(last)
    kinds = len(set(marks))
    if kinds == 2 or (len(marks) == 1 and digits != 3):
        return "." if last == "." else ","
    if kinds == 1 and _whole(figure[0], {last}) is not None and len(marks) > 1:
        return "," if last == "." else "."  # 1.234.567 has groups, so the other is the decimal mark
    return None


def _unsigned(figure: str, known: DecimalMark | None, *, whole: bool) -> Decimal | Ambiguous[Decimal] | None:
    plain = figure.translate({ord(c): "'" for c in SPACES + "’‘′`"})
    marks = {c for c in plain if c in ".,'"}
    if whole or marks <= {"'"}:
        return _whole(plain, marks)
    point = max(".,", key=plain.rfind)
    if plain.count(point) > 1:
        return _whole(plain, marks)
    head, tail = plain.split(point)
    if not tail.isdigit():
        return None
    if not head.isdigit() and head:  # it has groups of its own, so the last mark is the decimal one
        units = _whole(head, marks - {point})
        return None if units is None else Decimal(f"{units}.{tail}")
    fraction = Decimal(f"{head or '0'}.{tail}")
    if len(tail) != 3 or not 1 <= len(head) <= 3 or head[0] == "0" or known == point:
        return fraction
    thousands = Decimal(head + tail)
    return thousands if known is not None else Ambiguous(figure, (thousands, fraction))


def _whole(text: str, marks: set[str]) -> Decimal | None:
    """Read a number without a decimal part whose groups are well formed (by three, or the Indian way)."""
    if len(marks) > 1:
        return None
    if not marks:
        return Decimal(text) if text.isdigit() else None
    first, *groups = text.split(marks.pop())
    if not (first.isdigit() and len(first) <= 3 and all(g.isdigit() for g in groups) and len(groups[-1]) == 3):
        return None
    sizes = {len(group) for group in groups[:-1]}
    if sizes <= {3} or (sizes == {2} and len(first) <= 2):
        return Decimal(first + "".join(groups))
    return None
