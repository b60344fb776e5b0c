"""Papers that ask for nothing: kept with the order that they name, or answered with the status of what they list.

A delivery note, a pro forma invoice, a quote, a remittance: kept and said. Each invoice in a reminder or a statement is
looked up among this supplier's own, and answered; nothing is created.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from inbound.letter import Attachment
from templates.words import N_, label
from workflows.drafting import invoice_numbers, orders_named
from workflows.duplicates import numbered, plain_number
from workflows.engine.document import Document, load_many
from workflows.reading import DocumentKind, Reading

KEPT_WITH: Final = N_("Kept with %(document)s; nothing else was made of it.")
NOT_YET: Final = N_("Kept with %(document)s. It asks for no payment here: please send the invoice itself, too.")
NOT_RECEIVED: Final = N_("Not received. Please reply to this mail with this invoice attached.")
ANSWERED: Final = N_("The status of each invoice in it follows; nothing else was made of it.")
LISTS_NOTHING: Final = N_("No invoice could be read in it. Please write us their numbers.")
MORE: Final = N_("and %(n)s more; please ask for them by their numbers")
PAID: Final = N_("Paid: %(paid)s, on %(day)s, reference %(reference)s")
PAID_IN_PART: Final = N_(
    "Paid in part: %(paid)s, last on %(day)s, reference %(reference)s; %(open)s is still to be paid"
)
LISTING: Final = frozenset({DocumentKind.REMINDER, DocumentKind.STATEMENT})
MOST_LISTED: Final = 60
"""Invoices of a statement that one answer tells."""

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that is kept: its SHA-256, what to say of it, and the document it belongs to, if it names one."""

    sha256: str
    entry: Entry
    sentence: str
    document_id: int | None = None

    def kept_with(self, document: Document[Any]) -> Entry:
        """The entry of what was understood, when it is kept with *document*."""
        return {**self.entry, "outcome": {"text": self.sentence, "params": {"document": document.label}}}


def entry_of(name: str, kind: DocumentKind, outcome: object = "") -> dict[str, object]:
    """What is said of a file that was read as *kind*."""
    return {"words": name, "action": f"read_{kind.value}", "outcome": outcome}


def paper(
    session: Session, company_id: int, supplier_id: int, attachment: Attachment, reading: Reading, name: str
) -> Paper:
    """The file, called *name*, to keep with the one order that it names, else with what the mail is about."""
    named = orders_named(session, company_id, supplier_id, reading.orders)
    sentence = NOT_YET if reading.kind is DocumentKind.PROFORMA else KEPT_WITH
    order_id = next(iter(named.values())) if len(named) == 1 else None
    return Paper(attachment.sha256, entry_of(name, reading.kind), sentence, order_id)


def statuses_listed(
    session: Session, company_id: int, supplier_id: int, reading: Reading, name: str
) -> tuple[Entry, ...]:
    """What is answered to a reminder or a statement: it, and behind it each invoice that it lists, with its status."""
    numbers = list(dict.fromkeys(line.invoice for line in reading.lines if line.invoice))
    if not numbers:
        return (entry_of(name, reading.kind, LISTS_NOTHING),)
    told: list[Entry] = [entry_of(name, reading.kind, ANSWERED)]
    listed = numbers[:MOST_LISTED]
    known: dict[str, list[Document[Any]]] = {}
    for document in load_many(session, numbered(session, company_id, supplier_id, listed)):
        known.setdefault(plain_number(document.number or ""), []).append(document)
    unknown = [number for number in listed if plain_number(number) not in known]
    bare = _without_letters(session, company_id, supplier_id) if unknown else {}
    for number in listed:
        told += _status(number, known.get(plain_number(number)) or _alike(number, bare))
    if len(numbers) > MOST_LISTED:
        more = {"text": MORE, "params": {"n": str(len(numbers) - MOST_LISTED)}}
        told.append({"words": "", "action": "", "outcome": more})
    return tuple(told)


def _without_letters(session: Session, company_id: int, supplier_id: int) -> dict[str, list[Document[Any]]]:
    """The supplier's invoices by their numbers without the letters before them, which lists often leave out."""
    numbers = invoice_numbers(session, company_id, supplier_id)
    found: dict[str, list[Document[Any]]] = {}
    for document in load_many(session, numbered(session, company_id, supplier_id, numbers)):
        found.setdefault(_digits(document.number or ""), []).append(document)
    return found


def _alike(number: str, bare: Mapping[str, Sequence[Document[Any]]]) -> Sequence[Document[Any]]:
    """Those whose number is *number* but for letters that only one of both has: GS-7 is not RE-7."""
    found = bare.get(_digits(number), ())
    return [d for d in found if number[:1].isdigit() or (d.number or "")[:1].isdigit()]


def _digits(number: str) -> str:
    """A number without the letters before it; all of it, where it is letters alone."""
    plain = plain_number(number)
    return plain.lstrip("".join(c for c in plain if c.isalpha())) or plain


def _status(number: str, documents: Sequence[Document[Any]]) -> list[Entry]:
    if not documents:
        return [{"words": number, "action": "invoice", "outcome": NOT_RECEIVED}]
    return [
        {
            "words": d.label if plain_number(d.label) != plain_number(number) else number,
            "action": d.kind,
            "outcome": _outcome(d),
        }
        for d in sorted(documents, key=lambda one: one.id)
    ]


def _outcome(document: Document[Any]) -> object:
    """The status, with what was paid and when where something was."""
    payments = document.content.payments if document.kind == "invoice" else ()
    if not payments:
        return label("status", document.status.value, str)
    last = payments[-1]
    paid, still = sum((one.amount for one in payments), Decimal(0)), document.content.still_open
    params = {"paid": _money(paid, document), "day": last.paid_on.isoformat(), "reference": last.reference or "-"}
    if still:
        return {"text": PAID_IN_PART, "params": {**params, "open": _money(still, document)}}
    return {"text": PAID, "params": params}


def _money(amount: Decimal, document: Document[Any]) -> str:
    return f"{amount:.2f} {document.currency or ''}".strip()
