"""Reads attachments for the route: in one warm child process, which is killed when a document is hostile."""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from functools import cache
from typing import Final

from inbound.documents.format import OCR_LANGUAGES, Engine
from inbound.documents.reader_process import ReaderProcess
from inbound.letter import Attachment
from workflows.reading import Defect, Reading


def read_content(content: bytes, name: str, engine: Engine = "auto") -> Reading | None:
    """The reading of a file that no order is known for; None when it is no document."""
    return _child().read(content, name, engine=engine)


def read_attachment(attachment: Attachment, open_orders: Sequence[str]) -> Reading | None:
    """The reading of *attachment*; None when it is no document."""
    return _child().read(attachment.content, attachment.name, open_orders)


def broken_rules(content: bytes) -> list[Defect]:
    """The rules of EN 16931 that an e-invoice breaks by the norm's own check, read in a child; see `validating`."""
    return _child().broken_rules(content)


def recognise_in(languages: Sequence[str]) -> None:
    """Read pictures in these languages, as tesseract names them, from the next start of the child on."""
    _languages[:] = languages
    _child.cache_clear()


_languages: Final = list(OCR_LANGUAGES)


@cache
def _child() -> ReaderProcess:
    child = ReaderProcess(languages=_languages)
    atexit.register(child.close)
    return child
