"""How the mailbox pages write moments, names and sizes: the Jinja environment of the demo."""

from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import templates
from postroom.mailbox.mail import File, Letter, text_of
from postroom.mailbox.mailboxes import Mailboxes
from postroom.mailbox.showing import size_of, snippet
from store import clock

TONES = 6
MAX_SHOWN = 200_000


def environment(mailboxes: Mailboxes) -> Environment:
    """Jinja over `templates/`, with what only the mailbox pages need."""
    made = Environment(
        loader=FileSystemLoader(Path(templates.__path__[0])),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "height": height,
        "initials": initials,
        "is_new": mailboxes.is_new,
        "kind": kind,
        "moment": moment,
        "paragraphs": paragraphs,
        "size": size_of,
        "snippet": snippet,
        "tone": tone,
    }
    made.tests["is_new"] = mailboxes.is_new
    return made


def initials(name: str) -> str:
    """Two letters that stand for a name or an address."""
    words = [word for word in name.partition("@")[0].replace(".", " ").replace("-", " ").split() if word[0].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


def tone(name: str) -> int:
    """The colour of a name's circle: the same name has the same one."""
    return crc32(name.encode("utf-8", "replace")) % TONES


def moment(at: datetime) -> str:
    """The time of a mail of today, the day of an older one, on this machine's clock."""
    local, now = at.astimezone(), clock.now().astimezone()
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if abs(now - local) < timedelta(days=300):
        return f"{local.day} {local:%b}, {local:%H:%M}"
    return f"{local.day} {local:%b %Y}"


def kind(file: File) -> str:
    """What stands on a file's sign: its ending."""
    ending = file.name.rpartition(".")[2] if "." in file.name else ""
    return ending.upper()[:4] or "FILE"


def paragraphs(letter: Letter) -> list[tuple[bool, str]]:
    """The text in pieces, each with whether it is quoted."""
    pieces = groupby(letter.text[:MAX_SHOWN].strip().splitlines(), key=lambda line: line.startswith(">"))
    joined = [(quoted, "\n".join(lines).strip("\n")) for quoted, lines in pieces]
    return [(quoted, text) for quoted, text in joined if text.strip()]


def height(letter: Letter) -> int:
    """A height in pixels in which most of an HTML mail can be seen without a script that measures it."""
    lines = sum(1 + len(line) // 70 for line in text_of(letter.html).splitlines())
    return min(max(320, 160 + 34 * lines), 1800)
