"""Operations: what a mail asks to be done, each one call of a workflow with its words and a key of its own.

Actions of one name that a step takes as entries (prices, items) become one operation, so that 200 typed lines are
one event and one version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from inbound.letter import Attachment
from workflows.actions import Action
from workflows.drafting import (
    credit_from_reading,
    draft_from_order,
    draft_from_reading,
    revise_credit_from_reading,
    revise_from_reading,
)
from workflows.engine.act import Act
from workflows.engine.document import Document
from workflows.engine.perform import Performed, perform
from workflows.engine.undoing import UNDO, take_back
from workflows.engine.workflow import Step
from workflows.invoices import EditLine
from workflows.people import Actor, Side
from workflows.reading import DocumentKind, Reading
from workflows.users import invite_user

FROM_ORDER = ("invoice_all", "invoice_line")
"""Reply actions on an order that make an invoice of it."""

INVOICES = frozenset((DocumentKind.INVOICE, DocumentKind.PREPAYMENT_INVOICE, DocumentKind.CREDIT_NOTE))
"""Kinds of documents that become a draft; a reminder or a statement creates nothing."""


INVITE = "invite"
MOST_INVITED = 5
"""People whom one mail brings in."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do: `key` is stable when the same mail is read again, `take` does it and raises refusals.

    `take` is given the version of the document on which it was understood, which deciding steps check.
    """

    key: str
    name: str
    words: str
    deciding: bool
    take: Callable[[Act, int | None], Performed]
    reason: str = ""
    """The words given with it that cross to the other side."""
    file: str | None = None
    """The SHA-256 of the attachment that it is about, which goes along with it."""
    asked_as: str = ""
    """The name of the action that asked for it, where it is not the step's own."""
    cells: tuple[Mapping[str, object], ...] = ()
    """Where it was read from a sheet of ours: the cells, as the read-back lists them (docs/facts.md)."""

    @property
    def turn(self) -> int:
        """When it is taken: what takes something back before what changes something, and what decides last."""
        return 0 if self.name == UNDO else 1 + self.deciding


def step_names(document: Document[Any], actor: Actor) -> dict[str, Step]:
    """The reply actions of *actor*'s side on *document*, each with its step; the step says who of them may take it."""
    steps = [s for s in document.workflow.steps.values() if s.sources and s.who.side is actor.side]
    return {step.entries or step.name: step for step in steps}


def operations_of(
    actions: Sequence[Action],
    document: Document[Any],
    steps: Mapping[str, Step],
    actor: Actor,
    asked_at: datetime | None = None,
) -> list[Operation]:
    """What *actions* ask of *document*, in their order, deciding ones last; *asked_at* is when they were asked for."""
    made: list[Operation] = []
    if undoing := next((action for action in actions if action.name == UNDO), None):
        made.append(_undoing(document.id, undoing, asked_at))
    if document.kind == "order" and actor.side is Side.SUPPLIER:
        made += _from_order(document, [a for a in actions if a.name in (*FROM_ORDER, "invoice_number")])
    if actor.side is Side.SUPPLIER:
        invited = {a.address.lower(): a for a in reversed(actions) if a.name == INVITE and a.address}
        made += [_inviting(document.id, address, action) for address, action in list(invited.items())[:MOST_INVITED]]
    grouped: dict[str, list[Action]] = {}
    for action in actions:
        if action.name in steps:
            grouped.setdefault(action.name, []).append(action)
    for name, group in grouped.items():
        step = steps[name]
        for ordinal, same in enumerate([group] if step.entries else [[a] for a in group]):
            words = " / ".join(dict.fromkeys(a.heard for a in same if a.heard))
            reason = next((a.reason for a in same if a.reason), "")
            taking = _taking(step, document.id, same)
            key = f"{document.id}:{name}:{ordinal}"
            made.append(Operation(key, step.name, words, step.deciding, taking, reason, asked_as=name))
    return sorted(made, key=lambda operation: operation.turn)


def of_document(
    attachment: Attachment,
    reading: Reading,
    document: Document[Any] | None,
    supplier_id: int,
    orders: Mapping[str, int],
    invoices: Sequence[str] = (),
    part: int = 0,
) -> Operation:
    """What an invoice, or a credit note for *invoices*, asks: a draft, or the content of the one that is under way.

    `part` counts the documents of one file.
    """
    key = f"file:{attachment.sha256[:32]}" + (f":{part}" if part else "")
    words = called(attachment, reading, part)
    credit = is_credit(reading)
    kind = "credit_note" if credit else "invoice"
    under_way = document is not None and document.kind == kind and document.status in ("draft", "in_revision")
    same_number = under_way and document is not None and reading.number in (None, document.number)
    if document is not None and same_number:
        found = document

        def revise(act: Act, _version: int | None) -> Performed:
            if credit:
                return revise_credit_from_reading(act, found.id, reading, attachment.sha256, orders, invoices)
            return revise_from_reading(act, found.id, reading, attachment.sha256, orders)

        return Operation(key, "replace", words, False, revise, file=attachment.sha256)

    def draft(act: Act, _version: int | None) -> Performed:
        if credit:
            return credit_from_reading(act, reading, attachment.sha256, supplier_id, orders, invoices)
        return draft_from_reading(act, reading, attachment.sha256, supplier_id, orders)

    return Operation(key, "draft", words, False, draft, file=attachment.sha256)


def called(attachment: Attachment, reading: Reading, part: int = 0) -> str:
    """What a document is called in a read-back: its file's name, and its number where the file holds several."""
    several = bool(part or reading.further)
    return f"{attachment.name}: {reading.number}" if several and reading.number else attachment.name


def _inviting(document_id: int, address: str, action: Action) -> Operation:
    def take(act: Act, _version: int | None) -> Performed:
        return invite_user(document_id, address, act)

    key = hashlib.sha256(address.encode()).hexdigest()[:16]
    return Operation(f"{document_id}:{INVITE}:{key}", INVITE, action.heard or address, False, take)


def _undoing(document_id: int, action: Action, asked_at: datetime | None) -> Operation:
    def take(act: Act, _version: int | None) -> Performed:
        return take_back(document_id, act, asked_at)

    return Operation(f"{document_id}:{UNDO}", UNDO, action.heard or UNDO, True, take)


def is_credit(reading: Reading) -> bool:
    """Whether it credits: an invoice over less than nothing is a credit note, whatever it calls itself."""
    whole = reading.gross if reading.gross is not None else reading.net
    return reading.kind is DocumentKind.CREDIT_NOTE or (
        reading.kind is DocumentKind.INVOICE and whole is not None and whole < 0
    )


def _from_order(document: Document[Any], actions: Sequence[Action]) -> Iterable[Operation]:
    if not any(action.name in FROM_ORDER for action in actions):
        return
    number = next((a.number for a in actions if a.number), None)
    lines = [EditLine(a.n, a.qty, a.price) for a in actions if a.name == "invoice_line" and a.n is not None]
    tax_rate = next((a.tax_rate for a in actions if a.tax_rate is not None), None)
    whole = any(a.name == "invoice_all" for a in actions)
    order_id = document.id

    def draft(act: Act, _version: int | None) -> Performed:
        return draft_from_order(act, order_id, number, wanted=lines, whole=whole, tax_rate=tax_rate)

    words = " / ".join(dict.fromkeys(a.heard for a in actions if a.heard))
    yield Operation(f"{order_id}:invoice", "draft", words, False, draft)


def _taking(step: Step, document_id: int, actions: Sequence[Action]) -> Callable[[Act, int | None], Performed]:
    names = {f.name for f in fields(step.data_type)}
    if step.entries:
        said: dict[str, object] = {"lines": [action.data() for action in actions]}
    else:
        said = {name: value for name, value in actions[0].data().items() if name in names}
    data = step.data.validate_python(said)

    def take(act: Act, version: int | None) -> Performed:
        return perform(step, document_id, data, act, version=version if step.deciding else None)

    return take
