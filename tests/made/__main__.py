"""`python -m tests.made --seed 1 --out DIR [--count 135] [--scans]`: documents with a truth file each."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from tests.made import by_office, by_reportlab, by_typst, scans
from tests.made.blocks import Sheet
from tests.made.layouts import LAYOUTS
from tests.made.paper import Paper, draw

PROGRAMS = ("typst", "reportlab", "office")


def make(seed: int, index: int) -> tuple[Paper, Sheet, str]:
    """One document: what it says, how it is laid out, and the program that sets it."""
    paper = draw(seed, index)
    layout = LAYOUTS[(index + index // len(LAYOUTS)) % len(LAYOUTS)]
    program = PROGRAMS[(index // 3 + index) % len(PROGRAMS)]
    if (program == "office" and not by_office.available()) or (program == "reportlab" and by_reportlab.fonts() is None):
        program = "typst"
    return paper, layout(paper), f"{program}-{layout.__name__}"


def main() -> None:
    """Write the documents of a seed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--count", type=int, default=135)
    options.add_argument("--scans", action="store_true", help="write a degraded scan beside each PDF")
    asked = options.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    written: dict[str, bytes] = {}
    for_office: dict[str, Sheet] = {}
    for index in range(asked.count):
        paper, sheet, made_by = make(asked.seed, index)
        name = f"{index:03d}-{paper.language}-{paper.kind}-{made_by}"
        truth = {"file": f"{name}.pdf", **paper.truth()}
        (asked.out / f"{name}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), "utf-8")
        if made_by.startswith("office"):
            for_office[name] = sheet
        else:
            written[name] = by_typst.write(sheet) if made_by.startswith("typst") else by_reportlab.write(sheet)
    if for_office:
        written |= by_office.write(for_office)
    for name, content in sorted(written.items()):
        (asked.out / f"{name}.pdf").write_bytes(content)
        if asked.scans:
            ending, scanned = scans.degrade(content, random.Random(f"{asked.seed}/{name}"))
            (asked.out / f"{name}.scan.{ending}").write_bytes(scanned)


if __name__ == "__main__":
    main()
