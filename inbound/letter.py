"""One mail as a value: who, to whom, when, text, attachments, and forwarded messages kept apart.

The source is made safe (`inbound.skeleton`), parsed once with the standard library, mended (`inbound.mending`) and
handed to mail-parser, which decodes headers, addresses, dates, text and attachments.
"""

import copy
import email
import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import Message
from typing import Any

import mailparser
import structlog
from mailparser.utils import decode_header_part

from inbound import signed, uuencode
from inbound.attachment import Attachment as Attachment
from inbound.attachment import file_name
from inbound.headers import (
    Headers,
    clean_text,
    date_of,
    decoded_headers,
    ids_of,
    mailboxes_of,
    mend_names,
    shorten_addresses,
    value_of,
)
from inbound.headers import Mailbox as Mailbox
from inbound.html_text import html_as_text
from inbound.mending import Mended, attachment_content, mend
from inbound.skeleton import CUT, CUT_BYTES, LIMITS, Limits, Skeleton, skeleton_of
from inbound.unpacking import Room, a_file, files_in, words_in

log = structlog.get_logger()
# mail-parser writes header values into its log; ours holds no words of a mail.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

_LEVELS = 3
_SIZE = re.compile(r";\s*size\s*=\s*\"?(\d{1,15})")
_ASKED = ("from", "to", "cc", "reply-to", "subject", "date", "content-")


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A message inside the mail that somebody else wrote; never to be taken for the author's own words."""

    sender: Mailbox | None
    to: tuple[Mailbox, ...] = ()
    date: datetime | None = None
    subject: str = ""
    text: str = ""
    message_id: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A machine-readable part: delivery status, disposition, feedback or the headers of a returned mail (RFC 6522)."""

    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, decoded: text without CR, NUL and lone surrogates, ids without angle brackets, `date` aware.

    `authors` are all addresses of all From headers; `author` is the first. `headers` keep their order, with
    lower-case names and decoded values. `message` is the one parse, for readers that need the structure.
    """

    from_name: str = ""
    author: str | None = None
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: Headers = ()
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    forwarded: tuple[Forwarded, ...] = ()
    defects: tuple[str, ...] = ()
    authors: tuple[Mailbox, ...] = ()
    reports: tuple[Report, ...] = ()
    message: Message | None = field(default=None, repr=False, compare=False)

    def header(self, name: str) -> str:
        """Return the first header of that lower-case name, or an empty string."""
        return value_of(self.headers, name)

    def files(self) -> tuple[Attachment, ...]:
        """Return the attachments, and behind them those of the forwarded messages: an invoice may be in either."""
        return (*self.attachments, *(file for forwarded in self.forwarded for file in forwarded.attachments))


def read_letter(source: bytes, limits: Limits = LIMITS) -> Letter:
    """Read a mail from its raw bytes; what is wrong with it stands in `defects`.

    It never raises: a mail that cannot be parsed gives what its headers say.
    """
    return _read(source, limits, 0, Room())


def _read(source: bytes, limits: Limits, level: int, room: Room) -> Letter:
    skeleton = skeleton_of(source, limits)
    try:
        message = email.message_from_bytes(skeleton.source)
    except RecursionError:
        log.warning("letter.nested_too_deeply", size=len(source))
        head = skeleton.source.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        message = email.message_from_bytes(head)
        skeleton = Skeleton(head, {}, (*skeleton.defects, "parts are nested too deeply"), skeleton.size)
    return _letter_of(message, skeleton, limits, level, room)


def _letter_of(message: Message, skeleton: Skeleton, limits: Limits, level: int, room: Room) -> Letter:
    defects = list(skeleton.defects)
    mended = mend(message, skeleton.cuts, limits, defects)
    headers = tuple(decoded_headers(message))
    if not headers:
        defects.append("there are no headers")
    declared = value_of(headers, "content-length").strip()
    if declared.isascii() and declared.isdigit() and len(declared) < 16 and int(declared) > 2 * skeleton.size + 10_000:
        defects.append("the mail is far smaller than it says")
    shorten_addresses(message, limits, defects)
    mend_names(message)
    parser = _parsed(message, defects) or _parsed(_body_alone(message), defects) or mailparser.MailParser()  # type: ignore[no-untyped-call]
    for found in parser.defects:
        defects += (str(words).partition(":")[0] for kinds in found.values() for words in kinds)
    authors = mailboxes_of(parser.from_, headers, "from", defects)
    if len(authors) > 1:
        defects.append("more than one author")
    forwarded = tuple(_forwarded(mended, skeleton, limits, level, defects, room))
    attachments = [*_attachments(parser.attachments, skeleton, defects, room), *_attached_messages(mended, skeleton)]
    text = _text(parser.text_plain, skeleton, limits, defects)
    html = _text(parser.text_html, skeleton, limits, defects)
    if mended.has_html_alone():
        # A mail's own text in HTML, a list's footer in plain text: only both together say it all.
        text = f"{html_as_text(html)}\n{text}"
    if not text.strip() and not html.strip():
        text, html = words_in(attachments)
        text, html = clean_text(text)[: limits.text_chars], clean_text(html)[: limits.text_chars]
    if signed.PGP in text:
        defects.append("the mail is encrypted (PGP), it was kept unread")
    text, files = uuencode.unpack(text)
    attachments += (a_file(name, content) for name, content in files)
    letter = Letter(
        from_name=authors[0].name if authors else "",
        author=authors[0].address if authors else None,
        to=mailboxes_of(parser.to, headers, "to", defects),
        cc=mailboxes_of(parser.cc, headers, "cc", defects),
        reply_to=mailboxes_of(parser.reply_to, headers, "reply-to", defects),
        subject=value_of(headers, "subject"),
        date=date_of(parser, headers),
        message_id=next(iter(ids_of(headers, "message-id")), ""),
        in_reply_to=ids_of(headers, "in-reply-to"),
        references=ids_of(headers, "references"),
        headers=headers,
        text=text,
        html=html,
        attachments=tuple(attachments),
        forwarded=forwarded,
        defects=tuple(dict.fromkeys(defects)),
        authors=authors,
        reports=tuple(Report(kind, clean_text(words)) for kind, words in mended.reports),
        message=mended.restore(),
    )
    return _with_signed(letter, limits, level, room)


def _with_signed(letter: Letter, limits: Limits, level: int, room: Room) -> Letter:
    """Return the letter with the text and the files of an opaquely signed part in it (RFC 8551 section 3.5.2)."""
    opaque = next((file for file in letter.attachments if file.type in signed.SMIME), None)
    content = signed.signed_content(opaque.content) if opaque and level < _LEVELS else None
    if not content:
        return letter
    inner = _read(content, limits, level + 1, room)
    return replace(
        letter,
        text=letter.text or inner.text,
        html=letter.html or inner.html,
        attachments=(*letter.attachments, *inner.attachments),
        forwarded=(*letter.forwarded, *inner.forwarded),
        defects=tuple(dict.fromkeys((*letter.defects, *inner.defects))),
    )


def _parsed(message: Message, defects: list[str]) -> Any:
    """Hand the parse to mail-parser with the headers that it is asked about: it decodes each one twice."""
    light = copy.copy(message)
    light._headers = [  # type: ignore[attr-defined]  # the copy's own list; deleting one by one is quadratic
        (name, value) for name, value in message.raw_items() if name.lower().startswith(_ASKED)
    ]
    try:
        return mailparser.MailParser(light)  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001
        # It raises AttributeError, IndexError and more on broken mails; no mail may be lost by that.
        log.warning("letter.parser_failed", error=type(error).__name__)
        defects.append("the mail is too broken to be read in full")
        return None


def _body_alone(message: Message) -> Message:
    """Return the message with the headers of its body alone: the rest was read from `headers` already."""
    for name in set(message.keys()):
        if not name.lower().startswith("content-"):
            del message[name]
    for part in message.walk():
        part.defects = []
    return message


def _text(bodies: list[str], skeleton: Skeleton, limits: Limits, defects: list[str]) -> str:
    text = "\n".join(clean_text(body) for body in bodies)
    if any("\0" in body for body in bodies):
        defects.append("NUL in the text")
    if skeleton.cuts:
        # A text may hold lines that look like the headers of a base64 part; what was cut there is text.
        text = CUT.sub(lambda match: skeleton.cuts.get(match.group(), b"").decode("ascii", "replace"), text)
    if len(text) > limits.text_chars:
        defects.append("the text is over the limit, the rest was not read")
        text = text[: limits.text_chars]
    return text


def _attachments(
    found: list[dict[str, Any]], skeleton: Skeleton, defects: list[str], room: Room
) -> Iterator[Attachment]:
    for file in found:
        kind = str(file["mail_content_type"]).lower()
        if kind.startswith("message/") and not file["payload"]:
            continue
        content = attachment_content(str(file["payload"]), skeleton.cuts, defects)
        content_id = str(file["content-id"]).strip(" <>")
        disposition = str(file["content-disposition"]).strip().lower()
        declared = _SIZE.search(disposition)
        if declared and int(declared.group(1)) > 2 * len(content) + 10_000:
            defects.append("an attachment is far smaller than the mail says")
        attachment = Attachment(
            name=file_name(str(file["filename"])),
            type=kind,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            inline=disposition.startswith("inline") or (bool(content_id) and not disposition.startswith("attachment")),
            content_id=content_id,
        )
        yield attachment
        yield from files_in(attachment, defects, room)


def _attached_messages(mended: Mended, skeleton: Skeleton) -> Iterator[Attachment]:
    """Yield the attached messages that have a file name; they stand in `forwarded` too."""
    for part, inner in mended.messages:
        name = file_name(str(decode_header_part(part.get_filename() or "")))  # type: ignore[no-untyped-call]
        if not name:
            continue
        try:
            content = inner if isinstance(inner, bytes) else inner.as_bytes()
        except (UnicodeError, LookupError, ValueError, TypeError, AttributeError):
            content = b""
        content = CUT_BYTES.sub(lambda match: skeleton.cuts.get(match.group().decode(), b""), content)
        digest = hashlib.sha256(content).hexdigest()
        yield Attachment(name, part.get_content_type(), content, digest, part.get_content_disposition() == "inline")


def _forwarded(
    mended: Mended, skeleton: Skeleton, limits: Limits, level: int, defects: list[str], room: Room
) -> Iterator[Forwarded]:
    for count, (_part, inner) in enumerate(mended.messages):
        if count == limits.forwarded or level == _LEVELS:
            defects.append("too many forwarded messages, the rest was not read")
            return
        if isinstance(inner, bytes):
            letter = _read(inner, limits, level + 1, room)
        else:
            letter = _letter_of(inner, Skeleton(b"", skeleton.cuts, size=skeleton.size), limits, level + 1, room)
        yield Forwarded(
            sender=Mailbox(letter.from_name, letter.author) if letter.author else None,
            to=letter.to,
            date=letter.date,
            subject=letter.subject,
            text=letter.text if letter.text.strip() else html_as_text(letter.html),
            message_id=letter.message_id,
            attachments=letter.attachments,
        )
        yield from letter.forwarded
