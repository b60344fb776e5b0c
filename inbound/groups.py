"""Tells when a group or a list wrote its own address over the author's: such an address is no person."""

from __future__ import annotations

import re

from inbound.letter import Letter

_ORIGINALS = ("x-original-from", "x-original-sender", "x-rt-original-from")
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_VIA = re.compile(r".\s(?:via|über|par l'intermédiaire de|a través de|tramite|przez)\s.", re.IGNORECASE)


def author_behind(letter: Letter) -> str | None:
    """Whom a rewritten From stands for, as the mail says; empty if it does not say, None for a mail as it was written.

    Google Groups and lists that work around DMARC write `"Ana via Orders" <orders@buyer.example>` and sign it as the
    buyer's own domain, so that a stranger's words would be proved to be a colleague's.
    """
    author = (letter.author or "").lower()
    originals = [_address(value) for name, value in letter.headers if name in _ORIGINALS]
    others = [address for address in originals if address and address != author]
    if others:
        return others[0]
    listed = any(name in ("list-id", "list-post", "mailing-list") for name, _ in letter.headers)
    answered = next((box.address.lower() for box in letter.reply_to if box.address.lower() not in ("", author)), "")
    if (listed and _is_of_list(letter, author)) or (_VIA.search(letter.from_name or "") and (listed or answered)):
        return answered
    return None


def _is_of_list(letter: Letter, author: str) -> bool:
    """Whether the author's address is the list's own."""
    return any(
        author and author in value.lower() for name, value in letter.headers if name in ("list-post", "mailing-list")
    )


def _address(value: str) -> str:
    found = _ADDRESS.search(value[:1000])
    return found[0].lower() if found else ""
