"""The raw bytes of a mail made safe to parse: limits, line ends, and large base64 bodies cut out.

Everything here is a byte search or a single regular expression pass over the source, so that a hostile mail
costs time in proportion to its size and never more (RFC 5322, RFC 2046).
"""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field

_CUT_FROM = 65_536
_CUT_BODY = 8_192
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_MARK = f"postroom-cut-{secrets.token_hex(8)}-"
"""Stands in the place of a body that was cut out; a sender cannot know it, for it is new in each process."""

CUT = re.compile(re.escape(_MARK) + r"\d+")
"""Finds such a mark in a text."""
CUT_BYTES = re.compile(CUT.pattern.encode())
"""Finds such a mark in a file."""

_BLANK_BEFORE_COLON = re.compile(rb"^([!-9;-~]{1,100})[ \t]{1,20}:", re.MULTILINE)
_BASE64_HEADER = re.compile(rb"^content-transfer-encoding:[ \t]*(?:\r?\n[ \t]+)?base64\b", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(rb"boundary[ \t]*=[ \t]*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_DELIMITER = re.compile(rb"^--([^\r\n]{1,200})", re.MULTILINE)
_CONTAINER = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_CONTENT_HEADER = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*+(?:\n[ \t][^\n]*+)*+", re.IGNORECASE | re.MULTILINE)
_STATUS_REPORT = re.compile(rb"^content-type:\s*message/(?:global-)?delivery-status\b", re.IGNORECASE | re.MULTILINE)
_TWO_TYPES = re.compile(
    rb"^content-type:[ \t]*multipart/[^\n]*+(?:\n[ \t][^\n]*+)*+\n(?=content-type:)", re.IGNORECASE | re.MULTILINE
)
_PART_HEADER = re.compile(rb"\r?\n(?:content-|mime-)", re.IGNORECASE)
_WHOLE_PARAMETER = re.compile(rb"(?<=[;\s])([!-)+-:<>-~]{1,60})\*(?=[ \t]*=)")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"[^\n]*(?:\n[ \t][^\n]*)*\n?")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mail is looked at: sizes in bytes, the rest counts."""

    size: int = 50_000_000
    header_bytes: int = 131_072
    one_header_bytes: int = 16_384
    headers: int = 1_000
    part_header_bytes: int = 2_048
    parts: int = 300
    depth: int = 50
    addresses: int = 500
    report_bytes: int = 131_072
    text_chars: int = 1_000_000
    forwarded: int = 20


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A source that is safe to parse, the base64 bodies cut from it, what was wrong with it, and its size in bytes."""

    source: bytes
    cuts: dict[str, bytes] = field(default_factory=dict)
    defects: tuple[str, ...] = ()
    size: int = 0


def skeleton_of(source: bytes, limits: Limits = LIMITS) -> Skeleton:
    """Return the source within its limits and without its large base64 bodies.

    Each cut body is replaced by one line, the key under which `cuts` holds its base64 text.
    """
    defects: list[str] = []
    size = len(source)
    if size > limits.size:
        defects.append(f"mail of {len(source)} bytes is over the limit, the rest was not read")
        source = source[: limits.size]
    if b"\n" not in source and b"\r" in source:
        defects.append("lines end in CR alone")
    source = from_first_header(source)
    source = _headers_within(source, limits, defects)
    cuts: dict[str, bytes] = {}
    if len(source) >= _CUT_FROM:
        source = _without_large_bodies(source, cuts)
    source = _parts_within(source, limits, defects)
    source = _reports_within(source, limits, defects)
    source = _parts_in_order(source, defects)
    source = _parameters_in_order(source, defects)
    if len(source) > limits.part_header_bytes:
        source = _part_headers_within(source, limits, defects)
    return Skeleton(source, cuts, tuple(defects), size)


def lenient_base64(text: bytes) -> tuple[bytes, bool]:
    """Decode base64 as far as it goes, and tell whether it was well formed (RFC 2045 section 6.8)."""
    try:
        return base64.b64decode(text.translate(None, b" \t\r\n"), validate=True), True
    except (binascii.Error, ValueError):
        pass
    clean = text.translate(None, bytes(set(range(256)) - set(_BASE64))).split(b"=", 1)[0]
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    return base64.b64decode(clean + b"=" * (-len(clean) % 4)), False


def from_first_header(source: bytes) -> bytes:
    """Return the source from its first header on, without what programs put before it, and with line feeds.

    A byte order mark, blank lines and an mbox's own line go; blanks before a header's colon go too (RFC 5322
    section 4.5), for the parser would take the header for text.
    """
    if source.startswith((b"\xef\xbb\xbf", b"\r", b"\n", b" ")):
        source = source.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n \t")
    if b"\n" not in source and b"\r" in source:
        source = source.replace(b"\r", b"\n")
    if source.startswith((b"From ", b">From ")) and not _BLANK_BEFORE_COLON.match(source):
        source = source[source.find(b"\n") + 1 :]
    end = _HEADER_END.search(source)
    stop = end.start() if end else len(source)
    if source.find(b" :", 0, stop) >= 0 or source.find(b"\t:", 0, stop) >= 0:
        source = _BLANK_BEFORE_COLON.sub(rb"\1:", source[:stop]) + source[stop:]
    return source


def _headers_within(source: bytes, limits: Limits, defects: list[str]) -> bytes:
    end = _HEADER_END.search(source)
    stop = end.start() if end else len(source)
    if b"\0" in source[:stop]:
        defects.append("NUL in the headers")
        clean = source[:stop].replace(b"\0", b"")
        source, stop = clean + source[stop:], len(clean)
    if stop <= limits.one_header_bytes and source.count(b"\n", 0, stop) <= limits.headers:
        return source
    kept: list[bytes] = []
    size = 0
    cut = False
    for match in _HEADER.finditer(source, 0, min(stop, 8 * limits.header_bytes)):
        header = match.group()
        if not header:
            continue
        if len(header) > limits.one_header_bytes:
            header = header[: limits.one_header_bytes].rpartition(b"\n")[0] or header[: limits.one_header_bytes]
            header, cut = header.rstrip() + b"\n", True
        if len(kept) == limits.headers or size + len(header) > limits.header_bytes:
            cut = True
            break
        kept.append(header)
        size += len(header)
    if not cut and stop <= 8 * limits.header_bytes:
        return source
    defects.append("headers are over the limit, the rest was not read")
    return b"".join(kept).rstrip(b"\r\n") + (source[stop:] if end else b"")


def _without_large_bodies(source: bytes, cuts: dict[str, bytes]) -> bytes:
    kept: list[bytes] = []
    done = at = 0
    while match := _BASE64_HEADER.search(source, at):
        blank = _HEADER_END.search(source, match.end())
        if blank is None:
            break
        start = blank.end()
        end = source.find(b"\n--", start - 1)
        end = len(source) if end < 0 else max(end, start)
        at = max(end, start)
        opening = max(source.rfind(b"\n--", max(0, match.start() - 2_000), match.start()), match.start() - 2_000, 0)
        if end - start < _CUT_BODY or b"message/" in source[opening:start].lower():
            continue
        body = source[start:end]
        if body.translate(None, _BASE64 + b" \t\r\n"):
            continue
        key = f"{_MARK}{len(cuts)}"
        cuts[key] = body
        kept += (source[done:start], key.encode())
        done = end
    kept.append(source[done:])
    return b"".join(kept)


def _part_headers_within(source: bytes, limits: Limits, defects: list[str]) -> bytes:
    """Shorten the Content headers of all parts: reading their parameters costs the square of their length."""
    kept: list[bytes] = []
    done = 0
    for match in _CONTENT_HEADER.finditer(source):
        if match.end() - match.start() > limits.part_header_bytes:
            header = match.group()[: limits.part_header_bytes]
            kept += (source[done : match.start()], header.rpartition(b"\n")[0].rstrip() or header)
            done = match.end()
    if not done:
        return source
    defects.append("a part's header is over the limit, the rest was not read")
    return b"".join((*kept, source[done:]))


def _parameters_in_order(source: bytes, defects: list[str]) -> bytes:
    """Take a parameter away that a header gives both whole and in pieces: the parser raises on it (RFC 2231)."""
    if b"*=" not in source and b"* =" not in source:
        return source
    kept: list[bytes] = []
    done = 0
    for match in _CONTENT_HEADER.finditer(source):
        header = match.group()
        whole = {found.group(1).lower() for found in _WHOLE_PARAMETER.finditer(header[:4_096])}
        if any(name + b"*0" in header.lower() or name + b"*1" in header.lower() for name in whole):
            kept += (source[done : match.start()], _WHOLE_PARAMETER.sub(rb"x-\1", header))
            done = match.end()
    if not done:
        return source
    defects.append("a parameter is given twice")
    return b"".join((*kept, source[done:]))


def _parts_within(source: bytes, limits: Limits, defects: list[str]) -> bytes:
    for count, match in enumerate(_CONTAINER.finditer(source)):
        if count == limits.depth:
            defects.append("parts are nested too deeply, the rest was not read")
            source = source[: match.start()]
            break
    if source.count(b"\n--") <= limits.parts:
        return source
    boundaries = {(quoted or bare).strip() for quoted, bare in _BOUNDARY.findall(source)}
    count = 0
    for match in _DELIMITER.finditer(source):
        line = match.group(1).rstrip()
        if line in boundaries or line.removesuffix(b"--") in boundaries:
            count += 1
            if count > limits.parts:
                defects.append("too many parts, the rest was not read")
                return source[: match.start()]
    return source


def _reports_within(source: bytes, limits: Limits, defects: list[str]) -> bytes:
    """Shorten the delivery reports: each block of fields in one is an object for the parser."""
    kept: list[bytes] = []
    done = 0
    for match in _STATUS_REPORT.finditer(source):
        end = source.find(b"\n--", match.end())
        end = len(source) if end < 0 else end
        if end - match.end() > limits.report_bytes and match.start() >= done:
            kept.append(source[done : match.end() + limits.report_bytes].rpartition(b"\n")[0])
            done = end
    if not done:
        return source
    defects.append("a delivery report is over the limit, the rest was not read")
    return b"".join((*kept, source[done:]))


def _parts_in_order(source: bytes, defects: list[str]) -> bytes:
    """Mend parts that a program has put into each other wrongly, which the parser would take for one long text.

    A part that begins with the delimiter of a multipart whose end was left out belongs to the multipart around it.
    Of a part's two types the first goes, if it announces parts that never end.
    """
    for match in reversed(list(_TWO_TYPES.finditer(source))[:100]):
        found = _BOUNDARY.search(match.group())
        name = (found.group(1) or found.group(2)).strip() if found else b""
        if not name or b"\n--" + name + b"--" not in source:
            source = source[: match.start()] + source[match.end() :]
            defects.append("a part has two types, the last was taken")
    names = {(quoted or bare).strip() for quoted, bare in _BOUNDARY.findall(source)}
    if len(names) < 2:
        return source
    kept: list[bytes] = []
    done = 0
    around: list[bytes] = []
    left_open: set[bytes] = set()
    for match in _DELIMITER.finditer(source):
        line = match.group(1).rstrip()
        name = line if line in names else line.removesuffix(b"--")
        if name in around:
            while around[-1] != name:
                left_open.add(around.pop())
            if name != line:
                around.pop()
        elif name in left_open:
            if around and name == line and _PART_HEADER.match(source, match.end()):
                kept += (source[done : match.start()], b"--" + around[-1])
                done = match.end()
        elif name in names and name == line:
            around.append(name)
    if not done:
        return source
    defects.append("parts are not nested as the standard says")
    return b"".join((*kept, source[done:]))
