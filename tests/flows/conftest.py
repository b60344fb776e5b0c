"""The stage of the flows: one Postroom for the session, over real SMTP and HTTP, and a company for each test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select

from inbound.documents.document import read_document
from postroom.demo.files import order_file
from postroom.demo.stage import RELAY, free_port
from postroom.mailbox.mail import Mail
from postroom.mailbox.mailboxes import Mailboxes, Owner
from postroom.mailbox.person import Person
from postroom.mailbox.relay import Relay
from postroom.processes import ROLES, Process
from postroom.settings import Settings, installation_of
from store.installation import Installation
from store.journal import Notice
from store.migrate import migrate
from tests.services import DATABASES, RABBITMQ, own_database, own_queue
from workflows.intake import NewCompany, add_colleague, add_company, import_order, import_request, invite_supplier
from workflows.requests import RequestForProposal

_NUMBERS = count(1)


@dataclass(slots=True)
class House:
    """A running Postroom and the relay behind it."""

    installation: Installation
    relay: Relay


@dataclass(slots=True)
class Play:
    """A company of its own in the house: Olga and Ben buy; Ana supplies, and so does Tom; Ida keeps Ana's books."""

    house: House
    company_id: int
    olga: Person
    ben: Person
    ana: Person
    tom: Person
    ida: Person

    @property
    def installation(self) -> Installation:
        return self.house.installation

    def settled(self) -> None:
        """Wait until every notice of the company has left."""
        pending = select(func.count(Notice.id)).where(Notice.status.in_(("queued", "sending")))
        for _ in range(400):
            with self.installation.database.read(self.company_id) as session:
                if not session.scalar(pending):
                    return
            threading.Event().wait(0.05)
        raise AssertionError("notices are still waiting")

    def invited(self) -> Mail:
        """Ana's invitation mail."""
        self.invite(self.ana, "Anvil Workshop")
        return self.ana.wait(notice="invitation")

    def invite(self, person: Person, supplier: str) -> None:
        invite_supplier(
            self.installation,
            self.company_id,
            by=self.olga.address,
            name=supplier,
            address=person.address,
            contact=person.name,
        )

    def ordered(self) -> Mail:
        """Ana's mail with the order PO-2041; she is invited first."""
        self.invited()
        return self.order()

    def order(self) -> Mail:
        """Ana's mail with the order PO-2041, when she is invited already."""
        reading = read_document(order_file(), "order.xml")
        assert reading is not None
        import_order(self.installation, self.company_id, reading, by=self.olga.address)
        return self.ana.wait(notice="order-sent")

    def asked(self, content: RequestForProposal, *, both: bool = False) -> Mail:
        """Ana's mail that asks for a proposal; *both*: Tom gets his as well."""
        self.invited()
        suppliers = ["Anvil Workshop"]
        if both:
            self.invite(self.tom, "Spoke & Co")
            suppliers.append("Spoke & Co")
        import_request(self.installation, self.company_id, content, by=self.olga.address, suppliers=suppliers)
        return self.ana.wait(notice="request-sent")


@pytest.fixture(scope="session", params=DATABASES)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One Postroom in this process: on SQLite alone, and on PostgreSQL with RabbitMQ where they are there."""
    folder: Path = tmp_path_factory.mktemp("house")
    with ExitStack() as stack:
        relay = stack.enter_context(Relay(Mailboxes(), name=RELAY))
        smtp, http = free_port(), free_port()
        grown: dict[str, str] = {}
        if request.param == "postgresql":
            grown["database_url"] = request.getfixturevalue("flows_url")
            if RABBITMQ:
                grown |= {"broker_url": RABBITMQ, "broker_queue": stack.enter_context(own_queue(RABBITMQ))}
        settings = Settings(
            data=folder,
            smtp_listen=f"127.0.0.1:{smtp}",
            http_listen=f"127.0.0.1:{http}",
            base_url=f"http://127.0.0.1:{http}",
            mail_domain="po.test.example",
            relay_url=relay.url,
            trusted_relays=(RELAY,),
            answer_wait=0,
            **grown,
        )
        installation = installation_of(settings)
        migrate(installation.database)
        process = Process(settings, installation, threading.Event())
        # Not in this thread: where a browser is tested, an event loop of Playwright's runs in it.
        beside = stack.enter_context(ThreadPoolExecutor(1))
        beside.submit(process.start, ROLES).result()
        relay.hand_on = ("127.0.0.1", smtp)
        yield House(process.installation, relay)
        assert beside.submit(process.stop).result()


@pytest.fixture(scope="session")
def flows_url() -> Iterator[str]:
    """A PostgreSQL database for the flows alone: other tests empty theirs."""
    with own_database() as url:
        yield url


@pytest.fixture(params=["domain"])
def play(request: pytest.FixtureRequest, house: House) -> Play:
    """A company in the house; parametrise `play` indirectly to choose another reply style."""
    n = next(_NUMBERS)
    domain, boxes = f"po{n}.example", house.relay.mailboxes

    def person(name: str, company: str, role: str) -> Person:
        address = f"{name.lower()}@{company.split()[0].lower()}{n}.example"
        boxes.add(Owner(name, address, company, role))
        return Person(name, address, boxes, house.relay)

    olga, ben = person("Olga", "Harbour Bikes", "buyer"), person("Ben", "Harbour Bikes", "buyer")
    ana, tom = person("Ana", "Anvil Workshop", "supplier"), person("Tom", "Spoke & Co", "supplier")
    ida = person("Ida", "Ledger & Daughters", "accountant")
    company_id = add_company(
        house.installation,
        NewCompany(
            f"Harbour Bikes {n}",
            f"orders@{domain}",
            domain,
            olga.name,
            olga.address,
            reply_style=request.param,
            partial_invoices="pass",
        ),
    )
    add_colleague(house.installation, company_id, ben.name, ben.address)
    return Play(house, company_id, olga, ben, ana, tom, ida)
