"""Number words of a language, put together from those that its phrase file lists: "thirty-one", "zweiunddreißig"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_ONES: Final = range(1, 10)
_TENS: Final = range(20, 100, 10)


def counted(numbers: Mapping[str, Sequence[str]], tens: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """All number words below a hundred, and the others that are listed, by their values.

    *tens* are patterns of `{ten}` and `{one}`. A value that is listed is taken as it is, like "vingt et un".
    """
    known = {int(value): tuple(words) for value, words in numbers.items()}
    for ten in _TENS:
        for one in _ONES:
            known.setdefault(
                ten + one,
                tuple(way.format(ten=t, one=o) for way in tens for t in known.get(ten, ()) for o in known.get(one, ())),
            )
    return {str(value): words for value, words in known.items() if words}
