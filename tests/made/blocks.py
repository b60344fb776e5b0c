"""What a page is made of, whatever program sets it: text, tables, columns, space."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Align = Literal["left", "right", "center"]
Rules = Literal["none", "head", "lines", "grid"]


@dataclass(frozen=True)
class Text:
    """Lines under each other."""

    lines: tuple[str, ...]
    align: Align = "left"
    size: float = 9.5
    bold: bool = False
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    """Cells in columns; a line break in a cell is one on the page. Widths are parts of the whole."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    aligns: tuple[Align, ...]
    rules: Rules = "lines"
    size: float = 9.0
    bold_rows: tuple[int, ...] = ()
    kind: str = "table"


@dataclass(frozen=True)
class Columns:
    """Blocks beside each other."""

    parts: tuple[tuple[float, tuple[Any, ...]], ...]
    kind: str = "columns"


@dataclass(frozen=True)
class Space:
    """Room between blocks, in millimetres."""

    mm: float
    kind: str = "space"


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page."""

    kind: str = "new_page"


Block = Text | Table | Columns | Space | NewPage


@dataclass(frozen=True)
class Sheet:
    """A whole document: its blocks and what stands at the foot of every page."""

    blocks: tuple[Block, ...]
    footer: tuple[tuple[str, ...], ...] = ()
    landscape: bool = False
    serif: bool = False
    page_label: str = ""

    def as_data(self) -> dict[str, Any]:
        """The document as plain values."""
        return asdict(self)


def colon_pairs(pairs: list[tuple[str, str]], align: Align = "left", size: float = 9.5) -> Text:
    """`Label: value`, one a line."""
    return Text(tuple(f"{name.rstrip('.:')}: {value}" for name, value in pairs), align, size)


def pair_table(
    pairs: list[tuple[str, str]], rules: Rules = "none", size: float = 9.5, bold: tuple[int, ...] = ()
) -> Table:
    """Labels at the left, values at the right."""
    return Table((), tuple(pairs), (0.55, 0.45), ("left", "right"), rules, size, bold)


def stacked(pairs: list[tuple[str, str]], rules: Rules = "none", size: float = 9.0) -> Table:
    """Labels in one row, their values under them."""
    count = len(pairs)
    return Table(
        tuple(n for n, _ in pairs), (tuple(v for _, v in pairs),), (1 / count,) * count, ("left",) * count, rules, size
    )
