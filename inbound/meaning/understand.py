"""`postroom understand`: the meaning of one answer given as JSON, without a store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from inbound.meaning.meaning import meaning_of
from inbound.meaning.rest import rest_of
from inbound.said import split
from workflows.actions import Action, KnownLine, Meaning, Situation

_SUPPLIER: Final = frozenset({"status", "invite", "undo"})
STEPS: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("invitation", "supplier"): _SUPPLIER | {"accept", "decline"},
    ("order", "supplier"): _SUPPLIER
    | {"acknowledge", "refuse", "counter_line", "invoice_all", "invoice_line", "invoice_number"},
    ("invoice_draft", "supplier"): _SUPPLIER | {"confirm", "invoice_all", "invoice_line", "invoice_number", "withdraw"},
    ("invoice_matching", "supplier"): _SUPPLIER | {"withdraw"},
    ("invoice_matching", "buyer"): frozenset({"approve", "reject", "send_back", "status", "undo", "invite"}),
    ("order", "buyer"): frozenset({"received_line", "status", "undo", "invite"}),
    ("credit_draft", "supplier"): _SUPPLIER | {"confirm", "invoice_all", "invoice_line", "invoice_number", "withdraw"},
    ("credit_matching", "supplier"): _SUPPLIER | {"withdraw"},
    ("credit_matching", "buyer"): frozenset({"approve", "reject", "send_back", "status", "undo", "invite"}),
    ("rfp", "supplier"): _SUPPLIER | {"accept", "decline", "quote_line", "no_bid", "set_delivery"},
    ("proposal_draft", "supplier"): _SUPPLIER
    | {"confirm", "decline", "quote_line", "no_bid", "set_delivery", "withdraw"},
}
"""What may be asked for where nothing else says it; in the running product the workflows say it."""


def understand_line(case: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one input line of `postroom understand` (docs/contract.md) with one output line."""
    situation = situation_of(case)
    attachments = [str(name) for name in case.get("attachments") or ()]
    subject = str(case.get("subject") or "")
    parts = split(str(case.get("body") or ""), subject=subject)
    found = meaning_of(parts.said, situation, subject, attachments, parts.quoted, parts.pieces)
    return {"id": case.get("id"), **meaning_as_json(found)}


def situation_of(case: Mapping[str, Any]) -> Situation:
    """Read the situation of an input line; what is malformed counts as absent."""
    context = case.get("context") or {}
    name, role = str(case.get("situation") or ""), str(case.get("role") or "supplier")
    return Situation(
        name=name,
        role=role,
        steps=STEPS.get((name, role), frozenset({"status", "undo"})),
        document=_text(context.get("doc")),
        currency=_text(context.get("currency")),
        locale=_text(context.get("locale")),
        today=_day(context.get("today")),
        lines=tuple(line for raw in context.get("lines") or () if (line := _line(raw)) is not None),
    )


def meaning_as_json(meaning: Meaning) -> dict[str, Any]:
    """A meaning as the output line has it: amounts as decimal strings, dates ISO."""
    return {
        "actions": [_action(action) for action in meaning.actions],
        "questions": bool(meaning.questions),
        "ask": [{"about": ask.about, "text": ask.text.format_map(dict(ask.params))} for ask in meaning.questions],
        "note": rest_of(meaning.note, meaning.actions),
    }


def _action(action: Action) -> dict[str, Any]:
    out: dict[str, Any] = {"action": action.name}
    for name, value in action.data().items():
        out[name] = (
            format(value, "f")
            if isinstance(value, Decimal)
            else value.isoformat()
            if isinstance(value, date)
            else value
        )
    return out


def _text(value: object) -> str | None:
    return str(value) if value not in (None, "") else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _amount(value: object) -> Decimal | None:
    try:
        amount = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() else None


def _line(raw: Any) -> KnownLine | None:
    try:
        n = int(raw["n"])
    except (KeyError, TypeError, ValueError):
        return None
    return KnownLine(
        n, str(raw.get("text") or ""), _amount(raw.get("qty")), _text(raw.get("unit")), _amount(raw.get("price"))
    )
