"""Which lines of a text are somebody else's: one pass from top to bottom, which ends at a quote without marks."""

from collections.abc import Sequence

from inbound.header_blocks import block_at
from inbound.html_text import Mark
from inbound.openings import (
    REACH,
    STAMP_CHARS,
    STAMP_DASHES,
    Effort,
    is_stamped,
    may_open,
    next_end,
    opening_at,
    surely_opens,
)
from inbound.quote_marks import answers_in, marked_end, marked_lines
from inbound.roles import Edge, Role
from inbound.titles import DRAWN, ENDS, HEADS, is_ruler, says_reply_above, title_of

_SAID, _SIGNATURE, _QUOTED, _FORWARDED = Role.SAID, Role.SIGNATURE, Role.QUOTED, Role.FORWARDED

_Quote = tuple[int, int, Role, bool]
"""The line after the beginning of a quote, at which column that begins, its role, and whether all below belongs to it.
"""


class _Reading:
    """A text as it is read: its lines, what is known of them, and how much looking may still cost.

    `words` are the lines without the blanks around them; `careful` says that every line may be odd. An opening may end
    on line `end` next, `blank` is the last blank line above that.
    """

    __slots__ = ("blank", "careful", "effort", "end", "forwarding", "known", "lines", "marked", "marks", "words")

    def __init__(
        self, text: str, lines: list[str], words: list[str], marks: Sequence[Mark | None] | None, forwarding: bool
    ) -> None:
        self.lines = lines
        self.words = words
        self.marks = marks
        self.forwarding = forwarding
        self.marked = marked_lines(text, words, marks)
        self.careful = (
            marks is not None
            or "：" in text
            or says_reply_above(text)
            or (text.count("-") > STAMP_DASHES and is_stamped(text))
        )
        self.known: dict[int, str | None] = {}
        self.effort = Effort()
        self.end = self.blank = -1

    def next_odd(self, at: int) -> int:
        """Return the next line, itself included, that may be more than a line of plain words."""
        words, careful = self.words, self.careful
        if at > self.end:
            self.end, self.blank = next_end(words, at, self.marked)
        end = self.end
        close = end - REACH
        for place, line in enumerate(words[at:end], at):
            if line and (
                line[0] in HEADS
                or ":" in line
                or careful
                or (place > close and may_open(line, end - place, place < self.blank))
            ):
                return place
        return min(end, len(words))


def edges_of(
    text: str,
    lines: list[str],
    words: list[str],
    marks: Sequence[Mark | None] | None,
    forwarding: bool,
    defects: list[str],
) -> list[Edge]:
    """Return where own words and those of others begin, in the order of the lines; the first edge is the text's begin.

    `words` are the lines without the blanks around them, `marks` is what the markup says of each; `forwarding` makes an
    untitled header block a forwarded one.
    """
    reading = _Reading(text, lines, words, marks, forwarding)
    edges: list[Edge] = [(0, 0, _SAID)]
    at, size = 0, len(lines)
    while at < size and (at := reading.next_odd(at)) < size:
        if reading.marked[at]:
            at = _take_marked(reading, edges, at)
            continue
        if marks and marks[at] is Mark.SIGNATURE:
            edges += ((at, 0, _SIGNATURE), (at + 1, 0, _SAID))
            at += 1
            continue
        quote = _quote_at(reading, at)
        if quote is None:
            at += 1
            continue
        end, column, role, rest = quote
        edges.append((at if column else _take_ruler(words, edges, at), column, role))
        at = size if rest else _next_marked(reading, end)
    if reading.effort.looks < 0:
        defects.append("too many lines that may open a quote, the rest was not split")
    return edges


def _quote_at(reading: _Reading, at: int) -> _Quote | None:
    """Return the quote that begins at a line without a mark: a title, a header block or an opening."""
    line = reading.words[at]
    if at == reading.end and surely_opens(line):
        return at + 1, 0, _QUOTED, False
    head = line[0]
    if head in HEADS or line[-1] in ENDS or reading.careful:
        title = title_of(line)
        if title is not None:
            return at + 1, 0, _FORWARDED if title == "forwarded" else _QUOTED, True
    if reading.marks and reading.marks[at] is Mark.REST:
        return at + 1, 0, _QUOTED, False
    end = block_at(reading.words, at, reading.known) if ":" in line or "：" in line else None
    if end is not None:
        return end, 0, _FORWARDED if reading.forwarding else _QUOTED, reading.forwarding
    if reading.careful and head != "-" and is_stamped(line[:STAMP_CHARS]):
        return at + 1, 0, _QUOTED, False
    distance = reading.end - at
    if distance and (distance >= REACH or not may_open(line, distance, at < reading.blank)):
        return None
    opening = opening_at(reading.words, at, reading.marked, reading.effort)
    if reading.effort.looks < 0:
        return at + 1, 0, _QUOTED, True
    if opening is None:
        return None
    end, column = opening
    return end, column + reading.lines[at].index(line) if column > 0 else 0, _QUOTED, False


def _take_marked(reading: _Reading, edges: list[Edge], at: int) -> int:
    """Give a stretch of marked lines its role, and return the line after it."""
    first = reading.words[at]
    forwarded = first[-1:] in ENDS and title_of(first.lstrip(" \t>")) == "forwarded"
    edges.append((at, 0, _FORWARDED if forwarded else _QUOTED))
    if forwarded and first[0] != ">":
        # The markup marks the header of a forwarded message alone; all that follows belongs to it.
        return len(reading.words)
    end = marked_end(reading.words, reading.marked, at)
    for line, column in answers_in(reading.lines, at, end):
        edges += ((line, column, _SAID), (line + 1, 0, _QUOTED))
    if end < len(reading.words):
        edges.append((end, 0, _SAID))
    return end


def _take_ruler(words: Sequence[str], edges: list[Edge], at: int) -> int:
    """Return where a quote begins with the ruler right above it; dashes that stand apart close the own words."""
    for above in range(at - 1, max(at - 4, edges[-1][0] - 1), -1):
        line = words[above]
        if not line:
            continue
        if line[-1] not in DRAWN or not is_ruler(line):
            return at
        if above == at - 1 or line[0] != "-":
            return above
        edges.append((above, 0, _SIGNATURE))
        return at
    return at


def _next_marked(reading: _Reading, at: int) -> int:
    """Return the marked line that is next, behind blank lines or none; if there is none, the line after the last."""
    words = reading.words
    for line in range(at, min(at + 4, len(words))):
        if reading.marked[line]:
            return line
        if words[line]:
            break
    return len(words)
