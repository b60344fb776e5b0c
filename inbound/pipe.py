"""Mail from a pipe of Postfix or procmail: one mail on standard input, an exit code as `sysexits` says."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog

from inbound.digest import headers_named
from inbound.handover import Handover, hand_over
from inbound.receiving import Receiving
from inbound.recipients import Recipients
from store.installation import Installation

log = structlog.get_logger()

LARGEST = 35 * 1024 * 1024
_MBOX_LINE = re.compile(rb"\A>?From (\S*)[^\r\n]*\r?\n")


def deliver_from_pipe(
    source: bytes,
    sender: str | None,
    recipients: Sequence[str] | None,
    installation: Installation,
    *,
    path: Path | None = None,
    largest: int = LARGEST,
) -> int:
    """Keep *source*, with LF or CRLF line ends, and return the exit code.

    0 when it is kept, EX_NOUSER (67) when no recipient is ours, EX_DATAERR (65) when it is empty or larger than
    *largest* bytes, EX_TEMPFAIL (75) when the mail server shall try again. Without *sender* and *recipients* they come
    from Return-Path, and from X-Original-To and Delivered-To. On SQLite the mail goes to the process that serves, by
    the socket at *path*; only when nobody answers there it is written from here.
    """
    if len(source) > largest or not source.strip():
        return os.EX_DATAERR
    try:
        if installation.database.sqlite:
            code = hand_over(path or socket_path(installation), source, sender, recipients or None)
            if code is not None:
                return code
        receiving = Receiving(installation)
        try:
            return take(source, sender, recipients, receiving, Recipients(installation))
        finally:
            receiving.close()
    except (OSError, ValueError) as error:
        log.warning("handover_failed", error=type(error).__name__)
        return os.EX_TEMPFAIL


def serve_pipe(
    installation: Installation, receiving: Receiving, path: Path | None = None, largest: int = LARGEST
) -> Handover:
    """Take the mails of `postroom deliver` in this process; raises `AnotherProcessServes`."""
    book = Recipients(installation)
    return Handover(
        path or socket_path(installation),
        lambda source, sender, recipients, way, moment: take(source, sender, recipients, receiving, book, way, moment),
        largest,
    )


def socket_path(installation: Installation) -> Path:
    """Where the socket lies unless somebody says otherwise: beside the SQLite database."""
    return Path(installation.database.url.database or "").with_suffix(".sock")


def take(
    source: bytes,
    sender: str | None,
    recipients: Sequence[str] | None,
    receiving: Receiving,
    book: Recipients,
    way: str = "pipe",
    received_at: datetime | None = None,
) -> int:
    """Keep *source* for those of *recipients* that are ours; the exit code, EX_TEMPFAIL for a fault of ours."""
    try:
        source, mbox_sender = without_mbox_line(source)
        if sender is None:
            sender = (headers_named(source, b"return-path") or [mbox_sender])[0]
        if not recipients:
            recipients = [*headers_named(source, b"x-original-to"), *headers_named(source, b"delivered-to")]
        ours = [found.address for recipient in recipients if (found := book.find(recipient))]
        if not ours:
            return os.EX_NOUSER
        receiving.keep(source, envelope_sender(sender), ours, way, received_at)
    except Exception as error:  # noqa: BLE001 - whatever it is, the mail server keeps the mail and tries again
        log.error("mail_not_taken", error=type(error).__name__)
        return os.EX_TEMPFAIL
    return os.EX_OK


def envelope_sender(sender: str) -> str:
    """*sender* without brackets; what Postfix and mailboxes write for the null sender is empty."""
    address = sender.strip().removeprefix("<").removesuffix(">").strip()
    return "" if address.upper() == "MAILER-DAEMON" else address


def without_mbox_line(source: bytes) -> tuple[bytes, str]:
    """*source* without the `From ` line that mailbox programs put on top, and the sender that stood there."""
    found = _MBOX_LINE.match(source)
    return (source[found.end() :], found.group(1).decode("utf-8", "replace")) if found else (source, "")
