"""How an invoice line was compared, in sentences: with what, found by what, at which tolerance; for mails and pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from templates import figures, shown, words
from templates.catalogues import catalogue
from templates.words import N_

PAIRED_BY: Mapping[str, str] = {
    "order line": N_("Compared with item %(n)s of %(order)s, which the document names."),
    "buyer item": N_("Compared with item %(n)s of %(order)s: the customer's item number is the same."),
    "seller item": N_("Compared with item %(n)s of %(order)s: the supplier's item number is the same."),
    "same text": N_("Compared with item %(n)s of %(order)s: text and unit are the same."),
    "price and unit": N_("Compared with item %(n)s of %(order)s: no other has this price and unit."),
    "text": N_("Compared with item %(n)s of %(order)s: no other text is as like it."),
}
_OTHER = N_("Compared with item %(n)s of %(order)s.")


def comparisons(
    document: Mapping[str, Any], most: int, locale: str, language: str
) -> list[tuple[Mapping[str, Any] | None, list[str]]]:
    """The first *most* entries of `document.report`: each line, or None for the whole, with its sentences."""
    lines = {line.get("n"): line for line in document.get("lines") or ()}
    entries = (document.get("report") or ())[:most]
    return [(lines.get(entry.get("n")), comparison(entry, document, locale, language)) for entry in entries]


def difference_called(name: str, document: Mapping[str, Any], say: Callable[[str], str]) -> str:
    """What a difference is called, by its reason or its code: one of a credit note is one from its invoice."""
    credit = document.get("kind") == "credit_note" and name in words.CREDITED
    return words.label("credited" if credit else "difference", name, say)


def comparison(entry: Mapping[str, Any], document: Mapping[str, Any], locale: str, language: str) -> list[str]:
    """The sentences on one entry of `document.report` (docs/facts.md); n null is the document as a whole."""
    say = catalogue(language).gettext
    found = []
    unit, currency = entry.get("unit"), document.get("currency")

    def quantity(value: object) -> str:
        return shown.quantity(value, unit, locale, language)

    if entry.get("order"):
        sentence = PAIRED_BY.get(str(entry.get("paired_by")), _OTHER)
        found.append(say(sentence) % {"n": entry.get("order_n"), "order": shown.isolated(entry["order"])})
        price = shown.price(
            {"unit_price": entry.get("price"), "base_quantity": entry.get("base_quantity")}, currency, locale, language
        )
        left = quantity(entry.get("remaining"))
        if price:
            found.append(say(N_("Left of it: %(quantity)s at %(price)s.")) % {"quantity": left, "price": price})
        else:
            found.append(say(N_("Left of it: %(quantity)s, with no price agreed.")) % {"quantity": left})
        if entry.get("received") is not None:
            found.append(say(N_("Received of that: %(quantity)s.")) % {"quantity": quantity(entry["received"])})
        if entry.get("counted") is not None:
            found.append(say(N_("It counts as %(quantity)s.")) % {"quantity": quantity(entry["counted"])})
    elif entry.get("paired_by") == "prepayment":
        found.append(say(N_("Takes off what was paid before.")))
    checks = entry.get("checks") or ()
    for check in checks:
        code = str(check.get("code"))

        def amount(name: str, check: Mapping[str, Any] = check, code: str = code) -> str:
            value = check.get(name)
            return quantity(value) if code.startswith("qty") else figures.money(value, currency, locale)

        name = difference_called(code, document, say)
        values = {"difference": name, "off": amount("off"), "allowed": amount("allowed"), "left": amount("left")}
        if check.get("tolerated"):
            found.append(
                say(N_("%(difference)s: off by %(off)s, within the %(allowed)s tolerated; %(left)s left.")) % values
            )
        elif check.get("allowed"):
            found.append(say(N_("%(difference)s: off by %(off)s, and only %(allowed)s is tolerated.")) % values)
        else:
            found.append(f"{name}.")
    if entry.get("order") and not checks:
        found.append(say(N_("It agrees.")))
    return found
