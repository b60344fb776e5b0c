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


def _not_yet(name: str) -> Callable[[Source], NoReturn]:
    def read(_: Source) -> NoReturn:
        raise DocumentUnreadable("no_reader", f"{name} cannot be read yet; the file is kept as it came.")

    return read


COMING: Final[tuple[Reader, ...]] = (Reader(DocumentFormat.IMAGE, _image, _not_yet("A picture")),)
