"""Signs mails as their senders and redirectors do: a key of our own, DKIM signatures and ARC seals."""

from __future__ import annotations

import base64
import random
from functools import cache

import dkim

SELECTOR = b"k1"
_E = 65537


def signed(source: bytes, domain: str, headers: tuple[bytes, ...] = (b"from", b"to", b"subject", b"date")) -> bytes:
    """*source* with a DKIM signature of *domain* on top; the key is `key_record`."""
    source = _crlf(source)
    signature = dkim.sign(
        source, SELECTOR, domain.encode(), private_key(), include_headers=list(headers), canonicalize=(b"relaxed",) * 2
    )
    return bytes(signature) + source


def sealed(source: bytes, domain: str) -> bytes:
    """*source* with an ARC set of *domain* on top, of its Authentication-Results by `mx.{domain}`."""
    source = _crlf(source)
    lines = dkim.arc_sign(
        source, SELECTOR, domain.encode(), private_key(), f"mx.{domain}".encode(), include_headers=[b"from", b"subject"]
    )
    assert lines, "there is no Authentication-Results to seal"
    return b"".join(lines) + source


@cache
def key_record() -> str:
    """What stands at `k1._domainkey.` of a domain that signs."""
    p, q = _primes()
    key = _sequence(_integer(p * q) + _integer(_E))
    whole = _sequence(bytes.fromhex("300d06092a864886f70d0101010500") + _tagged(0x03, b"\0" + key))
    return f"v=DKIM1; k=rsa; p={base64.b64encode(whole).decode()}"


@cache
def private_key() -> bytes:
    """The key itself, as PEM (RFC 8017 A.1.2)."""
    p, q = _primes()
    d = pow(_E, -1, (p - 1) * (q - 1))
    parts = (0, p * q, _E, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    text = base64.encodebytes(_sequence(b"".join(_integer(part) for part in parts)))
    return b"-----BEGIN RSA PRIVATE KEY-----\n" + text + b"-----END RSA PRIVATE KEY-----\n"


@cache
def _primes() -> tuple[int, int]:
    dice = random.Random(2026)
    found: list[int] = []
    while len(found) < 2:
        candidate = dice.getrandbits(512) | (3 << 510) | 1
        if candidate % _E != 1 and all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5, 7)):
            found.append(candidate)
    return found[0], found[1]


def _crlf(source: bytes) -> bytes:
    return source.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _integer(value: int) -> bytes:
    return _tagged(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _sequence(content: bytes) -> bytes:
    return _tagged(0x30, content)


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content
