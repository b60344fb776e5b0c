"""The words that stand over, beside and within the blocks that name seller and buyer; a language more is a row more."""

from __future__ import annotations

from typing import Final

from inbound.documents.visible.labels import Phrases

SELLER_HEADINGS: Final[Phrases] = {
    "en": ("seller", "supplier", "vendor", "from", "bill from", "issued by"),
    "de": ("verkäufer", "lieferant", "rechnungssteller", "leistungserbringer", "auftragnehmer"),
    "fr": ("vendeur", "fournisseur", "émetteur", "prestataire"),
    "es": ("vendedor", "proveedor", "emisor"),
    "it": ("venditore", "fornitore", "cedente", "cedente prestatore"),
    "nl": ("verkoper", "leverancier", "afzender"),
    "pl": ("sprzedawca", "dostawca", "wystawca"),
    "pt": ("vendedor", "fornecedor", "emitente", "prestador"),
    "uk": ("постачальник", "продавець", "виконавець"),
}
"""What the seller's block or name is headed with."""

BUYER_HEADINGS: Final[Phrases] = {
    "en": ("buyer", "customer", "client", "bill to", "billed to", "invoice to", "sold to", "invoice address"),
    "de": ("käufer", "kunde", "rechnungsempfänger", "leistungsempfänger", "auftraggeber", "rechnungsadresse"),
    "fr": ("acheteur", "client", "destinataire", "facturé à", "adresse de facturation", "adresse du client"),
    "es": ("comprador", "cliente", "destinatario", "facturar a", "facturado a"),
    "it": (
        "acquirente",
        "cliente",
        "destinatario",
        "cessionario",
        "cessionario committente",
        "spett le",
        "fatturare a",
    ),
    "nl": ("koper", "klant", "afnemer", "factuuradres", "factuur aan"),
    "pl": ("nabywca", "odbiorca faktury", "kupujący", "zamawiający"),
    "pt": ("comprador", "cliente", "adquirente", "faturar a", "destinatário"),
    "uk": ("покупець", "замовник", "платник"),
}
"""What the buyer's block or name is headed with."""

NAMES: Final[Phrases] = {
    "en": ("name", "company", "company name"),
    "de": ("name", "firma"),
    "fr": ("nom", "raison sociale", "société"),
    "es": ("nombre", "razón social"),
    "it": ("nome", "ragione sociale", "denominazione"),
    "nl": ("naam", "bedrijfsnaam"),
    "pl": ("nazwa", "firma"),
    "pt": ("nome", "razão social", "designação"),
    "uk": ("назва", "найменування"),
}
"""Labels of the name within a block."""

PARTICULARS: Final[Phrases] = {
    "*": ("gln", "gtin", "duns", "eori", "siret", "siren", "rcs", "ape", "kvk", "nip", "regon", "krs", "nif", "cif"),
    "en": (
        "no",
        "vat",
        "tax",
        "tax id",
        "phone",
        "tel",
        "fax",
        "email",
        "e mail",
        "website",
        "global no",
        "attn",
        "customer no",
    ),
    "de": (
        "*nummer",
        "globale nummer",
        "ust",
        "ustid*",
        "steuer no",
        "telefon",
        "kunden no",
        "lief no",
        "z hd",
        "frau",
        "herrn",
    ),
    "fr": ("tva", "tél", "téléphone", "n* client", "numéro", "monsieur", "madame"),
    "es": ("iva", "teléfono", "número", "núm"),
    "it": ("p iva", "partita iva", "codice fiscale", "c f", "telefono", "numero"),
    "nl": ("btw", "btw no", "telefoon", "klant no", "t a v"),
    "pl": ("numer", "telefon"),
    "pt": ("contribuinte", "telefone", "número"),
    "uk": ("єдрпоу", "іпн", "тел", "код"),
}
"""What rows of a block begin with that tell something else than its name."""

LEGAL_FORMS: Final = (
    r"(?:(?i:ggmbh|gmbh)(?:\s*&\s*Co\.?(?:\s*KG)?)?|mbH|AG|UG|KG|OHG|e\.\s?[KGV]\.|a\.\s?G\.|SE|(?i:Ltd|Limited|LLP|PLC|LLC|Inc|SARL)"
    r"|Corp|S\.?A\.?R\.?L|SAS|SASU|EURL|S\.?A\.?|S\.?L\.?U?|S\.?p\.?A\.?|S\.?r\.?l\.?|S\.?n\.?c\.?|B\.?V\.?"
    r"|N\.?V\.?|VOF|sp\.\s?z\s?o\.\s?o|S\.?A\.?|Sp\.\s?k|s\.\s?r\.\s?o|Lda|Oy|AB|A/S|ApS|TOV|ТОВ|ФОП|ПП)\.?"
)
"""How companies end (or, in Ukraine, begin) their names."""
