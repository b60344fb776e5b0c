"""Asks the machine's name server where mail for a domain goes (RFC 1035, MX), for `postroom doctor`."""

from __future__ import annotations

import secrets
import socket
import struct
from pathlib import Path

MX, IN = 15, 1
_HEADER = struct.Struct("!6H")


def lookup(domain: str, server: tuple[str, int] | None = None, timeout: float = 3) -> list[str] | None:
    """The hosts that take mail for *domain*, best first; empty when there are none, None when nobody could say."""
    asked = secrets.randbits(16)
    try:
        name = b"".join(bytes([len(part)]) + part for part in domain.encode("idna").split(b".")) + b"\0"
        where = server or _name_server()
        family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as connection:
            connection.settimeout(timeout)
            connection.connect(where)
            connection.send(_HEADER.pack(asked, 0x0100, 1, 0, 0, 0) + name + struct.pack("!2H", MX, IN))
            return _hosts(connection.recv(4096), asked)
    except (OSError, UnicodeError, ValueError, IndexError, struct.error):
        return None


def _name_server() -> tuple[str, int]:
    for line in Path("/etc/resolv.conf").read_text("utf-8", "replace").splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver":
            return words[1].partition("%")[0], 53
    return "127.0.0.1", 53


def _hosts(answer: bytes, asked: int) -> list[str] | None:
    ident, flags, questions, answers, _, _ = _HEADER.unpack_from(answer)
    if ident != asked or flags & 0xF not in (0, 3):  # 3: there is no such domain
        return None
    at = _HEADER.size
    for _ in range(questions):
        at = _name(answer, at)[1] + 4
    found = []
    for _ in range(answers):
        at = _name(answer, at)[1]
        kind, _class, _ttl, length = struct.unpack_from("!HHIH", answer, at)
        at += 10
        if kind == MX:
            (preference,) = struct.unpack_from("!H", answer, at)
            found.append((preference, _name(answer, at + 2)[0]))
        at += length
    return [host for _, host in sorted(found) if host]  # a lone empty host says "no mail here" (RFC 7505)


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """The name at *at* and where what follows it begins; pointers lead back only, so it ends."""
    parts: list[str] = []
    after = 0
    while length := answer[at]:
        if length >= 0xC0:
            target = struct.unpack_from("!H", answer, at)[0] & 0x3FFF
            after = after or at + 2
            if target >= at:
                raise ValueError("a pointer that leads on")
            at = target
        else:
            parts.append(answer[at + 1 : at + 1 + length].decode("ascii", "replace"))
            at += 1 + length
    return ".".join(parts), after or at + 1
