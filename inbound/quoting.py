"""Which lines of a text are somebody else's: one pass from top to bottom, which ends at a quote without marks."""

import re
from collections.abc import Sequence

from inbound.header_blocks import block_at, label_of
from inbound.html_text import Mark
from inbound.openings import (
    CLOSES,
    REACH,
    STAMP_CHARS,
    Effort,
    end_below,
    is_stamped,
    may_open,
    opening_at,
    surely_opens,
)
from inbound.quote_marks import answers_in, has_arrow, is_heading, last_unmarked, marked_end, marked_lines
from inbound.quote_words import any_of, words_of
from inbound.roles import Edge, Role
from inbound.titles import DRAWN, ENDS, HEADS, is_framed, is_ruler, says_reply_above, title_of

_SAID, _SIGNATURE, _QUOTED, _FORWARDED = Role.SAID, Role.SIGNATURE, Role.QUOTED, Role.FORWARDED
_FORWARD_SUBJECT = re.compile(r"\s*" + any_of(words_of("forwards")) + r"\s*:", re.IGNORECASE)

_SENDER = re.compile(r"\*?[^\W\d_]{2,20}\s?:\*?\s[^<>@]{0,80}<[^<>@\s]{1,64}@[^<>@\s]{1,255}>$")

_Quote = tuple[int, int, int, Role, bool]
"""On which line and column a quote begins, the line after its beginning, its role, and whether all below belongs to it.
"""


class _Reading:
    """A text as it is read: its lines, what is known of them, and how much looking may still cost.

    `words` are the lines without the blanks around them; `careful` says that every line may be odd. Known once it was
    looked for: `last`, the last line without a mark, and `arrows`, whether somebody may have typed behind one.
    """

    last: int | None = None
    arrows: bool | None = None

    def __init__(
        self, text: str, lines: list[str], words: list[str], marks: Sequence[Mark | None] | None, subject: str
    ) -> None:
        self.text = text
        self.lines = lines
        self.words = words
        self.marks = marks
        self.subject = subject
        self.marked = marked_lines(text, words, marks)
        self.careful = (
            marks is not None
            or says_reply_above(text)
            or ("---" in text and is_stamped(text))
            or (not text.isascii() and "：" in text)
        )
        self.effort = Effort()


def edges_of(
    text: str,
    lines: list[str],
    words: list[str],
    marks: Sequence[Mark | None] | None,
    subject: str,
    defects: list[str],
) -> list[Edge]:
    """Return where own words and those of others begin, in the order of the lines; the first edge is the text's begin.

    `words` are the lines without the blanks around them, `marks` is what the markup says of each; the subject tells
    whether an untitled header block is a forwarded one.
    """
    edges: list[Edge] = [(0, 0, _SAID)]
    reading = _Reading(text, lines, words, marks, subject)
    careful = reading.careful
    heads = {line[0] for line in words if line} if careful else HEADS
    begin = done = 0
    while True:
        for line in words[begin:]:
            if ":" in line or "@" in line or line[:1] in heads:
                break
        else:
            break
        at = words.index(line, begin)
        if reading.marked[at]:
            begin = done = _take_marked(reading, edges, at)
        elif marks and marks[at] is Mark.SIGNATURE:
            edges += ((at, 0, _SIGNATURE), (at + 1, 0, _SAID))
            begin = done = at + 1
        elif line[1:2] == " " and line[-1].isalnum() and not careful and ":" not in line and "@" not in line:
            begin = at + 1  # an item of a list; an opening may still begin on it, and end below
        elif (quote := _quote_at(reading, done, at)) is None:
            begin = done = at + 1
        else:
            at, column, end, role, rest = quote
            edges.append((at if column else _take_ruler(words, edges, at), column, role))
            if rest:
                break
            begin = done = _next_marked(reading, end)
    if reading.effort.looks < 0:
        defects.append("too many lines that may open a quote, the rest was not split")
    return edges


def _quote_at(reading: _Reading, done: int, at: int) -> _Quote | None:
    """Return the quote that begins at an odd line without a mark, or above it, behind the lines that are done.

    It begins with a title, a header block or an opening.
    """
    words, marks, careful = reading.words, reading.marks, reading.careful
    line = words[at]
    head, last = line[0], line[-1]
    if last in CLOSES and surely_opens(line):
        return at, 0, at + 1, _QUOTED, False
    if (head in HEADS or last in ENDS or careful) and (title := title_of(line)) is not None:
        return at, 0, at + 1, _FORWARDED if title == "forwarded" else _QUOTED, True
    if marks and marks[at] is Mark.REST:
        return at, 0, at + 1, _QUOTED, False
    if (":" in line or careful) and (below := block_at(words, at)) is not None:
        forwarding = reading.subject != "" and _FORWARD_SUBJECT.match(reading.subject) is not None
        if at and _is_sender(words[at - 1], line):
            at -= 1
        return at, 0, below, _FORWARDED if forwarding else _QUOTED, forwarding
    if careful and head != "-" and is_stamped(line[:STAMP_CHARS]):
        return at, 0, at + 1, _QUOTED, False
    end = end_below(words, at, reading.marked)
    return None if end is None else _opening_in(reading, max(done, end - REACH + 1), at + 1, end)


def _is_sender(above: str, line: str) -> bool:
    """Tell whether the line above a header block is its first one, with a label that nobody foresaw."""
    if ">" not in above or _SENDER.match(above) is None:
        return False
    label = label_of(line)
    return label is not None and label[0] == "date"


def _opening_in(reading: _Reading, start: int, stop: int, end: int) -> _Quote | None:
    """Return the quote that an opening begins on one of some lines; the opening may end on line `end`."""
    words = reading.words
    for at in range(start, stop):
        line = words[at]
        if not line or not may_open(line, end - at, end > at and "" in words[at:end]):
            continue
        opening = opening_at(words, at, reading.marked, reading.effort)
        if reading.effort.looks < 0:
            return at, 0, at + 1, _QUOTED, True
        if opening is not None:
            below, column = opening
            return at, column + reading.lines[at].index(line) if column > 0 else 0, below, _QUOTED, False
    return None


def _take_marked(reading: _Reading, edges: list[Edge], at: int) -> int:
    """Give a stretch of marked lines its role, and return the line after it."""
    first = reading.words[at]
    forwarded = first[-1:] in ENDS and title_of(first.lstrip(" \t>")) == "forwarded"
    if forwarded or edges[-1][2] is not _QUOTED:
        edges.append((at, 0, _FORWARDED if forwarded else _QUOTED))
    if forwarded and first[0] != ">":
        # The markup marks the header of a forwarded message alone; all that follows belongs to it.
        return len(reading.words)
    if is_heading(first) and not reading.marked[at + 1]:
        return len(reading.words)
    if reading.last is None:
        reading.last = last_unmarked(reading.words, reading.marked, at)
    end = marked_end(reading.words, reading.marked, at, reading.last)
    if reading.arrows is None:
        reading.arrows = has_arrow(reading.text)
    for line, column in answers_in(reading.lines, at, end) if reading.arrows else ():
        edges += ((line, column, _SAID), (line + 1, 0, _QUOTED))
    if end < len(reading.words):
        edges.append((end, 0, _SAID))
    return end


def _take_ruler(words: Sequence[str], edges: list[Edge], at: int) -> int:
    """Return where a quote begins with the ruler right above it; dashes that stand apart close the own words."""
    if "".join(words[max(at - 3, edges[-1][0]) : at])[-1:] not in DRAWN:
        return at
    for above in range(at - 1, max(at - 4, edges[-1][0] - 1), -1):
        line = words[above]
        if not line:
            continue
        if line[-1] not in DRAWN or not (is_ruler(line) or is_framed(line)):
            return at
        if above == at - 1 or line[0] != "-":
            return above
        edges.append((above, 0, _SIGNATURE))
        return at
    return at


def _next_marked(reading: _Reading, at: int) -> int:
    """Return the marked line that is next, behind blank lines or none; if there is none, the line after the last."""
    words, marked = reading.words, reading.marked
    if True in marked[at : at + 4] and not any(words[at : (line := marked.index(True, at))]):
        return line
    return len(words)
