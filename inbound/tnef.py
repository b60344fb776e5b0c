"""Files and text out of a winmail.dat, the form in which Exchange wraps what it takes for rich text (MS-OXTNEF).

The stream is a list of attributes, some of which hold lists of MAPI properties; every length in it is checked
against what is there, so that a hostile stream costs no more than its size.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_SIGNATURE = b"\x78\x9f\x3e\x22"
_FILES, _ATTRIBUTES = 100, 2_000
_PROPERTIES = 2_000
_RENDERED, _TITLE, _DATA, _PROPERTIES_OF_FILE = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _PROPERTIES_OF_MAIL, _CODEPAGE = 0x800C, 0x9003, 0x9007
_LONG_NAME, _SHORT_NAME, _TYPE, _OBJECT, _CONTENT_ID = 0x3707, 0x3704, 0x370E, 0x3701, 0x3712
_TEXT, _HTML = 0x1000, 0x1013
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_BYTES, _UNICODE, _OF_OBJECT = 0x1E, 0x1F, 0x0D
_OBJECT_ID = 16
"""An embedded object begins with the id of its interface."""


@dataclass(slots=True)
class Packed:
    """A file in the stream: `content` is empty where the stream only names it."""

    name: str = ""
    type: str = ""
    content: bytes = b""
    content_id: str = ""


@dataclass(slots=True)
class Winmail:
    """What the stream holds; `whole` tells whether it could be read to its end."""

    files: list[Packed] = field(default_factory=list)
    text: str = ""
    html: str = ""
    whole: bool = True


def unpack(content: bytes) -> Winmail | None:
    """Return what a winmail.dat holds, as far as it can be read; None for bytes that are none."""
    if not content.startswith(_SIGNATURE):
        return None
    found = Winmail(whole=False)
    charset = "cp1252"
    at = len(_SIGNATURE) + 2
    for _ in range(_ATTRIBUTES):
        if at + 9 > len(content):
            found.whole = True
            break
        number, kind, size = struct.unpack_from("<xHHI", content, at)
        start, at = at + 9, at + 9 + size + 2
        if at > len(content) + 2:
            return found
        data = content[start : start + size]
        if number == _CODEPAGE and size >= 4:
            charset = _charset(int.from_bytes(data[:4], "little"))
        elif number in (_BODY, _PROPERTIES_OF_MAIL):
            _read_mail(found, number, data, charset)
        elif number == _RENDERED:
            if len(found.files) == _FILES:
                return found
            found.files.append(Packed())
        elif found.files:
            _read_file(found.files[-1], number, data, charset)
        if kind > 0x0F:
            # No such type is known: behind it stands garbage.
            return found
    return found


def _read_mail(found: Winmail, number: int, data: bytes, charset: str) -> None:
    if number == _BODY:
        found.text = found.text or _string(data, charset)
        return
    for name, kind, value in _properties(data):
        if name == _TEXT:
            found.text = _string(value, "utf-16-le" if kind == _UNICODE else charset)
        elif name == _HTML:
            found.html = _string(value, "utf-16-le" if kind == _UNICODE else charset)


def _read_file(file: Packed, number: int, data: bytes, charset: str) -> None:
    if number == _TITLE:
        file.name = file.name or _string(data, charset)
    elif number == _DATA:
        file.content = data
    elif number == _PROPERTIES_OF_FILE:
        for name, kind, value in _properties(data):
            if name == _OBJECT and not file.content:
                file.content = value[_OBJECT_ID:] if kind == _OF_OBJECT else value
                continue
            words = _string(value, "utf-16-le" if kind == _UNICODE else charset)
            if name == _LONG_NAME or (name == _SHORT_NAME and not file.name):
                file.name = words or file.name
            elif name == _TYPE:
                file.type = words
            elif name == _CONTENT_ID:
                file.content_id = words.strip("<> ")


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield id, type and value of the properties in a list; it ends where the list makes no sense."""
    if len(data) < 4:
        return
    left = _PROPERTIES
    at = 4
    for _ in range(int.from_bytes(data[:4], "little")):
        if at + 4 > len(data) or left <= 0:
            return
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _past_name(data, at)
        several, kind = bool(kind & 0x1000), kind & ~0x1000
        values = 1
        if several or kind not in _SIZES:
            values = int.from_bytes(data[at : at + 4], "little")
            at += 4
        for _value in range(min(values, left)):
            left -= 1
            size = _SIZES.get(kind)
            if size is None:
                size = int.from_bytes(data[at : at + 4], "little")
                at += 4
            if at + size > len(data) or at >= len(data):
                return
            yield name, kind, data[at : at + size]
            at += size + -size % 4
        left -= not values


def _past_name(data: bytes, at: int) -> int:
    """Return the place behind the name that a property of somebody's own carries."""
    kind, size = int.from_bytes(data[at + 16 : at + 20], "little"), int.from_bytes(data[at + 20 : at + 24], "little")
    return at + 24 + (size + -size % 4 if kind == 1 else 0)


def _string(data: bytes, charset: str) -> str:
    return data.decode(charset, "replace").partition("\0")[0]


def _charset(number: int) -> str:
    name = {65001: "utf-8", 20127: "ascii", 28591: "latin-1", 936: "gb18030", 1200: "utf-16-le"}.get(number)
    name = name or f"cp{number}"
    try:
        b"".decode(name)
    except LookupError:
        return "cp1252"
    return name
