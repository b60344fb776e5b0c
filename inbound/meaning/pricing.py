"""What a price is the price of: one, a pack, a dozen, a hundred, all that was asked for.

People write the unit behind the price in their own way: "1,68 die Flasche", "24,50 el m2", "6.00 a bag of 50".
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

from inbound.documents.numbers import parse_amount
from inbound.meaning.days import Habits
from inbound.meaning.items import units_of
from inbound.meaning.letters import folded
from inbound.meaning.likeness import is_known
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either
from workflows.actions import KnownLine

_PRICE: Final = r"(?<![\w.,/-])(?P<price>\d[\d.,]*\d|\d)[.,]?-?"
_EACH: Final = "/pc"
"""What stands for "each" in every language."""
_UNIT: Final = 3
"""Letters by which a unit of the document may be called in another form."""
_WORD: Final = 4
"""Letters of a word that may be a unit nobody knows."""
_DOZEN: Final = "12"
_HEAD: Final = 4_000
"""Characters of an answer in which it may say what all its prices are for."""
_FEW: Final = 7
"""Words of a clause that says so."""
_PLACES: Final = -6
"""A price that does not come out at so many decimal places is none that people mean."""


def priced(text: str, line: KnownLine | None, speech: Speech, habits: Habits) -> str:
    """The text with each price said for one unit, as far as that can be told: packs and dozens are divided."""
    text, packs = _unpacked(text, line, speech)

    def one(found: re.Match[str]) -> str:
        price, money, tail = found["price"], found["money"] or "", ""
        unit, many = found["unit"], found["many"] or ""
        if found["n"]:
            count = _count(found["n"], speech)
            if line is not None and line.unit and count == _count(line.unit, speech):
                return f"{price} {money} {_EACH} "  # ordered by the dozen
            spread = not speech.lines["per"].begin(speech.tokens(found["by"]))
            whole = count == _DOZEN or (spread and line is not None and bool(count) and line.qty == Decimal(count))
            return (_divided(price, count, money, habits) if whole else "") or found[0]
        if not unit:
            words = [word for word in (found["word"], found["next"]) if word]
            unit = next((word for word in words if units_of(word) or (line is not None and _is_own(word, line))), "")
            if not unit:
                return _for_another(found, line, speech)
            tail = f" {found['next']}" if found["next"] and unit != found["next"] else ""
        own = line is not None and _is_own(unit, line)
        count = "" if own else many or packs.get(_name(unit), "")
        if count and (divided := _divided(price, count, money, habits)):
            return divided + tail
        each = _EACH if own else f"/ {unit}"
        return f"{price} {money} {each} {tail}"

    return _behind(speech).sub(one, text)


def _for_another(found: re.Match[str], line: KnownLine | None, speech: Speech) -> str:
    """A price for something that is no unit that anybody knows: "390 per barrel"; to be asked about."""
    word = found["word"]
    if line is None or not speech.lines["per"].begin(speech.tokens(found["by"])) or len(word) < _WORD:
        return found[0]
    begin = folded(word)[:_WORD]
    if is_known(speech, folded(word, speech.source.letters)) or begin in folded(line.text):
        return found[0]
    return f"~{found[0]}"


def _unpacked(text: str, line: KnownLine | None, speech: Speech) -> tuple[str, dict[str, str]]:
    """The text without "in bags of 50" where another figure is left; and how many are in which pack."""
    packs: dict[str, str] = {}
    behind = [found.span() for found in _behind(speech).finditer(text)]
    for found in reversed(list(_packing(speech).finditer(text))):
        rest = text[: found.start()] + " " + text[found.end() :]
        priced = text[: found.start("unit")].rstrip().casefold().endswith(speech.source.lines["per"])
        priced = priced or any(begin <= found.start() < end for begin, end in behind)
        if any(map(str.isdigit, rest)) and not priced:
            if line is None or not _is_own(found["unit"], line):
                packs[_name(found["unit"])] = found["n"]
            text = rest
    return text, packs


def per_many(text: str, speech: Speech, habits: Habits) -> str:
    """The text with the price of one for a price of 100 or 1000 ("9.50 per 100")."""

    def one(found: re.Match[str]) -> str:
        return _divided(found["price"], str(_base(found["base"], speech)), found["money"] or "", habits) or found[0]

    return _based(speech).sub(one, text)


def base_of_all(text: str, speech: Speech) -> int:
    """How many the prices of a whole answer are for: "all per 100:", "Preise je 1000 Stück"; 1 where none says it."""
    bases = set()
    for found in _any_base(speech).finditer(text[:_HEAD]):
        clause = found["before"] + found["after"]
        tokens = speech.tokens(clause)
        lists = (speech.lines[kind] for kind in ("all", "price", "each_of"))
        heads = text[found.end() : found.end() + 1] == ":" or any(words.within(tokens) for words in lists)
        if heads and not any(map(str.isdigit, clause)) and len(tokens) <= _FEW:
            bases.add(_base(found["base"], speech))
    return bases.pop() if len(bases) == 1 else 1


def _base(words: str, speech: Speech) -> int:
    digits = re.sub(r"\D", "", words)
    return int(digits) if digits else 100 if _hundred(speech).fullmatch(words) else 1000


def _divided(price: str, count: str, money: str, habits: Habits) -> str:
    """The price of one; empty where it does not come out."""
    amount = parse_amount(price, habits.mark)
    if not isinstance(amount, Decimal) or not int(count):
        return ""
    each = (amount / int(count)).normalize()
    exponent = each.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < _PLACES:
        return ""
    return f"{each:f}".replace(".", habits.mark or ".") + f" {money} {_EACH} "


def _count(words: str, speech: Speech) -> str:
    """How many a figure or a number word says; empty for none."""
    words = folded(words.strip(), speech.source.letters)
    if words.isdigit():
        return words
    if words in {folded(word, speech.source.letters) for word in speech.source.lines["dozen"]}:
        return _DOZEN
    return next((n for n, texts in speech.source.numbers.items() if words in map(folded, texts)), "")


def _name(unit: str) -> str:
    names = units_of(unit)
    return min(names) if names else folded(unit)[:_UNIT]


def _is_own(unit: str, line: KnownLine) -> bool:
    """Whether a word is the line's own unit, in whatever form of it."""
    written = folded((line.unit or "").rstrip("."))
    said = folded(unit.rstrip("."))
    if not written or not written[0].isalpha():
        return False
    if units_of(said) & units_of(written) or said == written:
        return True
    known = units_of(said) and units_of(written)
    return not known and said.startswith(written[: max(_UNIT, len(written) - 2)])


@cache
def _behind(speech: Speech) -> re.Pattern[str]:
    """A price, and behind it what it is for."""
    source = speech.source
    money = either((name for texts in source.currencies.values() for name in texts), source.letters)
    units = either((unit for texts in source.units.values() for unit in texts if unit[0].isalpha()), source.letters)
    by = either(source.lines["by_unit"], source.letters)
    packed = either(source.lines["packed"], source.letters)
    counted = either(
        (*source.lines["dozen"], *(word for n, words in source.numbers.items() if n != "1" for word in words)),
        source.letters,
    )
    some = r"[^\W\d_]{1,14}"
    return re.compile(
        rf"{_PRICE}\s?(?P<money>(?:{money})(?!\w))?,?-?\s*(?P<by>/\s*(?!\d)|(?:{by})(?:\s+|(?<=')))"
        rf"(?:(?P<n>\d{{1,4}}(?![\d.,]*\d)|(?:{counted})(?!\w))"
        rf"|(?:(?P<unit>{units})(?!\w)|(?P<word>{some})(?!\w)(?:\s(?P<next>{some})(?!\w))?)\.?"
        rf"(?:\s+(?:{packed})\s+(?P<many>\d{{1,4}})(?![\d.,]*\d))?)",
        re.IGNORECASE,
    )


@cache
def _packing(speech: Speech) -> re.Pattern[str]:
    """How goods are packed: "in bags of 50", "Kartons à 20"."""
    source = speech.source
    kinds = ("box", "pack", "pallet", "set", "roll", "can")
    units = either((u for kind in kinds for u in source.units.get(kind, ()) if u[0].isalpha()), source.letters)
    packed = either(source.lines["packed"], source.letters)
    money = either((name for texts in source.currencies.values() for name in texts), source.letters)
    return re.compile(
        rf"(?<!\d )(?<!\w)(?:(?:in|en|im|per|w|по|в|da)\s+)?(?P<unit>{units})\s+(?:{packed})\s+(?P<n>\d{{1,4}})"
        rf"(?![\d.,]*\d|\s?(?:{money}|[x×*]))",
        re.IGNORECASE,
    )


@cache
def _hundred(speech: Speech) -> re.Pattern[str]:
    return re.compile(either(speech.source.lines["hundred"], speech.source.letters), re.IGNORECASE)


@cache
def _based(speech: Speech) -> re.Pattern[str]:
    source = speech.source
    money = either((name for texts in source.currencies.values() for name in texts), source.letters)
    per = either((*source.lines["per"], *source.lines["base"]), source.letters)
    words = either((*source.lines["hundred"], *source.lines["thousand"]), source.letters)
    return re.compile(
        rf"{_PRICE}\s?(?P<money>{money})?,?-?\s*(?:{per})\s*"
        rf"(?P<base>100|1000|1[. ]000|(?:{words})(?!\w))(?![\d.,]*\d)(?:er)?",
        re.IGNORECASE,
    )


@cache
def _any_base(speech: Speech) -> re.Pattern[str]:
    """A clause that names a hundred or a thousand: "all prices per 100 pieces"."""
    source = speech.source
    per = either((*source.lines["per"], *source.lines["base"]), source.letters)
    words = either((*source.lines["hundred"], *source.lines["thousand"]), source.letters)
    return re.compile(
        rf"(?P<before>[^\n.,;:()]{{0,50}})(?<!\w)(?:{per})\s+"
        rf"(?P<base>100|1000|1[. ]000|(?:{words})(?!\w))(?![\d.,]*\d)(?:er)?(?P<after>[^\n.,;:()]{{0,30}})",
        re.IGNORECASE,
    )
