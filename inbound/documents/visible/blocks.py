"""Blocks of a page: the rows under a heading, and the name that they begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from inbound.documents.dates import parse_date
from inbound.documents.visible.header import Read
from inbound.documents.visible.lexicon import begins_with, labels_in
from inbound.documents.visible.names import has_form, name_in, parts_of, without_form
from inbound.documents.visible.page import Cell, Row

_TOWN: Final = re.compile(
    r"(?:[A-Z]{1,2}[- ])?\d{4,6}(?:\s?[A-Z]{2})?,?\s?[^\W\d_]{2,}.*|\d{2}-\d{3}\s[^\W\d_].*|\d{4}-\d{3}\s[^\W\d_].*"
    r"|\d{3}\s\d{2}\s[^\W\d_]{2,}.*"
    r"|.*[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2}|.*[^\W\d_]{2}.*,?\s[A-Z]{2}\s\d{5}(?:-\d{4})?|.*[^\W\d_]{3}.*,\s?\d{5}"
    r"|[^\W\d_].*,\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s\d{5}(?:-\d{4})?|[^\W\d_].*[^\W\d_]{2}\s(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT)\s\d{4}"
    r"|[^\W\d_].*\s[A-Z]{2}\s[A-Z]\d[A-Z]\s?\d[A-Z]\d|[^\W\d_]{3}.*[^\W\d_,][\s,\-–]+\d{6}(?:,.*)?|.*[A-Z]\d[\dW]\s[A-Z\d]{4}"
)

_DEEPEST: Final = 7
"""How many rows under its heading a name may stand."""
_FARTHEST: Final = 4 * _DEEPEST
"""How many rows a block may reach down, those beside it counted."""
_GAP: Final = 4.0
"""How far a block's next row may stand away, in heights of a row."""
_SIDES: Final = ("seller", "buyer", "other")
_HEADINGS: Final = tuple(f"parties.{side}_heading" for side in _SIDES)
_ALIGNED: Final = 12.0
_PLAIN: Final = 6
"""Letters of a heading that needs no colon before a name: "van" and "from" begin names."""
_VALUE = re.compile(r"[:#]?\s?[\w\-/.]*\d[\w\-/.]*")
_SLASH = re.compile(r"\s?/\s?")


@lru_cache(maxsize=8192)
def is_town(text: str) -> bool:
    """Whether a text is a postcode and a town."""
    return _TOWN.fullmatch(text.strip()) is not None


def headed(rows: Sequence[Row], side: str) -> Read[str] | None:
    """The name that a heading points at; less sure when headings point at several."""
    found: list[Read[str]] = []
    addressed: list[Read[str]] = []
    table = f"parties.{side}_heading"
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            heading = _heading(cell.text, side) if table in labels_in(cell.text) else None
            if heading is None:
                continue
            name = _before_street(heading) if heading else _beside(row, place) or block_name(rows, index, cell)
            if name is not None:
                found.append(Read(name, 0.85, row.where))
                if any(is_town(rows[n].cells[p].text) for n, p in block_under(rows, index, cell)):
                    addressed.append(found[-1])
    if not found:
        return None
    found = addressed or found  # the same word heads a column of a table, too
    longest = max(found, key=lambda read: len(read.value))
    agreed = all(longest.value.casefold().startswith(read.value.casefold()) for read in found)
    return longest if agreed else Read(found[0].value, 0.5, found[0].where)


def _heading(text: str, side: str) -> str | None:
    """What follows a side's heading in its cell (empty where it stands alone); None when the cell is no heading."""
    text = text.strip()
    hit = begins_with(f"parties.{side}_heading", text)
    if hit is None:
        return None
    end = hit.end
    for other in labels_in(text)[f"parties.{side}_heading"][1:]:  # `Seller / Verkäufer`
        if _SLASH.fullmatch(text, end, other.start) is None:
            break
        end = other.end
    rest = text[end:].strip()
    if not rest.strip(":"):
        return ""
    if rest.startswith(":"):
        return rest[1:].strip()
    named = hit.end >= _PLAIN and has_form(rest) and without_form(rest) and text[end : end + 1].isspace()
    return rest if named and name_in(rest) else None


def _before_street(text: str) -> str | None:
    """The name that a heading is followed by, with or without its address in the same row."""
    name, *rest = parts_of(text)
    return name_in(name) if any(is_town(", ".join(rest[n:])) for n in range(len(rest))) else name_in(text)


def _is_heading(text: str) -> bool:
    """Whether a cell is the heading of any side; most cells hold no such word."""
    known = labels_in(text.strip())
    return not known.keys().isdisjoint(_HEADINGS) and any(_heading(text, side) is not None for side in _SIDES)


def _beside(row: Row, place: int) -> str | None:
    """The name in the next cell, where that begins with a colon or the heading ends with one."""
    after = row.cells[place + 1 : place + 2]
    if after and (after[0].text.startswith(":") or row.cells[place].text.rstrip().endswith(":")):
        return name_in(after[0].text)
    return None


def block_name(rows: Sequence[Row], index: int, heading: Cell) -> str | None:
    """The first row under a heading that is a name, or what stands beside the label of the name."""
    block = list(block_under(rows, index, heading))
    for number, place in block:
        cell = rows[number].cells[place]
        label = begins_with("parties.name", cell.text.strip())
        rest = cell.text.strip()[label.end :].strip() if label else ""
        if label and (not rest or rest.startswith(":")):
            if name := name_in(rest):
                return name
            if place + 1 < len(rows[number].cells):
                return name_in(_with_line_over(rows, number, rows[number].cells[place + 1]))
    for (number, place), following in zip_longest(block, block[1:]):
        row = rows[number]
        after = row.cells[place + 1].text if place + 1 < len(row.cells) else ""
        name = None if after.startswith(":") else name_in(row.cells[place].text)
        if name is None:
            continue
        if following is not None and not has_form(name):
            more = rows[following[0]]
            second = more.cells[following[1]].text.strip()
            if row.y - more.y <= 1.5 * row.height and has_form(second) and name_in(second):
                return name_in(f"{name} {second}")
        return name
    return None


def block_under(rows: Sequence[Row], index: int, heading: Cell) -> Iterator[tuple[int, int]]:
    """The cells under a heading, as numbers of row and cell: on one line left or right with it, without a wide gap."""
    last, deep = rows[index], 0
    for number in range(index + 1, min(len(rows), index + _FARTHEST)):
        row = rows[number]
        if row.page != last.page or last.y - row.y > _GAP * max(last.height, row.height) or deep == _DEEPEST:
            return
        for place, cell in enumerate(row.cells):
            if abs(cell.left - heading.left) <= _ALIGNED or abs(cell.right - heading.right) <= 2.0:
                if _is_heading(cell.text):
                    return
                last, deep = row, deep + 1
                yield number, place
                break


def _with_line_over(rows: Sequence[Row], number: int, cell: Cell) -> str:
    """A cell with the line over it that has no label: labels stand beside the last line of their value or amid it."""
    row = rows[number]
    if number and len(rows[number - 1].cells) == 1:
        over = rows[number - 1].cells[0]
        above = rows[number - 2] if number > 1 else None
        near = 0 < rows[number - 1].y - row.y <= 1.5 * row.height
        nearer = above is None or above.y - rows[number - 1].y > rows[number - 1].y - row.y
        if near and nearer and rows[number - 1].page == row.page and abs(over.left - cell.left) <= 2.0:
            return f"{over.text.strip()} {cell.text.strip()}"
    return cell.text


def addresses(rows: Sequence[Row]) -> Iterator[tuple[int, int, str]]:
    """The names that stand first over an address, with the numbers of their rows and cells."""
    seen: set[tuple[int, int]] = set()
    towns = [n for n in range(len(rows) - 1, -1, -1) if any(_ends_address(cell.text) for cell in rows[n].cells)]
    for index, row in enumerate(rows):
        while towns and towns[-1] <= index:
            towns.pop()
        if not towns:
            return
        for place, cell in enumerate(row.cells if towns[-1] < index + _FARTHEST else ()):
            name = name_in(cell.text) if (index, place) not in seen and not _labels(rows, index, place) else None
            if name is None or (labels_in(name) and _is_heading(cell.text)):
                continue
            under = town_under(rows, index, cell)
            if under is not None:
                seen.update(under)
                yield index, place, name


def _labels(rows: Sequence[Row], index: int, place: int) -> bool:
    """Whether nothing but a number or a day stands behind a cell, or it goes on a list of such: it is a label."""
    if _has_value(rows[index], place):
        return True
    if not index or place + 1 >= len(rows[index].cells):
        return False
    own, behind = rows[index].cells[place : place + 2]
    for number, cell in enumerate(rows[index - 1].cells[:-1]):
        if abs(cell.left - own.left) <= 2.0 and abs(rows[index - 1].cells[number + 1].left - behind.left) <= 2.0:
            return _has_value(rows[index - 1], number)
    return False


def _has_value(row: Row, place: int) -> bool:
    after = row.cells[place + 1].text.strip() if place + 1 < len(row.cells) else ""
    return _VALUE.fullmatch(after) is not None or (bool(after) and parse_date(after) is not None)


def town_under(rows: Sequence[Row], index: int, cell: Cell) -> list[tuple[int, int]] | None:
    """The rows under a cell, where a street and a town follow among them."""
    under = list(block_under(rows, index, cell))
    for deep, (number, at) in enumerate(under[:5]):
        text = rows[number].cells[at].text
        if _in_one_row(text):
            return under
        if deep and is_town(text):  # right under the name stands a street, though `3300 Harbor Blvd` looks like a town
            return under
    return None


def _ends_address(text: str) -> bool:
    if len(text) < 6 or text.lower() == text.upper():  # amounts and units are most cells of a page
        return False
    return is_town(text) or _in_one_row(text)


@lru_cache(maxsize=8192)
def _in_one_row(text: str) -> bool:
    """Whether street and town stand in one row (`C/ Alcalá 100, 28009 Madrid`)."""
    street, *rest = parts_of(text) or ("",)
    numbered = any(c.isdigit() for c in street) and any(c.isalpha() for c in street)
    return numbered and any(is_town(part) for part in rest)
