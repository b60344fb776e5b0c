"""`postroom init`: writes the first postroom.toml, makes the secret and the database, and adds the first company."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from postroom import sources
from postroom.errors import PostroomError
from postroom.settings import Settings, installation_of, load

HEAD = "# The settings of this Postroom; docs/settings.md lists them all. The environment wins over this file.\n"


QUESTIONS = {
    "reply_style": (
        "Reply addresses: domain (token@your domain), plus (mailbox+token) or plain (the mailbox alone)",
        ("domain", "plus", "plain"),
    ),
    "partial_invoices": (
        "An invoice for a part of an order at the order's price: a difference that its owner decides, or may it pass",
        ("difference", "pass"),
    ),
    "base_url": ("The address of the pages as people see it, such as https://po.example.com", ()),
    "relay_url": ("The mail server that takes our mail, such as smtp://mail.example.com:25", ()),
}


def with_answers(given: Mapping[str, str | None]) -> dict[str, str]:
    """*given*, and what a person at the terminal answers to the rest; without a terminal the defaults hold."""
    values = {}
    for name, value in given.items():
        question, choices = QUESTIONS[name]
        default = str(Settings.model_fields[name].default) or "http://127.0.0.1:8025"
        if value is None and sys.stdin.isatty():
            value = typer.prompt(question, default=default)
            while choices and value not in choices:
                value = typer.prompt(f"One of {', '.join(choices)}", default=default)
        values[name] = value or default
    return values


def write_settings(values: Mapping[str, str], *, force: bool) -> Path:
    """Write *values* as postroom.toml, after checking them; an existing file is kept unless *force*."""
    path = sources.config_file()
    if path.exists() and not force:
        raise PostroomError(f"{path} is there already: edit it, or run `postroom init --force` to write over it.")
    before = path.read_text("utf-8") if path.exists() else None
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items() if value]
    path.write_text(HEAD + "".join(lines), "utf-8")
    try:
        load()
    except PostroomError:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, "utf-8")
        raise
    return path


def begin(values: Mapping[str, str], *, mailbox: str, person: str, address: str, force: bool) -> None:
    """Write the settings and add the first company with its first person."""
    from postroom.processes import prepare_database
    from workflows.intake import NewCompany, add_company

    for given in (mailbox, address):
        if given.count("@") != 1 or given.startswith("@") or given.endswith("@"):
            raise PostroomError(f"{given} is not a mail address: write it as name@example.com.")
    path = write_settings(values, force=force)
    settings = load()
    installation = installation_of(settings)
    prepare_database(installation)
    add_company(
        installation,
        NewCompany(
            name=values["company"],
            mailbox=mailbox,
            mail_domain=settings.mail_domain,
            owner_name=person,
            owner_address=address,
            reply_style=settings.reply_style,
            partial_invoices=settings.partial_invoices,
        ),
    )
    typer.echo(f"Wrote {path}, and made the database in {settings.data}.")
    typer.echo("Next: `postroom doctor` says what is missing, `postroom serve` starts.")
