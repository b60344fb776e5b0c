"""Which addresses a bounce says cannot be reached: delivery reports first, then what mail systems write in prose."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inbound.bounce_events import event_of
from inbound.bounce_patterns import failures
from inbound.bounce_words import (
    ANSWERED,
    DAEMON,
    DAEMON_NAME,
    FAILED_TO,
    FULL,
    GREETING,
    LATER,
    MASKED,
    NO_MEMBER,
    PROSE,
    RETURNED,
    ROBOT,
    SUBJECT,
    SURELY,
    SYSTEM,
    TRYING,
)
from inbound.delivery_reports import STATUS, arrived, in_words, reported
from inbound.html_text import html_as_text
from inbound.letter import Letter
from inbound.said import split

_RETURNED_TO = re.compile(r"^[ \t>]{0,20}to:[ \t]*+(\S.*)$", re.IGNORECASE | re.MULTILINE)
_TOLD_CHARS = 50_000
_REPLY = re.compile(r"(?<![\d.\-/])([45])[0-5]\d(?=[ -](?:\d\.\d|[A-Za-z<#]))")
_FAILED = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")
_ID_LINE = re.compile(r"^[^\S\n]{0,20}message-?id[^\S\n]{0,9}:[^\n]{0,2000}", re.IGNORECASE | re.MULTILINE)
_MESSAGE_ID = re.compile(r"^[ \t>]{0,20}message-id:\s{0,9}<([^<>\s]{1,900})>", re.IGNORECASE | re.MULTILINE)


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
    if "x-ms-exchange-message-is-ndr" in headers:
        return True
    if not (daemon or subject or nobody) or letter.in_reply_to or letter.references or letter.attachments:
        return False
    words = _words_of(letter)[:5_000]
    if ANSWERED.match(letter.subject):
        # A person speaks about a bounce, which stands below; a mail system only repeats the subject.
        words = split(words).said
    # A person may write of what was not delivered; the answer of a mail server only stands in what one sent.
    if not (daemon or nobody or SYSTEM.match(letter.author or "")) and GREETING.match(words):
        return False
    told = PROSE.search(words) is not None
    answered = _FAILED.search(words) or _REPLY.search(words) or SURELY.search(words)
    system = SYSTEM.match(letter.author or "") is not None and subject and FAILED_TO.search(words) is not None
    return told and (answered is not None or system)


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
    found = dict(reported(letter))
    if not found and arrived(letter):
        return ()
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


def _detected(letter: Letter) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    text = _words_of(letter)
    if found := list(in_words(text)):
        yield from found
        return
    temporary, permanent = failures(letter)
    code = _FAILED.search(text[:20_000]) or STATUS.search(text[:20_000])
    status = code.group() if code else None
    later = (status or "").startswith("4") and TRYING.search(text[:2_000]) is not None
    for address in temporary:
        yield address, (status, False)
    for address in permanent:
        yield address, (status, not later)
    if not temporary and not permanent:
        yield from _told(letter, text, status)


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
    text = _ID_LINE.sub("", text)
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
        if not (address.strip(".'").lower() in own or MASKED.search(address) or _is_list_of(address, own))
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
