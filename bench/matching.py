"""What matching 200 invoice lines with 200 ordered ones costs, beside a bare loop over the same 40,000 pairs.

Both in CPU time of one process, in turns, in one run; `cpu_ms` is one invoice, with its differences and its report.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from workflows.differences import Invoiced, InvoiceLine, Ordered, Terms
from workflows.lines import Line
from workflows.matching import compare

LINES, ROUNDS = 200, 9
_WORDS = (
    *("steel", "brass", "zinc", "nylon", "washer", "bolt", "bracket", "hinge", "sleeve"),
    *("bearing", "left", "right", "short", "long", "plated", "black"),
)


def by_id() -> Mapping[str, float]:
    """Every line has the customer's item number."""
    ordered, lines = _lines()
    return _measured(ordered, [replace(line, buyer_sku=f"B-{line.n}") for line in lines])


def by_text() -> Mapping[str, float]:
    """No numbers, no prices alike: each text differs a little from the order's, and the lines stand otherwise."""
    ordered, lines = _lines()
    random.Random(4).shuffle(lines)
    return _measured(ordered, [replace(line, text=f"{line.text} / new") for line in lines])


def _lines() -> tuple[list[Ordered], list[InvoiceLine]]:
    made = random.Random(3)
    texts = [" ".join([*made.sample(_WORDS, 5), f"DIN {made.randint(100, 9999)}"]) for _ in range(LINES)]
    price = Decimal("4.50")
    ordered = [
        Ordered(1, "PO-1", Line(n, text, Decimal(10), "C62", price, buyer_sku=f"B-{n}"), Decimal(10))
        for n, text in enumerate(texts, 1)
    ]
    lines = [InvoiceLine(n, text, Decimal(10), "Stk", price, net=Decimal(45)) for n, text in enumerate(texts, 1)]
    return ordered, lines


def _measured(ordered: Sequence[Ordered], lines: Sequence[InvoiceLine]) -> Mapping[str, float]:
    invoice = Invoiced(lines, "EUR", Decimal(45 * LINES))
    found = compare(invoice, ordered, Terms("EUR"))
    paired = sum(line.order_n is not None for line in lines)
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_cpu(lambda: compare(invoice, ordered, Terms("EUR"))))
        bare.append(_cpu(lambda: _bare(ordered, lines)))
    cpu, loop = statistics.median(ours), statistics.median(bare)
    return {
        "ratio": round(cpu / loop, 2),
        "cpu_ms": round(1000 * cpu, 1),
        "bare_ms": round(1000 * loop, 1),
        "paired": paired,
        "differences": len(found.differences),
    }


def _bare(ordered: Sequence[Ordered], lines: Sequence[InvoiceLine]) -> int:
    """Every text against every other: the least that a comparison of all with all does."""
    return sum(line.text == one.line.text for line in lines for one in ordered)


def _cpu(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    begin = time.process_time()
    work()
    spent = time.process_time() - begin
    gc.enable()
    return spent
