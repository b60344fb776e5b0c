"""Builders of sheets: made from rows, or ours filled in as a person and their program do it."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import xlsxwriter
from python_calamine import CalamineWorkbook

Rows = Sequence[Sequence[Any]]


def an_xlsx(*sheets: Rows, names: Sequence[str] = (), change: Callable[[Any, list[Any]], None] | None = None) -> bytes:
    """An XLSX of these sheets; *change* may do more to the book and its pages before it is closed."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    pages = []
    for at, rows in enumerate(sheets):
        page = book.add_worksheet(names[at] if at < len(names) else None)
        pages.append(page)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    page.write_datetime(row, column, value, day)
                elif value is not None and value != "":
                    page.write(row, column, value)
    if change is not None:
        change(book, pages)
    book.close()
    return target.getvalue()


def an_ods(rows: Rows, name: str = "Sheet1") -> bytes:
    """An ODS with one table, as small as OpenDocument 1.3 allows."""
    body = "".join(f"<table:table-row>{''.join(_ods_cell(value) for value in row)}</table:table-row>" for row in rows)
    return ods_of(f'<table:table table:name="{escape(name)}">{body}</table:table>')


def ods_of(tables: str) -> bytes:
    """An ODS around the XML of its tables."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.3"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", kind, ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return target.getvalue()


def a_csv(rows: Rows, delimiter: str = ";", encoding: str = "utf-8", mark: str = ",") -> bytes:
    """A CSV as programs save it: figures with this decimal mark, days with dots."""
    target = StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    for row in rows:
        writer.writerow([_written(value, mark) for value in row])
    return target.getvalue().encode(encoding)


class Sheet:
    """A sheet of ours in somebody's hands."""

    def __init__(self, content: bytes) -> None:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            self.rows: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)

    def fill(self, n: int, key: str, value: Any) -> Sheet:
        """Write into the cell of line *n* in the column with this key."""
        self.rows[self.line(n)][self._column(key)] = value
        return self

    def answer(self, key: str, value: Any) -> Sheet:
        """Write into the cell for the whole document."""
        row = next(row for row in self.rows if f":@{key}" in str(row[self._keys()]))
        row[self._keys() + 2] = value
        return self

    def line(self, n: int) -> int:
        """The row of line *n*."""
        return next(at for at, row in enumerate(self.rows) if str(row[self._keys()]).endswith(f":{n}"))

    def delete(self, n: int) -> Sheet:
        """Delete the row of a line."""
        del self.rows[self.line(n)]
        return self

    def shuffle_rows(self, seed: int) -> Sheet:
        """Sort the whole sheet by something that nobody understands."""
        random.Random(seed).shuffle(self.rows)
        return self

    def move_columns(self, seed: int) -> Sheet:
        """Insert an empty column and put all columns behind the first three in another order."""
        width = max(len(row) for row in self.rows)
        self.rows = [[*row, *[""] * (width + 1 - len(row))] for row in self.rows]
        order = [0, 1, 2, *random.Random(seed).sample(range(3, width + 1), width - 2)]
        self.rows = [[row[at] for at in order] for row in self.rows]
        return self

    def insert(self, at: int, cells: Sequence[Any]) -> Sheet:
        """Insert a row before the row *at*."""
        self.rows.insert(at, [*cells, *[""] * (len(self.rows[0]) - len(cells))])
        return self

    def xlsx(self) -> bytes:
        """The sheet as another program saves it."""
        return an_xlsx(self.rows)

    def ods(self) -> bytes:
        """The sheet saved as ODS."""
        return an_ods(self.rows)

    def csv(self, delimiter: str = ";", encoding: str = "utf-8", mark: str = ",") -> bytes:
        """The sheet saved as CSV."""
        return a_csv(self.rows, delimiter, encoding, mark)

    def _keys(self) -> int:
        return next(at for row in self.rows for at, value in enumerate(row) if str(value).startswith("postroom:"))

    def _column(self, key: str) -> int:
        return next(row.index(f"#{key}") for row in self.rows if f"#{key}" in row)


def _written(value: Any, mark: str) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float | int):
        return f"{value:.15g}".replace(".", mark)
    if isinstance(value, datetime | date):
        return value.strftime("%d.%m.%Y")
    return str(value)


def _ods_cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    kind, attribute, text = "string", "", escape(str(value))
    if isinstance(value, datetime | date):
        kind, text = "date", value.isoformat()[:10]
        attribute = f' office:date-value="{text}"'
    elif isinstance(value, float | int) and not isinstance(value, bool):
        kind, attribute = "float", f' office:value="{value}"'
    return f'<table:table-cell office:value-type="{kind}"{attribute}><text:p>{text}</text:p></table:table-cell>'
