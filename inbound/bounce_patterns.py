"""What flufl.bounce finds in a bounce that has no report: it is shown an excerpt, and may fail."""

import copy
import logging
import re
from collections.abc import Iterable
from email.message import Message

import structlog
from flufl.bounce import all_failures

from inbound.bounce_words import MASKED
from inbound.letter import Letter

log = structlog.get_logger()
# flufl.bounce writes tracebacks into its log before it raises.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)

_DETECTED_LINES, _DETECTED_CHARS, _DETECTED_PARTS = 400, 20_000, 20
"""So much of a mail is shown to flufl.bounce, whose patterns cost the square of a text's length."""
_BLANK_LINES = re.compile(r"(?:[ \t\r>]{0,80}\n){3,}")


def failures(letter: Letter) -> tuple[list[str], list[str]]:
    """Return the addresses that were not reached for now, and those that were not reached for good."""
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
    return sorted(word for word in words if "@" in word and not MASKED.search(word))
