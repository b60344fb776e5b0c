"""Prints a document's facts as a PDF, in the reader's language; a PDF/A-3 where it carries an e-invoice.

The layout is `templates/documents/document.typ`; the values reach it as JSON through `sys.inputs`, so that no name or
note can be read as markup. The same facts give the same bytes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from threading import Lock
from typing import Any
from unicodedata import bidirectional

import typst

from outbound.documents.fonts import found, further
from outbound.documents.parties import Role, party_of, printed_party
from outbound.facts import tidy
from templates import figures, shown, words
from templates.catalogues import catalogue
from templates.environment import ROOM, Reader, reader_of

_LAYOUT = ROOM / "documents" / "document.typ"
_CENT = Decimal("0.01")
_one_at_a_time = Lock()


@cache
def _compiler() -> typst.Compiler:
    """One compiler for the process: fonts are searched and the layout is read once."""
    return typst.Compiler(str(_LAYOUT), root=str(_LAYOUT.parent), font_paths=found())


class NotShown(Exception):
    """Raised when a PDF/A cannot be made: no font of the machine has one of the letters."""


def printed(facts: Mapping[str, Any], language: str, e_invoice: bytes | None = None) -> bytes:
    """The PDF of the document in a notice's facts; a PDF/A-3b where an e-invoice is put inside.

    Raises `NotShown` for a PDF/A that would lack a letter; a plain PDF shows a box in its place.
    """
    known = tidy(facts)
    person = known.get("person") or {}
    reader = reader_of(language, person.get("figures", ""), person.get("zone", "UTC"))
    return printed_sheet(layout(known, reader), e_invoice)


def printed_sheet(sheet: Mapping[str, Any], e_invoice: bytes | None = None) -> bytes:
    """The PDF of what a layout shows; see `printed`."""
    inputs = {"document": json.dumps({**sheet, "fonts": further(str(sheet.get("language") or ""))})}
    more: dict[str, Any] = {}
    if e_invoice is not None:
        inputs |= {"xml": e_invoice.decode("utf-8")}
        more = {"pdf_standards": ["a-3b"]}
    with _one_at_a_time:
        try:
            made = _compiler().compile(format="pdf", sys_inputs=inputs, timestamp=0, **more)
        except typst.TypstError as error:
            if e_invoice is None:
                raise
            raise NotShown(str(error)) from error
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
        (_("Customer"), _side(facts, "buyer", reader)),
        (_("Supplier"), _side(facts, "seller", reader)),
        (_("Subject"), document.get("title") if document.get("number") else ""),
        (_("Purchase order"), document.get("order_number") if document.get("kind") != "order" else ""),
        (_("Date"), day(document.get("issue_date"))),
        (_("Answer until"), figures.moment(deadline, reader.locale, reader.zone) if deadline else ""),
        (_("Delivery"), day(document.get("delivery_date"))),
        (_("Why no tax is charged"), words.label("tax_category", document.get("tax_category"), _)),
        (_("The reason in words"), document.get("tax_reason")),
        (_("Payment due"), day(document.get("due_date"))),
        (_("Payment terms"), document.get("terms")),
        (
            _("Account"),
            figures.iban(party_of(facts, "seller").get("iban")) if document.get("kind") == "invoice" else "",
        ),
    ]
    lines = document.get("lines") or ()
    priced = any(line.get("unit_price") or line.get("net") for line in lines)
    gross, due = document.get("gross"), document.get("due")
    totals = [
        (_("Net"), money(document.get("net"))),
        *_taxes(document, reader),
        (_("Total"), money(gross)),
        (_("Paid before"), money(document.get("prepaid") if document.get("prepaid") != "0" else None)),
        (_("To pay"), money(due) if due != gross else ""),
    ]
    return {
        "date": str(document.get("issue_date") or ""),
        "language": reader.language.partition("_")[0],
        "direction": reader.direction,
        "company": company if document.get("kind") != "invoice" else str(document.get("supplier") or ""),
        "kind": kind,
        "title": f"{kind} {number}",
        "rows": [(label, apart(str(value), reader)) for label, value in rows if value],
        "columns": [
            apart(head, reader)
            for head in (_("No."), _("Item"), _("Quantity"), _("Unit price"), _("Amount"))[: 5 if priced else 3]
        ],
        "lines": [_line(line, document, reader, priced=priced) for line in lines],
        "totals": [(apart(label, reader), apart(value, reader)) for label, value in totals if value],
        "note": "\n".join(apart(line, reader) for line in str(document.get("note") or "").splitlines()),
        "footer": f"{kind} {number} · {company}",
    }


def _side(facts: Mapping[str, Any], role: Role, reader: Reader) -> str:
    """A party in one line: name, address, and the ids by which the state knows it."""
    _ = catalogue(reader.language).gettext
    party = party_of(facts, role)
    ids = [
        label % {"number": party[name]}
        for name, label in (("vat_id", _("VAT id %(number)s")), ("tax_id", _("tax number %(number)s")))
        if name in party
    ]
    where = ", ".join(apart(line, reader) for line in printed_party(facts, role))
    return " · ".join(part for part in (where, *ids) if part)


def _taxes(document: Mapping[str, Any], reader: Reader) -> list[tuple[str, str]]:
    """The tax of an invoice, a row for each rate with its base where the lines tell it; else the whole of it."""
    _ = catalogue(reader.language).gettext
    currency = document.get("currency")
    bases: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in document.get("lines") or ():
        try:
            bases[Decimal(str(line["tax_rate"]))] += Decimal(str(line["net"]))
        except (KeyError, InvalidOperation):
            bases.clear()
            break
    whole = figures.money(document.get("tax"), currency, reader.locale)
    if document.get("kind") != "invoice" or document.get("charges") or not bases:
        return [(_("Tax"), whole)]
    try:
        parts = {rate: (base * rate / 100).quantize(_CENT, ROUND_HALF_UP) for rate, base in bases.items()}
    except InvalidOperation:  # more figures than any tax has
        return [(_("Tax"), whole)]
    if sum(parts.values()) != _decimal(document.get("tax")):
        return [(_("Tax"), whole)]
    return [
        (
            _("Tax, %(rate)s %% of %(base)s")
            % {
                "rate": figures.number(rate, reader.locale),
                "base": figures.money(bases[rate], currency, reader.locale),
            },
            figures.money(tax, currency, reader.locale),
        )
        for rate, tax in sorted(parts.items(), reverse=True)
    ]


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def apart(value: str, reader: Reader) -> str:
    """A value that runs its own way, whatever the direction of the page (Unicode UAX 9, isolates)."""
    turned = reader.direction == "rtl" or any(bidirectional(c) in ("R", "AL") for c in value)
    return f"\u2068{value}\u2069" if value and turned else value


def _line(line: Mapping[str, Any], document: Mapping[str, Any], reader: Reader, *, priced: bool) -> dict[str, Any]:
    locale, language, currency = reader.locale, reader.language, document.get("currency")
    cells = [shown.quantity(line.get("quantity"), line.get("unit"), locale, language)]
    if priced:
        cells += [shown.price(line, currency, locale, language), figures.money(line.get("net"), currency, locale)]
    return {
        "n": str(line.get("n") or ""),
        "text": apart(str(line.get("text") or ""), reader),
        "detail": " · ".join(shown.detail(line, str(document.get("kind")), locale, language)),
        "cells": [apart(cell, reader) for cell in cells],
    }
