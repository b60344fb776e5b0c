"""Delivery reports: which addresses a report says were not reached, and with which status (RFC 3464, RFC 3463)."""

import email.utils
import re
from collections.abc import Iterator, Mapping

from inbound.bounce_words import MASKED
from inbound.letter import Letter

STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
"""An enhanced status code, in whatever words."""
_WORDS = 50_000
_MOVED_ON = frozenset({"delivered", "relayed", "expanded"})


def reported(letter: Letter) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    """Yield the addresses of all reports in a letter, each with its status and whether that is for good."""
    for report in letter.reports:
        rejected = report.type == "message/disposition-notification"
        if not rejected and not report.type.endswith("delivery-status"):
            continue
        for block in report.text.split("\n\n"):
            if found := _one(_fields(block)):
                yield found


def arrived(letter: Letter) -> bool:
    """Whether a report says that the mail was delivered, relayed or expanded, and tells of no failure."""
    actions = [
        _fields(block).get("action", "").lower().partition(" ")[0]
        for report in letter.reports
        if report.type.endswith("delivery-status")
        for block in report.text.split("\n\n")
    ]
    said = {action for action in actions if action}
    return bool(said) and said <= _MOVED_ON


def in_words(text: str) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    """Yield what a report says that stands in the text, because its mail is broken or its boundary was lost."""
    if "final-recipient:" not in text[:_WORDS].lower():
        return
    for block in text[:_WORDS].split("\n\n"):
        fields = _fields(block)
        if "action" in fields and (found := _one(fields)):
            yield found


def _one(fields: Mapping[str, str]) -> tuple[str, tuple[str | None, bool]] | None:
    """The address that a block of fields says was not reached, with its status and whether that is for good."""
    action = fields.get("action", "").lower().partition(" ")[0]
    address = _recipient(fields.get("original-recipient", "")) or _recipient(fields.get("final-recipient", ""))
    if not address or action in _MOVED_ON:
        return None
    code = _code(fields.get("status", ""), fields.get("diagnostic-code", ""), action)
    later = action == "delayed" or (action != "failed" and (code or "5").startswith("4"))
    return address, (code, not later)


def _code(status: str, diagnostic: str, action: str) -> str | None:
    """Return the status, or the one in the diagnostic where that says more than the status."""
    given, quoted = STATUS.search(status), STATUS.search(diagnostic)
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
    return address if "@" in address and not MASKED.search(address) else ""
