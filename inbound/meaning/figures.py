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
from inbound.meaning.items import items_of
from inbound.meaning.settling import like, settled_by
from inbound.meaning.speech import Speech
from inbound.meaning.spelling import either

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
    dated: bool = False,
) -> Figures:
    """Read the figures of one clause, `dated` when it is known to speak of a day.

    `known` are the figures of the lines, which settle an ambiguous one; `now` are quantity and price that the one line
    has now: beside a new figure of the same kind they are the old one ("to 41.20, not 38.50").
    """
    dated = dated or speech.lines["delivery"].within(speech.tokens(text)) or _on_a_day(speech).search(text) is not None
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
    if day and not any(map(str.isdigit, rest)):
        rest = _from(speech).sub(" ", rest)  # "from 7 December on" is a day, and none before it
    items, currency = items_of(rest, speech)
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


def with_cents(text: str, speech: Speech, currency: str | None) -> str:
    """The text with cents as parts of the currency: "5 cents" as "0.05 EUR", "11 euros 20" as "11.20 euros"."""

    def whole(found: re.Match[str]) -> str:
        return f"{Decimal(found['cents'].replace(',', '.')) / 100:f} {currency or speech.source.lines['each'][0]}"

    text = _parted(speech).sub(lambda found: f"{found['whole']}.{found['cents']} {found['money']}", text)
    return _cents(speech).sub(whole, text)


@cache
def _parted(speech: Speech) -> re.Pattern[str]:
    source = speech.source
    money = either((name for texts in source.currencies.values() for name in texts), source.letters)
    joins, parts = either(source.words["joins"], source.letters), either(source.lines["cents"], source.letters)
    return re.compile(
        rf"(?<![\w.,/-])(?P<whole>\d{{1,4}})\s?(?P<money>{money})\s?(?:(?:{joins})\s)?(?P<cents>\d{{2}})"
        rf"(?:\s?(?:{parts})(?!\w)|(?![\w.,%]))",
        re.IGNORECASE,
    )


@cache
def _from(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["effective"], speech.source.letters)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


@cache
def _cents(speech: Speech) -> re.Pattern[str]:
    words = either(speech.source.lines["cents"], speech.source.letters)
    return re.compile(rf"(?<![\w.,/-])(?P<cents>\d{{1,3}}(?:[.,]\d{{1,2}})?)\s?(?:{words})(?!\w)", re.IGNORECASE)


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
