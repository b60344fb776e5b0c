"""The command line: every process and every tool starts here. What a command needs is imported when it runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from postroom import reading

if TYPE_CHECKING:
    from workflows.engine.perform import Performed

app = typer.Typer(
    name="postroom",
    help="Orders, invoices and requests for proposal, done by answering a mail.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
company = typer.Typer(no_args_is_help=True, help="The buying companies on this installation.")
supplier = typer.Typer(no_args_is_help=True, help="The suppliers of a company.")
order = typer.Typer(no_args_is_help=True, help="Purchase orders.")
rfp = typer.Typer(no_args_is_help=True, help="Requests for proposal.")
for name, group in (("company", company), ("supplier", supplier), ("order", order), ("rfp", rfp)):
    app.add_typer(group, name=name)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Company = Annotated[str | None, typer.Option("--company", help="Its mailbox or name; not needed where there is one.")]
By = Annotated[str | None, typer.Option("--by", help="The address of who acts; else the company's first person.")]
ReplyStyle = Literal["domain", "plus", "plain"]
Partial = Literal["difference", "pass"]
SERVE, TOOLS, BEGIN = "Processes", "Tools", "To begin"


def main() -> None:
    """Run the command line; a fault that a person can mend is shown in words, without a traceback."""
    from postroom.faults import in_words

    try:
        app()
    except Exception as error:
        words = in_words(error)
        if words is None:
            raise
        typer.secho(words, fg="red", err=True)
        sys.exit(getattr(error, "exit_code", 1))


@app.command(rich_help_panel=SERVE)
def serve() -> None:
    """Run everything in one process: mail in, pages, workers, delivery."""
    _run()


@app.command(rich_help_panel=SERVE)
def smtp() -> None:
    """Take mail, and nothing else."""
    _run(frozenset({"smtp"}))


@app.command(rich_help_panel=SERVE)
def web() -> None:
    """Serve the signed pages and the API, and nothing else."""
    _run(frozenset({"web"}))


@app.command(rich_help_panel=SERVE)
def worker() -> None:
    """Act on mails, deliver notices and fire timers, and nothing else."""
    _run(frozenset({"worker"}))


@app.command(rich_help_panel=SERVE)
def deliver(
    sender: Annotated[str | None, typer.Option(help="The envelope sender; else Return-Path.")] = None,
    recipient: Annotated[
        list[str] | None, typer.Option(help="An envelope recipient; else X-Original-To, Delivered-To.")
    ] = None,
) -> None:
    """Take one mail from standard input, for a pipe of Postfix or procmail; exits as sysexits says (0, 65, 67, 75)."""
    from postroom.pipe import deliver_stdin

    raise typer.Exit(deliver_stdin(sender, tuple(recipient or ())))


@app.command(rich_help_panel=BEGIN)
def init(
    name: Annotated[str, typer.Option("--company", prompt="Your company's name")],
    mail_domain: Annotated[
        str, typer.Option(prompt="The domain for reply addresses, whose mail comes to Postroom, such as po.example.com")
    ],
    mailbox: Annotated[str, typer.Option(prompt="The address that suppliers write to, such as orders@example.com")],
    person: Annotated[str, typer.Option(prompt="Your own name")],
    address: Annotated[str, typer.Option(prompt="Your own mail address")],
    reply_style: Annotated[ReplyStyle | None, typer.Option(help="How reply addresses are written.")] = None,
    partial_invoices: Annotated[Partial | None, typer.Option(help="Whether an invoice for a part may pass.")] = None,
    base_url: Annotated[str | None, typer.Option(help="The address of the pages as people see it.")] = None,
    relay_url: Annotated[str | None, typer.Option(help="The mail server that takes our mail.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over the settings that are there.")] = False,
) -> None:
    """Ask what this installation needs to know, write postroom.toml, and add the first company."""
    from postroom.first_settings import begin, with_answers

    given = {
        "reply_style": reply_style,
        "partial_invoices": partial_invoices,
        "base_url": base_url,
        "relay_url": relay_url,
    }
    values = {"company": name, "mail_domain": mail_domain, **with_answers(given)}
    begin(values, mailbox=mailbox, person=person, address=address, force=force)


@app.command(rich_help_panel=BEGIN)
def migrate() -> None:
    """Bring the database to the schema of this version; run it before the new version starts."""
    from postroom.settings import installation_of, load
    from store.migrate import migrate as run

    typer.echo(f"The database is at {run(installation_of(load()).database)}.")


@app.command(rich_help_panel=BEGIN)
def demo(
    once: Annotated[bool, typer.Option("--once", help="End when the story is told; exit 1 if a step failed.")] = False,
) -> None:
    """Play the story of one purchase over real SMTP and HTTP, and stay open for a look around."""
    from postroom.demo.play import play

    raise typer.Exit(play(once=once))


@app.command(rich_help_panel=TOOLS)
def doctor(as_json: Json = False) -> None:
    """Look for the usual mistakes and say how to mend each; exit 1 if something must be mended."""
    from postroom.doctor import examine, show
    from postroom.settings import load

    raise typer.Exit(show(examine(load()), as_json=as_json))


@app.command(rich_help_panel=TOOLS)
def status(as_json: Json = False) -> None:
    """How many mails, notices and documents there are, by state."""
    from postroom.settings import installation_of, load
    from postroom.status import show

    show(installation_of(load()), as_json=as_json)


@app.command(rich_help_panel=TOOLS)
def read(
    files: Annotated[list[Path], typer.Argument(help="Mails and documents, told apart by their content.")],
    as_json: Json = False,
    engine: Annotated[
        Literal["auto", "text"], typer.Option(help="`text` reads a hybrid PDF by its visible text alone.")
    ] = "auto",
) -> None:
    """Read mails and documents and say what stands in them; needs no database."""
    reading.read(files, as_json=as_json, engine=engine)


@app.command(rich_help_panel=TOOLS)
def understand(
    file: Annotated[Path, typer.Argument(help="One JSON object a line, as docs/contract.md describes; - is stdin.")],
    as_json: Json = False,
) -> None:
    """Say what answers mean, each in its situation; needs no database."""
    reading.understand(file, as_json=as_json)


@app.command(rich_help_panel=TOOLS)
def explain(
    file: Annotated[Path, typer.Argument(help="A mail.")],
    as_json: Json = False,
) -> None:
    """Say how a mail would be understood here, step by step with reasons; changes nothing."""
    from postroom.settings import installation_of, load

    reading.explain(installation_of(load()), file, as_json=as_json)


@company.command("add")
def company_add(
    name: Annotated[str, typer.Option(prompt="The company's name")],
    mailbox: Annotated[str, typer.Option(prompt="The address that suppliers write to")],
    person: Annotated[str, typer.Option(prompt="The name of its first person")],
    address: Annotated[str, typer.Option(prompt="Their mail address")],
    mail_domain: Annotated[str | None, typer.Option(help="Of its reply addresses; else the installation's.")] = None,
    reply_style: Annotated[ReplyStyle | None, typer.Option(help="Else the installation's.")] = None,
    partial_invoices: Annotated[Partial | None, typer.Option(help="Else the installation's.")] = None,
    language: Annotated[str, typer.Option(help="Of its people, unless they say otherwise.")] = "en",
    currency: Annotated[str, typer.Option(help="ISO 4217.")] = "EUR",
    time_zone: Annotated[str, typer.Option(help="Such as Europe/Berlin.")] = "UTC",
) -> None:
    """Add a buying company and its first person."""
    from postroom.settings import installation_of, load
    from workflows.intake import NewCompany, add_company

    settings = load()
    add_company(
        installation_of(settings),
        NewCompany(
            name=name,
            mailbox=mailbox,
            mail_domain=mail_domain or settings.mail_domain,
            owner_name=person,
            owner_address=address,
            reply_style=reply_style or settings.reply_style,
            language=language,
            currency=currency,
            time_zone=time_zone,
            partial_invoices=partial_invoices or settings.partial_invoices,
        ),
    )
    typer.echo(f"{name} is there. Next: postroom supplier invite")


@supplier.command("invite")
def supplier_invite(
    name: Annotated[str, typer.Option(prompt="The supplier's name")],
    address: Annotated[str, typer.Option(prompt="The mail address of your contact there")],
    contact: Annotated[str, typer.Option(help="The contact's name.")] = "",
    number: Annotated[str | None, typer.Option(help="The supplier's number in your own system.")] = None,
    note: Annotated[str | None, typer.Option(help="Words of yours in the invitation.")] = None,
    company: Company = None,
    by: By = None,
) -> None:
    """Invite a supplier by mail."""
    from postroom.bring_in import company_and_person
    from postroom.settings import installation_of, load
    from workflows.intake import invite_supplier

    installation = installation_of(load())
    owner, person = company_and_person(installation, company, by)
    invite_supplier(
        installation, owner.id, by=person, name=name, address=address, contact=contact, external_id=number, note=note
    )
    typer.echo(f"The invitation to {name} is queued.")


@order.command("import")
def order_import(
    file: Annotated[Path, typer.Argument(help="A UBL Order, or another document that is read as an order.")],
    supplier: Annotated[str | None, typer.Option(help="Name, number or address, if the file names none.")] = None,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Send the purchase order in a file to its supplier."""
    from postroom.bring_in import order_from
    from postroom.settings import installation_of, load

    _told(order_from(installation_of(load()), file, company=company, by=by, supplier=supplier), as_json=as_json)


@rfp.command("import")
def rfp_import(
    file: Annotated[Path, typer.Argument(help="A CSV with text,quantity,unit,buyer_sku, or a document with lines.")],
    number: Annotated[str, typer.Option(prompt="The number of the request")],
    supplier: Annotated[list[str], typer.Option(help="Whom to ask: name, number or address; again for each.")],
    title: Annotated[str, typer.Option(help="What it is about.")] = "",
    currency: Annotated[str | None, typer.Option(help="ISO 4217; else the company's.")] = None,
    deadline: Annotated[str | None, typer.Option(help="Such as 2026-12-01T17:00, in the company's time zone.")] = None,
    note: Annotated[str | None, typer.Option(help="Words of yours to the suppliers.")] = None,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Send a request for proposal for the items in a file."""
    from postroom.bring_in import request_from
    from postroom.settings import installation_of, load

    done = request_from(
        installation_of(load()), file, number=number, title=title, currency=currency, deadline=deadline, note=note,
        suppliers=supplier, company=company, by=by,
    )  # fmt: skip
    _told(done, as_json=as_json)


def _told(done: Performed, *, as_json: bool) -> None:
    """Say what came of it."""
    document = done.document
    if as_json:
        found = {
            "id": document.public_id,
            "number": document.number,
            "status": done.to_status,
            "new": not done.repeated,
        }
        typer.echo(json.dumps(found, ensure_ascii=False))
    elif done.repeated:
        typer.echo(f"{document.label} was brought in before; nothing was done.")
    else:
        typer.echo(f"{document.label} is {done.to_status}; the mail is queued.")


def _run(roles: frozenset[str] | None = None) -> None:
    from postroom.processes import ROLES, run
    from postroom.settings import load

    raise typer.Exit(run(load(), roles or ROLES))
