"""Whether a bare figure is a price or a quantity, told by what the line has now."""

from __future__ import annotations

from decimal import Decimal

from inbound.meaning.figures import Figures
from inbound.meaning.items import units_of
from inbound.meaning.settling import like
from workflows.actions import KnownLine


def nearer(value: Decimal, line: KnownLine) -> tuple[bool, bool]:
    """Whether a bare figure can only be a price, or only a quantity: it is like the one and far from the other."""
    if line.price is None or line.qty is None:
        return False, False
    pricing, sizing = like(value, line.price), like(value, line.qty)
    if pricing and sizing:
        by_price, by_qty = _ratio(value, line.price), _ratio(value, line.qty)
        if by_price * _MUCH < by_qty or by_qty * _MUCH < by_price:
            return by_price < by_qty, by_qty < by_price
        return value.as_tuple().exponent == -2 and not units_of(line.unit) & _MEASURES, False
    return pricing, sizing


def is_near(figures: Figures, line: KnownLine) -> bool:
    """Whether figures for another unit are so near to the line's own that the unit is only another word for it."""
    pairs = ((figures.price, line.price), (figures.qty, line.qty))
    said = [(value, old) for value, old in pairs if value is not None]
    return bool(said) and all(value and old and _ratio(value, old) < _MUCH for value, old in said)


def _ratio(value: Decimal, old: Decimal) -> Decimal:
    return max(value / old, old / value)


_MUCH = Decimal("1.4")
"""How much nearer a figure must be to the one than to the other."""


UNIT = 3


_MEASURES = frozenset(("kilogram", "gram", "tonne", "metre", "square_metre", "cubic_metre", "litre", "hour"))
"""Units of which people sell 22.10."""
