"""The RSA key of an X.509 certificate, and until when it is good (RFC 5280): as much DER as that takes."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

_SEQUENCE, _INTEGER, _BITS, _UTC_TIME, _GENERALIZED, _VERSION = 0x30, 0x02, 0x03, 0x17, 0x18, 0xA0
_RSA = bytes.fromhex("06092a864886f70d010101")


class CertificateUnreadable(ValueError):
    """Raised when it is no certificate with an RSA key that could be used."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signer's key and the time in which it may sign."""

    modulus: int
    exponent: int
    begins: datetime
    ends: datetime

    @property
    def length(self) -> int:
        """Bytes of the modulus, and of each signature."""
        return (self.modulus.bit_length() + 7) // 8


def certificate_of(pem: bytes) -> Certificate:
    """Read the first certificate in *pem*; raises `CertificateUnreadable`."""
    try:
        whole = ssl.PEM_cert_to_DER_cert(pem.decode("ascii").strip())
        signed = _parts(_parts(whole)[0][1])[0][1]
        fields = _parts(signed)
        if fields[0][0] == _VERSION:
            fields = fields[1:]
        validity, key = _parts(fields[3][1]), _parts(fields[5][1])
        if not key[0][1].startswith(_RSA) or key[1][0] != _BITS or key[1][1][:1] != b"\0":
            raise CertificateUnreadable
        numbers = _parts(_parts(key[1][1][1:])[0][1])
        if [tag for tag, _ in numbers] != [_INTEGER, _INTEGER]:
            raise CertificateUnreadable
        modulus, exponent = (int.from_bytes(value, "big") for _, value in numbers)
        found = Certificate(modulus, exponent, *(_moment(tag, value) for tag, value in validity[:2]))
    except (ValueError, IndexError, UnicodeError, TypeError) as error:
        raise CertificateUnreadable("this is no certificate with an RSA key") from error
    if not 2048 <= found.modulus.bit_length() <= 8192 or not 3 <= found.exponent < 2**33:
        raise CertificateUnreadable("its key is too short, or longer than any in use")
    return found


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """The elements that stand one after another: tag and content."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(der):
        tag, first, at = der[at], der[at + 1], at + 2
        length = first
        if first & 0x80:
            size = first & 0x7F
            if not 0 < size <= 4:
                raise CertificateUnreadable
            length = int.from_bytes(der[at : at + size], "big")
            at += size
        if at + length > len(der) or len(found) > 100:
            raise CertificateUnreadable
        found.append((tag, der[at : at + length]))
        at += length
    return found


def _moment(tag: int, value: bytes) -> datetime:
    """A time of RFC 5280 4.1.2.5: two-digit years are of 1950 to 2049."""
    text = value.decode("ascii")
    if tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != _GENERALIZED:
        raise CertificateUnreadable
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
