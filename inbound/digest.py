"""The letter's digest: the same for one letter however many hops it came by, and for no other letter."""

from __future__ import annotations

import hashlib
import re

_LETTER_HEADER = re.compile(
    rb"^(message-id|from|date|subject)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE
)
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n|\r\r(?!\n)")
_MBOX_LINE = re.compile(rb"\A>?From [^\r\n]*\r?\n")


def letter_digest(source: bytes) -> bytes:
    """SHA-256 over Message-ID, From, Date, Subject (unfolded) and the body with its line ends normalised.

    Received, Return-Path, Delivered-To, X-* and whatever else a hop adds do not count, nor do empty lines at the very
    end, which mailboxes and pipes add and lose. Found by byte search in linear time; nothing is parsed.
    """
    head, body = split_source(source)
    digest = hashlib.sha256()
    for name, value in sorted((name.lower(), b" ".join(value.split())) for name, value in _LETTER_HEADER.findall(head)):
        digest.update(b"%s:%s\n" % (name, value))
    digest.update(b"\n")
    digest.update(with_lf(body).rstrip(b"\n"))
    return digest.digest()


def split_source(source: bytes) -> tuple[bytes, bytes]:
    """The header block with LF line ends, and the body as it came; an mbox `From ` line on top belongs to neither."""
    if source.startswith((b"From ", b">From ")):
        source = _MBOX_LINE.sub(b"", source, count=1)
    if source.startswith((b"\r", b"\n")):
        return b"", source
    end = _EMPTY_LINE.search(source)
    if end is None:
        return with_lf(source), b""
    return with_lf(source[: end.start()]), source[end.end() :]


def with_lf(text: bytes) -> bytes:
    """*text* with every CRLF and lone CR as LF."""
    if b"\r" not in text:
        return text
    plain = text.replace(b"\r", b"")
    if plain.replace(b"\n", b"\r\n") == text:  # all CRLF, as SMTP has it: told four times as fast as done the other way
        return plain
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def headers_named(source: bytes, name: bytes) -> list[str]:
    """The values of all headers called *name*, unfolded, topmost first; undecodable bytes become U+FFFD."""
    head, _ = split_source(source)
    pattern = re.compile(rb"^" + re.escape(name) + rb"[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
    return [b" ".join(value.split()).decode("utf-8", "replace") for value in pattern.findall(head)]
