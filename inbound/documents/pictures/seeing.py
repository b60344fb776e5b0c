"""The pages of a document recognised one after the other: turned the right way up, in their own language."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from PIL import Image

from inbound.documents.format import DocumentUnreadable
from inbound.documents.pictures.cleaned import cleaned
from inbound.documents.pictures.languages import language_of
from inbound.documents.pictures.seen import readable, rows_near, rows_seen, sureness
from inbound.documents.pictures.straight import on_its_head, straightened
from inbound.documents.pictures.tesseract import SeenWord, recognise
from inbound.documents.visible.page import Row

SECONDS: Final = 60.0
"""What all pages of one document may take."""

FEWEST_WORDS: Final = 8
"""A picture with fewer is no document: a logo, a photograph of goods."""

ONE_BLOCK: Final = 6
"""tesseract's way to see a page as one block of text, whose lines go from edge to edge, as those of tables do."""

BLOCKS: Final = 3
"""Its way to part a page into blocks first: better where columns stand beside each other at different heights."""


@dataclass(slots=True)
class Seen:
    """What was recognised on all pages, and whether some were left out for lack of time."""

    rows: list[Row] = field(default_factory=list)
    streams: dict[int, str] = field(default_factory=dict)
    words: list[SeenWord] = field(default_factory=list)
    of_row: dict[str, list[SeenWord]] = field(default_factory=dict)
    """The words by the place of their row, as readings name it."""
    cut: bool = False

    def add(self, number: int, height: int, words: list[SeenWord]) -> None:
        """Keep what a page says."""
        rows, self.streams[number] = rows_seen(number, height, words)
        self.rows.extend(rows)
        self.words.extend(words)
        for word in words:
            for row in rows_near(rows, height, word):
                self.of_row.setdefault(row.where, []).append(word)


class Eyes:
    """Sees pages within the time that a document may take, and keeps them for a second look."""

    def __init__(self, languages: list[str]) -> None:
        self._languages = languages
        self._spoken: str | None = None
        self._pages: list[tuple[int, Image.Image]] = []
        self._until = time.monotonic() + SECONDS

    def see(self, pages: Iterable[tuple[int, Image.Image]]) -> Seen:
        """Every page's words, each seen as one block; the first page tells the language."""
        seen = Seen()
        for number, picture in pages:
            try:
                words, page = self._upright(cleaned(straightened(picture)))
            except DocumentUnreadable as error:
                if error.defect.code != "timeout" or not seen.rows:
                    raise
                seen.cut = True
                break
            self._pages.append((number, page))
            seen.add(number, page.height, words)
        return seen

    def see_again(self) -> Seen | None:
        """The same pages parted into blocks; None where there is no time left."""
        seen = Seen()
        try:
            for number, page in self._pages:
                seen.add(number, page.height, self._recognise(page, self._spoken or "", BLOCKS))
        except DocumentUnreadable:
            return None
        return seen

    def _upright(self, page: Image.Image) -> tuple[list[SeenWord], Image.Image]:
        """The words of a page, turned by half where that makes more of it readable, in the language they are of."""
        first = self._spoken or self._first_try()
        words = self._recognise(page, first)
        if sureness(words) < 0.75 or readable(words) < FEWEST_WORDS:
            turned = on_its_head(page)
            others = self._recognise(turned, first)
            if readable(others) > readable(words):
                words, page = others, turned
        if self._spoken is None:
            told = language_of(words, self._languages)
            # Latin letters are met in Cyrillic documents too, as currencies and accounts
            self._spoken = f"ukr+{first.split('+')[0]}" if told == "ukr" and first != "ukr" else told or first
            if self._spoken != first:
                words = self._recognise(page, self._spoken)
        return words, page

    def _recognise(self, page: Image.Image, spoken: str, layout: int = ONE_BLOCK) -> list[SeenWord]:
        return recognise(page, spoken, self._until - time.monotonic(), layout)

    def _first_try(self) -> str:
        """Latin and Cyrillic letters, so that the words tell the language: what is not of it is a little misread."""
        latin = next((language for language in self._languages if language != "ukr"), None)
        return "+".join(language for language in (latin, "ukr" if "ukr" in self._languages else None) if language)
