"""XLSX, XLSB, ODS and XLS opened with calamine, within limits, and what their XML says beside the values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import python_calamine as calamine
from lxml import etree

from inbound.documents.format import DocumentUnreadable
from inbound.documents.sheets.delimited import OUR_MARK
from inbound.documents.sheets.formats import Format, Shown, currency_by, currency_named, formats_of, shown_by
from inbound.documents.sheets.grid import Grid, Value
from inbound.documents.sheets.limits import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, TOO_LARGE
from inbound.documents.sheets.package import Package, unpacked
from inbound.documents.tree import each, local, parse_xml

MACROS: Final = "The sheet holds macros, which are never run; save it without them (as XLSX) and send it again."
_LOCKED: Final = "The file is locked with a password."

_HIDDEN_ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"[^>]*?\bhidden="(?:1|true)"')
_HIDDEN_COLUMNS = re.compile(rb'<col\b(?=[^>]*\bhidden="(?:1|true)")(?=[^>]*\bmin="(\d+)")(?=[^>]*\bmax="(\d+)")')
_FORMULA = re.compile(
    rb"<c\b(?P<head>[^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>", re.DOTALL
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_TABLE = re.compile(rb"<table:table\b.*?</table:table>", re.DOTALL)
_MARK: Final = OUR_MARK.encode()
_ODS_CURRENCY = re.compile(rb'office:currency="([A-Z]{3})"')
_ODS_FORMULA: Final = b"table:formula="


@dataclass(frozen=True, slots=True)
class Opened:
    """The sheets of a file, and whether it may be one of ours that came back."""

    grids: list[Grid]
    may_be_ours: bool


def workbook(content: bytes) -> Opened:
    """The sheets of a file; raises `DocumentUnreadable` (`macros`, `encrypted`, `too_large`, `unreadable`)."""
    package = unpacked(content) if content.startswith(b"PK") else _old(content)
    if package.macros:
        raise DocumentUnreadable("macros", MACROS)
    try:
        with calamine.CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            about = [
                (meta.name, meta.visible == calamine.SheetVisibleEnum.Visible, meta.typ)
                for meta in book.sheets_metadata
            ]
            if len(about) > MOST_SHEETS:
                raise DocumentUnreadable("too_large", TOO_LARGE)
            formats = formats_of(package.parts.get("xl/styles.xml"))
            grids = [
                _grid(book.get_sheet_by_index(index), name, formats, visible=visible, xml=_xml_of(package, index, name))
                for index, (name, visible, kind) in enumerate(about)
                if kind == calamine.SheetTypeEnum.WorkSheet
            ]
            return Opened(grids, _may_be_ours(content, package))
    except calamine.PasswordError as error:
        raise DocumentUnreadable("encrypted", _LOCKED) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise DocumentUnreadable("unreadable", "The sheet is damaged: it cannot be opened.") from error


def _may_be_ours(content: bytes, package: Package) -> bool:
    if package.parts:
        return any(_MARK in part for part in package.parts.values())
    return _MARK in content or OUR_MARK.encode("utf-16-le") in content


def _old(content: bytes) -> Package:
    """What the container of an old XLS gives away (MS-CFB: names of streams are UTF-16)."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise DocumentUnreadable("encrypted", _LOCKED)
    return Package(macros="_VBA_PROJECT".encode("utf-16-le") in content)


def _grid(sheet: Any, name: str, formats: Sequence[Format], *, visible: bool, xml: tuple[bytes, bool]) -> Grid:
    height, width = sheet.total_height, sheet.total_width
    if height > MOST_ROWS or width > MOST_COLUMNS or height * width > MOST_CELLS:
        raise DocumentUnreadable("too_large", TOO_LARGE)
    part, ods = xml
    merged = tuple((a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())[:10_000]
    rows = sheet.to_python(skip_empty_area=False)
    if ods:
        hidden, uncalculated = _ods_rows(part)
        currencies = set(_ODS_CURRENCY.findall(part))
        currency = currency_named(currencies.pop().decode()) if len(currencies) == 1 else None
        return Grid(name, rows, visible, hidden, frozenset(), uncalculated, merged, currency=currency)
    return Grid(
        name,
        rows,
        visible,
        *_hidden_in(part),
        frozenset(_uncalculated(part)),
        merged,
        shown=_shown(rows, formats, part),
        currency=currency_by(formats, part),
    )


def _shown(rows: Sequence[Sequence[Value]], formats: Sequence[Format], part: bytes) -> Shown:
    found: dict[tuple[int, int], str] = {}
    for row, column, one in shown_by(formats, part):
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
        if isinstance(value, float | int) and not isinstance(value, bool) and (text := one.shown(value)):
            found[row, column] = text
    return found


def _hidden_in(part: bytes) -> tuple[frozenset[int], frozenset[int]]:
    if b"hidden=" not in part:
        return frozenset(), frozenset()
    columns = {
        column
        for found in _HIDDEN_COLUMNS.finditer(part)
        for column in range(int(found[1]) - 1, min(int(found[2]), MOST_COLUMNS))
    }
    return frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(part)), frozenset(columns)


def _uncalculated(part: bytes) -> Iterator[tuple[int, int]]:
    """Cells with a formula and no value that was kept with it (ECMA-376 18.3.1.40: the value is optional)."""
    if b"<f" not in part:
        return
    for found in _FORMULA.finditer(part):
        place = _PLACE.search(found["head"])
        if place and b't="str"' not in found["head"]:
            yield int(place[2]) - 1, _column(place[1])


def _ods_rows(table: bytes) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    """Hidden rows, and formulas without a value, of one table of an ODS."""
    if b"visibility=" not in table and _ODS_FORMULA not in table:
        return frozenset(), frozenset()
    hidden: set[int] = set()
    uncalculated: set[tuple[int, int]] = set()
    row = -1
    times, column = 1, 0
    for found in re.finditer(rb"<table:table-row\b([^>]*)>|<table:(?:covered-)?table-cell\b([^>]*?)/?>", table):
        attributes = found[1] if found[1] is not None else found[2]
        repeated = re.search(rb'repeated="(\d{1,7})"', attributes)
        count = int(repeated[1]) if repeated else 1
        if found[1] is not None:
            row, times, column = (row + times) if row >= 0 else 0, min(count, MOST_ROWS), 0
            if b'visibility="collapse"' in attributes or b'visibility="filter"' in attributes:
                hidden |= set(range(row, row + times))
            continue
        if _ODS_FORMULA in attributes and b"value" not in attributes:
            uncalculated.add((row, column))
        column += count
    return frozenset(hidden), frozenset(uncalculated)


def _xml_of(package: Package, index: int, name: str) -> tuple[bytes, bool]:
    """The XML of a sheet, and whether it is OpenDocument; empty where its part cannot be told."""
    if (content := package.parts.get("content.xml")) is not None:
        tables = _TABLE.findall(content)
        return (tables[index] if index < len(tables) else b""), True
    return package.parts.get(_targets(package).get(name, ""), b""), False


def _targets(package: Package) -> Mapping[str, str]:
    """Sheets by name and the parts that hold them (ECMA-376 part 1, 12.3.24)."""
    book, links = package.parts.get("xl/workbook.xml"), package.parts.get("xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        return {}
    where = {
        link.get("Id"): (link.get("Target") or "").removeprefix("/xl/")
        for link in parse_xml(links)
        if local(link) == "Relationship"
    }
    return {
        sheet.get("name") or "": "xl/" + where.get(_relation(sheet), "")
        for sheet in each(parse_xml(book), "sheets/sheet")
    }


def _relation(sheet: etree._Element) -> str | None:
    return next((str(value) for key, value in sheet.items() if str(key).endswith("}id")), None)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def day_of(value: object) -> date | None:
    """The day of a date cell."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
