"""Fonts for scripts that the first font of a printed document has no letters of, where the machine has them."""

from __future__ import annotations

from functools import cache
from typing import Final

import typst

_HAN: Final = {"ja": "JP", "ko": "KR", "zh_tw": "TC", "zh_hant": "TC", "zh_hk": "HK"}
"""Whose forms of the Han characters a language is used to; all others get the simplified Chinese ones."""

_HAN_FAMILIES: Final = ("Noto Sans CJK {}", "Noto Sans {}", "Source Han Sans {}")
_HAN_OTHERS: Final = ("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "IPAGothic", "NanumGothic", "Droid Sans Fallback")
_HAN_LETTERS: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\u{3000}-\u{303f}\u{ff00}-\u{ffef}]"
_SCRIPTS: Final = {
    "Arabic": ("Noto Sans Arabic", "Noto Naskh Arabic", "Noto Kufi Arabic"),
    "Hebrew": ("Noto Sans Hebrew",),
    "Thai": ("Noto Sans Thai",),
    "Devanagari": ("Noto Sans Devanagari",),
    "Bengali": ("Noto Sans Bengali",),
    "Georgian": ("Noto Sans Georgian",),
    "Armenian": ("Noto Sans Armenian",),
}


@cache
def found() -> typst.Fonts:
    """The fonts of the machine and those that typst brings; searched once in a process."""
    return typst.Fonts()


@cache
def further(language: str) -> tuple[dict[str, str], ...]:
    """The installed families to take for scripts of their own, each with the letters that it is for, a regex."""
    installed = {family.casefold(): family for family in found().families()}

    def first(names: tuple[str, ...], letters: str) -> list[dict[str, str]]:
        there = next((installed[name.casefold()] for name in names if name.casefold() in installed), None)
        return [{"name": there, "letters": letters}] if there else []

    code = language.replace("-", "_").lower()
    own = _HAN.get(code) or _HAN.get(code.partition("_")[0]) or "SC"
    han = tuple(name.format(region) for region in (own, "SC", "JP", "KR", "TC") for name in _HAN_FAMILIES)
    scripts = [pair for script, names in _SCRIPTS.items() for pair in first(names, rf"\p{{{script}}}")]
    return (*first(han + _HAN_OTHERS, _HAN_LETTERS), *scripts)
