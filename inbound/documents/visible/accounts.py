"""The bank account of a page: proved by its check digits, else as it is labelled, and told to be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from inbound.documents.visible.header import values_at
from inbound.documents.visible.identifiers import IBAN_LENGTHS, iban_is_right, ibans_of
from inbound.documents.visible.page import Row, below
from workflows.reading import Defect, DocumentFormat

LONGEST: Final = 34
_LABEL = re.compile(r"(?<!\w)IBAN(?!\w)", re.IGNORECASE)
_WRITTEN = re.compile(r"[A-Z]{2}\d{2}(?:\s?(?!BIC|SWIFT)[A-Z0-9]{1,4}(?![a-z]))+")
_BEGUN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,6} ?[A-Z0-9]{0,4}")
_REST = re.compile(r"[A-Z0-9]{1,4}(?: ?[A-Z0-9]{1,4}){0,5}")


@dataclass(frozen=True, slots=True)
class Account:
    """An account without spaces, how sure it is, and what is wrong with it."""

    iban: str | None
    sure: float
    defects: tuple[Defect, ...] = ()


def account_of(rows: Sequence[Row], stream: str, format: DocumentFormat) -> Account:  # noqa: A002
    """Find the account to pay to; of several none, for which one is not ours to guess.

    An account with wrong check digits was printed so where the page is text, and is given with a defect, so that a
    person (and the comparison with the known account) sees it; read from a picture it is more likely misread, and left.
    """
    right = (
        ibans_of("\n".join(row.text for row in rows))
        or ibans_of(stream)
        or tuple(_broken_in_two(rows))
        or _over_a_line_end(stream)
    )
    if right:
        return Account(right[0] if len(right) == 1 else None, 0.95)
    labelled = tuple(dict.fromkeys(_labelled(rows)))
    if len(labelled) != 1:
        return Account(None, 0.0)
    defect = Defect("iban_wrong", f"The check digits of the account {labelled[0]} are wrong (ISO 13616).")
    return Account(labelled[0] if format is DocumentFormat.PDF else None, 0.75, (defect,))


def _broken_in_two(rows: Sequence[Row]) -> Iterator[str]:
    """Accounts that go on under themselves, in a narrow column."""
    found: dict[str, None] = {}
    for index, row in enumerate(rows):
        for cell in row.cells:
            if not _BEGUN.fullmatch(cell.text.strip()):
                continue
            under = next((c.text.strip() for c in below(rows, index, cell, 1) if abs(c.left - cell.left) <= 2.0), "")
            whole = (cell.text + under).replace(" ", "")
            if _REST.fullmatch(under) and len(whole) == IBAN_LENGTHS.get(whole[:2]) and iban_is_right(whole):
                found[whole] = None
    yield from found


def _over_a_line_end(stream: str) -> tuple[str, ...]:
    """Accounts that a paragraph breaks at its edge."""
    return ibans_of(stream.replace("\n", " ")) if "IBAN" in stream else ()


def _labelled(rows: Sequence[Row]) -> Iterator[str]:
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            hit = _LABEL.search(cell.text)
            if hit is None:
                continue
            for text, _ in values_at(rows, index, place, cell.text[hit.end() :]):
                written = _WRITTEN.match(text)
                if written is not None:
                    plain = "".join(written[0].split())
                    length = IBAN_LENGTHS.get(plain[:2], LONGEST)
                    if len(plain) >= 12:
                        yield plain[:length]
                    break
