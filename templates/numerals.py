"""Number words of a language, put together from those that its phrase file lists: "thirty-one", "zweihundertzehn"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_ONES: Final = range(1, 10)
_TENS: Final = range(20, 100, 10)
_HUNDREDS: Final = range(100, 1000, 100)
_RESTS: Final = (5, *range(10, 100, 10), 25, 75)
"""What people add to hundreds in words; other amounts they write in figures."""

Numbers = dict[str, tuple[str, ...]]


def counted(numbers: Mapping[str, Sequence[str]], tens: Sequence[str], hundreds: Sequence[str]) -> Numbers:
    """All number words to 1000 by their values, given the simple ones and how the others are made of them.

    *tens* are patterns of `{ten}` and `{one}`, *hundreds* of `{hundred}` and `{rest}`. A value that is listed is taken
    as it is: "vingt et un" is no "vingt-un".
    """
    known = {int(value): tuple(words) for value, words in numbers.items()}
    for ten in _TENS:
        for one in _ONES:
            known.setdefault(
                ten + one,
                tuple(way.format(ten=t, one=o) for way in tens for t in known.get(ten, ()) for o in known.get(one, ())),
            )
    for hundred in _HUNDREDS:
        for rest in _RESTS:
            known.setdefault(
                hundred + rest,
                tuple(
                    way.format(hundred=h, rest=r)
                    for way in hundreds
                    for h in known.get(hundred, ())
                    for r in known.get(rest, ())
                ),
            )
    return {str(value): words for value, words in known.items() if words}
