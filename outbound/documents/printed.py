"""Prints a document's facts as a PDF, in the reader's language.

The layout is `templates/documents/document.typ`; the values reach it as JSON through `sys.inputs`, so that no name or
note can be read as markup. The same facts give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

import typst

from outbound.facts import tidy
from templates import figures, shown, words
from templates.catalogues import catalogue
from templates.environment import ROOM, Reader, reader_of

_LAYOUT = ROOM / "documents" / "document.typ"
_one_at_a_time = Lock()


@cache
def _compiler() -> typst.Compiler:
    """One compiler for the process: fonts are searched and the layout is read once."""
    return typst.Compiler(str(_LAYOUT), root=str(_LAYOUT.parent))


def printed(facts: Mapping[str, Any], language: str) -> bytes:
    """The PDF of the document in a notice's facts."""
    known = tidy(facts)
    person = known.get("person") or {}
    sheet = layout(known, reader_of(language, person.get("figures", ""), person.get("zone", "UTC")))
    with _one_at_a_time:
        made = _compiler().compile(format="pdf", sys_inputs={"document": json.dumps(sheet)}, timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("one document was asked for")
    return made


def layout(facts: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """What the layout shows, written in the reader's language: title, rows, columns, lines, totals, note, footer."""
    _ = catalogue(reader.language).gettext
    document = facts.get("document") or {}
    currency = document.get("currency")
    kind = words.label("kind", document.get("kind"), _)
    number = str(document.get("number") or document.get("title") or _(words.NUMBERLESS))
    company = str((facts.get("company") or {}).get("name") or "")

    def money(value: object) -> str:
        return figures.money(value, currency, reader.locale)

    def day(value: str | None) -> str:
        return figures.day(value, reader.locale) if value else ""

    deadline = document.get("deadline")
    rows = [
        (_("Customer"), company),
        (_("Supplier"), document.get("supplier") or (facts.get("supplier") or {}).get("name")),
        (_("Subject"), document.get("title") if document.get("number") else ""),
        (_("Purchase order"), document.get("order_number") if document.get("kind") != "order" else ""),
        (_("Date"), day(document.get("issue_date"))),
        (_("Answer until"), figures.moment(deadline, reader.locale, reader.zone) if deadline else ""),
        (_("Delivery"), day(document.get("delivery_date"))),
        (_("Payment due"), day(document.get("due_date"))),
        (_("Payment terms"), document.get("terms")),
    ]
    lines = document.get("lines") or ()
    priced = any(line.get("unit_price") or line.get("net") for line in lines)
    gross, due = document.get("gross"), document.get("due")
    totals = [
        (_("Net"), money(document.get("net"))),
        (_("Tax"), money(document.get("tax"))),
        (_("Total"), money(gross)),
        (_("To pay"), money(due) if due != gross else ""),
    ]
    return {
        "language": reader.language.partition("_")[0],
        "direction": reader.direction,
        "company": company if document.get("kind") != "invoice" else str(document.get("supplier") or ""),
        "kind": kind,
        "title": f"{kind} {number}",
        "rows": [(label, _apart(str(value), reader)) for label, value in rows if value],
        "columns": [_("No."), _("Item"), _("Quantity"), _("Unit price"), _("Amount")][: 5 if priced else 3],
        "lines": [_line(line, document, reader) for line in lines],
        "priced": priced,
        "totals": [row for row in totals if row[1]],
        "note": str(document.get("note") or ""),
        "footer": f"{kind} {number} · {company}",
    }


def _apart(value: str, reader: Reader) -> str:
    """A value that runs its own way, whatever the direction of the page."""
    return f"\u2068{value}\u2069" if value and reader.direction == "rtl" else value


def _line(line: Mapping[str, Any], document: Mapping[str, Any], reader: Reader) -> dict[str, str]:
    locale, language, currency = reader.locale, reader.language, document.get("currency")
    return {
        "n": str(line.get("n") or ""),
        "text": _apart(str(line.get("text") or ""), reader),
        "detail": " · ".join(shown.detail(line, str(document.get("kind")), locale, language)),
        "quantity": shown.quantity(line.get("quantity"), line.get("unit"), locale, language),
        "price": shown.price(line, currency, locale, language),
        "net": figures.money(line.get("net"), currency, locale),
    }
