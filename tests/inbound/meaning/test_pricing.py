"""What a price is the price of: one, a pack, a dozen, a hundred, all that was asked for."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from inbound.meaning.meaning import meaning_of
from inbound.meaning.understand import STEPS
from workflows.actions import KnownLine, Situation

JUICES = (
    KnownLine(1, "Apfelsaft 0,7 l", Decimal(600), "Fl"),
    KnownLine(2, "Birnensaft 0,7 l", Decimal(300), "Fl"),
    KnownLine(3, "Honig 30 g", Decimal(1500), "pot"),
)


def quoted(text: str, locale: str, *lines: KnownLine) -> tuple[dict[int | None, Decimal | None], bool]:
    """The prices by line that an answer to a request names, and whether anything is asked."""
    steps = STEPS["rfp", "supplier"]
    found = meaning_of(text, Situation("rfp", "supplier", steps=steps, locale=locale, lines=lines or JUICES))
    prices: Any = {act.n: act.data().get("price") for act in found.actions if act.name == "quote_line"}
    return prices, bool(found.questions)


@pytest.mark.parametrize(
    ("text", "locale", "lines"),
    [
        ("Apfel 1,68 die Flasche, Birne 1,92.", "de_DE", ("Apfelsaft", "Birnensaft")),
        ("Apples are 1.68 a bottle, pears 1.92 the bottle.", "en_GB", ("Apples", "Pears")),
        ("pomme 1,68 € la bouteille, poire 1,92", "fr_FR", ("Jus de pomme", "Jus de poire")),
        ("manzana 1,68 la botella, pera 1,92 por botella", "es_ES", ("Zumo de manzana", "Zumo de pera")),
        ("mela 1,68 € alla bottiglia, pera 1,92", "it_IT", ("Succo di mela", "Succo di pera")),
        ("appel 1,68 de fles, peer 1,92", "nl_NL", ("Appelsap", "Perensap")),
        ("jabłko 1,68 zł za butelkę, gruszka 1,92", "pl_PL", ("Sok jabłko", "Sok gruszka")),
        ("яблуко 1,68 грн за пляшку, груша 1,92", "uk_UA", ("Сік яблуко", "Сік груша")),
    ],
)
def test_the_unit_behind_a_price_is_no_second_figure(text: str, locale: str, lines: tuple[str, str]) -> None:
    """People name the unit with an article or a preposition, or leave it out."""
    unit = {"de": "Fl", "uk": "пляшка", "pl": "butelka"}.get(locale[:2], "bottle")
    known = [KnownLine(n, name, Decimal(600), unit) for n, name in enumerate(lines, 1)]
    assert quoted(text, locale, *known) == ({1: Decimal("1.68"), 2: Decimal("1.92")}, False)


def test_one_price_per_unit_is_said_for_each_of_several_lines() -> None:
    """What is per unit is no sum over them."""
    apples_and_pears = {1: Decimal("1.75"), 2: Decimal("1.75")}
    assert quoted("Apfel und Birne zum gleichen Preis, 1,75 die Flasche", "de_DE") == (apples_and_pears, False)
    assert quoted("Apfel und Birne zusammen 1,75", "de_DE")[1]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("honey comes in boxes of 50, 6.00 a box", "0.12"),
        ("honey 6.00 the box of 50", "0.12"),
        ("honey 3.60 a dozen", "0.3"),
        ("honey .62", "0.62"),
        ("all per 100:\nhoney 38.00", "0.38"),
        ("prices per hundred\nhoney 38.00", "0.38"),
        ("all per 100:\nhoney 0.38 each", "0.38"),
    ],
)
def test_a_price_for_many_becomes_the_price_of_one(text: str, price: str) -> None:
    """Packs, dozens and what an answer says of all its prices."""
    assert quoted(text, "en_GB", KnownLine(1, "Honey 30 g", Decimal(600), "pcs")) == ({1: Decimal(price)}, False)


def test_a_price_per_pack_stays_where_packs_were_asked_for() -> None:
    """21.90 the box is the price of the line that counts boxes."""
    paper = KnownLine(1, "Copy paper", Decimal(120), "box")
    assert quoted("paper 21.90 the box of 500", "en_GB", paper) == ({1: Decimal("21.90")}, False)


def test_a_price_for_something_else_is_asked_about() -> None:
    """Nobody knows how many jars are in a barrel."""
    prices, asked = quoted("ogórki 390 zł za beczułkę", "pl_PL", KnownLine(1, "Ogórki 0,9 l", Decimal(500), "słoik"))
    assert not prices
    assert asked


def test_days_that_a_line_is_counted_in_are_no_time_of_delivery() -> None:
    """Four days of parking are a quantity."""
    steps = STEPS["invoice_draft", "supplier"]
    lines = (replace(JUICES[0], text="Parkeren", qty=Decimal(3), unit="dag", price=Decimal(18)),)
    found = meaning_of("parkeren 4 dagen", Situation("invoice_draft", "supplier", steps=steps, lines=lines))
    assert [(act.name, act.data()["qty"]) for act in found.actions] == [("invoice_line", Decimal(4))]
