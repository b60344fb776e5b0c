"""What stands on a page of a PDF, counted before it is drawn: nothing, a page, or work without end."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any, Final

import pypdfium2.raw

from inbound.documents.format import DocumentUnreadable

# pypdfium2 makes its functions from pdfium's headers when it is built, so there is nothing to check types against
pdfium: Any = pypdfium2.raw

MOST_MARKS: Final = 50_000
"""Things on one page: one whose letters are drawn as outlines has some thousand."""

MOST_PIXELS: Final = 120_000_000
"""Pixels of all pictures on one page: a scan at 600 dpi in several layers has 100 million."""

MOST_LAYERS: Final = 200.0
"""How often a page may be painted over, all things on it together."""

DEEPEST: Final = 8
"""Forms within forms, as far as they are looked at."""


def anything_on(page: Any) -> bool:
    """Whether there is anything to draw on pypdfium2's *page*.

    Raises `DocumentUnreadable` where there is more than any page has.
    """
    width, height = page.get_size()
    whole = max(width * height, 1.0)
    marks, pixels, painted = 0, 0, 0.0
    for mark in _marks(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, DEEPEST):
        marks, pixels, painted = marks + 1, pixels + _pixels(mark), painted + _area(mark, width, height) / whole
        if marks > MOST_MARKS or pixels > MOST_PIXELS or painted > MOST_LAYERS:
            raise DocumentUnreadable("too_large", "A page of the PDF shows more than can be drawn.")
    return marks > 0


def _marks(of: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], deep: int) -> Iterator[Any]:
    for index in range(max(count(of), 0)):
        mark = get(of, index)
        yield mark
        if deep and pdfium.FPDFPageObj_GetType(mark) == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _marks(mark, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, deep - 1)


def _pixels(mark: Any) -> int:
    if pdfium.FPDFPageObj_GetType(mark) != pdfium.FPDF_PAGEOBJ_IMAGE:
        return 0
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(mark, width, height):
        return 0
    return int(width.value * height.value)


def _area(mark: Any, width: float, height: float) -> float:
    """What of the page a thing covers at most, in square points; the place of one within a form is its own."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(mark, left, bottom, right, top):
        return 0.0
    return min(max(right.value - left.value, 0.0), width) * min(max(top.value - bottom.value, 0.0), height)
