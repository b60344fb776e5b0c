"""The header block of a message that was forwarded as text, read into a `Forwarded`."""

import email.utils
import re
from datetime import UTC, datetime

from inbound.header_blocks import label_of
from inbound.headers import Mailbox, addresses_in
from inbound.letter import Forwarded
from inbound.titles import title_of

_MAILTO = re.compile(r"[\[<]mailto:([^\]>\s]+)[\]>]", re.IGNORECASE)


def forwarded_text(text: str) -> Forwarded:
    """Read a forwarded text into sender, recipients, date (where it stands in a mail's own form), subject and text."""
    lines = [line.removeprefix("> ").removeprefix(">") for line in text.split("\n")]
    found: dict[str, str] = {}
    at = 0
    last = ""
    for at, line in enumerate(lines[:40]):
        label = label_of(line)
        if label and label[0] not in found:
            last = label[0]
            found[last] = label[1]
        elif found and not line.strip():
            break
        elif last and line.strip():
            found[last] += " " + line.strip()
        elif line.strip() and title_of(line) is None and not label:
            at = -1
            break
    senders = _mailboxes(found.get("sender", ""))
    return Forwarded(
        sender=senders[0] if senders else None,
        to=_mailboxes(found.get("to", "")),
        date=_date(found.get("date", "")),
        subject=found.get("subject", ""),
        text="\n".join(lines[at + 1 :]).strip() if found else "\n".join(lines).strip(),
    )


def _mailboxes(value: str) -> tuple[Mailbox, ...]:
    value = _MAILTO.sub(r"<\1>", value.replace("*", "")).replace(";", ",")
    pairs = addresses_in([value[:5_000]])
    return tuple(
        Mailbox(name or address, address if "@" in address else "") for name, address in pairs if name or address
    )


def _date(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
