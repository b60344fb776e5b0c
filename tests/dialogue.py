"""A peer that speaks SMTP or LMTP byte by byte, for tests that need more than a polite client."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self


class Dialogue:
    """A connection to a server on loopback (a port, or the path of a unix socket); reads the greeting at once."""

    def __init__(self, address: int | str, greeting: str = "220") -> None:
        if isinstance(address, int):
            self.socket: socket.socket = socket.create_connection(("127.0.0.1", address), timeout=30)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(30)
            self.socket.connect(address)
        self._file = self.socket.makefile("rb")
        self.greeting = self.answer()
        assert self.greeting.startswith(greeting), self.greeting

    def send(self, data: bytes) -> None:
        """Send *data* as it is."""
        self.socket.sendall(data)

    def answer(self) -> str:
        """One reply, all its lines; empty when the server has hung up."""
        lines: list[str] = []
        while line := self._file.readline().decode("ascii"):
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                break
        return "\n".join(lines)

    def say(self, command: str | bytes) -> str:
        """Send *command* and return the reply."""
        self.send((command.encode("utf-8", "surrogateescape") if isinstance(command, str) else command) + b"\r\n")
        return self.answer()

    def envelope(self, *recipients: str, sender: str = "sue@supplier.example") -> list[str]:
        """EHLO, MAIL, RCPT for each of *recipients*; the replies to RCPT."""
        assert self.say("EHLO relay.example").startswith("250")
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250")
        return [self.say(f"RCPT TO:<{recipient}>") for recipient in recipients]

    def data(self, source: bytes) -> str:
        """DATA and *source* with dots stuffed; the final reply."""
        assert self.say("DATA").startswith("354")
        source = (b"\r\n" + source).replace(b"\r\n.", b"\r\n..")[2:]
        self.send(source + b".\r\n")
        return self.answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._file.close()
        self.socket.close()
