"""Set with LibreOffice, all of a batch in one run: flat ODF text documents turned into PDFs."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from tests.made.blocks import Block, Columns, NewPage, Sheet, Space, Table, Text

_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip


def available() -> bool:
    """Whether LibreOffice is on this machine."""
    return shutil.which("soffice") is not None


def write(sheets: Mapping[str, Sheet]) -> dict[str, bytes]:
    """PDFs of the documents by their names."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, sheet in sheets.items():
            (place / f"{name}.fodt").write_text(_Writer(sheet).whole(), "utf-8")
        files = [str(file) for file in sorted(place.glob("*.fodt"))]
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf", "--outdir", folder, *files],
            check=True, capture_output=True, timeout=600,
        )  # fmt: skip
        return {name: (place / f"{name}.pdf").read_bytes() for name in sheets}


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.styles: dict[str, str] = {}
        self.tables = 0

    def whole(self) -> str:
        body = "".join(self._block(block, 1.0) for block in self.sheet.blocks)
        font = "Liberation Serif" if self.sheet.serif else "Liberation Sans"
        size = ("29.7cm", "21cm") if self.sheet.landscape else ("21cm", "29.7cm")
        foot = (
            self._block(
                Columns(tuple((1 / len(self.sheet.footer), (Text(c, size=7),)) for c in self.sheet.footer)), 1.0
            )
            if self.sheet.footer
            else ""
        )
        if self.sheet.page_label:
            label = (
                escape(self.sheet.page_label).replace("{n}", "<text:page-number/>").replace("{m}", "<text:page-count/>")
            )
            foot += f'<text:p text:style-name="{self._paragraph("right", 7, False)}">{label}</text:p>'
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document {_SPACES} office:version="1.3" '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:styles><style:default-style style:family="paragraph">'
            f'<style:text-properties style:font-name="{font}" fo:font-family="\'{font}\'" fo:font-size="9.5pt"/></style:default-style></office:styles>'
            f"<office:automatic-styles>{''.join(self.styles.values())}"
            f'<style:page-layout style:name="pl"><style:page-layout-properties fo:page-width="{size[0]}" fo:page-height="{size[1]}" '
            'fo:margin-left="1.8cm" fo:margin-right="1.8cm" fo:margin-top="1.5cm" fo:margin-bottom="1cm"/>'
            "<style:footer-style/></style:page-layout></office:automatic-styles>"
            f'<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pl"><style:footer>{foot}</style:footer>'
            f"</style:master-page></office:master-styles><office:body><office:text>{body}</office:text></office:body></office:document>"
        )

    def _block(self, block: Block, width: float) -> str:
        if isinstance(block, Text):
            style = self._paragraph(block.align, block.size, block.bold)
            return "".join(f'<text:p text:style-name="{style}">{_broken(line)}</text:p>' for line in block.lines)
        if isinstance(block, Space):
            style = self._paragraph("left", max(2.0, block.mm * 2.2), False)
            return f'<text:p text:style-name="{style}"/>'
        if isinstance(block, NewPage):
            self.styles["break"] = (
                '<style:style style:name="break" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style>'
            )
            return '<text:p text:style-name="break"/>'
        if isinstance(block, Columns):
            whole = sum(part for part, _ in block.parts)
            parts = [part / whole for part, _ in block.parts]
            cells = [
                "".join(self._block(b, width * p) for b in blocks)
                for p, (_, blocks) in zip(parts, block.parts, strict=True)
            ]
            return self._table(parts, [cells], self._cell("none"), width)
        return self._lines(block, width)

    def _lines(self, block: Table, width: float) -> str:
        rows = (
            [
                [
                    self._block(Text((h,), a, block.size, True), 1)
                    for h, a in zip(block.heading, block.aligns, strict=True)
                ]
            ]
            if block.heading
            else []
        )
        for number, row in enumerate(block.rows):
            rows.append(
                [
                    self._block(Text((c,), a, block.size, number in block.bold_rows), 1)
                    for c, a in zip(row, block.aligns, strict=True)
                ]
            )
        return self._table(list(block.widths), rows, self._cell(block.rules), width)

    def _table(self, parts: list[float], rows: list[list[str]], cell: str, width: float) -> str:
        self.tables += 1
        name, whole = f"t{self.tables}", (26.1 if self.sheet.landscape else 17.4) * width
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="table"><style:table-properties style:width="{whole:.2f}cm" table:align="left"/></style:style>'
            + "".join(
                f'<style:style style:name="{name}.{n}" style:family="table-column"><style:table-column-properties style:column-width="{whole * p:.2f}cm"/></style:style>'
                for n, p in enumerate(parts)
            )
        )
        columns = "".join(f'<table:table-column table:style-name="{name}.{n}"/>' for n in range(len(parts)))
        body = "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell table:style-name="{cell}" office:value-type="string">{c or "<text:p/>"}</table:table-cell>'
                for c in row
            )
            + "</table:table-row>"
            for row in rows
        )
        return f'<table:table table:name="{name}" table:style-name="{name}">{columns}{body}</table:table>'

    def _cell(self, rules: str) -> str:
        border = {"grid": 'fo:border="0.5pt solid #000000"', "lines": 'fo:border-bottom="0.4pt solid #888888"'}.get(
            rules, ""
        )
        self.styles[f"c-{rules}"] = (
            f'<style:style style:name="c-{rules}" style:family="table-cell"><style:table-cell-properties fo:padding="0.06cm" {border}/></style:style>'
        )
        return f"c-{rules}"

    def _paragraph(self, align: str, size: float, bold: bool) -> str:
        name = f"p-{align}-{size:g}-{'b' if bold else 'r'}"
        side = {"left": "start", "right": "end"}.get(align, align)
        weight = ' fo:font-weight="bold"' if bold else ""
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties fo:text-align="{side}"/>'
            f'<style:text-properties fo:font-size="{size:g}pt"{weight}/></style:style>'
        )
        return name


def _broken(text: str) -> str:
    return escape(text).replace("\n", "<text:line-break/>")
