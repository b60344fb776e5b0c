"""What can go wrong on the way out."""

from __future__ import annotations

from enum import StrEnum


class OutboundError(Exception):
    """The base of all; never raised itself."""


class RelayAway(OutboundError):
    """Raised when the relay cannot be reached or lets nobody in: not the mail's fault, so it waits and goes later."""


class TokenRefused(OutboundError):
    """Raised when the token endpoint gives no access token: a login by XOAUTH2 has to wait."""


class About(StrEnum):
    """What a refusal is about: the address, the mail itself, or us as a sender."""

    ADDRESS = "address"
    MAIL = "mail"
    SENDER = "sender"


class MailRefused(OutboundError):
    """Raised when the relay did not take a mail: for good, or to be tried again (`permanent`)."""

    def __init__(self, about: About, code: int, text: str) -> None:
        self.about = about
        self.code = code
        self.text = " ".join(text.split())[:300]
        super().__init__(f"{code} {self.text}")

    @property
    def permanent(self) -> bool:
        """Whether trying again is pointless. A refusal of us as a sender is the operator's to mend, so it waits."""
        return self.code >= 500 and self.about is not About.SENDER
