"""Which line a figure speaks of: one of its text ("the 330s"), or one that it has now ("14.50? it is 15.20")."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from inbound.documents.numbers import parse_amount
from inbound.meaning.days import Habits
from inbound.meaning.items import units_of
from inbound.meaning.settling import like
from workflows.actions import KnownLine

_NUMBER: Final = re.compile(r"(?<![\w.,/-])\d[\d.,]*(?<=\d)(?![\w/]|-\d)")
_OWN: Final = re.compile(r"(?<![\w.,/-])(?P<own>\d{1,5})(?:er|ers|-er|'s|s)?(?![\w/]|[.,]\d|-\d| ?[€$£%])")
_WORD: Final = re.compile(r"[^\W_]+")
_SIZE: Final = re.compile(r"\d+(?:[.,]\d+)?(?:\s?[xх×*]\s?\d+(?:[.,]\d+)?)+", re.IGNORECASE)
_BEHIND: Final = re.compile(r"\s?([^\W\d_]{1,14}[²³23]?)(?!\w)")
_MANY: Final = 60
"""Lines of a document in which one is looked for by its figures."""


@dataclass(frozen=True, slots=True)
class Said:
    """A figure that a line has, as an answer says it: the line, the value, and whether that is its price."""

    line: KnownLine
    value: Decimal
    priced: bool


def line_by_own_figure(
    text: str, lines: Iterable[KnownLine], among: Collection[int] = ()
) -> tuple[int, tuple[int, int]] | None:
    """The one line in whose text a number stands that the answer calls it by, and where it does.

    Another figure must be left to be the new one, and no line may have that number for its quantity or price. *among*
    are the lines that words of the answer name.
    """
    known = list(lines)[:_MANY]
    numbers = list(_OWN.finditer(text))
    if sum(1 for _ in re.finditer(r"\d[\d.,]*", text)) < 2:
        return None
    taken = {value for line in known for value in (line.qty, line.price) if value is not None}
    found: dict[int, tuple[int, int]] = {}
    for number in numbers:
        if Decimal(number["own"]) in taken:
            continue
        behind = _BEHIND.match(text, number.end())
        unit = units_of(behind[1]) if behind else frozenset()
        named = [line.n for line in known if _calls(number["own"], unit, line)]
        if len(named) == 1 and (not among or named[0] in among):
            found[named[0]] = number.span("own")
    return next(iter(found.items())) if len(found) == 1 else None


def _calls(number: str, unit: Collection[str], line: KnownLine) -> bool:
    """Whether a number, and the unit behind it if there is one, stand in a line's text."""
    for found in re.finditer(rf"(?<![\w.,]){number}(?![.,]?\d)\s?([^\W\d_]{{1,12}}[²³23]?)?", line.text):
        if not unit or (found[1] and units_of(found[1]) & set(unit)):
            return True
    return False


def line_by_old_figure(text: str, lines: Iterable[KnownLine], habits: Habits) -> KnownLine | None:
    """The one line that now has a figure of the text, where a new one like it stands beside it."""
    values = figures_in(text, habits)
    known = list(lines)[:_MANY]
    found = [one for value in values for one in _having(value, known)]
    if len({one.line.n for one in found}) != 1:
        return None
    old = found[0]
    changed = [value for value in values if value not in (old.line.qty, old.line.price) and like(value, old.value)]
    return old.line if len(changed) == 1 else None


def said_of(text: str, lines: Iterable[KnownLine], habits: Habits) -> Said | None:
    """The figure of a line that is the only figure of a text: "14.50 for the boxes?"."""
    values = figures_in(text, habits)
    if len(values) != 1:
        return None
    found = _having(values[0], list(lines)[:_MANY])
    return found[0] if len(found) == 1 else None


def figures_in(text: str, habits: Habits) -> list[Decimal]:
    """The sure figures of a text, each once."""
    amounts = (parse_amount(number[0], habits.mark) for number in _NUMBER.finditer(text))
    return list(dict.fromkeys(amount for amount in amounts if isinstance(amount, Decimal)))


def _having(value: Decimal, lines: list[KnownLine]) -> list[Said]:
    return [Said(line, value, value == line.price) for line in lines if value and value in (line.qty, line.price)]


def without_own_figures(text: str, line: KnownLine, habits: Habits) -> str:
    """The text without sizes that stand in the line's own text ("40x40"), where a figure is left that is new."""
    sizes = {_plain(size) for size in _SIZE.findall(line.text)}
    for found in reversed(list(_SIZE.finditer(text))):
        if any(size.startswith(_plain(found[0])) or _plain(found[0]) in size for size in sizes):
            text = text[: found.start()] + " " + text[found.end() :]
    own = {word for word in _WORD.findall(line.text) if word.isdigit()} - {
        f"{value.normalize():f}" for value in (line.qty, line.price) if value is not None
    }
    for found in reversed(list(_OWN.finditer(text))):
        rest = text[: found.start()] + " " + text[found.end() :]
        new = [value for value in figures_in(rest, habits) if value not in (line.qty, line.price)]
        if found["own"] in own and new:
            text = rest
    return text


def _plain(size: str) -> str:
    return re.sub(r"[xх×*]", "x", re.sub(r"\s", "", size.casefold()))
