"""The order or the items in a file of the buyer's: UBL, XLSX, ODS, CSV, or whatever document is read as one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from postroom.errors import FileNotReadable, PostroomError

if TYPE_CHECKING:
    from workflows.lines import Line
    from workflows.reading import Defect, Reading

LARGEST = 20 * 1024 * 1024
MOST_LINES = 5000
_SHEETS = ("xlsx", "ods", "csv", "other")
_STOPPING = ("rows_unread", "formula_without_value", "several_documents")
"""Defects of a sheet with which something would be left out: it is not sent in part."""


def order_in(file: Path, number: str | None = None) -> Reading:
    """The order in *file*; *number* where the file says none. Raises `PostroomError`."""
    from workflows.reading import DocumentKind

    reading = _reading(file)
    sheet = reading.format.value in _SHEETS and bool(reading.lines)
    if reading.kind is not DocumentKind.ORDER and not (sheet and reading.kind is DocumentKind.OTHER):
        seen = "" if reading.kind is DocumentKind.OTHER else f" but {reading.kind.value.replace('_', ' ')}"
        why = f": {reading.defects[0].text}" if reading.kind is DocumentKind.OTHER and reading.defects else "."
        raise PostroomError(f"{file} holds no order that can be read{seen}{why} Give a UBL Order, for example.")
    if not sheet:
        return replace(reading, number=number or reading.number)
    _whole(file, reading)
    for at, line in enumerate(reading.lines, 1):
        if line.quantity is None:
            raise PostroomError(f"{file}, line {line.id or at}: its quantity cannot be read.")
    if number is None and reading.number is None and len(reading.orders) > 1:
        raise PostroomError(f"{file} names several orders ({', '.join(reading.orders[:5])}): give one file for each.")
    named = number or reading.number or (reading.orders[0] if reading.orders else None)
    if named is None:
        raise PostroomError(f"{file} says no order number: give it with --number.")
    defects = tuple(defect for defect in reading.defects if defect.code != "kind_unknown")
    return replace(reading, kind=DocumentKind.ORDER, number=named, orders=(), defects=defects)


def items_in(file: Path) -> tuple[list[Line], Sequence[Defect]]:
    """The items in *file* and what was noticed of it: a sheet with headings, or a document with lines.

    A CSV whose first line holds `text` is a list for programs, read strictly. Raises `PostroomError`.
    """
    from workflows.lines import Line

    content = _content(file)
    if file.suffix.lower() == ".csv":
        lines = content.decode("utf-8-sig", "replace").splitlines()
        if lines and "text" in re.split("[,;\t]", lines[0].lower().replace('"', "")):
            return list(_listed(file, lines)), ()
    reading = _read(file, content)
    if reading is None or (not reading.lines and file.suffix.lower() == ".csv"):
        heading = (
            "it has no heading line: begin it with text,quantity,unit,buyer_sku" if reading else "it is no document"
        )
        raise PostroomError(f"{file} cannot be read as items: {heading}.")
    if reading.format.value in _SHEETS:
        _whole(file, reading)
    if len(reading.lines) > MOST_LINES:
        raise PostroomError(f"{file} has more than {MOST_LINES} lines: split it.")
    items = [
        Line(
            n=n, text=line.text or "", quantity=line.quantity, unit=line.unit, buyer_sku=line.buyer_sku,
            delivery_date=line.delivery_date,
        )
        for n, line in enumerate(reading.lines, 1)
    ]  # fmt: skip
    return items, tuple(d for d in reading.defects if d.code in ("hidden_rows", "more_sheets"))


def _whole(file: Path, reading: Reading) -> None:
    """Refuse a sheet of which something would be left out."""
    for defect in reading.defects:
        if defect.code in _STOPPING:
            raise PostroomError(f"{file}: {defect.text}")


def _listed(file: Path, lines: list[str]) -> Iterator[Line]:
    """The items of a list for programs: headings text, quantity, unit and buyer_sku, figures with a dot."""
    from workflows.lines import Line

    separator = max(",;\t", key=lines[0].count)
    rows = csv.DictReader([lines[0].lower(), *lines[1:]], delimiter=separator)
    for n, row in enumerate(rows, 1):
        if n > MOST_LINES:
            raise PostroomError(f"{file} has more than {MOST_LINES} lines: split it.")
        yield Line(
            n=n, text=(row.get("text") or "").strip(), quantity=_number(file, n, row.get("quantity")),
            unit=(row.get("unit") or "").strip() or None, buyer_sku=(row.get("buyer_sku") or "").strip() or None,
        )  # fmt: skip


def _number(file: Path, n: int, value: str | None) -> Decimal | None:
    if not value or not value.strip():
        return None
    try:
        found = Decimal(value.strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found <= 0:
        raise PostroomError(f"{file}, item {n}: the quantity {value.strip()[:40]!r} is no number such as 12.5.")
    return found


def _reading(file: Path) -> Reading:
    reading = _read(file, _content(file))
    if reading is None:
        raise PostroomError(f"{file} is no document that can be read. Give a UBL Order, for example.")
    return reading


def _read(file: Path, content: bytes) -> Reading | None:
    from inbound.reader import read_content

    return read_content(content, file.name)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise FileNotReadable(file, error) from error
    if len(content) > LARGEST:
        raise PostroomError(f"{file} is larger than {LARGEST // 1024 // 1024} MB: split it.")
    return content
