"""`postroom status`: the numbers by state, for people and for scripts."""

from __future__ import annotations

import json

import typer

from store.counts import counts
from store.installation import Installation
from store.migrate import require_current


def show(installation: Installation, *, as_json: bool) -> None:
    """Print how many mails, notices and documents there are, by state."""
    require_current(installation.database)
    found = counts(installation.database)
    if as_json:
        typer.echo(json.dumps(found))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "state", "number", box=None, header_style="bold")
    table.columns[2].justify = "right"
    for what in ("mails", "notices"):
        for state, number in found[what].items():
            table.add_row(what, state, str(number))
    for kind, states in found["documents"].items():
        for state, number in states.items():
            table.add_row(kind, state, str(number))
    Console().print(table)
