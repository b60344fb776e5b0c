"""The visible text of a PDF: rows of cells rebuilt from the characters' places, and the plain stream beside them.

pdfium is not thread-safe, so everything that touches it holds one lock; what comes out is plain values.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from struct import Struct
from typing import Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw

from inbound.documents.format import DocumentUnreadable
from inbound.documents.visible.page import Cell, Row

# pypdfium2 makes its functions from pdfium's headers when it is built, so there is nothing to check types against
pdfium: Any = pypdfium2.raw
library: Any = pypdfium2

MOST_PAGES: Final = 100
REFUSED_PAGES: Final = 1_000
"""Nobody sends such documents to be read: they are refused, not read in part."""
MOST_CHARACTERS: Final = 300_000
_LOCK: Final = threading.Lock()
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\uffff\u00ad\u200b\ufeff]")
_MENDED: Final = re.compile(_CONTROLS.pattern[:-1] + "\ufffe]")
_WORD: Final = re.compile(r"[^\s\x00\x01\x03-\x1f]+")


@dataclass(frozen=True, slots=True)
class PdfText:
    """All that a PDF shows as text, and the files that it carries with their names."""

    rows: tuple[Row, ...]
    streams: Mapping[int, str]
    pages: int
    complete: bool = True
    """Whether all of it was taken: of endless files only the first pages are."""
    attachments: tuple[tuple[str, bytes], ...] = ()
    marks: int | None = None
    """Things on the page that has most of them: letters, lines, pictures; None where nobody counted."""

    @property
    def stream(self) -> str:
        """The plain text of all pages."""
        return "\n".join(self.streams.values())

    def stream_of(self, pages: Collection[int]) -> str:
        """The plain text of some pages."""
        return "\n".join(text for page, text in self.streams.items() if page in pages)


class Word(NamedTuple):
    """A word in points: its edges, its base line counted from the page's foot, the height of its letters."""

    left: float
    right: float
    y: float
    height: float
    text: str


_EDGES: Final = Struct("8f").unpack_from
"""Two boxes as pdfium writes them (`FS_RECTF`): left, top, right, bottom of each."""

_height_on_page = attrgetter("y")
_place_in_row = attrgetter("left")


def read_pdf(
    content: bytes, *, text: bool = True, attachments: bool = True, largest_attachment: int = 20 * 1024 * 1024
) -> PdfText:
    """Take text and attachments out of a PDF; raises `DocumentUnreadable` when it is broken or locked."""
    with opened(content) as document:
        pages = len(document)
        if pages > REFUSED_PAGES:
            raise DocumentUnreadable("too_large", f"The PDF has {pages} pages; at most {REFUSED_PAGES} are looked at.")
        files = tuple(_attachments(document, largest_attachment)) if attachments else ()
        rows: list[Row] = []
        streams: dict[int, str] = {}
        left, marks = MOST_CHARACTERS, 0
        for number in range(min(pages, MOST_PAGES) if text else 0):
            with _page(document, number) as (page, textpage):
                marks = max(marks, pdfium.FPDFPage_CountObjects(page))
                count = min(pdfium.FPDFText_CountChars(textpage), left)
                left -= count
                if count > 0:
                    said = _text(textpage, count)
                    streams[number + 1] = scrub(said)
                    rows.extend(rows_of(number + 1, _words(textpage, said)))
    complete = left > 0 and pages <= MOST_PAGES
    return PdfText(tuple(rows), streams, pages, complete, files, marks if text else None)


def scrub(text: str) -> str:
    """Mend what pdfium hands out: hyphens at a line's end (U+0002, U+FFFE), lone surrogates, controls."""
    if _MENDED.search(text) is None:
        return text
    text = text.replace("\x02", "-").replace("\ufffe", "-").replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text)


def _text(textpage: Any, count: int) -> str:
    """The page's characters, one for each of pdfium's, so that a place in the text is a place on the page."""
    units = ctypes.create_string_buffer(2 * count + 2)
    got = pdfium.FPDFText_GetText(textpage, 0, count, ctypes.cast(units, ctypes.POINTER(ctypes.c_ushort)))
    text = units.raw[: 2 * max(got - 1, 0)].decode("utf-16-le", "surrogatepass")
    if len(text) == count:
        return text
    codes = (pdfium.FPDFText_GetUnicode(textpage, index) for index in range(count))
    return "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """pdfium's document, for one at a time; raises `DocumentUnreadable` when it is broken or locked."""
    with _LOCK:
        try:
            document = library.PdfDocument(content)
        except library.PdfiumError as error:
            if "assword" in str(error):
                raise DocumentUnreadable("locked", "The PDF is protected with a password.") from error
            raise DocumentUnreadable("unreadable", "The PDF is damaged.") from error
        try:
            yield document
        except library.PdfiumError as error:
            raise DocumentUnreadable("unreadable", "The PDF is damaged.") from error
        finally:
            document.close()


@contextmanager
def _page(document: Any, number: int) -> Iterator[tuple[Any, Any]]:
    """pdfium's page, counted from 0, and its text; the library's own objects of both take a tenth of a page's time."""
    page = pdfium.FPDF_LoadPage(document.raw, number)
    textpage = pdfium.FPDFText_LoadPage(page) if page else None
    try:
        if not textpage:
            raise DocumentUnreadable("unreadable", "The PDF is damaged.")
        yield page, textpage
    finally:
        if textpage:
            pdfium.FPDFText_ClosePage(textpage)
        if page:
            pdfium.FPDF_ClosePage(page)


def _attachments(document: Any, largest: int) -> Iterator[tuple[str, bytes]]:
    for index in range(min(document.count_attachments(), 50)):
        try:
            attachment = document.get_attachment(index)
            name, data = scrub(attachment.get_name()), bytes(attachment.get_data())
        except library.PdfiumError:  # an entry without a file: the visible text is still there
            continue
        if len(data) <= largest:
            yield name, data


def _words(textpage: Any, text: str) -> list[Word]:
    """The words of a page in the stream's order, each on one base line; what is set upright on its side is left out.

    pdfium parts words itself, so only the first and the last character of a word are asked for their place; where
    those do not lie as those of one word do, each of its characters is.
    """
    words: list[Word] = []
    boxes = (pdfium.FS_RECTF * 2)()  # of the first character and of the last
    x, y = ctypes.c_double(), ctypes.c_double()
    highest, lowest, base = 0.0, 0.0, 0.0
    box, origin = _unchecked(pdfium.FPDFText_GetLooseCharBox), _unchecked(pdfium.FPDFText_GetCharOrigin)
    angle = _unchecked(pdfium.FPDFText_GetCharAngle)
    angle.restype = ctypes.c_float
    handle = ctypes.cast(textpage, ctypes.c_void_p)
    to_first, to_last, to_x, to_y = (ctypes.byref(one) for one in (*boxes, x, y))
    for found in _WORD.finditer(text):
        start, stop = found.span()
        if stop - start == 1 and box(handle, start, to_first) and origin(handle, start, to_x, to_y):
            word = scrub(found[0])
            if word and angle(handle, start) <= 0.1:
                left, top, right, bottom, *_ = _EDGES(boxes)
                words.append(Word(left, right, y.value, max(top - bottom, 1.0), word))
            continue
        if stop - start > 1 and box(handle, start, to_first) and box(handle, stop - 1, to_last):
            left, top, _, bottom, _, last_top, right, last_bottom = _EDGES(boxes)
            height = max(top - bottom, 1.0)
            level = -0.1 * height < last_bottom - bottom < 0.1 * height > abs(last_top - top)
            together = 0 < right - left < 0.8 * height * (stop - start)
            # what has its neighbour's top and foot stands on its base line
            known = top == highest and bottom == lowest
            if level and together and (known or origin(handle, start, to_x, to_y)):
                if not known:
                    highest, lowest, base = top, bottom, y.value
                word = found[0]
                if not word.isascii() or "\x02" in word:
                    word = scrub(word)
                words.append(Word(left, right, base, height, word))
                continue
        words.extend(_letters(textpage, text, start, stop))
    return words


def _unchecked(function: Any) -> Any:
    """The same function of pdfium without the look at its arguments that ctypes takes at each call.

    That look costs more than the call, and these are called for every word; what they are given is made right here.
    """
    return type(function)(ctypes.cast(function, ctypes.c_void_p).value)


def _letters(textpage: Any, text: str, start: int, stop: int) -> Iterator[Word]:
    """Characters joined to words by their base lines and the gaps between them."""
    word: Word | None = None
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(start, stop):
        character = scrub(text[index])
        if not character or not pdfium.FPDFText_GetLooseCharBox(textpage, index, box):
            continue
        if (
            not pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
            or pdfium.FPDFText_GetCharAngle(textpage, index) > 0.1
        ):
            continue
        height = max(box.top - box.bottom, 1.0)
        if (
            word is None
            or abs(word.y - y.value) > 0.2 * height
            or not -0.75 * height < box.left - word.right < 0.2 * height  # letters of a ligature stand on each other
        ):
            if word is not None:
                yield word
            word = Word(box.left, box.right, y.value, height, character)
        else:
            word = word._replace(text=word.text + character, right=max(word.right, box.right))
    if word is not None:
        yield word


def rows_of(page: int, words: list[Word]) -> Iterator[Row]:
    """Gather words on one base line into rows, and words near each other into cells."""
    line: list[Word] = []
    for word in sorted(words, key=_height_on_page, reverse=True):
        if line and line[0].y - word.y > 0.3 * min(line[0].height, word.height):
            yield _row(page, line)
            line = []
        line.append(word)
    if line:
        yield _row(page, line)


def _row(page: int, words: list[Word]) -> Row:
    words.sort(key=_place_in_row)
    left, right, y, tallest, text = words[0]
    cells: list[Cell] = []
    for begin, end, _, height, more in words[1:]:
        gap = begin - right
        if height > tallest:
            tallest = height
        if gap > 0.75 * height:
            cells.append(Cell(left, right, text))
            left, right, text = begin, end, more
            continue
        text = f"{text} {more}" if gap > 0.12 * height else text + more
        if end > right:
            right = end
    cells.append(Cell(left, right, text))
    return Row(page, y, tallest, tuple(cells))
