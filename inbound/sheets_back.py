"""Sheets of ours among the attachments: found by the document that they name, made operations like words are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from inbound.letter import Attachment
from inbound.operations import Operation, of_document, operations_of, step_names
from inbound.sheet_answers import (
    SheetSaid,
    amount,
    answers_by_line,
    contradictions,
    of_order,
    of_request,
    whole,
)
from store.documents import Document as Row
from templates.words import N_
from workflows.actions import Action, Question
from workflows.engine.act import Act
from workflows.engine.document import Document, load
from workflows.engine.perform import Performed
from workflows.people import Actor
from workflows.reading import DocumentKind, Form, Reading, ReadLine

NOT_YOURS: Final = N_("%(name)s is a sheet of ours, but for no document of yours; nothing was done.")
NOTHING_INVOICED: Final = N_("%(name)s invoices nothing. Which quantities do you invoice?")
NO_NUMBER: Final = N_("%(name)s has no invoice number and says nothing new. Do you invoice the whole order?")
NO_PRICE: Final = N_("There is no price for item %(n)s in %(name)s. What does it cost?")
CONTRADICTED: Final = N_("Your mail and %(name)s say different things about %(what)s. Which is right?")
_CENT: Final = Decimal("0.01")
_KINDS: Final = {"order": "order", "invoice": "order", "request": "proposal"}


@dataclass(frozen=True, slots=True)
class CameBack:
    """What a sheet of ours asks: operations, questions, words for the note; `unread` where it is for nobody here."""

    operations: tuple[Operation, ...] = ()
    questions: tuple[Question, ...] = ()
    note: str = ""
    unread: str | None = None
    dropped: frozenset[str] = frozenset()
    """Names of actions in the mail's words that the sheet contradicts: neither is done."""
    untouched: Question | None = None
    """What to ask where nothing was filled in and the mail says nothing else."""


def came_back(
    session: Session,
    company_id: int,
    actor: Actor,
    attachment: Attachment,
    form: Form,
    about: Document[Any] | None,
    spoken: Sequence[Action],
    today: date,
) -> CameBack:
    """What *form*, a sheet in *attachment*, asks of the document that it names; *spoken* are the mail's own actions."""
    document = _document(session, company_id, actor.supplier_id, form)
    if document is None:
        return CameBack(unread=NOT_YOURS)
    name = attachment.name or "sheet"
    same = about is not None and about.id == document.id
    spoken = spoken if same else ()
    if form.name == "invoice":
        return _invoice(form, document, attachment, name, about, actor, today)
    reader = of_order if form.name == "order" else of_request
    said = reader(form, document, name)
    dropped: set[str] = set()
    for what, words, cells in list(contradictions(said, spoken)):
        dropped |= {words.name}
        said.ask(
            "sheet_contradicted", CONTRADICTED, name=name, what=f"step:{what}" if words.n is None else str(words.n)
        )
        said.actions = [a for a in said.actions if a is not cells and a.name not in ("acknowledge", "refuse")]
    return CameBack(
        tuple(operations_said(said, document, attachment, actor, same=same)),
        tuple(said.questions),
        said.note,
        dropped=frozenset(dropped),
        untouched=said.untouched,
    )


def _document(session: Session, company_id: int, supplier_id: int | None, form: Form) -> Document[Any] | None:
    """The document that a sheet names, if it is one of this supplier's: a key in a cell proves nothing."""
    if supplier_id is None or not form.document:
        return None
    found = session.scalars(
        select(Row.id).where(
            Row.company_id == company_id,
            Row.supplier_id == supplier_id,
            Row.public_id == form.document,
            Row.kind == _KINDS[form.name],
        )
    ).first()
    return None if found is None else load(session, found)


def operations_said(
    said: SheetSaid, document: Document[Any], attachment: Attachment, actor: Actor, *, same: bool
) -> list[Operation]:
    """What a file asks of *document*, which is the *same* that the mail's thread is about, or another."""
    made = operations_of(said.actions, document, step_names(document, actor), actor)
    by_step = {"counter": "counter_line", "quote": "quote_line", "no_bid": "no_bid"}
    found = []
    for at, operation in enumerate(made):
        cells = said.cells.get(by_step.get(operation.name, operation.name), [])
        found.append(
            replace(
                operation,
                key=f"sheet:{attachment.sha256[:24]}:{operation.key}",
                cells=tuple(cells),
                file=attachment.sha256 if at == 0 else None,
                take=operation.take if same else _as_read(operation.take, document.version),
            )
        )
    return found


def _as_read(take: Callable[[Act, int | None], Performed], version: int) -> Callable[[Act, int | None], Performed]:
    """The operation on a document that is not the thread's own: it holds for the version that was looked at."""

    def taken(act: Act, _thread: int | None) -> Performed:
        return take(act, version)

    return taken


def _invoice(
    form: Form,
    document: Document[Any],
    attachment: Attachment,
    name: str,
    about: Document[Any] | None,
    actor: Actor,
    today: date,
) -> CameBack:
    """An invoice sheet: a reading like any other invoice's, its lines paired by the ids that they carry."""
    said = SheetSaid()
    by_line = answers_by_line(form, document, name, said)
    order = document.content
    lines: list[ReadLine] = []
    touched = False
    for line in order.lines:
        answers = by_line.get(line.n, {})
        quantity = amount(answers.get("quantity"), None, name, said)
        if not quantity:  # left out, emptied or 0: not on this invoice
            touched = touched or line.quantity is not None
            continue
        price = amount(answers.get("price"), document.currency, name, said)
        if price is None:
            said.ask("price", NO_PRICE, n=line.n, name=name)
            continue
        rate = amount(answers.get("tax_rate"), None, name, said)
        for key, shown, new, old in (
            ("quantity", "quantity", quantity, line.quantity),
            ("price", "unit_price", price, line.unit_price),
        ):
            if new != old:
                touched = True
                said.cell("draft", line, answers[key], shown, old, document.currency)
        net = (quantity * price / (line.base_quantity or Decimal(1))).quantize(_CENT, ROUND_HALF_UP)
        lines.append(
            ReadLine(
                str(line.n), order.number, str(line.n), line.buyer_sku, line.seller_sku, line.text, quantity, line.unit,
                price, line.base_quantity, net, rate,
            )
        )  # fmt: skip
    number = whole(form, "number", name, said)
    issued, due = (whole(form, key, name, said) for key in ("issue_date", "due_date"))
    if not (touched or number or issued or due or said.questions):  # ours as we sent it: nobody invoices anything
        return CameBack(untouched=Question("sheet_untouched", NO_NUMBER, (("name", name),)))
    if not lines and not said.questions:
        said.ask("sheet_empty", NOTHING_INVOICED, name=name)
    if not lines or said.questions:  # a draft of a part would look like the whole
        return CameBack((), tuple(said.questions))
    reading = Reading(
        DocumentKind.INVOICE,
        number=number,
        issue_date=date.fromisoformat(issued) if issued else today,
        due_date=date.fromisoformat(due) if due else None,
        currency=document.currency,
        orders=(order.number,),
        lines=tuple(lines),
        **_totals(lines),
    )
    operation = of_document(attachment, reading, about, actor.supplier_id or 0, {order.number: document.id})
    return CameBack((replace(operation, cells=tuple(said.cells.get("draft", ()))),), tuple(said.questions))


def _totals(lines: Sequence[ReadLine]) -> dict[str, Any]:
    """Net, and tax and total where every line states its rate."""
    net = sum((line.net or Decimal(0) for line in lines), Decimal(0))
    if any(line.tax_rate is None for line in lines):
        return {"net": net}
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.tax_rate or Decimal(0)
        by_rate[rate] = by_rate.get(rate, Decimal(0)) + (line.net or Decimal(0))
    tax = sum(((part * rate / 100).quantize(_CENT, ROUND_HALF_UP) for rate, part in by_rate.items()), Decimal(0))
    return {"net": net, "tax": tax, "gross": net + tax, "due": net + tax}
