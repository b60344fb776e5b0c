"""The pieces of a mail as bytes: header values, text parts, files; whatever comes in, what goes out is well-formed.

Written by hand because the standard library's writer raises on much that a hostile mail leads back into an answer.
"""

import mimetypes
import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterable, Sequence
from email.header import Header
from urllib.parse import quote
from uuid import uuid4

LINE = 76

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_TYPE = re.compile(r"(?!multipart/|message/)[\w.+-]{1,60}/[\w.+-]{1,100}", re.ASCII)


def words(value: str) -> str:
    """Text as a header value, in encoded words (RFC 2047) where it is long or not plain ASCII."""
    value = " ".join(_CONTROLS.sub(" ", value).split())
    if value.isascii() and len(value) < LINE - 10 and "=?" not in value:
        return value
    return Header(value, "utf-8", maxlinelen=LINE, header_name="Subject").encode(linesep="\r\n")


def mailbox(name: str, address: str) -> str:
    """A name and an address (RFC 5322 section 3.4; other letters in the address as RFC 6532 has them)."""
    address = re.sub(r"[\s<>,;\"()]", "", _CONTROLS.sub("", address))
    shown = words(name)
    if shown.isascii() and "=?" not in shown and not re.fullmatch(r"[\w !#$%&'*+/=?^`{|}~-]*", shown):
        shown = '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{shown} <{address}>" if shown else address


def listed(mailboxes: Iterable[str]) -> str:
    """Several mailboxes, one to a line."""
    return ",\r\n ".join(mailboxes)


def ids(values: Sequence[str]) -> str:
    """Message ids, one to a line; each stays whole, however long."""
    return "\r\n ".join(filter(None, (re.sub(r"[^\x21-\x7e]", "", value) for value in values)))


def text(kind: str, content: str) -> bytes:
    """A text part in quoted-printable."""
    lines = re.sub(r"\r\n|\r|\n", "\r\n", content).encode("utf-8", "replace")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + b2a_qp(lines, istext=True)


def file(name: str, kind: str, content: bytes) -> bytes:
    """An attachment: base64, but a mail as it is (RFC 2046 section 5.2.1)."""
    name = words(name)[:200] if name.isascii() else _CONTROLS.sub(" ", name)
    named = f"filename*=UTF-8''{quote(name, safe='')}"
    if re.fullmatch(r"[\w .,()+=@-]+", name, re.ASCII):
        named = f'filename="{name}"'
    if kind == "message/rfc822":
        return f"Content-Disposition: attachment; {named}\r\n".encode() + raw(kind, content)
    kind = kind if _TYPE.fullmatch(kind) else mimetypes.guess_type(name)[0] or "application/octet-stream"
    head = (
        f"Content-Type: {kind}\r\nContent-Disposition: attachment; {named}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + encodebytes(content).replace(b"\n", b"\r\n")


def raw(kind: str, content: bytes) -> bytes:
    """A part whose content is sent as it is, its line ends made CRLF."""
    return f"Content-Type: {kind}\r\n\r\n".encode() + re.sub(rb"\r\n|\r|\n", b"\r\n", content)


def many(kind: str, parts: Sequence[bytes]) -> bytes:
    """Several parts as one (RFC 2046 section 5.1)."""
    edge = f"=_{uuid4().hex}"
    head = f'Content-Type: multipart/{kind};\r\n boundary="{edge}"\r\n\r\n'
    inner = b"".join(f"--{edge}\r\n".encode() + part + b"\r\n" for part in parts)
    return head.encode() + inner + f"--{edge}--\r\n".encode()
