"""A remittance advice as PDF: which invoices a payment is for, what was taken off, what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbound.documents.parties import party_of, printed_party
from outbound.documents.printed import apart, printed_sheet
from outbound.facts import tidy
from templates import figures, words
from templates.catalogues import catalogue
from templates.environment import Reader, reader_of


def remittance_pdf(facts: Mapping[str, Any], language: str) -> bytes:
    """The advice in a notice's facts, `remittance`: see docs/facts.md."""
    known = tidy(facts)
    person = known.get("person") or {}
    return printed_sheet(layout(known, reader_of(language, person.get("figures", ""), person.get("zone", "UTC"))))


def layout(facts: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """What `templates/documents/document.typ` shows of a remittance."""
    _ = catalogue(reader.language).gettext
    remittance = facts.get("remittance") or {}
    currency = remittance.get("currency")
    kind, number = words.label("kind", "remittance", _), str(remittance.get("number") or "")
    company = party_of(facts, "buyer").get("name", "")

    def money(value: object) -> str:
        return figures.money(value, currency, reader.locale)

    def day(value: object) -> str:
        return figures.day(str(value), reader.locale) if value else ""

    rows = [
        (_("Customer"), ", ".join(apart(line, reader) for line in printed_party(facts, "buyer"))),
        (_("Supplier"), ", ".join(apart(line, reader) for line in printed_party(facts, "seller"))),
        (_("Paid on"), day(remittance.get("date"))),
        (_("Account"), figures.iban(remittance.get("iban"))),
        (_("Reference"), remittance.get("reference")),
    ]
    return {
        "date": str(remittance.get("date") or ""),
        "language": reader.language.partition("_")[0],
        "direction": reader.direction,
        "company": company,
        "kind": kind,
        "title": f"{kind} {number}".strip(),
        "rows": [(label, apart(str(value), reader)) for label, value in rows if value],
        "columns": [_("No."), _("Invoice"), _("Amount"), _("Taken off"), _("Paid")],
        "lines": [
            {
                "n": str(n),
                "text": apart(str(invoice.get("number") or ""), reader),
                "detail": " · ".join(filter(None, (day(invoice.get("issue_date")), str(invoice.get("note") or "")))),
                "cells": [apart(money(invoice.get(name)), reader) for name in ("gross", "taken_off", "paid")],
            }
            for n, invoice in enumerate(remittance.get("invoices") or (), 1)
        ],
        "totals": [(_("Paid"), money(remittance.get("total")))] if remittance.get("total") else [],
        "note": str(remittance.get("note") or ""),
        "footer": f"{kind} {number} · {company}",
    }
