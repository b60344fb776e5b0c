"""`postroom deliver`: one mail from standard input; whatever goes wrong on our side lets the mail server try again."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from postroom.faults import in_words

REFUSALS = {
    os.EX_DATAERR: "5.6.0 The mail is empty or too large.",
    os.EX_NOUSER: "5.1.1 No recipient of this mail is known here. Was the envelope passed on (--recipient)?",
    os.EX_TEMPFAIL: "4.3.0 The mail could not be kept now; try again later.",
}
"""What the mail server writes into its log, and into a bounce."""

if TYPE_CHECKING:
    from postroom.settings import Settings

log = structlog.get_logger()


def deliver_stdin(sender: str | None, recipients: Sequence[str]) -> int:
    """Take the mail on standard input and return the exit code that `sysexits` names (0, 65, 67, 75)."""
    try:
        from postroom.settings import load

        settings = load()
        source = sys.stdin.buffer.read(settings.mail_bytes + 1)
        code = _hand_over(settings, source, sender, recipients)
        if code is None:
            code = _keep(settings, source, sender, recipients)
        if words := REFUSALS.get(code):
            print(words, file=sys.stderr)  # noqa: T201 - the mail server puts it in the bounce
        return code
    except Exception as error:  # noqa: BLE001 - a bounce for a fault of ours would lose the mail
        print(in_words(error) or f"postroom: {type(error).__name__}", file=sys.stderr)  # noqa: T201
        return os.EX_TEMPFAIL


def _hand_over(settings: Settings, source: bytes, sender: str | None, recipients: Sequence[str]) -> int | None:
    """Give the mail to the process that serves this SQLite file, before anything of the store is imported.

    A mail server starts this program for each mail, and loading what writes would cost most of its time.
    """
    from inbound.handover import hand_over

    path, sqlite, file = settings.database.partition("?")[0].partition("sqlite:///")
    if path or not sqlite or not source.strip() or len(source) > settings.mail_bytes:
        return None
    return hand_over(Path(file).with_suffix(".sock"), source, sender, recipients or None)


def _keep(settings: Settings, source: bytes, sender: str | None, recipients: Sequence[str]) -> int:
    from inbound.pipe import deliver_from_pipe
    from postroom.logs import configure_logs
    from postroom.settings import installation_here

    configure_logs(settings.log, "warning")
    return deliver_from_pipe(
        source, sender, recipients or None, installation_here(settings), largest=settings.mail_bytes
    )
