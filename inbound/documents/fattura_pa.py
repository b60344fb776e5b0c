"""FatturaPA, the e-invoice of Italy, FPR12 and FPA12 (Allegato A to the technical rules of the SdI, version 1.2)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from lxml import etree

from inbound.documents.arithmetic import CENT, to_cents
from inbound.documents.e_invoice import Found, finish
from inbound.documents.format import DocumentUnreadable, Reader, Source
from inbound.documents.tree import amount_at, date_at, each, first, head_of, joined, local, parse_xml, text_at
from workflows.reading import Charge, Defect, DocumentFormat, DocumentKind, Party, Reading, ReadLine

ROOT: Final = "FatturaElettronica"
_ROOT = re.compile(rf"<(?:[\w.-]+:)?{ROOT}[\s>]")
KINDS: Final = {
    "TD02": DocumentKind.PREPAYMENT_INVOICE,
    "TD03": DocumentKind.PREPAYMENT_INVOICE,
    "TD04": DocumentKind.CREDIT_NOTE,
    "TD08": DocumentKind.CREDIT_NOTE,
}
"""What the codes of TipoDocumento are that are no plain invoice."""

_PRICE: Final = Decimal("0.00000001")
_ZERO: Final = Decimal(0)
_ADDRESS: Final = ("Indirizzo", "NumeroCivico", "CAP", "Comune", "Provincia", "Nazione")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of DatiRiepilogo: the tax at one rate, and what it is made of beside the lines."""

    rate: Decimal | None
    nature: str | None
    base: Decimal
    tax: Decimal
    expenses: Decimal
    rounding: Decimal
    split: bool


MOST: Final = 100
"""Invoices of one lot."""


def claims(source: Source) -> bool:
    """Whether the content begins as a FatturaPA."""
    return _ROOT.search(head_of(source.content)) is not None


def read(source: Source) -> Reading:
    """Read a FatturaPA; of a lot with several invoices the others are `further`. Raises `DocumentUnreadable`."""
    root = parse_xml(source.content)
    header, bodies = first(root, "FatturaElettronicaHeader"), list(each(root, "FatturaElettronicaBody"))
    if local(root) != ROOT or not bodies:
        raise DocumentUnreadable("unreadable", "The XML holds no FatturaPA.")
    if len(bodies) > MOST:
        raise DocumentUnreadable("too_large", f"The file holds more than {MOST} invoices.")
    one, *others = [_read(header, body) for body in bodies]
    return replace(one, further=tuple(others))


def _read(header: etree._Element | None, body: etree._Element) -> Reading:
    general = first(body, "DatiGenerali/DatiGeneraliDocumento")
    kind = KINDS.get(text_at(general, "TipoDocumento") or "", DocumentKind.INVOICE)
    found = Found(DocumentFormat.OTHER, kind)
    payments = list(each(body, "DatiPagamento/DettaglioPagamento"))
    found.take("number", "Numero", text_at(general, "Numero"))
    found.take("issue_date", "Data", date_at(general, "Data"))
    found.take("currency", "Divisa", text_at(general, "Divisa"))
    found.take("note", "Causale", text_at(general, "Causale"))
    found.take("delivery_date", "DataDDT", date_at(body, "DatiGenerali/DatiDDT/DataDDT"))
    days = [day for one in payments if (day := date_at(one, "DataScadenzaPagamento")) is not None]
    found.take("due_date", "DataScadenzaPagamento", max(days, default=None))
    iban = next((account for one in payments if (account := text_at(one, "IBAN"))), None)
    found.take("seller", "CedentePrestatore", _party(first(header, "CedentePrestatore"), iban))
    found.take("buyer", "CessionarioCommittente", _party(first(header, "CessionarioCommittente")))
    orders = list(each(body, "DatiGenerali/DatiOrdineAcquisto"))
    found.orders = [number for order in orders if (number := text_at(order, "IdDocumento"))]
    credited = each(body, "DatiGenerali/DatiFattureCollegate")
    found.credits = [number for one in credited if (number := text_at(one, "IdDocumento"))]
    named = _orders_of_lines(orders)
    for element in each(body, "DatiBeniServizi/DettaglioLinee"):
        _take_line(found, element, named)
    rows = list(_rows(body))
    found.tax_parts = [row.tax for row in rows]
    found.defects += _row_defects(rows, found.lines, _funds(general))
    _totals(found, general, rows, payments)
    return finish(found)


def _totals(found: Found, general: etree._Element | None, rows: list[_Row], payments: list[etree._Element]) -> None:
    """Net and tax from the rows, the total as stated; stamp duty and roundings that it contains stand beside."""
    net, tax = sum((row.base for row in rows), _ZERO), sum((row.tax for row in rows), _ZERO)
    found.charges += [Charge(name, amount) for name, amount, _ in _funds(general)]
    for row in rows:
        found.charges += [Charge("Spese accessorie", row.expenses)] if row.expenses else []
        found.charges += [Charge("Arrotondamento", row.rounding)] if row.rounding else []
    gross = amount_at(general, "ImportoTotaleDocumento")
    for charge in _beside_the_rows(general, (gross if gross is not None else net + tax) - net - tax):
        found.charges.append(charge)
        net += charge.amount
    gross = net + tax if gross is None else gross
    if rows:
        found.take("net", "ImponibileImporto", net)
        found.take("tax", "Imposta", tax)
    found.take("gross", "ImportoTotaleDocumento", gross if rows else None)
    withheld = sum((amount_at(e, "ImportoRitenuta") or _ZERO for e in each(general, "DatiRitenuta")), _ZERO)
    withheld += sum((row.tax for row in rows if row.split), _ZERO)
    amounts = [paid for one in payments if (paid := amount_at(one, "ImportoPagamento")) is not None]
    found.take("due", "ImportoPagamento", sum(amounts, _ZERO) if amounts else gross - withheld)
    found.rounding = -withheld  # what the buyer keeps back: tax for the state, not a payment


def _beside_the_rows(general: etree._Element | None, rest: Decimal) -> list[Charge]:
    """Stamp duty, rounding and discounts that stand in the total without a row of tax; none where they do not."""
    if not rest:
        return []
    stamp = amount_at(general, "DatiBollo/ImportoBollo") or _ZERO
    rounding = amount_at(general, "Arrotondamento") or _ZERO
    discount = sum((_signed(e, amount_at(e, "Importo") or _ZERO) for e in each(general, "ScontoMaggiorazione")), _ZERO)
    named = [("Imposta di bollo", stamp), ("Arrotondamento", rounding), ("Sconto o maggiorazione", discount)]
    present = [Charge(text, amount) for text, amount in named if amount]
    for chosen in (present, *([charge] for charge in present)):
        if sum((charge.amount for charge in chosen), _ZERO) == rest:
            return list(chosen)
    return []


def _funds(general: etree._Element | None) -> list[tuple[str, Decimal, Decimal | None]]:
    """Contributions to a professional fund: they are part of the net total and taxed at a rate of their own."""
    return [
        (f"Cassa previdenziale {text_at(fund, 'TipoCassa') or ''}".strip(), amount, amount_at(fund, "AliquotaIVA"))
        for fund in each(general, "DatiCassaPrevidenziale")
        if (amount := amount_at(fund, "ImportoContributoCassa")) is not None
    ]


def _rows(body: etree._Element) -> Iterator[_Row]:
    for row in each(body, "DatiBeniServizi/DatiRiepilogo"):
        base, tax = amount_at(row, "ImponibileImporto"), amount_at(row, "Imposta")
        if base is not None and tax is not None:
            yield _Row(
                amount_at(row, "AliquotaIVA"),
                text_at(row, "Natura"),
                base,
                tax,
                amount_at(row, "SpeseAccessorie") or _ZERO,
                amount_at(row, "Arrotondamento") or _ZERO,
                text_at(row, "EsigibilitaIVA") == "S",
            )


def _row_defects(
    rows: list[_Row], lines: list[ReadLine], funds: list[tuple[str, Decimal, Decimal | None]]
) -> Iterator[Defect]:
    """The arithmetic that the SdI checks, by the numbers of its errors."""
    made: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        made[line.tax_rate or _ZERO] += line.net or _ZERO
    for _, amount, of in funds:
        made[of or _ZERO] += amount
    stated: dict[Decimal, Decimal] = defaultdict(Decimal)
    for row in rows:
        rate = row.rate or _ZERO
        stated[rate] += row.base - row.expenses - row.rounding
        if abs(row.tax - to_cents(row.base * rate / 100)) > CENT:
            yield Defect("tax_rate_mismatch", f"{rate} % of {row.base} is not {row.tax} (SdI 00421).")
        if not rate and row.nature is None:
            yield Defect("no_exemption_reason", "A row without tax does not tell why (SdI 00429).")
        if rate and row.nature is not None:
            yield Defect("exemption_reason", f"A row with {rate} % of tax tells why there is none (SdI 00430).")
    for rate, base in stated.items():
        if abs(base - made[rate]) >= 1:
            text = f"The base at {rate} % is {base}, but its lines make {made[rate]}"
            yield Defect("tax_base_mismatch", f"{text} (SdI 00422).")


def _take_line(found: Found, element: etree._Element, named: dict[str, str]) -> None:
    number, price = text_at(element, "NumeroLinea"), amount_at(element, "PrezzoUnitario")
    quantity, net = amount_at(element, "Quantita"), amount_at(element, "PrezzoTotale")
    discounts = list(each(element, "ScontoMaggiorazione"))
    if quantity is None and price is not None and net is not None:
        quantity = Decimal(1)  # a line without a quantity is one of what it says
    line = ReadLine(
        id=number,
        order=named.get(number or ""),
        seller_sku=text_at(element, "CodiceArticolo/CodiceValore"),
        text=text_at(element, "Descrizione"),
        quantity=quantity,
        unit=text_at(element, "UnitaMisura"),
        unit_price=_discounted(price, discounts) if price is not None and discounts else price,
        net=net,
        tax_rate=amount_at(element, "AliquotaIVA"),
        delivery_date=date_at(element, "DataFinePeriodo"),
    )
    found.line(line)


def _discounted(price: Decimal, discounts: list[etree._Element]) -> Decimal:
    """The price after its discounts and surcharges, one after the other: a percentage or an amount for each unit."""
    for discount in discounts:
        percent, amount = amount_at(discount, "Percentuale"), amount_at(discount, "Importo")
        off = amount if amount is not None else price * (percent or _ZERO) / 100
        price += _signed(discount, off)
    return to_cents(price, _PRICE).normalize()


def _signed(discount: etree._Element, amount: Decimal) -> Decimal:
    return amount if text_at(discount, "Tipo") == "MG" else -amount


def _orders_of_lines(orders: list[etree._Element]) -> dict[str, str]:
    """The order of each line, where an order says which lines are its own."""
    named: dict[str, str] = {}
    for order in orders:
        for line in each(order, "RiferimentoNumeroLinea"):
            if line.text and (number := text_at(order, "IdDocumento")):
                named[line.text.strip()] = number
    return named


def _party(element: etree._Element | None, iban: str | None = None) -> Party:
    data = first(element, "DatiAnagrafici")
    person = joined(first(data, "Anagrafica"), "Nome", "Cognome")
    code = text_at(data, "IdFiscaleIVA/IdCodice")
    return Party(
        name=text_at(data, "Anagrafica/Denominazione") or (person and person.replace(", ", " ")),
        vat_id=f"{text_at(data, 'IdFiscaleIVA/IdPaese') or ''}{code}" if code else text_at(data, "CodiceFiscale"),
        iban=iban,
        address=joined(first(element, "Sede"), *_ADDRESS),
    )


READER: Final = Reader(DocumentFormat.OTHER, claims, read)
