"""The words that stand before the number of the buyer's order; a language more is a row more."""

from __future__ import annotations

from typing import Final

from inbound.documents.visible.labels import Phrases

BUYERS_ORDER: Final[Phrases] = {
    "en": (
        "purchase order",
        "purchase order no",
        "po",
        "po no",
        "p o no",
        "your order",
        "your order no",
        "customer order no",
        "customer po",
        "customer po no",
        "buyer order no",
    ),
    "de": (
        "bestellung",
        "bestellung no",
        "bestellung no kunde",
        "bestellnummer",
        "bestell no",
        "ihre bestellung",
        "ihre bestellung no",
        "ihre bestellnummer",
        "ihre bestell no",
        "ihre auftragsnummer",
        "kundenbestellnummer",
    ),
    "fr": (
        "bon de commande",
        "no bon de commande",
        "no de bon de commande",
        "commande",
        "commande no",
        "no commande",
        "no de commande",
        "votre commande",
        "votre commande no",
        "référence commande",
    ),
    "es": ("pedido", "pedido no", "no pedido", "no de pedido", "número de pedido", "su pedido", "orden de compra"),
    "it": ("ordine", "ordine no", "no ordine", "numero ordine", "vs ordine", "vostro ordine", "ordine di acquisto"),
    "nl": ("uw order", "uw ordernummer", "inkooporder", "inkoopordernummer", "bestelnummer", "uw bestelling"),
    "pl": ("zamówienie", "zamówienie no", "numer zamówienia", "no zamówienia", "państwa zamówienie"),
    "pt": ("encomenda", "encomenda no", "no de encomenda", "nota de encomenda", "vossa encomenda", "ordem de compra"),
    "uk": ("замовлення", "номер замовлення", "замовлення no", "ваше замовлення"),
}
"""Labels of the buyer's own order number. A seller's own (`Order No.`, `Auftragsnummer`) is not among them."""

BUYERS_REFERENCE: Final[Phrases] = {
    "en": ("your reference", "your ref", "customer reference", "customer ref"),
    "de": ("ihre referenz", "ihr zeichen", "ihre ref"),
    "fr": ("votre référence", "votre réf", "référence client"),
    "es": ("su referencia", "su ref"),
    "it": ("vs riferimento", "vs rif", "vostro riferimento"),
    "nl": ("uw referentie", "uw kenmerk", "uw ref"),
    "pl": ("państwa referencja", "referencja nabywcy"),
    "pt": ("vossa referência", "v ref"),
    "uk": ("ваш номер", "ваше посилання"),
}
"""Labels of whatever the buyer wished to see printed: an order where nothing else is called so."""
