"""Tables that are told by their headings alone: which column a cell stands in, where nothing adds up to prove it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inbound.documents.visible.lexicon import labels_in
from inbound.documents.visible.page import Cell, Row, overlaps

_NEAR: Final = 40.0
"""How far beside its heading a cell may stand, in points."""
_TALL: Final = 1.7
"""How far the second row of a heading may stand under the first, in heights of a row."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's heading: its last row, and the columns by their names (`columns` of the words)."""

    row: int
    columns: Mapping[str, Cell]

    def cell(self, row: Row, name: str) -> Cell | None:
        """The cell of a row that stands in a column; the nearest heading decides."""
        heading = self.columns.get(name)
        if heading is None:
            return None
        likely = [cell for cell in row.cells if self._column_of(cell) == name]
        return min(likely, key=lambda cell: _apart(cell, heading)) if likely else None

    def _column_of(self, cell: Cell) -> str | None:
        name = min(self.columns, key=lambda one: (_apart(cell, self.columns[one]), _far(cell, self.columns[one])))
        return name if _apart(cell, self.columns[name]) <= _NEAR else None


def tables_of(rows: Sequence[Row], wanted: Sequence[str], needed: Sequence[Sequence[str]]) -> Iterator[Table]:
    """The headings that name columns: of each group in *needed* one. *wanted* says who wins a doubtful cell."""
    index = 0
    while index < len(rows):
        columns = _columns_in(rows[index], wanted)
        last = index
        if columns and index + 1 < len(rows):
            more = _columns_in(rows[index + 1], wanted)
            near = rows[index].y - rows[index + 1].y <= _TALL * rows[index].height
            if more and near and rows[index].page == rows[index + 1].page and not _has_figures(rows[index + 1]):
                columns = {**more, **columns}
                last = index + 1
        if all(any(name in columns for name in group) for group in needed) and len(columns) >= len(needed):
            yield Table(last, columns)
            index = last
        index += 1


def _columns_in(row: Row, wanted: Sequence[str]) -> dict[str, Cell]:
    columns: dict[str, Cell] = {}
    if len(row.cells) < 2:
        return columns
    for cell in row.speaking:
        words = labels_in(cell.text)
        ends = {
            name: hits[0].end
            for name in wanted
            if (hits := words.get(f"columns.{name}")) and hits[0].start == 0 and 2 * hits[0].end >= len(cell.text)
        }
        free = [name for name in wanted if name in ends and name not in columns]
        if free:
            columns[max(free, key=lambda name: (ends[name], -wanted.index(name)))] = cell
    return columns


def _has_figures(row: Row) -> bool:
    return len(row.speaking) < len(row.cells)


def _apart(one: Cell, other: Cell) -> float:
    return 0.0 if overlaps(one, other, 0.0) else max(one.left - other.right, other.left - one.right)


def _far(one: Cell, other: Cell) -> float:
    return min(abs(one.left - other.left), abs(one.right - other.right))
