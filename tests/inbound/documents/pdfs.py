"""Small PDFs, made with typst for the tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

ENGLISH = """
#set page(width: 210mm, height: 297mm, margin: 20mm)
#set text(size: 10pt)
Brackets and Sons Ltd, Mill Lane 3, Leeds #h(1fr) VAT no. GB123456789
#v(8mm)
#text(size: 18pt)[Invoice]
#grid(columns: (40mm, 60mm), row-gutter: 2mm,
  [Invoice number:], [INV-2026/007], [Invoice date:], [5 March 2026], [Due date:], [4 April 2026],
  [Your order:], [PO 2026 42])
#v(6mm)
#table(columns: (12mm, 70mm, 25mm, 25mm, 30mm), stroke: none, align: (left, left, right, right, right),
  [Pos], [Description], [Qty], [Unit price], [Amount],
  [1], [Steel bracket], [10], [12.50], [125.00],
  [2], [Screw M4, zinc-plated], [2,000], [0.045], [90.00])
#v(4mm)
#align(right, grid(columns: (40mm, 30mm), row-gutter: 2mm, align: right,
  [Subtotal], [£215.00], [VAT 20%], [£43.00], [Total], [£258.00]))
#v(8mm)
IBAN GB82 WEST 1234 5698 7654 32
"""

GERMAN = """
#set page(width: 210mm, height: 297mm, margin: 20mm)
#set text(size: 10pt)
Winkel GmbH · Mühlweg 3 · 20457 Hamburg
#v(8mm)
#text(size: 18pt)[{title} Nr. R-1001 vom 05.03.2026]

Bestellung: 4500017 #h(2cm) Liefer- und Leistungsdatum: 03.03.2026

Zahlbar bis 04.04.2026 ohne Abzug.
#table(columns: (12mm, 60mm, 25mm, 30mm, 30mm), stroke: none, align: (left, left, right, right, right),
  [Pos], [Bezeichnung], [Menge], [Einzelpreis], [Gesamt],
  [1], [Stahlwinkel], [100 Stk], [12,50 €], [{sign}1.250,00 €],
  [2], [Schrauben], [10 Pkg], [1,50 €], [{sign}15,00 €])
#grid(columns: (80mm, 30mm), row-gutter: 2mm, align: right,
  [Nettobetrag], [{sign}1.265,00 €], [zzgl. 19 % USt.], [{sign}{tax} €], [Rechnungsbetrag], [{sign}1.505,35 €])
#v(8mm)
USt-IdNr.: DE136695976 #h(1cm) IBAN DE02 1203 0000 0000 2020 51
"""


@cache
def a_pdf(source: str, attached: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """A PDF of typst source, with files attached."""
    with TemporaryDirectory() as folder:
        for name, content in attached:
            (Path(folder) / name).write_bytes(content)
            source = f'#pdf.attach("{name}")\n' + source
        (Path(folder) / "main.typ").write_text(source, encoding="utf-8")
        made = typst.compile(str(Path(folder) / "main.typ"), root=folder)
        assert isinstance(made, bytes)
        return made


def a_german_invoice(title: str = "Rechnung", tax: str = "240,35", sign: str = "") -> bytes:
    """A German invoice over 1.505,35 €."""
    return a_pdf(GERMAN.replace("{title}", title).replace("{tax}", tax).replace("{sign}", sign))
