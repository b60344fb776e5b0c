"""Recognised words as the rows of the page model that the text reader takes, and how sure each row is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from statistics import median
from typing import Final

from inbound.documents.pdf_text import Word, rows_of
from inbound.documents.pictures.tesseract import SeenWord
from inbound.documents.visible.page import Row

_SAYS_NOTHING: Final = re.compile(r"[\W_]+")
_NUMBER_SIGN: Final = re.compile(r"(?:М[ео]|Ме|Ne|№|[nN][*°º’?”])[.:]?")
"""What the sign for a number is mostly taken for."""

_LEGAL_FORM: Final = re.compile(r"[0Oo]\.[0Oo]\.?(?<!o\.o\.)(?<!o\.o)")
"""What Polish companies end in, with noughts for its letters: no number has two dots so."""

_KEPT: Final = frozenset("€$£₴-–—%#&№+/:")
_ASCENDS: Final = re.compile(r"[A-Z0-9À-ÞbdfhkltßА-ЯІЇЄҐбії€$£(/|]")
_DESCENDS: Final = re.compile(r"[gjpqyçQ,;(/|рфуцщ]")
_POINTS_A_PIXEL: Final = 72 / 300


def rows_seen(page: int, height: int, words: Sequence[SeenWord]) -> tuple[list[Row], str]:
    """The rows of a page that is *height* pixels high, and its words as a stream."""
    lines: dict[tuple[str, ...], list[Word]] = {}
    for word in words:
        if _says_something(word):
            lines.setdefault(word.line, []).append(_placed(height, word))
    tall: list[Word] = []
    level = [placed for line in lines.values() for placed in _level(line, tall)]
    level += [_beside_its_neighbour(word, level) for word in tall]
    rows = list(rows_of(page, level))
    return rows, "\n".join(row.text for row in rows)


def rows_near(rows: Sequence[Row], height: int, word: SeenWord) -> Iterator[Row]:
    """The rows that a word's box touches."""
    top, foot = (height - word.top) * _POINTS_A_PIXEL, (height - word.top - word.height) * _POINTS_A_PIXEL
    return (row for row in rows if foot - 2 < row.y < top)


def _level(line: Sequence[Word], tall: list[Word]) -> list[Word]:
    """The words of a line on its base line; one that lies far off keeps its own, for columns may be shifted.

    A box far too tall reaches over two rows and tells neither: such words go to *tall*.
    """
    base, height = median(word.y for word in line), median(word.height for word in line)
    placed = []
    for word in line:
        if abs(word.y - base) < 0.5 * height or len(line) == 1:
            placed.append(word._replace(y=base, height=height))
        elif word.height > 1.4 * height:
            tall.append(word._replace(y=base))
        else:
            placed.append(word._replace(height=height))
    return placed


def _beside_its_neighbour(word: Word, others: Sequence[Word]) -> Word:
    """A word over two rows belongs to the one in which the next word is nearest."""
    beside = [
        (max(one.left - word.right, word.left - one.right), abs(one.y - word.y), one)
        for one in others
        if abs(one.y - word.y) < word.height and (one.left > word.right - 2 or one.right < word.left + 2)
    ]
    if not beside:
        return word
    one = min(beside, key=itemgetter(0, 1))[2]
    if any(abs(o.y - one.y) < 1 and o.left < word.right - 2 and word.left + 2 < o.right for o in others):
        return word  # its place there is taken
    return word._replace(y=one.y, height=one.height)


def sureness(words: Sequence[SeenWord]) -> float:
    """How sure the words of a page are on the whole, 0 to 1: long words count more."""
    letters = sum(len(word.text) for word in words)
    return sum(word.sure * len(word.text) for word in words) / (100 * letters) if letters else 0.0


def readable(words: Sequence[SeenWord]) -> int:
    """How many words were recognised without much doubt: what tells a page that stands on its head."""
    return sum(1 for word in words if word.sure > 60 and sum(c.isalnum() for c in word.text) >= 3)


def _says_something(word: SeenWord) -> bool:
    """Rules, stains and frames are taken for strokes and dashes; they are no words."""
    if _SAYS_NOTHING.fullmatch(word.text) and not set(word.text) <= _KEPT:
        return False
    return word.sure > 20 or len(word.text) > 3


def _placed(page_height: int, word: SeenWord) -> Word:
    """The word on its base line in points: the box of "page" reaches under it, that of "Hat" does not."""
    under = 0.22 if _DESCENDS.search(word.text) else 0.0
    over = 1.0 if _ASCENDS.search(word.text) else 0.72
    full = word.height / (over + under) if over + under else float(word.height)
    base = word.top + word.height - under * full
    text = word.text.strip("|[]{}‘’“”\"'_~") or word.text
    if _NUMBER_SIGN.fullmatch(text):
        text = "№"
    elif _LEGAL_FORM.fullmatch(text):
        text = "o.o." if text.endswith(".") else "o.o"
    left, right = word.left * _POINTS_A_PIXEL, (word.left + word.width) * _POINTS_A_PIXEL
    return Word(left, right, (page_height - base) * _POINTS_A_PIXEL, 1.2 * full * _POINTS_A_PIXEL, text)
