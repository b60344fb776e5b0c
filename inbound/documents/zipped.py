"""A ZIP of documents, opened one level: its files stand in the mail like any other; what cannot be opened says why.

Sizes are counted while unpacking, since what a ZIP declares is not what it holds.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.sheets.package import unpacked_part
from workflows.reading import DocumentFormat, Reading


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What may come out of ZIPs: files of one, bytes of one, bytes of all in a mail with its forwarded messages."""

    files: int = 50
    unpacked: int = 40 * 1024 * 1024
    of_a_mail: int = 60 * 1024 * 1024


_limits = [ZipLimits()]


def limit_zips(limits: ZipLimits) -> None:
    """Open ZIPs within these limits, in this process."""
    _limits[:] = [limits]


def zip_limits() -> ZipLimits:
    """The limits in force."""
    return _limits[0]


_BEGINS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_END: Final = b"PK\x05\x06"
_LONGEST_END: Final = 65_557
_PACKAGE: Final = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "META-INF/manifest.xml"})
_JUNK: Final = re.compile(r"(?i)(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)")


def claims(source: Source) -> bool:
    """Whether it is a ZIP and no sheet, text or program, which are ZIPs as well."""
    if not source.content.startswith(_BEGINS):
        return False
    try:
        entries = _entries(source.content)
    except DocumentUnreadable:
        return source.name.lower().endswith(".zip")
    return _PACKAGE.isdisjoint(entry.filename for entry in entries)


def read(source: Source) -> Reading:
    """Nothing by itself, since its files are read one by one; raises `DocumentUnreadable` where it was not opened."""
    for _ in files_of(source.content, zip_limits().unpacked):
        pass
    return Reading()


def files_of(content: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file in a ZIP, of *most* bytes in all; raises `DocumentUnreadable`."""
    files = [e for e in _entries(content) if not e.is_dir() and not _JUNK.search(e.filename)]
    if len(files) > zip_limits().files:
        raise DocumentUnreadable("too_large", _too_large())
    left = min(most, zip_limits().unpacked)
    for entry in files:
        if entry.flag_bits & 1:
            raise DocumentUnreadable("encrypted", "The file is locked with a password.")
        part = unpacked_part(content, entry, left, _too_large())
        left -= len(part)
        yield entry.filename, part


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    """What the ZIP lists; not more than a mail's ZIP would, so that a long list costs nothing."""
    end = content.rfind(_END, max(0, len(content) - _LONGEST_END))
    listed = int.from_bytes(content[end + 10 : end + 12], "little") if end >= 0 else 0
    if listed > 20 * zip_limits().files:
        raise DocumentUnreadable("too_large", _too_large())
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise DocumentUnreadable("unreadable", "The file is damaged: it cannot be unpacked.") from error


def _too_large() -> str:
    limits = zip_limits()
    return f"The ZIP holds more than {limits.files} files, or more than {limits.unpacked / 1024**2:g} MB."


READER: Final = Reader(DocumentFormat.OTHER, claims, read)
