"""Who acts, on which side, with how much proof, and who may take a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol


class Side(StrEnum):
    """A party to a document."""

    BUYER = "buyer"
    SUPPLIER = "supplier"
    SYSTEM = "system"

    @property
    def other(self) -> Side:
        """The side across the table."""
        return Side.SUPPLIER if self is Side.BUYER else Side.BUYER


class Reader(StrEnum):
    """To whom a step's notices go."""

    BUYER = "buyer"
    """The owner of the document; all people of the company where it has none."""
    ACCOUNTS = "accounts"
    """Accounts payable; the owner where nobody has that role."""
    SUPPLIER = "supplier"
    """All people of the document's supplier."""

    @property
    def side(self) -> Side:
        """The side on which these readers are."""
        return Side.SUPPLIER if self is Reader.SUPPLIER else Side.BUYER


class Trust(IntEnum):
    """How well a person is proved; a step says how much it needs."""

    THREAD = 1
    """Somebody who saw the thread: holds its reply address, or was let in by one who does."""
    KNOWN = 2
    """An authenticated known sender, or the holder of a link mailed to the address on file."""
    PERSONAL = 3
    """The authenticated person to whom the answered token was issued."""
    SIGNED_IN = 4
    """A person signed in on a page."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system, as they act here and now. `via` is how they came, for the record."""

    person_id: int | None
    name: str
    address: str
    side: Side
    supplier_id: int | None
    roles: frozenset[str]
    trust: Trust
    via: str

    @property
    def by_mail(self) -> bool:
        """Whether this person wrote a mail, which is answered by a read-back."""
        return self.via.startswith("mail")


class About(Protocol):
    """What a predicate may look at in a document."""

    @property
    def owner_id(self) -> int | None: ...
    @property
    def supplier_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Who:
    """A named predicate over a document and a person."""

    name: str
    side: Side
    words: str
    test: Callable[[About, Actor], bool]

    def __call__(self, document: About, actor: Actor) -> bool:
        return actor.side is self.side and self.test(document, actor)


supplier = Who(
    "supplier", Side.SUPPLIER, "the supplier", lambda d, a: d.supplier_id is not None and a.supplier_id == d.supplier_id
)
"""Any person of the document's supplier."""

buyer = Who("buyer", Side.BUYER, "the customer", lambda _d, _a: True)
"""Any person of the company."""

approver = Who(
    "approver",
    Side.BUYER,
    "the owner of the document or an approver",
    lambda d, a: (d.owner_id is not None and d.owner_id == a.person_id) or "approver" in a.roles,
)
"""Whose turn it is to decide."""

accountant = Who(
    "accountant",
    Side.BUYER,
    "accounts payable or an owner of the company",
    lambda _d, a: bool(a.roles & {"accounts", "owner"}),
)
"""Who records payments."""

system = Who("system", Side.SYSTEM, "Postroom itself", lambda _d, _a: True)
"""Timers and what follows from another step."""

SYSTEM = Actor(None, "Postroom", "", Side.SYSTEM, None, frozenset(), Trust.SIGNED_IN, "system")
