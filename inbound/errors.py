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
