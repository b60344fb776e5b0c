"""Header values of a mail: decoded words, mailboxes, ids and dates, as far as they can be told (RFC 5322, RFC 2047)."""

import base64
import email.utils
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message
from typing import Any

from mailparser.utils import decode_header_part

from inbound.skeleton import Limits

Headers = tuple[tuple[str, str], ...]

UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
"""Characters without a shape, which may turn writing around: `str.translate` removes them."""

_UNSEEN = re.compile("[" + "".join(map(chr, UNSEEN)) + "]")

_ID = re.compile(r"<([^<>\s]{1,900})>")
_COMMENTS = 100
_SPACES = re.compile(r"[\s\0-\x1f\x7f]+")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")
_OF_ADDRESSES = frozenset({"from", "to", "cc", "reply-to", "sender"})
_WORD = r"=\?[^?\"\s]{1,40}\?[bq]\?[^?\"\s]{0,800}\?="
_QUOTED_WORDS = re.compile(rf'"({_WORD}(?:\s{{1,20}}{_WORD}){{0,20}})"', re.IGNORECASE)
_Q_WORD = re.compile(r"=\?([^?\s]{1,40})\?q\?([^?\s]{1,800})\?=", re.IGNORECASE)
_PARTING = re.compile(r"[,;:<>()@]")
_CONTROL = re.compile(r"[\0-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as a header gives them (RFC 5322 section 3.4)."""

    name: str
    address: str


def clean_text(text: str) -> str:
    """Return the text with LF line ends, without NUL and without lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def decoded_headers(message: Message) -> Iterator[tuple[str, str]]:
    """Yield lower-case names and decoded values, in their order and each on one line."""
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


def shorten_addresses(message: Message, limits: Limits, defects: list[str]) -> None:
    """Cut the lists of addresses of a message that are over the limit."""
    for name in ("from", "to", "cc", "bcc", "reply-to", "delivered-to"):
        value = message.get(name)
        if value is not None and str(value).count(",") > limits.addresses:
            defects.append("too many addresses, the rest was not read")
            message.replace_header(name, ",".join(str(value).split(",")[: limits.addresses]))


def mend_names(message: Message) -> None:
    """Write anew the names that an encoded word gives in quotes, or with marks that part addresses (RFC 2047, 5)."""
    raw = message._headers  # type: ignore[attr-defined]  # no other way keeps order, case and repetition
    for at, (name, value) in enumerate(raw):
        if name.lower() in _OF_ADDRESSES and isinstance(value, str) and "=?" in value:
            raw[at] = (name, _QUOTED_WORDS.sub(_without_quotes, _Q_WORD.sub(_in_base64, value)))


def _without_quotes(match: re.Match[str]) -> str:
    return match.group(1)


def _in_base64(match: re.Match[str]) -> str:
    if not _PARTING.search(match.group(2)):
        return match.group()
    content = quopri.decodestring(match.group(2).encode("ascii", "ignore"), header=True)
    return f"=?{match.group(1)}?b?{base64.b64encode(content).decode()}?="


def value_of(headers: Headers, name: str) -> str:
    """Return the first header of that lower-case name, or an empty string."""
    return next((value for key, value in headers if key == name), "")


def mailboxes_of(found: Any, headers: Headers, name: str, defects: list[str]) -> tuple[Mailbox, ...]:
    """Return the mailboxes of a header: what mail-parser found, or what can be told where it gave up."""
    values = [value for key, value in headers if key == name and value]
    if any(value.count("(") > _COMMENTS for value in values):
        defects.append(f"the {name} header has too many comments")
    if isinstance(found, list) and found and len(values) == 1:
        pairs = found
    elif values:
        # Repeated headers (mail-parser reads the first alone), and what it finds too odd to be an address.
        pairs = addresses_in(values)
        if not pairs or len(values) > 1:
            defects.append(f"the {name} header is not as the standard says")
    else:
        return ()
    cleaned = (
        Mailbox(one_line(str(who)), _CONTROL.sub("", clean_text(str(address))).strip()) for who, address in pairs
    )
    return tuple(box for box in cleaned if box.address)


def addresses_in(values: Iterable[str]) -> list[tuple[str, str]]:
    """Return names and addresses of header values, as far as they can be told."""
    words = ", ".join(values)[:20_000]
    try:
        return [pair for pair in email.utils.getaddresses([words]) if pair[1]]
    except RecursionError:
        return [("", address) for address in _ADDRESS.findall(words)]


def seen(text: str) -> str:
    """Return the text without characters that have no shape; quicker than `translate` where there are none."""
    return text if text.isascii() or not _UNSEEN.search(text) else text.translate(UNSEEN)


def one_line(text: str) -> str:
    """Return a text on one line, without NUL and lone surrogates."""
    return _SPACES.sub(" ", clean_text(text)).strip()


def date_of(parser: Any, headers: Headers) -> datetime | None:
    """Return the moment in the Date header, in the zone that it names."""
    moment = parser.date
    if isinstance(moment, datetime):
        try:
            zone = timezone(timedelta(hours=float(parser.timezone)))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
        except (ValueError, OverflowError):
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        other = email.utils.parsedate_to_datetime(value_of(headers, "date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return other if other.tzinfo else other.replace(tzinfo=UTC)


def ids_of(headers: Headers, name: str) -> tuple[str, ...]:
    """Return the message ids in the headers of a name, without angle brackets, each once."""
    values = " ".join(value for key, value in headers if key == name)[:100_000]
    found = _ID.findall(values) or ([] if "<" in values else values.replace(",", " ").split())
    return tuple(dict.fromkeys(found))
