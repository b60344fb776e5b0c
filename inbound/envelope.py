"""Whom a mail is for that came without an envelope: out of a mailbox, or out of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inbound.digest import headers_named
from inbound.recipients import Recipient, Recipients

_DELIVERED = (b"delivered-to", b"x-original-to", b"envelope-to", b"x-envelope-to", b"x-gm-original-to")
_ADDRESSED = (b"to", b"cc", b"resent-to", b"resent-cc")
_BETWEEN = re.compile(r'[\s<>,;:"()\[\]]+')
_MOST_CHARACTERS = 64 * 1024
_MOST_ADDRESSES = 500


def recipients_of(source: bytes, book: Recipients, own: str = "") -> list[str]:
    """The addresses of ours that the mail is for; empty when it is not for us.

    What the mail server wrote on delivery, else To and Cc, else *own*. A server that knows plus addressing often writes
    the mailbox alone, so a reply address in To or Cc counts beside it.
    """
    delivered = _ours(_addresses_in(source, _DELIVERED), book)
    if any(found.key for found in delivered):
        return _addresses(delivered)
    addressed = _ours(_addresses_in(source, _ADDRESSED), book)
    if delivered:
        return _addresses([*delivered, *(found for found in addressed if found.key)])
    return _addresses(addressed or _ours([own], book))


def _addresses_in(source: bytes, names: Iterable[bytes]) -> list[str]:
    """The addresses in these headers, as far as one of ours can be meant: no quoted local parts, no comments."""
    text = ",".join(value for name in names for value in headers_named(source, name))[:_MOST_CHARACTERS]
    return [word for word in _BETWEEN.split(text) if "@" in word][:_MOST_ADDRESSES]


def _ours(addresses: Iterable[str], book: Recipients) -> list[Recipient]:
    return [found for address in addresses if address and (found := book.find(address))]


def _addresses(found: Iterable[Recipient]) -> list[str]:
    return list(dict.fromkeys(recipient.address for recipient in found))
