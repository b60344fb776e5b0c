"""A small name server on loopback (RFC 1035) that knows what a test tells it."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass(slots=True)
class NameServer:
    """Answers from `records`, by name and kind; with `away` it is silent, with `broken` it says SERVFAIL."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    away: bool = False
    broken: bool = False
    _socket: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))

    @property
    def address(self) -> str:
        """What the setting `name_servers` takes."""
        host, port = self._socket.getsockname()
        return f"{host}:{port}"

    def text(self, name: str, *values: str) -> None:
        """Have TXT records at *name*."""
        self.records[name.lower(), "TXT"] = [f'"{_split(value)}"' for value in values]

    def add(self, name: str, kind: str, *values: str) -> None:
        """Have records of another kind."""
        self.records[name.lower(), kind] = list(values)

    def __enter__(self) -> Self:
        self._socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        host, port = self._socket.getsockname()
        self.away = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (host, port))

    def _serve(self) -> None:
        while True:
            data, peer = self._socket.recvfrom(4096)
            if not data:
                self._socket.close()
                return
            if not self.away:
                self._socket.sendto(self._answer(data), peer)

    def _answer(self, data: bytes) -> bytes:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked[f"{kind} {name}"] += 1
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *found))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


def _split(value: str) -> str:
    """A string of a TXT record has at most 255 bytes."""
    return '" "'.join(value[at : at + 250] for at in range(0, len(value), 250)) if len(value) > 250 else value
