"""The readers of sheets: XLSX, ODS and CSV, told by their bytes; XLSB and old XLS among the other formats."""

from __future__ import annotations

from typing import Final

from inbound.documents.format import Reader, Source
from inbound.documents.sheets.delimited import OUR_MARK, looks_delimited, read_delimited
from inbound.documents.sheets.reading import read_sheets
from inbound.documents.sheets.returned import returned
from inbound.documents.sheets.workbook import workbook
from workflows.reading import DocumentFormat, Reading

_CONTAINER: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OURS: Final = (OUR_MARK.encode(), OUR_MARK.encode("utf-16-le"))


def _xlsx(source: Source) -> bool:
    """A ZIP with a workbook in it (ECMA-376 part 2); its directory stands at the end."""
    return source.content.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in source.content


def _ods(source: Source) -> bool:
    """OpenDocument 1.3 part 2, 3.3: the type stands first, and is not packed. Some programs pack it all the same."""
    head = source.content[:400]
    return source.content.startswith(b"PK\x03\x04") and (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head
        or (b"content.xml" in source.content and source.name.lower().endswith((".ods", ".ots")))
    )


def _old(source: Source) -> bool:
    """An old XLS, an XLSX under a password, or an XLSB."""
    content = source.content
    if content.startswith(b"PK\x03\x04"):
        return b"xl/workbook.bin" in content
    if not content.startswith(_CONTAINER) or "WordDocument".encode("utf-16-le") in content:
        return False
    streams = ("Workbook", "EncryptedPackage")
    return any(name.encode("utf-16-le") in content for name in streams) or "Book\0".encode("utf-16-le") in content


def _csv(source: Source) -> bool:
    return looks_delimited(source.content, source.name)


def _read_workbook(source: Source, format_: DocumentFormat) -> Reading:
    opened = workbook(source.content)
    ours = returned(opened.grids, format_) if opened.may_be_ours else None
    return ours or read_sheets(opened.grids, source.open_orders, format_)


def _read_csv(source: Source) -> Reading:
    grids = [read_delimited(source.content)]
    ours = returned(grids, DocumentFormat.CSV) if any(mark in source.content for mark in _OURS) else None
    return ours or read_sheets(grids, source.open_orders, DocumentFormat.CSV)


XLSX: Final = Reader(DocumentFormat.XLSX, _xlsx, lambda source: _read_workbook(source, DocumentFormat.XLSX))
ODS: Final = Reader(DocumentFormat.ODS, _ods, lambda source: _read_workbook(source, DocumentFormat.ODS))
OLD: Final = Reader(DocumentFormat.OTHER, _old, lambda source: _read_workbook(source, DocumentFormat.OTHER))
CSV: Final = Reader(DocumentFormat.CSV, _csv, _read_csv)
