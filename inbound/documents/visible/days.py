"""The days that a document says: its own, when it is due, when goods come; and in which order days are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from inbound.documents.ambiguous import Ambiguous
from inbound.documents.dates import DayOrder, day_order_of, find_dates, parse_date
from inbound.documents.visible.header import (
    Candidates,
    Read,
    goes_on,
    headings_of_lists,
    own_labels,
    own_tables,
    values_at,
)
from inbound.documents.visible.identifiers import ibans_of
from inbound.documents.visible.kind import Title
from inbound.documents.visible.lexicon import Hit, Hits, labels_in
from inbound.documents.visible.page import Row
from workflows.reading import Defect

_OF_DATES: Final = ("header.due_date", "header.delivery_date", "header.any_date")
_BEFORE_ANY_DATE = re.compile(r"\s*|.*[·|•;,]\s+|[^\W\d_]+\s?/\s?", re.DOTALL)
_BEFORE_DATE: Final = re.compile(r"(?i)\W*(?:(?:vom|von|dated|from|of|du|del|di|van|z dnia|am|zum|on|le)\s)?\W*")

_DIGIT = re.compile(r"\d")
_AT_A_PLACE = re.compile(
    r"[^\W\d]+(?:[.'’ \-]{1,2}[^\W\d]+){0,4},\s+(?:(?:den|le|lì|a|dnia|em|the)\s+)?(?=\S*\d|[^\W\d]+\s\d)"
)


_NO_YEAR = re.compile(r"^\d{1,2}\S*\s.*[^\W\d_]\S*$|^[^\W\d_]{3,}\s\d{1,2},?$")
_YEAR = re.compile(r"(?:19|20)\d{2}\s?(?:р\.|r\.)?")
_HOUR = re.compile(r"\d:\d\d")
_TIME = re.compile(r"[\sT,·|-]{1,3}\d{1,2}:\d{2}(?!\d)")
_MONTH_FIRST = re.compile(
    r"\b(?:A[KLRZ]|C[AOT]|DC|DE|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
    r",? \d{5}(?:-\d{4})?(?=\W*(?:$|U\.?S|United))|\bU\.?S\.?A\b|United States|\bEIN\b|(?i:sales tax)"
)
"""What a page says that was written in the United States: a state with its ZIP code, their taxes."""
_DAY_FIRST = re.compile(r"£|\b(?:VAT|ABN|ACN|NZBN|GSTIN|CGST|IGST|UTR)\b")
"""What it says that was written elsewhere in English: a value added tax, the numbers of Australia and India."""
_NEITHER = re.compile(r"[₱]|\bPHP\b|\b[QH]ST\b|\bTVQ\b")
"""Where both orders are in use: the Philippines, Canada."""
_CALLED: Final = {"issue_date": "date", "due_date": "due date", "delivery_date": "delivery date"}


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were read, and those that may be read in two ways, told."""

    read: dict[str, Read[date]]
    defects: tuple[Defect, ...] = ()


def order_of_days(rows: Sequence[Row], title: Title | None, stream: str) -> DayOrder | None:
    """The order of days in this document: said by a date, else by its language, its country or a bank account.

    Accounts of the IBAN world and value added tax are of countries that put the day first.
    """
    said = day_order_of(row.text for row in rows)
    if said is not None:
        return said
    if (title is not None and title.language != "en") or ibans_of(stream):
        return "dmy"
    first, other = (any(one.search(row.text) for row in rows) for one in (_MONTH_FIRST, _DAY_FIRST))
    if first == other or any(_NEITHER.search(row.text) for row in rows):
        return None
    return "mdy" if first else "dmy"


def dates_of(rows: Sequence[Row], order: DayOrder | None, title: Title | None) -> Days:
    """Find issue, due and delivery date; a date that nothing settles is left out and told."""
    found: dict[str, Candidates[date | Ambiguous[date]]] = {
        name: Candidates() for name in ("issue_date", "due_date", "delivery_date")
    }
    tables = own_tables("date", title)
    numbers = {table for table, _ in own_tables("number", title)}
    listing = headings_of_lists(rows, title)
    usual = sorted(row.height for row in rows)[len(rows) // 2] if rows else 0.0
    top = max(12, len(rows) // 4)
    speaking = {*_OF_DATES, *(table for table, _ in tables)}
    for index, row in enumerate(rows):
        at_the_top = index < top and row.page == rows[0].page
        for place, cell in enumerate(row.cells):
            words = labels_in(cell.text)
            if not speaking.isdisjoint(words) and index not in listing:
                for label, own in own_labels(words, tables):
                    _take_date(found["issue_date"], rows, index, place, label.end, order, own + 0.5)
                for name in ("due_date", "delivery_date"):
                    for label in words.get(f"header.{name}", ()):
                        _take_date(found[name], rows, index, place, label.end, order, 2.5)
                for label in words.get("header.any_date", ()):
                    if _BEFORE_ANY_DATE.fullmatch(cell.text, 0, label.start) and not _says_more(words, label):
                        beside = any(not numbers.isdisjoint(labels_in(one.text)) for one in row.cells)
                        weight = 1.5 + _size(rows, index, usual) + (0.4 if beside else 0.0)
                        _take_date(found["issue_date"], rows, index, place, label.end, order, weight)
            if title and index == title.row and cell.text.strip():
                for _, _, day in find_dates(cell.text, order):
                    found["issue_date"].add(day, 2.4, row.where)
            if at_the_top and _DIGIT.search(cell.text) and not _of_another_day(row, place):
                placed = _AT_A_PLACE.match(cell.text)
                alone = parse_date(cell.text[placed.end() :] if placed else cell.text, order)
                if alone is not None:
                    near = title is not None and abs(index - title.row) <= 2
                    found["issue_date"].add(alone, 1.4 if near or placed else 0.8, row.where)
    if not found["issue_date"].ranked() and (stamped := _stamp(rows, order)) is not None:
        found["issue_date"].add(stamped[0], 1.4, stamped[1])
    read: dict[str, Read[date]] = {}
    for name, candidates in found.items():
        if (chosen := _chosen(candidates, latest=name == "due_date")) is not None:
            read[name] = chosen
    return Days(read, tuple(_told(found)))


def _of_another_day(row: Row, place: int) -> bool:
    """Whether a label before a cell speaks of another day than the document's own."""
    others = ("header.due_date", "header.delivery_date")
    return any(name in labels_in(cell.text) for cell in row.cells[:place] for name in others)


def _stamp(rows: Sequence[Row], order: DayOrder | None) -> tuple[date | Ambiguous[date], str] | None:
    """The only day of a till's receipt: with the hour behind it, and no label."""
    days: dict[date | Ambiguous[date], tuple[str, bool]] = {}
    for row in rows if any(_HOUR.search(row.text) for row in rows) else ():
        for cell in row.cells:
            for _, end, day in find_dates(cell.text, order) if _DIGIT.search(cell.text) else ():
                timed = _TIME.match(cell.text, end) is not None
                days[day] = (row.where, timed or days.get(day, ("", False))[1])
    if len(days) != 1:
        return None
    day, (where, timed) = days.popitem()
    return (day, where) if timed else None


def _told(found: dict[str, Candidates[date | Ambiguous[date]]]) -> Iterable[Defect]:
    """The days that may be two, for a person to settle."""
    for name, candidates in found.items():
        ranked = candidates.ranked()
        if ranked and isinstance(ranked[0][1], Ambiguous):
            day = ranked[0][1]
            either = " or ".join(one.isoformat() for one in day.candidates)
            yield Defect(
                "date_ambiguous", f"The {_CALLED[name]} {day.text.strip()} may be {either}; nothing on the page tells."
            )


def _take_date(
    found: Candidates[date | Ambiguous[date]],
    rows: Sequence[Row],
    index: int,
    place: int,
    end: int,
    order: DayOrder | None,
    weight: float,
) -> None:
    row = rows[index]
    for text, near in values_at(rows, index, place, row.cells[place].text[end:]):
        start = _BEFORE_DATE.match(text)
        text = text[start.end() :] if start else text
        for begin, _, day in find_dates(text[:40], order):
            if begin == 0:
                found.add(day, weight + near, row.where)
                return
            break
        if _NO_YEAR.search(text) and _YEAR.fullmatch(year := goes_on(rows, index, text)):
            text = f"{text} {year}"
        whole = parse_date(text.split("  ")[0].split(" · ")[0].strip(" .,;"), order)
        if whole is not None:
            found.add(whole, weight + near, row.where)
            return


def _chosen(candidates: Candidates[date | Ambiguous[date]], *, latest: bool) -> Read[date] | None:
    ranked = candidates.ranked()
    if not ranked or isinstance(ranked[0][1], Ambiguous):
        return None
    weight = ranked[0][0]
    near = [value for w, value in ranked if w >= weight - 0.35 and isinstance(value, date)]
    if latest and len(near) > 1:  # the earlier ones are for a discount
        value = max(near)
        return Read(value, 0.8, candidates.where(value))
    read = candidates.best()
    return None if read is None or isinstance(read.value, Ambiguous) else Read(read.value, read.sure, read.where)


def _says_more(words: Hits, label: Hit) -> bool:
    """Whether "date" is the beginning of a longer label, of another date ("date of delivery")."""
    others = (*words.get("header.due_date", ()), *words.get("header.delivery_date", ()))
    return any(hit.start <= label.start and label.end < hit.end for hit in others)


def _size(rows: Sequence[Row], index: int, usual: float) -> float:
    """Small print weighs less."""
    return -0.5 if rows[index].height < 0.75 * usual else 0.0
