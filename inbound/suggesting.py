"""What a mail without a home may be about: the supplier and the order that its words and its attachments point to.

A suggestion acts on nothing: it stands beside the mail for a person of the company, with its reasons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from inbound.domains import domain_of
from inbound.letter import Attachment, Letter
from store.documents import Document
from store.parties import Supplier
from templates.words import N_
from workflows.reading import DocumentKind, Reading
from workflows.remaining import OPEN_ORDERS

NAMES_ORDER = N_("It names the order %(order)s.")
SAME_TAX_ID = N_("The seller's tax number is %(supplier)s's.")
SAME_ACCOUNT = N_("The account is %(supplier)s's.")
SAME_NAME = N_("The seller is called %(supplier)s.")
SAME_DOMAIN = N_("Mail from %(domain)s is %(supplier)s's.")

MOST_FILES = 5
"""So many attachments of a stranger's are read."""
MOST_ROWS = 2_000
_NUMBER = re.compile(r"[\w./-]{3,40}")
_LOOKED_AT = 4_000
_EMPTY_WORDS = re.compile(r"\b(gmbh|ag|kg|ltd|limited|inc|llc|corp|co|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|sp|z|o)\b|\W")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The supplier and the order that a mail may be about, why, and what its attachments say."""

    supplier_id: int | None = None
    order_id: int | None = None
    because: tuple[tuple[str, dict[str, str]], ...] = ()
    documents: tuple[dict[str, Any], ...] = ()

    def in_words(self) -> str:
        """For an explanation."""
        files = ", ".join(f"{one['kind']} {one['number'] or 'without a number'}" for one in self.documents) or "none"
        why = " ".join(text % params for text, params in self.because)
        return f"{why or 'nothing points to one supplier'} Documents: {files}"

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "supplier": self.supplier_id,
            "order": self.order_id,
            "because": [{"text": text, "params": params} for text, params in self.because],
            "documents": list(self.documents),
        }


def suggest(
    session: Session,
    company_id: int,
    letter: Letter,
    read: Callable[[Attachment, Sequence[str]], Reading | None],
    supplier_id: int | None = None,
) -> Suggestion:
    """Read the attachments and find what they and the subject point to; *supplier_id* is known where it is proved."""
    suppliers = session.execute(
        select(Supplier.id, Supplier.name, Supplier.mail_domain, Supplier.profile)
        .where(Supplier.company_id == company_id)
        .limit(MOST_ROWS)
    ).all()
    numbers = _open_numbers(session, company_id)
    readings = [(file, read(file, numbers)) for file in letter.files()[:MOST_FILES]]
    every = [(file, one) for file, reading in readings if reading is not None for one in reading.documents]
    known = [(f, r) for f, r in every if not (r.kind is DocumentKind.OTHER and not r.defects)]
    votes: Counter[int] = Counter()
    because: dict[int, list[tuple[str, dict[str, str]]]] = {}
    orders: dict[int, list[int]] = {}

    def vote(party: int, weight: int, text: str, **params: str) -> None:
        if (text, params) not in because.setdefault(party, []):
            votes[party] += weight
            because[party].append((text, params))

    named = {number for _, reading in known for number in reading.orders}
    words = _NUMBER.findall(_words(letter))[:200]
    # a number may stand at the end of a sentence
    for row in _orders(session, company_id, named | {*words, *(word.rstrip(".") for word in words)}):
        vote(row.supplier_id, 4 if row.number in named else 2, NAMES_ORDER, order=row.number)
        orders.setdefault(row.supplier_id, []).append(row.id)
    domain = domain_of(letter.author or "")
    for one in suppliers:
        profile = one.profile if isinstance(one.profile, dict) else {}
        for _, reading in known:
            seller = reading.seller
            if seller.vat_id and _plain(seller.vat_id) == _plain(str(profile.get("vat_id") or "")):
                vote(one.id, 4, SAME_TAX_ID, supplier=one.name)
            if seller.iban and _plain(seller.iban) == _plain(str(profile.get("iban") or "")):
                vote(one.id, 3, SAME_ACCOUNT, supplier=one.name)
            if seller.name and _called(seller.name) == _called(one.name):
                vote(one.id, 3, SAME_NAME, supplier=one.name)
        if domain and one.mail_domain == domain:
            vote(one.id, 2, SAME_DOMAIN, domain=domain, supplier=one.name)
    documents = tuple(_shown(file, reading) for file, reading in known)
    best = votes.most_common(2)
    if supplier_id is None:
        if not best or (len(best) == 2 and best[0][1] == best[1][1]):
            return Suggestion(documents=documents)
        supplier_id = best[0][0]
    its = orders.get(supplier_id, [])
    return Suggestion(supplier_id, its[0] if len(its) == 1 else None, tuple(because.get(supplier_id, ())), documents)


def _words(letter: Letter) -> str:
    return f"{letter.subject[:500]} {letter.text[:_LOOKED_AT]}"


def _open_numbers(session: Session, company_id: int) -> tuple[str, ...]:
    """The numbers of the company's open orders, the newest: a reader finds them in a text."""
    statement = (
        select(Document.number)
        .where(Document.company_id == company_id, Document.kind == "order", Document.status.in_(OPEN_ORDERS))
        .order_by(Document.id.desc())
        .limit(MOST_ROWS)
    )
    return tuple(number for number in session.scalars(statement) if number)


def _orders(session: Session, company_id: int, numbers: Iterable[str]) -> Sequence[Any]:
    wanted = sorted(numbers)[:500]
    if not wanted:
        return ()
    return session.execute(
        select(Document.id, Document.number, Document.supplier_id)
        .where(Document.company_id == company_id, Document.kind == "order", Document.number.in_(wanted))
        .where(Document.supplier_id.is_not(None))
        .order_by(Document.id)
        .limit(50)
    ).all()


def _shown(file: Attachment, reading: Reading) -> dict[str, Any]:
    return {
        "name": file.name,
        "kind": reading.kind.value,
        "number": reading.number,
        "gross": reading.gross,
        "currency": reading.currency,
        "seller": reading.seller.name,
    }


def _plain(written: str) -> str:
    return re.sub(r"\W", "", written).upper()


def _called(name: str) -> str:
    """A company's name without its legal form, spaces and marks."""
    return _EMPTY_WORDS.sub("", name.casefold())
