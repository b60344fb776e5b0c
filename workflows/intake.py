"""What the buyer's people and readers bring in: companies, suppliers, orders, requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from store import clock
from store.base import public_id
from store.conflicts import retried
from store.documents import Document as Row
from store.installation import Installation
from store.parties import Company, Membership, Person, Supplier
from workflows.drafting import line_fields
from workflows.engine.act import Act
from workflows.engine.content import Nothing
from workflows.engine.perform import Performed, create, perform
from workflows.errors import DataMissing, NotFound
from workflows.exchange import rates_in
from workflows.invitations import Invitation, invite
from workflows.lines import Line
from workflows.orders import PurchaseOrder, Received, receive, send
from workflows.parties import Member, memberships
from workflows.people import Actor, Side, Trust
from workflows.reading import Reading
from workflows.requests import Invited, RequestForProposal, invite_suppliers, publish


@dataclass(frozen=True, slots=True)
class NewCompany:
    """What a company needs to begin."""

    name: str
    mailbox: str
    mail_domain: str
    owner_name: str
    owner_address: str
    reply_style: str = "domain"
    language: str = "en"
    currency: str = "EUR"
    time_zone: str = "UTC"
    partial_invoices: str = "difference"


@retried
def add_company(installation: Installation, new: NewCompany) -> int:
    """Make a company with its first person, who owns what is imported, and return its id."""
    try:
        ZoneInfo(new.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotFound("There is no time zone %(zone)s.", zone=new.time_zone) from error
    with installation.database.write() as session:
        company_id: int = session.execute(
            insert(Company)
            .values(
                name=new.name,
                mail_domain=new.mail_domain,
                mailbox=new.mailbox.lower(),
                reply_style=new.reply_style,
                language=new.language,
                currency=new.currency,
                time_zone=new.time_zone,
                settings={"partial_invoices": new.partial_invoices},
                created_at=clock.now(),
            )
            .returning(Company.id)
        ).scalar_one()
        join(session, company_id, new.owner_name, new.owner_address, None, ("owner", "approver", "accounts"))
    return company_id


@retried
def add_colleague(
    installation: Installation, company_id: int, name: str, address: str, roles: Sequence[str] = ()
) -> int:
    """Let a person join the company's own side; *roles*: owner, approver, accounts."""
    with installation.database.write(company_id) as session:
        return join(session, company_id, name, address, None, roles)


def join(
    session: Session,
    company_id: int,
    name: str,
    address: str,
    supplier_id: int | None,
    roles: Sequence[str] = (),
) -> int:
    """Make *address* a member of a side, and a person if there was none; returns the person's id."""
    address = address.lower()
    person_id = session.execute(select(Person.id).where(Person.address == address)).scalar_one_or_none()
    if person_id is None:
        person_id = session.execute(
            insert(Person)
            .values(
                name=name,
                address=address,
                language=None,
                locale=None,
                time_zone=None,
                password=None,
                address_failed_at=None,
                created_at=clock.now(),
            )
            .returning(Person.id)
        ).scalar_one()
    known = session.execute(
        select(Membership.id).where(
            Membership.company_id == company_id,
            Membership.person_id == person_id,
            Membership.supplier_id.is_not_distinct_from(supplier_id),
        )
    ).scalar_one_or_none()
    if known is None:
        session.execute(
            insert(Membership).values(
                company_id=company_id, person_id=person_id, supplier_id=supplier_id, roles=list(roles)
            )
        )
    return person_id


@retried
def invite_supplier(
    installation: Installation,
    company_id: int,
    *,
    by: str,
    name: str,
    address: str,
    contact: str = "",
    external_id: str | None = None,
    note: str | None = None,
    cause: str | None = None,
) -> Performed:
    """Invite a supplier by mail; one known by its number or its contact's address is invited again, not made twice."""
    with installation.database.write(company_id) as session:
        act = act_of(installation, session, company_id, by, cause or f"invite:{external_id or address.lower()}")
        supplier_id = _supplier(session, company_id, name, address, contact or name, external_id, act.now, installation)
        invitation = Invitation(name, contact or name, address.lower(), note)
        return create(invite, invitation, Nothing(), act, supplier_id=supplier_id, owner_id=act.actor.person_id)


@retried
def import_order(
    installation: Installation,
    company_id: int,
    reading: Reading,
    *,
    by: str,
    supplier: str | None = None,
    cause: str | None = None,
) -> Performed:
    """Send the order that *reading* says to the supplier it names (or *supplier*: name, number or address)."""
    if not reading.number or not reading.lines:
        raise DataMissing("The file has no order number or no lines.")
    with installation.database.write(company_id) as session:
        act = act_of(installation, session, company_id, by, cause or f"order:{reading.number}")
        supplier_id = find_supplier(session, company_id, supplier or reading.seller.name or "")
        lines = order_lines(reading)
        order = PurchaseOrder(
            number=reading.number,
            currency=reading.currency or act.company.currency,
            lines=lines,
            issue_date=reading.issue_date,
            delivery_date=reading.delivery_date,
            terms=reading.payment_terms,
            note=reading.note,
            net=reading.net,
            tax=reading.tax,
            gross=reading.gross,
            charges=list(reading.charges),
        )
        order.rates = rates_in(act.company, order.currency)
        return create(send, order, Nothing(), act, supplier_id=supplier_id, owner_id=act.actor.person_id)


@retried
def receive_goods(
    installation: Installation, company_id: int, number: str, data: Received, *, by: str, cause: str | None = None
) -> Performed:
    """Record what came in of the order *number*; raises `NotFound`."""
    with installation.database.write(company_id) as session:
        act = act_of(installation, session, company_id, by, cause or f"receipt:{public_id()}")
        found = session.scalars(
            select(Row.id).where(Row.company_id == company_id, Row.kind == "order", Row.number == number)
        ).first()
        if found is None:
            raise NotFound("There is no order %(number)s.", number=number)
        return perform(receive, found, data, act)


@retried
def import_request(
    installation: Installation,
    company_id: int,
    request: RequestForProposal,
    *,
    by: str,
    suppliers: Sequence[str],
    cause: str | None = None,
) -> Performed:
    """Publish a request to *suppliers* (name, number or address each)."""
    with installation.database.write(company_id) as session:
        act = act_of(installation, session, company_id, by, cause or f"request:{request.number}")
        ids = [find_supplier(session, company_id, s) for s in suppliers]
        done = create(publish, request, Invited(ids), act, supplier_id=None, owner_id=act.actor.person_id)
        if not done.repeated:
            invite_suppliers(act, done.document.id, ids)
        return done


def would_go_to(installation: Installation, company_id: int, named: Sequence[str]) -> list[str]:
    """The names of the suppliers that are meant, for a listing before anything is sent; raises `NotFound`."""
    with installation.database.read(company_id) as session:
        ids = [find_supplier(session, company_id, one) for one in named]
        return [session.get_one(Supplier, supplier_id).name for supplier_id in ids]


def find_supplier(session: Session, company_id: int, named: str) -> int:
    """The supplier with this number, name, public id or member's address; raises `NotFound`."""
    rows = session.execute(
        select(Supplier.id, Supplier.name, Supplier.external_id, Supplier.public_id).where(
            Supplier.company_id == company_id
        )
    ).all()
    wanted = named.strip().casefold()
    found = [row.id for row in rows if row.public_id == wanted] or [
        row.id for row in rows if wanted and wanted in ((row.external_id or "").casefold(), row.name.casefold())
    ]
    if not found:
        found = [m.supplier_id for m in memberships(session, company_id, wanted) if m.supplier_id]
    if len(set(found)) != 1:
        raise NotFound("No supplier is known as %(named)s; invite it first.", named=named)
    supplier_id: int = found[0]
    return supplier_id


def company_named(session: Session, named: str | None = None) -> Company:
    """The company of this name, mailbox or public id; the only one when none is named. Raises `NotFound`."""
    companies = session.scalars(select(Company)).all()
    wanted = (named or "").casefold()
    found = [c for c in companies if not wanted or wanted in (c.name.casefold(), c.mailbox, c.public_id)]
    if len(found) != 1:
        raise NotFound("Name the company: %(names)s.", names=", ".join(sorted(c.name for c in companies)) or "-")
    return found[0]


def act_of(installation: Installation, session: Session, company_id: int, by: str, cause: str) -> Act:
    """What the person of the company with the address *by* does from outside a mail, once for *cause*."""
    company = session.get_one(Company, company_id)
    found = [m for m in memberships(session, company_id, by) if m.side is Side.BUYER]
    if not found:
        raise NotFound("%(address)s is nobody of %(company)s.", address=by, company=company.name)
    actor: Actor = found[0].actor(Trust.SIGNED_IN, "command line")
    return Act(installation, session, company, actor, cause)


def _supplier(
    session: Session,
    company_id: int,
    name: str,
    address: str,
    contact: str,
    external_id: str | None,
    now: datetime,
    installation: Installation,
) -> int:
    known: list[Member] = [m for m in memberships(session, company_id, address) if m.supplier_id]
    supplier_id = known[0].supplier_id if known else None
    if supplier_id is None and external_id:
        supplier_id = session.execute(
            select(Supplier.id).where(Supplier.company_id == company_id, Supplier.external_id == external_id)
        ).scalar_one_or_none()
    if supplier_id is None:
        domain = address.rpartition("@")[2].lower()
        supplier_id = session.execute(
            insert(Supplier)
            .values(
                company_id=company_id,
                name=name,
                external_id=external_id,
                mail_domain=None if domain in installation.free_mail_domains else domain,
                profile={},
                created_at=now,
            )
            .returning(Supplier.id)
        ).scalar_one()
    join(session, company_id, contact, address, supplier_id)
    return supplier_id


def order_lines(reading: Reading) -> list[Line]:
    """The order's lines under the numbers that the file gives, or counted where these are not unique or no numbers."""
    said = [line.id or "" for line in reading.lines]
    own = all(s.isascii() and s.isdigit() and len(s) < 7 for s in said) and len({int(s) for s in said}) == len(said)
    return [
        Line(**{**line_fields(n, read), "n": int(said[n - 1]) if own else n}, delivery_date=read.delivery_date)
        for n, read in enumerate(reading.lines, 1)
    ]
