"""PDF, read from what its pages show; where it carries an e-invoice, `hybrid_pdf` goes first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.pdf_text import PdfText, read_pdf
from inbound.documents.visible.layout import layout_of
from inbound.documents.visible.page import Row
from inbound.documents.visible.reading import read_rows
from inbound.documents.visible.several import documents_in
from workflows.reading import Defect, DocumentFormat, Reading

NO_TEXT: Final = "The PDF shows pictures only, no text that can be read."
EMPTY: Final = "The PDF shows nothing: its pages are empty."
_SOME_TEXT: Final = re.compile(r"(?:[\W_]*[^\W_]){20}")


def claims(source: Source) -> bool:
    """Whether the content is a PDF (ISO 32000-1, 7.5.2: some write a few bytes before the header)."""
    return b"%PDF-" in source.content[:1024]


def read(source: Source) -> Reading:
    """Read a PDF from its visible text; raises `DocumentUnreadable`."""
    return read_text(read_pdf(source.content, text=not source.textless, attachments=False), source)


def read_text(text: PdfText, source: Source) -> Reading:
    """Read the visible text of an opened PDF, or its pictures where it has none; raises `DocumentUnreadable`."""
    if _SOME_TEXT.match(text.stream) is not None:
        return shown_in(text, source, DocumentFormat.PDF)
    if text.marks == 0 and text.complete:
        raise DocumentUnreadable("empty", EMPTY)
    if not source.pictures:
        raise DocumentUnreadable("no_text", NO_TEXT)
    # Pillow is not asked for before the first picture comes
    from inbound.documents.pictures.opened import pages_of_pdf
    from inbound.documents.pictures.reading import read_pictures

    reading = read_pictures(pages_of_pdf(source.content, source.recognising), source, DocumentFormat.PDF, text.pages)
    if reading is None:
        raise DocumentUnreadable("no_text", NO_TEXT)
    return reading


def shown_in(text: PdfText, source: Source, format: DocumentFormat) -> Reading:  # noqa: A002
    """Read the document, or each of several, that the rows of a file show."""
    parts = documents_in(text.rows)
    first, *further = (
        _with_layout(
            read_rows(
                rows,
                text.stream if len(parts) == 1 else text.stream_of({row.page for row in rows}),
                source.open_orders,
                format,
            ),
            rows if source.layout else [],
        )
        for rows in parts or [[]]
    )
    if text.complete and not further:
        return first
    cut = Defect(
        "pages_left_out", f"The PDF is too long to be read whole: {len(text.streams)} of {text.pages} pages were."
    )
    return replace(first, further=tuple(further), defects=first.defects if text.complete else (*first.defects, cut))


def _with_layout(reading: Reading, rows: Sequence[Row]) -> Reading:
    return replace(reading, layout=layout_of(rows)) if rows else reading


READER: Final = Reader(DocumentFormat.PDF, claims, read)
