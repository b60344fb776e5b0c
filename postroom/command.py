"""The command line: every process and every tool starts here. What a command needs is imported when it runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from postroom import reading
from postroom.buyer_commands import Json, Partial, ReplyStyle, company, order, rfp, supplier
from postroom.import_mail import group as import_group
from postroom.layouts import group as layouts_group
from postroom.payments import group as payments_group

app = typer.Typer(
    name="postroom",
    help="Orders, invoices and requests for proposal, done by answering a mail.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
SERVE, TOOLS, BEGIN, BRING_IN = "Processes", "Tools", "To begin", "To bring something in"

for name, group in (
    ("company", company), ("supplier", supplier), ("order", order), ("rfp", rfp), ("payment", payments_group),
    ("import", import_group),
):  # fmt: skip
    app.add_typer(group, name=name, rich_help_panel=BRING_IN)
app.add_typer(layouts_group, name="layouts", rich_help_panel=TOOLS)


def main() -> None:
    """Run the command line; a fault is shown in words, without a traceback unless the log level is debug."""
    from postroom.faults import in_words, unforeseen
    from postroom.logs import configure_logs

    configure_logs(level="warning")  # what a tool prints is its answer; a process says more, as its settings say
    try:
        app()
    except Exception as error:
        words = in_words(error)
        if words is None and os.environ.get("POSTROOM_LOG_LEVEL") == "debug":
            raise
        typer.secho(words or unforeseen(error), fg="red", err=True)
        sys.exit(getattr(error, "exit_code", 1) if words else os.EX_SOFTWARE)


@app.command(rich_help_panel=BEGIN)
def init(
    name: Annotated[str | None, typer.Option("--company", help="Your company's name.")] = None,
    mail_domain: Annotated[str | None, typer.Option(help="The domain of reply addresses.")] = None,
    mailbox: Annotated[str | None, typer.Option(help="The address that suppliers write to.")] = None,
    person: Annotated[str | None, typer.Option(help="Your own name.")] = None,
    address: Annotated[str | None, typer.Option(help="Your own mail address.")] = None,
    reply_style: Annotated[ReplyStyle | None, typer.Option(help="How reply addresses are written.")] = None,
    partial_invoices: Annotated[Partial | None, typer.Option(help="Whether an invoice for a part may pass.")] = None,
    base_url: Annotated[str | None, typer.Option(help="The address of the pages as people see it.")] = None,
    relay_url: Annotated[str | None, typer.Option(help="The mail server that takes our mail.")] = None,
    trusted_relays: Annotated[
        str | None, typer.Option(help="The name that your mail server writes in Authentication-Results.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over the settings that are there.")] = False,
) -> None:
    """Ask what this installation needs to know, write postroom.toml, and add the first company."""
    from postroom.first_settings import begin, first_answers, with_answers

    first = first_answers(
        {"company": name, "mail_domain": mail_domain, "mailbox": mailbox, "person": person, "address": address},
        force=force,
    )
    given = {
        "reply_style": reply_style,
        "partial_invoices": partial_invoices,
        "base_url": base_url,
        "relay_url": relay_url,
        "trusted_relays": trusted_relays,
    }
    begin(first, with_answers(given), force=force)


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
    import signal

    from postroom.demo.play import play

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: the stage is taken down
    raise typer.Exit(play(once=once))


@app.command(rich_help_panel=SERVE)
def serve() -> None:
    """Run everything in one process: mail in, pages, workers, delivery."""
    _run()


@app.command(rich_help_panel=SERVE)
def smtp() -> None:
    """Take mail, and nothing else."""
    _run(frozenset({"smtp"}))


@app.command(rich_help_panel=SERVE)
def imap() -> None:
    """Fetch mail from the IMAP mailboxes that the settings name, and nothing else."""
    _run(frozenset({"imap"}))


@app.command(rich_help_panel=SERVE)
def web() -> None:
    """Serve the pages that links lead to, and nothing else."""
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


@app.command(rich_help_panel=TOOLS)
def doctor(
    mail_round_trip: Annotated[
        bool, typer.Option("--mail-round-trip", help="Also mail a probe to ourselves, and wait until it is back.")
    ] = False,
    wait: Annotated[int, typer.Option(min=1, max=3600, help="Seconds to wait for the probe.")] = 90,
    as_json: Json = False,
) -> None:
    """Look for the usual mistakes and say how to mend each; exit 1 if something must be mended."""
    from postroom.doctor import examine, show
    from postroom.round_trip import examine_mail
    from postroom.settings import load

    settings = load()
    findings = examine(settings)
    if mail_round_trip:
        findings += examine_mail(settings, wait)
    raise typer.Exit(show(findings, as_json=as_json))


@app.command(rich_help_panel=TOOLS)
def status(as_json: Json = False) -> None:
    """How many mails, notices and documents there are, by state."""
    from postroom.settings import installation_here
    from postroom.status import show

    show(installation_here(), as_json=as_json)


@app.command(rich_help_panel=TOOLS)
def read(
    files: Annotated[list[Path], typer.Argument(help="Mails and documents, told apart by their content.")],
    as_json: Json = False,
    engine: Annotated[
        Literal["auto", "text"], typer.Option(help="`text` reads a hybrid PDF by its visible text alone.")
    ] = "auto",
    validate: Annotated[
        bool, typer.Option("--validate", help="Check e-invoices by the full rules of EN 16931 (extra `validate`).")
    ] = False,
) -> None:
    """Read mails and documents and say what stands in them; needs no database."""
    reading.read(files, as_json=as_json, engine=engine, validate=validate)


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
    from postroom.settings import installation_here

    reading.explain(installation_here(), file, as_json=as_json)


@app.command(rich_help_panel=TOOLS)
def replay(
    since: Annotated[str | None, typer.Option(help="Only mails that came since, such as 2026-11-24.")] = None,
    mail: Annotated[list[int] | None, typer.Option(help="Only this mail, by its number; again for each.")] = None,
    act: Annotated[bool, typer.Option("--act", help="Then route again what is in quarantine or failed.")] = False,
    as_json: Json = False,
) -> None:
    """Understand stored mails again with today's code and say what would change; changes nothing without --act."""
    from postroom.replaying import replay as run
    from postroom.settings import installation_here

    run(installation_here(), since, tuple(mail or ()), act=act, as_json=as_json)


def _run(roles: frozenset[str] | None = None) -> None:
    from postroom.processes import ROLES, run
    from postroom.settings import load

    raise typer.Exit(run(load(), roles or ROLES))
