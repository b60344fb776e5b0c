"""What a document says, drawn from a seed, and its truth in the form of docs/contract.md."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.made import writing

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pl", "pt", "uk")
KINDS = (
    *("invoice",) * 9, *("order_confirmation",) * 2, *("reminder",) * 2, *("quote",) * 2, *("credit_note",) * 2,
    "delivery_note", "statement", "proforma", "prepayment_invoice",
)  # fmt: skip
PRICED = ("invoice", "order_confirmation", "quote", "credit_note", "proforma", "prepayment_invoice")
CENT = Decimal("0.01")
_IBAN_DIGITS = {
    "DE": 18, "AT": 16, "CH": 17, "GB": 18, "IE": 18, "ES": 20, "FR": 23, "BE": 12, "IT": 23, "NL": 14, "PL": 24,
    "PT": 21, "UA": 25,
}  # fmt: skip


@cache
def words_of(language: str) -> dict[str, Any]:
    """The words of one language."""
    return tomllib.loads((Path(__file__).parent / "words" / f"{language}.toml").read_text("utf-8"))


@dataclass
class Line:
    """One line as it is charged."""

    sku: str
    text: str
    more: str
    quantity: Decimal
    unit: str
    price: Decimal
    off: Decimal
    rate: str
    net: Decimal


@dataclass
class Item:
    """One document on a reminder or a statement."""

    number: str
    day: date
    due: date
    amount: Decimal


@dataclass
class Paper:
    """A document before it is laid out; `say` chooses one of the firm's words and keeps to it."""

    rng: random.Random
    language: str
    kind: str
    place: dict[str, Any]
    number: str | None
    issued: date
    due: date
    delivered: date
    order: str | None
    lines: list[Line] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    off: str | None = None
    shipping: Decimal = Decimal(0)
    prepaid: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    taxed: bool = True
    iban: str | None = None
    chosen: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = words_of(self.language)
        self.style = self.rng.choice(self.place["numbers"])
        self.money_form = self.rng.choice(self.place["money"])
        self.date_form = self.rng.choice(self.place["dates"])
        self.seller = self.rng.choice(self.place["sellers"])
        self.buyer = self.rng.choice(self.words["buyers"])
        self.chosen["terms_of.payment"] = self.rng.choice(self.words["terms"])
        corrects = self.kind == "credit_note" and self.say("titles", self.kind) in self.words["corrections"]
        self.minus = corrects or (self.kind == "credit_note" and self.rng.random() < 0.4)
        self.signs = corrects  # what corrects an invoice is told with its signs, a credit note without

    def say(self, table: str, name: str) -> str:
        """The firm's word for something."""
        key = f"{table}.{name}"
        if key not in self.chosen:
            self.chosen[key] = self.rng.choice(self.place.get(key) or self.words[table][name])
        return self.chosen[key]

    def label(self, table: str) -> str:
        """The firm's label for this kind's number or date."""
        known = self.words[table]
        name = self.kind if known.get(self.kind) else "any" if "any" in known else "invoice"
        return self.say(table, name)

    def figure(self, value: Decimal, places: int = 2) -> str:
        """A number in the firm's writing."""
        return writing.figure(value, self.style, places)

    def money(self, value: Decimal) -> str:
        """An amount, with the currency where the firm writes it beside amounts."""
        text = self.money_form.replace("{n}", self.figure(abs(value)))
        return "-" + text if value < 0 else text

    def signed(self, value: Decimal) -> Decimal:
        """What is printed for an amount: some credit notes print a minus."""
        return -value if self.minus else value

    def told(self, value: Decimal) -> Decimal:
        """What a reader ought to tell of an amount."""
        return -value if self.signs else value

    def day(self, when: date) -> str:
        """A day in the firm's writing."""
        return writing.day(when, self.date_form, self.words["months"])

    def rate(self, value: str) -> str:
        """A rate in the firm's writing."""
        return writing.rate(value, self.style)

    @property
    def names_currency(self) -> bool:
        """Whether amounts are written with the currency."""
        return self.money_form != "{n}"

    @property
    def goods(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        """What is taken off the whole."""
        return cents(self.goods * Decimal(self.off) / 100) if self.off else Decimal(0)

    @property
    def net(self) -> Decimal:
        """The net total."""
        return self.goods - self.discount + self.shipping

    @property
    def taxes(self) -> list[tuple[str, Decimal, Decimal]]:
        """Rate, base and tax; discount and shipping go with the rate of the most."""
        if not self.taxed:
            return []
        bases: dict[str, Decimal] = {}
        for line in self.lines:
            bases[line.rate] = bases.get(line.rate, Decimal(0)) + line.net
        most = max(bases, key=lambda r: bases[r])
        bases[most] += self.shipping - self.discount
        return [(r, base, cents(base * Decimal(r.replace(",", ".")) / 100)) for r, base in bases.items()]

    @property
    def tax(self) -> Decimal:
        """All tax."""
        return sum((tax for _, _, tax in self.taxes), Decimal(0))

    @property
    def gross(self) -> Decimal:
        """The total with tax."""
        return self.net + self.tax

    @property
    def open(self) -> Decimal:
        """What a reminder or a statement asks for."""
        return sum((item.amount for item in self.items), self.fee)

    def truth(self) -> dict[str, Any]:
        """What a reader ought to say; a field that is not here is not judged."""
        told: dict[str, Any] = {"kind": self.kind, "number": self.number, "issue_date": self.issued.isoformat()}
        if self.kind in PRICED:
            told |= {
                "currency": self.place["currency"],
                "net": str(self.told(self.net)),
                "tax": str(self.told(self.tax)),
                "gross": str(self.told(self.gross)),
                "due": str(self.told(self.gross - self.prepaid)),
                "orders": [self.order] if self.order else [],
            }
            told["lines"] = [{"text": line.text, "net": str(self.told(line.net))} for line in self.lines]
        elif self.kind != "delivery_note":
            told["currency"] = self.place["currency"]
        return told | {"seller": {"name": self.seller[0], "iban": self.iban}, "buyer": {"name": self.buyer[0]}}


def cents(value: Decimal) -> Decimal:
    """Rounded to cents, a half away from nought."""
    return value.quantize(CENT, ROUND_HALF_UP)


def draw(seed: int, index: int) -> Paper:
    """The document number *index* of a seed: every language in turn, its kind and the rest drawn."""
    rng = random.Random(f"{seed}/{index}")
    language = LANGUAGES[index % len(LANGUAGES)]
    words = words_of(language)
    kind = rng.choice(KINDS)
    issued = date(2025, 1, 1) + timedelta(rng.randrange(700))
    paper = Paper(
        rng=rng, language=language, kind=kind, place=rng.choice(words["places"]), number=_number(rng, kind, issued),
        issued=issued, due=issued + timedelta(rng.choice((14, 30, 45))),
        delivered=issued - timedelta(rng.randrange(1, 9)), order=_order(rng),
    )  # fmt: skip
    paper.iban = _iban(rng, paper.place["country"])
    if kind in ("reminder", "statement"):
        _draw_items(rng, paper)
        return paper
    _draw_lines(rng, paper)
    return paper


def _draw_items(rng: random.Random, paper: Paper) -> None:
    for _ in range(rng.randrange(1, 5)):
        day = paper.issued - timedelta(rng.randrange(40, 120))
        amount = Decimal(rng.randrange(4000, 900000)) / 100
        paper.items.append(Item(_number(rng, "invoice", day) or "1", day, day + timedelta(30), amount))
    if paper.kind == "statement" or rng.random() < 0.5:
        paper.number = None
    if paper.kind == "reminder" and rng.random() < 0.5:
        paper.fee = Decimal(rng.choice((5, 10, 40)))


def _draw_lines(rng: random.Random, paper: Paper) -> None:
    words, rates = paper.words, paper.place["rates"]
    several = len(rates) > 1 and rng.random() < 0.35
    for _ in range(rng.choice((1, 2, 3, 3, 4, 5, 7))):
        quantity = Decimal(rng.choice((1, 1, 2, 3, 4, 5, 8, 10, 12, 25, 100)))
        if rng.random() < 0.15:
            quantity += Decimal(rng.choice(("0.5", "0.25", "0.75")))
        price = Decimal(rng.randrange(120, 60000)) / 100
        off = Decimal(rng.choice((5, 10, 15))) if rng.random() < 0.1 else Decimal(0)
        paper.lines.append(
            Line(
                sku=f"{rng.choice('ABKT')}{rng.randrange(1000, 99999)}",
                text=rng.choice(words["items"]),
                more=rng.choice(words["colours"]),
                quantity=quantity,
                unit=rng.choice(words["units"]),
                price=price,
                off=off,
                rate=rng.choice(rates) if several else rates[0],
                net=cents(quantity * price * (100 - off) / 100),
            )
        )
    paper.taxed = rng.random() > 0.1
    if rng.random() < 0.2:
        paper.off = rng.choice(("2", "3", "5", "10"))
    if rng.random() < 0.25:
        paper.shipping = Decimal(rng.choice(("4.90", "12.50", "35.00", "89.00")))
    if paper.kind == "invoice" and rng.random() < 0.2:
        paper.prepaid = cents(paper.gross * Decimal(rng.choice((20, 30, 50))) / 100)


def _number(rng: random.Random, kind: str, day: date) -> str | None:
    head = {"credit_note": "GS", "quote": "AN", "order_confirmation": "AB", "delivery_note": "LS"}.get(kind, "RE")
    serial = rng.randrange(12, 9999)
    forms = (
        f"{day.year}-{serial:04d}", f"{head}-{day.year}-{serial}", f"{head}{day.year % 100}{serial:05d}",
        f"{serial:05d}/{day.year}", f"{serial + 20000}", f"{head}/{day.month:02d}/{serial}", f"{day.year}{serial:05d}",
        f"{serial}/{day.month:02d}/{day.year}", f"F{serial:06d}",
    )  # fmt: skip
    return rng.choice(forms)


def _order(rng: random.Random) -> str | None:
    if rng.random() < 0.4:
        return None
    return rng.choice((f"45{rng.randrange(10**7, 10**8)}", f"PO-{rng.randrange(1000, 9999)}"))


def _iban(rng: random.Random, country: str) -> str | None:
    digits = _IBAN_DIGITS.get(country)
    if digits is None:
        return None
    rest = "".join(rng.choice("0123456789") for _ in range(digits))
    if country in ("GB", "IE", "NL"):
        rest = "BKFX" + rest[4:]
    if country == "IT":
        rest = "X" + rest[1:]
    number = int("".join(str(int(c, 36)) for c in f"{rest}{country}00"))
    return f"{country}{98 - number % 97:02d}{rest}"
