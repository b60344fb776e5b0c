"""`postroom init`: writes the first postroom.toml, makes the secret and the database, and adds the first company."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from postroom import asking, sources
from postroom.errors import PostroomError
from postroom.setting_types import page_address, relay_address
from postroom.settings import installation_of, load

HEAD = "# The settings of this Postroom; docs/settings.md lists them all. The environment wins over this file.\n"


FIRST = {
    "company": ("Your company's name", asking.some_words),
    "mail_domain": (
        "The domain for reply addresses, whose mail comes to Postroom, such as po.example.com",
        asking.domain,
    ),
    "mailbox": ("The address that suppliers write to, such as orders@example.com", asking.address),
    "person": ("Your own name", asking.some_words),
    "address": ("Your own mail address", asking.address),
}

MORE = {
    "reply_style": (
        "Reply addresses: domain (token@your domain), plus (mailbox+token) or plain (the mailbox alone)",
        asking.one_of("domain", "plus", "plain"),
        "domain",
    ),
    "partial_invoices": (
        "An invoice for a part of an order, at its price: a difference for the owner to decide, or may it pass",
        asking.one_of("difference", "pass"),
        "difference",
    ),
    "base_url": (
        "The address of the pages as people see it, such as https://po.example.com",
        asking.as_setting(page_address),
        "http://127.0.0.1:8025",
    ),
    "relay_url": (
        "The mail server that takes our mail, such as smtp://mail.example.com:25",
        asking.as_setting(relay_address),
        "smtp://127.0.0.1:25",
    ),
    "trusted_relays": (
        "The name that your mail server writes first in Authentication-Results; none if you do not know it yet",
        str.strip,
        "none",
    ),
}


def first_answers(given: Mapping[str, str | None], *, force: bool) -> dict[str, str]:
    """Who begins, asked for where not *given*; raises before the first question when there are settings already."""
    _not_there(force=force)
    found = asking.answers(
        {f"--{name.replace('_', '-')}": asking.Question(given[name], *FIRST[name]) for name in FIRST}
    )
    return dict(zip(FIRST, found.values(), strict=True))


def with_answers(given: Mapping[str, str | None]) -> dict[str, str]:
    """*given*, and what a person at the terminal answers to the rest; without a terminal the defaults hold."""
    terminal = sys.stdin.isatty()
    found = asking.answers(
        {
            name: asking.Question(given[name] or (None if terminal else default), words, check, default)
            for name, (words, check, default) in MORE.items()
        }
    )
    return found | {"trusted_relays": found["trusted_relays"].removeprefix("none")}


def write_settings(values: Mapping[str, str], *, force: bool) -> Path:
    """Write *values* as postroom.toml, after checking them; an existing file is kept unless *force*."""
    path = _not_there(force=force)
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


def begin(first: Mapping[str, str], more: Mapping[str, str], *, force: bool) -> None:
    """Write the settings (the first answers and *more*), make the database, and add the first company."""
    from postroom.bring_in import first_company
    from postroom.processes import prepare_database

    path = write_settings({name: first[name] for name in ("company", "mail_domain")} | dict(more), force=force)
    settings = load()
    installation = installation_of(settings)
    prepare_database(installation)
    added = first_company(
        installation, first["company"], first["mailbox"], first["person"], first["address"],
        mail_domain=settings.mail_domain, reply_style=settings.reply_style, partial_invoices=settings.partial_invoices,
    )  # fmt: skip
    typer.echo(f"Wrote {path}; what is kept lies in {settings.data.resolve()}.")
    if not added:
        typer.echo(f"The company with the mailbox {first['mailbox']} was there before and stays as it is.")
    typer.echo("Next: `postroom doctor` says what is missing, `postroom serve` starts.")


def _not_there(*, force: bool) -> Path:
    path = sources.config_file()
    if path.exists() and not force:
        raise PostroomError(f"{path} is there already: edit it, or run `postroom init --force` to write over it.")
    return path
