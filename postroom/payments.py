"""Payments as commands: what the company's own system paid, one by one or from a list."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from postroom.buyer_commands import By, Company, Json
from postroom.errors import FileNotReadable, PostroomError

if TYPE_CHECKING:
    from workflows.paying import PaymentOf

group = typer.Typer(no_args_is_help=True, help="Payments of invoices.")
MOST = 10_000
"""Payments of one list."""


@group.command("record")
def record(
    number: Annotated[str, typer.Argument(help="The number of the invoice, the supplier's.")],
    amount: Annotated[str | None, typer.Option(help="Such as 186.00; else all that is open.")] = None,
    on: Annotated[str | None, typer.Option(help="The day, such as 2026-12-01; else today.")] = None,
    reference: Annotated[str | None, typer.Option(help="What stands on the transfer.")] = None,
    supplier: Annotated[str | None, typer.Option(help="Name, number or address, where two have this number.")] = None,
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Record that an invoice was paid, in whole or in part; its supplier gets a remittance advice."""
    from workflows.paying import PaymentOf
    from workflows.payments import Payment

    try:
        payment = Payment(Decimal(amount) if amount else None, date.fromisoformat(on) if on else None, reference)
    except (InvalidOperation, ValueError) as error:
        raise PostroomError("Write the amount as 186.00 and the day as 2026-12-01.") from error
    _record([PaymentOf(number, payment, supplier)], company, by, as_json=as_json)


@group.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(help="A CSV with the headings number, amount, date, reference, supplier.")],
    company: Company = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Record the payments in a list; what was recorded before is not recorded again."""
    _record(_listed(file), company, by, as_json=as_json)


def _listed(file: Path) -> list[PaymentOf]:
    from workflows.paying import payments_in

    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise FileNotReadable(file, error) from error
    except UnicodeDecodeError as error:
        raise PostroomError(f"{file} is not written in UTF-8. Save it so and try again.") from error
    separator = max(",;\t", key=lines[0].count) if lines else ","
    rows = list(csv.DictReader([lines[0].lower(), *lines[1:]], delimiter=separator)) if lines else []
    if not rows or "number" not in {str(key).strip() for key in rows[0]}:
        raise PostroomError(f"{file} has no payments: begin it with number,amount,date,reference,supplier.")
    if len(rows) > MOST:
        raise PostroomError(f"{file} has more than {MOST} payments: split it.")
    try:
        return payments_in(rows)
    except (InvalidOperation, ValueError) as error:
        raise PostroomError(f"{file}: write amounts as 186.00 and days as 2026-12-01.") from error


def _record(payments: list[PaymentOf], company: str | None, by: str | None, *, as_json: bool) -> None:
    """Record each, say what came of it, and fail in the end where one could not be recorded."""
    from postroom.bring_in import company_and_person
    from postroom.settings import installation_here
    from workflows.errors import Refusal
    from workflows.paying import record_payment

    installation = installation_here()
    owner, person = company_and_person(installation, company, by)
    failed = 0
    for one in payments:
        try:
            done = record_payment(installation, owner.id, one, by=person)
        except Refusal as refusal:
            failed += 1
            said: dict[str, object] = {"number": one.number, "recorded": False, "why": str(refusal)}
        else:
            said = {"number": one.number, "recorded": not done.repeated, "status": done.document.status.value}
        typer.echo(json.dumps(said, ensure_ascii=False) if as_json else _in_words(said))
    if failed:
        raise PostroomError(f"{failed} of {len(payments)} payments could not be recorded.")


def _in_words(said: dict[str, object]) -> str:
    if "why" in said:
        return f"{said['number']}: {said['why']}"
    return f"{said['number']}: {said['status']}{'' if said['recorded'] else ', recorded before'}"
