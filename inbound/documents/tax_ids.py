"""Check digits of tax ids and company numbers, where a state has published how they are made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workflows.reading import Defect

_SIRET: Final = re.compile(r"(?<!\w)SIRET(?!\w)[\s:°nNo.]{0,6}(\d[\d ]{7,20}\d)", re.IGNORECASE)
_POLISH: Final = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def vat_id_is_right(vat_id: str) -> bool:
    """Whether the check digits of a VAT id are right; True for countries whose way is not known here."""
    country, rest = vat_id[:2].upper(), re.sub(r"[ .\-]", "", vat_id[2:])
    if not rest.isascii() or not rest.isdigit():
        return True
    if country == "FR" and len(rest) == 11:
        return int(rest[:2]) == (12 + 3 * (int(rest[2:]) % 97)) % 97
    if country == "BE" and len(rest) == 10:
        return 97 - int(rest[:8]) % 97 == int(rest[8:])
    if country == "IT" and len(rest) == 11:
        return _luhn(rest)
    if country == "PL" and len(rest) == 10:
        return sum(w * int(c) for w, c in zip(_POLISH, rest, strict=False)) % 11 == int(rest[9])
    return True


def vat_id_defects(vat_id: str | None) -> Iterator[Defect]:
    """Tell a seller's VAT id whose check digits are wrong: no rule of EN 16931 looks at them."""
    if vat_id and not vat_id_is_right(vat_id):
        yield Defect("vat_id_wrong", f"The check digits of the VAT id {vat_id[:20]} are wrong.")


def company_number_defects(text: str) -> Iterator[Defect]:
    """Tell company numbers on a page that have lost or won a digit: a SIRET has 14."""
    if "siret" not in text.casefold():
        return
    for number in dict.fromkeys(hit[1].replace(" ", "") for hit in _SIRET.finditer(text)):
        if len(number) != 14:
            yield Defect("company_number_wrong", f"The SIRET {number} has {len(number)} digits, not 14.")


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0
