"""What a buyer brings in from files: an order document, or the list of items of a request for proposal."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from postroom import asking
from postroom.errors import FileNotReadable, PostroomError
from store import clock
from store.installation import Installation
from store.parties import Company, Membership, Person

if TYPE_CHECKING:
    from workflows.engine.perform import Performed
    from workflows.lines import Line
    from workflows.orders import Received
    from workflows.reading import Reading

LARGEST = 20 * 1024 * 1024
MOST_LINES = 5000


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
    installation: Installation, file: Path, *, company: str | None, by: str | None, supplier: str | None
) -> Performed:
    """Send the order in *file* (UBL, or whatever document is read as one) to its supplier."""
    from workflows.intake import import_order
    from workflows.reading import DocumentKind

    reading = _reading(file)
    if reading.kind is not DocumentKind.ORDER:
        seen = "" if reading.kind is DocumentKind.OTHER else f" but {reading.kind.value.replace('_', ' ')}"
        raise PostroomError(f"{file} holds no order that can be read{seen}. Give a UBL Order, for example.")
    owner, person = company_and_person(installation, company, by)
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
    note: str | None, suppliers: list[str], company: str | None, by: str | None,
) -> Performed:  # fmt: skip
    """Publish a request for proposal for the items in *file* (CSV, or a document with lines) to *suppliers*."""
    from workflows.intake import import_request
    from workflows.requests import RequestForProposal

    owner, person = company_and_person(installation, company, by)
    lines = list(_items(file))
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
    return import_request(installation, owner.id, content, by=person, suppliers=suppliers)


def _items(file: Path) -> Iterator[Line]:
    """The items in *file*: a CSV with a heading line of text, quantity, unit and buyer_sku, or a document."""
    from workflows.lines import Line

    if file.suffix.lower() != ".csv":
        for n, line in enumerate(_reading(file).lines, 1):
            yield Line(
                n=n, text=line.text or "", quantity=line.quantity, unit=line.unit, buyer_sku=line.buyer_sku,
                delivery_date=line.delivery_date,
            )  # fmt: skip
        return
    lines = _content(file).decode("utf-8-sig", "replace").splitlines()
    if not lines or "text" not in lines[0].lower():
        raise PostroomError(f"{file} has no heading line: begin it with text,quantity,unit,buyer_sku.")
    separator = max(",;\t", key=lines[0].count)
    rows = csv.DictReader([lines[0].lower(), *lines[1:]], delimiter=separator)
    for n, row in enumerate(rows, 1):
        if n > MOST_LINES:
            raise PostroomError(f"{file} has more than {MOST_LINES} lines: split it.")
        yield Line(
            n=n, text=(row.get("text") or "").strip(), quantity=_number(file, n, row.get("quantity")),
            unit=(row.get("unit") or "").strip() or None, buyer_sku=(row.get("buyer_sku") or "").strip() or None,
        )  # fmt: skip


def _number(file: Path, n: int, value: str | None) -> Decimal | None:
    if not value or not value.strip():
        return None
    try:
        found = Decimal(value.strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found <= 0:
        raise PostroomError(f"{file}, item {n}: the quantity {value.strip()[:40]!r} is no number such as 12.5.")
    return found


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


def _reading(file: Path) -> Reading:
    from inbound.documents.document import read_document

    reading = read_document(_content(file), file.name)
    if reading is None:
        raise PostroomError(f"{file} is no document that can be read. Give a UBL Order, for example.")
    return reading


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise FileNotReadable(file, error) from error
    if len(content) > LARGEST:
        raise PostroomError(f"{file} is larger than {LARGEST // 1024 // 1024} MB: split it.")
    return content
