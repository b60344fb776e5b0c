"""Order confirmations among the attachments: found by the orders that they name, made operations like words are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from inbound.confirmations import confirmed, orders_meant
from inbound.letter import Attachment
from inbound.operations import Operation
from inbound.papers import Entry, entry_of
from inbound.sheet_answers import SheetSaid, contradictions
from inbound.sheets_back import CONTRADICTED, operations_said
from templates.words import N_
from workflows.actions import Action, Question
from workflows.drafting import orders_named
from workflows.engine.document import Document, load
from workflows.people import Actor
from workflows.reading import DocumentKind, Reading

AGREES: Final = N_("Agrees with the order %(order)s, which is confirmed already.")
TOO_LATE: Final = N_(
    "%(name)s differs from the order %(order)s, which is confirmed already. Please write what shall hold, and why."
)
OVER: Final = N_("The order %(order)s is over (%(status)s). What does %(name)s confirm?")
REFUSES: Final = N_("%(name)s refuses the order. If that is meant, please reply with: refuse: your reason")
RETURNED: Final = N_("%(name)s is our order %(order)s. Do you confirm it as it is?")
_ANSWERABLE: Final = ("sent", "countered")
MOST_ORDERS: Final = 20
"""Orders that one confirmation is compared with."""


@dataclass(slots=True)
class Confirming:
    """What a confirmation asks: operations, questions, entries of what was understood.

    `dropped` are the names of actions in the mail's words that it stands for, or contradicts.
    """

    operations: list[Operation] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    told: list[Entry] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)


def confirmation(
    session: Session,
    company_id: int,
    actor: Actor,
    attachment: Attachment,
    reading: Reading,
    about: Document[Any] | None,
    spoken: Sequence[Action],
) -> Confirming:
    """What the order confirmation in *attachment* asks of the orders that it names; *spoken* are the mail's words."""
    made, name = Confirming(), attachment.name or "order confirmation"
    assert actor.supplier_id is not None
    named = orders_named(session, company_id, actor.supplier_id, reading.orders)
    ids, question = orders_meant(reading, named, about, name)
    if question is not None:
        code, text, params = question
        made.questions.append(Question(code, text, tuple(params.items())))
        return made
    orders = [load(session, order_id) for order_id in ids[:MOST_ORDERS]]
    said = confirmed(reading, orders, name)
    for document in orders:
        same = about is not None and about.id == document.id
        _take(made, document, said[document.id], attachment, name, actor, spoken if same else (), same=same)
    return made


def _take(
    made: Confirming,
    document: Document[Any],
    said: SheetSaid,
    attachment: Attachment,
    name: str,
    actor: Actor,
    spoken: Sequence[Action],
    *,
    same: bool,
) -> None:
    acknowledges = any(action.name == "acknowledge" for action in said.actions)
    if document.status.value not in _ANSWERABLE:
        _say_late(made, document, said, name, acknowledges=acknowledges)
        return
    # "We confirm your order as attached": the words mean what the document says.
    words = [action for action in spoken if action.name != "acknowledge"]
    if any(action.name == "acknowledge" for action in spoken):
        made.dropped.add("acknowledge")
    against = [action for action, _, _ in _contradicting(said, words, acknowledges=acknowledges)]
    for what in dict.fromkeys(against):
        said.ask("confirmation_contradicted", CONTRADICTED, name=name, what=what)
    if against:
        made.dropped |= {action.name for action in words}
        said.actions.clear()
    made.questions += said.questions
    made.operations += operations_said(said, document, attachment, actor, same=same)


def _contradicting(
    said: SheetSaid, words: Sequence[Action], *, acknowledges: bool
) -> list[tuple[str, Action, Action | None]]:
    """What the words and the document say differently: what about, and both."""
    found: list[tuple[str, Action, Action | None]] = [
        (f"step:{what}" if spoken.n is None else str(spoken.n), spoken, cells)
        for what, spoken, cells in contradictions(said, words)
    ]
    if acknowledges:
        found += [(str(action.n), action, None) for action in words if action.name == "counter_line"]
    return found


def _say_late(made: Confirming, document: Document[Any], said: SheetSaid, name: str, *, acknowledges: bool) -> None:
    """A confirmation of an order that needs none: it does nothing, but nothing in it goes unsaid."""
    order = document.label
    if document.status.value != "acknowledged":
        status = f"status:order.{document.status.value}"
        made.questions.append(
            Question("confirmation_over", OVER, (("name", name), ("order", order), ("status", status)))
        )
    elif acknowledges:
        agrees = {"text": AGREES, "params": {"order": order}}
        made.told.append(entry_of(name, DocumentKind.ORDER_CONFIRMATION, agrees))
    elif said.actions:
        made.questions.append(Question("confirmation_late", TOO_LATE, (("name", name), ("order", order))))
    else:
        made.questions += said.questions


def refusal(attachment: Attachment) -> Question:
    """What to ask where a machine's answer refuses an order: a refusal needs its reason."""
    return Question("confirmation_refused", REFUSES, (("name", attachment.name or "order response"),))


def returned(attachment: Attachment, order: Document[Any]) -> Question:
    """What to ask where our own order came back and no word says what that means."""
    return Question("order_returned", RETURNED, (("name", attachment.name or "order"), ("order", order.label)))
