"""Crediting: compares a credit note with the invoice that it credits, and says what comes back to the order.

A line at the invoice's price gives its quantity back (a return); one at another is a price correction and gives back
nothing; lines that take back one state and put another (a correction as a difference) are summed up for each line.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from store.documents import Document as Row
from store.documents import number_alike
from workflows.differences import Difference, DifferenceCode, Invoiced, InvoiceLine, Ordered, Terms
from workflows.duplicates import GONE, duplicate_of, plain_number
from workflows.engine.act import Act
from workflows.engine.document import Document, load, load_many, lock_in_order
from workflows.lines import CENT, cents
from workflows.matching import compare
from workflows.pairing import price_of
from workflows.remaining import APPROVED, GIVING_BACK
from workflows.units import converted

if TYPE_CHECKING:
    from workflows.credit_notes import CreditNote

NOT_DECIDED = ("draft", "matching", "pending", "in_revision")
"""Statuses of an invoice that may still become nothing: a credit note for it cannot be approved yet."""


class Effect(StrEnum):
    """What a credit note is for."""

    RETURN = "return"
    """Goods come back: so does their quantity, to the order."""
    PRICE = "price"
    """A lower price; nothing comes back."""
    CANCELLATION = "cancellation"
    """The whole invoice is taken back."""
    MIXED = "mixed"
    """Goods come back, and the price of others is lower."""


@dataclass(frozen=True, slots=True)
class _Credited:
    """What other standing credit notes have credited of an invoice: quantities by line, in all, and net."""

    returned: dict[int, Decimal]
    net: Decimal = Decimal(0)


def match_credit(act: Act, note: CreditNote) -> None:
    """Compare *note* with its invoice, which is locked, and put differences, report and effect on it."""
    assert act.document is not None
    own_id = act.document.id or None
    note.effect = None
    act.document.parent_id = note.credited_id
    if note.credited_id is None:
        found = compare(_seen(note), [], Terms())
        note.differences, note.report = found.differences, found.report
        for difference in note.differences:
            if difference.code is DifferenceCode.ORDER_UNKNOWN:
                difference.reason, difference.text = "invoice_unknown", ", ".join(note.credits)
        return
    lock_in_order(act.session, note.order_ids, (note.credited_id,))
    invoice = load(act.session, note.credited_id)
    before = _credited(act, invoice, own_id)
    if not note.lines and note.gross is not None and note.gross == invoice.content.gross and not before.net:
        _take_back_all(note, invoice.content.lines)
    ordered = [
        Ordered(
            invoice.id, invoice.label, line, (line.quantity or Decimal(0)) - before.returned.get(line.n, Decimal(0))
        )
        for line in invoice.content.lines
    ]
    foreign = invoice.currency != note.currency
    terms = Terms(currency=invoice.currency if foreign else note.currency, partial="pass")
    found = compare(_seen(note), ordered, terms)
    note.differences = [d for d in found.differences if d.code is not DifferenceCode.PRICE_UNDER]
    note.report = found.report
    for entry in note.report:
        entry.checks = [check for check in entry.checks if check.code is not DifferenceCode.PRICE_UNDER]
    effects = _give_back(note, {o.line.n: o for o in ordered})
    note.differences += _beyond(note, invoice, before)
    if invoice.status.value in GONE:
        note.differences.append(Difference(DifferenceCode.ORDER_CLOSED, None, invoice.label, reason="invoice_closed"))
    whole = note.gross == invoice.content.gross and not note.differences and not before.net
    note.effect = Effect.CANCELLATION if whole and effects == {Effect.RETURN} else _one_of(effects)
    if twin := duplicate_of(act, note, own_id):
        note.differences.append(twin)


def invoice_credited(act: Act, supplier_id: int, numbers: list[str]) -> Document[Any] | None:
    """The supplier's invoice with one of *numbers*, a standing one before one that was rejected, the newest first."""
    if not numbers:
        return None
    statement = select(Row.id, Row.number, Row.status).where(
        Row.company_id == act.company.id, Row.kind == "invoice", Row.supplier_id == supplier_id
    )
    wanted = sorted({plain_number(number) for number in numbers[:100]})
    exact = act.session.execute(statement.where(Row.number.in_(numbers[:100]))).all()
    rows = exact or act.session.execute(statement.where(number_alike(Row.number).in_(wanted))).all()
    best = max(rows, key=lambda row: (row.status not in GONE, row.id), default=None)
    return None if best is None else load(act.session, best.id)


def is_credited(act: Act, invoice: Document[Any]) -> bool:
    """Whether an approved credit note credits *invoice*."""
    return any(note.status.value in APPROVED for note in _notes_for(act, invoice, None))


def credited_in_all(act: Act, invoice_id: int) -> Decimal:
    """What approved credit notes have credited of an invoice, with tax."""
    statement = select(func.sum(Row.total)).where(
        Row.company_id == act.company.id,
        Row.kind == "credit_note",
        Row.parent_id == invoice_id,
        Row.status.in_(APPROVED),
    )
    return act.session.execute(statement).scalar_one() or Decimal(0)


def _seen(note: CreditNote) -> Invoiced:
    return Invoiced(note.lines, note.currency, note.net, note.tax, note.gross, note.iban, note.charges)


def _notes_for(act: Act, invoice: Document[Any], own_id: int | None) -> list[Document[Any]]:
    """The credit notes that credit *invoice* and stand, without the one of *own_id*."""
    ids = act.session.scalars(
        select(Row.id).where(
            Row.company_id == invoice.company_id,
            Row.supplier_id == invoice.supplier_id,
            Row.kind == "credit_note",
            # one that named its invoice only when it was sent again has no parent
            or_(Row.parent_id == invoice.id, Row.parent_id.is_(None)),
            Row.status.not_in(GIVING_BACK),
            Row.id != (own_id or 0),
        )
    )
    return [note for note in load_many(act.session, ids) if note.content.credited_id == invoice.id]


def _credited(act: Act, invoice: Document[Any], own_id: int | None) -> _Credited:
    returned: dict[int, Decimal] = defaultdict(Decimal)
    net = Decimal(0)
    for other in _notes_for(act, invoice, own_id):
        net += other.content.net or Decimal(0)
        for line in other.content.lines:
            if line.credited_n is not None and line.returned is not None:
                returned[line.credited_n] += line.returned
    return _Credited(dict(returned), net)


def _take_back_all(note: CreditNote, lines: list[InvoiceLine]) -> None:
    """A credit note over the whole amount that lists nothing takes back every line."""
    note.lines = [
        replace(line, n=n, order_named=None, order_line_named=str(line.n), counted=None)
        for n, line in enumerate(lines, 1)
    ]
    note.charges = list(note.charges)


def _give_back(note: CreditNote, invoiced: dict[int, Ordered]) -> set[Effect]:
    """Set on each line what it credits, and on the first of those for one invoice line what comes back of it."""
    groups: dict[int, list[InvoiceLine]] = defaultdict(list)
    for line in note.lines:
        line.credited_n, line.returned = line.order_n, None
        line.order_id = line.order_n = line.counted = None
        if line.credited_n is not None:
            groups[line.credited_n].append(line)
    effects: set[Effect] = set()
    for n, lines in groups.items():
        of = invoiced[n]
        returned, kinds = _returned(lines, of)
        effects |= kinds
        ordered_line: InvoiceLine = of.line  # type: ignore[assignment]
        for at, line in enumerate(lines):
            line.order_id, line.order_n = ordered_line.order_id, ordered_line.order_n
            line.returned = returned if at == 0 else Decimal(0)
            share = (ordered_line.counted or ordered_line.quantity or Decimal(0)) / (
                ordered_line.quantity or Decimal(1)
            )
            line.counted = -(line.returned * share).quantize(Decimal("0.000001"))
    return effects


def _returned(lines: list[InvoiceLine], of: Ordered) -> tuple[Decimal, set[Effect]]:
    """The quantity that comes back of one invoice line, and what for; never more than is left of it."""
    price = price_of(of.line)
    quantities = [None if q.quantity is None else converted(q.quantity, q.unit, of.line.unit) for q in lines]
    sums = [line.sum() for line in lines]
    if price is None or None in sums or None in quantities:
        return Decimal(0), {Effect.PRICE}
    quantity = sum((q for q in quantities if q is not None), Decimal(0))
    worth = sum((s for s in sums if s is not None), Decimal(0))
    whole = cents(price * quantity)
    signed = any(q is not None and q < 0 for q in quantities)
    if quantity <= 0 or (abs(worth - whole) > CENT * len(lines) and not (signed and worth > whole)):
        return Decimal(0), {Effect.PRICE}
    both = {Effect.RETURN, Effect.PRICE} if worth - whole > CENT * len(lines) else {Effect.RETURN}
    return min(quantity, max(of.remaining, Decimal(0))), both


def _beyond(note: CreditNote, invoice: Document[Any], before: _Credited) -> list[Difference]:
    """More credited, all notes together, than was invoiced."""
    total = invoice.content.net
    if note.net is None or total is None or before.net + note.net <= total + CENT:
        return []
    left = format(total - before.net, "f")
    return [Difference(DifferenceCode.PRICE_OVER, None, "", left, format(note.net, "f"), reason="more_than_invoiced")]


def _one_of(effects: set[Effect]) -> Effect | None:
    return next(iter(effects)) if len(effects) == 1 else Effect.MIXED if effects else None
