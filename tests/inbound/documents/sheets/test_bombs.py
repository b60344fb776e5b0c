"""Sheets made to exhaust their reader: each is refused with a word, and the next one is read."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbound.documents.document import read_document
from inbound.documents.reader_process import ReaderProcess
from tests.sheets import an_ods, an_xlsx, ods_of
from workflows.reading import DocumentFormat, Reading

GOOD = an_xlsx([["Invoice"], ["Description", "Qty", "Unit price"], ["Bracket", 2, 3]])
_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_FOOT = b"</sheetData></worksheet>"
_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'


def with_parts(**changed: bytes) -> bytes:
    """The good sheet with other parts: `sheet`, `strings`."""
    names = {"xl/worksheets/sheet1.xml": "sheet", "xl/sharedStrings.xml": "strings"}
    target = BytesIO()
    with ZipFile(BytesIO(GOOD)) as source, ZipFile(target, "w", ZIP_DEFLATED) as package:
        for entry in source.infolist():
            part = changed.get(names.get(entry.filename, ""))
            package.writestr(entry.filename, source.read(entry) if part is None else part)
    return target.getvalue()


def _six_million_cells() -> bytes:
    row = b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>"
    return with_parts(sheet=_HEAD + row * 20_000 + _FOOT)


def _declared_small() -> bytes:
    """The same with the sizes in the directory written small: what is declared is not what is in it."""
    packed = bytearray(_six_million_cells())
    at = packed.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert packed[at : at + 4] == b"PK\x01\x02"
    packed[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(packed)


def _far_apart() -> bytes:
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_parts(sheet=_HEAD + cells + _FOOT)


def _far_apart_in_disguise() -> bytes:
    return with_parts(sheet=_HEAD + b'<row\tr\n=\n"1048576"><c\nr\n=\n"XFD1048576"><v>1</v></c></row>' + _FOOT)


def _one_text_a_million_times() -> bytes:
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 200 + b"</row>"
    return with_parts(sheet=_HEAD + row * 1000 + _FOOT, strings=_STRINGS % (b"A" * 2_000_000))


def _entities() -> bytes:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    return with_parts(sheet=declared + _HEAD + b'<row><c t="inlineStr"><is><t>&b;</t></is></c></row>' + _FOOT)


def _locked() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le").ljust(600, b"\0")


def _many_parts() -> bytes:
    target = BytesIO(GOOD)
    with ZipFile(target, "a") as package:
        for n in range(2_001):
            package.writestr(f"xl/x{n}.xml", b"")
    return target.getvalue()


def _repeated() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return ods_of(f'<table:table table:name="a">{row}</table:table>')


BOMBS: dict[str, Callable[[], bytes]] = {
    "six million cells": _six_million_cells,
    "declared small": _declared_small,
    "far apart": _far_apart,
    "far apart in disguise": _far_apart_in_disguise,
    "one text a million times": _one_text_a_million_times,
    "entities": _entities,
    "repeated": _repeated,
    "three million rows of text": lambda: b"Text;Quantity;Price\n" + b"x;1;2\n" * 3_000_000,
    "ten million columns": lambda: b"Text;Quantity;Price\nx;1;2\n" + b";" * 7_000_000,
    "two thousand and one parts": _many_parts,
    "cut off": lambda: GOOD[: len(GOOD) // 2],
    "a locked one": _locked,
}


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    """A reader with the limits that it has in use: 280 MB and 1.75 seconds of work."""
    with ReaderProcess() as process:
        yield process


def read(reader: ReaderProcess, content: bytes) -> Reading:
    """Read what must be a document."""
    reading = reader.read(content, "sheet.csv" if content.startswith(b"Text") else "sheet")
    assert reading is not None
    return reading


@pytest.mark.parametrize("bomb", BOMBS)
def test_b5_a_sheet_that_would_exhaust_its_reader_is_refused(reader: ReaderProcess, bomb: str) -> None:
    """It says what is wrong, and the next sheet is read at once."""
    refused = read(reader, BOMBS[bomb]())
    assert refused.lines == ()
    assert {d.code for d in refused.defects} <= {"unreadable", "too_large", "timeout", "encrypted", "empty"}
    assert refused.defects
    assert len(read(reader, GOOD).lines) == 1


def test_b5_what_a_zip_declares_is_not_believed() -> None:
    """The parts are counted while they are unpacked."""
    reading = read_document(_declared_small())
    assert reading is not None
    assert [d.code for d in reading.defects] == ["too_large"]


def test_b5_a_sheet_with_macros_is_refused() -> None:
    """A macro is never run, and its sheet is not read."""

    def with_macros(book: Any, _pages: Any) -> None:
        book.add_vba_project(BytesIO(b"x" * 100), is_stream=True)

    reading = read_document(an_xlsx([["Invoice"]], change=with_macros), "a.xlsx")
    assert reading is not None
    assert (reading.format, [d.code for d in reading.defects]) == (DocumentFormat.XLSX, ["macros"])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.sampled_from([GOOD, an_ods([["Text", "Menge"], ["a", 1]])])
)
def test_b5_a_damaged_sheet_gives_an_answer(at: int, value: int, sheet: bytes) -> None:
    """Whatever byte is wrong, nothing is raised."""
    at %= len(sheet)
    assert isinstance(read_document(sheet[:at] + bytes([value]) + sheet[at + 1 :]), Reading | None)
