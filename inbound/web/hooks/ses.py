"""Amazon SES: the SNS action of a receipt rule carries the mail within a signed SNS message.

A subscription is confirmed by the operator, who finds its address in the log and in `postroom doctor`: no address that
came in is opened from here.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from inbound.web.hooks import sns
from inbound.web.hooks.seen import forget, remember_note
from inbound.web.hooks.taking import Hooks, Taken, keep, log

WAY = "ses"
LARGEST = 512 * 1024
"""An SNS message has at most 256 KB."""
_BASE64 = re.compile(r"[A-Za-z0-9+/=\r\n]+")


def take(hooks: Hooks, body: bytes, certificates: sns.Certificates) -> Taken:
    """Take an SNS message."""
    message = _object(body)
    if message is None:
        return Taken.UNREADABLE
    topic = message.get("TopicArn")
    try:
        if not isinstance(topic, str) or topic not in hooks.ses_topics:
            return Taken.FORGED
        if not sns.is_signed(message, topic, certificates):
            return Taken.FORGED
        if message["Type"] == sns.CONFIRMATION:
            return _ask_operator(hooks, message, topic)
        forget(hooks.installation.database, WAY, topic)
    except sns.CertificateAway as error:
        log.error("sns_certificate_away", error=type(error.__cause__).__name__)
        return Taken.AWAY
    except Exception as error:  # noqa: BLE001 - a fault of ours: SNS keeps the message and tries again
        log.error("hook_mail_not_kept", way=WAY, error=type(error).__name__)
        return Taken.AWAY
    return _take_notification(hooks, message["Message"])


def _ask_operator(hooks: Hooks, message: dict[str, Any], topic: str) -> Taken:
    url = message.get("SubscribeURL")
    if not sns.is_from_sns(url, topic):
        return Taken.FORGED
    remember_note(hooks.installation.database, WAY, topic, str(url))
    log.warning("sns_subscription_waits", topic=topic, mend="open the address that `postroom doctor` shows")
    return Taken.KEPT


def _take_notification(hooks: Hooks, text: str) -> Taken:
    said = _object(text)
    if said is None or said.get("notificationType") != "Received":
        log.info("sns_message_passed_over", topic="other")  # SES tries a new topic with a sentence
        return Taken.KEPT
    receipt, mail, content = said.get("receipt"), said.get("mail"), said.get("content")
    if not isinstance(receipt, dict) or not isinstance(mail, dict) or not isinstance(content, str):
        log.error("hook_without_mail", way=WAY, mend="let the receipt rule have an SNS action, which carries the mail")
        return Taken.UNREADABLE
    recipients, sender = receipt.get("recipients"), mail.get("source")
    if not isinstance(recipients, list):
        return Taken.UNREADABLE
    source = _source(content, receipt.get("action"))
    named = [one for one in recipients if isinstance(one, str)][:100]
    return keep(hooks, WAY, source, sender if isinstance(sender, str) else "", named)


def _source(content: str, action: object) -> bytes:
    """The mail, encoded as the rule says; where it says nothing: a mail has a colon, and Base64 has none."""
    encoding = str(action.get("encoding", "")).upper() if isinstance(action, dict) else ""
    if encoding == "BASE64" or (not encoding and _BASE64.fullmatch(content)):
        try:
            return base64.b64decode(content)
        except binascii.Error:
            return b""
    return content.encode("utf-8", "replace")


def _object(text: bytes | str) -> dict[str, Any] | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
