"""`postroom deliver`: one mail from standard input; whatever goes wrong on our side lets the mail server try again."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import structlog

from postroom.faults import in_words

log = structlog.get_logger()


def deliver_stdin(sender: str | None, recipients: Sequence[str]) -> int:
    """Take the mail on standard input and return the exit code that `sysexits` names (0, 65, 67, 75)."""
    try:
        from inbound.pipe import deliver_from_pipe
        from postroom.logs import configure_logs
        from postroom.settings import installation_of, load

        settings = load()
        configure_logs(settings.log, "warning")
        source = sys.stdin.buffer.read(settings.mail_bytes + 1)
        return deliver_from_pipe(
            source, sender, recipients or None, installation_of(settings), largest=settings.mail_bytes
        )
    except Exception as error:  # noqa: BLE001 - a bounce for a fault of ours would lose the mail
        print(in_words(error) or f"postroom: {type(error).__name__}", file=sys.stderr)  # noqa: T201
        return os.EX_TEMPFAIL
