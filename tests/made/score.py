"""`python -m tests.made.score DIR [--scans] [--totals]`: what is read right, missing and wrong of made documents."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from inbound.documents.document import read_document, reading_as_json

HEADLINE = ("kind", "number", "issue_date", "gross", "currency")
OTHERS = ("net", "tax", "due", "orders", "seller", "buyer", "iban", "lines")
MONEY = ("net", "tax", "gross", "due")


def judge(truth: dict[str, Any], read: dict[str, Any]) -> dict[str, str]:
    """`right`, `missing` or `wrong` for every field that the truth knows; what is not there must not be read."""
    wanted, got = _flat(truth), _flat(read)
    told = {}
    for name in (*HEADLINE, *OTHERS):
        if name in wanted:
            want, have = wanted[name], got.get(name)
            same = want == have if name not in MONEY or None in (want, have) else Decimal(want) == Decimal(have)
            told[name] = "right" if same else "missing" if have in (None, [], "other") else "wrong"
    return told


def _flat(document: dict[str, Any]) -> dict[str, Any]:
    flat = {name: document[name] for name in (*HEADLINE, *MONEY, "orders") if name in document}
    for side in ("seller", "buyer"):
        flat[side] = (document.get(side) or {}).get("name")
    if (document.get("seller") or {}).get("iban"):
        flat["iban"] = document["seller"]["iban"]
    if "lines" in document:
        flat["lines"] = [str(Decimal(line["net"])) for line in document["lines"] if line.get("net") is not None]
    return flat


def main() -> None:
    """Score a folder."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--scans", action="store_true", help="score the scans, not the PDFs with text")
    options.add_argument("--totals", action="store_true", help="show no single document")
    options.add_argument("--only", default="", help="only files whose name holds this")
    asked = options.parse_args()
    tally: dict[str, Counter[str]] = {name: Counter() for name in (*HEADLINE, *OTHERS)}
    for file in sorted(asked.folder.glob("*.json")):
        truth = json.loads(file.read_text("utf-8"))
        shown = next(asked.folder.glob(f"{file.stem}.scan.*"), None) if asked.scans else file.with_suffix(".pdf")
        if shown is None or asked.only not in file.stem:
            continue
        reading = read_document(shown.read_bytes(), shown.name)
        read = json.loads(json.dumps(reading_as_json(reading, shown.name))) if reading else {}
        told = judge(truth, read)
        for name, verdict in told.items():
            tally[name][verdict] += 1
        bad = [
            f"{n} {v}: {read.get(n)!r} for {truth.get(n)!r}" for n, v in told.items() if v != "right" and n in HEADLINE
        ]
        if bad and not asked.totals:
            print(file.stem, *bad, sep="\n    ")
    _report(tally)


def _report(tally: dict[str, Counter[str]]) -> None:
    for name, counts in tally.items():
        print(f"{name:12} right {counts['right']:4} missing {counts['missing']:4} wrong {counts['wrong']:4}")
    head: Counter[str] = sum((tally[name] for name in HEADLINE), Counter())
    whole = sum(head.values()) or 1
    given = head["right"] + head["wrong"] or 1
    print(f"{'+'.join(HEADLINE)}: right {100 * head['right'] / whole:.2f} %, wrong {100 * head['wrong'] / given:.2f} %")


if __name__ == "__main__":
    main()
