"""PDF, read from what its pages show; where it carries an e-invoice, `hybrid_pdf` goes first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.pdf_text import PdfText, read_pdf
from inbound.documents.visible.reading import read_rows
from inbound.documents.visible.several import documents_in
from workflows.reading import DocumentFormat, Reading

_SOME_TEXT: Final = re.compile(r"(?:[\W_]*[^\W_]){20}")


def claims(source: Source) -> bool:
    """Whether the content is a PDF (ISO 32000-1, 7.5.2: some write a few bytes before the header)."""
    return b"%PDF-" in source.content[:1024]


def read(source: Source) -> Reading:
    """Read a PDF from its visible text; raises `DocumentUnreadable`."""
    return read_text(read_pdf(source.content, attachments=False), source)


def read_text(text: PdfText, source: Source) -> Reading:
    """Read the visible text of an opened PDF; raises `DocumentUnreadable` when there is none."""
    if _SOME_TEXT.match(text.stream) is None:
        raise DocumentUnreadable("no_text", "The PDF shows pictures only, no text that can be read.")
    documents = documents_in(text.rows)
    if len(documents) < 2:
        return read_rows(text.rows, text.stream, source.open_orders, DocumentFormat.PDF)
    first, *further = (
        read_rows(rows, text.stream_of({row.page for row in rows}), source.open_orders, DocumentFormat.PDF)
        for rows in documents
    )
    return replace(first, further=tuple(further))


READER: Final = Reader(DocumentFormat.PDF, claims, read)
