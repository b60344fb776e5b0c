"""Pages for the tests: rows of cells without a PDF."""

from __future__ import annotations

from inbound.documents.visible.page import Cell, Row


def a_page(text: str) -> list[Row]:
    """A page of one row a line; two spaces or more part the cells, each column 100 points from the last."""
    rows = []
    for number, line in enumerate(text.strip("\n").splitlines()):
        cells = [part.strip() for part in line.split("  ")]
        placed = tuple(Cell(100.0 * i, 100.0 * i + 90, cell) for i, cell in enumerate(c for c in cells if c))
        rows.append(Row(1, 800.0 - 12 * number, 10.0, placed))
    return rows
