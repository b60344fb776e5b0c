"""Several documents in one file: pages that begin another one, by its own number and title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from inbound.documents.visible.header import number_of
from inbound.documents.visible.kind import Title, title_of
from inbound.documents.visible.lexicon import hits_of
from inbound.documents.visible.page import Row

MOST_DOCUMENTS: Final = 50
_COUNT = re.compile(r"[\s:.]{0,3}(\d{1,3})(?!\d)")
_OF = re.compile(r"(\d{1,3})\s?/\s?\d{1,3}")


def documents_in(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each document, from a page that begins it to the one before the next; one where nothing says more.

    A page begins another document where it has a title and a number of its own, and either counts its pages from one
    again or prints the title large at its top. What has neither (an annex, conditions) belongs to the one before.
    """
    pages = [list(page) for _, page in groupby(rows, key=lambda row: row.page)]
    if len(pages) < 2:
        return pages
    found: list[list[Row]] = []
    last: tuple[str, str] | None = None
    for page in pages:
        own = _own(page)
        begins = own is not None and own != last and _counted(page) in (None, 1)
        if not found or (begins and len(found) < MOST_DOCUMENTS):
            found.append(page)
            last = own
        else:
            found[-1].extend(page)
    return found


def _own(page: Sequence[Row]) -> tuple[str, str] | None:
    """The kind and number that a page says at its top, if it says both surely."""
    title = title_of(page)
    if title is None or not _stands_out(page, title):
        return None
    number = number_of(page, title)
    return None if number is None or number.sure < 0.7 else (title.kind.value, number.value)


def _stands_out(page: Sequence[Row], title: Title) -> bool:
    top, foot = page[0].y, page[-1].y
    usual = sorted(row.height for row in page)[len(page) // 2]
    row = page[title.row]
    high = row.y > top - 0.45 * max(top - foot, 1.0)
    return high and (row.height > 1.2 * usual or (title.sure >= 0.9 and _counted(page) == 1))


def _counted(page: Sequence[Row]) -> int | None:
    """The number that a page gives itself; None when it gives none."""
    for row in (*page[:8], *page[-8:]):
        for place, cell in enumerate(row.cells):
            for hit in hits_of("header.page", cell.text)[:1]:
                after = cell.text[hit.end :] or "".join(one.text for one in row.cells[place + 1 : place + 2])
                if counted := _COUNT.match(after):
                    return int(counted[1])
            if bare := _OF.fullmatch(cell.text.strip()):
                return int(bare[1])
    return None
