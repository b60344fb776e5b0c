"""What a person wrote, told from what a mail carries along: quotes, forwarded text, signatures, banners.

The text is cut into pieces that joined again give the text, so nothing is lost; each piece has a role. Lines are read
once from top to bottom (`inbound.quotes`), then each run of own words is looked at for its signature
(`inbound.signatures`).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from inbound.html_text import HTML_CHARS, Mark, html_lines
from inbound.quotes import (
    LINE_CHARS,
    Effort,
    any_of,
    block_at,
    closing_lines,
    is_ruler,
    may_be_title,
    opening_at,
    title_of,
    words_of,
)
from inbound.signatures import banner_end, signature_of

_LINES = 5_000
_LINE_CHARS = 20_000
"""Of a longer line the beginning alone is looked at, as of every line; only then it is a defect."""
_DIGIT = re.compile(r"\d")
_BEFORE_MARK = " \t\xa0*"
_TELLING = re.compile(r"[@<>\d:：#\-–—_=]|above this|ABOVE THIS")
"""Stands in every line that may open a quote; a line of plain prose has none of these."""
_ARMOUR = "-----BEGIN PGP SIG"
_FIGURES = 20
_GREATER = re.compile(r"[ \t]*>\d")
_ARROW = re.compile(r"\s(?:--+>|==+>)\s+")
_ARROWS = re.compile(r"\s*>.*<<\s*$")
_FORWARD_SUBJECT = re.compile(r"\s*" + any_of(words_of("forwards")) + r"\s*:", re.IGNORECASE)


class Role(StrEnum):
    """Whose words a piece holds."""

    SAID = "said"
    SIGNATURE = "signature"
    QUOTED = "quoted"
    FORWARDED = "forwarded"


_ROLES = tuple(Role)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text in one role."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Parts:
    """The four readings of a text; `pieces` hold all of it in its order, white space included."""

    said: str
    signature: str
    quoted: str
    forwarded: str
    pieces: tuple[Piece, ...] = ()
    defects: tuple[str, ...] = ()


def split(text: str, html: str = "", subject: str = "") -> Parts:
    """Split a text into what its author said and what came along with it.

    Without a text the HTML is read instead. The subject tells a forwarded header block from a quoted one.
    """
    defects: list[str] = []
    marks: list[Mark | None] | None
    if text.strip() or not html:
        lines = [line + "\n" for line in text.split("\n", _LINES)]
        lines[-1] = lines[-1][:-1]
        marks = None
        if len(text) > _LINE_CHARS and any(len(line) > _LINE_CHARS for line in lines[:_LINES]):
            defects.append(f"a line of more than {_LINE_CHARS} characters, its beginning alone was looked at")
    else:
        lines, marks = html_lines(html)
        if len(html) > HTML_CHARS:
            defects.append("the HTML is over the limit, the rest was not split")
    forwarding = bool(subject) and _FORWARD_SUBJECT.match(subject) is not None
    return _parts(_pieces(lines, marks, forwarding, defects), defects)


def _parts(pieces: list[Piece], defects: list[str]) -> Parts:
    words: dict[Role, str] = dict.fromkeys(_ROLES, "")
    for piece in pieces:
        words[piece.role] += piece.text
    return Parts(
        words[Role.SAID].strip(),
        words[Role.SIGNATURE].strip(),
        words[Role.QUOTED].strip(),
        words[Role.FORWARDED].strip(),
        tuple(pieces),
        tuple(defects),
    )


def _pieces(lines: list[str], marks: list[Mark | None] | None, forwarding: bool, defects: list[str]) -> list[Piece]:
    known = lines[:_LINES]
    if len(lines) > _LINES:
        defects.append(f"text of more than {_LINES} lines, the rest was not split")
    roles, columns = _roles(known, marks, forwarding, defects)
    roles += [Role.QUOTED if roles and roles[-1] is not Role.FORWARDED else Role.FORWARDED] * (len(lines) - len(known))
    pieces: list[Piece] = []
    start = 0
    size = len(lines)
    while start < size:
        role = roles[start]
        end = start + 1
        while end < size and roles[end] is role and end not in columns:
            end += 1
        if start in columns:
            column, before = columns[start]
            pieces.append(Piece(before, lines[start][:column]))
            pieces.append(Piece(role, lines[start][column:] + "".join(lines[start + 1 : end])))
        else:
            pieces.append(Piece(role, "".join(lines[start:end])))
        start = end
    return pieces


def _roles(
    lines: list[str], marks: list[Mark | None] | None, forwarding: bool, defects: list[str]
) -> tuple[list[Role], dict[int, tuple[int, Role]]]:
    """Return the role of each line; where it begins inside the line, the column and the role before it."""
    size = len(lines)
    roles = [Role.SAID] * size
    columns: dict[int, tuple[int, Role]] = {}
    marked = _marked(lines, marks)
    closes = closing_lines(lines)
    known: dict[int, str | None] = {}
    effort = Effort()
    at = 0
    while at < size:
        line = lines[at]
        mark = marks[at] if marks else None
        if not (mark or marked[at] or _TELLING.search(line, 0, LINE_CHARS)):
            at += 1
            continue
        if marked[at]:
            start, at = at, _take_marked(lines, marked, roles, at)
            _take_answers(lines, roles, columns, start, at)
            continue
        if mark is Mark.SIGNATURE:
            roles[at] = Role.SIGNATURE
            at += 1
            continue
        title = title_of(line) if closes[at] or may_be_title(line) else None
        end = at + 1 if title or mark is Mark.REST else block_at(lines, at, known)
        if end is not None:
            own = title == "forwarded" or (forwarding and title is None and mark is not Mark.REST)
            role = Role.FORWARDED if own else Role.QUOTED
        else:
            opening = opening_at(lines, at, marked, effort) if True in closes[at : at + 6] or "---" in line else None
            if effort.looks < 0:
                defects.append("too many lines that may open a quote, the rest was not split")
                roles[at:] = [Role.QUOTED] * (size - at)
                break
            if opening is None:
                at += 1
                continue
            end, role = opening.end, Role.QUOTED
            if opening.column > 0:
                columns[at] = (opening.column, Role.SAID)
        _take_back(lines, roles, at, role)
        if role is Role.QUOTED and not title and _next_is_marked(lines, marked, end):
            roles[at:end] = [role] * (end - at)
            at = end
            continue
        roles[at:] = [role] * (size - at)
        break
    _sign(lines, roles)
    if any(line.startswith(_ARMOUR) for line in lines[:50]):
        _take_armour(lines, roles)
    return roles, columns


def _marked(lines: list[str], marks: list[Mark | None] | None) -> list[bool]:
    """Tell of each line whether a quote mark begins it, or the markup says so."""
    marked = [line.lstrip(_BEFORE_MARK)[:1] == ">" for line in lines]
    if True in marked:
        for at, is_marked in enumerate(marked):
            if is_marked and (">=" in lines[at][:100] or "<<" in lines[at]):
                start = lines[at].lstrip(_BEFORE_MARK)
                marked[at] = not start.startswith(">=") and not _ARROWS.match(lines[at][:300])
        if not marks and True in marked:
            _unmark_figures(lines, marked)
    if marks:
        marked = [is_marked or mark is Mark.QUOTED for is_marked, mark in zip(marked, marks, strict=False)]
    return marked


def _unmark_figures(lines: list[str], marked: list[bool]) -> None:
    """Take no ">100 pcs" for a quote: a "greater than" stands before figures alone, and below own words."""
    first = marked.index(True)
    if not first or not _GREATER.match(lines[first]) or not lines[first - 1].strip():
        return
    places = [at for at, is_marked in enumerate(marked) if is_marked]
    if len(places) > _FIGURES or not all(_GREATER.match(lines[at]) for at in places):
        return
    if not opening_at(lines, first - 1, marked, Effort()):
        for at in places:
            marked[at] = False


def _take_answers(
    lines: list[str], roles: list[Role], columns: dict[int, tuple[int, Role]], start: int, end: int
) -> None:
    """Hear what somebody typed behind an arrow into quoted lines ("> Price? --> 12.50")."""
    for at in range(start, end):
        if "-->" in lines[at] or "==>" in lines[at]:
            match = _ARROW.search(lines[at], 0, LINE_CHARS)
            if match and lines[at][match.end() :].strip():
                columns[at] = (match.end(), Role.QUOTED)
                roles[at] = Role.SAID


def _take_marked(lines: list[str], marked: list[bool], roles: list[Role], at: int) -> int:
    """Give a stretch of marked lines its role, with the lines that only a mail program's wrapping left unmarked."""
    forwarded = title_of(lines[at].lstrip(" \t>")) == "forwarded"
    role = Role.FORWARDED if forwarded else Role.QUOTED
    if forwarded and not lines[at].lstrip().startswith(">"):
        # The markup marks the header of a forwarded message alone; all that follows belongs to it.
        roles[at:] = [role] * (len(lines) - at)
        return len(lines)
    last = at
    end = at
    wraps = False
    while end < len(lines):
        if marked[end]:
            last = end
        elif not lines[end].strip():
            if end - last > 3:
                break
        elif not (end - last == 1 and _is_wrapped(lines, marked, end, wraps)):
            break
        else:
            last, wraps = end, True
        end += 1
    roles[at : last + 1] = [role] * (last + 1 - at)
    return last + 1


def _is_wrapped(lines: list[str], marked: list[bool], at: int, wraps: bool) -> bool:
    """Tell whether an unmarked line is the end of the marked line above it.

    It is, when its first word would not have fitted there, or when it closes a bracket that was opened there. Where a
    mail program was seen to wrap, less is asked. Short answers and figures are never taken for such an end.
    """
    before, line = lines[at - 1].rstrip(), lines[at].strip()[:200]
    follows = at + 1 >= len(lines) or marked[at + 1] or not lines[at + 1].strip()
    if not follows:
        return False
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


def _take_back(lines: list[str], roles: list[Role], at: int, role: Role) -> None:
    """Give the ruler right above a quote its role; dashes that stand apart from it close the own words."""
    for above in range(at - 1, max(at - 4, -1), -1):
        if roles[above] is not Role.SAID:
            return
        if is_ruler(lines[above]):
            apart = above < at - 1 and lines[above].lstrip().startswith("-")
            roles[above:at] = [Role.SIGNATURE if apart else role] * (at - above)
            return
        if lines[above].strip():
            return


def _next_is_marked(lines: list[str], marked: list[bool], at: int) -> bool:
    for line in range(at, min(at + 4, len(lines))):
        if marked[line]:
            return True
        if lines[line].strip():
            return False
    return False


def _sign(lines: list[str], roles: list[Role]) -> None:
    """Find banner and signatures in each run of own words."""
    size = len(lines)
    at = 0
    first = True
    while at < size:
        if roles[at] is not Role.SAID:
            at += 1
            continue
        end = at
        while end < size and roles[end] is Role.SAID:
            end += 1
        if first:
            start = banner_end(lines, at, end)
            roles[at:start] = [Role.QUOTED] * (start - at)
            at = start
        for place, role in signature_of(lines, at, end, alone=first):
            roles[place:end] = [Role(role)] * (end - place)
        first = first and not any(line.strip() for line in lines[at:end])
        at = max(end, at + 1)


def _take_armour(lines: list[str], roles: list[Role]) -> None:
    """Take the lines that OpenPGP puts around a signed text out of it (RFC 9580 section 7)."""
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.startswith("-----BEGIN PGP SIG"):
            continue
        end = "\n" if line.startswith("-----BEGIN PGP SIGNED") else "-----END PGP"
        roles[at - 1] = Role.SIGNATURE
        while at < len(lines):
            roles[at] = Role.SIGNATURE
            at += 1
            if lines[at - 1].startswith(end):
                break
