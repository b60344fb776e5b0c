"""The ZIP that an XLSX or ODS is: what it unpacks to is measured, really and not as declared, before it is opened."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from inbound.documents.format import DocumentUnreadable
from inbound.documents.sheets.limits import MOST_CELLS, MOST_COLUMNS, MOST_PARTS, MOST_ROWS, MOST_UNPACKED, TOO_LARGE

_READ = re.compile(r"(?i)\.(?:xml|rels|bin|vml)$|^mimetype$")
_SHEET = re.compile(r"(?:xl/worksheets/[^/]+\.xml|content\.xml)")
_HEAD: Final = 30
_PIECE: Final = 256 * 1024
_FAR_COLUMN = re.compile(rb'r="[A-Z]{2,}[0-9]')
_FAR_ROW = re.compile(rb'r="[A-Z]*[0-9]{5,}"')
_PLACES = re.compile(rb'r="([A-Z]{1,3})([0-9]{1,7})"')
_ODS_TOKENS = re.compile(
    rb"<table:table-row\b([^>]*)>|<table:(?:covered-)?table-cell\b([^>]*?)(/?)>|</table:table-row>"
)
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="([0-9]{1,9})"')


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a sheet file that a reader looks at, unpacked: the XML of the sheets, the workbook and its links."""

    parts: Mapping[str, bytes] = field(default_factory=dict)
    macros: bool = False


def unpacked(content: bytes) -> Package:
    """Unpack what is read of a sheet file; raises `DocumentUnreadable` for bombs, macros' hiding places and rubbish.

    Sizes are counted while unpacking, since what a ZIP declares is not what it holds.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise DocumentUnreadable("unreadable", "The file is damaged: it cannot be unpacked.") from error
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > 4 * MOST_UNPACKED:
        raise DocumentUnreadable("too_large", TOO_LARGE)
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for entry in entries:
        if entry.flag_bits & 1:
            raise DocumentUnreadable("encrypted", "The file is locked with a password.")
        if not _READ.search(entry.filename):
            continue
        if entry.file_size > left:
            raise DocumentUnreadable("too_large", TOO_LARGE)
        part = unpacked_part(content, entry, left)
        left -= len(part)
        if _SHEET.fullmatch(entry.filename):
            _look_at_places(part, ods=entry.filename == "content.xml")
        if not entry.filename.endswith(".bin"):
            parts[entry.filename] = part
    macros = any(entry.filename.lower().endswith(("vbaproject.bin", "basic/script-lc.xml")) for entry in entries)
    return Package(parts, macros)


def unpacked_part(content: bytes, entry: zipfile.ZipInfo, most: int, too_large: str = TOO_LARGE) -> bytes:
    """One part as it really unpacks, to a limit (APPNOTE 4.3.7: the local header has lengths of its own)."""
    header = content[entry.header_offset : entry.header_offset + _HEAD]
    if len(header) < _HEAD or header[:4] != b"PK\x03\x04":
        raise DocumentUnreadable("unreadable", "The file is damaged: it cannot be unpacked.")
    start = (
        entry.header_offset + _HEAD + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    )
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        if len(packed) > most:
            raise DocumentUnreadable("too_large", too_large)
        return packed
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise DocumentUnreadable("unreadable", "The file is packed in a way that is not known here.")
    stream = zlib.decompressobj(-15)
    try:
        part = stream.decompress(packed, most + 1)
    except zlib.error as error:
        raise DocumentUnreadable("unreadable", "The file is damaged: it cannot be unpacked.") from error
    if len(part) > most:
        raise DocumentUnreadable("too_large", too_large)
    return part


def _look_at_places(sheet: bytes, *, ods: bool) -> None:
    """Refuse a sheet that reaches so far that a table of it would fill the memory, however little stands in it."""
    if ods:
        if _ods_cells(sheet) > MOST_CELLS:
            raise DocumentUnreadable("too_large", TOO_LARGE)
        return
    if not (_FAR_COLUMN.search(sheet) or _FAR_ROW.search(sheet)):
        return
    columns, rows = 1, 1
    for column, row in set(_PLACES.findall(sheet)):
        columns, rows = max(columns, _column(column)), max(rows, int(row))
    if columns > MOST_COLUMNS or rows > MOST_ROWS or columns * rows > MOST_CELLS:
        raise DocumentUnreadable("too_large", TOO_LARGE)


def _ods_cells(sheet: bytes) -> int:
    """How many cells the repetitions of a sheet make, empty ones at the end of rows and of the sheet left out."""
    total = blank_rows = times = width = blank = 0
    for found in _ODS_TOKENS.finditer(sheet):
        if found[0].startswith(b"</"):
            if width:
                total += (blank_rows + times) * width
                blank_rows = 0
            else:
                blank_rows += times
        elif found[1] is not None:
            times, width, blank = _times(found[1]), 0, 0
        elif found[3] and b"office:value" not in found[2] and b"table:formula" not in found[2]:
            blank += _times(found[2])
        else:
            width += blank + _times(found[2])
            blank = 0
        if total > MOST_CELLS or width > MOST_COLUMNS:
            return MOST_CELLS + 1
    return total


def _times(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
