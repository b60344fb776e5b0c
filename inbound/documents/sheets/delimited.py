"""CSV, told by its content: the encoding, the delimiter and the decimal mark are found; nothing in it says them."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from inbound.documents.format import DocumentUnreadable
from inbound.documents.numbers import DecimalMark, decimal_mark_of
from inbound.documents.sheets.grid import Grid
from inbound.documents.sheets.headings import columns_of
from inbound.documents.sheets.limits import MOST_CELLS, MOST_COLUMNS, MOST_DELIMITED, MOST_ROWS, TOO_LARGE

DELIMITERS: Final = ";,\t|"
OUR_MARK: Final = "postroom:"
"""What the row keys of our own sheets begin with."""

_SAMPLE: Final = 16 * 1024
_LINES: Final = 60
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_OTHER = re.compile(r"\s*(?:<|\{|\[\{|%PDF|BEGIN:|#!|From )")
_FIGURE = re.compile(r"[-−(]?[^\w]{0,2}\d[\d.,'’   ]*\d?[^\w]{0,2}")
_IN_WORD = re.compile(r"(?<=[^\W\d_])[¹²³¿¯£¼½¾¡¥¨´¸](?=[^\W\d_])|[¹³¿¯](?=[a-z])|(?<=[a-z])[¹³¿Ÿ]")


def looks_delimited(content: bytes, name: str) -> bool:
    """Whether it is a CSV: known headings over rows of as many cells, or a name that says so and rows that agree."""
    sample = content[:_SAMPLE]
    if not sample.strip() or b"\x00\x00\x00" in sample:
        return False
    text = decoded(sample)
    if text is None or _OTHER.match(text):
        return False
    if OUR_MARK in text:
        return delimiter_of(text) is not None
    delimiter = delimiter_of(text)
    if delimiter is None:
        return False
    if name.lower().endswith((".csv", ".tsv", ".tab")):
        lines = [line for line in text.splitlines()[:3] if line.strip()]
        return len(lines) > 1 and all(delimiter in line for line in lines[-2:])
    return _headings(_rows(text, delimiter)) >= 3


def read_delimited(content: bytes) -> Grid:
    """The rows of a CSV; raises `DocumentUnreadable`."""
    if len(content) > MOST_DELIMITED:
        raise DocumentUnreadable("too_large", TOO_LARGE)
    text = decoded(content)
    if text is None:
        raise DocumentUnreadable("unreadable", "The file is no text that can be read.")
    delimiter = delimiter_of(text[:_SAMPLE]) or ";"
    lines = text.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    cells = 0
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            cells += len(row)
            if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS or cells > MOST_CELLS:
                raise DocumentUnreadable("too_large", TOO_LARGE)
            rows.append(row)
    except csv.Error as error:
        raise DocumentUnreadable("unreadable", "The rows of the file cannot be told apart.") from error
    return Grid("", rows, mark=_mark_in(rows, delimiter))


def decoded(content: bytes) -> str | None:
    """The text of a file that does not name its encoding; None when it is no text."""
    text = _decoded(content)
    return None if text is None or _NOT_TEXT.search(text) else text


def _decoded(content: bytes) -> str | None:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content[: len(content) // 2 * 2 if encoding == "utf-16" else None].decode(encoding, "replace")
    half = len(content[:2000]) // 2
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and content[place:2000:2].count(0) > 0.4 * half:
            return content[: len(content) // 2 * 2].decode(encoding, "replace")
    if b"\x00" in content[:2000]:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 3 and len(content) == _SAMPLE:  # the sample ends within a letter
            return content[: error.start].decode("utf-8")
    return content.decode(_single_byte(content), "replace")


def _single_byte(content: bytes) -> str:
    """Which encoding of one byte a letter: Cyrillic words are made of high bytes alone, other words hold a few."""
    sample = content[:200_000]
    high = re.findall(rb"[\x80-\xff]+", sample)
    runs = sum(len(run) for run in high if len(run) >= 3)
    if runs > 0.5 * sum(len(run) for run in high):
        return "cp1251"
    texts = {encoding: sample.decode(encoding, "replace") for encoding in ("cp1252", "cp1250", "iso8859-2")}
    known = {e: max((_headings(_rows(text, d)) for d in DELIMITERS), default=0) for e, text in texts.items()}
    western = texts["cp1252"]
    if known["iso8859-2"] > max(known["cp1252"], known["cp1250"]):
        return "iso8859-2"
    if known["cp1252"] != known["cp1250"]:
        return "cp1252" if known["cp1252"] > known["cp1250"] else "cp1250"
    return "cp1250" if _IN_WORD.search(western) else "cp1252"


def delimiter_of(text: str) -> str | None:
    """The delimiter under which headings are known, else rows agree; None when no row is divided by any."""
    if text[:4].lower() == "sep=" and text[4:5] in DELIMITERS:
        return text[4]
    best: tuple[tuple[int, float, int], str] | None = None
    for delimiter in DELIMITERS:
        rows = [row for row in _rows(text, delimiter) if row]
        counts = [len(row) for row in rows]
        usual = max(set(counts), key=lambda n: (counts.count(n), n)) if counts else 1
        if max(counts, default=1) < 2:
            continue
        rank = (_headings(rows), counts.count(usual) / len(counts) if usual > 1 else 0.0, usual)
        if best is None or rank > best[0]:
            best = (rank, delimiter)
    return best[1] if best else None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(text[:_SAMPLE].splitlines(keepends=True), delimiter=delimiter), _LINES))
    except csv.Error:
        return []


def _headings(rows: Sequence[Sequence[str]]) -> int:
    """How many columns the best row of headings knows."""
    return max((_known(tuple(row[:60])) for row in rows), default=0)


@lru_cache(maxsize=512)
def _known(row: tuple[str, ...]) -> int:
    return len(columns_of(row)) if len(row) > 1 else 0


def _mark_in(rows: Sequence[Sequence[str]], delimiter: str) -> DecimalMark | None:
    figures = (cell for row in rows[:2_000] for cell in row if len(cell) < 24 and _FIGURE.fullmatch(cell))
    return decimal_mark_of(figures) or ("." if delimiter == "," else None)
