"""What a person wrote, told from what a mail carries along: quotes, forwarded text, signatures, banners.

The text is cut into pieces that joined again give the text, so nothing is lost; each piece has a role. Lines are read
once from top to bottom (`inbound.quoting`), then each run of own words is looked at for its signature
(`inbound.signatures`).
"""

from typing import NamedTuple

from inbound.armour import ARMOUR, armour_lines, is_armoured
from inbound.banners import banner_end
from inbound.html_text import HTML_CHARS, Mark, html_lines
from inbound.quoting import edges_of
from inbound.roles import Edge, Role
from inbound.signatures import signature_of

__all__ = ["Parts", "Piece", "Role", "split"]

_LINES = 5_000
_CHARS = 2_000_000
_LINE_CHARS = 20_000
"""Of a longer line the beginning alone is looked at, as of every line; only then it is a defect."""
_SAID, _SIGNATURE, _QUOTED, _FORWARDED = Role.SAID, Role.SIGNATURE, Role.QUOTED, Role.FORWARDED
_SIGNED = {"signature": _SIGNATURE, "quoted": _QUOTED}


Piece = tuple[Role, str]
"""A stretch of the text in one role."""


class Parts(NamedTuple):
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
    if len(text) >= _LINES or ARMOUR in text or (html and not text.strip()):
        return _split_closely(text, html, subject)
    lines = text.split("\n")
    words = list(map(str.strip, lines))
    defects: list[str] = []
    return _parts(text, lines, _signed(words, edges_of(text, lines, words, None, subject, defects)), defects)


def _split_closely(text: str, html: str, subject: str) -> Parts:
    """Split what is long, has marks, or is signed: within the limits, and with what the markup says of each line."""
    defects: list[str] = []
    marks: list[Mark | None] | None = None
    if html and not text.strip():
        found, marks = html_lines(html)
        text = "".join(found)
        marks.append(None)
        if len(html) > HTML_CHARS:
            defects.append("the HTML is over the limit, the rest was not split")
    known = text if len(text) <= _CHARS else text[: text.find("\n", _CHARS) + 1] or text
    lines = known.split("\n", _LINES)
    rest: str | None = None
    if len(text) > _LINE_CHARS and not marks and any(len(line) > _LINE_CHARS for line in lines[:_LINES]):
        defects.append(f"a line of more than {_LINE_CHARS} characters, its beginning alone was looked at")
    if len(lines) > _LINES or known is not text:
        rest = lines.pop() + text[len(known) :]
    if ARMOUR in text and is_armoured(lines):
        marks = marks or [None] * len(lines)
        for at in armour_lines(lines):
            marks[at] = Mark.SIGNATURE
    words = list(map(str.strip, lines))
    edges = _signed(words, edges_of(known, lines, words, marks, subject, defects))
    if rest is not None:
        defects.append(f"text of more than {_LINES} lines or {_CHARS} characters, the rest was not split")
        edges.append((len(lines), 0, _FORWARDED if edges[-1][2] is _FORWARDED else _QUOTED))
        lines.append(rest)
    return _parts(text, lines, edges, defects)


def _signed(words: list[str], edges: list[Edge]) -> list[Edge]:
    """Return the edges with those of the banner and of the signatures in each run of own words.

    `words` are the lines without the blanks around them.
    """
    found: list[Edge] = []
    alone = True
    last = len(edges) - 1
    for number, edge in enumerate(edges):
        first, indent, role = edge
        if role is not _SAID:
            found.append(edge)
            continue
        end = edges[number + 1][0] if number < last else len(words)
        run = words[first:end]
        filled = list(filter(None, run))
        if not filled:
            found.append(edge)
            continue
        start = first
        if alone and (start := banner_end(words, first, end, filled[0])) != first:
            found += ((first, indent, _QUOTED), (start, 0, _SAID))
            run = words[start:end]
            filled = list(filter(None, run))
        else:
            found.append(edge)
        if signed := signature_of(run, filled, start, alone):
            found += [(at, indent if at == first else 0, _SIGNED[name]) for at, name in signed]
            if number < last and edges[number + 1][1]:
                found.append((end, 0, _SAID))
        alone = alone and not filled
    return found


def _parts(text: str, lines: list[str], edges: list[Edge], defects: list[str]) -> Parts:
    """Cut the text at the edges; where the role does not change, or nothing stands between two edges, is no cut."""
    if (
        len(edges) < 3
        and not edges[-1][1]
        and (edges[-1][2] is _QUOTED or edges[-1][2] is _FORWARDED or edges[-1][0] == 0)
    ):
        return _two_parts(text, lines, edges, defects)
    pieces: list[Piece] = []
    begin = line = above = 0
    role = edges[0][2]
    for at, column, following in edges:
        if following is role or at >= len(lines):
            continue
        above += sum(map(len, lines[line:at])) + at - line
        line, end = at, above + column
        if begin < end:
            pieces.append((role, text[begin:end]))
            begin = end
        role = following
    if begin < len(text):
        pieces.append((role, text[begin:]))
    said = signature = quoted = forwarded = ""
    for role, piece in pieces:
        if role is _SAID:
            said += piece
        elif role is _QUOTED:
            quoted += piece
        elif role is _SIGNATURE:
            signature += piece
        else:
            forwarded += piece
    return Parts(said.strip(), signature.strip(), quoted.strip(), forwarded.strip(), tuple(pieces), tuple(defects))


def _two_parts(text: str, lines: list[str], edges: list[Edge], defects: list[str]) -> Parts:
    """Cut a text as most replies are: own words alone, or with other words below them to the end."""
    at, _, role = edges[-1]
    end = sum(map(len, lines[:at])) + at if len(edges) > 1 else len(text)
    said, rest = text[:end], text[end:]
    pieces: tuple[Piece, ...] = ((_SAID, said), (role, rest))
    if not (said and rest):
        pieces = pieces[:1] if said else pieces[1:] if rest else ()
    said, rest = said.strip(), rest.strip()
    if role is _FORWARDED:
        return Parts(said, "", "", rest, pieces, tuple(defects))
    return Parts(said, "", rest, "", pieces, tuple(defects))
