"""A document read from pictures of its pages: straightened, recognised, then read as a text document is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from PIL import Image

from inbound.documents.format import DocumentUnreadable, Source
from inbound.documents.pdf import shown_in
from inbound.documents.pdf_text import PdfText
from inbound.documents.pictures import tesseract
from inbound.documents.pictures.cleaned import cleaned
from inbound.documents.pictures.languages import language_of
from inbound.documents.pictures.opened import MOST_PAGES
from inbound.documents.pictures.seen import readable, rows_seen, sureness
from inbound.documents.pictures.straight import on_its_head, straightened
from inbound.documents.pictures.tesseract import SeenWord, recognise
from inbound.documents.visible.page import Row
from inbound.documents.visible.reading import SURE_ENOUGH
from workflows.reading import Defect, DocumentFormat, Reading

SECONDS: Final = 60.0
"""What all pages of one document may take."""

FEWEST_WORDS: Final = 8
"""A picture with fewer is no document: a logo, a photograph of goods."""

READ_BY_OCR: Final = "read by OCR"
_DOUBTED: Final = ("number", "issue_date", "due_date", "delivery_date")


@dataclass(slots=True)
class _Seen:
    rows: list[Row]
    streams: dict[int, str]
    words: list[SeenWord]
    cut: bool = False


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
    seen = _see(pages, wanted)
    if len(seen.words) < FEWEST_WORDS:
        return None
    reading = shown_in(PdfText(tuple(seen.rows), seen.streams, count), source, format)
    reading = replace(reading, further=tuple(_doubted(one, seen) for one in reading.further))
    defects = [Defect("read_by_ocr", "The document is a picture; it was read by text recognition.")]
    if seen.cut or count > MOST_PAGES:
        defects.append(Defect("ocr_partial", "Not every page of the picture was read."))
    reading = _doubted(reading, seen)
    return replace(reading, defects=(*defects, *reading.defects))


def _see(pages: Iterable[tuple[int, Image.Image]], wanted: list[str]) -> _Seen:
    """Every page's words within the time; the first page tells the language."""
    seen = _Seen([], {}, [])
    until = time.monotonic() + SECONDS
    spoken: str | None = None
    for number, picture in pages:
        try:
            words, height, spoken = _words_of(cleaned(straightened(picture)), wanted, spoken, until)
        except DocumentUnreadable as error:
            if error.defect.code != "timeout" or not seen.rows:
                raise
            seen.cut = True
            break
        rows, seen.streams[number] = rows_seen(number, height, words)
        seen.rows.extend(rows)
        seen.words.extend(words)
    return seen


def _words_of(
    page: Image.Image, wanted: list[str], spoken: str | None, until: float
) -> tuple[list[SeenWord], int, str | None]:
    """The words of a page, turned by half where that makes more of it readable, in the language that they are of."""
    first = spoken or _first_try(wanted)
    words = recognise(page, first, until - time.monotonic())
    if sureness(words) < 0.75 or readable(words) < FEWEST_WORDS:
        other_page = on_its_head(page)
        others = recognise(other_page, first, until - time.monotonic())
        if readable(others) > readable(words):
            words, page = others, other_page
    if spoken is None:
        told = language_of(words, wanted)
        spoken = told or first
        if told is not None and told != first:
            words = recognise(page, told, until - time.monotonic())
    return words, page.height, spoken


def _first_try(wanted: list[str]) -> str:
    """Latin and Cyrillic letters, so that the words tell the language: what is not of it is a little misread."""
    latin = next((language for language in wanted if language != "ukr"), None)
    return "+".join(language for language in (latin, "ukr" if "ukr" in wanted else None) if language)


def _doubted(reading: Reading, seen: _Seen) -> Reading:
    """What stands in words that were hardly recognised is withheld; sums are checked by their arithmetic."""
    sure: dict[str, float] = dict(reading.sure)
    gone: dict[str, Any] = {}
    where = {name: f"{place}, {READ_BY_OCR}" for name, place in reading.where.items()}
    whole = sureness(seen.words)
    for name in _DOUBTED:
        if getattr(reading, name) is not None:
            text = getattr(reading, name) if name == "number" else None
            own = min((word.sure / 100 for word in seen.words if text is not None and text in word.text), default=whole)
            sure[name] = round(min(sure.get(name, 1.0), 0.25 + 0.75 * own), 2)
            if sure[name] < SURE_ENOUGH:
                gone[name] = None
    return replace(reading, sure=sure, where=where, **gone)
