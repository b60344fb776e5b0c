"""A notice's facts made fit to be shown: nothing null, no control characters, no name that breaks its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

_LONG = frozenset({"reason", "note", "terms"})
_DEEPEST = 12


def tidy(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as templates take them: without what is null, control characters and direction overrides.

    Only notes, reasons and terms keep their line ends: a name cannot begin a line of its own in the text part.
    """
    return {key: _tidied(value, key in _LONG or key == "notes", 0) for key, value in facts.items() if value is not None}


def _tidied(value: Any, long: bool, depth: int) -> Any:
    if isinstance(value, str):
        if value.isprintable() and "  " not in value:
            return value
        kept = UNSEEN.sub("", value.replace("\r\n", "\n"))
        return kept if long else " ".join(kept.split())
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {
            key: _tidied(item, key in _LONG or (long and key == "text"), depth + 1)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list | tuple):
        return [_tidied(item, long, depth + 1) for item in value if item is not None]
    return value
