"""Who sells and who buys: names under or beside their headings, and the sender's line over an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from inbound.documents.visible.header import Read
from inbound.documents.visible.lexicon import begins_with, labels_in
from inbound.documents.visible.page import Cell, Row

LONGEST_NAME: Final = 90
_DEEPEST: Final = 7
"""How many rows under its heading a name may stand."""
_GAP: Final = 4.0
"""How far a block's next row may stand away, in heights of a row."""
_ALIGNED: Final = 12.0
_FIRST_CELLS: Final = 4
_MOST_SENDERS: Final = 10
_PARTS = re.compile(r"\s*[·•●|∙‧⋅]\s*|\s+[-–—]\s+|,\s+|\s{2,}")
_TOWN = re.compile(
    r"(?:[A-Z]{1,2}[- ])?\d{4,5}(?:\s?[A-Z]{2})?\s?[^\W\d_]{2,}.*|\d{2}-\d{3}\s[^\W\d_].*"
    r"|.*[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2}"
)
_POSTCODE = re.compile(r"\d{4}|\d\d-\d{3}|\d[A-Z]{2}(?!\w)")
_STREET = re.compile(r"\s\d+\s?[a-zA-Z]?$|^\d")
_SLASH = re.compile(r"\s?/\s?")
_LEGAL_FORMS: Final = (
    r"(?:(?i:ggmbh|gmbh)(?:\s*&\s*Co\.?(?:\s*KG)?)?|mbH|AG|UG|KG|OHG|e\.\s?[KGV]\.|a\.\s?G\.|SE|(?i:Ltd|Limited|LLP|PLC|LLC|Inc|SARL)"
    r"|Corp|S\.?A\.?R\.?L|SAS|SASU|EURL|S\.?A\.?|S\.?L\.?U?|S\.?p\.?A\.?|S\.?r\.?l\.?|S\.?n\.?c\.?|B\.?V\.?"
    r"|N\.?V\.?|VOF|sp\.\s?z\s?o\.\s?o|S\.?A\.?|Sp\.\s?k|s\.\s?r\.\s?o|Lda|Oy|AB|A/S|ApS|TOV|ТОВ|ФОП|ПП)\.?"
)
"""How companies end (or, in Ukraine, begin) their names."""
_LEGAL = re.compile(rf"(?<!\w){_LEGAL_FORMS}$")


@dataclass(frozen=True, slots=True)
class Parties:
    """The names of seller and buyer, each None where the page does not tell."""

    seller: Read[str] | None
    buyer: Read[str] | None


def parties_of(rows: Sequence[Row], *, sold: bool = True) -> Parties:
    """Find the names of seller and buyer: under a heading, else the sender's where two places agree on it.

    `sold` is False for what buyers send (orders, remittances): there the sender is the buyer.
    """
    seller, buyer = _headed(rows, "seller"), _headed(rows, "buyer")
    if sold and seller is None:
        seller = _sender(rows)
    if not sold and buyer is None:
        buyer = _sender(rows)
    if seller is not None and buyer is not None and _same(seller.value, buyer.value):
        return Parties(None, None)
    return Parties(seller, buyer)


def _headed(rows: Sequence[Row], side: str) -> Read[str] | None:
    """The name that a heading points at; less sure when headings point at several."""
    found: list[Read[str]] = []
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            heading = _heading(cell.text, side) if labels_in(cell.text) else None
            if heading is None:
                continue
            name = _name(heading) if heading else _beside(row, place) or _block_name(rows, index, cell)
            if name is not None:
                found.append(Read(name, 0.85, row.where))
    if not found:
        return None
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
    return rest[1:].strip() if rest.startswith(":") else None


def _beside(row: Row, place: int) -> str | None:
    """The name in the next cell, where that begins with a colon or the heading ends with one."""
    after = row.cells[place + 1 : place + 2]
    if after and (after[0].text.startswith(":") or row.cells[place].text.rstrip().endswith(":")):
        return _name(after[0].text)
    return None


def _block_name(rows: Sequence[Row], index: int, heading: Cell) -> str | None:
    """The first row under a heading that is a name, or what stands beside the label of the name."""
    block = list(_block(rows, index, heading))
    for number, place in block:
        cell = rows[number].cells[place]
        label = begins_with("parties.name", cell.text.strip())
        rest = cell.text.strip()[label.end :].strip() if label else ""
        if label and (not rest or rest.startswith(":")):
            if name := _name(rest):
                return name
            if place + 1 < len(rows[number].cells):
                return _name(_with_line_over(rows, number, rows[number].cells[place + 1]))
    for (number, place), following in zip_longest(block, block[1:]):
        row = rows[number]
        after = row.cells[place + 1].text if place + 1 < len(row.cells) else ""
        name = None if after.startswith(":") else _name(row.cells[place].text)
        if name is None:
            continue
        if following is not None and not _LEGAL.search(name):
            more = rows[following[0]]
            second = more.cells[following[1]].text.strip()
            if row.y - more.y <= 1.5 * row.height and _LEGAL.search(second) and _name(second):
                return _name(f"{name} {second}")
        return name
    return None


def _block(rows: Sequence[Row], index: int, heading: Cell) -> Iterator[tuple[int, int]]:
    """The cells under a heading, as numbers of row and cell: on one line left or right with it, without a wide gap."""
    last, deep = rows[index], 0
    for number in range(index + 1, min(len(rows), index + 4 * _DEEPEST)):
        row = rows[number]
        if row.page != last.page or last.y - row.y > _GAP * max(last.height, row.height) or deep == _DEEPEST:
            return
        for place, cell in enumerate(row.cells):
            if abs(cell.left - heading.left) <= _ALIGNED or abs(cell.right - heading.right) <= 2.0:
                if any(_heading(cell.text, side) is not None for side in ("seller", "buyer")):
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


def _sender(rows: Sequence[Row]) -> Read[str] | None:
    """The name that begins a line with the sender's address, where another place says the same name."""
    found: dict[str, Read[str]] = {}
    looked_for: set[str] = set()
    for index, row in enumerate(rows):
        if not any(_POSTCODE.search(cell.text) for cell in row.cells):
            continue
        for first in range(min(len(row.cells), _FIRST_CELLS)):
            text = "  ".join(cell.text for cell in row.cells[first : first + 12])
            parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
            if not 3 <= len(parts) <= 12 or not any(_TOWN.fullmatch(part) for part in parts[1:5]):
                continue
            name = _name(parts[0])
            if name and name not in looked_for and len(looked_for) < _MOST_SENDERS:
                looked_for.add(name)
                found.update(_witnessed(rows, index, name))
                break
    names = list(found.values())
    if len({read.value.casefold() for read in names}) != 1:
        return None
    return names[0]


def _witnessed(rows: Sequence[Row], index: int, name: str) -> dict[str, Read[str]]:
    """A name that stands alone somewhere else too, or begins a longer one that is a company's."""
    for number, row in enumerate(rows):
        if number == index:
            continue
        for cell in row.cells:
            text = cell.text.strip()
            longer = text.casefold().startswith(name.casefold() + " ") and _LEGAL.search(text) and _name(text)
            if _same(text, name) or longer:
                whole = text if longer else name
                return {whole.casefold(): Read(whole, 0.8, row.where)}
    return {}


def _name(text: str) -> str | None:
    """A text that can be a name: letters, no label with a value, no address of mail or page, no number."""
    text = " ".join(text.strip(" :·•●-–|\t").split())
    if not 2 <= len(text) <= LONGEST_NAME or sum(c.isalpha() for c in text) < max(2, len(text) // 2):
        return None
    if text[0].isdigit() or "@" in text or "://" in text or text.endswith(":") or re.search(r":\s", text):
        return None
    if any(c.isdigit() for c in text) and (" " not in text or _STREET.search(text)):
        return None
    starts = begins_with("parties.particular", text)
    return None if starts or re.match(r"(?i)www\.", text) else text


def _same(one: str, other: str) -> bool:
    return "".join(one.casefold().split()) == "".join(other.casefold().split())
