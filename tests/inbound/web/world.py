"""A small world for the pages: Acme buys from Ferrum and Boltwerk; links come from the notices."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fastapi.testclient import TestClient
from lxml import html as lxml_html
from sqlalchemy import select, text

from inbound.web.app import create_app
from store.documents import Document as Row
from store.installation import Installation
from store.journal import Event, Link, Notice
from store.parties import Person
from store.schema import metadata
from store.tokens import Purpose
from workflows import intake
from workflows.engine.document import Document, load
from workflows.lines import Line
from workflows.reading import DocumentKind, Party, Reading, ReadLine
from workflows.requests import RequestForProposal

OWNER, COLLEAGUE = "olga@acme.example", "carl@acme.example"
ANA, BEN = "ana@ferrum.example", "ben@boltwerk.example"
FERRUM, BOLTWERK = "Ferrum Ltd", "Boltwerk AG"
SHOWN = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as a person sees it."""

    status: int
    text: str
    source: str
    headers: Mapping[str, str]
    url: str

    @property
    def tree(self) -> Any:
        """The page's elements."""
        return lxml_html.fromstring(self.source)

    def hidden(self, action: str) -> dict[str, str]:
        """The hidden fields of the form that posts to *action* (its end suffices)."""
        for form in self.tree.iter("form"):
            if (form.get("action") or "").partition("?")[0].endswith(action):
                return {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
        raise AssertionError(f"no form posts to {action}")

    def value(self, name: str) -> str:
        """What a field is filled with."""
        found = self.tree.xpath(f'//*[@name="{name}"]')
        assert found, f"no field {name}"
        one = found[0]
        return str(one.text_content() if one.tag == "textarea" else one.get("value"))

    def links(self) -> set[str]:
        """Where the page leads."""
        return {str(a.get("href")) for a in self.tree.iter("a")}


class Browser:
    """Gets and posts pages, following where it is sent."""

    def __init__(self, installation: Installation, **options: Any) -> None:
        app = create_app(installation, **options)
        self.client = TestClient(app, base_url="https://po.example.com")

    def get(self, path: str) -> Answer:
        return _answer(self.client.get(path))

    def post(self, path: str, fields: Mapping[str, Any] | None = None, files: Any = None) -> Answer:
        return _answer(self.client.post(path, data=dict(fields or {}), files=files))

    def press(self, page: Answer, action: str, fields: Mapping[str, Any] | None = None, files: Any = None) -> Answer:
        """Fill in the form that posts to *action* and press its button."""
        path = next(
            f.get("action") for f in page.tree.iter("form") if f.get("action").partition("?")[0].endswith(action)
        )
        return self.post(path, {**page.hidden(action), **(fields or {})}, files)


def _answer(response: Any) -> Answer:
    source = response.text
    shown = lxml_html.fromstring(source).text_content() if "html" in response.headers["content-type"] else source
    return Answer(
        response.status_code, SHOWN.sub(" ", shown), source, response.headers, str(response.url.raw_path.decode())
    )


@dataclass(frozen=True, slots=True)
class World:
    """Acme with two suppliers."""

    installation: Installation
    company_id: int

    def order(self, number: str = "PO-1", lines: int = 2, supplier: str = FERRUM, text_of: str = "Bracket") -> int:
        """An order of *lines* lines: 10 pieces at 4.50, 20 at 5.50, and so on."""
        read = tuple(
            ReadLine(
                id=str(n),
                text=f"{text_of} {n}",
                quantity=Decimal(10 * n),
                unit="C62",
                unit_price=Decimal(n) + Decimal("3.5"),
                buyer_sku=f"B-{n}",
            )
            for n in range(1, lines + 1)
        )
        reading = Reading(
            kind=DocumentKind.ORDER,
            number=number,
            currency="EUR",
            issue_date=date(2026, 11, 24),
            seller=Party(name=supplier),
            lines=read,
        )
        return intake.import_order(self.installation, self.company_id, reading, by=OWNER).document.id

    def request(
        self,
        suppliers: Sequence[str] = (FERRUM, BOLTWERK),
        deadline: datetime | None = None,
        lines: int = 3,
        number: str = "RFP-7",
    ) -> int:
        """A request for proposal."""
        asked = [Line(n, f"Pump {n}", Decimal(n), "C62") for n in range(1, lines + 1)]
        request = RequestForProposal(number, "Pumps for hall 3", "EUR", asked, deadline)
        done = intake.import_request(self.installation, self.company_id, request, by=OWNER, suppliers=suppliers)
        return done.document.id

    def document(self, document_id: int) -> Document[Any]:
        """The document as it is now."""
        with self.installation.database.read() as session:
            return load(session, document_id)

    def newest(self, kind: str, supplier: str | None = None) -> Document[Any]:
        """The newest document of a kind."""
        with self.installation.database.read() as session:
            statement = select(Row.id).where(Row.kind == kind).order_by(Row.id.desc()).limit(1)
            if supplier is not None:
                found = intake.find_supplier(session, self.company_id, supplier)
                statement = statement.where(Row.supplier_id == found)
            return load(session, session.execute(statement).scalar_one())

    def link(self, address: str, step: str, document_id: int | None = None) -> str:
        """The path of the newest link with this step that was mailed to *address*."""
        with self.installation.database.read() as session:
            statement = (
                select(Link.key)
                .join(Person, Person.id == Link.person_id)
                .outerjoin(Notice, Notice.id == Link.notice_id)
                .where(Person.address == address, Link.step == step)
                .order_by(Notice.id.desc())
                .limit(1)
            )
            if document_id is not None:
                statement = statement.where(Link.document_id == document_id)
            key = session.execute(statement).scalar_one()
        return f"/l/{self.installation.tokens.token(Purpose.LINK, key)}"

    def facts(self, name: str, to: str) -> str:
        """The facts of the newest notice *name* to somebody, as text."""
        with self.installation.database.read() as session:
            found = select(Notice.facts).where(Notice.name == name, Notice.to_address == to)
            return str(session.scalars(found.order_by(Notice.id.desc())).first())

    def notices(self, name: str | None = None) -> list[tuple[str, str]]:
        """(name, address) of the notices queued, oldest first."""
        with self.installation.database.read() as session:
            rows = session.execute(select(Notice.name, Notice.to_address).order_by(Notice.id)).all()
        return [(r.name, r.to_address) for r in rows if name in (None, r.name)]

    def events(self, document_id: int) -> list[str]:
        """The names of what happened to a document."""
        with self.installation.database.read() as session:
            return list(session.scalars(select(Event.name).where(Event.document_id == document_id).order_by(Event.id)))

    def rows(self) -> dict[str, list[Any]]:
        """Every row of every table, the `seen` marks of links aside."""
        found = {}
        with self.installation.database.read() as session:
            for name in metadata().tables:
                rows = session.execute(text(f'select * from "{name}"')).mappings().all()
                found[name] = sorted(str({k: v for k, v in row.items() if k != "seen_at"}) for row in rows)
        return found


def make_world(installation: Installation) -> World:
    """Acme, its owner and a colleague, and two suppliers."""
    new = intake.NewCompany("Acme", "orders@acme.example", "po.example.com", "Olga Owner", OWNER)
    company_id = intake.add_company(installation, new)
    intake.add_colleague(installation, company_id, "Carl Colleague", COLLEAGUE, ())
    for name, address, contact in ((FERRUM, ANA, "Ana Adler"), (BOLTWERK, BEN, "Ben Bolt")):
        intake.invite_supplier(installation, company_id, by=OWNER, name=name, address=address, contact=contact)
    return World(installation, company_id)
