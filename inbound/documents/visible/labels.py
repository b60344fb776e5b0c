"""The words that stand beside figures on documents, by field and language; a language more is a row more.

A phrase is written in small letters; between its words any space, dot, hyphen or slash may stand, or nothing.
`no` stands for every way to shorten "number" (`n°`, `nr.`, `#`); a leading or trailing `*` for any further letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from workflows.reading import DocumentKind

Phrases = Mapping[str, tuple[str, ...]]

TITLES: Final[dict[DocumentKind, Phrases]] = {
    DocumentKind.CREDIT_NOTE: {
        "en": ("credit note", "credit memo"),
        "de": ("gutschrift",),
        "fr": ("avoir", "note de crédit"),
        "es": ("nota de crédito", "abono"),
        "it": ("nota di credito",),
        "nl": ("creditnota", "creditfactuur"),
        "pl": ("nota kredytowa",),
    },
    DocumentKind.PREPAYMENT_INVOICE: {
        "en": ("prepayment invoice", "deposit invoice", "advance invoice"),
        "de": ("anzahlungsrechnung", "abschlagsrechnung", "vorauszahlungsrechnung"),
        "fr": ("facture d acompte",),
        "es": ("factura de anticipo",),
        "it": ("fattura di acconto",),
        "nl": ("voorschotfactuur",),
        "pl": ("faktura zaliczkowa",),
    },
    DocumentKind.PROFORMA: {
        "en": ("pro forma invoice", "pro forma"),
        "de": ("pro forma rechnung", "proformarechnung"),
        "fr": ("facture pro forma",),
        "es": ("factura proforma",),
        "it": ("fattura proforma",),
        "nl": ("proformafactuur",),
        "pl": ("faktura pro forma",),
    },
    DocumentKind.REMINDER: {
        "en": ("payment reminder", "reminder", "overdue notice", "dunning letter"),
        "de": ("zahlungserinnerung", "mahnung", "*te mahnung"),
        "fr": ("relance", "rappel de paiement", "mise en demeure"),
        "es": ("recordatorio de pago",),
        "it": ("sollecito di pagamento", "sollecito"),
        "nl": ("betalingsherinnering", "herinnering", "aanmaning"),
        "pl": ("wezwanie do zapłaty", "przypomnienie"),
    },
    DocumentKind.STATEMENT: {
        "en": ("statement of account", "account statement", "statement"),
        "de": ("kontoauszug", "saldenliste", "offene posten", "saldenbestätigung"),
        "fr": ("relevé de compte",),
        "es": ("estado de cuenta", "extracto de cuenta"),
        "it": ("estratto conto",),
        "nl": ("rekeningoverzicht",),
        "pl": ("wyciąg", "potwierdzenie salda"),
    },
    DocumentKind.ORDER_CONFIRMATION: {
        "en": ("order confirmation", "order acknowledgement", "order acknowledgment", "sales order"),
        "de": ("auftragsbestätigung", "bestellbestätigung"),
        "fr": ("confirmation de commande", "accusé de réception de commande"),
        "es": ("confirmación de pedido",),
        "it": ("conferma d ordine", "conferma ordine"),
        "nl": ("orderbevestiging", "opdrachtbevestiging"),
        "pl": ("potwierdzenie zamówienia",),
    },
    DocumentKind.DELIVERY_NOTE: {
        "en": ("delivery note", "packing list", "packing slip", "despatch note", "dispatch note"),
        "de": ("lieferschein", "packliste"),
        "fr": ("bon de livraison", "bordereau de livraison"),
        "es": ("albarán", "nota de entrega"),
        "it": ("documento di trasporto", "bolla di consegna", "ddt"),
        "nl": ("pakbon", "leveringsbon", "afleverbon"),
        "pl": ("dowód dostawy", "list przewozowy", "wydanie zewnętrzne"),
    },
    DocumentKind.QUOTE: {
        "en": ("quotation", "quote", "offer", "proposal", "estimate"),
        "de": ("angebot", "kostenvoranschlag", "offerte"),
        "fr": ("devis", "offre"),
        "es": ("presupuesto", "oferta", "cotización"),
        "it": ("preventivo", "offerta"),
        "nl": ("offerte",),
        "pl": ("oferta", "wycena"),
    },
    DocumentKind.ORDER: {
        "en": ("purchase order",),
        "de": ("bestellung",),
        "fr": ("bon de commande", "commande"),
        "es": ("orden de compra", "pedido"),
        "it": ("ordine di acquisto", "ordine"),
        "nl": ("inkooporder", "bestelling"),
        "pl": ("zamówienie",),
    },
    DocumentKind.REMITTANCE: {
        "en": ("remittance advice", "payment advice"),
        "de": ("zahlungsavis", "avis"),
        "fr": ("avis de paiement", "avis de virement"),
        "es": ("aviso de pago",),
        "it": ("avviso di pagamento",),
        "nl": ("betalingsspecificatie",),
        "pl": ("awizo płatności",),
    },
    DocumentKind.INVOICE: {
        "en": ("tax invoice", "commercial invoice", "invoice", "bill"),
        "de": ("*rechnung",),
        "fr": ("facture",),
        "es": ("factura",),
        "it": ("fattura",),
        "nl": ("factuur",),
        "pl": ("faktura vat", "faktura"),
    },
}
"""What documents are called, the more particular kinds first."""

CORRECTIONS: Final[Phrases] = {
    "en": ("corrected invoice", "correction invoice", "invoice correction"),
    "de": ("rechnungskorrektur", "korrekturrechnung", "stornorechnung", "rechnungsstorno"),
    "fr": ("facture rectificative",),
    "es": ("factura rectificativa",),
    "it": ("fattura rettificativa",),
    "nl": ("correctiefactuur",),
    "pl": ("faktura korygująca", "korekta"),
}
"""Invoices that correct another one: a credit note where their total is negative, signs as printed."""

NUMBER: Final[Phrases] = {
    "en": (
        "invoice number",
        "invoice no",
        "invoice id",
        "bill no",
        "bill number",
        "credit note number",
        "credit note no",
        "credit memo no",
        "document number",
        "document no",
        "order confirmation no",
        "quote number",
        "quote no",
        "quotation no",
    ),
    "de": (
        "*rechnungsnummer",
        "*rechnungs no",
        "*rechnung no",
        "belegnummer",
        "beleg no",
        "gutschriftsnummer",
        "gutschrift no",
        "rechnungskorrektur no",
        "angebotsnummer",
        "angebot no",
    ),
    "fr": (
        "numéro de facture",
        "no de facture",
        "no facture",
        "facture no",
        "numéro d avoir",
        "no d avoir",
        "avoir no",
    ),
    "es": ("número de factura", "no de factura", "no factura", "factura no", "num factura", "factura número"),
    "it": ("numero fattura", "fattura no", "fattura n", "numero documento", "no documento"),
    "nl": ("factuurnummer", "factuur no", "creditnota no"),
    "pl": ("numer faktury", "no faktury", "faktura no", "faktura vat no"),
}

REFERRING: Final = "zu|zur|ursprüngliche[rn]?|original|related|against|for|para|für|liée|origine|corrigée"
"""Words before a document's name that speak of another document."""

ISSUE_DATE: Final[Phrases] = {
    "en": (
        "invoice date",
        "date of invoice",
        "date of issue",
        "issue date",
        "issued on",
        "issued",
        "bill date",
        "document date",
    ),
    "de": (
        "rechnungsdatum",
        "belegdatum",
        "beleg datum",
        "ausstellungsdatum",
        "rechnungs datum",
        "rechnung vom",
        "datum der rechnung",
    ),
    "fr": ("date de facture", "date de la facture", "date de facturation", "date d émission", "date facture"),
    "es": ("fecha de factura", "fecha factura", "fecha de emisión", "fecha de expedición"),
    "it": ("data fattura", "data documento", "data di emissione", "data emissione"),
    "nl": ("factuurdatum", "datum factuur"),
    "pl": ("data wystawienia", "data faktury"),
}

ANY_DATE: Final[Phrases] = {
    "en": ("date", "dated"),
    "de": ("datum", "den"),
    "fr": ("date", "le"),
    "es": ("fecha",),
    "it": ("data",),
    "nl": ("datum",),
    "pl": ("data",),
}
"""Labels that mean the issue date when they stand alone at the beginning of a cell."""

DUE_DATE: Final[Phrases] = {
    "en": (
        "due date",
        "payment due date",
        "payment due",
        "due by",
        "due on",
        "due",
        "pay by",
        "pay until",
        "remit until",
        "remit by",
        "payable by",
        "payment date",
    ),
    "de": (
        "fälligkeitsdatum",
        "fälligkeit",
        "fällig am",
        "fällig bis",
        "fällig",
        "zahlbar bis zum",
        "zahlbar bis",
        "netto bis",
        "bitte bis zum",
        "bitte bis",
        "sie bis zum",
        "sie bitte bis zum",
        "zahlungsziel",
        "zahlungstermin",
        "zahlungsfrist",
    ),
    "fr": ("date d échéance", "échéance", "date limite de paiement", "à payer avant le", "payable avant le"),
    "es": ("fecha de vencimiento", "vencimiento", "pagar antes del"),
    "it": ("data scadenza", "data di scadenza", "scadenza", "pagare entro il"),
    "nl": ("vervaldatum", "uiterste betaaldatum", "te betalen voor", "betalen voor"),
    "pl": ("termin płatności", "termin zapłaty", "płatne do"),
}

DELIVERY_DATE: Final[Phrases] = {
    "en": (
        "delivery date",
        "delivery",
        "deliver by",
        "date of delivery",
        "date of supply",
        "service date",
        "tax point",
    ),
    "de": (
        "lieferdatum",
        "lieferung",
        "leistungsdatum",
        "leistungs datum",
        "liefer und leistungsdatum",
        "liefer bzw leistungsdatum",
        "liefertermin",
    ),
    "fr": ("date de livraison",),
    "es": ("fecha de entrega",),
    "it": ("data di consegna", "data consegna"),
    "nl": ("leverdatum", "leveringsdatum"),
    "pl": ("data sprzedaży", "data dostawy"),
}

CURRENCY: Final[Phrases] = {
    "en": ("invoice currency", "currency"),
    "de": ("rechnungswährung", "währung"),
    "fr": ("devise",),
    "es": ("moneda", "divisa"),
    "it": ("valuta",),
    "nl": ("valuta",),
    "pl": ("waluta",),
}

ORDER: Final[Phrases] = {
    "en": ("purchase order", "order", "po", "p o", "your reference", "your ref", "your order"),
    "de": ("bestellung", "bestell*", "auftrag*", "ihre referenz", "ihr zeichen", "ihre bestellung"),
    "fr": ("commande", "votre référence", "bon de commande"),
    "es": ("pedido", "orden de compra", "su referencia"),
    "it": ("ordine", "vs ordine"),
    "nl": ("bestelling", "order*", "uw referentie"),
    "pl": ("zamówienie", "zamówienia"),
}

BUYER: Final[Phrases] = {
    "en": ("customer", "client", "buyer", "bill to", "your vat"),
    "de": ("kunde", "kunden", "käufer", "rechnungsempfänger", "leistungsempfänger", "ihre"),
    "fr": ("client", "acheteur", "destinataire"),
    "es": ("cliente", "comprador"),
    "it": ("cliente", "destinatario"),
    "nl": ("klant", "afnemer"),
    "pl": ("nabywca",),
}

SELLER: Final[Phrases] = {
    "en": ("seller", "supplier", "vendor"),
    "de": ("verkäufer", "lieferant", "rechnungssteller"),
    "fr": ("vendeur", "fournisseur", "émetteur"),
    "es": ("vendedor", "proveedor"),
    "it": ("venditore", "fornitore"),
    "nl": ("verkoper", "leverancier"),
    "pl": ("sprzedawca",),
}

ROLES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "gross": {
        "1": ("total", "summe", "gesamt", "totale", "totaal", "razem", "importe", "montant"),
        "2": ("total amount", "gesamtbetrag", "gesamtsumme", "rechnungssumme", "importe total", "totaalbedrag"),
        "3": (
            "incl vat",
            "inc vat",
            "incl tax",
            "including vat",
            "including tax",
            "grand total",
            "invoice total",
            "total payable",
            "total gross",
            "rechnungsbetrag",
            "brutto*",
            "endsumme",
            "endbetrag",
            "rechnungsendbetrag",
            "inkl mwst",
            "inkl ust",
            "ttc",
            "total factura",
            "totale documento",
            "totale fattura",
            "incl btw",
            "kwota brutto",
            "iva incluido",
        ),
    },
    "net": {
        "1": ("warenwert", "positionssumme", "basisbetrag", "base", "base tva", "taxable", "lines total"),
        "2": (
            "subtotal",
            "goods total",
            "total goods",
            "sub total",
            "zwischensumme",
            "sous total",
            "subtotaal",
            "taxable amount",
            "suma",
        ),
        "3": (
            "net",
            "netto*",
            "nettosumme",
            "summe netto",
            "excl vat",
            "excl tax",
            "excluding vat",
            "excluding tax",
            "ex vat",
            "before tax",
            "exkl mwst",
            "exkl ust",
            "ht",
            "hors taxe",
            "hors taxes",
            "base imponible",
            "imponibile",
            "excl btw",
        ),
        "4": ("ohne ust", "ohne mwst", "without vat", "without tax", "net amount", "total net", "total excl"),
    },
    "tax": {
        "2": (
            "vat",
            "tax",
            "sales tax",
            "gst",
            "hst",
            "mwst",
            "ust",
            "umsatzsteuer",
            "mehrwertsteuer",
            "steuer",
            "*steuer",
            "tva",
            "taxes",
            "taxe",
            "iva",
            "btw",
            "podatek",
        ),
        "3": (
            "steuerbetrag",
            "vat amount",
            "tax amount",
            "total vat",
            "total tax",
            "montant tva",
            "ust betrag",
            "mwst betrag",
        ),
    },
    "due": {
        "3": ("total due", "amount payable", "to pay", "balance", "à payer", "solde"),
        "4": (
            "amount due",
            "balance due",
            "due payable",
            "residual",
            "amount outstanding",
            "outstanding",
            "payable",
            "zahlbetrag",
            "zahlungsbetrag",
            "zu zahlen",
            "fälliger betrag",
            "restbetrag",
            "offener betrag",
            "forderungsbetrag",
            "reste à payer",
            "montant dû",
            "a pagar",
            "da pagare",
            "te betalen",
            "do zapłaty",
        ),
        "5": ("net à payer", "net a payer", "netto a pagare", "zu zahlender betrag", "noch zu zahlen"),
    },
    "prepaid": {
        "4": (
            "paid",
            "amount paid",
            "prepaid",
            "prepayment",
            "deposit",
            "anzahlung*",
            "erhaltene anzahlung*",
            "bereits gezahlt",
            "acompte",
            "déjà payé",
            "déjà réglé",
            "anticipo",
            "acconto",
            "reeds betaald",
            "zapłacono",
        ),
    },
    "beside": {
        "4": (
            "discount",
            "shipping",
            "freight",
            "handling",
            "carriage",
            "postage",
            "delivery",
            "allowance",
            "allowances",
            "charge",
            "charges",
            "rabatt*",
            "rechnungsrabatt",
            "zuschlag*",
            "zuschläge",
            "abschlag",
            "abschläge",
            "versand*",
            "fracht*",
            "skonto*",
            "porto",
            "remise",
            "frais de port",
            "frais",
            "descuento",
            "sconto",
            "korting",
            "verzendkosten",
        ),
    },
}
"""What an amount may be, by weight and then words of all languages: the heaviest words beside it decide."""

COLUMNS: Final[dict[str, Phrases]] = {
    "position": {"en": ("pos", "line", "no", "item no"), "de": ("pos", "position"), "fr": ("ligne",)},
    "sku": {
        "en": ("sku", "article", "item no", "item code", "product code", "part no"),
        "de": ("art no", "artikel no", "artikelnummer", "art no lief*"),
        "fr": ("référence", "code article", "réf"),
    },
    "text": {
        "en": ("description", "item", "product", "service", "details"),
        "de": ("bezeichnung", "beschreibung", "artikelbezeichnung", "artikel", "leistung", "produkt"),
        "fr": ("désignation", "description", "libellé"),
        "es": ("descripción", "concepto"),
        "it": ("descrizione",),
        "nl": ("omschrijving", "beschrijving"),
        "pl": ("nazwa", "opis"),
    },
    "quantity": {
        "en": ("qty", "quantity", "hours", "units"),
        "de": ("menge", "anzahl", "stunden", "stk", "menge einheit"),
        "fr": ("quantité", "qté", "qte"),
        "es": ("cantidad", "cant"),
        "it": ("quantità", "qtà", "q tà"),
        "nl": ("aantal",),
        "pl": ("ilość",),
    },
    "unit": {
        "en": ("unit", "uom"),
        "de": ("einheit", "me"),
        "fr": ("unité", "unit"),
        "es": ("unidad",),
        "it": ("um", "u m"),
        "nl": ("eenheid",),
        "pl": ("jm", "j m"),
    },
    "price": {
        "en": ("unit price", "price", "rate", "unit cost", "unit price excl vat", "price each"),
        "de": ("einzelpreis", "e preis", "nettopreis", "preis", "preis einh", "einzel", "stückpreis", "ep"),
        "fr": ("prix unitaire", "p u", "pu", "p u ht", "prix", "unitaire"),
        "es": ("precio", "precio unitario"),
        "it": ("prezzo", "prezzo unitario"),
        "nl": ("prijs", "stukprijs"),
        "pl": ("cena", "cena netto"),
    },
}
"""What the columns of a table of lines are headed with."""


@cache
def pattern_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for several phrases, the longest first."""
    return re.compile(
        "|".join(f"(?:{_spelled(phrase)})" for phrase in sorted(phrases, key=len, reverse=True)), re.IGNORECASE
    )


def words(table: Phrases, languages: Iterable[str] = ()) -> tuple[str, ...]:
    """All phrases of a table, or those of some languages."""
    return tuple(dict.fromkeys(p for key, row in table.items() if not languages or key in languages for p in row))


def _spelled(phrase: str) -> str:
    def spelled(word: str) -> str:
        if word == "no":
            return r"(?:n\.?[°ºo]s?|nr|nummer|number|numéro|№|\#)"
        core = re.escape(word.strip("*"))
        return (r"\w*" if word[:1] == "*" else "") + core + (r"\w*" if len(word) > 1 and word[-1:] == "*" else "")

    whole = r"[\s.\-–/:'’]{0,3}".join(spelled(word) for word in phrase.split())
    return rf"(?<!\w){whole}(?!\w)"
