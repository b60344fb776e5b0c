"""One mail as a value: who, to whom, when, text, attachments, and forwarded messages kept apart.

The source is made safe (`inbound.skeleton`), parsed once with the standard library, mended (`inbound.mending`) and
handed to mail-parser, which decodes headers, addresses, dates, text and attachments.
"""

import copy
import email
import email.utils
import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from typing import Any

import mailparser
import structlog
from mailparser.utils import decode_header_part

from inbound.html_text import html_as_text
from inbound.mending import UNNAMED, Mended, attachment_content, mend
from inbound.skeleton import CUT, CUT_BYTES, LIMITS, Limits, Skeleton, skeleton_of

log = structlog.get_logger()
# mail-parser writes header values into its log; ours holds no words of a mail.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

_ID = re.compile(r"<([^<>\s]{1,900})>")
_SPACES = re.compile(r"[\s\0]+")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")
_ASKED = ("from", "to", "cc", "reply-to", "subject", "date", "content-")
_CONTROL = re.compile(r"[\0-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as a header gives them (RFC 5322 section 3.4)."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail: its decoded content, and the name its sender gave it, without folders."""

    name: str
    type: str
    content: bytes = field(repr=False)
    sha256: str
    inline: bool = False
    content_id: str = ""


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
    headers: tuple[tuple[str, str], ...] = ()
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
        return next((value for key, value in self.headers if key == name), "")


def read_letter(source: bytes, limits: Limits = LIMITS) -> Letter:
    """Read a mail from its raw bytes; what is wrong with it stands in `defects`.

    It never raises: a mail that cannot be parsed gives what its headers say.
    """
    return _read(source, limits, level=0)


def clean_text(text: str) -> str:
    """Return the text with LF line ends, without NUL and without lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _read(source: bytes, limits: Limits, level: int) -> Letter:
    skeleton = skeleton_of(source, limits)
    try:
        message = email.message_from_bytes(skeleton.source)
    except RecursionError:
        log.warning("letter.nested_too_deeply", size=len(source))
        head = skeleton.source.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        message = email.message_from_bytes(head)
        skeleton = Skeleton(head, {}, (*skeleton.defects, "parts are nested too deeply"))
    return _letter_of(message, skeleton, limits, level)


def _letter_of(message: Message, skeleton: Skeleton, limits: Limits, level: int) -> Letter:
    defects = list(skeleton.defects)
    mended = mend(message, skeleton.cuts, limits, defects)
    headers = tuple(_decoded(message))
    _shorten_addresses(message, limits, defects)
    parser = _parsed(message, defects) or _parsed(_body_alone(message), defects) or mailparser.MailParser()
    for found in parser.defects:
        defects += (str(words).partition(":")[0] for kinds in found.values() for words in kinds)
    authors = _mailboxes(parser.from_, headers, "from", defects)
    if len(authors) > 1:
        defects.append("more than one author")
    forwarded = tuple(_forwarded(mended, skeleton, limits, level, defects))
    text = _text(parser.text_plain, skeleton, limits, defects)
    html = _text(parser.text_html, skeleton, limits, defects)
    if mended.has_html_alone():
        # A mail's own text in HTML, a list's footer in plain text: only both together say it all.
        own = html_as_text(html)
        text = f"{own}\n{text}" if mended.bodies[0][0] == "text/html" else f"{text}\n{own}"
    return Letter(
        from_name=authors[0].name if authors else "",
        author=authors[0].address if authors else None,
        to=_mailboxes(parser.to, headers, "to", defects),
        cc=_mailboxes(parser.cc, headers, "cc", defects),
        reply_to=_mailboxes(parser.reply_to, headers, "reply-to", defects),
        subject=_value(headers, "subject"),
        date=_date(parser, headers),
        message_id=next(iter(_ids(headers, "message-id")), ""),
        in_reply_to=_ids(headers, "in-reply-to"),
        references=_ids(headers, "references"),
        headers=headers,
        text=text,
        html=html,
        attachments=(*_attachments(parser.attachments, skeleton, defects), *_attached_messages(mended, skeleton)),
        forwarded=forwarded,
        defects=tuple(dict.fromkeys(defects)),
        authors=authors,
        reports=tuple(Report(kind, clean_text(words)) for kind, words in mended.reports),
        message=mended.restore(),
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


def _decoded(message: Message) -> Iterator[tuple[str, str]]:
    for name, value in message.raw_items():
        words = str(value)
        if not words.isascii():
            raw = words.encode("utf-8", "surrogateescape")
            try:
                words = raw.decode("utf-8")
            except UnicodeDecodeError:
                words = raw.decode("cp1252", "replace")
        if "=?" in words:
            words = str(decode_header_part(words))  # type: ignore[no-untyped-call]
        yield name.lower(), _SPACES.sub(" ", clean_text(words)).strip()


def _shorten_addresses(message: Message, limits: Limits, defects: list[str]) -> None:
    for name in ("from", "to", "cc", "bcc", "reply-to", "delivered-to"):
        value = message.get(name)
        if value is not None and str(value).count(",") > limits.addresses:
            defects.append("too many addresses, the rest was not read")
            message.replace_header(name, ",".join(str(value).split(",")[: limits.addresses]))


def _body_alone(message: Message) -> Message:
    """Return the message with the headers of its body alone: the rest was read from `headers` already."""
    for name in set(message.keys()):
        if not name.lower().startswith("content-"):
            del message[name]
    for part in message.walk():
        part.defects = []
    return message


def _value(headers: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key == name), "")


def _mailboxes(found: Any, headers: tuple[tuple[str, str], ...], name: str, defects: list[str]) -> tuple[Mailbox, ...]:
    values = [value for key, value in headers if key == name and value]
    if isinstance(found, list) and found and len(values) == 1:
        pairs = found
    elif values:
        # Repeated headers (mail-parser reads the first alone), and what it finds too odd to be an address.
        pairs = addresses_in(values)
        if not pairs or len(values) > 1:
            defects.append(f"the {name} header is not as the standard says")
    else:
        return ()
    cleaned = (Mailbox(_line(str(who)), _CONTROL.sub("", clean_text(str(address))).strip()) for who, address in pairs)
    return tuple(box for box in cleaned if box.address)


def addresses_in(values: Iterable[str]) -> list[tuple[str, str]]:
    """Return names and addresses of header values, as far as they can be told."""
    words = ", ".join(values)[:20_000]
    try:
        return [pair for pair in email.utils.getaddresses([words]) if pair[1]]
    except RecursionError:
        return [("", address) for address in _ADDRESS.findall(words)]


def _line(text: str) -> str:
    return _SPACES.sub(" ", clean_text(text)).strip()


def _date(parser: Any, headers: tuple[tuple[str, str], ...]) -> datetime | None:
    moment = parser.date
    if isinstance(moment, datetime):
        try:
            zone = timezone(timedelta(hours=float(parser.timezone)))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
        except (ValueError, OverflowError):
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        other = email.utils.parsedate_to_datetime(_value(headers, "date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return other if other.tzinfo else other.replace(tzinfo=UTC)


def _ids(headers: tuple[tuple[str, str], ...], name: str) -> tuple[str, ...]:
    values = " ".join(value for key, value in headers if key == name)[:100_000]
    found = _ID.findall(values) or ([] if "<" in values else values.replace(",", " ").split())
    return tuple(dict.fromkeys(found))


def _text(bodies: list[str], skeleton: Skeleton, limits: Limits, defects: list[str]) -> str:
    text = "\n".join(clean_text(body) for body in bodies)
    if skeleton.cuts:
        # A text may hold lines that look like the headers of a base64 part; what was cut there is text.
        text = CUT.sub(lambda match: skeleton.cuts.get(match.group(), b"").decode("ascii", "replace"), text)
    if len(text) > limits.text_chars:
        defects.append("the text is over the limit, the rest was not read")
        text = text[: limits.text_chars]
    return text


def _attachments(found: list[dict[str, Any]], skeleton: Skeleton, defects: list[str]) -> Iterator[Attachment]:
    for file in found:
        kind = str(file["mail_content_type"]).lower()
        if kind.startswith("message/") and not file["payload"]:
            continue
        content = attachment_content(str(file["payload"]), skeleton.cuts, defects)
        content_id = str(file["content-id"]).strip(" <>")
        disposition = str(file["content-disposition"]).strip().lower()
        if kind in ("application/ms-tnef", "application/vnd.ms-tnef"):
            defects.append("a winmail.dat was not unpacked")
        yield Attachment(
            name=_file_name(str(file["filename"])),
            type=kind,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            inline=disposition.startswith("inline") or (bool(content_id) and not disposition.startswith("attachment")),
            content_id=content_id,
        )


def _attached_messages(mended: Mended, skeleton: Skeleton) -> Iterator[Attachment]:
    """Yield the attached messages that have a file name; they stand in `forwarded` too."""
    for part, inner in mended.messages:
        name = _file_name(str(decode_header_part(part.get_filename() or "")))  # type: ignore[no-untyped-call]
        if not name:
            continue
        try:
            content = inner if isinstance(inner, bytes) else inner.as_bytes()
        except (UnicodeError, LookupError, ValueError, TypeError, AttributeError):
            content = b""
        content = CUT_BYTES.sub(lambda match: skeleton.cuts.get(match.group().decode(), b""), content)
        digest = hashlib.sha256(content).hexdigest()
        yield Attachment(name, part.get_content_type(), content, digest, part.get_content_disposition() == "inline")


def _file_name(name: str) -> str:
    name = _line(name).replace("\\", "/").rpartition("/")[2]
    return "" if name.startswith(UNNAMED) else _CONTROL.sub("", name)[:255]


def _forwarded(
    mended: Mended, skeleton: Skeleton, limits: Limits, level: int, defects: list[str]
) -> Iterator[Forwarded]:
    for count, (_part, inner) in enumerate(mended.messages):
        if count == limits.forwarded or level == 3:
            defects.append("too many forwarded messages, the rest was not read")
            return
        if isinstance(inner, bytes):
            letter = _read(inner, limits, level + 1)
        else:
            letter = _letter_of(inner, Skeleton(b"", skeleton.cuts), limits, level + 1)
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
