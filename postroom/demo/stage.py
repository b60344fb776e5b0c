"""The stage of the demo: a fresh Postroom, the development relay, and the people with their mailboxes."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from postroom.mailbox.mailboxes import Mailboxes, Owner
from postroom.mailbox.person import Person
from postroom.mailbox.relay import Relay
from store.installation import Installation
from workflows.intake import NewCompany, add_colleague, add_company

COMPANY, DOMAIN = "Harbour Bikes", "po.harbour.example"
OLGA, BEN = ("Olga", "olga@harbour.example"), ("Ben", "ben@harbour.example")
ANA, TOM = ("Ana", "ana@anvil.example"), ("Tom", "tom@spoke.example")
IDA = ("Ida", "ida@ledger.example")
RELAY = "relay.demo.example"


@dataclass(slots=True)
class Stage:
    """What a scene needs: the installation to bring documents in, the relay, and the people."""

    installation: Installation
    relay: Relay
    company_id: int
    olga: Person
    """Owns the order."""
    ben: Person
    """Olga's colleague."""
    ana: Person
    """Of Anvil Workshop, a supplier."""
    tom: Person
    """Of Spoke & Co, another one."""
    ida: Person
    """Keeps the books of Anvil Workshop, at another domain; nobody told Postroom of her."""
    seen: set[str] = field(default_factory=set)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody on the stage."""
        return self.olga, self.ben, self.ana, self.tom, self.ida


def people_of(mailboxes: Mailboxes) -> None:
    """Give everybody of the story a mailbox."""
    for (name, address), company, role in (
        (OLGA, COMPANY, "buyer, owns the order"),
        (BEN, COMPANY, "buyer, a colleague"),
        (ANA, "Anvil Workshop", "supplier"),
        (TOM, "Spoke & Co", "supplier"),
        (IDA, "Ledger & Daughters", "accountant of Anvil Workshop"),
    ):
        mailboxes.add(Owner(name, address, company, role))


def set_stage(installation: Installation, relay: Relay, reply_style: str = "domain") -> Stage:
    """Make the company on *installation* and let the people take their places."""
    people_of(relay.mailboxes)
    company_id = add_company(
        installation,
        NewCompany(COMPANY, f"orders@{DOMAIN}", DOMAIN, *OLGA, reply_style=reply_style, partial_invoices="pass"),
    )
    add_colleague(installation, company_id, *BEN)
    olga, ben, ana, tom, ida = (Person(*who, relay.mailboxes, relay) for who in (OLGA, BEN, ANA, TOM, IDA))
    return Stage(installation, relay, company_id, olga, ben, ana, tom, ida)


@contextmanager
def own_stage(folder: Path | None = None) -> Iterator[Stage]:
    """A stage of its own on the embedded default: SQLite in a new folder, one process, free ports on loopback."""
    from postroom.processes import ROLES, Process
    from postroom.settings import installation_of, without_environment

    with tempfile.TemporaryDirectory(prefix="postroom-demo-") as made, Relay(Mailboxes(), name=RELAY) as relay:
        smtp, http = free_port(), free_port()
        settings = without_environment(
            data=folder or Path(made),
            smtp_listen=f"127.0.0.1:{smtp}",
            http_listen=f"127.0.0.1:{http}",
            base_url=f"http://127.0.0.1:{http}",
            mail_domain=DOMAIN,
            relay_url=relay.url,
            trusted_relays=(RELAY,),
            answer_wait=0,
        )
        process = Process(settings, installation_of(settings), threading.Event())
        process.start(ROLES)
        relay.hand_on = ("127.0.0.1", smtp)
        try:
            yield set_stage(process.installation, relay)
        finally:
            process.stop()


def free_port() -> int:
    """A port on loopback that nothing listens on now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
