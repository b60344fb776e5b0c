"""What number formats show beside a cell's figure: `"INV "0` shows 7 as INV 7, `0000` as 0007, `0.00 "€"` a currency.

Only formats of whole numbers between two texts are shown so (ECMA-376 part 1, 18.8.31); all others say no more than the
figure itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inbound.documents.tree import each, parse_xml
from inbound.documents.visible.figures import CURRENCIES

SIGNS: Final = {"€": "EUR", "£": "GBP", "zł": "PLN", "Kč": "CZK", "₴": "UAH", "грн": "UAH"}
_CODES: Final = frozenset(CURRENCIES.split("|"))
_MOST_STYLES: Final = 4_000
_MOST_SHOWN: Final = 20_000
_LONGEST: Final = 20
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<sign>[^\]\-]*)[^\]]*\]|\[[^\]]*\]|[_*].|(?P<digits>[0#?]+)|(?P<plain>.)',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Format:
    """A number format: the texts before and after the digits, how many digits at least, and the currency it names."""

    before: str = ""
    digits: int = 0
    after: str = ""
    currency: str | None = None

    @property
    def tells(self) -> bool:
        """Whether it shows more than the figure: letters or figures beside it, or zeros before it."""
        return self.digits > 1 or any(c.isalnum() for c in self.before + self.after)

    def shown(self, value: float) -> str | None:
        """A whole number as its cell shows it."""
        if not self.digits or value < 0 or value != int(value) or value >= 1e15:
            return None
        return f"{self.before}{int(value):0{self.digits}d}{self.after}".strip()


def formats_of(styles: bytes | None) -> Sequence[Format]:
    """The format of each cell style of a workbook, from `styles.xml`; nothing where there is none."""
    if not styles or b"formatCode=" not in styles:
        return ()
    root = parse_xml(styles)
    codes = {one.get("numFmtId"): _read(one.get("formatCode") or "") for one in each(root, "numFmts/numFmt")}
    found = [codes.get(style.get("numFmtId"), Format()) for style in each(root, "cellXfs/xf")]
    return found[:_MOST_STYLES]


def shown_by(formats: Sequence[Format], sheet: bytes) -> Iterator[tuple[int, int, Format]]:
    """The cells of a sheet, as numbers of row and column, whose format shows more than their figure."""
    telling = {str(number).encode(): one for number, one in enumerate(formats) if one.tells and one.digits}
    if not telling:
        return
    cells = re.compile(rb'<c\b(?=[^>]*\bs="(%s)")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"' % b"|".join(telling))
    for count, hit in enumerate(cells.finditer(sheet)):
        if count == _MOST_SHOWN:
            return
        yield int(hit[3]) - 1, _column(hit[2]), telling[hit[1]]


def currency_by(formats: Sequence[Format], sheet: bytes) -> str | None:
    """The currency that the formats of a sheet's cells name, where that is one."""
    by_code: dict[str, list[bytes]] = {}
    for number, one in enumerate(formats):
        if one.currency is not None:
            by_code.setdefault(one.currency, []).append(str(number).encode())
    used = [c for c, ids in by_code.items() if re.search(rb'<c\b[^>]*\bs="(?:%s)"' % b"|".join(ids), sheet)]
    return used[0] if len(used) == 1 else None


def _read(code: str) -> Format:
    """What a format says in its first section, that of positive numbers."""
    before, digits, after, currency, whole = "", 0, "", None, True
    for token in _TOKEN.finditer(code[:200]):
        if token["plain"] == ";":
            break
        if token["digits"]:
            whole = whole and not digits
            digits = max(digits, token["digits"].count("0"), 1)
            continue
        text = next((said for said in (token["quoted"], token["escaped"], token["sign"]) if said is not None), None)
        if text is None:
            text = token["plain"] or ""
            whole = whole and not (text.isalpha() or text in ".,%@")
        if (named := currency_named(text.strip())) is not None:
            currency = named
        elif digits:
            after += text
        else:
            before += text
    if not whole or len(before + after) > _LONGEST:
        return Format(currency=currency)
    return Format(before, digits, after, currency)


def currency_named(text: str) -> str | None:
    """The currency that a sign or a code names alone."""
    return SIGNS.get(text) or (text if text in _CODES else None)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


Shown = Mapping[tuple[int, int], str]
"""What cells show beside their figure, by their row and column from 0."""
