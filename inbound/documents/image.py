"""PNG, JPEG, TIFF and HEIC: scans and photographs of documents, read where tesseract is installed."""

from __future__ import annotations

import re
from typing import Final

from inbound.documents.format import DocumentUnreadable, Reader, Source
from workflows.reading import DocumentFormat, Reading

SMALLEST: Final = (500, 700)
"""Pixels of the shorter and the longer side: smaller pictures are logos and signatures, not pages."""

SMALLEST_UNKNOWN: Final = 200 * 1024
"""Bytes of a picture whose size in pixels its first bytes do not tell."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_TIFF: Final = (b"II*\x00", b"MM\x00*")
_HEIC: Final = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_JPEG_SIZE = re.compile(rb"\xff[\xc0\xc1\xc2]..\x08(..)(..)", re.DOTALL)


def claims(source: Source) -> bool:
    """Whether the content is a picture as large as one of a page."""
    content = source.content
    if content.startswith(_PNG):
        return large(int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))
    if content.startswith(b"\xff\xd8\xff"):
        size = _JPEG_SIZE.search(content, 0, 128 * 1024)
        return large(*(int.from_bytes(side) for side in size.groups())) if size else len(content) >= SMALLEST_UNKNOWN
    known = content.startswith(_TIFF) or (content[4:8] == b"ftyp" and content[8:12] in _HEIC)
    return known and len(content) >= 20 * 1024


def large(one: int, other: int) -> bool:
    """Whether a picture of so many pixels by so many can be one of a page."""
    return min(one, other) >= SMALLEST[0] and max(one, other) >= SMALLEST[1]


def read(source: Source) -> Reading | None:
    """Read a picture of a document; None when it shows none. Raises `DocumentUnreadable`."""
    # Pillow is not asked for before the first picture comes
    from inbound.documents.pictures.opened import pages_of_picture
    from inbound.documents.pictures.reading import read_pictures

    try:
        return read_pictures(pages_of_picture(source.content, source.recognising), source, DocumentFormat.IMAGE)
    except DocumentUnreadable as error:
        if error.defect.code == "ocr_missing" and len(source.content) < SMALLEST_UNKNOWN:
            return None  # as likely a banner under a signature: nobody need hear of it
        raise


READER: Final = Reader(DocumentFormat.IMAGE, claims, read)
