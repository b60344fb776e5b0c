"""What every webhook shares: the settings, the mail that it hands in, and what it is answered."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

import structlog

from inbound.receiving import Receiving
from inbound.recipients import Recipients
from store.installation import Installation

log = structlog.get_logger()

SLACK = 1024 * 1024


class Taken(Enum):
    """What becomes of a request; each service is told in its own code, so that it tries again only where that helps."""

    KEPT = "kept"
    FORGED = "forged"
    """Its signature, its secret or its age is wrong."""
    UNREADABLE = "unreadable"
    """It is no mail of this service: trying again helps nobody."""
    NOT_OURS = "not ours"
    """No recipient is ours."""
    TOO_LARGE = "too large"
    AWAY = "away"
    """A fault of ours: try again."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """The ways in by HTTP that are switched on, and where they end. Sizes are in bytes."""

    installation: Installation
    receiving: Receiving
    fetch: Callable[[str], bytes]
    """Gets a signing certificate; the address was checked before."""
    mail_bytes: int = 35 * 1024 * 1024
    mailgun_key: str = field(default="", repr=False)
    ses_topics: frozenset[str] = frozenset()
    postmark_secret: str = field(default="", repr=False)
    memory: int = 256 * 1024 * 1024
    """For the requests that are in hand at a time."""
    book: Recipients = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "book", Recipients(self.installation))

    @property
    def on(self) -> bool:
        """Whether any of them is switched on."""
        return bool(self.mailgun_key or self.ses_topics or self.postmark_secret)

    @property
    def largest(self) -> int:
        """The largest request: a mail as JSON or as a form is up to twice its size."""
        return 2 * self.mail_bytes + SLACK


def keep(hooks: Hooks, way: str, source: bytes, sender: str, recipients: Iterable[str]) -> Taken:
    """Keep the mail for those of *recipients* that are ours, durably, before anything is answered."""
    if not source.strip():
        return Taken.UNREADABLE
    if len(source) > hooks.mail_bytes:
        return Taken.TOO_LARGE
    try:
        ours = [found.address for recipient in recipients if (found := hooks.book.find(recipient))]
        if not ours:
            return Taken.NOT_OURS
        hooks.receiving.keep(source, sender, ours, way)
    except Exception as error:  # noqa: BLE001 - whatever it is, the service keeps the mail and tries again
        log.error("hook_mail_not_kept", way=way, error=type(error).__name__)
        return Taken.AWAY
    return Taken.KEPT


def same(given: str, secret: str) -> bool:
    """Whether they are equal, in a time that tells nothing."""
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in (given, secret)]
    return hmac.compare_digest(*digests)
