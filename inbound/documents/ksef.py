"""The structured invoice of Poland's KSeF, FA(3) and FA(2) (Ministry of Finance, logical structure FA)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from lxml import etree

from inbound.documents.e_invoice import Found, finish
from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.statement import Beside
from inbound.documents.tree import amount_at, date_at, each, first, head_of, joined, local, parse_xml, text_at
from workflows.reading import Charge, Defect, DocumentFormat, DocumentKind, Party, Reading, ReadLine

ROOT: Final = "Faktura"
_ROOT = re.compile(rf"<(?:[\w.-]+:)?{ROOT}[\s>]")
_NAMESPACE: Final = "crd.gov.pl/wzor/"
_PREPAID: Final = ("ZAL", "KOR_ZAL")
_FINAL: Final = "ROZ"
_NETS: Final = ("1", "2", "3", "4", "5", "6", "6_1", "6_2", "6_3", "7", "8", "9", "10", "11")
_TAXES: Final = ("1", "2", "3", "4", "5")
_RATES: Final = {"1": (23, 22), "2": (8, 7), "3": (5,), "4": (4, 3)}
"""The rates of the sums P_13_n and P_14_n: today's and the one before."""

_ZERO: Final = Decimal(0)
_HALF_CENT: Final = Decimal("0.005")
_CENT: Final = Decimal("0.01")


def claims(source: Source) -> bool:
    """Whether the content begins as a structured invoice of KSeF."""
    head = head_of(source.content)
    return _NAMESPACE in head and _ROOT.search(head) is not None


def read(source: Source) -> Reading:
    """Read a structured invoice; raises `DocumentUnreadable`."""
    root = parse_xml(source.content)
    invoice = first(root, "Fa")
    if local(root) != ROOT or invoice is None:
        raise DocumentUnreadable("unreadable", "The XML holds no structured invoice.")
    sort, gross = text_at(invoice, "RodzajFaktury") or "VAT", amount_at(invoice, "P_15")
    less = sort.startswith("KOR") and gross is not None and gross < 0
    turned = -1 if less else 1  # a credit note has positive amounts, whatever the sign of the difference
    found = Found(DocumentFormat.OTHER, _kind(sort, credit=less))
    payment, terms = first(invoice, "Platnosc"), first(invoice, "WarunkiTransakcji")
    found.take("number", "P_2", text_at(invoice, "P_2"))
    found.take("issue_date", "P_1", date_at(invoice, "P_1"))
    found.take("delivery_date", "P_6", date_at(invoice, "P_6", "OkresFa/P_6_Do"))
    found.take("currency", "KodWaluty", text_at(invoice, "KodWaluty"))
    found.take("due_date", "TerminPlatnosci", date_at(payment, "TerminPlatnosci/Termin", "TerminPlatnosci"))
    found.take(
        "seller", "Podmiot1", _party(first(root, "Podmiot1"), _account(text_at(payment, "RachunekBankowy/NrRB")))
    )
    found.take("buyer", "Podmiot2", _party(first(root, "Podmiot2")))
    found.take("note", "DodatkowyOpis", text_at(invoice, "PrzyczynaKorekty", "DodatkowyOpis/Wartosc"))
    found.orders = [t for e in each(terms, "Zamowienia") if (t := text_at(e, "NrZamowienia"))]
    found.credits = [t for e in each(invoice, "DaneFaKorygowanej") if (t := text_at(e, "NrFaKorygowanej"))]
    if sort not in _PREPAID:  # the lines of a prepayment are those of the order, not what is invoiced
        for element in each(invoice, "FaWiersz"):
            _take_line(found, element, turned)
    _totals(found, invoice, turned)
    if sort == _FINAL and not less:
        _take_prepayments_off(found, invoice)
    return finish(found)


def _take_prepayments_off(found: Found, invoice: etree._Element) -> None:
    """A final invoice lists all that was delivered; its sums are what the prepayments that it names left."""
    named = [
        text
        for e in each(invoice, "FakturaZaliczkowa")
        if (text := text_at(e, "NrFaZaliczkowej", "NrKSeFFaZaliczkowej"))
    ]
    nets, net = [line.net for line in found.lines], found.values.get("net")
    if not named or net is None or not nets or None in nets:
        return
    taken_off = sum((part for part in nets if part is not None), _ZERO) - net
    if taken_off > 0:
        found.charges.append(Charge(", ".join(named), -taken_off))


def _kind(sort: str, *, credit: bool) -> DocumentKind:
    if credit:
        return DocumentKind.CREDIT_NOTE
    return DocumentKind.PREPAYMENT_INVOICE if sort in _PREPAID else DocumentKind.INVOICE


def _totals(found: Found, invoice: etree._Element, turned: int) -> None:
    nets = {n: v for n in _NETS if (v := amount_at(invoice, f"P_13_{n}")) is not None}
    taxes = {n: v for n in _TAXES if (v := amount_at(invoice, f"P_14_{n}")) is not None}
    gross = amount_at(invoice, "P_15")
    if nets:
        found.take("net", "P_13", turned * sum(nets.values(), _ZERO))
        found.take("tax", "P_14", turned * sum(taxes.values(), _ZERO))
    if gross is None:
        return
    found.take("gross", "P_15", turned * gross)
    paid = gross if text_at(invoice, "Platnosc/Zaplacono") == "1" else _ZERO
    for part in each(invoice, "Platnosc/ZaplataCzesciowa"):
        paid += amount_at(part, "KwotaZaplatyCzesciowej") or _ZERO
    added = amount_at(invoice, "Rozliczenie/SumaObciazen") or _ZERO
    added -= amount_at(invoice, "Rozliczenie/SumaOdliczen") or _ZERO
    due = amount_at(invoice, "Rozliczenie/DoZaplaty")
    found.take("prepaid", "Zaplacono", turned * paid if paid else None)
    found.take("due", "DoZaplaty", turned * (gross - paid + added if due is None else due))
    found.rounding = turned * added  # charges and deductions that are settled beside the invoice
    found.defects += _tax_defects(nets, taxes, len(found.lines))


def _tax_defects(nets: dict[str, Decimal], taxes: dict[str, Decimal], lines: int) -> Iterator[Defect]:
    """Each sum of tax is its base at today's rate or the one before, to half a cent for each line."""
    for n, rates in _RATES.items():
        if n not in nets:
            continue
        tax = taxes.get(n, _ZERO)
        allowed = _CENT + lines * _HALF_CENT
        if all(abs(nets[n] * rate / 100 - tax) > allowed for rate in rates):
            yield Defect("tax_rate_mismatch", f"{rates[0]} % of {nets[n]} is not {tax} (P_13_{n}, P_14_{n}).")


def _take_line(found: Found, element: etree._Element, turned: int) -> None:
    before = text_at(element, "StanPrzed") == "1"  # a correction shows what it takes back beside what it puts there
    sign = -turned if before else turned
    quantity, net = amount_at(element, "P_8B"), amount_at(element, "P_11")
    gross, tax = amount_at(element, "P_11A"), amount_at(element, "P_11Vat")
    if net is None and gross is not None and tax is not None:
        net = gross - tax
    discount = amount_at(element, "P_10")
    line = ReadLine(
        id=text_at(element, "NrWierszaFa"),
        seller_sku=text_at(element, "Indeks"),
        text=text_at(element, "P_7"),
        quantity=quantity,
        unit=text_at(element, "P_8A"),
        unit_price=amount_at(element, "P_9A"),
        net=net,
        tax_rate=_rate(text_at(element, "P_12")),
        delivery_date=date_at(element, "P_6A"),
    )
    if sign < 0:
        line = replace(line, quantity=None if quantity is None else -quantity, net=None if net is None else -net)
    beside = [Beside(sign < 0, discount, "Opust", line=line.id or "")] if discount else []
    found.line(line, beside)


def _rate(text: str | None) -> Decimal | None:
    """The rate of a line: `23`, but also `0 KR`, and letters where no tax is charged."""
    figures = re.match(r"\d{1,2}(?:\.\d{1,2})?(?=\s|$)", text or "")
    return Decimal(figures[0]) if figures else None if text is None else _ZERO


def _party(element: etree._Element | None, iban: str | None = None) -> Party:
    data = first(element, "DaneIdentyfikacyjne")
    own, country = text_at(data, "NIP"), text_at(data, "KodUE") or ""
    foreign = text_at(data, "NrVatUE", "NrID")
    return Party(
        name=text_at(data, "Nazwa"),
        vat_id=f"PL{own}" if own else f"{country}{foreign}" if foreign else None,
        iban=iban,
        address=joined(first(element, "Adres"), "AdresL1", "AdresL2", "KodKraju"),
    )


def _account(text: str | None) -> str | None:
    """The account as an IBAN: 26 figures alone are a Polish one."""
    plain = re.sub(r"[\s-]", "", text or "").upper()
    return (f"PL{plain}" if re.fullmatch(r"\d{26}", plain) else plain) or None


READER: Final = Reader(DocumentFormat.OTHER, claims, read)
