"""How letters are compared: case, diacritics and two ways to write one letter make no difference."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

_LATIN: Final = str.maketrans(
    {
        code: base
        for code in range(0xC0, 0x250)
        if (base := unicodedata.normalize("NFKD", chr(code))[0]).isascii() and base.isalpha()
    }
    | {ord("ł"): "l", ord("đ"): "d", ord("ø"): "o", ord("æ"): "ae", ord("œ"): "oe"}
)


def folded(text: str, pairs: Sequence[tuple[str, str]] = ()) -> str:
    """Write a text in lower case and without Latin diacritics; `pairs` are further spellings that count as one."""
    text = text.casefold()
    if not text.isascii():
        text = text.translate(_LATIN)
    for old, new in pairs:
        if old in text:
            text = text.replace(old, new)
    return text
