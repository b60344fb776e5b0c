"""Postmark: the mail as JSON with its raw source; the secret is the password, or the last part, of the address."""

from __future__ import annotations

import base64
import binascii
import json

from inbound.digest import headers_named
from inbound.envelope import recipients_of
from inbound.pipe import envelope_sender
from inbound.web.hooks.taking import Hooks, Taken, keep, log, same

WAY = "postmark"


def knows_secret(hooks: Hooks, authorization: str, in_path: str) -> bool:
    """Whether the request shows the secret: looked at before a byte of the body is read."""
    if in_path:
        return same(in_path, hooks.postmark_secret)
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        password = base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return False
    return same(password, hooks.postmark_secret)


def take(hooks: Hooks, body: bytes) -> Taken:
    """Take the JSON that Postmark posts for one recipient."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return Taken.UNREADABLE
    raw = said.get("RawEmail") if isinstance(said, dict) else None
    if not isinstance(raw, str) or not raw:
        log.error("hook_without_mail", way=WAY, mend="let the inbound stream include the raw email content")
        return Taken.UNREADABLE
    source = raw.encode("utf-8", "replace")
    original = said.get("OriginalRecipient")
    try:
        recipients = [original] if isinstance(original, str) and original else recipients_of(source, hooks.book)
    except Exception as error:  # noqa: BLE001 - the database is away: Postmark keeps the mail and tries again
        log.error("hook_mail_not_kept", way=WAY, error=type(error).__name__)
        return Taken.AWAY
    sender = (headers_named(source, b"return-path") or [""])[0]
    return keep(hooks, WAY, source, envelope_sender(sender), recipients)
