"""An out-of-office text says until when, and who instead."""

from datetime import date

import pytest

from inbound.absence import Absence, absence_of
from inbound.letter import read_letter
from tests.inbound.letters import a_mail

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "until", "instead"),
    [
        (
            "I am out of the office until 7 December 2026. Please ask bo@supplier.example.",
            (2026, 12, 7),
            ("bo@supplier.example",),
        ),
        ("I am away from 20 November 2026 and will be back on Monday, 7 December.", (2026, 12, 7), ()),
        ("Ich bin vom 20.11.2026 bis zum 04.12.2026 nicht im Büro.", (2026, 12, 4), ()),
        ("Ich bin bis einschließlich 4. Dezember im Urlaub.", (2026, 12, 4), ()),
        ("Je suis absent jusqu'au 4 décembre 2026 inclus.", (2026, 12, 4), ()),
        ("Estaré fuera de la oficina hasta el 4 de diciembre de 2026.", (2026, 12, 4), ()),
        ("Sono in ferie fino al 4 dicembre 2026.", (2026, 12, 4), ()),
        ("Ik ben tot en met 4 december 2026 afwezig.", (2026, 12, 4), ()),
        ("Jestem na urlopie do 4 grudnia 2026.", (2026, 12, 4), ()),
        ("Я у відпустці до 4 грудня 2026 р.", (2026, 12, 4), ()),
        ("I was away until 7 September 2026.", None, ()),
        ("I am on vacation.", None, ()),
    ],
)
def test_the_end_of_an_absence_is_read(text: str, until: tuple[int, int, int] | None, instead: tuple[str, ...]) -> None:
    """The day is read in many languages; one that has passed is none."""
    letter = read_letter(a_mail(text, headers=("Subject: Automatic reply",)))
    assert absence_of(letter, TODAY) == Absence(date(*until) if until else None, instead)
