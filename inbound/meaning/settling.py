"""Which of several numbers is the new one, and what it is the price of."""

from __future__ import annotations

import re
from decimal import Decimal


def settled_by(
    numbers: list[tuple[Decimal, str]],
    places: list[int],
    items: list[tuple[str, str]],
    now: tuple[Decimal | None, Decimal | None],
) -> tuple[list[tuple[Decimal, str]], bool]:
    """The numbers without those that the line has now, where a new one of the same kind is said; and what is denied."""
    denied = {
        next((k for k, place in enumerate(places) if place > at), -1)
        for at, (kind, _) in enumerate(items)
        if kind == "deny"
    }
    kinds = {value: kind for kind, value in (("price", now[1]), ("qty", now[0])) if value}
    if _multiplied(items) or not kinds:
        return numbers, bool(denied)
    old = [
        k
        for k, (amount, role) in enumerate(numbers)
        if amount in kinds
        and role in ("plain", "qty", "price")
        and any(
            value not in kinds and _same_kind(value, said, amount, role if role != "plain" else kinds[amount])
            for value, said in numbers
        )
    ]
    kept = [one for k, one in enumerate(numbers) if k not in old]
    if old and len(kept) == 1 and kept[0][1] == "plain":
        first = numbers[old[0]]
        kept = [(kept[0][0], first[1] if first[1] != "plain" else kinds[first[0]])]
    return kept, bool(denied - set(old))


def _multiplied(items: list[tuple[str, str]]) -> bool:
    """Whether a quantity times a price is written: `8 x 11.50`, `8 pcs at EUR 11.50`."""
    kinds = "".join({"number": "n", "times": "x", "unit": ".", "currency": "."}.get(kind, "-") for kind, _ in items)
    return re.search(r"n\.?x\.?n", kinds) is not None


def _same_kind(value: Decimal, said: str, old: Decimal, kind: str) -> bool:
    return said == kind or (said == "plain" and like(value, old))


def like(value: Decimal, old: Decimal) -> bool:
    """Whether two figures may be the same one, changed: not more than the triple nor less than a third."""
    return bool(old) and old / 3 <= value <= old * 3
