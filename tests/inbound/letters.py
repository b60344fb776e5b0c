"""Mails to read in tests, made from their parts."""

import base64

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 80


def a_mail(*body: str, headers: tuple[str, ...] = (), end: str = "\r\n") -> bytes:
    """Return the bytes of a mail from Ana with the given extra headers and body lines."""
    head = ("From: Ana Supplier <ana@supplier.example>", "To: orders@buyer.example", "Subject: Re: order")
    names = {header.partition(":")[0].lower() for header in headers}
    kept = [line for line in head if line.partition(":")[0].lower() not in names]
    return end.join((*kept, *headers, "", *body)).encode("utf-8", "surrogateescape")


def a_mixed_mail(*parts: tuple[str, ...], kind: str = "mixed", end: str = "\r\n", edge: str = "edge") -> bytes:
    """Return a multipart mail; each part is its lines, headers first."""
    body: list[str] = []
    for part in parts:
        body += (f"--{edge}", *part)
    body.append(f"--{edge}--")
    return a_mail(*body, headers=("MIME-Version: 1.0", f'Content-Type: multipart/{kind}; boundary="{edge}"'), end=end)


def a_text(*lines: str) -> tuple[str, ...]:
    """Return the lines of a plain text part."""
    return ("Content-Type: text/plain; charset=utf-8", "", *lines)


def a_file(content: bytes, *headers: str) -> tuple[str, ...]:
    """Return the lines of a base64 part."""
    lines = base64.encodebytes(content).decode().split()
    return (*headers, "Content-Transfer-Encoding: base64", "", *lines)
