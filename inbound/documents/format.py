"""What a reader of a format is: how it knows its documents by their bytes, and how it reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from workflows.reading import Defect, DocumentFormat, Reading

Engine = Literal["auto", "text"]

LARGEST: Final = 30 * 1024 * 1024
"""Bytes; a larger document is answered with the defect `too_large`."""


OCR_LANGUAGES: Final = ("eng", "deu", "fra", "ita", "spa", "nld", "pol", "por", "ukr")
"""The languages in which pictures are read where they are installed, as tesseract names them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document as it came, and what helps to read it: the numbers of the orders that are open with its sender."""

    content: bytes
    name: str = ""
    open_orders: tuple[str, ...] = ()
    engine: Engine = "auto"
    pictures: bool = True
    """Whether pages without text are read by text recognition, which takes a hundred times as long."""
    languages: tuple[str, ...] = OCR_LANGUAGES
    recognising: float = 0.0
    """Seconds of work for drawing and recognition, where opening the pages has a limit of its own; 0: it has none."""
    textless: bool = False
    """Whether it was looked at before, and its pages have no text."""
    layout: bool = False
    """Whether it is wanted how the page is laid out, to learn from corrections."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: `claims` looks at the first bytes only and is cheap; `read` may raise `DocumentUnreadable`."""

    format: DocumentFormat
    claims: Callable[[Source], bool]
    read: Callable[[Source], Reading | None]


class DocumentUnreadable(Exception):
    """Raised when a document is of a reader's format but broken, locked or beyond a limit."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.defect = Defect(code, text)


def unread(format: DocumentFormat, code: str, text: str) -> Reading:  # noqa: A002 - the field's own name
    """Answer for a document from which nothing could be read."""
    return Reading(format=format, defects=(Defect(code, text),))
