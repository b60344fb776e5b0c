"""How letters are compared: case, diacritics and two ways to write one letter make no difference."""

from __future__ import annotations

import re
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


_FLEETING: Final = re.compile(r"(?<=[^aeiouyаеиіоуюяєї])[eеo о](?=[^aeiouyаеиіоуюяєї]$)".replace(" ", ""))
_DOUBLED: Final = re.compile(r"(aa|ee|oo|uu)(?=[^aeiou])|([bdfgklmnprst])\2$")
_ROUNDED: Final = re.compile(r"і(?=[^аеиіоуюяєї]*$)")
_SHORTEST: Final = 4


def levelled(stem: str, code: str) -> str:
    """Make one of stems that differ only by how their language writes a form: "kraan", "kranen"; "стіл", "столи"."""
    if len(stem) < _SHORTEST and code not in ("nl", "uk"):
        return stem
    if code == "en":
        stem = stem.removesuffix("e")
        return stem[:-1] + {"y": "i", "f": "v"}.get(stem[-1], stem[-1])
    if code == "de":
        return stem.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    if code == "es":
        return stem[:-1] + {"z": "c"}.get(stem[-1], stem[-1])
    if code == "nl":
        stem = _DOUBLED.sub(lambda found: (found[1] or found[2])[0], stem)
        return stem[:-1] + {"v": "f", "z": "s"}.get(stem[-1], stem[-1])
    if code == "pl":
        return _FLEETING.sub("", stem)
    if code == "uk":
        stem = stem.replace("ь", "")
        return _ROUNDED.sub("о", _FLEETING.sub("", stem) if len(stem) > _SHORTEST else stem)
    return stem
