"""The readable account of every mail that goes in and out while the story is played."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from inbound.said import split
from postroom.mailbox.mail import Mail
from postroom.mailbox.mailboxes import Mailboxes

SHOWN_LINES = 16
WIDEST = 96


class Account:
    """Prints a scene's words and, after them, the mails that were sent and received meanwhile."""

    def __init__(self, console: Console, mailboxes: Mailboxes) -> None:
        self._console = console
        self._mailboxes = mailboxes
        self._told: set[str] = set()

    def tell(self, words: str) -> None:
        """One sentence of the story, after the mails that came before it."""
        self.mails()
        self._console.print(Text(words, style="bold"))

    def title(self, words: str) -> None:
        """The title of a scene."""
        self._console.rule(words, align="left")

    def mails(self) -> None:
        """Every mail that was not told yet, in the order in which it came."""
        fresh = [
            mail
            for owner in self._mailboxes.owners()
            for mail in self._mailboxes.mails(owner.address)
            if mail.id not in self._told
        ]
        for mail in sorted(fresh, key=lambda mail: int(mail.id)):
            self._told.add(mail.id)
            self._console.print(_panel(mail, min(self._console.width, WIDEST)))


def _panel(mail: Mail, width: int) -> Panel:
    letter = mail.letter
    to = ", ".join(_short(str(address)) for address in letter.to)
    head = Text.assemble(("From ", "dim"), _short(str(letter.author)), ("  To ", "dim"), to)
    files = [f"[{file.name}]" for file in letter.attachments]
    text = split(letter.text, "", letter.subject).said if mail.sent else letter.text
    body = Text("\n".join(_first_lines(text, width - 4)))
    if files:
        body.append("\n" + " ".join(files), style="cyan")
    colour = "green" if mail.sent else "blue"
    direction = "sent by" if mail.sent else "received by"
    return Panel(
        Text.assemble(head, "\n\n", body),
        title=f"{direction} {mail.owner}: {letter.subject}"[: width - 8],
        title_align="left",
        border_style=colour,
        width=width,
    )


def _first_lines(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines += textwrap.wrap(line, width) or [""]
    if len(lines) > SHOWN_LINES:
        lines = [*lines[:SHOWN_LINES], f"… and {len(lines) - SHOWN_LINES} more lines"]
    return lines


def _short(address: str) -> str:
    """A reply address without most of its token."""
    name, at, domain = address.rpartition("@")
    return f"{name[:14]}…@{domain}" if at and len(name) > 40 else address
