"""What a sheet may cost. A catalogue of tens of thousands of items is none of the documents that are read here."""

from __future__ import annotations

from typing import Final

MOST_PARTS: Final = 2_000
"""Files in the ZIP."""

MOST_UNPACKED: Final = 24 * 1024 * 1024
"""Bytes of XML, really unpacked."""

MOST_DELIMITED: Final = 8 * 1024 * 1024
"""Bytes of a CSV."""

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 512
MOST_CELLS: Final = 600_000
"""Of one sheet, blank ones within its reach included."""

MOST_SHEETS: Final = 40
LONGEST_TEXT: Final = 2_000
"""Characters that are kept of a cell."""

TOO_LARGE: Final = "The sheet is too large to be read: more cells than a document has."
