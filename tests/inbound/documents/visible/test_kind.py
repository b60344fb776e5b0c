"""What documents call themselves, in nine languages."""

from __future__ import annotations

import pytest

from inbound.documents.visible.kind import kind_of, title_of
from inbound.documents.visible.page import Cell, Row
from inbound.documents.visible.reading import read_rows
from tests.inbound.documents.visible.rows import a_page
from workflows.reading import DocumentFormat, DocumentKind

CALLED = {
    DocumentKind.INVOICE: (
        "Invoice no. 7|Schlussrechnung Nr. 7|Facture n° 7|Factura 7|Fattura n. 7|Factuur 7"
        "|Faktura VAT nr 7|Fatura n.º 7|Рахунок-фактура № 7"
    ),
    DocumentKind.CREDIT_NOTE: (
        "Credit note 7|Gutschrift Nr. 7|Avoir n° 7|Nota de crédito 7|Nota di credito 7|Creditnota 7"
        "|Nota kredytowa 7|Nota de crédito n.º 7|Кредит-нота № 7|Stornorechnung 7"
        "|Retourengutschrift 7|Cancellation invoice 7"
    ),
    DocumentKind.PREPAYMENT_INVOICE: (
        "Prepayment invoice 7|Anzahlungsrechnung 7|Facture d'acompte 7|Factura de anticipo 7"
        "|Fattura di acconto 7|Voorschotfactuur 7|Faktura zaliczkowa 7|Fatura de adiantamento 7"
        "|Рахунок на передоплату 7"
    ),
    DocumentKind.PROFORMA: (
        "Pro forma invoice 7|Proforma-Rechnung 7|Facture pro forma 7|Factura proforma 7"
        "|Fattura proforma 7|Pro-formafactuur 7|Faktura pro forma 7|Fatura pró-forma 7|Проформа 7"
    ),
    DocumentKind.REMINDER: (
        "Payment reminder|2. Mahnung|Zahlungserinnerung zu Rechnung 7|3ème relance|Mise en demeure"
        "|Recordatorio de pago|Sollecito di pagamento|Betalingsherinnering|2de aanmaning"
        "|Wezwanie do zapłaty|Lembrete de pagamento|Нагадування про оплату"
        "|Subject: Overdue invoice 7|Betreff: Letzte Mahnung"
    ),
    DocumentKind.STATEMENT: (
        "Statement of account|Kontoauszug|Relevé de compte|Estado de cuenta|Estratto conto"
        "|Rekeningoverzicht|Potwierdzenie salda|Extrato de conta|Акт звірки"
    ),
    DocumentKind.ORDER_CONFIRMATION: (
        "Order confirmation 7|Auftragsbestätigung 7|Confirmation de commande 7"
        "|Confirmación de pedido 7|Conferma d'ordine 7|Orderbevestiging 7|Potwierdzenie zamówienia 7"
        "|Confirmação de encomenda 7|Підтвердження замовлення 7"
    ),
    DocumentKind.DELIVERY_NOTE: (
        "Delivery note 7|Lieferschein 7|Bon de livraison 7|Albarán 7|Documento di trasporto 7"
        "|Pakbon 7|Wydanie zewnętrzne 7|Guia de remessa 7|Видаткова накладна 7"
    ),
    DocumentKind.QUOTE: (
        "Quotation 7|Angebot 7|Devis 7|Presupuesto 7|Preventivo 7|Offerte 7|Oferta cenowa 7"
        "|Orçamento 7|Комерційна пропозиція 7"
    ),
    DocumentKind.ORDER: (
        "Purchase order PO-7|Bestellung 7|Bon de commande 7|Orden de compra 7|Ordine di acquisto 7"
        "|Inkooporder 7|Zamówienie 7|Nota de encomenda 7|Замовлення 7"
    ),
    DocumentKind.REMITTANCE: (
        "Remittance advice|Zahlungsavis|Avis de virement|Aviso de transferencia|Avviso di bonifico"
        "|Betalingsspecificatie|Awizo płatności|Aviso de transferência|Повідомлення про оплату"
    ),
    DocumentKind.FORM: (
        "Supplier questionnaire|Lieferantenselbstauskunft|Questionnaire|Cuestionario|Questionario"
        "|Vragenlijst|Ankieta|Questionário|Анкета"
    ),
}


@pytest.mark.parametrize(
    ("title", "kind"), [(title, kind) for kind, titles in CALLED.items() for title in titles.split("|")]
)
def test_a_document_is_what_it_calls_itself(title: str, kind: DocumentKind) -> None:
    """The title counts, in whatever way it is numbered and introduced."""
    found = title_of(a_page(f"Winkel GmbH\nMühlweg 3\n{title}\nDear customer\n05.03.2026"))
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "page",
    [
        "Invoice 7\nPayment reminder\nDear customer",
        "Winkel GmbH\nZahlungserinnerung\nRechnung Nr. 7 vom 05.03.2026\nGesamtbetrag  119,00",
        "Dear customer, this is our last reminder that\nthe amount below is overdue.\nInvoice no.  7\nTotal  119.00",
    ],
)
def test_a_reminder_is_never_read_as_an_invoice(page: str) -> None:
    """It names the invoice as large as itself; without a title its words tell."""
    assert read_rows(a_page(page), page, (), DocumentFormat.PDF).kind is not DocumentKind.INVOICE


def test_an_invoice_that_mentions_reminders_in_small_print_is_an_invoice() -> None:
    """What is printed much larger is the title."""
    rows = [
        Row(row.page, row.y, 18.0 if n == 0 else 9.0, row.cells) for n, row in enumerate(a_page("Invoice 7\nReminder"))
    ]
    found = title_of(rows)
    assert found is not None
    assert found.kind is DocumentKind.INVOICE


@pytest.mark.parametrize("reference", ["Delivery note no. 12", "Bestellung Nr. 12", "Commande n° 12", "Oferta nr 12"])
def test_a_reference_to_another_document_is_no_title(reference: str) -> None:
    """Invoices speak of orders, offers and deliveries, above their title too."""
    found = title_of(a_page(f"{reference}\nInvoice no. 7\nTotal  119.00"))
    assert found is not None
    assert found.kind is DocumentKind.INVOICE


def test_a_delivery_note_that_is_an_invoice_as_well_is_an_invoice() -> None:
    """Both names in one title."""
    found = title_of(a_page("Lieferschein / Rechnung Nr. 7"))
    assert found is not None
    assert found.kind is DocumentKind.INVOICE


def test_b46_the_heading_of_a_list_of_invoices_is_no_title() -> None:
    """Recognised larger than the title beside the letterhead, it still says only what stands in its column."""
    page = a_page("Zestawienie należności\nFaktura   Data   Termin płatności   Wartość   Pozostało\nRE-1   2025-03-19")
    rows = [Row(row.page, row.y, 13.1 if n == 1 else 9.0, row.cells) for n, row in enumerate(page)]
    title = title_of(rows)
    assert title is not None
    assert title.kind is DocumentKind.STATEMENT


def a_title(*rows: tuple[float, float, tuple[tuple[float, str], ...]]) -> DocumentKind | None:
    """What a page is that begins with such rows: height, place and cells of each, over a body of usual rows."""
    made = [Row(1, y, h, tuple(Cell(x, x + 4 * len(text), text) for x, text in cells)) for y, h, cells in rows]
    body = [Row(1, 600.0 - 12 * n, 9.0, (Cell(0, 90, "Text"),)) for n in range(20)]
    page = made + body
    return kind_of(page, title_of(page))


def test_a_title_in_two_rows_or_cells_is_put_together() -> None:
    """Half of its words would name another kind."""
    assert a_title((800.0, 12.0, ((400, "ПІДТВЕРДЖЕННЯ"),)), (785.0, 13.5, ((400, "ЗАМОВЛЕННЯ"),))) is (
        DocumentKind.ORDER_CONFIRMATION
    )
    assert a_title((800.0, 12.0, ((0, "Delivery"), (50, "Note")))) is DocumentKind.DELIVERY_NOTE
    assert a_title((800.0, 12.0, ((0, "Herinneri ng"),))) is DocumentKind.REMINDER


def test_a_label_in_a_box_does_not_outdo_the_heading_of_the_page() -> None:
    """`Delivery Note` among the boxes of an Indian tax invoice is as large as all of it."""
    boxes = ((300, "Delivery Note"), (420, "Mode/Terms of Payment"))
    assert a_title((800.0, 10.0, ((250, "TAX INVOICE"),)), (740.0, 12.0, boxes)) is DocumentKind.INVOICE


def test_the_heading_of_the_buyer_is_no_title() -> None:
    """`Invoice to` tells whom, not what."""
    assert a_title((800.0, 12.0, ((0, "Invoice to"),))) is None


def test_a_name_beside_a_number_is_that_numbers_label() -> None:
    """`Purchase Order  4583013040` on an invoice is the order's."""
    rows = ((800.0, 10.0, ((400, "Sales Invoice"),)), (780.0, 10.0, ((400, "Purchase Order"), (500, "4583013040"))))
    assert a_title(*rows) is DocumentKind.INVOICE
