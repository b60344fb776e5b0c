"""What mails and prints show of a document: the rows that sum it up, and the details of a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from templates import figures, words
from templates.catalogues import catalogue
from templates.words import N_

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

_ROWS = (
    (N_("Subject"), "title", "text"),
    (N_("Status"), "status", "status"),
    (N_("Supplier"), "supplier", "text"),
    (N_("Purchase order"), "order_number", "text"),
    (N_("Credited invoice"), "credits", "text"),
    (N_("What it is for"), "effect", "effect"),
    (N_("Date"), "issue_date", "day"),
    (N_("Received"), "received_at", "moment"),
    (N_("Answer until"), "deadline", "moment"),
    (N_("Delivery"), "delivery_date", "day"),
    (N_("Payment due"), "due_date", "day"),
    (N_("Payment terms"), "terms", "text"),
    (N_("Net"), "net", "money"),
    (N_("Tax"), "tax", "money"),
    (N_("Total"), "gross", "money"),
    (N_("Paid before"), "prepaid", "money"),
    (N_("To pay"), "due", "money"),
    (N_("Paid"), "paid", "money"),
    (N_("Still to pay"), "still_open", "money"),
    (N_("Note"), "note", "text"),
)


def isolated(value: object) -> str:
    """A value for plain text: a right-to-left one is set apart by invisible marks, so that its sentence stays whole."""
    text = "" if value is None else str(value)
    return f"\u2068{text}\u2069" if not text.isascii() and _RIGHT_TO_LEFT.search(text) else text


def rows(document: Mapping[str, Any], locale: str, language: str, zone: str) -> list[tuple[str, str]]:
    """Label and value of everything that is known of a document beside its lines, its kind and number first."""
    say = catalogue(language).gettext
    number = document.get("number") or document.get("title") or say(words.NUMBERLESS)
    found = [(words.label("kind", document.get("kind"), say), str(number))]
    for label, key, form in _ROWS:
        value = document.get(key)
        if not value or (key == "title" and not document.get("number")):
            continue
        if (key == "order_number" and document.get("kind") == "order") or (
            key in ("due", "prepaid") and document.get("due") == document.get("gross")
        ):
            continue
        found.append((say(label), written(str(value), form, document.get("currency"), locale, language, zone)))
    return found


def written(value: str, form: str, currency: str | None, locale: str, language: str, zone: str) -> str:
    """A fact in the reader's writing; `form` is text, status, day, moment or money."""
    if form == "money":
        return figures.money(value, currency, locale)
    if form == "day":
        return figures.day(value, locale)
    if form == "moment":
        return figures.moment(value, locale, zone)
    if form in ("status", "effect"):
        return words.label(form, value, catalogue(language).gettext)
    return " ".join(value.split())


def quantity(value: object, unit: str | None, locale: str, language: str) -> str:
    """A quantity with its unit: `100 pcs`."""
    figure = figures.number(value, locale)
    return f"{figure} {words.label('unit', unit, catalogue(language).gettext)}" if figure and unit else figure


def price(line: Mapping[str, Any], currency: str | None, locale: str, language: str) -> str:
    """A line's unit price, with the quantity that it is for: `12.25 EUR per 100`."""
    figure = figures.money(line.get("unit_price"), currency, locale)
    base = line.get("base_quantity")
    if not figure or not base or str(base) == "1":
        return figure
    say = catalogue(language).gettext
    return f"{figure} " + say("per %(quantity)s") % {"quantity": figures.number(base, locale)}


def detail(line: Mapping[str, Any], kind: str, locale: str, language: str) -> list[str]:
    """What is known of a line beside its text, quantity and price: item numbers, tax, delivery, what is left of it."""
    say = catalogue(language).gettext
    found = []
    if sku := line.get("buyer_sku"):
        found.append(say("item %(sku)s") % {"sku": isolated(sku)})
    if sku := line.get("seller_sku"):
        own = kind in ("order", "request", "proposal")
        found.append((say("your item %(sku)s") if own else say("item %(sku)s")) % {"sku": isolated(sku)})
    if rate := line.get("tax_rate"):
        found.append(say("tax %(rate)s %%") % {"rate": figures.number(rate, locale)})
    if day := line.get("delivery_date"):
        found.append(say("delivery %(day)s") % {"day": figures.day(str(day), locale)})
    if came := line.get("received"):
        found.append(
            say(N_("received: %(quantity)s")) % {"quantity": quantity(came, line.get("unit"), locale, language)}
        )
    if left := line.get("remaining"):
        found.append(
            say("still to invoice: %(quantity)s") % {"quantity": quantity(left, line.get("unit"), locale, language)}
        )
    return found
