"""House rules: what a company may set for itself, and for one supplier, while it works; each checked when it is set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import structlog
from sqlalchemy import select, update

from store.conflicts import retried
from store.installation import Installation
from store.parties import Company, Supplier
from workflows.engine.undoing import UNDO_MINUTES
from workflows.errors import DataMissing, NotTheirs
from workflows.intake import act_of, find_supplier
from workflows.tolerances import NAMES, checked

log = structlog.get_logger()

CHOICES: Mapping[str, tuple[str, ...]] = {"partial_invoices": ("difference", "pass"), "receipts": ("off", "on")}
TOLERANCE, RATE = "tolerance.", "rate."
KEYS = (*CHOICES, "confirm_after_days", UNDO_MINUTES, "names", *(TOLERANCE + name for name in NAMES), f"{RATE}USD")
"""All that can be set; a rate for any currency. A supplier may have tolerances of its own."""
OWNER = "owner"
"""The role of who may set rules: whoever can raise a tolerance can let an invoice pass."""
_LONGEST = 200


@retried
def set_rules(
    installation: Installation, company_id: int, *, by: str, said: Mapping[str, str], supplier: str | None = None
) -> dict[str, str]:
    """Set what *said* says (an empty value takes the rule back) and return all rules as they are then.

    Raises `DataMissing` in words for a key or value that cannot be; then nothing is set.
    """
    with installation.database.write(company_id) as session:
        act = act_of(installation, session, company_id, by, "rules")  # raises for somebody who is not of the company
        if OWNER not in act.actor.roles:
            raise NotTheirs("Only an owner of %(company)s can set its rules.", company=act.company.name)
        table: Any = Company
        row_id = company_id
        if supplier is not None:
            table, row_id = Supplier, find_supplier(session, company_id, supplier)
        kept: dict[str, Any] = session.execute(select(table.settings).where(table.id == row_id)).scalar_one() or {}
        for key, text in said.items():
            _set(kept, key.strip(), text.strip(), of_supplier=supplier is not None)
        session.execute(update(table).where(table.id == row_id).values(settings=kept))
        log.info("rules_set", company=company_id, of_supplier=supplier is not None, keys=sorted(said))
    return as_words(kept)


def rules_of(installation: Installation, company_id: int, supplier: str | None = None) -> dict[str, str]:
    """The rules that are set, as they are written."""
    with installation.database.read(company_id) as session:
        if supplier is None:
            return as_words(session.execute(select(Company.settings).where(Company.id == company_id)).scalar_one())
        supplier_id = find_supplier(session, company_id, supplier)
        return as_words(session.execute(select(Supplier.settings).where(Supplier.id == supplier_id)).scalar_one())


def as_words(settings: Mapping[str, Any] | None) -> dict[str, str]:
    """Settings as keys and texts that set them."""
    found: dict[str, str] = {}
    for key, value in sorted((settings or {}).items()):
        if key == "tolerances":
            found |= {TOLERANCE + name: text for name, text in sorted(value.items())}
        elif key == "rates":
            found |= {RATE + currency: str(rate) for currency, rate in sorted(value.items())}
        elif key == "names":
            found[key] = "; ".join(value)
        elif key in KEYS:
            found[key] = str(value)
    return found


def _set(kept: dict[str, Any], key: str, text: str, *, of_supplier: bool) -> None:
    if key.startswith(TOLERANCE):
        _put(kept.setdefault("tolerances", {}), key.removeprefix(TOLERANCE), text, checked)
    elif of_supplier:
        raise DataMissing("%(key)s cannot be set for one supplier; only tolerances can.", key=key[:60])
    elif key.startswith(RATE):
        _put(kept.setdefault("rates", {}), key.removeprefix(RATE).upper(), text, _rate)
    else:
        _put(kept, key, text, _plain)


def _put(into: dict[str, Any], name: str, text: str, check: Any) -> None:
    value = check(name, text or "0")  # the name is checked even where the rule is taken back
    if text:
        into[name] = value
    else:
        into.pop(name, None)


def _plain(key: str, text: str) -> Any:
    if choices := CHOICES.get(key):
        if text not in (*choices, "0"):
            raise DataMissing("%(key)s is one of %(choices)s.", key=key, choices=", ".join(choices))
        return text
    if key == "confirm_after_days":
        if not re.fullmatch(r"\d{1,2}", text):
            raise DataMissing("%(given)s is no number of days.", given=text[:40])
        return int(text)
    if key == UNDO_MINUTES:
        if not re.fullmatch(r"\d{1,4}", text):
            raise DataMissing("%(given)s is no number of minutes.", given=text[:40])
        return int(text)
    if key == "names":
        return [name.strip()[:_LONGEST] for name in text.split(";") if name.strip()][:20]
    raise DataMissing("There is no rule %(key)s: choose one of %(keys)s.", key=key[:60], keys=", ".join(KEYS))


def _rate(currency: str, text: str) -> str:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not re.fullmatch(r"[A-Z]{3}", currency) or not rate.is_finite() or not 0 <= rate < 10**6:
        raise DataMissing("A rate is written as rate.USD=0.92: what one unit is in the company's currency.")
    return format(rate, "f")
