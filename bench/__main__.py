"""Runs every benchmark, prints a readable line for each, and one JSON object on the last line."""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Mapping

import structlog

from bench.accept import accept_4k, accept_300k
from bench.beside import keep_beside_workers
from bench.documents import text_pdf, ubl_200_lines, ubl_growth, xlsx_5000_rows
from bench.growth import growth
from bench.matching import by_id, by_text
from bench.reading import read_4k, read_5m, read_25m, split
from bench.templates import scan, second_of_template
from bench.way import way_of_one_mail

Figures = Mapping[str, float]

BENCHMARKS: Mapping[str, tuple[Callable[[], Figures], float]] = {
    "way_of_one_mail": (way_of_one_mail, 8),
    "accept_4k": (accept_4k, 1.2),
    "accept_300k": (accept_300k, 0.35),
    "growth": (growth, 1.15),
    "keep_beside_workers": (keep_beside_workers, 1),
    "read_4k": (read_4k, 1.5),
    "read_5m": (read_5m, 0.5),
    "read_25m": (read_25m, 4),
    "split": (split, 1),
    "text_pdf": (text_pdf, 3),
    "second_of_template": (second_of_template, 0.3),
    "scan": (scan, 4),
    "ubl_200_lines": (ubl_200_lines, 8),
    "ubl_growth": (ubl_growth, 1.15),
    "xlsx_5000_rows": (xlsx_5000_rows, 4),
    "match_by_id": (by_id, 5),
    "match_by_text": (by_text, 15),
}
"""What is measured, and the ratio that it shall not be above."""


def main() -> None:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="which to run; all when none is named")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    found: dict[str, Figures] = {}
    for name in parser.parse_args().names or BENCHMARKS:
        measure, aim = BENCHMARKS[name]
        found[name] = figures = measure()
        rest = ", ".join(f"{key} {value:g}" for key, value in figures.items() if key != "ratio")
        print(f"{name:<20} {figures['ratio']:>7.2f}x   (aim {aim:g}x)   {rest}", flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
