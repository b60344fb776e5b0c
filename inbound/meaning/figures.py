"""The figures and days in a clause about a line: a quantity, a price, a day, each sure, ambiguous or absent.

Nothing is guessed: whatever number in the clause is not accounted for makes it `unclear`, and the caller asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from inbound.documents.ambiguous import Ambiguous
from inbound.documents.numbers import parse_amount
from inbound.meaning.days import Habits, days_in
from inbound.meaning.letters import folded
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either
from templates.phrases import language, languages

_NUMBER = r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?![\d])|\d[\d.,']*\d|\d"
_ITEM = re.compile(rf"(?P<number>{_NUMBER})|(?P<word>m[23](?!\w)|[^\W\d_]+\.?|[^\W_]+)|(?P<sign>[^\w\s])")


_THOUSAND = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""1.040 is one or a thousand, whatever the locale: settled by what the line has now, or by another figure."""

_MEASURED = ("number", "per", "each")
"""What a unit stands behind."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a clause about a line says. `open` names what must be asked: "price", "qty", "date", "figure"."""

    qty: Decimal | None = None
    price: Decimal | None = None
    bare: Decimal | None = None
    currency: str | None = None
    day: date | None = None
    lead: bool = False
    open: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()
    denied: bool = False

    @property
    def nothing(self) -> bool:
        """Whether no figure and no day was said at all."""
        return not (self.open or self.lead or self.day) and self.qty is self.price is self.bare is None


def read_figures(
    text: str,
    speech: Speech,
    habits: Habits,
    known: Iterable[Decimal | None] = (),
    now: tuple[Decimal | None, Decimal | None] = (None, None),
) -> Figures:
    """Read the figures of one clause.

    `known` are the figures of the lines, which settle an ambiguous one; `now` are quantity and price that the one line
    has now: beside a new figure of the same kind they are the old one ("to 41.20, not 38.50").
    """
    dated = speech.lines["delivery"].within(speech.tokens(text)) or _on_a_day(speech).search(text) is not None
    days, rest = days_in(text, habits, dated)
    opened: list[str] = []
    texts: list[str] = []
    day: date | None = None
    if days:
        first = days[0]
        if len(days) > 1 or not isinstance(first, date):
            opened.append("date")
            texts.append(text.strip())
        else:
            day = first
    items, currency = _items(rest, speech)
    settled = {value for value in known if value is not None}
    numbers: list[tuple[Decimal, str]] = []
    places: list[int] = []
    lead = False
    for position, (kind, value) in enumerate(items):
        if kind == "lead" and (
            (position and items[position - 1][0] == "number")
            or (position + 1 < len(items) and items[position + 1][0] == "number")
        ):
            lead = True
        if kind != "number":
            continue
        amount = parse_amount(value, habits.mark)
        if isinstance(amount, Ambiguous):
            fits = [candidate for candidate in amount.candidates if candidate in settled]
            amount = fits[0] if len(fits) == 1 else None
        elif amount is not None and _THOUSAND.fullmatch(value) and not habits.told:
            compared = [now[1]] if now[1] and _role(items, position) == "price" else [*now] if any(now) else [*settled]
            priced = _role(items, position) == "price" and not any(compared)
            amount = amount if priced or any(like(amount, one) for one in compared if one) else None
        if amount is None or amount < 0:
            opened.append("figure")
            texts.append(value)
            numbers.append((Decimal(0), "unknown"))
            places.append(position)
        else:
            role = _role(items, position)
            twice = next((at for at, (said, _) in enumerate(numbers) if said == amount), None)
            if twice is not None and not any(one == "times" for one, _ in items):
                # said twice: "24 left, so I send the 24"
                numbers[twice] = (amount, role) if numbers[twice][1] in ("plain", "unknown") else numbers[twice]
                continue
            numbers.append((amount, role))
            places.append(position)
    numbers, denied = settled_by(numbers, places, items, now)
    if lead:
        return Figures(day=day, lead=True, open=tuple(opened), texts=tuple(texts), currency=currency)
    if any(kind == "vague" for kind, _ in items) and (numbers or day):
        opened.append("figure")
        texts.append(text.strip())
    found = _arranged(numbers, items, currency, day, opened, texts, text)
    units = (name for at, (kind, name) in enumerate(items) if kind == "unit" and at and items[at - 1][0] in _MEASURED)
    return replace(found, units=frozenset(units), denied=denied)


@cache
def _on_a_day(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.days["on"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})\s+\d{{1,2}}\.\d{{1,2}}\.", re.IGNORECASE)


def units_of(text: str | None) -> frozenset[str]:
    """The catalogue's names for a unit as a document writes it; none for one that no language file has."""
    written = (text or "").casefold().rstrip(".")
    return _units().get(folded(written), frozenset())


@cache
def _units() -> dict[str, frozenset[str]]:
    """Units as any language writes them: a document may be in another one than the answer."""
    names: dict[str, set[str]] = {}
    for code in languages():
        for name, texts in language(code).units.items():
            for text in texts:
                names.setdefault(folded(text), set()).add(name)
    return {text: frozenset(found) for text, found in names.items()}


def with_digits(text: str, speech: Speech) -> str:
    """The text with figures for number words that stand before a unit or behind "line" ("eight pieces")."""
    before_unit, behind_line, values = _spelled(speech)

    def figure(found: re.Match[str]) -> str:
        return found["line"] + values[folded(found["number"], speech.source.letters)]

    text = behind_line.sub(figure, before_unit.sub(figure, text))
    return behind_line.sub(figure, text)  # "items one and two"


@cache
def _spelled(speech: Speech) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    source = speech.source
    values = {folded(word, source.letters): value for value, words in source.numbers.items() for word in words}
    counts = (words for number, words in source.numbers.items() if number != "1")
    numbers = either((word for words in counts for word in words), source.letters)
    every = either((word for words in source.numbers.values() for word in words), source.letters)
    counted = (*source.units.values(), source.days["lead"])
    units = either((unit for units in counted for unit in units if unit[0].isalpha()), source.letters)
    lines = either((word for word in source.lines["line"] if word[0].isalpha()), source.letters)
    joins = either(source.words["joins"], source.letters)
    return (
        re.compile(rf"(?<!\w)(?P<line>)(?P<number>{numbers})(?=\s+(?:{units})(?!\w))", re.IGNORECASE),
        re.compile(
            rf"(?<!\w)(?P<line>(?:{lines})\.?\s+(?:\d+\s*(?:,|{joins})\s+)*)(?P<number>{every})(?!\w)", re.IGNORECASE
        ),
        values,
    )


def _arranged(
    numbers: list[tuple[Decimal, str]],
    items: list[tuple[str, str]],
    currency: str | None,
    day: date | None,
    opened: list[str],
    texts: list[str],
    text: str,
) -> Figures:
    qty = price = bare = None
    times = any(kind == "times" for kind, _ in items)
    if not opened:
        sized = [amount for amount, role in numbers if role == "qty"]
        priced = [amount for amount, role in numbers if role == "price"]
        plain = [amount for amount, role in numbers if role == "plain"]
        totals = [amount for amount, role in numbers if role == "total"]
        if times and len(plain) == 2 and not sized and not priced:
            qty, price = plain
        elif times and len(plain) == 1 and not sized and not priced:
            price = plain[0]
        elif times and len(plain) == 1 and len(sized) + len(priced) == 1:
            qty, price = (sized or plain)[0], (priced or plain)[0]
        elif len(sized) <= 1 and len(priced) <= 1 and len(plain) <= (0 if sized or priced else 1):
            qty, price, bare = (some[0] if some else None for some in (sized, priced, plain))
        if any(role == "unknown" for _, role in numbers) or (numbers and qty is price is bare is None and not totals):
            opened.append("figure")
            texts.append(text.strip())
        if totals and not (qty is not None and price is not None and [qty * price] == totals):
            opened.append("figure")
            texts.append(text.strip())
    if opened:
        qty = price = bare = None
    return Figures(qty, price, bare, currency, day, False, tuple(opened), tuple(texts))


def settled_by(
    numbers: list[tuple[Decimal, str]],
    places: list[int],
    items: list[tuple[str, str]],
    now: tuple[Decimal | None, Decimal | None],
) -> tuple[list[tuple[Decimal, str]], bool]:
    """The numbers without those that the line has now, where a new one of the same kind is said; and what is denied."""
    denied = {
        next((k for k, place in enumerate(places) if place > at), -1)
        for at, (kind, _) in enumerate(items)
        if kind == "deny"
    }
    kinds = {value: kind for kind, value in (("price", now[1]), ("qty", now[0])) if value}
    if _multiplied(items) or not kinds:
        return numbers, bool(denied)
    old = [
        k
        for k, (amount, role) in enumerate(numbers)
        if amount in kinds
        and role in ("plain", "qty", "price")
        and any(
            value not in kinds and _same_kind(value, said, amount, role if role != "plain" else kinds[amount])
            for value, said in numbers
        )
    ]
    kept = [one for k, one in enumerate(numbers) if k not in old]
    if old and len(kept) == 1 and kept[0][1] == "plain":
        first = numbers[old[0]]
        kept = [(kept[0][0], first[1] if first[1] != "plain" else kinds[first[0]])]
    return kept, bool(denied - set(old))


def _multiplied(items: list[tuple[str, str]]) -> bool:
    """Whether a quantity times a price is written: `8 x 11.50`, `8 pcs at EUR 11.50`."""
    kinds = "".join({"number": "n", "times": "x", "unit": ".", "currency": "."}.get(kind, "-") for kind, _ in items)
    return re.search(r"n\.?x\.?n", kinds) is not None


def _same_kind(value: Decimal, said: str, old: Decimal, kind: str) -> bool:
    return said == kind or (said == "plain" and like(value, old))


def like(value: Decimal, old: Decimal) -> bool:
    """Whether two figures may be the same one, changed: not more than the triple nor less than a third."""
    return bool(old) and old / 3 <= value <= old * 3


def per_piece(text: str, speech: Speech, habits: Habits) -> str:
    """The text with the price of one for a price of 100 or 1000 ("9.50 per 100")."""

    def one(found: re.Match[str]) -> str:
        amount = parse_amount(found["price"], habits.mark)
        if not isinstance(amount, Decimal):
            return found[0]
        each = amount / int(re.sub(r"\D", "", found["base"]))
        mark = habits.mark or "."
        return f"{each.normalize():f}".replace(".", mark) + f" {found['money'] or ''} {speech.source.lines['each'][0]} "

    return _based(speech).sub(one, text)


@cache
def _based(speech: Speech) -> re.Pattern[str]:
    source = speech.source
    money = either((name for texts in source.currencies.values() for name in texts), source.letters)
    per = either((*source.lines["per"], *source.lines["base"]), source.letters)
    return re.compile(
        rf"(?<![\w.,])(?P<price>\d[\d.,]*\d|\d)\s?(?P<money>{money})?,?-?\s*(?:{per})\s*"
        rf"(?P<base>100|1000|1[. ]000)(?![\d.,]*\d)(?:er)?",
        re.IGNORECASE,
    )


def _role(items: list[tuple[str, str]], position: int) -> str:
    """What a number is, by what stands beside it."""
    before = items[position - 1][0] if position else ""
    after = items[position + 1][0] if position + 1 < len(items) else ""
    if before == "total":
        return "total"
    if before == "per" and not any(kind == "number" for kind, _ in items[: position - 1]):
        return "qty" if after == "unit" else "price"  # "je 92,02", "na 96 m2"
    if before == "per":
        return "unknown"
    if "currency" in (before, after) or after in ("each", "per") or before == "price":
        return "price"
    if after in ("unit", "lead") or before == "quantity":
        return "qty"
    return "plain"


def _items(text: str, speech: Speech) -> tuple[list[tuple[str, str]], str | None]:
    """The numbers of a text and the words that say what they are; and the currency, if one was named."""
    vocabulary = _vocabulary(speech)
    items: list[tuple[str, str]] = []
    currencies: set[str] = set()
    spaced = _spaced(text, speech)
    found = list(_ITEM.finditer(spaced))
    words = [folded(match[0], speech.source.letters) for match in found]
    position = 0
    while position < len(found):
        if found[position]["number"]:
            minus = position and words[position - 1] == "-" and found[position - 1].end() == found[position].start()
            negative = minus and not spaced[: found[position - 1].start()][-1:].isalnum()
            items.append(("number", ("-" if negative else "") + found[position]["number"]))
            position += 1
            continue
        kind, name, length = "", "", 1
        for size in (4, 3, 2, 1):
            spoken = tuple(words[position : position + size])
            entry = vocabulary.get(spoken) or vocabulary.get(tuple(word.rstrip(".") for word in spoken))
            if entry is None and size == 1:
                entry = next((known for stem, known in _stems(speech) if spoken[0].startswith(stem)), None)
            if entry:
                (kind, name), length = entry, size
                break
        if kind == "currency":
            currencies.add(name)
        if kind == "times" and not _between_numbers(found, position, length):
            after = tuple(words[position + length : position + length + 1])
            kind = "per" if after and vocabulary.get(after, ("", ""))[0] == "unit" else ""  # "8.25 a pack"
        if kind == "vague" and not _beside_number(
            found, position, length, speech.words["links"].at(words, position) > 0
        ):
            kind = ""
        if kind == "per" and not _touches_number(found, position, length):
            kind = ""
        if kind:
            items.append((kind, name))
        elif _glued_to_number(found, position):
            items.append(("vague", words[position]))  # "12.5O" is no number
        position += length
    return items, currencies.pop() if len(currencies) == 1 else None


def _touches_number(found: list[re.Match[str]], position: int, length: int) -> bool:
    """Whether a word like "per" stands right beside a number, a sign or a currency sign between them at most."""
    before, after = found[max(0, position - 2) : position], found[position + length : position + length + 2]
    return any(match["number"] for match in (*before, *after))


def _beside_number(found: list[re.Match[str]], position: int, length: int, leads: bool) -> bool:
    """Whether a number stands two words before or behind: "about 12", not "apart from the bolts: 12"."""
    after = found[position + length : position + length + _NEAR]
    around = after if leads else [*found[max(0, position - _NEAR) : position], *after]  # "0.82 from December"
    return any(match["number"] or match["sign"] == "\x01" for match in around) or not any(
        one["number"] for one in found
    )


_NEAR = 3
"""Words, signs and figures."""


def _glued_to_number(found: list[re.Match[str]], position: int) -> bool:
    before = found[position - 1] if position else None
    return bool(before and before["number"] and found[position]["word"] and before.end() == found[position].start())


def _between_numbers(found: list[re.Match[str]], position: int, length: int) -> bool:
    """Whether a word like `x`, `at` or `for` has a number behind it, with a currency at most between."""
    after = found[position + length : position + length + 2]
    return any(match["number"] for match in after)


@cache
def _vocabulary(speech: Speech) -> dict[tuple[str, ...], tuple[str, str]]:
    source = speech.source
    lists: list[tuple[str, str, Iterable[str]]] = [
        ("lead", "", source.days["lead"]),
        ("vague", "", source.lines["vague"]),
        ("total", "", source.lines["total"]),
        ("per", "", source.lines["per"]),
        ("price", "", source.lines["price"]),
        ("quantity", "", source.lines["quantity"]),
        ("deny", "", source.lines["deny"]),
        *(("unit", name, texts) for name, texts in source.units.items()),
        ("each", "", source.lines["each"]),
        ("times", "", source.lines["times"]),
        *(("currency", name, texts) for name, texts in source.currencies.items()),
    ]
    vocabulary: dict[tuple[str, ...], tuple[str, str]] = {}
    for kind, name, texts in lists:
        for text in texts:
            words = tuple(match[0] for match in _ITEM.finditer(folded(text, source.letters)))
            vocabulary.setdefault(words, (kind, name or text))
    return vocabulary


@cache
def _stems(speech: Speech) -> tuple[tuple[str, tuple[str, str]], ...]:
    """The entries of one word that ends in `*`, longest first."""
    stems = [(words[0], entry) for words, entry in _vocabulary(speech).items() if len(words) == 2 and words[1] == "*"]
    return tuple(sorted(stems, key=lambda one: -len(one[0])))


@cache
def _glued(speech: Speech) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    source = speech.source
    units = [unit for texts in source.units.values() for unit in texts if unit.rstrip("*").isalpha()]
    money = [name for texts in source.currencies.values() for name in texts if name.rstrip("*").isalpha()]
    after = either(units + money, source.letters)
    before = either(money, source.letters)
    times = "".join(re.escape(text) for text in source.lines["times"] if len(text) == 1 and text != "a")
    return (
        re.compile(rf"(?<=\d)(?=(?:{after})\b)", re.IGNORECASE),
        re.compile(rf"\b({before})(?=\d)", re.IGNORECASE),
        re.compile(rf"(?<=\d) ?([{times}]) ?(?=\d)", re.IGNORECASE),
    )


def _spaced(text: str, speech: Speech) -> str:
    """The text with spaces where people leave them out: `8pcs`, `EUR12.50`, `8x11.50`."""
    after, before, times = _glued(speech)
    return before.sub(r"\1 ", after.sub(" ", times.sub(r" \1 ", text)))
