"""Composes a notice: the frozen facts of its row become one RFC 5322 mail, as bytes with CRLF.

The bytes are written here and not by `email.policy`, whose header classes cost several times the rendering; the
standard library encodes what needs encoding. Boundaries come from the Message-ID: the same notice, the same bytes.
No value from outside can add a header: CR, LF, NUL and other control characters are gone before anything is written.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from outbound.facts import UNSEEN, tidy
from templates.environment import mail, reader_of

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~. -]*", re.ASCII)
_TYPE = re.compile(r"(?!multipart/|message/)[\w.+-]{1,64}/[\w.+-]{1,100}", re.ASCII)
_ID = re.compile(r"[^\x21-\x3b\x3d\x3f-\x7e]")
_UNADDRESSED = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff<>,;:\"()\\]")
_UNNAMED = re.compile(r'[/\\:*?"<>|\r\n\t\u2028\u2029]+')
ENDING = frozenset({"cancel", "decline", "refuse", "reject", "withdraw"})
"""Steps that are offered as plain links only."""

_END = "\r\n"
_LINE = 76
_LONGEST_NAME = 200
_LONGEST_FILE_NAME = 80  # percent-encoded it must still fit a line of 998


@dataclass(frozen=True, slots=True)
class File:
    """One attachment: the name that the reader sees, its media type, its bytes."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name a notice is sent: the company's display name and the address of the From header."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Notice:
    """All that a mail is made of; ids are without angle brackets, `facts` as docs/facts.md lists them.

    `subject` replaces the template's subject where the mail must keep that of a conversation; `mark` is put behind it
    (reply style `plain`). `headers` are added to ours. `auto_submitted` is `auto-generated` or `auto-replied`
    (RFC 3834).
    """

    name: str
    language: str
    message_id: str
    to_name: str
    to_address: str
    reply_to: str
    facts: Mapping[str, Any]
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    auto_submitted: str = "auto-generated"
    attachments: tuple[File, ...] = ()
    figures: str = ""
    zone: str = "UTC"
    subject: str = ""
    mark: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def compose(
    notice: Notice, sender: Sender, print_link: Callable[[str], str], now: Callable[[], datetime] | None = None
) -> bytes:
    """Compose one notice, ready to be signed and sent.

    `print_link` makes the absolute URL of a link from its row's key. The result has CRLF line ends and is ASCII
    but for an address whose own letters are not (RFC 6532).
    """
    facts = tidy(notice.facts)
    facts["links"] = _links(facts.get("links") or (), print_link)
    said = mail(notice.name, reader_of(notice.language, notice.figures, notice.zone), facts)
    subject = f"{notice.subject or said.subject} {notice.mark}"
    head = [
        _header("From", _mailbox(sender.name, sender.address)),
        _header("To", _mailbox(notice.to_name, notice.to_address)),
        _header("Reply-To", _mailbox(sender.name, notice.reply_to)) if notice.reply_to else "",
        _header("Subject", _words(subject, "Subject")),
        _header("Date", format_datetime(now() if now else datetime.now(UTC))),
        _header("Message-ID", _ids((notice.message_id,))),
        _header("In-Reply-To", _ids((notice.in_reply_to,))) if notice.in_reply_to else "",
        _header("References", _ids(notice.references)) if notice.references else "",
        _header("Auto-Submitted", _plain(notice.auto_submitted)),
        _header("X-Auto-Response-Suppress", "All"),
        *(_header(_ID.sub("", name), _words(value, name)) for name, value in notice.headers),
        f"MIME-Version: 1.0{_END}",
    ]
    mark = sha256(notice.message_id.encode("utf-8", "replace")).hexdigest()[:24]
    body = _many("alternative", f"=_{mark}.a", (_text("plain", said.text), _text("html", said.html)))
    if notice.attachments:
        body = _many("mixed", f"=_{mark}.m", (body, *map(_file, notice.attachments)))
    return "".join(head).encode("utf-8") + body


def _links(links: Sequence[Mapping[str, Any]], print_link: Callable[[str], str]) -> list[dict[str, Any]]:
    """The links with their URLs; a step that ends something is never the one big button, opening the document is."""
    ends = any(link.get("primary") and link.get("step") in ENDING for link in links)
    return [
        {
            **link,
            "url": print_link(str(link["key"])),
            "primary": link.get("step") == "open" if ends else bool(link.get("primary")),
        }
        for link in links
        if link.get("key")
    ]


def _plain(value: str) -> str:
    """A header value of ASCII alone, on one line."""
    return _CONTROLS.sub(" ", value).strip().encode("ascii", "replace").decode()


def _words(value: str, name: str) -> str:
    """Unstructured text as a header value, in encoded words (RFC 2047) where it is not plain ASCII."""
    value = " ".join(_CONTROLS.sub(" ", value).split())
    simple = value.isascii() and "=?" not in value
    if simple and len(name) + len(value) < _LINE:
        return value
    charset = "us-ascii" if simple and max(map(len, value.split())) < _LINE else "utf-8"
    return Header(value, charset, header_name=name, maxlinelen=_LINE).encode(linesep="\r\n")


def _mailbox(name: str, address: str) -> str:
    """A display name and an address (RFC 5322 3.4); nothing that would end the address or the header passes."""
    address = _UNADDRESSED.sub("", address)
    name = " ".join(_CONTROLS.sub(" ", name).split())[:_LONGEST_NAME]
    if not name:
        return f"<{address}>"
    if not name.isascii() or "=?" in name:
        return f"{Header(name, 'utf-8', maxlinelen=_LINE - 10).encode(linesep=_END)}{_END} <{address}>"
    if not _ATOMS.fullmatch(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name}{_END if len(name) > _LINE - 10 else ''} <{address}>"


def _ids(ids: Sequence[str | None]) -> str:
    """Message ids in angle brackets, one to a line."""
    return f"{_END} ".join(f"<{_ID.sub('', item)}>" for item in ids if item)


def _header(name: str, value: str) -> str:
    return f"{name}: {value}{_END}"


def _text(kind: str, text: str) -> bytes:
    """A text part: quoted-printable, or base64 where most of it is not ASCII."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", _END)
    content = lines.encode("utf-8", "replace")
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: '.encode()
    if 4 * (len(content) - len(lines)) > len(lines):
        return head + b"base64\r\n\r\n" + _base64(content)
    return head + b"quoted-printable\r\n\r\n" + b2a_qp(content, istext=True)


def _file(file: File) -> bytes:
    """An attachment part in base64 with its name, in ASCII and as RFC 2231 says."""
    kind = file.type if _TYPE.fullmatch(file.type) else "application/octet-stream"
    name = _UNNAMED.sub("_", UNSEEN.sub("", file.name)).strip(". ")[-_LONGEST_FILE_NAME:] or "file"
    if name.isascii():
        named, disposed = f'name="{name}"', f'filename="{name}"'
    else:
        named, disposed = f'name="{_words(name, "name")}"', f"filename*=UTF-8''{quote(name, safe='')}"
    head = (
        f"Content-Type: {kind};{_END} {named}{_END}Content-Transfer-Encoding: base64{_END}"
        f"Content-Disposition: attachment;{_END} {disposed}{_END}{_END}"
    )
    return head.encode("ascii") + _base64(file.content)


def _base64(content: bytes) -> bytes:
    return encodebytes(content).replace(b"\n", b"\r\n")


def _many(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """Several parts as one (RFC 2046 5.1)."""
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{_END}{_END}'.encode()
    edge = f"--{boundary}".encode()
    return head + b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"
