"""What is inside an opaquely signed S/MIME part, and whether a part or a text is encrypted (RFC 8551, RFC 3156).

Nothing is verified or decrypted here: a signature says nothing until it is checked, and what is encrypted is kept.
"""

_OID_SIGNED = bytes.fromhex("2a864886f70d010702")
_OID_DATA = bytes.fromhex("2a864886f70d010701")
_SEQUENCE, _OID, _OCTETS, _CONSTRUCTED, _CONTEXT_0 = 0x30, 0x06, 0x04, 0x24, 0xA0
_DEPTH, _STEPS = 12, 20_000

SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
"""The types of S/MIME parts that hold a mail, signed or encrypted."""

ENCRYPTED = frozenset({"application/pgp-encrypted"})
"""The types of parts that stand beside an encrypted mail."""

PGP = "-----BEGIN PGP MESSAGE-----"
"""Begins an encrypted text."""


def signed_content(der: bytes) -> bytes | None:
    """Return the mail inside a CMS signed-data object (RFC 5652 section 5); None for any other object."""
    reader = _Reader(der)
    tag, start, end = reader.item(0)
    if tag != _SEQUENCE:
        return None
    tag, oid_start, oid_end = reader.item(start)
    if tag != _OID or der[oid_start:oid_end] != _OID_SIGNED:
        return None
    for inner in reader.items(oid_end, end):
        for data_tag, data_start, data_end in reader.items(inner[1], inner[2]):
            if inner[0] == _CONTEXT_0 and data_tag == _SEQUENCE:
                return _encapsulated(reader, data_start, data_end)
    return None


def _encapsulated(reader: "_Reader", start: int, end: int) -> bytes | None:
    for tag, inner_start, inner_end in reader.items(start, end):
        if tag != _SEQUENCE:
            continue
        parts = list(reader.items(inner_start, inner_end))
        if len(parts) == 2 and reader.der[parts[0][1] : parts[0][2]] == _OID_DATA and parts[1][0] == _CONTEXT_0:
            return b"".join(reader.octets(parts[1][1], parts[1][2], 0))
    return None


class _Reader:
    """Steps through BER, also that of indefinite length, and never more than so many steps."""

    def __init__(self, der: bytes) -> None:
        self.der = der
        self.steps = _STEPS

    def item(self, at: int, depth: int = 0) -> tuple[int, int, int]:
        """Return tag, start and end of the content of the object at a place; tag 0 where there is none."""
        self.steps -= 1
        if at + 2 > len(self.der) or self.steps < 0 or depth > _DEPTH:
            return 0, len(self.der), len(self.der)
        tag, size = self.der[at], self.der[at + 1]
        start = at + 2
        if size == 0x80:
            end = start
            while end + 2 <= len(self.der) and self.der[end : end + 2] != b"\0\0" and self.steps > 0:
                end = self.after(end, depth + 1)
            return tag, start, end
        if size > 0x80:
            count = size & 0x7F
            if count > 6:
                return 0, len(self.der), len(self.der)
            size = int.from_bytes(self.der[start : start + count], "big")
            start += count
        return tag, start, min(start + size, len(self.der))

    def after(self, at: int, depth: int = 0) -> int:
        """Return the place behind an object."""
        _tag, _start, end = self.item(at, depth)
        return end + 2 if self.der[at + 1 : at + 2] == b"\x80" else end

    def items(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return the objects between two places."""
        found = []
        at = start
        while at < end and self.steps > 0:
            found.append(self.item(at))
            at = max(self.after(at), at + 1)
        return found

    def octets(self, start: int, end: int, depth: int) -> list[bytes]:
        """Return the bytes of the octet strings between two places, the pieces of constructed ones too."""
        found: list[bytes] = []
        for tag, inner_start, inner_end in self.items(start, end):
            if tag == _OCTETS:
                found.append(self.der[inner_start:inner_end])
            elif tag == _CONSTRUCTED and depth < _DEPTH:
                found += self.octets(inner_start, inner_end, depth + 1)
        return found
