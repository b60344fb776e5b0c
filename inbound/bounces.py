"""Which addresses a bounce says cannot be reached: delivery reports first, then what mail systems write in prose."""

import email.utils
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

import structlog
from flufl.bounce import all_failures

from inbound.letter import Letter

log = structlog.get_logger()

_DAEMON = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|mail[-_]?daemon|mdaemon|mail-?delivery|bounces?|no-?reply|smtp|system)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|not delivered|delivery (?:status|failure|failed|report|error|problem|has failed|delay|notification)"
    r"|failed delivery|failure (?:notice|delivery)|returned (?:mail|to sender)|return(?:ed)? mail|mail delivery"
    r"|could ?n[o']t? (?:be )?deliver|delayed mail|mail (?:system )?error|non ?delivery|bounced? mail"
    r"|warning: (?:message|could not)|message (?:not|delivery)"
    r"|unzustellbar|nicht zugestellt|zustellung|non remis|échec|devuelto|mancata consegna|niedostarcz",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.\-/])([45])[0-5]\d(?=[ -](?:\d\.\d|[A-Za-z<#]))")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")
_MESSAGE_ID = re.compile(r"^\s*message-id:\s*<([^<>\s]{1,900})>", re.IGNORECASE | re.MULTILINE)
_MOVED_ON = frozenset({"delivered", "relayed", "expanded"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a mail did not reach; `status` is an enhanced code such as 5.1.1 (RFC 3463), if given."""

    recipient: str
    status: str | None
    permanent: bool
    original_message_id: str | None = None


def looks_like_a_bounce(letter: Letter, headers: Mapping[str, str]) -> bool:
    """Tell cheaply whether it is worth while to look for bounced addresses."""
    if any(report.type.endswith("delivery-status") for report in letter.reports) or "x-failed-recipients" in headers:
        return True
    content_type = headers.get("content-type", "").lower()
    if content_type.startswith("multipart/report") and "delivery-status" in content_type:
        return True
    nobody = headers.get("return-path", "-").strip() in ("<>", "")
    daemon = _DAEMON.match(letter.author or "mailer-daemon") is not None or "mailer-daemon" in letter.from_name.lower()
    subject = _SUBJECT.search(letter.subject) is not None
    return (
        (nobody and (daemon or subject))
        or (daemon and subject)
        or (daemon and (letter.author or "x").lower().startswith(("mailer-daemon", "postmaster")))
    )


def bounces_of(letter: Letter) -> tuple[Bounce, ...]:
    """Return the addresses that could not be reached, or not yet; empty for a mail that is no bounce.

    A delivery report (RFC 3464) is taken at its word; without one flufl.bounce and the SMTP answers quoted in the
    text tell.
    """
    original = _original_id(letter)
    found = dict(_reported(letter))
    if not found:
        found = dict(_detected(letter))
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
        if not report.type.endswith("delivery-status"):
            continue
        for block in report.text.split("\n\n"):
            fields = _fields(block)
            action = fields.get("action", "").lower().partition(" ")[0]
            address = _recipient(fields.get("original-recipient", "")) or _recipient(fields.get("final-recipient", ""))
            if not address or action in _MOVED_ON:
                continue
            status = _STATUS.search(fields.get("status", ""))
            code = status.group() if status else None
            diagnostic = fields.get("diagnostic-code", "")
            better = _STATUS.search(diagnostic)
            if better and (code is None or code.endswith(".0.0")):
                code = better.group()
            yield address, (code, not (action == "delayed" or (action != "failed" and (code or "5").startswith("4"))))


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
    return address if "@" in address else ""


def _detected(letter: Letter) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    temporary, permanent = _failures(letter.message)
    code = _STATUS.search(letter.text[:20_000])
    status = code.group() if code else None
    for address in temporary:
        yield address, (status if (status or "").startswith("4") else None, False)
    for address in permanent:
        yield address, (status if (status or "").startswith("5") else None, True)
    if not temporary and not permanent:
        yield from _quoted_answers(letter, status)


def _failures(message: Message | None) -> tuple[list[str], list[str]]:
    if message is None:
        return [], []
    try:
        temporary, permanent = all_failures(message)
    except Exception:
        # flufl.bounce raises on some broken mails; the text is still read for what it says.
        log.warning("bounces.detector_failed", exc_info=True)
        return [], []
    return _words(temporary), _words(permanent)


def _words(found: object) -> list[str]:
    if not isinstance(found, set | frozenset):
        return []
    words = (x.decode("ascii", "replace") if isinstance(x, bytes) else str(x) for x in found)
    return sorted(word for word in words if "@" in word)


def _quoted_answers(letter: Letter, status: str | None) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    """Read SMTP answers quoted in the text: the nearest address above or in the line is the recipient."""
    failed = _value(letter, "x-failed-recipients")
    reply = _REPLY.search(letter.text[:20_000])
    first = (status or (reply.group(1) if reply else "5"))[0]
    if failed:
        for address in _ADDRESS.findall(failed[:5_000]):
            yield address, (status, first != "4")
        return
    if status is None and reply is None:
        return
    to = {box.address.lower() for box in letter.to}
    for address in _ADDRESS.findall(letter.text[:5_000]):
        local = address.partition("@")[0].lower()
        if address.lower() not in to and not _DAEMON.match(local):
            yield address.rstrip("."), (status, first != "4")
            return


def _value(letter: Letter, name: str) -> str:
    return letter.header(name)
