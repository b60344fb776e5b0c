"""One mail as a mail program shows it, read from its source with the standard library alone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import TypeVar

from lxml import html as lxml_html
from lxml.etree import ParserError

S = TypeVar("S")
T = TypeVar("T")

MAX_PARTS = 500
MAX_DEPTH = 20
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox in a header: a display name, which may be empty, and an address."""

    name: str
    address: str

    def __str__(self) -> str:
        if not self.name:
            return self.address
        name = self.name.replace('"', "'").replace("\\", "/")
        return f'"{name}" <{self.address}>' if re.search(r"[,;:<>@()\[\].]", name) else f"{name} <{self.address}>"

    @property
    def shown(self) -> str:
        """The name where there is one, else the address."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class File:
    """One attachment, or a picture that the HTML shows by its content id."""

    name: str
    type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: its header lines in order, its two bodies (either may be empty) and its files."""

    author: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    message_id: str
    references: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[File, ...]
    pictures: tuple[File, ...]

    def header(self, name: str) -> str:
        """The first header of this name, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Mail:
    """One copy of a mail in one mailbox; `sent` tells the owner's own mails from what came in."""

    id: str
    owner: str
    sent: bool
    at: datetime
    source: bytes
    letter: Letter


def read_letter(source: bytes) -> Letter:
    """What the source of a mail says; never raises, unreadable characters become U+FFFD."""
    message = message_from_bytes(source)
    headers = tuple((name, _decoded(value)) for name, value in message.items())
    text, html, attachments, pictures = _bodies(message)
    if not text and html:
        text = text_of(html)
    author = _addresses(message, "From")
    ids = f"{message.get('References', '')} {message.get('In-Reply-To', '')}".split()
    return Letter(
        author=author[0] if author else Address("", ""),
        to=_addresses(message, "To"),
        cc=_addresses(message, "Cc"),
        reply_to=_addresses(message, "Reply-To"),
        subject=" ".join(_decoded(message.get("Subject", "")).split()),
        message_id="".join(str(message.get("Message-ID", "")).split()),
        references=tuple(dict.fromkeys(ids)),
        headers=headers,
        text=text,
        html=html,
        attachments=tuple(attachments),
        pictures=tuple(pictures),
    )


def text_of(html: str) -> str:
    """The words of an HTML body, one line for each block."""
    document = parsed(html)
    if document is None:
        return ""
    for element in [one for one in document.iter("script", "style", "head") if one.getparent() is not None]:
        element.drop_tree()
    for element in document.iter():
        element.text, element.tail = _flowing(element.text), _flowing(element.tail)
    for element in document.iter("p", "div", "tr", "br", "li", "h1", "h2", "h3", "blockquote", "table"):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in str(document.text_content()).splitlines())
    return "\n".join(line for line in lines if line)


def clean(text: str) -> str:
    """Text without the characters that a tree cannot hold."""
    return CONTROLS.sub("", text)


def parsed(html: str) -> lxml_html.HtmlElement | None:
    """An HTML page as a tree, or None where there is nothing in it."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        tree = lxml_html.document_fromstring(clean(html).encode(), parser=parser)
    except ParserError:
        return None
    for element in tree.iter():  # a reference such as &#11; brings back what was cleaned away
        for place in ("text", "tail"):
            words = getattr(element, place)
            if isinstance(words, str) and CONTROLS.search(words):
                setattr(element, place, clean(words))
    return tree


def _flowing(text: str | None) -> str:
    return re.sub(r"\s+", " ", clean(text or ""))


def _bodies(message: Message) -> tuple[str, str, list[File], list[File]]:
    text: list[str] = []
    html = ""
    attachments: list[File] = []
    pictures: list[File] = []
    for count, part in enumerate(_leaves(message)):
        if count == MAX_PARTS:
            break
        kind = part.get_content_type()
        name = _decoded(_asked(part.get_filename, None) or "")
        content_id = str(part.get("Content-ID", "")).strip("<> ")
        attached = part.get_content_disposition() == "attachment" or bool(name)
        if kind == "text/plain" and not attached:
            text.append(_text(part))
        elif kind == "text/html" and not attached and not html:
            html = _text(part)
        else:
            file = File(name or _name_for(kind, len(attachments) + 1), kind, _content(part), content_id)
            (pictures if content_id and kind.startswith("image/") else attachments).append(file)
    return "\n".join(text), html, attachments, pictures


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    # A mail inside the mail stays one file: its words are somebody else's.
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        if depth < MAX_DEPTH:
            for part in message.get_payload():
                if isinstance(part, Message):
                    yield from _leaves(part, depth + 1)
    else:
        yield message


def _content(part: Message) -> bytes:
    payload: object = _asked(part.get_payload, "")
    if isinstance(payload, list):
        inside = [inner for inner in payload if isinstance(inner, Message)]
        return _asked(lambda: b"".join(inner.as_bytes() for inner in inside), b"")
    decoded: object = _asked(lambda: part.get_payload(decode=True), None)
    return decoded if isinstance(decoded, bytes) else b""


def _asked(ask: Callable[[], T], otherwise: S) -> T | S:
    # The standard library raises these on parameters that contradict themselves (RFC 2231 with gaps, NUL in a charset).
    try:
        return ask()
    except (MessageError, LookupError, ValueError, TypeError):
        return otherwise


def _text(part: Message) -> str:
    content = _content(part)
    try:
        text = content.decode(_asked(part.get_content_charset, None) or "utf-8", "replace")
    except (LookupError, ValueError):
        text = content.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\0", "")


def _name_for(kind: str, count: int) -> str:
    return {"message/rfc822": f"mail-{count}.eml", "application/pdf": f"document-{count}.pdf"}.get(
        kind, f"part-{count}"
    )


def _decoded(value: object) -> str:
    raw = str(value)
    try:
        text = str(make_header(decode_header(raw)))
    except (MessageError, LookupError, ValueError):
        text = raw
    return clean(text)


def _addresses(message: Message, name: str) -> tuple[Address, ...]:
    values = [str(value) for value in message.get_all(name, [])]
    pairs = getaddresses(values)
    return tuple(Address(_decoded(shown), address) for shown, address in pairs if address)
