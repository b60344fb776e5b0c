"""Which addresses a bounce says cannot be reached: delivery reports first, then what mail systems write in prose."""

import copy
import email.utils
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

import structlog
from flufl.bounce import all_failures

from inbound.bounce_events import event_of
from inbound.bounce_words import (
    ANSWERED,
    DAEMON,
    DAEMON_NAME,
    FULL,
    LATER,
    NO_MEMBER,
    PROSE,
    RETURNED,
    ROBOT,
    SUBJECT,
    SURELY,
    SYSTEM,
)
from inbound.html_text import html_as_text
from inbound.letter import Letter
from inbound.said import split

log = structlog.get_logger()
# flufl.bounce writes tracebacks into its log before it raises.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)

_RETURNED_TO = re.compile(r"^[ \t>]{0,20}to:[ \t]*+(\S.*)$", re.IGNORECASE | re.MULTILINE)
_DETECTED_LINES, _DETECTED_CHARS, _DETECTED_PARTS = 400, 20_000, 20
"""So much of a mail is shown to flufl.bounce, whose patterns cost the square of a text's length."""
_TOLD_CHARS = 50_000
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.\-/])([45])[0-5]\d(?=[ -](?:\d\.\d|[A-Za-z<#]))")
_FAILED = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")
_MASKED = re.compile(r"\.\.\.|…|\*@")
"""Stands in addresses whose letters somebody took out: whoever they belong to, they cannot be written to."""
_BLANK_LINES = re.compile(r"(?:[ \t\r>]{0,80}\n){3,}")
_MESSAGE_ID = re.compile(r"^[ \t>]{0,20}message-id:\s{0,9}<([^<>\s]{1,900})>", re.IGNORECASE | re.MULTILINE)
_MOVED_ON = frozenset({"delivered", "relayed", "expanded"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a mail did not reach; `status` is an enhanced code such as 5.1.1 (RFC 3463), if given."""

    recipient: str
    status: str | None
    permanent: bool
    original_message_id: str | None = None


def looks_like_a_bounce(letter: Letter, headers: Mapping[str, str]) -> bool:
    """Tell cheaply whether it is worth while to look for bounced addresses.

    A mail system by name, an empty return path or a report is evidence; without them the subject and the text must
    both speak of a mail that failed, in a mail that is no answer and carries no file.
    """
    if any(report.type.endswith("delivery-status") for report in letter.reports) or "x-failed-recipients" in headers:
        return True
    if "rejected" in headers.get("auto-submitted", "").lower() or refuses_for_a_list(letter):
        return True
    event = event_of(letter.text)
    if event is not None:
        return event.kind in ("bounce", "delay")
    subject = SUBJECT.search(letter.subject) is not None
    if ROBOT.match(letter.author or headers.get("from", "")):
        return True
    daemon = DAEMON.match(letter.author or "") is not None or DAEMON_NAME.search(headers.get("from", "")) is not None
    way_back = headers.get("return-path", "-").strip().lower()
    nobody = way_back in ("<>", "") or "mailer-daemon" in way_back
    if (daemon and (subject or nobody)) or (nobody and (subject or _returns_a_mail(letter))):
        return True
    if not (daemon or subject) or letter.in_reply_to or letter.references or letter.attachments:
        return False
    words = _words_of(letter)[:5_000]
    if ANSWERED.match(letter.subject):
        # A person speaks about a bounce, which stands below; a mail system only repeats the subject.
        words = split(words).said
    # A person may write of what was not delivered; the answer of a mail server only stands in what one sent.
    answer = SYSTEM.match(letter.author or "") or _FAILED.search(words) or _REPLY.search(words)
    return PROSE.search(words) is not None and (daemon or answer is not None or SURELY.search(words) is not None)


def refuses_for_a_list(letter: Letter) -> bool:
    """Tell whether a list's software says that our mail was not let through, for we are not on the list."""
    is_software = any(
        name.startswith(("list-", "x-ml", "x-list", "mailing-list", "x-mailman")) for name, _ in letter.headers
    )
    return (
        is_software
        and not letter.attachments
        and NO_MEMBER.search(letter.subject + "\n" + _words_of(letter)[:2_000]) is not None
    )


def _list_addresses(letter: Letter) -> list[str]:
    own = {box.address.lower() for box in letter.to}
    return [word for word in _ADDRESS.findall(_words_of(letter)[:2_000]) if word.lower() not in own][:1]


def _returns_a_mail(letter: Letter) -> bool:
    """Tell whether a mail of the one it is addressed to comes back in it."""
    own = {box.address.lower() for box in letter.to}
    return any(
        forwarded.sender is not None and forwarded.sender.address.lower() in own for forwarded in letter.forwarded
    )


def bounces_of(letter: Letter) -> tuple[Bounce, ...]:
    """Return the addresses that could not be reached, or not yet; empty for a mail that is no bounce.

    A delivery report (RFC 3464) is taken at its word; without one flufl.bounce and the SMTP answers quoted in the
    text tell.
    """
    event = event_of(letter.text)
    if event is not None:
        codes = ((address, _FAILED.search(words)) for address, words in event.recipients)
        return tuple(
            Bounce(address, code.group() if code else None, event.permanent, event.message_id or None)
            for address, code in codes
            if event.kind in ("bounce", "delay")
        )
    original = _original_id(letter)
    found = dict(_reported(letter))
    if not found:
        found = dict(_detected(letter))
    if not found and refuses_for_a_list(letter):
        found = dict.fromkeys(_list_addresses(letter), (None, True))
    return tuple(Bounce(address, status, permanent, original) for address, (status, permanent) in found.items())


def _original_id(letter: Letter) -> str | None:
    for forwarded in letter.forwarded:
        if forwarded.message_id:
            return forwarded.message_id
    for words in (*(report.text for report in letter.reports), letter.text[:100_000]):
        match = _MESSAGE_ID.search(words)
        if match:
            return match.group(1)
    return None


def _reported(letter: Letter) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    for report in letter.reports:
        rejected = report.type == "message/disposition-notification"
        if not rejected and not report.type.endswith("delivery-status"):
            continue
        for block in report.text.split("\n\n"):
            fields = _fields(block)
            action = fields.get("action", "").lower().partition(" ")[0]
            address = _recipient(fields.get("original-recipient", "")) or _recipient(fields.get("final-recipient", ""))
            if not address or action in _MOVED_ON:
                continue
            code = _code(fields.get("status", ""), fields.get("diagnostic-code", ""), action)
            later = action == "delayed" or (action != "failed" and (code or "5").startswith("4"))
            yield address, (code, not later)


def _code(status: str, diagnostic: str, action: str) -> str | None:
    """Return the status, or the one in the diagnostic where that says more than the status."""
    given, quoted = _STATUS.search(status), _STATUS.search(diagnostic)
    if given is None or quoted is None:
        return (given or quoted).group() if given or quoted else None  # type: ignore[union-attr]
    vague = given.group().endswith(".0.0") or (action == "failed" and given.group()[0] < quoted.group()[0])
    return (quoted if vague else given).group()


def _fields(block: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in block.split("\n"):
        if line[:1].isspace() and name:
            fields[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields.setdefault(name, value.strip())
    return fields


def _recipient(value: str) -> str:
    value = value.rpartition(";")[2].strip()
    address = email.utils.parseaddr(value)[1] or value.strip("<> ")
    return address if "@" in address and not _MASKED.search(address) else ""


def _detected(letter: Letter) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    text = _words_of(letter)
    temporary, permanent = _failures(letter)
    code = _FAILED.search(text[:20_000]) or _STATUS.search(text[:20_000])
    status = code.group() if code else None
    for address in temporary:
        yield address, (status, False)
    for address in permanent:
        yield address, (status, True)
    if not temporary and not permanent:
        yield from _told(letter, text, status)


def _failures(letter: Letter) -> tuple[list[str], list[str]]:
    if letter.message is None:
        return [], []
    message = _excerpt(letter.message, [_DETECTED_PARTS])
    # flufl.bounce raises where From is missing or holds bytes that are no ASCII.
    del message["from"]
    message["From"] = letter.author if (letter.author or "").isascii() and letter.author else "nobody@example.invalid"
    try:
        temporary, permanent = all_failures(message)
    except Exception as error:  # noqa: BLE001
        # It raises on more broken mails than that; the text is still read for what it says.
        log.warning("bounces.detector_failed", error=type(error).__name__)
        return [], []
    return _addresses(temporary), _addresses(permanent)


def _excerpt(message: Message, left: list[int]) -> Message:
    """Return a copy of the message with the first parts and the first lines of its texts alone."""
    small = copy.copy(message)
    small._headers = list(message.raw_items())  # type: ignore[attr-defined]  # the copy's own list
    payload = message.get_payload()
    if isinstance(payload, list):
        small._payload = []  # type: ignore[attr-defined]  # set_payload would encode it
        for part in payload:
            left[0] -= 1
            if left[0] < 0:
                break
            if isinstance(part, Message):
                small._payload.append(_excerpt(part, left))  # type: ignore[attr-defined]
        return small
    content = message.get_payload(decode=True) if message.get_content_maintype() in ("text", "message") else b""
    text = content[: 4 * _DETECTED_CHARS].decode("ascii", "replace") if isinstance(content, bytes) else ""
    lines = _BLANK_LINES.sub("\n\n\n", text.replace("\r\n", "\n"))[:_DETECTED_CHARS].split("\n")[:_DETECTED_LINES]
    small._payload = "\n".join(line[:1_000] for line in lines)  # type: ignore[attr-defined]
    del small["content-transfer-encoding"]
    return small


def _addresses(found: Iterable[object]) -> list[str]:
    words = (x.decode("ascii", "replace") if isinstance(x, bytes) else str(x) for x in found)
    return sorted(word for word in words if "@" in word and not _MASKED.search(word))


def _told(letter: Letter, text: str, status: str | None) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    """Read what a mail system tells in prose: whom it names before the returned mail, else whom that was for."""
    reply = _REPLY.search(text[:20_000])
    first = (status or (reply.group(1) if reply else ""))[:1]
    words = letter.subject + "\n" + text[:2_000]
    permanent = first == "5" if first else not (LATER.search(words) or FULL.search(words))
    returned = RETURNED.search(text)
    robot = ROBOT.match(letter.author or letter.header("from")) or letter.header("x-failed-recipients")
    if not (robot or first or returned or _returns_a_mail(letter) or PROSE.search(text[:5_000])):
        return
    own = {box.address.lower() for box in letter.to} | {(letter.author or "").lower()}
    candidates = [
        *_ADDRESS.findall(letter.header("x-failed-recipients")[:5_000]),
        *_ADDRESS.findall(text[: min(returned.start(), 5_000)] if returned else text[:5_000]),
        *(box.address for forwarded in letter.forwarded for box in forwarded.to),
        *(address for line in _RETURNED_TO.findall(text[:20_000]) for address in _ADDRESS.findall(line[:1_000])),
        *_ADDRESS.findall(text[:5_000]),
    ]
    named = [
        address.strip(".'")
        for address in candidates
        if not (address.strip(".'").lower() in own or _MASKED.search(address) or _is_list_of(address, own))
    ]
    if named:
        yield next((address for address in named if not DAEMON.match(address)), named[0]), (status, permanent)


def _is_list_of(address: str, own: set[str]) -> bool:
    """Tell whether a mail to an address goes to a list that lets its bounces come here, as to "news-bounces@"."""
    name, _, domain = address.strip(".'").lower().partition("@")
    return any(
        box.startswith((f"{name}-", f"{name}+")) and box.endswith(f"@{domain}") and name.isascii() for box in own
    )


def _words_of(letter: Letter) -> str:
    words = letter.text if letter.text.strip() or not letter.html else html_as_text(letter.html[:_TOLD_CHARS])
    return words[:_TOLD_CHARS]
