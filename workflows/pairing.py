"""Pairing: which ordered line an invoice line stands for, by a fixed order of evidence, each pair with its reason.

Never by sums of amounts; evidence that fits two lines pairs none, and what is left is a new item.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rapidfuzz import fuzz, process

from workflows.differences import InvoiceLine, Ordered
from workflows.lines import Line
from workflows.units import unit_code

SURE_TEXT = 85
"""The text score (0 to 100) from which two lines may be taken for the same item."""

LONGEST_TEXT = 300
"""Characters of a line's text that are scored: an item is told by its beginning, and scoring costs their square."""

Pairs = Mapping[int, Ordered]
"""The ordered line of each invoice line that has one, by the invoice line's number."""

_SIGNS = re.compile(r"[\W_]+")


@dataclass(slots=True)
class _Pairing:
    invoiced: list[InvoiceLine]
    ordered: list[Ordered]
    pairs: dict[int, Ordered] = field(default_factory=dict)
    taken: set[tuple[int, int]] = field(default_factory=set)
    texts: dict[str, str | None] = field(default_factory=dict)

    def open_lines(self) -> list[InvoiceLine]:
        return [line for line in self.invoiced if line.n not in self.pairs]

    def free(self) -> list[Ordered]:
        return [o for o in self.ordered if (o.order_id, o.line.n) not in self.taken]

    def join(self, line: InvoiceLine, ordered: Ordered, reason: str) -> None:
        self.pairs[line.n] = ordered
        self.taken.add((ordered.order_id, ordered.line.n))
        line.order_id, line.order_n, line.paired_by = ordered.order_id, ordered.line.n, reason

    def folded(self, text: str | None) -> str | None:
        """As `folded`, worked out once for each text."""
        if not text:
            return None
        if text not in self.texts:
            self.texts[text] = folded(text)
        return self.texts[text]


def pair(invoiced: Sequence[InvoiceLine], ordered: Sequence[Ordered]) -> dict[int, Ordered]:
    """The ordered line of each invoice line that has one, by the invoice line's number; reasons go onto the lines."""
    pairing = _Pairing(sorted(invoiced, key=lambda line: line.n), list(ordered))
    _by_named_line(pairing)
    text_of = pairing.folded
    _by_key(pairing, "buyer item", lambda line: text_of(line.buyer_sku), shared=True)
    _by_key(pairing, "seller item", lambda line: text_of(line.seller_sku), shared=True)
    _by_key(pairing, "same text", lambda line: (text, unit_code(line.unit)) if (text := text_of(line.text)) else None)
    _by_key(pairing, "price and unit", lambda line: (p, unit_code(line.unit)) if (p := price_of(line)) else None)
    _by_text(pairing)
    return pairing.pairs


def _by_named_line(pairing: _Pairing) -> None:
    """The order line that the document itself names; several invoice lines may name the same one."""
    by_number: dict[str, list[Ordered]] = defaultdict(list)
    for o in pairing.ordered:
        by_number[str(o.line.n)].append(o)
    for line in pairing.open_lines():
        if not line.order_line_named:
            continue
        order = pairing.folded(line.order_named)
        candidates = by_number.get(line.order_line_named.lstrip("0"), ())
        named = [o for o in candidates if not order or pairing.folded(o.order_number) == order]
        if len(named) == 1:
            pairing.join(line, named[0], "order line")


def _by_key(pairing: _Pairing, reason: str, key: Callable[[Line], Hashable | None], *, shared: bool = False) -> None:
    """Join where the key names one ordered line; *shared* lets several invoice lines name the same."""
    lines = pairing.open_lines()
    if not lines:
        return
    candidates: dict[Hashable, list[Ordered]] = defaultdict(list)
    for o in pairing.ordered if shared else pairing.free():
        if (value := key(o.line)) is not None:
            candidates[value].append(o)
    keys = [key(line) for line in lines]
    wanted = Counter(keys)
    for line, value in zip(lines, keys, strict=True):
        found = candidates.get(value, ()) if value is not None else ()
        if len(found) == 1 and (shared or wanted[value] == 1):
            pairing.join(line, found[0], reason)


def _by_text(pairing: _Pairing) -> None:
    """The best text score among leftovers, where it is high enough and no second line comes near it."""
    lines, free = pairing.open_lines(), pairing.free()
    if not lines or not free:
        return
    texts = [_sorted_words(pairing.folded(o.line.text)) for o in free]
    scored: list[tuple[InvoiceLine, int]] = []
    for line in lines:
        best = process.extract(
            _sorted_words(pairing.folded(line.text)), texts, scorer=fuzz.ratio, score_cutoff=SURE_TEXT, limit=2
        )
        if best and (len(best) == 1 or best[0][1] > best[1][1]):
            scored.append((line, best[0][2]))
    claims = Counter(index for _, index in scored)
    for line, index in scored:
        if claims[index] == 1:
            pairing.join(line, free[index], "text")


def _sorted_words(text: str | None) -> str | None:
    """The words in order, so that the ratio of two such texts is rapidfuzz's `token_sort_ratio`, each sorted once."""
    return " ".join(sorted(text[:LONGEST_TEXT].split())) if text else None


def folded(text: str | None) -> str | None:
    """*text* for comparison: case, accents' form, spacing and punctuation do not matter."""
    if text is None:
        return None
    return _SIGNS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip() or None


def price_of(line: Line) -> Decimal | None:
    """The price of one unit, less the line's own allowance."""
    if line.unit_price is None or not line.base_quantity:
        return None
    price = line.unit_price / line.base_quantity
    return price + line.beside / line.quantity if line.beside < 0 and line.quantity else price
