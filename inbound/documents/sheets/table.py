"""The lines of a sheet: the row of headings wherever it stands, the rows under it, and which of them are totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from inbound.documents.sheets.grid import Grid, Value, amount_of, text_of
from inbound.documents.sheets.headings import WHOLE_DOCUMENT, columns_of, fields_of
from inbound.documents.visible.figures import roles_of, start_role

HEADINGS_WITHIN: Final = 200
"""Rows in which the headings are looked for."""

_TOTAL_ROLES: Final = ("gross", "net", "tax", "due", "prepaid", "beside")
_NUMBERS: Final = ("quantity", "unit_price", "net", "gross", "tax")
_ITEMS: Final = ("text", "sku", "buyer_sku", "seller_sku")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of lines within a sheet: its columns by field, the rows that are lines, and what stands around them."""

    grid: Grid
    columns: Mapping[str, int]
    headings: int
    """The row of headings, the last of them where there are two."""
    lines: Sequence[int]
    others: Sequence[int]
    """Rows under the headings that are no lines: totals, notes."""
    doubtful: Sequence[int] = ()
    """Rows among the lines that name an item and no figure that can be read, though something stands in its place."""
    whole: Mapping[str, str] = field(default_factory=dict)
    """What a column says of all lines; where it says several things, with line ends between them."""

    def value(self, row: int, name: str) -> Value:
        """What stands in a column of a row; '' where there is no such column."""
        at = self.columns.get(name)
        cells = self.grid.rows[row]
        return cells[at] if at is not None and at < len(cells) else ""

    def text(self, row: int, name: str) -> str | None:
        """The text in a column of a row; None where there is none."""
        return text_of(self.value(row, name)) or None

    def amount(self, row: int, name: str) -> Decimal | None:
        """The figure in a column of a row."""
        return amount_of(self.value(row, name), self.grid.mark)


def table_of(grid: Grid) -> Table | None:
    """Find the table of lines; None where no row heads one."""
    found = _headings(grid)
    if found is None:
        return None
    first, columns = found
    lines: list[int] = []
    others: list[int] = []
    doubtful: list[int] = []
    numbers = [columns[name] for name in _NUMBERS if name in columns]
    items = [columns[name] for name in _ITEMS if name in columns] or [columns[n] for n in ("position",) if n in columns]
    quantity, price = columns.get("quantity"), columns.get("unit_price")
    top = grid.rows[first][:4]
    plain = (float, int)
    for index in range(first + 1, len(grid.rows)):
        row = grid.rows[index]
        if (  # most lines, told without more ado: an item with a number for its quantity and its price
            quantity is not None
            and price is not None
            and items
            and max(quantity, price, items[0]) < len(row)
            and row[items[0]] != ""
            and type(row[quantity]) in plain
            and type(row[price]) in plain
        ):
            lines.append(index)
        elif not any(value != "" for value in row):
            continue
        elif row[:4] != top and _is_line(row, items, numbers, quantity, price, grid):
            lines.append(index)
        else:
            others.append(index)
            if row[:4] != top and _is_doubtful(row, items, numbers):
                doubtful.append(index)
    if not lines:
        return None
    columns = _named_rightly(grid, columns, lines)
    doubtful = [index for index in doubtful if index < lines[-1] + 2]  # what stands further down are notes
    return Table(grid, columns, first, lines, others, doubtful, _whole(grid, columns, lines))


def _headings(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The row that knows most columns, the first of equals; two rows make one heading where that knows more."""
    best: tuple[int, int, dict[str, int]] | None = None
    names: list[list[str]] = []
    hidden = grid.hidden_columns
    for row in grid.rows[:HEADINGS_WITHIN]:
        texts = [text_of(value) if isinstance(value, str) else "" for value in row]
        names.append(["" if at in hidden else text for at, text in enumerate(texts)] if hidden else texts)
    for index, row in enumerate(names):
        columns = columns_of(row)
        if _heads_lines(columns) and (best is None or len(columns) > best[0]):
            best = (len(columns), index, columns)
        if index + 1 < len(names) and any(row) and all(isinstance(v, str) for v in grid.rows[index + 1]):
            below = names[index + 1]
            if any(below) and not any(c.isdigit() for text in below for c in text):
                over = _spread(row, grid.merged, index)
                joined = columns_of([_of_two(a, b) for a, b in zip_longest(over, below, fillvalue="")])
                if _heads_lines(joined) and len(joined) > max(
                    len(columns), len(columns_of(below)), best[0] if best else 0
                ):
                    best = (len(joined), index + 1, joined)
    return (best[1], best[2]) if best else None


def _spread(row: Sequence[str], merged: Sequence[tuple[int, int, int, int]], index: int) -> list[str]:
    """A row of headings with each that is merged over several columns in all of them."""
    spread = list(row)
    for top, left, bottom, right in merged:
        if top <= index <= bottom and left < len(spread):
            spread[left : right + 1] = [spread[left]] * (min(right + 1, len(spread)) - left)
    return spread


def _of_two(over: str, under: str) -> str:
    """The heading that two rows make: both together, in either order, else the one that is known."""
    both = (f"{over} {under}".strip(), f"{under} {over}".strip(), under, over)
    return next((text for text in both if fields_of(text)), both[0])


def _heads_lines(columns: Mapping[str, int]) -> bool:
    """Whether these columns make a table of lines: what, and how much or how many."""
    what = any(name in columns for name in (*_ITEMS, "position"))
    much = any(name in columns for name in ("quantity", "unit_price", "net", "gross"))
    return (what and much) or ("order_line" in columns and "quantity" in columns)


def _is_line(
    row: Sequence[Value],
    items: Sequence[int],
    numbers: Sequence[int],
    quantity: int | None,
    price: int | None,
    grid: Grid,
) -> bool:
    """Whether a row is a line: something with a figure, that is no total. A total has no quantity and price."""
    width = len(row)
    named = any(at < width and row[at] != "" for at in items)
    if not named and items:
        return False
    figures = [at for at in numbers if at < width and row[at] != "" and amount_of(row[at], grid.mark) is not None]
    if not figures:
        # what can be read in two ways is a line's figure all the same
        return any(at < width and any(c.isdigit() for c in text_of(row[at])) for at in numbers)
    if quantity in figures and (price is None or price in figures):
        return True
    label = next((value for value in row if isinstance(value, str) and any(c.isalpha() for c in value)), "")
    if quantity not in figures and price not in figures and roles_of(label[:100]):  # "plus 19 % VAT"
        return False
    return start_role(label[:100]) not in _TOTAL_ROLES


def _is_doubtful(row: Sequence[Value], items: Sequence[int], numbers: Sequence[int]) -> bool:
    """Whether a row names an item but has words for its quantity or price."""
    width = len(row)
    named = any(at < width and row[at] != "" for at in items)
    words = any(at < width and at not in items and any(c.isalpha() for c in text_of(row[at])) for at in numbers)
    first = next((text_of(value) for value in row if value != ""), "")
    return named and words and start_role(first[:100]) not in _TOTAL_ROLES


def _named_rightly(grid: Grid, columns: dict[str, int], lines: Sequence[int]) -> dict[str, int]:
    """A column headed `No.` or `Item` that holds no positions holds item numbers, or the items where no other does."""
    at = columns.get("position")
    free = next((name for name in ("text", "sku") if name not in columns), None)
    if at is None or free is None:
        return columns
    texts = [text_of(grid.rows[index][at]) for index in lines[:50] if at < len(grid.rows[index])]
    counting = sum(text.rstrip(".").replace(".", "", 1).isdigit() and len(text) <= 6 for text in texts if text)
    if texts and counting < 0.7 * sum(1 for text in texts if text):
        return {(free if name == "position" else name): place for name, place in columns.items()}
    return columns


def _whole(grid: Grid, columns: Mapping[str, int], lines: Sequence[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in WHOLE_DOCUMENT:
        if (at := columns.get(name)) is not None:
            said = {grid.text(index, at): None for index in lines if at < len(grid.rows[index])}
            said.pop("", None)
            if said:
                found[name] = "\n".join(list(said)[:20])
    return found
