"""How an IMAP mailbox is written in the settings, and what it says: `imaps://user@host/INBOX?done=...&failed=...`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from inbound.errors import ImapAddressInvalid

PORTS = {"imaps": 993, "imap+starttls": 143, "imap": 143}
OPTIONS = ("done", "failed", "auth", "for", "since", "poll")


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """One folder of one account that is read, and where its mails go then."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    done: str = "Postroom/Done"
    failed: str = "Postroom/Failed"
    xoauth2: bool = False
    address: str = ""
    """Whose mail it is where no header says it; else the user, if that is an address of ours."""
    since: date | None = None
    """Mails that the server has had before this day are left alone."""
    poll: int = 30
    """Seconds between two looks where the server does not offer IDLE."""

    @property
    def name(self) -> str:
        """What it is called in logs."""
        return f"{self.host}:{self.port}/{self.folder}"

    @property
    def own_address(self) -> str:
        """The address that mails are for which name none of ours."""
        return self.address or self.user


def parse_imap(text: str, password: str = "") -> tuple[ImapMailbox, ...]:
    """The mailboxes in *text*, separated by spaces, lines or commas; *password* is for those that are written without.

    Raises `ImapAddressInvalid` in words that do not repeat a password.
    """
    return tuple(_mailbox(url, password) for url in re.split(r"[\s,]+", text.strip()) if url)


def _mailbox(url: str, password: str) -> ImapMailbox:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImapAddressInvalid from error
    if parts.scheme not in PORTS or not parts.hostname or not parts.username or port == 0 or parts.fragment:
        raise ImapAddressInvalid
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if strange := sorted(options.keys() - set(OPTIONS)):
        raise ImapAddressInvalid(f"{strange[0]} is no option of a mailbox; there are {', '.join(OPTIONS)}")
    return ImapMailbox(
        parts.scheme,
        parts.hostname,
        port or PORTS[parts.scheme],
        unquote(parts.username),
        unquote(parts.password) if parts.password is not None else password,
        **_folders(parts, options),
        xoauth2=_one_of(options, "auth", ("login", "xoauth2")) == "xoauth2",
        address=options.get("for", ""),
        since=_day(options.get("since", "")),
        poll=_seconds(options.get("poll", "30")),
    )


def _folders(parts: SplitResult, options: dict[str, str]) -> dict[str, str]:
    folder = unquote(parts.path.strip("/")) or "INBOX"
    done, failed = options.get("done") or "Postroom/Done", options.get("failed") or "Postroom/Failed"
    if len({folder.lower(), done.lower(), failed.lower()}) < 3 or not "".join((folder, done, failed)).isprintable():
        raise ImapAddressInvalid("the folder that is read, `done` and `failed` must be three different ones")
    return {"folder": folder, "done": done, "failed": failed}


def _one_of(options: dict[str, str], name: str, known: Collection[str]) -> str:
    value = options.get(name, "")
    if value and value not in known:
        raise ImapAddressInvalid(f"{name} is one of {', '.join(known)}")
    return value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ImapAddressInvalid("since is a day, such as 2026-11-24") from error


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 3600):
        raise ImapAddressInvalid("poll is a number of seconds up to 3600")
    return int(text)
