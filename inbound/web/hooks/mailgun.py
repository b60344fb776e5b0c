"""Mailgun: a route forwards the raw mail as a form, signed by HMAC-SHA256 over its timestamp and token.

The signature does not cover the mail, so a token is good for one mail: the same again is answered as kept, another is
refused. Mailgun tries again for eight hours, so a signature counts for twelve.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl

from inbound.web.hooks.seen import first_time
from inbound.web.hooks.taking import Hooks, Taken, keep, log
from store import clock

WAY = "mailgun"
OLDEST_HOURS = 12
AHEAD_SECONDS = 300
MOST_FIELDS = 200
_LONGEST = 200


def take(hooks: Hooks, fields: Mapping[str, str]) -> Taken:
    """Take the form's *fields*, whose characters are the bytes that came (ISO 8859-1)."""
    token, timestamp = fields.get("token", ""), fields.get("timestamp", "")
    if not _signed(hooks.mailgun_key, timestamp, token, fields.get("signature", "")):
        return Taken.FORGED
    if not -AHEAD_SECONDS <= clock.now().timestamp() - int(timestamp) <= OLDEST_HOURS * 3600:
        return Taken.FORGED
    source = fields.get("body-mime", "").encode("latin-1")
    if not source:
        log.error("hook_without_mail", way=WAY, mend="let the address of the route end with /mime")
        return Taken.UNREADABLE
    recipients = [one.strip() for one in _words(fields, "recipient").split(",")][:100]
    digest = hashlib.sha256(repr((recipients, fields.get("sender"))).encode() + source).digest()
    try:
        if not first_time(hooks.installation.database, WAY, token, digest, for_hours=2 * OLDEST_HOURS):
            log.warning("hook_token_used_twice", way=WAY)
            return Taken.FORGED
    except Exception as error:  # noqa: BLE001 - a fault of ours: Mailgun keeps the mail and tries again
        log.error("hook_mail_not_kept", way=WAY, error=type(error).__name__)
        return Taken.AWAY
    return keep(hooks, WAY, source, _words(fields, "sender"), recipients)


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of an urlencoded form, each character a byte; raises ValueError."""
    pairs = parse_qsl(body.decode("latin-1"), True, encoding="latin-1", max_num_fields=MOST_FIELDS)
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields


def _signed(key: str, timestamp: str, token: str, signature: str) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12) or not 0 < len(token) <= _LONGEST:
        return False
    wanted = hmac.new(key.encode(), f"{timestamp}{token}".encode("latin-1"), hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted.encode(), signature.lower().encode("latin-1"))


def _words(fields: Mapping[str, str], name: str) -> str:
    """An address in a field, in Unicode."""
    return fields.get(name, "").encode("latin-1").decode("utf-8", "replace").strip()
