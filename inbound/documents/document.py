"""One document: told by its bytes, read by the first format that claims it, shown as JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from inbound.documents import cii, fattura_pa, hybrid_pdf, image, ksef, pdf, signed, ubl, zipped
from inbound.documents.as_json import reading_as_json as reading_as_json
from inbound.documents.format import LARGEST, DocumentUnreadable, Engine, Reader, Source, unread
from inbound.documents.sheets import readers as sheets
from workflows.reading import DocumentFormat, Reading


def _read_signed(source: Source) -> Reading | None:
    """Read what is in a signed envelope as if it had come by itself."""
    inner = replace(source, content=signed.content_of(source.content), name=source.name[: -len(".p7m")])
    return read_source(inner)


FORMATS: Final[tuple[Reader, ...]] = (
    ubl.READER,
    cii.READER,
    fattura_pa.READER,
    ksef.READER,
    Reader(DocumentFormat.OTHER, signed.claims, _read_signed),
    hybrid_pdf.READER,
    pdf.READER,
    image.READER,
    sheets.XLSX,
    sheets.ODS,
    sheets.OLD,
    zipped.READER,
    sheets.CSV,
)
"""Every format that is read, in the order in which they are asked (docs/add-a-document-format.md)."""

_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:[ \t]?[^\r\n]*")
_MAIL_HEADERS: Final = frozenset(
    b"from to cc bcc subject date message-id received return-path delivered-to mime-version content-type sender"
    b" reply-to x-original-to references in-reply-to dkim-signature authentication-results".split()
)


def read_document(
    content: bytes, name: str = "", *, open_orders: Sequence[str] = (), engine: Engine = "auto"
) -> Reading | None:
    """Read one attachment or file; None when it is no document (a signature image, a vCard).

    `open_orders` are the numbers of the orders that are open with the sender, looked for in the visible text.
    With `engine="text"` a hybrid PDF is read from its visible text alone. What cannot be read answers with defects;
    nothing is raised.
    """
    return read_source(Source(content, name, tuple(open_orders), engine))


def read_source(source: Source) -> Reading | None:
    """Read a document with all that helps to read it; see `read_document`."""
    reader = reader_of(source)
    if reader is None:
        return None
    if len(source.content) > LARGEST:
        return unread(reader.format, "too_large", f"The document is larger than {LARGEST // 1024**2} MB.")
    try:
        return reader.read(source)
    except DocumentUnreadable as error:
        return unread(reader.format, error.defect.code, error.defect.text)


def reader_of(source: Source) -> Reader | None:
    """The first format that claims the content by its bytes; None when it is no document."""
    return next((reader for reader in FORMATS if reader.claims(source)), None)


def is_mail(content: bytes) -> bool:
    """Whether the content begins with header lines as a mail does, whatever its name (RFC 5322 section 2.2)."""
    lines = content[:8192].lstrip(b"\r\n").splitlines()
    if lines and lines[0].startswith(b"From "):  # an mbox's own line
        lines = lines[1:]
    for line in lines:
        if not line:
            return False
        if line[:1] in b" \t":
            continue
        if _HEADER_LINE.fullmatch(line) is None:
            return False
        if line.split(b":", 1)[0].strip().lower() in _MAIL_HEADERS:
            return True
    return False
