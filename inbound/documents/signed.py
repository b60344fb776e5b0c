"""Files in a signed envelope (`.p7m`, CMS SignedData): what is inside is read, the signature is not judged here.

Read are the bytes of RFC 5652's SignedData as BER: definite and indefinite lengths, content in one piece or in many.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from inbound.documents.format import DocumentUnreadable, Source

_SEQUENCE: Final = 0x30
_EXPLICIT: Final = 0xA0
_STRING: Final = 0x04
_STRINGS: Final = 0x24
_DEEPEST: Final = 16
_NAME = re.compile(r"\.(?:xml|pdf)\.p7m$", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")


def claims(source: Source) -> bool:
    """Whether the content is a document in a signed envelope, by its name and its first bytes."""
    return _NAME.search(source.name) is not None and source.content.lstrip()[:1] in (b"0", b"M", b"-")


def content_of(envelope: bytes) -> bytes:
    """The content of an envelope; raises `DocumentUnreadable` when it has none or is broken."""
    try:
        plain = envelope if envelope[:1] == bytes([_SEQUENCE]) else _from_base64(envelope)
        parts = _walk(plain, 0, len(plain), (_SEQUENCE, _EXPLICIT, _SEQUENCE, _SEQUENCE))
        content = b"".join(_strings(plain, *parts))
    except (ValueError, IndexError, binascii.Error) as error:
        raise DocumentUnreadable("unreadable", "The signed file (p7m) is broken; nothing in it was read.") from error
    if not content:
        raise DocumentUnreadable("unreadable", "The signed file (p7m) holds a signature only, no document.")
    return content


def _from_base64(envelope: bytes) -> bytes:
    lines = b"".join(line for line in envelope.splitlines() if not line.startswith(b"-----"))
    if _BASE64.fullmatch(lines) is None:
        raise ValueError("neither BER nor base64")
    return base64.b64decode(lines)


def _walk(data: bytes, start: int, end: int, path: tuple[int, ...]) -> tuple[int, int]:
    """The range of the content: into each element of the path, the first of its tag that is met."""
    for tag in path:
        for found, inner, stop in _elements(data, start, end):
            if found == tag:
                start, end = inner, stop
                break
        else:
            raise ValueError("an element is missing")
    for found, inner, stop in _elements(data, start, end):  # eContentType, then [0] eContent
        if found == _EXPLICIT:
            return inner, stop
    return end, end


def _strings(data: bytes, start: int, end: int, depth: int = 0) -> Iterator[bytes]:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    for tag, inner, stop in _elements(data, start, end):
        if tag == _STRING:
            yield data[inner:stop]
        elif tag == _STRINGS:
            yield from _strings(data, inner, stop, depth + 1)


def _elements(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The elements of a range, each as its tag and the range of its content (X.690 8.1)."""
    while start < end:
        tag, inner, stop, start = _element(data, start, end, 0)
        if tag == 0 and inner == stop:  # the end of an indefinite length
            return
        yield tag, inner, stop


def _element(data: bytes, start: int, end: int, depth: int) -> tuple[int, int, int, int]:
    """One element: its tag, the range of its content, and where the next one begins."""
    tag, length, inner = data[start], data[start + 1], start + 2
    if depth > _DEEPEST or tag & 0x1F == 0x1F:
        raise ValueError("too deep, or a tag of several bytes")
    if length < 0x80:
        stop = inner + length
    elif length == 0x80:
        stop = inner
        while data[stop : stop + 2] != b"\0\0":
            *_, stop = _element(data, stop, end, depth + 1)
            if stop >= end:
                raise ValueError("no end")
        return tag, inner, stop, stop + 2
    else:
        count = length & 0x7F
        inner += count
        stop = inner + int.from_bytes(data[start + 2 : inner], "big")
    if stop > end:
        raise ValueError("an element is longer than what it is in")
    return tag, inner, stop, stop
