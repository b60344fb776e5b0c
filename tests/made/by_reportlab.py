"""Set with reportlab, in the fonts that the machine has for all nine languages."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from tests.made.blocks import Block, Columns, NewPage, Sheet, Space, Table, Text

_ALIGN = {"left": TA_LEFT, "right": TA_RIGHT, "center": TA_CENTER}
_FONTS = (("LiberationSans", ""), ("DejaVuSans", ""), ("NotoSans", "-Regular"))


@cache
def fonts() -> tuple[str, str] | None:
    """The names of a font and its bold with Latin and Cyrillic letters; None where the machine has none."""
    for family, plain in _FONTS:
        for suffix in (plain, "-Regular"):
            found = next(Path("/usr/share/fonts").rglob(f"{family}{suffix}.ttf"), None)
            bold = next(Path("/usr/share/fonts").rglob(f"{family}-Bold.ttf"), None)
            if found and bold:
                pdfmetrics.registerFont(TTFont(family, str(found)))
                pdfmetrics.registerFont(TTFont(f"{family}-Bold", str(bold)))
                return family, f"{family}-Bold"
    return None


def write(sheet: Sheet) -> bytes:
    """The document as PDF."""
    size = landscape(A4) if sheet.landscape else A4
    width = size[0] - 36 * mm
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=size,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=15 * mm,
        bottomMargin=30 * mm,
        invariant=1,
    )

    def foot(canvas: Any, _: object) -> None:
        names = fonts()
        canvas.setFont(names[0] if names else "Helvetica", 7)
        for number, column in enumerate(sheet.footer):
            for row, text in enumerate(column):
                canvas.drawString(18 * mm + number * width / len(sheet.footer), (22 - 3 * row) * mm, text)
        if sheet.page_label and "{m}" in sheet.page_label:
            text = sheet.page_label.replace("{n}", str(canvas.getPageNumber())).replace("{m}", str(pages))
            canvas.drawRightString(size[0] - 18 * mm, 6 * mm, text)

    pages = 1 + sum(isinstance(block, NewPage) for block in sheet.blocks)
    document.build([f for b in sheet.blocks for f in _flow(b, width)], onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _flow(block: Block, width: float) -> list[Flowable]:
    if isinstance(block, Text):
        return [_paragraph(line, block.align, block.size, block.bold) for line in block.lines]
    if isinstance(block, Space):
        return [Spacer(1, block.mm * mm)]
    if isinstance(block, NewPage):
        return [PageBreak()]
    if isinstance(block, Columns):
        whole = sum(part for part, _ in block.parts)
        widths = [width * part / whole for part, _ in block.parts]
        cells = [
            [f for b in blocks for f in _flow(b, w - 4)] for w, (_, blocks) in zip(widths, block.parts, strict=True)
        ]
        grid = Grid([cells], colWidths=widths)
        grid.setStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ]
        )
        return [grid]
    return [_grid(block, width)]


def _grid(block: Table, width: float) -> Flowable:
    rows = (
        [[_paragraph(h, a, block.size, True) for h, a in zip(block.heading, block.aligns, strict=True)]]
        if block.heading
        else []
    )
    for number, row in enumerate(block.rows):
        bold = number in block.bold_rows
        rows.append([_paragraph(c, a, block.size, bold) for c, a in zip(row, block.aligns, strict=True)])
    grid = Grid(rows, colWidths=[width * part for part in block.widths], repeatRows=1 if block.heading else 0)
    style: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2),
             ("BOTTOMPADDING", (0, 0), (-1, -1), 2), ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3)]  # fmt: skip
    if block.rules == "grid":
        style.append(("GRID", (0, 0), (-1, -1), 0.5, "black"))
    elif block.rules != "none" and block.heading:
        style.append(("LINEBELOW", (0, 0), (-1, 0), 0.8, "black"))
    if block.rules == "lines":
        style.append(("LINEBELOW", (0, 0), (-1, -1), 0.3, "grey"))
    grid.setStyle(style)
    return grid


def _paragraph(text: str, align: str, size: float, bold: bool) -> Flowable:
    names = fonts()
    font = (names[1] if bold else names[0]) if names else "Helvetica"
    style = ParagraphStyle("p", fontName=font, fontSize=size, leading=size * 1.25, alignment=_ALIGN[align])
    return Paragraph(escape(text).replace("\n", "<br/>"), style)
