"""What a buyer brings in from files: an order document, or the list of items of a request for proposal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from postroom import asking
from postroom.errors import PostroomError
from postroom.listing import Listing
from store import clock
from store.installation import Installation
from store.parties import Company, Membership, Person

if TYPE_CHECKING:
    from workflows.engine.perform import Performed
    from workflows.orders import Received


def company_and_person(installation: Installation, named: str | None, by: str | None) -> tuple[Company, str]:
    """The company, and the address of who acts: *by*, or the company's first person."""
    from workflows.intake import company_named

    with installation.database.read() as session:
        company = company_named(session, named)
        found = (
            by
            or session.scalars(
                select(Person.address)
                .join(Membership, Membership.person_id == Person.id)
                .where(Membership.company_id == company.id, Membership.supplier_id.is_(None))
                .order_by(Membership.id)
                .limit(1)
            ).first()
        )
    if found is None:
        raise PostroomError(f"{company.name} has nobody who could act: name somebody with --by.")
    return company, found


def first_company(installation: Installation, name: str, mailbox: str, person: str, address: str, **more: str) -> bool:
    """Add the company *name* with its first *person*; False, and nothing done, when *mailbox* is one's already."""
    from workflows.intake import NewCompany, add_company

    with installation.database.read() as session:
        if session.scalar(select(Company.id).where(Company.mailbox == mailbox.lower())):
            return False
    new = NewCompany(name=name, mailbox=mailbox, owner_name=person, owner_address=address, **more)
    add_company(installation, new)
    return True


def order_from(
    installation: Installation, file: Path, *, company: str | None, by: str | None, supplier: str | None,
    number: str | None = None, dry_run: bool = False,
) -> Performed | Listing:  # fmt: skip
    """Send the order in *file* (UBL, a sheet, or whatever document is read as one) to its supplier.

    With *dry_run* nothing is sent: what would be is returned.
    """
    from postroom.from_files import order_in
    from workflows.intake import import_order, order_lines, would_go_to

    reading = order_in(file, number)
    owner, person = company_and_person(installation, company, by)
    if dry_run:
        named = supplier or reading.seller.name or ""
        names = would_go_to(installation, owner.id, [named])
        currency = reading.currency or owner.currency
        return Listing("order", reading.number or "", currency, order_lines(reading), names, reading.defects)
    return import_order(installation, owner.id, reading, by=person, supplier=supplier)


def received(came: list[str], on: str | None, *, whole: bool) -> Received:
    """What `1=5` and a day say came in."""
    from workflows.orders import Received, ReceivedLine

    lines = []
    for one in came:
        n, _, quantity = one.partition("=")
        try:
            lines.append(ReceivedLine(int(n), Decimal(quantity)))
        except (ValueError, InvalidOperation) as error:
            raise PostroomError(f"{one[:40]} says no quantity of a line: write it as 1=5.") from error
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError as error:
        raise PostroomError(f"{on} is no day: write it as 2026-12-01.") from error
    return Received(lines, day, whole)


def request_from(
    installation: Installation, file: Path, *, number: str, title: str, currency: str | None, deadline: str | None,
    note: str | None, suppliers: list[str], company: str | None, by: str | None, dry_run: bool = False,
) -> Performed | Listing:  # fmt: skip
    """Publish a request for proposal for the items in *file* (a sheet, or a document with lines) to *suppliers*.

    With *dry_run* nothing is sent: what would be is returned.
    """
    from postroom.from_files import items_in
    from workflows.intake import import_request, would_go_to
    from workflows.requests import RequestForProposal

    owner, person = company_and_person(installation, company, by)
    lines, defects = items_in(file)
    if not lines:
        raise PostroomError(f"{file} has no items: give one on each line.")
    unnamed = next((line.n for line in lines if not line.text), None)
    if unnamed is not None:
        raise PostroomError(f"{file}, item {unnamed}, has no text: say what it is.")
    content = RequestForProposal(
        number=asking.some_words(number),
        title=title,
        currency=asking.currency(currency) if currency else owner.currency,
        lines=lines,
        deadline=_moment(deadline, owner.time_zone) if deadline else None,
        note=note,
    )
    if dry_run:
        names = would_go_to(installation, owner.id, suppliers)
        return Listing("request", content.number, content.currency or "", lines, names, defects)
    return import_request(installation, owner.id, content, by=person, suppliers=suppliers)


def _moment(text: str, zone: str) -> datetime:
    """A deadline as it is written on a command line: `2026-12-01 17:00`, in the company's zone unless it says one."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise PostroomError(f"{text} is no deadline: write it as 2026-12-01T17:00.") from error
    found = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    if found <= clock.now():
        raise PostroomError(f"The deadline {text} is over: give one that is to come.")
    return found
