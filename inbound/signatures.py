"""Where a run of own words ends and what is only signed, stamped or added below and above it begins."""

import re
from collections.abc import Iterator
from typing import Literal

from inbound.quotes import LINE_CHARS, any_of, has_any, is_ruler, words_of

_CLOSINGS = frozenset(words_of("closing") + words_of("thanks"))
_HEADS = frozenset(words[:3] for words in _CLOSINGS)
"""How the closings begin: what does not begin so need not be looked at."""
_THANKS = frozenset(words_of("thanks"))
_CLOSED = re.compile(
    "(" + any_of(sorted(_CLOSINGS, key=len, reverse=True)) + r")\s*[,.!;]\s*([^,]{1,40}(?:,[^,]{1,40})?)$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*[/|]\s*|\s+(?:aus|from|de|uit|z|із|з)\s+(?=[^\W\d_a-zа-яіїєґ])|\s+(?:aus|uit)\s+")
"""Joins a closing in two languages, or a closing and the place it comes from."""
_SENT_FROM = tuple(words_of("sent_from"))
_DISCLAIMER = tuple(words_of("disclaimer"))
_FIRST = frozenset(words[:2] for words in _SENT_FROM + _DISCLAIMER)
_DRAWN = "-—–_*=~"
_INDENT = " \t\r\n*_\xa0"
_BANNER = tuple(words_of("banner"))
_OUTSIDE = words_of("outside")
_FRAME = " *\t[]<>|!-=~#:⚠\ufe0f"
_ADDRESS = re.compile(r"[^\s<>\"@]{1,64}@[^\s<>\"]{1,255}|https?://\S{1,500}")
_WARNING = re.compile(
    r"\bexternal (?:e-?mail|message|sender|source)\b|\b(?:sender|e-?mail|message|mail)\b[^.\n]{0,40}"
    r"\b(?:outside|external|extern\w*|buiten|außerhalb|extérieur\w*|esterno\w*|fuera|spoza|zewnątrz)\b"
    r"[^\n]{0,120}(?:organi[sz]|compan|link|attach|click|klik|klick|trust)"
    r"|\b(?:bericht|nachricht|mail)\b[^.\n]{0,40}\b(?:buiten|außerhalb)\b|PfptBanner(?:Start|End)"
    r"|\b(?:links?|attachments?)\b[^\n]{0,60}\bexternal sender",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:^|[\s|·•,;/])(?:tele?(?:fon\w*|phone|[eé]fono|fono)?|ph(?:one)?|fon|fax|mob(?:il\w*)?|cell(?:ulare)?|handy"
    r"|direct|office|t[eé]l(?:[eé]phone)?|kom(?:[oó]rka)?|gsm|m[oó]vil|т|тел|моб|[tmpfd])\b"
    r"[.: ]{0,3}[+(]{0,2}\d[\d ()/.–-]{5,}"
    r"|(?<![\w.])\+\d[\d ()/.–-]{7,}\d",
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:^|\s)(?:https?://|www\.)\S+\.\S+\s*$", re.IGNORECASE)
_PERSON = re.compile(r"(?:[^\W\d_][\w.'’\-]*[.,]?(?:\s+|$)){1,6}(?:[|·•(–-].*)?$")
_VERBAL = re.compile(r"(?:[.!?:;]|\.\.\.)\s*$")
_OUTSIDE_AT_ALL = ("extern", "outside", "buiten", "außerhalb", "fuera", "spoza", "zewn", "ester", "extér", "pfptbanner")
_DIGIT = re.compile(r"\d")
_DELIMITER = re.compile(r"(?:--|—|–|-- ?)\s*$")
_NAME = re.compile(r"-[^\W\d_][\w.'’]*(?: [^\W\d_][\w.'’]*){0,2}$")
_UNDERLINED = re.compile(r"(?:-{3,}|_{3,}|\*{3,}|={3,}|~{3,})\s*$")
_LIST = re.compile(r"_{2,}\s*$")
_ANSWER = re.compile(
    r"\d{1,4}\s*[:).x×*]|#\d|(?:p\.?\s?)?p\.?\s?s\b"
    r"|[^:]{2,30}:\s*[^\w\s]?\d{1,4}(?:[.,]\d+)?\s*[^\W\d]{0,12}\.?(?:\s\d{2,4})?$",
    re.IGNORECASE,
)
"""Figures that answer: a numbered line, a postscript, "delivery: 12 Dec", "price: 11.50 EUR"."""
_SENTENCE = re.compile(r"[.!?]$|, ")
_LOOK_BACK = 18
_CARD, _CARD_CHARS = 12, 4_000
_REACHED = re.compile(r"\d[\d ()/.–-]{5}|www\.|https?:")
"""Stands in every signature that tells how to reach somebody."""


def banner_end(lines: list[str], start: int, end: int) -> int:
    """Return the line after the warning that a mail system put above the text, or `start` if there is none."""
    at = start
    while at < end and not lines[at].strip():
        at += 1
    if at == end:
        return start
    first = "".join(lines[at : at + 4])[: 4 * LINE_CHARS].lower()
    if not (first.strip(_FRAME).startswith(_BANNER) or has_any(first, _OUTSIDE_AT_ALL)):
        return start
    tag, bracket, rest = lines[at].partition("]")
    if (
        bracket
        and tag.lstrip().startswith("[")
        and "mail" not in tag.lower()
        and rest.strip()
        and not _is_warning(rest)
    ):
        return start
    below = at + 1
    while below < min(at + 7, end) and lines[below].strip():
        below += 1
    if below == end or lines[below].strip():
        below = at + 1
        while below < min(at + 7, end) and _is_warning(lines[below][:LINE_CHARS]):
            below += 1
    words = " ".join(lines[at:below])[: 4 * LINE_CHARS]
    begins = words.strip(_FRAME).lower().startswith(_BANNER)
    # Figures are a person's; no mail system warns with any but those in addresses.
    outside = has_any(words.lower(), _OUTSIDE) and not _DIGIT.search(_ADDRESS.sub("", words))
    return below if outside and (begins or _is_warning(words)) else start


def _is_warning(words: str) -> bool:
    """Tell whether words warn of a sender from outside, in the few forms that persons do not use."""
    return len(words) < 1_000 and _WARNING.search(words) is not None


def signature_of(
    lines: list[str], start: int, end: int, *, alone: bool
) -> Iterator[tuple[int, Literal["signature", "quoted"]]]:
    """Yield from which lines on a run is signature, or text that no person wrote.

    `alone` says that no own words stand above the run.
    """
    filled = [at for at in range(start, end) if lines[at].strip()]
    heads = [lines[at].strip(_INDENT)[:3].lower() for at in filled]
    for number, head in enumerate(heads):
        if head[:2] not in _FIRST and head[:1] not in _DRAWN:
            continue
        at = filled[number]
        line = lines[at][:LINE_CHARS].strip()
        if not line:
            continue
        found = _stamp(lines, filled, number, line, has_words=number > 0 or not alone)
        if found:
            place = (
                filled[number - 1] if found == "disclaimer" and number and is_ruler(lines[filled[number - 1]]) else at
            )
            closing = _closing(lines, filled[: filled.index(place)], alone)
            if closing is not None:
                yield closing, "signature"
            yield place, "quoted" if found == "list" else "signature"
            if found == "device" and number < len(filled) - 1 and (number or not alone):
                # What stands below a device's stamp is the mail that was answered, without any mark.
                yield at + 1, "quoted"
            return
    if len(filled) <= alone:
        return
    closing = _closing(lines, filled, alone) if not _HEADS.isdisjoint(heads) or heads[-1][:1] == "-" else None
    if closing is None:
        closing = _card(lines, filled)
    if closing is not None:
        yield closing, "signature"


def _card(lines: list[str], filled: list[int]) -> int | None:
    """Return where a signature without a closing begins: a name below a blank line, and how to reach it.

    It has a telephone number or a page, short lines and no sentence; below "please invite:" it is an answer.
    """
    if not _REACHED.search("".join(lines[at] for at in filled[-_CARD:])[:_CARD_CHARS]):
        return None
    for number in range(len(filled) - 1, max(len(filled) - _CARD, -1), -1):
        at = filled[number]
        line = lines[at][:LINE_CHARS].strip(" \t\r\n*_")
        if not _is_signed(line) or _VERBAL.search(line):
            return None
        if number == 0 or lines[at - 1].strip():
            continue
        words = [lines[place][:LINE_CHARS].strip() for place in filled[number:]]
        above = lines[filled[number - 1]].strip()
        if _PERSON.match(line.partition("|")[0]) and any(_PHONE.search(word) or _SITE.search(word) for word in words):
            return None if above.endswith((":", ",")) and len(above.split()) > 2 else at
    return None


def _stamp(lines: list[str], filled: list[int], number: int, line: str, *, has_words: bool) -> str:
    """Return what ends the own words at a line: a signature's delimiter, a list's footer, a device, a disclaimer."""
    lower = line[:200].strip(" *_").lower()
    below = filled[number + 1 :]
    if _DELIMITER.match(line) and has_words and len(below) <= 20:
        return "delimiter"
    if _LIST.match(line) and any("mailing list" in lines[at].lower() for at in below[:2]):
        return "list"
    if has_words and _UNDERLINED.match(line) and _is_card(lines, filled, number):
        return "delimiter"
    if lower.startswith(_SENT_FROM) and _is_stamp(line) and (has_words or not below):
        return "device"
    return "disclaimer" if has_words and lower.startswith(_DISCLAIMER) else ""


def _is_card(lines: list[str], filled: list[int], number: int) -> bool:
    """Tell whether a name stands below a drawn line, with a few short lines at most, to the end of the run."""
    at, below = filled[number], filled[number + 1 :]
    if not 0 < len(below) <= 8 or (at and lines[at - 1].strip()):
        return False
    words = [lines[place][:LINE_CHARS].strip(" \t\r\n*_") for place in below]
    named = _PERSON.match(words[0]) is not None and len(words[0].split()) <= 4
    return named and all(_is_signed(word) and not _VERBAL.search(word) for word in words)


def _is_stamp(line: str) -> bool:
    words = re.sub(r"[<(\[].*", "", line).strip()
    return len(words) < 60 and len(words.split()) <= 9 and not _SENTENCE.search(words.removesuffix("."))


def _closing(lines: list[str], filled: list[int], alone: bool) -> int | None:
    for number in range(max(len(filled) - _LOOK_BACK, 0), len(filled)):
        line = lines[filled[number]][:LINE_CHARS].strip(" \t\r\n*_")
        if (number == 0 and alone) or (line[:3].lower() not in _HEADS and line[:1] != "-"):
            continue
        word = line.rstrip(" ,.!;:").lower()
        if word not in _CLOSINGS and len(word) < 60 and _JOINED.search(word):
            word = _JOINED.split(word, maxsplit=1)[0].strip()
        below = [lines[at][:LINE_CHARS].strip() for at in filled[number + 1 :]]
        if word in _CLOSINGS:
            if word in _THANKS and not (below and _is_name(below[0])):
                continue
        elif not ((closed := _CLOSED.match(line)) and _is_name(closed.group(2))):
            if number == len(filled) - 1 and _NAME.match(line) and not lines[filled[number] - 1].strip():
                return filled[number]
            continue
        if all(_is_signed(words) for words in below):
            return filled[number]
    return None


def _is_name(line: str) -> bool:
    words = line.strip(" ,*_").split()
    return 0 < len(words) <= 6 and not line[0].isdigit() and not line.rstrip().endswith(("?", ":"))


def _is_signed(line: str) -> bool:
    is_sentence = line.endswith(("?", "!", ".")) and len(line.split()) > 4
    return len(line) < 120 and not _ANSWER.match(line) and not is_sentence and not line.endswith("?")
