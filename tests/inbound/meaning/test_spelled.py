"""Number words and days in words."""

import pytest

from inbound.meaning.compiling import speech
from inbound.meaning.speech import Speech
from inbound.meaning.spelled import with_digits
from templates.phrases import language, languages

SAID = {
    "en": ("thirty-one euros", "the fifteenth of December", "two hundred and fifty pieces"),
    "de": ("einunddreißig Euro", "am fünfzehnten Dezember", "zweihundertfünfzig Stück"),
    "es": ("treinta y un euros", "el quince de diciembre", "doscientos cincuenta unidades"),
    "fr": ("trente et un euros", "le quinze décembre", "deux cent cinquante pièces"),
    "it": ("trentuno euro", "il quindici dicembre", "duecentocinquanta pezzi"),
    "nl": ("eenendertig euro", "op vijftien december", "tweehonderdvijftig stuks"),
    "pl": ("trzydzieści jeden euro", "do piętnastego grudnia", "dwieście pięćdziesiąt sztuk"),
    "uk": ("тридцять один євро", "до п'ятнадцятого грудня", "двісті п'ятдесят штук"),
}


def _speech(code: str) -> Speech:
    return speech(code)


@pytest.mark.parametrize("code", languages())
def test_f20_numbers_and_days_in_words_become_figures(code: str) -> None:
    price, day, pieces = (with_digits(text, _speech(code)) for text in SAID[code])
    assert "31 " in price
    assert "15 " in day
    assert "250 " in pieces


@pytest.mark.parametrize("code", languages())
def test_f20_every_number_to_a_hundred_has_its_words(code: str) -> None:
    numbers = language(code).numbers
    assert not [n for n in range(2, 101) if not numbers.get(str(n))]
    words = [word for n in range(1, 101) for word in set(numbers.get(str(n), ()))]
    assert len(words) == len(set(words))


def test_f20_two_number_words_side_by_side_are_no_sure_figure() -> None:
    assert with_digits("six forty each", _speech("en")) == "~6 40 each"
