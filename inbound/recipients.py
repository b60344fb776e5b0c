"""Which recipients are ours: reply tokens by their own MAC, without the database, role mailboxes and postmaster."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass

from sqlalchemy import select

from store.installation import Installation
from store.parties import Company
from store.tokens import TOKEN_CHARACTERS, Purpose, Tokens

LONGEST_ADDRESS = 1000
POSTMASTER = "postmaster"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address of ours, in lower case and unquoted; `key` is that of its reply token, `company_id` its mailbox's."""

    address: str
    key: bytes | None
    company_id: int | None = None


class Recipients:
    """Knows the addresses of an installation; holds a small copy of the company table.

    The copy is read again on a miss, but at most every *refresh* seconds, and in any case when older than *oldest*.
    """

    def __init__(self, installation: Installation, refresh: float = 2.0, oldest: float = 60.0) -> None:
        self._installation = installation
        self._refresh = refresh
        self._oldest = oldest
        self._mailboxes: dict[str, int | None] = {}
        self._read_at: float | None = None
        self._reading = threading.Lock()

    def known(self, address: str) -> Recipient | None:
        """The recipient that *address* is, as far as can be told without the database."""
        plain = plain_address(address)
        if key := reply_key(self._installation.tokens, plain):
            return Recipient(plain, key)
        if plain in (POSTMASTER, f"{POSTMASTER}@{self._installation.mail_domain}"):
            return Recipient(
                plain, None
            )  # whoever serves a domain takes it, with or without the domain (RFC 5321, 4.5.1)
        if plain not in self._mailboxes or self._age() > self._oldest:
            return None
        return Recipient(plain, None, self._mailboxes[plain])

    def find(self, address: str) -> Recipient | None:
        """The recipient that *address* is, or None for a stranger's or made-up one.

        May read the company table, and raises what the database raises when it is away.
        """
        if found := self.known(address):
            return found
        if self.worth_reading():
            self._read()
        return self.known(address)

    def worth_reading(self) -> bool:
        """Whether the company table was not read just now, so that a miss may be its fault."""
        return self._age() > self._refresh

    def _age(self) -> float:
        return float("inf") if self._read_at is None else time.monotonic() - self._read_at

    def _read(self) -> None:
        with self._reading:
            if not self.worth_reading():
                return  # another thread read it while we waited
            with self._installation.database.read() as session:
                rows = session.execute(select(Company.mailbox, Company.mail_domain, Company.id)).all()
            self._mailboxes = {f"{POSTMASTER}@{domain.lower()}": None for _, domain, _ in rows}
            self._mailboxes |= {plain_address(mailbox): company_id for mailbox, _, company_id in rows}
            self._read_at = time.monotonic()


def plain_address(address: str) -> str:
    """*address* in lower case, without angle brackets, and its local part without quotes that it does not need."""
    address = address.strip()
    if address.startswith("<") and address.endswith(">"):
        address = address[1:-1].strip()
    local, at, domain = address[:LONGEST_ADDRESS].rpartition("@")
    if len(local) > 1 and local[0] == local[-1] == '"':
        local = _ESCAPED.sub(r"\1", local[1:-1])
    return f"{local}{at}{domain.rstrip('.')}".lower()


def reply_key(tokens: Tokens, address: str) -> bytes | None:
    """The key of the reply token in *address*: `{token}@domain` or `{local}+{token}@domain`; None if there is none.

    The token proves by itself that we made the address; the domain is the mail server's business.
    """
    local, at, _ = address.rpartition("@")
    token = local[-TOKEN_CHARACTERS:]
    alone = len(local) == TOKEN_CHARACTERS or local[-TOKEN_CHARACTERS - 1 : -TOKEN_CHARACTERS] == "+"
    if not at or not alone:
        return None
    return tokens.key(Purpose.REPLY, token)
