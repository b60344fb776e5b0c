"""The sender where only the look of the page tells it: large at the top, or the address that is not the buyer's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from inbound.documents.visible.blocks import addresses, block_under, is_town
from inbound.documents.visible.header import Read
from inbound.documents.visible.lexicon import labels_in
from inbound.documents.visible.names import has_form, is_bank, name_in, parts_of, same, without_form
from inbound.documents.visible.page import Cell, Row, above

_LARGE: Final = 1.3
"""How much larger than the page's usual rows a letterhead is."""
_REACH = re.compile(
    r"(?i)\biban\b|\b(?:vat|ust|uid|mwst|tva|btw|nip|nif|cif|cui|dič|ičo?|abn|gstin|cvr|ein|cnpj|kvk|siret|siren|p\.?\s?iva|momsreg)\b.*\d"
    r"|@|www\.|https?://|\b(?:tel|phone|fon|fax|tél|teléfono|telefoon|telefon|тел)\b|\+\d{2}|\b[A-Z]{2}\d{8,}"
)
_TAX_ID = re.compile(
    r"(?i)\b(?:vat|ust|uid|mwst|tva|btw|nip|nif|cif|cui|abn|gst(?:in)?|cvr|cnpj|p\.?\s?iva|momsreg|contribuinte|ein)\b"
    r"[^\d]{0,30}((?:[A-Z]{0,3}\d[\d .\-]{6,}[\dA-Z]*))"
)


def large_at_the_top(rows: Sequence[Row]) -> Read[str] | None:
    """A company that is printed large at the top of the first page."""
    first = [row for row in rows if row.page == rows[0].page] if rows else []
    usual = sorted(row.height for row in first)[len(first) // 2] if first else 0.0
    for index, row in enumerate(first[:3]):
        for cell in row.cells:
            name = name_in(cell.text)
            if row.height <= _LARGE * usual or name is None or is_bank(name):
                continue
            if has_form(name) and without_form(name):
                return Read(name, 0.75, row.where)
            if _goes_on_with_address(first, index, cell):
                return Read(name, 0.72, row.where)
    return None


def _goes_on_with_address(rows: Sequence[Row], index: int, cell: Cell) -> bool:
    """Whether an address in one line, with a way to reach it, stands right under a name."""
    for row in rows[index + 1 : index + 3]:
        for under in row.cells:
            parts = parts_of(under.text)
            flush = abs(under.left - cell.left) <= 3.0
            if flush and len(parts) >= 3 and any(map(is_town, parts)) and _REACH.search(under.text):
                return True
    return False


def over_its_tax_id(rows: Sequence[Row]) -> Read[str] | None:
    """The only company whose block says a tax id, where the page says no other: a buyer's alone would be no invoice."""
    said = {id_digits for row in rows for cell in row.cells if (id_digits := _tax_id(cell.text))}
    if len(said) != 1:
        return None
    found: dict[str, Read[str]] = {}
    for index, row in enumerate(rows):
        for cell in row.cells:
            name = name_in(cell.text)
            if name is None or not has_form(name) or is_bank(name) or _under_a_heading(rows, index, cell):
                continue
            if any(_tax_id(rows[number].cells[at].text) for number, at in block_under(rows, index, cell)):
                found.setdefault(name.casefold(), Read(name, 0.72, row.where))
    return next(iter(found.values())) if len(found) == 1 else None


def _tax_id(text: str) -> str | None:
    """The digits of the tax id that a text says."""
    hit = _TAX_ID.search(text)
    return "".join(c for c in hit[1] if c.isdigit()) if hit else None


def with_ways_to_reach(rows: Sequence[Row]) -> Read[str] | None:
    """The only company over an address with two ways to reach it, or one and a VAT id: sellers want to be reached."""
    found: dict[str, Read[str]] = {}
    for index, place, name in addresses(rows):
        cells = [rows[number].cells[at].text for number, at in block_under(rows, index, rows[index].cells[place])]
        ways = sum(bool(_REACH.search(text)) for text in cells)
        if ways >= 2 and not _under_a_heading(rows, index, rows[index].cells[place]):
            found.setdefault(name.casefold(), Read(name, 0.75, rows[index].where))
    return next(iter(found.values())) if len(found) == 1 else None


def in_one_line(rows: Sequence[Row]) -> Read[str] | None:
    """The only company whose name and address stand in one line at the top or foot of the first page."""
    found: dict[str, Read[str]] = {}
    first = [row for row in rows if row.page == rows[0].page] if rows else []
    high, low = (first[0].y, first[-1].y) if first else (0.0, 0.0)
    for row in first:
        if not (row.y > high - 0.3 * (high - low) or row.y < low + 0.1 * (high - low)):
            continue
        for cell in row.cells:
            parts = parts_of(cell.text)
            name = name_in(parts[0]) if len(parts) >= 3 and any(is_town(p) for p in parts[1:5]) else None
            if name and has_form(name) and not _heads(cell.text):
                found.setdefault(name.casefold(), Read(name, 0.72, row.where))
    return next(iter(found.values())) if len(found) == 1 else None


def left_over(rows: Sequence[Row], others: Sequence[str]) -> Read[str] | None:
    """The only other name over an address, where the buyer's is told by its heading."""
    if not others:
        return None
    found: dict[str, Read[str]] = {}
    for index, place, name in addresses(rows):
        if not any(same(name, other) for other in others) and not _under_a_heading(
            rows, index, rows[index].cells[place]
        ):
            found.setdefault(name.casefold(), Read(name, 0.75, rows[index].where))
    return next(iter(found.values())) if len(found) == 1 else None


def _under_a_heading(rows: Sequence[Row], index: int, cell: Cell) -> bool:
    """Whether a block of the buyer, of a delivery or of a bank is headed right over a cell."""
    return any(_heads(one.text) for _, one in above(rows, index, cell, 4.0 * rows[index].height))


def _heads(text: str) -> bool:
    words = labels_in(text.strip())
    return any((hits := words.get(f"parties.{side}_heading")) and hits[0].start == 0 for side in ("buyer", "other"))
