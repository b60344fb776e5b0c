"""Files that a mail carries uuencoded, inside its text or as the encoding of a part (POSIX uuencode)."""

import binascii
import re
from collections.abc import Iterator

_BEGIN = re.compile(r"^begin(?:-base64)? [0-7]{3,4} (\S[^\n]{0,250})\n", re.MULTILINE)
_LINES = 200_000
_FILES = 50
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}$")


def unpack(text: str, *, whole: bool = True) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text without the files in it, and the files with their names.

    Words that only look like the beginning of a file stay text: a file needs its lines and its end. With `whole`
    false the end may be missing.
    """
    if "begin" not in text:
        return text, []
    kept: list[str] = []
    files: list[tuple[str, bytes]] = []
    done = 0
    for start, stop, name, content in _found(text, whole):
        kept.append(text[done:start])
        files.append((name, content))
        done = stop
        if len(files) == _FILES:
            break
    kept.append(text[done:])
    return "".join(kept), files


def _found(text: str, whole: bool) -> Iterator[tuple[int, int, str, bytes]]:
    done = 0
    left = _LINES
    while left > 0 and (match := _BEGIN.search(text, done)):
        decode = _line_of_base64 if match.group().startswith("begin-") else _line
        ends = "====" if match.group().startswith("begin-") else "end"
        content: list[bytes] = []
        at = match.end()
        done = match.end()
        while left > 0:
            left -= 1
            end = text.find("\n", at)
            line = text[at:] if end < 0 else text[at:end]
            at = len(text) if end < 0 else end + 1
            if line.strip() == ends:
                yield match.start(), at, match.group(1).strip(), b"".join(content)
                done = at
                break
            data = decode(line.rstrip("\r"))
            if data is not None:
                content.append(data)
            if data is None or end < 0:
                if content and not whole:
                    yield match.start(), len(text), match.group(1).strip(), b"".join(content)
                    return
                break


def _line(line: str) -> bytes | None:
    """Decode one line; blanks at its end may have been lost on the way."""
    if not line.strip(" `"):
        return b""
    size = (ord(line[0]) - 32) & 63
    needed = 1 + (size + 2) // 3 * 4
    if not line.isascii() or not needed - 4 * size <= len(line) <= needed + 2:
        return None
    try:
        return binascii.a2b_uu(line[:needed].ljust(needed))
    except binascii.Error:
        return None


def _line_of_base64(line: str) -> bytes | None:
    if not _BASE64.match(line):
        return None
    try:
        return binascii.a2b_base64(line)
    except binascii.Error:
        return None
