"""Set with typst, from the blocks as JSON."""

from __future__ import annotations

import json

import typst

from tests.made.blocks import Sheet

_SOURCE = """
#let d = json(bytes(sys.inputs.data))
#let broken(s) = s.split("\\n").join(linebreak())
#let at = (left: left, right: right, center: center)
#let draw(b) = {
  if b.kind == "text" {
    block(width: 100%, spacing: 0.4em, align(at.at(b.align), text(size: b.size * 1pt, weight: if b.bold {"bold"} else {"regular"},
      b.lines.map(broken).join(linebreak()))))
  } else if b.kind == "space" {
    v(b.mm * 1mm, weak: false)
  } else if b.kind == "new_page" {
    pagebreak()
  } else if b.kind == "columns" {
    grid(columns: b.parts.map(p => p.at(0) * 1fr), ..b.parts.map(p => p.at(1).map(draw).join()))
  } else if b.kind == "table" {
    set text(size: b.size * 1pt)
    let cells = b.heading.map(h => strong(h))
    for (n, row) in b.rows.enumerate() {
      for c in row { cells.push(if n in b.bold_rows { strong(broken(c)) } else { broken(c) }) }
    }
    table(columns: b.widths.map(w => w * 1fr), align: b.aligns.map(a => at.at(a)), inset: (x: 3pt, y: 3.2pt),
      stroke: if b.rules == "grid" { 0.5pt } else { none },
      ..if b.rules == "lines" { (table.hline(stroke: 0.4pt),) } else { () },
      ..if b.heading.len() > 0 { (table.header(..cells.slice(0, b.heading.len())),) } else { () },
      ..if b.rules in ("head", "lines") and b.heading.len() > 0 { (table.hline(stroke: 0.8pt),) } else { () },
      ..cells.slice(b.heading.len()))
  }
}
#set page(paper: "a4", flipped: d.landscape, margin: (x: 18mm, top: 15mm, bottom: 32mm), footer: context {
  set text(size: 7pt)
  if d.footer.len() > 0 {
    line(length: 100%, stroke: 0.3pt)
    grid(columns: d.footer.map(_ => 1fr), ..d.footer.map(c => c.join(linebreak())))
  }
  if d.page_label != "" {
    align(right, d.page_label.replace("{n}", str(counter(page).get().at(0))).replace("{m}", str(counter(page).final().at(0))))
  }
})
#set text(font: if d.serif { ("Libertinus Serif", "DejaVu Serif") } else { ("Liberation Sans", "DejaVu Sans", "Noto Sans") }, size: 9.5pt)
#d.blocks.map(draw).join()
"""


def write(sheet: Sheet) -> bytes:
    """The document as PDF."""
    return bytes(typst.compile(_SOURCE.encode(), sys_inputs={"data": json.dumps(sheet.as_data())}))
