"""Which line a figure is for, which of two figures is the new one, and which numbers are none of a line."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from inbound.meaning.meaning import meaning_of
from inbound.meaning.understand import STEPS
from workflows.actions import KnownLine, Meaning, Situation

HEATING = (
    ("Copper pipe 22 mm", "80", "m", "6.40"),
    ("Radiator valve", "40", "pcs", "9.75"),
    ("Ball valve", "25", "pcs", "7.20"),
    ("Pipe insulation 22 mm", "80", "m", "1.15"),
)
TILING = (("Piastrelle grigie", "120", "m2", "21.50"), ("Colla per piastrelle", "40", "sacco", "12.90"))
PAINT = (("Фарба біла", "20", "відро", "890"), ("Стрічка малярна", "80", "шт", "48"))
Row = tuple[str, str, str, str]

PIPES: Sequence[Row] = (
    ("Tubo PVC 110", "60", "m", "5.20"),
    ("Curva PVC 110 45°", "24", "pz", "2.30"),
    ("Curva PVC 110 87°", "24", "pz", "2.40"),
    ("Sifone", "12", "pz", "8.80"),
)
SWEETS: Sequence[Row] = (
    ("Bûche pistache", "30", "pce", "29.00"),
    ("Macarons", "50", "coffret", "14.50"),
    ("Galette frangipane", "25", "pce", "19.00"),
)
PALLETS: Sequence[Row] = (("Europalette Klasse B", "300", "Stk", "7.20"),)
TILES: Sequence[Row] = (("Układanie płytek", "34", "m2", "110.00"), ("Fugowanie", "34", "m2", "18.00"))
CLEANING: Sequence[Row] = (("Limpieza de naves", "88", "h", "17.50"), ("Desengrasante", "4", "garrafa", "32.00"))


def understood(text: str, name: str, locale: str, rows: Sequence[Row]) -> Meaning:
    """The meaning of a supplier's answer about a document with these lines."""
    lines = tuple(
        KnownLine(n, text, Decimal(qty), unit, Decimal(price) if price else None)
        for n, (text, qty, unit, price) in enumerate(rows, 1)
    )
    steps = STEPS[name, "supplier"]
    about = Situation(name, "supplier", steps, "D-77", locale=locale, today=date(2026, 3, 2), lines=lines)
    return meaning_of(text, about)


def heard(meaning: Meaning) -> list[tuple[str, str]]:
    """Each action as its line (or name) and what it says of it."""
    out = []
    for act in meaning.actions:
        data = {name: value for name, value in act.data().items() if name not in ("n", "currency")}
        out.append((str(act.n or act.name), " ".join(f"{name} {value}" for name, value in data.items())))
    return sorted(out)


@pytest.mark.parametrize(
    ("text", "name", "locale", "rows", "expected"),
    [
        ("mi cambia solo la curva da 87 che viene 2,55", "order", "it_IT", PIPES, [("3", "price 2.55")]),
        ("sifoni ne ho 10, gli altri 2 non arrivano più", "order", "it_IT", PIPES, [("4", "qty 10")]),
        ("300 hab ich nicht, 180 könnt ihr haben", "order", "de_DE", PALLETS, [("1", "qty 180")]),
        ("il n'y a plus que 11 galettes", "order", "fr_FR", SWEETS, [("3", "qty 11")]),
        ("15,20 au lieu de 14,50", "order", "fr_FR", SWEETS, [("2", "price 15.20")]),
        ("Son 92 horas, no 88", "invoice_draft", "es_ES", CLEANING, [("1", "qty 92")]),
        ("Wyszło 36 i to przy obu pozycjach", "invoice_draft", "pl_PL", TILES, [("1", "qty 36"), ("2", "qty 36")]),
        ("valves are fine, pipe: 75 m left", "order", "en_GB", HEATING, [("1", "qty 75")]),
        ("di piastrelle ne ho solo 100 mq", "order", "it_IT", TILING, [("1", "qty 100")]),
        ("le piastrelle arrivano il 20/03/2026", "order", "it_IT", TILING, [("1", "date 2026-03-20")]),
        ("стрічка 52 грн замість 48", "order", "uk_UA", PAINT, [("2", "price 52")]),
        ("les galettes c'est 19,50 pièce désormais", "order", "fr_FR", SWEETS, [("3", "price 19.50")]),
        ("Od 1 grudnia fugowanie idzie po 19", "order", "pl_PL", TILES, [("2", "price 19")]),
    ],
)
def test_a_figure_finds_its_line(
    text: str, name: str, locale: str, rows: Sequence[Row], expected: list[tuple[str, str]]
) -> None:
    """By a figure of the line's text, by what it has now, by the sentence before, or by "both"."""
    found = understood(text, name, locale, rows)
    assert heard(found) == expected
    assert not found.questions


@pytest.mark.parametrize(
    ("text", "locale", "rows"),
    [
        ("Pour l'un des deux ce sera deux euros de plus", "fr_FR", SWEETS),
        ("one of the two goes up by 2.00", "en_GB", TILES),
        ("valves arrive on 20 March 2026", "en_GB", HEATING),
        ("of the valves I have 20 pcs left", "en_GB", HEATING),
    ],
)
def test_which_line_is_asked_where_only_one_of_several_is_meant(text: str, locale: str, rows: Sequence[Row]) -> None:
    """Nobody can tell which."""
    found = understood(text, "order", locale, rows)
    assert not found.actions
    assert found.questions


@pytest.mark.parametrize(
    ("text", "locale", "number"),
    [
        ("Martin, has our bill 5512 been paid?", "en_GB", "5512"),
        ("wann wird unsere Rechnung RE-2026/14 bezahlt?", "de_DE", "RE-2026/14"),
        ("la ns. fattura 340 del 2 aprile quando la saldate?", "it_IT", "340"),
        ("notre facture 2026-88 est-elle réglée ?", "fr_FR", "2026-88"),
        ("підкажіть, коли чекати оплату за рахунком НВ-0512", "uk_UA", "НВ-0512"),
    ],
)
def test_who_asks_when_an_invoice_is_paid_gets_its_status(text: str, locale: str, number: str) -> None:
    """Also in a mail about another document; the number is none of a line."""
    found = understood(text, "rfp", locale, PIPES)
    assert [(act.name, act.data().get("document")) for act in found.actions] == [("status", number)]
    assert not found.questions


@pytest.mark.parametrize("text", ["Marmi Vannucci 0585 84 22 10", "419-555-0182", "You can get me on 614 555 0133"])
def test_a_telephone_number_is_no_figure(text: str) -> None:
    """Nothing is asked about it, though a word beside it may be a line's."""
    found = understood(text, "rfp", "en_US", (("Marmi", "60", "m2", ""),))
    assert not (found.actions)
    assert not (found.questions)


def test_a_denied_figure_is_no_invoice_number() -> None:
    """Spanish for "not 88" looks like "no. 88"."""
    assert "invoice_number" not in dict(heard(understood("no 88", "invoice_draft", "es_ES", CLEANING)))


def test_an_offer_that_is_not_made_any_more_is_no_line_without_a_bid() -> None:
    """What is not made is the offer, not the nuts beside it."""
    rows = (("Cesto", "25", "pz", "64.00"), ("Nocciolata", "25", "vasetto", "8.20"))
    text = "mia moglie ha venduto tutte le nocciole e quest'offerta non la facciamo più"
    assert not heard(understood(text, "proposal_draft", "it_IT", rows))


def test_a_price_by_a_name_that_no_line_has_is_asked_about_beside_a_sure_one() -> None:
    """The sure one is taken."""
    rows = (("Briefumschläge C5", "50", "Schachtel", ""), ("Kugelschreiber", "300", "Stk", ""))
    found = understood("umschläge 7,95 die schachtel, kulis 0,36", "rfp", "de_DE", rows)
    assert heard(found) == [("1", "price 7.95")]
    assert found.questions


def test_a_deposit_beside_the_prices_of_all_lines_is_a_note() -> None:
    """No line is left that it could be the price of."""
    rows = (("Apfelsaft", "600", "Fl", ""), ("Birnensaft", "300", "Fl", ""))
    found = understood("Apfel 1,68 die Flasche, Birne 1,92, Pfand 0,15", "rfp", "de_DE", rows)
    assert heard(found) == [("1", "price 1.68"), ("2", "price 1.92")]
    assert not found.questions


def test_who_passes_prices_on_declines_nothing() -> None:
    """Spanish "paso" is also "I pass"."""
    rows = (("Silla plegable", "100", "ud", ""), ("Mesa redonda", "12", "ud", ""))
    found = understood("Le paso precios: silla 19,20 €/ud, mesa 66 €/ud", "rfp", "es_ES", rows)
    assert heard(found) == [("1", "price 19.20"), ("2", "price 66")]
    assert not found.questions
