"""Who sent a document that does not say so under a heading: names that two places of it agree on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from inbound.documents.visible.blocks import addresses, block_name, is_town, town_under
from inbound.documents.visible.header import Read
from inbound.documents.visible.letterheads import (
    in_one_line,
    large_at_the_top,
    left_over,
    over_its_tax_id,
    with_ways_to_reach,
)
from inbound.documents.visible.lexicon import begins_with, labels_in
from inbound.documents.visible.names import (
    LEGAL_FORMS,
    domains_of,
    has_form,
    is_bank,
    letters_of,
    name_in,
    parts_of,
    same,
    same_letters,
    told_by_domain,
    without_form,
)
from inbound.documents.visible.page import Row

_FIRST_CELLS: Final = 4
_FOOT: Final = 0.3
"""How much of a page's height is its foot."""
_MOST_SENDERS: Final = 10
_POSTCODE = re.compile(r"\d{4}|\d\d-\d{3}|\d[A-Z]{2}(?!\w)")
_FORM_APART = re.compile(rf"(?<!\w)({LEGAL_FORMS})\s+(?:unipersonnelle\s+)?au\s+capital", re.IGNORECASE)


def sender_of(rows: Sequence[Row], *others: str | None) -> Read[str] | None:
    """The sender's name, by the surest way that tells one; never one of *others*, who are known to be someone else."""
    for way in _WAYS:
        read = way(rows)
        if read is not None and not any(other and same(other, read.value) for other in others):
            return read
    return left_over(rows, [other for other in others if other])


def _in_a_line(rows: Sequence[Row]) -> Read[str] | None:
    """The name that begins a line with the sender's address, where another place says the same name."""
    found: dict[str, Read[str]] = {}
    looked_for: set[str] = set()
    for index, row in enumerate(rows):
        if not _POSTCODE.search(row.text):
            continue
        for first in range(min(len(row.cells), _FIRST_CELLS)):
            text = "  ".join(cell.text for cell in row.cells[first : first + 12])
            parts = parts_of(text)
            if not 3 <= len(parts) <= 12 or not any(is_town(part) for part in parts[1:5]):
                continue
            name = name_in(parts[0])
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
    begins, letters = name.casefold() + " ", letters_of(name)
    for number, row in enumerate(rows):
        if number == index:
            continue
        for cell in row.cells:
            text = cell.text.strip()
            if not letters.startswith(text[:1].casefold()):
                continue
            longer = text.casefold().startswith(begins) and has_form(text) and name_in(text)
            if longer or letters_of(text) == letters:
                whole = text if longer else name
                return {whole.casefold(): Read(whole, 0.8, row.where)}
    domains = {domain for _, domain in domains_of(rows)}
    if any(told_by_domain(name, domain) for domain in domains):
        # French pages state form and capital apart from the name (Code de commerce, R123-238)
        bare = without_form(name)
        if bare != name and _form_is_apart(rows, name) and any(same_letters(bare, domain) for domain in domains):
            name = bare
        return {name.casefold(): Read(name, 0.8, rows[index].where)}
    return {}


def _form_is_apart(rows: Sequence[Row], name: str) -> bool:
    form = name[len(without_form(name)) :].strip(" ,.").casefold()
    return any(found[1].strip(".").casefold() == form for row in rows for found in _FORM_APART.finditer(row.text))


def _over_an_address(rows: Sequence[Row]) -> Read[str] | None:
    """The name over an address that a domain in the page's foot is made of: a buyer's stands by the buyer's address."""
    tops: dict[int, float] = {}
    for row in rows:
        tops[row.page] = max(tops.get(row.page, 0.0), row.y)
    domains = {domain for number, domain in domains_of(rows) if rows[number].y < _FOOT * tops[rows[number].page]}
    found: dict[str, Read[str]] = {}
    for index, _, name in addresses(rows) if domains else ():
        if rows[index].y > _FOOT * tops[rows[index].page] and any(told_by_domain(name, one) for one in domains):
            found.setdefault(name.casefold(), Read(name, 0.75, rows[index].where))
    return next(iter(found.values())) if len(found) == 1 else None


def _account_holder(rows: Sequence[Row]) -> Read[str] | None:
    """The holder of the account, where the same name stands over an address: to pay somebody else is told as such."""
    holders: dict[str, str] = {}
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            hit = begins_with("parties.account_holder", cell.text)
            if hit is None:
                continue
            rest = cell.text[hit.end :].strip(" :")
            after = row.cells[place + 1].text if place + 1 < len(row.cells) else ""
            name = name_in(rest) if rest else name_in(after) or block_name(rows, index, cell)
            if name:
                holders[name.casefold()] = name
    if len(holders) != 1:
        return None
    holder = holders.popitem()[1]
    for index, row in enumerate(rows):
        for cell in row.cells:
            if same(cell.text, holder) and town_under(rows, index, cell) is not None:
                return Read(holder, 0.8, row.where)
    return None


def _registered(rows: Sequence[Row]) -> Read[str] | None:
    """The company beside what it must say of its register, its seat and its directors."""
    register = [number for number, row in enumerate(rows) if any(_tells_register(c.text) for c in row.cells)]
    found: dict[str, Read[str]] = {}
    for number, row in enumerate(rows):
        if not any(rows[other].page == row.page and abs(other - number) <= 4 for other in register):
            continue
        for cell in row.cells:
            for part in parts_of(cell.text):
                name = name_in(part)
                if name and has_form(name) and without_form(name) and not is_bank(name):
                    found.setdefault(name.casefold(), Read(name, 0.75, row.where))
    return next(iter(found.values())) if len(found) == 1 else None


def _tells_register(text: str) -> bool:
    return "parties.register" in labels_in(text)


_WAYS: Final = (
    _in_a_line,
    _over_an_address,
    _account_holder,
    _registered,
    large_at_the_top,
    with_ways_to_reach,
    in_one_line,
    over_its_tax_id,
)
"""The ways to tell the sender, the surest first."""
