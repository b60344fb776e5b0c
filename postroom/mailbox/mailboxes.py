"""The mailboxes of the demo, one for each address, kept in memory and awaited without sleeping."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from threading import Condition

from postroom.mailbox.mail import Mail, read_letter
from store import clock

MAX_MAILS = 2_000


@dataclass(frozen=True, slots=True)
class Owner:
    """A person of the demo: whose mailbox it is, for which company they act and as what."""

    name: str
    address: str
    company: str = ""
    role: str = ""


class MailMissing(Exception):
    """Raised when a mail that was awaited did not come in time."""

    def __init__(self, address: str, seconds: float, subjects: tuple[str, ...]) -> None:
        there = "; ".join(subjects) or "nothing"
        super().__init__(f"No such mail came to {address} within {seconds:g} seconds. There is: {there}.")
        self.address = address
        self.subjects = subjects


class Mailboxes:
    """All mailboxes, safe to use from any thread.

    An address gets its mailbox with its first mail; an owner has one from the start. The oldest mails go when a mailbox
    holds MAX_MAILS.
    """

    def __init__(self, owners: Iterable[Owner] = ()) -> None:
        self._changed = Condition()
        self._owners: dict[str, Owner] = {}
        self._boxes: dict[str, deque[Mail]] = {}
        self._opened: set[str] = set()
        self._ids = count(1)
        for owner in owners:
            self.add(owner)

    def add(self, owner: Owner) -> None:
        """Give a person a mailbox, or a new name to the one that is there."""
        with self._changed:
            self._owners[_key(owner.address)] = owner
            self._boxes.setdefault(_key(owner.address), deque(maxlen=MAX_MAILS))

    def owners(self) -> tuple[Owner, ...]:
        """The people in the order they were added, then the addresses that only received a mail."""
        with self._changed:
            others = sorted(address for address in self._boxes if address not in self._owners)
            return (*self._owners.values(), *(Owner("", address) for address in others))

    def owner(self, address: str) -> Owner | None:
        """The person who has this address, or None if nobody was given it."""
        return self._owners.get(_key(address))

    def keep(self, address: str, source: bytes, *, sent: bool = False) -> Mail:
        """Put a mail into the mailbox of an address and wake whoever waits for it."""
        letter = read_letter(source)
        with self._changed:
            mail = Mail(str(next(self._ids)), _key(address), sent, clock.now(), source, letter)
            self._boxes.setdefault(_key(address), deque(maxlen=MAX_MAILS)).append(mail)
            if sent:
                self._opened.add(mail.id)
            self._changed.notify_all()
        return mail

    def mails(self, address: str) -> tuple[Mail, ...]:
        """What lies in a mailbox, sent and received, in the order it came."""
        with self._changed:
            return tuple(self._boxes.get(_key(address), ()))

    def mail(self, mail_id: str) -> Mail | None:
        """The mail with this id, from whichever mailbox."""
        with self._changed:
            return next((mail for box in self._boxes.values() for mail in box if mail.id == mail_id), None)

    def wait_for(self, address: str, wanted: Callable[[Mail], bool], timeout: float = 20.0) -> Mail:
        """The oldest received mail that is wanted, as soon as it is there; MailMissing after `timeout` seconds."""
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                mails = [mail for mail in self._boxes.get(_key(address), ()) if not mail.sent]
                found = next((mail for mail in mails if wanted(mail)), None)
                if found:
                    return found
                left = end - time.monotonic()
                if left <= 0:
                    raise MailMissing(address, timeout, tuple(mail.letter.subject for mail in mails))
                self._changed.wait(left)

    def open(self, mail: Mail) -> None:
        """Mark a mail as seen by its owner."""
        with self._changed:
            self._opened.add(mail.id)

    def is_new(self, mail: Mail) -> bool:
        """Whether its owner has not yet seen a mail."""
        return mail.id not in self._opened


def _key(address: str) -> str:
    return address.strip().lower()
