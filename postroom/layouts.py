"""`postroom layouts`: what was learnt of suppliers' documents from corrections, and the command that forgets it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from postroom.buyer_commands import By, Company, Json

group = typer.Typer(
    invoke_without_command=True, help="What was learnt of suppliers' layouts from corrections; list it, or forget it."
)


@group.callback()
def layouts(context: typer.Context, company: Company = None, as_json: Json = False) -> None:
    """List what was learnt of suppliers' layouts from corrections, newest first; `forget` takes one back."""
    if context.invoked_subcommand is not None:
        return
    from postroom.bring_in import company_and_person
    from postroom.settings import installation_here
    from workflows.remembered import learnt_layouts

    installation = installation_here()
    owner, _ = company_and_person(installation, company, None)
    with installation.database.read(owner.id) as session:
        learnt = learnt_layouts(session, owner.id)
    if as_json:
        typer.echo(json.dumps(learnt, ensure_ascii=False, default=lambda moment: moment.isoformat()))
        return
    for one in learnt:
        typer.echo(f"{one['id']}  {one['supplier']}, learnt from {one['document'] or '-'}")
        for field in one["fields"]:
            typer.echo(f"    {field['field']}: {'; '.join(field['at'])}")
    if not learnt:
        typer.echo("Nothing is learnt yet.")


@group.command("forget")
def layouts_forget(
    number: Annotated[int, typer.Argument(help="As `postroom layouts` lists it.")],
    company: Company = None,
    by: By = None,
) -> None:
    """Forget what was learnt from one document; later ones are read without it."""
    from postroom.bring_in import company_and_person
    from postroom.settings import installation_here
    from workflows.remembered import forget

    installation = installation_here()
    owner, person = company_and_person(installation, company, by)
    forget(installation, owner.id, number, by=person)
    typer.echo(f"{number} is forgotten.")
