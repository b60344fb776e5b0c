"""What the columns of a sheet are headed with, by field and language; a language more is a row more.

A heading is compared whole, in small letters, without punctuation, currencies and what stands in brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

Phrases = Mapping[str, str]
"""By language, the ways to say it, with commas between them."""

HEADINGS: Final[Mapping[str, Phrases]] = {
    "position": {
        "en": "pos, position, line, line no, line number, item number, item no, item, no, nr, #, row, ln",
        "de": "pos, position, positionsnummer, pos nr, lfd nr, zeile, nr",
        "es": "pos, posición, línea, nº, núm, n",
        "fr": "pos, position, ligne, n°, n° ligne, poste",
        "it": "pos, posizione, riga, n, nr riga",
        "nl": "pos, positie, regel, regelnr, nr",
        "pl": "lp, l p, poz, pozycja, nr",
        "pt": "pos, posição, linha, n",
        "uk": "№, поз, позиція, № п п, рядок, номер",
    },
    "sku": {
        "en": (
            "sku, article, article no, article number, art no, item code, item number, item no, product code, "
            "product no, product number, part no, part number, code, material, material no, material number, "
            "reference, ref, model"
        ),
        "de": (
            "artikel, artikelnr, artikel nr, artikelnummer, art nr, artikelcode, material, materialnummer, "
            "material nr, teilenummer, produktnummer, produktnr, produktcode, bestellnummer, bestell nr, "
            "sachnummer"
        ),
        "es": "artículo, código, código artículo, código de artículo, referencia, ref, cód, n artículo",
        "fr": "article, référence, réf, code article, n° article, code produit, code, référence article",
        "it": "articolo, codice, codice articolo, cod articolo, cod, riferimento, codice prodotto",
        "nl": "artikel, artikelnr, artikelnummer, artikelcode, productcode, code, art nr",
        "pl": "indeks, kod, kod towaru, symbol, nr artykułu, nr art, numer artykułu, kod produktu, nr katalogowy",
        "pt": "artigo, código, referência, ref, código do artigo, cód",
        "uk": "артикул, код, код товару, номер артикулу",
    },
    "buyer_sku": {
        "en": (
            "customer item, customer s item, customer item no, customer item number, customer part no, your item, "
            "your item no, your article no, buyer sku, buyer item, buyer item no, buyer s item"
        ),
        "de": (
            "ihre artikelnummer, ihre artikelnr, ihre art nr, kundenartikelnummer, kunden artikelnummer, "
            "kundenmaterial, kundenmaterialnummer, kundenartikel"
        ),
        "es": "su referencia, referencia cliente, código cliente",
        "fr": "votre référence, référence client, réf client, code article client",
        "it": "vs codice, vostro codice, codice cliente, codice articolo cliente",
        "nl": "uw artikelnummer, uw artikel, artikelnummer klant",
        "pl": "kod klienta, indeks klienta, państwa indeks",
        "pt": "vossa referência, referência cliente, código do cliente",
        "uk": "артикул покупця, код покупця, ваш артикул",
    },
    "seller_sku": {
        "en": (
            "supplier item, supplier item no, supplier part no, our item, our item no, our article no, seller "
            "sku, vendor sku, vendor part no, vendor item no, manufacturer part no, mpn"
        ),
        "de": (
            "lieferantenartikelnummer, lieferanten artikelnummer, art nr lieferant, artikelnummer lieferant, "
            "unsere artikelnummer, unsere art nr, herstellernummer"
        ),
        "es": "referencia proveedor, nuestra referencia, código proveedor",
        "fr": "référence fournisseur, réf fournisseur, notre référence",
        "it": "codice fornitore, nostro codice, codice articolo fornitore",
        "nl": "artikelnummer leverancier, ons artikelnummer",
        "pl": "kod dostawcy, indeks dostawcy, nasz indeks",
        "pt": "referência fornecedor, nossa referência, código do fornecedor",
        "uk": "артикул постачальника, код постачальника, наш артикул",
    },
    "text": {
        "en": (
            "description, item, item description, item name, product, product name, product description, article "
            "description, service, details, name, text, goods, goods description, designation, what"
        ),
        "de": (
            "bezeichnung, beschreibung, artikelbezeichnung, artikelbeschreibung, artikel, leistung, "
            "leistungsbeschreibung, produkt, produktbezeichnung, text, positionstext, ware, warenbezeichnung, "
            "materialbezeichnung, name"
        ),
        "es": "descripción, concepto, artículo, producto, detalle, denominación, nombre",
        "fr": "désignation, description, libellé, article, produit, prestation, détail, nom",
        "it": "descrizione, articolo, prodotto, servizio, denominazione, descrizione articolo",
        "nl": "omschrijving, beschrijving, artikelomschrijving, artikel, product, dienst, naam",
        "pl": (
            "nazwa, nazwa towaru, nazwa towaru lub usługi, nazwa towaru usługi, opis, towar, usługa, produkt, "
            "nazwa produktu"
        ),
        "pt": "descrição, designação, artigo, produto, descritivo, nome",
        "uk": "назва, найменування, опис, товар, найменування товару, товари послуги, послуга, назва товару",
    },
    "quantity": {
        "en": (
            "qty, quantity, quantities, hours, units, pieces, pcs, order qty, ordered qty, ordered quantity, "
            "order quantity, invoiced quantity, invoiced qty, delivered quantity, shipped qty, qty shipped, "
            "amount of units"
        ),
        "de": "menge, anzahl, stunden, stk, stück, bestellmenge, liefermenge, rechnungsmenge, fakturierte menge",
        "es": "cantidad, cant, unidades, uds, horas",
        "fr": "quantité, qté, qte, quantité commandée, quantité facturée, heures, nombre",
        "it": "quantità, qtà, q tà, quantita, qta, ore, pezzi",
        "nl": "aantal, hoeveelheid, aantal stuks, stuks, uren",
        "pl": "ilość, ilosc, szt, liczba, godziny",
        "pt": "quantidade, qtd, qtde, quant, unidades, horas",
        "uk": "кількість, к сть, кіл, кіл ть, години",
    },
    "unit": {
        "en": "unit, uom, unit of measure, um, u m",
        "de": "einheit, me, mengeneinheit, einh, bme",
        "es": "unidad, ud, um, unidad de medida",
        "fr": "unité, unite, u, unité de mesure",
        "it": "um, u m, unità, unità di misura, unita di misura",
        "nl": "eenheid, ehd",
        "pl": "jm, j m, jednostka, jedn, jednostka miary",
        "pt": "unidade, un, unid, unidade de medida",
        "uk": "од, од вим, одиниця, одиниця виміру, од виміру",
    },
    "unit_price": {
        "en": (
            "unit price, price, rate, unit cost, price each, net price, price per unit, net unit price, unit net "
            "price, price unit, list price, unit price net, price net, unit price excl vat, price excl vat, "
            "quoted price, your price"
        ),
        "de": (
            "einzelpreis, e preis, ep, preis, nettopreis, stückpreis, einzelpreis netto, preis je einheit, preis "
            "pro einheit, preis einheit, netto einzelpreis, nettoeinzelpreis, preis netto, vk preis"
        ),
        "es": "precio, precio unitario, precio ud, precio unidad, p unitario, precio neto, p u",
        "fr": "prix unitaire, pu, p u, pu ht, p u ht, prix, prix unitaire ht, prix ht, prix net",
        "it": "prezzo, prezzo unitario, prezzo unit, prezzo netto, p u, p unitario",
        "nl": "prijs, stukprijs, eenheidsprijs, prijs per stuk, prijs per eenheid, nettoprijs, prijs excl btw",
        "pl": "cena, cena netto, cena jednostkowa, cena jednostkowa netto, cena jedn, cena jedn netto",
        "pt": "preço, preço unitário, preço unit, p unitário, preço líquido, p u",
        "uk": "ціна, ціна без пдв, ціна за одиницю, ціна од",
    },
    "base_quantity": {
        "en": "price per, per, price unit qty, price base, base quantity",
        "de": "preis per, preiseinheit, pe, preis je, per",
        "es": "precio por",
        "fr": "prix par, prix pour",
        "it": "prezzo per",
        "nl": "prijs per, per",
        "pl": "cena za",
        "pt": "preço por",
        "uk": "ціна за",
    },
    "discount": {
        "en": "discount, disc, discount %, discount percent",
        "de": "rabatt, rabatt %, nachlass",
        "es": "descuento, dto, desc, dto %",
        "fr": "remise, remise %, rem",
        "it": "sconto, sc, sconto %",
        "nl": "korting, korting %",
        "pl": "rabat, upust, rabat %",
        "pt": "desconto, desc, desconto %",
        "uk": "знижка, знижка %",
    },
    "net": {
        "en": (
            "net, net amount, amount, line total, total, line amount, total net, net total, extended price, line "
            "net, value, net value, total price, total amount, sum, total excl vat, amount excl vat, subtotal"
        ),
        "de": (
            "netto, nettobetrag, betrag, gesamt, gesamtpreis, summe, nettowert, positionswert, wert, "
            "gesamtbetrag, gp, g preis, gesamt netto, zeilensumme, betrag netto"
        ),
        "es": "importe, importe neto, neto, total, total neto, subtotal, base",
        "fr": "montant, montant ht, total, total ht, net, montant net, net ht, prix total, prix total ht",
        "it": "importo, importo netto, totale, netto, totale netto, imponibile, totale riga",
        "nl": "bedrag, totaal, netto, netto bedrag, nettobedrag, regeltotaal, bedrag excl btw, totaal excl btw",
        "pl": "wartość, wartość netto, netto, kwota netto, suma, razem",
        "pt": "valor, total, valor líquido, total líquido, montante, subtotal, importância",
        "uk": "сума, сума без пдв, вартість, всього, разом",
    },
    "tax_rate": {
        "en": "vat, vat %, vat rate, tax, tax %, tax rate, gst, gst %, vat rate %, tax rate %, % vat",
        "de": (
            "mwst, mwst %, ust, ust %, mwst satz, ust satz, steuersatz, steuer, steuer %, umsatzsteuer, mehrwertsteuer"
        ),
        "es": "iva, iva %, % iva, tipo iva, tipo de iva",
        "fr": "tva, tva %, % tva, taux tva, taux de tva, taux",
        "it": "iva, iva %, % iva, aliquota, aliquota iva, al iva",
        "nl": "btw, btw %, % btw, btw tarief",
        "pl": "vat, vat %, stawka vat, stawka, % vat",
        "pt": "iva, iva %, % iva, taxa iva, taxa de iva, taxa",
        "uk": "пдв, пдв %, ставка пдв, % пдв",
    },
    "tax": {
        "en": "vat amount, tax amount, amount of tax",
        "de": "mwst betrag, ust betrag, steuerbetrag",
        "es": "cuota iva, importe iva, cuota",
        "fr": "montant tva",
        "it": "importo iva, imposta",
        "nl": "btw bedrag",
        "pl": "kwota vat, podatek vat",
        "pt": "valor iva, montante iva",
        "uk": "сума пдв",
    },
    "gross": {
        "en": "gross, gross amount, total incl vat, amount incl vat, total gross, incl vat",
        "de": "brutto, bruttobetrag, gesamt brutto, betrag brutto",
        "es": "total con iva, importe con iva, bruto",
        "fr": "ttc, montant ttc, total ttc",
        "it": "lordo, totale ivato, importo lordo",
        "nl": "bruto, totaal incl btw, bedrag incl btw",
        "pl": "brutto, wartość brutto, kwota brutto",
        "pt": "total com iva, bruto, valor bruto",
        "uk": "сума з пдв, всього з пдв",
    },
    "delivery_date": {
        "en": (
            "delivery date, delivery, deliver by, date of delivery, ship date, requested date, requested delivery "
            "date, eta, lead date, required date, due delivery"
        ),
        "de": "lieferdatum, liefertermin, lieferung, wunschtermin, termin, leistungsdatum",
        "es": "fecha de entrega, fecha entrega, entrega",
        "fr": "date de livraison, livraison, date livraison",
        "it": "data di consegna, data consegna, consegna",
        "nl": "leverdatum, leveringsdatum, levering",
        "pl": "data dostawy, termin dostawy, dostawa",
        "pt": "data de entrega, data entrega, entrega",
        "uk": "дата поставки, дата доставки, термін поставки",
    },
    "order": {
        "en": (
            "order, order number, order no, purchase order, purchase order number, purchase order no, po, po "
            "number, po no, your order, your order no, customer order, customer order no, buyer order no"
        ),
        "de": (
            "bestellung, bestellnr, bestellung nr, bestellungsnummer, ihre bestellung, ihre bestellnummer, "
            "auftrag, auftragsnummer, auftragsnr, bestellnummer, kundenbestellung"
        ),
        "es": "pedido, nº pedido, n pedido, número de pedido, su pedido, orden de compra",
        "fr": "commande, n° commande, numéro de commande, n° de commande, bon de commande, votre commande",
        "it": "ordine, n ordine, numero ordine, nr ordine, vs ordine, ordine di acquisto",
        "nl": "order, ordernummer, ordernr, bestelling, bestelnummer, uw order, inkooporder, inkoopordernummer",
        "pl": "zamówienie, nr zamówienia, numer zamówienia, państwa zamówienie",
        "pt": "encomenda, nº encomenda, n encomenda, número de encomenda, nota de encomenda, pedido, ordem de compra",
        "uk": "замовлення, номер замовлення, № замовлення",
    },
    "order_line": {
        "en": "order line, po line, order position, order item, po item, po pos",
        "de": "bestellposition, bestellpos, best pos, auftragsposition",
        "es": "línea de pedido, posición pedido",
        "fr": "ligne de commande, ligne commande, poste de commande",
        "it": "riga ordine",
        "nl": "orderregel, bestelregel",
        "pl": "pozycja zamówienia",
        "pt": "linha de encomenda, linha encomenda",
        "uk": "рядок замовлення, позиція замовлення",
    },
    "number": {
        "en": "invoice number, invoice no, invoice, invoice id, document number, document no, bill no",
        "de": "rechnungsnummer, rechnungsnr, rechnung nr, belegnummer, belegnr, rechnung",
        "es": "número de factura, nº factura, n factura, factura",
        "fr": "numéro de facture, n° facture, n° de facture, facture",
        "it": "numero fattura, n fattura, nr fattura, fattura",
        "nl": "factuurnummer, factuurnr, factuur",
        "pl": "numer faktury, nr faktury, faktura",
        "pt": "número da fatura, nº fatura, n fatura, fatura, número de fatura",
        "uk": "номер рахунку, № рахунку, рахунок",
    },
    "issue_date": {
        "en": "invoice date, date, document date, issue date, order date",
        "de": "rechnungsdatum, datum, belegdatum, bestelldatum",
        "es": "fecha, fecha factura, fecha de factura",
        "fr": "date, date de facture, date facture",
        "it": "data, data fattura",
        "nl": "datum, factuurdatum, orderdatum",
        "pl": "data, data faktury, data wystawienia",
        "pt": "data, data da fatura",
        "uk": "дата, дата рахунку",
    },
    "currency": {
        "en": "currency, curr, ccy",
        "de": "währung, wrg",
        "es": "moneda, divisa",
        "fr": "devise, monnaie",
        "it": "valuta, divisa",
        "nl": "valuta, munt",
        "pl": "waluta",
        "pt": "moeda",
        "uk": "валюта",
    },
    "seller": {
        "en": "supplier, vendor, seller, supplier name, vendor name",
        "de": "lieferant, verkäufer, kreditor",
        "es": "proveedor, vendedor",
        "fr": "fournisseur, vendeur",
        "it": "fornitore, venditore",
        "nl": "leverancier, verkoper",
        "pl": "dostawca, sprzedawca",
        "pt": "fornecedor, vendedor",
        "uk": "постачальник, продавець",
    },
    "no_bid": {
        "en": "no bid, not offered",
        "de": "kein angebot",
        "es": "sin oferta",
        "fr": "pas d offre",
        "it": "nessuna offerta",
        "nl": "geen bod",
        "pl": "brak oferty",
        "pt": "sem proposta",
        "uk": "без пропозиції",
    },
}
"""Columns by what stands in them. `sku` is whosever item number it is: the seller's on what sellers write."""

WHOLE_DOCUMENT: Final = ("number", "issue_date", "currency", "seller")
"""Columns that say the same of every line: they speak of the whole document."""

_CURRENCIES = "eur usd gbp chf pln czk uah sek nok dkk huf ron € $ £ ₴ zł zl грн netto net ht"
_MONEY: Final = frozenset(_CURRENCIES.split())
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_APART = re.compile(r"(?:[^\w%#]|_)+")


@lru_cache(maxsize=2048)
def fields_of(heading: str) -> tuple[str, ...]:
    """What a heading may mean, the likelier first; nothing for what heads no column."""
    if not heading or len(heading) > 60:
        return ()
    plain = _plain(_BRACKETS.sub(" ", heading))
    table = _fields()
    if found := table.get(plain):
        return found
    kept = [word for word in plain.split() if word not in _MONEY and word != "in"]
    return table.get(" ".join(kept), ())


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Which column holds which field: each field once, headings that can mean one thing only go first."""
    meant = [(at, fields_of(heading)) for at, heading in enumerate(headings)]
    found: dict[str, int] = {}
    for most in (1, 2, 3, 9):
        for at, fields in meant:
            if not 0 < len(fields) <= most or at in found.values():
                continue
            field = next((name for name in fields if name not in found), None)
            if field is not None:
                found[field] = at
    return found


@cache
def _fields() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for field, phrases in HEADINGS.items():
        for aliases in phrases.values():
            for alias in aliases.split(", "):
                fields = table.setdefault(_plain(alias), [])
                if field not in fields:
                    fields.append(field)
    return {alias: tuple(fields) for alias, fields in table.items()}


def _plain(text: str) -> str:
    """Small letters, without accents and punctuation, so that `Qté.` and `QTE` are one."""
    spread = unicodedata.normalize("NFKD", text).casefold().replace("ł", "l").replace("%", " % ")
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return " ".join(_APART.sub(" ", bare).split())
