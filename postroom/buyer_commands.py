"""What a buyer needs to begin, as commands: companies, suppliers, orders, requests for proposal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from postroom.errors import PostroomError

if TYPE_CHECKING:
    from postroom.listing import Listing
    from workflows.engine.perform import Performed

company = typer.Typer(no_args_is_help=True, help="The buying companies on this installation.")
supplier = typer.Typer(no_args_is_help=True, help="The suppliers of a company.")
order = typer.Typer(no_args_is_help=True, help="Purchase orders.")
rfp = typer.Typer(no_args_is_help=True, help="Requests for proposal.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Company = Annotated[str | None, typer.Option("--company", help="Its mailbox or name; not needed where there is one.")]
By = Annotated[str | None, typer.Option("--by", help="The address of who acts; else the company's first person.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="List what was read, and send nothing.")]
ReplyStyle = Literal["domain", "plus", "plain"]
Partial = Literal["difference", "pass"]
LegalName = Annotated[str | None, typer.Option(help="The name in the register, where it is another.")]
VatId = Annotated[str | None, typer.Option(help="Such as DE136695976.")]
TaxId = Annotated[str | None, typer.Option(help="A tax number that is no VAT id.")]
Registration = Annotated[str | None, typer.Option(help="The number in the company register.")]
Street = Annotated[str | None, typer.Option(help="Street and house number.")]
PostCode = Annotated[str | None, typer.Option(help="The post code.")]
City = Annotated[str | None, typer.Option(help="The city.")]
Country = Annotated[str | None, typer.Option(help="Its two letters (ISO 3166-1), such as DE.")]
Wants = Annotated[
    list[str] | None,
    typer.Option(help="order-response, invoice-response or nothing: what it wants beside a mail's words; repeatable."),
]


@company.command("add")
def company_add(
    name: Annotated[str | None, typer.Argument(help="The company's name; asked for, as the rest, if left out.")] = None,
    mailbox: Annotated[str | None, typer.Option(help="The address that suppliers write to.")] = None,
    person: Annotated[str | None, typer.Option(help="The name of its first person.")] = None,
    address: Annotated[str | None, typer.Option(help="Their mail address.")] = None,
    mail_domain: Annotated[str | None, typer.Option(help="Of its reply addresses; else the installation's.")] = None,
    reply_style: Annotated[ReplyStyle | None, typer.Option(help="Else the installation's.")] = None,
    partial_invoices: Annotated[Partial | None, typer.Option(help="Else the installation's.")] = None,
    language: Annotated[str, typer.Option(help="Of its people, unless they say otherwise.")] = "en",
    currency: Annotated[str, typer.Option(help="ISO 4217.")] = "EUR",
    time_zone: Annotated[str, typer.Option(help="Such as Europe/Berlin.")] = "UTC",
) -> None:
    """Add a buying company and its first person."""
    from postroom import asking
    from postroom.bring_in import first_company
    from postroom.settings import installation_here, load

    settings = load()
    installation = installation_here()
    said = asking.answers(
        {
            "NAME": asking.Question(name, "The company's name", asking.some_words),
            "--mailbox": asking.Question(mailbox, "The address that suppliers write to", asking.address),
            "--person": asking.Question(person, "The name of its first person", asking.some_words),
            "--address": asking.Question(address, "Their mail address", asking.address),
        }
    )
    added = first_company(
        installation, *said.values(),
        mail_domain=asking.domain(mail_domain) if mail_domain else settings.mail_domain,
        reply_style=reply_style or settings.reply_style,
        partial_invoices=partial_invoices or settings.partial_invoices,
        language=asking.language(language), currency=asking.currency(currency),
        time_zone=asking.time_zone(time_zone),
    )  # fmt: skip
    if not added:
        raise PostroomError(f"{said['--mailbox']} is the mailbox of a company that is there already. Give another one.")
    typer.echo(f"{said['NAME']} is there. Next: postroom supplier invite NAME ADDRESS --company {said['--mailbox']}")


@company.command("set")
def company_set(
    rules: Annotated[
        list[str] | None, typer.Argument(help="Such as tolerance.price_over=2%; none to show all.")
    ] = None,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Set a company's rules for its invoices, such as tolerances, or show them; an empty value takes one back."""
    _rules(rules, None, company, by, as_json=as_json)


@supplier.command("set")
def supplier_set(
    supplier: Annotated[str, typer.Argument(help="Name, number or address.")],
    rules: Annotated[
        list[str] | None, typer.Argument(help="Such as tolerance.price_over=2%; none to show all.")
    ] = None,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Set the tolerances for one supplier, which override the company's, or show them."""
    _rules(rules, supplier, company, by, as_json=as_json)


def _rules(
    rules: list[str] | None, supplier: str | None, company: str | None, by: str | None, *, as_json: bool
) -> None:
    from postroom.bring_in import company_and_person
    from postroom.settings import installation_here
    from workflows.house_rules import KEYS, rules_of, set_rules

    installation = installation_here()
    owner, person = company_and_person(installation, company, by)
    said: dict[str, str] = {}
    for rule in rules or ():
        key, equals, value = rule.partition("=")
        if not equals:
            raise PostroomError(f"{rule[:60]} sets nothing: write KEY=VALUE, with a KEY of {', '.join(KEYS)}.")
        said[key] = value
    if said:
        found = set_rules(installation, owner.id, by=person, said=said, supplier=supplier)
    else:
        found = rules_of(installation, owner.id, supplier)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for key, value in found.items():
        typer.echo(f"{key}={value}")
    if not found:
        typer.echo("Nothing is set; every difference goes to a person.")


@company.command("details")
def company_details(
    company: Company = None,
    legal_name: LegalName = None,
    vat_id: VatId = None,
    tax_id: TaxId = None,
    registration: Registration = None,
    street: Street = None,
    post_code: PostCode = None,
    city: City = None,
    country: Country = None,
    wants: Wants = None,
    as_json: Json = False,
) -> None:
    """Say and see what documents name of the company: address, ids, and the answers that it wants as UBL."""
    from postroom.bring_in import company_and_person
    from postroom.settings import installation_here
    from workflows.keeping_details import keep_company

    said = {"legal_name": legal_name, "vat_id": vat_id, "tax_id": tax_id, "registration": registration,
            "street": street, "post_code": post_code, "city": city, "country": country}  # fmt: skip
    installation = installation_here()
    owner, _ = company_and_person(installation, company, None)
    _details(keep_company(installation, owner.id, said, wants), as_json=as_json)


@supplier.command("details")
def supplier_details(
    name: Annotated[str, typer.Argument(help="The supplier's name, number or address.")],
    company: Company = None,
    legal_name: LegalName = None,
    vat_id: VatId = None,
    tax_id: TaxId = None,
    registration: Registration = None,
    street: Street = None,
    post_code: PostCode = None,
    city: City = None,
    country: Country = None,
    wants: Wants = None,
    as_json: Json = False,
) -> None:
    """Say and see what documents name of a supplier: address, ids, and the answers that it wants as UBL."""
    from postroom.bring_in import company_and_person
    from postroom.settings import installation_here
    from workflows.keeping_details import keep_supplier

    said = {"legal_name": legal_name, "vat_id": vat_id, "tax_id": tax_id, "registration": registration,
            "street": street, "post_code": post_code, "city": city, "country": country}  # fmt: skip
    installation = installation_here()
    owner, _ = company_and_person(installation, company, None)
    _details(keep_supplier(installation, owner.id, name, said, wants), as_json=as_json)


@supplier.command("invite")
def supplier_invite(
    name: Annotated[str | None, typer.Argument(help="The supplier's name; asked for if left out.")] = None,
    address: Annotated[str | None, typer.Argument(help="The mail address of your contact there.")] = None,
    contact: Annotated[str, typer.Option(help="The contact's name.")] = "",
    number: Annotated[str | None, typer.Option(help="The supplier's number in your own system.")] = None,
    note: Annotated[str | None, typer.Option(help="Words of yours in the invitation.")] = None,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Invite a supplier by mail."""
    from postroom import asking
    from postroom.bring_in import company_and_person
    from postroom.settings import installation_here
    from workflows.intake import invite_supplier

    installation = installation_here()
    owner, person = company_and_person(installation, company, by)
    said = asking.answers(
        {
            "NAME": asking.Question(name, "The supplier's name", asking.some_words),
            "ADDRESS": asking.Question(address, "The mail address of your contact there", asking.address),
        }
    )
    done = invite_supplier(
        installation, owner.id, by=person, name=said["NAME"], address=said["ADDRESS"], contact=contact,
        external_id=number, note=note,
    )  # fmt: skip
    _told(done, as_json=as_json)


@order.command("import")
def order_import(
    file: Annotated[Path, typer.Argument(help="A UBL Order, a sheet (XLSX, ODS, CSV), or what is read as an order.")],
    supplier: Annotated[str | None, typer.Option(help="Name, number or address, if the file names none.")] = None,
    number: Annotated[str | None, typer.Option(help="The order's number, if the file says none.")] = None,
    dry_run: DryRun = False,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Send the purchase order in a file to its supplier."""
    from postroom.bring_in import order_from
    from postroom.settings import installation_here

    done = order_from(
        installation_here(), file, company=company, by=by, supplier=supplier, number=number, dry_run=dry_run
    )
    _told(done, as_json=as_json)


@order.command("receive")
def order_receive(
    number: Annotated[str, typer.Argument(help="The order's number.")],
    came: Annotated[list[str] | None, typer.Argument(help="Such as 1=5: five of line 1; -2 takes two back.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="All that was still to come.")] = False,
    on: Annotated[str | None, typer.Option(help="The day, such as 2026-12-01; else today.")] = None,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Record what came in of an order, for companies that keep receipts."""
    from postroom.bring_in import company_and_person, received
    from postroom.settings import installation_here
    from workflows.intake import receive_goods

    installation = installation_here()
    owner, person = company_and_person(installation, company, by)
    done = receive_goods(installation, owner.id, number, received(came or [], on, whole=whole), by=person)
    _told(done, as_json=as_json)


@rfp.command("import")
def rfp_import(
    file: Annotated[Path, typer.Argument(help="A sheet (XLSX, ODS, CSV) with headings, or a document with lines.")],
    number: Annotated[str, typer.Option(help="The number of the request, yours.")],
    supplier: Annotated[list[str], typer.Option(help="Whom to ask: name, number or address; again for each.")],
    title: Annotated[str, typer.Option(help="What it is about.")] = "",
    currency: Annotated[str | None, typer.Option(help="ISO 4217; else the company's.")] = None,
    deadline: Annotated[str | None, typer.Option(help="Such as 2026-12-01T17:00, in the company's time zone.")] = None,
    note: Annotated[str | None, typer.Option(help="Words of yours to the suppliers.")] = None,
    dry_run: DryRun = False,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Send a request for proposal for the items in a file."""
    from postroom.bring_in import request_from
    from postroom.settings import installation_here

    done = request_from(
        installation_here(), file, number=number, title=title, currency=currency, deadline=deadline, note=note,
        suppliers=supplier, company=company, by=by, dry_run=dry_run,
    )  # fmt: skip
    _told(done, as_json=as_json)


def _told(done: Performed | Listing, *, as_json: bool) -> None:
    """Say what came of it, or would come of it."""
    from postroom.listing import Listing

    if isinstance(done, Listing):
        typer.echo(done.as_json() if as_json else "\n".join(done.as_text()))
        return
    document = done.document
    named = f"{document.kind.capitalize()} {document.label}"
    if as_json:
        found = {
            "id": document.public_id,
            "number": document.number,
            "status": done.to_status,
            "new": not done.repeated,
        }
        typer.echo(json.dumps(found, ensure_ascii=False))
    elif done.repeated:
        typer.echo(f"{named} was brought in before; nothing was done.")
    else:
        typer.echo(f"{named}: {done.to_status}. The mail is queued; it goes as soon as `postroom serve` runs.")


def _details(kept: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(kept, ensure_ascii=False))
        return
    shown = {name: ", ".join(value) if isinstance(value, list) else str(value) for name, value in kept.items()}
    typer.echo("\n".join(f"{name.replace('_', ' ')}: {text}" for name, text in shown.items()) or "Nothing is kept yet.")
