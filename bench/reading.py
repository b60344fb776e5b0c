"""What reading a mail costs beside mail-parser alone, and splitting one beside zapier's email-reply-parser.

All mails are made here; both sides take the same bytes, in turns, in one run.
"""

from __future__ import annotations

import base64
import ctypes
import gc
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

_PROSE = "Thank you for the order. We can deliver {n} pieces of line {n} on 12 December, at 11.{n:02} EUR each.\n"
_WORDS = (
    "We confirm.\n",
    "Fine with us, please go ahead.\n",
    "1: yes\n2: no\n",
    "- line 1 is in stock\n- line 2 ships on 12 December\n",
    "Wir bestätigen die Bestellung.\n",
)
_LONG = (
    "We have {n} of them in stock, the others leave our works in the week before Easter, on {n} pallets as always.\n"
)
_GREETINGS = ("", "", "Hello,\n\n", "Dear Bo,\n\n")
_ORDER = "{n}: 8 x steel bolt M8, at 11.50 EUR\n"
_OPENINGS = (
    "On Tue, 3 Mar 2026 at 10:00, Orders <orders@buyer.example> wrote:",
    "On Tue, Mar 3, 2026 at 10:00 AM Orders of the Buyer <\norders@buyer.example> wrote:",
    "Am 03.03.2026 um 10:00 schrieb Orders:",
    "Le mar. 3 mars 2026 à 10:00, Orders <orders@buyer.example> a écrit :",
    "2026-03-03 10:00 GMT+01:00 Orders <orders@buyer.example>:",
    "wt., 3 mar 2026 o 10:00 Orders <orders@buyer.example> napisał(a):",
    "From: Orders <orders@buyer.example>\nSent: Tuesday, 3 March 2026 10:00\nTo: Sue\nSubject: Order 17",
    "________________________________\nVon: Orders <orders@buyer.example>\nGesendet: 03.03.2026 10:00\nAn: Sue",
    "-----Original Message-----",
    "",
)
_SIGNATURES = (
    "\nKind regards,\nSue Miller\nSupplier Ltd\nTel. +49 30 123456\n",
    "\n-- \nSue Miller\n",
    "\nSent from my iPhone\n",
)


def read_4k(mails: int = 300, rounds: int = 7) -> dict[str, float]:
    """Letter, kind and split of a mail of 4 KB over mail-parser alone; the others are milliseconds a mail."""
    return _beside(_small_mail(), mails, rounds)


def read_5m(mails: int = 3, rounds: int = 5) -> dict[str, float]:
    """The same for a mail of 5 MB with five PDFs, whose documents are not read."""
    return _beside(_large_mail(5, 5_000_000), mails, rounds)


def read_25m(more: int = 5) -> dict[str, float]:
    """Peak memory of reading a mail of 25 MB over its size; `more_mb` is what five more mails add to that peak."""
    found = subprocess.run(
        [sys.executable, "-m", "bench.reading", str(more)], check=True, capture_output=True, text=True
    ).stdout
    size, base, first, last = (int(word) for word in found.split())
    return {
        "ratio": round((first - base) / size, 2),
        "peak_mb": round((first - base) / 1_000_000, 1),
        "more_mb": round((last - first) / 1_000_000, 1),
    }


def split(rounds: int = 9) -> dict[str, float]:
    """Our splitter over zapier's where the reply alone is asked for; the others are milliseconds a reply."""
    from email_reply_parser import EmailReplyParser  # type: ignore[import-untyped]

    from inbound.said import split as ours

    replies = _replies()
    return _ratio(
        lambda: [ours(reply).said for reply in replies],
        lambda: [EmailReplyParser.parse_reply(reply) for reply in replies],
        len(replies),
        rounds,
    )


def _beside(source: bytes, mails: int, rounds: int) -> dict[str, float]:
    import mailparser

    from inbound.kind import kind_of
    from inbound.letter import read_letter
    from inbound.said import split as ours

    def read() -> None:
        for _ in range(mails):
            letter = read_letter(source)
            kind_of(letter)
            ours(letter.text, letter.html, letter.subject)

    def parse() -> None:
        for _ in range(mails):
            parsed = mailparser.parse_from_bytes(source)  # type: ignore[no-untyped-call]
            _ = parsed.from_, parsed.to, parsed.subject, parsed.date, parsed.text_plain, parsed.attachments

    return _ratio(read, parse, mails, rounds)


def _ratio(ours: Callable[[], object], theirs: Callable[[], object], cases: int, rounds: int) -> dict[str, float]:
    """Run both in turns and compare the least disturbed rounds."""
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        for side, run in zip(spent, (ours, theirs), strict=True):
            gc.collect()
            start = time.process_time()
            run()
            if turn:  # the first one warms up
                side.append((time.process_time() - start) * 1000 / cases)
    low, high = (min(side) for side in spent)
    return {
        "ratio": round(low / high, 3),
        "ours_ms": round(low, 3),
        "theirs_ms": round(high, 3),
        "median_ratio": round(statistics.median(spent[0]) / statistics.median(spent[1]), 3),
    }


def _small_mail() -> bytes:
    text = "".join(_PROSE.format(n=n) for n in range(1, 8)) + _SIGNATURES[0]
    quote = "".join(f"> {_ORDER.format(n=n)}" for n in range(1, 12))
    received = "".join(
        f"Received: from relay{n}.supplier.example (relay{n}.supplier.example [192.0.2.{n}])\r\n"
        f"\tby mx{n}.example.com with ESMTPS id 4F00{n}; Tue, 3 Mar 2026 10:00:0{n} +0100\r\n"
        for n in range(1, 5)
    )
    head = (
        f"Return-Path: <sue@supplier.example>\r\n{received}"
        "From: =?utf-8?q?Sue_M=C3=BCller?= <sue@supplier.example>\r\nTo: Acme Orders <orders@example.com>\r\n"
        "Cc: Bo <bo@supplier.example>\r\nSubject: Re: =?utf-8?q?Order_4711_f=C3=BCr_Celle?=\r\n"
        "Date: Tue, 3 Mar 2026 10:00:00 +0100\r\nMessage-ID: <1@supplier.example>\r\n"
        "In-Reply-To: <n1@example.com>\r\nReferences: <n0@example.com> <n1@example.com>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    body = f"{text}\n{_OPENINGS[0]}\n{quote}".replace("\n", "\r\n")
    return (head + body).encode().ljust(4_096, b" ")


def _large_mail(files: int, size: int) -> bytes:
    chance = random.Random(1)
    lines = [
        (
            "From: Sue <sue@supplier.example>\r\nTo: orders@example.com\r\nSubject: Invoices\r\n"
            "Date: Tue, 3 Mar 2026 10:00:00 +0100\r\nMessage-ID: <2@supplier.example>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="edge"\r\n\r\n--edge\r\n'
            "Content-Type: text/plain; charset=utf-8\r\n\r\nPlease find the invoices attached.\r\n"
        )
    ]
    for number in range(files):
        content = base64.encodebytes(b"%PDF-1.7\n" + chance.randbytes(size * 73 // 100 // files))
        lines.append(
            f'--edge\r\nContent-Type: application/pdf; name="invoice-{number}.pdf"\r\n'
            f'Content-Disposition: attachment; filename="invoice-{number}.pdf"\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n" + content.decode().replace("\n", "\r\n")
        )
    lines.append("--edge--\r\n")
    return "".join(lines).encode()


def _replies() -> Sequence[str]:
    """Return short and long replies in every shape: half of them have fewer than 210 characters, one in ten over 900.

    A third of the quotes are marked, some stand below an opening that was wrapped, some replies quote nothing, and
    three of ten are signed.
    """
    chance = random.Random(2)
    replies = []
    for _ in range(180):
        if chance.random() < 0.35:
            own = "".join(_LONG.format(n=chance.randint(10, 99)) for _ in range(chance.choice((4, 5, 5, 5, 7, 9))))
        else:
            own = chance.choice((*_WORDS, _PROSE.format(n=chance.randint(10, 99))))
        opening = chance.choice(_OPENINGS)
        mark = chance.choice(("> ", "", ""))
        quote = "".join(f"{mark}{_ORDER.format(n=n)}" for n in range(1, chance.choice((2, 2, 2, 3, 3, 9))))
        below = f"\n{opening}\n\n{quote}" if opening else ""
        replies.append(
            f"{chance.choice(_GREETINGS)}{own}{chance.choice(_SIGNATURES) if chance.random() < 0.3 else ''}{below}"
        )
    return replies


def _measure_memory(more: int) -> None:
    """Print the size of a mail, and the peaks of memory before it is read, behind it, and behind some more."""
    from inbound.letter import read_letter

    source = _large_mail(5, 25_000_000)
    read_letter(_small_mail())
    gc.collect()
    _give_back()
    _reset_peak()
    base = _memory("VmRSS") - len(source)
    read_letter(source)
    first = _memory("VmHWM")
    for _ in range(more):
        read_letter(source)
    print(len(source), base, first, _memory("VmHWM"))


def _give_back() -> None:
    """Give freed memory back to the system, so that it is not counted twice; only glibc knows how."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _reset_peak() -> None:
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def _memory(name: str) -> int:
    """Return a line of the process's own account, in bytes."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(name))


if __name__ == "__main__":
    _measure_memory(int(sys.argv[1]))
