"""Events that a sending service mails as JSON, such as Amazon SES through SNS: bounces, complaints and deliveries."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_CHARS = 100_000
_NAMES = ("notificationtype", "eventtype")
_KINDS = {"bounce": "bounce", "complaint": "complaint", "deliverydelay": "delay"}


@dataclass(frozen=True, slots=True)
class Event:
    """What became of one mail: `kind` is bounce, delay, complaint or other; recipients come with their status."""

    kind: str
    permanent: bool = True
    recipients: tuple[tuple[str, str], ...] = ()
    message_id: str = ""


def event_of(text: str) -> Event | None:
    """Return the event that a text tells, or None for a text that is no such notification."""
    start = text[:200].lstrip()
    if not start.startswith("{") or not any(name in text[:_CHARS].lower() for name in _NAMES):
        return None
    found = _object(text)
    if isinstance(found.get("Message"), str):
        found = _object(found["Message"])
    named = {str(key).lower(): value for key, value in found.items()}
    name = str(next((named[key] for key in _NAMES if key in named), "")).lower()
    if not name:
        return None
    kind = _KINDS.get(name, "other")
    told = named.get(name, {})
    told = told if isinstance(told, dict) else {}
    permanent = kind == "bounce" and str(told.get("bounceType", "")).lower() != "transient"
    mail = named.get("mail")
    common = mail.get("commonHeaders") if isinstance(mail, dict) else None
    message_id = str(common.get("messageId", "")) if isinstance(common, dict) else ""
    return Event(kind, permanent, tuple(_recipients(told)), message_id.strip("<> "))


def _object(text: str) -> dict[str, Any]:
    """Return the JSON object that a text begins with, whatever stands behind it."""
    try:
        found, _end = json.JSONDecoder(strict=False).raw_decode(text[:_CHARS].lstrip())
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _recipients(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in told.items():
        if not (key.lower().endswith("recipients") and isinstance(value, list)):
            continue
        for one in value[:100]:
            if isinstance(one, dict) and "@" in str(one.get("emailAddress", "")):
                yield str(one["emailAddress"]), f"{one.get('status', '')} {one.get('diagnosticCode', '')}"
