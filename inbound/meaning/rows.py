"""What was typed into the quoted table of a document: behind the text and the figures that the table shows anyway."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from inbound.documents.numbers import parse_amount
from inbound.meaning.days import Habits
from inbound.meaning.items import units_of
from inbound.meaning.limits import ROWS
from inbound.meaning.speech import Speech
from workflows.actions import KnownLine

_WIDEST: Final = 400
"""Characters of a row; what is longer is no row of a table."""
_LEAD: Final = 12
"""Characters that may stand before a line's text: its number, a mark."""
_PIECE: Final = re.compile(r"\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d+)?(?![\d])|\d+(?:[.,]\d+)?|[^\W\d_]+[²³23]?\.?|\S")


def typed_in(
    quoted: str, lines: Iterable[KnownLine], texts: Mapping[int, re.Pattern[str]], tongue: Speech, habits: Habits
) -> dict[int, str]:
    """What stands behind each line's own text and figures in a quoted table, by the line's number.

    Only what differs from row to row was typed: where every row goes on with a figure, that is a column of the table.
    """
    known = {line.n: line for line in lines}
    tails: dict[int, str] = {}
    for raw in quoted.split("\n")[:ROWS]:
        row = raw.strip("> \t|")
        if len(row) > _WIDEST or (found := _shown(row, texts)) is None:
            continue
        n, end = found
        tail = _behind(row[end:], known[n], tongue, habits)
        if tail is not None:
            tails[n] = "" if n in tails else tail  # shown twice: nothing can be told
    figured = [n for n, tail in tails.items() if any(map(str.isdigit, tail))]
    if len(figured) == len(tails) and not all(any(map(str.isalpha, tails[n])) for n in figured):
        return {}
    return {n: tail for n, tail in tails.items() if tail and not tongue.assents_to(tongue.key(tail))}


def _shown(row: str, texts: Mapping[int, re.Pattern[str]]) -> tuple[int, int] | None:
    """The line whose whole text a row shows at its beginning, and where that ends."""
    found = [
        (len(pattern.pattern), n, at.end())
        for n, pattern in texts.items()
        if (at := pattern.search(row[:_WIDEST])) is not None and at.start() <= _LEAD
    ]
    if not found:
        return None
    _, n, end = max(found)
    number = re.match(r"#?(\d{1,4})(?!\d)", row)
    return None if number and int(number[1]) != n else (n, end)


def _behind(rest: str, line: KnownLine, tongue: Speech, habits: Habits) -> str | None:
    """What follows the figures that a row shows; None where it shows none of the line's own."""
    own = {line.qty, line.price}
    own |= {line.qty * line.price} if line.qty and line.price else set()
    shown, end = 0, 0
    for piece in _PIECE.finditer(rest):
        text = piece[0]
        if text[0].isdigit():
            if _value(text, habits) not in own:
                break
            shown += 1
        elif text[0].isalpha() and not _is_column(text, line, tongue):
            break
        end = piece.end()
    return rest[end:].strip(" |-:;,") if shown else None


def _value(text: str, habits: Habits) -> Decimal | None:
    amount = parse_amount(text.replace(" ", ""), habits.mark)
    return amount if isinstance(amount, Decimal) else None


def _is_column(word: str, line: KnownLine, tongue: Speech) -> bool:
    """Whether a word of a row is a unit or a currency."""
    bare = word.casefold().rstrip(".")
    money = {name for texts in tongue.source.currencies.values() for name in texts}
    return bare in ((line.unit or "").casefold().rstrip("."), "x") or bool(units_of(bare)) or bare in money
