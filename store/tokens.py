"""The one place that makes and checks tokens: what stands in links, reply addresses and Message-IDs.

A token is 16 bytes, 26 characters of lower-case base32: the 8 random bytes that are the key of its row, and 8 bytes of
HMAC-SHA256(secret, purpose ‖ key). So a made-up token is refused without the database, a token can be printed again
from its row, and a stolen database opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets as random
from collections.abc import Sequence
from enum import StrEnum

KEY_BYTES = 8
TOKEN_CHARACTERS = 26


class Purpose(StrEnum):
    """What a token is good for; one made for a purpose is not accepted for another."""

    REPLY = "reply"
    LINK = "link"
    SESSION = "session"
    FORM = "form"


def new_key() -> bytes:
    """A fresh key for a row."""
    return random.token_bytes(KEY_BYTES)


def key_text(key: bytes) -> str:
    """*key* as 13 characters of lower-case base32, for facts and logs; it opens nothing."""
    return base64.b32encode(key).decode("ascii").rstrip("=").lower()


def key_from_text(text: str) -> bytes:
    """The key that `key_text` printed."""
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))


class Tokens:
    """Makes tokens with the first of *secrets* and accepts those of all, so that secrets can be rotated."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        if not secrets or min(map(len, secrets)) < 16:
            raise ValueError("a secret of at least 16 bytes is needed")
        self._secrets = tuple(secrets)

    def token(self, purpose: Purpose, key: bytes) -> str:
        """The token of the row named *key*."""
        return base64.b32encode(key + self._mac(self._secrets[0], purpose, key)).decode("ascii")[:26].lower()

    def key(self, purpose: Purpose, token: str) -> bytes | None:
        """The key in *token*, or None if no secret of ours made it for *purpose*.

        Upper case is accepted: mail systems on the way change the case of local parts.
        """
        if len(token) != TOKEN_CHARACTERS or not token.isascii():
            return None
        try:
            raw = base64.b32decode(token.upper() + "======")
        except binascii.Error:
            return None
        key, mac = raw[:KEY_BYTES], raw[KEY_BYTES:]
        for secret in self._secrets:
            if hmac.compare_digest(mac, self._mac(secret, purpose, key)):
                return key
        return None

    @staticmethod
    def _mac(secret: bytes, purpose: Purpose, key: bytes) -> bytes:
        return hmac.digest(secret, purpose.encode("ascii") + b"\0" + key, "sha256")[:8]
