"""Units are told by code or by name in nine languages, and convert only where that is the same everywhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.units import converted, price_in, unit_code

D = Decimal


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("C62", "C62 H87 EA pcs piece Stk. Stück Unidades pza pièces pezzi stuks szt. sztuk peça шт. штук"),
        ("KGM", "KGM kg kilogram Kilogramm kilogramo kilogrammes chilogrammi kilogramów quilogramas кг"),
        ("MTR", "MTR m metres Meter lfm metros mètres metri metr метрів м.п."),
        ("LTR", "LTR l litres Liter litros litri litrów літрів"),
        ("HUR", "HUR h hours Stunden horas heures ore uren godz. godzin год"),
        ("DAY", "DAY days Tage días jours giorni dagen dni dias днів"),
        ("DZN", "DZN dozen Dutzend docena douzaine dozzina dozijn tuzin dúzia дюжина"),
        ("XBX", "XBX BX box Kiste caja boîte scatola doos pudełko caixa коробка"),
        ("XPK", "XPK PK pack Packung paquete paquet confezione pak opakowanie pacote упаковка"),
    ],
)
def test_a_unit_is_the_same_by_code_and_by_name(code: str, names: str) -> None:
    """English, German, Spanish, French, Italian, Dutch, Polish, Portuguese and Ukrainian."""
    assert {unit_code(name) for name in names.split()} == {code}


@pytest.mark.parametrize(
    ("quantity", "unit", "into", "expected"),
    [
        ("1.5", "t", "kg", "1500"),
        ("250", "g", "KGM", "0.25"),
        ("120", "cm", "m", "1.2"),
        ("3", "m", "mm", "3000"),
        ("500", "ml", "l", "0.5"),
        ("90", "min", "Stunden", "1.5"),
        ("2", "dozen", "Stk", "24"),
        ("3", "MIL", "C62", "3000"),
        ("5", "EA", "H87", "5"),
        ("5", None, "kg", "5"),
    ],
)
def test_a_quantity_is_counted_in_the_other_unit(quantity: str, unit: str | None, into: str, expected: str) -> None:
    """Masses, lengths, volumes, times and counts."""
    assert converted(D(quantity), unit, into) == D(expected)


@pytest.mark.parametrize(
    ("unit", "into"),
    [("box", "pcs"), ("pack", "pcs"), ("set", "pcs"), ("pair", "pcs"), ("day", "h"), ("kg", "l"), ("x", "y")],
)
def test_what_two_companies_agree_on_is_never_guessed(unit: str, into: str) -> None:
    """How many are in a box, how long a working day is, what a litre weighs."""
    assert converted(D(1), unit, into) is None
    assert price_in(D(1), unit, into) is None


def test_a_price_follows_its_unit() -> None:
    """5.40 a dozen are 0.45 apiece; 1.20 a kilogram are 1200 a tonne."""
    assert price_in(D("5.40"), "dozen", "pcs") == D("0.45")
    assert price_in(D("1.20"), "kg", "t") == D(1200)


@given(
    st.decimals("0.001", "100000", places=3), st.sampled_from([("kg", "g"), ("t", "kg"), ("m", "mm"), ("dozen", "pcs")])
)
def test_a_conversion_and_back_is_what_it_was(quantity: Decimal, units: tuple[str, str]) -> None:
    """From the larger unit to the smaller one and back, and worth stays the same."""
    large, small = units
    there = converted(quantity, large, small)
    assert there is not None
    assert converted(there, small, large) == quantity
