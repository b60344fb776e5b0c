"""Lines with a quote mark before them, what wrapping did to them, and answers that were typed into them."""

import re
from collections.abc import Sequence
from itertools import compress, repeat

from inbound.header_blocks import DATE
from inbound.html_text import Mark
from inbound.openings import Effort, opening_at

LINE_CHARS = 400
_BOLD = " \t\xa0*"
_BOLD_MARK = re.compile(r"\*[ \t\xa0*]*>")
_DIGIT = re.compile(r"\d")
_FIGURES = 20
_GREATER = re.compile(r">\d")
_ARROW = re.compile(r"\s(?:--+>|==+>)\s+")
_ARROWS = re.compile(r">.*<<$")
_BLANKS = 3
"""So many blank lines may stand between two marked ones of one quote."""


def marked_lines(text: str, lines: Sequence[str], marks: Sequence[Mark | None] | None) -> list[bool]:
    """Tell of each line of the text whether a quote mark begins it, or the markup says so; one more is unmarked.

    The lines are without the blanks around them, here and below.
    """
    marked = [False] * len(lines)
    if ">" in text:
        marked = list(map(str.startswith, lines, repeat(">")))
        if "*" in text and _BOLD_MARK.search(text):
            marked = [line[:1] == ">" or _BOLD_MARK.match(line) is not None for line in lines]
        if True in marked:
            # Single characters are found far more quickly than two.
            if ("=" in text and ">=" in text) or (text.count("<") > 1 and "<<" in text):
                _unmark_signs(lines, marked)
            if not marks:
                _unmark_figures(lines, marked)
    if marks and Mark.QUOTED in marks:
        marked = [is_marked or mark is Mark.QUOTED for is_marked, mark in zip(marked, marks, strict=False)]
    marked.append(False)
    return marked


def _unmark_signs(lines: Sequence[str], marked: list[bool]) -> None:
    """Take neither ">= 5 pieces" nor ">>> see here <<<" for a quote."""
    for at, line in enumerate(lines):
        if marked[at] and (">=" in line[:100] or "<<" in line):
            marked[at] = not line.lstrip(_BOLD).startswith(">=") and not _ARROWS.match(line[:300])


def _unmark_figures(lines: Sequence[str], marked: list[bool]) -> None:
    """Take no ">100 pcs" for a quote: a "greater than" stands before figures alone, and below own words."""
    first = marked.index(True) if True in marked else 0
    if not first or not lines[first][1:2].isdecimal() or not _GREATER.match(lines[first]) or not lines[first - 1]:
        return
    places = [at for at, is_marked in enumerate(marked) if is_marked]
    if len(places) > _FIGURES or not all(_GREATER.match(lines[at]) for at in places):
        return
    if not opening_at(lines, first - 1, marked, Effort()):
        for at in places:
            marked[at] = False


def is_heading(line: str) -> bool:
    """Tell whether a marked line heads a mail without marks: ">>> Bo <bo@b.example> 3/3/2026 10:00 >>>"."""
    return line.startswith(">>") and line.endswith(">>") and DATE.search(line, 0, LINE_CHARS) is not None


def last_unmarked(lines: Sequence[str], marked: Sequence[bool], at: int) -> int:
    """Return the last line that has words and no mark; -1 where there is none from *at* on."""
    if all(compress(marked[at:], lines[at:])):
        return -1
    return next(at for at in range(len(lines) - 1, -1, -1) if lines[at] and not marked[at])


def marked_end(lines: Sequence[str], marked: list[bool], at: int, last: int) -> int:
    """Return the line after a stretch of marked lines, with those that only a mail program's wrapping left unmarked.

    `marked` ends with one more that is not; `last` is the last unmarked line.
    """
    size = len(lines)
    if at > last:
        return size
    wraps = False
    while True:
        at = end = marked.index(False, at)
        while at < size and at - end < _BLANKS and not marked[at] and not lines[at]:
            at += 1
        if marked[at]:
            continue
        if at == size or at > end or not _is_wrapped(lines, marked, end, wraps):
            return at if at == size else end
        at, wraps = end + 1, True


def _is_wrapped(lines: Sequence[str], marked: Sequence[bool], at: int, wraps: bool) -> bool:
    """Tell whether an unmarked line is the end of the marked line above it.

    It is, when its first word would not have fitted there, or when it closes a bracket that was opened there. Where a
    mail program was seen to wrap, less is asked. Short answers and figures are never taken for such an end.
    """
    follows = at + 1 >= len(lines) or marked[at + 1] or not lines[at + 1]
    if not follows:
        return False
    before, line = lines[at - 1], lines[at][:200]
    first = line.split(maxsplit=1)[0]
    is_prose = first[0].islower() and (len(line.split()) > 2 or line[-1] in ".?!") and not _DIGIT.search(line)
    if is_prose and (60 if wraps else 72) < len(before) + 1 + len(first) and len(before) <= 80:
        return True
    tail = before[-200:]
    if (tail.count("(") > tail.count(")") and ")" in line) or (
        tail.count("<") > tail.count(">") - 1 and line.endswith(">") and "<" in tail
    ):
        return True
    return line.endswith(">") and line.startswith(("(", "<"))


def has_arrow(text: str) -> bool:
    """Tell whether a text, or a line, has an arrow behind which somebody may have typed."""
    return "->" in text or "=>" in text


def answers_in(lines: Sequence[str], start: int, end: int) -> list[tuple[int, int]]:
    """Return line and column of what somebody typed behind an arrow into quoted lines ("> Price? --> 12.50").

    These lines are as they came.
    """
    found: list[tuple[int, int]] = []
    for at in range(start, end):
        if has_arrow(lines[at]):
            match = _ARROW.search(lines[at], 0, LINE_CHARS)
            if match and lines[at][match.end() :].strip():
                found.append((at, match.end()))
    return found
