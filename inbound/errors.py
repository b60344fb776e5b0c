"""What can go wrong on the way in."""

from __future__ import annotations


class InboundError(Exception):
    """The base of all; never raised itself."""


class ReceivingClosed(InboundError):
    """Raised when a mail is handed in after the writer was told to stop; the peer tries again later."""


class AnotherProcessServes(InboundError):
    """Raised when a process already serves this SQLite database: SQLite means one serving process."""


class ListenAddressInvalid(InboundError):
    """Raised when an address to listen on is neither `host:port`, `[v6]:port`, `:port` nor `unix:/path`."""


class ImapAddressInvalid(InboundError):
    """Raised when an IMAP mailbox is not written as it should be; the text says how."""

    def __init__(self, text: str = "") -> None:
        super().__init__(
            text or "write it as imaps://user:password@host/INBOX, with % for special characters such as %40 for @"
        )


class FolderMissing(InboundError):
    """Raised when a folder of an IMAP mailbox is not there and cannot be made."""


class DataRefused(InboundError):
    """The base of what makes us refuse a mail after DATA; `answer` is the SMTP reply with its RFC 3463 code."""

    answer = "554 5.6.0 Message refused"


class MailTooLarge(DataRefused):
    """Raised when a mail is larger than the limit that EHLO announced."""

    answer = "552 5.3.4 Message is larger than the limit"


class BareLineEnd(DataRefused):
    """Raised when CR or LF stands alone: mail systems disagree where such a mail ends (SMTP smuggling)."""

    answer = "550 5.6.11 Message contains a bare CR or LF; lines end with CRLF"


class MemoryShort(DataRefused):
    """Raised when all sessions together hold as much as they may; the peer tries again later."""

    answer = "452 4.3.1 Too much mail in hand, try again later"


class DataEndless(DataRefused):
    """Raised when a peer sends on and on; the connection ends with the answer."""

    answer = "421 4.3.4 Message is far larger than the limit"


class NameServerAway(InboundError):
    """Raised when no name server answers in time; what it was asked for stays unknown."""


class LoopSuspected(InboundError):
    """Raised when one sender's mails to one document come faster than people write; a person has to look at it."""

    def __init__(self, document: str) -> None:
        super().__init__(
            f"too many mails of this sender about {document} in two hours: two machines may be answering each other"
        )
