"""A document read from pictures of its pages: straightened, recognised, then read as a text document is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final

from PIL import Image

from inbound.documents.format import DocumentUnreadable, Source
from inbound.documents.pdf import shown_in
from inbound.documents.pdf_text import PdfText
from inbound.documents.pictures import tesseract
from inbound.documents.pictures.opened import MOST_PAGES
from inbound.documents.pictures.seeing import FEWEST_WORDS, Eyes, Seen
from inbound.documents.pictures.seen import sureness
from inbound.documents.visible.currency import times_seen
from inbound.documents.visible.reading import OPEN_ORDERS, SURE_ENOUGH
from workflows.reading import Defect, DocumentFormat, DocumentKind, Layout, Reading

_FIGURES: Final = re.compile(r"\d+")
_LOOKALIKES: Final = re.compile(
    r"[АВЕІКМНОРСТУХЅЈаеіорсухѕј]|(?<=[A-Z\d])[ol](?=\d)|(?<=\d)[OI](?=\d)|(?<=[A-Z])0(?=[\-/])"
)
"""Cyrillic letters that look as Latin ones do, and letters that look as digits amid digits: a picture does not tell."""
READ_BY_OCR: Final = "read by OCR"
_DOUBTED: Final = ("number", "issue_date", "due_date", "delivery_date")
_ALONE: Final = ("number", "issue_date", "currency")
_SEEN_TWICE: Final = 0.85
_TWICE: Final = 2
_SUMS: Final = ("net", "tax", "gross", "prepaid", "due", "lines", "charges")


def read_pictures(
    pages: Iterable[tuple[int, Image.Image]],
    source: Source,
    format: DocumentFormat,  # noqa: A002 - the field's own name
    count: int = 1,
) -> Reading | None:
    """Read a document from its pages' pictures; None when there are hardly any words on them.

    `count` is how many pages it has. Raises `DocumentUnreadable`, with `ocr_missing` where tesseract is not installed.
    """
    wanted = [language for language in source.languages if language in tesseract.languages()]
    if tesseract.program() is None or not wanted:
        raise DocumentUnreadable("ocr_missing", tesseract.MISSING)
    eyes = Eyes(wanted)
    seen = eyes.see(pages)
    if len(seen.words) < FEWEST_WORDS:
        return None
    reading = _read(seen, source, format, count)
    if not reading.further and _lacks(reading) and (again := eyes.see_again()) is not None:
        reading = _filled(reading, _read(again, source, format, count))
    defects = [Defect("read_by_ocr", "The document is a picture; it was read by text recognition.")]
    if seen.cut or count > MOST_PAGES:
        defects.append(Defect("ocr_partial", "Not every page of the picture was read."))
    return replace(reading, defects=(*defects, *reading.defects))


def _read(seen: Seen, source: Source, format: DocumentFormat, count: int) -> Reading:  # noqa: A002
    reading = shown_in(PdfText(tuple(seen.rows), seen.streams, count), source, format)
    return _doubted(replace(reading, further=tuple(_doubted(one, seen) for one in reading.further)), seen)


def _lacks(reading: Reading) -> bool:
    """Whether something is missing that most documents say."""
    return reading.kind is DocumentKind.OTHER or None in (reading.number, reading.issue_date, reading.gross)


def _filled(reading: Reading, other: Reading) -> Reading:
    """A reading with what it lacks taken from a second look at the same pages; what they read differently is open."""
    unsure = (DocumentKind.OTHER, DocumentKind.INVOICE)
    if reading.kind is not other.kind and reading.kind not in unsure and other.kind not in unsure:
        return replace(reading, kind=DocumentKind.OTHER)
    if reading.kind is not other.kind:
        # of two kinds the one that creates nothing: what calls itself more than an invoice is none
        return other if reading.kind in unsure and other.kind is not DocumentKind.OTHER else reading
    taken = [name for name in _ALONE if getattr(reading, name) is None]
    taken += _SUMS if reading.gross is None and other.gross is not None else ()
    values = {name: getattr(other, name) for name in taken}
    if reading.currency is not None and other.currency is None and reading.sure.get("currency", 0.0) < _SEEN_TWICE:
        values["currency"] = None  # a sign that is not seen again may be a figure
    for name in _ALONE:
        if None not in (getattr(reading, name), getattr(other, name)) and getattr(reading, name) != getattr(
            other, name
        ):
            values[name] = None
    sure = dict(reading.sure) | {name: other.sure[name] for name in taken if name in other.sure}
    where = dict(reading.where) | {name: other.where[name] for name in taken if name in other.where}
    return replace(reading, sure=sure, where=where, **values)


def _doubted(reading: Reading, seen: Seen) -> Reading:
    """What stands in words that were hardly recognised is withheld; sums are checked by their arithmetic."""
    sure: dict[str, float] = dict(reading.sure)
    gone: dict[str, Any] = {}
    whole = sureness(seen.words)
    for name in _DOUBTED:
        value = getattr(reading, name)
        if value is not None:
            words = seen.of_row.get(reading.where.get(name, ""), [])
            own = min((word.sure / 100 for word in words if _is_in(value, word.text)), default=whole)
            sure[name] = round(min(sure.get(name, 1.0), 0.25 + 0.75 * own), 2)
            if sure[name] < SURE_ENOUGH:
                gone[name] = None
    if reading.number is not None and _LOOKALIKES.search(reading.number):
        gone["number"], sure["number"] = None, min(sure.get("number", 0.5), 0.5)
    if reading.kind is DocumentKind.INVOICE and sure.get("kind", 0.0) < SURE_ENOUGH:
        gone["kind"] = DocumentKind.OTHER  # it may call itself what was not recognised
    if reading.currency is not None and times_seen(reading.currency, seen.rows) < _TWICE:
        gone["currency"], sure["currency"] = None, 0.5  # a sign that is seen once may be a figure
    known = reading.where.get("orders") == OPEN_ORDERS
    if not known and any(_LOOKALIKES.search(order) for order in reading.orders):
        gone["orders"], sure["orders"] = (), 0.5
    where = {name: f"{place}, {READ_BY_OCR}" for name, place in reading.where.items()}
    return replace(reading, sure=sure, where=where, layout=_sure_places(reading.layout, seen), **gone)


def _sure_places(layout: Layout | None, seen: Seen) -> Layout | None:
    """A layout without the places whose words were hardly recognised: nothing is to be learnt or read there."""
    if layout is None:
        return None
    unsure = [word.text for word in seen.words if 0.25 + 0.75 * word.sure / 100 < SURE_ENOUGH]
    doubted = {part for text in unsure for part in text.strip(" #.:,;()[]").split() if part}
    places = (place for place in layout.places if doubted.isdisjoint(place.text.split()))
    return replace(layout, places=tuple(places))


def _is_in(value: str | date, word: str) -> bool:
    """Whether a word is one of those that a number or a day was read from."""
    if isinstance(value, str):
        return value in word or word.strip(":.") in value.split()
    return any(figure.lstrip("0") in (str(value.day), str(value.year)) for figure in _FIGURES.findall(word))
