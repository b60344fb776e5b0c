"""`postroom import mail`: takes mails out of Maildir folders and mbox files, through the same keep as every other way.

Again and again: a letter that was kept before stays as it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from postroom.errors import PostroomError

if TYPE_CHECKING:
    from store.installation import Installation

group = typer.Typer(no_args_is_help=True, help="What lies in files.")

_FROM = re.compile(rb"From \S+ .*\d{2}:\d{2}.*\d{4}\b")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(slots=True)
class Counts:
    """What became of the mails."""

    new: int = 0
    known: int = 0
    not_ours: int = 0
    refused: int = 0


@group.command("mail")
def mail(
    places: Annotated[list[Path], typer.Argument(help="Maildir folders, mbox files, folders and files of mails.")],
    own: Annotated[str, typer.Option("--for", help="Our address for mails that name none of ours.")] = "",
) -> None:
    """Take the mails in folders and files; those that are here already are left as they are."""
    from postroom.settings import installation_here, load

    counts = import_mail(installation_here(), places, own, load().mail_bytes)
    typer.echo(
        f"{counts.new} new, {counts.known} known before, {counts.not_ours} for nobody here, {counts.refused} too large"
        " or empty."
    )
    if counts.not_ours and not own:
        typer.echo("With --for ADDRESS, mails that name no address of ours are taken for that one.")


def import_mail(installation: Installation, places: list[Path], own: str, largest: int) -> Counts:
    """Keep every mail in *places*, oldest first within each, and show how far it is on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    from inbound.recipients import Recipients
    from store.migrate import require_current

    require_current(installation.database)
    book = Recipients(installation)
    if own and book.find(own) is None:
        raise PostroomError(f"{own} is no address of ours: name a company's mailbox with --for.")
    missing = [str(place) for place in places if not place.exists()]
    if missing:
        raise PostroomError(f"{missing[0]} is not there.")
    counts = Counts()
    with _Keep(installation) as keep, Progress(console=Console(stderr=True), transient=True) as progress:
        for place in places:
            task = progress.add_task(place.name, total=sum(file.stat().st_size for file in _files(place)))
            for source in mails_in(place):
                _take(source, counts, keep, book, own, largest)
                progress.advance(task, len(source))
    return counts


def _take(source: bytes, counts: Counts, keep: _Keep, book: object, own: str, largest: int) -> None:
    from inbound.digest import letter_digest
    from inbound.envelope import recipients_of
    from inbound.recipients import Recipients

    assert isinstance(book, Recipients)
    if len(source) > largest or not source.strip():
        counts.refused += 1
        return
    recipients = recipients_of(source, book, own)
    if not recipients:
        counts.not_ours += 1
        return
    known = keep.knows(letter_digest(source))
    code = keep(source, recipients)
    if code == os.EX_TEMPFAIL:
        raise PostroomError("A mail could not be kept; the log says why. Run it again: what is kept stays kept.")
    if known:
        counts.known += 1
    else:
        counts.new += 1


class _Keep:
    """Hands mails to the process that serves; on another database than SQLite, or where none serves, writes itself."""

    def __init__(self, installation: Installation) -> None:
        from inbound.receiving import Receiving
        from inbound.recipients import Recipients

        self._installation = installation
        self._book = Recipients(installation)
        self._receiving: Receiving | None = None

    def __enter__(self) -> _Keep:
        return self

    def __exit__(self, *_why: object) -> None:
        if self._receiving is not None:
            self._receiving.close()

    def knows(self, digest: bytes) -> bool:
        """Whether the letter is here already."""
        from sqlalchemy import select

        from store.mails import Mail

        with self._installation.database.read() as session:
            return session.scalar(select(Mail.id).where(Mail.digest == digest)) is not None

    def __call__(self, source: bytes, recipients: list[str]) -> int:
        from inbound.handover import hand_over
        from inbound.pipe import socket_path, take
        from inbound.receiving import Receiving

        moment = moment_of(source)
        if self._installation.database.sqlite:
            code = hand_over(socket_path(self._installation), source, None, recipients, "import", moment)
            if code is not None:
                return code
        if self._receiving is None:
            self._receiving = Receiving(self._installation)
        return take(source, None, recipients, self._receiving, self._book, "import", moment)


def mails_in(place: Path) -> Iterator[bytes]:
    """The mails in *place*: a Maildir, an mbox file, one mail, or a folder of such files."""
    for file in _files(place):
        with file.open("rb") as lines:
            first = lines.readline(1000)
            lines.seek(0)
            if _FROM.match(first):
                yield from _mbox(lines)
            else:
                yield lines.read()


def _files(place: Path) -> list[Path]:
    """The files of *place*, oldest first; `tmp` of a Maildir holds what is still being written."""
    if place.is_file():
        return [place]
    maildir = [folder for name in ("cur", "new") if (folder := place / name).is_dir()]
    files = [file for folder in maildir or [place] for file in folder.iterdir() if file.is_file()]
    return sorted((file for file in files if not file.name.startswith(".")), key=lambda file: (_age(file), file.name))


def _age(file: Path) -> float:
    return file.stat().st_mtime


def _mbox(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The mails of an mbox: each begins with a `From ` line after an empty one; `>From ` was `From ` before."""
    mail: list[bytes] = []
    empty = True
    for line in lines:
        if empty and _FROM.match(line):
            if mail:
                yield _unquoted(mail)
            mail = []
        mail.append(line)
        empty = line in (b"\n", b"\r\n")
    if mail:
        yield _unquoted(mail)


def _unquoted(mail: list[bytes]) -> bytes:
    return _QUOTED_FROM.sub(rb"\1", b"".join(mail))


def moment_of(source: bytes) -> datetime:
    """When the mail came: what the last server wrote into Received, else Date; never later than now."""
    from inbound.digest import headers_named
    from store import clock

    received = [value.rpartition(";")[2] for value in headers_named(source, b"received")[:1]]
    for text in (*received, *headers_named(source, b"date")[:1]):
        try:
            moment = parsedate_to_datetime(text.strip()[:100])
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        try:
            return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), clock.now())
        except OverflowError:
            continue
    return clock.now()
