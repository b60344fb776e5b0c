"""Payment terms: the days and the early-payment discounts that a sentence says, in whatever language.

Read are figures beside a word for days, weeks or months and percentages beside them ("2 % 10 days, 30 days net",
"14 Tage 2 % Skonto, 30 Tage netto") and the notation of German e-invoices (`#SKONTO#TAGE=14#PROZENT=2.00#`). What
says no days is not known, and nothing is made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

LONGEST = 500
"""Characters of terms that are read."""

_DAYS = (
    "days?|d|tage?n?|werktage?n?|kalendertage?n?|d[ií]as?|jours?|jrs?|giorni|giorno|gg|dagen|dag|dni|dzień|dnia|dias?"
    "|дн(?:і|ів|я)|день|календарн\\w+ дн\\w+"
)
_WEEKS = "weeks?|wochen?|semanas?|semaines?|settiman[ae]|weken|week|tygodni\\w*|тиж\\w+"
_PIECE = re.compile(
    rf"(?P<percent>\d{{1,2}}(?:[.,]\d{{1,3}})?)\s*%(?:\s+(?P<within>\d{{1,3}})\b(?!\s*%))?"
    rf"|(?P<days>\d{{1,3}})\s*(?:-\s*)?(?:(?:calendar|working|kalender)\s+)?(?:{_DAYS})\b"
    rf"|(?P<weeks>\d{{1,2}})\s*(?:{_WEEKS})\b"
    r"|\bnet(?:to)?[\s:]*(?P<net>\d{1,3})\b",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\b(?P<percent>\d{1,2}(?:[.,]\d{1,2})?)\s*(?:%\s*)?/\s*(?P<days>\d{1,3})\b")
_STRUCTURED = re.compile(r"#SKONTO#TAGE=(\d{1,3})#PROZENT=(\d{1,2}(?:\.\d{1,2})?)#", re.IGNORECASE)
_AT_ONCE = re.compile(
    r"\b(?:immediate(?:ly)?|due (?:up)?on receipt|at once|sofort|bei erhalt|inmediat\w+|al contado|imm[ée]diat\w*"
    r"|comptant|à r[ée]ception|immediat\w+|alla consegna|a vista|per direct|direct|niezwłocznie|natychmiast"
    r"|pronto pagamento|à vista|негайно|одразу)\b",
    re.IGNORECASE,
)
_MONTH_END = re.compile(
    r"\b(?:end of (?:the )?month|eom|e\.o\.m|monatsende|fin de mes|fin de mois|fine mese|einde (?:van de )?maand"
    r"|koniec miesiąca|końca miesiąca|fim do m[êe]s|кінця місяця|dffm|d\.f\.f\.m|f\.m)\b",
    re.IGNORECASE,
)

_INTEREST = re.compile(
    r"interest|zins|inter[eé]s|intérêt|mora\b|rente\b|odset|juros|пен[яі]|late|verzug", re.IGNORECASE
)
"""A clause that speaks of paying late says no discount."""
_BEFORE = re.compile(
    r"pre-?pa(?:y|id)|deposit|advance|down ?payment|up ?front|anzahlung|vorauskasse|vorkasse|vorauszahlung|acompte"
    r"|arrhes|anticip|acconto|aanbetaling|vooruitbetal|voorschot|zaliczk|przedpłat|adiantamento|передоплат|аванс|завдат",
    re.IGNORECASE,
)
"""A clause that speaks of paying before delivery says a part of the price, unless it says that it is a discount."""
_DISCOUNT = re.compile(
    r"discount|skonto|rabatt?|escompte|remise|descuento|sconto|korting|desconto|знижк", re.IGNORECASE
)
_PERCENT = re.compile(r"(?P<percent>\d{1,3}(?:[.,]\d{1,3})?)\s*%")
_WHOLE = 100
_CLAUSE = re.compile(r"[;\n]|[,.]\s")

LARGEST_DISCOUNT = 10
"""Percent; what is more stands for a tax or a part payment."""


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """The days until all is due, and the discounts for paying sooner: percent and days each, the largest first."""

    days: int | None = None
    discounts: tuple[tuple[Decimal, int], ...] = ()
    ends: bool = False
    """Whether they count from the end of a month."""
    prepaid: Decimal | None = None
    """The percentage that is to be paid before delivery, where one is said."""


@lru_cache(maxsize=512)
def terms_of(text: str | None) -> PaymentTerms:
    """What *text* says; `days` is None where it says none."""
    text = (text or "")[:LONGEST]
    discounts = {(Decimal(percent), int(days)) for days, percent in _STRUCTURED.findall(text)}
    text = _STRUCTURED.sub(" ", text)
    for found in _SHORT.finditer(text):
        discounts.add((_figure(found["percent"]), int(found["days"])))
    text = _SHORT.sub(" ", text)
    due: list[int] = []
    prepaid: list[Decimal] = []
    for clause in _CLAUSE.split(text):
        if _BEFORE.search(clause) and not _DISCOUNT.search(clause):
            prepaid += [_figure(found["percent"]) for found in list(_PERCENT.finditer(clause))[:1]]
        elif not _INTEREST.search(clause):
            _read(clause, discounts, due)
    share = sum(prepaid, Decimal(0))
    if not due and not discounts and _AT_ONCE.search(text):
        due = [0]
    ends = bool(_MONTH_END.search(text))
    agreed = share if 0 < share <= _WHOLE else None
    return PaymentTerms(max(due) if due else None, tuple(sorted(discounts, reverse=True)), ends, agreed)


def _read(clause: str, discounts: set[tuple[Decimal, int]], due: list[int]) -> None:
    """A percentage belongs to the days behind it ("2 % 10 days"), else to those before it ("8 Tage 2 %")."""
    percent: Decimal | None = None
    lone: int | None = None
    for found in _PIECE.finditer(clause):
        if found["percent"]:
            said = _figure(found["percent"])
            if said > LARGEST_DISCOUNT:
                continue
            if found["within"]:
                discounts.add((said, int(found["within"])))
            elif lone is not None:
                discounts.add((said, lone))
                due.remove(lone)
                lone = None
            else:
                percent = said
            continue
        days = int(found["days"] or found["net"] or 0) + 7 * int(found["weeks"] or 0)
        if percent is not None and not found["net"]:
            discounts.add((percent, days))
            percent = None
        else:
            due.append(days)
            lone = days


def days_given(text: str | None, issued: date | None, due: date | None) -> int | None:
    """The days that an invoice gives: those its terms say, else those from its date to its due date."""
    said = terms_of(text).days
    if said is not None or issued is None or due is None:
        return said
    return (due - issued).days


def _figure(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
