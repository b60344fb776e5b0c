"""The visible text of a PDF: rows of cells rebuilt from the characters' places, and the plain stream beside them.

pdfium is not thread-safe, so everything that touches it holds one lock; what comes out is plain values.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw

from inbound.documents.format import DocumentUnreadable
from inbound.documents.visible.page import Cell, Row

# pypdfium2 makes its functions from pdfium's headers when it is built, so there is nothing to check types against
pdfium: Any = pypdfium2.raw
library: Any = pypdfium2

MOST_PAGES: Final = 100
MOST_CHARACTERS: Final = 300_000
_LOCK: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class PdfText:
    """All that a PDF shows as text, and the files that it carries with their names."""

    rows: tuple[Row, ...]
    stream: str
    pages: int
    attachments: tuple[tuple[str, bytes], ...] = ()


@dataclass(slots=True)
class _Word:
    left: float
    right: float
    y: float
    height: float
    text: str


def read_pdf(content: bytes, *, attachments: bool = True, largest_attachment: int = 20 * 1024 * 1024) -> PdfText:
    """Take text and attachments out of a PDF; raises `DocumentUnreadable` when it is broken or locked."""
    with _opened(content) as document:
        files = tuple(_attachments(document, largest_attachment)) if attachments else ()
        rows: list[Row] = []
        streams: list[str] = []
        left = MOST_CHARACTERS
        pages = len(document)
        for number in range(min(pages, MOST_PAGES)):
            page = document[number]
            textpage = page.get_textpage()
            try:
                count = min(textpage.count_chars(), left)
                left -= count
                if count > 0:
                    streams.append(scrub(textpage.get_text_range(0, count)))
                    rows.extend(_rows(number + 1, _words(textpage.raw, count)))
            finally:
                textpage.close()
                page.close()
    return PdfText(tuple(rows), "\n".join(streams), pages, files)


def scrub(text: str) -> str:
    """Mend what pdfium hands out: U+0002 is a hyphen at a line's end, lone surrogates and controls are nothing."""
    text = text.replace("\x02", "-").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff\u00ad\u200b\ufeff]", "", text)


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
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


def _attachments(document: Any, largest: int) -> Iterator[tuple[str, bytes]]:
    for index in range(min(document.count_attachments(), 50)):
        try:
            attachment = document.get_attachment(index)
            name, data = scrub(attachment.get_name()), bytes(attachment.get_data())
        except library.PdfiumError:  # an entry without a file: the visible text is still there
            continue
        if len(data) <= largest:
            yield name, data


def _words(textpage: Any, count: int) -> list[_Word]:
    """Join characters to words, in the stream's order, by their base line and the gaps between them."""
    words: list[_Word] = []
    word: _Word | None = None
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if (code <= 32 and code != 2) or code in (0xA0, 0x2007, 0x2009, 0x202F):
            word = None
            continue
        character = chr(code) if 32 < code < 127 else scrub(chr(code))
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
            or not -0.5 * height < box.left - word.right < 0.2 * height
        ):
            word = _Word(box.left, box.right, y.value, height, character)
            words.append(word)
        else:
            word.text += character
            word.right = max(word.right, box.right)
    return words


def _rows(page: int, words: list[_Word]) -> Iterator[Row]:
    """Gather words on one base line into rows, and words near each other into cells."""
    line: list[_Word] = []
    for word in sorted(words, key=lambda w: -w.y):
        if line and line[0].y - word.y > 0.3 * min(line[0].height, word.height):
            yield _row(page, line)
            line = []
        line.append(word)
    if line:
        yield _row(page, line)


def _row(page: int, words: list[_Word]) -> Row:
    words = sorted(words, key=lambda w: w.left)
    cells: list[Cell] = []
    for word in words:
        last = cells[-1] if cells else None
        gap = word.left - last.right if last else 0.0
        if last is None or gap > 0.75 * word.height:
            cells.append(Cell(word.left, word.right, word.text))
        else:
            joint = " " if gap > 0.12 * word.height else ""
            cells[-1] = Cell(last.left, max(last.right, word.right), last.text + joint + word.text)
    return Row(page, words[0].y, max(w.height for w in words), tuple(cells))
