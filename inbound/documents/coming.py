"""Formats that are told by their bytes but not read yet: such a document is filed and told, nothing is guessed.

A format leaves this table when it gets a reader of its own (docs/add-a-document-format.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NoReturn

from inbound.documents.format import DocumentUnreadable, Reader, Source
from workflows.reading import DocumentFormat

SMALLEST_SCAN: Final = 200 * 1024
"""Bytes: smaller pictures are logos and signatures, not photographs of a page."""

_PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")


def _image(source: Source) -> bool:
    return source.content.startswith(_PICTURES) and len(source.content) >= SMALLEST_SCAN


def _xlsx(source: Source) -> bool:
    return source.content.startswith(b"PK\x03\x04") and b"xl/workbook." in source.content


def _ods(source: Source) -> bool:
    return b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in source.content[:200]


def _csv(source: Source) -> bool:
    """Nothing but its name tells a CSV from a note, so both its name and its lines must look like one."""
    lines = source.content[:4096].splitlines()[:3]
    marks = {max(b";,\t", key=line.count) for line in lines}
    return source.name.lower().endswith(".csv") and len(lines) > 1 and len(marks) == 1 and bytes(marks) in lines[0]


def _not_yet(name: str) -> Callable[[Source], NoReturn]:
    def read(_: Source) -> NoReturn:
        raise DocumentUnreadable("no_reader", f"{name} cannot be read yet; the file is kept as it came.")

    return read


COMING: Final[tuple[Reader, ...]] = (
    Reader(DocumentFormat.IMAGE, _image, _not_yet("A picture")),
    Reader(DocumentFormat.XLSX, _xlsx, _not_yet("An Excel sheet")),
    Reader(DocumentFormat.ODS, _ods, _not_yet("An OpenDocument sheet")),
    Reader(DocumentFormat.CSV, _csv, _not_yet("A CSV file")),
)
