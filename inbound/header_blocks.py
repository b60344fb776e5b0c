"""Header blocks: the lines "From: ... Sent: ... To: ..." that mail programs write above a mail they quote."""

import re
from collections.abc import Sequence

from inbound.headers import seen
from inbound.quote_words import words_of

_BLOCK_LINES = 14
_LINE_CHARS = 400
_LABEL_CHARS = 60
_LABELS = {label: kind for kind in ("copy", "subject", "to", "date", "sender") for label in words_of(kind)}
_AROUND = " \t\xa0>*_|\r\n"
DATE = re.compile(
    r"\d(?:\d?(?:[:.h]\d{2}(?!\d)|[./-]\d{1,2}[./-]\d{2,4}|月)|(?:(?<=(?<!\d)1)9|(?<=(?<!\d)2)0)\d{2}(?!\d))"
)
"""A time, a year or a day; it begins with a digit outright, which makes the search quick."""
_TIME = re.compile(r"\d{1,2}:\d{2}")


def label_of(line: str) -> tuple[str, str] | None:
    """Return the kind of header that a line of a header block gives, and its value."""
    kind = _kind_of(line)
    if kind is None:
        return None
    _, _, value = seen(line[:_LINE_CHARS]).replace("：", ":").partition(":")
    return kind, value.rstrip(_AROUND).strip(" *\xa0")


def _kind_of(line: str) -> str | None:
    label = line[:_LABEL_CHARS]
    if not label.isascii():
        label = seen(label).replace("：", ":", 1)
    end = label.find(":")
    return _LABELS.get(label[:end].strip(_AROUND).lower()) if end > 0 else None


def block_at(lines: Sequence[str], start: int) -> int | None:
    """Return the line after the header block ("From: ... Sent: ... To: ...") that begins at a line, if one does."""
    kind = _kind_of(lines[start])
    if kind is None or kind == "copy":
        return None
    kinds = {kind}
    end = start + 1
    for at, line in enumerate(lines[end : start + _BLOCK_LINES], end):
        if ":" in line or "：" in line:
            kind = _kind_of(line)
            if kind is not None:
                kinds.add(kind)
                end = at + 1
                continue
        if at > end + 1:
            break
    return end if len(kinds) > 1 and _is_block(kinds, lines[start : end + 1]) else None


def _is_block(kinds: set[str], lines: Sequence[str]) -> bool:
    """Tell whether labels are a mail's: a sender among them, an address or a moment in their values."""
    words = seen("\n".join([line[:_LINE_CHARS] for line in lines]))
    address = "@" in words
    sender = "sender" in kinds
    if sender and "subject" in kinds and (address or (len(kinds) > 2 and DATE.search(words))):
        return True
    if sender and "date" in kinds and (address or _TIME.search(words)):
        return True
    return address and "to" in kinds and (sender or ("date" in kinds and _TIME.search(words) is not None))
