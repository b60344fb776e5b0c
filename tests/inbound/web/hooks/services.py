"""Mail services as they call: Mailgun's and Postmark's requests, and SNS with a certificate and a key of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from dkim.crypto import EMSA_PKCS1_v1_5_encode

from store import clock

KEY = "key-0123456789abcdef0123456789abcdef"
SECRET = "a secret that only Postmark knows"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:mail"
CERTIFICATE = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"


def mailgun_form(
    source: bytes, recipient: str, *, key: str = KEY, at: datetime | None = None, token: str = "t" * 50, **more: Any
) -> dict[str, bytes]:
    """The form of a Mailgun route whose address ends with mime."""
    timestamp = str(int((at or clock.now()).timestamp()))
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    fields = {
        "recipient": recipient, "sender": "ana@ferrum.example", "timestamp": timestamp, "token": token,
        "signature": signature, **more,
    }  # fmt: skip
    return {name: value.encode() for name, value in fields.items()} | {"body-mime": source}


def postmark_json(source: bytes, recipient: str, **more: Any) -> bytes:
    """What Postmark posts when the raw mail is included."""
    said = {"From": "ana@ferrum.example", "OriginalRecipient": recipient, "RawEmail": source.decode(), **more}
    return json.dumps(said).encode()


def ses_notification(source: bytes, recipients: list[str], *, encoding: str = "BASE64") -> str:
    """What SES publishes for a mail by the SNS action of a receipt rule."""
    content = base64.b64encode(source).decode() if encoding == "BASE64" else source.decode()
    return json.dumps(
        {
            "notificationType": "Received",
            "receipt": {"recipients": recipients, "action": {"type": "SNS", "encoding": encoding}},
            "mail": {"source": "ana@ferrum.example", "destination": recipients},
            "content": content,
        }
    )


@dataclass
class Sns:
    """SNS: signs messages, and serves its certificate to whoever asks at the right address."""

    asked: list[str] = field(default_factory=list)
    away: bool = False
    days: int = 30

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if self.away:
            raise OSError("unreachable")
        return certificate(self.days)

    def message(self, text: str, *, version: str = "2", **more: Any) -> dict[str, Any]:
        """A signed notification; *more* are fields of the message, or None to leave one out, signed as well."""
        message: dict[str, Any] = {
            "Type": "Notification",
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "TopicArn": TOPIC,
            "Subject": "Amazon SES Email Receipt Notification",
            "Message": text,
            "Timestamp": f"{clock.now():%Y-%m-%dT%H:%M:%S.000Z}",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE,
            **more,
        }
        message = {name: value for name, value in message.items() if value is not None}
        names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
        if message["Type"] != "Notification":
            names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        digest = {"1": hashlib.sha1, "2": hashlib.sha256}.get(version, hashlib.sha256)(text.encode())
        n, d = _key()
        padded = int.from_bytes(EMSA_PKCS1_v1_5_encode(digest, 256), "big")
        message["Signature"] = base64.b64encode(pow(padded, d, n).to_bytes(256, "big")).decode()
        return message


@cache
def certificate(days: int, bits: int = 2048) -> bytes:
    """A certificate in PEM whose key is `_key`, good from yesterday for some days (RFC 5280 4.1)."""
    n, _ = _key(bits)
    name = _tagged(0x30, b"")
    algorithm = _tagged(0x30, bytes.fromhex("06092a864886f70d01010b0500"))
    key = _tagged(0x30, bytes.fromhex("06092a864886f70d0101010500"))
    numbers = _tagged(0x30, _integer(n) + _integer(65537))
    begins = clock.now() - timedelta(days=abs(days) + 1)
    ends = clock.now() + timedelta(days=days)
    validity = _tagged(0x30, b"".join(_tagged(0x17, f"{at:%y%m%d%H%M%SZ}".encode()) for at in (begins, ends)))
    version = _tagged(0xA0, _integer(2))
    fields = (version, _integer(1), algorithm, name, validity, name, _tagged(0x30, key + _tagged(3, b"\0" + numbers)))
    whole = _tagged(0x30, _tagged(0x30, b"".join(fields)) + algorithm + _tagged(3, b"\0" * 257))
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(whole) + b"-----END CERTIFICATE-----\n"


@cache
def _key(bits: int = 2048) -> tuple[int, int]:
    """The modulus and the private exponent of a key that is anybody's."""
    dice = Random(2026)
    primes: list[int] = []
    while len(primes) < 2:
        candidate = dice.getrandbits(bits // 2) | (3 << (bits // 2 - 2)) | 1
        if candidate % 65537 != 1 and all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5)):
            primes.append(candidate)
    p, q = primes
    return p * q, pow(65537, -1, (p - 1) * (q - 1))


def _integer(value: int) -> bytes:
    return _tagged(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content
