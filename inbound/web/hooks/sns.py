"""Messages of Amazon SNS: whether one was signed by SNS for a topic of ours.

The signing certificate comes from SNS itself, by HTTPS and from the topic's own region alone: a bucket of anybody's
also has a name that ends with amazonaws.com.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from dkim.crypto import RSASSA_PKCS1_v1_5_verify

from inbound.web.hooks.certificate import Certificate, CertificateUnreadable, certificate_of
from store import clock

NOTIFICATION, CONFIRMATION = "Notification", "SubscriptionConfirmation"
OLDEST = timedelta(hours=24)
AHEAD = timedelta(minutes=15)
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_HASHES = {"1": hashlib.sha1, "2": hashlib.sha256}
_TOPIC = re.compile(r"arn:(aws|aws-cn|aws-us-gov):sns:([a-z0-9-]{1,30}):\d{12}:[\w.-]{1,256}")
_CERTIFICATE = re.compile(r"/[\w.-]{1,200}\.pem")
_LARGEST = 64 * 1024
_KEPT_SECONDS = 3600.0


class CertificateAway(Exception):
    """Raised when SNS does not give its certificate now: a fault that passes."""


class Certificates:
    """The signing certificates, fetched once an hour each."""

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._guard = threading.Lock()
        self._known: dict[str, tuple[float, Certificate]] = {}

    def at(self, url: str) -> Certificate:
        """The certificate at *url*, which was checked; raises `CertificateAway` or `CertificateUnreadable`."""
        with self._guard:
            known = self._known.get(url)
            if known is not None and time.monotonic() - known[0] < _KEPT_SECONDS:
                return known[1]
        try:
            pem = self._fetch(url)
        except (OSError, ValueError) as error:
            raise CertificateAway from error
        found = certificate_of(pem)
        with self._guard:
            if len(self._known) >= 16:
                self._known.clear()
            self._known[url] = (time.monotonic(), found)
        return found


def is_topic(arn: str) -> bool:
    """Whether this is how a topic is named."""
    return _TOPIC.fullmatch(arn) is not None


def host_of(topic: str) -> str:
    """The host of SNS in the region of *topic*, which is one."""
    found = _TOPIC.fullmatch(topic)
    assert found is not None
    partition, region = found.groups()
    return f"sns.{region}.amazonaws.com" + (".cn" if partition == "aws-cn" else "")


def is_from_sns(url: object, topic: str) -> bool:
    """Whether *url* leads to SNS in the region of *topic*, by HTTPS, and to nothing else."""
    if not isinstance(url, str) or len(url) > 2_000 or not url.isascii() or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.netloc == host_of(topic)
    except ValueError:
        return False


def is_signed(message: Mapping[str, Any], topic: str, certificates: Certificates) -> bool:
    """Whether SNS signed *message* not long ago; raises `CertificateAway` when that cannot be told now."""
    url, version = message.get("SigningCertURL"), message.get("SignatureVersion")
    names = _SIGNED.get(str(message.get("Type")))
    if names is None or not is_from_sns(url, topic) or version not in _HASHES:
        return False
    if _CERTIFICATE.fullmatch(urlsplit(str(url)).path) is None:
        return False
    if not all(isinstance(message[name], str) for name in names if name in message) or not _is_recent(message):
        return False
    try:
        signature = base64.b64decode(str(message.get("Signature", "")), validate=True)
        certificate = certificates.at(str(url))
    except (binascii.Error, CertificateUnreadable):
        return False
    if len(signature) != certificate.length or not certificate.begins <= clock.now() <= certificate.ends:
        return False
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    digest = _HASHES[version](text.encode("utf-8", "surrogatepass"))
    key = {"modulus": certificate.modulus, "publicExponent": certificate.exponent}
    return bool(RSASSA_PKCS1_v1_5_verify(digest, signature, key))


def fetch_certificate(url: str) -> bytes:
    """Get a certificate of SNS: no redirect is followed, and nothing large is read."""
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(url, timeout=10) as answer:
        pem: bytes = answer.read(_LARGEST + 1)
    if len(pem) > _LARGEST:
        raise ValueError("this is too large for a certificate")
    return pem


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Nothing but the address that was checked is asked."""


def _is_recent(message: Mapping[str, Any]) -> bool:
    try:
        moment = datetime.fromisoformat(str(message.get("Timestamp")))
    except ValueError:
        return False
    return moment.tzinfo is not None and -AHEAD <= clock.now() - moment <= OLDEST
